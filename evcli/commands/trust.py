"""What makes figures trusted: ``evcli explain``, ``changes``, ``check`` and ``verify``."""

import os
from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Accept, Draw, Named, Output, Packs, Select, accepted
from evcli.commands.session import Asked, diagnostics_for, opened, show, taker, wanted
from evcli.diagnostics import ExitCode
from evcli.errors import EvcliError, UsageError


@command(refuses=("plans", "by", "basis", "source", *Draw._fields))
def explain(ids: Named, *, accept: Accept = "", asked: Asked) -> None:
    """Where a number comes from: formula, inputs, facts, sources, down to the paragraph."""
    with asked.reading(ids) as (source, question):
        from evcli.query.explain import explain_answer
        from evcli.query.operands import figures_wanted

        named, others, missing = figures_wanted(source, question)
        answer = explain_answer(source, named, accepted(accept))
        asked.show(answer._replace(more=others, hint=missing), source, question, named)


@command(refuses=("as_of", "vintage", "include_deprecated"))
def changes(
    words: Named = None,
    *,
    since: Annotated[str, "since of changes"] = "",
    packs: Packs,
    output: Output,
) -> None:
    """What changed in the built-in record: figures added, changed, deprecated, the newest first."""
    from evcli.query.changes import changes_answer

    with opened(packs, output) as source:
        question = wanted(source, Select(), words, "changes")
        show(changes_answer(source, question, since), output, source=source)


@command()
def check(
    series: Annotated[list[str] | None, "series to check", completion.series] = None,
    *,
    tolerance: Annotated[str, "tolerance"] = "1",
    budget: Annotated[int, "budget"] = 300_000,
    acknowledged: Annotated[bool, "acknowledged"] = False,
    weak: Annotated[bool, "weak"] = False,
    packs: Packs,
    output: Output,
) -> int:
    """Contradictions, revisions and unproven claims."""
    from evcli.audit.audit import audit_record, check_answer, parse_tolerance, stale_message

    percent = parse_tolerance(tolerance, "--tolerance")
    if budget < 1:
        raise UsageError("--budget takes a number of steps", "write 1000000, or leave it out")
    diagnostics = diagnostics_for(output)
    with opened(packs, output) as source:
        if weak:
            from evcli.audit.documents import weak_answer

            show(weak_answer(source, series or ()), output, source=source)
            return ExitCode.OK
        told = diagnostics.progress
        audit = audit_record(source, series or (), tolerance=percent, budget=budget, progress=told)
        show(check_answer(audit, acknowledged=acknowledged), output, source=source)
    for entry in () if taker.get() else audit.stale:  # which is for the curator, not in a report
        hint = "take it out of the pack, or mend its list"
        diagnostics.error(EvcliError(stale_message(entry), hint))
    return ExitCode.FOUND_PROBLEMS if audit.fails else ExitCode.OK


@command(refuses=("as_of", "vintage", "include_deprecated"))
def verify(
    ids: Annotated[list[str] | None, "sources to verify", completion.sources] = None,
    *,
    texts: Annotated[str, "texts"] = "",
    packs: Packs,
    output: Output,
) -> int:
    """Check facts against the text of their source."""
    from evcli.query.catalogue import named_sources
    from evcli.verify import texts_directory, verify_answer

    with opened(packs, output) as source:
        directory = texts_directory(texts, os.environ)
        sources = named_sources(source.store, ids or ())
        answer = verify_answer(source.store, sources, directory)
        show(answer, output, source=source)
    return ExitCode.FOUND_PROBLEMS if answer.rows else ExitCode.OK
