"""The answer of a ranking: positions that the bounds allow, by size or by growth."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evcli.core.comparability import Operand, own_count_warning, unlike_in
from evcli.core.derive import PERCENT, derive, growth_between
from evcli.core.formula import SHARE
from evcli.model.answer import Answer, Column, HumanColumn, Kind, View
from evcli.model.figure import Figure
from evcli.query.compare import Entry, addable, has_bounds, put, share_of_total, why_unlike
from evcli.query.figures import FigureSource
from evcli.query.ranking import Ranking
from evcli.query.rows import (
    FIGURE_COLUMNS,
    FIGURE_VIEWS,
    bounded,
    destination_name,
    figure_rows,
    footnotes,
)

TOP_COLUMNS: tuple[Column, ...] = (
    *FIGURE_COLUMNS,
    Column("position", Kind.NUMBER),
    Column("position_best", Kind.NUMBER),
    Column("position_worst", Kind.NUMBER),
    *bounded("share"),
)
_TOP_VIEWS = (
    HumanColumn("rank", View.POSITION, ("position", "position_best", "position_worst")),
    *FIGURE_VIEWS[:5],
    HumanColumn("share", View.SHARE, ("share", "share_low", "share_high"), optional=4),
    *FIGURE_VIEWS[-2:],
)


def top_answer(
    source: FigureSource, ranking: Ranking, *, by_growth: bool = False, limit: int | None = None
) -> Answer:
    """Rows from the largest down, with the positions that the bounds allow."""
    words = source.words
    found: list[tuple[Entry, Figure]] = []
    silent: list[str] = []
    for entry in ranking.entries:
        figure = source.operand(entry.series, entry.period)
        if by_growth:
            figure = _grown(source, entry, figure)
        if by_growth and figure.yoy is None:
            silent.append(getattr(entry.series, ranking.by))
        elif has_bounds(figure):
            found.append((entry, figure))
    found.sort(key=lambda pair: _size(pair[1], by_growth), reverse=True)
    operands = [Operand(entry.series, entry.period) for entry, _ in found]
    unlike = unlike_in(operands, words)
    apart = why_unlike(operands, unlike, words)
    figures = [figure for _, figure in found]
    rows = figure_rows(figures, words, subjects=True)
    for index, (row, figure) in enumerate(zip(rows, figures, strict=True)):
        if ranking.by == "destination":  # the title says what went there
            row["what"] = destination_name(figure.series.destination, words)
        best, worst = _positions(figures, index, by_growth)
        row.update(position=index + 1, position_best=best, position_worst=worst)
    notes = list(ranking.notes)
    if apart:
        notes.append(f"unlike rows, so no shares: {apart}")
    elif ranking.whole is not None:
        whole = source.operand(ranking.whole.series, ranking.whole.period)
        notes.append(f"shares are of {whole.id}")
        for row, figure in zip(rows, figures, strict=True):
            put(row, "share", derive(SHARE, (figure, whole), unit=PERCENT))
    elif len(figures) > 1 and addable(operands, words)[0]:
        notes.append("shares are of the rows together")
        for index, (row, figure) in enumerate(zip(rows, figures, strict=True)):
            rest = figures[:index] + figures[index + 1 :]
            put(row, "share", share_of_total(figure, rest))
    if silent:
        notes.append(f"no growth known: {', '.join(dict.fromkeys(silent))}")
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
        title=ranking.title,
        hint=ranking.hint,
    )


def _grown(source: FigureSource, entry: Entry, figure: Figure) -> Figure:
    """The figure with its growth: as stated, else computed from both levels."""
    shown = source.figures_at(entry.series, entry.period)
    figure = next((each for each in shown if each.id == figure.id), figure)
    if figure.yoy is not None or entry.period.is_undated:
        return figure
    base = source.operand(entry.series, entry.period.year_before())
    growth = growth_between(figure, base) if has_bounds(base) and has_bounds(figure) else None
    if growth is None:
        return figure
    return figure._replace(yoy=growth, notes=(*figure.notes, f"growth computed from {base.id}"))


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
