"""Families: series that constrain each other, with all that facts state of them.

Which facts a figure may be inferred from is decided first: those that the figures of their own
windows rest on. What remains agrees window by window.

A *statement* is one thing that a fact states: its level (named by the fact's id) or one of its
changes (the id with ``:yoy``, ``:mom`` or ``:change`` behind it).

A part of a scope partition lies in its whole together with the other parts, without overlap; if
every part has a series they make up the whole.

>>> statement_id("a@2024#s", "yoy"), fact_of("a@2024#s:yoy"), fact_of("a@2024#s")
('a@2024#s:yoy', 'a@2024#s', 'a@2024#s')
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import product
from operator import attrgetter

from evcli.core.resolve import resolve
from evcli.grouping import components, grouped
from evcli.model.figure import Stated
from evcli.model.period import Period, PeriodError
from evcli.model.quantity import Bounds, Quantity, known_number
from evcli.model.records import Fact, Rank, Series, Status
from evcli.model.vocabulary import MetricKind, Restatement, Vocabulary
from evcli.tuples import NamedTuple

_ONE, _HUNDRED, _PERCENT = Fraction(1), Fraction(100), Fraction(1, 100)
_ADDITIVE = (MetricKind.FLOW, MetricKind.STOCK, MetricKind.CAPACITY)


class Cell(NamedTuple):
    """A series over a period."""

    series: str
    period: Period

    def __str__(self) -> str:
        return f"{self.series}@{self.period}"


Sum = tuple[tuple[Fraction, Cell], ...]  # each cell with its factor


class Objective(NamedTuple):
    """What is to be bounded: ``scale * over / under + shift``, with nothing under it a plain sum.

    A quotient cannot be part of another objective: ValueError.

    >>> from evcli.model.period import parse_period
    >>> months = (Cell("a", parse_period(text)) for text in ("2025-05", "2025-04"))
    >>> grown = Objective.growth(*map(Objective.of, months))
    >>> [str(cell) for cell in grown.cells], int(grown.scale), int(grown.shift)
    (['a@2025-05', 'a@2025-04'], 100, -100)
    """

    over: Sum
    under: Sum = ()
    scale: Fraction = _ONE
    shift: Fraction = Fraction(0)

    @classmethod
    def of(cls, cell: Cell) -> Objective:
        """One cell."""
        return cls(((_ONE, cell),))

    @classmethod
    def difference(cls, first: Objective, second: Objective) -> Objective:
        """One sum less another, such as a whole less a part of it."""
        return cls((*_plain(first), *((-factor, at) for factor, at in _plain(second))))

    @classmethod
    def total(cls, *parts: Objective) -> Objective:
        """Several sums together."""
        return cls(tuple(term for part in parts for term in _plain(part)))

    @classmethod
    def growth(cls, new: Objective, base: Objective) -> Objective:
        """Growth in percent."""
        return cls(_plain(new), _plain(base), _HUNDRED, -_HUNDRED)

    @classmethod
    def share(cls, part: Objective, whole: Objective) -> Objective:
        """A share in percent."""
        return cls(_plain(part), _plain(whole), _HUNDRED)

    @classmethod
    def ratio(cls, first: Objective, second: Objective) -> Objective:
        """A plain quotient."""
        return cls(_plain(first), _plain(second))

    def floored(self, bounds: Bounds) -> Bounds:
        """Without what lies below the least that it can be, since no cell is below zero.

        Bounds that lie there whole stay, to be told, and so do those of a difference.

        >>> from evcli.model.period import parse_period
        >>> june, may = (Objective.of(Cell("a", parse_period(f"2025-{at}"))) for at in ("06", "05"))
        >>> for each in (may, Objective.difference(june, may)):
        ...     print(*map(int, each.floored(Bounds(Fraction(-5), Fraction(7)))))
        0 7
        -5 7
        """
        below = bounds.high is not None and bounds.high < self.shift
        taken_off = any(factor < 0 for factor, _ in self.over)
        return bounds if below or taken_off else bounds.no_lower_than(self.shift)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that enters, once."""
        return tuple(dict.fromkeys(cell for _, cell in (*self.over, *self.under)))


def _plain(objective: Objective) -> Sum:
    if objective.under:
        raise ValueError("a quotient is no sum of cells")
    return objective.over


class ConstraintKind(StrEnum):
    """What a constraint is made from."""

    LEVEL = "level"
    YOY = "yoy"
    MOM = "mom"
    CHANGE = "change"
    SHARE = "share"


_CHANGES = (ConstraintKind.YOY, ConstraintKind.MOM, ConstraintKind.CHANGE)


def statement_id(fact: str, kind: str) -> str:
    """The name of what *fact* states in one of its keys; a level or share goes by the fact's id."""
    return f"{fact}:{kind}" if kind in _CHANGES else fact


def fact_of(statement: str) -> str:
    """The id of the fact that makes *statement*."""
    fact, colon, kind = statement.rpartition(":")
    return fact if colon and kind in _CHANGES else statement


class Constraint(NamedTuple):
    """``low <= cell <= high``, or with a base ``low * base <= cell <= high * base``."""

    statement: str
    kind: ConstraintKind
    cell: Cell
    base: Cell | None
    bounds: Bounds
    value: Fraction | None  # the point stated: a level, or a factor of the base

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cell and its base, if it has one."""
        return (self.cell,) if self.base is None else (self.cell, self.base)


@dataclass(frozen=True, slots=True)
class Family:
    """Series that constrain each other, with all that facts state of them.

    ``repeats`` has, by statement, others that say the same; ``months`` the month of
    the release behind each statement (:func:`release_months`), ``usual`` by series how
    far its releases usually restate each other.
    """

    series: Mapping[str, Series]
    flows: frozenset[str]
    constraints: tuple[Constraint, ...]
    links: tuple[Link, ...]
    repeats: Mapping[str, Sequence[str]]
    shares: Mapping[str, tuple[str, str]]
    months: Mapping[str, int]
    usual: Mapping[str, Restatement]

    @property
    def statements(self) -> tuple[str, ...]:
        """Every statement that takes part, in order."""
        return tuple(dict.fromkeys(each.statement for each in self.constraints))

    def only(self, statements: Collection[str]) -> Family:
        """The same family with only these statements."""
        kept = tuple(each for each in self.constraints if each.statement in statements)
        return replace(self, constraints=kept)


class Link(NamedTuple):
    """The parts together never exceed the whole; with ``exact`` they are the whole."""

    whole: str
    parts: tuple[str, ...]
    exact: bool


def links(series: Mapping[str, Series], words: Vocabulary) -> list[Link]:
    """Every part-of relation between *series*, leaving out those that follow from others."""
    additive = of_kind(series.values(), words, *_ADDITIVE)
    summed = (each for id_, each in series.items() if id_ in additive)
    found: list[Link] = []
    for group in grouped(summed, attrgetter("metric", "unit", "publisher", "method")).values():
        if len(group) > 1:
            found += _of_scopes(group, words)
            found += _of_pairs(group, words)
    return list(dict.fromkeys(found))


def _of_scopes(group: Sequence[Series], words: Vocabulary) -> list[Link]:
    places = {(each.subject, each.destination, each.scope): each.id for each in group}
    found = []
    for whole in group:
        for partition in words.partitions:
            if partition.whole == whole.scope:
                keys = [(whole.subject, whole.destination, scope) for scope in partition.parts]
                parts = tuple(places[key] for key in keys if key in places)
                if len(parts) > 1:
                    found.append(Link(whole.id, parts, exact=len(parts) == len(keys)))
    return found


def _of_pairs(group: Sequence[Series], words: Vocabulary) -> list[Link]:
    scopes = {each.scope: frozenset(words.scope_and_wholes(each.scope)) for each in group}
    subjects = {each.subject: frozenset(words.subject_and_groups(each.subject)) for each in group}
    of_facet = grouped(group, attrgetter("scope", "subject"))
    reaches = cache(words.reaches)

    def lies_in(part: Series, whole: Series) -> bool:
        if whole.scope not in scopes[part.scope] or whole.subject not in subjects[part.subject]:
            return False
        return reaches(part.destination, whole.destination)

    above = {
        part.id: {
            whole.id
            for facet in product(scopes[part.scope], subjects[part.subject])
            for whole in of_facet.get(facet, ())
            if lies_in(part, whole) and not lies_in(whole, part)
        }
        for part in group
    }
    return [
        Link(whole, (part,), exact=False)
        for part, wholes in above.items()
        for whole in sorted(wholes)
        if not any(whole in above[between] for between in wholes)
    ]


def needed(found: Sequence[Link], stated: Collection[str]) -> list[Link]:
    """The links that bind the series *stated*, without series that nothing else ties down.

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
            parts = tuple(each for each in link.parts if each in stated or ties[each] > 1)
            if parts and (link.whole in stated or ties[link.whole] > 1):
                after[Link(link.whole, parts, link.exact and parts == link.parts)] = None
        if list(after) == left:
            return left
        left = list(after)


_DURATION = re.compile(r"P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?")


def usable_facts(
    facts: Iterable[Fact], series: Mapping[str, Series]
) -> tuple[list[Fact], set[tuple[str, Period]]]:
    """The facts that :func:`families` may use of *series*, and the windows that are disputed.

    Rivals that exclude each other dispute their window; a release that a newer one of the same
    publisher replaced is out.
    """
    known = (fact for fact in facts if fact.series in series)
    windows = grouped(known, attrgetter("series", "period"))
    kept: list[Fact] = []
    disputed = set()
    for (id_, period), rivals in windows.items():
        if len(rivals) == 1:
            kept += rivals
            continue
        figures = resolve(series[id_], period, rivals)
        lineages = [each.lineage for each in figures if each.status != Status.FORECAST]
        if len(lineages) > 1:
            disputed.add((id_, period))
            kept += rivals
        elif lineages and isinstance(lineages[0], Stated):
            kept += lineages[0].facts
    return kept, disputed


def of_kind(series: Iterable[Series], words: Vocabulary, *kinds: MetricKind) -> frozenset[str]:
    """The ids of the series whose metric is of one of these kinds."""
    metrics = {id_ for id_, metric in words.metrics.items() if metric.kind in kinds}
    return frozenset(each.id for each in series if each.metric in metrics)


def families(
    facts: Iterable[Fact],
    series: Mapping[str, Series],
    words: Vocabulary,
    *,
    bind_bases: bool = False,
    disputed: Collection[tuple[str, Period]] = (),
    audited: bool = False,
) -> list[Family]:
    """Sort *facts* into families and turn what they state into constraints.

    Facts that are deprecated, forecast or undated stay out, and series that may be below zero; so
    does everything stated of a *disputed* window. One publisher is never mixed with another. A
    release restates the past, so growth constrains its base only where no fact states that; with
    *bind_bases* it always does.
    What two facts of one origin state alike counts once. To be *audited* are deprecated facts,
    too, and what facts of any origin state alike then counts once.
    """
    every = list(facts)
    months = release_months(every)
    # of some figure that is or may be below zero no row here holds
    signed = {e.series for e in every if e.quantity and (known_number(e.quantity) or 0) < 0}
    signed |= of_kind(series.values(), words, MetricKind.BALANCE, MetricKind.RATE)
    taken = (
        fact
        for fact in every
        if fact.series in series
        and fact.series not in signed
        and not fact.period.is_undated
        and fact.status is not Status.FORECAST
        and (audited or fact.rank is not Rank.DEPRECATED)
        and (fact.series, fact.period) not in disputed
    )
    by_series = grouped(taken, attrgetter("series"))
    alike_in = attrgetter("unit", "metric", "publisher")
    shares = {
        id_: (each.part, each.whole)
        for id_, each in series.items()
        if (part := series.get(each.part)) and (whole := series.get(each.whole))
        if alike_in(part) == alike_in(whole) and part.publisher == each.publisher
    }
    found = links(series, words)
    ties: list[tuple[str, ...]] = [(share, *sides) for share, sides in shares.items()]
    ties += [(link.whole, *link.parts) for link in found]
    flows = of_kind(series.values(), words, MetricKind.FLOW)  # these add up over time
    result = []
    for group in components(list(series), ties):
        of_group = [fact for each in group for fact in by_series.get(each, ())]
        if not of_group:
            continue
        own_shares = {id_: shares[id_] for id_ in group if id_ in shares}
        levels = {Cell(each.series, each.period) for each in of_group if each.quantity is not None}
        unbound = set() if bind_bases else levels
        alike: dict[tuple[object, ...], list[Constraint]] = {}
        for fact in of_group:
            for each in _statements(fact, own_shares.get(fact.series), flows, unbound):
                said_by = "" if audited else fact.origin
                key = (each.kind, each.cell, each.base, each.bounds, said_by)
                alike.setdefault(key, []).append(each)
        constraints = tuple(first for first, *_ in alike.values())
        repeats = {
            first.statement: [each.statement for each in same]
            for first, *same in alike.values()
            if same
        }
        members = {each: series[each] for each in group if each not in shares}
        released = {fact.id: months[fact.origin] for fact in of_group}
        result.append(
            Family(
                members,
                flows & members.keys(),
                constraints,
                tuple(link for link in found if link.whole in members),
                repeats,
                own_shares,
                {each.statement: released[fact_of(each.statement)] for each in constraints},
                {
                    each: words.usual_restatement(series[each].publisher, series[each].metric)
                    for each in members
                },
            )
        )
    return result


def release_months(facts: Iterable[Fact]) -> dict[str, int]:
    """The month of each release, by origin: the last that it counts, whatever it plans."""
    months: dict[str, int] = {}
    for fact in facts:
        counted = 0 if fact.status is Status.FORECAST else last_month(fact.period)
        months[fact.origin] = max(months.get(fact.origin, 0), counted)
    return months


def last_month(period: Period) -> int:
    """The month in which a period ends, counted from the year 0; 0 for one that is undated.

    >>> from evcli.model.period import parse_period
    >>> last_month(parse_period("2025-H1")) == 12 * 2025 + 6
    True
    """
    if period.end is None:
        return 0
    last = period.end - timedelta(days=1)  # the end is the day after
    return last.year * 12 + last.month


def _statements(
    fact: Fact, share: tuple[str, str] | None, flows: Collection[str], unbound: Collection[Cell]
) -> Iterator[Constraint]:
    """What a fact states, of a *share* as part and whole; growth says nothing of *unbound* bases.

    The change of a share is no linear constraint.
    """
    cell = Cell(fact.series, fact.period)
    if share is not None:
        if fact.quantity is not None:
            part, whole = (Cell(each, fact.period) for each in share)
            factor = _factor(fact.quantity, Fraction(0))
            yield Constraint(fact.id, ConstraintKind.SHARE, part, whole, *factor)
        return
    if fact.quantity is not None:
        bounds, value = fact.quantity.bounds, fact.quantity.value
        yield Constraint(fact.id, ConstraintKind.LEVEL, cell, None, bounds, value)
    for kind, quantity, months in _changes(fact, flows):
        try:
            base = Cell(fact.series, fact.period.shift(-months))
        except PeriodError:  # before the first year
            continue
        if base not in unbound:
            statement = statement_id(fact.id, kind)
            yield Constraint(statement, kind, cell, base, *_factor(quantity, _ONE))


def _changes(fact: Fact, flows: Collection[str]) -> Iterator[tuple[ConstraintKind, Quantity, int]]:
    """Each change that a fact states, and over how many months, where these are whole.

    Growth on the month before says something of a flow only for a month.
    """
    if fact.yoy is not None:
        yield ConstraintKind.YOY, fact.yoy, 12
    if fact.mom is not None and (fact.series not in flows or fact.period.months == 1):
        yield ConstraintKind.MOM, fact.mom, 1
    if fact.change is not None:
        match = _DURATION.fullmatch(fact.change.over)
        months = 12 * int(match[1] or 0) + int(match[2] or 0) if match else 0
        if months:
            yield ConstraintKind.CHANGE, fact.change.quantity, months


def _factor(percent: Quantity, plus: Fraction) -> tuple[Bounds, Fraction | None]:
    """Percent as a factor of the base; growth adds one to it."""
    value = None if percent.value is None else percent.value / 100 + plus
    return percent.bounds.scale(_PERCENT).shift(plus), value
