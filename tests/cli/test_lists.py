"""Notes, sources and the rows behind ``--all``: counted beside a table, there when wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evcli.commands.options import Draw, Output
from evcli.commands.session import show, taken_by
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, View
from tests.conftest import Process

Run = Callable[..., Process]
ROWS: list[Row] = [
    {"what": f"m{n}", "value": n, "unit": "vehicles", "sources": ("book",), "note": "rounded"}
    for n in range(1, 21)
]
ANSWER = Answer(
    (Column("what"), Column("value", Kind.NUMBER), Column("sources", Kind.LIST)),
    ROWS,
    (
        HumanColumn("maker", View.TEXT, ("what",)),
        HumanColumn("value", View.BOUNDED, ("value",), "unit"),
        HumanColumn("sources", View.SOURCES, ("sources",)),
        HumanColumn("note", View.NOTES, ("note",)),
    ),
    footnotes=lambda: {"book": "Yearbook (Bureau, 2025)"},
    notes=("months are shown",),
    title="Sales",
    caution="Do not add.",
    screen=(0, 1),
)
COUNTED = """\
Sales        vehicles

maker  value  sources
─────────────────────
m1         1        1
m2         2        1

Do not add.
2 notes: -n · 1 source: -s · 2 of 20 rows: --all
"""


@pytest.fixture
def printed(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[str, str]]:
    """What ``show`` writes to stdout and stderr."""
    monkeypatch.delenv("EVCLI_VERBOSE", raising=False)

    def run(answer: Answer = ANSWER, in_ids: str = "", **options: Any) -> tuple[str, str]:
        show(answer, Output(**{"format": "table", **options}), in_ids=in_ids)
        out, err = capfd.readouterr()
        return out, err

    return run


def test_a_table_says_how_many_there_are_and_stderr_says_nothing(printed) -> None:
    assert printed() == (COUNTED, "")


def test_notes_are_numbered_and_then_those_on_the_answer(printed) -> None:
    out, err = printed(notes=True)
    assert out.endswith("1 source: -s · 2 of 20 rows: --all\n\n1  rounded\n·  months are shown\n")
    assert "m1         1        1  1\n" in out
    assert err == ""


def test_sources_have_letters(printed) -> None:
    out, _ = printed(sources=True)
    assert out.endswith("2 notes: -n · 2 of 20 rows: --all\n\na  book  Yearbook (Bureau, 2025)\n")
    assert "m1         1  a\n" in out


def test_verbose_is_both_and_the_command_in_ids(printed, monkeypatch) -> None:
    ids = "evcli sales --subject byd"
    out, _ = printed(verbose=True, in_ids=ids)
    assert out.endswith(
        "1  rounded\n·  months are shown\na  book  Yearbook (Bureau, 2025)\nin ids:  " + ids + "\n"
    )
    assert ids not in printed(in_ids=ids)[0]
    monkeypatch.setenv("EVCLI_VERBOSE", "1")
    assert printed(in_ids=ids)[0] == out
    monkeypatch.setenv("EVCLI_VERBOSE", "0")
    assert printed(in_ids=ids)[0] != out


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ({}, 2),
        ({"all": True}, 20),
        ({"limit": 3}, 3),
        ({"sort": "-value"}, 20),
        ({"fields": "what"}, 20),
    ],
)
def test_who_sorts_limits_or_picks_is_shown_all_there_is(printed, options, rows) -> None:
    out, _ = printed(**options)
    assert sum(line.startswith("m") and line[1].isdigit() for line in out.splitlines()) == rows
    assert ("--all" in out) == (rows == 2)


def test_machine_formats_have_all_rows_and_notes_on_stderr(printed) -> None:
    out, err = printed(format="csv", in_ids="evcli sales", verbose=True)
    assert len(out.splitlines()) == 21
    told = "evcli: warning: Do not add.\nevcli: note: months are shown\n"
    assert err == f"{told}evcli: note: in ids: evcli sales\n"
    assert printed(format="csv") == (out, told)
    assert printed(format="csv", quiet=True) == (out, "")


def test_an_empty_answer_says_why(printed) -> None:
    out, err = printed(ANSWER._replace(rows=[], screen=None, hint="try --year 2024"))
    assert out == "Sales\n\nnothing to show\n\nDo not add.\n\n·  months are shown\n"
    assert err == "evcli: hint: try --year 2024\n"


def test_two_lines_of_warnings_and_the_others_are_notes(printed) -> None:
    out, err = printed(ANSWER._replace(warnings=("one", "two", "three")))
    assert err == "evcli: warning: one\nevcli: warning: two\n"
    assert "3 notes: -n" in out
    assert "·  three" in printed(ANSWER._replace(warnings=("one", "two", "three")), notes=True)[0]
    _, err = printed(ANSWER._replace(warnings=("one", "two", "three")), format="csv")
    assert err.count("warning: ") == 4  # with the caution, which is under a table


def test_a_report_takes_the_answer_without_bars(printed) -> None:
    """Bars are for people at a terminal: a page draws a picture of its own."""
    taken: list[Answer] = []
    with taken_by(lambda each: taken.append(each.answer)):
        show(ANSWER, Output(format="table"), Draw(bars=True))
    assert taken == [ANSWER]
