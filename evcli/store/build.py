r"""Compiles a record into a store: its rows, and what can be searched.

>>> from evcli.model.records import Source
>>> record = Record(sources={"a": Source("a", "May release", "CAAM")})
>>> [*entries(record, named(record))][-1].hit
Hit(kind='source', id='a', title='May release', context='CAAM')
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from evcli.grouping import grouped
from evcli.model.records import Event, Fact, Measure, Plant, Rank, Record, Series
from evcli.model.vocabulary import VOCABULARY
from evcli.store import tables
from evcli.store.names import Hit, Named, Words, labels, named, spaced, spellings
from evcli.store.opening import SCHEMA_VERSION
from evcli.text.lists import counted
from evcli.tuples import NamedTuple
from evcli.version import __version__


class IndexEntry(NamedTuple):
    """What is indexed of one thing, and what is shown of it when it is found."""

    hit: Hit
    names: str
    notes: str


def entries(record: Record, words: Words) -> Iterator[IndexEntry]:
    """Everything to index; what people look for most comes first among equally good hits."""
    facts: dict[str, list[Fact]] = grouped(record.facts, attrgetter("series"))
    for series in record.series.values():
        yield _series(series, words, facts.get(series.id, []))
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


def _series(series: Series, words: Words, facts: Sequence[Fact]) -> IndexEntry:
    facets = {kind: _word(words, kind, getattr(series, kind)) for kind in _FACETS}
    context = _called(facets["publisher"])
    if facts:
        count = counted(len(facts), "fact")
        periods = {fact.period for fact in facts if not fact.period.is_undated}
        known = ""
        if dated := sorted(periods, key=lambda p: p.sort_key):
            last = max(dated, key=lambda p: (p.end, p.start))
            known = str(last) if dated[0] == last else f"{dated[0]} to {last}"
        context = ", ".join(filter(None, (context, count, known)))
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


def _digests(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Of all words, and of what each series says with its facts."""

    def rows(name: str, column: str = "") -> Iterator[tuple[str, bytes]]:
        table = tables.TABLES[name]
        at = table.columns.index(column) if column else 0
        for row in connection.execute(f"{table.select} ORDER BY seq"):
            yield row[at], table.content(row)

    words = b"".join(content for name in VOCABULARY for _, content in rows(name))
    digests = {id_: blake2b(content, digest_size=16) for id_, content in rows("series", "id")}
    for id_, content in rows("facts", "series"):
        if id_ in digests:
            digests[id_].update(content)
    for id_, digest in {"": blake2b(words, digest_size=16), **digests}.items():
        yield id_, digest.hexdigest()


def build(record: Record, connection: sqlite3.Connection, **made_from: str) -> None:
    """Write everything *record* holds to an empty database, and what it was *made_from*."""
    connection.executescript(tables.OTHER_TABLES.read_text("utf-8"))
    with connection:
        connection.execute("BEGIN")
        of_records = tables.TABLES.values()
        held: dict[str, Any] = {**record.vocabulary._asdict(), **record._asdict()}
        held["plant_facts"] = [fact for plant in record.plants for fact in plant.facts]
        for name, table in tables.TABLES.items():
            items = held[name].values() if isinstance(held[name], Mapping) else held[name]
            connection.execute(table.create)
            connection.executemany(table.insert, map(table.encode, items))
        words = named(record)
        index = list(enumerate(entries(record, words), 1))
        about = {"schema": str(SCHEMA_VERSION), "evcli": __version__, **made_from}
        others: dict[str, Iterable[tuple[Any, ...]]] = {
            "spelling": spellings(words),
            "label": labels(words, record),
            "content (id, digest)": _digests(connection),
            "source_count": record.source_counts().items(),
            "entry": ((seq, *each.hit) for seq, each in index),
            "search (rowid, title, names, notes)": (
                (seq, *map(spaced, (hit.title, names, notes))) for seq, (hit, names, notes) in index
            ),
            "meta": about.items(),
        }
        for into, found in others.items():
            for row in found:
                marked = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {into} VALUES ({marked})", row)
        indices = (index for table in of_records for index in table.indices)
        for statement in (*indices, *tables.OTHER_INDICES):
            connection.execute(statement)
