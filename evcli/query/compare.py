"""Comparing and ranking figures: never refused, but unlike rows are told apart."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import NamedTuple

from evcli.core.derive import PERCENT, derive
from evcli.core.facet import Operand, differing, own_count_warning, unlike_in
from evcli.core.formula import DIFFERENCE, PROPORTION, RATIO, TOTAL
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View
from evcli.model.fact import Series
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.vocabulary import Vocabulary
from evcli.query.figures import FigureSource
from evcli.query.rows import (
    COMPUTED_COLUMNS,
    FIGURE_COLUMNS,
    FIGURE_VIEWS,
    bounded,
    figure_rows,
    footnotes,
    total_row,
)

UNPROVEN = "the bounds do not prove that the first is larger"
COMPARE_COLUMNS: tuple[Column, ...] = (
    *FIGURE_COLUMNS,
    *bounded("ratio"),
    *bounded("difference", unit_from="unit"),
    *bounded("share"),
    *COMPUTED_COLUMNS[-2:],
)
TOP_COLUMNS: tuple[Column, ...] = (
    *FIGURE_COLUMNS,
    Column("position", Kind.NUMBER),
    Column("position_best", Kind.NUMBER),
    Column("position_worst", Kind.NUMBER),
    *bounded("share"),
)
_COMPARE_VIEWS = (
    *FIGURE_VIEWS[:4],
    HumanColumn("first ÷ this", View.RATIO, ("ratio", "ratio_low", "ratio_high")),
    HumanColumn(
        "first - this", View.BOUNDED, ("difference", "difference_low", "difference_high"), "unit",
        optional=4,
    ),
    HumanColumn("share", View.SHARE, ("share", "share_low", "share_high"), optional=3),
    *FIGURE_VIEWS[-2:],
)  # fmt: skip
_TOP_VIEWS = (
    HumanColumn("rank", View.POSITION, ("position", "position_best", "position_worst")),
    *FIGURE_VIEWS[:5],
    HumanColumn("share", View.SHARE, ("share", "share_low", "share_high"), optional=4),
    *FIGURE_VIEWS[-2:],
)


class Entry(NamedTuple):
    """One thing to compare; ``why_none`` says why it has no figure, if it has none."""

    series: Series
    period: Period
    why_none: str = ""


def compare_answer(
    source: FigureSource, entries: Sequence[Entry], *, notes: Sequence[str] = ()
) -> Answer:
    """Rows in the order asked for, each against the first that has a figure, and their total."""
    words = source.words
    figures = [source.operand(entry.series, entry.period) for entry in entries]
    known = [
        (entry, figure)
        for entry, figure in zip(entries, figures, strict=True)
        if _has_bounds(figure)
    ]
    operands = [Operand(entry.series, entry.period) for entry, _ in known]
    unlike = unlike_in(operands, words)
    apart = _why_unlike(operands, unlike, words)
    addable, why_not = _addable(operands, words)
    rows = figure_rows(figures, words, subjects=True)
    for row, entry, figure in zip(rows, entries, figures, strict=True):
        if entry.why_none and not _has_bounds(figure):
            row["note"] = entry.why_none
    first = known[0][1] if known else None
    share_ok = addable and not unlike and len(known) > 1
    for row, figure in zip(rows, figures, strict=True):
        if first is None or not _has_bounds(figure):
            continue
        if figure is not first and _same_unit(first, figure):
            _against_first(row, first, figure)
        if share_ok:
            rest = [other for _, other in known if other is not figure]
            _put(row, "share", _share_of_total(figure, rest))
    periods = {entry.period for entry in entries}
    extra = list(notes)
    if len(known) > 1:
        if addable:
            rows.append(_total_row([figure for _, figure in known], words, apart))
        elif why_not:
            extra.append(f"no total: {why_not}")
        if apart:
            extra.append(f"unlike rows, so no shares: {apart}")
    return Answer(
        COMPARE_COLUMNS,
        rows,
        _without_period(_COMPARE_VIEWS, periods),
        footnotes=footnotes(rows, source.store),
        notes=tuple(extra),
        warnings=own_count_warning(operands, words),
        title=" · ".join(["Comparison", *_common(periods)]),
        hint="nothing to compare",
    )


def top_answer(
    source: FigureSource,
    entries: Sequence[Entry],
    *,
    by_growth: bool = False,
    limit: int | None = None,
    title: str = "",
    hint: str = "",
) -> Answer:
    """Rows from the largest down, with the positions that the bounds allow."""
    words = source.words
    found: list[tuple[Entry, Figure]] = []
    for entry in entries:
        figure = source.operand(entry.series, entry.period)
        if by_growth:
            shown = source.figures_at(entry.series, entry.period)
            figure = next((each for each in shown if each.id == figure.id), figure)
        if _has_bounds(figure) and (not by_growth or figure.yoy is not None):
            found.append((entry, figure))
    found.sort(key=lambda pair: _size(pair[1], by_growth), reverse=True)
    operands = [Operand(entry.series, entry.period) for entry, _ in found]
    unlike = unlike_in(operands, words)
    apart = _why_unlike(operands, unlike, words)
    addable, _ = _addable(operands, words)
    figures = [figure for _, figure in found]
    rows = figure_rows(figures, words, subjects=True)
    for index, (row, figure) in enumerate(zip(rows, figures, strict=True)):
        best, worst = _positions(figures, index, by_growth)
        row.update(position=index + 1, position_best=best, position_worst=worst)
        if addable and not unlike and len(figures) > 1:
            rest = figures[:index] + figures[index + 1 :]
            _put(row, "share", _share_of_total(figure, rest))
    notes = [f"unlike rows, so no shares: {apart}"] if apart else []
    if limit is not None and limit < len(rows):
        notes.append(f"{limit} of {len(rows)} rows shown (--limit)")
        rows = rows[:limit]
    return Answer(
        TOP_COLUMNS,
        rows,
        _TOP_VIEWS,
        footnotes=footnotes(rows, source.store),
        notes=tuple(notes),
        warnings=own_count_warning(operands, words),
        title=title,
        hint=hint,
    )


def _common(periods: Collection[Period]) -> list[str]:
    return [str(each) for each in periods if len(periods) == 1 and not each.is_undated]


def _without_period(
    views: tuple[HumanColumn, ...], periods: Collection[Period]
) -> tuple[HumanColumn, ...]:
    """The period stands in the title where all rows have the same."""
    return tuple(view for view in views if len(periods) > 1 or view.head != "period")


def _has_bounds(figure: Figure) -> bool:
    bounds = figure.bounds
    return figure.value is not None or bounds.low is not None or bounds.high is not None


def _same_unit(first: Figure, second: Figure) -> bool:
    return first.unit == second.unit


def _against_first(row: dict[str, Value], first: Figure, figure: Figure) -> None:
    ratio = derive(RATIO, (first, figure), unit="1")
    difference = derive(DIFFERENCE, (first, figure), unit=first.unit)
    _put(row, "ratio", ratio)
    _put(row, "difference", difference)
    row["formula"] = "ratio = first / this; difference = first - this"
    row["inputs"] = (first.id, figure.id)
    bounds = difference.bounds
    if bounds.low is not None and bounds.low > 0:
        verdict = "the bounds prove that the first is larger"
    elif bounds.high is not None and bounds.high < 0:
        verdict = "the bounds prove that this one is larger than the first"
    else:
        verdict = (
            UNPROVEN
            if difference.value is None or difference.value >= 0
            else ("the bounds do not prove that this one is larger than the first")
        )
    _add_note(row, verdict)


def _share_of_total(figure: Figure, rest: Sequence[Figure]) -> Figure:
    others = derive(TOTAL, rest, unit=figure.unit) if len(rest) > 1 else rest[0]
    return derive(PROPORTION, (figure, others), unit=PERCENT)


def _put(row: dict[str, Value], name: str, figure: Figure) -> None:
    row[name] = figure.value
    row[f"{name}_low"] = figure.bounds.low
    row[f"{name}_high"] = figure.bounds.high


def _total_row(figures: Sequence[Figure], words: Vocabulary, apart: str) -> dict[str, Value]:
    notes = [f"adds unlike rows: {apart}"] if apart else []
    open_ended = [figure.id for figure in figures if figure.bounds.high is None]
    if open_ended:
        notes.append(f"high is open because of {', '.join(open_ended)}")
    total = derive(TOTAL, figures, unit=figures[0].unit, notes=notes)
    return total_row(total, figures, words)


def _why_unlike(operands: Sequence[Operand], unlike: Sequence[str], words: Vocabulary) -> str:
    values = differing(operands, words)
    return "; ".join(f"{name} ({' / '.join(values[name])})" for name in unlike if name in values)


def _addable(operands: Sequence[Operand], words: Vocabulary) -> tuple[bool, str]:
    """Whether a total makes sense, and if not why: one unit, one window, nothing twice."""
    if len(operands) < 2:
        return False, ""
    values = differing(operands, words)
    for name in ("unit", "window", "period", "metric"):
        if name in values:
            return False, f"{name} differs ({' / '.join(values[name])})"
    for one, other in itertools.combinations(operands, 2):
        if _overlap(one.series, other.series, words):
            return False, f"{one.series.id} and {other.series.id} overlap"
    return True, ""


def _overlap(one: Series, other: Series, words: Vocabulary) -> bool:
    def nested(a: str, b: str, within: object) -> bool:
        return bool(callable(within) and (within(a, b) or within(b, a)))

    return (
        nested(one.subject, other.subject, words.belongs_to)
        and nested(one.scope, other.scope, words.lies_in)
        and nested(one.destination, other.destination, words.reaches)
    )


def _positions(figures: Sequence[Figure], index: int, by_growth: bool) -> tuple[int, int]:
    """The best and worst position that the bounds allow, counted from one."""
    low, high = _ends(figures[index], by_growth)
    best = worst = 1
    for other_index, other in enumerate(figures):
        if other_index == index:
            continue
        other_low, other_high = _ends(other, by_growth)
        if other_low is not None and high is not None and other_low > high:
            best += 1
        if other_high is None or low is None or other_high > low:
            worst += 1
    return best, worst


def _ends(figure: Figure, by_growth: bool) -> tuple[Fraction | None, Fraction | None]:
    bounds = figure.yoy.bounds if by_growth and figure.yoy else figure.bounds
    return bounds.low, bounds.high


def _size(figure: Figure, by_growth: bool) -> tuple[bool, Fraction]:
    if by_growth and figure.yoy is not None:
        value, bounds = figure.yoy.value, figure.yoy.bounds
    else:
        value, bounds = figure.value, figure.bounds
    best = value if value is not None else bounds.low if bounds.low is not None else bounds.high
    return (best is not None, best or Fraction(0))


def _add_note(row: dict[str, Value], note: str) -> None:
    before = row.get("note")
    row["note"] = f"{before}; {note}" if before else note
