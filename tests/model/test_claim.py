"""Claims: orderings, ranks and first times are read; everything else is refused."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.claim import Comparison, RankClaim, Term, parse_claim
from evcli.model.period import Period, parse_period

Y2023, Y2024 = parse_period("2023"), parse_period("2024")

ids = st.from_regex(r"[a-z0-9][a-z0-9.-]{0,20}", fullmatch=True)
periods = st.builds(
    Period.of_months, st.integers(1900, 2100), st.integers(1, 12), st.integers(1, 24)
)
factors = st.one_of(
    st.just(Fraction(1)),
    st.decimals(min_value="0.000001", max_value=99999, places=6).map(Fraction),
    st.integers(1, 10**6).map(Fraction),
)
terms = st.builds(Term, ids, periods, factors)
operators = st.sampled_from([">", ">=", "<", "<=", "="])
comparisons = st.builds(Comparison, terms, operators, terms, st.none())


@pytest.mark.parametrize("op", [">", ">=", "<", "<=", "="])
def test_comparisons(op: str) -> None:
    assert parse_claim(f"a.b@2024 {op} c-d.e@2023") == Comparison(
        Term("a.b", Y2024), op, Term("c-d.e", Y2023)
    )


@pytest.mark.parametrize(
    ("factor", "value"),
    [("0.5", Fraction(1, 2)), ("2", Fraction(2)), ("1.25", Fraction(5, 4)), ("1", Fraction(1))],
)
def test_factors(factor: str, value: Fraction) -> None:
    claim = parse_claim(f"a@2024 > {factor} * b@2024")
    assert claim == Comparison(Term("a", Y2024), ">", Term("b", Y2024, value))


@pytest.mark.parametrize(
    "period",
    ["2024-H1", "2024-Q3", "2024-05", "2024-05-16", "2024-01/2024-05", "2023/2024"],
)
def test_every_kind_of_period(period: str) -> None:
    claim = parse_claim(f"a@{period} = b@2024")
    assert isinstance(claim, Comparison)
    assert claim.left.period == parse_period(period)


def test_first_times() -> None:
    claim = parse_claim("first(a.b@2024 > c.d@2024) since 2014")
    assert claim == Comparison(Term("a.b", Y2024), ">", Term("c.d", Y2024), parse_period("2014"))


@pytest.mark.parametrize(
    ("text", "ranking"),
    [
        ("rank(a.b@2024 among *.sales.*) = 1", RankClaim("a.b", Y2024, "*.sales.*", "=", 1)),
        ("rank(a.b@2024 among a.?) <= 5", RankClaim("a.b", Y2024, "a.?", "<=", 5)),
        ("rank(a.b@2024 growth among *) <= 10", RankClaim("a.b", Y2024, "*", "<=", 10, True)),
    ],
)
def test_rankings(text: str, ranking: RankClaim) -> None:
    assert parse_claim(text) == ranking


def test_blanks_around_mean_nothing() -> None:
    ordering = "a@2024 > b@2024"
    for text in (ordering, f"first({ordering}) since 2014", "rank(a@2024 among *) = 1"):
        assert parse_claim(f"  {text}\n") == parse_claim(text)


def written(term: Term) -> str:
    factor = Decimal(term.factor.numerator) / term.factor.denominator
    return f"{factor:f} * {term.series}@{term.period}"


@given(comparisons)
def test_a_comparison_is_read_as_it_is_written(comparison: Comparison) -> None:
    text = f"{written(comparison.left)} {comparison.op} {written(comparison.right)}"
    assert parse_claim(text) == comparison
    assert parse_claim(f"first({text}) since 2014") == comparison._replace(
        since=parse_period("2014")
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a claim: write A@2024 > B@2024"),
        ("a@2024", "is not a claim"),
        ("a@2024>b@2024", "is not a claim"),
        ("a@2024 == b@2024", "is not a claim"),
        ("a@2024 != b@2024", "is not a claim"),
        ("a@2024 > ", "is not a claim"),
        ("a > b", "'a' is not a figure: write SERIES@PERIOD"),
        ("a@2024 > b", "'b' is not a figure"),
        ("A@2024 > b@2024", "'A@2024' is not a figure"),
        ("a@2024 > b@2024 > c@2024", "'b@2024 > c@2024' is not a figure"),
        ("a@2024 > -2 * b@2024", "is not a figure"),
        ("a@2024 > 2 * 2 * b@2024", "is not a figure"),
        ("a@2024 > .5 * b@2024", "is not a figure"),
        ("a@2024 > \uff12 * b@2024", "is not a figure"),
        ("a@2024 > b@undated", "'b@undated' is not a figure"),
        ("a@2024-13 > b@2024", "'2024-13': there is no month 13"),
        ("a@24 > b@2024", "'24' is not a period"),
        ("first(a@2024 > b@2024)", "is not a claim"),
        ("first(a@2024) since 2014", "is not a claim"),
        ("first(a@2024 > b@2024) since then", "'then' is not a period"),
        ("first(a@2024 > b@2024) since undated", "a claim needs a date"),
        ("first(first(a@2024 > b@2024) since 2014) since 2014", "is not a claim"),
        ("first(rank(a@2024 among *) = 1) since 2014", "is not a claim"),
        ("rank(a@2024 among *) < 5", "is not a claim"),
        ("rank(a@2024 among *) = 0", "is not a claim"),
        ("rank(a@2024 among *) = 1.5", "is not a claim"),
        ("rank(a@2024 among *) = \uff11", "is not a claim"),
        ("rank(a@2024) = 1", "is not a claim"),
        ("rank(a@2024-13 among *) = 1", "there is no month 13"),
        ("rank(a@2024 among *) = " + "9" * 5000, "is not a claim"),
        ("a@2024 > " + "9" * 5000 + " * b@2024", "is not a figure"),
    ],
)
def test_what_is_no_claim(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_claim(text)
    assert message in str(caught.value)


PIECES = [
    "a.b@2024",
    "c@2024-13",
    "a@undated",
    " ",
    ">",
    "<=",
    "=",
    "*",
    "0.5",
    "first(",
    "rank(",
    ")",
    " since ",
    "2014",
    " among ",
    " growth",
    "1",
    "@",
    "\u0663",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=9).map("".join)))
def test_any_text_is_a_claim_or_a_claim_error(text: str) -> None:
    with suppress(ValueError):
        parse_claim(text)
