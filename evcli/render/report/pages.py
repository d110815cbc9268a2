"""A report as one HTML file or as Markdown that GitHub and Pandoc read.

Tables have the same words as in the terminal. In HTML no script, font or image comes from anywhere
else; tables sort and filter, charts follow the colours of the reader, and without scripts
everything can still be read.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from html import escape
from pathlib import Path
from string import Template

from evcli.model.answer import Answer, Kind, View, letter, listed_in
from evcli.model.picture import Picture, Publication, ReportSection
from evcli.render.cells import MARKS, NUMERIC, display, headed, marks_of, show, with_unit
from evcli.render.charts.drawing import drawn, faces, themed
from evcli.text.characters import as_code, in_markdown, printable
from evcli.tuples import NamedTuple
from evcli.version import __version__

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


_MANY = 8  # rows from which a table is worth narrowing


def html_page(publication: Publication) -> str:
    """The whole page; pictures on it are drawn, which needs the extra."""
    page = _Page(publication)
    parts = list(page.parts())
    return Template((_HERE / "page.html").read_text("utf-8")).substitute(
        title=escape(publication.title),
        style=f"{faces()}{(_HERE / 'page.css').read_text('utf-8')}",
        lead=f'<p class="lead">{escape(publication.lead)}</p>' if publication.lead else "",
        links="".join(
            f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title, _ in parts
        ),
        sections="".join(
            f'<section id="{name}"><h2>{escape(title)}</h2>{body}</section>\n'
            for name, title, body in parts
        ),
        record=escape(publication.record),
        script=(_HERE / "page.js").read_text("utf-8"),
    )


def markdown_page(publication: Publication) -> str:
    """The whole report; a chart is described in words."""
    page = _Markdown(publication)
    parts = (f"## {_plain(title)}\n\n{body}" for _, title, body in page.parts())
    lead = [_plain(publication.lead)] if publication.lead else []
    record = f"*{_plain(publication.record)}*"
    return "\n\n".join([f"# {_plain(publication.title)}", *lead, *parts, record]) + "\n"


def chart_page(pictures: Sequence[Picture], answer: Answer, command: str) -> str:
    """A page of *pictures* and of the *answer* that they show, which *command* gives."""
    title = "; ".join(picture.title for picture in pictures)
    section = ReportSection("Figures", command, answer, pictures=tuple(pictures))
    sources = {each: (said, "") for each, said in answer.footnotes().items()}
    record = f"Made by evcli {__version__}."
    return html_page(Publication(title, sections=(section,), references=sources, record=record))


class _Page:
    """What the parts of a page are, in their order, and how HTML has them."""

    between = ""  # two blocks

    def __init__(self, publication: Publication) -> None:
        self.report = publication
        self.letters = {each: letter(at) for at, each in enumerate(publication.references)}

    def parts(self) -> Iterator[tuple[str, str, str]]:
        """Id, title and content of each."""
        report = self.report
        if report.figures:
            yield "figures", "Key figures", self.figures()
        for at, section in enumerate(report.sections, start=1):
            yield f"part-{at}", section.heading, self.section(f"part-{at}", section)
        if report.definitions:
            yield "definitions", "What is counted", self.definitions()
        if report.findings is not None:
            heading = report.findings.heading
            yield "findings", heading, self.section("findings", report.findings)
        if report.references:
            yield "sources", "Sources", self.sources()

    def section(self, name: str, section: ReportSection) -> str:
        """What a command answered, with its pictures."""
        pictures = enumerate(section.pictures)
        blocks = [
            self.paragraph(section.text),
            *(self.picture(f"{name}-chart-{at}-", picture) for at, picture in pictures),
            self.table(name, section) if section.answer.rows else self.soft("Nothing is known."),
            self.bullets(section.notes),
            self.command(section.command),
        ]
        return self.between.join(filter(None, blocks))

    def lettered(self, sources: Iterable[str]) -> list[str]:
        """The letters of those sources that have one, each once."""
        return [self.letters[each] for each in dict.fromkeys(sources) if each in self.letters]

    def figures(self) -> str:
        items = "".join(
            f"<li><p>{escape(each.sentence)}{self.notes(each.sources)}</p>"
            f"{self.soft(each.bounds)}{self.command(each.command)}</li>"
            for each in self.report.figures
        )
        return f'<ul class="figures">{items}</ul>'

    def definitions(self) -> str:
        each = (
            f"<dt>{escape(n)}</dt><dd>{escape(text)}</dd>" for n, text in self.report.definitions
        )
        return f"<dl>{''.join(each)}</dl>"

    def sources(self) -> str:
        items = "".join(
            f'<li id="source-{self.letters[each]}"><b>{self.letters[each]}</b> '
            f"{_linked(*line)}</li>"
            for each, line in self.report.references.items()
        )
        return f'<ul class="sources" style="list-style:none;padding:0">{items}</ul>'

    def paragraph(self, text: str) -> str:
        return f"<p>{escape(text)}</p>" if text else ""

    def soft(self, text: str) -> str:
        return f'<p class="soft">{escape(text)}</p>' if text else ""

    def bullets(self, texts: Sequence[str]) -> str:
        items = "".join(f"<li>{escape(each)}</li>" for each in texts)
        return f'<ul class="soft">{items}</ul>' if items else ""

    def command(self, command: str) -> str:
        return f'<p class="soft"><code>{escape(command)}</code></p>' if command else ""

    def notes(self, sources: Iterable[str]) -> str:
        links = ", ".join(
            f'<a href="#source-{each}" aria-label="source {each}">{each}</a>'
            for each in self.lettered(sources)
        )
        return f"<sup> {links}</sup>" if links else ""

    def picture(self, name: str, picture: Picture) -> str:
        return f"<figure>{themed(drawn([picture], name)).strip()}</figure>"

    def table(self, name: str, section: ReportSection) -> str:
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
            text = f"{escape(cell.text)}{mark}{self.notes(cell.sources)}"
            tag, scope = ("th", ' scope="row"') if at == 0 else ("td", "")
            cells.append(f"<{tag}{scope}{kind}{key}>{text}</{tag}>")
        return f"<tr>{''.join(cells)}</tr>"


def _th(column: PageColumn, *, sorts: bool) -> str:
    kind = ' class="n" data-number' if column.number else ""
    text = escape(column.head)
    inner = f'<button type="button">{text or "&nbsp;"}</button>' if sorts else text
    return f'<th scope="col"{kind}>{inner}</th>'


def _linked(line: str, address: str) -> str:
    """The line, its address a link where it is one that a browser may follow."""
    if not address.startswith(("https://", "http://")):
        return escape(line)
    link = f'<a href="{escape(address)}" rel="noreferrer">{escape(address)}</a>'
    return f"{escape(line.replace(address, '').rstrip(' ,;'))} {link}"


class _Markdown(_Page):
    between = "\n\n"

    def figures(self) -> str:
        return "\n".join(
            f"- {_plain(each.sentence)}{self.notes(each.sources)}"
            f"{each.bounds and ' '}{_plain(each.bounds)} ({as_code(each.command)})"
            for each in self.report.figures
        )

    def definitions(self) -> str:
        return "\n".join(
            f"- **{_plain(n)}**: {_plain(text)}" for n, text in self.report.definitions
        )

    def sources(self) -> str:
        return "\n".join(
            f"[^{self.letters[each]}]: {in_markdown(line, printable(address))}"
            for each, (line, address) in self.report.references.items()
        )

    def paragraph(self, text: str) -> str:
        return _plain(text)

    soft = paragraph

    def bullets(self, texts: Sequence[str]) -> str:
        return "\n".join(f"- {_plain(each)}" for each in texts)

    def command(self, command: str) -> str:
        return as_code(command)

    def notes(self, sources: Iterable[str]) -> str:
        return "".join(f"[^{each}]" for each in self.lettered(sources))

    def picture(self, name: str, picture: Picture) -> str:
        return _plain(picture.description)

    def table(self, name: str, section: ReportSection) -> str:
        columns = (
            [
                _plain(head),
                "---:" if number else "---",
                *(f"{_plain(e.text + e.mark)}{self.notes(e.sources)}" for e in cells),
            ]
            for head, cells, number, _ in columns_of(section.answer)
        )
        table = "\n".join(f"| {' | '.join(line)} |" for line in zip(*columns, strict=True))
        legend = "  \n".join(map(_plain, legend_of(section.answer)))
        return f"{table}\n\n{legend}".rstrip()


def _plain(text: str) -> str:
    r"""*text* so that Markdown shows it as it is.

    >>> print(_plain("a|b *c*"))
    a\|b \*c\*
    """
    return in_markdown(printable(" ".join(text.split())))
