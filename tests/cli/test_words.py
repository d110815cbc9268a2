"""Commands asked in words: which figures come, how the same is asked in ids, and what fails."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Callable

import pytest

from tests.conftest import Process

Evcli = Callable[..., Process]
NEV = "cn.exports.nev.caam"


def rows_of(done: Process) -> list[dict[str, str]]:
    assert done.returncode == 0, done.stderr.decode()
    return list(csv.DictReader(io.StringIO(done.stdout.decode())))


# a question, and the id and value of its first row; what is computed is worked out beside it
ASKED = [
    ("exports nev mexico 2025", "cn.exports.nev.to-mx.gacc@2025", 221_027),
    ("sales byd 2025 overseas sales", "byd.overseas-sales.all.byd@2025", 1_046_083),
    ("get nev exports may 2025", f"{NEV}@2025-05", 212_000),
    ("get 新能源 出口 2025年5月", f"{NEV}@2025-05", 212_000),
    # 1,046,083 / 417,204
    ("growth byd 2025", "byd.overseas-sales.all.byd@2025", 150.7366),
    ("growth nev exports 2025", f"{NEV}@2025", 103.7),  # stated, and 2,615 / 1,284
    # CAAM comes first and has both: 969 of 2,615 thousand
    ("share phev nev 2025", "cn.exports.phev.caam@2025", 37.0554),
    ("share nev caam may 2025", f"{NEV}@2025-05", 38.4755),  # 212 of 551 thousand
    ("total byd saic chery 2025", "byd.overseas-sales.all.byd@2025", 3_461_103),
    ("trend nev exports may 2025", f"{NEV}@2025-05", 212_000),
    ("compare byd chery 2024", "byd.overseas-sales.all.byd@2024", 417_204),
]


@pytest.mark.parametrize(("question", "id", "value"), ASKED)
def test_words_find_the_figure(question: str, id: str, value: float, evcli_run: Evcli) -> None:
    first = rows_of(evcli_run(*question.split(), "--format", "csv"))[0]
    assert id in first["id"]
    assert float(first["value"]) == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize(
    "question",
    [
        "exports nev mexico 2023-2025",
        "exports nev 2025-05 2025-06",
        "get nev exports customs 2025",
        "growth byd 2024 2025",
        "share phev nev 2025",
        "total byd saic chery 2025",
        "get cn.exports.*.caam nev 2025",
        "trend nev exports 2025",
        "explain nev exports may 2025",
    ],
)
def test_the_same_in_ids_gives_the_same(question: str, evcli_run: Evcli) -> None:
    done = evcli_run(*question.split(), "--format", "csv", "-v")
    (line,) = [each for each in done.stderr.decode().splitlines() if "in ids: " in each]
    command = shlex.split(line.partition("in ids: evcli ")[2])
    assert command[0] == question.split()[0]
    assert evcli_run(*command, "--format", "csv").stdout == done.stdout


def test_explain_and_cite_take_periods_as_options(evcli_run: Evcli) -> None:
    assert rows_of(evcli_run("explain", NEV, "--year", "2025", "--format", "csv"))[0]["id"] == (
        f"{NEV}@2025"
    )
    cited = evcli_run("cite", NEV, "--period", "may 2025").stdout.decode()
    assert cited == evcli_run("cite", f"{NEV}@2025-05").stdout.decode()
    assert cited == evcli_run("cite", *["nev", "exports", "may", "2025"]).stdout.decode()
    assert "212,000" in cited


def test_coverage_and_series_of_what_words_name(evcli_run: Evcli) -> None:
    covered = rows_of(evcli_run("coverage", "nev", "exports", "2025", "--format", "csv"))
    assert covered[0]["series"] == NEV
    found = {row["id"]: row for row in rows_of(evcli_run("series", "nev", "exports", "-f", "csv"))}
    assert {NEV, "cn.exports.nev.gacc"} <= set(found)
    assert all(".exports." in id for id in found)
    assert found[NEV]["first"] == "2021-01/2021-11"  # what begins first and ends first


def test_find_has_series_first_and_sources_last(evcli_run: Evcli) -> None:
    kinds = [row["kind"] for row in rows_of(evcli_run("find", "byd", "--format", "csv"))]
    assert kinds[0] == "series"
    assert kinds[-1] == "source"
    assert kinds == sorted(kinds, key=list(dict.fromkeys(kinds)).index)  # each kind together


@pytest.mark.parametrize(
    ("question", "code", "says"),
    [
        ("exports nev --scope bev", 2, "nev and --scope bev differ"),
        ("exports 2025 --year 2024", 2, "differ"),
        ("exports monthly --by year", 2, "differ"),
        ("exports electric cars 2025", 2, "say nev or bev"),
        ("share byd 2025", 2, "name the part and the whole"),
        ("compare byd chery nev bev", 2, "of one kind"),
        ("top monthly", 2, "breaks down by subject, destination"),
        ("exports --year 2025-2023", 2, "runs backwards"),
        ("exports mexco 2025", 3, "did you mean the place 'Mexico'"),
        ("growth chrey", 3, "the maker 'Chery'"),
        ("get cn.exports.nev.cam", 3, f"'{NEV}'"),
    ],
)
def test_what_cannot_be_asked(question: str, code: int, says: str, evcli_run: Evcli) -> None:
    done = evcli_run(*question.split())
    assert (done.returncode, done.stdout) == (code, b"")
    assert says in done.stderr.decode()


@pytest.mark.parametrize(
    "command", ["exports", "get exports", "growth exports", "share exports", "cite exports"]
)
def test_what_is_not_recorded_says_so(command: str, evcli_run: Evcli) -> None:
    """Batteries are known, and nobody's count of their exports is in the record."""
    done = evcli_run(*command.split(), "battery", "2025", *(["nev"] * (command[:5] == "share")))
    assert done.returncode == 0
    assert "batteries · exports: not recorded; nearest: exports: all vehicles" in (
        done.stderr.decode()
    )


def test_an_empty_answer_fails_where_that_is_asked_for(evcli_run: Evcli) -> None:
    assert evcli_run("exports", "zimbabwe", "--fail-empty").returncode == 1
    assert "to Zimbabwe: not recorded" not in evcli_run("exports", "mexico").stderr.decode()


def test_an_option_beside_words_holds_too(evcli_run: Evcli) -> None:
    words = rows_of(evcli_run("exports", "nev", "2025", "caam", "--format", "csv"))
    mixed = rows_of(
        evcli_run("exports", "nev", "--year", "2025", "--publisher", "CAAM", "-f", "csv")
    )
    assert words == mixed
    assert (
        rows_of(evcli_run("exports", "nev", "--scope", "nev", "2025", "caam", "-f", "csv")) == words
    )
