r"""Text that is safe to show: what would move the cursor or reorder letters becomes U+FFFD.

Only the table does this. Machine formats keep every character.

>>> visible("BYD\x1b[31m \u202eevil"), visible("two\nlines")
('BYD\ufffd[31m \ufffdevil', 'two lines')
"""

from __future__ import annotations

_HARMLESS = "\u200c\u200d"  # joiners, which Persian and emoji need
_UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def visible(text: str) -> str:
    """*text* on one line and without invisible characters."""
    if text.isprintable():
        return text
    from unicodedata import category  # only odd text needs it

    one_line = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return "".join(
        "\ufffd" if category(char) in _UNSAFE and char not in _HARMLESS else char
        for char in one_line
    )
