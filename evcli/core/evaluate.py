"""Bounds of a derived figure, evaluated at the corners of its distinct leaf facts.

Node-by-node interval arithmetic forgets that one fact may enter twice and gives bounds that
are too wide. Here every leaf is set to one of its ends for the whole tree at once. That is
exact for formulas that are monotone in each leaf while the others stand still, which sums,
differences, and quotients of these are.

>>> from fractions import Fraction as F
>>> from evcli.core.formula import SHARE, DIFFERENCE
>>> a, b = Leaf("a", F(10), Bounds(F(9), F(11))), Leaf("b", F(4), Bounds(F(3), F(5)))
>>> rest_share = Node(SHARE, (Node(DIFFERENCE, (a, b)), a))  # a enters twice
>>> [round(float(end), 1) for end in (bounds(rest_share).low, bounds(rest_share).high)]
[44.4, 72.7]
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from evcli.core.formula import Formula
from evcli.model.quantity import Bounds

_MOST_MIXED = 12  # leaves that enter in both directions; beyond, 2**n corners cost too much


class Leaf(NamedTuple):
    """A stated number: the same ``id`` is the same unknown wherever it enters."""

    id: str
    value: Fraction | None
    bounds: Bounds


class Node(NamedTuple):
    """A formula applied to leaves or further nodes."""

    formula: Formula
    inputs: tuple[Leaf | Node, ...]


def value(tree: Leaf | Node) -> Fraction | None:
    """The result at the stated values; None where one is missing or a denominator is not > 0."""
    if isinstance(tree, Leaf):
        return tree.value
    arguments = [value(each) for each in tree.inputs]
    known = [each for each in arguments if each is not None]
    if len(known) < len(arguments):
        return None
    return _apply(tree.formula, known)


def bounds(tree: Leaf | Node) -> Bounds:
    """The tightest interval that holds every result the leaves' bounds allow; ends may be open."""
    if isinstance(tree, Leaf):
        return tree.bounds
    leaves = {leaf.id: leaf for leaf in _leaves(tree)}
    directions = dict.fromkeys(leaves, 0)
    mixed: set[str] = set()
    for leaf_id, direction in _directions(tree):
        if direction == 0 or directions[leaf_id] not in (0, direction):
            mixed.add(leaf_id)
        directions[leaf_id] = direction
    if len(mixed) > _MOST_MIXED:
        return _nodewise(tree)
    return Bounds(
        _extreme(tree, leaves, directions, mixed, want=-1),
        _extreme(tree, leaves, directions, mixed, want=+1),
    )


def _extreme(
    tree: Node,
    leaves: Mapping[str, Leaf],
    directions: Mapping[str, int],
    mixed: set[str],
    want: int,
) -> Fraction | None:
    fixed: dict[str, Fraction] = {}
    for leaf_id, leaf in leaves.items():
        if leaf_id in mixed:
            if leaf.bounds.low is None or leaf.bounds.high is None:
                return None
            continue
        end = leaf.bounds.high if directions[leaf_id] == want else leaf.bounds.low
        if end is None:
            return None
        fixed[leaf_id] = end
    order = sorted(mixed)
    best: Fraction | None = None
    for corner in itertools.product((False, True), repeat=len(order)):
        at = dict(fixed)
        for leaf_id, upper in zip(order, corner, strict=True):
            end = leaves[leaf_id].bounds.high if upper else leaves[leaf_id].bounds.low
            assert end is not None
            at[leaf_id] = end
        result = _at(tree, at)
        if result is None:
            return None
        if best is None or (result > best if want > 0 else result < best):
            best = result
    return best


def _at(tree: Leaf | Node, corner: Mapping[str, Fraction]) -> Fraction | None:
    if isinstance(tree, Leaf):
        return corner[tree.id]
    arguments: list[Fraction] = []
    for each in tree.inputs:
        argument = _at(each, corner)
        if argument is None:
            return None
        arguments.append(argument)
    return _apply(tree.formula, arguments)


def _apply(formula: Formula, arguments: list[Fraction]) -> Fraction | None:
    if any(arguments[position] <= 0 for position in formula.denominators):
        return None
    result: Fraction = formula.function(*arguments)
    return result


def _leaves(tree: Leaf | Node) -> Iterator[Leaf]:
    if isinstance(tree, Leaf):
        yield tree
    else:
        for each in tree.inputs:
            yield from _leaves(each)


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
    stand_ins = tuple(
        Leaf(f"{position}", None, _nodewise(each)) for position, each in enumerate(tree.inputs)
    )
    return bounds(Node(tree.formula, stand_ins))
