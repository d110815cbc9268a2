"""Computed answers: growth, share and total, each behind the guard, and figures side by side.

These are never refused, but only like windows are set against each other: ratio and difference
stand where unit and window are one, shares where the guard lets all add up.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, islice, pairwise
from operator import attrgetter

from evcli.core import comparability, formula
from evcli.core.comparability import Operand
from evcli.core.resolve import growths_stated, stated_in_words
from evcli.errors import NotComparable, UsageError
from evcli.model.answer import Answer, HumanColumn, Row, Value, View, layout_of
from evcli.model.figure import BY_INFERENCE, Figure, Stated
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period, Window
from evcli.model.quantity import Bounds, Quantity
from evcli.model.quantity import computed as number
from evcli.model.records import Series
from evcli.model.vocabulary import Vocabulary, shown_unit
from evcli.query import operands, rows, selection
from evcli.query.figures import Figures, is_answer, is_missing, latest, nothing_after
from evcli.query.operands import NamedFigures, figures_named, not_recorded, usual_metrics
from evcli.query.selection import BY_WINDOW, DIMENSIONS, FigureName, Query
from evcli.query.titles import capital, in_common, names_apart, period_title, short_name
from evcli.text.lists import listed
from evcli.text.numbers import fixed


def lag_months(text: str) -> int:
    """An ISO 8601 duration of whole years or months as months; UsageError for others.

    >>> lag_months("P1Y"), lag_months("P3M")
    (12, 3)
    """
    match = re.fullmatch(r"P([0-9]{1,6})([YM])", text.strip().upper())
    if match is None or int(match[1]) == 0:
        raise UsageError(f"{text!r} is not a lag", "write P1Y for a year or P1M for a month")
    return int(match[1]) * (12 if match[2] == "Y" else 1)


def computed(
    source: Figures,
    by: formula.Formula,
    of: Sequence[Operand],
    *,
    unit: str,
    period: Period | None = None,
    notes: Sequence[Note] = (),
) -> Figure:
    """The formula *by* applied to figures, stated or derived.

    Where an input is derived, the bounds are those of the whole system of facts behind it: facts
    that two inputs share count once.
    """
    inputs = [source.operand(series, at) for series, at in of]
    figure = formula.derive(by, inputs, unit=unit, period=period, notes=notes)
    if BY_INFERENCE in [getattr(each.lineage, "formula", "") for each in inputs]:
        return source.inferrer.tightened(figure, by.name, of)
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
    base_name, base_period = base or FigureName("")
    base_series = selection.one_series(source.store, base_name) if base_name else series
    if base_period is None:
        if period.is_undated:
            raise UsageError("an undated figure has no growth", "give --period")
        base_period = period.shift(months=-lag)
    pair = (Operand(series, period), Operand(base_series, base_period))
    notes = comparability.guard_growth(*pair, source.words, accept)
    known = source.of(series)
    level = known.operand(period)
    if not is_missing(level):  # where growth alone is stated, it stands
        level = source.closest(level)
    if not period.is_undated and pair[1] == (series, period.year_before()):
        below = known.base(base_period)
        if is_missing(below) and level.sources:
            below = source.operand(*pair[1])  # derived
        shown = known.grown_on(level, below) if level.is_observed else level
        if shown.yoy is not None:
            return _as_shown(shown, shown.yoy, level, below, notes)
    return computed(source, formula.GROWTH, pair, unit=formula.PERCENT, notes=notes)


def _as_shown(
    shown: Figure, yoy: Quantity, level: Figure, base: Figure, notes: tuple[Note, ...]
) -> Figure:
    """The growth *yoy* that tables show beside a level, as a figure."""
    value, bounds, qualifier, _ = yoy
    grown = formula.derive(formula.GROWTH, (level, base), unit=formula.PERCENT, notes=notes)
    grown = grown._replace(value=value, bounds=bounds, qualifier=qualifier)
    if level.yoy is None:
        return grown
    lineage, told = grown.lineage, shown.notes[len(level.notes) :]
    if yoy == level.yoy and isinstance(level.lineage, Stated):
        lineage = level.lineage._replace(of_growth=True)
        words = stated_in_words(growths_stated(level))
        text = f"growth as stated{f'; {grown.missing.text}' if grown.missing else f': {words}'}"
        unknown = tuple(each.id for each in (level, base) if is_missing(each))
        told = told or (Note(NoteKind.DERIVATION, text, unknown),)
    notes = (*(notes if grown.missing else grown.notes), *told)
    return grown._replace(lineage=lineage, notes=notes, missing=None, conflict=shown.conflict)


def share_of(
    source: Figures, part: Series, whole: Series, period: Period, accept: Collection[str] = ()
) -> Figure:
    """Part of whole in percent for one period; NotComparable where the part is not in the whole."""
    pair = (Operand(part, period), Operand(whole, period))
    notes = comparability.guard_share(*pair, source.words, accept)
    figure = computed(source, formula.SHARE, pair, unit=formula.PERCENT, notes=notes)
    if figure.value is None or figure.value <= 100:
        return figure
    note = Note(NoteKind.CAUTION, "the part exceeds the whole")
    return figure._replace(notes=(*figure.notes, note))


def total_of(source: Figures, parts: Sequence[Operand], accept: Collection[str] = ()) -> Figure:
    """The sum of figures that differ in one dimension and do not overlap; else NotComparable."""
    notes = comparability.guard_total(parts, source.words, accept)
    run = sorted({each.period for each in parts}, key=attrgetter("sort_key"))
    whole = Period(run[0].start, run[-1].end)
    if any(one.end is None or one.end != two.start for one, two in pairwise(run)):
        whole = Period(None, None)
        text = "the periods are not consecutive, so the total has no single period"
        notes = (*notes, Note(NoteKind.CAUTION, text))
    unit = parts[0].series.unit
    return computed(source, formula.TOTAL, parts, unit=unit, period=whole, notes=notes)


def periods_of(
    source: Figures, series: Series, wanted: Query, also: Series | None = None
) -> list[Period]:
    """The periods to compute for: the exact one asked for, else all dated ones that match.

    Where nothing exact is asked for, only those that the series *also* has, too.
    """
    when = wanted.when
    if wanted.by:
        return selection.windows_for(source.of(series), wanted)
    if when.exact:
        return [*when.exact]
    dated = [period for period in source.of(series).observed_periods if not period.is_undated]
    if when.year:
        return [when.year] if when.year in dated else when.pick(dated) or [when.year]
    if also is not None:
        dated = [period for period in dated if period in source.of(also).observed_periods]
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
    months, against = lag_months(lag), selection.base_named(source.store, base)
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
    notes = (f"no window of the same kind lies {lag} before {left}",) if left else ()
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
    part, whole = (selection.one_series(source.store, e.series) for e in (first, second))
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
    unlike = [kind for kind in rows.OF_SERIES if len({getattr(e.series, kind) for e in parts}) > 1]
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
    series = list(dict.fromkeys(chain.from_iterable(found)))
    names = names_apart(series, source.words)
    text = capital(head.format(*names, all=listed(names))) if len(series) > 1 else head
    parts = [text, *in_common(series, source.words), period_title(wanted.when)]
    views = rows.FIGURE_VIEWS
    if percent:
        percent = percent._replace(fields=("value", "low", "high", "qualifier"))
        views = rows.figure_views(percent, without=("value", "bounds", "yoy"))
    answer = rows.figures_answer(
        selection.admitted(figures, wanted),
        source.store,
        title=" · ".join(filter(None, parts)),
        hint=named.missing or "nothing to compute: no period matches",
    )
    return answer._replace(columns=rows.COMPUTED_COLUMNS, views=views, more=named.others)


# --- side by side, over time ---------------------------------------------------------------------

_BESIDES = layout_of("compared")
COMPARE_COLUMNS = (*rows.FIGURE_COLUMNS, *_BESIDES.columns, *rows.LINEAGE_COLUMNS)
_YEAR = 12  # months
_MOST = 12  # windows of a breakdown where no time is asked for
_BARELY = 2  # times the width of its bounds that a difference may be and still be news
_Cell = tuple[Figure, dict[str, Value]]


def compare_answer(
    source: Figures, wanted: Query, *, base: Period | None = None, table: bool = False
) -> Answer:
    """The operands of *wanted* with a row for each and each period; with *table* as people see it.

    *base* is the period that is 100 in the index. UsageError where nothing is named.
    """
    if wanted == Query(when=wanted.when, by=wanted.by):
        raise UsageError("nothing to compare", "name makers, places, parts, counters or series")
    compared = _Comparison(source, wanted, base)
    columns = compared.columns()
    cells = [column[place] for place in range(len(compared.names)) for column in columns]
    newest = [figure for figure, _ in columns[-1]]
    telling = [str(row["telling"]) for _, row in columns[-1] if row.get("telling")]
    known = [figure for figure in newest if not is_missing(figure)]
    answer = rows.figures_answer(
        [figure for figure, _ in cells],
        source.store,
        rows=[row for _, row in cells],
        title=compared.title,
        hint="nothing to compare",
    )._replace(
        columns=COMPARE_COLUMNS,
        views=rows.figure_views(*_BESIDES.views),
        caution="; ".join([*telling, *comparability.caution(known, source.words)]),
        more=compared.more(newest),
    )
    return _as_table(answer, len(columns), base) if table else answer


class _Comparison:
    """The operands of a question: their names, the series that answer, and the periods.

    ``periods`` are those for which all are shown; where there are none, each has its ``own``,
    which the reader ``named`` or which is its best.
    """

    def __init__(self, source: Figures, wanted: Query, base: Period | None) -> None:
        self._source, self._wanted, self._base = source, wanted, base
        found = operands.operands(source, wanted)
        named = dict.fromkeys(figures_named(source, wanted))
        own = [period for _, period in named] or [None] * len(found)
        self.names = [name for name, _ in found]
        self._series = [e[0] if e else self._unrecorded(at) for at, (_, e) in enumerate(found)]
        self._known = [each for each in self._series if source.of(each).periods]
        scopes = {each.scope for each in self._known}
        if len(scopes) > 1 and wanted.along != "scope" and not wanted.series:
            parts = [short_name("scope", each.scope, source.words) for each in self._series]
            pairs = zip(self.names, parts, strict=True)
            self.names = [", ".join(filter(None, pair)) for pair in pairs]
        self._named = all(own)
        if self._named and len(set(self._series)) == 1:
            self.names = [period.label for period in own if period]
        self._periods = [] if any(own) else self._shown()
        parts = in_common(self._known or self._series, source.words)
        parts += [each.label for each in self._periods] if len(self._periods) == 1 else []
        self.title = " · ".join(parts) or "Comparison"
        alone = wanted._replace(by="")
        self._own = [
            period or selection.best_window(source.of(series), alone) or Period(None, None)
            for series, period in zip(self._series, own, strict=True)
        ]

    def _unrecorded(self, place: int) -> Series:
        """A stand-in for a series that no pack has, so that its row can say so."""
        where = self._wanted.where
        where = where.having("metric", where.metrics or usual_metrics(self._source, self._wanted))
        at = {self._wanted.along: place}
        ids = {kind: (where.ids(kind) or ("",))[at.get(kind, 0)] for kind in DIMENSIONS}
        return Series(".".join(filter(None, ids.values())).lower(), "", **ids, unit="", method="")

    def _shown(self) -> list[Period]:
        """Those asked for; of a range all of one kind; else the newest that all have, and years."""
        when, by, base = self._wanted.when, self._wanted.by, self._base
        run = list(when.run)
        if when.since or when.until or by or (base and not run):
            known = {p for each in self._known for p in self._source.of(each).observed_periods}
            inside = sorted(filter(when.admits, known), key=attrgetter("sort_key"))
            if base and not by:
                inside = [p for p in inside if p.window is base.window]
            windows = [BY_WINDOW[by]] if by else reversed([*BY_WINDOW.values()])
            for window in windows:  # the longest that there are
                ends = [p for p in inside if by or p.window is window]
                if ends:
                    from_base = base if base and when.is_open else ends[0]
                    whole = Period(from_base.start, ends[-1].end)
                    run = list(whole.split_into(window.months))
                    run = run if base or not when.is_open else run[-_MOST:]
                    break
        elif not run and (
            newest := operands.common_window(self._source, self._known, self._wanted)
        ):
            run = [newest]
            if newest.start and not when.latest:
                last = Period.of_year(newest.start.year - 1)  # the last full year, if all have it
                full = newest.window is not Window.YEAR
                full = full and all(self._answers(each, last) for each in self._known)
                one = last if full else newest.shift(-_YEAR)
                run = [one.shift(-_YEAR), one, newest]
        return [p for p in run if any(self._answers(each, p) for each in self._known)] or run

    def _answers(self, series: Series, period: Period) -> bool:
        return is_answer(self._source.operand(series, period))

    def columns(self) -> list[list[_Cell]]:
        """Figures with their rows, by period and operand; one column where each has its own."""
        at = [[each] * len(self._series) for each in self._periods] or [self._own]
        columns = [self._column(periods) for periods in at]
        for series, *cells in zip(self._series, *columns, strict=True):
            base = self._source.operand(series, self._base) if self._base else cells[0][0]
            for figure, row in cells:
                row |= _indexed(base, figure, self._source.words)
        return columns

    def _column(self, periods: Sequence[Period]) -> list[_Cell]:
        words = self._source.words
        at = [Operand(*each) for each in zip(self._series, periods, strict=True)]
        figures = [self._source.operand(*each) for each in at]
        found = rows.figure_rows(figures, words, self.names)
        complete = len({*periods}) == 1 and not any(map(is_missing, figures))
        shared = complete and len(at) > 1 and comparability.adds_up(at, words)
        shares = shares_of_total(figures) if shared else [None] * len(at)
        for place, (operand, row, figure) in enumerate(zip(at, found, figures, strict=True)):
            row |= rows.with_bounds("share", shares[place])
            if is_missing(figure):
                recorded = operand.series in self._known
                when = f"nothing known for {figure.period.label}" if recorded else "not recorded"
                when = nothing_after([self._source.of(operand.series)], figure.period) or when
                row["telling"] = f"{row['what']}: {when}"
            elif place:
                notes = [*self._against_first(row, figures[0], figure)]
                row |= rows.note_fields([*rows.notes_of(row), *notes])
                cautions = [note.text for note in notes if note.kind is NoteKind.CAUTION]
                row["telling"] = "".join(f"{row['what']}: {text}" for text in cautions)
        return list(zip(figures, found, strict=True))

    def _against_first(
        self, row: dict[str, Value], first: Figure, figure: Figure
    ) -> Iterator[Note]:
        """Put ratio and difference into *row*, or say why not; notes on how sure they are."""
        name, words = self.names[0], self._source.words
        if is_missing(first):
            yield Note(NoteKind.MISSING, f"no ratio to {name}: that is not known")
            return
        unlike = comparability.differing((first, figure), words)
        apart = "window" in unlike or ("period" in unlike and not self._named)
        if "unit" in unlike or apart or figure.period.is_undated:
            why = f"{first.period.label} against {figure.period.label}"
            if "unit" in unlike:
                why = f"unit differs ({' / '.join(map(shown_unit, unlike['unit']))})"
            yield Note(NoteKind.CAUTION, f"no ratio to {name}: {why}")
            return
        difference = formula.derive(formula.DIFFERENCE, (first, figure), unit=first.unit)
        row |= rows.with_bounds("ratio", formula.derive(formula.RATIO, (first, figure), unit="1"))
        row |= rows.with_bounds("difference", difference, words)
        row["formula"] = "ratio = first / this; difference = first - this"
        refs = row["inputs"] = (first.id, figure.id)
        bounds, width = difference.bounds, difference.bounds.width
        close = f"close to {name}"
        if width != 0 and bounds.contains(Fraction(0)):
            yield Note(NoteKind.CAUTION, f"too {close} to tell which is larger", refs)
        elif width and min(abs(end) for end in bounds if end is not None) < _BARELY * width:
            yield Note(NoteKind.COMPARISON, f"{close}, but the bounds tell them apart", refs)

    def more(self, shown: Sequence[Figure]) -> str:
        """The window that all have, if what is shown is none; the newest months, if newer."""
        parts: list[str] = []
        window = operands.common_window(self._source, self._known, self._wanted)
        if window and any(map(is_missing, shown)) and len(self._known) == len(shown):
            parts.append(f"all known for {window.label}: --period {window}")
        months = []
        for name, figure in zip(self.names, shown, strict=True):
            known = self._source.of(figure.series).observed_periods
            newest, end = latest(p for p in known if p.window is Window.MONTH), figure.period.end
            if newest and newest.end and end and newest.end > end:
                months.append(f"{name} {newest.label}")
        if months and not self._named and (self._wanted.when.is_open or self._wanted.when.since):
            parts.append(f"newest months: {', '.join(months)}")
        return " · ".join(parts)


def _indexed(base: Figure, figure: Figure, words: Vocabulary) -> dict[str, Value]:
    """The index on *base*, a window of the same kind, and the growth of each year since."""
    unlike = comparability.differing((base, figure), words)
    start, end = base.period.start, figure.period.start
    if not start or not end or "window" in unlike:
        return {}
    index = formula.derive(formula.SHARE, (figure, base), unit="1")
    fields = rows.with_bounds("index", index)
    years = end.year - start.year
    if index.value and years > 1 and base.period.shift(_YEAR * years) == figure.period:
        each = (float(index.value) / 100) ** (1 / years)
        fields["per_year"] = Fraction(f"{(each - 1) * 100:.4f}")
    return fields


def _as_table(answer: Answer, periods: int, base: Period | None) -> Answer:
    """Periods side by side, the span of years, and the ratio of the first two below."""
    long = answer.rows
    if periods > 1:
        answer = _with_span(rows.wide(answer), long, periods, base)
    ratio: dict[str, Value] = {
        f"{row['period']} value text" if periods > 1 else "value text": _rounded(number)
        for row in long[periods : 2 * periods]
        if isinstance(number := row.get("ratio"), (int, Fraction))
    }
    if base or not ratio:
        return answer
    names = f"{long[0]['what']} ÷ {long[periods]['what']}"
    ratio |= {"what": names, "period": long[0]["period"], "is_total": True}
    return answer._replace(rows=[*answer.rows, ratio])


def _with_span(answer: Answer, long: Sequence[Row], periods: int, base: Period | None) -> Answer:
    """How many times its first year the last one is; with a *base* the index instead of values."""
    series = [dict(row) for row in answer.rows]
    span = ""
    for place, row in enumerate(long):
        one, period, index = series[place // periods], row["period"], row.get("index")
        if base:
            one |= dict.fromkeys(("unit", f"{period} low", f"{period} high"))
            one[f"{period} value"] = round(index, 1) if isinstance(index, Fraction) else index
        elif isinstance(index, Fraction) and row.get("per_year") and row["window"] == "year":
            one |= {"span": f"x{_rounded(index / 100, 1)}", "per_year": row["per_year"]}
            span = f"{long[0]['period']}-{str(period)[2:]}"
    if base:
        return answer._replace(rows=series, unit="", title=f"{answer.title} · {base.label} = 100")
    views = [*answer.views]
    views[-2:-2] = (  # before sources and notes
        HumanColumn(span, View.AMOUNT, ("span",), optional=1),
        HumanColumn("a year", View.CHANGE, ("per_year",), optional=99),
    )
    return answer._replace(rows=series, views=tuple(views))


def _rounded(number: int | Fraction, places: int = 2) -> str:
    """Two decimals, more for one so small that they would say little."""
    return fixed(number, places if number >= Fraction(1, 10) else 4)


def shares_of_total(figures: Sequence[Figure], most: int | None = None) -> list[Quantity]:
    """The part that each of several *figures* (the first *most*) has in their sum, in percent.

    Where each is stated, and once, the rest is their sum less the part, summed once for all.
    """
    trees = [formula.tree_of(each) for each in figures]
    stated = [tree.id for tree in trees if isinstance(tree, formula.Leaf)]
    if len(set(stated)) < len(trees):
        rests: Iterable[formula.Leaf | formula.Node] = (
            formula.Node(formula.TOTAL, (*trees[:at], *trees[at + 1 :])) for at in range(len(trees))
        )
    else:
        numbers = [(each.value, *each.bounds) for each in figures]
        columns = [_sums_of_others(column, most) for column in zip(*numbers, strict=True)]
        rests = (formula.Leaf("", v, Bounds(*ends)) for v, *ends in zip(*columns, strict=True))
    nodes = (
        formula.Node(formula.PROPORTION, pair)
        for pair in islice(zip(trees, rests, strict=False), most)
    )
    return [number(formula.value(e), formula.bounds(e), formula.PERCENT) for e in nodes]


def _sums_of_others(
    numbers: Sequence[Fraction | None], most: int | None = None
) -> list[Fraction | None]:
    """For each of *numbers* (the first *most*) the sum of all others; None where one is not known.

    >>> _sums_of_others([Fraction(1), None, Fraction(2)])
    [None, Fraction(3, 1), None]
    """
    known = [each for each in numbers if each is not None]
    parts = Counter[int]()  # by denominator: few, and whole numbers are quick to add
    for each in known:
        parts[each.denominator] += each.numerator
    total = sum((Fraction(above, below) for below, above in parts.items()), Fraction(0))
    gaps = len(numbers) - len(known)
    return [total - (each or 0) if gaps == (each is None) else None for each in numbers[:most]]
