"""The compiled store: packs of fact files turned into one SQLite file that answers in milliseconds.

>>> from evcli.model.records import Record
>>> with store_of(Record()) as store:
...     store.search("anything")
[]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcli.store.cache import PackChoice, compile_builtin, open_store, pack_choice
from evcli.store.names import Hit
from evcli.store.reader import Store

if TYPE_CHECKING:
    from evcli.model.records import Record

__all__ = [
    "Hit",
    "PackChoice",
    "Store",
    "compile_builtin",
    "open_store",
    "pack_choice",
    "store_of",
]


def store_of(record: Record) -> Store:
    """A store in memory that holds *record*."""
    import sqlite3

    from evcli.store.build import build

    connection = sqlite3.connect(":memory:")
    build(record, connection)
    return Store(connection)
