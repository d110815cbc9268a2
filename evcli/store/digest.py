"""A fingerprint of what packs say, the same wherever and in whatever order they were read.

>>> from evcli.store.tables import SCOPE
>>> one, other = ("nev", "NEVs", "all", "", ""), ("all", "All", "", "", "")
>>> content_digest([(SCOPE, [one, other])]) == content_digest([(SCOPE, [other, one])])
True
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from evcli.store.columns import Cell
from evcli.store.tables import Table

Rows = list[tuple[Cell, ...]]


def content_digest(rows: Iterable[tuple[Table[Any], Rows]]) -> str:
    """SHA-256 over every cell of every object, sorted, without places in files."""
    digest = sha256()
    for table, items in rows:
        digest.update(f"[{table.name}]\n".encode())
        for line in sorted(_line(table.content(cells)) for cells in items):
            digest.update(line)
    return digest.hexdigest()


def _line(cells: tuple[Cell, ...]) -> bytes:
    """One object as bytes that no other object has: every cell with its length."""
    texts = ["-" if cell is None else f"{len(text := str(cell))}:{text}" for cell in cells]
    return ("".join(texts) + "\n").encode()
