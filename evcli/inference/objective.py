"""What is to be bounded: a sum of cells, or the quotient of two such sums.

>>> from evcli.model.period import parse_period
>>> may, april = (Objective.of(Cell("a", parse_period(text))) for text in ("2025-05", "2025-04"))
>>> grown = Objective.growth(may, april)
>>> [str(cell) for cell in grown.cells], int(grown.scale), int(grown.shift)
(['a@2025-05', 'a@2025-04'], 100, -100)
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from evcli.inference.family import Cell

_ONE, _HUNDRED = Fraction(1), Fraction(100)

Sum = tuple[tuple[Fraction, Cell], ...]  # each cell with its factor


class Objective(NamedTuple):
    """``scale * over / under + shift``; with nothing under it, a plain sum of cells.

    A quotient cannot be part of another objective: ValueError.
    """

    over: Sum
    under: Sum = ()
    scale: Fraction = _ONE
    shift: Fraction = Fraction(0)

    @classmethod
    def of(cls, cell: Cell) -> Objective:
        """One cell."""
        return cls(((_ONE, cell),))

    @classmethod
    def difference(cls, first: Objective, second: Objective) -> Objective:
        """One sum less another, such as a whole less a part of it."""
        return cls((*_plain(first), *((-factor, at) for factor, at in _plain(second))))

    @classmethod
    def total(cls, *parts: Objective) -> Objective:
        """Several sums together."""
        return cls(tuple(term for part in parts for term in _plain(part)))

    @classmethod
    def growth(cls, new: Objective, base: Objective) -> Objective:
        """Growth in percent."""
        return cls(_plain(new), _plain(base), _HUNDRED, -_HUNDRED)

    @classmethod
    def share(cls, part: Objective, whole: Objective) -> Objective:
        """A share in percent."""
        return cls(_plain(part), _plain(whole), _HUNDRED)

    @classmethod
    def ratio(cls, first: Objective, second: Objective) -> Objective:
        """A plain quotient."""
        return cls(_plain(first), _plain(second))

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that enters, once."""
        return tuple(dict.fromkeys(cell for _, cell in (*self.over, *self.under)))


def _plain(objective: Objective) -> Sum:
    if objective.under:
        raise ValueError("a quotient is no sum of cells")
    return objective.over
