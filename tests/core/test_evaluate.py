"""Bounds of trees with more leaves than corners can be tried for."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evcli.core.formula import DIFFERENCE, TOTAL, Leaf, Node, bounds
from evcli.model.quantity import Bounds

TEN = Bounds(Fraction(9), Fraction(11))


def sum_less_itself(leaves: int) -> Node:
    """a + b + ... - (a + b + ...): 0 whatever the leaves are, and each pulls both ways."""
    total = Node(TOTAL, tuple(Leaf(str(n), Fraction(10), TEN) for n in range(leaves)))
    return Node(DIFFERENCE, (total, total))


def test_up_to_twelve_leaves_that_pull_both_ways_every_corner_is_tried() -> None:
    assert bounds(sum_less_itself(12)) == Bounds.exactly(Fraction(0))


def test_beyond_twelve_the_bounds_are_wider_and_still_true() -> None:
    # each sum is 13 * 9 to 13 * 11, and the two no longer know of each other:
    # 117 - 143 = -26, 143 - 117 = 26
    assert bounds(sum_less_itself(13)) == Bounds(Fraction(-26), Fraction(26))


@pytest.mark.parametrize("open_end", [Bounds(Fraction(9), None), Bounds(None, Fraction(11))])
def test_beyond_twelve_an_open_leaf_leaves_both_ends_open(open_end: Bounds) -> None:
    # taken away from itself, what has no end has none in either direction
    total = Node(
        TOTAL,
        (
            Leaf("open", Fraction(10), open_end),
            *(Leaf(str(n), Fraction(10), TEN) for n in range(12)),
        ),
    )
    assert bounds(Node(DIFFERENCE, (total, total))) == Bounds()
