"""CSV and TSV, a line at a time.

CSV quotes as RFC 4180 does and only where it must, with LF line ends. TSV has no quoting at
all: tabs and line ends inside a text become spaces. Nothing else is altered, so a cell that
starts with ``=`` or ``-`` stays what it was.

>>> from evcli.model.answer import Answer, Column
>>> answer = Answer((Column("id"), Column("note")), [{"id": "a", "note": 'so "called", that is'}])
>>> print("".join(csv_lines(answer)), end="")
id,note
a,"so ""called"", that is"
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evcli.model.answer import Answer
from evcli.text.numbers import plain

_BREAKS = str.maketrans("\t\n\r", "   ")


def csv_lines(answer: Answer) -> Iterator[str]:
    """The header, then a line for each row."""
    return _lines(answer, ",", _quoted if len(answer.columns) > 1 else _alone)


def tsv_lines(answer: Answer) -> Iterator[str]:
    """The header, then a line for each row."""
    return _lines(answer, "\t", lambda text: text.translate(_BREAKS))


def _lines(answer: Answer, separator: str, written: Callable[[str], str]) -> Iterator[str]:
    columns = [(column.name, column.rounding) for column in answer.columns]
    yield separator.join([written(name) for name, _ in columns]) + "\n"
    for row in answer.rows:
        cells = [written(plain(row.get(name), rounding)) for name, rounding in columns]
        yield separator.join(cells) + "\n"


def _quoted(text: str) -> str:
    if '"' in text:
        return '"' + text.replace('"', '""') + '"'
    if "," in text or "\n" in text or "\r" in text:
        return f'"{text}"'
    return text


def _alone(text: str) -> str:
    """The only cell of a line: an empty one is quoted, for readers skip blank lines."""
    return _quoted(text) or '""'
