"""``evcli facts import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evcli.commands.facts_files import FactsOption, NoBuiltinOption
from evcli.commands.making import command
from evcli.commands.option_types import TextOption
from evcli.commands.packs import open_packs
from evcli.diagnostics import Diagnostics, ExitCode
from evcli.errors import UsageError
from evcli.store.reader import Store

if TYPE_CHECKING:
    from evcli.importing import Drafts


@command(
    "import",
    examples=(
        "evcli facts import figures.csv",
        "evcli facts import figures.csv -o my-facts/figures.yaml",
        "evcli facts import figures.tsv --facts my-facts",
        "evcli facts import my-record -o my-facts/record.yaml --no-builtin",
    ),
)
def import_table(
    table: Annotated[
        str,
        typer.Argument(
            metavar="FILE-OR-DIR",
            help="A table with a header, in UTF-8, or what evcli package wrote.",
        ),
    ],
    *,
    to: Annotated[
        TextOption,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            show_default=False,
            help="Write to this new file instead of stdout; it must not exist.",
        ),
    ] = "",
    facts: FactsOption = None,
    no_builtin: NoBuiltinOption = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="No notes or hints on stderr.")
    ] = False,
) -> int:
    """A fact file from a table of figures, one fact a row.

    Columns: series, or subject, metric, scope, destination, unit, publisher; period or as_of;
    stated, or value and qualifier; yoy, mom; source, or url, outlet, source_title, published;
    rank, reason, status, origin, at, note. A row that is not understood is told with its line and
    left out (exit 1); nothing is guessed. A package gives the facts, series and sources that the
    packs lack, the same as they went in.
    """
    if to and not to.endswith(".yaml"):
        raise UsageError(f"{to!r}: packs hold *.yaml files only", "give it a name in .yaml")
    from evcli.commands.facts_new import write_new
    from evcli.importing import as_yaml, package_at

    diagnostics = Diagnostics(quiet)
    package = package_at(Path(table))
    if package is None and Path(table).is_dir():
        raise UsageError(
            f"{table!r} is no package that evcli wrote", "name a table, or what evcli package made"
        )
    with open_packs(facts or (), no_builtin, diagnostics) as store:
        if package is not None:
            found, rows = _of_package(package, store)
        else:
            found, rows = _of_table(Path(table), store, diagnostics)
    text = as_yaml(found, Path(table).resolve().name)
    if to:
        write_new(Path(to), text)
    else:
        from evcli.render.output import Output

        Output().write([text])
    diagnostics.warnings(
        (f"{each.file}:{each.line}: " if each.line else "")
        + each.message
        + (f" ({each.hint})" if each.hint else "")
        for each in found.problems
    )
    new = f", {len(found.series)} new series" if found.series else ""
    wrote = f"; wrote {to}" if to else ""
    what = f"new facts, {found.known} known already" if found.known else "facts"
    diagnostics.notes([f"{found.count} of {rows} rows are {what}{new}{wrote}"])
    if found.known and not found.count and not found.problems:
        diagnostics.hint("the packs hold all of them; --no-builtin reads them all the same")
    if found.unread:
        values = "value" if found.unread == 1 else "values"
        diagnostics.notes(
            [f"{found.unread} {values} could not be read on the page: read first what has printed:"]
        )
    if to:
        diagnostics.hint(f"read it against the sources, then: evcli facts lint {to}")
    return ExitCode.FOUND_PROBLEMS if found.problems else ExitCode.OK


def _of_table(path: Path, store: Store, diagnostics: Diagnostics) -> tuple[Drafts, int]:
    """What a table gives, and how many rows it has."""
    from evcli.importing import drafts, read_table

    read = read_table(path)
    found = drafts(read, store)
    if read.unknown:
        diagnostics.notes([f"columns that mean nothing here: {', '.join(read.unknown)}"])
    return found, len(read.rows) + len(read.ragged)


def _of_package(folder: Path, store: Store) -> tuple[Drafts, int]:
    """What a package gives, and how many facts it has."""
    from evcli.importing import package_drafts

    found = package_drafts(folder, store)
    left_out = sum(1 for each in found.problems if each.line)
    return found, found.count + found.known + left_out
