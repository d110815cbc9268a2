"""From facts to families: what each fact states, as constraints on cells.

Which facts a figure may be inferred from is decided first: those that the figures of their own
windows rest on. What remains agrees window by window.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from evcli.core.resolve import resolve
from evcli.inference.family import (
    Cell,
    Constraint,
    ConstraintKind,
    Family,
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
    for fact in facts:
        stays_out = (
            fact.period.is_undated
            or fact.status is Status.FORECAST
            or (fact.rank is Rank.DEPRECATED and not include_deprecated)
            or (fact.series, fact.period) in disputed
        )
        if fact.series in series and not stays_out:
            by_series.setdefault(fact.series, []).append(fact)
    shares = {one.id: (one.part, one.whole) for one in series.values() if _is_share(one, series)}
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
        levels = {Cell(each.series, each.period) for each in of_group if each.quantity is not None}
        unbound = set() if bind_bases else levels
        constraints: list[Constraint] = []
        repeats: dict[str, str] = {}
        seen: dict[tuple[object, ...], str] = {}
        for fact in of_group:
            for each in _statements(fact, own_shares.get(fact.series), flows, unbound):
                # an echo of one origin adds nothing
                key = (each.kind, each.cell, each.base, each.bounds, fact.origin)
                first = seen.setdefault(key, each.statement)
                if first == each.statement:
                    constraints.append(each)
                else:
                    repeats[each.statement] = first
        members = {each: series[each] for each in group if each not in shares}
        inside = tuple(link for link in found if link.whole in members)
        own_flows = flows & members.keys()
        result.append(Family(members, own_flows, tuple(constraints), inside, repeats, own_shares))
    return result


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
