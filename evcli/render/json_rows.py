r"""JSON and JSON lines, a row at a time, one row a line.

Numbers are JSON numbers with the same digits as in CSV, written here and never by way of a
float. Text outside ASCII stays as it is; control characters and lone surrogates are escaped.

>>> from evcli.model.answer import Answer, Column
>>> answer = Answer((Column("id"), Column("note")), [{"id": "a", "note": "比亚迪\x1b"}])
>>> print("".join(jsonl_lines(answer)), end="")
{"id":"a","note":"比亚迪\u001b"}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from evcli.model.answer import Answer, Rounding, Value
from evcli.text.numbers import digits

_SPECIAL = re.compile('["\\\\\x00-\x1f\x7f\ud800-\udfff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


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
    return f'"{_SPECIAL.sub(_escape, text)}"' if _SPECIAL.search(text) else f'"{text}"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"
