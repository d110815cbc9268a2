"""Which series stands for a name in a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evcli.errors import UnknownName
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import WORLD, SubjectKind
from evcli.query.compare import Entry
from evcli.query.figures import Figures
from evcli.query.ranking import known_window, listed
from evcli.query.rows import metric_name, subject_name
from evcli.query.selection import Query, Reference, best_window, series_named


def compared(source: Figures, names: Sequence[str], wanted: Query) -> tuple[list[Entry], list[str]]:
    """An entry for each series, figure or subject named, and notes on what was chosen."""
    entries: list[Entry] = []
    notes: list[str] = []
    for name in names:
        reference = Reference.parse(name)
        if source.store.match_series(reference.series):
            found = series_named(source.store, [reference.series])
            left_out = [series.id for series in found if not wanted.where.admits(series)]
            if left_out:
                notes.append(f"left out by the filters: {', '.join(left_out)}")
            for series in found:
                if series.id in left_out:
                    continue
                period = reference.period or _window(source, series, wanted)
                entries.append(Entry(series, period))
            continue
        subject = source.store.resolve("subject", name)
        if subject is None:
            known = [*source.store.known_names("subject"), *source.store.all_series_ids()]
            raise UnknownName.of("series or subject", name, known)
        entry, note = _of_subject(source, subject, wanted)
        entries.append(entry)
        if note:
            notes.append(note)
    return entries, notes


def default_metric(source: Figures, names: Iterable[str]) -> str:
    """What is compared when nothing is said: makers by overseas sales, countries by exports."""
    for name in names:
        subject = source.words.subjects.get(source.store.resolve("subject", name) or "")
        if subject is not None and subject.kind in (SubjectKind.COUNTRY, SubjectKind.PORT):
            return "exports"
    return "overseas-sales"


def _of_subject(source: Figures, subject: str, wanted: Query) -> tuple[Entry, str]:
    where = wanted.where._replace(subjects=(subject,))
    if not where.metrics:
        where = where._replace(metrics=(default_metric(source, [subject]),))
    candidates = where.series(source.store)
    if not where.destinations:
        candidates = [each for each in candidates if each.destination == WORLD]
    ordered = _best_first(source, candidates, wanted)
    found = _first_known(source, ordered, wanted)
    metric = where.metrics[0]
    if found is not None:
        others = [
            each.series.id
            for each in source.of(ordered)
            if each.series.id != found.series.id and wanted.when.pick(each.periods())
        ]
        told = f"; also {listed(others)}" if others else ""
        return found, f"{subject} stands for {found.series.id}{told}" if others else ""
    period = wanted.when.period or wanted.when.year_period or Period(None, None)
    series = ordered[0] if ordered else _nameless(subject, metric, where.scopes)
    name = subject_name(subject, source.words)
    when = "" if period.is_undated else f" in {period}"
    reason = f"{name} has no figure for {metric_name(metric, source.words).lower()}{when}"
    return Entry(series, period, reason), reason


def _nameless(subject: str, metric: str, scopes: Sequence[str]) -> Series:
    """A stand-in for a series that no pack defines, so that the row can say so."""
    scope = scopes[0] if scopes else "all"
    return Series(
        f"{subject}.{metric}.{scope}".lower(), "", subject, metric, scope, WORLD, "", "", ""
    )


def _best_first(source: Figures, series: Iterable[Series], wanted: Query) -> list[Series]:
    """Those with the window asked for, then the widest scope, then what is counted most often."""
    asked = wanted.when.period or wanted.when.year_period

    def order(each: Series) -> tuple[bool, int, int, str]:
        known = source.one(each).observed_periods()
        depth = len(list(source.words.scope_and_wholes(each.scope)))
        return asked is not None and asked not in known, depth, -len(known), each.id

    return sorted(series, key=order)


def _first_known(source: Figures, series: Sequence[Series], wanted: Query) -> Entry | None:
    for each in series:
        period = known_window(source, each, wanted)
        if period is not None:
            return Entry(each, period)
    return None


def _window(source: Figures, series: Series, wanted: Query) -> Period:
    if wanted.when.period is not None:
        return wanted.when.period
    found = best_window(source.one(series), wanted)
    return found or wanted.when.year_period or Period(None, None)
