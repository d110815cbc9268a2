"""The letters of footnotes, the same under a table and in a reference list."""

from __future__ import annotations


def letter(index: int) -> str:
    """The name of the footnote with that index.

    >>> letter(0), letter(25), letter(26), letter(702)
    ('a', 'z', 'aa', 'aaa')
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
