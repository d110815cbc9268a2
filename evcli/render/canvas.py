r"""Cells on which lines are drawn finely and signs stand on top.

A cell of the terminal holds two by four Braille dots, so a line is drawn eight times as finely
as a sign; in plain ASCII a line is a full stop a cell. Column 0 is left, row 0 is on top.

>>> canvas = Canvas(7, 3, ascii=True)
>>> canvas.line((0, 2), (6, 0), "")
>>> canvas.put(0, 2, "A")
>>> canvas.put(6, 0, "a")
>>> print("\n".join(row.rstrip() for row in canvas.rows()))
     .a
  ...
A.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from evcli.terminal import RESET

Place = tuple[int | Fraction, int | Fraction]  # column and row; between cells too

_BRAILLE = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, then by row of the cell


class Canvas:
    """*width* by *height* cells; every sign is one cell wide."""

    def __init__(self, width: int, height: int, *, ascii: bool = False) -> None:
        self.width = width
        self.height = height
        self._fine = (1, 1) if ascii else (2, 4)
        self._dots: dict[tuple[int, int], int] = {}
        self._signs: dict[tuple[int, int], str] = {}
        self._behind: dict[tuple[int, int], str] = {}
        self._colors: dict[tuple[int, int], str] = {}

    def put(self, column: int, row: int, sign: str, color: str = "") -> None:
        """Put *sign* into a cell, over whatever is there; outside the canvas is a ValueError."""
        if not (0 <= column < self.width and 0 <= row < self.height):
            raise ValueError(f"({column}, {row}) is not on {self.width} by {self.height} cells")
        self._signs[column, row] = sign
        self._colors[column, row] = color

    def behind(self, column: int, row: int, sign: str) -> None:
        """Put *sign* into a cell where nothing else is or will be."""
        self._behind[column, row] = sign

    def sign(self, column: int, row: int) -> str:
        """The sign in a cell; empty where there is none, even if a line passes."""
        return self._signs.get((column, row), "")

    def line(self, start: Place, end: Place, color: str = "") -> None:
        """A straight line from the middle of one place to the middle of another."""
        (x0, y0), (x1, y1) = self._finely(start), self._finely(end)
        steps = max(1, abs(floor(x1) - floor(x0)), abs(floor(y1) - floor(y0)))
        for step in range(steps + 1):
            part = Fraction(step, steps)
            self._dot(floor(x0 + (x1 - x0) * part), floor(y0 + (y1 - y0) * part), color)

    def rows(self, *, color: bool = False) -> Iterator[str]:
        """The rows from top to bottom, each *width* cells."""
        for row in range(self.height):
            parts: list[str] = []
            current = ""
            for column in range(self.width):
                wanted = self._colors.get((column, row), "") if color else ""
                if wanted != current:
                    parts.append((RESET if current else "") + wanted)
                    current = wanted
                parts.append(self._shown(column, row))
            yield "".join(parts) + (RESET if current else "")

    def _finely(self, place: Place) -> tuple[Fraction, Fraction]:
        """Where the middle of *place* lies, counted in dots."""
        across, down = self._fine
        half = Fraction(1, 2)
        return (Fraction(place[0]) + half) * across, (Fraction(place[1]) + half) * down

    def _dot(self, x: int, y: int, color: str) -> None:
        across, down = self._fine
        column, row = x // across, y // down
        if not (0 <= column < self.width and 0 <= row < self.height):
            return
        self._dots[column, row] = self._dots.get((column, row), 0) | _DOTS[x % across][y % down]
        if (column, row) not in self._signs:
            self._colors[column, row] = color

    def _shown(self, column: int, row: int) -> str:
        sign = self._signs.get((column, row))
        if sign is not None:
            return sign
        dots = self._dots.get((column, row), 0)
        if not dots:
            return self._behind.get((column, row), " ")
        return "." if self._fine == (1, 1) else chr(_BRAILLE + dots)
