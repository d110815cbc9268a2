"""The little language of claims: orderings, ranks and first times.

>>> parse_claim("first(a.b@2024 > c.d@2024) since 2014").right
Term(series='c.d', period=Period('2024'), factor=Fraction(1, 1))
>>> parse_claim("rank(a.b@2025 growth among *.sales.*) <= 5").limit
5
"""

import re
from fractions import Fraction

from evcli.model.period import Period, parse_period
from evcli.tuples import NamedTuple

_ID = r"[a-z0-9.-]+"
_FIGURE = rf"(?P<series>{_ID})@(?P<period>[0-9HQ/-]+)"
_TERM = re.compile(rf"(?:(?P<factor>[0-9]{{1,12}}(?:\.[0-9]{{1,12}})?) \* )?{_FIGURE}")
_COMPARISON = re.compile(r"(?P<left>.+?) (?P<op>>=|<=|>|<|=) (?P<right>.+)")
_FIRST = re.compile(r"first\((?P<inner>.+)\) since (?P<since>\S+)")
_RANK = re.compile(
    rf"rank\({_FIGURE}(?P<growth> growth)? among (?P<among>[a-z0-9.*?-]+)\)"
    r" (?P<op>=|<=) (?P<limit>[1-9][0-9]{0,5})"
)


class Term(NamedTuple):
    """A figure, times a factor."""

    series: str
    period: Period
    factor: Fraction = Fraction(1)


class Comparison(NamedTuple):
    """An ordering of two figures; with ``since`` it is said to hold for the first time."""

    left: Term
    op: str
    right: Term
    since: Period | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """The figures that it names."""
        return self.left, self.right


class RankClaim(NamedTuple):
    """A figure (or its growth) said to be among the largest of the series that match a glob."""

    series: str
    period: Period
    among: str
    op: str
    limit: int
    by_growth: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """The figure that it names."""
        return (Term(self.series, self.period),)


ParsedClaim = Comparison | RankClaim


def parse_claim(text: str) -> ParsedClaim:
    """Read what a claim says; ValueError with the forms allowed."""
    claim = text.strip()
    if match := _RANK.fullmatch(claim):
        series, period, growth, among, op, limit = match.groups()
        return RankClaim(series, _period(period), among, op, int(limit), bool(growth))
    if match := _FIRST.fullmatch(claim):
        return _comparison(match["inner"])._replace(since=_period(match["since"]))
    return _comparison(claim)


def _comparison(text: str) -> Comparison:
    match = _COMPARISON.fullmatch(text)
    if match is None or text.startswith(("rank(", "first(")):
        forms = "A@2024 > B@2024, first(A@2024 > B@2024) since 2014, or rank(A@2024 among GLOB) = 1"
        raise ValueError(f"{text!r} is not a claim: write {forms}")
    return Comparison(_term(match["left"]), match["op"], _term(match["right"]))


def _term(text: str) -> Term:
    match = _TERM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a figure: write SERIES@PERIOD, or 0.5 * SERIES@PERIOD")
    return Term(match["series"], _period(match["period"]), Fraction(match["factor"] or 1))


def _period(text: str) -> Period:
    period = parse_period(text)
    if period.is_undated:
        raise ValueError("a claim needs a date: nothing can be said of an undated figure")
    return period
