"""An open store, and what is read of it without knowing any kind of record.

Completion and ``--version`` want no more than names and a fingerprint; the declarations of the
records, which :mod:`evcli.store.reader` needs, would cost them a tenth of their time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

T = TypeVar("T")


class OpenStore:
    """A compiled store. ``recover`` gives another connection should this one prove corrupt."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        recover: Callable[[], sqlite3.Connection] | None = None,
    ) -> None:
        self._connection = connection
        self._recover = recover
        self._meta: dict[str, str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; whoever asks afterwards gets sqlite3.ProgrammingError."""
        self._recover = None  # closed is not damaged: nothing to recover
        self._connection.close()

    @property
    def digest(self) -> str:
        """A fingerprint of the content, whatever the order and place of its files."""
        return self._about("digest")

    @property
    def newest_source(self) -> str:
        """The date (or month or year) of the newest source, empty if none is dated."""
        return self._about("newest_source")

    def names(self, kind: str) -> list[tuple[str, str]]:
        """Ids with their labels, for completion: subjects, series, ... by id, ``period`` too."""
        return self._rows("SELECT id, text FROM label WHERE kind = ? ORDER BY rowid", (kind,))

    def _about(self, key: str) -> str:
        if self._meta is None:
            self._meta = dict(self._rows("SELECT key, value FROM meta"))
        return self._meta[key]

    def _rows(self, statement: str, parameters: Sequence[str | int] = ()) -> list[Any]:
        return self._retried(
            lambda connection: connection.execute(statement, parameters).fetchall()
        )

    def _retried(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        """Ask, and once more after recovery if the file turns out to be damaged."""
        try:
            return ask(self._connection)
        except sqlite3.DatabaseError:
            if self._recover is None:
                raise
            recover, self._recover = self._recover, None
            self._connection.close()
            self._connection = recover()
            return ask(self._connection)
