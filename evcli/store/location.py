"""Which packs are asked, where the built-in data lies, and where compiled stores are kept.

>>> environ = {"EVCLI_FACTS": "more", "XDG_CACHE_HOME": "/var/cache/me"}
>>> pack_choice([Path("mine")], True, environ)
PackChoice(facts=(PosixPath('more'), PosixPath('mine')), builtin=False)
>>> str(cache_directory(environ, "linux"))
'/var/cache/me/evcli'
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from evcli.errors import UsageError

FACTS_VARIABLE = "EVCLI_FACTS"
CACHE_VARIABLE = "EVCLI_CACHE"


class PackChoice(NamedTuple):
    """The packs to look in: directories of fact files, with the built-in facts or without."""

    facts: tuple[Path, ...] = ()
    builtin: bool = True


class PackPlace(NamedTuple):
    """A pack as the loader is told of it."""

    path: Path
    builtin: bool
    definitions_only: bool


def pack_choice(
    facts: Iterable[Path], no_builtin: bool, environ: Mapping[str, str] = os.environ
) -> PackChoice:
    """The packs of ``EVCLI_FACTS`` (directories, separated as in ``PATH``), then *facts*."""
    from_environ = [
        Path(part) for part in environ.get(FACTS_VARIABLE, "").split(os.pathsep) if part
    ]
    return PackChoice((*from_environ, *facts), not no_builtin)


def pack_places(choice: PackChoice, package: Path | None = None) -> list[PackPlace]:
    """Every pack to load, built-in ones first, none twice.

    Without the built-in facts their definitions stay. Raises UsageError for a path with nothing
    at it.
    """
    facts, seeds = _builtin_directories(package or _package())
    places = {}
    if choice.builtin:
        places[os.path.realpath(facts)] = PackPlace(facts, True, False)
        if seeds.is_dir():
            places[os.path.realpath(seeds)] = PackPlace(seeds, True, False)
    elif os.path.realpath(facts) not in map(os.path.realpath, choice.facts):
        places[os.path.realpath(facts)] = PackPlace(facts, True, True)
    for path in choice.facts:
        places.setdefault(os.path.realpath(path), PackPlace(path, False, False))
    for place in places.values():
        if not place.path.exists():
            raise _no_pack(place)
    return list(places.values())


def ready_store(choice: PackChoice, package: Path | None = None) -> Path | None:
    """The store that a wheel brings compiled, if it is the one asked for."""
    if choice.facts or not choice.builtin:
        return None
    path = (package or _package()) / "_builtin" / "store.sqlite"
    return path if path.is_file() else None


def is_checkout(package: Path | None = None) -> bool:
    """Whether evcli runs from its source tree, where code changes without a new version."""
    return not ((package or _package()) / "_builtin").is_dir()


def cache_directory(environ: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Where compiled stores are kept; None where nobody says where home is."""
    if chosen := environ.get(CACHE_VARIABLE):
        return Path(chosen)
    if platform == "win32":
        local = environ.get("LOCALAPPDATA")
        return Path(local, "evcli") if local else None
    xdg, home = environ.get("XDG_CACHE_HOME", ""), environ.get("HOME", "")
    if xdg and Path(xdg).is_absolute():
        return Path(xdg, "evcli")
    if not home:
        return None
    if platform == "darwin":
        return Path(home, "Library", "Caches", "evcli")
    return Path(home, ".cache", "evcli")


def _package() -> Path:
    return Path(__file__).parent.parent


def _builtin_directories(package: Path) -> tuple[Path, Path]:
    inside = package / "_builtin"
    root = inside if inside.is_dir() else package.parent
    return root / "facts", root / "seeds"


def _no_pack(place: PackPlace) -> UsageError:
    if place.builtin:
        return UsageError(f"the built-in facts are missing: {place.path}", "install evcli again")
    return UsageError(
        f"no file or directory named {str(place.path)!r}", "a pack is a directory of *.yaml files"
    )
