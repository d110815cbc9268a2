"""Bars: one scale, bounds as a lighter part, signs that ASCII has too."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.model.quantity import Bounds
from evcli.render.termchart import bar_texts, spelt
from evcli.text.characters import in_ascii, wants_ascii


def bar(value: int | None, low: int | None, high: int | None) -> Mark:
    numbers = [None if each is None else Fraction(each) for each in (value, low, high)]
    return Mark("x", numbers[0], Bounds(numbers[1], numbers[2]))


def bars(*marks: Mark, width: int = 10) -> list[str]:
    picture = Picture(Shape.BARS, "", "", (ChartSeries("", marks),))
    return bar_texts(picture, width)


def test_full_to_the_lower_bound_and_light_to_the_upper() -> None:
    """Ten cells for 100, so ten to a cell."""
    assert bars(bar(100, 100, 100), bar(50, 30, 70), bar(None, 20, 40)) == [
        "██████████",
        "███▒▒▒▒   ",
        "██▒▒      ",
    ]
    assert spelt("███▒▒▒▒   ") == "###====   "


def test_an_open_end_is_an_arrow_and_an_open_beginning_is_light() -> None:
    """One cell of eleven is kept for the arrow."""
    assert bars(bar(100, 100, 100), bar(60, 60, None), bar(40, None, 40), width=11) == [
        "██████████ ",
        "██████→    ",
        "▒▒▒▒       ",
    ]


def test_below_zero_lies_left_of_a_line() -> None:
    """Fifteen cells but for the line are 14, for -40 to 100: ten to a cell."""
    assert bars(bar(100, 90, 100), bar(-30, -40, -20), bar(None, -20, 30), width=15) == [
        "    │█████████▒",
        "▒▒██│          ",
        "  ▒▒│▒▒▒       ",
    ]


def test_what_is_too_small_to_see_is_a_sliver_and_nothing_is_blank() -> None:
    assert bars(bar(1000, 1000, 1000), bar(1, 1, 1), bar(0, 0, 0), bar(None, None, None)) == [
        "██████████",
        "▏         ",
        " " * 10,
        " " * 10,
    ]


def test_no_bars_at_all() -> None:
    assert bars() == []
    assert bars(bar(0, 0, 0)) == [" " * 10]


ends = st.one_of(st.none(), st.integers(-500, 500))


@st.composite
def marks(draw: st.DrawFn) -> Mark:
    low, value, high = sorted(draw(st.lists(st.integers(-500, 500), min_size=3, max_size=3)))
    known = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    return bar(
        *(
            number if there else None
            for number, there in zip((value, low, high), known, strict=True)
        )
    )


@given(st.lists(marks(), min_size=1, max_size=8), st.integers(8, 30))
def test_bars_are_of_one_width(many: list[Mark], width: int) -> None:
    texts = bars(*many, width=width)
    assert {len(text) for text in texts} == {width}
    assert spelt("".join(texts)).isascii()


@given(st.lists(st.integers(0, 500), min_size=2, max_size=8), st.integers(8, 30))
def test_a_larger_figure_has_no_shorter_bar(numbers: list[int], width: int) -> None:
    texts = bars(*(bar(number, number, number) for number in sorted(numbers)), width=width)
    lengths = [text.count("█") for text in texts]
    assert lengths == sorted(lengths)
    assert not numbers or max(numbers) == 0 or lengths[-1] == width


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "de_DE.utf8"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "C.UTF-8", "LC_ALL": "POSIX"}, True),
        ({"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"}, False),
        ({"TERM": "vt100", "LANG": "C.UTF-8"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_ascii_where_the_locale_or_the_terminal_has_no_more(
    variables: dict[str, str], wanted: bool
) -> None:
    assert wants_ascii(variables) is wanted


def test_names_are_not_respelt() -> None:
    assert in_ascii("比亚迪 ±500") == "比亚迪 +/-500"
