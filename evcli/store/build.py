r"""Compiles a record into a store: its rows, and what can be searched.

Facts come part by part and are forgotten once they are written. Each part has a run of row
numbers of its own, so that those of one can be written again and all stay in the order of files.

>>> from evcli.model.records import Source
>>> record = Record(sources={"a": Source("a", "May release", "CAAM")})
>>> [*entries(record, named(record), {})][-1].hit
Hit(kind='source', id='a', title='May release', context='CAAM')
"""

import json
import re
import sqlite3
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from evcli.model.period import UNDATED
from evcli.model.records import Event, Fact, Measure, Plant, Rank, Record, Series
from evcli.model.vocabulary import VOCABULARY
from evcli.store import tables
from evcli.store.names import Hit, Named, Words, labels, named, spaced, spellings
from evcli.store.opening import SCHEMA_VERSION
from evcli.store.tables import period_of
from evcli.text.lists import counted
from evcli.tuples import NamedTuple
from evcli.version import __version__


class IndexEntry(NamedTuple):
    """What is indexed of one thing, and what is shown of it when it is found."""

    hit: Hit
    names: str
    notes: str


def entries(
    record: Record, words: Words, contents: Mapping[str, "Content"]
) -> Iterator[IndexEntry]:
    """Everything to index; what people look for most comes first among equally good hits."""
    for series in record.series.values():
        yield _series(series, words, contents[series.id])
    yield from _words(words, record)
    for plant in record.plants:
        yield _plant(plant, words)
    for event in record.events:
        context = f"{event.kind}, {event.date}{_doubt(event)}"
        names = _joined(event.id, event.kind, _all_names(_word(words, "subject", event.subject)))
        hit = Hit("event", event.id, event.title, context)
        yield IndexEntry(hit, names, _joined(event.note, event.reason))
    for measure in record.measures:
        yield _measure(measure, words)
    for claim in record.claims:
        yield IndexEntry(Hit("claim", claim.id, claim.says, claim.source), claim.id, claim.note)
    for source in record.sources.values():
        context = ", ".join(filter(None, (source.outlet, str(source.published or ""))))
        names = _joined(source.id, source.outlet, source.publisher, source.file)
        yield IndexEntry(Hit("source", source.id, source.title, context), names, source.note)


_FACETS = ("subject", "metric", "scope", "destination", "publisher", "method", "unit")


def _series(series: Series, words: Words, content: "Content") -> IndexEntry:
    facets = {kind: _word(words, kind, getattr(series, kind)) for kind in _FACETS}
    context = _called(facets["publisher"])
    if content.facts:
        span = list(dict.fromkeys(str(period_of(e)) for e in (content.first, content.last) if e))
        facts = counted(content.facts, "fact")
        context = ", ".join(filter(None, (context, facts, " to ".join(span))))
    return IndexEntry(
        Hit("series", series.id, series.title, context),
        _joined(series.id, *map(_all_names, facets.values())),
        _joined(series.note, facets["method"].definition, facets["metric"].definition),
    )


def _words(words: Words, record: Record) -> Iterator[IndexEntry]:
    for kind in _FACETS:
        for id, word in words[kind].items():
            context = word.definition or ", ".join(word.aliases)
            if kind == "subject":
                context = ", ".join((record.vocabulary.subjects[id].kind.value, *word.aliases))
            hit = Hit(kind, id, _called(word), context)
            yield IndexEntry(hit, _joined(id, *word.aliases), word.definition)


def _plant(plant: Plant, words: Words) -> IndexEntry:
    makers = [_word(words, "subject", id) for id in plant.maker]
    partners = [_word(words, "subject", id) for id in plant.partner]
    kind = "destination" if plant.country in words["destination"] else "subject"
    country = _word(words, kind, plant.country)
    place = ", ".join(filter(None, (plant.city, _called(country))))
    return IndexEntry(
        Hit("plant", plant.id, f"{' and '.join(map(_called, makers))}: {place}", plant.product),
        _joined(
            plant.id,
            plant.kind,
            *map(_called, partners),
            *map(_all_names, (country, *makers, *partners)),
        ),
        _joined(plant.note, *(fact.note for fact in plant.facts)),
    )


def _measure(measure: Measure, words: Words) -> IndexEntry:
    subject = _word(words, "subject", measure.subject)
    jurisdiction = _word(words, "subject", measure.jurisdiction)
    who = f", {_called(subject)}" if measure.subject else ""
    title = f"{measure.jurisdiction} {measure.instrument} on {measure.target}{who}"
    since = f"from {measure.start}" if measure.start else ""
    context = ", ".join(filter(None, (measure.stage, measure.rate_stated, since)))
    return IndexEntry(
        Hit("measure", measure.id, title, f"{context}{_doubt(measure)}"),
        _joined(
            measure.id,
            measure.stage,
            _all_names(subject),
            _all_names(jurisdiction._replace(id="")),  # its id stands in the title
        ),
        _joined(measure.note, measure.reason),
    )


def _doubt(item: Event | Measure) -> str:
    return ", deprecated" if item.rank is Rank.DEPRECATED else ""


def _word(words: Words, kind: str, id: str) -> Named:
    """The word of that id; one without a name where the vocabulary has none."""
    return words[kind].get(id) or Named(id, "")


def _called(word: Named) -> str:
    return word.name or word.id


def _all_names(word: Named) -> str:
    return _joined(word.id, word.name, *word.aliases)


def _joined(*texts: str) -> str:
    # a full stop between two names keeps them apart for readers of the index only
    return " . ".join(filter(None, texts))


class Content(NamedTuple):
    """Of a series: a digest of it and its facts, how many these are, the first and last period."""

    digest: str
    facts: int
    first: str
    last: str


class _Contents:
    """Adds up what the facts of some series say; they come in their order."""

    def __init__(self, series: Iterable[Series]) -> None:
        table = tables.TABLES["series"]
        self._of: dict[str, list[Any]] = {
            each.id: [_digest(table.content(table.encode(each))), 0, "", ""] for each in series
        }

    def add(self, cells: Sequence[Any]) -> None:
        """One more fact."""
        if (of := self._of.get(cells[_SERIES])) is None:
            return
        of[0].update(_FACTS.content(cells))
        of[1] += 1
        if (period := cells[_PERIOD]) != UNDATED:
            of[2] = min(of[2] or period, period)
            of[3] = max(of[3], period[12:] + period[:10])  # what ends last

    def contents(self) -> dict[str, Content]:
        """By series."""
        return {
            id: Content(digest.hexdigest(), count, first, last and f"{last[10:]}..{last[:10]}")
            for id, (digest, count, first, last) in self._of.items()
        }


def _digest(content: bytes) -> Any:
    return blake2b(content, digest_size=16)


_FACTS = tables.TABLES["facts"]
_SERIES, _PERIOD, _SOURCE = map(_FACTS.columns.index, ("series", "period", "source"))
_ROOM = 2**28  # row numbers for a part
_NUMBERED = re.compile(r"\.[0-9]+$")  # as the second of two facts with the same id


class Part(NamedTuple):
    """Facts that are written together: those of one file, which says *says* beside them.

    Without *facts* it is as it was in the store before.
    """

    path: bytes
    only: bool  # its definitions were taken
    says: str
    facts: Iterable[Fact] | None


class _Written(NamedTuple):
    """The row of a part: its first row number, and which periods and sources its facts have."""

    first: int
    path: bytes
    only: int
    says: str
    periods: str
    sources: str


def build(record: Record, connection: sqlite3.Connection, **made_from: str) -> None:
    """Write everything *record* holds to an empty database, and what it was *made_from*."""
    fill(connection, record.series, [Part(b"", False, "", record.facts)], lambda: record, made_from)


def fill(
    connection: sqlite3.Connection,
    series: Mapping[str, Series],
    parts: Sequence[Part],
    rest: Callable[[], Record],
    made_from: Mapping[str, str],
) -> None:
    """Write the facts of all *parts* to an empty database, then the *rest*."""
    connection.executescript(tables.OTHER_TABLES.read_text("utf-8"))
    with connection:
        connection.execute("BEGIN")
        for table in tables.TABLES.values():
            connection.execute(table.create)
        contents = _Contents(series.values())
        written = [
            _insert(connection, part, at * _ROOM, contents.add) for at, part in enumerate(parts, 1)
        ]
        _put_rest(connection, rest(), contents.contents(), written, made_from)
        indices = (index for table in tables.TABLES.values() for index in table.indices)
        for statement in (*indices, *tables.OTHER_INDICES):
            connection.execute(statement)


def refill(
    connection: sqlite3.Connection,
    series: Mapping[str, Series],
    parts: Sequence[Part],
    rest: Callable[[], Record],
    made_from: Mapping[str, str],
) -> bool:
    """Write those *parts* again that have facts here, and the *rest*, to the copy of a store.

    False where it cannot become what :func:`fill` would write; then the copy is good for nothing.
    """
    before = [_Written(*row) for row in connection.execute("SELECT * FROM part ORDER BY first")]
    stay = {(e.path, e.only) for e in parts if e.facts is None}
    kept = {(each.path, bool(each.only)): each for each in before}
    kept = {key: each for key, each in kept.items() if key in stay}
    firsts = _numbered_again(parts, kept)
    if not firsts:
        return False
    touched: set[str] = set()
    with connection:
        connection.execute("BEGIN")
        ends = [*(each.first for each in before[1:]), 2**62]
        for each, end in zip(before, ends, strict=True):
            if (each.path, bool(each.only)) not in kept:
                run = each.first, end
                gone = "SELECT DISTINCT series FROM fact WHERE seq >= ? AND seq < ?"
                touched.update(row[0] for row in connection.execute(gone, run))
                connection.execute("DELETE FROM fact WHERE seq >= ? AND seq < ?", run)
        written = []
        for part, first in zip(parts, firsts, strict=True):
            row = kept.get((part.path, part.only)) if part.facts is None else None
            written.append(
                row or _insert(connection, part, first, lambda e: touched.add(e[_SERIES]))
            )
        record = rest()
        known = connection.execute("SELECT id, digest, facts, first, last FROM content")
        contents = {id: Content(*of) for id, *of in known}
        touched |= series.keys() - contents.keys()
        again = _Contents(series[id] for id in touched if id in series)
        for id in touched:
            for row in connection.execute(f"{_FACTS.select} WHERE series = ? ORDER BY seq", (id,)):
                again.add(row)
                if _NUMBERED.search(row[0]) and parts[bisect(firsts, row[-1]) - 1].facts is None:
                    return False  # what it is the second of may be gone
        _put_rest(connection, record, contents | again.contents(), written, made_from)
    return True


def _numbered_again(
    parts: Sequence[Part], kept: Mapping[tuple[bytes, bool], _Written]
) -> list[int]:
    """The first row number of each part, between those that stay; nothing where these are not in
    order, or too near.
    """
    firsts: list[int] = []
    new = 0
    for part in (*parts, None):
        row = kept.get((part.path, part.only)) if part else None
        new += 1
        if row or not part:
            before = firsts[-1] if firsts else 0
            end = row.first if row else before + new * _ROOM
            step = (end - before) // new
            if step < 2**20:
                return []
            firsts += range(before + step, before + step * new, step)
            if row:
                firsts.append(row.first)
            new = 0
    return firsts


def ids_of(connection: sqlite3.Connection, series: str) -> list[str]:
    """The ids of the facts of a series."""
    return [row[0] for row in connection.execute("SELECT id FROM fact WHERE series = ?", (series,))]


def _insert(
    connection: sqlite3.Connection,
    part: Part,
    first: int,
    tell: Callable[[Sequence[Any]], None],
) -> _Written:
    """Write the facts of a part, and *tell* of the cells of each."""
    periods: set[str] = set()
    sources: Counter[str] = Counter()

    def rows() -> Iterator[tuple[Any, ...]]:
        for seq, fact in enumerate(part.facts or (), first):
            cells = _FACTS.encode(fact)
            periods.add(cells[_PERIOD])
            sources[cells[_SOURCE]] += 1
            tell(cells)
            yield seq, *cells

    connection.executemany(_FACTS.insert, rows())
    found = json.dumps(sorted(periods)), json.dumps(sources)
    return _Written(first, part.path, int(part.only), part.says, *found)


def _put_rest(
    connection: sqlite3.Connection,
    record: Record,
    contents: Mapping[str, Content],
    parts: Sequence[_Written],
    made_from: Mapping[str, str],
) -> None:
    """Write all but the facts, of which *contents* and *parts* say what else is made of them."""
    held: dict[str, Any] = {**record.vocabulary._asdict(), **record._asdict()}
    held["plant_facts"] = [fact for plant in record.plants for fact in plant.facts]
    del held["facts"]
    said = _digest(b"")
    for name, table in tables.TABLES.items():
        if name in held:
            items = held[name].values() if isinstance(held[name], Mapping) else held[name]
            cells = [*map(table.encode, items)]
            _put(connection, table.name, [(seq, *each) for seq, each in enumerate(cells, 1)])
            if name in VOCABULARY:
                said.update(b"".join(map(table.content, cells)))
    words = named(record)
    of_all = Content(said.hexdigest(), 0, "", "")
    of_each = {"": of_all, **{id: contents[id] for id in record.series}}
    periods = {each for part in parts for each in json.loads(part.periods)}
    counts = record._replace(facts=()).source_counts()
    for part in parts:
        counts.update(json.loads(part.sources))
    index = list(enumerate(entries(record, words, contents), 1))
    searched = [(seq, *map(spaced, (e.hit.title, e.names, e.notes))) for seq, e in index]
    about = {"schema": str(SCHEMA_VERSION), "evcli": __version__, **made_from}
    about["search"] = _digest(repr(searched).encode()).hexdigest()
    before = connection.execute("SELECT value FROM meta WHERE key = 'search'").fetchone()
    if before != (about["search"],):
        connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
        insert = "INSERT INTO search (rowid, title, names, notes) VALUES (?, ?, ?, ?)"
        connection.executemany(insert, searched)
    others: dict[str, Iterable[tuple[Any, ...]]] = {
        "spelling": spellings(words),
        "label": labels(words, (period for each in periods if (period := period_of(each)))),
        "content": ((at, id, *each) for at, (id, each) in enumerate(of_each.items(), 1)),
        "source_count": sorted(counts.items()),
        "entry": ((seq, *each.hit) for seq, each in index),
        "part": (part for part in parts if part.path),
        "meta": sorted(about.items()),
    }
    for name, rows in others.items():
        _put(connection, name, rows)


def put_files(
    connection: sqlite3.Connection, files: Iterable[tuple[Any, ...]], checked_ns: int
) -> None:
    """Write of which files the store is, as they were when they were *checked*."""
    with connection:
        _put(connection, "file", files)
        about = ("checked_ns", str(checked_ns))
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", about)


def _put(connection: sqlite3.Connection, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Make a table hold these rows, in the order in which it gives them."""
    wanted = [tuple(row) for row in rows]
    if connection.execute(f"SELECT * FROM {name}").fetchall() != wanted:
        connection.execute(f"DELETE FROM {name}")
        marks = ", ".join("?" * len(wanted[0])) if wanted else ""
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", wanted)
