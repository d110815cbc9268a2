"""``evcli check``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.making import command
from evcli.commands.options import Output, Packs
from evcli.commands.runtime import opened, show
from evcli.diagnostics import Diagnostics, ExitCode


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
    from evcli.audit.acknowledged import stale_message
    from evcli.audit.audit import audit_record, check_answer, parse_tolerance
    from evcli.errors import EvcliError

    percent = parse_tolerance(tolerance, "--tolerance")
    diagnostics = Diagnostics(output.quiet, output.no_color)
    with opened(packs, output) as source:
        audit = audit_record(source, series or (), tolerance=percent, progress=diagnostics.progress)
        show(check_answer(audit, acknowledged=acknowledged), output)
    for entry in audit.stale:
        hint = "take it out of the pack, or mend its list"
        diagnostics.error(EvcliError(stale_message(entry), hint))
    return ExitCode.FOUND_PROBLEMS if audit.fails else ExitCode.OK
