"""The store that a wheel brings along: the built-in facts, compiled, and what follows from them.

    python hatch_store.py TARGET

``hatch_build.py`` runs it in a process of its own. With EVCLI_UNSOLVED in the environment nothing
is solved: some minutes less, for a build that is thrown away.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import chdir, closing
from functools import partial
from itertools import chain
from operator import attrgetter
from pathlib import Path

from evcli.errors import InvalidFacts
from evcli.grouping import grouped
from evcli.loader.packs import load
from evcli.model.period import CALENDAR, Period
from evcli.model.records import Series
from evcli.query.figures import Figures
from evcli.query.inferred import Inferrer
from evcli.query.solved import Answers, is_open, written_answer
from evcli.store.build import build
from evcli.store.cache import pack_places, replacing
from evcli.store.opening import PackChoice
from evcli.store.reader import Store
from evcli.workers import spread


def compile_builtin(target: Path) -> None:
    """Write the store of the built-in facts to *target*."""
    places = pack_places(PackChoice())
    target = target.absolute()
    with chdir(places[0].path.parent):  # files are named from there, not after this machine
        record = load(places)
        with replacing(target) as connection:
            build(record, connection)


def solve(target: Path) -> None:
    """Keep in the store at *target* what follows for the calendar windows not closely stated."""
    with closing(sqlite3.connect(target)) as connection:
        store = Store(connection)
        every = store.series(store.all_series_ids())
    tied: dict[tuple[str, str], list[Series]] = grouped(every, attrgetter("subject", "publisher"))
    groups = sorted(tied.values(), key=len, reverse=True)
    solved = chain.from_iterable(
        each for _, each in sorted(spread(partial(_rows, target, groups), range(len(groups))))
    )
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.executemany("INSERT INTO solved VALUES (?, ?, ?)", (("", "", ""), *solved))


def _rows(target: Path, groups: Sequence[Sequence[Series]], at: int) -> list[tuple[str, str, str]]:
    """What follows for the series of a group, by series and window."""
    rows = []
    with closing(sqlite3.connect(target)) as connection:
        source = Figures(Store(connection))
        engine = Answers(source).engine
        for series in groups[at]:
            for year in map(Period.of_year, _years(source, engine, series)):
                parts = [part for months in CALENDAR for part in year.split_into(months)]
                to_date = (Period(year.start, month.end) for month in year.split_into(1))
                for period in dict.fromkeys((*parts, *to_date)):
                    open_ = is_open(source, series, period)
                    if open_ and (answer := written_answer(engine, series, period)):
                        rows.append((series.id, str(period), answer))
    return rows


def _years(source: Figures, engine: Inferrer, series: Series) -> range:
    """The years of which something is stated that may bear on *series*."""
    family = engine.family(series)
    stated = family.family.constraints if family else ()
    windows = [cell.period for each in stated for cell in each.cells]
    windows += source.of(series).observed_periods
    years = [day.year for each in windows for day in (each.start, each.last_day) if day]
    return range(min(years), max(years) + 1) if years else range(0)


if __name__ == "__main__":
    try:
        compile_builtin(Path(sys.argv[1]))
        if "EVCLI_UNSOLVED" not in os.environ:
            solve(Path(sys.argv[1]))
    except InvalidFacts as error:
        sys.exit("\n".join(map(str, (*error.problems, error))))
