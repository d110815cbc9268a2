"""Compiles the store of a choice of packs, only when files changed since it was last compiled.

A store remembers path, size and time of every file it was compiled from, and a hash of what they
held. Equal sizes and times are enough to trust it, except for a file changed so shortly before it
was looked at that a second edit may bear the same time: then all are hashed again.

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
from evcli.version import __version__

RACY_NS = 2_000_000_000  # the coarsest file time in use (FAT) is two seconds
Listing = Mapping[bytes, tuple[int, int]]  # files with size and time in nanoseconds


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


def scan(packs: Iterable[Pack]) -> Listing:
    """The files that the loader reads of *packs*, with size and time.

    Not resolved: two links to one file are two files, as for the loader. What cannot be read is
    left out: the loader reports it.
    """
    from evcli.loader.files import Report, walk

    return {
        os.fsencode(file): (info.st_size, info.st_mtime_ns)
        for pack in packs
        for file, info in walk(pack.path.absolute(), Report()).items()
    }


def _content_hash(files: Iterable[bytes]) -> str | None:
    """Of the files by name; None where one of them cannot be read."""
    from hashlib import sha256  # a fresh store never gets here, and it costs 3 ms

    from evcli.files import contents
    from evcli.loader.files import LARGEST

    digest = sha256()
    for file in files:
        try:
            data = contents(Path(os.fsdecode(file)), LARGEST)
        except OSError:
            return None
        digest.update(b"%d %s %d " % (len(file), file, len(data)) + data)
    return digest.hexdigest()


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


def connections(
    choice: PackChoice, environ: Mapping[str, str], notify: Notify
) -> Iterator[sqlite3.Connection]:
    """The store that is kept, where it is fresh; then one that is compiled now."""
    places = pack_places(choice)
    made_from = {"key": _key(places), "code": code_stamp(COMPILING)}
    directory = cache_directory(environ)
    # a short name will do: the store knows its whole key (and hashlib costs 3 ms)
    path = directory and directory / f"{crc32(made_from['key'].encode()):08x}.sqlite"
    found = scan(places)
    if path is not None:
        try:
            check_folder(path.parent)
            if why := why_not_believed(path):
                notify(f"{path} is not used: {why}; it is compiled again")
            elif (cached := connection_to(path, **made_from)) is not None:
                if (newer := _newer(cached, found)) is None:
                    cached.close()
                else:
                    if newer:
                        cached.close()  # Windows replaces no file that is open
                        _refresh(path, newer)
                        cached = connect(path)
                    _used(path)
                    yield cached
        except OSError:
            pass  # nothing is there, or who compiles says what is wrong
    yield _compile(places, path, notify, made_from)


def _newer(connection: sqlite3.Connection, found: Listing) -> Mapping[str, str] | None:
    """None unless the files still hold what the store was compiled from; what it should know."""
    newest_ns = max((mtime_ns for _, mtime_ns in found.values()), default=0)
    try:
        about = dict(connection.execute("SELECT key, value FROM meta"))
        known = about["files"] == str(found)
        if not known or newest_ns >= int(about["checked_ns"]) - RACY_NS:
            now_ns = time.time_ns()
            if _content_hash(found) != about["content"]:
                return None
            # what has to be hashed again next time, too, is not worth keeping
            if not known or newest_ns < now_ns - RACY_NS:
                return {"files": str(found), "checked_ns": str(now_ns)}
    except (sqlite3.Error, LookupError, TypeError, ValueError):
        return None  # not what was written: compiled again
    return {}


def _used(path: Path) -> None:
    """Show once a day that the store is in use."""
    with suppress(OSError):
        if path.stat().st_mtime < time.time() - _DAY_S:
            os.utime(path)


def _compile(
    places: Sequence[Pack], path: Path | None, notify: Notify, made_from: dict[str, str]
) -> sqlite3.Connection:
    """Load the packs and compile them, into the cache if it can be written."""
    from evcli.loader.packs import load
    from evcli.store.build import build

    # hashed before the loader reads: an edit meanwhile shows at the next run
    found = scan(places)
    made_from |= {"files": str(found), "checked_ns": str(time.time_ns())}
    made_from["content"] = _content_hash(found) or "gone"  # which no hash equals
    record = load(places)
    why = "no home directory is set"
    if path is not None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            check_folder(path.parent)
            with _replacing(path) as temporary, closing(sqlite3.connect(temporary)) as new:
                build(record, new, **made_from)
            _prune(path)
            connection = connect(path)
            connection.execute("SELECT key FROM meta").fetchall()
            return connection
        except OSError as error:
            why = f"{path.parent}: {error.strerror or error}"
        except sqlite3.OperationalError as error:
            why = f"{path.parent}: {error}"
    notify(
        f"the compiled facts were not kept for the next run ({why});"
        " set EVCLI_CACHE to a directory of your own"
    )
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    build(record, connection, **made_from)
    return connection


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


def _refresh(path: Path, about: Mapping[str, str]) -> None:
    """Keep newer file times in a copy that takes the store's place; best effort."""
    from shutil import copyfile

    with suppress(OSError, sqlite3.Error), _replacing(path) as temporary:
        copyfile(path, temporary)
        with closing(sqlite3.connect(temporary)) as connection, connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", about.items())


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
