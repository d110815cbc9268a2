"""The compiled store: packs of fact files turned into one SQLite file that answers in milliseconds.

>>> from evcli.model.records import Record
>>> from evcli.store.reader import store_of
>>> with store_of(Record()) as store:
...     store.search("anything")
[]
"""

from __future__ import annotations

from evcli.store.cache import PackChoice, compile_builtin, open_names, open_store, pack_choice

__all__ = ["PackChoice", "compile_builtin", "open_names", "open_store", "pack_choice"]
