"""Answers that were solved before, kept from run to run beside the compiled stores.

Each is kept under a fingerprint of all that it follows from: an edit of that makes a new one, and
an edit of anything else costs none. Whatever is wrong with the file costs time and no answer.
"""

import sqlite3
from contextlib import suppress
from functools import cache
from pathlib import Path

_MOST_BYTES = 64 * 2**20  # of the file, which then begins anew
_TABLE = """CREATE TABLE IF NOT EXISTS answer
(family TEXT, name TEXT, text TEXT, PRIMARY KEY (family, name)) WITHOUT ROWID"""


class Kept:
    """Texts by family and name in the file at *path*, or for this run alone where there is none.

    Those that other *code* kept are not found.
    """

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
    if path.is_file() and path.stat().st_size > _MOST_BYTES:
        path.unlink()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = sqlite3.connect(path, timeout=1, isolation_level=None)
    file.execute("PRAGMA synchronous = OFF")  # what a crash spoils is solved again
    file.execute(_TABLE)
    return file
