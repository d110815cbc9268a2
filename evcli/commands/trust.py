"""What makes figures trusted: ``evcli explain``, ``changes``, ``check``, ``claim``, ``verify``."""

import os
import sys
from pathlib import Path
from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Accept, Draw, Named, Output, Packs, Select, accepted
from evcli.commands.session import Asked, diagnostics_for, opened, show, taker, wanted
from evcli.diagnostics import ExitCode
from evcli.errors import EvcliError, UsageError, reason_of
from evcli.files import contents


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


_MOST = 200_001  # bytes, the last of which is one too many


@command()
def claim(
    sentence: Annotated[list[str] | None, "sentence"] = None,
    *,
    file: Annotated[str, "text to hold"] = "",
    not_from: Annotated[list[str] | None, "not_from", completion.sources] = None,
    year: Annotated[int, "year of months"] = 0,
    packs: Packs,
    output: Output,
) -> int:
    """A sentence, or a text, held against the record, number by number."""
    from evcli.publish.claim_marks import claim_answer, claims, own_sources
    from evcli.query.catalogue import named_sources

    said = " ".join(sentence or ())
    if bool(said) == bool(file) or said.endswith((".md", ".txt")):
        raise UsageError("a sentence or a file?", 'write evcli claim "SENTENCE", or --file FILE')
    data = _read(file) if file else said.encode("utf-8", "replace")
    text = data.decode("utf-8-sig", "replace")
    with opened(packs, output) as source:
        own, of_text = own_sources(source.store, data, text) if file else ([], 0)
        own += [each.id for each in named_sources(source.store, not_from)] if not_from else []
        rows = claims(source, text, not_from=own, year=year or of_text)
        show(claim_answer(source, rows), output, source=source)
    if own:
        diagnostics_for(output).notes([f"left out as its own support: {', '.join(own)}"])
    wrong = any(row["mark"] == "contradicted" for row in rows)
    return ExitCode.FOUND_PROBLEMS if wrong else ExitCode.OK


def _read(file: str) -> bytes:
    """The bytes of a text in UTF-8, of stdin for ``-``."""
    try:
        data = sys.stdin.buffer.read(_MOST) if file == "-" else contents(Path(file), _MOST - 1)
        if len(data) < _MOST:  # else it is cut off
            data.decode()
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {reason_of(error)}", "name a text in UTF-8, or a part") from None
    if len(data) == _MOST:
        raise UsageError(f"{file}: larger than {_MOST - 1:,} bytes", "hold it in parts")
    return data
