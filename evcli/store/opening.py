"""Which store is meant by a choice of packs, and where stores and answers are kept.

>>> environ = {"EVCLI_FACTS": "more", "XDG_CACHE_HOME": "/var/cache/me"}
>>> pack_choice([Path("mine")], True, environ)
PackChoice(facts=(PosixPath('more'), PosixPath('mine')), builtin=False, lends_all=False)
>>> str(cache_directory(environ, "linux"))
'/var/cache/me/evcli'

A store that a wheel brings is opened here, every other one by :mod:`evcli.store.cache`.
"""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePath

from evcli.errors import UsageError
from evcli.store.kept import Kept
from evcli.store.reader import Store
from evcli.tuples import NamedTuple
from evcli.version import __version__

SCHEMA_VERSION = 10  # count up whenever a stored row changes its shape or meaning
PACKAGE = Path(__file__).parent.parent
# the code that turns files into stored rows, and that which solves answers from these
COMPILING = ("model", "schema", "text", "loader", "store")
_SOLVING = (*COMPILING, "core", "inference", "lp", "query")


class PackChoice(NamedTuple):
    """The packs to look in: directories of fact files, with the built-in facts or without.

    Without them their words are lent to packs that use them, or all, where one may be written.
    """

    facts: tuple[Path, ...] = ()
    builtin: bool = True
    lends_all: bool = False


def pack_choice(
    facts: Iterable[Path], no_builtin: bool, environ: Mapping[str, str] = os.environ
) -> PackChoice:
    """The packs of ``EVCLI_FACTS`` (directories, separated as in ``PATH``), then *facts*."""
    named = filter(None, environ.get("EVCLI_FACTS", "").split(os.pathsep))
    return PackChoice((*map(Path, named), *facts), not no_builtin)


def ready_store(choice: PackChoice) -> Path | None:
    """The store that a wheel brings compiled, if it is the one asked for."""
    path = PACKAGE / "_builtin" / "store.sqlite"
    return path if choice.builtin and not choice.facts and path.is_file() else None


def cache_directory(environ: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Where compiled stores are kept; None where nobody says where home is."""
    if chosen := environ.get("EVCLI_CACHE"):
        return Path(chosen)
    xdg = Path(environ.get("XDG_CACHE_HOME", ""))
    if platform != "win32" and xdg.is_absolute():
        return xdg / "evcli"
    usual = {"win32": ("LOCALAPPDATA", ""), "darwin": ("HOME", "Library/Caches")}
    variable, below = usual.get(platform, ("HOME", ".cache"))
    home = environ.get(variable)
    return Path(home, below, "evcli") if home else None


def code_stamp(parts: Iterable[str]) -> str:
    """What tells code in *parts* of the package apart that has one version, as in a source tree."""
    if (PACKAGE / "_builtin").is_dir():
        return ""
    times: list[int] = []
    for part in parts:
        with suppress(OSError), os.scandir(PACKAGE / part) as entries:
            code = (each for each in entries if each.name.endswith((".py", ".toml", ".sql")))
            times += [each.stat().st_mtime_ns for each in code]
    return f"{len(times)} {max(times, default=0)}"


Notify = Callable[[str], None]


def open_store(
    choice: PackChoice,
    *,
    environ: Mapping[str, str] = os.environ,
    notify: Notify = lambda _: None,
    stale: bool = False,
) -> Store:
    """The store of these packs, compiled if need be; with *stale* the last one, however old.

    Raises UsageError for a pack that does not exist and InvalidFacts for one that is wrong.
    """

    def stores() -> Iterator[sqlite3.Connection]:
        if (ready := ready_store(choice)) and (connection := connection_to(ready)) is not None:
            yield connection
        from evcli.store.cache import connections  # the wheel's needs no look at files

        yield from connections(choice, environ, notify, stale=stale)

    others = stores()  # whoever finds one damaged takes the next
    if (first := next(others, None)) is None:
        raise UsageError("nothing was compiled of these packs")
    directory, code = cache_directory(environ), code_stamp(_SOLVING)
    path = directory and directory / "answers.db"
    kept = Kept(path, f"{SCHEMA_VERSION} {__version__} {code}")  # what this code solved before
    return Store(first, others, kept, choice)


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a compiled store, which nobody ever changes."""
    uri = f"{uri_of(path.absolute())}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)  # Store has a lock


def uri_of(path: PurePath) -> str:
    r"""The address by which SQLite opens a file: it wants none of a server in its place.

    >>> from pathlib import PureWindowsPath
    >>> uri_of(PureWindowsPath(r"\\server\home\a b.sqlite")), uri_of(PureWindowsPath(r"C:\a"))
    ('file:////server/home/a%20b.sqlite', 'file:///C:/a')
    """
    return path.as_uri().replace("file://", "file:////", not path.as_uri().startswith("file:///"))


def connection_to(path: Path, **expected: str) -> sqlite3.Connection | None:
    """The connection to a store that this version of evcli compiled, from what is *expected*."""
    expected |= {"schema": str(SCHEMA_VERSION), "evcli": __version__}
    about: dict[str, str] = {}
    try:
        connection = connect(path)
    except (OSError, sqlite3.Error):
        return None
    with suppress(sqlite3.Error, TypeError, ValueError):  # not what was written
        about = dict(connection.execute("SELECT key, value FROM meta"))
    if expected.items() <= about.items():
        return connection
    connection.close()
    return None
