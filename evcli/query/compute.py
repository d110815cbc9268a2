"""Computed answers: growth, share, total, ratio, difference, each behind the guard."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

from evcli.core.comparability import Operand, guard_growth, guard_share, guard_total
from evcli.core.derive import PERCENT, derive
from evcli.core.formula import GROWTH, SHARE, TOTAL, Formula
from evcli.errors import UsageError
from evcli.model.figure import Figure, Stated
from evcli.model.period import Period
from evcli.model.quantity import Quantity
from evcli.model.records import Series
from evcli.query.asked import windows_asked
from evcli.query.figures import FigureSource
from evcli.query.selection import Reference, Wanted, series_named
from evcli.query.series_figures import is_missing

_LAG = re.compile(r"P(\d+)([YM])")


def lag_months(text: str) -> int:
    """An ISO 8601 duration of whole years or months as months; UsageError for others.

    >>> lag_months("P1Y"), lag_months("P3M")
    (12, 3)
    """
    match = _LAG.fullmatch(text.strip().upper())
    if match is None or int(match[1]) == 0:
        raise UsageError(f"{text!r} is no lag", "write P1Y for a year or P1M for a month")
    return int(match[1]) * (12 if match[2] == "Y" else 1)


def computed(
    source: FigureSource,
    formula: Formula,
    operands: Sequence[tuple[Series, Period]],
    *,
    unit: str,
    period: Period | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    """*formula* applied to figures, stated or derived.

    Where an input is derived, the bounds are those of the whole system of facts behind it: facts
    that two inputs share count once.
    """
    inputs = [source.operand(series, at) for series, at in operands]
    figure = derive(formula, inputs, unit=unit, period=period, notes=notes)
    if any(each.basis == "derived" for each in inputs):
        return source.derivation.tightened(figure, formula.name, operands)
    return figure


def growth_of(
    source: FigureSource,
    series: Series,
    period: Period,
    *,
    base: Reference | None = None,
    lag: int = 12,
    accept: Collection[str] = (),
) -> Figure:
    """Growth of one figure on its base: computed from both levels, else as the source states it.

    Raises NotComparable where the base is counted otherwise.
    """
    base_series, base_period = series, None
    if base is not None:
        if base.series:
            base_series = one_series(source, base.series)
        base_period = base.period
    if base_period is None:
        if period.is_undated:
            raise UsageError("an undated figure has no growth", "give --period")
        base_period = period.shift(months=-lag)
    notes = guard_growth(
        Operand(series, period), Operand(base_series, base_period), source.words, accept
    )
    level = source.one(series).operand(period)
    before = source.one(base_series).operand(base_period)
    own_base = base_series.id == series.id and base_period == _year_before(period)
    stated = level.yoy if own_base else None
    if stated is not None and (is_missing(before) or is_missing(level)):
        unstated = before if is_missing(before) else level
        grown = derive(GROWTH, (level, before), unit=PERCENT, period=period, notes=notes)
        return grown._replace(
            value=stated.value,
            bounds=stated.bounds,
            qualifier=stated.qualifier,
            lineage=level.lineage,
            notes=(*notes, f"growth as stated; {unstated.id}: {unstated.notes[0]}"),
        )
    grown = computed(
        source, GROWTH, [(series, period), (base_series, base_period)], unit=PERCENT, notes=notes
    )
    if stated is None:
        return grown
    return grown._replace(notes=(*grown.notes, _against_stated(grown, stated, level)))


def _year_before(period: Period) -> Period | None:
    return None if period.is_undated else period.year_before()


def _against_stated(grown: Figure, stated: Quantity, level: Figure) -> str:
    facts = level.lineage.facts if isinstance(level.lineage, Stated) else ()
    told = next(
        (
            f"{fact.yoy_stated or (fact.change.stated if fact.change else '')} ({fact.source})"
            for fact in facts
            if fact.yoy is not None or fact.change is not None
        ),
        "",
    )
    if stated.bounds.intersect(grown.bounds) is not None:
        return f"the stated {told} agrees"
    return f"the stated {told} does not agree with the levels"


def share_of(
    source: FigureSource,
    part: Series,
    whole: Series,
    period: Period,
    accept: Collection[str] = (),
) -> Figure:
    """Part of whole in percent for one period; NotComparable where the part is not in the whole."""
    notes = guard_share(Operand(part, period), Operand(whole, period), source.words, accept)
    figure = computed(source, SHARE, [(part, period), (whole, period)], unit=PERCENT, notes=notes)
    if figure.value is not None and figure.value > 100:
        return figure._replace(notes=(*figure.notes, "the part exceeds the whole"))
    return figure


def total_of(
    source: FigureSource,
    parts: Sequence[tuple[Series, Period]],
    accept: Collection[str] = (),
) -> Figure:
    """The sum of figures that differ in one dimension and do not overlap; else NotComparable."""
    operands = [Operand(series, period) for series, period in parts]
    notes = guard_total(operands, source.words, accept)
    period = covering([period for _, period in parts])
    if period is None:
        period = Period(None, None)
        notes = (*notes, "the parts do not follow on one another: their sum has no one period")
    return computed(source, TOTAL, parts, unit=parts[0][0].unit, period=period, notes=notes)


def covering(periods: Collection[Period]) -> Period | None:
    """The one period that all parts have, or the run that they make up; None if it has gaps.

    >>> from evcli.model.period import parse_period
    >>> str(covering([parse_period("2025-Q2"), parse_period("2025-Q1")]))
    '2025-H1'
    >>> covering([parse_period("2025-Q1"), parse_period("2025-Q3")])
    """
    ordered = sorted(set(periods), key=lambda period: period.sort_key)
    first, last = ordered[0], ordered[-1]
    if len(ordered) == 1:
        return first
    if any(one.end is None or one.end != two.start for one, two in itertools.pairwise(ordered)):
        return None
    return Period(first.start, last.end)


def one_series(source: FigureSource, name: str) -> Series:
    """The one series that an id or glob names; UsageError where it names several."""
    found = series_named(source.store, [name])
    if len(found) > 1:
        ids = ", ".join(series.id for series in found[:4])
        raise UsageError(f"{name!r} names {len(found)} series", f"name one of {ids} ...")
    return found[0]


def periods_of(
    source: FigureSource, series: Series, wanted: Wanted, also: Series | None = None
) -> list[Period]:
    """The periods to compute for: the exact one asked for, else all dated ones that match.

    Where nothing exact is asked for, only those that the series *also* has, too.
    """
    when = wanted.when
    if wanted.by:
        return windows_asked(source.one(series), wanted)
    if when.period is not None:
        return [when.period]
    dated = [p for p in source.one(series).observed_periods() if not p.is_undated]
    if also is not None and when.year is None:
        known = source.one(also).observed_periods()
        dated = [period for period in dated if period in known]
    if when.year_period is not None and when.year_period not in dated:
        return when.pick(dated) or [when.year_period]
    if when.year_period is not None:
        return [when.year_period]
    return when.pick(dated)
