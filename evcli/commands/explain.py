"""``evcli explain``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Accept, Output, Packs, Select, accepted, argument, option
from evcli.commands.session import in_ids, opened, show, wanted
from evcli.diagnostics import ExitCode
from evcli.errors import UsageError


@command(
    refuses=("plans", "by", "basis", "from_source"),
    examples=(
        "evcli explain nev exports may 2025",
        "evcli explain cn.exports.nev.caam@2025-05",
        "evcli explain share:cn.exports.nev.caam@2025-05,cn.exports.all.caam@2025-05",
        "evcli explain seed-003",
        "evcli explain cn.exports.all.caam@2025-06 --format json > june.json",
    ),
)
def explain(
    ids: Annotated[
        list[str] | None,
        argument(
            "WORDS|ID...",
            "What figure, in words; or ids of figures, computed figures, facts, events, measures, "
            "plants or sources.",
            completion.words,
        ),
    ] = None,
    *,
    against: Annotated[
        str,
        option(
            "--against",
            "FILE.json",
            "Recompute a saved explanation; one row per change since then (exit 1).",
        ),
    ] = "",
    accept: Accept = "",
    select: Select,
    packs: Packs,
    output: Output,
) -> int:
    """Where a number comes from: formula, inputs, facts, sources, down to the paragraph.

    For a figure that no source states, every way to derive it is shown.
    """
    if bool(ids) == bool(against):
        raise UsageError("explain takes words, ids, or --against FILE.json", "give one of them")
    with opened(packs, output) as source:
        if against:
            from evcli.query.explain import changes_answer, read_saved

            answer = changes_answer(source, read_saved(Path(against)), accepted(accept))
            show(answer, output)
            return ExitCode.FOUND_PROBLEMS if answer.rows else ExitCode.OK
        from evcli.query.explain import explain_answer
        from evcli.query.operands import figures_wanted

        question = wanted(source, select, ids, "explain")
        named, others, missing = figures_wanted(source, question)
        answer = explain_answer(source, named, accepted(accept))
        answer = answer._replace(more=others, hint=missing)
        show(answer, output, in_ids=in_ids("explain", question, named))
    return ExitCode.OK
