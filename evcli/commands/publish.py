"""What is published: ``evcli report`` and ``package``, ``cite`` and ``sources``."""

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from evcli.commands import completion, options, session
from evcli.commands.factory import command, print_text
from evcli.commands.options import Output, Packs, Select, accepted, as_typed
from evcli.errors import UsageError, check_one_of
from evcli.files import check_free, write_whole
from evcli.model.answer import Answer, layout_of
from evcli.publish.package import FORMATS
from evcli.publish.references import STYLES, Citation, left_out
from evcli.render import Stdout
from evcli.terminal import folded

_REPORTS = Path(__file__).parent.parent / "reports"
TOPICS = ("exports", "makers", "destinations", "investment", "plants", "policy")


@command()
def report(
    topic: Annotated[str, "report", completion.choice(*TOPICS)],
    *,
    out: Annotated[str, "page"] = "",
    packs: Packs,
) -> None:
    """A page with figures, charts, tables, definitions, contradictions and all sources."""
    from evcli.commands.inside import refusal, run_inside
    from evcli.loader.report_outline import read_outline
    from evcli.publish.publication import publication
    from evcli.render.report.pages import html_page, markdown_page

    path, as_html = Path(out), out.lower().endswith(".html")
    if out and path.suffix.lower() not in (".html", ".md"):
        raise UsageError(f"no report is written as {path.name!r}", "end it in .html or .md")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r}", "make it, or name another")
    file = Path(topic)
    if topic in TOPICS:
        file = _REPORTS / f"{topic}.yaml"
    elif not topic.endswith((".yaml", ".yml")):
        raise UsageError.one_of("topic", topic, TOPICS)
    outline = read_outline(file, refusal)
    with session.opened(packs, Output(quiet=True).settled()) as source:
        typed = as_typed(packs)
        made = publication(outline, source, lambda asked: run_inside(asked, typed)[0][:2], typed)
    page = html_page(made) if as_html else markdown_page(made)
    write_whole(path, page.encode()) if out else print_text(page)


@command(refuses=("plans", "vintage", "basis"), by=options.WINDOWS)
def package(
    folder: Annotated[str, "folder"],
    series: options.AnySeries = None,
    *,
    extra: Annotated[list[str], "extra", completion.choice(*FORMATS)] = options.NONE,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """The record, or a selection, as a data package."""
    from evcli.publish.contents import contents
    from evcli.publish.package import check_formats, write_package
    from evcli.query.selection import series_named

    formats = [name.strip() for each in extra for name in each.split(",")]
    check_formats(formats)
    columns, views = layout_of("written")
    session.check_columns(columns, output)
    check_free(Path(folder))
    with session.opened(packs, output) as source:
        question, store = session.wanted(source, select), source.store
        found = series_named(store, series) if series else question.where.series(store)
        typed = shlex.join([*(series or ()), *as_typed(select)])
        held = contents(source, found, question, selection=typed)
        written = write_package(Path(folder), held, source.words, formats)
    answer = Answer(columns, [each._asdict() for each in written], views)
    undated = sum(figure.period.is_undated for figure in held.figures)
    if undated and "sdmx-csv" in formats:
        figures = "figure has" if undated == 1 else "figures have"
        note = f"{undated} undated {figures} no place in SDMX and stand only in the other files"
        answer = answer._replace(notes=(note,))
    session.show(answer, output)
    diagnostics = session.diagnostics_for(output)
    size = sum(each.bytes for each in written)
    diagnostics.notes([f"wrote {len(written)} files, {size:,} bytes, to {folder}"])
    if not held.figures:
        diagnostics.hint("no figure matches; leave options out to package more")


Style = Annotated[str, "style", completion.choice(*STYLES)]


@command(refuses=(*session.NO_ROWS, *options.Draw._fields, "plans", "by", "basis", "source"))
def cite(
    ids: options.Named, *, style: Style = "text", accept: options.Accept = "", asked: session.Asked
) -> None:
    """A sentence for each figure, with no more digits than its bounds allow, and its sources."""
    check_one_of("style", style, STYLES)
    diagnostics = session.diagnostics_for(asked.output)
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
        if asked.output.verbose:
            notes.append(f"in ids: {session.in_ids('cite', question, named)}")
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
    rows = [name for name in session.NO_ROWS if getattr(output, name) != getattr(usual, name)]
    for name in (*rows, *["problems"] * problems, *["left_out"] * left_out) if style else ():
        raise UsageError(f"--style and --{name.replace('_', '-')} exclude each other")
    with session.opened(packs, output) as source:
        found = sources_out(source, ids or ())
        if style:
            from evcli.publish.sentences import sources_cited

            print_citation(sources_cited(source, [each.id for each in found]), style)
            return
        by_id = ids == [each.id for each in found]
        if problems or left_out or (ids and (by_id or len(found) == 1)):
            from evcli.audit.documents import LEFT_OUT, PROBLEM, document_answer

            only = [PROBLEM] * problems + [LEFT_OUT] * left_out
            session.show(document_answer(source, found, only), output, source=source)
        else:
            session.show(sources_answer(source, found), output, source=source)


def print_citation(citation: Citation, style: str) -> None:
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
