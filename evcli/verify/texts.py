"""The texts of sources: found by the file name on the card, checked, split into paragraphs.

A paragraph is a line that is not blank; ``p3`` is the third. Nothing that lies in the directory
can do more than be refused: a text is a regular file of at most a million bytes, in UTF-8,
without NUL, that the card's SHA-256 sum fits.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from evcli.errors import reason_of
from evcli.files import contents
from evcli.model.records import Source
from evcli.text import lexicon as words
from evcli.text.mentions import Mention, find_mentions

_TOKEN = re.compile(r"\d+|[^\W\d]+|[^\w\s]")
_GAP = "[ \u00a0\u2009\u202f]"  # between groups of digits
_QUOTES = str.maketrans("‘’“”\u2010\u2011", "''\"\"--")


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
    first, last = tokens[0], tokens[-1]
    lead = r"(?<![A-Za-z\d])(?<!\d[.,'])" if first.isascii() and first.isalnum() else ""
    trail = r"(?![A-Za-z\d])" if last.isascii() and last.isalnum() else ""
    if last.isdigit():
        trail += rf"(?![.,']\d)(?!{_GAP}\d{{3}}(?!\d))"
    if first.isdigit() and len(first) == 3:  # not one group of a longer number
        lead += "".join(rf"(?<!(?<!\d){group}{_GAP})" for group in (r"\d", r"\d\d", r"\d\d\d"))
    pattern = re.compile(lead + r"\s*".join(map(re.escape, tokens)) + trail)
    for match in pattern.finditer(text.translate(_QUOTES)):
        yield match.span()


MOST_BYTES = 1_000_000
MOST_NUMBERS = 20_000
_WORDS = {"hal", *words.ONES, *words.TENS, *words.SCALES, *words.ORDINALS, *words.FACTORS}
_NUMBERS = re.compile(  # what may be one, to count them before any is read
    rf"\d+|[半{''.join(words.HAN_DIGITS)}十]|\b(?i:{words.alternatives(_WORDS)})"
    rf"|\b(?:{words.alternatives(words.MONTHS)})\b"
)
_LOCATOR = re.compile(r"p([1-9]\d{0,5})")


class NoText(Exception):
    """There is no such file in the directory."""


class BadText(Exception):
    """There is one, but it is not the text of the card, or cannot be read; says why."""


@dataclass(slots=True)
class Text:
    """A source's paragraphs, and the numbers of each, found when first asked for."""

    paragraphs: tuple[str, ...]
    money: Mapping[str, str] = field(default_factory=dict)
    _mentions: dict[int, list[Mention]] = field(default_factory=dict)

    def paragraph(self, at: str) -> int | None:
        """The index of the paragraph that a locator such as ``p3`` names, None if there is none."""
        match = _LOCATOR.fullmatch(at)
        return int(match[1]) - 1 if match and int(match[1]) <= len(self.paragraphs) else None

    def mentions(self, index: int) -> list[Mention]:
        """The numbers of a paragraph."""
        if index not in self._mentions:
            self._mentions[index] = find_mentions(self.paragraphs[index], self.money)
        return self._mentions[index]


def split_paragraphs(text: str) -> tuple[str, ...]:
    r"""The lines that are not blank.

    >>> split_paragraphs("one\n\n  \r\ntwo\r\n")
    ('one', 'two')
    """
    return tuple(line.rstrip("\r") for line in text.split("\n") if line.strip())


def read_text(directory: Path, source: Source, money: Mapping[str, str]) -> Text:
    """The text of *source*; NoText where there is none, BadText where it will not do."""
    data = _read(directory, source.file)
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise BadText("text differs from the card")
    if b"\0" in data:
        raise BadText("the text holds NUL bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadText(f"the text is not UTF-8 (byte {error.start + 1})") from None
    for count, _ in enumerate(_NUMBERS.finditer(text), 1):
        if count > MOST_NUMBERS:
            raise BadText(f"the text holds more than {MOST_NUMBERS:,} numbers")
    return Text(split_paragraphs(text), money)


def _read(directory: Path, name: str) -> bytes:
    parts = PureWindowsPath(name)  # which reads both kinds of slash
    if parts.anchor or ".." in parts.parts or "\0" in name:
        raise BadText("the card's file name leads out of the directory")
    path = directory / name
    try:
        return contents(path, MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        raise NoText from None
    except (OSError, ValueError) as error:
        raise BadText(f"the text cannot be read: {reason_of(error)}") from None
