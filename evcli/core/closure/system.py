"""Families of series and what facts say of them, as rows over unknown true values.

A flow is a history: what had come together by the end of each month. A window is the difference
of two such ends, so windows of any length hang together; no month is below zero. A window that is
not made of whole months, and every stock, price, index or capacity, is an unknown of its own.
Only the month ends that some statement (or the question) names become unknowns: between them
any history that fits can be drawn as a straight line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from evcli.core.closure.links import Link, components, needed
from evcli.core.closure.rows import Form, Kind, Row
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Series

_ONE = Fraction(1)
_ZERO = Fraction(0)


class Window(NamedTuple):
    """A series over a period; ``vintage`` names the release that restated it, if one did."""

    series: str
    period: Period
    vintage: str = ""

    def __str__(self) -> str:
        return f"{self.series}@{self.period}" + (f" in {self.vintage}" if self.vintage else "")


class History(NamedTuple):
    """A flow: the month end at which it is zero, and its later ends, each with its unknown."""

    series: str
    vintage: str
    start: int
    ends: Sequence[tuple[int, int]]


class Assertion(NamedTuple):
    """``low <= window <= high``, or with a base ``low * base <= window <= high * base``."""

    statement: str
    kind: Kind
    window: Window
    base: Window | None
    bounds: Bounds
    value: Fraction | None  # the point stated: a level, or a factor of the base


@dataclass(frozen=True, slots=True)
class Family:
    """Series that constrain each other, with all that facts say of them."""

    series: Mapping[str, Series]
    flows: frozenset[str]
    assertions: tuple[Assertion, ...]
    links: tuple[Link, ...]
    unused: Mapping[str, str] = field(default_factory=dict)  # statement -> why it is left out
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def statements(self) -> tuple[str, ...]:
        """Every statement that takes part, in order."""
        return tuple(dict.fromkeys(each.statement for each in self.assertions))

    def only(self, statements: Collection[str]) -> Family:
        """The same family with only these statements."""
        kept = tuple(each for each in self.assertions if each.statement in statements)
        return Family(self.series, self.flows, kept, self.links, self.unused, self.shares)

    def system(self, windows: Iterable[Window] = ()) -> System:
        """The rows; *windows* that a question needs are expressible in its unknowns."""
        return System(self, windows)


class System:
    """The rows of a family and the numbering of its unknowns."""

    def __init__(self, family: Family, windows: Iterable[Window]) -> None:
        self._flows = family.flows
        self._unknowns: dict[tuple[str, str, int | Period], int] = {}
        self._moments: dict[str, dict[tuple[str, int | Period], int]] = {}
        self._ends: dict[tuple[str, str], list[int]] = {}
        self.rows: list[Row] = []
        every = list(windows)
        for each in family.assertions:
            every.append(each.window)
            if each.base is not None:
                every.append(each.base)
        self.assertions = family.assertions
        self.links = needed(family.links, {each.series for each in every})
        self._number(family, every)
        for (series, vintage, at), unknown in self._unknowns.items():
            self._moments.setdefault(series, {})[vintage, at] = unknown
        for each in family.assertions:
            self._state(each)
        self._not_negative()
        for link in self.links:
            self._link(link)

    @property
    def size(self) -> int:
        """How many unknowns there are."""
        return len(self._unknowns)

    def form(self, window: Window) -> dict[int, Fraction]:
        """The window as a combination of unknowns; KeyError where the system lacks it."""
        span = window.period.month_span
        if window.series not in self._flows or span is None:
            return {self._unknowns[window.series, window.vintage, window.period]: _ONE}
        form: dict[int, Fraction] = {}
        for end, sign in ((span[1], _ONE), (span[0], -_ONE)):
            if end != self._ends[window.series, window.vintage][0]:
                form[self._unknowns[window.series, window.vintage, end]] = sign
        return form

    def histories(self) -> Iterator[History]:
        """Each history with the unknowns of its month ends."""
        for (series, vintage), ends in self._ends.items():
            if ends:
                unknowns = [(end, self._unknowns[series, vintage, end]) for end in ends[1:]]
                yield History(series, vintage, ends[0], unknowns)

    def moments(self, series: str) -> dict[tuple[str, int | Period], int]:
        """The unknowns of a series by vintage and month end (or period by itself)."""
        return self._moments.get(series, {})

    def _number(self, family: Family, windows: Sequence[Window]) -> None:
        ends: dict[tuple[str, str], set[int]] = {}
        points: dict[tuple[str, str], set[Period]] = {}
        for window in dict.fromkeys(windows):
            span = window.period.month_span
            key = (window.series, window.vintage)
            if window.series in self._flows and span is not None:
                ends.setdefault(key, set()).update(span)
            else:
                points.setdefault(key, set()).add(window.period)
        ties: list[tuple[str, ...]] = [(link.whole, *link.parts) for link in self.links]
        for members in components(list(family.series), ties):
            group = dict.fromkeys(members)
            for vintage in sorted({v for s, v in (*ends, *points) if s in group}):
                shared = sorted({e for s in group for e in ends.get((s, vintage), ())})
                moments = {p for s in group for p in points.get((s, vintage), ())}
                for series in group:
                    self._ends[series, vintage] = shared
                    for end in shared[1:]:
                        self._unknowns[series, vintage, end] = len(self._unknowns)
                    for moment in sorted(moments, key=lambda period: period.sort_key):
                        self._unknowns[series, vintage, moment] = len(self._unknowns)

    def _state(self, said: Assertion) -> None:
        low, high = said.bounds.low, said.bounds.high
        form = self.form(said.window)
        if said.base is None:
            self.rows.append(Row.of(form, low, high, said.kind, said.statement))
            return
        base = self.form(said.base)
        if low is not None and low > 0:
            row = Row.of(_minus(form, base, low), Fraction(0), None, said.kind, said.statement)
            self.rows.append(row)
        if high is not None:
            row = Row.of(_minus(form, base, high), None, Fraction(0), said.kind, said.statement)
            self.rows.append(row)

    def _not_negative(self) -> None:
        for series, moments in self._moments.items():
            for vintage in dict.fromkeys(vintage for vintage, _ in moments):
                for step in self._steps(series, vintage):
                    self.rows.append(Row(step, _ZERO, None, Kind.NOT_NEGATIVE))
            for (_, at), unknown in moments.items():
                if isinstance(at, Period):
                    self.rows.append(Row(((unknown, 1),), _ZERO, None, Kind.NOT_NEGATIVE))

    def _link(self, link: Link) -> None:
        wholes, parts = self.moments(link.whole), [self.moments(part) for part in link.parts]
        if link.exact:  # at each month end, which says the same of every window between two
            for at, whole in wholes.items():
                terms = ((whole, 1), *((part[at], -1) for part in parts))
                self.rows.append(Row(terms, _ZERO, _ZERO, Kind.PARTITION))
            return
        for vintage in dict.fromkeys(vintage for vintage, _ in wholes):
            steps = [self._steps(each, vintage) for each in (link.whole, *link.parts)]
            for whole_step, *part_steps in zip(*steps, strict=True):
                less = ((unknown, -sign) for step in part_steps for unknown, sign in step)
                self.rows.append(Row((*whole_step, *less), _ZERO, None, Kind.PART_OF))
        for key, whole in wholes.items():
            if isinstance(key[1], Period):
                terms = ((whole, 1), *((part[key], -1) for part in parts))
                self.rows.append(Row(terms, _ZERO, None, Kind.PART_OF))

    def _steps(self, series: str, vintage: str) -> list[tuple[tuple[int, int], ...]]:
        """From month end to month end of a history, each as terms of a row."""
        known = self.moments(series)
        ends = [known[vintage, end] for end in self._ends.get((series, vintage), ())[1:]]
        later = (((to, 1), (begin, -1)) for begin, to in pairwise(ends))
        return [((ends[0], 1),), *later] if ends else []


def _minus(form: Form, other: Form, times: Fraction) -> dict[int, Fraction]:
    result = dict(form)
    for at, value in other.items():
        result[at] = result.get(at, Fraction(0)) - times * value
    return result
