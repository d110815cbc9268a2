"""From facts to families: what each fact states, as constraints on cells.

Which facts a figure may be inferred from is decided first: those that the figures of their own
windows rest on. What remains agrees window by window.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from evcli.core.resolve import resolve
from evcli.inference.family import (
    Cell,
    Constraint,
    ConstraintKind,
    Family,
    Unused,
    WhyUnused,
    components,
    links,
    statement_id,
)
from evcli.model.figure import Stated
from evcli.model.period import Period, PeriodError
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Fact, Rank, Series, Status
from evcli.model.vocabulary import MetricKind, Vocabulary

_DURATION = re.compile(r"P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?")
_ONE, _PERCENT = Fraction(1), Fraction(1, 100)


class UsableFacts(NamedTuple):
    """Facts that agree window by window, and the windows where they do not."""

    facts: tuple[Fact, ...]
    disputed: frozenset[tuple[str, Period]]


def usable_facts(facts: Iterable[Fact], series: Mapping[str, Series]) -> UsableFacts:
    """The facts that :func:`families` may use of *series*.

    Rivals that exclude each other dispute their window; a release that a newer one of the same
    publisher replaced is out.
    """
    windows: dict[tuple[str, Period], list[Fact]] = {}
    for fact in facts:
        if fact.series in series:
            windows.setdefault((fact.series, fact.period), []).append(fact)
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
    return UsableFacts(tuple(kept), frozenset(disputed))


def flows_among(series: Iterable[Series], words: Vocabulary) -> frozenset[str]:
    """The ids of the series that count over a window and so add up over time."""
    return frozenset(
        each.id
        for each in series
        if each.metric in words.metrics and words.metrics[each.metric].kind is MetricKind.FLOW
    )


def families(
    facts: Iterable[Fact],
    series: Mapping[str, Series],
    words: Vocabulary,
    *,
    bind_bases: bool = False,
    disputed: Collection[tuple[str, Period]] = (),
    include_deprecated: bool = False,
) -> list[Family]:
    """Sort *facts* into families and turn what they state into constraints.

    Facts that are deprecated (unless asked for), forecast or undated stay out; so does everything
    stated of a *disputed* window. One publisher is never mixed with another. A release restates
    the past, so growth constrains its base only where no fact states that; with *bind_bases* it
    always does.
    """
    by_series: dict[str, list[Fact]] = {}
    left_out: list[tuple[Fact, Unused]] = []
    for fact in facts:
        why = _why_not(fact, disputed, include_deprecated)
        if why is not None:
            left_out.append((fact, Unused(why)))
        elif fact.series in series:
            by_series.setdefault(fact.series, []).append(fact)
    shares = {
        each.id: (each.part, each.whole) for each in series.values() if _is_share(each, series)
    }
    found = links(series, words)
    ties: list[tuple[str, ...]] = [(share, *sides) for share, sides in shares.items()]
    ties += [(link.whole, *link.parts) for link in found]
    flows = flows_among(series.values(), words)
    result = []
    for group in components(list(series), ties):
        of_group = [fact for each in group for fact in by_series.get(each, ())]
        if not of_group:
            continue
        own_shares = {id_: shares[id_] for id_ in group if id_ in shares}
        reader = _FactReader(of_group, own_shares, flows, bind_bases)
        constraints = tuple(reader.constraints())
        members = {each: series[each] for each in group if each not in shares}
        unused = reader.unused | {
            fact.id: unused for fact, unused in left_out if fact.series in group
        }
        inside = tuple(link for link in found if link.whole in members)
        result.append(
            Family(members, flows & members.keys(), constraints, inside, unused, own_shares)
        )
    return result


class _FactReader:
    """Turns the facts of one family into constraints."""

    def __init__(
        self,
        facts: Sequence[Fact],
        shares: Mapping[str, tuple[str, str]],
        flows: Collection[str],
        bind_bases: bool,
    ) -> None:
        self._facts = facts
        self._shares = shares
        self._flows = flows
        self._bind_bases = bind_bases
        self.unused: dict[str, Unused] = {}
        self._levels = {(fact.series, fact.period) for fact in facts if fact.quantity is not None}

    def constraints(self) -> Iterator[Constraint]:
        """Each different thing stated, once; an echo of one origin adds nothing."""
        seen: dict[tuple[object, ...], str] = {}
        for fact in self._facts:
            for each in self._of(fact):
                key = (each.kind, each.cell, each.base, each.bounds, fact.origin)
                first = seen.setdefault(key, each.statement)
                if first == each.statement:
                    yield each
                else:
                    self.unused[each.statement] = Unused(WhyUnused.REPEATED, first)

    def _of(self, fact: Fact) -> Iterator[Constraint]:
        cell = Cell(fact.series, fact.period)
        share = self._shares.get(fact.series)
        if fact.quantity is not None:
            if share is None:
                bounds, value = fact.quantity.bounds, fact.quantity.value
                yield Constraint(fact.id, ConstraintKind.LEVEL, cell, None, bounds, value)
            else:
                part, whole = (Cell(each, fact.period) for each in share)
                factor = _factor(fact.quantity, Fraction(0))
                yield Constraint(fact.id, ConstraintKind.SHARE, part, whole, *factor)
        for kind, quantity, months in self._changes(fact):
            statement = statement_id(fact.id, kind)
            if share is not None:
                self.unused[statement] = Unused(WhyUnused.SHARE_CHANGE)
                continue
            base = self._base(fact, statement, months)
            if base is not None:
                yield Constraint(statement, kind, cell, base, *_factor(quantity, _ONE))

    def _changes(self, fact: Fact) -> Iterator[tuple[ConstraintKind, Quantity, int]]:
        """Each change that a fact states, and over how many months."""
        if fact.yoy is not None:
            yield ConstraintKind.YOY, fact.yoy, 12
        if fact.mom is not None:
            if fact.series in self._flows and fact.period.months != 1:
                statement = statement_id(fact.id, ConstraintKind.MOM)
                self.unused[statement] = Unused(WhyUnused.NOT_A_MONTH)
            else:
                yield ConstraintKind.MOM, fact.mom, 1
        if fact.change is not None:
            match = _DURATION.fullmatch(fact.change.over)
            months = 12 * int(match[1] or 0) + int(match[2] or 0) if match else 0
            if months:
                yield ConstraintKind.CHANGE, fact.change.quantity, months
            else:
                statement = statement_id(fact.id, ConstraintKind.CHANGE)
                self.unused[statement] = Unused(WhyUnused.NO_MONTHS)

    def _base(self, fact: Fact, statement: str, months: int) -> Cell | None:
        try:
            base = Cell(fact.series, fact.period.shift(-months))
        except PeriodError:
            self.unused[statement] = Unused(WhyUnused.OUT_OF_RANGE)
            return None
        if base in self._levels and not self._bind_bases:
            self.unused[statement] = Unused(WhyUnused.BASE_STATED)
            return None
        return base


def _why_not(
    fact: Fact, disputed: Collection[tuple[str, Period]], include_deprecated: bool
) -> WhyUnused | None:
    if fact.period.is_undated:
        return WhyUnused.UNDATED
    if fact.status is Status.FORECAST:
        return WhyUnused.PLANNED
    if fact.rank is Rank.DEPRECATED and not include_deprecated:
        return WhyUnused.DEPRECATED
    if (fact.series, fact.period) in disputed:
        return WhyUnused.DISPUTED
    return None


def _is_share(series: Series, others: Mapping[str, Series]) -> bool:
    part, whole = others.get(series.part), others.get(series.whole)
    if part is None or whole is None:
        return False
    same_unit = part.unit == whole.unit and part.metric == whole.metric
    return same_unit and series.publisher == part.publisher == whole.publisher


def _factor(percent: Quantity, plus: Fraction) -> tuple[Bounds, Fraction | None]:
    """Percent as a factor of the base; growth adds one to it."""
    value = None if percent.value is None else percent.value / 100 + plus
    return percent.bounds.scale(_PERCENT).shift(plus), value
