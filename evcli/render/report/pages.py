"""A report as one HTML file or as Markdown that GitHub and Pandoc read.

Tables have the same words as in the terminal. In HTML no script, font or image comes from anywhere
else; tables sort and filter, charts follow the colours of the reader, and without scripts
everything can still be read.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from html import escape
from pathlib import Path
from string import Template

from evcli.model.answer import Answer, Kind, View, letter, listed_in
from evcli.model.picture import KeyFigure, Picture, Publication, ReportSection
from evcli.render.cells import MARKS, NUMERIC, display, headed, marks_of, show, with_unit
from evcli.text.characters import as_code, in_markdown, printable
from evcli.tuples import NamedTuple

_HERE = Path(__file__).parent
_NUMERIC_KINDS = (Kind.NUMBER, Kind.CHANGE)


class PageCell(NamedTuple):
    """What a cell says, what it is sorted by, and the sources it points to."""

    text: str
    key: str = ""
    sources: tuple[str, ...] = ()
    mark: str = ""


class PageColumn(NamedTuple):
    """A column: its head, its cells, whether it holds numbers, and whether it holds notes."""

    head: str
    cells: Sequence[PageCell]
    number: bool = False
    note: bool = False


def columns_of(answer: Answer) -> Iterator[PageColumn]:
    """The rows of *answer* as its views show them; its plain fields where it has none."""
    rows = answer.rows
    for each in () if answer.views else answer.flat().columns:
        cells = [PageCell(display(each, row)) for row in rows]
        yield PageColumn(each.name, cells, each.kind in _NUMERIC_KINDS)
    views = [view for view in answer.views if any(show(view, row) for row in rows)]
    first = next((view for view in views if view.view in NUMERIC), None)
    for view in views:
        number = view.view in NUMERIC
        head, texts, unit = with_unit(view.head, partial(show, view), view.unit_from, rows)
        cells = []
        for text, row in zip(texts, rows, strict=True):
            if view.view is View.SOURCES:
                cells.append(PageCell("", sources=listed_in(row, view.fields[0])))
                continue
            sizes = (row.get(name) for name in view.fields if number)
            known = [each for each in sizes if isinstance(each, int | Fraction)]
            key = str(float(known[0])) if known else ""  # the value, else the end that is known
            mark = "".join(sign for sign, _ in marks_of(row)) if text and view is first else ""
            cells.append(PageCell(text, key, mark=mark))
        head = headed(head or view.fields[0], unit)
        yield PageColumn(head, cells, number, view.view is View.NOTES)


def legend_of(answer: Answer) -> list[str]:
    """What the marks in the rows mean."""
    used = {mark for row in answer.rows if answer.views for mark in marks_of(row)}
    return [" ".join(mark) for mark in MARKS.values() if mark in used]


def style() -> str:
    """The style rules of every page: light and dark, phone and paper."""
    return (_HERE / "page.css").read_text("utf-8")


_CHART_IDS = re.compile(r'((?:\bid="|url\(#|href="#|labelledby="| ))(chart-|p\d+-)')
_MANY = 8  # rows from which a table is worth narrowing
Draw = Callable[[Sequence[Picture]], str]


def html_page(publication: Publication, draw: Draw | None, faces: str = "") -> str:
    """The whole page. *draw* makes SVG of pictures; without it, their descriptions stand there.

    *faces* are the style rules that bring the fonts.
    """
    sections = list(_Page(publication, draw).sections())
    lead = f'<p class="lead">{escape(publication.lead)}</p>' if publication.lead else ""
    return Template((_HERE / "page.html").read_text("utf-8")).substitute(
        title=escape(publication.title),
        style=f"{faces}{style()}",
        lead=lead,
        links="".join(
            f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title, _ in sections
        ),
        sections="".join(
            f'<section id="{name}"><h2>{escape(title)}</h2>{body}</section>\n'
            for name, title, body in sections
        ),
        record=escape(publication.record),
        script=(_HERE / "page.js").read_text("utf-8"),
    )


class _Page:
    def __init__(self, publication: Publication, draw: Draw | None) -> None:
        self._report = publication
        self._draw = draw
        self._letters = {each: letter(at) for at, each in enumerate(publication.references)}

    def sections(self) -> Iterator[tuple[str, str, str]]:
        """Id, title and content of each section."""
        report = self._report
        if report.figures:
            yield "figures", "Key figures", self._figures()
        for at, section in enumerate(report.sections, start=1):
            yield f"part-{at}", section.heading, self._section(f"part-{at}", section)
        if report.definitions:
            items = "".join(
                f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>"
                for name, text in report.definitions
            )
            yield "definitions", "What is counted", f"<dl>{items}</dl>"
        if report.findings is not None:
            heading = report.findings.heading
            yield "findings", heading, self._section("findings", report.findings)
        if report.references:
            yield "sources", "Sources", self._sources()

    def _figures(self) -> str:
        items = "".join(
            f"<li><p>{escape(each.sentence)}{self._notes(each.sources)}</p>"
            f"{_soft(each.bounds)}{_command(each.command)}</li>"
            for each in self._report.figures
        )
        return f'<ul class="figures">{items}</ul>'

    def _section(self, name: str, section: ReportSection) -> str:
        blocks = [f"<p>{escape(section.text)}</p>"] if section.text else []
        for at, picture in enumerate(section.pictures):
            if self._draw is None:
                blocks.append(f"<p>{escape(picture.description)}</p>")
            else:
                svg = _CHART_IDS.sub(rf"\1{name}-chart-{at}-\2", self._draw([picture]).strip())
                blocks.append(f"<figure>{svg}</figure>")
        nothing = _soft("Nothing is known.")
        blocks.append(self._table(name, section) if section.answer.rows else nothing)
        if notes := section.notes:
            items = "".join(f"<li>{escape(each)}</li>" for each in notes)
            blocks.append(f'<ul class="soft">{items}</ul>')
        return "".join([*blocks, _command(section.command)])

    def _table(self, name: str, section: ReportSection) -> str:
        columns = [*columns_of(section.answer)]
        tools, sorts = "", ""
        if len(section.answer.rows) >= _MANY:
            search = '<label>Only rows with <input type="search" autocomplete="off"></label>'
            status = '<span class="soft" role="status"></span>'
            tools = f'<div class="tools" id="{name}-tools" hidden>{search}{status}</div>'
            sorts = f' data-sorts data-tools="{name}-tools"'
        caption, label = escape(section.answer.title or section.heading), escape(section.heading)
        heads = "".join(_th(each, sorts=bool(sorts)) for each in columns)
        cells = zip(*(each.cells for each in columns), strict=True)
        rows = "".join(self._row(columns, row) for row in cells)
        legend = "".join(f"<br>{escape(each)}" for each in legend_of(section.answer))
        return (
            f'{tools}<div class="scroll" role="region" tabindex="0" aria-label="Table: {label}">'
            f"<table{sorts}><caption>{caption}{legend}</caption><thead><tr>{heads}</tr></thead>"
            f"<tbody>{rows}</tbody></table></div>"
        )

    def _row(self, columns: Sequence[PageColumn], row: Sequence[PageCell]) -> str:
        cells = []
        for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
            kind = ' class="n"' if column.number else ' class="note"' if column.note else ""
            key = f' data-key="{cell.key}"' if cell.key else ""
            mark = f"<sup>{cell.mark}</sup>" if cell.mark else ""
            text = f"{escape(cell.text)}{mark}{self._notes(cell.sources)}"
            tag, scope = ("th", ' scope="row"') if at == 0 else ("td", "")
            cells.append(f"<{tag}{scope}{kind}{key}>{text}</{tag}>")
        return f"<tr>{''.join(cells)}</tr>"

    def _notes(self, sources: Iterable[str]) -> str:
        links = ", ".join(
            f'<a href="#source-{each}" aria-label="source {each}">{each}</a>'
            for each in _letters(sources, self._letters)
        )
        return f"<sup> {links}</sup>" if links else ""

    def _sources(self) -> str:
        items = "".join(
            f'<li id="source-{self._letters[each]}"><b>{self._letters[each]}</b> '
            f"{_linked(line, self._report.addresses.get(each, ''))}</li>"
            for each, line in self._report.references.items()
        )
        return f'<ul class="sources" style="list-style:none;padding:0">{items}</ul>'


def _th(column: PageColumn, *, sorts: bool) -> str:
    kind = ' class="n"' if column.number else ""
    number = " data-number" if column.number else ""
    text = escape(column.head)
    inner = f'<button type="button">{text or "&nbsp;"}</button>' if sorts else text
    return f'<th scope="col"{kind}{number}>{inner}</th>'


def _soft(text: str) -> str:
    return f'<p class="soft">{escape(text)}</p>' if text else ""


def _command(command: str) -> str:
    return f'<p class="soft"><code>{escape(command)}</code></p>'


def _linked(line: str, address: str) -> str:
    """The line, its address a link where it is one that a browser may follow."""
    if not address.startswith(("https://", "http://")):
        return escape(line)
    link = f'<a href="{escape(address)}" rel="noreferrer">{escape(address)}</a>'
    return f"{escape(line.replace(address, '').rstrip(' ,;'))} {link}"


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
        yield "\n".join(f"- {_figure(each, letters)}" for each in report.figures)
    for section in report.sections:
        yield from _section(section, letters)
    if report.definitions:
        yield "## What is counted"
        yield "\n".join(
            f"- **{_plain(name)}**: {_plain(what)}" for name, what in report.definitions
        )
    if report.findings is not None:
        yield from _section(report.findings, letters)
    if report.references:
        yield "## Sources"
        yield "\n".join(
            f"[^{letters[each]}]: {in_markdown(line, printable(report.addresses.get(each, '')))}"
            for each, line in report.references.items()
        )
    yield f"*{_plain(report.record)}*"


def _figure(figure: KeyFigure, letters: dict[str, str]) -> str:
    bounds = f" {_plain(figure.bounds)}" if figure.bounds else ""
    told = f"{_plain(figure.sentence)}{_notes(figure.sources, letters)}{bounds}"
    return f"{told} ({as_code(figure.command)})"


def _section(section: ReportSection, letters: dict[str, str]) -> Iterator[str]:
    yield f"## {_plain(section.heading)}"
    if section.text:
        yield _plain(section.text)
    for picture in section.pictures:
        yield _plain(picture.description)
    if not section.answer.rows:
        yield "Nothing is known."
    else:
        columns = (
            [
                _plain(head),
                "---:" if number else "---",
                *(f"{_plain(e.text + e.mark)}{_notes(e.sources, letters)}" for e in cells),
            ]
            for head, cells, number, _ in columns_of(section.answer)
        )
        yield "\n".join(f"| {' | '.join(line)} |" for line in zip(*columns, strict=True))
        if legend := legend_of(section.answer):
            yield "  \n".join(map(_plain, legend))
    if notes := section.notes:
        yield "\n".join(f"- {_plain(each)}" for each in notes)
    yield as_code(section.command)


def _notes(sources: Iterable[str], letters: dict[str, str]) -> str:
    return "".join(f"[^{each}]" for each in _letters(sources, letters))


def _letters(sources: Iterable[str], letters: dict[str, str]) -> list[str]:
    """The letters of those sources that have one, each once."""
    return [letters[each] for each in dict.fromkeys(sources) if each in letters]


def _plain(text: str) -> str:
    r"""*text* so that Markdown shows it as it is.

    >>> print(_plain("a|b *c*"))
    a\|b \*c\*
    """
    return in_markdown(printable(" ".join(text.split())))
