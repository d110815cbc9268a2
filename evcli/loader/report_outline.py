"""Report files, read as strictly as fact files: every mistake is named with its place.

A report file is one mapping::

    title: China's exports
    lead: What was counted, month by month.      # optional
    figures: [cn.exports.nev.caam@2025]          # optional: ids, told in a sentence each
    sections:
      - heading: This year
        command: exports --year 2025             # as typed after evcli
        chart: yes                               # optional
        text: What the table shows.              # optional
"""

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from evcli.errors import InvalidFacts, UsageError
from evcli.loader.entry import Entry
from evcli.loader.files import Report, display, read
from evcli.loader.yaml_nodes import parse
from evcli.model.picture import ReportOutline, RequestedSection

_TOP = frozenset({"title", "lead", "figures", "sections"})
_SECTION = frozenset({"heading", "text", "command", "chart"})
Refusal = Callable[[Sequence[str]], str]  # what of a command line a file may not use, if anything


def read_outline(path: Path, refusal: Refusal) -> ReportOutline:
    """What the report file *path* asks for; no command in it that has a *refusal*.

    Raises InvalidFacts with all its mistakes, UsageError where there is no such file.
    """
    if not path.is_file():
        raise UsageError(f"no such report file: {path}", "name a topic, or a YAML file")
    report = Report()
    name = display(path)
    content = read(path, report)
    node = parse(content[1], name, report) if content is not None else None
    outline = ReportOutline("")
    if node is not None:
        top = Entry(node, name, report, "a report")
        top.only(_TOP)
        sections = [_section(each, refusal) for each in top.list("sections", "section")]
        outline = ReportOutline(
            top.required("title"),
            top.text("lead"),
            tuple((s.text.strip(), f"{name}:{s.line}:{s.column}") for s in top.scalars("figures")),
            tuple(each for each in sections if each is not None),
        )
        if not sections and not outline.figures:
            top.problem("a report needs figures or sections", "add sections: [{heading, command}]")
    if report.problems:
        raise InvalidFacts(report.problems)
    return outline


def _section(entry: Entry, refusal: Refusal) -> RequestedSection | None:
    entry.only(_SECTION)
    heading, command = entry.required("heading"), entry.required("command")
    chart = entry.flag("chart", default=False)
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        entry.problem(f"this is not a command line: {error}", "close the quotes", "command")
        return None
    for needless in ("evcli", "--"):
        if arguments[:1] == [needless]:
            del arguments[0]
    outside = refusal(arguments) if arguments else ""
    why = f"{outside} has no place in a report" if arguments else "a section asks one command"
    if command and (outside or not arguments):
        entry.problem(why, "evcli help reports says what may be asked", "command")
    where = entry.where("command")
    return RequestedSection(heading, tuple(arguments), where, entry.text("text"), chart)
