"""Tables and packages become fact files: which columns mean what, and what was not understood."""

from evcli.importing.drafts import Drafts, as_yaml, drafts
from evcli.importing.input_table import read_table
from evcli.importing.package import package_at, package_drafts

__all__ = ["Drafts", "as_yaml", "drafts", "package_at", "package_drafts", "read_table"]
