"""Compiles a record into a store.

>>> from evcli.model.records import Record
>>> with closing(sqlite3.connect(":memory:")) as connection:
...     build(Record(), connection)
...     connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchall()
[('2',)]
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from evcli.model.period import parse_period
from evcli.model.records import Fact, Record
from evcli.store import entries, tables
from evcli.store.columns import last_day
from evcli.store.digest import Rows, content_digest
from evcli.store.freshness import Mark
from evcli.store.spelling import labels, named, spellings
from evcli.store.tables import Table
from evcli.version import __version__


class Signature(NamedTuple):
    """What a store was compiled from: the packs asked for, the code, the files."""

    key: str = ""
    code: str = ""
    marks: tuple[Mark, ...] = ()


def build(
    record: Record, target: Path | sqlite3.Connection, signature: Signature | None = None
) -> None:
    """Write everything *record* holds to *target*, an empty file or connection."""
    if isinstance(target, sqlite3.Connection):
        _fill(target, record, signature or Signature())
        return
    with closing(sqlite3.connect(target)) as connection:
        # nobody else knows the file yet, and whoever built half of it throws it away
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}")
        _fill(connection, record, signature or Signature())


def _fill(connection: sqlite3.Connection, record: Record, signature: Signature) -> None:
    with connection:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("BEGIN")
        for table in tables.TABLES:
            connection.execute(table.create)
        for statement in tables.OTHER_TABLES:
            connection.execute(statement)
        rows = [(table, list(map(table.encode, items))) for table, items in _contents(record)]
        digest = content_digest(rows)
        for table, cells in rows:
            if table is tables.FACT:
                cells = _with_dates(cells, record.facts)
            connection.executemany(table.insert, cells)
        words = named(record)
        connection.executemany("INSERT INTO spelling VALUES (?, ?, ?, ?, ?)", spellings(words))
        connection.executemany("INSERT INTO label VALUES (?, ?, ?)", labels(words, record))
        connection.executemany(
            "INSERT INTO source_count VALUES (?, ?)", source_counts(record).items()
        )
        entries.add(connection, entries.entries(record))
        connection.executemany("INSERT INTO pack_file VALUES (?, ?, ?, ?, ?)", signature.marks)
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            {
                "schema": str(tables.SCHEMA_VERSION),
                "evcli": __version__,
                "key": signature.key,
                "code": signature.code,
                "digest": digest,
                "newest_source": newest_source(record),
            }.items(),
        )
        for table in tables.TABLES:
            for statement in table.indices:
                connection.execute(statement)
        for statement in tables.OTHER_INDICES:
            connection.execute(statement)


def _contents(record: Record) -> list[tuple[Table[Any], Iterable[Any]]]:
    """Every table with the objects of *record* that go into it, in file order."""
    words = record.vocabulary
    return [
        *((table, getattr(words, name).values()) for name, table in tables.VOCABULARY.items()),
        (tables.PARTITION, words.partitions),
        (tables.SOURCE, record.sources.values()),
        (tables.SERIES, record.series.values()),
        (tables.FACT, record.facts),
        (tables.EVENT, record.events),
        (tables.MEASURE, record.measures),
        (tables.PLANT, record.plants),
        (tables.PLANT_FACT, (fact for plant in record.plants for fact in plant.facts)),
        (tables.CLAIM, record.claims),
        (tables.ACKNOWLEDGEMENT, record.acknowledged),
    ]


def _with_dates(rows: Rows, facts: Sequence[Fact]) -> Rows:
    """The rows of *facts*, each with the day by which its source was surely published."""
    out_by: dict[str, str | None] = {"": None}
    for published in {fact.published for fact in facts if fact.published}:
        out_by[published] = last_day(parse_period(published))
    return [(*row, out_by[fact.published]) for row, fact in zip(rows, facts, strict=True)]


def source_counts(record: Record) -> Counter[str]:
    """How many facts, events, measures and claims, also those on plants, each source states."""
    counts = Counter(
        item.source
        for items in (
            record.facts,
            record.events,
            record.measures,
            record.claims,
            (fact for plant in record.plants for fact in plant.facts),
        )
        for item in items
    )
    counts.update(source for measure in record.measures for source in measure.confirmed_by)
    return counts


def newest_source(record: Record) -> str:
    """When the newest source was published, as exactly as it says; empty if none says."""
    dates = [source.published for source in record.sources.values() if source.published]
    newest = max(
        (date for date in dates if not date.is_undated),
        key=lambda date: (date.start, date.end),  # "2026" may be any day of it
        default=None,
    )
    return "" if newest is None else str(newest)
