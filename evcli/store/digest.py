"""A fingerprint of what packs say, the same wherever and in whatever order they were read.

>>> from evcli.model.record import Record
>>> content_digest(Record()) == content_digest(Record())
True
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from evcli.model.record import Record
from evcli.store import tables
from evcli.store.columns import Cell


def content_digest(record: Record) -> str:
    """SHA-256 over every cell of every object, sorted, without places in files."""
    digest = sha256()
    for table, items in contents(record):
        digest.update(f"[{table.name}]\n".encode())
        for line in sorted(_line(table.content(item)) for item in items):
            digest.update(line)
    return digest.hexdigest()


def contents(record: Record) -> list[tuple[tables.Table[Any], Iterable[Any]]]:
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
        (tables.PLANT_FACT, [fact for plant in record.plants for fact in plant.facts]),
        (tables.CLAIM, record.claims),
        (tables.ACKNOWLEDGEMENT, record.acknowledged),
    ]


def _line(cells: tuple[Cell, ...]) -> bytes:
    """One object as bytes that no other object has: every cell with its length."""
    texts = ["-" if cell is None else f"{len(text := str(cell))}:{text}" for cell in cells]
    return ("".join(texts) + "\n").encode()
