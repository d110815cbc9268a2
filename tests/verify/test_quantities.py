"""Numbers in running text: what is found, and what it is taken for."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from evcli.text.mentions import Form, find_mentions

from .accounts import DateParts, dates_in

N, NTH, P, X, D, L, V = (
    Form.NUMBER,
    Form.ORDINAL,
    Form.FRACTION,
    Form.FACTOR,
    Form.DATE,
    Form.LABEL,
    Form.VAGUE,
)

# text: form, value, unit, side, sign
ONE = {
    "3.43 million units": (N, 3_430_000, "", "", 0),
    "102,000 cars": (N, 102_000, "", "", 0),
    "version 2.0": (N, 2, "", "", 0),
    "83,659": (N, 83_659, "", "", 0),
    "3 p.m.": (N, 3, "", "", 0),
    "US$16 billion": (N, 16 * 10**9, "USD", "", 0),
    "a sum of$16 billion": (N, 16 * 10**9, "USD", "", 0),
    "$89.2 billion": (N, 89_200_000_000, "USD", "", 0),
    "$1.5B": (N, 1_500_000_000, "USD", "", 0),
    "€4bn": (N, 4 * 10**9, "EUR", "", 0),
    "RMB 5 billion": (N, 5 * 10**9, "CNY", "", 0),
    "5 billion yuan": (N, 5 * 10**9, "CNY", "", 0),
    "10,000 taels of silver": (N, 10_000, "tael", "", 0),
    "80 percent": (N, 80, "percent", "", 0),
    "80 per cent": (N, 80, "percent", "", 0),
    "80%": (N, 80, "percent", "", 0),
    "3 percentage points": (N, 3, "points", "", 0),
    # number words
    "nine ministries": (N, 9, "", "", 0),
    "twenty-five": (N, 25, "", "", 0),
    "two hundred and fifty": (N, 250, "", "", 0),
    "a million": (N, 10**6, "", "", 0),
    "half a million": (N, 500_000, "", "", 0),
    "a dozen": (N, 12, "", "", 0),
    "none built at home": (N, 0, "", "", 0),
    "zero-emission": (N, 0, "", "", 0),
    "one of the makers": (N, 1, "", "", 0),
    "the five-month tally": (N, 5, "", "", 0),
    "hundreds of models": (V, None, "", "", 0),
    "dozens": (V, None, "", "", 0),
    # qualifiers
    "over ninety years": (N, 90, "", "low", 0),
    "more than 60": (N, 60, "", "low", 0),
    "exceeding 200,000": (N, 200_000, "", "low", 0),
    "60 or more": (N, 60, "", "low", 0),
    "60+ markets": (N, 60, "", "low", 0),
    "almost $3 billion": (N, 3 * 10**9, "USD", "high", 0),
    "up to 5%": (N, 5, "percent", "high", 0),
    "about 38,000": (N, 38_000, "", "about", 0),
    "approximately 74%": (N, 74, "percent", "about", 0),
    "over the $15 billion": (N, 15 * 10**9, "USD", "", 0),
    # directions
    "up 7.9%": (N, Fraction(79, 10), "percent", "", 1),
    "+101%": (N, 101, "percent", "", 1),
    "-5%": (N, 5, "percent", "", -1),
    "(−5.2%)": (N, Fraction(26, 5), "percent", "", -1),
    "an increase of 38.6%": (N, Fraction(193, 5), "percent", "", 1),
    "a 120% jump": (N, 120, "percent", "", 1),
    "rose by a more modest 27.4%": (N, Fraction(137, 5), "percent", "", 1),
    "a year-on-year decline of 3.2%": (N, Fraction(16, 5), "percent", "", -1),
    "shrank more than 5%": (N, 5, "percent", "low", -1),
    "5% lower": (N, 5, "percent", "", -1),
    "made up 74 percent": (N, 74, "percent", "", 0),
    "a share of 5% in growth markets": (N, 5, "percent", "", 0),
    # fractions and factors
    "nearly half of sales": (P, Fraction(1, 2), "", "high", 0),
    "a quarter": (P, Fraction(1, 4), "", "", 0),
    "two-thirds": (P, Fraction(2, 3), "", "", 0),
    "fell by a third.": (P, Fraction(1, 3), "", "", -1),
    "nearly doubled": (X, 2, "", "high", 1),
    "near-doubling": (X, 2, "", "high", 1),
    "halved": (X, Fraction(1, 2), "", "", -1),
    "threefold": (X, 3, "", "", 1),
    "2.7 times": (X, Fraction(27, 10), "", "", 1),
    "x2.7": (X, Fraction(27, 10), "", "", 1),
    # ordinals
    "for the first time": (NTH, 1, "", "", 0),
    "First, the standards": (NTH, 1, "", "", 0),
    "Secondly": (NTH, 2, "", "", 0),
    "a second-generation car": (NTH, 2, "", "", 0),
    "the 21st": (NTH, 21, "", "", 0),
    "twenty-first": (NTH, 21, "", "", 0),
    "a third plant": (NTH, 3, "", "", 0),
    "the 28.59 millionth": (NTH, 28_590_000, "", "", 0),
    # names and labels
    "the T03": (L, None, "", "", 0),
    "3C": (L, None, "", "", 0),
    "at 10:30": (L, None, "", "", 0),
    "Phase II": (L, None, "", "", 0),
    "9" * 40: (L, None, "", "", 0),
    # Chinese
    "1.02亿辆": (N, 102_000_000, "", "", 0),
    "6.2万": (N, 62_000, "", "", 0),
    "１２万": (N, 120_000, "", "", 0),
    "超过20万辆": (N, 200_000, "", "low", 0),
    "20多万辆": (N, 200_000, "", "low", 0),
    "约38元": (N, 38, "CNY", "about", 0),
    "九个部门": (N, 9, "", "", 0),
    "同比增长64.6%": (N, Fraction(323, 5), "percent", "", 1),
    "下降了5%": (N, 5, "percent", "", -1),
    "百分之三十": (N, 30, "percent", "", 0),
    "三分之一": (P, Fraction(1, 3), "", "", 0),
    "近半数": (P, Fraction(1, 2), "", "high", 0),
    "第一座": (NTH, 1, "", "", 0),
    "翻番": (X, 2, "", "", 1),
}


@pytest.mark.parametrize("text", ONE)
def test_one_number(text: str) -> None:
    found = find_mentions(text)
    assert [(m.form, m.value, m.unit, m.side, m.sign) for m in found] == [ONE[text]]


DATES = {
    "in 2025": DateParts(year=2025),
    "mid-2024": DateParts(year=2024),
    "the 1990s": DateParts(year=1990),
    "in May": DateParts(month=5),
    "May 2025": DateParts(year=2025, month=5),
    "May 16": DateParts(month=5, day=16),
    "August 18,2025": DateParts(year=2025, month=8, day=18),
    "16 May 2025": DateParts(year=2025, month=5, day=16),
    "2025-05-16": DateParts(year=2025, month=5, day=16),
    "/2025/12/": DateParts(year=2025, month=12),
    "05/23 2025": DateParts(year=2025, month=5, day=23),
    "Q1 2026": DateParts(year=2026, quarter=1),
    "the third quarter": DateParts(quarter=3),
    "first half of 2025": DateParts(year=2025, half=1),
    "H2": DateParts(half=2),
    "the first five months": DateParts(months=5),
    "2025年5月16日": DateParts(year=2025, month=5, day=16),
    "上半年": DateParts(half=1),
}


@pytest.mark.parametrize("text", DATES)
def test_one_date(text: str) -> None:
    found = find_mentions(text)
    dates = dates_in(text)
    assert [(m.form, dates[m.start, m.end][0]) for m in found] == [(D, DATES[text])]


SEVERAL = {
    "10 billion baht($300 million)": ["10 billion baht", "$300 million"],
    "In May 212,000 cars": ["May", "212,000"],
    "up 7.9% to 2.49 million": ["7.9% (up)", "2.49 million"],
    "rose 5% and 6%, or 7 a day": ["5% (up)", "6% (up)", "7"],
    "fell 5%. Growth of 6%": ["5% (down)", "6% (up)"],
    "January to May": ["January", "May"],
    "nearly 60 and about 70": ["nearly 60", "about 70"],
    "they may march on": [],
    "someone, often and alone": [],
    "统一的一个市场": [],
    "": [],
}


@pytest.mark.parametrize("text", SEVERAL)
def test_several_numbers(text: str) -> None:
    assert [mention.short for mention in find_mentions(text)] == SEVERAL[text]


RANGES: dict[str, list[tuple[Fraction | int | None, str]]] = {
    "$2 to 3 billion": [(2 * 10**9, "USD"), (3 * 10**9, "USD")],
    "2–3 billion baht": [(2 * 10**9, "THB"), (3 * 10**9, "THB")],
    "5 to 10 percent": [(5, "percent"), (10, "percent")],
    "between $2 and $3 billion": [(2 * 10**9, "USD"), (3 * 10**9, "USD")],
    "grew 5% to 3 million": [(5, "percent"), (3 * 10**6, "")],
    "2 plants and 3 million cars": [(2, ""), (3 * 10**6, "")],
}


@pytest.mark.parametrize("text", RANGES)
def test_ends_of_a_range_share_what_is_said_once(text: str) -> None:
    assert [(mention.value, mention.unit) for mention in find_mentions(text)] == RANGES[text]


def test_the_text_of_a_number_is_the_text_itself() -> None:
    text = "sold １２０，０００ or\u00a0US$\u00a02\u00a0billion"
    for mention in find_mentions(text):
        assert text[mention.start : mention.end] == mention.text


def test_a_pack_brings_words_for_its_currencies() -> None:
    assert [m.unit for m in find_mentions("3 crowns", {"crown": "CZK"})] == ["CZK"]


@pytest.mark.parametrize(
    "piece",
    ["a", " ", "$", "9", "hundred ", "1.", "-", "三", "up ", "10:", "a1", "nearly ", "half "],
)
def test_no_text_is_slow(piece: str) -> None:
    begun = time.process_time()
    find_mentions(piece * (100_000 // len(piece)))
    assert time.process_time() - begun < 10
