"""Figures over time in one line of text.

>>> from fractions import Fraction
>>> numbers = [Fraction(1), Fraction(4), None, Fraction(8)]
>>> spark(numbers), spark(numbers, ascii=True)
('▁▄·█', '_-?^')
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

_LEVELS, _UNKNOWN = "▁▂▃▄▅▆▇█", "·"
_ASCII_LEVELS, _ASCII_UNKNOWN = "_.-=^", "?"


def spark(numbers: Sequence[Fraction | None], *, ascii: bool = False) -> str:
    """A sign a number, from the least to the greatest; None is a dot.

    Empty where fewer than two numbers are known, which are no trend; where all are equal they
    stand in the middle.
    """
    known = [number for number in numbers if number is not None]
    if len(known) < 2:
        return ""
    levels = _ASCII_LEVELS if ascii else _LEVELS
    unknown = _ASCII_UNKNOWN if ascii else _UNKNOWN
    least, greatest = min(known), max(known)
    if least == greatest:
        return "".join(unknown if each is None else levels[len(levels) // 2] for each in numbers)
    room = Fraction(len(levels) - 1) / (greatest - least)
    return "".join(
        unknown if each is None else levels[floor((each - least) * room + Fraction(1, 2))]
        for each in numbers
    )
