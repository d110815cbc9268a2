"""Every formula of evcli, written once.

A formula is a plain branch-free function of numbers together with the direction in which it
moves with each argument, as long as no argument is negative. The same function runs on exact
fractions for one figure and on dataframe columns for a million.

>>> from fractions import Fraction
>>> GROWTH.function(Fraction(15), Fraction(41))
Fraction(-2600, 41)
>>> GROWTH.directions
(1, -1)
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Formula(NamedTuple):
    """A named function of numbers.

    ``directions`` holds +1 where the result rises with an argument and -1 where it falls; a
    variadic formula has one entry, good for all. ``denominators`` are the arguments that must
    be above zero; ``ratio_of`` are the arguments whose sign decides the direction in them.
    """

    name: str
    function: Callable[..., Any]
    directions: tuple[int, ...]
    text: str
    roles: tuple[str, ...]
    denominators: tuple[int, ...] = ()
    numerator: int | None = None
    variadic: bool = False

    def direction(self, position: int) -> int:
        """+1 or -1: how the result moves with the argument at *position*."""
        return self.directions[0] if self.variadic else self.directions[position]


def _growth(new: Any, base: Any) -> Any:
    return (new / base - 1) * 100


def _share(part: Any, whole: Any) -> Any:
    return part / whole * 100


def _proportion(part: Any, rest: Any) -> Any:
    # not share(part, part + rest): each argument stands once, so the bounds stay tight
    return (1 - rest / (part + rest)) * 100


def _ratio(first: Any, second: Any) -> Any:
    return first / second


def _difference(first: Any, second: Any) -> Any:
    return first - second


def _total(*parts: Any) -> Any:
    return functools.reduce(operator.add, parts)


GROWTH = Formula("growth", _growth, (+1, -1), "(new / base - 1) * 100", ("new", "base"), (1,), 0)
SHARE = Formula("share", _share, (+1, -1), "part / whole * 100", ("part", "whole"), (1,), 0)
PROPORTION = Formula(
    "proportion", _proportion, (+1, -1), "part / (part + rest) * 100", ("part", "rest"), (0,)
)
RATIO = Formula("ratio", _ratio, (+1, -1), "first / second", ("first", "second"), (1,), 0)
DIFFERENCE = Formula("difference", _difference, (+1, -1), "first - second", ("first", "second"))
TOTAL = Formula("total", _total, (+1,), "sum of parts", ("part",), variadic=True)

FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {f.name: f for f in (GROWTH, SHARE, PROPORTION, RATIO, DIFFERENCE, TOTAL)}
)
