"""Compiles the store of a choice of packs, only when files changed since it was last compiled.

A store remembers path, size and time of every file it was compiled from, and a hash of what it
held. Equal sizes and times are enough to trust it, except for a file changed so shortly before it
was looked at that a second edit may bear the same time: that is hashed again. Where only the facts
of some files changed, or sources and series came, the next store is a copy with these facts
written again.

A compiled store is never changed: a newer one takes its place in a single step, so that runs
beside this one read either, never half of one, and one that is killed leaves the older one. A
cache that cannot be used, or that others can write, costs a note.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, closing, contextmanager, suppress
from functools import partial
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from zlib import crc32

from evcli.errors import UsageError
from evcli.grouping import grouped, none_collected
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

if TYPE_CHECKING:
    from evcli.loader.packs import Loading
    from evcli.loader.parts import Files, KnownParts
    from evcli.store.build import Part

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
    choice: PackChoice, environ: Mapping[str, str], notify: Notify, *, stale: bool = False
) -> Iterator[sqlite3.Connection]:
    """The store that is kept, where it is fresh; then one that is compiled now.

    With *stale* the one that is kept, however old it is, and no other.
    """
    places = pack_places(choice)
    made_from = {"key": _key(places)} | ({} if stale else {"code": code_stamp(COMPILING)})
    directory = cache_directory(environ)
    # a short name will do: the store knows its whole key (and hashlib costs 3 ms)
    path = directory and directory / f"{crc32(made_from['key'].encode()):08x}.sqlite"
    known: KnownParts = {}
    if path is not None:
        with suppress(OSError):  # nothing is there, or who compiles says what is wrong
            check_folder(path.parent)
            if why := why_not_believed(path):
                notify(f"{path} is not used: {why}; it is compiled again")
            elif (kept := connection_to(path, **made_from)) is not None:
                found = None if stale else _known(path, kept, places)
                if found is None:
                    yield kept
                else:
                    kept.close()
                    known = found
    if not stale:
        yield _compile(places, path, notify, made_from, known)


def _known(path: Path, connection: sqlite3.Connection, places: Sequence[Pack]) -> KnownParts | None:
    """The parts of a store that are as they were; None where all are and none came."""
    try:
        about = dict(connection.execute("SELECT key, value FROM meta"))
        before, checked_ns = _files(connection), int(about["checked_ns"])
    except (sqlite3.Error, LookupError, TypeError, ValueError):
        return {}  # not what was written: compiled again
    now_ns = time.time_ns()
    now = _now(places, before, checked_ns)
    changed = {
        key[1] for key in now.keys() | before.keys() if _digest(now, key) != _digest(before, key)
    }
    if changed:
        from evcli.loader.parts import Known  # YAML and all, for who compiles

        files = grouped(before, itemgetter(1))
        parts = connection.execute("SELECT path, only, says FROM part")
        return {
            (part, bool(only)): Known(says, {key: now[key] for key in files[part]})
            for part, only, says in parts
            if part not in changed
        }
    newest_ns = max((each.mtime_ns for each in now.values()), default=0)
    # what has to be hashed again next time, too, is not worth keeping
    if now != before or checked_ns - RACY_NS <= newest_ns < now_ns - RACY_NS:
        from evcli.store.build import put_files

        with suppress(OSError, sqlite3.Error), _copy(path) as copy:
            put_files(copy, _rows(now), now_ns)
    with suppress(OSError):  # show once a day that the store is in use
        if path.stat().st_mtime < time.time() - _DAY_S:
            os.utime(path)
    return None


def _now(places: Sequence[Pack], before: Files, checked_ns: int) -> Files:
    """The files of packs, hashed again where size or time leave a doubt; what cannot be read has
    no digest.
    """
    from evcli.loader.files import Seen, seen

    listing = scan(places)
    found = {(file, file): times for file, times in listing.items()}
    for table, part in before:
        if table != part and part in listing:
            found[table, part] = (-1, 0)
            with suppress(OSError):
                info = Path(os.fsdecode(table)).stat()
                found[table, part] = info.st_size, info.st_mtime_ns
    now: Files = {}
    for key, times in found.items():
        old = before.get(key)
        if old is not None and old[:2] == times and times[1] < checked_ns - RACY_NS:
            now[key] = old
        else:
            now[key] = Seen(*times, "")
            with suppress(OSError):
                now[key] = seen(Path(os.fsdecode(key[0])))
    return now


def _digest(files: Files, key: tuple[bytes, bytes]) -> str | None:
    return files[key].digest if key in files else None


def _files(connection: sqlite3.Connection) -> Files:
    """The files of which a store is, as they were."""
    from evcli.loader.files import Seen

    rows = connection.execute("SELECT path, part, size, mtime_ns, digest FROM file")
    return {(path, part): Seen(size, int(time), digest) for path, part, size, time, digest in rows}


def _rows(files: Files) -> list[tuple[bytes, bytes, int, str, str]]:
    return [
        (*key, each.size, str(each.mtime_ns), each.digest) for key, each in sorted(files.items())
    ]


def _compile(
    places: Sequence[Pack],
    path: Path | None,
    notify: Notify,
    made_from: Mapping[str, str],
    known: KnownParts,
) -> sqlite3.Connection:
    """Load the packs and compile them, into the cache if it can be written."""
    why = "no home directory is set"
    if path is not None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            check_folder(path.parent)
            if not (known and _updated(path, places, made_from, known)):
                with _replacing(path) as temporary, closing(sqlite3.connect(temporary)) as new:
                    _fill(new, places, made_from)
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
    _fill(connection, places, made_from)
    return connection


def _fill(
    connection: sqlite3.Connection, places: Sequence[Pack], made_from: Mapping[str, str]
) -> None:
    """Compile all from the files."""
    from evcli.loader.packs import Loading
    from evcli.store.build import fill, put_files

    checked_ns = time.time_ns()  # before the files are read: a later edit shows at the next run
    with none_collected():
        loading = Loading(places)
        fill(connection, loading.series, _parts(loading), loading.rest, made_from)
    put_files(connection, _rows(loading.files), checked_ns)


def _updated(
    path: Path, places: Sequence[Pack], made_from: Mapping[str, str], known: KnownParts
) -> bool:
    """Put a copy of the store in its place in which parts that are not *known* are read again.

    False where facts of the others may no longer be what they were.
    """
    from evcli.loader.packs import Loading
    from evcli.loader.parts import build_on
    from evcli.store.build import ids_of, put_files, refill

    checked_ns = time.time_ns()
    with suppress(_Anew), none_collected(), _copy(path) as copy:
        says = {
            (part, bool(only)): said
            for part, only, said in copy.execute("SELECT path, only, says FROM part")
        }
        if any(says.get(key) != each.says for key, each in known.items()):
            raise _Anew  # another run was here
        loading = Loading(places, known=known, elsewhere=partial(ids_of, copy))
        parts = _parts(loading, known)
        old = [said for key, said in says.items() if key not in known]
        new = [part.says for part in parts if part.facts is not None]
        if not build_on(old, new):
            raise _Anew
        if not refill(copy, loading.series, parts, loading.rest, made_from) or loading.entangled:
            raise _Anew
        put_files(copy, _rows(loading.files), checked_ns)
        return True
    return False


class _Anew(Exception):
    """All is to be read and compiled."""


def _parts(loading: Loading, known: KnownParts = MappingProxyType({})) -> list[Part]:
    """The parts as they are written; the *known* ones as they are."""
    from evcli.store.build import Part

    return [
        Part(
            part.path, only, part.says, None if (part.path, only) in known else loading.facts(part)
        )
        for part in loading.parts
        for only in [part.top.definitions_only]
    ]


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


@contextmanager
def _copy(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the store at *path* that takes its place on success."""
    from shutil import copyfile

    with _replacing(path) as temporary:
        copyfile(path, temporary)
        with closing(sqlite3.connect(temporary)) as connection:
            # nobody else knows the file yet
            connection.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
            )
            yield connection


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
