"""The compiled store: packs of fact files turned into one SQLite file that answers in milliseconds.

>>> from evcli.model.records import Record
>>> with store_of(Record()) as store:
...     store.search("anything")
[]
"""

from __future__ import annotations

from evcli.store.cache import compile_builtin, open_store
from evcli.store.location import PackChoice, pack_choice
from evcli.store.reader import Store, store_of
from evcli.store.search import Hit

__all__ = [
    "Hit",
    "PackChoice",
    "Store",
    "compile_builtin",
    "open_store",
    "pack_choice",
    "store_of",
]
