"""``evcli check``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.making import command
from evcli.commands.options import Output, Packs
from evcli.commands.runtime import opened, show
from evcli.diagnostics import Diagnostics, ExitCode
from evcli.errors import UsageError
from evcli.model.period import parse_period_query


@command(
    "check",
    examples=(
        "evcli check",
        "evcli check 'cn.exports.*' --tolerance 0.5",
        "evcli check --facts my-facts --format json",
        "evcli check 'cn.investment.*' --acknowledged --include-deprecated",
    ),
)
def check(
    series: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SERIES-OR-GLOB]...",
            autocompletion=complete.series,
            show_default=False,
            help="Only findings on these series.",
        ),
    ] = None,
    *,
    tolerance: Annotated[
        str,
        typer.Option(
            "--tolerance",
            metavar="PERCENT",
            help="A revision up to so many percent of its window needs no acknowledgement.",
        ),
    ] = "1",
    acknowledged: Annotated[
        bool,
        typer.Option(
            "--acknowledged", help="Show findings that are acknowledged, too, with the reason."
        ),
    ] = False,
    packs: Packs,
    output: Output,
) -> int:
    """What cannot hold together, was restated, or is not proved.

    All facts of a family are held together with all that ties them: levels, growth, shares, sums,
    windows, partitions, claims. Contradictions, and revisions above the tolerance, fail (exit 1)
    unless the pack acknowledges them.
    """
    from datetime import date

    from evcli.audit.acknowledged import told
    from evcli.audit.audit import Material, check_answer
    from evcli.audit.audit import check as audited
    from evcli.errors import EvcliError
    from evcli.query.rows import citation
    from evcli.query.selection import series_named

    percent = _percent(tolerance)
    diagnostics = Diagnostics(output.quiet, output.no_color)
    with opened(packs, output) as source:
        store = source.store
        every = {each.id: each for each in store.match_series("*")}
        wanted = {each.id for each in series_named(store, series)} if series else None
        material = Material(
            store.facts(list(every), published_by=_as_of(packs.as_of)),
            every,
            store.sources(),
            store.vocabulary,
            store.claims(),
            store.acknowledged(),
        )
        audit = audited(
            material,
            today=date.today(),
            tolerance=percent,
            wanted=wanted,
            include_deprecated=packs.include_deprecated,
            progress=diagnostics.progress,
        )
        footnotes = {each.id: citation(each) for each in material.sources}
        show(check_answer(audit, footnotes, everything=acknowledged), output)
    for entry in audit.sorted.stale:
        diagnostics.error(EvcliError(told(entry), "take it out of the pack, or mend its list"))
    return ExitCode.FOUND_PROBLEMS if audit.fails else ExitCode.OK


def _percent(text: str) -> Fraction:
    """The tolerance as typed; UsageError where it is no percentage."""
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?%?", text.strip())
    if match is None:
        raise UsageError(f"--tolerance: {text!r} is no percentage", "write a number such as 0.5")
    return Fraction(match[1])


def _as_of(text: str) -> str | None:
    return str(parse_period_query(text)) if text else None
