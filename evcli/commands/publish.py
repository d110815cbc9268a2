"""What is published: ``evcli report`` and ``package``."""

import shlex
from pathlib import Path
from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command, print_text
from evcli.commands.options import NONE, WINDOWS, AnySeries, Output, Packs, Select, as_typed
from evcli.commands.session import check_columns, diagnostics_for, opened, show, wanted
from evcli.errors import UsageError
from evcli.model.answer import Answer, layout_of
from evcli.publish.package import FORMATS

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
    with opened(packs, Output(quiet=True).settled()) as source:
        options = as_typed(packs)
        made = publication(
            outline, source, lambda asked: run_inside(asked, options)[0][:2], options
        )
    page = html_page(made) if as_html else markdown_page(made)
    if not out:
        print_text(page)
        return
    from evcli.files import write_whole

    write_whole(path, page.encode())


@command(refuses=("plans", "vintage", "basis"), by=WINDOWS)
def package(
    folder: Annotated[str, "folder"],
    series: AnySeries = None,
    *,
    extra: Annotated[list[str], "extra", completion.choice(*FORMATS)] = NONE,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """The record, or a selection, as a data package."""
    from evcli.files import check_free
    from evcli.publish.contents import contents
    from evcli.publish.package import check_formats, write_package
    from evcli.query.selection import series_named

    formats = [name.strip() for each in extra for name in each.split(",")]
    check_formats(formats)
    columns, views = layout_of("written")
    check_columns(columns, output)
    check_free(Path(folder))
    with opened(packs, output) as source:
        question, store = wanted(source, select), source.store
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
    show(answer, output)
    diagnostics = diagnostics_for(output)
    size = sum(each.bytes for each in written)
    diagnostics.notes([f"wrote {len(written)} files, {size:,} bytes, to {folder}"])
    if not held.figures:
        diagnostics.hint("no figure matches; leave options out to package more")
