"""A report as one HTML file or as Markdown that GitHub and Pandoc read.

Tables have the same words as in the terminal. In HTML no script, font or image comes from anywhere
else; tables sort and filter, charts follow the colours of the reader, and without scripts
everything can still be read.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from html import escape
from pathlib import Path
from string import Template

from evcli.model.answer import Answer, HumanColumn, Kind, View, letter, listed_in
from evcli.model.picture import Picture, Publication, ReportSection
from evcli.render.cells import MARKS, NUMERIC, marks_of, show
from evcli.render.charts.drawing import drawn, faces, themed
from evcli.render.layout import described
from evcli.render.table import view_column
from evcli.text.characters import as_code, in_markdown, printable
from evcli.version import __version__

_HERE = Path(__file__).parent
_MANY = 8  # rows from which a table is worth narrowing


def html_page(publication: Publication) -> str:
    """The whole page; pictures on it are drawn, which needs the extra."""
    page = _Page(publication, "html")
    parts = list(page.parts())
    return Template((_HERE / "page.html").read_text("utf-8")).substitute(
        title=escape(publication.title),
        style=f"{faces()}{(_HERE / 'page.css').read_text('utf-8')}",
        lead=f'<p class="lead">{escape(publication.lead)}</p>' if publication.lead else "",
        links="".join(f'<li><a href="#{id}">{escape(title)}</a></li>' for id, title, _ in parts),
        sections="".join(page.put("part", title, id=id, body=body) for id, title, body in parts),
        record=escape(publication.record),
        script=(_HERE / "page.js").read_text("utf-8"),
    )


def markdown_page(publication: Publication) -> str:
    """The whole report; a chart is described in words."""
    page = _Page(publication, "markdown")
    parts = (page.put("part", title, body=body.strip()) for _, title, body in page.parts())
    lead = f"{_plain(publication.lead)}\n\n" if publication.lead else ""
    record = f"*{_plain(publication.record)}*"
    return f"# {_plain(publication.title)}\n\n{lead}{''.join(parts)}{record}\n"


def chart_page(pictures: Sequence[Picture], answer: Answer, command: str) -> str:
    """A page of *pictures* and of the *answer* that they show, which *command* gives."""
    title = "; ".join(picture.title for picture in pictures)
    section = ReportSection("Figures", command, answer, pictures=tuple(pictures))
    sources = {each: (said, "") for each, said in answer.footnotes().items()}
    record = f"Made by evcli {__version__}."
    return html_page(Publication(title, sections=(section,), references=sources, record=record))


def table_alone(answer: Answer) -> str:
    """The rows as a table for notebooks, then the ids of their sources."""
    named = (id for row in answer.rows for id in listed_in(row, "sources"))
    references = {id: (id, "") for id in dict.fromkeys(named)}
    page = _Page(Publication("", references=references, record=""), "html")
    sources = "".join(body for _, _, body in page.parts())
    table = page.table("", ReportSection(answer.title, "", answer))
    return page.put("alone", table=table, caution=page.put("soft", answer.caution), sources=sources)


class _Page:
    """What the parts of a page are, in their order; ``forms.toml`` has how each is set."""

    def __init__(self, publication: Publication, language: str) -> None:
        self.report = publication
        self.letters = {each: letter(at) for at, each in enumerate(publication.references)}
        self.forms = tomllib.loads((_HERE / "forms.toml").read_text("utf-8"))[language]
        self.html = language == "html"
        self.plain = escape if self.html else _plain

    def put(self, form: str, text: str | None = None, **parts: str) -> str:
        """One piece; nothing where its *text* is empty."""
        piece = "" if text == "" else self.forms[form]
        return Template(piece).substitute(parts, text=self.plain(text or ""))

    def listed(self, form: str, items: Iterable[str], between: str = "") -> str:
        """A list of pieces; nothing where there are none."""
        joined = between.join(items)
        return self.put(form, items=joined) if joined else ""

    def parts(self) -> Iterator[tuple[str, str, str]]:
        """Id, title and content of each."""
        report, put = self.report, self.put
        if report.figures:
            figures = (
                put(
                    "figure",
                    each.sentence,
                    notes=self.notes(each.sources),
                    bounds=put("bounds", each.bounds),
                    command=self.command(each.command),
                )
                for each in report.figures
            )
            yield "figures", "Key figures", self.listed("figures", figures)
        for at, section in enumerate(report.sections, start=1):
            yield f"part-{at}", section.heading, self.section(f"part-{at}", section)
        if report.definitions:
            each = (put("definition", text, name=self.plain(n)) for n, text in report.definitions)
            yield "definitions", "What is counted", self.listed("definitions", each)
        if report.findings is not None:
            heading = report.findings.heading
            yield "findings", heading, self.section("findings", report.findings)
        if report.references:
            linked = _linked if self.html else lambda line, url: in_markdown(line, printable(url))
            lines = (
                put("source", id=self.letters[each], line=linked(*line))
                for each, line in report.references.items()
            )
            yield "sources", "Sources", self.listed("sources", lines)

    def section(self, name: str, section: ReportSection) -> str:
        """What a command answered, with its pictures."""
        put = self.put
        blocks = [put("paragraph", section.text)]
        for at, picture in enumerate(section.pictures):
            image = themed(drawn([picture], f"{name}-chart-{at}-")) if self.html else ""
            blocks.append(put("picture", described(picture), image=image.strip()))
        known = bool(section.answer.rows)
        blocks += [
            self.table(name, section) if known else put("soft", "Nothing is known."),
            self.listed("bullets", (put("bullet", each) for each in section.notes)),
            self.command(section.command),
        ]
        return str(self.forms["between"]).join(each.strip() for each in blocks if each)

    def command(self, command: str) -> str:
        """A command as code."""
        code = escape(command) if self.html else as_code(command)
        return self.put("command", code=code) if command else ""

    def notes(self, sources: Iterable[str]) -> str:
        """The letters of those sources that have one, each once."""
        known = [self.letters[each] for each in dict.fromkeys(sources) if each in self.letters]
        return self.listed("notes", (self.put("note", id=e) for e in known), self.forms["next"])

    def table(self, name: str, section: ReportSection) -> str:
        """The rows of an answer, which sort and are narrowed by *name* where they are many."""
        put, answer = self.put, section.answer
        columns, many = [*self.columns(answer)], bool(name) and len(answer.rows) >= _MANY
        form, blank = ("sorts" if many else "head"), "\N{NO-BREAK SPACE}" * (many and self.html)
        heads = (put(form, head or blank or None, kind=kind) for head, kind, _ in columns)
        rules = (put("rule", line="---:" if "number" in kind else "---") for _, kind, _ in columns)
        rows = zip(*(cells for _, _, cells in columns), strict=True)
        used = {mark for row in answer.rows for mark in marks_of(row)}
        table = put(
            "table",
            section.heading,
            data=f' data-sorts data-tools="{name}-tools"' if many else "",
            caption=self.plain(answer.title or section.heading),
            legend="".join(put("legend", " ".join(m)) for m in MARKS.values() if m in used),
            heads="".join(heads),
            rules="".join(rules),
            rows="".join(put("row", items="".join(cells)) for cells in rows),
        )
        return put("tools", id=name) + table if many else table

    def columns(self, answer: Answer) -> Iterator[tuple[str, str, list[str]]]:
        """The head of each column, its attributes, its cells, which sort by value or known end."""
        rows, kinds = answer.rows, {Kind.NUMBER: View.NUMBER, Kind.CHANGE: View.CHANGE}
        views = answer.views or [
            HumanColumn(each.name, kinds.get(each.kind, View.TEXT), (each.name,))
            for each in answer.flat().columns
        ]
        views = [view for view in views if any(show(view, row) for row in rows)]
        first = next((view for view in views if view.view in NUMERIC), None)
        for view in views:
            column = view_column(view, rows, brief=False)
            kind = ' class="n"' if view.view in NUMERIC else ""
            kind = ' class="note"' if view.view is View.NOTES else kind
            cells = []
            for text, row in zip(column.cells, rows, strict=True):
                ids = listed_in(row, view.fields[0]) if view.view is View.SOURCES else ()
                numbers = map(row.get, view.fields if view.view in NUMERIC else ())
                key = next((float(n) for n in numbers if isinstance(n, int | Fraction)), None)
                mark = "".join(sign for sign, _ in marks_of(row)) if text and view is first else ""
                cells.append(
                    self.put(
                        "first" if view is views[0] else "cell",
                        (not ids and text) or None,
                        kind=kind,
                        key="" if key is None else f' data-key="{key}"',
                        mark=self.put("mark", mark),
                        notes=self.notes(ids),
                    )
                )
            kind += " data-number" * (view.view in NUMERIC)
            unit = f" ({column.unit})" if column.unit else ""
            yield f"{column.head or view.fields[0]}{unit}", kind, cells


def _linked(line: str, address: str) -> str:
    """The line, its address a link where it is one that a browser may follow."""
    if not address.startswith(("https://", "http://")):
        return escape(line)
    link = f'<a href="{escape(address)}" rel="noreferrer">{escape(address)}</a>'
    return f"{escape(line.replace(address, '').rstrip(' ,;'))} {link}"


def _plain(text: str) -> str:
    """*text* so that Markdown shows it as it is."""
    return in_markdown(printable(" ".join(text.split())))
