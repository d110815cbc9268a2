"""A program over plain rows: what can hold, what is irreducible, the greatest and the least.

The rows are numbers on one or two lines, and what is expected is worked out by hand.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from evcli.lp.program import Program
from evcli.lp.simplex import Row, combine, labels_in
from tests.proofs import proves_infeasible

X, Y = {0: Fraction(1)}, {1: Fraction(1)}


def row(terms: dict[int, int], low: int | None, high: int | None, label: str = "") -> Row:
    least, most = (None if end is None else Fraction(end) for end in (low, high))
    return Row(tuple(terms.items()), least, most, label)


def sums() -> Program:
    """x is 1 to 2 by a, y is 3 to 4 by b, x + y is 9 or more by c, y - x at most 2 by d."""
    rows = [
        row({0: 1}, 1, 2, "a"),
        row({1: 1}, 3, 4, "b"),
        row({0: 1, 1: 1}, 9, None, "c"),
        row({1: 1, 0: -1}, None, 2, "d"),
        row({0: 1}, 0, None),
        row({1: 1}, 0, None),
    ]
    return Program(2, rows, "abcd")


def test_what_can_hold_and_the_proof_that_the_rest_cannot() -> None:
    program = sums()
    proof = program.conflict()
    assert proof is not None
    assert proves_infeasible(proof)
    # 9 <= x + y <= 2 + 4: a, b and c, each once, miss each other by 3
    assert labels_in(proof) == {"a", "b", "c"}
    form, limit = combine(proof)
    assert not form
    assert limit == -3
    program.allow("abd")
    assert program.conflict() is None
    x, y = program.point
    assert 1 <= x <= 2
    assert 3 <= y <= 4
    assert y - x <= 2


def test_an_irreducible_set_and_what_can_be_added_beside_it() -> None:
    program = sums()
    assert program.irreducible()[0] == ("a", "b", "c")
    assert program.disjoint_conflicts("abcd") == [frozenset("abc")]
    # with a, y is 7 or more and so above x + 2; without it x is 5 or more and all else holds
    assert program.grown("c", "abd") in ({"a", "c"}, {"b", "c", "d"})
    with pytest.raises(ValueError, match="can hold together"):
        program.irreducible("abd")
    with pytest.raises(ValueError, match="seed"):
        program.grown("abc", "d")


def test_the_greatest_and_least_of_a_sum_and_of_a_quotient() -> None:
    program = sums()
    program.allow("abd")
    assert program.conflict() is None
    # y is at least 3 and at most x + 2, so x is 1 to 2, y 3 to 4
    total = {0: Fraction(1), 1: Fraction(1)}
    assert program.least(total).value == 4
    assert program.greatest(total).value == 6
    # y / x is greatest at (1, 3) and least at (2, 3)
    most, least = program.greatest(Y, X), program.least(Y, X)
    assert most.value == 3
    assert least.value == Fraction(3, 2)
    # of d and a: y <= x + 2 <= x + 2x, so y - 3x <= 0
    form, limit = combine(most.proof)
    assert form == {0: Fraction(-3), 1: Fraction(1)}
    assert limit == 0
    assert labels_in(most.proof) == {"a", "d"}


def test_an_open_end_has_no_proof() -> None:
    program = sums()
    program.allow("b")
    assert program.conflict() is None
    assert program.greatest(X) == (None, ())
    assert program.least(X).value == 0  # by the row without a label
    assert labels_in(program.least(X).proof) == set()
    assert program.greatest(Y, X) == (None, ())  # x may be as small as one likes


def test_a_program_of_few_labels_keeps_the_rows_without_one() -> None:
    few = sums().only("cb")
    assert few.labels == ("b", "c")
    assert few.conflict() is None
    # x is at least 9 - 4 and y at most 4
    assert few.least(X).value == 5
    assert few.greatest(Y).value == 4


def test_a_conflict_by_less_than_floats_can_tell_is_irreducible() -> None:
    large = 10**15  # a gap of one beside it is 1e-15 of it
    program = Program(1, [row({0: 1}, large + 1, None, "a"), row({0: 1}, None, large, "b")], "ab")
    assert program.conflict() is not None
    statements, proof = program.irreducible()
    assert statements == ("a", "b")
    assert proves_infeasible(proof)
