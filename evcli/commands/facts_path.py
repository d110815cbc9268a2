"""``evcli facts path``."""

from __future__ import annotations

import os
from pathlib import Path

from evcli.commands.facts_files import FactsOption, NoBuiltinOption, chosen, counts, files_of
from evcli.commands.making import command
from evcli.commands.options import Output
from evcli.commands.runtime import check_output, show
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View
from evcli.store import PackChoice
from evcli.store.cache import PackPlace, cache_directory, pack_places, ready_store

COLUMNS = (
    Column("kind"),
    Column("path"),
    Column("files", Kind.NUMBER),
    Column("facts", Kind.NUMBER),
)
_VIEWS = (
    HumanColumn("kind", View.TEXT, ("kind",)),
    HumanColumn("files", View.NUMBER, ("files",)),
    HumanColumn("facts", View.NUMBER, ("facts",)),
    HumanColumn("path", View.TEXT, ("path",)),
)


@command(
    "path",
    examples=(
        "evcli facts path",
        "evcli facts path --facts my-facts",
        "evcli facts path --fields path --format csv",
    ),
)
def path(*, facts: FactsOption = None, no_builtin: NoBuiltinOption = False, output: Output) -> None:
    """Where the packs and the compiled store are.

    EVCLI_FACTS names further packs, EVCLI_CACHE the directory of compiled stores.
    """
    check_output(output)
    choice = chosen(facts, no_builtin)
    rows = [_pack_row(place) for place in pack_places(choice)]
    show(Answer(COLUMNS, [*rows, _store_row(choice)], _VIEWS), output)


def _pack_row(place: PackPlace) -> dict[str, Value]:
    files = files_of(place)
    found = [counts(file) for file in files]
    facts: int | None = sum(each["facts"] for each in found if each)
    if None in found:
        facts = None  # a file that cannot be read: nobody knows
    kind = "built-in" if place.builtin else "added"
    if place.definitions_only:
        kind, facts = "definitions", 0
    return _row(kind, place.path, len(files), facts)


def _store_row(choice: PackChoice) -> dict[str, Value]:
    ready = ready_store(choice)
    if ready is not None:
        return _row("store", ready, 1, None)
    directory = cache_directory(os.environ)
    if directory is None:
        return _row("cache", None, 0, None)
    stores = len(list(directory.glob("*.sqlite"))) if directory.is_dir() else 0
    return _row("cache", directory, stores, None)


def _row(kind: str, path: Path | None, files: int, facts: int | None) -> dict[str, Value]:
    name = "" if path is None else os.path.realpath(path)
    return {"kind": kind, "path": name, "files": files, "facts": facts}
