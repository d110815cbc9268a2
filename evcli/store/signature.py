"""What a compiled store was made from, by which later runs know whether it still holds."""

from __future__ import annotations

from typing import NamedTuple

SCHEMA_VERSION = 3  # count up whenever a stored row changes its shape or meaning
RACY_NS = 2_000_000_000  # the coarsest file time in use (FAT) is two seconds


class FileMark(NamedTuple):
    """A file as it was when its content was hashed, at ``checked_ns``."""

    path: bytes
    size: int
    mtime_ns: int
    sha256: str
    checked_ns: int

    @property
    def racy(self) -> bool:
        """Whether the file may have been changed after the look at it without a new time."""
        return self.mtime_ns >= self.checked_ns - RACY_NS


class Signature(NamedTuple):
    """What a store was compiled from: the packs asked for, the code, the files."""

    key: str = ""
    code: str = ""
    marks: tuple[FileMark, ...] = ()
