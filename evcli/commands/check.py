"""``evcli check``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Output, Packs, argument, option
from evcli.commands.session import diagnostics_for, opened, show
from evcli.diagnostics import ExitCode
from evcli.errors import EvcliError


@command(
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
        argument("[SERIES-OR-GLOB]...", "Only findings on these series.", completion.series),
    ] = None,
    *,
    tolerance: Annotated[
        str,
        option(
            "--tolerance",
            "PERCENT",
            "Accept revisions up to this percentage of the figure.",
            show_default=True,
        ),
    ] = "1",
    acknowledged: Annotated[
        bool, option("--acknowledged", None, "Include acknowledged findings, with the reason.")
    ] = False,
    packs: Packs,
    output: Output,
) -> int:
    """Contradictions, revisions and unproven claims.

    All facts of a family are tested together, with everything that links them: levels, growth,
    shares, sums, periods, partitions, claims. Contradictions, and revisions above the tolerance,
    fail (exit 1) unless the pack acknowledges them.
    """
    from evcli.audit.audit import audit_record, check_answer, parse_tolerance, stale_message

    percent = parse_tolerance(tolerance, "--tolerance")
    diagnostics = diagnostics_for(output)
    with opened(packs, output) as source:
        audit = audit_record(source, series or (), tolerance=percent, progress=diagnostics.progress)
        show(check_answer(audit, acknowledged=acknowledged), output)
    for entry in audit.stale:
        hint = "take it out of the pack, or mend its list"
        diagnostics.error(EvcliError(stale_message(entry), hint))
    return ExitCode.FOUND_PROBLEMS if audit.fails else ExitCode.OK
