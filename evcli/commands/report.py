"""``evcli report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evcli.commands.complete import choice
from evcli.commands.making import command, print_text
from evcli.commands.options import Packs
from evcli.errors import UsageError
from evcli.model.report import Outline, Publication

TOPICS = ("exports", "makers", "destinations", "investment", "plants", "policy")


@command(
    "report",
    examples=(
        "evcli report policy",
        "evcli report exports -o report.html",
        "evcli report mine.yaml -o report.md",
    ),
)
def report(
    topic: Annotated[
        str,
        typer.Argument(
            metavar="TOPIC|FILE.yaml",
            autocompletion=choice(*TOPICS),
            help=f"{', '.join(TOPICS)}, or a report file of your own.",
        ),
    ],
    *,
    out: Annotated[
        str,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            show_default=False,
            help="FILE.html or FILE.md; Markdown on stdout where it is left out.",
        ),
    ] = "",
    packs: Packs,
) -> None:
    """A page with figures, charts, tables, definitions, contradictions and all sources.

    The page is one file that needs no network. Behind each figure stands the command that
    gives it. A report file says in a few lines of YAML which figures and commands it wants.
    """
    from evcli.commands.report_parts import publication
    from evcli.loader.report_outline import read_outline
    from evcli.render.pages.markdown import markdown_page

    path = Path(out) if out else None
    if path is not None and path.suffix.lower() not in (".html", ".md"):
        raise UsageError(f"no report is written as {path.name!r}", "end it in .html or .md")
    if path is not None and not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r}", "make it, or name another")
    outline = read_outline(_file_of(topic))
    if path is not None and path.suffix.lower() == ".html":
        check_drawing(outline)
    made = publication(outline, packs)
    if path is None:
        print_text(markdown_page(made))
        return
    from evcli.files import write_whole

    page = markdown_page(made) if path.suffix.lower() == ".md" else _html(made)
    write_whole(path, page.encode())


def _file_of(topic: str) -> Path:
    """The report file of a built-in topic, else the file that was named."""
    if topic in TOPICS:
        return Path(__file__).parent.parent / "reports" / f"{topic}.yaml"
    if not topic.endswith((".yaml", ".yml")):
        raise UsageError.one_of("topic", topic, TOPICS)
    return Path(topic)


def check_drawing(outline: Outline) -> None:
    """Say what to install before any work is done, where charts are asked for."""
    if any(wish.chart for wish in outline.wishes):
        from evcli.render.charts.files import drawer

        drawer()


def _html(made: Publication) -> str:
    """The page, with charts where the extra that draws is installed."""
    from evcli.render.charts.files import drawn
    from evcli.render.charts.svg import faces, themed
    from evcli.render.pages.html import html_page

    draws = any(part.pictures for part in made.parts)
    return html_page(made, (lambda pictures: themed(drawn(pictures))) if draws else None, faces())
