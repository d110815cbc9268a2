"""Answers that were solved before, kept from run to run beside the compiled stores.

Each is kept under a fingerprint of all that it follows from: an edit of that makes a new one, and
an edit of anything else costs none. Whatever is wrong with the file costs time and no answer.

What is kept is believed where nobody but the user and root can have written it.
"""

import os
import sqlite3
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

_MOST_BYTES = 64 * 2**20  # of the file, which then begins anew
_TABLE = """CREATE TABLE IF NOT EXISTS answer
(family TEXT, name TEXT, text TEXT, PRIMARY KEY (family, name)) WITHOUT ROWID"""


def check_folder(folder: Path) -> None:
    """PermissionError where others can change what *folder* holds, or put another in its place.

    One's own is closed to them, but no sticky one: many share such a folder, as they do /tmp.
    """
    if not hasattr(os, "getuid"):  # Windows
        return
    folder = Path(os.path.realpath(folder))
    info = folder.stat()
    if info.st_uid == os.getuid() and _written_by_others(info) and not info.st_mode & stat.S_ISVTX:
        folder.chmod(0o700)
    if why := _written_by_others(folder.stat()):
        raise PermissionError(1, why)
    for above in folder.parents:
        info = above.stat()
        # a group with the number of its owner is that user's own
        others = info.st_mode & (0o002 if info.st_gid == info.st_uid else 0o022)
        sticky = info.st_mode & stat.S_ISVTX
        if (others and not sticky) or info.st_uid not in (os.getuid(), 0):
            raise PermissionError(1, f"others may put another in its place in {above}")


def why_not_believed(file: Path) -> str:
    """What speaks against the file at *file*; empty for one of the user or root that only they
    may write. FileNotFoundError where there is none.
    """
    info = file.lstat()  # a link is none: what it leads to may change hands
    if not stat.S_ISREG(info.st_mode):
        return "it is not a regular file"  # a named pipe would wait for ever
    return _written_by_others(info) if hasattr(os, "getuid") else ""


def _written_by_others(info: os.stat_result) -> str:
    if info.st_uid not in (os.getuid(), 0):
        return "it belongs to another user"
    return "others may write it" if info.st_mode & 0o022 else ""


class Kept:
    """Texts by family and name that this *code* kept in a file, or without *path* in this run."""

    def __init__(self, path: Path | None, code: str = "") -> None:
        self._path, self._code = path, code
        self._file: sqlite3.Connection | None = None
        self.of = cache(self._of)

    def _of(self, family: str) -> dict[str, str]:
        """The answers of a family by name."""
        return dict(self._rows("SELECT name, text FROM answer WHERE family = ?", family))

    def keep(self, family: str, name: str, text: str) -> None:
        """Keep one more."""
        self.of(family)[name] = text
        self._rows("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", family, name, text)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
        self._path = self._file = None

    def _rows(self, statement: str, family: str, *values: str) -> list[tuple[str, str]]:
        """What the file answers; nothing where it cannot."""
        if self._path is None:
            return []
        try:
            file = self._file = self._file or _opened(self._path)
            return file.execute(statement, (f"{self._code} {family}", *values)).fetchall()
        except OSError:
            self._path = None
        except sqlite3.OperationalError:  # it is being written, or cannot be
            pass
        except sqlite3.DatabaseError:  # it is none
            with suppress(OSError):
                self._path.unlink()
            self.close()
        return []


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_folder(path.parent)
    with suppress(FileNotFoundError):  # the first answer
        if why_not_believed(path) or path.stat().st_size > _MOST_BYTES:
            path.unlink()
    path.touch(mode=0o600)
    file = sqlite3.connect(path, timeout=1, isolation_level=None, check_same_thread=False)
    file.execute("PRAGMA synchronous = OFF")  # what a crash spoils is solved again
    file.execute(_TABLE)
    return file
