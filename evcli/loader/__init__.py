"""Reads packs of fact files strictly: everything in them is right, or every mistake is named.

>>> from pathlib import Path
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as empty:
...     len(load([Pack(Path(empty))]).facts)
0

Importing this package costs nothing that a look-up does not need: YAML is imported by the first
call of :func:`load`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from evcli.loader.files import pack_files
from evcli.loader.lint import review
from evcli.model import Pack

if TYPE_CHECKING:
    from evcli.model.records import Record

__all__ = ["Pack", "load", "pack_files", "review"]


def load(packs: Sequence[Pack], *, progress: Callable[[int, int], None] | None = None) -> Record:
    """Everything that *packs* hold together.

    Raises InvalidFacts with all problems of all files, UsageError for a path with nothing at it.
    *progress* is told after each file how many are done and how many there are.
    """
    from evcli.loader import packs as assemble

    return assemble.load(packs, progress=progress)
