"""Arguments and options that several computing commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete

Accept = Annotated[
    str,
    typer.Option(
        "--accept",
        metavar="FIELD,...",
        help="Compute although these fields differ, which is refused otherwise (exit 4); "
        "the waiver stands in the note.",
        show_default=False,
    ),
]
Style = Annotated[
    str,
    typer.Option(
        "--style",
        metavar="STYLE",
        help="A reference list: text, markdown, bibtex or csl-json.",
        autocompletion=complete.choice(*complete.STYLES),
    ),
]
SeriesOrFigures = Annotated[
    list[str],
    typer.Argument(
        metavar="SERIES[@PERIOD]...",
        help="Series ids or globs, each with its own period if need be.",
        autocompletion=complete.series,
    ),
]


def accepted(text: str) -> tuple[str, ...]:
    """The fields to waive, checked."""
    from evcli.core.comparability import check_accept

    return check_accept([name.strip() for name in text.split(",") if name.strip()])
