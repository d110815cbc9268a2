"""What a period, quantity, fact, series, source and figure is. Standard library only.

Here is what the command line needs before it reads any record.
"""

from pathlib import Path
from typing import NamedTuple

# places that are no entries of a vocabulary
WORLD = "world"
ABROAD = "abroad"
EVERYWHERE = (WORLD, ABROAD)  # of most figures, so that it is said of few


class Pack(NamedTuple):
    """A directory of ``*.yaml`` files, or one file.

    With ``definitions_only`` (the built-in pack under ``--no-builtin``) only vocabulary and
    series definitions are taken from it.
    """

    path: Path
    builtin: bool = False
    definitions_only: bool = False
