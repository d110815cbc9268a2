"""From facts to families: what each fact says, as assertions about windows.

>>> sorted(each.value for each in Bases)
['bound', 'restated', 'unstated']
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from evcli.inference.family import (
    Assertion,
    Cell,
    Family,
    Unused,
    WhyUnused,
    components,
    links,
    only_among,
)
from evcli.lp.rows import ConstraintKind, statement_id
from evcli.model.period import Period, PeriodError
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Fact, Rank, Series, Status
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
    flows = frozenset(
        each.id
        for each in series.values()
        if each.metric in words.metrics and words.metrics[each.metric].kind is MetricKind.FLOW
    )
    result = []
    for group in components(list(series), ties):
        spoken = [fact for each in group for fact in by_series.get(each, ())]
        if not spoken:
            continue
        reader = _Reader(spoken, {id_: shares[id_] for id_ in group if id_ in shares}, flows, bases)
        assertions = tuple(reader.assertions())
        members = {each: series[each] for each in group if each not in shares}
        unused = reader.unused | {
            fact.id: unused for fact, unused in left_out if fact.series in group
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
        self.unused: dict[str, Unused] = {}
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
                    self.unused[each.statement] = Unused(WhyUnused.REPEATED, first)

    def _of(self, fact: Fact) -> Iterator[Assertion]:
        window = Cell(fact.series, fact.period)
        share = self.shares.get(fact.series)
        if fact.quantity is not None:
            if share is None:
                yield Assertion(
                    fact.id,
                    ConstraintKind.LEVEL,
                    window,
                    None,
                    fact.quantity.bounds,
                    fact.quantity.value,
                )
            else:
                part, whole = (Cell(each, fact.period) for each in share)
                bounds, value = _factor(fact.quantity, Fraction(0))
                yield Assertion(fact.id, ConstraintKind.SHARE, part, whole, bounds, value)
        for kind, quantity, months in self._changes(fact):
            statement = statement_id(fact.id, kind)
            if share is not None:
                self.unused[statement] = Unused(WhyUnused.SHARE_CHANGE)
                continue
            base = self._base(fact, statement, months)
            if base is not None:
                bounds, value = _factor(quantity, _ONE)
                yield Assertion(statement, kind, window, base, bounds, value)

    def _changes(self, fact: Fact) -> Iterator[tuple[ConstraintKind, Quantity, int]]:
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
            period = fact.period.shift(-months)
        except PeriodError:
            self.unused[statement] = Unused(WhyUnused.OUT_OF_RANGE)
            return None
        stated = self._levels.get((fact.series, period), ())
        if self._bases is Bases.BOUND or not stated:
            return Cell(fact.series, period)
        if self._bases is Bases.UNSTATED:
            self.unused[statement] = Unused(WhyUnused.BASE_STATED)
            return None
        if any(
            other.source == fact.source or other.published == fact.published != ""
            for other in stated
        ):
            return Cell(fact.series, period)
        return Cell(fact.series, period, fact.published or fact.source)


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

    def factor(number: Fraction | None) -> Fraction | None:
        return None if number is None else number / 100 + plus

    bounds = percent.bounds
    return Bounds(factor(bounds.low), factor(bounds.high)), factor(percent.value)
