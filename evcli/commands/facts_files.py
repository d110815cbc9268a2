"""Packs as files: which there are, what each holds, and how a file is named to people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from evcli.commands.option_types import Repeated
from evcli.errors import InvalidFacts
from evcli.loader import Pack, pack_files
from evcli.store import PackChoice, pack_choice
from evcli.store.cache import PackPlace, pack_places

KINDS = ("facts", "series", "sources", "events", "measures", "plants")

FactsOption = Annotated[
    Repeated | None,
    typer.Option(
        "--facts",
        metavar="DIR",
        rich_help_panel="Fact files",
        show_default=False,
        help="Add a pack: a directory of YAML fact files (also EVCLI_FACTS). May be repeated.",
    ),
]
NoBuiltinOption = Annotated[
    bool,
    typer.Option(
        "--no-builtin",
        rich_help_panel="Fact files",
        show_default=False,
        help="Leave the built-in facts out; their definitions stay.",
    ),
]


def chosen(facts: Sequence[str] | None, no_builtin: bool) -> PackChoice:
    """The packs that the options and the environment name."""
    return pack_choice([Path(each) for each in facts or ()], no_builtin, os.environ)


def as_pack(place: PackPlace) -> Pack:
    """A place as the loader takes it."""
    return Pack(place.path, builtin=place.builtin, definitions_only=place.definitions_only)


def counts(path: Path) -> Mapping[str, int] | None:
    """How many entries of each of :data:`KINDS` a file holds; None if it cannot be read."""
    from evcli.loader.files import read
    from evcli.loader.problems import Report
    from evcli.loader.yaml_nodes import Mapping as Entries
    from evcli.loader.yaml_nodes import Sequence as Items
    from evcli.loader.yaml_nodes import parse

    report = Report()
    content = read(path, report)
    root = parse(content[1], str(path), report) if content is not None else None
    if root is None or report.problems:
        return None
    found = dict.fromkeys(KINDS, 0)
    for kind in KINDS[1:]:
        entries = root.entries.get(kind)
        if isinstance(entries, Items):
            found[kind] = len(entries.items)
            for each in entries.items if kind == "series" else ():
                facts = each.entries.get("facts") if isinstance(each, Entries) else None
                found["facts"] += len(facts.items) if isinstance(facts, Items) else 0
    return found


def files_of(place: PackPlace) -> list[Path]:
    """The fact files of a pack; none where it cannot be listed, which ``lint`` reports."""
    try:
        return pack_files(place.path)
    except InvalidFacts:
        return []


def file_names(choice: PackChoice) -> Callable[[str], str]:
    """A function that names the file of a fact the same way from every working directory.

    Built-in files are named from the project's root (``facts/...``), others by the directory that
    was asked for. What the store remembers is the name the file had when it was compiled.
    """
    known: dict[str, str] = {}
    by_end: dict[str, str] = {}
    for place in pack_places(choice):
        top = os.path.realpath(place.path)
        name = Path(top).name
        for file in files_of(place):
            full = os.path.realpath(file)
            inside = os.path.relpath(full, top).replace(os.sep, "/")
            shown = f"{name}/{inside}" if place.builtin else _joined(place.path, inside)
            known.setdefault(full, shown)
            for end in _ends(f"{name}/{inside}"):
                by_end.setdefault(end, shown)

    def named(file: str) -> str:
        found = known.get(os.path.realpath(file)) if file else ""
        if found is not None:
            return found
        return next((by_end[end] for end in _ends(file) if end in by_end), file)

    return named


def _joined(path: Path, inside: str) -> str:
    return inside if path == Path() else f"{path.as_posix().rstrip('/')}/{inside}"


def _ends(path: str) -> Iterable[str]:
    """``a/b/c``, ``b/c``, ``c``: the longest end of a path first."""
    parts = path.replace(os.sep, "/").strip("/").split("/")
    return ("/".join(parts[at:]) for at in range(len(parts)))
