"""Bars in a column of text: full as far as the figure surely reaches, lighter up to its bound.

>>> from evcli.model.quantity import Bounds
>>> from evcli.model.picture import Shape, Strand
>>> marks = (
...     Mark("a", Fraction(8), Bounds(Fraction(6), Fraction(10))),
...     Mark("b", Fraction(-4), Bounds(Fraction(-4), Fraction(-4))),
... )
>>> bar_texts(Picture(Shape.BARS, "", "", (Strand("", marks),)), 15)
['    │██████▒▒▒▒', '████│          ']
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import NamedTuple

from evcli.model.picture import Mark, Picture


class _Signs(NamedTuple):
    full: str
    light: str
    sliver: str  # less than half a cell, but not nothing
    zero: str
    more: str  # open above
    less: str  # open below


_UNICODE = _Signs("█", "▒", "▏", "│", "→", "←")
_ASCII = _Signs("#", "=", ":", "|", ">", "<")


def bar_texts(picture: Picture, width: int, *, ascii: bool = False) -> list[str]:
    """A text of *width* cells for every mark of the first strand, on one scale that holds zero.

    Blank for what is not known. Where anything is below zero a line stands at zero.
    """
    signs = _ASCII if ascii else _UNICODE
    marks = picture.strands[0].marks if picture.strands else ()
    least, greatest = picture.extent or (Fraction(0), Fraction(0))
    least, greatest = min(least, Fraction(0)), max(greatest, Fraction(0))
    below_zero = least < 0
    arrows = any(
        mark.drawn and None in mark.bounds and mark.bounds != (None, None) for mark in marks
    )
    room = max(2, width - below_zero - arrows * (1 + below_zero))
    per_cell = (greatest - least) / room
    left = _cells(-least, per_cell) + (arrows if below_zero else 0)
    right = width - left - below_zero
    texts = []
    for mark in marks:
        if not mark.drawn:
            texts.append(" " * width)
            continue
        over = "".join(_over(mark, per_cell, signs)).ljust(right)[:right]
        under = "".join(_over(_mirrored(mark), per_cell, _turned(signs))).ljust(left)[:left][::-1]
        texts.append(f"{under}{signs.zero}{over}" if below_zero else over)
    return texts


def _over(mark: Mark, per_cell: Fraction, signs: _Signs) -> Iterator[str]:
    """What of a bar lies over zero, from zero outward."""
    low, high = mark.bounds
    sure = mark.value if low is None and high is None else low
    reach = mark.value if high is None else high
    if reach is None:
        reach = low
    full = _cells(sure, per_cell)
    far = max(full, _cells(reach, per_cell))
    yield signs.full * full
    yield signs.light * (far - full)
    if not far and reach is not None and reach > 0:
        yield signs.sliver
    if high is None and low is not None and reach is not None and reach >= 0:
        yield signs.more


def _cells(number: Fraction | None, per_cell: Fraction) -> int:
    if number is None or number <= 0 or not per_cell:
        return 0
    return floor(number / per_cell + Fraction(1, 2))


def _mirrored(mark: Mark) -> Mark:
    value = None if mark.value is None else -mark.value
    return mark._replace(value=value, bounds=mark.bounds.negate())


def _turned(signs: _Signs) -> _Signs:
    return signs._replace(more=signs.less, sliver="▕" if signs.sliver == "▏" else signs.sliver)
