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
from typing import NamedTuple

from evcli.core.closure.links import Link, components, needed
from evcli.core.closure.rows import Form, Kind, Row
from evcli.model.bounds import Bounds
from evcli.model.fact import Series
from evcli.model.period import Period

_ONE = Fraction(1)


class Window(NamedTuple):
    """A series over a period; ``vintage`` names the release that restated it, if one did."""

    series: str
    period: Period
    vintage: str = ""

    def __str__(self) -> str:
        return f"{self.series}@{self.period}" + (f" in {self.vintage}" if self.vintage else "")


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
        self._ends: dict[tuple[str, str], list[int]] = {}
        self.rows: list[Row] = []
        every = list(windows)
        for each in family.assertions:
            every.append(each.window)
            if each.base is not None:
                every.append(each.base)
        self._links = needed(family.links, {each.series for each in every})
        self._number(family, every)
        for each in family.assertions:
            self._state(each)
        self._not_negative()
        for link in self._links:
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

    def histories(self) -> Iterator[list[int]]:
        """The unknowns of each history, in order; its zero at the start has none."""
        for (series, vintage), ends in self._ends.items():
            yield [self._unknowns[series, vintage, end] for end in ends[1:]]

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
        ties: list[tuple[str, ...]] = [(link.whole, *link.parts) for link in self._links]
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
        for (series, vintage), ends in self._ends.items():
            for index in range(1, len(ends)):
                form = self._step(series, vintage, ends, index)
                self.rows.append(Row.of(form, Fraction(0), None, Kind.NOT_NEGATIVE))
        for (_, _, at), unknown in self._unknowns.items():
            if isinstance(at, Period):
                self.rows.append(Row.of({unknown: _ONE}, Fraction(0), None, Kind.NOT_NEGATIVE))

    def _link(self, link: Link) -> None:
        kind = Kind.PARTITION if link.exact else Kind.PART_OF
        limit = Fraction(0) if link.exact else None
        for (series, vintage), ends in list(self._ends.items()):
            if series != link.whole:
                continue
            for index in range(1, len(ends)):
                form = self._step(series, vintage, ends, index)
                for part in link.parts:
                    form = _minus(form, self._step(part, vintage, ends, index), _ONE)
                self.rows.append(Row.of(form, Fraction(0), limit, kind))
        for (series, vintage, at), unknown in list(self._unknowns.items()):
            if series == link.whole and isinstance(at, Period):
                form = {unknown: _ONE}
                for part in link.parts:
                    form[self._unknowns[part, vintage, at]] = -_ONE
                self.rows.append(Row.of(form, Fraction(0), limit, kind))

    def _step(
        self, series: str, vintage: str, ends: Sequence[int], index: int
    ) -> dict[int, Fraction]:
        form = {self._unknowns[series, vintage, ends[index]]: _ONE}
        if index > 1:
            form[self._unknowns[series, vintage, ends[index - 1]]] = -_ONE
        return form


def _minus(form: Form, other: Form, times: Fraction) -> dict[int, Fraction]:
    result = dict(form)
    for at, value in other.items():
        result[at] = result.get(at, Fraction(0)) - times * value
    return result
