"""Every command with every shared option: honoured, or refused; never overlooked.

The five documents are enough to ask: what counts is the option, not the answer.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evcli.commands.app import COMMANDS, run
from evcli.commands.options import Output, Packs, Select, as_typed
from tests.seeds import SEEDS

NEV, ALL = "cn.exports.nev.caam", "cn.exports.all.caam"
# name: (arguments, options refused, ways to break down)
WINDOWS = {"month", "quarter", "half", "year"}
DIMENSIONS = {"scope", "destination", "publisher", "subject"}
EVERY_WAY = WINDOWS | DIMENSIONS
ASK: dict[str, tuple[list[str], set[str], set[str]]] = {
    "exports": ([], set(), EVERY_WAY),
    "sales": ([], set(), EVERY_WAY),
    "investment": ([], set(), EVERY_WAY),
    "network": ([], set(), EVERY_WAY),
    "get": ([ALL], set(), EVERY_WAY),
    "plants": ([], {"vintage", "metric", "scope", "publisher", "basis", "plans"}, {"fact"}),
    "policy": ([], {"vintage", "metric", "scope", "publisher", "basis", "by", "plans"}, set()),
    "growth": ([ALL], {"plans"}, WINDOWS),
    "share": ([NEV, ALL], {"plans"}, WINDOWS),
    "total": (
        [f"{ALL}@2025-05", f"{NEV}@2025-05", "--accept", "scope"],
        {"since", "until", "by", "basis", "source", "plans"},
        set(),
    ),
    "top": (["--metric", "overseas-sales"], {"plans"}, {"subject", "destination"}),
    "compare": ([ALL, NEV], {"basis", "source", "plans"}, WINDOWS),
    "facts list": ([ALL], {"by", "basis", "plans", "vintage"}, set()),
    "series": (
        [ALL],
        {"year", "period", "since", "until", "basis", "source", "plans", "by"},
        set(),
    ),
    "find": (["horgos"], {"as_of", "vintage", "include_deprecated"}, set()),
    "explain": ([f"{ALL}@2025-05"], set(), set()),
    "sources": ([], {"vintage", "include_deprecated"}, set()),
}
VALUES = {
    "year": "2025",
    "period": "2025-05",
    "since": "2024",
    "until": "2025",
    "subject": "CN",
    "metric": "exports",
    "scope": "nev",
    "destination": "world",
    "publisher": "caam",
    "source": "seed-001",
    "basis": "stated",
    "as_of": "2026-06",
    "vintage": "first",
    "facts": "facts/seeds",
}
TAKES_SELECT = [name for name in ASK if name not in ("find", "explain", "sources")]


def spelled(field: str) -> list[str]:
    option = f"--{field.replace('_', '-')}"
    return [option, VALUES[field]] if field in VALUES else [option]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def question(name: str) -> list[str]:
    """A command with its arguments, over the five documents."""
    return [*name.split(), *ASK[name][0], *SEEDS]


def fields_of(name: str) -> list[str]:
    select = [field for field in Select._fields if field != "by"] if name in TAKES_SELECT else []
    packs = [field for field in Packs._fields if field != "facts"]
    return [*select, *packs]


@pytest.mark.parametrize("name", ASK)
def test_an_option_is_honoured_or_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, refused, _ = ASK[name]
    for field in fields_of(name):
        code, out, err = told(capsys, *question(name), *spelled(field), "--format", "json")
        if field in refused:
            assert (field, code, out) == (field, 2, "")
            option = f"--{field.replace('_', '-')}"
            assert err.startswith(f"evcli: error: no such option: {option}")
            assert err.endswith(f"; see 'evcli {name} --help'\n")
        else:
            assert (field, code) == (field, 0), err
            assert out.startswith("[")


@pytest.mark.parametrize("name", TAKES_SELECT)
def test_a_way_to_break_down_is_one_the_command_has(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, ways = ASK[name]
    for way in [*sorted(EVERY_WAY), "fact", "week"]:
        code, out, err = told(capsys, *question(name), "--by", way, "--format", "json")
        assert (way, code) == (way, 0 if way in ways else 2), err
        if way not in ways:
            assert out == ""
            assert err.startswith("evcli: error: ")


@pytest.mark.parametrize("name", ASK)
def test_help_offers_only_what_is_honoured(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, refused, ways = ASK[name]
    code, out, _ = told(capsys, *name.split(), "--help")
    assert code == 0
    for field in fields_of(name):
        assert (f"  --{field.replace('_', '-')} " in out) == (field not in refused), field
    if name in TAKES_SELECT:
        assert ("--by " in out) == bool(ways)
    text = " ".join(out.split())
    for way in EVERY_WAY & ways:
        assert way in text.partition("--by WHAT")[2][:120]


@pytest.mark.parametrize("name", ASK)
def test_output_options_work_everywhere(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = question(name)
    _, out, _ = told(capsys, *arguments, "--format", "csv")
    header, *rows = out.splitlines()
    first, last = header.split(",")[0], header.split(",")[-1]
    code, out, _ = told(
        capsys,
        *arguments,
        "--format",
        "tsv",
        "--fields",
        f"{last},{first}",
        "--sort",
        f"-{first}",
        "--limit",
        "1",
    )
    assert code == 0
    assert out.splitlines()[0] == f"{last}\t{first}"
    assert len(out.splitlines()) == (2 if rows else 1)
    for wrong in (
        ["--fields", "nonsense"],
        ["--sort", "nonsense"],
        ["--format", "xml"],
        ["--fields", f"{first},{first}"],
        ["--limit", "0"],
        ["--limit", "-1"],
        ["--limit", "many"],
        ["--fields", f"{first},"],
    ):
        code, out, err = told(capsys, *arguments, *wrong)
        assert (wrong, code, out) == (wrong, 2, "")
        assert err.startswith("evcli: error: ")
        assert err.count("\n") == 1
        if wrong[1] in ("nonsense", "xml"):
            assert "; valid: " in err


@pytest.mark.parametrize("name", ASK)
def test_quiet_silences_all_but_errors(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = question(name)
    assert told(capsys, *arguments, "-q", "--limit", "1")[2] == ""
    assert told(capsys, *arguments, "-q", "--limit", "0")[2] != ""


def test_every_command_is_looked_at() -> None:
    without = {
        "verify",
        "check",
        "coverage",
        "facts",
        "help",
        "trend",
        "changes",
        "cite",
        "report",
        "package",
        "claim",
        "mcp",
    } | {"ask"}
    assert {name for name in COMMANDS if name not in without} <= {name.split()[0] for name in ASK}
    assert set(Output._fields) == {
        *("format", "out", "no_header", "excel", "fail_empty", "fields", "sort", "limit"),
        *("all", "notes", "sources", "verbose", "no_color", "quiet"),
    }


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--year", "2025", "--period", "2025"], "a range (--since, --until) exclude each other"),
        (["--year", "2025", "--since", "2024"], "a range (--since, --until) exclude each other"),
        (
            ["--period", "latest", "--until", "2024"],
            "a range (--since, --until) exclude each other",
        ),
        (["--since", "2026", "--until", "2025"], "--since is after --until"),
        (["--since", "undated"], "--since takes a date"),
        (["--until", "latest"], "--until takes a date"),
        (["--period", "2025-13"], "there is no month 13"),
        (["--period", "soon"], "'soon' is not a period"),
        (["--year", "0"], "'0' is not a year"),
        (["--year", "MMXXV"], "MMXXV"),
        (["--basis", "guessed"], "valid: stated, derived"),
        (["--as-of", "yesterday"], "--as-of"),
        (["--as-of", "undated"], "--as-of takes a date"),
        (["--facts", "/no/such/pack"], "/no/such/pack"),
        (["--yaer", "2025"], "--year"),
        (["--formt", "csv"], "--format"),
    ],
)
@pytest.mark.parametrize("name", ["exports", "get", "growth"])
def test_what_is_no_question(
    name: str, arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, name, *ASK[name][0], *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert reason in err


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        (["--subject", "chrey"], "'chery'"),
        (["--metric", "exprts"], "'exports'"),
        (["--scope", "nevv"], "'nev'"),
        (["--destination", "Brazzil"], "'Brazil'"),
        (["--publisher", "cam"], "'caam'"),
        (["--source", "seed-01"], "'seed-001'"),
    ],
)
@pytest.mark.parametrize("name", ["sales", "get", "facts list"])
def test_a_name_nobody_has(
    name: str, arguments: list[str], nearest: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, *name.split(), *ASK[name][0], *arguments)
    assert (code, out) == (3, "")
    assert nearest in err


@pytest.mark.parametrize("name", ["get", "growth", "total", "compare", "top", "facts list"])
@pytest.mark.parametrize("series", ["cn.exports.nev.cam", "cn.nothing.*"])
def test_a_series_nobody_has(name: str, series: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, *name.split(), series)
    assert (code, out) == (3, "")
    assert ("'cn.exports.nev.caam'" in err) == ("*" not in series)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["exprts"], "did you mean 'exports'"),
        (["zzz"], "zzz"),
        (["facts", "lists"], "did you mean 'list'"),
        (["get"], "which series?"),
        (["share", ALL], "a share is of two series"),
        (["sources", "seed-01"], ""),
        (["growth", ALL, "--base", "soon"], "soon"),
    ],
)
def test_commands_that_are_none(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, *arguments)
    assert (code, out) == (3 if arguments[-1] in ("seed-01", "zzz") else 2, "")
    assert err.count("\n") == 1
    assert reason in err


@pytest.mark.parametrize(
    ("format_", "out"),
    [
        ("csv", "id,value\n"),
        ("tsv", "id\tvalue\n"),
        ("json", "[]\n"),
        ("jsonl", ""),
        ("markdown", "| id | value |\n| --- | ---: |\n"),
    ],
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["exports", "--year", "1066"],
        ["get", ALL, "--year", "1066"],
        ["sales", "--period", "1066"],
        ["network", "--since", "2190"],
    ],
)
def test_an_empty_answer(
    arguments: list[str], format_: str, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, err = told(capsys, *arguments, "--format", format_, "--fields", "id,value")
    assert (code, printed) == (0, out)
    assert err.startswith("evcli: hint: ")
    assert err.count("\n") == 1


def test_a_limit_is_how_many_rows_the_table_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = "".join(
        f'      - {{period: {1950 + at}, stated: "{at + 1}", source: page}}\n' for at in range(60)
    )
    (tmp_path / "a.yaml").write_text(
        "sources: [{id: page, title: T, outlet: O}]\n"
        f"series:\n  - id: cn.exports.all.caam\n    facts:\n{facts}",
        "utf-8",
    )
    arguments = ["get", "cn.exports.all.caam", "--no-builtin", "--facts", str(tmp_path)]
    for limit, shown in (((), 60), (("--limit", "50"), 50), (("--limit", "80"), 60)):
        _, out, _ = told(capsys, *arguments, *limit, "--fields", "period,value")
        assert len([line for line in out.splitlines() if line[:2] in ("19", "20")]) == shown


def test_a_group_as_it_would_be_typed() -> None:
    asked = Select(year="2025", source=["a", "b c"], plans=True)
    typed = ["--year", "2025", "--source", "a", "--source", "b c", "--plans"]
    assert as_typed(asked) == typed
    packs = Packs(facts=["x"], no_builtin=True, as_of="2025-06")
    assert as_typed(packs) == ["--facts", "x", "--no-builtin", "--as-of", "2025-06"]
    assert as_typed(Select()) == []
