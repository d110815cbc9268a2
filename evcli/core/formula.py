"""Every formula of evcli, written once, and its bounds at the corners of its facts.

A formula is a plain branch-free function of numbers together with the direction in which it
moves with each argument, as long as no argument is negative. The same function runs on exact
fractions for one figure and on dataframe columns for a million.

>>> from fractions import Fraction as F
>>> GROWTH.function(F(15), F(41)), GROWTH.directions
(Fraction(-2600, 41), (1, -1))

Node-by-node interval arithmetic forgets that one fact may enter twice and gives bounds that
are too wide. Here every leaf is set to one of its ends for the whole tree at once. That is
exact for formulas that are monotone in each leaf while the others stand still, which sums,
differences, and quotients of these are.

>>> a, b = Leaf("a", F(10), Bounds(F(9), F(11))), Leaf("b", F(4), Bounds(F(3), F(5)))
>>> rest_share = Node(SHARE, (Node(DIFFERENCE, (a, b)), a))  # a enters twice
>>> [round(float(end), 1) for end in (bounds(rest_share).low, bounds(rest_share).high)]
[44.4, 72.7]
"""

import functools
import itertools
import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from evcli.model.quantity import Bounds


class Formula(NamedTuple):
    """A named function of numbers; ``text`` says it in its arguments' names.

    ``directions`` holds +1 where the result rises with an argument and -1 where it falls, the last
    for all that follow. ``denominators`` are the arguments that must be above zero; ``numerator``
    is the argument whose sign decides how the result moves with them.
    """

    name: str
    function: Callable[..., Any]
    directions: tuple[int, ...]
    text: str
    denominators: tuple[int, ...] = ()
    numerator: int | None = None

    def direction(self, position: int) -> int:
        """+1 or -1: how the result moves with the argument at *position*."""
        return self.directions[min(position, len(self.directions) - 1)]


def _proportion(part: Any, rest: Any) -> Any:
    # not share(part, part + rest): each argument stands once, so the bounds stay tight
    return (1 - rest / (part + rest)) * 100


GROWTH = Formula(
    "growth", lambda new, base: (new / base - 1) * 100, (+1, -1), "(new / base - 1) * 100", (1,), 0
)
SHARE = Formula(
    "share", lambda part, whole: part / whole * 100, (+1, -1), "part / whole * 100", (1,), 0
)
PROPORTION = Formula("proportion", _proportion, (+1, -1), "part / (part + rest) * 100", (0,))
RATIO = Formula("ratio", operator.truediv, (+1, -1), "first / second", (1,), 0)
DIFFERENCE = Formula("difference", operator.sub, (+1, -1), "first - second")
TOTAL = Formula(
    "total", lambda *parts: functools.reduce(operator.add, parts), (+1,), "sum of parts"
)

FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {f.name: f for f in (GROWTH, SHARE, PROPORTION, RATIO, DIFFERENCE, TOTAL)}
)


_MOST_MIXED = 12  # leaves that enter in both directions; beyond, 2**n corners cost too much


class Leaf(NamedTuple):
    """A stated number: the same ``id`` is the same unknown wherever it enters."""

    id: str
    value: Fraction | None
    bounds: Bounds


class Node(NamedTuple):
    """A formula applied to leaves or further nodes."""

    formula: Formula
    inputs: "tuple[Leaf | Node, ...]"


def value(tree: Leaf | Node) -> Fraction | None:
    """The result at the stated values; None where one is missing or a denominator is not > 0."""
    return _at(tree, {leaf.id: leaf.value for leaf in leaves(tree)})


def bounds(tree: Leaf | Node) -> Bounds:
    """The tightest interval that holds every result the leaves' bounds allow; ends may be open."""
    if isinstance(tree, Leaf):
        return tree.bounds
    met: dict[str, set[int]] = {}  # the directions in which each leaf enters
    for id, direction in _directions(tree):
        met.setdefault(id, set()).update((direction,) if direction else (-1, +1))
    if sum(len(ways) > 1 for ways in met.values()) > _MOST_MIXED:
        return _nodewise(tree)
    known = {leaf.id: leaf.bounds for leaf in leaves(tree)}
    return Bounds(_extreme(tree, known, met, want=-1), _extreme(tree, known, met, want=+1))


def _extreme(
    tree: Node, known: Mapping[str, Bounds], met: Mapping[str, set[int]], want: int
) -> Fraction | None:
    ends: dict[str, tuple[Fraction | None, ...]] = {}
    for id, (low, high) in known.items():
        ends[id] = (low, high) if len(met[id]) > 1 else (high if want in met[id] else low,)
        if None in ends[id]:
            return None
    results = []
    for corner in itertools.product(*ends.values()):
        result = _at(tree, dict(zip(ends, corner, strict=True)))
        if result is None:
            return None
        results.append(result)
    return max(results) if want > 0 else min(results)


def _at(tree: Leaf | Node, numbers: Mapping[str, Fraction | None]) -> Fraction | None:
    """The result where each leaf is the number under its id; None as ``value`` is."""
    if isinstance(tree, Leaf):
        return numbers[tree.id]
    arguments: list[Fraction] = []
    for each in tree.inputs:
        if (argument := _at(each, numbers)) is None:
            return None
        arguments.append(argument)
    if any(arguments[position] <= 0 for position in tree.formula.denominators):
        return None
    result: Fraction = tree.formula.function(*arguments)
    return result


def leaves(tree: Leaf | Node) -> Iterator[Leaf]:
    """Every leaf, in order, as often as it enters."""
    if isinstance(tree, Leaf):
        yield tree
    else:
        for each in tree.inputs:
            yield from leaves(each)


def _directions(tree: Leaf | Node, sign: int = 1) -> Iterator[tuple[str, int]]:
    """How the whole moves with each occurrence of each leaf; 0 where the sign may change."""
    if isinstance(tree, Leaf):
        yield tree.id, sign
        return
    formula = tree.formula
    for position, each in enumerate(tree.inputs):
        direction = formula.direction(position)
        if position in formula.denominators and formula.numerator is not None:
            numerator = bounds(tree.inputs[formula.numerator])
            sure = numerator.low if numerator.low is not None else numerator.high
            if sure is not None and sure < 0:
                direction = 0
        yield from _directions(each, sign * direction)


def _nodewise(tree: Leaf | Node) -> Bounds:
    """Wider, but still true: each node from the bounds of its inputs."""
    if isinstance(tree, Leaf):
        return tree.bounds
    inputs = (Leaf(str(at), None, _nodewise(each)) for at, each in enumerate(tree.inputs))
    return bounds(Node(tree.formula, tuple(inputs)))
