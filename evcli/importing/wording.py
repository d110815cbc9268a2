"""What a table's cells say of a value, in the words that a fact file keeps.

>>> from evcli.model.unit import Unit, UnitKind
>>> vehicles = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles", "units"))
>>> stated("2.49 million units, up 7.9 percent", "2490000", "", vehicles, {})
('2.49 million', '')
>>> stated("249 wan", "2490000", "", vehicles, {})
('2,490,000', '249 wan')
>>> stated("", "67000", "over", vehicles, {})
('over 67,000', '')
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from evcli.model.unit import Unit, UnitKind
from evcli.text.stated import StatedError, parse_change, parse_stated

_NUMBER = re.compile(
    r"[0-9][0-9.,]*(?:\s?(?:thousand|million|billion|trillion|万亿|千万|百万|千|万|亿)(?![A-Za-z]))?\s?%?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class NotUnderstood(ValueError):
    """Cells that give no value; the message says which and why."""


def stated(
    printed: str, value: str, qualifier: str, unit: Unit, words: Mapping[str, str]
) -> tuple[str, str]:
    """(stated, printed): the words of the page where they can be read, else the plain number.

    The second is empty where the page writes no other notation than the first.

    *printed* is what the page shows, *value* the plain number, *qualifier* the word before it;
    either of the first two may be empty. Where they differ the number stands, and the page's words
    are kept beside it. NotUnderstood if nothing fits.
    """
    number = _number(value) if value else None
    for text in _readings(printed, qualifier):
        try:
            found = parse_stated(text, unit, words=words)
        except StatedError:
            continue
        if number is None or found.value == number:
            return text, "" if text in printed else printed
    if number is None:
        if not printed:
            return "", ""
        raise NotUnderstood(f"{printed!r} is no value in {unit.name}: {_why(printed, unit, words)}")
    plain = f"{qualifier} {_plain(number, unit)}".strip()
    try:
        parse_stated(plain, unit, words=words)
    except StatedError as error:
        raise NotUnderstood(f"{plain!r}: {error}") from None
    return plain, printed


def change(text: str) -> str:
    """Growth as a fact file writes it: a bare number is percent. NotUnderstood if it is none."""
    if not text:
        return ""
    written = text
    if _PLAIN.fullmatch(text):
        written = f"{text}%" if text.startswith("-") else f"+{text}%"
    try:
        parse_change(written)
    except StatedError as error:
        raise NotUnderstood(str(error)) from None
    return written


def _readings(printed: str, qualifier: str) -> Iterator[str]:
    if printed:
        yield printed
    for match in _NUMBER.finditer(printed):
        text = match.group(0).strip().rstrip(".,")
        yield f"{qualifier} {text}".strip()


def _number(value: str) -> Fraction:
    if not _PLAIN.fullmatch(value):
        raise NotUnderstood(f"the value {value!r} is no plain number; write 212000 or 28.2")
    return Fraction(value)


def _plain(number: Fraction, unit: Unit) -> str:
    digits = f"{int(number):,}" if number.denominator == 1 else f"{float(number):.12g}"
    if unit.kind is UnitKind.PERCENT:
        return f"{digits.replace(',', '')}%"
    return f"{unit.id} {digits}" if unit.kind is UnitKind.MONEY else digits


def _why(text: str, unit: Unit, words: Mapping[str, str]) -> str:
    try:
        parse_stated(text, unit, words=words)
    except StatedError as error:
        return error.hint or str(error)
    return ""
