"""Bounds of derived figures: tight, true, and the same on frames."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evcli.core import formula as evaluate
from evcli.core.formula import (
    DIFFERENCE,
    FORMULAS,
    GROWTH,
    PROPORTION,
    RATIO,
    SHARE,
    TOTAL,
    Formula,
    derive,
)
from evcli.model.note import Note, NoteKind
from evcli.model.quantity import Bounds
from tests.core.making import figure, series

OTHER = series("other")


def test_growth_by_hand() -> None:
    # 14.5 / 41.5 - 1 = -65.06 %, 15.5 / 40.5 - 1 = -61.73 %
    grown = derive(
        GROWTH, (figure(15, "14.5", "15.5"), figure(41, "40.5", "41.5", of=OTHER)), unit="percent"
    )
    assert grown.value == Fraction(-2600, 41)
    assert grown.bounds == Bounds(Fraction(29, 83) * 100 - 100, Fraction(31, 81) * 100 - 100)
    assert grown.id == "growth:cn.exports.all.caam@2025,other@2025"
    assert grown.basis == "derived"


def test_an_open_base_leaves_growth_open_below() -> None:
    grown = derive(
        GROWTH, (figure(15, "14.5", "15.5"), figure(90, 90, None, of=OTHER)), unit="percent"
    )
    assert grown.bounds == Bounds(None, Fraction("15.5") / 90 * 100 - 100)


def test_a_base_that_is_not_above_zero_gives_no_growth_and_says_why() -> None:
    grown = derive(GROWTH, (figure(15, 14, 16), figure(0, 0, 0, of=OTHER)), unit="percent")
    assert grown.value is None
    assert grown.bounds == Bounds()
    reason = "the base is not above zero: no growth"
    assert grown.notes == (Note(NoteKind.MISSING, reason, ("other@2025",)),)
    assert grown.missing is not None
    assert grown.missing.text == reason


def test_a_share_of_a_total_names_each_leaf_once() -> None:
    # 285 of 285 + 345 is 45.2 %; taking a for low and high at once would give 44.4 to 46.0
    a, b = figure(280, 275, 285), figure(350, 345, 355, of=OTHER)
    share = derive(PROPORTION, (a, b), unit="percent")
    assert share.bounds == Bounds(Fraction(275, 630) * 100, Fraction(285, 630) * 100)
    assert share.value == Fraction(280, 630) * 100


def test_a_leaf_that_enters_twice_is_one_unknown() -> None:
    # (all - nev) / all with all 550.5 to 551.5, nev 211.5 to 212.5:
    # lowest 1 - 212.5/550.5 = 61.40 %, highest 1 - 211.5/551.5 = 61.65 %
    whole, part = figure(551, "550.5", "551.5"), figure(212, "211.5", "212.5", of=OTHER)
    rest = derive(DIFFERENCE, (whole, part), unit="vehicles")
    share = derive(SHARE, (rest, whole), unit="percent")
    assert share.bounds == Bounds(
        (1 - Fraction("212.5") / Fraction("550.5")) * 100,
        (1 - Fraction("211.5") / Fraction("551.5")) * 100,
    )


def test_a_missing_input_is_null_with_the_reason() -> None:
    share = derive(SHARE, (figure(None, None, None), figure(1, 1, 1, of=OTHER)), unit="percent")
    assert share.value is None
    reason = "cn.exports.all.caam@2025: no value is stated"
    assert share.notes == (Note(NoteKind.MISSING, reason, ("cn.exports.all.caam@2025",)),)
    assert share.missing is not None
    assert share.missing.text == reason


def test_both_missing_inputs_are_named_and_what_is_known_is_not_missing() -> None:
    nothing = figure(None, None, None), figure(None, None, None, of=OTHER)
    both = derive(TOTAL, nothing, unit="percent")
    assert both.missing is not None
    assert both.missing.text == (
        "cn.exports.all.caam@2025: no value is stated; other@2025: no value is stated"
    )
    assert derive(TOTAL, (figure(1, 1, 1), figure(2, 2, 2, of=OTHER)), unit="1").missing is None


def test_a_dispute_is_told_by_its_kind_wherever_it_stands() -> None:
    dispute = Note(NoteKind.DISPUTE, "a and b differ", ("a", "b"))
    remark = Note(NoteKind.REMARK, "disputed by nobody")
    rival = figure(5, 4, 6)._replace(disputed=True, notes=(remark, dispute))
    total = derive(TOTAL, (rival, figure(2, 2, 2, of=OTHER)), unit="1")
    assert total.disputed
    assert total.notes == (dispute,)


def test_a_total_of_an_open_part_is_open() -> None:
    total = derive(TOTAL, (figure(67, 67, None), figure(45, 44, 46, of=OTHER)), unit="vehicles")
    # 67 + 44; no source prints a sum that could stand for the value
    assert total.bounds == Bounds(Fraction(111), None)
    assert (total.value, total.qualifier) == (None, "at least")


numbers = st.fractions(min_value=0, max_value=10**6, max_denominator=100)
halves = st.fractions(min_value=0, max_value=1000, max_denominator=10)


@st.composite
def leaf_and_truth(draw: st.DrawFn, name: str) -> tuple[evaluate.Leaf, Fraction]:
    """A leaf with bounds, perhaps open, and a true value inside them."""
    low = draw(numbers)
    high = low + draw(halves)
    truth = low + draw(st.fractions(min_value=0, max_value=1)) * (high - low)
    bounds = Bounds(
        None if draw(st.booleans()) and draw(st.booleans()) else low,
        None if draw(st.booleans()) and draw(st.booleans()) else high,
    )
    return evaluate.Leaf(name, truth, bounds), truth


@pytest.mark.parametrize(
    "formula", [GROWTH, SHARE, PROPORTION, RATIO, DIFFERENCE], ids=lambda formula: formula.name
)
@given(first=leaf_and_truth("a"), second=leaf_and_truth("b"))
def test_true_inputs_give_a_result_inside_the_bounds(
    formula: Formula,
    first: tuple[evaluate.Leaf, Fraction],
    second: tuple[evaluate.Leaf, Fraction],
) -> None:
    assume(all((first, second)[position][1] > 0 for position in formula.denominators))
    tree = evaluate.Node(formula, (first[0], second[0]))
    assert evaluate.bounds(tree).contains(formula.function(first[1], second[1]))


@given(leaves=st.lists(leaf_and_truth("x"), min_size=1, max_size=6))
def test_true_parts_give_a_total_inside_the_bounds(
    leaves: list[tuple[evaluate.Leaf, Fraction]],
) -> None:
    named = [evaluate.Leaf(str(n), leaf.value, leaf.bounds) for n, (leaf, _) in enumerate(leaves)]
    tree = evaluate.Node(TOTAL, tuple(named))
    assert evaluate.bounds(tree).contains(sum((truth for _, truth in leaves), Fraction(0)))


@given(a=leaf_and_truth("a"), b=leaf_and_truth("b"), c=leaf_and_truth("c"))
def test_nested_formulas_contain_the_truth(
    a: tuple[evaluate.Leaf, Fraction],
    b: tuple[evaluate.Leaf, Fraction],
    c: tuple[evaluate.Leaf, Fraction],
) -> None:
    # growth of a difference that may be negative, over a sum that shares a leaf with it
    top = evaluate.Node(DIFFERENCE, (a[0], b[0]))
    base = evaluate.Node(TOTAL, (a[0], c[0]))
    truth_base = a[1] + c[1]
    assume(truth_base > 0)
    truth = ((a[1] - b[1]) / truth_base - 1) * 100
    assert evaluate.bounds(evaluate.Node(GROWTH, (top, base))).contains(truth)


@pytest.mark.parametrize(
    "formula", [GROWTH, SHARE, PROPORTION, RATIO, DIFFERENCE], ids=lambda formula: formula.name
)
@given(ends=st.tuples(numbers, halves, numbers, halves))
def test_bounds_are_reached(formula: Formula, ends: tuple[Fraction, ...]) -> None:
    a_low, a_width, b_low, b_width = ends
    assume(all((a_low, b_low)[position] > 0 for position in formula.denominators))
    a = (a_low, a_low + a_width)
    b = (b_low, b_low + b_width)
    corners = [formula.function(x, y) for x in a for y in b]
    tree = evaluate.Node(
        formula, (evaluate.Leaf("a", a[0], Bounds(*a)), evaluate.Leaf("b", b[0], Bounds(*b)))
    )
    assert evaluate.bounds(tree) == Bounds(min(corners), max(corners))


def test_every_formula_is_listed_under_its_name() -> None:
    assert all(FORMULAS[name].name == name for name in FORMULAS)
