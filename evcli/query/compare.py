"""Figures side by side, over time: never refused, but only like windows are set against each other.

Ratio and difference stand where unit and window are one; shares where the guard lets all add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from operator import attrgetter

from evcli.core.comparability import Operand, adds_up, caution, differing
from evcli.core.formula import DIFFERENCE, PERCENT, PROPORTION, RATIO, SHARE, TOTAL, derive
from evcli.errors import UsageError
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, Value, View, views_of
from evcli.model.figure import Figure
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period, Window
from evcli.model.records import Series
from evcli.model.vocabulary import Vocabulary, shown_unit
from evcli.query.figures import Figures, is_answer, is_missing
from evcli.query.operands import common_window, figures_named, operands, usual_metrics
from evcli.query.rows import (
    FIGURE_COLUMNS,
    LINEAGE_COLUMNS,
    by_id,
    computed_number,
    figure_rows,
    figure_views,
    footnotes,
    note_fields,
    share_columns,
    with_bounds,
)
from evcli.query.selection import BY_WINDOW, DIMENSIONS, Query, best_window
from evcli.query.titles import in_common, short_name
from evcli.query.wide import notes_of, wide
from evcli.text.numbers import fixed

_SHARES = share_columns(optional=3)
COMPARE_COLUMNS = (
    *FIGURE_COLUMNS,
    *computed_number("ratio", "The first operand divided by this one."),
    *computed_number("difference", "The first operand less this one.", unit_from="unit"),
    *_SHARES,
    *computed_number("index", "100 is the period of --index, else the first shown."),
    Column("per_year", Kind.CHANGE, description="Growth a year since then, in percent."),
    *LINEAGE_COLUMNS,
)
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
    rows = [column[place][1] for place in range(len(compared.names)) for column in columns]
    newest = [figure for figure, _ in columns[-1]]
    telling = [str(row["telling"]) for _, row in columns[-1] if row.get("telling")]
    known = [figure for figure in newest if not is_missing(figure)]
    answer = Answer(
        COMPARE_COLUMNS,
        rows,
        figure_views(*views_of(_SHARES)),
        footnotes=footnotes(rows, source.store),
        caution="; ".join([*telling, *caution(known, source.words)]),
        title=compared.title(),
        more=compared.more(newest),
        hint="nothing to compare",
        figures=by_id((figure for column in columns for figure, _ in column), source.words),
    )
    return _as_table(answer, len(columns), base) if table else answer


class _Comparison:
    """The operands of a question: their names, the series that answer, and the periods.

    ``periods`` are those for which all are shown; where there are none, each has its ``own``,
    which the reader ``named`` or which is its best.
    """

    def __init__(self, source: Figures, wanted: Query, base: Period | None) -> None:
        self._source, self._wanted, self._base = source, wanted, base
        found = operands(source, wanted)
        named = dict.fromkeys(figures_named(source, wanted))
        own = [period for _, period in named] or [None] * len(found)
        self.names = [name for name, _ in found]
        self._series = [
            each[0] if each else self._unrecorded(place) for place, (_, each) in enumerate(found)
        ]
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
        alone = wanted._replace(by="")
        self._own = [
            period or best_window(source.of(series), alone) or Period(None, None)
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
        elif not run and (newest := common_window(self._source, self._known, self._wanted)):
            run = [newest]
            if newest.start and not when.latest:
                last = Period.of_year(newest.start.year - 1)  # the last full year, if all have it
                full = newest.window is not Window.YEAR
                full = full and all(self._answers(each, last) for each in self._known)
                back = [(last if full else newest).shift(-_YEAR * n) for n in (2, 1, 0)]
                run = [*(back[1:] if full else back[:-1]), newest]
        return [p for p in run if any(self._answers(each, p) for each in self._known)] or run

    def _answers(self, series: Series, period: Period) -> bool:
        return is_answer(self._source.operand(series, period))

    def columns(self) -> list[list[_Cell]]:
        """Figures with their rows, by period and operand; one column where each has its own."""
        at = [[each] * len(self._series) for each in self._periods] or [self._own]
        columns = [self._column(periods) for periods in at]
        for place, series in enumerate(self._series):
            first = columns[0][place][0]
            base = self._source.operand(series, self._base) if self._base else first
            for column in columns:
                figure, row = column[place]
                row |= _indexed(base, figure, self._source.words)
        return columns

    def _column(self, periods: Sequence[Period]) -> list[_Cell]:
        words = self._source.words
        at = [Operand(*each) for each in zip(self._series, periods, strict=True)]
        figures = [self._source.operand(*each) for each in at]
        rows = figure_rows(figures, words, self.names)
        complete = len({*periods}) == 1 and not any(map(is_missing, figures))
        shared = complete and len(at) > 1 and adds_up(at, words)
        shares = shares_of_total(figures) if shared else [None] * len(at)
        for place, (operand, row, figure) in enumerate(zip(at, rows, figures, strict=True)):
            row |= with_bounds("share", shares[place])
            if is_missing(figure):
                recorded = operand.series in self._known
                when = f"nothing known for {figure.period.label}" if recorded else "not recorded"
                row["telling"] = f"{row['what']}: {when}"
            elif place:
                why = self._no_ratio(at[0], operand)
                notes = [*_against_first(row, self.names[0], figures[0], figure, why, words)]
                row |= note_fields([*notes_of(row), *notes])
                cautions = [note.text for note in notes if note.kind is NoteKind.CAUTION]
                row["telling"] = "".join(f"{row['what']}: {text}" for text in cautions)
        return list(zip(figures, rows, strict=True))

    def _no_ratio(self, first: Operand, other: Operand) -> str:
        """Why two have neither ratio nor difference: another unit, window or time."""
        unlike = differing((first, other), self._source.words)
        if "unit" in unlike:
            return f"unit differs ({' / '.join(map(shown_unit, unlike['unit']))})"
        apart = "window" in unlike or ("period" in unlike and not self._named)
        undated = other.period.is_undated
        return f"{first.period.label} against {other.period.label}" if apart or undated else ""

    def title(self) -> str:
        """What all operands have in common, and their period if it is one."""
        parts = in_common(self._known or self._series, self._source.words)
        period = self._periods[0].label if len(self._periods) == 1 else ""
        return " · ".join(filter(None, (*parts, period))) or "Comparison"

    def more(self, shown: Sequence[Figure]) -> str:
        """The window that all have, if what is shown is none; the newest months, if newer."""
        parts: list[str] = []
        window = common_window(self._source, self._known, self._wanted)
        if window and any(map(is_missing, shown)) and len(self._known) == len(shown):
            parts.append(f"all known for {window.label}: --period {window}")
        months = []
        for name, figure in zip(self.names, shown, strict=True):
            known = self._source.of(figure.series).observed_periods
            newest = [p for p in known if p.window is Window.MONTH][-1:]
            end = figure.period.end
            if newest and end and newest[0].end and newest[0].end > end:
                months.append(f"{name} {newest[0].label}")
        if months and not self._named and (self._wanted.when.is_open or self._wanted.when.since):
            parts.append(f"newest months: {', '.join(months)}")
        return " · ".join(parts)


def _against_first(
    row: dict[str, Value], name: str, first: Figure, figure: Figure, why: str, words: Vocabulary
) -> Iterator[Note]:
    """Put ratio and difference into *row*, or say *why* not; notes on how sure they are."""
    if is_missing(first):
        yield Note(NoteKind.MISSING, f"no ratio to {name}: that is not known")
        return
    if why:
        yield Note(NoteKind.CAUTION, f"no ratio to {name}: {why}")
        return
    difference = derive(DIFFERENCE, (first, figure), unit=first.unit)
    row |= with_bounds("ratio", derive(RATIO, (first, figure), unit="1"))
    row |= with_bounds("difference", difference, words)
    row["formula"] = "ratio = first / this; difference = first - this"
    refs = row["inputs"] = (first.id, figure.id)
    bounds, width = difference.bounds, difference.bounds.width
    if width != 0 and bounds.contains(Fraction(0)):
        yield Note(NoteKind.CAUTION, f"too close to {name} to tell which is larger", refs)
    elif width and min(abs(end) for end in bounds if end is not None) < _BARELY * width:
        yield Note(NoteKind.COMPARISON, f"close to {name}, but the bounds tell them apart", refs)


def _indexed(base: Figure, figure: Figure, words: Vocabulary) -> dict[str, Value]:
    """The index on *base*, a window of the same kind, and the growth of each year since."""
    unlike = differing([Operand(each.series, each.period) for each in (base, figure)], words)
    start, end = base.period.start, figure.period.start
    if not start or not end or "window" in unlike:
        return {}
    index = derive(SHARE, (figure, base), unit="1")
    fields = with_bounds("index", index)
    years = end.year - start.year
    if index.value and years > 1 and base.period.shift(_YEAR * years) == figure.period:
        each = (float(index.value) / 100) ** (1 / years)
        fields["per_year"] = Fraction(f"{(each - 1) * 100:.4f}")
    return fields


def _as_table(answer: Answer, periods: int, base: Period | None) -> Answer:
    """Periods side by side, the span of years, and the ratio of the first two below."""
    rows = answer.rows
    if periods > 1:
        answer = _with_span(wide(answer), rows, periods, base)
    ratio: dict[str, Value] = {
        f"{row['period']} value text" if periods > 1 else "value text": _rounded(number)
        for row in rows[periods : 2 * periods]
        if isinstance(number := row.get("ratio"), (int, Fraction))
    }
    if base or not ratio:
        return answer
    names = f"{rows[0]['what']} ÷ {rows[periods]['what']}"
    ratio |= {"what": names, "period": rows[0]["period"], "is_total": True}
    return answer._replace(rows=[*answer.rows, ratio])


def _with_span(answer: Answer, long: Sequence[Row], periods: int, base: Period | None) -> Answer:
    """How many times its first year the last one is; with a *base* the index instead of values."""
    rows = [dict(row) for row in answer.rows]
    span = ""
    for place, row in enumerate(long):
        one, period, index = rows[place // periods], row["period"], row.get("index")
        if base:
            one |= dict.fromkeys(("unit", f"{period} low", f"{period} high"))
            one[f"{period} value"] = round(index, 1) if isinstance(index, Fraction) else index
        elif isinstance(index, Fraction) and row.get("per_year") and row["window"] == "year":
            one |= {"span": f"x{_rounded(index / 100, 1)}", "per_year": row["per_year"]}
            span = f"{long[0]['period']}-{str(period)[2:]}"
    if base:
        return answer._replace(rows=rows, unit="", title=f"{answer.title} · {base.label} = 100")
    at = len(answer.views) - 2  # before sources and notes
    more = (
        HumanColumn(span, View.AMOUNT, ("span",), optional=1),
        HumanColumn("a year", View.CHANGE, ("per_year",), optional=99),
    )
    return answer._replace(rows=rows, views=(*answer.views[:at], *more, *answer.views[at:]))


def _rounded(number: int | Fraction, places: int = 2) -> str:
    """Two decimals, more for one so small that they would say little."""
    return fixed(number, places if number >= Fraction(1, 10) else 4)


def shares_of_total(figures: Sequence[Figure]) -> list[Figure]:
    """The part that each of several *figures* has in their sum."""
    shares = []
    for place, figure in enumerate(figures):
        rest = [*figures[:place], *figures[place + 1 :]]
        others = derive(TOTAL, rest, unit=figure.unit) if len(rest) > 1 else rest[0]
        shares.append(derive(PROPORTION, (figure, others), unit=PERCENT))
    return shares
