"""``evcli facts lint``."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from evcli.commands.facts_files import KINDS, FactsOption, NoBuiltinOption, as_pack, chosen, counts
from evcli.commands.making import command
from evcli.commands.options import Output
from evcli.commands.runtime import check_output, show
from evcli.diagnostics import ExitCode
from evcli.errors import Problem
from evcli.loader import Pack, load, pack_files, review
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View
from evcli.store.cache import pack_places
from evcli.text.phrases import counted

FILE_COLUMNS = (Column("file"), *(Column(kind, Kind.NUMBER) for kind in KINDS))
WARNING_COLUMNS = (
    Column("file"),
    Column("line", Kind.NUMBER),
    Column("column", Kind.NUMBER),
    Column("message"),
    Column("hint"),
)
_FILE_VIEWS = (
    HumanColumn("file", View.TEXT, ("file",)),
    *(HumanColumn(kind, View.NUMBER, (kind,)) for kind in KINDS),
)
_WARNING_VIEWS = (
    HumanColumn("where", View.TEXT, ("where",)),
    HumanColumn("what deserves a look", View.TEXT, ("message",)),
    HumanColumn("what to do", View.TEXT, ("hint",)),
)


@command(
    "lint",
    examples=(
        "evcli facts lint",
        "evcli facts lint my-facts",
        "evcli facts lint my-facts --strict",
        "evcli facts lint new.yaml --no-builtin",
    ),
)
def lint(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            show_default=False,
            help="Packs or single fact files; the built-in pack if none is given.",
        ),
    ] = None,
    *,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Also what breaks no rule but deserves a second look."),
    ] = False,
    facts: FactsOption = None,
    no_builtin: NoBuiltinOption = False,
    output: Output,
) -> int:
    """Check fact files.

    Every mistake is told on stderr as file:line:column, with what would be right (exit 5).
    With --strict, doubtful entries are rows on stdout (exit 1). Otherwise one row a file.
    """
    check_output(output)
    packs = [as_pack(place) for place in pack_places(chosen(facts, no_builtin))]
    asked = [Pack(Path(path)) for path in paths or ()]
    looked_at = [path for pack in asked or packs for path in pack_files(pack.path)]
    record = load([*packs, *_further(asked, packs)])
    if strict:
        warnings = _about(review(record), looked_at if asked else None)
        if warnings:
            show(warnings_answer(warnings), output)
            return ExitCode.FOUND_PROBLEMS
    show(files_answer(looked_at), output)
    return ExitCode.OK


def _further(asked: Sequence[Pack], packs: Sequence[Pack]) -> list[Pack]:
    """The packs asked for that are not loaded in full anyway."""
    loaded = {os.path.realpath(pack.path) for pack in packs if not pack.definitions_only}
    return [pack for pack in asked if os.path.realpath(pack.path) not in loaded]


def files_answer(files: Sequence[Path]) -> Answer:
    """One row a file: how much of what it holds."""
    rows: list[dict[str, Value]] = []
    for file in dict.fromkeys(files):
        found = counts(file)
        if found is not None:
            rows.append({"file": _shown(file), **found})
    facts = sum(row["facts"] for row in rows if isinstance(row["facts"], int))
    note = f"{counted(facts, 'fact')} in {counted(len(rows), 'file')}: no problems"
    return Answer(
        FILE_COLUMNS, rows, _FILE_VIEWS, notes=(note,), hint="no *.yaml files: a pack has some"
    )


def warnings_answer(warnings: Sequence[Problem]) -> Answer:
    """One row a warning."""
    rows: list[dict[str, Value]] = [
        {
            "file": each.file,
            "line": each.line or None,
            "column": each.column or None,
            "message": each.message,
            "hint": each.hint,
            "where": f"{each.file}:{each.line}" if each.line else each.file,
        }
        for each in warnings
    ]
    note = f"{counted(len(rows), 'entry', 'entries')} to look at; no rule is broken"
    return Answer(WARNING_COLUMNS, rows, _WARNING_VIEWS, notes=(note,))


def _about(warnings: Sequence[Problem], files: Collection[Path] | None) -> list[Problem]:
    """The warnings about *files* (None: all), and those that name no file."""
    if files is None:
        return list(warnings)
    names = {os.path.realpath(file) for file in files}
    return [each for each in warnings if not each.file or os.path.realpath(each.file) in names]


def _shown(file: Path) -> str:
    from evcli.loader.files import display

    return display(file)
