"""``evcli check``: exit codes, acknowledgements, options, the seeds' findings."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.audit.conftest import Bench
from tests.seeds import SEEDS

GOLDEN = Path(__file__).parent / "golden" / "seeds.txt"
CONTRADICTION = (
    'period: 2025-05, stated: "551,000", source: a',
    'period: 2025-05, stated: "561,000", source: b',
)
FACTS = ["x.all@2025-05#a", "x.all@2025-05#b"]
REVISION = (
    'period: 2025-H1, stated: "1,060,000", source: june',
    'period: 2025-07, stated: "225,000", source: july',
    'period: 2025-01/2025-07, stated: "1,308,000", source: july',
)
KEYS = ["verdict", "series", "periods", "facts", "sources", "set_aside", "size", "message"]


def acknowledged(facts: list[str], verdict: str = "contradiction") -> str:
    return (
        f"acknowledged:\n  - facts: {json.dumps(facts)}\n    verdict: {verdict}\n"
        "    reason: The later page is a misprint.\n"
    )


def test_nothing_found(bench: Bench) -> None:
    bench.facts("x.all", CONTRADICTION[0])
    assert bench.run() == []


def test_keys_are_stable_and_columns_the_same(bench: Bench, evcli_run: Any) -> None:
    bench.facts("x.all", *CONTRADICTION)
    row = bench.run(code=1)[0]
    assert list(row) == KEYS
    assert row["facts"] == FACTS
    done = evcli_run("check", "--no-builtin", "--facts", str(bench.pack), "--format", "csv")
    told = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert list(told[0]) == KEYS
    assert told[0]["facts"] == " ".join(FACTS)


def test_the_life_of_an_acknowledgement(bench: Bench) -> None:
    bench.facts("x.all", *CONTRADICTION)
    assert len(bench.run(code=1)) == 1
    bench.more(acknowledged(FACTS))
    assert bench.run(code=0) == []
    assert "1 finding acknowledged (--acknowledged shows them)" in bench.told
    shown = bench.run("--acknowledged", code=0)
    assert shown[0]["message"].endswith("; acknowledged: The later page is a misprint.")
    # another source joins: the finding is no longer the one that was looked at
    bench.facts("x.all", 'period: 2025-05, stated: "571,000", source: c')
    assert len(bench.run(code=1)) >= 1


def test_an_acknowledgement_that_no_longer_occurs_is_an_error(bench: Bench) -> None:
    bench.facts("x.all", CONTRADICTION[0], 'period: 2025-05, stated: "551,000", source: b')
    bench.more(acknowledged(FACTS))
    assert bench.run(code=1) == []
    assert "more-0.yaml:2" in bench.told
    assert "the acknowledged contradiction of x.all@2025-05#a, x.all@2025-05#b does not" in (
        bench.told
    )
    assert "evcli: error:" in bench.told
    assert bench.run("x.nev", code=0) == []  # not looked at
    bench.run("-q", code=1)
    assert "does not occur" in bench.told


def test_the_verdict_and_every_fact_must_be_named(bench: Bench) -> None:
    bench.facts("x.all", *CONTRADICTION)
    bench.more(acknowledged(FACTS, "revision"))
    assert len(bench.run(code=1)) == 1
    assert "the acknowledged revision" in bench.told


def test_one_fact_alone_does_not_name_it(bench: Bench) -> None:
    bench.facts("x.all", *CONTRADICTION)
    bench.more(acknowledged(FACTS[:1]))
    assert len(bench.run(code=1)) == 1


def test_a_revision_is_named_by_two_of_its_facts(bench: Bench) -> None:
    bench.facts("x.nev", *REVISION)
    assert len(bench.run(code=1)) == 1
    bench.more(acknowledged(["x.nev@2025-H1#june", "x.nev@2025-01/2025-07#july"], "revision"))
    assert bench.run(code=0) == []
    assert "1 finding acknowledged" in bench.told


def test_one_fact_is_too_few_to_name_a_revision(bench: Bench) -> None:
    bench.facts("x.nev", *REVISION)
    bench.more(acknowledged(["x.nev@2025-H1#june"], "revision"))
    assert len(bench.run(code=1)) == 1
    assert "does not occur" in bench.told


def test_acknowledged_facts_that_stay_out_are_not_missed(bench: Bench) -> None:
    bench.facts("x.all", CONTRADICTION[0], f"{CONTRADICTION[1]}, rank: deprecated, reason: wrong")
    bench.more(acknowledged(FACTS))
    assert bench.run(code=0) == []
    assert bench.run("--include-deprecated", code=0) == []
    assert "1 finding acknowledged" in bench.told


def test_deprecated_facts_change_nothing_about_what_is_acknowledged(bench: Bench) -> None:
    bench.facts("x.nev", *REVISION)
    bench.more(acknowledged(["x.nev@2025-H1#june", "x.nev@2025-01/2025-07#july"], "revision"))
    bench.facts(
        "x.nev", 'period: 2025-H1, stated: "999,000", source: a, rank: deprecated, reason: w'
    )
    assert bench.run(code=0) == []
    rows = bench.run("--include-deprecated", code=0)
    assert [row["verdict"] for row in rows] == ["contradiction"]  # explained by the reason
    assert "does not occur" not in bench.told


def test_what_was_published_later_leaves_no_acknowledgement_stale(bench: Bench) -> None:
    bench.facts("x.all", *CONTRADICTION)
    dated = (f'period: 2025-06, stated: "{count},000", source: may' for count in (551, 561))
    bench.facts("x.all", *dated)
    bench.more(acknowledged(FACTS))
    bench.more(acknowledged(["x.all@2025-06#may", "x.all@2025-06#may.2"]))
    assert bench.run(code=0) == []
    bench.more(acknowledged(["x.all@2025-06#may"], "revision"))
    bench.run(code=1)
    bench.run("--as-of", "2025", code=0)


def test_claims_may_be_acknowledged(bench: Bench) -> None:
    for id_, says in (("one", "x.all@2025 > x.nev@2025"), ("two", "x.all@2025 < x.nev@2025")):
        bench.more(f'claims:\n  - {{id: {id_}, says: "{says}", source: a, at: p1}}\n')
    assert len(bench.run(code=1)) == 1
    bench.more(acknowledged(["one", "two"]))
    assert bench.run(code=0) == []


@pytest.mark.parametrize(("tolerance", "code"), [("1", 1), ("2.2", 0), ("2.1%", 1), ("3", 0)])
def test_revisions_fail_above_the_tolerance(bench: Bench, tolerance: str, code: int) -> None:
    bench.facts("x.nev", *REVISION)
    rows = bench.run("--tolerance", tolerance, code=code)
    assert [row["verdict"] for row in rows] == ["revision"]


@pytest.mark.parametrize("tolerance", ["", "x", "-1", "1e3", "١"])
def test_a_tolerance_that_is_none(bench: Bench, evcli_run: Any, tolerance: str) -> None:
    done = evcli_run("check", f"--tolerance={tolerance}")
    assert done.returncode == 2
    assert b"not a percentage" in done.stderr


def test_unproven_and_implausible_never_fail(bench: Bench) -> None:
    bench.facts(
        "x.nev",
        'period: 2025, stated: "2,615,000", source: a',
        'period: 2025-01/2025-11, stated: "1,000,000", source: a',
    )
    bench.more('claims:\n  - {id: k, says: "x.all@2025 > x.all@2024", source: a, at: p1}\n')
    rows = bench.run(code=0)
    assert [row["verdict"] for row in rows] == ["implausible", "unproven"]


def test_only_the_series_asked_for(bench: Bench) -> None:
    bench.facts("x.all", *CONTRADICTION)
    bench.facts("x.stores", 'as_of: 2025, stated: "1,000", status: forecast, source: dated')
    assert [row["verdict"] for row in bench.run("x.s*", code=0)] == ["implausible"]
    assert [row["verdict"] for row in bench.run("x.all", code=1)] == ["contradiction"]
    assert len(bench.run("x.s*", "x.all", code=1)) == 2


def test_a_series_that_nobody_knows(evcli_run: Any) -> None:
    assert evcli_run("check", "cn.exports.nve.caam").returncode == 3


def test_only_what_was_published_by_then(bench: Bench) -> None:
    bench.facts("x.nev", *REVISION)
    assert bench.run("--as-of", "2025-07", code=0) == []
    assert len(bench.run("--as-of", "2025-08", code=1)) == 1


def test_the_same_bytes_in_every_process(bench: Bench, evcli_process: Any) -> None:
    bench.facts("x.all", *CONTRADICTION)
    bench.facts("x.nev", *REVISION)
    rows = bench.run(code=1)
    done = evcli_process("check", "--no-builtin", "--facts", str(bench.pack), "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (1, rows)


# -- the seeds


def seeds(evcli_run: Callable[..., Any], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = evcli_run("check", *SEEDS, "--format", "json", *arguments)
    return done.returncode, json.loads(done.stdout)


def told(rows: list[dict[str, Any]]) -> str:
    return "".join(
        f"{row['verdict']}: {row['message']}\n"
        f"    facts: {' '.join(row['facts'])}\n"
        f"    set aside: {' | '.join(row['set_aside'])}\n"
        for row in rows
    )


def test_the_findings_on_the_seeds_word_for_word(evcli_run: Callable[..., Any]) -> None:
    code, rows = seeds(evcli_run, "--include-deprecated", "--acknowledged")
    assert code == 0  # the deprecated fact has its reason
    assert told(rows) == GOLDEN.read_text("utf-8")


def test_what_has_to_be_found_in_the_seeds(evcli_run: Callable[..., Any]) -> None:
    code, rows = seeds(evcli_run, "--include-deprecated")
    assert code == 0  # the deprecated fact has its reason
    (contradiction,) = [row for row in rows if row["verdict"] == "contradiction"]
    november = "cn.exports.ev.unnamed@2025-01/2025-11#seed-000"
    may = "cn.exports.nev.caam@2025-01/2025-05#seed-001"
    assert set(contradiction["facts"]) == {november, f"{november}:yoy", may, f"{may}:yoy"}
    assert "read as 2025 and counted by CAAM" in contradiction["message"]
    assert (
        "Jan-Nov 2024 would be 507,500, but Jan-May 2024 alone was 519,400 (seed-001)"
        in contradiction["message"]
    )
    december, stations = [row for row in rows if row["verdict"] == "implausible"]
    assert "2.395 to 2.425 million" in december["message"]
    assert "counted by NBS" in december["message"]
    assert stations["facts"] == ["nio.swap-stations.all.to-abroad.nio@2025#seed-003"]
    unproven = [row for row in rows if row["verdict"] == "unproven"]
    assert any("seed-004.abroad-above-home" in row["facts"] for row in unproven)
    assert not any("2022" in row["message"] and "nbs" in row["message"] for row in rows)


def test_the_seeds_without_deprecated_facts_pass(evcli_run: Callable[..., Any]) -> None:
    code, rows = seeds(evcli_run)
    assert code == 0
    assert {row["verdict"] for row in rows} == {"implausible", "unproven"}
