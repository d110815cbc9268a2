"""The compiled store: packs of fact files turned into one SQLite file that answers in milliseconds.

>>> from evcli.model.records import Record
>>> with store_of(Record()) as store:
...     store.search("anything")
[]
"""

from __future__ import annotations

from evcli.store.cache import PackChoice, compile_builtin, open_store, pack_choice
from evcli.store.names import Hit
from evcli.store.reader import Store, store_of

__all__ = [
    "Hit",
    "PackChoice",
    "Store",
    "compile_builtin",
    "open_store",
    "pack_choice",
    "store_of",
]
