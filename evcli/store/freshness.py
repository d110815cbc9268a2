"""Whether a compiled store still says what its fact files say.

A store remembers path, size, time and content hash of every file it was compiled from. Equal
size and time is enough to trust it, except for a file changed so shortly before it was looked
at that a second edit may bear the same time: that one is hashed again.

>>> mark = Mark(b"a.yaml", 7, 1_000, "hash", checked_ns=9_000_000_000)
>>> check([mark], {b"a.yaml": Stamp(7, 1_000)}, now_ns=10_000_000_000) == [mark]
True
>>> check([mark], {b"a.yaml": Stamp(8, 1_000)}, now_ns=10_000_000_000) is None
True
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

RACY_NS = 2_000_000_000  # the coarsest file time in use (FAT) is two seconds


class Stamp(NamedTuple):
    """What a directory listing tells of a file."""

    size: int
    mtime_ns: int


class Mark(NamedTuple):
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


def scan(packs: Iterable[Path]) -> dict[bytes, Stamp]:
    """The files that the loader reads of *packs*, with size and time.

    All ``*.yaml`` below a directory, or the one file named. Links are followed unless they lead
    back above themselves; names that start with a dot are no part of a pack. What cannot be read
    is left out: the loader reports it.
    """
    found: dict[bytes, Stamp] = {}
    for pack in packs:
        # not resolved: two links to one file are two files, as for the loader
        path = str(pack.absolute())
        try:
            info = pack.stat()
        except OSError:
            continue
        if stat.S_ISDIR(info.st_mode):
            _scan_directory(path, found, ((info.st_dev, info.st_ino),))
        else:
            found[os.fsencode(path)] = Stamp(info.st_size, info.st_mtime_ns)
    return found


def _scan_directory(
    directory: str, found: dict[bytes, Stamp], above: tuple[tuple[int, int], ...]
) -> None:
    try:
        with os.scandir(directory) as entries:
            listed = list(entries)
    except OSError:
        return
    for entry in listed:
        name = entry.name
        if name.startswith("."):
            continue
        try:
            is_directory = entry.is_dir()
            if not is_directory and not name.endswith(".yaml"):
                continue
            info = entry.stat() if not is_directory else Path(entry.path).stat()
        except OSError:
            continue  # gone, or a link to nowhere
        if not is_directory:
            found[os.fsencode(entry.path)] = Stamp(info.st_size, info.st_mtime_ns)
        elif (info.st_dev, info.st_ino) not in above:
            _scan_directory(entry.path, found, (*above, (info.st_dev, info.st_ino)))


def mark_all(found: Mapping[bytes, Stamp], now_ns: int) -> list[Mark]:
    """Hash every file of a listing; one that vanished meanwhile gets a hash nothing equals."""
    return [
        Mark(path, stamp.size, stamp.mtime_ns, _content_hash(path) or "gone", now_ns)
        for path, stamp in found.items()
    ]


def check(marks: Sequence[Mark], found: Mapping[bytes, Stamp], now_ns: int) -> list[Mark] | None:
    """The marks brought up to date where the files still hold the same, else None."""
    if len(marks) != len(found):
        return None
    result = []
    for mark in marks:
        stamp = found.get(mark.path)
        if stamp is None or stamp.size != mark.size:
            return None
        if stamp.mtime_ns != mark.mtime_ns or mark.racy:
            if _content_hash(mark.path) != mark.sha256:
                return None
            mark = Mark(mark.path, mark.size, stamp.mtime_ns, mark.sha256, now_ns)
        result.append(mark)
    return result


def worth_keeping(before: Sequence[Mark], after: Sequence[Mark]) -> bool:
    """Whether the newer marks save the next run from hashing."""
    return any(
        new.mtime_ns != old.mtime_ns or (old.racy and not new.racy)
        for old, new in zip(before, after, strict=True)
    )


def code_stamp(package: Path) -> str:
    """Changes with the code that turns files into stored rows; for runs from a source tree."""
    newest = 0
    count = 0
    for part in ("model", "loader", "store"):
        try:
            with os.scandir(package / part) as entries:
                times = [e.stat().st_mtime_ns for e in entries if e.name.endswith(".py")]
        except OSError:
            continue
        count += len(times)
        newest = max(newest, *times, 0)
    return f"{count} {newest}"


def _content_hash(path: bytes) -> str | None:
    from hashlib import sha256  # a fresh store never gets here, and it costs 3 ms

    file = Path(os.fsdecode(path))
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return None  # a named pipe would wait for ever
        return sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None
