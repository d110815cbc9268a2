"""Tables and packages become fact files: which columns mean what, and what was not understood."""

from __future__ import annotations

from evcli.importing.drafts import Drafts, drafts
from evcli.importing.package import package_drafts
from evcli.importing.package_files import package_at
from evcli.importing.table import Table, read_table
from evcli.importing.yaml_file import as_yaml

__all__ = ["Drafts", "Table", "as_yaml", "drafts", "package_at", "package_drafts", "read_table"]
