"""Search hits, sources and facts as written, as answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import count

from evcli.errors import UnknownName
from evcli.model.answer import (
    Answer,
    Column,
    HumanColumn,
    Kind,
    Row,
    Value,
    View,
    bounded,
    note_columns,
    views_of,
)
from evcli.model.note import Note, NoteKind, trimmed
from evcli.model.period import Period
from evcli.model.records import Fact, Rank, Series, Source
from evcli.query.figures import Figures
from evcli.query.listing import screenful
from evcli.query.rows import citation, fields, note_fields, with_bounds
from evcli.query.selection import Query, When
from evcli.store.reader import Store
from evcli.text.lists import first_few

FIND_COLUMNS = (
    Column("kind", shown=HumanColumn("kind", View.GROUP, ("kind",))),
    Column("id", shown=HumanColumn("id")),
    Column("title", shown=HumanColumn("what")),
    Column("context", shown=HumanColumn("found in", optional=1)),
)
SERIES_COLUMNS = (
    Column("id", shown=HumanColumn("id")),
    Column("title", shown=HumanColumn("what", optional=2)),
    Column("first", description="The first period with a figure."),
    Column("last", description="The last period with a figure."),
    Column(
        "windows",
        Kind.NUMBER,
        description="For how many periods something is stated.",
        shown=HumanColumn("periods", View.NUMBER, optional=1),
    ),
    Column("newest", shown=HumanColumn("newest")),
    *bounded("value", unit_from="unit", shown=HumanColumn("figure", View.BOUNDED, (), "unit")),
    Column("unit"),
)
SOURCE_COLUMNS = (
    Column("id", shown=HumanColumn("id")),
    Column("title"),
    Column("outlet", shown=HumanColumn("outlet", optional=1)),
    Column("publisher"),
    Column("published", shown=HumanColumn("published")),
    Column("origin"),
    Column("facts", Kind.NUMBER, shown=HumanColumn("facts", View.NUMBER)),
    Column("problems", Kind.NUMBER, shown=HumanColumn("problems", View.NUMBER)),
    Column("left_out", Kind.NUMBER),
    Column("url"),
    Column("file"),
    *note_columns(),
)
_WHOLE = HumanColumn("document", fields=("whole",))
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
    *(Column(name) for name in ("rank", "reason", "status")),
    *note_columns(HumanColumn("note", View.NOTES, ("note", "status", "rank", "reason"))),
    Column("file", shown=HumanColumn("where", fields=("where",), optional=3)),
    Column("line", Kind.NUMBER),
)
_ALL = 1_000_000


def find_answer(store: Store, words: Sequence[str]) -> Answer:
    """Everything that *words* are found in: series first, sources last, of each kind the best
    first. One screen has some of every kind.
    """
    hits = store.search(" ".join(words), limit=_ALL)
    found = Counter(hit.kind for hit in hits)
    kinds = sorted(found, key=lambda kind: (kind == "source", kind != "series"))
    rows = [
        fields(hit, "kind", "id", "title", "context")
        for kind in kinds
        for hit in hits
        if hit.kind == kind
    ]
    nth: dict[Value, Iterator[int]] = defaultdict(count)
    places = [next(nth[row["kind"]]) for row in rows]
    return Answer(
        FIND_COLUMNS,
        rows,
        views_of(FIND_COLUMNS),
        title=f"Found for {' '.join(words)}",
        hint="nothing is called that; try one word of it",
        more=first_few([_counted(*each) for each in found.most_common()], 4),
        screen=screenful(rows, {"title": 26}, places.__getitem__),  # the first of every kind ...
    )


def _counted(kind: str, number: int) -> str:
    return f"{number} {kind}" if number == 1 or kind.endswith("s") else f"{number} {kind}s"


def series_answer(source: Figures, series: Sequence[Series]) -> Answer:
    """Series with their periods and the newest figure; plans and empty series are left out.

    They stand as the vocabulary has their words: exports first, China before its makers.
    """
    words = source.words
    known = (words.metrics, words.subjects, words.destinations, words.publishers, words.scopes)
    places = [{id: place for place, id in enumerate(table)} for table in known]

    def order(one: Series) -> list[int]:
        ids = (one.metric, one.subject, one.destination, one.publisher, one.scope)
        return [place.get(id, -1) for place, id in zip(places, ids, strict=True)]

    rows: list[Row] = []
    for each in source.of_all(sorted(series, key=order)):
        periods = [period for period in each.observed_periods if not period.is_undated]
        if not periods:
            continue
        (newest,) = When(latest=True).pick(periods)
        figure = each.operand(newest)
        rows.append(
            {
                "id": each.series.id,
                "title": each.series.title,
                "first": str(periods[0]),
                "last": str(max(periods, key=lambda period: period.sort_key[2])),
                "windows": len(periods),
                "newest": str(newest),
                **with_bounds("value", figure, source.words),
                "unit": figure.unit,
            }
        )
    hint = "no series has a figure for that; evcli find WORDS searches everything"
    return Answer(
        SERIES_COLUMNS,
        rows,
        views_of(SERIES_COLUMNS),
        hint=hint,
        title="Series",
        screen=screenful(rows),
    )


def sources_answer(figures: Figures, ids: Sequence[str]) -> Answer:
    """Sources with how many facts rest on them and how many problems they have.

    People see one line of each, and of sources that are named all that is known.
    """
    store = figures.store
    counts = store.source_counts()
    rows: list[Row] = [
        {
            **fields(source, "id", "title", "outlet", "publisher", "origin", "url", "file"),
            "published": str(source.published or ""),
            "facts": counts.get(source.id, 0),
            "problems": len(source.problems),
            "left_out": len(source.left_out),
            **note_fields([*_notes_on(source)]),
            "whole": _whole(source),
        }
        for source in sources_out(figures, ids)
    ]
    views = views_of(SOURCE_COLUMNS)
    if ids:
        views = (views[0], _WHOLE, *views[3:])
    return Answer(
        SOURCE_COLUMNS,
        rows,
        views,
        title="Sources",
        hint="no sources in these packs",
        more="" if ids else "title and address of one: evcli sources ID",
    )


def _whole(source: Source) -> str:
    """Title, outlet and date, whom it repeats, its address and what is noted of it."""
    repeats = f"repeats {source.origin}" if source.origin not in ("", source.id) else ""
    notes = [note.text for note in _notes_on(source)]
    return " · ".join(filter(None, (citation(source), repeats, source.url, *notes)))


def _notes_on(source: Source) -> Iterator[Note]:
    if not source.read:
        yield Note(NoteKind.CAUTION, "not read itself", (source.id,))
    if source.note:
        yield Note(NoteKind.REMARK, source.note, (source.id,))


def problems_answer(figures: Figures, ids: Sequence[str]) -> Answer:
    """What is wrong in the sources, one row per problem."""
    rows: list[Row] = [
        {"source": source.id, "at": problem.at, "problem": problem.problem}
        for source in sources_out(figures, ids)
        for problem in source.problems
    ]
    return Answer(PROBLEM_COLUMNS, rows, views_of(PROBLEM_COLUMNS), hint="no problems are recorded")


def left_out_answer(figures: Figures, ids: Sequence[str]) -> Answer:
    """Numbers of the sources that are no facts on purpose, and why."""
    rows: list[Row] = [
        {"source": source.id, "at": each.at, "text": each.text, "reason": each.reason}
        for source in sources_out(figures, ids)
        for each in source.left_out
    ]
    return Answer(LEFT_OUT_COLUMNS, rows, hint="nothing was left out")


def sources_out(figures: Figures, ids: Collection[str]) -> list[Source]:
    """All sources, or those named, that were out by the date asked for; else UnknownName."""
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
    source: Figures, series: Sequence[Series], wanted: Query, file_name: Callable[[str], str] = str
) -> Answer:
    """The facts of *series*, series by series and oldest first.

    *file_name* turns the name of a fact's file in the store into the one to print.
    """
    chosen = [each for each in series if wanted.where.admits(each)]
    order = {each.id: at for at, each in enumerate(chosen)}
    found = chosen_facts(source, chosen, wanted)
    facts = [
        fact for fact in found if source.include_deprecated or fact.rank is not Rank.DEPRECATED
    ]
    facts.sort(key=lambda fact: (order[fact.series], fact.period.sort_key))
    hidden = len(found) - len(facts)
    facts_are = "fact is" if hidden == 1 else "facts are"
    note = f"{hidden} deprecated {facts_are} not shown (--include-deprecated)"
    one = len(chosen) == 1
    hint = "no series matches; evcli find WORDS searches everything"
    if chosen:
        hint = "no fact matches; leave --period, --year or --from-source out to see all"
    return Answer(
        FACT_COLUMNS,
        [_fact_row(fact, file_name) for fact in facts],
        tuple(view for view in views_of(FACT_COLUMNS) if not one or view.head != "series"),
        notes=(note,) if hidden else (),
        hint=hint,
        group_by="" if one else "series",
        title=f"{chosen[0].title} ({chosen[0].unit})" if one else "",
    )


def chosen_facts(source: Figures, series: Sequence[Series], wanted: Query) -> list[Fact]:
    """The facts of *series* that are asked for, deprecated ones too, in file order."""
    facts = [
        fact
        for fact in source.facts([each.id for each in series if wanted.where.admits(each)])
        if not wanted.where.sources or fact.source in wanted.where.sources
    ]
    periods: dict[str, set[Period]] = {}
    for fact in facts:
        periods.setdefault(fact.series, set()).add(fact.period)
    picked = {
        id: set(wanted.when.pick(sorted(each, key=lambda period: period.sort_key)))
        for id, each in periods.items()
    }
    return [fact for fact in facts if fact.period in picked[fact.series]]


def _fact_row(fact: Fact, file_name: Callable[[str], str]) -> Row:
    """One fact as a row; numbers stay the words of the source."""
    file = file_name(fact.place.file) if fact.place else ""
    line = fact.place.line if fact.place else None
    return {
        **fields(fact, "id", "series", "stated", "source", "at", "reason"),
        "period": str(fact.period),
        "yoy": fact.yoy_stated,
        "mom": fact.mom_stated,
        "rank": fact.rank.value,
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
