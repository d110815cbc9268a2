"""What fact files hold, as tables for curators: how much, what looks doubtful, where it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evcli.errors import Problem
from evcli.loader.files import display, pack_files, read
from evcli.loader.lint import review
from evcli.loader.problems import Report
from evcli.model import Pack
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, Value, View, views_of
from evcli.text.lists import counted

KINDS = ("facts", "series", "sources", "events", "measures", "plants")
FILE_COLUMNS = (
    Column("file", shown=HumanColumn("file")),
    *(Column(kind, Kind.NUMBER, shown=HumanColumn(kind, View.NUMBER)) for kind in KINDS),
)
WARNING_COLUMNS = (
    Column("file", shown=HumanColumn("where", fields=("where",))),
    Column("line", Kind.NUMBER),
    Column("column", Kind.NUMBER),
    Column("message", shown=HumanColumn("what deserves a look")),
    Column("hint", shown=HumanColumn("what to do")),
)
PACK_COLUMNS = (
    Column("kind", shown=HumanColumn("kind")),
    Column("path"),
    Column("files", Kind.NUMBER, shown=HumanColumn("files", View.NUMBER)),
    Column("facts", Kind.NUMBER, shown=HumanColumn("facts", View.NUMBER)),
)
_PACK_VIEWS = (*views_of(PACK_COLUMNS), HumanColumn("path", fields=("path",)))


def lint_answer(
    named: Sequence[Pack], packs: Sequence[Pack], *, strict: bool
) -> tuple[Answer, bool]:
    """Checks the packs *named*, beside *packs*, or these alone: one row per file.

    If *strict*, what looks doubtful instead, one row each, and whether there is any. Raises
    InvalidFacts with all mistakes of all files, UsageError for a path with nothing at it.
    """
    from evcli.loader.packs import load

    files = [path for pack in named or packs for path in pack_files(pack.path)]
    loaded = {os.path.realpath(pack.path) for pack in packs if not pack.definitions_only}
    further = [pack for pack in named if os.path.realpath(pack.path) not in loaded]
    record = load([*packs, *further])
    doubts = review(record) if strict else []
    if named:  # about these, or about no file
        names = {"", *map(os.path.realpath, files)}
        doubts = [one for one in doubts if (one.file and os.path.realpath(one.file)) in names]
    return (_warnings_answer(doubts), True) if doubts else (_files_answer(files), False)


def _files_answer(files: Sequence[Path]) -> Answer:
    """One row per file: how much it holds of what."""
    counts = {file: found for file in files if (found := _counts(file)) is not None}
    rows: list[Row] = [{"file": display(file), **found} for file, found in counts.items()]
    facts = sum(found["facts"] for found in counts.values())
    note = f"{counted(facts, 'fact')} in {counted(len(rows), 'file')}: no problems"
    hint = "no *.yaml or *.yml files: a pack has some"
    return Answer(FILE_COLUMNS, rows, views_of(FILE_COLUMNS), notes=(note,), hint=hint)


def _warnings_answer(warnings: Sequence[Problem]) -> Answer:
    """One row per warning."""
    rows: list[dict[str, Value]] = []
    for each in warnings:
        where = f"{each.file}:{each.line}" if each.line else each.file
        place = {"line": each.line or None, "column": each.column or None}
        rows.append({**each._asdict(), **place, "where": where})
    note = f"{counted(len(rows), 'entry', 'entries')} to look at; no rule is broken"
    return Answer(WARNING_COLUMNS, rows, views_of(WARNING_COLUMNS), notes=(note,))


def _counts(path: Path) -> Mapping[str, int] | None:
    """How many entries of each of :data:`KINDS` a file holds; None if it cannot be read."""
    from evcli.loader import yaml_nodes as nodes

    report = Report()
    content = read(path, report)
    root = nodes.parse(content[1], str(path), report) if content is not None else None
    if root is None or report.problems:
        return None

    def under(node: nodes.Node, key: str) -> list[nodes.Node]:
        entries = node.entries.get(key) if isinstance(node, nodes.Mapping) else None
        return entries.items if isinstance(entries, nodes.Sequence) else []

    facts = sum(len(under(series, "facts")) for series in under(root, "series"))
    return {"facts": facts, **{kind: len(under(root, kind)) for kind in KINDS[1:]}}


def packs_answer(packs: Sequence[Pack], store: Path | None, cache: Path | None) -> Answer:
    """One row per pack; a last one for the compiled *store*, else for the *cache* of stores."""
    rows: list[Row] = []
    for pack in packs:
        files = pack_files(pack.path)
        found = [_counts(file) for file in files]
        # of a file that cannot be read nobody knows how many it has
        facts = None if None in found else sum(each["facts"] for each in found if each)
        kind = "built-in" if pack.builtin else "added"
        if pack.definitions_only:
            kind, facts = "definitions", 0
        path = os.path.realpath(pack.path)
        rows.append({"kind": kind, "path": path, "files": len(files), "facts": facts})
    stores = list(cache.glob("*.sqlite")) if cache is not None and cache.is_dir() else []
    kind, place, number = ("cache", cache, len(stores)) if store is None else ("store", store, 1)
    rows.append({"kind": kind, "path": os.path.realpath(place) if place else "", "files": number})
    return Answer(PACK_COLUMNS, rows, _PACK_VIEWS)


def file_names(packs: Sequence[Pack]) -> Callable[[str], str]:
    """A function that names the file of a fact the same way from every working directory.

    Built-in files are named from the project's root (``facts/...``), as the store that a wheel
    brings has them, others by the directory that was asked for.
    """
    known: dict[str, str] = {}
    for pack in packs:
        top = os.path.realpath(pack.path)
        for file in pack_files(pack.path):
            inside = Path(os.path.relpath(os.path.realpath(file), top)).as_posix()
            root = Path(Path(top).name) if pack.builtin else pack.path
            known.setdefault(display(file), (root / inside).as_posix())
    return lambda file: known.get(file, file)
