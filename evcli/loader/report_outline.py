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

from __future__ import annotations

import shlex
from pathlib import Path

from evcli.errors import InvalidFacts, UsageError
from evcli.loader.entry import Document, Entry
from evcli.loader.files import display, read
from evcli.loader.problems import Report
from evcli.loader.yaml_nodes import parse
from evcli.model.report import ReportOutline, RequestedSection

_TOP = frozenset({"title", "lead", "figures", "sections"})
_SECTION = frozenset({"heading", "text", "command", "chart"})
_REFUSED = ("report", "package", "facts", "help")  # what answers with something else than rows
_OPTIONS = ("--format", "--fields", "--chart")  # what decides how an answer is printed


def read_outline(path: Path) -> ReportOutline:
    """What the report file *path* asks for.

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
        top = Entry(node, Document(name, node), report, "a report")
        top.only(_TOP)
        sections = [_section(each) for each in top.list("sections", "section")]
        outline = ReportOutline(
            top.required("title"),
            top.text("lead"),
            top.texts("figures"),
            tuple(each for each in sections if each is not None),
        )
        if not sections and not outline.figures:
            top.problem("a report needs figures or sections", "add sections: [{heading, command}]")
    if report.problems:
        raise InvalidFacts(report.problems)
    return outline


def _section(entry: Entry) -> RequestedSection | None:
    entry.only(_SECTION)
    heading, command = entry.required("heading"), entry.required("command")
    chart = entry.flag("chart", default=False)
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        entry.problem(f"this is not a command line: {error}", "close the quotes", "command")
        return None
    if arguments[:1] == ["evcli"]:
        del arguments[0]
    if not arguments:
        return None
    if arguments[0] in _REFUSED:
        message = f"{arguments[0]} prints no table and cannot be used in a report"
        entry.problem(message, "ask get, a topic, top, trend ...", "command")
    for option in _OPTIONS:
        if any(each.partition("=")[0] == option for each in arguments):
            message = f"a report sets its tables and charts itself: {option} has no place in it"
            entry.problem(message, "leave it out (chart: yes draws)", "command")
    return RequestedSection(heading, tuple(arguments), entry.text("text"), chart)
