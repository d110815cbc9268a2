"""``evcli verify``."""

from __future__ import annotations

import os
from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Output, Packs, argument, option
from evcli.commands.session import opened, show
from evcli.diagnostics import ExitCode


@command(
    examples=(
        "evcli verify --texts my-texts",
        "evcli verify seed-003 --texts my-texts",
        "evcli verify --coverage --texts my-texts --format csv",
    ),
    refuses=("as_of", "include_deprecated"),
)
def verify(
    ids: Annotated[
        list[str] | None, argument("[SOURCE]...", "Only these sources.", completion.sources)
    ] = None,
    *,
    texts: Annotated[
        str, option("--texts", "DIR", "Directory of the source texts (also EVCLI_TEXTS).")
    ] = "",
    coverage: Annotated[
        bool,
        option(
            "--coverage", None, "List numbers in the texts that no fact or left_out entry covers."
        ),
    ] = False,
    packs: Packs,
    output: Output,
) -> int:
    """Check facts against the text of their source.

    Number, unit, multiplier, qualifier and growth of every fact must appear in the paragraph that
    it names. The text is the file that the source's card names, with the same SHA-256 checksum.
    Whatever does not appear there is a row (exit 1).
    """
    from evcli.query.catalogue import named_sources
    from evcli.verify.answers import coverage_answer, texts_directory, verify_answer

    with opened(packs, output) as source:
        directory = texts_directory(texts, os.environ)
        sources = named_sources(source.store, ids or ())
        ask = coverage_answer if coverage else verify_answer
        answer = ask(source.store, sources, directory)
        show(answer, output)
    return ExitCode.FOUND_PROBLEMS if answer.rows else ExitCode.OK
