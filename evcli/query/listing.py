"""Search hits and sources as answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from evcli.errors import UnknownName
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, View
from evcli.model.records import Source
from evcli.query.figures import FigureSource
from evcli.query.rows import publisher_name
from evcli.store.reader import Store

FIND_COLUMNS = tuple(Column(name) for name in ("kind", "id", "title", "context"))
_FIND_VIEWS = (
    HumanColumn("kind", View.TEXT, ("kind",)),
    HumanColumn("id", View.TEXT, ("id",)),
    HumanColumn("what", View.TEXT, ("title",)),
    HumanColumn("found in", View.TEXT, ("context",), optional=1),
)
SOURCE_COLUMNS = (
    *(Column(name) for name in ("id", "title", "outlet", "publisher", "published", "origin")),
    *(Column(name, Kind.NUMBER) for name in ("facts", "problems", "left_out")),
    *(Column(name) for name in ("url", "file", "note")),
)
_SOURCE_VIEWS = (
    HumanColumn("id", View.TEXT, ("id",)),
    HumanColumn("title", View.TEXT, ("title",)),
    HumanColumn("outlet", View.TEXT, ("outlet",), optional=2),
    HumanColumn("published", View.TEXT, ("published",), optional=1),
    HumanColumn("repeats", View.TEXT, ("origin",), optional=3),
    HumanColumn("facts", View.NUMBER, ("facts",)),
    HumanColumn("problems", View.NUMBER, ("problems",)),
)
PROBLEM_COLUMNS = (Column("source"), Column("at", Kind.LIST), Column("problem"))
_PROBLEM_VIEWS = (
    HumanColumn("source", View.TEXT, ("source",)),
    HumanColumn("at", View.LIST, ("at",)),
    HumanColumn("problem", View.TEXT, ("problem",)),
)
LEFT_OUT_COLUMNS = tuple(Column(name) for name in ("source", "at", "text", "reason"))


_ALL = 1_000_000


def find_answer(store: Store, words: Sequence[str]) -> Answer:
    """Everything that *words* are found in, best first."""
    hits = store.search(" ".join(words), limit=_ALL)
    rows: list[Row] = [
        {"kind": hit.kind, "id": hit.id, "title": hit.title, "context": hit.context} for hit in hits
    ]
    return Answer(
        FIND_COLUMNS, rows, _FIND_VIEWS, hint="nothing is called that; try one word of it"
    )


def sources_answer(figures: FigureSource, ids: Sequence[str]) -> Answer:
    """Sources with how many facts rest on them and how many problems they have."""
    store = figures.store
    counts = store.source_counts()
    rows: list[Row] = [
        {
            "id": source.id,
            "title": source.title,
            "outlet": source.outlet,
            "publisher": source.publisher,
            "published": str(source.published or ""),
            "origin": source.origin,
            "facts": counts.get(source.id, 0),
            "problems": len(source.problems),
            "left_out": len(source.left_out),
            "url": source.url,
            "file": source.file,
            "note": source.note if source.read else f"not read itself; {source.note}".strip("; "),
            "who": publisher_name(source.publisher, store.vocabulary) if source.publisher else "",
        }
        for source in _known(figures, ids)
    ]
    return Answer(SOURCE_COLUMNS, rows, _SOURCE_VIEWS, hint="no sources in these packs")


def problems_answer(figures: FigureSource, ids: Sequence[str]) -> Answer:
    """What is wrong in the sources, one row a problem."""
    rows: list[Row] = [
        {"source": source.id, "at": problem.at, "problem": problem.problem}
        for source in _known(figures, ids)
        for problem in source.problems
    ]
    return Answer(PROBLEM_COLUMNS, rows, _PROBLEM_VIEWS, hint="no problems are recorded")


def left_out_answer(figures: FigureSource, ids: Sequence[str]) -> Answer:
    """Numbers of the sources that are no facts on purpose, and why."""
    rows: list[Row] = [
        {"source": source.id, "at": each.at, "text": each.text, "reason": each.reason}
        for source in _known(figures, ids)
        for each in source.left_out
    ]
    return Answer(LEFT_OUT_COLUMNS, rows, hint="nothing was left out")


def _known(figures: FigureSource, ids: Collection[str]) -> list[Source]:
    """The sources named that were out by the date asked for."""
    return [each for each in named_sources(figures.store, ids) if figures.is_out(each.id)]


def named_sources(store: Store, ids: Collection[str]) -> list[Source]:
    """All sources, or those named; UnknownName for an id that is none."""
    if not ids:
        return store.sources()
    found = {source.id: source for source in store.sources(list(ids))}
    for each in ids:
        if each not in found:
            raise UnknownName.of("source", each, [name for name, _ in store.names("source")])
    return [found[each] for each in ids]
