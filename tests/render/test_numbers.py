"""Digits: all that a decimal has, else twelve, plain, and bounds that never shrink."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evcli.model.answer import Rounding
from evcli.text.numbers import digits, double, fixed, grouped, human, places_for, scaled

NEAREST, DOWN, UP = Rounding.NEAREST, Rounding.DOWN, Rounding.UP
numbers = st.one_of(
    st.fractions(),
    st.integers(min_value=-(10**20), max_value=10**20).map(Fraction),
    st.builds(
        lambda mantissa, exponent: mantissa * Fraction(10) ** exponent,
        st.integers(min_value=-(10**14), max_value=10**14),
        st.integers(min_value=-30, max_value=30),
    ),
)
PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?")


@pytest.mark.parametrize(
    ("value", "rounding", "text"),
    [
        (Fraction(0), NEAREST, "0"),
        (Fraction(855000), NEAREST, "855000"),
        (7, NEAREST, "7"),
        (Fraction(646, 10), NEAREST, "64.6"),
        (Fraction(1, 3), NEAREST, "0.333333333333"),
        (Fraction(1, 3), DOWN, "0.333333333333"),
        (Fraction(1, 3), UP, "0.333333333334"),
        (Fraction(-1, 3), DOWN, "-0.333333333334"),
        (Fraction(-1, 3), UP, "-0.333333333333"),
        (Fraction(200, 3), NEAREST, "66.6666666667"),
        (Fraction(1, 3 * 10**9), NEAREST, "0.000000000333333333333"),
        (999_999_999_999, NEAREST, "999999999999"),
        (1_234_567_890_125, NEAREST, "1234567890125"),
        (1_234_567_890_121, UP, "1234567890121"),
        (-(10**41) - 1, DOWN, "-1" + "0" * 40 + "1"),
        (Fraction("1234567890123.45"), NEAREST, "1234567890123.45"),
        (Fraction("1234567890123.445"), DOWN, "1234567890123.445"),
        (Fraction("-0.05"), UP, "-0.05"),
        (Fraction(9_999_999_999_999, 10**13), NEAREST, "0.9999999999999"),
        (Fraction(1, 8), DOWN, "0.125"),
        (Fraction(1, 2**41), NEAREST, "0.000000000000454747350886"),  # 41 decimals are too many
        (Fraction(1, 2**41), UP, "0.000000000000454747350887"),
        (Fraction(5 * 10**12, 3), NEAREST, "1666666666670"),
        (Fraction(-1, 10**40), UP, "-0.0000000000000000000000000000000000000001"),
        (10**12, NEAREST, "1000000000000"),
    ],
)
def test_digits(value: int | Fraction, rounding: Rounding, text: str) -> None:
    assert digits(value, rounding) == text


@given(numbers)
@example(Fraction(10**12) - Fraction(1, 10))
@example(Fraction(1, 10**12))
def test_bounds_are_rounded_outward_and_endless_values_to_twelve_digits(value: Fraction) -> None:
    low, near, high = (digits(value, rounding) for rounding in (DOWN, NEAREST, UP))
    assert all(PLAIN.fullmatch(text) and text != "-0" for text in (low, near, high))
    assert Fraction(low) <= value <= Fraction(high)
    assert Fraction(low) <= Fraction(near) <= Fraction(high)
    assert abs(Fraction(near) - value) * 10**11 <= abs(value) / 2
    if (value * 10**40).denominator == 1:
        assert Fraction(low) == Fraction(near) == Fraction(high) == value
    else:
        assert all(len(text.replace(".", "").strip("-0")) <= 12 for text in (low, near, high))


@pytest.mark.parametrize(
    ("value", "low", "near", "high"),
    [
        ("64.55", 64.55, 64.55, 64.55),
        ("0.1", 0.1, 0.1, 0.1),
        (2**53 + 1, 2.0**53, 2.0**53, 2.0**53 + 2),  # halfway; the nearest is the even one
        (2**53 + 3, 2.0**53 + 2, 2.0**53 + 4, 2.0**53 + 4),
        (-(2**53) - 1, -(2.0**53) - 2, -(2.0**53), -(2.0**53)),
        ("1234567890123.45", 1234567890123.45, 1234567890123.45, 1234567890123.45),
        # between these doubles lies no other
        ("12345678901234567.8", 12345678901234566.0, 12345678901234568.0, 12345678901234568.0),
        ("12345678901234568.2", 12345678901234568.0, 12345678901234568.0, 12345678901234570.0),
    ],
)
def test_a_double_that_does_not_hold_a_bound_lies_outward(
    value: int | str, low: float, near: float, high: float
) -> None:
    number = Fraction(value)
    assert [double(number, rounding) for rounding in (DOWN, NEAREST, UP)] == [low, near, high]


@given(st.lists(st.fractions().filter(lambda number: 10**40 % number.denominator), min_size=3))
def test_order_survives_rounding_of_endless_numbers(many: list[Fraction]) -> None:
    one, two, three, *_ = many
    low, value, high = sorted((one, two, three))
    printed = [digits(low, DOWN), digits(value), digits(high, UP)]
    assert [Fraction(text) for text in printed] == sorted(Fraction(text) for text in printed)


@given(numbers)
def test_printing_twice_changes_nothing(value: Fraction) -> None:
    once = digits(value)
    for rounding in Rounding:
        assert digits(Fraction(once), rounding) == once


@given(numbers, st.integers(min_value=-3, max_value=15))
def test_scaled_is_the_nearest_on_the_right_side(value: Fraction, places: int) -> None:
    exact = value * Fraction(10) ** places
    assert 0 <= exact - scaled(value, places, DOWN) < 1
    assert 0 <= scaled(value, places, UP) - exact < 1
    assert scaled(value, places, NEAREST) == round(exact)


@pytest.mark.parametrize(
    ("value", "places", "signed", "text"),
    [
        (Fraction(646, 10), 1, True, "+64.6"),
        (Fraction(-35, 10), 1, True, "-3.5"),
        (Fraction(-1, 100), 1, True, "0.0"),
        (Fraction(1, 100), 1, True, "0.0"),
        (Fraction(0), 0, True, "0"),
        (Fraction(12345678, 10), 1, True, "+1,234,567.8"),
        (Fraction(25, 100), 1, False, "0.2"),
        (Fraction(-5, 100), 2, False, "-0.05"),
    ],
)
def test_fixed(value: Fraction, places: int, signed: bool, text: str) -> None:
    assert fixed(value, places, signed=signed) == text


@pytest.mark.parametrize(
    ("plain", "text"),
    [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1000.5", "-1,000.5"), ("-0.5", "-0.5")],
)
def test_grouped(plain: str, text: str) -> None:
    assert grouped(plain) == text


@pytest.mark.parametrize(
    ("low", "high", "places"),
    [
        (None, 5, None),
        (5, None, None),
        (5, 5, None),
        (854500, 855500, 0),
        (Fraction(1, 2), Fraction(3, 2), 1),
        (Fraction(2815, 100), Fraction(2825, 100), 2),
    ],
)
def test_places_for(
    low: int | Fraction | None, high: int | Fraction | None, places: int | None
) -> None:
    assert places_for(low, high) == places


@given(numbers, st.integers(min_value=0, max_value=14))
def test_human_numbers_never_have_more_digits_than_the_csv(value: Fraction, places: int) -> None:
    text = human(value, places)
    assert len(text) <= len(grouped(digits(value)))
    assert text == grouped(digits(Fraction(text.replace(",", ""))))
