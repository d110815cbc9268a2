"""``evcli cite``, and how a citation is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Accept, Output, Packs, Select, accepted, argument, listed, option
from evcli.commands.session import NO_ROWS, diagnostics_for, opened, wanted
from evcli.publish.styles import STYLES, check_style, left_out

if TYPE_CHECKING:
    from evcli.publish.citation import Citation

Style = Annotated[
    str,
    option(
        "--style",
        "STYLE",
        f"Style of the reference list: {listed(STYLES)}.",
        completion.choice(*STYLES),
        show_default=True,
    ),
]


@command(
    "cite",
    examples=(
        "evcli cite nev exports 2025",
        "evcli cite cn.exports.nev.caam@2025-05",
        "evcli cite cn.exports.all.caam@2025-03 cn.exports.nev.caam@2025-05 --style markdown",
        "evcli cite share:cn.exports.nev.caam@2025-05,cn.exports.all.caam@2025-05",
        "evcli cite seed-003 seed-004 --style bibtex",
    ),
    refuses=(*NO_ROWS, "plans", "by", "basis", "from_source"),
)
def cite(
    ids: Annotated[
        list[str],
        argument(
            "WORDS|ID...",
            "What figure, in words; or ids of figures, computed figures, facts, events, measures, "
            "plants or sources.",
            completion.words,
        ),
    ],
    *,
    style: Style = "text",
    accept: Accept = "",
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """A sentence for each figure, with no more digits than its bounds allow, and its sources.

    A letter means the same source in every style. BibTeX and CSL-JSON hold the sources alone;
    their annotations give the letters and the sentences.
    """
    check_style(style)
    with opened(packs, output) as source:
        from evcli.publish.citation import cited
        from evcli.query.operands import figures_wanted, in_ids

        question = wanted(source, select, ids, "cite")
        named, others, missing = figures_wanted(source, question)
        if missing:
            diagnostics_for(output).hint(missing)
            return
        citation = cited(source, named, accepted(accept))
        print_citation(citation, style)
        notes = [*citation.notes, *left_out(citation, style), *filter(None, (others,))]
        notes += [f"in ids: {in_ids('cite', question, named)}"] if output.verbose else []
        diagnostics_for(output).notes(notes)


def print_citation(citation: Citation, style: str) -> None:
    """Print *citation* on stdout in one of the styles."""
    from evcli.render.output import Stdout

    stdout = Stdout()
    lines = STYLES[style](citation)
    if style == "text" and stdout.width is not None:
        lines = wrapped(lines, stdout.width)
    stdout.write(["".join(lines)])


def wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    r"""Lines of at most *width* cells, where words are no longer; addresses are never broken.

    >>> print("".join(wrapped(["[a] Exports rise. https://example.org/exports\n"], 20)), end="")
    [a] Exports rise.
        https://example.org/exports
    """
    from evcli.terminal import folded

    for line in lines:
        indent = "    " if line.startswith("[") else ""
        yield "\n".join(folded(line.rstrip("\n"), max(width, 20), indent)) + "\n"
