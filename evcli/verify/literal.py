"""Finding words of a page in its text, whatever blanks and quotation marks are between."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\d+|[^\W\d]+|[^\w\s]")
_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2011": "-",
    }
)


def occurrences(snippet: str, text: str) -> Iterator[tuple[int, int]]:
    """Where *snippet* stands in *text* as whole words and numbers.

    >>> list(occurrences("of $16 billion", "a total of$16 billion in 2024"))
    [(8, 21)]
    >>> list(occurrences("2.0", "12.0 or 2.05"))
    []
    """
    tokens = _TOKEN.findall(snippet.translate(_QUOTES))
    if not tokens:
        return
    lead = r"(?<![A-Za-z\d])(?<!\d[.,])" if tokens[0][0].isascii() and tokens[0].isalnum() else ""
    trail = ""
    if tokens[-1][-1].isascii() and tokens[-1].isalnum():
        trail = r"(?![A-Za-z\d])" + (r"(?![.,]\d)" if tokens[-1].isdigit() else "")
    pattern = re.compile(lead + r"\s*".join(map(re.escape, tokens)) + trail)
    for match in pattern.finditer(text.translate(_QUOTES)):
        yield match.span()
