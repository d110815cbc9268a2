"""The answer of ``get``: every window that was asked for, of every series that was named."""

from __future__ import annotations

from collections.abc import Sequence

from evcli.model.answer import Answer
from evcli.model.fact import Series
from evcli.model.figure import Figure
from evcli.query.asked import admitted, windows_asked
from evcli.query.figures import FigureSource
from evcli.query.selection import BY_DIMENSION, BY_WINDOW, Wanted
from evcli.query.topics import figures_answer, nothing_hint


def get_answer(source: FigureSource, series: Sequence[Series], wanted: Wanted) -> Answer:
    """``get``: every stated window of the series that was asked for, oldest first."""
    figures = selected_figures(source, series, wanted)
    everything = source.of([each for each in series if wanted.where.admits(each)])
    title = series[0].title if len(series) == 1 else ""
    hint = "" if figures else nothing_hint(source, everything, wanted)
    group_by = wanted.by if wanted.by in BY_DIMENSION else ""
    return figures_answer(source, figures, title=title, hint=hint, group_by=group_by)


def selected_figures(
    source: FigureSource, series: Sequence[Series], wanted: Wanted
) -> list[Figure]:
    """The figures of *series* for the periods asked for, series by series, oldest first.

    Where every month (quarter, half, year) of a run is asked for, one that is not known is a row
    without a value that says why.
    """
    every = wanted.by in BY_WINDOW and not wanted.where.sources and not wanted.where.basis
    chosen = [each for each in series if wanted.where.admits(each)]
    if wanted.by in BY_DIMENSION:
        chosen.sort(key=lambda each: str(getattr(each, wanted.by)))
    figures: list[Figure] = []
    for each in source.of(chosen):
        for period in windows_asked(each, wanted):
            figures += source.figures_at(each.series, period, or_why_none=every)
    return admitted(figures, wanted)
