"""Numbers below zero, and registers that count to the last digit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evcli.model.vocabulary import PERCENT, Unit, UnitKind
from evcli.text.stated import StatedError, parse_stated

INDEX = Unit("points", "points", UnitKind.INDEX)
DOLLARS = Unit("USD", "US dollars", UnitKind.MONEY, ("USD", "dollars"))
CARS = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles",))


@pytest.mark.parametrize(
    ("text", "unit", "value", "low", "high"),
    [
        # half of the last digit that counts either way: 1, 100,000, 0.1
        ("-5", INDEX, "-5", "-5.5", "-4.5"),
        ("minus 5", INDEX, "-5", "-5.5", "-4.5"),
        ("about -5", INDEX, "-5", "-6", "-4"),
        ("-443,001", CARS, "-443001", "-443001", "-443001"),
        ("USD -12.4 million", DOLLARS, "-12400000", "-12450000", "-12350000"),
        ("-$12.4 million", DOLLARS, "-12400000", "-12450000", "-12350000"),
        ("\N{MINUS SIGN}0.5%", PERCENT, "-0.5", "-0.55", "-0.45"),
        ("0", INDEX, "0", "-0.5", "0.5"),  # what may be below zero is not cut off there
    ],
)
def test_what_may_be_below_zero(text: str, unit: Unit, value: str, low: str, high: str) -> None:
    read = parse_stated(text, unit, signed=True)
    assert (read.value, *read.bounds) == (Fraction(value), Fraction(low), Fraction(high))


def test_a_sign_is_for_what_may_be_below_zero() -> None:
    for text in ("-5", "minus 5", "USD -12.4 million"):
        with pytest.raises(StatedError, match="is a change, not a value"):
            parse_stated(text, DOLLARS)
    with pytest.raises(StatedError, match="over does not suit a number below zero"):
        parse_stated("over -5", INDEX, signed=True)


@pytest.mark.parametrize(
    ("text", "unit", "precision", "low", "high"),
    [
        ("48,180", CARS, 1, "48180", "48180"),  # every digit of a count
        ("48,180", CARS, 0, "48180", "48180"),
        ("48,180", CARS, 10, "48175", "48185"),
        ("600,000", DOLLARS, 1, "599999.5", "600000.5"),
        ("600,000", DOLLARS, 0, "600000", "600000"),
        ("12.50", INDEX, 0, "12.5", "12.5"),
        ("2.49 million", CARS, 0, "2485000", "2495000"),  # not written out
    ],
)
def test_how_finely_a_register_counts(
    text: str, unit: Unit, precision: int, low: str, high: str
) -> None:
    read = parse_stated(text, unit, precision=Fraction(precision))
    assert tuple(read.bounds) == (Fraction(low), Fraction(high))
