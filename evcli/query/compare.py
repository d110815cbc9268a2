"""Figures side by side, over time: never refused, but only like windows are set against each other.

Ratio and difference stand where unit and window are one; shares where, besides, definitions are.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from evcli.core.comparability import Operand, adds_up, caution, differing
from evcli.core.derive import PERCENT, derive
from evcli.core.formula import DIFFERENCE, PROPORTION, RATIO, SHARE, TOTAL
from evcli.errors import UsageError
from evcli.model import ABROAD, WORLD
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, Value, View, views_of
from evcli.model.figure import Figure
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period, Window
from evcli.model.records import Series
from evcli.model.unit import shown_unit
from evcli.model.vocabulary import Vocabulary, name_in
from evcli.query.choice import (
    common_window,
    figures_named,
    is_answer,
    operands,
    periods_asked,
    usual_metrics,
)
from evcli.query.figures import Figures, is_missing
from evcli.query.rows import (
    FIGURE_COLUMNS,
    LINEAGE_COLUMNS,
    computed_number,
    figure_rows,
    figure_views,
    footnotes,
    is_counted,
    note_fields,
    share_columns,
    with_bounds,
)
from evcli.query.selection import BY, BY_WINDOW, DIMENSIONS, Query, best_window
from evcli.query.wide import notes_of, wide
from evcli.text.numbers import fixed

_OF_FIRST = HumanColumn("first ÷ this", View.RATIO)
_SHARES = share_columns(optional=3)
COMPARE_COLUMNS = (
    *FIGURE_COLUMNS,
    *computed_number("ratio", "The first operand divided by this one.", _OF_FIRST),
    *computed_number("difference", "The first operand less this one.", _OF_FIRST, unit_from="unit"),
    *_SHARES,
    *computed_number("index", "100 is the period of --index, else the first shown.", _OF_FIRST),
    Column("per_year", Kind.CHANGE, description="Growth a year since then, in percent."),
    *LINEAGE_COLUMNS,
)
_BEFORE = 2  # years before the newest
_YEAR = 12  # months
_BARELY = 2  # times the width of its bounds that a difference may be and still be news


class _Line(NamedTuple):
    """One operand: its name, the series that answers for it, and a period of its own.

    ``named`` says that the reader gave it that period.
    """

    name: str
    series: Series
    period: Period | None = None
    named: bool = False


def compare_answer(
    source: Figures, wanted: Query, *, base: Period | None = None, table: bool = False
) -> Answer:
    """The operands of *wanted* with a row for each and each period; with *table* as people see it.

    *base* is the period that is 100 in the index.
    """
    if wanted == Query(when=wanted.when, by=wanted.by):
        raise UsageError("nothing to compare", "name makers, places, parts, counters or series")
    lines, periods = _laid_out(source, wanted, base)
    every: list[Period | None] = [*periods] or [None]
    columns = [_column(source, lines, period) for period in every]
    rows: list[dict[str, Value]] = []
    for place, line in enumerate(lines):
        figures = [column[place][0] for column in columns]
        start = source.operand(line.series, base) if base else figures[0]
        for figure, row in (column[place] for column in columns):
            _against_base(row, start, figure, source.words)
            rows.append(row)
    words, newest = source.words, [figure for figure, _ in columns[-1]]
    known = [figure for figure in newest if not is_missing(figure)]
    telling = [str(row["telling"]) for _, row in columns[-1] if row.get("telling")]
    answer = Answer(
        COMPARE_COLUMNS,
        rows,
        figure_views(*views_of(_SHARES)),
        footnotes=footnotes(rows, source.store),
        caution="; ".join([*telling, *caution(known, words)]),
        title=_title(lines, periods, words),
        more=_more(source, lines, newest, wanted),
        hint="nothing to compare",
    )
    return _as_table(answer, len(lines), base) if table else answer


def _laid_out(
    source: Figures, wanted: Query, base: Period | None
) -> tuple[list[_Line], list[Period]]:
    """The operands, and the periods that all are shown for; none where each has its own."""
    found = operands(source, wanted)
    own = [period for _, period in figures_named(source, wanted)] or [None] * len(found)
    lines = []
    for at, ((name, counts), period) in enumerate(zip(found, own, strict=True)):
        series = counts[0] if counts else _unrecorded(source, wanted, at)
        twice = period and len({each.id for _, each_counts in found for each in each_counts}) == 1
        lines.append(
            _Line(period.label if period and twice else name, series, period, bool(period))
        )
    if not any(own) and (periods := _periods(source, lines, wanted, base)):
        return lines, periods
    alone = wanted._replace(by="")
    return [
        line._replace(period=line.period or best_window(source.of(line.series), alone))
        for line in lines
    ], []


def _unrecorded(source: Figures, wanted: Query, place: int) -> Series:
    """A stand-in for a series that no pack has, so that the row can say so."""
    where = wanted.where._replace(metrics=wanted.where.metrics or usual_metrics(source, wanted))
    named = {
        kind: (getattr(where, field) or ("",))[place if kind == wanted.along else 0]
        for kind, field in DIMENSIONS.items()
    }
    return Series(".".join(filter(None, named.values())).lower(), "", **named, unit="", method="")


def _periods(
    source: Figures, lines: Sequence[_Line], wanted: Query, base: Period | None
) -> list[Period]:
    """Those asked for; of a range all of one kind; else the newest that all have, after years."""
    known = [line.series for line in lines if source.of(line.series).periods]
    when, run = wanted.when, list(periods_asked(wanted.when))
    if when.since or when.until or wanted.by or (base and not run):
        observed = {p for each in known for p in source.of(each).observed_periods if when.admits(p)}
        for way in [wanted.by] if wanted.by else reversed([*BY_WINDOW]):
            ends = [p for p in observed if wanted.by or p.window is BY_WINDOW[way]]
            if ends:
                ends.sort(key=attrgetter("sort_key"))
                alike = base and base.window is BY_WINDOW[way] and when.is_open
                first = base.start if base and alike else ends[0].start
                run = list(Period(first, ends[-1].end).split_into(BY[way].months))
                break
    elif not run:
        newest = common_window(source, known, wanted)
        run = [newest] if newest else []
        if newest and newest.start and not when.latest:
            last = Period.of_year(newest.start.year - 1)  # the last full year, if all have it
            full = newest.window is not Window.YEAR and all(_knows(source, e, last) for e in known)
            back = [(last if full else newest).shift(-_YEAR * n) for n in range(_BEFORE, -1, -1)]
            run = [*(back[1:] if full else back[:-1]), newest]
    return [p for p in run if any(_knows(source, each, p) for each in known)] or run


def _knows(source: Figures, series: Series, period: Period) -> bool:
    return is_answer(source.operand(series, period))


def _column(
    source: Figures, lines: Sequence[_Line], period: Period | None
) -> list[tuple[Figure, dict[str, Value]]]:
    """The figures of one period, or of a period of each line, and their rows."""
    words = source.words
    undated = Period(None, None)
    figures = [source.operand(e.series, e.period or period or undated) for e in lines]
    rows = figure_rows(figures, words)
    at = [Operand(line.series, figure.period) for line, figure in zip(lines, figures, strict=True)]
    complete = len({each.period for each in at}) == 1 and not any(map(is_missing, figures))
    shares = complete and len(at) > 1 and adds_up(at, words)
    for place, (line, row, figure) in enumerate(zip(lines, rows, figures, strict=True)):
        row["what"] = line.name
        if shares:
            rest = figures[:place] + figures[place + 1 :]
            row.update(with_bounds("share", share_of_total(figure, rest)))
        more: list[Note] = []
        if is_missing(figure):
            when = f"nothing known for {figure.period.label}"
            recorded = source.of(line.series).periods
            row["telling"] = f"{line.name}: {when if recorded else 'not recorded'}"
        elif place:
            named = lines[0].named and line.named
            if why := _no_ratio(at[0], at[place], figures[0], named, words):
                more = [Note(NoteKind.CAUTION, f"no ratio to {lines[0].name}: {why}")]
            else:
                more = _against_first(row, lines[0].name, figures[0], figure, words)
            row |= note_fields([*notes_of(row), *more])
            cautions = [each.text for each in more if each.kind is NoteKind.CAUTION]
            if cautions and not is_missing(figures[0]):
                row["telling"] = f"{line.name}: {cautions[0]}"
    return list(zip(figures, rows, strict=True))


def _no_ratio(
    first: Operand, other: Operand, figure: Figure, named: bool, words: Vocabulary
) -> str:
    """Why two have neither ratio nor difference: no *figure*, another unit, window or time."""
    unlike = differing((first, other), words)
    if is_missing(figure):
        return "that is not known"
    if "unit" in unlike:
        return f"unit differs ({' / '.join(map(shown_unit, unlike['unit']))})"
    if other.period.is_undated or "window" in unlike or ("period" in unlike and not named):
        return f"{first.period.label} against {other.period.label}"
    return ""


def _against_first(
    row: dict[str, Value], name: str, first: Figure, figure: Figure, words: Vocabulary
) -> list[Note]:
    """Ratio and difference; a note where the bounds hardly tell which is larger."""
    whole = is_counted(first.unit, words)
    difference = derive(DIFFERENCE, (first, figure), unit=first.unit)
    row |= with_bounds("ratio", derive(RATIO, (first, figure), unit="1"))
    row |= with_bounds("difference", difference, whole=whole)
    row["formula"] = "ratio = first / this; difference = first - this"
    refs = row["inputs"] = (first.id, figure.id)
    low, high = difference.bounds
    if low != high and (low is None or low <= 0) and (high is None or high >= 0):
        return [Note(NoteKind.CAUTION, f"too close to {name} to tell which is larger", refs)]
    if low is not None and high is not None and min(abs(low), abs(high)) < _BARELY * (high - low):
        return [Note(NoteKind.COMPARISON, f"close to {name}, but the bounds tell them apart", refs)]
    return []


def _against_base(row: dict[str, Value], base: Figure, figure: Figure, words: Vocabulary) -> None:
    """The index on *base*, a window of the same kind, and the growth of each year since."""
    unlike = differing([Operand(each.series, each.period) for each in (base, figure)], words)
    start, end = base.period.start, figure.period.start
    if not start or not end or "window" in unlike:
        return
    index = derive(SHARE, (figure, base), unit="1")
    row |= with_bounds("index", index)
    years = end.year - start.year
    if index.value and years > 1 and base.period.shift(_YEAR * years) == figure.period:
        each = (float(index.value) / 100) ** (1 / years)
        row["per_year"] = Fraction(f"{(each - 1) * 100:.4f}")


def _title(lines: Sequence[_Line], periods: Sequence[Period], words: Vocabulary) -> str:
    """What all operands have in common, and their period if it is one."""
    series = [line.series for line in lines if line.series.unit] or [line.series for line in lines]

    def common(kind: str) -> str:
        values = {getattr(each, kind) for each in series}
        return values.pop() if len(values) == 1 else ""

    subject, metric, place = common("subject"), common("metric"), common("destination")
    who = words.publisher_name(common("publisher")) if common("publisher") else ""
    own = all(words.is_own_count(each.publisher) for each in series)
    parts = (
        name_in(words.subjects, subject) if subject not in ("", "CN") else "",
        name_in(words.metrics, metric) if metric else "Comparison",
        name_in(words.destinations, place) if place not in ("", WORLD, ABROAD) else "",
        name_in(words.scopes, common("scope")).lower() if common("scope") else "",
        "makers' own counts" if own and not subject else f"counted by {who}" if who else "",
        periods[0].label if len(periods) == 1 else "",
    )
    return " · ".join(filter(None, parts))


def _more(source: Figures, lines: Sequence[_Line], shown: Sequence[Figure], wanted: Query) -> str:
    """The window that all have, where what is shown is not; the newest months of each."""
    known = [line.series for line in lines if source.of(line.series).periods]
    window = common_window(source, known, wanted)
    parts, months, ranged = [], [], wanted.when.is_open or wanted.when.since
    if window and any(map(is_missing, shown)) and len(known) == len(lines):
        parts.append(f"all known for {window.label}: --period {window}")
    for line, figure in zip(lines, shown, strict=True) if ranged and not lines[0].named else ():
        found = [p for p in source.of(line.series).observed_periods if p.window is Window.MONTH]
        newest, end = found[-1:], figure.period.end
        if newest and end and newest[0].end and newest[0].end > end:
            months.append(f"{line.name} {newest[0].label}")
    return " · ".join([*parts, *([f"newest months: {', '.join(months)}"] if months else [])])


def _as_table(answer: Answer, operands: int, base: Period | None) -> Answer:
    """Periods side by side, the span of years, and the ratio of the first two below."""
    rows, each = answer.rows, len(answer.rows) // operands  # rows of an operand
    if each > 1:
        answer = _with_span(wide(answer), rows, each, base)
    ratio: dict[str, Value] = {}
    for row in rows[each : 2 * each] if not base else ():
        if isinstance(number := row.get("ratio"), (int, Fraction)):
            name = f"{row['period']} value" if each > 1 else "value"
            ratio[name] = f"{_rounded(number)}"
    if ratio:
        names = f"{rows[0]['what']} ÷ {rows[each]['what']}"
        ratio |= {"what": names, "period": rows[0]["period"], "is_total": True}
        answer = answer._replace(rows=[*answer.rows, ratio])
    return answer


def _with_span(answer: Answer, long: Sequence[Row], each: int, base: Period | None) -> Answer:
    """How many times its first year the last one is; with a *base* the index instead of values."""
    rows = [dict(row) for row in answer.rows]
    span = ""
    for place, row in enumerate(long):
        one, period, index = rows[place // each], row["period"], row.get("index")
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


def share_of_total(figure: Figure, rest: Sequence[Figure]) -> Figure:
    """The part that *figure* has in the sum of itself and the *rest*."""
    others = derive(TOTAL, rest, unit=figure.unit) if len(rest) > 1 else rest[0]
    return derive(PROPORTION, (figure, others), unit=PERCENT)
