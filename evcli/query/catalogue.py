"""Search hits, sources and facts as written, as answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from evcli.errors import UnknownName
from evcli.model.answer import (
    Answer,
    Column,
    HumanColumn,
    Kind,
    Row,
    Value,
    View,
    note_columns,
    views_of,
)
from evcli.model.note import Note, NoteKind, trimmed
from evcli.model.period import Period
from evcli.model.records import Fact, Rank, Series, Source
from evcli.query.figures import Figures
from evcli.query.rows import note_fields
from evcli.query.selection import Query
from evcli.store.reader import Store

FIND_COLUMNS = (
    Column("kind", shown=HumanColumn("kind")),
    Column("id", shown=HumanColumn("id")),
    Column("title", shown=HumanColumn("what")),
    Column("context", shown=HumanColumn("found in", optional=1)),
)
SOURCE_COLUMNS = (
    Column("id", shown=HumanColumn("id")),
    Column("title", shown=HumanColumn("title")),
    Column("outlet", shown=HumanColumn("outlet", optional=2)),
    Column("publisher"),
    Column("published", shown=HumanColumn("published", optional=1)),
    Column("origin", shown=HumanColumn("repeats", optional=3)),
    Column("facts", Kind.NUMBER, shown=HumanColumn("facts", View.NUMBER)),
    Column("problems", Kind.NUMBER, shown=HumanColumn("problems", View.NUMBER)),
    Column("left_out", Kind.NUMBER),
    Column("url"),
    Column("file"),
    *note_columns(),
)
PROBLEM_COLUMNS = (
    Column("source", shown=HumanColumn("source")),
    Column("at", Kind.LIST, shown=HumanColumn("at", View.LIST)),
    Column("problem", shown=HumanColumn("problem")),
)
LEFT_OUT_COLUMNS = tuple(Column(name) for name in ("source", "at", "text", "reason"))
FACT_COLUMNS: tuple[Column, ...] = (
    Column("id"),
    Column("series", shown=HumanColumn("series")),
    Column("period", shown=HumanColumn("period")),
    Column("stated", shown=HumanColumn("stated")),
    Column("yoy", shown=HumanColumn("yoy", optional=1)),
    Column("mom", shown=HumanColumn("mom", optional=2)),
    Column("source", shown=HumanColumn("source")),
    Column("at", Kind.LIST, shown=HumanColumn("at", View.LIST)),
    Column("rank"),
    Column("reason"),
    Column("status"),
    *note_columns(HumanColumn("note", View.NOTES, ("note", "status", "rank", "reason"))),
    Column("file", shown=HumanColumn("where", fields=("where",), optional=3)),
    Column("line", Kind.NUMBER),
)
_ALL = 1_000_000


def find_answer(store: Store, words: Sequence[str]) -> Answer:
    """Everything that *words* are found in, best first."""
    hits = store.search(" ".join(words), limit=_ALL)
    rows: list[Row] = [
        {"kind": hit.kind, "id": hit.id, "title": hit.title, "context": hit.context} for hit in hits
    ]
    hint = "nothing is called that; try one word of it"
    return Answer(FIND_COLUMNS, rows, views_of(FIND_COLUMNS), hint=hint)


def sources_answer(figures: Figures, ids: Sequence[str]) -> Answer:
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
            **note_fields([*_notes_on(source)]),
        }
        for source in _known(figures, ids)
    ]
    return Answer(SOURCE_COLUMNS, rows, views_of(SOURCE_COLUMNS), hint="no sources in these packs")


def _notes_on(source: Source) -> Iterator[Note]:
    if not source.read:
        yield Note(NoteKind.CAUTION, "not read itself", (source.id,))
    if source.note:
        yield Note(NoteKind.REMARK, source.note, (source.id,))


def problems_answer(figures: Figures, ids: Sequence[str]) -> Answer:
    """What is wrong in the sources, one row per problem."""
    rows: list[Row] = [
        {"source": source.id, "at": problem.at, "problem": problem.problem}
        for source in _known(figures, ids)
        for problem in source.problems
    ]
    return Answer(PROBLEM_COLUMNS, rows, views_of(PROBLEM_COLUMNS), hint="no problems are recorded")


def left_out_answer(figures: Figures, ids: Sequence[str]) -> Answer:
    """Numbers of the sources that are no facts on purpose, and why."""
    rows: list[Row] = [
        {"source": source.id, "at": each.at, "text": each.text, "reason": each.reason}
        for source in _known(figures, ids)
        for each in source.left_out
    ]
    return Answer(LEFT_OUT_COLUMNS, rows, hint="nothing was left out")


def _known(figures: Figures, ids: Collection[str]) -> list[Source]:
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


def facts_answer(
    store: Store,
    series: Sequence[Series],
    wanted: Query,
    *,
    published_by: str | None = None,
    include_deprecated: bool = False,
    file_name: Callable[[str], str] = str,
) -> Answer:
    """The facts of *series*, series by series and oldest first.

    *file_name* turns the name of a fact's file in the store into the one to print.
    """
    chosen = [each for each in series if wanted.where.admits(each)]
    order = {each.id: at for at, each in enumerate(chosen)}
    facts = chosen_facts(store, chosen, wanted, published_by=published_by)
    hidden = 0
    if not include_deprecated:
        hidden = sum(fact.rank is Rank.DEPRECATED for fact in facts)
        facts = [fact for fact in facts if fact.rank is not Rank.DEPRECATED]
    facts.sort(key=lambda fact: (order[fact.series], fact.period.sort_key))
    notes: tuple[str, ...] = ()
    if hidden:
        verb = "fact is" if hidden == 1 else "facts are"
        notes = (f"{hidden} deprecated {verb} not shown (--include-deprecated)",)
    one = len(chosen) == 1
    hint = "no series matches; evcli find WORDS searches everything"
    if chosen:
        hint = "no fact matches; leave --period, --year or --source out to see all"
    return Answer(
        FACT_COLUMNS,
        [fact_row(fact, file_name) for fact in facts],
        tuple(view for view in views_of(FACT_COLUMNS) if not one or view.head != "series"),
        notes=notes,
        hint=hint,
        group_by="" if one else "series",
        title=f"{chosen[0].title} ({chosen[0].unit})" if one else "",
    )


def chosen_facts(
    store: Store, series: Sequence[Series], wanted: Query, *, published_by: str | None = None
) -> list[Fact]:
    """The facts of *series* that are asked for, deprecated ones too, in file order."""
    chosen = [each.id for each in series if wanted.where.admits(each)]
    facts = [
        fact
        for fact in store.facts(chosen, published_by=published_by)
        if not wanted.where.sources or fact.source in wanted.where.sources
    ]
    periods: dict[str, set[Period]] = {}
    for fact in facts:
        periods.setdefault(fact.series, set()).add(fact.period)
    picked = {
        series: set(wanted.when.pick(sorted(each, key=lambda period: period.sort_key)))
        for series, each in periods.items()
    }
    return [fact for fact in facts if fact.period in picked[fact.series]]


def fact_row(fact: Fact, file_name: Callable[[str], str] = str) -> dict[str, Value]:
    """One fact as a row; numbers stay the words of the source."""
    file = file_name(fact.place.file) if fact.place else ""
    line = fact.place.line if fact.place else None
    return {
        "id": fact.id,
        "series": fact.series,
        "period": str(fact.period),
        "stated": fact.stated,
        "yoy": fact.yoy_stated,
        "mom": fact.mom_stated,
        "source": fact.source,
        "at": fact.at,
        "rank": fact.rank.value,
        "reason": fact.reason,
        "status": fact.status.value,
        **note_fields(trimmed(_notes(fact))),
        "file": file,
        "line": line,
        "where": f"{file.rpartition('/')[2]}:{line}" if file else "",
    }


def _notes(fact: Fact) -> Iterator[Note]:
    own = (fact.id,)
    if fact.printed:
        yield Note(NoteKind.WORDING, f"printed as: {fact.printed}", own)
    if fact.reading:
        yield Note(NoteKind.WORDING, f"read as: {fact.reading}", own)
    if fact.change is not None:
        yield Note(NoteKind.CHANGE, f"{fact.change.stated} over {fact.change.over}", own)
    if fact.origin != fact.source:
        yield Note(NoteKind.DERIVATION, f"first stated in {fact.origin}", (fact.origin,))
    if fact.note:
        yield Note(NoteKind.REMARK, fact.note, own)
