"""Tables and packages become fact files: which columns mean what, and what was not understood."""

from __future__ import annotations

from evcli.importing.drafts import Drafts, as_yaml, drafts
from evcli.importing.input_table import read_table
from evcli.importing.package import package_at, package_drafts

__all__ = [
    "Drafts",
    "InputTable",
    "as_yaml",
    "drafts",
    "package_at",
    "package_drafts",
    "read_table",
]
