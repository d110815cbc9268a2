"""The closest growth: what is stated, what the levels give, and what happens where they differ."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.core.formula import agreed, with_growth
from evcli.core.resolve import resolve
from evcli.model.figure import BY_INFERENCE, BY_PARTS, Derived, Figure
from evcli.model.note import NoteKind
from evcli.model.period import parse_period
from evcli.model.quantity import MIDPOINT, Bounds, Quantity
from evcli.model.records import Fact
from tests.core.making import fact, figure, series


def grown(base: Figure, *facts: Fact) -> Figure:
    """The figure of 2025 that *facts* state, with its growth on *base*."""
    (level,) = resolve(series(), parse_period("2025"), facts)
    return with_growth(level, base)


def base(value: int, half: int = 0) -> Figure:
    return figure(value, value - half, value + half, period="2024")


def percent(figure: Figure) -> tuple[float | None, float | None, float | None]:
    """The growth and its bounds, to a hundredth."""
    assert figure.yoy is not None
    every = (figure.yoy.value, *figure.yoy.bounds)
    value, low, high = (None if each is None else round(float(each), 2) for each in every)
    return value, low, high


def test_levels_narrow_a_coarse_word() -> None:
    # doubled is +50 to +150 %; 854,500 / 420,500 = 2.0321, 855,500 / 419,500 = 2.0393,
    # 855,000 / 420,000 = 2.0357
    told = grown(base(420_000, 500), fact("855,000", change=("doubled", "P1Y")))
    assert percent(told) == (103.57, 103.21, 103.93)
    assert not told.conflict
    note = told.notes[-1]
    assert note.kind is NoteKind.GROWTH
    assert note.text == "growth computed from cn.exports.all.caam@2024; stated: doubled (s1)"
    assert note.refs == ("cn.exports.all.caam@2024", "s1")


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        # 120,500 on 101,000 and 121,500 on 99,000 are +19.31 and +22.73 %; with a tenth either
        # way of the base, on 111,100 and on 89,100, +8.46 and +36.36 %
        ("", 8.46, 36.36),
        (BY_PARTS, 8.46, 36.36),  # a sum of windows is restated as they are
        (BY_INFERENCE, 19.31, 22.73),  # whose bounds have it already
    ],
)
def test_a_base_may_be_restated_unless_it_is_inferred(
    formula: str, low: float, high: float
) -> None:
    (level,) = resolve(series(), parse_period("2025"), [fact("121,000")])
    below = base(100_000, 1_000)
    if formula:
        below = below._replace(lineage=Derived(formula, (below,)))
    told = with_growth(level, below, Fraction(1, 10))
    assert percent(told) == (21, low, high)


def test_a_stated_growth_that_is_narrower_stays_as_it_is() -> None:
    # +64.6% is 64.55 to 64.65; 855,000 on 519,000, each ±5,000, is 62.2 to 67.3 %
    (level,) = resolve(series(), parse_period("2025"), [fact("855,000", yoy="+64.6%")])
    assert with_growth(level, base(519_000, 5_000)) == level


def test_where_each_cuts_the_other_both_count() -> None:
    # +60% is 59.5 to 60.5; 854,500 / 536,500 = 1.5927, 855,500 / 533,500 = 1.6036
    assert percent(grown(base(535_000, 1_500), fact("855,000", yoy="+60%"))) == (60, 59.5, 60.36)
    # 854,500 / 533,500 = 1.6017, 855,500 / 530,500 = 1.6126: neither 60 nor 855,000 / 532,000 =
    # 1.6071 lies in 60.17 to 60.5, whose middle is 60.33
    told = grown(base(532_000, 1_500), fact("855,000", yoy="+60%"))
    assert percent(told) == (60.33, 60.17, 60.5)
    assert told.yoy is not None
    assert told.yoy.qualifier == MIDPOINT


def test_what_excludes_each_other_is_marked_and_the_stated_growth_stays() -> None:
    # 855,000 on 500,000 is +71 % (854,500 on it is 70.9, 855,500 is 71.1)
    told = grown(base(500_000), fact("855,000", yoy="+64.6%"))
    assert percent(told) == (64.6, 64.55, 64.65)
    assert told.conflict
    assert told.notes[-1].kind is NoteKind.CONFLICT
    assert told.notes[-1].text == (
        "growth stated as +64.6% (s1) and +71.00 % by the levels exclude each other"
    )


def test_of_growths_that_differ_the_levels_choose_the_one_that_fits() -> None:
    # +22.7% is 22.65 to 22.75, +22.8% begins there; 855,001 / 696,600 = 1.22739
    both = (fact("855,001", source="a", yoy="+22.7%"), fact("855,001", source="b", yoy="+22.8%"))
    told = grown(base(696_600), *both)
    assert percent(told) == (22.74, 22.74, 22.74)
    assert told.conflict
    assert told.notes[-1].text == (
        "growth stated as +22.8% (b) and +22.74 % by the levels exclude each other"
    )


@pytest.mark.parametrize(
    ("before", "growth", "conflict"),
    [
        (112_000, (-48.66, -48.71, -48.62), False),  # 57,500 on 112,000, ±50: close to a half
        (82_700, (-50, -50, None), True),  # -30.5 %: a fall by a third is not nearly a half
        (120_000, (-50, -50, None), True),  # -52.1 %: more than a half is not nearly a half
    ],
)
def test_nearly_halved_is_a_fall_by_a_little_less_than_half(
    before: int, growth: tuple[float, float, float | None], conflict: bool
) -> None:
    told = grown(base(before), fact("57,500", change=("nearly halved", "P1Y")))
    assert percent(told) == growth
    assert told.conflict is conflict
    assert told.yoy is not None
    assert told.yoy.qualifier == ("nearly" if conflict else "")


def test_an_open_level_has_no_growth_in_one_number() -> None:
    # over 60,000 on 40,000 is +50 % at least; on at least 40,000 nothing follows
    told = grown(base(40_000), fact("over 60,000"))
    assert percent(told) == (None, 50, None)
    assert told.yoy is not None
    assert told.yoy.qualifier == "at least"
    open_base = figure(40_000, 40_000, None, period="2024")
    assert grown(open_base, fact("over 60,000")).yoy is None


ends = st.fractions(min_value=-100, max_value=1000, max_denominator=20)


@st.composite
def growths(draw: st.DrawFn) -> Quantity:
    low, high = sorted((draw(ends), draw(ends)))
    value = draw(st.sampled_from((None, low, (low + high) / 2)))
    opened = draw(st.sampled_from(("", "", "low", "high")))
    if opened:
        return Quantity(
            high if opened == "low" else low,
            Bounds(None if opened == "low" else low, None if opened == "high" else high),
            "at least",
            "percent",
        )
    return Quantity(value, Bounds(low, high), "", "percent")


@given(growths(), growths())
def test_the_closest_growth_lies_within_both_where_they_meet(
    stated: Quantity, levels: Quantity
) -> None:
    closest = agreed(stated, levels)
    meet = stated.bounds.intersect(levels.bounds)
    if meet is None:
        assert closest is None
        return
    assert closest is not None
    assert closest.bounds == meet
    for each in (stated, levels):
        assert each.bounds.intersect(closest.bounds) == closest.bounds
        if closest.value is not None and meet.width is not None:
            assert each.bounds.contains(Fraction(closest.value))
