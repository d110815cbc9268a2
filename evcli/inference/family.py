"""Families of series and what facts say of them, as rows over unknown true values.

A part of a scope partition lies in its whole together with the other parts, without overlap; if
every part has a series they make up the whole.

A flow is a history: what had come together by the end of each month. A window is the difference
of two such ends, so windows of any length hang together; no month is below zero. A window that is
not made of whole months, and every stock, price, index or capacity, is an unknown of its own.
Only the month ends that some statement (or the question) names become unknowns: between them
any history that fits can be drawn as a straight line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from evcli.lp.rows import ConstraintKind, Form, Row
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Series
from evcli.model.vocabulary import MetricKind, Vocabulary

ADDITIVE = (MetricKind.FLOW, MetricKind.STOCK, MetricKind.CAPACITY)


class Link(NamedTuple):
    """The parts together never exceed the whole; with ``exact`` they are the whole."""

    whole: str
    parts: tuple[str, ...]
    exact: bool


def links(series: Mapping[str, Series], words: Vocabulary) -> list[Link]:
    """Every part-of relation between *series*, leaving out those that follow from others."""
    alike: dict[tuple[str, str, str, str], list[Series]] = {}
    for each in series.values():
        metric = words.metrics.get(each.metric)
        if metric is not None and metric.kind in ADDITIVE:
            key = (each.metric, each.unit, each.publisher, each.method)
            alike.setdefault(key, []).append(each)
    found: list[Link] = []
    for group in alike.values():
        if len(group) > 1:
            found += _of_scopes(group, words)
            found += _of_pairs(group, words)
    return list(dict.fromkeys(found))


def _of_scopes(group: Sequence[Series], words: Vocabulary) -> list[Link]:
    places = {(each.subject, each.destination, each.scope): each for each in group}
    found = []
    for whole in group:
        for partition in words.partitions:
            if partition.whole != whole.scope:
                continue
            parts = [
                places[whole.subject, whole.destination, scope].id
                for scope in partition.parts
                if (whole.subject, whole.destination, scope) in places
            ]
            if len(parts) > 1:
                exact = len(parts) == len(partition.parts)
                found.append(Link(whole.id, tuple(parts), exact))
    return found


def _of_pairs(group: Sequence[Series], words: Vocabulary) -> list[Link]:
    scopes = {each.scope: frozenset(words.scope_and_wholes(each.scope)) for each in group}
    subjects = {each.subject: frozenset(words.subject_and_groups(each.subject)) for each in group}
    reaches: dict[tuple[str, str], bool] = {}

    def lies_in(part: Series, whole: Series) -> bool:
        if whole.scope not in scopes[part.scope] or whole.subject not in subjects[part.subject]:
            return False
        pair = (part.destination, whole.destination)
        if pair not in reaches:
            reaches[pair] = words.reaches(*pair)
        return reaches[pair]

    above: dict[str, set[str]] = {}
    for part in group:
        above[part.id] = {
            whole.id
            for whole in group
            if whole.id != part.id and lies_in(part, whole) and not lies_in(whole, part)
        }
    return [
        Link(whole, (part,), exact=False)
        for part, wholes in above.items()
        for whole in sorted(wholes)
        if not any(whole in above[between] for between in wholes)
    ]


def components(series: Sequence[str], ties: Sequence[Sequence[str]]) -> list[list[str]]:
    """The series that hang together through *ties*, in the order given.

    >>> components(["a", "b", "c"], [("a", "c")])
    [['a', 'c'], ['b']]
    """
    leader = {each: each for each in series}

    def find(each: str) -> str:
        while leader[each] != each:
            leader[each] = leader[leader[each]]
            each = leader[each]
        return each

    for first, *others in ties:
        for other in others:
            leader[find(other)] = find(first)
    groups: dict[str, list[str]] = {}
    for each in series:
        groups.setdefault(find(each), []).append(each)
    return list(groups.values())


def needed(found: Sequence[Link], spoken: Collection[str]) -> list[Link]:
    """The links that bind the series *spoken* of, without series that nothing else ties down.

    A part that nothing is said of takes what the others leave, a whole that nothing is said of is
    as large as its parts: neither can make anything impossible.

    >>> needed([Link("all", ("nev", "ice"), True)], {"all", "nev"})
    [Link(whole='all', parts=('nev',), exact=False)]
    >>> needed([Link("all", ("nev", "ice"), True)], {"nev", "ice"})
    []
    """
    left = list(dict.fromkeys(found))
    while True:
        ties = Counter(each for link in left for each in (link.whole, *link.parts))
        after: dict[Link, None] = {}
        for link in left:
            parts = tuple(each for each in link.parts if each in spoken or ties[each] > 1)
            if parts and (link.whole in spoken or ties[link.whole] > 1):
                after[Link(link.whole, parts, link.exact and parts == link.parts)] = None
        if list(after) == left:
            return left
        left = list(after)


def only_among(found: Sequence[Link], ids: Collection[str]) -> list[Link]:
    """The links that remain when only the series *ids* are kept."""
    kept = []
    for link in found:
        parts = tuple(part for part in link.parts if part in ids)
        if link.whole in ids and parts:
            kept.append(Link(link.whole, parts, link.exact and parts == link.parts))
    return kept


_ONE = Fraction(1)
_ZERO = Fraction(0)


class Cell(NamedTuple):
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
    kind: ConstraintKind
    window: Cell
    base: Cell | None
    bounds: Bounds
    value: Fraction | None  # the point stated: a level, or a factor of the base


class WhyUnused(StrEnum):
    """Why a statement takes no part in its family."""

    UNDATED = "undated"
    PLANNED = "only a plan or target"
    DEPRECATED = "deprecated"
    DISPUTED = "sources exclude each other"
    REPEATED = "repeats another statement of the same origin"
    SHARE_CHANGE = "the change of a share is no linear constraint"
    BASE_STATED = "the base is stated itself: a check, no way to derive it"
    NOT_A_MONTH = "growth on the month before of a window that is no month"
    NO_MONTHS = "a change over what is no whole number of months"
    OUT_OF_RANGE = "the base lies before the first year"


class Unused(NamedTuple):
    """Why a statement is left out; ``repeats`` is the statement that says the same."""

    why: WhyUnused
    repeats: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Series that constrain each other, with all that facts say of them."""

    series: Mapping[str, Series]
    flows: frozenset[str]
    assertions: tuple[Assertion, ...]
    links: tuple[Link, ...]
    unused: Mapping[str, Unused] = field(default_factory=dict)  # by statement
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def statements(self) -> tuple[str, ...]:
        """Every statement that takes part, in order."""
        return tuple(dict.fromkeys(each.statement for each in self.assertions))

    def only(self, statements: Collection[str]) -> Family:
        """The same family with only these statements."""
        kept = tuple(each for each in self.assertions if each.statement in statements)
        return Family(self.series, self.flows, kept, self.links, self.unused, self.shares)

    def system(self, windows: Iterable[Cell] = ()) -> System:
        """The rows; *windows* that a question needs are expressible in its unknowns."""
        return System(self, windows)


class System:
    """The rows of a family and the numbering of its unknowns."""

    def __init__(self, family: Family, windows: Iterable[Cell]) -> None:
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

    def form(self, window: Cell) -> dict[int, Fraction]:
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

    def _number(self, family: Family, windows: Sequence[Cell]) -> None:
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
                    self.rows.append(Row(step, _ZERO, None, ConstraintKind.NOT_NEGATIVE))
            for (_, at), unknown in moments.items():
                if isinstance(at, Period):
                    self.rows.append(Row(((unknown, 1),), _ZERO, None, ConstraintKind.NOT_NEGATIVE))

    def _link(self, link: Link) -> None:
        wholes, parts = self.moments(link.whole), [self.moments(part) for part in link.parts]
        if link.exact:  # at each month end, which says the same of every window between two
            for at, whole in wholes.items():
                terms = ((whole, 1), *((part[at], -1) for part in parts))
                self.rows.append(Row(terms, _ZERO, _ZERO, ConstraintKind.PARTITION))
            return
        for vintage in dict.fromkeys(vintage for vintage, _ in wholes):
            steps = [self._steps(each, vintage) for each in (link.whole, *link.parts)]
            for whole_step, *part_steps in zip(*steps, strict=True):
                less = ((unknown, -sign) for step in part_steps for unknown, sign in step)
                self.rows.append(Row((*whole_step, *less), _ZERO, None, ConstraintKind.PART_OF))
        for key, whole in wholes.items():
            if isinstance(key[1], Period):
                terms = ((whole, 1), *((part[key], -1) for part in parts))
                self.rows.append(Row(terms, _ZERO, None, ConstraintKind.PART_OF))

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
