"""A report as Markdown: headings, tables and footnotes that GitHub and Pandoc read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from evcli.model.answer import letter
from evcli.model.report import KeyFigure, Publication, ReportSection
from evcli.render.report.page_tables import PageCell, table_of

_MARKUP = re.compile(r"[\\|`*<>\[\]_#]")


def markdown_page(publication: Publication) -> str:
    """The whole report; a chart is described in words."""
    letters = {each: letter(at) for at, each in enumerate(publication.references)}
    return "\n\n".join(_blocks(publication, letters)) + "\n"


def _blocks(report: Publication, letters: dict[str, str]) -> Iterator[str]:
    yield f"# {_plain(report.title)}"
    if report.lead:
        yield _plain(report.lead)
    if report.figures:
        yield "## Key figures"
        yield "\n".join(f"- {_figure(each, letters)} (`{each.command}`)" for each in report.figures)
    for section in report.sections:
        yield from _section(section, letters)
    if report.definitions:
        yield "## What is counted"
        yield "\n".join(f"- **{_plain(key)}**: {_plain(text)}" for key, text in report.definitions)
    if report.findings is not None:
        yield from _section(report.findings, letters)
    if report.references:
        yield "## Sources"
        yield "\n".join(f"[^{letters[each]}]: {line}" for each, line in report.references.items())
    yield f"*{_plain(report.record)}*"


def _figure(figure: KeyFigure, letters: dict[str, str]) -> str:
    bounds = f" {_plain(figure.bounds)}" if figure.bounds else ""
    return f"{_plain(figure.sentence)}{_notes(figure.sources, letters)}{bounds}"


def _section(section: ReportSection, letters: dict[str, str]) -> Iterator[str]:
    yield f"## {_plain(section.heading)}"
    if section.text:
        yield _plain(section.text)
    for picture in section.pictures:
        yield _plain(picture.description)
    if not section.answer.rows:
        yield "Nothing is known."
    else:
        table = table_of(section.answer)
        lines = [
            [_plain(head.text) for head in table.heads],
            ["---:" if head.number else "---" for head in table.heads],
            *([_cell(cell, letters) for cell in row] for row in table.rows),
        ]
        yield "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        if table.legend:
            yield "  \n".join(_plain(each) for each in table.legend)
    if notes := section.notes:
        yield "\n".join(f"- {_plain(each)}" for each in notes)
    yield f"`{section.command}`"


def _cell(cell: PageCell, letters: dict[str, str]) -> str:
    return f"{_plain(cell.text)}{_plain(cell.mark)}{_notes(cell.sources, letters)}"


def _notes(sources: Iterable[str], letters: dict[str, str]) -> str:
    known: Sequence[str] = [each for each in dict.fromkeys(sources) if each in letters]
    return "".join(f"[^{letters[each]}]" for each in known)


def _plain(text: str) -> str:
    r"""*text* so that Markdown shows it as it is.

    >>> print(_plain("a|b *c*"))
    a\|b \*c\*
    """
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
