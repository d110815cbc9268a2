"""``evcli cite``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.arguments import Accept, Style, accepted
from evcli.commands.making import command
from evcli.commands.options import Output, Packs
from evcli.commands.runtime import opened
from evcli.diagnostics import Diagnostics


@command(
    "cite",
    examples=(
        "evcli cite cn.exports.nev.caam@2025-05",
        "evcli cite cn.exports.all.caam@2025-03 cn.exports.nev.caam@2025-05 --style markdown",
        "evcli cite share:cn.exports.nev.caam@2025-05,cn.exports.all.caam@2025-05",
        "evcli cite seed-003 seed-004 --style bibtex",
    ),
    refuses=("format", "fields", "sort", "limit"),
)
def cite(
    ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            autocompletion=complete.series,
            show_default=False,
            help="A figure, computed figure, fact, event, measure, plant or source.",
        ),
    ],
    *,
    style: Style = "text",
    accept: Accept = "",
    packs: Packs,
    output: Output,
) -> None:
    """A sentence for each figure with no digit more than its bounds allow, and its sources.

    The letters stand for the same sources in every style. BibTeX and CSL-JSON hold the sources
    alone; their annotation tells the letter and the sentences.
    """
    from evcli.publish.styles import check_style

    check_style(style)
    with opened(packs, output) as source:
        from evcli.commands.citing import print_citation
        from evcli.publish.citation import cited
        from evcli.publish.styles import left_out

        citation = cited(source, ids, accepted(accept))
        print_citation(citation, style)
        Diagnostics(output.quiet, output.no_color).notes(
            [*citation.notes, *left_out(citation, style)]
        )
