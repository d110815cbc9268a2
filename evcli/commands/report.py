"""``evcli report``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from evcli.commands.completion import choice
from evcli.commands.factory import command, print_text
from evcli.commands.options import Output, Packs
from evcli.commands.session import opened, taken_by
from evcli.errors import UsageError
from evcli.model.answer import Answer
from evcli.model.picture import Picture

TOPICS = ("exports", "makers", "destinations", "investment", "plants", "policy")


@command()
def report(
    topic: Annotated[
        str,
        "TOPIC|FILE.yaml",
        f"{', '.join(TOPICS)}, or a report file of your own.",
        choice(*TOPICS),
    ],
    *,
    out: Annotated[str, "FILE", "FILE.html or FILE.md; without it, Markdown on stdout."] = "",
    packs: Packs,
) -> None:
    """A page with figures, charts, tables, definitions, contradictions and all sources.

    The page is one file that needs no network. Each figure comes with the command that gives it.
    A report file lists, in a few lines of YAML, the figures and commands to include.
    """
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
        file = Path(__file__).parent.parent / "reports" / f"{topic}.yaml"
    elif not topic.endswith((".yaml", ".yml")):
        raise UsageError.one_of("topic", topic, TOPICS)
    outline = read_outline(file)
    if as_html and any(section.chart for section in outline.sections):
        from evcli.render.charts.drawing import drawer

        drawer()  # what to install, before any work is done
    with opened(packs, Output(quiet=True).settled()) as source:
        made = publication(outline, source, run_inside, _options(packs))
    if as_html:
        from evcli.render.charts.drawing import drawn, faces, themed

        draws = any(section.pictures for section in made.sections)
        draw = (lambda pictures: themed(drawn(pictures))) if draws else None
        page = html_page(made, draw, faces())
    else:
        page = markdown_page(made)
    if not out:
        print_text(page)
        return
    from evcli.files import write_whole

    write_whole(path, page.encode())


def run_inside(arguments: Sequence[str]) -> tuple[Answer, Sequence[Picture]]:
    """What ``evcli ARGUMENTS`` answers: its rows, and what it would draw.

    A report is made of commands, so its figures are those that a reader gets who types them.
    Raises what the command raises, and UsageError where it prints no rows at all.
    """
    from evcli.commands.app import build

    taken: list[tuple[Answer, Sequence[Picture]]] = []
    with taken_by(lambda answer, pictures: taken.append((answer, pictures))):
        build().main(args=list(arguments), prog_name="evcli", standalone_mode=False)
    if not taken:
        raise UsageError(
            f"evcli {' '.join(arguments)} prints no table and cannot be used in a report",
            "name another command",
        )
    return taken[-1]


def _options(packs: Packs) -> list[str]:
    """The options that a command needs to read the same packs."""
    options = [part for each in packs.facts for part in ("--facts", each)]
    options += ["--no-builtin"] if packs.no_builtin else []
    options += ["--as-of", packs.as_of] if packs.as_of else []
    options += ["--vintage", packs.vintage] if packs.vintage else []
    return [*options, *(["--include-deprecated"] if packs.include_deprecated else [])]
