"""Tables become fact files: which columns mean what, and what was not understood."""

from __future__ import annotations

from evcli.importing.drafts import Drafts, drafts
from evcli.importing.table import Table, read_table
from evcli.importing.yaml_file import as_yaml

__all__ = ["Drafts", "Table", "as_yaml", "drafts", "read_table"]
