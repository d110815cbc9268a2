"""What goes into a package: the figures asked for, and all that they rest on.

A package stands alone. Its facts are those of the series and periods asked for and every other
that a figure rests on; with them come their series, their sources, and where these have it from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evcli.model.figure import Figure
from evcli.model.records import Fact, Series, Source
from evcli.publish.tables import (
    PackageTable,
    fact_table,
    figure_tables,
    other_tables,
    source_tables,
    tables_of,
    vocabulary_tables,
)
from evcli.query.catalogue import chosen_facts
from evcli.query.figures import Figures
from evcli.query.get import selected_figures
from evcli.query.selection import Query
from evcli.store.reader import Store


class Contents(NamedTuple):
    """All tables of a package, in an order in which each refers only to itself and earlier ones.

    ``selection`` says in words what was asked for, empty for the whole record. ``newest`` is the
    day of the newest source in it, empty where none is dated. ``added`` says whether there are
    facts of others among them, for which the terms of the built-in ones do not hold.
    """

    tables: tuple[PackageTable, ...]
    sources: tuple[Source, ...]
    figures: tuple[Figure, ...]
    digest: str
    newest: str
    selection: str = ""
    as_of: str = ""
    added: bool = False


def contents(
    source: Figures, series: Sequence[Series], wanted: Query, *, selection: str, added: bool = False
) -> Contents:
    """Collect what a package holds, plans too; *selection* empty packages the whole record."""
    store = source.store
    wanted = wanted._replace(where=wanted.where._replace(plans=True))
    figures = selected_figures(source, series, wanted)
    facts = _facts(source, series, wanted, figures)
    whole = not selection and source.as_of is None
    known = _series(store, (fact.series for fact in facts), figures, whole=whole)
    sources = store.sources() if whole else _sources(store, facts)
    tables = (
        *vocabulary_tables(source.words),
        *source_tables(sources),
        *tables_of({"series": known}),
        fact_table(facts, {each.id: each for each in known}, source.words),
        *figure_tables(figures, source.words),
        *(other_tables(store) if whole else ()),
    )
    return Contents(
        tables,
        tuple(sources),
        tuple(figures),
        store.digest,
        _newest(sources),
        selection,
        source.as_of or "",
        added,
    )


def _facts(
    source: Figures, series: Sequence[Series], wanted: Query, figures: Iterable[Figure]
) -> list[Fact]:
    """The facts asked for, deprecated ones too, and those that figures rest on; in file order."""
    asked = chosen_facts(source, series, wanted)
    rested_on = (fact for figure in figures for fact in figure.facts())
    ids = {fact.id for facts in (asked, rested_on) for fact in facts}
    of_series = dict.fromkeys(fact.partition("@")[0] for fact in sorted(ids))
    return [fact for fact in source.facts(list(of_series)) if fact.id in ids]


def _series(
    store: Store, of_facts: Iterable[str], figures: Iterable[Figure], *, whole: bool
) -> list[Series]:
    """The series that are needed, and the part and whole of every share among them."""
    if whole:
        return store.series(store.all_series_ids())
    found: dict[str, Series] = {}
    waiting = {*of_facts, *(figure.series.id for figure in figures)}
    while waiting:
        for each in store.series(sorted(waiting)):
            found[each.id] = each
        named = {name for each in found.values() for name in (each.part, each.whole) if name}
        waiting = named - found.keys()
    return [found[name] for name in sorted(found)]


def _sources(store: Store, facts: Iterable[Fact]) -> list[Source]:
    """The sources of *facts* and all that these repeat, in file order."""
    known = {each.id: each for each in store.sources()}
    wanted: set[str] = set()
    for fact in facts:
        for name in (fact.source, fact.origin):
            while name and name not in wanted:
                wanted.add(name)
                name = known[name].origin
    return [each for each in known.values() if each.id in wanted]


def _newest(sources: Iterable[Source]) -> str:
    days = [
        each.published.start
        for each in sources
        if each.published is not None and each.published.start is not None
    ]
    return max(days).isoformat() if days else ""
