"""``evcli facts list``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.facts_files import chosen, file_names
from evcli.commands.making import command
from evcli.commands.options import Output, Packs, Select
from evcli.commands.runtime import opened, show, wanted
from evcli.model.period import parse_period_query


@command(
    "list",
    examples=(
        "evcli facts list cn.exports.nev.caam",
        "evcli facts list 'cn.exports.*' --year 2025",
        "evcli facts list --source seed-001 --format csv",
        "evcli facts list cn.exports.ev.unnamed --include-deprecated",
    ),
    refuses=("by", "basis"),
)
def facts_list(
    series: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SERIES-OR-GLOB]...",
            autocompletion=complete.series,
            show_default=False,
            help="Series ids; * and ? match any part of one. All if none is given.",
        ),
    ] = None,
    *,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """Facts as they are written, before anything is resolved or computed.

    Every fact of every source, with the paragraph it stands in and its place in the fact files.
    """
    from evcli.query.catalogue import facts_answer
    from evcli.query.selection import series_named

    with opened(packs, output) as source:
        question = wanted(source, select)
        store = source.store
        found = series_named(store, series) if series else question.where.series(store)
        answer = facts_answer(
            store,
            found,
            question,
            published_by=str(parse_period_query(packs.as_of)) if packs.as_of else None,
            include_deprecated=packs.include_deprecated,
            file_name=file_names(chosen(packs.facts, packs.no_builtin)),
        )
    show(answer, output)
