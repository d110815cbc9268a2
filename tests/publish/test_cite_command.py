"""``evcli cite`` and ``evcli sources --style`` as processes and as options."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from evcli.commands.publish import wrapped
from tests.conftest import Process
from tests.publish.conftest import Cite
from tests.seeds import SEEDS

NEV = "cn.exports.nev.caam@2025-05"


@pytest.mark.parametrize(
    "id_", ["cn.exports.nev.caaam@2025-05", "nonsense", "seed-999", "a@2025#b", "growth:a@1,b@2"]
)
def test_an_unknown_id_is_exit_3(id_: str, tell: Cite) -> None:
    told = tell("cite", NEV, id_)
    assert (told.code, told.out) == (2 if id_.startswith("growth") else 3, "")
    assert told.err.startswith("evcli: error: ")
    assert told.err.count("\n") == 1


def test_a_near_miss_is_named(tell: Cite) -> None:
    assert "did you mean the source 'seed-003'" in tell("cite", "seed-03").err


@pytest.mark.parametrize("command", [("cite", NEV), ("sources",)])
def test_an_unknown_style_is_exit_2_and_names_the_others(
    command: tuple[str, ...], tell: Cite
) -> None:
    told = tell(*command, "--style", "apa")
    assert (told.code, told.out) == (2, "")
    assert told.err.endswith("unknown style 'apa'; valid: text, markdown, bibtex, csl-json\n")


@pytest.mark.parametrize(
    "options",
    [
        ("--format", "csv"),
        ("--fields", "id"),
        ("--sort", "id"),
        ("--limit", "3"),
        ("--out", "a.csv"),
        ("--fail-empty",),
    ],
)
@pytest.mark.parametrize("command", [("cite", NEV), ("sources", "--style", "text")])
def test_what_a_reference_list_cannot_honour_is_refused(
    command: tuple[str, ...], options: tuple[str, ...], tell: Cite
) -> None:
    told = tell(*command, *options)
    assert (told.code, told.out) == (2, "")
    said = {
        "cite": f"no such option: {options[0]}",
        "sources": f"--style and {options[0]} exclude",
    }
    assert said[command[0]] in told.err


@pytest.mark.parametrize("other", ["--problems", "--left-out"])
def test_problems_are_no_references(other: str, tell: Cite) -> None:
    told = tell("sources", "--style", "bibtex", other)
    assert (told.code, told.out) == (2, "")


def test_what_is_not_comparable_is_refused_unless_waived(tell: Cite) -> None:
    growth = "growth:cn.exports.nev.nbs@2025,cn.exports.nev.caam@2024"
    refused = tell("cite", growth)
    assert (refused.code, refused.out) == (4, "")
    waived = tell("cite", growth, "--accept", "publisher,method")
    assert waived.code == 0
    assert "publisher" in waived.sentence, "the waiver stands in the sentence"


def test_only_what_was_out_by_then_is_cited(tell: Cite) -> None:
    by_june = tell("cite", NEV, "--as-of", "2025-06-30")
    assert "[b] SteelOrbis, 2025-06-12." in by_june.out
    assert "[c]" not in by_june.out, "seed-001 has no date"
    assert "no figure" in tell("cite", NEV, "--as-of", "2025-05-31").sentence


def test_notes_are_told_apart_from_the_answer(tell: Cite) -> None:
    told = tell("cite", NEV, *SEEDS)
    assert "Year as for all vehicles" in told.err
    assert "Year as for all vehicles" not in told.out
    assert tell("cite", NEV, *SEEDS, "-q").err == ""


def test_a_sentence_without_a_source_is_told_where_only_sources_stand(tell: Cite) -> None:
    told = tell("cite", "cn.exports.all.caam@2025-03", *SEEDS, "--style", "csl-json")
    assert (told.code, json.loads(told.out)) == (0, [])
    assert "no source states it" in told.err


def test_sources_can_be_named(tell: Cite) -> None:
    told = tell("sources", "seed-001", "seed-003", "--style", "csl-json")
    assert [item["id"] for item in json.loads(told.out)] == ["seed-001", "seed-003"]
    assert tell("sources", "seed-999", "--style", "text").code == 3


def test_events_measures_plants_and_claims_can_be_cited(cite_seeds: Cite, tell: Cite) -> None:
    event = cite_seeds("ev.byd.opening.br.2025-07")
    assert event.sentence == "BYD starts work at its plant in Brazil, in July 2025 [a]."
    assert cite_seeds("seed-002.abroad-above-home").sentence.startswith("A source claims that cn.")
    assert "17.0%" in tell("cite", "eu.cvd.definitive.byd").sentence
    assert tell("cite", "byd.szeged").sentence.endswith("].")


def test_a_process_prints_what_was_asked_for_and_imports_little(
    evcli_process: Callable[..., Process],
) -> None:
    assert evcli_process("cite", NEV, "-q").returncode == 0  # the facts are compiled by now
    done = evcli_process("cite", NEV, "--style", "bibtex", "-q", python=("-X", "importtime"))
    assert done.returncode == 0
    assert done.stdout.startswith(b"% evcli record ")
    loaded = {line.rsplit(b"|", 1)[-1].strip() for line in done.stderr.splitlines()}
    heavy = {b"rich", b"yaml", b"pandas", b"numpy", b"pydantic", b"narwhals"}
    assert loaded & heavy == set()


def test_two_runs_print_the_same_bytes(evcli_process: Callable[..., Process]) -> None:
    runs = [evcli_process("sources", "--style", "csl-json", *SEEDS).stdout for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0].endswith(b"\n")


def test_text_wraps_on_terminals_between_words(tell: Cite) -> None:
    piped = tell("cite", NEV).out
    shown = "".join(wrapped(piped.splitlines(keepends=True), 40))
    assert shown.count("\n\n") == piped.count("\n\n") == 2
    assert shown.split() == piped.split()
    long = [line for line in shown.splitlines() if len(line) > 40]
    assert all(line.strip().startswith("http") for line in long)
