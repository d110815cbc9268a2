r"""A GitHub-flavoured Markdown table of the columns, numbers raw and to the right.

>>> from evcli.model.answer import Answer, Column, Kind
>>> answer = Answer((Column("id"), Column("value", Kind.NUMBER)), [{"id": "a|b", "value": 1200}])
>>> print("".join(markdown_lines(answer)), end="")
| id | value |
| --- | ---: |
| a\|b | 1200 |
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evcli.model.answer import Answer, Kind
from evcli.text.numbers import plain

_BREAK = re.compile(r"\r\n|[\t\n\r]")
_MARKUP = re.compile(r"[\\|`*<\[\]]|(?<!\w)_|_(?!\w)")
_ODD = re.compile(r"[\\|`*<\[\]_\t\n\r]")  # what either of them may find: most cells have none
_RIGHT = (Kind.NUMBER, Kind.CHANGE)


def markdown_lines(answer: Answer) -> Iterator[str]:
    """The header, the alignments, then a line for each row."""
    columns = [(column.name, column.rounding) for column in answer.columns]
    yield _line([_literal(name) for name, _ in columns])
    yield _line(["---:" if column.kind in _RIGHT else "---" for column in answer.columns])
    for row in answer.rows:
        yield _line([_literal(plain(row.get(name), rounding)) for name, rounding in columns])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _literal(text: str) -> str:
    """*text* so that Markdown shows it as it is, on one line."""
    if not _ODD.search(text):
        return text
    return _MARKUP.sub(r"\\\g<0>", _BREAK.sub(" ", text))
