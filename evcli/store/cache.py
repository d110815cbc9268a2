"""Compiles the store of a choice of packs, only when files changed since it was last compiled.

A store remembers path, size, time and content hash of every file it was compiled from. Equal
size and time is enough to trust it, except for a file changed so shortly before it was looked
at that a second edit may bear the same time: that one is hashed again.

>>> mark = FileMark(b"a.yaml", 7, 1_000, "hash", checked_ns=9_000_000_000)
>>> check([mark], {b"a.yaml": (7, 1_000)}, now_ns=10_000_000_000) == [mark]
True
>>> check([mark], {b"a.yaml": (8, 1_000)}, now_ns=10_000_000_000) is None
True

A compiled store is never changed: a newer one takes its place in a single step, so that runs
beside this one read either, never half of one. A cache that cannot be used, or that others can
write, costs a note.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, closing, contextmanager, suppress
from pathlib import Path
from zlib import crc32

from evcli.errors import UsageError
from evcli.model import Pack
from evcli.store.kept import check_folder, why_not_believed
from evcli.store.opening import (
    COMPILING,
    PACKAGE,
    SCHEMA_VERSION,
    Notify,
    PackChoice,
    cache_directory,
    code_stamp,
    connect,
    connection_to,
)
from evcli.tuples import NamedTuple
from evcli.version import __version__

RACY_NS = 2_000_000_000  # the coarsest file time in use (FAT) is two seconds
_LAST_NS = 2**63 - 1  # what SQLite can hold, of the year 2262; later ones are hashed every time


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


def pack_places(choice: PackChoice) -> list[Pack]:
    """Every pack to load, built-in ones first, none twice.

    Without the built-in facts their definitions stay. Raises UsageError for a path with nothing
    at it.
    """
    from evcli.loader.files import stat_of  # the built-in store needs no look at files

    facts, seeds = builtin_directories(PACKAGE)
    if not facts.exists():
        raise UsageError(f"the built-in facts are missing: {facts}", "install evcli again")
    packs = [Pack(facts, builtin=True, definitions_only=not choice.builtin)]
    if choice.builtin and seeds.is_dir():
        packs.append(Pack(seeds, builtin=True))
    for path in choice.facts:
        stat_of(path)
        packs.append(Pack(path))
    places: dict[str, Pack] = {}
    for pack in packs:
        real = os.path.realpath(pack.path)
        if real not in places or places[real].definitions_only:
            places[real] = pack
    return list(places.values())


def builtin_directories(package: Path) -> tuple[Path, Path]:
    """Where the built-in facts and seeds are."""
    inside = package / "_builtin"
    root = inside if inside.is_dir() else package.parent
    return root / "facts", root / "seeds"


Listing = Mapping[bytes, tuple[int, int]]  # files with size and time in nanoseconds


def scan(packs: Iterable[Path]) -> Listing:
    """The files that the loader reads of *packs*, with size and time.

    Not resolved: two links to one file are two files, as for the loader. What cannot be read is
    left out: the loader reports it.
    """
    from evcli.loader.files import Report, walk

    found: dict[bytes, tuple[int, int]] = {}
    for pack in packs:
        for file, info in walk(pack.absolute(), Report()).items():
            mtime_ns = max(-_LAST_NS, min(info.st_mtime_ns, _LAST_NS))
            found[os.fsencode(file)] = (info.st_size, mtime_ns)
    return found


def check(marks: Sequence[FileMark], found: Listing, now_ns: int) -> list[FileMark] | None:
    """The marks brought up to date where the files still hold the same, else None."""
    if len(marks) != len(found):
        return None
    result = []
    for mark in marks:
        size, mtime_ns = found.get(mark.path, (-1, 0))
        if size != mark.size:
            return None
        if mtime_ns != mark.mtime_ns or mark.racy:
            if _content_hash(mark.path) != mark.sha256:
                return None
            newer = FileMark(mark.path, size, mtime_ns, mark.sha256, now_ns)
            # one that has to be hashed again next time, too, is not worth keeping
            mark = mark if newer.racy and mtime_ns == mark.mtime_ns else newer
        result.append(mark)
    return result


def _content_hash(path: bytes) -> str | None:
    from hashlib import sha256  # a fresh store never gets here, and it costs 3 ms

    from evcli.files import contents
    from evcli.loader.files import LARGEST

    with suppress(OSError):
        return sha256(contents(Path(os.fsdecode(path)), LARGEST)).hexdigest()
    return None


_DAY_S = 24 * 60 * 60
_KEPT_DAYS = 30


def compile_builtin(target: Path) -> None:
    """Write the store of the built-in facts to *target*, for a wheel to bring along."""
    from evcli.loader.packs import load
    from evcli.store.build import build

    places = pack_places(PackChoice())
    target = target.absolute()
    with chdir(places[0].path.parent):  # files are named from there, not after this machine
        record = load(places)
    with _replacing(target) as temporary, closing(sqlite3.connect(temporary)) as connection:
        build(record, connection)


class Opening:
    """One attempt to open a store, with everything known about it."""

    def __init__(self, choice: PackChoice, environ: Mapping[str, str], notify: Notify) -> None:
        self.notify = notify
        self.places = pack_places(choice)
        self.key = _key(self.places)
        self.code = code_stamp(COMPILING)
        directory = cache_directory(environ)
        # a short name will do: the store knows its whole key (and hashlib costs 3 ms)
        self.path = directory / f"{crc32(self.key.encode()):08x}.sqlite" if directory else None
        self.found = scan(place.path for place in self.places)

    def connections(self) -> Iterator[sqlite3.Connection]:
        """The store that is kept, where it is fresh; then one that is compiled now."""
        if self.path is not None and (cached := self._cached(self.path)) is not None:
            yield cached
        yield self._compile()

    def _cached(self, path: Path) -> sqlite3.Connection | None:
        """The connection to a store that is there, fresh, and to be believed."""
        try:
            check_folder(path.parent)
            if why := why_not_believed(path):
                self.notify(f"{path} is not used: {why}; it is compiled again")
                return None
        except OSError:
            return None  # nothing is there, or who compiles says what is wrong
        connection = connection_to(path, key=self.key, code=self.code)
        if connection is None:
            return None
        try:
            before = [FileMark(*row) for row in connection.execute("SELECT * FROM pack_file")]
            after = check(before, self.found, time.time_ns())
            if after is not None:
                if after != before:
                    _refresh(path, after)
                with suppress(OSError):  # show once a day that the store is in use
                    if path.stat().st_mtime < time.time() - _DAY_S:
                        os.utime(path)
                return connection
        except (sqlite3.Error, TypeError, ValueError):
            pass  # not what was written: compiled again
        connection.close()
        return None

    def _compile(self) -> sqlite3.Connection:
        """Load the packs and compile them, into the cache if it can be written."""
        from evcli.loader.packs import load
        from evcli.store.build import build

        # hashed before the loader reads: an edit meanwhile shows at the next run
        self.found = scan(place.path for place in self.places)
        now_ns = time.time_ns()
        marks = [  # a file that vanished meanwhile gets a hash that nothing equals
            FileMark(path, *stamp, _content_hash(path) or "gone", now_ns)
            for path, stamp in self.found.items()
        ]
        record = load(self.places)
        made_from = {"key": self.key, "code": self.code}
        if self.path is None:
            self._note("no home directory is set")
        else:
            try:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                check_folder(self.path.parent)
                with _replacing(self.path) as temporary, closing(sqlite3.connect(temporary)) as new:
                    build(record, new, marks, **made_from)
                _prune(self.path)
                connection = connect(self.path)
                connection.execute("SELECT key FROM meta").fetchall()
                return connection
            except OSError as error:
                self._note(f"{self.path.parent}: {error.strerror or error}")
            except sqlite3.OperationalError as error:
                self._note(f"{self.path.parent}: {error}")
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        build(record, connection, marks, **made_from)
        return connection

    def _note(self, reason: str) -> None:
        self.notify(
            f"the compiled facts were not kept for the next run ({reason});"
            " set EVCLI_CACHE to a directory of your own"
        )


def _key(places: Sequence[Pack]) -> str:
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
        near = any(
            Path(here).is_relative_to(other) or Path(other).is_relative_to(here)
            for other in (real, os.path.normpath(path.absolute()))
        )
        lines.append(f"{path}\n{real}\n{here if near else ''}\n{builtin} {definitions_only}")
    return "\n".join(lines).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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


def _refresh(path: Path, marks: Sequence[FileMark]) -> None:
    """Keep newer file times in a copy that takes the store's place; best effort."""
    from shutil import copyfile

    with suppress(OSError, sqlite3.Error), _replacing(path) as temporary:
        copyfile(path, temporary)
        with closing(sqlite3.connect(temporary)) as connection, connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("DELETE FROM pack_file")
            connection.executemany("INSERT INTO pack_file VALUES (?, ?, ?, ?, ?)", marks)


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
