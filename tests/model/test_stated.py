"""Stated values and changes: what they mean, and what is refused.

Expected bounds are worked out by hand from the rule: *fine* is the unit of the last digit
written, *coarse* that of the last digit that is not zero; half of the unit that applies lies
each way, one whole unit for ``about``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from evcli.model.quantity import Bounds, Quantity
from evcli.model.vocabulary import Unit, UnitKind
from evcli.text.stated import StatedError, parse_change, parse_stated

VEHICLES = Unit("vehicles", "vehicles", UnitKind.COUNT, ("辆", "units", "NEVs"))
PLANTS = Unit("plants", "plants", UnitKind.COUNT)
STATIONS = Unit("stations", "stations", UnitKind.COUNT)
PERCENT = Unit("percent", "percent", UnitKind.PERCENT, ("%",))
USD = Unit("USD", "US dollars", UnitKind.MONEY)
EUR = Unit("EUR", "euros", UnitKind.MONEY)
THB = Unit("THB", "Thai baht", UnitKind.MONEY, ("baht",))
CNY = Unit("CNY", "yuan", UnitKind.MONEY, ("元",))
CAPACITY = Unit("vehicles/year", "vehicles a year", UnitKind.RATE)
MONTHS = Unit("months", "months", UnitKind.RATE)
PPH = Unit("pph", "problems per hundred vehicles", UnitKind.INDEX)
RATIO = Unit("ratio", "ratio", UnitKind.RATIO)
LEXICON = {
    "vehicles": "vehicles",
    "辆": "vehicles",
    "plants": "plants",
    "stations": "stations",
    "baht": "THB",
    "元": "CNY",
    "RMB": "CNY",
    "months": "months",
    "dollars": "USD",
}
OPEN = None

Number = int | str | None


def number(given: Number) -> Fraction | None:
    return None if given is None else Fraction(given)


def stated(text: str, unit: Unit | None, precision: int | None = None) -> Quantity:
    exact = None if precision is None else Fraction(precision)
    return parse_stated(text, unit, precision=exact, words=LEXICON)


def assert_bounds(quantity: Quantity, low: Number, high: Number) -> None:
    assert quantity.bounds == Bounds(number(low), number(high))


# -- what a value means -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "precision", "low", "high"),
    [
        ("855,000", VEHICLES, None, 854_500, 855_500),
        ("300,000", VEHICLES, 1000, 299_500, 300_500),
        ("2.49 million", VEHICLES, 1000, 2_485_000, 2_495_000),
        ("$16 billion", USD, None, 15_500_000_000, 16_500_000_000),
        ("$300 million", USD, None, 295_000_000, 305_000_000),
        ("83,659 vehicles", VEHICLES, None, 83_659, 83_659),
        ("16 plants", PLANTS, None, 16, 16),
        ("about 38,000", VEHICLES, None, 37_000, 39_000),
        ("over 67,000", VEHICLES, None, 67_000, OPEN),
        ("nearly half", PERCENT, None, OPEN, 50),
        ("60 stations", STATIONS, None, 55, 65),
    ],
)
def test_the_table_of_the_design(
    text: str, unit: Unit, precision: int | None, low: Number, high: Number
) -> None:
    assert_bounds(stated(text, unit, precision), low, high)


def test_the_change_in_the_table_of_the_design() -> None:
    assert_bounds(parse_change("+120%"), "119.5", "120.5")


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        # plain: half the unit of the last digit that is not zero
        ("855000", 855_000, 854_500, 855_500),
        ("212,000 vehicles", 212_000, 211_500, 212_500),
        ("212,000辆", 212_000, 211_500, 212_500),
        ("1,000,000", 1_000_000, 500_000, 1_500_000),
        ("300,000", 300_000, 250_000, 350_000),
        ("100", 100, 50, 150),
        ("110", 110, 105, 115),
        # counted to the last unit
        ("7", 7, 7, 7),
        ("105", 105, 105, 105),
        ("284,921", 284_921, 284_921, 284_921),
        ("0", 0, 0, 0),
        # a multiplier: the last digit written, up to two digits
        ("1 million", 1_000_000, 500_000, 1_500_000),
        ("10 million", 10_000_000, 9_500_000, 10_500_000),
        ("67 thousand", 67_000, 66_500, 67_500),
        ("6.2万", 62_000, 61_500, 62_500),
        ("6.2 万", 62_000, 61_500, 62_500),
        ("6.2万辆", 62_000, 61_500, 62_500),
        ("5千", 5_000, 4_500, 5_500),
        ("2百万", 2_000_000, 1_500_000, 2_500_000),
        ("3千万", 30_000_000, 25_000_000, 35_000_000),
        # decimals before a multiplier: the last digit written
        ("2.49 million", 2_490_000, 2_485_000, 2_495_000),
        ("2.49million", 2_490_000, 2_485_000, 2_495_000),
        ("2.49 Million", 2_490_000, 2_485_000, 2_495_000),
        ("2.50 million", 2_500_000, 2_495_000, 2_505_000),
        ("3.083 million vehicles", 3_083_000, 3_082_500, 3_083_500),
        ("0.4 million", 400_000, 350_000, 450_000),
        ("42.1万", 421_000, 420_500, 421_500),
        ("1.02亿", 102_000_000, 101_500_000, 102_500_000),
        # more digits before a multiplier: coarse, but never coarser than the second digit
        ("123 million", 123_000_000, 122_500_000, 123_500_000),
        ("120 million", 120_000_000, 115_000_000, 125_000_000),
        ("100 million", 100_000_000, 95_000_000, 105_000_000),
        ("1,000 million", 1_000_000_000, 950_000_000, 1_050_000_000),
        ("1,230 million", 1_230_000_000, 1_225_000_000, 1_235_000_000),
        ("200万", 2_000_000, 1_950_000, 2_050_000),
        # a multiplier that still gives the last unit: Chinese papers write 83,659 like this
        ("8.3659万", 83_659, 83_659, 83_659),
        ("1.234567 million", 1_234_567, 1_234_567, 1_234_567),
        ("8.3650万", 83_650, "83649.5", "83650.5"),
    ],
)
def test_counts(text: str, value: int, low: Number, high: Number) -> None:
    quantity = stated(text, VEHICLES)
    assert quantity.value == value
    assert (quantity.unit, quantity.qualifier) == ("vehicles", "")
    assert_bounds(quantity, low, high)


@pytest.mark.parametrize(
    ("text", "precision", "low", "high"),
    [
        ("300,000", 1, 300_000, 300_000),  # P is fine
        ("300,000", 50, 299_975, 300_025),
        ("300,000", 1_000_000, 250_000, 350_000),  # never coarser than the last digit not zero
        ("855,000", 10_000, 854_500, 855_500),
        ("60", 1000, 55, 65),
        ("60", 1, 60, 60),  # counted to the last unit
        ("83,659", 1000, 83_659, 83_659),  # counted to the last unit, whatever the publisher does
        ("2.5 million", 1000, 2_450_000, 2_550_000),  # never finer than the last digit written
        ("2.50 million", 50_000, 2_475_000, 2_525_000),  # fine 10,000 and coarse 100,000
        ("300 million", 1000, 299_500_000, 300_500_000),
        ("300 million", 10**9, 250_000_000, 350_000_000),
        ("about 300,000", 1000, 299_000, 301_000),
        ("over 300,000", 1000, 300_000, OPEN),
        ("6.2万", 10_000, 61_500, 62_500),
    ],
)
def test_a_publishers_precision_is_clamped(
    text: str, precision: int, low: Number, high: Number
) -> None:
    assert_bounds(stated(text, VEHICLES, precision), low, high)


def test_a_capacity_may_be_counted_as_finely_as_its_fact_says() -> None:
    # without: the 3 of 300,000 is meant to 100,000
    assert_bounds(stated("300,000", CAPACITY), 250_000, 350_000)
    assert_bounds(stated("300,000", CAPACITY, 10_000), 295_000, 305_000)
    # a rate is never exact, though it ends in a digit that is not 0
    assert_bounds(stated("83,659", CAPACITY, 10), "83658.5", "83659.5")


@pytest.mark.parametrize("unit", [USD, PPH])
def test_amounts_and_rates_take_a_precision(unit: Unit) -> None:
    assert_bounds(stated("300,000", unit, 1000), 299_500, 300_500)


def test_precision_does_not_touch_percentages() -> None:
    assert stated("28.2%", PERCENT, 10) == stated("28.2%", PERCENT)


@pytest.mark.parametrize(
    ("text", "unit", "value", "low", "high"),
    [
        ("$83,659", USD, 83_659, "83658.5", "83659.5"),
        ("$1,234.56", USD, "1234.56", "1234.555", "1234.565"),
        ("$10,000", USD, 10_000, 5_000, 15_000),
        ("$0", USD, 0, "0", "0.5"),
        ("16 billion", USD, 16 * 10**9, 15_500_000_000, 16_500_000_000),
        ("$16 Billion", USD, 16 * 10**9, 15_500_000_000, 16_500_000_000),
        ("$16billion", USD, 16 * 10**9, 15_500_000_000, 16_500_000_000),
        ("US$16 billion", USD, 16 * 10**9, 15_500_000_000, 16_500_000_000),
        ("USD 16 billion", USD, 16 * 10**9, 15_500_000_000, 16_500_000_000),
        ("16 billion dollars", USD, 16 * 10**9, 15_500_000_000, 16_500_000_000),
        ("$89.2 billion", USD, 89_200_000_000, 89_150_000_000, 89_250_000_000),
        ("1.2 trillion", USD, 12 * 10**11, 115 * 10**10, 125 * 10**10),
        ("1.2万亿", CNY, 12 * 10**11, 115 * 10**10, 125 * 10**10),
        ("4亿元", CNY, 4 * 10**8, 350_000_000, 450_000_000),
        ("RMB 4亿", CNY, 4 * 10**8, 350_000_000, 450_000_000),
        ("€4 billion", EUR, 4 * 10**9, 3_500_000_000, 4_500_000_000),
        ("10 billion baht", THB, 10**10, 9_500_000_000, 10_500_000_000),
        ("150,000", CAPACITY, 150_000, 145_000, 155_000),
        ("150,000 vehicles a year", CAPACITY, 150_000, 145_000, 155_000),
        ("83,659", CAPACITY, 83_659, "83658.5", "83659.5"),
        ("16 months", MONTHS, 16, "15.5", "16.5"),
        ("2.5 months", MONTHS, "2.5", "2.45", "2.55"),
        ("153", PPH, 153, "152.5", "153.5"),
        ("180", PPH, 180, 175, 185),
        ("0.70", RATIO, "0.7", "0.695", "0.705"),
    ],
)
def test_money_rates_and_indices_are_never_exact(
    text: str, unit: Unit, value: Number, low: Number, high: Number
) -> None:
    quantity = stated(text, unit)
    assert (quantity.value, quantity.unit) == (number(value), unit.id)
    assert_bounds(quantity, low, high)


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("28.2%", "28.2", "28.15", "28.25"),
        ("28.20%", "28.2", "28.195", "28.205"),
        ("28 %", 28, "27.5", "28.5"),
        ("69 percent", 69, "68.5", "69.5"),
        ("70%", 70, "69.5", "70.5"),  # all percentages take the last digit written
        ("100%", 100, "99.5", "100.5"),
        ("0%", 0, "0", "0.5"),
        ("nearly 80%", 80, OPEN, 80),
        ("approximately 74%", 74, 73, 75),
        # fraction words are meant to a tenth of the whole
        ("half", 50, 45, 55),
        ("Half", 50, 45, 55),
        ("a half", 50, 45, 55),
        ("one half", 50, 45, 55),
        ("一半", 50, 45, 55),
        ("近一半", 50, OPEN, 50),
        ("over half", 50, 50, OPEN),
        ("about half", 50, 40, 60),
        ("a third", "100/3", "85/3", "115/3"),  # 33.3 give or take 5
        ("one third", "100/3", "85/3", "115/3"),
        ("two thirds", "200/3", "185/3", "215/3"),
        ("a quarter", 25, 20, 30),
        ("one quarter", 25, 20, 30),
        ("three quarters", 75, 70, 80),
    ],
)
def test_percentages(text: str, value: Number, low: Number, high: Number) -> None:
    quantity = stated(text, PERCENT)
    assert (quantity.value, quantity.unit) == (number(value), "percent")
    assert_bounds(quantity, low, high)


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("x2.7", "2.7", "2.65", "2.75"),
        ("over x2.7", "2.7", "2.7", OPEN),
        ("doubled", 2, "1.5", "2.5"),
        ("nearly doubled", 2, OPEN, 2),
        ("nearly halved", "0.5", "0.5", OPEN),
        ("half", "0.5", "0.45", "0.55"),
    ],
)
def test_ratios(text: str, value: Number, low: Number, high: Number) -> None:
    quantity = stated(text, RATIO)
    assert (quantity.value, quantity.unit) == (number(value), "ratio")
    assert_bounds(quantity, low, high)


@pytest.mark.parametrize(
    ("text", "qualifier", "low", "high"),
    [
        ("over 67,000", "over", 67_000, OPEN),
        ("Over 67,000", "over", 67_000, OPEN),
        ("more than 67,000", "more than", 67_000, OPEN),
        ("at least 67,000", "at least", 67_000, OPEN),
        ("no less than 67,000", "no less than", 67_000, OPEN),
        ("超6.7万辆", "超", 67_000, OPEN),
        ("超过6.7万", "超过", 67_000, OPEN),
        ("至少6.7万", "至少", 67_000, OPEN),
        ("nearly 67,000", "nearly", OPEN, 67_000),
        ("almost 67,000", "almost", OPEN, 67_000),
        ("up to 67,000", "up to", OPEN, 67_000),
        ("less than 67,000", "less than", OPEN, 67_000),
        ("no more than 67,000", "no more than", OPEN, 67_000),
        ("近6.7万", "近", OPEN, 67_000),
        ("接近6.7万", "接近", OPEN, 67_000),
        ("about 67,000", "about", 66_000, 68_000),
        ("about  67,000", "about", 66_000, 68_000),
        ("approximately 67,000", "approximately", 66_000, 68_000),
        ("约6.7万", "约", 66_000, 68_000),
        ("约 6.7万", "约", 66_000, 68_000),
        ("about 67 thousand", "about", 66_000, 68_000),
    ],
)
def test_qualifiers_open_an_end_or_widen(
    text: str, qualifier: str, low: Number, high: Number
) -> None:
    quantity = stated(text, VEHICLES)
    assert quantity.value == 67_000
    assert quantity.qualifier == qualifier
    assert_bounds(quantity, low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("over 83,659", 83_659, OPEN),
        ("about 83,659", 83_658, 83_660),  # one whole unit: a counted thing
        ("approximately 1.02 million", 1_010_000, 1_030_000),
        ("约3.8万", 37_000, 39_000),
    ],
)
def test_qualified_counts(text: str, low: Number, high: Number) -> None:
    assert_bounds(stated(text, VEHICLES), low, high)


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("3 to 12 months", MONTHS, 3, 12),
        ("3 months to 12 months", MONTHS, 3, 12),
        ("3\u201312 months", MONTHS, 3, 12),
        ("3 \u2013 12 months", MONTHS, 3, 12),
        ("3 to 3 months", MONTHS, 3, 3),
        ("$2 to $3 billion", USD, 2 * 10**9, 3 * 10**9),
        ("$2 to 3 billion", USD, 2 * 10**9, 3 * 10**9),
        ("2 to 3 billion", USD, 2 * 10**9, 3 * 10**9),
        ("2 to 3 billion dollars", USD, 2 * 10**9, 3 * 10**9),
        ("USD 2 to USD 3 billion", USD, 2 * 10**9, 3 * 10**9),
        ("US$2 to US$3 billion", USD, 2 * 10**9, 3 * 10**9),
        ("$500 million to $1 billion", USD, 500_000_000, 10**9),
        ("EUR 2 to 3 billion", None, 2 * 10**9, 3 * 10**9),
        ("€2 to 3 billion", None, 2 * 10**9, 3 * 10**9),
        ("17.0% to 38.1%", PERCENT, 17, "38.1"),
        ("17.0 to 38.1%", PERCENT, 17, "38.1"),
        ("17.0% to 38.1%", None, 17, "38.1"),
        ("100,000 to 200,000", VEHICLES, 100_000, 200_000),
        ("1 to 2 million", VEHICLES, 10**6, 2 * 10**6),
        ("2至3万辆", VEHICLES, 20_000, 30_000),
        ("2万至3万", VEHICLES, 20_000, 30_000),
    ],
)
def test_ranges(text: str, unit: Unit | None, low: Number, high: Number) -> None:
    quantity = stated(text, unit)
    assert (quantity.value, quantity.qualifier) == (None, "")
    assert_bounds(quantity, low, high)


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("EUR 4 billion", "EUR", 3_500_000_000, 4_500_000_000),
        ("$490 million", "USD", 485_000_000, 495_000_000),
        ("£1 billion", "GBP", 500_000_000, 1_500_000_000),
        ("10 billion baht", "THB", 9_500_000_000, 10_500_000_000),
        ("RMB 4 billion", "CNY", 3_500_000_000, 4_500_000_000),
        ("17.0%", "percent", "16.95", "17.05"),
        ("20%", "percent", "19.5", "20.5"),  # a percentage here too, not an amount of money
    ],
)
def test_without_a_unit_the_text_names_it(text: str, unit: str, low: Number, high: Number) -> None:
    quantity = stated(text, None)
    assert quantity.unit == unit
    assert_bounds(quantity, low, high)


def test_a_unit_knows_its_own_words_without_a_lexicon() -> None:
    for text in ("83,659 vehicles", "83,659 Vehicles", "83,659辆", "83,659 nevs"):
        assert parse_stated(text, VEHICLES).value == 83_659


# -- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "message", "hint"),
    [
        ("", VEHICLES, "holds no number", "write 212,000"),
        ("   ", VEHICLES, "holds no number", "write 212,000"),
        ("over", VEHICLES, "holds no number", "write 212,000"),
        ("up to ", VEHICLES, "holds no number", "write 212,000"),
        ("约", VEHICLES, "holds no number", "write 212,000"),
        ("about over 5", VEHICLES, "two qualifiers", "keep one"),
        ("超过约5万", VEHICLES, "two qualifiers", "keep one"),
        ("150.000", VEHICLES, "a count has no decimals", "write 150,000 if the page groups"),
        ("150.000 vehicles", VEHICLES, "a count has no decimals", "write 150,000 if"),
        ("1.5", VEHICLES, "a count has no decimals", "2.49 million"),
        ("1,234.5", VEHICLES, "a count has no decimals", "whole number"),
        ("1.2345 thousand", VEHICLES, "a count has no decimals", "whole number"),
        ("EUR 150.000", EUR, "may group thousands", "write 150,000 if"),
        ("150.000", CAPACITY, "may group thousands", "write 150,000 if"),
        ("1.234.567", VEHICLES, "'1.234.567' is not a number", "write 212,000"),
        ("1,50", VEHICLES, "commas do not group thousands", "212,000"),
        ("12,34,567", VEHICLES, "commas do not group thousands", "212,000"),
        ("1234,567", VEHICLES, "commas do not group thousands", "212,000"),
        ("0,500", VEHICLES, "commas do not group thousands", "212,000"),
        ("212,000,", VEHICLES, "commas do not group thousands", "212,000"),
        ("007", VEHICLES, "'007' is not a number", "212,000"),
        ("00", VEHICLES, "'00' is not a number", "212,000"),
        ("1.", VEHICLES, "'1.' is not a number", "212,000"),
        ("212,000.", VEHICLES, "commas do not group", "212,000"),
        (".5", RATIO, "'.5' is not a number", "212,000"),
        ("...", VEHICLES, "'...' is not a number", "212,000"),
        ("2.5m", VEHICLES, "'m' is ambiguous", "write thousand, million or billion"),
        ("2.5 m vehicles", VEHICLES, "'m' is ambiguous", "write thousand, million or billion"),
        ("2.5 mil", VEHICLES, "'mil' is ambiguous", "write thousand, million or billion"),
        ("$300M", USD, "'M' is ambiguous", "write thousand, million or billion"),
        ("$4bn", USD, "'bn' is ambiguous", "write thousand, million or billion"),
        ("2.5 millions", VEHICLES, "'millions' is not a known unit", "leave the noun out"),
        ("5 bananas", VEHICLES, "'bananas' is not a known unit", "leave the noun out"),
        ("1e5", VEHICLES, "'e5' is not a known unit", "write 212,000"),
        ("1 000", VEHICLES, "'000' is not a known unit", "write 212,000"),
        ("6万2千", VEHICLES, "'万2千' is not a known unit", "write 212,000"),
        ("NaN", VEHICLES, "not a stated value", "write 212,000"),
        ("inf", VEHICLES, "not a stated value", "write 212,000"),
        ("several", VEHICLES, "not a stated value", "write 212,000"),
        ("over67,000", VEHICLES, "not a stated value", "write 212,000"),
        ("half a million", VEHICLES, "not a stated value", "write 212,000"),
        ("\uff16.\uff12万", VEHICLES, "not a stated value", "write 212,000"),
        ("\u0663", VEHICLES, "not a stated value", "write 212,000"),
        ("$ ", USD, "not a stated value", "write 212,000"),
        ("¥4 billion", CNY, "not a stated value", "write 212,000"),
        ("€4 billion", USD, "is in EUR, but the series counts USD", "check the series"),
        ("10 billion baht", USD, "is in THB, but the series counts USD", "check the series"),
        ("$16 billion baht", USD, "names two units: THB, USD", "keep one"),
        ("16 plants", VEHICLES, "is in plants, but the series counts vehicles", "check the series"),
        ("28.2%", VEHICLES, "is in percent, but the series counts vehicles", "check the series"),
        ("28.2%%", PERCENT, "'%' is not a known unit", "28.2%"),
        ("28.2", PERCENT, "a percentage needs its sign", "write 28.2%"),
        ("4 billion", None, "names no unit", "write EUR 4 billion"),
        ("half", VEHICLES, "is a share", "unit percent"),
        ("half", None, "is a share", "unit percent"),
        ("-5", VEHICLES, "is a change, not a value", "levels have no sign"),
        ("-$5 million", USD, "is a change, not a value", "levels have no sign"),
        ("+64.6%", PERCENT, "is a change, not a value", "write it as yoy: or change:"),
        ("\N{MINUS SIGN}5%", PERCENT, "is a change, not a value", "yoy: or change:"),
        ("x2.7", VEHICLES, "is a change, not a value", "write it as yoy: or change:"),
        ("doubled", VEHICLES, "is a change, not a value", "write it as yoy: or change:"),
        ("x2.7", None, "is a change, not a value", "write it as yoy: or change:"),
        ("xyz", VEHICLES, "not a stated value", "write 212,000"),
        ("x0", RATIO, "is not a factor", "x2.7"),
        ("about 3 to 12 months", MONTHS, "a range takes no qualifier", "write 3 to 12 months"),
        ("12 to 3 months", MONTHS, "runs backwards", "the smaller number first"),
        ("500,000 to 1 million", VEHICLES, "runs backwards", "multiplier where the two differ"),
        ("$2 to €3 billion", None, "names two units: USD, EUR", "keep one"),
        ("1 to 2 to 3", MONTHS, "'to 3' is not a known unit", "write 212,000"),
        ("17% to 38.1", PERCENT, "a percentage needs its sign", "write 38.1%"),
        ("9" * 31, VEHICLES, "has 31 digits", "write 2.49 million"),
        ("x" + "9" * 5000, RATIO, "has 5000 digits", "write 2.49 million"),
        ("0." + "0" * 5000 + "1%", PERCENT, "has 5003 digits", "write 2.49 million"),
    ],
)
def test_errors_say_what_is_wrong_and_what_would_be_right(
    text: str, unit: Unit | None, message: str, hint: str
) -> None:
    with pytest.raises(StatedError) as caught:
        stated(text, unit)
    assert message in str(caught.value)
    assert hint in (caught.value.hint or "")


def test_the_largest_number_that_is_read() -> None:
    assert stated("9" * 30, VEHICLES).value == 10**30 - 1


# -- changes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("+64.6%", "64.6", "64.55", "64.65"),
        ("+ 64.6 %", "64.6", "64.55", "64.65"),
        ("up 64.6%", "64.6", "64.55", "64.65"),
        ("Up 64.6%", "64.6", "64.55", "64.65"),
        ("增长64.6%", "64.6", "64.55", "64.65"),
        ("-11.9%", "-11.9", "-11.95", "-11.85"),
        ("\N{MINUS SIGN}11.9%", "-11.9", "-11.95", "-11.85"),
        ("down 11.9%", "-11.9", "-11.95", "-11.85"),
        ("下降11.9%", "-11.9", "-11.95", "-11.85"),
        ("+101%", 101, "100.5", "101.5"),
        ("+100%", 100, "99.5", "100.5"),
        ("+1,200%", 1200, "1199.5", "1200.5"),
        ("+0%", 0, "-0.5", "0.5"),
        ("-0.0%", 0, "-0.05", "0.05"),
        # a factor f is a growth of (f - 1) * 100 per cent
        ("x2.7", 170, 165, 175),
        ("x1.0", 0, -5, 5),
        ("x0.5", -50, -55, -45),
        ("x2", 100, 50, 150),
        ("x13", 1200, 1150, 1250),
        ("x10", 900, 400, 1400),  # a round whole number: 5 to 15 times
        ("doubled", 100, 50, 150),
        ("Doubled", 100, 50, 150),
        ("tripled", 200, 150, 250),
        ("quadrupled", 300, 250, 350),
        ("翻番", 100, 50, 150),
        ("翻倍", 100, 50, 150),
        ("halved", -50, -55, -45),
        ("-100%", -100, -100, "-99.5"),
        ("-99.8%", "-99.8", "-99.85", "-99.75"),
    ],
)
def test_changes(text: str, value: Number, low: Number, high: Number) -> None:
    quantity = parse_change(text)
    assert (quantity.value, quantity.unit, quantity.qualifier) == (number(value), "percent", "")
    assert_bounds(quantity, low, high)


@pytest.mark.parametrize(
    ("text", "qualifier", "value", "low", "high"),
    [
        ("over +100%", "over", 100, 100, OPEN),
        ("+over 100%", "over", 100, 100, OPEN),
        ("up over 100%", "over", 100, 100, OPEN),
        ("over up 100%", "over", 100, 100, OPEN),
        ("增长超100%", "超", 100, 100, OPEN),
        ("nearly +100%", "nearly", 100, OPEN, 100),
        ("up nearly 100%", "nearly", 100, OPEN, 100),
        ("up to +100%", "up to", 100, OPEN, 100),
        ("about +64.6%", "about", "64.6", "64.5", "64.7"),
        # a qualifier speaks of the size: a larger fall is a smaller growth
        ("down over 5%", "over", -5, OPEN, -5),
        ("over -5%", "over", -5, OPEN, -5),
        ("下降超5%", "超", -5, OPEN, -5),
        ("down nearly 5%", "nearly", -5, -5, OPEN),
        ("down nearly 100%", "nearly", -100, -100, OPEN),
        ("about -100%", "about", -100, -100, -99),  # never less than nothing is left
        ("nearly -5%", "nearly", -5, -5, OPEN),
        ("down about 5%", "about", -5, -6, -4),
        ("nearly doubled", "nearly", 100, OPEN, 100),
        ("almost tripled", "almost", 200, OPEN, 200),
        ("more than doubled", "more than", 100, 100, OPEN),
        ("近翻番", "近", 100, OPEN, 100),
        ("about doubled", "about", 100, 0, 200),  # 1 to 3 times
        ("over x2.7", "over", 170, 170, OPEN),
        ("nearly x0.5", "nearly", -50, OPEN, -50),  # a factor of nearly 0.5, not a fall
        ("nearly halved", "nearly", -50, -50, OPEN),
        ("more than halved", "more than", -50, OPEN, -50),
        ("about halved", "about", -50, -60, -40),
    ],
)
def test_qualified_changes(
    text: str, qualifier: str, value: Number, low: Number, high: Number
) -> None:
    quantity = parse_change(text)
    assert (quantity.value, quantity.qualifier) == (number(value), qualifier)
    assert_bounds(quantity, low, high)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "holds no number", "write +64.6%"),
        ("over", "holds no number", "write +64.6%"),
        ("up", "is not a change", "write +64.6%"),
        ("+", "is not a change", "write +64.6%"),
        ("5%", "has no direction", "write +5%, -5%, up 5% or down 5%"),
        ("up to 5%", "has no direction", "write +5%, -5%, up 5% or down 5%"),
        ("about 5%", "has no direction", "write +5%, -5%, up 5% or down 5%"),
        ("down +5%", "says the direction twice", "write down 5% or +5%"),
        ("up -5%", "says the direction twice", "write up 5% or -5%"),
        ("up up 5%", "not a stated value", "28.2%"),
        ("+-5%", "not a stated value", "28.2%"),
        ("over up nearly 5%", "two qualifiers", "keep one"),
        ("up over about 5%", "two qualifiers", "keep one"),
        ("about over +5%", "two qualifiers", "keep one"),
        ("+5", "is not a change", "write +64.6%"),
        ("+3.2 percentage points", "is not a change", "write +64.6%"),
        ("+5%%", "'%' is not a known unit", "28.2%"),
        ("+$5%", "names two units", "keep one"),
        ("+5% to +10%", "is not a known unit", "28.2%"),
        ("+1,50%", "commas do not group thousands", "212,000"),
        ("+5\uff05", "is not a change", "write +64.6%"),
        ("+\uff15%", "not a stated value", "28.2%"),
        ("NaN", "is not a change", "write +64.6%"),
        ("surged", "is not a change", "write +64.6%"),
        ("x", "is not a change", "write +64.6%"),
        ("x2,7", "commas do not group thousands", "212,000"),
        ("x0", "is not a factor", "write -100%"),
        ("x-2", "is not a change", "write +64.6%"),
        ("+" + "9" * 31 + "%", "has 31 digits", "2.49 million"),
    ],
)
def test_errors_in_changes(text: str, message: str, hint: str) -> None:
    with pytest.raises(StatedError) as caught:
        parse_change(text)
    assert message in str(caught.value)
    assert hint in (caught.value.hint or "")


# -- properties ---------------------------------------------------------------------------------

counts = st.integers(min_value=1, max_value=10**12)
MULTIPLIERS = {
    " thousand": 10**3,
    " million": 10**6,
    " billion": 10**9,
    " trillion": 10**12,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}


def half_up(value: Fraction, unit: Fraction) -> int:
    """How many whole *unit* the value is, a half rounded up."""
    return int((value / unit + Fraction(1, 2)) // 1)


def decimal(scaled: int, decimals: int, *, commas: bool) -> str:
    """*scaled* tenths, hundredths, ... printed with that many decimals."""
    whole, rest = divmod(scaled, 10**decimals)
    printed = f"{whole:,}" if commas else str(whole)
    return f"{printed}.{rest:0{decimals}d}" if decimals else printed


@given(counts, st.integers(0, 11), st.booleans(), st.sampled_from([VEHICLES, USD, CAPACITY, PPH]))
def test_a_rounded_whole_number_allows_the_true_one(
    true: int, zeros: int, commas: bool, unit: Unit
) -> None:
    rounded = half_up(Fraction(true), Fraction(10**zeros)) * 10**zeros
    assume(rounded > 0)
    quantity = stated(decimal(rounded, 0, commas=commas), unit)
    assert quantity.value == rounded
    assert quantity.bounds.contains(Fraction(true))


@given(counts, st.integers(0, 6), st.booleans())
def test_a_count_rounded_to_the_publishers_precision_allows_the_true_one(
    true: int, zeros: int, commas: bool
) -> None:
    precision = 10**zeros
    rounded = half_up(Fraction(true), Fraction(precision)) * precision
    assume(rounded > 0)
    quantity = stated(decimal(rounded, 0, commas=commas), VEHICLES, precision)
    assert quantity.bounds.contains(Fraction(true))
    width = quantity.bounds.width
    assert width is not None
    assert width <= precision  # and it is no wider than need be


@given(
    st.builds(Fraction, st.integers(0, 10**7), st.integers(1, 10**4)),
    st.integers(0, 5),
    st.booleans(),
    st.sampled_from(sorted(MULTIPLIERS)),
    st.sampled_from([VEHICLES, USD]),
)
def test_a_number_before_a_multiplier_allows_the_true_one(
    times: Fraction, decimals: int, commas: bool, word: str, unit: Unit
) -> None:
    factor, fine = MULTIPLIERS[word], Fraction(1, 10**decimals)
    true = times * factor
    if unit is VEHICLES:
        assume(fine * factor >= 1)
        true = Fraction(int(true))
    scaled = half_up(true / factor, fine)
    assume(scaled > 0)
    quantity = stated(decimal(scaled, decimals, commas=commas) + word, unit)
    assert quantity.value == scaled * fine * factor
    assert quantity.bounds.contains(true)


@given(st.integers(100, 9_999_999), st.data(), st.sampled_from(sorted(MULTIPLIERS)))
def test_a_whole_number_rounded_as_far_as_its_second_digit_allows_the_true_one(
    times: int, data: st.DataObject, word: str
) -> None:
    zeros = data.draw(st.integers(0, len(str(times)) - 2))
    rounded = half_up(Fraction(times), Fraction(10**zeros)) * 10**zeros
    quantity = stated(f"{rounded:,}{word}", VEHICLES)
    assert quantity.bounds.contains(Fraction(times * MULTIPLIERS[word]))


@given(st.builds(Fraction, st.integers(0, 10**7), st.integers(1, 10**4)), st.integers(0, 4))
def test_a_rounded_percentage_allows_the_true_one(true: Fraction, decimals: int) -> None:
    printed = decimal(half_up(true, Fraction(1, 10**decimals)), decimals, commas=True)
    assert stated(f"{printed}%", PERCENT).bounds.contains(true)
    assert parse_change(f"+{printed}%").bounds.contains(true)
    if true <= 100:
        assert parse_change(f"down {printed}%").bounds.contains(-true)


@given(st.builds(Fraction, st.integers(1, 10**5), st.integers(1, 10**4)), st.integers(0, 3))
def test_a_rounded_factor_allows_the_true_growth(true: Fraction, decimals: int) -> None:
    scaled = half_up(true, Fraction(1, 10**decimals))
    assume(scaled > 0)
    change = parse_change(f"x{decimal(scaled, decimals, commas=False)}")
    assert change.bounds.contains((true - 1) * 100)


plain_texts = st.one_of(
    st.tuples(counts.map(lambda n: f"{n:,}"), st.just(VEHICLES)),
    st.tuples(counts.map(lambda n: f"${n:,}"), st.just(USD)),
    st.tuples(st.integers(0, 10**5).map(lambda n: f"{n / 10:.1f}%"), st.just(PERCENT)),
    st.tuples(st.integers(1, 999).map(lambda n: f"{n / 100:.2f}亿"), st.just(VEHICLES)),
    st.tuples(st.sampled_from(["half", "a third", "20%"]), st.just(PERCENT)),
)
precisions = st.one_of(st.none(), st.integers(1, 10**6))


@given(plain_texts, precisions, st.sampled_from(["about", "approximately"]))
def test_about_allows_all_that_the_plain_number_does(
    text: tuple[str, Unit], precision: int | None, word: str
) -> None:
    plain = stated(*text, precision)
    about = stated(f"{word} {text[0]}", text[1], precision)
    assert about.value == plain.value
    assert plain.bounds.intersect(about.bounds) == plain.bounds


@given(plain_texts, precisions)
def test_over_and_nearly_share_only_the_number_itself(
    text: tuple[str, Unit], precision: int | None
) -> None:
    over = stated(f"over {text[0]}", text[1], precision)
    nearly = stated(f"nearly {text[0]}", text[1], precision)
    assert over.value is not None
    assert over.bounds.intersect(nearly.bounds) == Bounds.exactly(over.value)
    assert over.bounds.hull(nearly.bounds) == Bounds()


PIECES = [
    "over",
    "about",
    "nearly",
    "up",
    "down",
    "to",
    "up to",
    "x",
    "half",
    "doubled",
    "million",
    "m",
    "万",
    "亿",
    "超",
    "近",
    "约",
    "至",
    "一半",
    "增长",
    "%",
    "$",
    "US$",
    "EUR",
    "€",
    "vehicles",
    "辆",
    "baht",
    "+",
    "-",
    "\N{MINUS SIGN}",
    "\u2013",
    " ",
    "  ",
    ",",
    ".",
    "0",
    "1",
    "12",
    "000",
    "2.49",
    "855,000",
    "6",
    "²",
    "\u00a0",
    "\n",
    "e5",
    "NaN",
    "\u017f",
    "\u0130",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
units = st.sampled_from([None, VEHICLES, PERCENT, USD, CAPACITY, PPH, RATIO, MONTHS])


@given(texts, units, precisions)
@example("5 m\u0131llion", VEHICLES, None)
@example("5 thou\u017fand", VEHICLES, None)
@example("9" * 10_000, VEHICLES, None)
@example("0." + "9" * 10_000 + "%", PERCENT, None)
def test_any_text_is_read_or_refused_with_a_hint(
    text: str, unit: Unit | None, precision: int | None
) -> None:
    reads: list[Callable[[], Quantity]] = [
        lambda: stated(text, unit, precision),
        lambda: parse_change(text),
    ]
    for read in reads:
        hint, quantity = "", None
        try:
            quantity = read()
        except StatedError as error:
            hint = error.hint or ""
        assert (quantity is None) == bool(hint)
        if quantity is not None and quantity.value is not None:
            assert quantity.bounds.contains(quantity.value)


@given(
    st.one_of(plain_texts.map(lambda pair: pair[0]), texts),
    units,
    st.text(alphabet=" \t\n\u3000", max_size=3),
    st.text(alphabet=" \t\n\u3000", max_size=3),
)
def test_blanks_around_mean_nothing(text: str, unit: Unit | None, before: str, after: str) -> None:
    def read(written: str) -> Quantity | None:
        try:
            return stated(written, unit)
        except StatedError:
            return None

    assert read(before + text + after) == read(text)


def test_a_fall_by_more_than_all_is_read_as_written():
    # half of the last digit each way; what no fall can be is found by the audit and by lint
    assert parse_change("-120%").bounds == Bounds(Fraction("-120.5"), Fraction("-119.5"))
    assert parse_change("-100%").bounds == Bounds(Fraction(-100), Fraction("-99.5"))


LEVEL = parse_stated("625,200", VEHICLES)  # to the hundred: 625,150 to 625,250
WORDS = dict.fromkeys((*VEHICLES.words, "vehicles"), "vehicles")


def test_a_change_in_units_leaves_what_the_level_and_the_change_leave() -> None:
    """180,500 more are 444,700 before: 625,150 - 180,550 to 625,250 - 180,450."""
    growth = parse_change("+180,500 vehicles", LEVEL, VEHICLES, WORDS)
    assert growth.value == Fraction(625_200, 444_700) * 100 - 100
    low, high = growth.bounds
    assert low is not None
    assert high is not None
    assert 625_150 / (1 + high / 100) == 444_600
    assert 625_250 / (1 + low / 100) == 444_800


def test_a_fall_in_units() -> None:
    """4,500 to 5,500 fewer than 625,150 to 625,250."""
    growth = parse_change("down 5,000 vehicles", LEVEL, VEHICLES, WORDS)
    assert growth.value == Fraction(625_200, 630_200) * 100 - 100
    assert growth.bounds.high == Fraction(625_250, 629_750) * 100 - 100
    assert growth.bounds.low == Fraction(625_150, 630_650) * 100 - 100


@pytest.mark.parametrize(
    ("text", "level", "said"),
    [
        ("+180,500 vehicles", None, "needs its level beside it"),
        ("+180,500 vehicles", parse_stated("over 625,200", VEHICLES), "need both bounds"),
        ("over +180,500 vehicles", LEVEL, "need both bounds"),
        ("+700,000 vehicles", LEVEL, "leaves nothing before it"),
        ("+180,500 trucks", LEVEL, "'trucks' is not a known unit"),
        ("+180,500", LEVEL, "is not a change"),
    ],
)
def test_a_change_in_units_that_cannot_be(text: str, level: Quantity | None, said: str) -> None:
    with pytest.raises(StatedError, match=said):
        parse_change(text, level, VEHICLES, WORDS)
