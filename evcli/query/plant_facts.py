"""Which facts about a plant count: the newest of each aspect, and what stands beside it.

Preferred facts before others, facts on the whole plant before those on a phase, what is before
what is planned. Of these the newest: by the day of which a fact speaks, and where two such days
cannot be told apart (December 2025, and 5 December 2025) by the day on which its source came out.
Values that can all be true are not rivals; the most precise of them is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from evcli.model.period import Period, parse_period
from evcli.model.records import PlantAspect, PlantFact, Rank


class Aspect(NamedTuple):
    """One side of a plant.

    ``fact`` is what counts, None where ``rivals`` cannot all be true; ``agreeing`` state the same
    (the fact itself first); ``beside`` are newer plans, other phases, the same in other units.
    """

    kind: PlantAspect
    fact: PlantFact | None
    agreeing: tuple[PlantFact, ...] = ()
    rivals: tuple[PlantFact, ...] = ()
    beside: tuple[PlantFact, ...] = ()

    @property
    def as_of(self) -> Period:
        """The day of which the fact speaks, or its rivals do."""
        return (self.fact or self.rivals[0]).as_of


def aspects_of(facts: Sequence[PlantFact]) -> Iterator[Aspect]:
    """Each aspect that one of *facts* (none of them deprecated) tells, in a fixed order."""
    for kind in PlantAspect:
        told = [fact for fact in facts if fact.aspect is kind]
        if told:
            yield _aspect(kind, told)


def _aspect(kind: PlantAspect, told: Sequence[PlantFact]) -> Aspect:
    best = _best(told)
    newest = _newest(best)
    phase = newest[0].phase
    newest = [fact for fact in newest if fact.phase == phase]
    if any(not compatible(*pair) for pair in combinations(newest, 2)):
        phases = tuple(_other_phases(told, newest[0]))
        return Aspect(kind, None, rivals=tuple(newest), beside=phases)
    shown = _most_precise(newest, best)
    agreeing = [fact for fact in newest if fact is not shown and same(fact, shown)]
    other_units = [fact for fact in newest if not _comparable(fact, shown)]
    beside = [*other_units, *_newer_plans(told, shown), *_other_phases(told, shown)]
    return Aspect(kind, shown, (shown, *agreeing), (), tuple(_distinct(beside, shown)))


def _best(facts: Sequence[PlantFact]) -> list[PlantFact]:
    best = [fact for fact in facts if fact.rank is Rank.PREFERRED] or list(facts)
    best = [fact for fact in best if not fact.phase] or best
    return [fact for fact in best if not fact.planned] or best


def _newest(facts: Sequence[PlantFact]) -> list[PlantFact]:
    """The facts that nothing later stands against, all speaking of the same day."""
    latest = max(_start(fact) for fact in facts)
    # those that may speak of a day as late as the latest
    open_to = [fact for fact in facts if _start(fact) == latest or _end(fact) > latest]
    newest = max(open_to, key=_recency)
    return [
        fact for fact in open_to if fact.as_of == newest.as_of and not _surely_before(fact, newest)
    ]


def _start(fact: PlantFact) -> date:
    return fact.as_of.start or date.min


def _end(fact: PlantFact) -> date:
    return fact.as_of.end or date.min


def _recency(fact: PlantFact) -> tuple[date, date, int]:
    """When its source came out, else the first day of which it may speak; then the precise one."""
    start = _start(fact)
    out = _published(fact)
    published = out.start if out and out.start else start
    return (max(published, start), start, -_end(fact).toordinal())


def _published(fact: PlantFact) -> Period | None:
    return parse_period(fact.published) if fact.published else None


def _surely_before(fact: PlantFact, other: PlantFact) -> bool:
    earlier, later = _published(fact), _published(other)
    if earlier is None or later is None or earlier.end is None or later.start is None:
        return False
    return earlier.end <= later.start


def compatible(fact: PlantFact, other: PlantFact) -> bool:
    """Whether two facts on the same side of a plant can both be true."""
    if fact.aspect is PlantAspect.STATUS:
        return fact.text == other.text
    if fact.aspect is PlantAspect.START:
        first, second = parse_period(fact.text), parse_period(other.text)
        return first == second or first.contains(second) or second.contains(first)
    if fact.quantity is None or other.quantity is None or not _comparable(fact, other):
        return True
    return fact.quantity.bounds.intersect(other.quantity.bounds) is not None


def same(fact: PlantFact, other: PlantFact) -> bool:
    """Whether two facts say the same, in whatever words."""
    if fact.quantity is None or other.quantity is None:
        return fact.text == other.text
    one, two = fact.quantity, other.quantity
    return (one.unit, one.value or one.bounds) == (two.unit, two.value or two.bounds)


def _comparable(fact: PlantFact, other: PlantFact) -> bool:
    if fact.quantity is None or other.quantity is None:
        return True
    return fact.quantity.unit == other.quantity.unit


def _most_precise(newest: Sequence[PlantFact], best: Sequence[PlantFact]) -> PlantFact:
    """Of the newest facts, and of those that may be as new and agree with them, the narrowest.

    A day on which production began does not grow old: there an older fact may be the narrower.
    """
    first = newest[0]
    alike = [fact for fact in newest if _comparable(fact, first)]
    lasting = first.aspect is PlantAspect.START and not first.planned
    agreeing = [
        fact
        for fact in best
        if fact.phase == first.phase
        and (lasting or fact.as_of.overlaps(first.as_of))
        and _comparable(fact, first)
        and all(compatible(fact, each) for each in alike)
    ]
    return min([*alike, *agreeing], key=_width)


def _width(fact: PlantFact) -> tuple[bool, Fraction]:
    """How much a fact leaves open: of its number, of its start, of the day of a status."""
    if fact.quantity is not None:
        low, high = fact.quantity.bounds
        return _extent(low, high)
    period = parse_period(fact.text) if fact.aspect is PlantAspect.START else fact.as_of
    first, last = period.start, period.end
    return _extent(
        None if first is None else Fraction(first.toordinal()),
        None if last is None else Fraction(last.toordinal()),
    )


def _extent(low: Fraction | None, high: Fraction | None) -> tuple[bool, Fraction]:
    if low is None or high is None:
        return (True, Fraction(0))
    return (False, high - low)


def _newer_plans(told: Sequence[PlantFact], shown: PlantFact) -> Iterator[PlantFact]:
    """What is planned for the same part of the plant, on a later day than what is shown."""
    plans = [
        fact
        for fact in told
        if fact.planned
        and not shown.planned
        and fact.phase == shown.phase
        and not fact.as_of.is_undated
        and (_start(fact) >= _end(shown) or _recency(fact) > _recency(shown))
    ]
    if plans:
        yield from _newest(plans)


def _other_phases(told: Sequence[PlantFact], shown: PlantFact) -> Iterator[PlantFact]:
    """Of each other phase the newest fact, what is before what is planned."""
    for phase in dict.fromkeys(fact.phase for fact in told):
        if phase and phase != shown.phase:
            yield from _newest(_best([fact for fact in told if fact.phase == phase]))


def _distinct(facts: Sequence[PlantFact], shown: PlantFact) -> Iterator[PlantFact]:
    """Each thing once; of a phase nothing that the whole plant's figure says already."""
    told = [shown]
    for fact in facts:
        if not any(same(fact, other) and other.phase in ("", fact.phase) for other in told):
            told.append(fact)
            yield fact
