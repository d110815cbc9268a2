"""Compiles the store of a choice of packs, only when files changed since it was last compiled.

A store remembers path, size and time of every file it was compiled from, and a hash of what it
held. Equal sizes and times are enough to trust it; a file that had just been changed has no time
yet and is hashed again. Where only the facts of some files changed, or sources and series came,
the next store is a copy with these facts written again.

A compiled store is never changed: a newer one takes its place in a single step, so that runs
beside this one read either, never half of one, and one that is killed leaves the older one. A
cache that cannot be used, or that others can write, costs a note.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from zlib import crc32

from evcli.errors import UsageError
from evcli.grouping import none_collected
from evcli.model import Pack
from evcli.store import opening
from evcli.store.kept import check_folder, why_not_believed
from evcli.store.opening import PACKAGE, SCHEMA_VERSION, Notify, PackChoice
from evcli.version import __version__

if TYPE_CHECKING:
    from evcli.loader.parts import Files, KnownParts

_KEPT_DAYS = {".sqlite": 30, ".tmp": 1}
# nobody else knows the file yet, and whoever built half of it throws it away
_ALONE = """PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;"""


def pack_places(choice: PackChoice) -> list[Pack]:
    """Every pack to load, built-in ones first, none twice.

    Without the built-in facts their definitions stay. Raises UsageError for a path with nothing
    at it.
    """
    from evcli.loader.files import stat_of  # the built-in store needs no look at files

    facts, seeds = builtin_directories(PACKAGE)
    if not facts.exists():
        raise UsageError(f"the built-in facts are missing: {facts}", "install evcli again")
    packs = [Pack(facts, True, not choice.builtin, choice.lends_all)]
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


def connections(
    choice: PackChoice, environ: Mapping[str, str], notify: Notify, *, stale: bool = False
) -> Iterator[sqlite3.Connection]:
    """The store that is kept, if fresh, then one compiled now; *stale*: the kept one alone."""
    places = pack_places(choice)
    made_from = {"key": _key(places)}
    if not stale:
        made_from["code"] = opening.code_stamp(opening.COMPILING)
    directory = opening.cache_directory(environ)
    # a short name will do: the store knows its whole key (and hashlib costs 3 ms)
    path = directory and directory / f"{crc32(made_from['key'].encode()):08x}.sqlite"
    kept = None
    if path is not None:
        with suppress(OSError):  # nothing is there, or who compiles says what is wrong
            check_folder(path.parent)
            if why := why_not_believed(path):
                notify(f"{path} is not used: {why}; it is compiled again")
            elif (kept := opening.connection_to(path, **made_from)) is not None:
                if fresh := kept if stale else _fresh(path, kept, places):
                    yield fresh
                    kept = None  # it is damaged
                else:
                    kept.close()
    if not stale:
        yield _compile(places, path, notify, made_from, kept is not None)


def _fresh(
    path: Path, connection: sqlite3.Connection, places: Sequence[Pack]
) -> sqlite3.Connection | None:
    """The store, if the files still hold what it was compiled from."""
    try:
        before, now = _files(connection, places)
    except (sqlite3.Error, LookupError, TypeError, ValueError):
        return None  # not what was written: compiled again
    if _changed(before, now):
        return None
    if now != before:  # in their times: the next run need not hash them
        from evcli.store.build import put_files

        connection.close()  # Windows replaces no file that is open
        with suppress(OSError, sqlite3.Error), replacing(path, copied=True) as copy:
            put_files(copy, now)
        return opening.connect(path)
    return connection


def _changed(before: Files, now: Files) -> set[bytes]:
    """The parts with a file that came, went or holds something else."""
    old, new = ({(key, each.digest) for key, each in files.items()} for files in (before, now))
    return {key[1] for key, _ in old ^ new}


def _files(connection: sqlite3.Connection, places: Sequence[Pack]) -> tuple[Files, Files]:
    """The files of which a store is, as they were and as they are.

    They are hashed again where size or time leave a doubt; what cannot be read has no digest. Two
    links to one file are two files, as for the loader.
    """
    from evcli.loader.files import UNSETTLED, Report, Seen, seen, times_of, walk

    rows = connection.execute("SELECT path, part, size, mtime_ns, digest FROM file")
    before = {(path, of): Seen(size, int(time), digest) for path, of, size, time, digest in rows}
    walked = (walk(pack.path.absolute(), Report()).items() for pack in places)
    listing = {os.fsencode(file): times for files in walked for file, times in files}
    found = {(file, file): times for file, times in listing.items()}
    for file, part in before:
        if file != part and part in listing:  # the table of a mapping
            with suppress(OSError):
                found[file, part] = times_of(Path(os.fsdecode(file)).stat())
    now = {key: before.get(key, Seen(0, UNSETTLED, "")) for key in found}
    for key, times in found.items():
        if times[1] == UNSETTLED or now[key][:2] != times:
            now[key] = Seen(*times, "")
            with suppress(OSError):
                now[key] = seen(Path(os.fsdecode(key[0])))
    return before, now


def _compile(
    places: Sequence[Pack],
    path: Path | None,
    notify: Notify,
    made_from: Mapping[str, str],
    is_kept: bool,
) -> sqlite3.Connection:
    """Load the packs and compile them, into the cache if it can be written."""
    why = "no home directory is set"
    if path is not None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            check_folder(path.parent)
            if not (is_kept and _updated(path, places, made_from)):
                with replacing(path) as new:
                    _fill(new, places, made_from)
            _prune(path)
            connection = opening.connect(path)
            connection.execute("SELECT key FROM meta").fetchall()
            return connection
        except (OSError, sqlite3.OperationalError) as error:
            why = f"{path.parent}: {getattr(error, 'strerror', None) or error}"
    notify(
        f"the compiled facts were not kept for the next run ({why});"
        " set EVCLI_CACHE to a directory of your own"
    )
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    _fill(connection, places, made_from)
    return connection


def _updated(path: Path, places: Sequence[Pack], made_from: Mapping[str, str]) -> bool:
    """Put a copy of the store in its place in which only what changed is read and written again.

    False where facts of other files may no longer be what they were.
    """
    # or it is damaged
    bad = (sqlite3.DatabaseError, LookupError, ValueError)
    with suppress(*bad), replacing(path, copied=True) as copy:
        before, now = _files(copy, places)
        changed = _changed(before, now)
        parts = copy.execute("SELECT path, only, says FROM part").fetchall()
        rows = (row for row in parts if row[0] not in changed)
        known = {(part, bool(only)): (before[part, part].digest, says) for part, only, says in rows}
        stay = {key: each for key, each in now.items() if key[1] not in changed}
        if not known or not _fill(copy, places, made_from, known, stay):
            raise LookupError("all is to be compiled")
        return True
    return False


def _fill(
    connection: sqlite3.Connection,
    places: Sequence[Pack],
    made_from: Mapping[str, str],
    known: KnownParts = MappingProxyType({}),
    files: Files = MappingProxyType({}),
) -> bool:
    """Compile all that is not *known*; False where that may be something else now."""
    from evcli.loader.packs import Loading
    from evcli.store.build import FileFacts, fill, put_files

    def elsewhere(series: str) -> list[str]:
        ids = connection.execute("SELECT id FROM fact WHERE series = ?", (series,))
        return [id for (id,) in ids]

    with none_collected():
        loading = Loading(places, known=known, elsewhere=elsewhere if known else None)
        parts = [
            FileFacts(*part.key, part.says, None if part.key in known else loading.facts(part))
            for part in loading.parts
        ]
        good = fill(connection, parts, loading.rest, made_from, loading.precisions)
    put_files(connection, {**files, **loading.files})
    return good and not loading.entangled


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
    for path, *how in places:
        real = os.path.realpath(path)
        near = any(
            Path(here).is_relative_to(other) or Path(other).is_relative_to(here)
            for other in (real, os.path.normpath(path.absolute()))
        )
        lines.append(f"{path}\n{real}\n{here if near else ''}\n{how}")
    return "\n".join(lines).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@contextmanager
def replacing(path: Path, *, copied: bool = False) -> Iterator[sqlite3.Connection]:
    """An empty store, or a *copied* one, that takes the place of that at *path* on success."""
    from shutil import copyfile
    from tempfile import mkstemp

    handle, name = mkstemp(prefix=f"{path.stem}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    try:
        if copied:
            copyfile(path, name)
        with closing(sqlite3.connect(name)) as connection:
            connection.executescript(_ALONE)
            if copied:  # rows are looked for
                connection.execute("PRAGMA cache_size = -65536")
            yield connection
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _prune(kept: Path) -> None:
    """Remove stores that were compiled a month ago and what a killed run left; best effort."""
    with suppress(OSError):
        for path in kept.parent.iterdir():
            days = _KEPT_DAYS.get(path.suffix)
            if days and path != kept and path.stat().st_mtime < time.time() - days * 24 * 3600:
                path.unlink()
