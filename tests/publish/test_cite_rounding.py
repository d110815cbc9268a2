"""What may be said of a number: inside its bounds, and no digit finer than half their width."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.answer import Rounding
from evcli.model.quantity import Bounds
from evcli.text.numbers import end, ends, power_below, rounded


@st.composite
def bounded(draw: st.DrawFn) -> tuple[Fraction, Bounds]:
    """A value anywhere within closed bounds of some width, of any size and sign."""
    scale = Fraction(10) ** draw(st.integers(-4, 12))
    low = Fraction(draw(st.integers(-(10**6), 10**6)), draw(st.integers(1, 999))) * scale
    width = Fraction(draw(st.integers(1, 10**6)), draw(st.integers(1, 10**6))) * scale
    share = Fraction(draw(st.integers(0, 1000)), 1000)
    return low + share * width, Bounds(low, low + width)


def read(text: str) -> Fraction:
    """The number that a text says."""
    digits, _, billion = text.partition(" ")
    assert billion in ("", "billion")
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?", digits), text
    return Fraction(digits.replace(",", "")) * (10**9 if billion else 1)


@given(bounded())
def test_what_is_said_lies_within_the_bounds(drawn: tuple[Fraction, Bounds]) -> None:
    value, bounds = drawn
    said = rounded(value, bounds)
    assert bounds.contains(said.value)
    assert read(said.text) == said.value


@given(bounded())
def test_no_digit_is_finer_than_half_the_width(drawn: tuple[Fraction, Bounds]) -> None:
    value, bounds = drawn
    said = rounded(value, bounds)
    assert bounds.width
    half = bounds.width / 2
    assert said.step <= half < 10 * said.step, "one step finer or coarser would do as well"
    assert (said.value / said.step).denominator == 1
    decimals = len(said.text.partition(" ")[0].partition(".")[2])
    unit = Fraction(1, 10**decimals) * (10**9 if said.text.endswith("billion") else 1)
    assert unit >= min(said.step, Fraction(1)), "digits after the point are no finer than the step"


@given(bounded())
def test_nothing_within_the_bounds_is_nearer(drawn: tuple[Fraction, Bounds]) -> None:
    value, bounds = drawn
    said = rounded(value, bounds)
    for other in (said.value - said.step, said.value + said.step):
        if bounds.contains(other):
            assert abs(said.value - value) <= abs(other - value)


@given(bounded())
def test_the_ends_are_rounded_outward(drawn: tuple[Fraction, Bounds]) -> None:
    _, bounds = drawn
    assert bounds.low is not None
    assert bounds.high is not None
    low, high = (read(each) for each in ends(bounds.low, bounds.high))
    tenth = power_below((bounds.high - bounds.low) / 2) / 10
    assert 0 <= bounds.low - low < tenth
    assert 0 <= high - bounds.high < tenth


@given(st.fractions(-(10**13), 10**13))
def test_an_open_end_is_rounded_outward(value: Fraction) -> None:
    assert read(end(value, Rounding.DOWN)) <= value <= read(end(value, Rounding.UP))


@given(st.fractions(-(10**9), 10**9))
def test_a_point_is_said_to_four_digits_or_in_full(value: Fraction) -> None:
    said = rounded(value, Bounds.exactly(value))
    assert (said.low, said.high) == ("", "")
    assert read(said.text) == said.value
    if (value * 100).denominator == 1:
        assert said.value == value
    else:
        assert abs(said.value - value) <= power_below(abs(value)) / 2000


@pytest.mark.parametrize(
    ("value", "low", "high", "text", "told"),
    [
        # half the width 5,500: thousands
        ("593000", "587500", "598500", "593,000", ("587,500", "598,500")),
        # half the width 20: tens; 96,364 goes to 96,360
        ("96364", "96344", "96384", "96,360", ("96,344", "96,384")),
        # half the width exactly ten: still tens
        ("55", "50", "70", "60", ("50", "70")),
        # the nearest hundred, 1,000, lies below the bounds, so 1,100
        ("1041", "1040", "1250", "1,100", ("1,040", "1,250")),
        # half the width 0.19: tenths
        ("38.48", "38.29", "38.67", "38.5", ("38.29", "38.67")),
        # a trailing zero that counts is kept
        ("38.02", "37.8", "38.2", "38.0", ("37.8", "38.2")),
        # half the width 400 million: hundreds of millions
        (
            "41123456789",
            "40700000000",
            "41500000000",
            "41.1 billion",
            ("40.7 billion", "41.5 billion"),
        ),
        # both ends on one scale, although one is below it
        ("1000000000", "900000000", "1100000000", "1.0 billion", ("0.9 billion", "1.1 billion")),
        ("-3.2", "-8", "2", "-3", ("-8", "2")),
    ],
)
def test_by_hand(value: str, low: str, high: str, text: str, told: tuple[str, str]) -> None:
    said = rounded(Fraction(value), Bounds(Fraction(low), Fraction(high)))
    assert (said.text, (said.low, said.high)) == (text, told)


def test_open_bounds_have_no_step() -> None:
    with pytest.raises(ValueError, match="at least or at most"):
        rounded(Fraction(1), Bounds(Fraction(1), None))
