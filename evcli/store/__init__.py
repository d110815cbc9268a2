"""The compiled store: packs of fact files in one SQLite file that answers in milliseconds."""

from evcli.store.opening import PackChoice, open_store, pack_choice
from evcli.store.reader import Store

__all__ = ["PackChoice", "Store", "open_store", "pack_choice"]
