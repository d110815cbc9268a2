"""The windows of series: those asked for (``get``), and one kind of them over time (``trend``)."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter

from evcli.core.resolve import figure_id
from evcli.grouping import grouped
from evcli.model.answer import SCREEN_ROWS, Answer
from evcli.model.figure import Figure
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.query.figures import Figures, SeriesFigures, is_missing
from evcli.query.operands import nothing_hint
from evcli.query.rows import figures_answer
from evcli.query.selection import BY_WINDOW, Query, When, admitted, known_run, windows_for
from evcli.query.titles import in_common, period_title

_FEW = 5  # series of which every window asked for is a row
MOST_WINDOWS = 36  # where no time was asked for
_ENOUGH = 3  # windows of a kind that make a trend


def get_answer(source: Figures, series: Sequence[Series], wanted: Query) -> Answer:
    """``get``: every stated window of the series that was asked for, oldest first."""
    plans: list[Figure] = []
    figures = selected_figures(source, series, wanted, plans)
    known = source.of_all([each for each in series if wanted.where.admits(each)])
    said = [series[0].title] if len(series) == 1 else in_common(series, source.words)
    return figures_answer(
        figures,
        source.store,
        title=" · ".join(filter(None, (*said, period_title(wanted.when)))),
        hint="" if figures else nothing_hint(source, known, wanted),
        group_by="" if wanted.by in BY_WINDOW else wanted.by,
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
    if wanted.by and wanted.by not in BY_WINDOW:
        chosen.sort(key=lambda each: str(getattr(each, wanted.by)))
    figures: list[Figure] = []
    for each in source.of_all(chosen):
        run = known_run(each)
        for period in windows_for(each, wanted, before_any=every):
            with_none = every and bool(len(chosen) <= _FEW or (run and run.overlaps(period)))
            found = source.figures_at(each.series, period, why_none=with_none)
            if certain_windows and len(found) == 1 and is_missing(found[0]):
                around, why = each.smallest_around(period), found[0].missing
                if around and not (why and why.around):  # else it says so already
                    text = f"smallest window known around it: {around}"
                    note = Note(NoteKind.MISSING, text, (figure_id(each.series, around),))
                    found = [found[0]._replace(notes=(*found[0].notes, note))]
            figures += found
    return admitted(figures, wanted, left_out)


def trend_answer(
    source: Figures,
    series: Sequence[Series],
    wanted: Query,
    *,
    most: int | None = None,
    under_chart: bool = False,
) -> tuple[Answer, list[Figure]]:
    """The windows of one kind that were asked for: ``wanted.by``, else what is known best.

    That is months where three or more are known, else quarters, half-years, years; of a stock all
    dates. Where no time is asked for, the newest 36. *most* keeps the first so many series that
    have anything to show. *under_chart* people see the newest of each.

    Beside the answer all figures, to draw: series by series, oldest first; windows between others
    of which nothing is known have no value and say why.
    """
    known = source.of_all([each for each in series if wanted.where.admits(each)])
    kind = wanted.by or _best_kind(source, known, wanted.when)
    window = BY_WINDOW.get(kind)
    plural = f"{window}s" if window else "dates"
    notes = []

    def of_kind(period: Period) -> bool:
        return not period.is_undated and (window is None or period.window is window)

    having = [e for e in known if any(of_kind(p) and _inside(p, wanted.when) for p in e.periods)]
    if most is not None and len(having) > most:
        why = f"{len(having) - most} more series are left out, since a chart tells {most} apart"
        notes.append(f"{why}; name fewer, or --format csv prints all")
        known = having[:most]
    if not wanted.by and kind:
        notes.append(f"{plural} are shown (--by {', '.join(BY_WINDOW)} chooses others)")
    when, plans = wanted.when, list[Figure]()
    if when.is_open and (newest := _newest(known, kind)):
        when = newest
        notes.append(f"the newest {MOST_WINDOWS} {plural}; --since shows more")
    question = wanted._replace(by=kind, when=when)
    figures = selected_figures(source, [each.series for each in known], question, plans)
    dated = (figure for figure in figures if not figure.period.is_undated)
    runs = grouped(dated, attrgetter("series.id")).values()
    figures = []  # without those before the first and after the last that says something
    for run in runs:
        telling = [at for at, figure in enumerate(run) if not is_missing(figure)] or [len(run)]
        figures += run[telling[0] : telling[-1] + 1]
    left_out = sum(
        _inside(period, wanted.when) and not of_kind(period)
        for each in known
        for period in (each.periods if wanted.where.plans else each.observed_periods)
    )
    if left_out and figures:
        notes.append(f"{left_out} windows of other kinds are left out (evcli get shows them)")
    hint = f"no {plural} are known; evcli get shows every stated window" if left_out else ""
    hint = "" if figures else hint or nothing_hint(source, known, wanted)
    answer = figures_answer(
        figures, source.store, notes=notes, hint=hint, group_by="what", plans=plans
    )
    return answer._replace(screen=_newest_rows(figures) if under_chart else None), figures


def _newest_rows(figures: Sequence[Figure]) -> tuple[int, ...]:
    """The newest figures of each series, as many as stand below a chart, by their index."""
    known = [at for at, figure in enumerate(figures) if not is_missing(figure)]
    by_series = grouped(known, lambda at: figures[at].series.id).values()
    each = max(1, SCREEN_ROWS // max(1, len(by_series)))
    return tuple(chain.from_iterable(every[-each:] for every in by_series))


def _best_kind(source: Figures, known: Sequence[SeriesFigures], when: When) -> str:
    """The kind of window with enough figures, the shortest first; else that with the most."""
    if known and all(source.words.is_stock(each.series.metric) for each in known):
        return ""  # a stock has dates and no windows
    observed = chain.from_iterable(each.observed_periods for each in known)
    counts = Counter(period.window for period in observed if _inside(period, when))
    enough = (kind for kind, window in BY_WINDOW.items() if counts[window] >= _ENOUGH)
    most = max(reversed([*BY_WINDOW]), key=lambda kind: counts[BY_WINDOW[kind]])
    return next(enough, most)


def _inside(period: Period, when: When) -> bool:
    """Whether *period* lies in what was asked for; one exact period asks for what it holds."""
    return when.period.contains(period) if when.period is not None else when.admits(period)


def _newest(known: Sequence[SeriesFigures], kind: str) -> When | None:
    """The newest windows, where there are older ones than are shown; else None.

    Windows are those of one kind that anything stated touches, of a stock its dates.
    """
    dated = (p for each in known for p in each.observed_periods if not p.is_undated)
    months = BY_WINDOW[kind].months if kind else None
    touched = {part for p in dated for part in (p.split_into(months) if months else [p])}
    by_age = sorted(touched, key=attrgetter("sort_key"))
    return When(since=by_age[-MOST_WINDOWS]) if len(by_age) > MOST_WINDOWS else None
