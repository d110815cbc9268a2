"""``evcli explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.app import command
from evcli.commands.arguments import Accept, accepted
from evcli.commands.options import Output, Packs
from evcli.commands.runtime import opened, show


@command(
    "explain",
    examples=(
        "evcli explain cn.exports.nev.caam@2025-05",
        "evcli explain share:cn.exports.nev.caam@2025-05,cn.exports.all.caam@2025-05",
        "evcli explain seed-003",
    ),
)
def explain(
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID...", autocompletion=complete.series,
                       help="A figure, computed figure, fact, event, measure, plant or source."),
    ],
    *,
    accept: Accept = "",
    packs: Packs,
    output: Output,
) -> None:  # fmt: skip
    """Where a number comes from: formula, inputs, facts, sources, down to the paragraph."""
    from evcli.query.explain import explain_answer

    with opened(packs, output) as source:
        show(explain_answer(source, ids, accepted(accept)), output)
