"""Bounds: a lattice of intervals with open ends, and maps that keep what is inside."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.quantity import Bounds, intersect_all

EVERYTHING = Bounds()

numbers = st.builds(Fraction, st.integers(-100, 100), st.integers(1, 8))
positive = st.builds(Fraction, st.integers(1, 100), st.integers(1, 8))
ends = st.one_of(st.none(), numbers)


@st.composite
def intervals(draw: st.DrawFn) -> Bounds:
    low, high = draw(ends), draw(ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Bounds(low, high)


def b(low: int | None, high: int | None) -> Bounds:
    return Bounds(None if low is None else Fraction(low), None if high is None else Fraction(high))


def test_a_backward_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="run backwards: 3 > 1"):
        b(3, 1)
    assert b(3, 3) == Bounds.exactly(Fraction(3))


def test_by_hand() -> None:
    assert b(1, 3).intersect(b(2, None)) == b(2, 3)
    assert b(1, 3).intersect(b(3, 5)) == b(3, 3)  # closed: they share the end
    assert b(1, 3).intersect(b(4, 5)) is None
    assert b(None, 3).intersect(b(4, None)) is None
    assert b(1, 3).hull(b(5, 6)) == b(1, 6)
    assert b(1, 3).hull(b(2, None)) == b(1, None)
    assert b(1, None).negate() == b(None, -1)
    assert b(1, 3).negate() == b(-3, -1)
    assert b(1, 3).shift(Fraction(-2)) == b(-1, 1)
    assert b(None, 3).scale(Fraction(2)) == b(None, 6)
    assert Bounds.around(Fraction(5), Fraction(1, 2)) == Bounds(Fraction(9, 2), Fraction(11, 2))
    assert [each.width for each in (b(1, 3), b(2, 2))] == [2, 0]
    assert b(1, None).width is None
    assert b(None, 1).width is None
    assert repr(b(1, None)) == "Bounds(1, None)"


@pytest.mark.parametrize("factor", [0, -1])
def test_scale_wants_a_positive_factor(factor: int) -> None:
    with pytest.raises(ValueError, match="use negate"):
        b(1, 3).scale(Fraction(factor))


@given(intervals(), intervals(), numbers)
def test_an_intersection_holds_what_both_hold(x: Bounds, y: Bounds, value: Fraction) -> None:
    shared = x.intersect(y)
    inside = shared is not None and shared.contains(value)
    assert inside == (x.contains(value) and y.contains(value))


@given(intervals(), intervals(), intervals())
def test_a_hull_is_the_smallest_that_holds_both(x: Bounds, y: Bounds, other: Bounds) -> None:
    hull = x.hull(y)
    assert x.intersect(hull) == x
    assert y.intersect(hull) == y
    if x.intersect(other) == x and y.intersect(other) == y:
        assert hull.intersect(other) == hull


@given(intervals(), intervals(), intervals())
def test_lattice_laws(x: Bounds, y: Bounds, z: Bounds) -> None:
    assert x.intersect(y) == y.intersect(x)
    assert x.hull(y) == y.hull(x)
    assert x.intersect(x) == x.hull(x) == x
    assert x.hull(y).hull(z) == x.hull(y.hull(z))
    assert x.intersect(x.hull(y)) == x
    assert x.intersect(EVERYTHING) == x
    assert x.hull(EVERYTHING) == EVERYTHING
    shared = x.intersect(y)
    if shared is not None:
        assert x.hull(shared) == x
        assert shared.intersect(x) == shared
    assert intersect_all([x, y, z]) == intersect_all([z, x, y])
    assert (x.intersect(y) == x) == (x.hull(y) == y)


@given(st.lists(intervals(), max_size=5), numbers)
def test_intersect_all_holds_what_all_hold(many: list[Bounds], value: Fraction) -> None:
    shared = intersect_all(many)
    inside = shared is not None and shared.contains(value)
    assert inside == all(each.contains(value) for each in many)


def test_intersect_all_of_nothing_allows_everything() -> None:
    assert intersect_all([]) == EVERYTHING
    assert intersect_all(iter([b(1, 2), b(3, 4), b(1, 4)])) is None


@given(intervals(), numbers, numbers, positive)
def test_maps_keep_what_is_inside_and_nothing_else(
    x: Bounds, value: Fraction, by: Fraction, factor: Fraction
) -> None:
    inside = x.contains(value)
    assert x.negate().contains(-value) == inside
    assert x.shift(by).contains(value + by) == inside
    assert x.scale(factor).contains(value * factor) == inside


@given(intervals(), numbers, positive)
def test_maps_are_undone(x: Bounds, by: Fraction, factor: Fraction) -> None:
    assert x.negate().negate() == x
    assert x.shift(by).shift(-by) == x
    assert x.scale(factor).scale(1 / factor) == x


@given(intervals(), intervals(), numbers, positive)
def test_maps_keep_order_and_shared_parts(
    x: Bounds, y: Bounds, by: Fraction, factor: Fraction
) -> None:
    shared = x.intersect(y)
    assert x.negate().hull(y.negate()) == x.hull(y).negate()
    assert x.shift(by).intersect(y.shift(by)) == (None if shared is None else shared.shift(by))
    assert x.scale(factor).hull(y.scale(factor)) == x.hull(y).scale(factor)


@given(intervals(), positive)
def test_width_scales(x: Bounds, factor: Fraction) -> None:
    width = x.width
    assert (width is None) == (x.low is None or x.high is None)
    assert x.scale(factor).width == (None if width is None else width * factor)
    assert x.negate().width == x.shift(factor).width == width
