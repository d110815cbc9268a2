"""Opens the store for a choice of packs, compiling it only when its files changed.

A compiled store is never changed: a newer one takes its place in a single step, so that runs
beside this one read either, never half of one. A cache that cannot be used costs a note.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, suppress
from pathlib import Path

from evcli.model.records import Record
from evcli.store import freshness
from evcli.store.freshness import Mark, Stamp
from evcli.store.location import (
    PackChoice,
    PackPlace,
    cache_directory,
    is_checkout,
    pack_places,
    ready_store,
)
from evcli.store.reader import Store
from evcli.store.tables import SCHEMA_VERSION
from evcli.version import __version__

_DAY_S = 24 * 60 * 60
_KEPT_DAYS = 30

Notify = Callable[[str], None]


def _silent(_: str) -> None:
    """Notes are for those who ask for them."""


def open_store(
    choice: PackChoice,
    *,
    environ: Mapping[str, str] = os.environ,
    notify: Notify = _silent,
    progress: Callable[..., None] | None = None,
) -> Store:
    """The store of these packs, compiled if need be; *progress* is handed to the loader.

    Raises UsageError for a pack that does not exist and InvalidFacts for one that is wrong.
    """
    return _Opening(choice, environ, notify, progress).open()


def compile_builtin(target: Path) -> None:
    """Write the store of the built-in facts to *target*, for a wheel to bring along."""
    from evcli.store.build import build

    places = pack_places(PackChoice())
    target = target.absolute()
    with chdir(places[0].path.parent):  # files are named from there, not after this machine
        record = _load(places, None)
    with _replacing(target) as temporary:
        build(record, temporary)


class _Opening:
    """One attempt to open a store, with everything known about it."""

    def __init__(
        self,
        choice: PackChoice,
        environ: Mapping[str, str],
        notify: Notify,
        progress: Callable[..., None] | None,
    ) -> None:
        self.choice = choice
        self.environ = environ
        self.notify = notify
        self.progress = progress

    def open(self) -> Store:
        ready = ready_store(self.choice)
        if ready is not None and (connection := _trusted(ready)) is not None:
            return Store(connection)
        self.places = pack_places(self.choice)
        self.key = _key(self.places)
        package = Path(__file__).parent.parent
        self.code = freshness.code_stamp(package) if is_checkout(package) else ""
        self.directory = cache_directory(self.environ)
        self.path = self.directory / f"{_name(self.key)}.sqlite" if self.directory else None
        self.found = self._scan()
        if self.path is not None and (cached := self._cached(self.path)) is not None:
            return Store(cached, recover=self._compile)
        return Store(self._compile())

    def _scan(self) -> dict[bytes, Stamp]:
        return freshness.scan(place.path for place in self.places)

    def _cached(self, path: Path) -> sqlite3.Connection | None:
        """The connection to a store that is there and fresh."""
        connection = None
        try:
            connection = _connect(path)
            about = dict(connection.execute("SELECT key, value FROM meta"))
            expected = {
                "schema": str(SCHEMA_VERSION),
                "evcli": __version__,
                "key": self.key,
                "code": self.code,
            }
            if all(about.get(name) == value for name, value in expected.items()):
                before = [Mark(*row) for row in connection.execute("SELECT * FROM pack_file")]
                after = freshness.check(before, self.found, time.time_ns())
                if after is not None:
                    if freshness.worth_keeping(before, after):
                        _refresh(path, after)
                    _touch(path)
                    return connection
        except (sqlite3.Error, TypeError, ValueError):
            pass  # not there, or not what was written: compiled again
        if connection is not None:
            connection.close()
        return None

    def _compile(self) -> sqlite3.Connection:
        """Load the packs and compile them, into the cache if it can be written."""
        from evcli.store.build import Signature, build

        # hashed before the loader reads: an edit meanwhile shows at the next run
        self.found = self._scan()
        marks = freshness.mark_all(self.found, time.time_ns())
        record = _load(self.places, self.progress)
        signature = Signature(self.key, self.code, tuple(marks))
        if self.path is None:
            self._note("no home directory is set")
        else:
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with _replacing(self.path) as temporary:
                    build(record, temporary, signature)
                _prune(self.path)
                connection = _connect(self.path)
                connection.execute("SELECT key FROM meta").fetchall()
                return connection
            except OSError as error:
                self._note(f"{self.path.parent}: {error.strerror or error}")
            except sqlite3.OperationalError as error:
                self._note(f"{self.path.parent}: {error}")
        connection = sqlite3.connect(":memory:")
        build(record, connection, signature)
        return connection

    def _note(self, reason: str) -> None:
        self.notify(
            f"the compiled facts were not kept for the next run ({reason});"
            " set EVCLI_CACHE to a directory that can be written"
        )


def _load(places: Sequence[PackPlace], progress: Callable[..., None] | None) -> Record:
    from evcli.loader import Pack, load  # YAML costs 30 ms, and only compiling needs it

    packs = [
        Pack(place.path, builtin=place.builtin, definitions_only=place.definitions_only)
        for place in places
    ]
    return load(packs, progress=progress)


def _key(places: Sequence[PackPlace]) -> str:
    """All that decides which store is meant: the versions, each pack, and how its files are named.

    Facts remember their files as the loader names them: from the working directory if they lie
    below it, else as given.
    """
    lines = [f"schema {SCHEMA_VERSION}, evcli {__version__}"]
    try:
        here = os.path.realpath(os.curdir)
    except OSError:  # the working directory is gone, and nothing lies below it
        here = ""
    for path, builtin, definitions_only in places:
        real = os.path.realpath(path)
        near = any(_nested(here, other) for other in (real, os.path.normpath(path.absolute())))
        lines.append(f"{path}\n{real}\n{here if near else ''}\n{builtin} {definitions_only}")
    return "\n".join(lines).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _nested(one: str, other: str) -> bool:
    """Whether one of two paths is the other or lies below it."""
    one, other = one.rstrip(os.sep) + os.sep, other.rstrip(os.sep) + os.sep
    return one.startswith(other) or other.startswith(one)


def _name(key: str) -> str:
    """A short name for *key* (FNV-1a; hashlib costs 3 ms, and the store knows its whole key)."""
    value = 0xCBF29CE484222325
    for byte in key.encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def _connect(path: Path) -> sqlite3.Connection:
    """A connection to a compiled store, which nobody ever changes."""
    raw = os.fsencode(str(path.absolute()).replace(os.sep, "/"))
    safe = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/:._-~"
    escaped = "".join(chr(byte) if byte in safe else f"%{byte:02x}" for byte in raw)
    slash = "" if escaped.startswith("/") else "/"
    return sqlite3.connect(f"file:{slash}{escaped}?mode=ro&immutable=1", uri=True)


def _trusted(path: Path) -> sqlite3.Connection | None:
    """The connection to the store of a wheel, if this version of evcli compiled it."""
    try:
        connection = _connect(path)
        about = dict(connection.execute("SELECT key, value FROM meta"))
    except sqlite3.Error:
        return None
    if (about.get("schema"), about.get("evcli")) == (str(SCHEMA_VERSION), __version__):
        return connection
    connection.close()
    return None


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside *path* that takes its place on success and is gone otherwise."""
    from tempfile import mkstemp

    handle, name = mkstemp(prefix=f"{path.stem}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _refresh(path: Path, marks: Sequence[Mark]) -> None:
    """Keep newer file times in a copy that takes the store's place; best effort."""
    from shutil import copyfile

    try:
        with _replacing(path) as temporary:
            copyfile(path, temporary)
            connection = sqlite3.connect(temporary)
            try:
                connection.execute("PRAGMA journal_mode = OFF")
                with connection:
                    connection.execute("DELETE FROM pack_file")
                    connection.executemany("INSERT INTO pack_file VALUES (?, ?, ?, ?, ?)", marks)
            finally:
                connection.close()
    except (OSError, sqlite3.Error):
        pass


def _touch(path: Path) -> None:
    """Show once a day that the store is in use."""
    with suppress(OSError):
        if path.stat().st_mtime < time.time() - _DAY_S:
            os.utime(path)


def _prune(kept: Path) -> None:
    """Remove stores unused for a month and what a killed run left; best effort."""
    now = time.time()
    with suppress(OSError):
        for path in kept.parent.iterdir():
            days = _KEPT_DAYS if path.suffix == ".sqlite" else 1
            if path == kept or path.suffix not in (".sqlite", ".tmp"):
                continue
            with suppress(OSError):
                if path.stat().st_mtime < now - days * _DAY_S:
                    path.unlink()
