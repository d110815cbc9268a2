"""Opens the packs that a command line names; all that completion needs of a command."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from evcli.diagnostics import Diagnostics
from evcli.store import open_store, pack_choice
from evcli.store.reader import Store


def open_packs(facts: Sequence[str], no_builtin: bool, diagnostics: Diagnostics) -> Store:
    """The compiled store of the packs asked for."""
    choice = pack_choice([Path(each) for each in facts], no_builtin, os.environ)
    return open_store(choice, environ=os.environ, notify=lambda line: diagnostics.notes([line]))
