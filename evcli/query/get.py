"""The answer of ``get``: every window that was asked for, of every series that was named."""

from __future__ import annotations

from collections.abc import Sequence

from evcli.core.resolve import figure_id
from evcli.model.answer import Answer
from evcli.model.figure import Figure
from evcli.model.note import Note, NoteKind
from evcli.model.records import Series
from evcli.query.figures import Figures, SeriesFigures, is_missing
from evcli.query.operands import nothing_hint
from evcli.query.rows import figures_answer
from evcli.query.selection import BY_DIMENSION, BY_WINDOW, Query, admitted, known_run, windows_for
from evcli.query.titles import period_title, series_title
from evcli.text.numbers import between

_FEW = 5  # series of which every window asked for is a row


def get_answer(source: Figures, series: Sequence[Series], wanted: Query) -> Answer:
    """``get``: every stated window of the series that was asked for, oldest first."""
    plans: list[Figure] = []
    figures = selected_figures(source, series, wanted, plans)
    known = source.of_all([each for each in series if wanted.where.admits(each)])
    parts = [series_title(series, source.words), period_title(wanted.when)]
    return figures_answer(
        figures,
        source.store,
        title=" · ".join(filter(None, parts)),
        hint="" if figures else nothing_hint(source, known, wanted),
        group_by=wanted.by if wanted.by in BY_DIMENSION else "",
        plans=plans,
    )


def selected_figures(
    source: Figures, series: Sequence[Series], wanted: Query, left_out: list[Figure] | None = None
) -> list[Figure]:
    """The figures of *series* for the periods asked for, series by series, oldest first.

    Where every month (quarter, half, year) of a run is asked for, one that is not known is a row
    without a value that says why; of many series at once only from the first figure of each.
    Plans that are not wanted are appended to *left_out*.
    """
    every = wanted.by in BY_WINDOW and not wanted.where.sources and not wanted.where.basis
    certain_windows = wanted.by in BY_WINDOW or bool(wanted.when.exact)
    chosen = [each for each in series if wanted.where.admits(each)]
    if wanted.by in BY_DIMENSION:
        chosen.sort(key=lambda each: str(getattr(each, wanted.by)))
    figures: list[Figure] = []
    for each in source.of_all(chosen):
        run = known_run(each)
        for period in windows_for(each, wanted, before_any=every):
            row_for_none = every and (
                len(chosen) <= _FEW or (run is not None and run.overlaps(period))
            )
            found = source.figures_at(each.series, period, or_why_none=row_for_none)
            if certain_windows and len(found) == 1:
                found = [_closer(source, each, found[0])]
            figures += found
    return admitted(figures, wanted, left_out)


def _closer(source: Figures, known: SeriesFigures, figure: Figure) -> Figure:
    """A figure with what is known besides: what follows, where a source leaves an end open.

    What is stated stays the figure; only where nothing but a growth is stated does the level that
    follows take its place. Where nothing is known, the smallest window around it is named.
    """
    if figure.basis == "stated" and not figure.sources:
        return _placed(known, figure)
    if figure.basis != "stated" or not figure.is_observed or None not in figure.bounds:
        return figure
    derived = source.inferrer.figure(figure.series, figure.period)
    low, high = derived.bounds
    if derived.basis != "derived" or low is None or high is None:
        return figure
    if is_missing(figure):
        how = derived.notes
        if figure.yoy is not None:
            how = tuple(note for note in how if note.kind is not NoteKind.GROWTH)
        return derived._replace(yoy=figure.yoy or derived.yoy, notes=(*figure.notes, *how))
    refs = tuple(each.id for each in derived.leaves())
    note = Note(NoteKind.COMPARISON, f"the other facts give {between(low, high)}", refs)
    return figure._replace(notes=(*figure.notes, note))


def _placed(known: SeriesFigures, figure: Figure) -> Figure:
    smallest = known.smallest_around(figure.period)
    if smallest is None or (figure.missing is not None and figure.missing.around is not None):
        return figure  # it says so already
    text = f"smallest window known around it: {smallest}"
    note = Note(NoteKind.MISSING, text, (figure_id(figure.series, smallest),))
    return figure._replace(notes=(*figure.notes, note))
