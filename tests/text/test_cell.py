"""A number in a cell is read whole or refused; in a text nothing passes that is a part of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evcli.model.quantity import Bounds
from evcli.model.vocabulary import Unit, UnitKind
from evcli.text.cell import read_cell, read_change
from evcli.text.mentions import find_mentions, style
from evcli.text.stated import StatedError, parse_change, parse_stated

CARS = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles", "cars", "辆"))
DOLLARS = Unit("USD", "US dollars", UnitKind.MONEY, ("dollars",))
PERCENT = Unit("percent", "percent", UnitKind.PERCENT, ("percent",))
WORDS = {word: unit.id for unit in (CARS, DOLLARS, PERCENT) for word in (unit.id, *unit.words)}


def bounds(cell: str, unit: Unit = CARS, language: str = "", mark: str = "") -> Bounds:
    return parse_stated(read_cell(cell, unit, WORDS, style(language, mark)), unit).bounds


# the cell, and the bounds that its words allow: half its last digit each way (of a count without a
# multiplier half its last digit that is not 0), a whole one for about
READ = {
    "443 001": (443_001, 443_001),
    "443\u202f001 cars": (443_001, 443_001),
    "1'234'567": (1_234_567, 1_234_567),
    "12,34,567": (1_234_567, 1_234_567),
    "1.234.567": (1_234_567, 1_234_567),
    "2.49 million": (2_485_000, 2_495_000),
    "1,5 Mio": (1_450_000, 1_550_000),
    "1.646 million": (1_645_500, 1_646_500),
    "1.646 Millionen": (1_645_500_000, 1_646_500_000),  # the point groups thousands in German
    "2,5 млн": (2_450_000, 2_550_000),
    "3,2 juta": (3_150_000, 3_250_000),
    "34 lakh": (3_350_000, 3_450_000),
    "5 crore": (45_000_000, 55_000_000),
    "12萬": (115_000, 125_000),
    "1亿2000万辆": (115_000_000, 125_000_000),  # to ten million: zeros say nothing
    "3万5千": (34_500, 35_500),
    "21万2千5百": (212_450, 212_550),
    "12억 3456만": (1_234_555_000, 1_234_565_000),
    "1億2345万6789": (123_456_789, 123_456_789),
    "212 Tsd.": (211_500, 212_500),
    "1e6": (500_000, 1_500_000),
    "20多万辆": (200_000, None),
    "249 wan": (2_485_000, 2_495_000),
    "1.2e6": (1_150_000, 1_250_000),
    "2.1 x 10^5": (205_000, 215_000),
    "4.43e2": (443, 443),  # written to the unit, and it does not end in 0
    "1e13": (5 * 10**12, 15 * 10**12),
    ">212,000": (212_000, None),
    "212,000+": (212_000, None),
    "212,000 cars or more": (212_000, None),
    "< 212,000": (None, 212_000),
    "~212,000": (211_000, 213_000),
    "212,000左右": (211_000, 213_000),
    "443,001-450,000": (443_001, 450_000),
    "between 440,000 and 450,000": (440_000, 450_000),
    "12–15 thousand": (12_000, 15_000),
    "443,000 ± 500": (442_500, 443_500),
    "443,001 [3]": (443_001, 443_001),
    "443,001*": (443_001, 443_001),
    "１２３，４５６": (123_456, 123_456),
}


@pytest.mark.parametrize("cell", READ)
def test_a_cell_that_is_understood_to_the_last_sign(cell: str) -> None:
    assert bounds(cell) == READ[cell]


OF_MONEY = {
    "USD 1.5bn": (1_450_000_000, 1_550_000_000),
    "$5m": (4_500_000, 5_500_000),
    "$4.4305e2": (Fraction("443.045"), Fraction("443.055")),
    "$1.5e-1": (Fraction("0.145"), Fraction("0.155")),
    "1.5m USD": (1_450_000, 1_550_000),
    "US$18.50": (Fraction("18.495"), Fraction("18.505")),
    "16 billion dollars": (15_500_000_000, 16_500_000_000),
    "1,5 Mrd. USD": (1_450_000_000, 1_550_000_000),
    "3 Mio. $": (2_500_000, 3_500_000),
    "1.234,50 $": (Fraction("1234.495"), Fraction("1234.505")),
    "$3-4bn": (3_000_000_000, 4_000_000_000),
}


@pytest.mark.parametrize("cell", OF_MONEY)
def test_a_cell_of_money(cell: str) -> None:
    assert bounds(cell, DOLLARS) == OF_MONEY[cell]


REFUSED = [
    *("-443,001", "(1,234)", "\N{MINUS SIGN}5", "+5", "-0.5 million"),  # levels have no sign
    *("In 2024: 443,001", "17 plants exported 443,001", "1) 443,001", "2 x 443,001", "3 + 4"),
    *("EUR 5 million (USD 5.4 million)", "from 12,000 to 15,000 cars"),
    *("5m", "5859 k", "5 mil", "5 Billion", "5 billones", "3兆", "1.234", "1,234 mln"),
    *(
        "not available (1)",
        "see note 3",
        "tbd 2031",
        "1_000",
        "1.2e6 million",
        "12.05.2024",
        "5,10,15",
        "1e99",
    ),
    *("€16bn", "160亿元", "12%", "3 percentage points", "first", "the 21st", "x2.7", "T03", ""),
    *("212,000 ± 5%", "10⁶", "5²", ".212 million", ",212", "1/2", "212.000", "12,34", "212 0000"),
    *("443,001 trucks", "roughly speaking 5", "12,345,67", "1.5", "9" * 31),
]


@pytest.mark.parametrize("cell", REFUSED)
def test_a_cell_of_which_something_is_left_over_is_refused(cell: str) -> None:
    with pytest.raises(StatedError):
        bounds(cell)


@pytest.mark.parametrize(
    ("cell", "language", "mark", "value"),
    [
        ("1.234", "de", "", 1_234),
        ("1.234", "", ",", 1_234),
        ("1,234 million", "", ",", 1_234_000),
        ("5 mil", "es", "", 5_000),
        ("5 mil", "en", "", 5_000_000),
        ("5 Billionen", "", "", 5 * 10**12),
        ("5 Billion", "en", "", 5 * 10**9),
        ("5m", "en", "", 5_000_000),
        ("1.646 millones", "es", "", 1_646_000_000),
        ("225 BİN", "tr", "", 225_000),
    ],
)
def test_a_language_or_a_mark_decides(cell: str, language: str, mark: str, value: int) -> None:
    stated = read_cell(cell, CARS, WORDS, style(language, mark))
    assert parse_stated(stated, CARS).value == value


@pytest.mark.parametrize(
    ("cell", "growth"),
    [("-3,2 %", "-3.2"), ("(5%)", "-5"), ("\N{MINUS SIGN}3.2%", "-3.2"), ("+7%", "7")],
)
def test_growth_keeps_its_sign(cell: str, growth: str) -> None:
    assert parse_change(read_change(cell)).value == Fraction(growth)


@pytest.mark.parametrize("cell", ["5%", "up from 12.1% to 14.5%", "3 pp", "+5"])
def test_what_is_no_growth_is_refused(cell: str) -> None:
    with pytest.raises(StatedError):
        read_change(cell)


GROUPINGS: dict[str, Callable[[str], str]] = {
    "comma": lambda text: text,
    "dots": lambda text: text.replace(",", "."),
    "spaces": lambda text: text.replace(",", " "),
    "no-break": lambda text: text.replace(",", "\u00a0"),
    "narrow": lambda text: text.replace(",", "\u202f"),
    "apostrophe": lambda text: text.replace(",", "'"),
    "none": lambda text: text.replace(",", ""),
}
MULTIPLIERS = {
    "": 1,
    " thousand": 1000,
    " million": 10**6,
    "bn": 10**9,
    " lakh": 10**5,
    " crore": 10**7,
    "万": 10**4,
    "萬": 10**4,
    "億": 10**8,
    " Mio": 10**6,
    " Mrd": 10**9,
    " тыс": 1000,
    " juta": 10**6,
    " mln": 10**6,
    "k": 1000,
    " mil": 1000,
    " billones": 10**12,
}
AROUND = (
    "{}",
    "over {}",
    "~{}",
    "{}+",
    "{} cars",
    "<{}",
    "({})",
    "-{}",
    "about {} [1]",
    "{}左右",
    "又{}",
)


@given(
    st.integers(0, 10**12),
    st.sampled_from(["", ".5", ".25", ".500", ".123", ".1234"]),
    st.sampled_from(list(GROUPINGS)),
    st.sampled_from([".", ","]),
    st.sampled_from(list(MULTIPLIERS)),
    st.sampled_from(AROUND),
    st.sampled_from(["", "de", "en"]),
)
def test_a_written_number_is_read_back_exactly_or_refused(
    whole: int, decimals: str, grouping: str, mark: str, multiplier: str, around: str, language: str
) -> None:
    assume(grouping != "comma" or mark == ".")
    assume(grouping != "dots" or mark == ",")
    assume({"en": ".", "de": ","}.get(language, mark) == mark)
    number = GROUPINGS[grouping](f"{whole:,}") + decimals.replace(".", mark)
    if multiplier == " mil" and language == "en":
        multiplier = " juta"
    cell = around.format(number + multiplier)
    meant = (whole + Fraction(f"0{decimals or '.0'}")) * MULTIPLIERS[multiplier]
    # a comma before decimals and an English word is no style, and the other way round neither
    mixed = mark == "," and multiplier in (
        " thousand",
        " million",
        "bn",
        " lakh",
        " crore",
        "万",
        "萬",
        "億",
    )
    assume(
        not (mixed or (mark == "." and multiplier in (" Mio", " Mrd", " тыс", " juta"))) or language
    )
    try:
        stated = read_cell(cell, CARS, WORDS, style(language, ""))
    except StatedError:
        return
    assert "-" not in cell
    assert "又" not in cell
    quantity = parse_stated(stated, CARS)
    alone = mark == "," and decimals in (".500", ".123") and whole < 1000 and not multiplier
    if (
        alone
        and not language
        and grouping in ("none", "spaces", "no-break", "narrow", "apostrophe")
    ):
        meant *= 1000  # 12,500 by itself groups thousands, as fact files have it
    assert quantity.value == meant
    assert quantity.bounds.contains(meant)


@given(
    st.integers(1, 10**9),
    st.sampled_from(list(GROUPINGS)),
    st.sampled_from(["", " thousand", " million", " lakh", "万"]),
    st.sampled_from(
        [
            "In May, {} vehicles were exported.",
            "出口{}辆。",
            "over {} cars",
            "({})",
            "{}-9,999,999,999",
        ]
    ),
    st.integers(1, 10**9),
)
def test_a_text_holds_the_number_in_any_grouping_and_no_part_of_it(
    number: int, grouping: str, multiplier: str, text: str, other: int
) -> None:
    assume(grouping != "dots" or not 1000 <= number < 10**6)  # of one dot nobody can tell
    written = GROUPINGS[grouping](f"{number:,}")
    found = find_mentions(text.format(written + multiplier))
    meant = number * MULTIPLIERS[multiplier]
    values = {value for each in found for value in each.values}
    is_year = grouping == "none" and 1800 <= number <= 2199
    if not is_year:
        assert meant in values
    pieces = [int(piece) for piece in f"{number:,}".split(",")]
    parts = {*pieces, number, other} - {meant, 9_999_999_999}
    assert not parts & (values if not is_year else values - {number})
