"""Unknowns as whole-number combinations of the coordinates of a point.

A coordinate is an unknown that nothing has fixed yet, or a row (numbered after the unknowns).

>>> tableau = Tableau(2)
>>> tableau.pivot(2, *tableau.express([(0, 1), (1, -2)]), 0)  # row 2 is x0 - 2 x1, and x0 leaves
>>> tableau.express([(0, 1)])
({1: 2, 2: 1}, 1)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

Combination = dict[int, int]  # coordinate -> whole coefficient
Expressed = tuple[Combination, int]  # a combination and the scale to divide it by
Rate = int | Fraction


class Tableau:
    """What each fixed unknown u is: ``scale[u] * u`` is the sum of ``combination[u][c] * c``."""

    def __init__(self, size: int) -> None:
        self._size = size  # unknowns
        self.combination: dict[int, Combination] = {}
        self.scale: dict[int, int] = {}
        self._uses: dict[int, set[int]] = {}  # coordinate -> fixed unknowns that rest on it

    def express(self, terms: Iterable[tuple[int, int]]) -> Expressed:
        """A form in the current coordinates: combination and scale, in lowest terms."""
        fixed: list[tuple[int, int]] = []
        result: Combination = {}
        for unknown, coefficient in terms:
            if unknown in self.combination:
                fixed.append((unknown, coefficient))
            else:
                result[unknown] = result.get(unknown, 0) + coefficient
        scale = math.lcm(*(self.scale[unknown] for unknown, _ in fixed)) if fixed else 1
        if scale != 1:
            for at in result:
                result[at] *= scale
        for unknown, coefficient in fixed:
            factor = coefficient * (scale // self.scale[unknown])
            for at, value in self.combination[unknown].items():
                result[at] = result.get(at, 0) + factor * value
        return _reduced({at: value for at, value in result.items() if value}, scale)

    def pivot(self, entering: int, combination: Combination, scale: int, leaving: int) -> None:
        """Let the form that *combination* expresses be a coordinate in place of *leaving*."""
        pivot = combination[leaving]
        sign = 1 if pivot > 0 else -1
        # |pivot| * leaving = sign * (scale * entering - the others)
        instead = {at: -sign * value for at, value in combination.items() if at != leaving}
        instead[entering] = sign * scale
        divisor = abs(pivot)
        resting = self._uses.pop(leaving, set())
        others = [(at, value, self._uses.setdefault(at, set())) for at, value in instead.items()]
        for unknown in resting:
            old, scale = self.combination[unknown], self.scale[unknown]
            factor = old.pop(leaving)
            common = math.gcd(factor, divisor)
            stretch, factor = divisor // common, factor // common
            if stretch != 1:
                scale *= stretch
                for at in old:
                    old[at] *= stretch
            for at, value, uses in others:
                if at not in old:
                    old[at] = factor * value
                    uses.add(unknown)
                elif new := old[at] + factor * value:
                    old[at] = new
                else:
                    del old[at]
                    uses.discard(unknown)
            self.combination[unknown], self.scale[unknown] = _reduced(old, scale)
        if leaving < self._size:
            self.combination[leaving], self.scale[leaving] = _reduced(instead, divisor)
            for _, _, uses in others:
                uses.add(leaving)

    def weight(self, coordinate: int) -> int:
        """How many fixed unknowns rest on a coordinate."""
        return len(self._uses.get(coordinate, ()))

    def paces(self, coordinate: int) -> dict[int, float]:
        """How fast each unknown moves with *coordinate*, in floats."""
        uses, combination, scale = self._uses.get(coordinate, ()), self.combination, self.scale
        paces = {at: combination[at][coordinate] / scale[at] for at in uses}
        if coordinate < self._size:
            paces[coordinate] = 1.0
        return paces

    def rate(self, terms: Iterable[tuple[int, Rate]], coordinate: int) -> Rate:
        """How much a form grows when *coordinate* grows by one."""
        total: Rate = 0
        below = 1
        for at, coefficient in terms:
            fixed = self.combination.get(at)
            number, by = int(at == coordinate), 1
            if fixed is not None:
                number, by = fixed.get(coordinate, 0), self.scale[at]
            if by != below:
                total, number, below = total * by, number * below, below * by
            total += coefficient * number
        return divided(total, below)


def divided(number: Rate, by: Rate) -> Rate:
    """The quotient, whole where it can be."""
    if by == 1:
        return number
    whole, rest = divmod(number, by)
    return Fraction(number, by) if rest else whole


def _reduced(combination: Combination, scale: int) -> Expressed:
    if scale == 1:
        return combination, scale
    common = math.gcd(scale, *combination.values())
    if common > 1:
        return {at: value // common for at, value in combination.items()}, scale // common
    return combination, scale
