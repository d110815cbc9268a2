"""Computed answers: growth, share, total, ratio and difference, each behind the guard."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

from evcli.core.comparability import Operand, guard_growth, guard_share, guard_total
from evcli.core.formula import GROWTH, PERCENT, SHARE, TOTAL, Formula, derive
from evcli.core.resolve import growths_stated, stated_in_words
from evcli.errors import NotComparable, UsageError
from evcli.model.answer import Answer, HumanColumn, View
from evcli.model.figure import BY_INFERENCE, Figure, Stated
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.query.figures import Figures, is_missing
from evcli.query.operands import NamedFigures, figures_named, not_recorded
from evcli.query.rows import COMPUTED_COLUMNS, FIGURE_VIEWS, OF_SERIES, figure_views, figures_answer
from evcli.query.selection import FigureName, Query, admitted, base_named, one_series, windows_for
from evcli.query.titles import capital, in_common, names_apart, period_title
from evcli.text.lists import listed

_LAG = re.compile(r"P([0-9]{1,6})([YM])")


def lag_months(text: str) -> int:
    """An ISO 8601 duration of whole years or months as months; UsageError for others.

    >>> lag_months("P1Y"), lag_months("P3M")
    (12, 3)
    """
    match = _LAG.fullmatch(text.strip().upper())
    if match is None or int(match[1]) == 0:
        raise UsageError(f"{text!r} is not a lag", "write P1Y for a year or P1M for a month")
    return int(match[1]) * (12 if match[2] == "Y" else 1)


def computed(
    source: Figures,
    formula: Formula,
    operands: Sequence[Operand],
    *,
    unit: str,
    period: Period | None = None,
    notes: Sequence[Note] = (),
) -> Figure:
    """*formula* applied to figures, stated or derived.

    Where an input is derived, the bounds are those of the whole system of facts behind it: facts
    that two inputs share count once.
    """
    inputs = [source.operand(series, at) for series, at in operands]
    figure = derive(formula, inputs, unit=unit, period=period, notes=notes)
    if BY_INFERENCE in [getattr(each.lineage, "formula", "") for each in inputs]:
        return source.inferrer.tightened(figure, formula.name, operands)
    return figure


def growth_of(
    source: Figures,
    series: Series,
    period: Period,
    *,
    base: FigureName | None = None,
    lag: int = 12,
    accept: Collection[str] = (),
) -> Figure:
    """Growth of one figure on its base: computed from both levels, else as the source states it.

    The base is the window *lag* months before, unless *base* names another period or series.
    Raises NotComparable where the base is counted otherwise.
    """
    base_series = one_series(source.store, base.series) if base and base.series else series
    base_period = base.period if base else None
    if base_period is None:
        if period.is_undated:
            raise UsageError("an undated figure has no growth", "give --period")
        base_period = period.shift(months=-lag)
    operands = (Operand(series, period), Operand(base_series, base_period))
    notes = guard_growth(*operands, source.words, accept)
    known = source.of(series)
    level = known.operand(period)
    if not is_missing(level):  # where growth alone is stated, it stands
        level = source.closest(level)
    if not period.is_undated and operands[1] == (series, period.year_before()):
        below = known.base(base_period)
        if is_missing(below) and level.sources:
            below = source.operand(*operands[1])  # derived
        shown = known.grown_on(level, below) if level.is_observed else level
        if shown.yoy is not None:
            return _as_shown(shown, level, below, notes)
    return computed(source, GROWTH, operands, unit=PERCENT, notes=notes)


def _as_shown(shown: Figure, level: Figure, base: Figure, notes: tuple[Note, ...]) -> Figure:
    """The growth that tables show beside a level, as a figure."""
    grown = derive(GROWTH, (level, base), unit=PERCENT, notes=notes)
    if shown.yoy is None:
        return grown
    value, bounds, qualifier, _ = shown.yoy
    if level.yoy is None:
        return grown._replace(value=value, bounds=bounds, qualifier=qualifier)
    lineage, told = grown.lineage, shown.notes[len(level.notes) :]
    if shown.yoy == level.yoy and isinstance(level.lineage, Stated):
        lineage = level.lineage._replace(of_growth=True)
        words = stated_in_words(growths_stated(level))
        text = f"growth as stated{f'; {grown.missing.text}' if grown.missing else f': {words}'}"
        unknown = tuple(each.id for each in (level, base) if is_missing(each))
        told = told or (Note(NoteKind.DERIVATION, text, unknown),)
    return grown._replace(
        value=value,
        bounds=bounds,
        qualifier=qualifier,
        lineage=lineage,
        notes=(*(notes if grown.missing else grown.notes), *told),
        missing=None,
        conflict=shown.conflict,
    )


def share_of(
    source: Figures, part: Series, whole: Series, period: Period, accept: Collection[str] = ()
) -> Figure:
    """Part of whole in percent for one period; NotComparable where the part is not in the whole."""
    operands = (Operand(part, period), Operand(whole, period))
    notes = guard_share(*operands, source.words, accept)
    figure = computed(source, SHARE, operands, unit=PERCENT, notes=notes)
    if figure.value is not None and figure.value > 100:
        note = Note(NoteKind.CAUTION, "the part exceeds the whole")
        return figure._replace(notes=(*figure.notes, note))
    return figure


def total_of(source: Figures, parts: Sequence[Operand], accept: Collection[str] = ()) -> Figure:
    """The sum of figures that differ in one dimension and do not overlap; else NotComparable."""
    notes = guard_total(parts, source.words, accept)
    period = covering([period for _, period in parts])
    if period is None:
        period = Period(None, None)
        text = "the periods are not consecutive, so the total has no single period"
        notes = (*notes, Note(NoteKind.CAUTION, text))
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


def periods_of(
    source: Figures, series: Series, wanted: Query, also: Series | None = None
) -> list[Period]:
    """The periods to compute for: the exact one asked for, else all dated ones that match.

    Where nothing exact is asked for, only those that the series *also* has, too.
    """
    when = wanted.when
    if wanted.by:
        return windows_for(source.of(series), wanted)
    if when.exact:
        return [*when.exact]
    dated = [period for period in source.of(series).observed_periods if not period.is_undated]
    year = when.year
    if year is not None:
        return [year] if year in dated else when.pick(dated) or [year]
    if also is not None:
        known = source.of(also).observed_periods
        dated = [period for period in dated if period in known]
    return when.pick(dated)


def growth_answer(
    source: Figures,
    names: Sequence[str],
    wanted: Query,
    base: str = "",
    lag: str = "P1Y",
    accept: Collection[str] = (),
) -> Answer:
    """Growth of every series named, for the periods asked for, oldest first."""
    months = lag_months(lag)
    against = base_named(source.store, base)
    figures: list[Figure] = []
    unlike: list[tuple[Period, NotComparable]] = []
    for series, named in figures_named(source, wanted._replace(series=tuple(names))):
        one = named or (None if wanted.by else wanted.when.period)
        for period in [one] if one else periods_of(source, series, wanted):
            try:
                figure = growth_of(source, series, period, base=against, lag=months, accept=accept)
                figures.append(figure)
            except NotComparable as error:
                if one or against is not None:
                    raise
                unlike.append((period, error))  # nobody asked for this window
    if unlike and not figures:
        raise unlike[0][1]
    left = ", ".join(dict.fromkeys(str(period) for period, _ in unlike))
    notes = (f"no window of the same kind lies {lag} before {left}",) if unlike else ()
    ids = NamedFigures(tuple(names), missing="" if names else not_recorded(source, wanted))
    head = f"Growth on {base or ('the year before' if lag == 'P1Y' else f'{lag} before')}"
    answer = _answer(source, figures, wanted, ids, head, HumanColumn("growth", View.CHANGE))
    return answer._replace(notes=notes)


def share_answer(
    source: Figures, named: NamedFigures, wanted: Query, accept: Collection[str] = ()
) -> Answer:
    """The share of the first named in the second: the period asked for, or all that both have."""
    if named.missing:
        return _answer(source, [], wanted, named, "Share")
    if len(named.ids) != 2:
        raise UsageError("a share is of two series", "name the part, then the whole")
    first, second = map(FigureName.parse, named.ids)
    part, whole = one_series(source.store, first.series), one_series(source.store, second.series)
    if first.period and second.period and first.period != second.period:
        raise UsageError("a share needs one period", "give both figures the same")
    one = first.period or second.period
    periods = [one] if one else periods_of(source, part, wanted, also=whole)
    if not periods:
        # the guard still has the first word: what cannot be compared is refused, not empty
        share_of(source, part, whole, Period.of_year(2000), accept)
    figures = [share_of(source, part, whole, period, accept) for period in periods]
    number = HumanColumn("share", View.SHARE)
    return _answer(source, figures, wanted, named, "{} as a share of {}", number)


def parts_named(source: Figures, ids: Sequence[str], wanted: Query) -> list[Operand]:
    """Each figure named at its own period, else at those asked for; UsageError where none is."""
    parts: list[Operand] = []
    for series, period in figures_named(source, wanted._replace(series=tuple(ids))):
        periods = [period] if period else wanted.when.run
        if not periods:
            raise UsageError(f"{series.id} names no period", "give --period, or SERIES@PERIOD")
        parts += [Operand(series, each) for each in periods]
    if not parts:
        raise UsageError("nothing to add up", "name figures that the filters leave")
    return parts


def total_answer(
    source: Figures, named: NamedFigures, wanted: Query, accept: Collection[str] = ()
) -> Answer:
    """The sum of the figures named, one row."""
    if named.missing:
        return _answer(source, [], wanted, named, "Total")
    parts = parts_named(source, named.ids, wanted)
    total = total_of(source, parts, accept)
    head = "Total of {all}" if len(named.ids) > 1 else "Total"
    answer = _answer(source, [total], wanted, named, head)
    # a field in which the parts differ has no one value
    unlike = [kind for kind in OF_SERIES if len({getattr(e.series, kind) for e in parts}) > 1]
    row = {**answer.rows[0], **dict.fromkeys(unlike, "")}
    return answer._replace(rows=[row | {"label": "Total", "what": "Total", "is_total": True}])


def _answer(
    source: Figures,
    figures: Sequence[Figure],
    wanted: Query,
    named: NamedFigures,
    head: str,
    percent: HumanColumn | None = None,
) -> Answer:
    """The figures as computed rows; in *percent* they carry their bounds.

    The title is *head* with the names of the series, and what they have in common.
    """
    found = [source.store.match_series(FigureName.parse(id).series) for id in named.ids]
    series = list(dict.fromkeys(itertools.chain.from_iterable(found)))
    names = names_apart(series, source.words)
    text = capital(head.format(*names, all=listed(names))) if len(series) > 1 else head
    parts = [text, *in_common(series, source.words), period_title(wanted.when)]
    views = FIGURE_VIEWS
    if percent:
        percent = percent._replace(fields=("value", "low", "high", "qualifier"))
        views = figure_views(percent, without=("value", "bounds", "yoy"))
    answer = figures_answer(
        admitted(figures, wanted),
        source.store,
        title=" · ".join(filter(None, parts)),
        hint=named.missing or "nothing to compute: no period matches",
    )
    return answer._replace(columns=COMPUTED_COLUMNS, views=views, more=named.others)
