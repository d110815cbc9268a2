"""What of every series, source, subject, event, measure, plant and word can be searched.

>>> from evcli.model.records import Source
>>> entries(Record(sources={"a": Source("a", "May release", "CAAM")}))[-1].hit
Hit(kind='source', id='a', title='May release', context='CAAM')
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from evcli.model.period import Period
from evcli.model.records import Event, Measure, Plant, Rank, Record, Series, Source
from evcli.store.search import Hit, spaced
from evcli.store.spelling import Named, named


class Entry(NamedTuple):
    """What is indexed of one thing, and what is shown of it when it is found."""

    hit: Hit
    names: str
    notes: str


def add(connection: sqlite3.Connection, items: Sequence[Entry]) -> None:
    """Index *items*; of equally good hits the earlier one comes first."""
    connection.executemany(
        "INSERT INTO entry (seq, kind, id, title, context) VALUES (?, ?, ?, ?, ?)",
        ((seq, *item.hit) for seq, item in enumerate(items, 1)),
    )
    connection.executemany(
        "INSERT INTO search (rowid, title, names, notes) VALUES (?, ?, ?, ?)",
        (
            (seq, spaced(item.hit.title), spaced(item.names), spaced(item.notes))
            for seq, item in enumerate(items, 1)
        ),
    )


def entries(record: Record) -> list[Entry]:
    """Everything to index; what people look for most comes first among equally good hits."""
    words = {kind: {item.id: item for item in items} for kind, items in named(record).items()}
    periods: dict[str, list[Period]] = {}
    for fact in record.facts:
        periods.setdefault(fact.series, []).append(fact.period)
    return [
        *(_series(one, words, periods.get(one.id, []), record) for one in record.series.values()),
        *_words(words, record),
        *(_plant(plant, words) for plant in record.plants),
        *(_event(event, words) for event in record.events),
        *(_measure(measure, words) for measure in record.measures),
        *(
            Entry(Hit("claim", claim.id, claim.says, claim.source), claim.id, claim.note)
            for claim in record.claims
        ),
        *(_source(source) for source in record.sources.values()),
    ]


Words = Mapping[str, Mapping[str, Named]]


def _series(series: Series, words: Words, periods: list[Period], record: Record) -> Entry:
    facets = (
        ("subject", series.subject),
        ("metric", series.metric),
        ("scope", series.scope),
        ("destination", series.destination),
        ("publisher", series.publisher),
        ("method", series.method),
        ("unit", series.unit),
    )
    method = record.vocabulary.methods.get(series.method)
    metric = record.vocabulary.metrics.get(series.metric)
    publisher = words["publisher"].get(series.publisher)
    context = (publisher.name if publisher else "") or series.publisher
    if periods:
        count = f"{len(periods)} fact{'s' if len(periods) > 1 else ''}"
        context = ", ".join(filter(None, (context, count, _range(periods))))
    return Entry(
        Hit("series", series.id, series.title, context),
        _joined(series.id, *(_all_names(words[kind].get(id), id) for kind, id in facets)),
        _joined(
            series.note,
            method.definition if method else "",
            metric.definition if metric else "",
        ),
    )


def _range(periods: list[Period]) -> str:
    dated = sorted((p for p in periods if not p.is_undated), key=lambda p: p.sort_key)
    if not dated:
        return ""
    last = max(dated, key=lambda p: (p.end, p.start))
    return str(last) if dated[0] == last else f"{dated[0]} to {last}"


def _words(words: Words, record: Record) -> Iterator[Entry]:
    vocabulary = record.vocabulary
    definitions: dict[str, Mapping[str, str]] = {
        "metric": {id: word.definition for id, word in vocabulary.metrics.items()},
        "scope": {id: word.definition for id, word in vocabulary.scopes.items()},
        "method": {id: word.definition for id, word in vocabulary.methods.items()},
    }
    for kind in ("subject", "metric", "scope", "destination", "publisher", "method", "unit"):
        for id, word in words[kind].items():
            definition = definitions.get(kind, {}).get(id, "")
            context = definition or ", ".join(word.aliases)
            if kind == "subject":
                context = ", ".join((vocabulary.subjects[id].kind.value, *word.aliases))
            yield Entry(
                Hit(kind, id, word.name or id, context),
                _joined(id, *word.aliases),
                definition,
            )


def _plant(plant: Plant, words: Words) -> Entry:
    makers = [_name(words["subject"].get(id), id) for id in plant.maker]
    partners = [_name(words["subject"].get(id), id) for id in plant.partner]
    country = words["destination"].get(plant.country) or words["subject"].get(plant.country)
    place = ", ".join(filter(None, (plant.city, _name(country, plant.country))))
    return Entry(
        Hit("plant", plant.id, f"{' and '.join(makers)}: {place}", plant.product),
        _joined(
            plant.id,
            plant.kind,
            *partners,
            _all_names(country, plant.country),
            *(_all_names(words["subject"].get(id), id) for id in (*plant.maker, *plant.partner)),
        ),
        _joined(plant.note, *(fact.note for fact in plant.facts)),
    )


def _event(event: Event, words: Words) -> Entry:
    return Entry(
        Hit("event", event.id, event.title, f"{event.kind}, {event.date}{_doubt(event)}"),
        _joined(
            event.id, event.kind, _all_names(words["subject"].get(event.subject), event.subject)
        ),
        _joined(event.note, event.reason),
    )


def _measure(measure: Measure, words: Words) -> Entry:
    subject = words["subject"].get(measure.subject)
    who = f", {_name(subject, measure.subject)}" if measure.subject else ""
    title = f"{measure.jurisdiction} {measure.instrument} on {measure.target}{who}"
    since = f"from {measure.start}" if measure.start else ""
    context = ", ".join(filter(None, (measure.stage, measure.rate_stated, since)))
    return Entry(
        Hit("measure", measure.id, title, f"{context}{_doubt(measure)}"),
        _joined(
            measure.id,
            measure.stage,
            _all_names(subject, measure.subject),
            _all_names(words["subject"].get(measure.jurisdiction), ""),
        ),
        _joined(measure.note, measure.reason),
    )


def _doubt(item: Event | Measure) -> str:
    return ", deprecated" if item.rank is Rank.DEPRECATED else ""


def _source(source: Source) -> Entry:
    published = str(source.published) if source.published else ""
    return Entry(
        Hit("source", source.id, source.title, ", ".join(filter(None, (source.outlet, published)))),
        _joined(source.id, source.outlet, source.publisher, source.file),
        source.note,
    )


def _name(word: Named | None, id: str) -> str:
    return (word.name if word else "") or id


def _all_names(word: Named | None, id: str) -> str:
    return _joined(id, word.name, *word.aliases) if word else id


def _joined(*texts: str) -> str:
    # a full stop between two names keeps them apart for readers of the index only
    return " . ".join(filter(None, texts))
