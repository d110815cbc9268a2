"""``evcli facts new``."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.facts_files import FactsOption, NoBuiltinOption
from evcli.commands.facts_template import Known, template
from evcli.commands.making import command
from evcli.commands.option_types import TextOption
from evcli.commands.packs import open_packs
from evcli.diagnostics import Diagnostics
from evcli.errors import OutputError, UsageError, nearest


@command(
    "new",
    examples=(
        "evcli facts new cn.exports.nev.caam",
        "evcli facts new cn.exports.nev.caam --source seed-001",
        "evcli facts new byd.overseas-sales.nev.byd -o my-facts/byd.yaml",
        "evcli facts new 'Buses exported from China'",
    ),
)
def new(
    series: Annotated[
        str,
        typer.Argument(
            metavar="SERIES-OR-NAME",
            autocompletion=complete.series,
            help="A known series to add facts to, or the id or title of a new one.",
        ),
    ],
    *,
    source: Annotated[
        TextOption,
        typer.Option(
            "--source",
            metavar="ID",
            autocompletion=complete.sources,
            show_default=False,
            help="The source, known or new.",
        ),
    ] = "",
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
) -> None:
    """A fact file to fill in: replace what stands in <angle brackets>, then run facts lint.

    For a known series it holds only facts, for any other a definition too.
    """
    if to and not to.endswith(".yaml"):
        raise UsageError(f"{to!r}: packs hold *.yaml files only", "give it a name in .yaml")
    diagnostics = Diagnostics(quiet)
    with open_packs(facts or (), no_builtin, diagnostics) as store:
        found = store.series([series])
        words = store.vocabulary
        known_source = source != "" and bool(store.sources([source]))
        text = template(series, source, Known(words, found[0] if found else None, known_source))
        close = [] if found else nearest(series, store.all_series_ids(), 1)
    if close:
        diagnostics.notes([f"no series is called {series!r} yet; the nearest is {close[0]!r}"])
    if not to:
        from evcli.render.output import Output

        Output().write([text])
        return
    write_new(Path(to), text)
    diagnostics.notes([f"wrote {to}"])
    diagnostics.hint(f"fill it in, then: evcli facts lint {to}")


def write_new(path: Path, text: str) -> None:
    """Create *path* with *text*, all of it or nothing; UsageError where something is there.

    Folders on the way to it are created, too.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(beside, text)
        try:
            path.hardlink_to(beside)  # unlike a rename it never replaces what is there
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            _write(path, text)
    except FileExistsError as error:
        if error.filename == str(path.parent):
            raise UsageError(f"{str(path.parent)!r} is no folder", "name another place") from None
        raise UsageError(f"{str(path)!r} exists", "choose another name, or remove it") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write {str(path)!r}: {reason[:1].lower()}{reason[1:]}") from None
    finally:
        with suppress(OSError):
            beside.unlink()


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
