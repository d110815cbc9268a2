"""The series and figures that a question names, in ids, as commands take them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import NamedTuple

from evcli.errors import UsageError
from evcli.model import WORLD
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.query.choice import counts, operands
from evcli.query.figures import Figures
from evcli.query.selection import DIMENSIONS, Query, Where, series_named


class Named(NamedTuple):
    """Series or figures as ids, and the other counts of the same, in one line for people."""

    ids: tuple[str, ...]
    others: str = ""


def series_wanted(source: Figures, wanted: Query) -> list[Series]:
    """The series that a question names by id, else one per counter of what its words name."""
    if wanted.series:
        return series_named(source.store, wanted.series)
    if wanted.where == Where(basis=wanted.where.basis, plans=wanted.where.plans):
        raise UsageError("which series?", "name one in words or by id, as in nev exports 2025")
    return counts(source, wanted)


def operands_wanted(source: Figures, wanted: Query) -> Named:
    """One series for each value of what is named more than once, else one; ids as typed."""
    if wanted.series:
        return Named(wanted.series)
    if wanted.along not in DIMENSIONS:
        return _first_and_others([series_wanted(source, wanted)])
    found = operands(source, wanted)
    lacking = [name for name, series in found if not series]
    if lacking:
        raise UsageError(f"no figures for {' or '.join(lacking)}", "leave it out, or name another")
    return _first_and_others([series for _, series in found])


def _first_and_others(found: Sequence[Sequence[Series]]) -> Named:
    """The first of each, and who else counts the first of all."""
    others = dict.fromkeys(each.id for each in found[0][1:]) if found else {}
    line = f"also counted: {', '.join([*others][:3])}" if others else ""
    return Named(tuple(series[0].id for series in found if series), line)


def part_and_whole(wanted: Query) -> Query:
    """The question of ``share``: two of one kind, or one part against the whole of its kind.

    >>> part_and_whole(Query(Where(scopes=("nev",)))).where.scopes
    ('nev', 'all')
    """
    if wanted.series or (wanted.along and wanted.along != "period"):
        return wanted
    where = wanted.where
    if where.scopes not in ((), ("all",)):
        return wanted._replace(where=where._replace(scopes=(*where.scopes, "all")), along="scope")
    if where.destinations not in ((), (WORLD,)):
        whole = (*where.destinations, WORLD)
        return wanted._replace(where=where._replace(destinations=whole), along="destination")
    raise UsageError("a share is of something", "name the part and the whole, as in phev nev 2025")


def figures_wanted(source: Figures, wanted: Query) -> Named:
    """Figures as ``SERIES@PERIOD``, each of the newest period where none is named.

    Ids as typed stay what they are where no period goes with them.
    """
    if not wanted.series:
        named = operands_wanted(source, wanted)
    elif wanted.when.is_open:
        return Named(wanted.series)
    else:
        named = Named(wanted.series)
    ids: list[str] = []
    for id in named.ids:
        found = source.store.match_series(id)
        if not found:
            ids.append(id)
        for series in found:
            ids += [f"{series.id}@{period}" for period in _periods(source, series, wanted)]
    return named._replace(ids=tuple(ids))


def _periods(source: Figures, series: Series, wanted: Query) -> Sequence[Period]:
    when = wanted.when
    if when.exact or when.year_period:
        return when.exact or [when.year_period or Period(None, None)]
    known = source.of(series)
    observed = known.observed_periods or known.periods
    if not observed:
        return [Period(None, None)]
    if when.since or when.until:
        return when.pick(observed)
    return when._replace(latest=True).pick(observed)


def in_ids(command: str, wanted: Query, ids: Sequence[str] = ()) -> str:
    """The same question to *command* in ids, which mean the same as the record grows.

    >>> in_ids("exports", Query(Where(scopes=("nev",)), by="month"))
    'evcli exports --scope nev --by month'
    """
    where, when = wanted.where, wanted.when
    parts = ["evcli", command, *ids]
    for kind, field in DIMENSIONS.items():
        parts += [] if ids or not getattr(where, field) else [f"--{kind}"]
        parts += [] if ids or not getattr(where, field) else [",".join(getattr(where, field))]
    if when.latest:
        parts += ["--period", "latest"]
    elif when.periods and all(each.year and each.months == 12 for each in when.periods):
        parts += ["--year", ",".join(map(str, when.periods))]
    elif not any("@" in each for each in ids):
        for name, value in (("year", when.year), ("since", when.since), ("until", when.until)):
            parts += [f"--{name}", str(value)] if value else []
        parts += ["--period", ",".join(map(str, when.exact))] if when.exact else []
    parts += ["--by", wanted.by] if wanted.by else []
    return shlex.join(parts)
