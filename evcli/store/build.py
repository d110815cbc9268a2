r"""Compiles a record into a store: its rows, and what can be searched.

Facts come part by part and are forgotten once they are written. Each part has a run of row
numbers of its own, so that those of one can be written again and all stay in the order of files.

>>> from evcli.model.records import Source
>>> record = Record(sources={"a": Source("a", "May release", "CAAM")})
>>> [*entries(record, named(record), {})][-1][0]
Hit(kind='source', id='a', title='May release', context='CAAM')
"""

import re
import sqlite3
from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evcli.model.period import UNDATED
from evcli.model.records import Event, Fact, Measure, Plant, Rank, Record, Series
from evcli.model.vocabulary import VOCABULARY
from evcli.store.names import Hit, Named, Words, labels, named, spaced, spellings
from evcli.store.opening import SCHEMA_VERSION
from evcli.store.tables import TABLES, number_text, period_of
from evcli.text.lists import counted
from evcli.tuples import NamedTuple
from evcli.version import __version__

_Indexed = tuple[Hit, str, str]  # what is shown of a thing that is found, its names and its notes


def entries(record: Record, words: Words, contents: Mapping[str, "Content"]) -> Iterator[_Indexed]:
    """Everything to index; what people look for most comes first among equally good hits."""
    for series in record.series.values():
        yield _series(series, words, contents[series.id])
    yield from _words(words, record)
    for plant in record.plants:
        yield _plant(plant, words)
    for event in record.events:
        context = f"{event.kind}, {event.date}{_doubt(event)}"
        names = _joined(event.id, event.kind, _all_names(_word(words, "subject", event.subject)))
        notes = _joined(event.note, event.reason)
        yield Hit("event", event.id, event.title, context), names, notes
    for measure in record.measures:
        yield _measure(measure, words)
    for claim in record.claims:
        yield Hit("claim", claim.id, claim.says, claim.source), claim.id, claim.note
    for source in record.sources.values():
        context = ", ".join(filter(None, (source.outlet, str(source.published or ""))))
        names = _joined(source.id, source.outlet, source.publisher, source.file)
        yield Hit("source", source.id, source.title, context), names, source.note


_FACETS = ("subject", "metric", "scope", "destination", "publisher", "method", "unit")


def _series(series: Series, words: Words, content: "Content") -> _Indexed:
    facets = {kind: _word(words, kind, getattr(series, kind)) for kind in _FACETS}
    context = _called(facets["publisher"])
    if content.facts:
        span = list(dict.fromkeys(str(period_of(e)) for e in (content.first, content.last) if e))
        facts = counted(content.facts, "fact")
        context = ", ".join(filter(None, (context, facts, " to ".join(span))))
    hit = Hit("series", series.id, series.title, context)
    notes = _joined(series.note, facets["method"].definition, facets["metric"].definition)
    return hit, _joined(series.id, *map(_all_names, facets.values())), notes


def _words(words: Words, record: Record) -> Iterator[_Indexed]:
    for kind in _FACETS:
        for id, word in words[kind].items():
            context = word.definition or ", ".join(word.aliases)
            if kind == "subject":
                context = ", ".join((record.vocabulary.subjects[id].kind.value, *word.aliases))
            hit = Hit(kind, id, _called(word), context)
            yield hit, _joined(id, *word.aliases), word.definition


def _plant(plant: Plant, words: Words) -> _Indexed:
    makers = [_word(words, "subject", id) for id in plant.maker]
    partners = [_word(words, "subject", id) for id in plant.partner]
    kind = "destination" if plant.country in words["destination"] else "subject"
    country = _word(words, kind, plant.country)
    place = ", ".join(filter(None, (plant.city, _called(country))))
    who = " and ".join(map(_called, makers))
    everybody = map(_all_names, (country, *makers, *partners))
    names = _joined(plant.id, plant.kind, *map(_called, partners), *everybody)
    notes = _joined(plant.note, *(fact.note for fact in plant.facts))
    return Hit("plant", plant.id, f"{who}: {place}", plant.product), names, notes


def _measure(measure: Measure, words: Words) -> _Indexed:
    subject = _word(words, "subject", measure.subject)
    jurisdiction = _word(words, "subject", measure.jurisdiction)
    who = f", {_called(subject)}" if measure.subject else ""
    title = f"{measure.jurisdiction} {measure.instrument} on {measure.target}{who}"
    since = f"from {measure.start}" if measure.start else ""
    context = ", ".join(filter(None, (measure.stage, measure.rate_stated, since)))
    hit = Hit("measure", measure.id, title, f"{context}{_doubt(measure)}")
    where = jurisdiction._replace(id="")  # which stands in the title
    names = _joined(measure.id, measure.stage, _all_names(subject), _all_names(where))
    return hit, names, _joined(measure.note, measure.reason)


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
    """Of a series: a digest of it and its facts, their number and span, how fine its counts are."""

    digest: str
    facts: int = 0
    first: str = ""
    last: str = ""
    precision: str | None = None


class FileFacts(NamedTuple):
    """The facts of one file, which ``says`` that beside them; None where the store has them."""

    path: bytes
    only: bool  # its definitions were taken
    says: str
    facts: Iterable[Fact] | None


_FACTS, _SERIES = TABLES["facts"], TABLES["series"]
_PERIOD = _FACTS.columns.index("period")
_ROOM = 2**28  # row numbers for a part
_NUMBERED = re.compile(r"\.[0-9]+$")  # as the second of two facts with the same id
_RUN = "FROM fact WHERE seq >= ? AND seq < ?"
_WORDS = (*VOCABULARY, "outlets", "sources", "series")  # what facts build on: it may grow


def build(record: Record, connection: sqlite3.Connection, **made_from: str) -> None:
    """Write everything *record* holds to an empty database, and what it was *made_from*."""
    fill(connection, [FileFacts(b"", False, "", record.facts)], lambda: record, made_from)


def fill(
    connection: sqlite3.Connection,
    parts: Sequence[FileFacts],
    rest: Callable[[], Record],
    made_from: Mapping[str, str],
    precisions: Mapping[str, Fraction | None] = MappingProxyType({}),
) -> bool:
    """Write the facts of *parts*, then the *rest*, to an empty database or the copy of a store.

    False where facts that stay may not be what they would be if all were written anew.
    """
    is_new = not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    if is_new:
        # tables that hold no model objects: what the store knows of itself, what speeds look-ups
        others = Path(__file__).with_name("tables.sql").read_text("utf-8")
        connection.executescript(others + ";".join(each.create for each in TABLES.values()))
    with connection:
        connection.execute("BEGIN")
        found = connection.execute("SELECT path, only, first FROM part ORDER BY first")
        before = {(path, bool(only)): first for path, only, first in found}
        if (firsts := _firsts(parts, before)) is None:
            return False
        dealt = list(zip(firsts, parts, strict=True))
        stay = {first for first, part in dealt if part.facts is None}
        touched: set[str] = set()
        ends = dict(pairwise((*before.values(), 2**62)))
        for first in ends.keys() - stay:
            run = first, ends[first]
            gone = connection.execute(f"SELECT DISTINCT series {_RUN}", run)
            touched.update(series for (series,) in gone)
            connection.execute(f"DELETE {_RUN}", run)
        for first, part in dealt:
            for seq, fact in enumerate(part.facts or (), first):
                touched.add(fact.series)
                connection.execute(_FACTS.insert, (seq, *_FACTS.encode(fact)))
        record = rest()
        if is_new:
            for statement in (each for table in TABLES.values() for each in table.indices):
                connection.execute(statement)
        for series in touched if stay else ():
            seqs = connection.execute("SELECT id, seq FROM fact WHERE series = ?", (series,))
            seconds = (at for id, at in seqs if _NUMBERED.search(id))
            if any(firsts[bisect(firsts, at) - 1] in stay for at in seconds):
                return False  # what it is the second of may be gone
        contents = _contents(connection, record, touched, precisions)
        rows = [(first, *part[:3]) for first, part in dealt if part.path]
        return contents is not None and _put_rest(connection, record, contents, rows, made_from)


def _firsts(
    parts: Sequence[FileFacts], before: Mapping[tuple[bytes, bool], int]
) -> list[int] | None:
    """The first row of each part; None where those that stay are in another order or too close."""
    firsts = [0]
    stay = [before.get(part[:2]) if part.facts is None else None for part in parts]
    for at, part in enumerate(parts):
        later = next((e for e in stay[at:] if e is not None), None) if before else None
        between = (firsts[-1] + later) // 2 if later else firsts[-1] + _ROOM
        first = between if part.facts is not None else stay[at]
        if first is None or first < firsts[-1] + 2**24:
            return None
        firsts.append(first)
    return firsts[1:]


def _contents(
    connection: sqlite3.Connection,
    record: Record,
    touched: Collection[str],
    precisions: Mapping[str, Fraction | None],
) -> dict[str, Content] | None:
    """What each series says with its facts; None where one is counted otherwise than before."""
    had = "SELECT id, digest, facts, first, last, precision FROM content"
    known = {id: Content(*of) for id, *of in connection.execute(had)}
    contents: dict[str, Content] = {}
    for id, series in record.series.items():
        fine = number_text(precisions.get(id))
        if id in known and known[id].precision != fine:
            return None
        if id in known and id not in touched:
            contents[id] = known[id]
            continue
        asked = f"{_FACTS.select} WHERE series = ? ORDER BY seq"
        rows = connection.execute(asked, (id,)).fetchall()
        said = _SERIES.content(_SERIES.encode(series)) + b"".join(map(_FACTS.content, rows))
        periods = {row[_PERIOD] for row in rows} - {UNDATED}
        first = min(periods, default="")
        last = max(periods, key=lambda each: (each[12:], each), default="")
        contents[id] = Content(_digest(said), len(rows), first, last, fine)
    return contents


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _put_rest(
    connection: sqlite3.Connection,
    record: Record,
    contents: Mapping[str, Content],
    parts: Sequence[tuple[Any, ...]],
    made_from: Mapping[str, str],
) -> bool:
    """Write all but the facts; False where what these build on is not what it was."""
    held: dict[str, Any] = {**record.vocabulary._asdict(), **record._asdict()}
    held["plant_facts"] = [fact for plant in record.plants for fact in plant.facts]
    said = b""
    for name, table in TABLES.items():
        if name != "facts":
            items = held[name].values() if isinstance(held[name], Mapping) else held[name]
            cells = [*map(table.encode, items)]
            grown = _put(connection, table.name, [(at, *each) for at, each in enumerate(cells, 1)])
            if name in _WORDS and not grown:
                return False
            if name in VOCABULARY:
                said += b"".join(map(table.content, cells))
    words = named(record)
    every = {"": Content(_digest(said)), **contents}
    periods = connection.execute("SELECT DISTINCT period FROM fact").fetchall()
    counts = record._replace(facts=()).source_counts()
    counts.update(dict(connection.execute("SELECT source, count(*) FROM fact GROUP BY source")))
    index = list(enumerate(entries(record, words, contents), 1))
    searched = [(at, *map(spaced, (hit.title, *more))) for at, (hit, *more) in index]
    about = {"schema": str(SCHEMA_VERSION), "evcli": __version__, **made_from}
    about["search"] = _digest(repr(searched).encode())
    before = connection.execute("SELECT value FROM meta WHERE key = 'search'").fetchone()
    if before != (about["search"],):
        connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
        insert = "INSERT INTO search (rowid, title, names, notes) VALUES (?, ?, ?, ?)"
        connection.executemany(insert, searched)
    _put(connection, "spelling", spellings(words))
    _put(connection, "label", labels(words, filter(None, (period_of(text) for (text,) in periods))))
    _put(connection, "content", ((at, id, *each) for at, (id, each) in enumerate(every.items(), 1)))
    _put(connection, "source_count", sorted(counts.items()))
    _put(connection, "entry", ((at, *hit) for at, (hit, *_) in index))
    _put(connection, "part", parts)
    _put(connection, "meta", sorted(about.items()))
    return True


def put_files(connection: sqlite3.Connection, files: Mapping[tuple[bytes, bytes], Any]) -> None:
    """Write of which files the store is, as they were."""
    with connection:
        rows = sorted((*key, size, str(ns), digest) for key, (size, ns, digest) in files.items())
        _put(connection, "file", rows)


def _put(connection: sqlite3.Connection, name: str, rows: Iterable[tuple[Any, ...]]) -> bool:
    """Make a table hold these rows, in this order; whether all that it held is among them."""
    wanted, had = list(rows), connection.execute(f"SELECT * FROM {name}").fetchall()
    if had != wanted:
        connection.execute(f"DELETE FROM {name}")
        marks = ", ".join("?" * len(wanted[0])) if wanted else ""
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", wanted)
    return {row[1:] for row in had} <= {row[1:] for row in wanted}
