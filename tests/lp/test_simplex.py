"""Programs over random rows against Fourier and Motzkin's elimination, which shares no code.

Rows are switched off and on between questions, so that each starts where the last one ended.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.lp.program import Program
from evcli.lp.simplex import BUDGET, Budget, OverBudget, Row, combine
from tests.depth import examples
from tests.proofs import proves_infeasible

SIZE = 3
LABELS = "abcde"
Inequality = tuple[tuple[Fraction, ...], Fraction]  # coefficients, and what they add up to at most


def inequalities(rows: list[Row]) -> list[Inequality]:
    found = []
    for row in rows:
        factors = [Fraction(dict(row.terms).get(at, 0)) for at in range(SIZE)]
        if row.high is not None:
            found.append((tuple(factors), row.high))
        if row.low is not None:
            found.append((tuple(-each for each in factors), -row.low))
    return found


def eliminated(system: list[Inequality]) -> list[Inequality]:
    """What *system* says of all but the first unknown: each two that pull at it, added up."""
    apart: dict[int, list[Inequality]] = {-1: [], 0: [], 1: []}
    for factors, limit in system:
        sign = (factors[0] > 0) - (factors[0] < 0)
        size = abs(factors[0]) or 1
        apart[sign].append((tuple(each / size for each in factors[1:]), limit / size))
    rest: dict[tuple[Fraction, ...], Fraction] = {}
    for (up, high), (down, low) in itertools.product(apart[1], apart[-1]):
        both = tuple(a + b for a, b in zip(up, down, strict=True))
        rest[both] = min(high + low, rest.get(both, high + low))
    return [*rest.items(), *apart[0]]


def greatest(rows: list[Row], form: dict[int, Fraction]) -> Fraction | str | None:
    """The greatest value of *form*; None where it is open, "empty" where no point obeys *rows*."""
    zero = (Fraction(0),)
    system = [((*factors, *zero), limit) for factors, limit in inequalities(rows)]
    form_factors = [form.get(at, Fraction(0)) for at in range(SIZE)]
    system.append(((*(-each for each in form_factors), Fraction(1)), Fraction(0)))  # z <= form
    for _ in range(SIZE):
        system = eliminated(system)
    # z is only ever pushed down, so what is left bounds it from above or does not name it
    if any(limit < 0 for (factor,), limit in system if factor == 0):
        return "empty"
    return min((limit / factor for (factor,), limit in system if factor > 0), default=None)


NUMBERS = st.builds(Fraction, st.integers(-30, 30), st.sampled_from([1, 1, 2, 3, 7, 2**61 - 1]))


@st.composite
def some_rows(draw) -> list[Row]:
    rows = [Row(((1, 1),), Fraction(0), None)]  # what is divided by is never negative
    for label in draw(st.lists(st.sampled_from((*LABELS, "")), min_size=1, max_size=6)):
        factors = draw(st.lists(st.integers(-3, 3), min_size=SIZE, max_size=SIZE))
        terms = tuple((at, factor) for at, factor in enumerate(factors) if factor)
        if not terms:
            continue
        ends = sorted(draw(st.lists(NUMBERS, min_size=2, max_size=2)))
        is_open = draw(st.sampled_from(["no", "low", "high", "equal"]))
        low = None if is_open == "low" else ends[0]
        high = {"high": None, "equal": ends[0]}.get(is_open, ends[1])
        rows.append(Row(terms, low, high, label))
    return rows


FORMS = st.dictionaries(st.integers(0, SIZE - 1), NUMBERS.filter(bool), min_size=1)
QUESTIONS = st.lists(st.tuples(st.sets(st.sampled_from(LABELS)), FORMS), min_size=1, max_size=4)


@given(some_rows(), QUESTIONS)
@examples(300)
def test_answers_equal_those_of_elimination(rows, questions):
    program = Program(SIZE, rows, LABELS)
    for labels, form in questions:
        program.allow(labels)
        counted = [row for row in rows if not row.label or row.label in labels]
        expected = greatest(counted, form)
        proof = program.conflict()
        assert (proof is not None) == (expected == "empty")
        if proof is not None:
            assert proves_infeasible(proof)
            assert all(each.row in counted for each in proof)
            continue
        most = program.greatest(form)
        assert most.value == expected
        point = program.point
        for factors, limit in inequalities(counted):
            assert sum(a * b for a, b in zip(factors, point, strict=True)) <= limit
        if most.value is not None:
            assert sum(value * point[at] for at, value in form.items()) == most.value
            assert combine(most.proof) == (form, most.value)
        check_quotient(program, counted, form)


def check_quotient(program: Program, counted: list[Row], over: dict[int, Fraction]) -> None:
    """That no point has a greater quotient of *over* by the second unknown, but some comes near."""
    found = program.greatest(over, {1: Fraction(1)}).value

    def excess(number: Fraction) -> float:
        most = greatest(counted, {**over, 1: over.get(1, Fraction(0)) - number})
        return math.inf if most is None else float(most)

    if found is not None:
        assert excess(found) <= 0
        assert excess(found - Fraction(1, 10**9)) > 0
    elif greatest(counted, {1: Fraction(1)}) != 0:
        assert excess(Fraction(10**9)) > 0  # far above any quotient of numbers as small as these


def test_a_budget_of_pivots() -> None:
    # from zero, x >= 5 is one pivot and y >= 7 another; x + y then climbs to 6 + 8 by two more
    rows = [Row(((0, 1),), Fraction(5), Fraction(6)), Row(((1, 1),), Fraction(7), Fraction(8))]
    budget = Budget(1)
    before = BUDGET.set(budget)
    program = Program(2, rows, ())
    BUDGET.reset(before)
    with pytest.raises(OverBudget):
        program.conflict()
    assert budget.pivots == 1
    budget.most = 2
    assert program.conflict() is None
    assert program.point == [5, 7]
    total = {0: Fraction(1), 1: Fraction(1)}
    assert program.least(total).value == 12  # where it stands: no pivot
    assert budget.pivots == 2


def test_questions_to_a_copy_leave_the_program_where_it_stands() -> None:
    # y is 2 to 4 and at most x + 1, x is 0 to 9: from (0, 0) the first point has y at 2, x at 1
    rows = [
        Row(((0, 1),), Fraction(0), Fraction(9), "a"),
        Row(((1, 1),), Fraction(2), Fraction(4), "b"),
        Row(((1, 1), (0, -1)), None, Fraction(1), "c"),
    ]
    program = Program(2, rows, "abc")
    assert program.conflict() is None
    before = program.point
    other = program.copy()
    assert other.least({0: Fraction(1), 1: Fraction(-2)}).value == 3 - 8  # at (3, 4)
    other.allow("ab")
    assert other.least({0: Fraction(1), 1: Fraction(-2)}).value == 0 - 8
    assert program.point == before
    assert program.greatest({0: Fraction(-1), 1: Fraction(2)}).value == 5  # c still counts
