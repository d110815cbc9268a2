"""The series and figures that a question names, in ids, as commands take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evcli.errors import UsageError
from evcli.model import WORLD
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import Vocabulary
from evcli.query.figures import Figures
from evcli.query.names import in_common, names_apart, short_name
from evcli.query.selection import DIMENSIONS, FigureName, Query, Where, series_named
from evcli.query.titles import (
    capital,
    period_title,
    place_name,
)
from evcli.text.lists import listed

_MOST_NAMES = 4


class NamedFigures(NamedTuple):
    """Series or figures as ids; who else counts them, in a line for people; what is not recorded.

    Where ``missing`` says something, there is no answer.
    """

    ids: tuple[str, ...]
    others: str = ""
    missing: str = ""


def series_wanted(source: Figures, wanted: Query) -> list[Series]:
    """The series that a question names by id, else one per counter of what its words name.

    Of several makers, places or parts it is one of each, counted alike.
    """
    if wanted.series:
        return series_named(source.store, wanted.series)
    if wanted.where == Where(basis=wanted.where.basis, plans=wanted.where.plans):
        raise UsageError("which series?", "name one in words or by id, as in nev exports 2025")
    from evcli.query.choice import counts, operands  # whoever names ids needs no choice

    if wanted.along in DIMENSIONS:
        return [series[0] for _, series in operands(source, wanted) if series]
    return counts(source, wanted)


def operands_wanted(source: Figures, wanted: Query) -> NamedFigures:
    """One series for each value of what is named more than once, else one; ids as typed."""
    if wanted.series:
        named = [FigureName.parse(each).series for each in wanted.series]
        out = [each.id for each in source.store.series(named) if not wanted.where.admits(each)]
        missing = f"{listed(out)}: left out by the filters" if out else ""
        return NamedFigures(wanted.series, missing=missing)
    if wanted.along in DIMENSIONS:
        from evcli.query.choice import operands

        found = [series for _, series in operands(source, wanted)]
    else:
        found = [series_wanted(source, wanted)]
    for index, series in enumerate(found):
        if not series:
            where = wanted.where
            if wanted.along in DIMENSIONS:
                where = where.having(wanted.along, where.ids(wanted.along)[index : index + 1])
            return NamedFigures((), missing=not_recorded(source, wanted._replace(where=where)))
    counters = [[each.publisher for each in series] for series in found]
    others = [each for each in counters[0][1:] if all(each in other for other in counters)]
    names = [source.words.publisher_name(each) for each in dict.fromkeys([counters[0][0], *others])]
    line = f"counted by {names[0]}; also by {listed(names[1:])}" if names[1:] else ""
    return NamedFigures(tuple(series[0].id for series in found), line)


def not_recorded(source: Figures, wanted: Query, metrics: Sequence[str] = ()) -> str:
    """That nothing is recorded of what words name, and what is nearest to it.

    That is the same with one of the words changed; *metrics* are meant where none is named.
    """
    where, words = wanted.where, source.words
    where = where._replace(metrics=where.metrics or tuple(metrics))
    said = said_of(where, words)
    nearest = []
    for kind in ("scope", "metric", "destination", "subject", "publisher"):
        kept = " · ".join(text for other, text in said.items() if other != kind)
        if kind not in said or not kept:
            continue
        series = where.having(kind, ()).series(source.store)
        whole = [each for each in series if each.destination == WORLD]
        often = Counter(getattr(each, kind) for each in whole or series)
        if kind == "destination":
            often = Counter(each.destination for each in series)
        others = _names(kind, [id for id, _ in often.most_common() if id != WORLD], words)
        nearest += [f"{kept}: {others}"] if others else []
    what = " · ".join(said.values()) or "that"
    near = f"nearest: {'; '.join(nearest[:2])}" if nearest else "evcli series lists what is"
    return f"{what}: not recorded; {near}"


def said_of(where: Where, words: Vocabulary) -> dict[str, str]:
    """What a question names in each dimension, in words.

    >>> said_of(Where(destinations=("MX", "BR")), Vocabulary())
    {'destination': 'to Mexico and Brazil'}
    """
    return {kind: _names(kind, where.ids(kind), words) for kind in DIMENSIONS if where.ids(kind)}


def _names(kind: str, ids: Iterable[str], words: Vocabulary) -> str:
    """What people call some values of one dimension."""
    if kind == "destination":
        names = [place_name(words, each) for each in ids]
    else:
        names = [short_name(kind, each, words) for each in ids]
    text = listed([name for name in names if "," not in name][:_MOST_NAMES] or names)
    before = {"destination": "to ", "publisher": "counted by "}.get(kind, "")
    return f"{before}{text}" if text else ""


def computed_title(source: Figures, head: str, ids: Sequence[str], wanted: Query) -> str:
    """What was computed: *head* with the names of its figures, and what they have in common."""
    named = [source.store.match_series(FigureName.parse(id).series) for id in ids]
    series = list(dict.fromkeys(each for found in named for each in found))
    names = names_apart(series, source.words)
    text = capital(head.format(*names, all=listed(names))) if len(series) > 1 else head
    parts = [text, *in_common(series, source.words), period_title(wanted.when)]
    return " · ".join(filter(None, parts))


def part_and_whole(wanted: Query) -> Query:
    """The question of ``share``: two of one kind, or one part against the whole of its kind.

    >>> part_and_whole(Query(Where(scopes=("nev",)))).where.scopes
    ('nev', 'all')
    """
    if wanted.series or (wanted.along and wanted.along != "period"):
        return wanted
    where = wanted.where
    for kind, whole in (("scope", "all"), ("destination", WORLD)):
        part = where.ids(kind)
        if part not in ((), (whole,)):
            return wanted._replace(where=where.having(kind, (*part, whole)), along=kind)
    raise UsageError("a share is of something", "name the part and the whole, as in phev nev 2025")


def figures_wanted(source: Figures, wanted: Query) -> NamedFigures:
    """Figures as ``SERIES@PERIOD``, each of the newest period where none is named.

    Ids as typed stay what they are where no period goes with them.
    """
    if wanted.series and wanted.when.is_open:
        return NamedFigures(wanted.series)
    named = NamedFigures(wanted.series) if wanted.series else operands_wanted(source, wanted)
    ids: list[str] = []
    for id in named.ids:
        found = source.store.match_series(id)
        if not found:
            ids.append(id)
        for series in filter(wanted.where.admits, found):
            ids += [f"{series.id}@{period}" for period in _periods(source, series, wanted)]
    return named._replace(ids=tuple(ids))


def _periods(source: Figures, series: Series, wanted: Query) -> Sequence[Period]:
    when = wanted.when
    if when.named:
        return when.named
    known = source.of(series)
    observed = known.observed_periods or known.periods
    if not observed:
        return [Period(None, None)]
    if when.since or when.until:
        return when.pick(observed)
    return when._replace(latest=True).pick(observed)
