"""Human cells as pure functions: what each view shows, and that it agrees with the CSV."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.answer import Column, HumanColumn, Kind, Rounding, Value, View
from evcli.render.cells import display, show
from evcli.text.characters import visible
from evcli.text.numbers import digits

numbers = st.builds(
    Fraction, st.integers(min_value=-(10**12), max_value=10**12), st.integers(1, 999)
)


def shown(view: View, *values: str | None, brief: bool = False) -> str:
    """A cell, from numbers written as text."""
    names = ("one", "two", "three")[: len(values)]
    row = {
        name: None if value is None else Fraction(value)
        for name, value in zip(names, values, strict=True)
    }
    return show(HumanColumn("head", view, names), row, brief=brief)


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        ("855000", "854500", "855500", "855,000"),
        ("67000", "67000", None, "≥ 67,000"),
        ("50", None, "50", "≤ 50"),
        ("60", "50", None, "60"),
        ("83659", "83659", "83659", "83,659"),
        ("1/3", "1/3", "1/3", "0.333333333333"),
        ("28.2", "28.15", "28.25", "28.2"),
        ("1234567/7", "176300", "176400", "176,367"),
        (None, "3", "12", "3 to 12"),
        (None, "10/3", "20/3", "3 to 7"),
        (None, "7", "7", "7"),
        (None, "7", None, "≥ 7"),
        (None, None, "7", "≤ 7"),
        (None, None, None, ""),
        ("16000000000", None, None, "16,000,000,000"),
    ],
)
def test_bounded(value: str | None, low: str | None, high: str | None, text: str) -> None:
    assert shown(View.BOUNDED, value, low, high) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("854500", "855500", "854,500–855,500"),
        ("-5", "-3", "-5 to -3"),
        ("67000", None, "≥ 67,000"),
        (None, "50", "≤ 50"),
        ("7", "7", ""),
        (None, None, ""),
        ("1000/3", "2000/3", "333–667"),
    ],
)
def test_bounds(low: str | None, high: str | None, text: str) -> None:
    assert shown(View.BOUNDS, low, high) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        ("64.6", "64.55", "64.65", "+64.6 %"),
        ("120", "119.5", "120.5", "+120 %"),
        ("120", "119", "121", "+120 % [119, 121]"),
        ("120", None, None, "+120 %"),
        ("22.314", "20.12", "24.49", "+22.3 % [20.1, 24.5]"),
        ("-3.5", "-3.55", "-3.45", "-3.5 %"),
        ("-3.5", "-4.04", "1", "-3.5 % [-4.1, 1]"),
        ("100", "100", "100", "+100.0 %"),
        ("0.04", None, None, "0.0 %"),
        ("-0.04", None, None, "0.0 %"),
        (None, "20.12", "24.49", "+20.1 to +24.5 %"),
        (None, None, None, ""),
        ("1234.5", "1234.45", "1234.55", "+1,234.5 %"),
    ],
)
def test_change(value: str | None, low: str | None, high: str | None, text: str) -> None:
    assert shown(View.CHANGE, value, low, high) == text
    assert shown(View.SHARE, value, low, high) == text.replace("+", "")


@pytest.mark.parametrize(
    ("value", "low", "high", "change", "share"),
    [
        ("100", "100", None, "≥ +100 %", "≥ 100 %"),
        ("50", None, "50", "≤ +50 %", "≤ 50 %"),
        (None, "20.18", None, "≥ +20.1 %", "≥ 20.1 %"),  # outward
        ("-50", "-50", None, "not below -50 %", "≥ -50 %"),
        (None, None, "-50", "not above -50 %", "≤ -50 %"),
        (None, "-20.12", None, "not below -20.2 %", "≥ -20.2 %"),
        (None, None, "-20.18", "not above -20.1 %", "≤ -20.1 %"),
    ],
)
def test_an_open_end_cannot_be_misread(
    value: str | None, low: str | None, high: str | None, change: str, share: str
) -> None:
    assert shown(View.CHANGE, value, low, high) == change
    assert shown(View.SHARE, value, low, high) == share


@pytest.mark.parametrize(
    ("view", "value", "low", "high", "text"),
    [
        (View.BOUNDED, None, "418904", "420150", "~419,500"),  # half of 1,246 wide: hundreds
        (View.BOUNDED, None, "100", "200", "~150"),  # twice as much, and no more
        (View.BOUNDED, None, "100", "201", "not known closely"),
        (View.BOUNDED, None, "-201", "-100", "not known closely"),
        (View.BOUNDED, None, "-1", "1", "not known closely"),
        (View.BOUNDED, None, "7.2", "7.8", "~7.5"),
        (View.BOUNDED, None, "7", "7", "7"),
        (View.BOUNDS, "418904", "420150", None, "418,904–420,150"),
        (View.BOUNDS, "100", "201", None, ""),  # left to --verbose
        (View.BOUNDS, "67000", None, "67000", ""),  # the value says it
        (View.BOUNDS, "67000", None, "70000", "≥ 67,000"),
        (View.CHANGE, "62.1", "56.9", "67.3", "+62 %"),  # ten wide: whole percents
        (View.CHANGE, "21.7", "21.1", "22.4", "+21.7 %"),
        (View.CHANGE, "103.7", "103.5", "103.8", "+103.7 %"),
        (View.CHANGE, "120", "119.5", "120.5", "+120 %"),
        (View.CHANGE, "100", "50", "150", "~+100 %"),  # "doubled"
        (View.CHANGE, None, "81.5", "107.3", "+81 to +108 %"),
        (View.CHANGE, None, "-0.4", "0.4", "-0.4 to +0.4 %"),
        (View.SHARE, "36.8", "26.1", "47.6", "~37 %"),
    ],
)
def test_in_brief(
    view: View, value: str | None, low: str | None, high: str | None, text: str
) -> None:
    assert shown(view, value, low, high, brief=True) == text


@pytest.mark.parametrize(
    ("word", "low", "high", "text"),
    [
        ("", 100, None, "≥ +100 %"),
        ("over", 100, None, "over +100 %"),
        ("nearly", -50, None, "down nearly 50 %"),  # nearly halved
        ("at most", None, 20, "≤ +20 %"),
        ("over", None, -50, "down over 50 %"),
    ],
)
def test_the_word_of_a_growth_speaks_of_its_size(
    word: str, low: int | None, high: int | None, text: str
) -> None:
    column = HumanColumn("yoy", View.CHANGE, ("yoy", "low", "high", "word"))
    assert show(column, {"yoy": None, "low": low, "high": high, "word": word}) == text


def test_a_cell_may_have_a_text_in_place_of_its_number() -> None:
    column = HumanColumn("2025", View.BOUNDED, ("value", "low", "high"), "unit")
    assert show(column, {"value": None, "value text": "0.78", "unit": "vehicles"}) == "0.78"


def test_a_middle_that_nobody_gave_is_rounded() -> None:
    """1,246 between the ends: hundreds; who wants all of it has the bounds."""
    column = HumanColumn("value", View.BOUNDED, ("value", "low", "high"))
    row: dict[str, Value] = {
        "value": 419527,
        "low": 418904,
        "high": 420150,
        "qualifier": "midpoint",
    }
    assert show(column, row, brief=True) == "~419,500"
    assert show(column, row) == "419,527"
    assert show(column, row | {"qualifier": ""}, brief=True) == "419,527"


@pytest.mark.parametrize(
    ("values", "text"),
    [(("4", "3", "5"), "4 (3-5)"), (("1", "1", "1"), "1"), ((None, None, None), "-")],
)
def test_position(values: tuple[str | None, ...], text: str) -> None:
    assert shown(View.POSITION, *values) == text


@pytest.mark.parametrize(
    ("view", "value", "text"),
    [
        (View.TEXT, "[bold]比亚迪[/]", "[bold]比亚迪[/]"),
        (View.TEXT, None, ""),
        (View.TEXT, Fraction(1200), "1,200"),
        (View.TEXT, True, "true"),
        (View.NUMBER, 1200, "1,200"),
        (View.NUMBER, Fraction(5, 2), "2.5"),
        (View.LIST, ("byd", "saic"), "byd, saic"),
        (View.LIST, (), ""),
    ],
)
def test_plain_views(view: View, value: Value, text: str) -> None:
    assert show(HumanColumn("head", view, ("one",)), {"one": value}) == text


def test_text_where_a_number_belongs_is_a_bug() -> None:
    with pytest.raises(TypeError, match="a number belongs here"):
        show(HumanColumn("head", View.BOUNDED, ("one",)), {"one": ("1,200",)})


# --- fields: the table and the CSV agree cell by cell ----------


@given(numbers, st.sampled_from(Rounding))
def test_a_number_of_the_table_is_the_number_of_the_csv(
    number: Fraction, rounding: Rounding
) -> None:
    column = Column("value", Kind.NUMBER, rounding)
    assert display(column, {"value": number}).replace(",", "") == digits(number, rounding)


@given(numbers, st.sampled_from(Rounding))
def test_a_percentage_of_the_table_rounds_that_of_the_csv(
    number: Fraction, rounding: Rounding
) -> None:
    cell = display(Column("yoy", Kind.CHANGE, rounding), {"yoy": number})
    read = Fraction(cell.removesuffix(" %").replace(",", ""))
    assert abs(read - number) < Fraction(1, 10)
    assert cell.startswith("+") == (read > 0)
    assert rounding is not Rounding.DOWN or read <= number
    assert rounding is not Rounding.UP or read >= number


@given(numbers, numbers)
def test_bounds_for_people_are_rounded_outward(one: Fraction, two: Fraction) -> None:
    low, high = sorted((one, two))
    cell = show(HumanColumn("bounds", View.BOUNDS, ("low", "high")), {"low": low, "high": high})
    if low == high:
        assert cell == ""
        return
    left, right = re.split(" to |–", cell.replace(",", ""))
    assert Fraction(left) <= low <= high <= Fraction(right)


@given(numbers, numbers, numbers, st.sampled_from((View.CHANGE, View.SHARE)))
def test_brackets_hold_the_bounds(a: Fraction, b: Fraction, c: Fraction, view: View) -> None:
    low, value, high = sorted((a, b, c))
    row = {"value": value, "low": low, "high": high}
    cell = show(HumanColumn("head", view, ("value", "low", "high")), row)
    text, _, rest = cell.partition(" [")
    shown_value = Fraction(text.removesuffix(" %").replace(",", ""))
    if rest:
        left, right = rest.removesuffix("]").split(", ")
        assert Fraction(left.replace(",", "")) <= low <= high <= Fraction(right.replace(",", ""))
    else:
        assert max(abs(shown_value - low), abs(shown_value - high)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        (Column("id"), "a@2025", "a@2025"),
        (Column("note"), None, ""),
        (Column("sources", Kind.LIST), ("a", "b"), "a b"),
        (Column("planned", Kind.FLAG), False, "false"),
        (Column("line", Kind.NUMBER), 12, "12"),
        (Column("yoy", Kind.CHANGE), Fraction(120), "+120 %"),
    ],
)
def test_fields(column: Column, value: Value, text: str) -> None:
    assert display(column, {column.name: value}) == text


# --- text that must not do anything ---


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain", "plain"),
        ("比亚迪", "比亚迪"),
        ("a\x1b[31mb", "a\ufffd[31mb"),
        ("a\0b\rc\x7f\x9b", "a\ufffdb\ufffdc\ufffd\ufffd"),
        ("a\nb\tc\r\nd", "a b c d"),
        ("\u202eabc\u2066\u200f\u2028", "\ufffdabc\ufffd\ufffd\ufffd"),
        ("\ufeffa\u200bb\u00adc", "\ufffda\ufffdb\ufffdc"),
        ("12\u00a0000\u3000", "12\u00a0000\u3000"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\udc80", "\ufffd"),
    ],
)
def test_visible(text: str, safe: str) -> None:
    assert visible(text) == safe


@pytest.mark.parametrize(
    ("low", "high", "value", "shown"),
    [
        (854_500, 855_500, 855_000, "±500"),
        # 12.3 stands for 12.345: 12.3 ±0.5 would end at 12.8, below the bound
        (Fraction("11.845"), Fraction("12.845"), Fraction("12.345"), "11.8–12.9"),
        (Fraction("73.5"), Fraction("74.5"), 74, "±0.5"),
        (67_000, None, 67_000, "≥ 67,000"),  # one end is open: no middle
        (730, 760, 742, "730–760"),  # 12 below, 18 above
        (5, 5, 5, ""),
        (None, Fraction(6_100, 339), None, "≤ 18"),  # 17.9941 goes up to 18.0
        (Fraction(200, 3), None, None, "≥ 66.6"),  # and 66.666 down
        (Fraction("67.25"), None, None, "≥ 67.25"),  # what is written is kept
    ],
)
def test_bounds_of_equal_distance_are_told_as_one(
    low: Fraction, high: Fraction | None, value: Fraction, shown: str
) -> None:
    column = HumanColumn("bounds", View.BOUNDS, ("low", "high", "value"))
    assert show(column, {"low": low, "high": high, "value": value}) == shown
