"""``evcli cite`` and ``sources``."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command, print_text
from evcli.commands.options import Accept, Draw, Named, Output, Packs, accepted
from evcli.commands.session import NO_ROWS, Asked, diagnostics_for, in_ids, opened, show
from evcli.errors import UsageError, check_one_of
from evcli.publish.references import STYLES, Citation, left_out
from evcli.render import Stdout
from evcli.terminal import folded

Style = Annotated[str, "style", completion.choice(*STYLES)]


@command(refuses=(*NO_ROWS, *Draw._fields, "plans", "by", "basis", "source"))
def cite(ids: Named, *, style: Style = "text", accept: Accept = "", asked: Asked) -> None:
    """A sentence for each figure, with no more digits than its bounds allow, and its sources."""
    check_one_of("style", style, STYLES)
    diagnostics = diagnostics_for(asked.output)
    with asked.reading(ids) as (source, question):
        from evcli.publish.sentences import cited
        from evcli.query.operands import figures_wanted

        named, others, missing = figures_wanted(source, question)
        if missing:
            diagnostics.hint(missing)
            return
        citation = cited(source, named, accepted(accept))
        print_citation(citation, style)
        notes = [*citation.notes, *left_out(citation, style), *filter(None, (others,))]
        notes += [f"in ids: {in_ids('cite', question, named)}"] if asked.output.verbose else []
        diagnostics.notes(notes)


@command(refuses=("vintage", "include_deprecated"))
def sources(
    ids: Annotated[list[str] | None, "sources to show", completion.sources] = None,
    *,
    problems: Annotated[bool, "problems"] = False,
    left_out: Annotated[bool, "left_out"] = False,
    style: Style = "",
    packs: Packs,
    output: Output,
) -> None:
    """The documents behind the figures; of one that is named all that it states."""
    from evcli.query.catalogue import sources_answer, sources_out

    check_one_of("style", style or "text", STYLES)
    usual = Output().settled()
    rows = [name for name in NO_ROWS if getattr(output, name) != getattr(usual, name)]
    for name in (*rows, *["problems"] * problems, *["left_out"] * left_out) if style else ():
        raise UsageError(f"--style and --{name.replace('_', '-')} exclude each other")
    with opened(packs, output) as source:
        found = sources_out(source, ids or ())
        if style:
            from evcli.publish.sentences import sources_cited

            print_citation(sources_cited(source, [each.id for each in found]), style)
            return
        by_id = ids == [each.id for each in found]
        if problems or left_out or (ids and (by_id or len(found) == 1)):
            from evcli.audit.documents import LEFT_OUT, PROBLEM, document_answer

            only = [PROBLEM] * problems + [LEFT_OUT] * left_out
            show(document_answer(source, found, only), output, source=source)
        else:
            show(sources_answer(source, found), output, source=source)


def print_citation(citation: "Citation", style: str) -> None:
    """Print a citation on stdout in one of the styles."""
    lines, width = STYLES[style](citation), Stdout().width
    if style == "text" and width is not None:
        lines = wrapped(lines, width)
    print_text("".join(lines))


def wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    """Lines of at most *width* cells, where words are no longer; addresses are never broken."""
    for line in lines:
        indent = "    " if line.startswith("[") else ""
        yield "\n".join(folded(line.rstrip("\n"), max(width, 20), indent)) + "\n"
