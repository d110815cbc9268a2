"""What fact files hold, as tables for curators: how much, what looks doubtful, where it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from evcli.errors import InvalidFacts, Problem
from evcli.loader.files import display, pack_files, read
from evcli.loader.lint import review
from evcli.loader.problems import Report
from evcli.model import Pack
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View, views_of
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
    doubts = _about(review(record), files if named else None) if strict else []
    return (_warnings_answer(doubts), True) if doubts else (_files_answer(files), False)


def _about(warnings: Sequence[Problem], files: Collection[Path] | None) -> list[Problem]:
    """The warnings about *files* (None: all), and those that name no file."""
    if files is None:
        return list(warnings)
    names = {os.path.realpath(file) for file in files}
    return [each for each in warnings if not each.file or os.path.realpath(each.file) in names]


def _files_answer(files: Sequence[Path]) -> Answer:
    """One row per file: how much it holds of what."""
    rows: list[dict[str, Value]] = []
    for file in dict.fromkeys(files):
        found = _counts(file)
        if found is not None:
            rows.append({"file": display(file), **found})
    facts = sum(row["facts"] for row in rows if isinstance(row["facts"], int))
    note = f"{counted(facts, 'fact')} in {counted(len(rows), 'file')}: no problems"
    hint = "no *.yaml files: a pack has some"
    return Answer(FILE_COLUMNS, rows, views_of(FILE_COLUMNS), notes=(note,), hint=hint)


def _warnings_answer(warnings: Sequence[Problem]) -> Answer:
    """One row per warning."""
    rows: list[dict[str, Value]] = [
        {
            **each._asdict(),
            "line": each.line or None,
            "column": each.column or None,
            "where": f"{each.file}:{each.line}" if each.line else each.file,
        }
        for each in warnings
    ]
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
    found = dict.fromkeys(KINDS, 0)
    for kind in KINDS[1:]:
        entries = root.entries.get(kind)
        if isinstance(entries, nodes.Sequence):
            found[kind] = len(entries.items)
            for each in entries.items if kind == "series" else ():
                facts = each.entries.get("facts") if isinstance(each, nodes.Mapping) else None
                found["facts"] += len(facts.items) if isinstance(facts, nodes.Sequence) else 0
    return found


def packs_answer(packs: Sequence[Pack], store: Path | None, cache: Path | None) -> Answer:
    """One row per pack; a last one for the compiled *store*, else for the *cache* of stores."""
    rows = [_pack_row(pack) for pack in packs]
    stores = list(cache.glob("*.sqlite")) if cache is not None and cache.is_dir() else []
    kind, path, count = ("cache", cache, len(stores)) if store is None else ("store", store, 1)
    rows.append(_place_row(kind, path, count, None))
    return Answer(PACK_COLUMNS, rows, _PACK_VIEWS)


def _pack_row(pack: Pack) -> dict[str, Value]:
    files = _files_of(pack)
    found = [_counts(file) for file in files]
    facts: int | None = sum(each["facts"] for each in found if each)
    if None in found:
        facts = None  # a file that cannot be read: nobody knows
    kind = "built-in" if pack.builtin else "added"
    if pack.definitions_only:
        kind, facts = "definitions", 0
    return _place_row(kind, pack.path, len(files), facts)


def _place_row(kind: str, path: Path | None, files: int, facts: int | None) -> dict[str, Value]:
    name = "" if path is None else os.path.realpath(path)
    return {"kind": kind, "path": name, "files": files, "facts": facts}


def _files_of(pack: Pack) -> list[Path]:
    """The fact files of a pack; none where it cannot be listed, which ``lint`` reports."""
    try:
        return pack_files(pack.path)
    except InvalidFacts:
        return []


def file_names(packs: Sequence[Pack]) -> Callable[[str], str]:
    """A function that names the file of a fact the same way from every working directory.

    Built-in files are named from the project's root (``facts/...``), others by the directory that
    was asked for. What the store remembers is the name the file had when it was compiled.
    """
    known: dict[str, str] = {}
    by_end: dict[str, str] = {}
    for pack in packs:
        top = os.path.realpath(pack.path)
        name = Path(top).name
        for file in _files_of(pack):
            full = os.path.realpath(file)
            inside = os.path.relpath(full, top).replace(os.sep, "/")
            shown = f"{name}/{inside}" if pack.builtin else _joined(pack.path, inside)
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
