"""The scripts that make the documentation. They are no package, and import each other by name."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

DOCS = str(Path(__file__).parent.parent / "docs")


def script(name: str) -> ModuleType:
    """The module ``docs/NAME.py``."""
    if DOCS not in sys.path:
        sys.path.append(DOCS)
    return importlib.import_module(name)
