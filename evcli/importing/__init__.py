"""Tables and packages become fact files: which columns mean what, and what was not understood."""

from __future__ import annotations

from evcli.importing.drafts import Drafts, as_yaml, drafts
from evcli.importing.package import package_at, package_drafts
from evcli.importing.table import Table, read_table

__all__ = ["Drafts", "Table", "as_yaml", "drafts", "package_at", "package_drafts", "read_table"]
