"""``evcli claim``: a sentence or a draft held against the record."""

import sys
from pathlib import Path
from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Output, Packs
from evcli.commands.session import diagnostics_for, opened, show
from evcli.diagnostics import ExitCode
from evcli.errors import UsageError, reason_of
from evcli.files import contents

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

    if bool(sentence) == bool(file):
        raise UsageError("a sentence or a file?", 'write evcli claim "SENTENCE", or --file FILE')
    data = _read(file) if file else " ".join(sentence or ()).encode("utf-8", "replace")
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
        data.decode()
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: {reason_of(error)}", "name a text in UTF-8") from None
    if len(data) == _MOST:
        raise UsageError(f"{file}: larger than {_MOST - 1:,} bytes", "hold it in parts")
    return data
