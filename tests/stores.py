"""Stores in memory."""

from __future__ import annotations

import sqlite3

from evcli.model.records import Record
from evcli.store import Store
from evcli.store.build import build


def store_of(record: Record) -> Store:
    """A store that holds *record*."""
    connection = sqlite3.connect(":memory:")
    build(record, connection)
    return Store(connection)
