"""What is asked for: a sum of windows, or the quotient of two such sums.

>>> from evcli.model.period import parse_period
>>> may, april = (Cell("a", parse_period(text)) for text in ("2025-05", "2025-04"))
>>> str(Objective.growth(Objective.window(may), Objective.window(april)))
'(a@2025-05 / a@2025-04 - 1) x 100'
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from evcli.inference.family import Cell

_ONE, _HUNDRED = Fraction(1), Fraction(100)

Sum = tuple[tuple[Fraction, Cell], ...]


class Objective(NamedTuple):
    """``scale * over / under + shift``; with nothing under it, a plain sum of windows."""

    over: Sum
    under: Sum = ()
    scale: Fraction = _ONE
    shift: Fraction = Fraction(0)

    @classmethod
    def window(cls, window: Cell) -> Objective:
        """One window."""
        return cls(((_ONE, window),))

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
    def windows(self) -> tuple[Cell, ...]:
        """Every window asked about, once."""
        return tuple(dict.fromkeys(window for _, window in (*self.over, *self.under)))

    def __str__(self) -> str:
        if not self.under:
            return _told(self.over)
        quotient = f"{_bracketed(self.over)} / {_bracketed(self.under)}"
        if self.shift:
            return f"({quotient} - 1) x 100"
        return quotient if self.scale == 1 else f"{quotient} x 100"


def _plain(target: Objective) -> Sum:
    if target.under:
        raise ValueError(f"{target} is a quotient, not a sum of windows")
    return target.over


def _bracketed(sum_: Sum) -> str:
    told = _told(sum_)
    return f"({told})" if len(sum_) > 1 else told


def _told(sum_: Sum) -> str:
    text = ""
    for factor, window in sum_:
        sign = "-" if factor < 0 else "+"
        size = "" if abs(factor) == 1 else f"{abs(factor)} x "
        text += f" {sign} {size}{window}" if text else f"{'-' if factor < 0 else ''}{size}{window}"
    return text
