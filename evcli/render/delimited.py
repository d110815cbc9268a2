r"""CSV, TSV and Markdown tables, a line at a time.

CSV quotes as RFC 4180 does and only where it must, with LF line ends. TSV has no quoting at
all: tabs and line ends inside a text become spaces. Nothing else is altered, so a cell that
starts with ``=`` or ``-`` stays what it was. GitHub-flavoured Markdown has numbers raw, to the
right, and escapes what is markup.

>>> from evcli.model.answer import Answer, Column
>>> answer = Answer((Column("id"), Column("value", Kind.NUMBER)), [{"id": "a|b, c", "value": 12}])
>>> print("".join([*csv_lines(answer), *markdown_lines(answer)]), end="")
id,value
"a|b, c",12
| id | value |
| --- | ---: |
| a\|b, c | 12 |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

from evcli.model.answer import Answer, Kind
from evcli.text.numbers import plain

_BREAKS = str.maketrans("\t\n\r", "   ")
_MARKUP = r"[\\|`*<\[\]]|(?<!\w)_|_(?!\w)"


def csv_lines(answer: Answer) -> Iterator[str]:
    """The header, then a line for each row."""
    written = _quoted if len(answer.columns) > 1 else _alone
    return (",".join(cells) + "\n" for cells in _cells(answer, written))


def tsv_lines(answer: Answer) -> Iterator[str]:
    """The header, then a line for each row."""
    return ("\t".join(cells) + "\n" for cells in _cells(answer, _on_one_line))


def markdown_lines(answer: Answer) -> Iterator[str]:
    """The header, the alignments, then a line for each row."""
    right = (Kind.NUMBER, Kind.CHANGE)
    lines = _cells(answer, lambda text: re.sub(_MARKUP, r"\\\g<0>", _on_one_line(text)))
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


def _alone(text: str) -> str:
    """The only cell of a line: an empty one is quoted, for readers skip blank lines."""
    return _quoted(text) or '""'
