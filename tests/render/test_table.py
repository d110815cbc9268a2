"""The human table: byte for byte, at any width, with marks, footnotes and groups."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Rounding, Row, Value, View, letter
from evcli.render import Options, render
from evcli.render.cells import display
from evcli.render.table import wrapped
from evcli.terminal import width_of

ANSI = re.compile(r"\x1b\[[\d;]+m")
COLUMNS = (
    Column("id"),
    Column("subject"),
    Column("period"),
    Column("value", Kind.NUMBER, unit_from="unit"),
    Column("low", Kind.NUMBER, Rounding.DOWN, "unit"),
    Column("high", Kind.NUMBER, Rounding.UP, "unit"),
    Column("unit"),
    Column("yoy", Kind.CHANGE),
    Column("sources", Kind.LIST),
    Column("note"),
)
VIEWS = (
    HumanColumn("what", View.TEXT, ("subject",)),
    HumanColumn("period", View.TEXT, ("period",)),
    HumanColumn("value", View.BOUNDED, ("value", "low", "high"), "unit"),
    HumanColumn("bounds", View.BOUNDS, ("low", "high"), optional=2),
    HumanColumn("on year", View.CHANGE, ("yoy",), optional=1),
    HumanColumn("counted by", View.TEXT, ("publisher",), optional=3),
    HumanColumn("source", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("note", "status", "rank")),
)


def figure(
    subject: str,
    value: int | None = None,
    low: int | None = None,
    high: int | None = None,
    **more: Value,
) -> dict[str, Value]:
    row: dict[str, Value] = {
        "id": f"{subject}@2025",
        "subject": subject,
        "period": "2025",
        "value": None if value is None else Fraction(value),
        "low": None if low is None else Fraction(low),
        "high": None if high is None else Fraction(high),
        "unit": "vehicles",
        "yoy": None,
        "publisher": "",
        "basis": "stated",
        "rank": "normal",
        "status": "normal",
        "sources": (),
        "note": "",
    }
    return row | more


def table(
    rows: Sequence[Row],
    views: tuple[HumanColumn, ...] = VIEWS,
    *,
    footnotes: Mapping[str, str] | None = None,
    group_by: str = "",
    title: str = "",
    **options: Any,
) -> str:
    answer = Answer(
        COLUMNS, rows, views, footnotes=lambda: footnotes or {}, group_by=group_by, title=title
    )
    return "".join(render(answer, Options(**options)))


EXPORTS = [
    figure("比亚迪 BYD", 855000, 854500, 855500, yoy=Fraction(646, 10), sources=("seed-001",)),
    figure(
        "SAIC", 67000, 67000, None, basis="derived", sources=("caam", "seed-001"), note="2 rivals"
    ),
    figure("Chery", None, 100, 200, rank="deprecated", sources=("caam",), publisher="CPCA"),
    figure("Geely", 83659, 83659, 83659, status="provisional", note="2 rivals"),
]
TITLES = {"seed-001": "One (Outlet, 2025-06)", "caam": "比亚迪 (CAAM)"}


def test_every_byte() -> None:
    """One unit stands in the title's line, one period in the head of the value."""
    text = table(EXPORTS, footnotes=TITLES, title="Exports", sources=True, notes=True)
    assert text == (
        "Exports                                                            vehicles\n"
        "\n"
        "what            2025             bounds  on 2024  counted by  sources  note\n"
        "───────────────────────────────────────────────────────────────────────────\n"
        "比亚迪 BYD   855,000    854,500–855,500  +64.6 %              a\n"
        "SAIC        ≥ 67,000 *                                        b,a      1\n"
        "Chery           ~150 †          100–200           CPCA        b\n"
        "Geely         83,659 p                                                 1\n"
        "\n"
        "* derived · † deprecated · p provisional\n"
        "\n"
        "1  2 rivals\n"
        "a  seed-001  One (Outlet, 2025-06)\n"
        "b  caam  比亚迪 (CAAM)\n"
    )


def test_notes_and_sources_are_counted_until_somebody_wants_them() -> None:
    text = table(EXPORTS, footnotes=TITLES, title="Exports")
    assert "One (Outlet" not in text
    assert "rivals" not in text
    assert [line.rpartition("  ")[2] for line in text.splitlines()[4:7]] == ["1", "2", "1"]
    assert text.endswith(
        "\n\n* derived · † deprecated · p provisional · 1 note: -n · 2 sources: -s\n"
    )
    assert table(EXPORTS, footnotes=TITLES, sources=True).count("seed-001  One") == 1


def test_nothing_optional_and_nothing_noted() -> None:
    assert table([figure("BYD", 5, 5, 5)]) == (
        "what  2025 (vehicles)\n─────────────────────\nBYD                 5\n"
    )


def test_no_rows() -> None:
    assert table([]) == "what  period  value\n───────────────────\n"


def test_units_go_to_the_cells_where_they_differ() -> None:
    rows = [figure("BYD", 5, 5, 5), figure("SAIC", 70, 70, unit="percent"), figure("X", unit="t")]
    assert table(rows, VIEWS[:1] + VIEWS[2:3]) == (
        "what        2025\n────────────────\nBYD   5 vehicles\nSAIC      ≥ 70 %\nX\n"
    )


def test_a_unit_of_rows_without_a_number_does_not_matter() -> None:
    rows = [figure("BYD", 5, 5, 5), figure("SAIC", unit="USD")]
    assert "2025 (vehicles)" in table(rows)


def test_a_name_that_the_row_above_has_too_is_blank_and_needs_no_rule() -> None:
    rows = [figure("BYD", period=f"2025-0{month}") for month in (1, 2)]
    rows += [figure("SAIC", period="2025-01")]
    assert table(rows, VIEWS[:2], group_by="subject") == (
        "what  period\n─────────────\nBYD   2025-01\n      2025-02\nSAIC  2025-01\n"
    )
    by_period = (VIEWS[1], VIEWS[0], HumanColumn("of", View.GROUP, ("unit",)))
    assert table(rows[:2], by_period) == (
        "period   what  of\n───────────────────────\n2025-01  BYD   vehicles\n2025-02  BYD\n"
    )


def test_groups_are_kept_apart() -> None:
    rows = [figure("BYD"), figure("SAIC"), figure("Chery", period="2024")]
    assert table(rows, VIEWS[:2], group_by="period") == (
        "what   period\n─────────────\nBYD    2025\nSAIC   2025\n─────────────\nChery  2024\n"
    )


def test_wide_letters_take_two_cells() -> None:
    rows = [figure("比亚迪", 5, 5, 5), figure("SAIC Motor", 1234, 1234, 1234)]
    lines = table(rows, VIEWS[:3]).splitlines()
    assert {cell_len(line) for line in lines} == {cell_len(lines[0])}


def test_forecasts_are_marked() -> None:
    text = table([figure("BYD", 5, 5, 5, status="forecast")], VIEWS[:3])
    assert "5 ‡\n" in text
    assert text.endswith("\n\n‡ plan\n")


def test_a_row_without_a_number_is_marked_at_its_name() -> None:
    assert "BYD †  2025" in table([figure("BYD", rank="deprecated")], VIEWS[:2])


def test_the_rank_in_a_list_is_no_figure_to_mark() -> None:
    views = (HumanColumn("rank", View.POSITION, ("position", "best", "worst")), *VIEWS[:3])
    rows = [figure("BYD", 5, 5, 5, basis="derived", position=1, best=1, worst=2)]
    assert "1 (1-2)  BYD                 5 *\n" in table(rows, views)


def test_control_characters_are_shown_not_obeyed() -> None:
    text = table([figure("\x1b[31mred\x1b[0m \u202e[link]\0\n", unit="\x1b]0;")], title="\x07")
    assert not set(text) & set("\x1b\u202e\0\x07")
    assert "\ufffd[31mred\ufffd[0m \ufffd[link]\ufffd" in text


# --- fields ---


def test_fields_show_the_columns() -> None:
    answer = Answer(COLUMNS, EXPORTS, VIEWS, lambda: TITLES, group_by="period").picked(
        ("value", "unit", "yoy", "sources")
    )
    assert "".join(render(answer, Options())) == (
        "value (vehicles)    unit            yoy  sources\n"
        "──────────────────────────────────────────────────────\n"
        "         855,000    vehicles    +64.6 %  seed-001\n"
        "          67,000 *  vehicles             caam seed-001\n"
        "                    vehicles †           caam\n"
        "          83,659 p  vehicles\n"
        "\n"
        "* derived · † deprecated · p provisional\n"
    )


def test_the_table_and_the_csv_agree_cell_by_cell() -> None:
    names = ("id", "period", "value", "low", "high", "unit", "sources")
    answer = Answer(COLUMNS, EXPORTS, VIEWS).picked(names)
    in_csv = "".join(render(answer, Options(format="csv"))).splitlines()[1:]
    for row, line in zip(EXPORTS, in_csv, strict=True):
        cells = [display(column, row) for column in answer.columns]
        assert [cell.replace(",", "") for cell in cells] == line.split(",")
    in_table = "".join(render(answer, Options())).splitlines()[2:6]
    for row, line in zip(EXPORTS, in_table, strict=True):
        for column in answer.columns:
            assert display(column, row) in line


# --- width ---

LONG = [
    figure(
        "New-energy vehicles, passenger cars only, to the European Union",
        855000,
        854500,
        855500,
        yoy=Fraction(646, 10),
        publisher="China Passenger Car Association",
        sources=("seed-001",),
        note="disputed by an outlet that printed another number in the same week",
    )
]


@pytest.mark.parametrize("width", [200, 80, 40])
def test_it_fits(width: int) -> None:
    text = table(LONG, width=width, footnotes=TITLES, notes=True, sources=True)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "…" not in text
    for word in ("European", "855,000", "+64.6 %", "same week", "seed-001"):
        assert word in text.replace("\n   ", " ")


def test_exactness_goes_before_text_wraps_and_growth_stays() -> None:
    text = table(LONG, width=80, title="Exports")
    assert text == (
        "Exports                                                      vehicles\n"
        "\n"
        "what                               2025  on 2024  counted by\n"
        "─────────────────────────────────────────────────────────────────────\n"
        "New-energy vehicles, passenger  855,000  +64.6 %  China Passenger Car\n"
        "cars only, to the European                        Association\n"
        "Union\n"
        "\n"
        "1 note: -n · 1 source: -s · no room for bounds\n"
    )


def test_what_does_not_fit_side_by_side_is_stacked() -> None:
    assert table(LONG, width=26, notes=True) == (
        "what: New-energy vehicles,\n"
        "passenger cars only, to\n"
        "the European Union\n"
        "2025 (vehicles): 855,000\n"
        "on 2024: +64.6 %\n"
        "counted by: China\n"
        "Passenger Car Association\n"
        "note: 1\n"
        "\n"
        "1 source: -s\n"
        "no room for bounds\n"
        "\n"
        "1  disputed by an outlet\n"
        "   that printed another\n"
        "   number in the same week\n"
    )


def test_forty_columns() -> None:
    assert table(EXPORTS, width=40, title="Exports") == (
        "Exports                vehicles\n"
        "\n"
        "what            2025    on 2024\n"
        "───────────────────────────────\n"
        "比亚迪 BYD   855,000    +64.6 %\n"
        "SAIC        ≥ 67,000 *\n"
        "Chery           ~150 †\n"
        "Geely         83,659 p\n"
        "\n"
        "* derived · † deprecated · p provisional\n"
        "1 note: -n · 2 sources: -s\n"
        "no room for bounds, counted by\n"
    )


def test_too_many_fields_for_columns_side_by_side() -> None:
    answer = Answer(COLUMNS, EXPORTS[1:3])
    assert "".join(render(answer, Options(width=30))) == (
        "id: SAIC@2025 · subject: SAIC\n"
        "period: 2025\n"
        "value (vehicles): 67,000 *\n"
        "low (vehicles): 67,000\n"
        "unit: vehicles\n"
        "sources: caam seed-001\n"
        "note: 2 rivals\n"
        "──────────────────────────────\n"
        "id: Chery@2025\n"
        "subject: Chery · period: 2025\n"
        "low (vehicles): 100 †\n"
        "high (vehicles): 200\n"
        "unit: vehicles · sources: caam\n"
        "\n"
        "* derived · † deprecated\n"
    )


@given(st.integers(min_value=12, max_value=120), st.text(max_size=40), st.text(max_size=40))
def test_any_width_and_any_text(width: int, one: str, two: str) -> None:
    rows = [figure(one, 855000, 854500, None, note=two, sources=(two,)), *LONG]
    text = table(rows, width=width, footnotes={two: one}, title=two, notes=True, sources=True)
    assert max(map(cell_len, text.split("\n"))) <= width
    assert text.endswith("\n")


words = st.lists(st.text("ABCDEFGHIJ", min_size=1, max_size=20))  # heads have small letters only


@given(
    st.integers(min_value=20, max_value=120),
    st.lists(st.tuples(words, words, st.integers(0, 10**9 - 1)), min_size=1, max_size=4),
)
def test_every_letter_is_there_and_every_number_whole(
    width: int, cells: list[tuple[list[str], list[str], int]]
) -> None:
    rows = [
        figure(" ".join(one), number, number, number, publisher=" ".join(two), unit="t")
        for one, two, number in cells
    ]
    views = (*VIEWS[2:3], *VIEWS[:2], HumanColumn("by", View.TEXT, ("publisher",)))
    text = table(rows, views, width=width)
    letters = Counter("".join(word for one, two, _ in cells for word in (*one, *two)))
    assert Counter(letter for letter in text if letter.isupper()) == letters
    assert max(map(cell_len, text.splitlines())) <= width
    for _, _, number in cells:
        assert f"{number:,}" in text


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=60), st.integers(2, 20))
def test_wrapping_loses_nothing(word: str, width: int) -> None:
    assert "".join(wrapped(word, width)) == word


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 13, ["one two three"]),
        ("one two three", 12, ["one two", "three"]),
        ("extraordinary", 5, ["extra", "ordin", "ary"]),
        ("  one two three", 10, ["  one", "    two", "    three"]),
        ("比亚迪比亚迪", 5, ["比亚", "迪比", "亚迪"]),
        ("a 比亚迪", 4, ["a", "比亚", "迪"]),
        ("a  b  cd", 6, ["a  b", "cd"]),
        ("", 5, [""]),
    ],
)
def test_wrapped(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


# --- the same bytes everywhere ---


@pytest.mark.parametrize("width", [None, 200, 80, 40, 20])
def test_color_changes_nothing_else(width: int | None) -> None:
    plain = table(EXPORTS, width=width, footnotes=TITLES, title="T", group_by="subject")
    color = table(EXPORTS, width=width, footnotes=TITLES, title="T", group_by="subject", color=True)
    assert color != plain
    assert ANSI.sub("", color) == plain
    assert "\x1b" not in plain


def test_a_wide_terminal_shows_what_a_pipe_gets() -> None:
    assert table(EXPORTS, width=1000, footnotes=TITLES) == table(EXPORTS, footnotes=TITLES)


def test_the_theme() -> None:
    """Numbers bold, bounds and rules dim, growth green, decline red; what is derived in italics."""
    rows = [
        figure("BYD", 855000, 854500, 855500, yoy=Fraction(646, 10)),
        figure("SAIC", 5, 5, 5, basis="derived", yoy=Fraction(-35, 10)),
        figure("Chery", 7, 6, 8, rank="deprecated"),
    ]
    assert table(rows, color=True, title="T").splitlines()[:7] == [
        "\x1b[1mT                                 vehicles\x1b[0m",
        "",
        "\x1b[1;2mwhat\x1b[0m      \x1b[1;2m2025\x1b[0m             \x1b[1;2mbounds\x1b[0m"
        "  \x1b[1;2mon 2024\x1b[0m",
        "\x1b[2m" + "─" * 42 + "\x1b[0m",
        "BYD    \x1b[1m855,000\x1b[0m    \x1b[2m854,500–855,500\x1b[0m  \x1b[32m+64.6 %\x1b[0m",
        "\x1b[3mSAIC\x1b[0m         \x1b[1;3m5\x1b[0m\x1b[1;3;33m *\x1b[0m"
        "                    \x1b[3;31m-3.5 %\x1b[0m",
        "\x1b[2mChery\x1b[0m        \x1b[2m7\x1b[0m\x1b[2;33m †\x1b[0m"
        "              \x1b[2m6–8\x1b[0m",
    ]


@pytest.mark.parametrize(
    ("low", "value", "high", "cell"),
    [
        (-5, -4, -3, "\x1b[31m-4 %\x1b[0m"),
        (-5, None, -3, "\x1b[31m-5 to -3 %\x1b[0m"),
        (-5, None, 3, "-5 to +3 %"),  # up or down: neither colour
        (100, 100, None, "\x1b[32m≥ +100 %\x1b[0m"),
        (-50, -50, None, "not below -50 %"),  # which proves no fall
        (None, -50, -50, "\x1b[31mnot above -50 %\x1b[0m"),
        (0, 0, 0, "0.0 %"),
    ],
)
def test_growth_is_green_and_decline_red(
    low: int | None, value: int | None, high: int | None, cell: str
) -> None:
    view = HumanColumn("yoy", View.CHANGE, ("yoy", "yoy_low", "yoy_high"))
    row = figure("BYD", yoy=value, yoy_low=low, yoy_high=high)
    shown = table([row], (view,), color=True).splitlines()[2].strip(" ")
    assert shown == cell


def test_bounds_of_growth_are_dim_where_somebody_wants_them() -> None:
    view = HumanColumn("yoy", View.CHANGE, ("yoy", "yoy_low", "yoy_high"))
    row = figure("BYD", yoy=-4, yoy_low=-5, yoy_high=-3)
    assert "\x1b[31m-4 % \x1b[0m\x1b[2m[-5, -3]\x1b[0m\n" in table(
        [row], (view,), color=True, verbose=True
    )


DRAW = """
import os, sys

read = set()


class Watched(dict):
    def __getitem__(self, name):
        read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        read.add(name)
        return super().__contains__(name)

    def get(self, name, default=None):
        read.add(name)
        return super().get(name, default)


os.environ = Watched(os.environ)
from evcli.model.answer import Answer, Column, HumanColumn, View
from evcli.render import Options, render

rows = [{"id": "比亚迪 \\N{CLINKING GLASSES}", "yoy": 3}, {"id": "[bold]SAIC[/] :car:", "yoy": -4}]
views = (HumanColumn("id", View.TEXT, ("id",)), HumanColumn("yoy", View.CHANGE, ("yoy",)))
for color in (False, True):
    for width in (None, 40, 10):
        answer = Answer((Column("id"),), rows, views)
        sys.stdout.write("".join(render(answer, Options(color=color, width=width))))
assert read <= {"UNICODE_VERSION"}, read  # and that is taken away when Rich looks for it
"""
MEDDLING = {
    "COLUMNS": "7",
    "LINES": "3",
    "NO_COLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "COLORTERM": "truecolor",
    "TERM": "dumb",
    "TTY_COMPATIBLE": "0",
    "TTY_INTERACTIVE": "1",
    "JUPYTER_COLUMNS": "20",
    "JUPYTER_LINES": "5",
    "DATABRICKS_RUNTIME_VERSION": "15",
    "UNICODE_VERSION": "4.1.0",  # of which the glasses are no letter yet
}


def test_rich_reads_nothing_of_the_environment(environment: dict[str, str]) -> None:
    drawn = [
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", DRAW],
            env=environment | meddling,
            capture_output=True,
            check=False,
        )
        for meddling in ({"TERM": "xterm-256color"}, MEDDLING)
    ]
    assert [each.stderr.decode() for each in drawn] == ["", ""]
    plain, meddled = (each.stdout.decode() for each in drawn)
    assert plain == meddled
    glasses = "比亚迪 \N{CLINKING GLASSES}"
    assert plain.splitlines()[2] == f"{glasses}                      +3 %"
    assert "[bold]SAIC[/] :car:            \x1b[31m-4 %\x1b[0m" in plain


# --- the screen ---


def screen(**more: Any) -> Answer:
    """Twenty makers, of which the screen shows the first and the last."""
    rows = [figure(f"m{n}", n, n, n, sources=(f"s{n}",), note=f"note {n}") for n in range(20)]
    chosen: dict[str, Any] = {"screen": (0, 19), "notes": ("on all",)}
    return Answer(COLUMNS, rows, VIEWS[:3] + VIEWS[6:], title="Sales", **{**chosen, **more})


def shown(answer: Answer, **options: Any) -> list[str]:
    return "".join(render(answer, Options(**options))).splitlines()


def test_the_screen_shows_its_rows_and_counts_what_is_behind() -> None:
    """Two notes of rows and one on the answer; a source for each row."""
    assert shown(screen(caution="Do not add.", more="evcli plants")) == [
        "Sales      vehicles",
        "",
        "what  2025  sources",
        "───────────────────",
        "m0       0        1",
        "m19     19        1",
        "",
        "Do not add.",
        "3 notes: -n · 2 sources: -s · evcli plants · 2 of 20 rows: --all",
    ]


def test_without_a_choice_all_rows_are_shown() -> None:
    lines = shown(screen(screen=None))
    assert [line.split() for line in lines[4:24]] == [[f"m{n}", f"{n}", "1"] for n in range(20)]
    assert "rows" not in lines[-1]


@pytest.mark.parametrize("width", [None, 120, 80, 40, 20])
def test_three_lines_below_and_what_else_is_known_goes_first(width: int | None) -> None:
    caution = "CAAM and customs count different things; do not mix: evcli help definitions"
    more = " · ".join(f"evcli sales byd --by number-{n}" for n in range(20))
    lines = shown(screen(caution=caution, more=more), width=width)
    below = lines[lines.index("", 2) + 1 :]
    room = width or 80
    assert max(map(len, below)) <= room
    assert len(below) <= -(-240 // min(room, 80))
    text = " ".join(below)
    assert caution in text
    for words in ("3 notes: -n", "2 sources: -s", "2 of 20 rows: --all"):
        assert words in text
    assert "number-0" in text
    assert "number-19" not in text


def test_a_source_keeps_its_letter() -> None:
    assert [letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "a",
        "z",
        "aa",
        "az",
        "ba",
        "zz",
        "aaa",
    ]


# --- whole screens ---


def counted(
    by: str, what: str, value: int, half: int, growth: int, **more: Value
) -> dict[str, Value]:
    """A row of a counter: the value give or take *half*, growth in whole percent."""
    bounds = {"yoy_low": growth - Fraction(1, 2), "yoy_high": growth + Fraction(1, 2)}
    row = figure(what, value, value - half, value + half, yoy=growth, **bounds)
    return row | {"publisher": by, "sources": ("a", "b")} | more


COUNTS = (
    HumanColumn("counted by", View.GROUP, ("publisher",)),
    HumanColumn("what", View.TEXT, ("subject",)),
    HumanColumn("value", View.BOUNDED, ("value", "low", "high"), "unit"),
    HumanColumn("bounds", View.BOUNDS, ("low", "high", "value"), optional=1),
    HumanColumn("yoy", View.CHANGE, ("yoy", "yoy_low", "yoy_high")),
    HumanColumn("src", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("note",)),
)
BY_COUNTER = Answer(
    COLUMNS,
    [
        counted("CAAM", "all vehicles", 7_098_000, 500, 21, note="rounded"),
        counted("CAAM", "new-energy", 2_615_000, 500, 104),
        counted("customs", "all vehicles", 8_320_000, 5_000, -30),
        counted("CPCA", "passenger cars", 5_739_000, 500, 20, status="provisional"),
        counted("KOTRA", "electric", 1_082_000, 500, 9),
    ],
    COUNTS,
    title="China's vehicle exports",
    caution="CAAM and customs count different things; do not mix",
    more="also: --by month",
    screen=(0, 1, 2, 3),
)


@pytest.mark.parametrize("width", [None, 120, 80])
def test_counts_by_counter(width: int | None) -> None:
    assert shown(BY_COUNTER, width=width) == [
        "China's vehicle exports                                    vehicles",
        "",
        "counted by  what                 2025    exact to  on 2024  sources",
        "───────────────────────────────────────────────────────────────────",
        "CAAM        all vehicles    7,098,000        ±500    +21 %        2",
        "            new-energy      2,615,000        ±500   +104 %        2",
        "customs     all vehicles    8,320,000      ±5,000    -30 %        2",
        "CPCA        passenger cars  5,739,000 p      ±500    +20 %        2",
        "",
        "CAAM and customs count different things; do not mix",
        "p provisional · 1 note: -n · 2 sources: -s · also: --by month",
        "4 of 5 rows: --all",
    ]


def test_counts_by_counter_in_60_columns() -> None:
    """The number of sources goes, then exactness (which is said); growth stays."""
    lines = shown(BY_COUNTER, width=52)
    assert lines[2:5] == [
        "counted by  what                 2025    on 2024",
        "────────────────────────────────────────────────",
        "CAAM        all vehicles    7,098,000      +21 %",
    ]
    assert lines[-2:] == ["also: --by month · no room for exact to", "4 of 5 rows: --all"]


def test_counts_by_counter_in_40_columns() -> None:
    """Names wrap between words, then heads; numbers never."""
    assert shown(BY_COUNTER, width=40)[:8] == [
        "China's vehicle exports         vehicles",
        "",
        "counted                               on",
        "by       what             2025      2024",
        "────────────────────────────────────────",
        "CAAM     all         7,098,000     +21 %",
        "         vehicles",
        "         new-energy  2,615,000    +104 %",
    ]
    assert shown(BY_COUNTER, width=36)[2:5] == [
        "counted by: CAAM",
        "what: all vehicles · 2025: 7,098,000",
        "on 2024: +21 %",
    ]


def test_years_of_a_maker() -> None:
    """Its name is said once; a period that differs has a column, growth is on the year before."""
    years = [(2024, 417_204, 72), (2025, 1_046_083, 151)]
    rows = [
        figure("sold abroad", value, value, value, yoy=growth, period=f"{year}")
        for year, value, growth in years
    ]
    rows.append(figure("sold abroad", None, 80_000, 200_000, period="2026-01/2026-02"))
    answer = Answer(COLUMNS, rows, (*VIEWS[:2], *COUNTS[2:5]), title="BYD abroad")
    assert shown(answer) == [
        "BYD abroad                                          vehicles",
        "",
        "what         period                    value  on year before",
        "────────────────────────────────────────────────────────────",
        "sold abroad  2024                    417,204           +72 %",
        "             2025                  1,046,083          +151 %",
        "             Jan-Feb 2026  not known closely",
    ]
    assert shown(answer, verbose=True)[-1] == (
        "             Jan-Feb 2026  80,000 to 200,000  80,000–200,000"
    )


def test_a_ranking_with_bars() -> None:
    """Bars stand left, behind growth; open ends, disputes and middles are said by the value."""
    rows = [
        figure("Chery", 1_344_000, 1_343_500, 1_344_500, yoy=17, bar="████████", position=1),
        figure("Geely", None, 418_904, 420_150, bar="██▌     ", position=2),
        figure("GAC", 130_000, 130_000, None, yoy=45, bar="▊→      ", position=None),
    ]
    views = (
        HumanColumn("", View.POSITION, ("position",)),
        *(VIEWS[0], *COUNTS[2:5]),
        HumanColumn("", View.DRAWN, ("bar",)),
    )
    answer = Answer(COLUMNS, rows, views, title="Overseas sales", unit="vehicles sold abroad")
    assert shown(answer, width=44) == [
        "Overseas sales    vehicles sold abroad",
        "",
        "   what        2025  on 2024",
        "──────────────────────────────────────",
        "1  Chery  1,344,000    +17 %  ████████",
        "2  Geely   ~419,500           ██▌",
        "-  GAC    ≥ 130,000    +45 %  ▊→",
        "",
        "no room for bounds",
    ]
    assert "418,904–420,150" in "".join(shown(answer))


# --- what is imported ---

PROBE = """
import sys
from evcli.model.answer import Answer, Column
from evcli.render import Options, render
"".join(render(Answer((Column("id"),), [{"id": "比亚迪"}]), Options(format=sys.argv[1])))
print(*sorted(name for name in sys.modules if name.partition(".")[0] in sys.argv[2:]))
"""


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "jsonl", "markdown"])
def test_machine_formats_import_no_machinery(name: str) -> None:
    banned = ["rich", "json", "csv", "decimal" if sys.version_info >= (3, 12) else "rich"]
    process = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", PROBE, name, *banned], capture_output=True, check=True
    )
    assert process.stdout.split() == []


def test_the_table_imports_what_draws_tables_and_no_more_of_rich() -> None:
    process = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", PROBE, "table", "rich", "pygments", "markdown_it"],
        capture_output=True,
        check=True,
        text=True,
    )
    loaded = set(process.stdout.split())
    assert {"rich.console", "rich.table", "rich.text"} <= loaded
    assert not {"rich.markdown", "rich.syntax", "rich.progress", "rich.traceback"} & loaded
    assert not {"pygments", "markdown_it"} & loaded


# but Korean in single strokes, which join their neighbours: nobody writes it so
STROKES = tuple(map(chr, (*range(0x1160, 0x1200), 0x3164)))
LETTERS = st.characters(
    min_codepoint=32, max_codepoint=0x9FFF, categories=("L", "N", "P"), exclude_characters=STROKES
)


@given(st.text(LETTERS))
def test_letters_are_as_wide_as_rich_says(text: str) -> None:
    assert width_of(text) == cell_len(text)


def test_accents_and_emoji() -> None:
    """An accent of its own takes no cell, glasses two, a joiner none."""
    assert [width_of(each) for each in ("e\u0301", "\N{CLINKING GLASSES}", "a\u200db")] == [1, 2, 2]


def test_amounts_from_a_billion_up_are_told_in_billions() -> None:
    rows = [
        figure("abroad", 16 * 10**9, 155 * 10**8, 165 * 10**8, unit="USD"),
        figure("at home", 15 * 10**9, 145 * 10**8, 155 * 10**8, unit="USD"),
    ]
    head, _, abroad, home = table(rows).splitlines()[:4]
    assert "2025 (bn USD)" in head
    assert abroad.split()[:3] == ["abroad", "16", "15.5–16.5"]
    assert home.split()[-2:] == ["15", "14.5–15.5"]


def test_one_amount_below_a_billion_keeps_the_others_from_nothing() -> None:
    rows = [
        figure("large", 2 * 10**9, 15 * 10**8, 25 * 10**8, unit="USD"),
        figure("small", 3 * 10**8, 295 * 10**6, 305 * 10**6, unit="USD"),
    ]
    large, small = table(rows).splitlines()[2:4]
    assert "2 bn USD" in large
    assert "300,000,000 USD" in small
