"""Families of series and what facts say of them, as rows over unknown true values.

A flow is a history: what had come together by the end of each month. A window is the difference
of two such ends, so windows of any length hang together; no month is below zero. A window that is
not made of whole months, and every stock, price, index or capacity, is an unknown of its own.
Only the month ends that some statement (or the question) names become unknowns: between them
any history that fits can be drawn as a straight line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from evcli.core.closure.links import Link, components, links, only_among
from evcli.core.closure.rows import Form, Kind, Row, statement_id
from evcli.model.bounds import Bounds
from evcli.model.fact import Fact, Rank, Series, Status
from evcli.model.period import Period, PeriodError
from evcli.model.stated import Quantity
from evcli.model.vocabulary import MetricKind, Vocabulary

_DURATION = re.compile(r"P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?")
_ONE = Fraction(1)


class Bases(StrEnum):
    """What a stated growth says of the window that it is measured against.

    A release restates the past: its growth rates speak of bases as they were restated then.
    """

    UNSTATED = "unstated"  # growth binds the base only where no fact states the base itself
    BOUND = "bound"  # growth always binds the base as all other facts state it
    RESTATED = "restated"  # a base that an older release states is another unknown, as restated


@dataclass(frozen=True, slots=True)
class Window:
    """A series over a period; ``vintage`` names the release that restated it, if one did."""

    series: str
    period: Period
    vintage: str = ""

    def __str__(self) -> str:
        return f"{self.series}@{self.period}" + (f" in {self.vintage}" if self.vintage else "")


@dataclass(frozen=True, slots=True)
class Assertion:
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
        self._number(family, every)
        for each in family.assertions:
            self._state(each)
        self._not_negative()
        for link in family.links:
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
        ties = [(link.whole, *link.parts) for link in family.links]
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


def families(
    facts: Iterable[Fact],
    series: Mapping[str, Series],
    words: Vocabulary,
    *,
    bases: Bases = Bases.UNSTATED,
    disputed: Collection[tuple[str, Period]] = (),
    include_deprecated: bool = False,
) -> list[Family]:
    """Sort *facts* into families and turn what they say into assertions.

    Facts that are deprecated (unless asked for), forecast or undated stay out; so does everything
    said of a *disputed* window. One publisher is never mixed with another.
    """
    by_series: dict[str, list[Fact]] = {}
    left_out: dict[str, str] = {}
    for fact in facts:
        reason = _why_not(fact, disputed, include_deprecated)
        if reason:
            left_out[fact.id] = reason
        elif fact.series in series:
            by_series.setdefault(fact.series, []).append(fact)
    shares = {
        each.id: (each.part, each.whole)
        for each in series.values()
        if _is_share(each, series)
    }
    found = links(series, words)
    ties = [(share, *sides) for share, sides in shares.items()]
    ties += [(link.whole, *link.parts) for link in found]
    flows = frozenset(
        each.id for each in series.values()
        if each.metric in words.metrics and words.metrics[each.metric].kind is MetricKind.FLOW
    )  # fmt: skip
    result = []
    for group in components(list(series), ties):
        spoken = [fact for each in group for fact in by_series.get(each, ())]
        if not spoken:
            continue
        reader = _Reader(spoken, {id_: shares[id_] for id_ in group if id_ in shares}, flows, bases)
        assertions = tuple(reader.assertions())
        members = {each: series[each] for each in group if each not in shares}
        unused = reader.unused | {
            fact: reason for fact, reason in left_out.items() if fact.split("@")[0] in group
        }
        inside = tuple(only_among(found, set(members)))
        result.append(
            Family(members, flows & members.keys(), assertions, inside, unused, reader.shares)
        )
    return result


class _Reader:
    """Turns the facts of one family into assertions."""

    def __init__(
        self,
        facts: Sequence[Fact],
        shares: Mapping[str, tuple[str, str]],
        flows: Collection[str],
        bases: Bases,
    ) -> None:
        self._facts = facts
        self.shares = shares
        self._flows = flows
        self._bases = bases
        self.unused: dict[str, str] = {}
        self._levels: dict[tuple[str, Period], list[Fact]] = {}
        for fact in facts:
            if fact.quantity is not None:
                self._levels.setdefault((fact.series, fact.period), []).append(fact)

    def assertions(self) -> Iterator[Assertion]:
        """Each different thing said, once; an echo of one origin adds nothing."""
        seen: dict[tuple[object, ...], str] = {}
        for fact in self._facts:
            for each in self._of(fact):
                key = (each.kind, each.window, each.base, each.bounds, fact.origin)
                first = seen.setdefault(key, each.statement)
                if first == each.statement:
                    yield each
                else:
                    self.unused[each.statement] = f"repeats {first}"

    def _of(self, fact: Fact) -> Iterator[Assertion]:
        window = Window(fact.series, fact.period)
        share = self.shares.get(fact.series)
        if fact.quantity is not None:
            if share is None:
                yield Assertion(
                    fact.id, Kind.LEVEL, window, None, fact.quantity.bounds, fact.quantity.value
                )
            else:
                part, whole = (Window(each, fact.period) for each in share)
                bounds, value = _factor(fact.quantity, Fraction(0))
                yield Assertion(fact.id, Kind.SHARE, part, whole, bounds, value)
        for kind, quantity, months in self._changes(fact):
            statement = statement_id(fact.id, kind)
            if share is not None:
                self.unused[statement] = "the change of a share is no linear constraint"
                continue
            base = self._base(fact, statement, months)
            if base is not None:
                bounds, value = _factor(quantity, _ONE)
                yield Assertion(statement, kind, window, base, bounds, value)

    def _changes(self, fact: Fact) -> Iterator[tuple[Kind, Quantity, int]]:
        if fact.yoy is not None:
            yield Kind.YOY, fact.yoy, 12
        if fact.mom is not None:
            if fact.series in self._flows and fact.period.months != 1:
                self.unused[statement_id(fact.id, Kind.MOM)] = "the window is no month"
            else:
                yield Kind.MOM, fact.mom, 1
        if fact.change is not None:
            match = _DURATION.fullmatch(fact.change.over)
            months = 12 * int(match[1] or 0) + int(match[2] or 0) if match else 0
            if months:
                yield Kind.CHANGE, fact.change.quantity, months
            else:
                statement = statement_id(fact.id, Kind.CHANGE)
                self.unused[statement] = f"no whole months: {fact.change.over}"

    def _base(self, fact: Fact, statement: str, months: int) -> Window | None:
        try:
            period = fact.period.shift(-months)
        except PeriodError as error:
            self.unused[statement] = str(error)
            return None
        stated = self._levels.get((fact.series, period), ())
        if self._bases is Bases.BOUND or not stated:
            return Window(fact.series, period)
        if self._bases is Bases.UNSTATED:
            self.unused[statement] = "the base is stated itself: a check, no way to derive it"
            return None
        if any(other.source == fact.source or other.published == fact.published != ""
               for other in stated):  # fmt: skip
            return Window(fact.series, period)
        return Window(fact.series, period, fact.published or fact.source)


def _why_not(
    fact: Fact, disputed: Collection[tuple[str, Period]], include_deprecated: bool
) -> str:
    if fact.period.is_undated:
        return "undated"
    if fact.status is Status.FORECAST:
        return "only a plan or target"
    if fact.rank is Rank.DEPRECATED and not include_deprecated:
        return "deprecated"
    if (fact.series, fact.period) in disputed:
        return "disputed: its sources exclude each other"
    return ""


def _is_share(series: Series, others: Mapping[str, Series]) -> bool:
    part, whole = others.get(series.part), others.get(series.whole)
    if part is None or whole is None:
        return False
    same_unit = part.unit == whole.unit and part.metric == whole.metric
    return same_unit and series.publisher == part.publisher == whole.publisher


def _factor(percent: Quantity, plus: Fraction) -> tuple[Bounds, Fraction | None]:
    """Percent as a factor of the base; growth adds one to it."""

    def factor(number: Fraction | None) -> Fraction | None:
        return None if number is None else number / 100 + plus

    bounds = percent.bounds
    return Bounds(factor(bounds.low), factor(bounds.high)), factor(percent.value)


def _minus(form: Form, other: Form, times: Fraction) -> dict[int, Fraction]:
    result = dict(form)
    for at, value in other.items():
        result[at] = result.get(at, Fraction(0)) - times * value
    return result
