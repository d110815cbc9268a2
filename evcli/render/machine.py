"""The formats for programs, and Markdown tables, a line at a time.

CSV quotes as RFC 4180 does and only where it must, with LF line ends. TSV has no quoting at
all: tabs and line ends inside a text become spaces. Nothing else is altered, so a cell that
starts with ``=`` or ``-`` stays what it was, unless it is written :func:`for_excel`.
GitHub-flavoured Markdown has numbers raw, to the right, and escapes what is markup. JSON numbers
have the same digits as in CSV, written here and never by way of a float; there text outside ASCII
stays as it is, and control characters and lone surrogates are escaped.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from evcli.model.answer import Answer, Kind, Rounding, Value
from evcli.text.numbers import digits, plain

_BREAKS = str.maketrans("\t\n\r", "   ")
_DATA = str.maketrans({each: f"%{ord(each):02X}" for each in "%\r\n"})
_PROPERTY = str.maketrans({each: f"%{ord(each):02X}" for each in "%\r\n:,"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what begins so a spreadsheet may compute
_SPECIAL = '["\\\\\x00-\x1f\x7f\ud800-\udfff]'
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def csv_lines(answer: Answer) -> Iterator[str]:
    """The header, then a line for each row."""
    blank = "" if len(answer.columns) > 1 else '""'  # readers skip blank lines
    lines = (",".join(cells) for cells in _cells(answer, _quoted))
    return (f"{line or blank}\n" for line in lines)


def tsv_lines(answer: Answer) -> Iterator[str]:
    """The header, then a line for each row."""
    return ("\t".join(cells) + "\n" for cells in _cells(answer, _on_one_line))


def for_excel(answer: Answer) -> Answer:
    """The same with an apostrophe before each text that a spreadsheet would take for a formula."""

    def guarded(value: Value) -> Value:
        is_text = isinstance(value, (str, tuple)) and plain(value).startswith(_FORMULA)
        return f"'{plain(value)}" if is_text else value

    rows = [{name: guarded(value) for name, value in row.items()} for row in answer.rows]
    return answer._replace(rows=rows)


def markdown_lines(answer: Answer) -> Iterator[str]:
    """The header, the alignments, then a line for each row."""
    from evcli.text.characters import in_markdown  # which no other format needs

    right = (Kind.NUMBER, Kind.CHANGE)
    lines = _cells(answer, lambda text: in_markdown(_on_one_line(text)))
    alignments = ["---:" if column.kind in right else "---" for column in answer.columns]
    for cells in chain([next(lines), alignments], lines):
        yield f"| {' | '.join(cells)} |\n"


def _cells(answer: Answer, written: Callable[[str], str]) -> Iterator[list[str]]:
    """The names, then the cells of each row."""
    columns = [(column.name, column.rounding) for column in answer.columns]
    yield [written(name) for name, _ in columns]
    for row in answer.rows:
        yield [written(plain(row.get(name), rounding)) for name, rounding in columns]


def _on_one_line(text: str) -> str:
    return text.replace("\r\n", " ").translate(_BREAKS)


def _quoted(text: str) -> str:
    if '"' in text:
        return '"' + text.replace('"', '""') + '"'
    if "," in text or "\n" in text or "\r" in text:
        return f'"{text}"'
    return text


def json_lines(answer: Answer) -> Iterator[str]:
    """One array with an object a row."""
    before = "[\n  "
    for line in _objects(answer):
        yield before + line
        before = ",\n  "
    yield "[]\n" if before.startswith("[") else "\n]\n"


def jsonl_lines(answer: Answer) -> Iterator[str]:
    """An object a line; nothing at all where there are no rows."""
    return (line + "\n" for line in _objects(answer))


def _objects(answer: Answer) -> Iterator[str]:
    fields = [(_string(column.name), column.name, column.rounding) for column in answer.columns]
    for row in answer.rows:
        members = [f"{key}:{_value(row.get(name), rounding)}" for key, name, rounding in fields]
        yield "{" + ",".join(members) + "}"


Json = Value | Answer


def object_line(members: Mapping[str, Json]) -> str:
    """One object on one line, answers in it as lists of their rows; what is empty is left out.

    >>> object_line({"exit": 0, "title": "", "rows": Answer((), [{}]), "notes": ("a", "b")})
    '{"exit":0,"rows":[{}],"notes":["a","b"]}'
    """
    written = []
    for name, value in members.items():
        if isinstance(value, Answer):
            written.append(f"{_string(name)}:[{','.join(_objects(value))}]")
        elif value or value in (0, False):
            written.append(f"{_string(name)}:{_value(value, Rounding.NEAREST)}")
    return "{" + ",".join(written) + "}"


def github_lines(answer: Answer) -> Iterator[str]:
    """A command for each mistake, by which a workflow of GitHub shows it at its line.

    >>> from evcli.model.answer import Column
    >>> row = {"level": "error", "file": "a,b.yaml", "line": 3, "message": "100 %", "hint": "no"}
    >>> print(*github_lines(Answer((Column("level"),), [row])), end="")
    ::error file=a%2Cb.yaml,line=3::100 %25 (no)
    """
    for row in answer.rows if "level" in [each.name for each in answer.columns] else ():
        keys = {"file": row.get("file"), "line": row.get("line"), "col": row.get("column")}
        place = (f"{key}={plain(at).translate(_PROPERTY)}" for key, at in keys.items() if at)
        text = f"{row['message']} ({row['hint']})" if row["hint"] else str(row["message"])
        yield f"::{row['level']} {','.join(place)}::{text.translate(_DATA)}\n"


def _value(value: Value, rounding: Rounding) -> str:
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return "[" + ",".join([_string(item) for item in value]) + "]"
    if isinstance(value, list):
        return "[" + ",".join([_object(note._asdict(), rounding) for note in value]) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return digits(value, rounding)


def _object(fields: Mapping[str, Value], rounding: Rounding) -> str:
    """A note as an object; without ``refs`` where it has none."""
    members = [f'"{key}":{_value(value, rounding)}' for key, value in fields.items() if value]
    return "{" + ",".join(members) + "}"


def _string(text: str) -> str:
    if '"' in text or "\\" in text or not text.isprintable():
        text = re.sub(_SPECIAL, lambda sign: _SHORT.get(sign[0]) or f"\\u{ord(sign[0]):04x}", text)
    return f'"{text}"'
