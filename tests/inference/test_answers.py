"""Ways in words, findings instead of answers, vintages, and what stays out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from evcli.inference.bounds import Disputed, Inferences, Inferred, Negative
from evcli.inference.family import Cell, Objective, fact_of, families, usable_facts
from evcli.model.period import parse_period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Change, Rank, Status
from evcli.model.vocabulary import Restatement

from .histories import ALL, BEV, EVERY, ICE, NEV, SHARE, WORDS, fact, rounded, series

STORES = series("all", "stores")


def on(text: str):
    return parse_period(text)


def window(of, text: str) -> Objective:
    return Objective.of(Cell(of.id, on(text)))


def level(of, text: str, value: int, source: str = "s", **more):
    return fact(of, on(text), rounded(value, 10), source=source, **more)


def percent(value: int | str) -> Quantity:
    return rounded(Fraction(value), 1, "percent")


def ask(facts, target: Objective, every=EVERY, **options):
    found = families(facts, every, WORDS, **options)
    (family,) = (each for each in found if target.cells[0].series in each.series)
    return Inferences(family).of(target)


def answered(facts, target: Objective, every=EVERY, **options) -> Inferred:
    answer = ask(facts, target, every, **options)
    assert isinstance(answer, Inferred)
    return answer


JAN_MAY, JAN_JUN = level(ALL, "2025-01/2025-05", 500), level(ALL, "2025-H1", 620)


@pytest.mark.parametrize(
    ("facts", "target", "formula", "value"),
    [
        ([JAN_MAY, JAN_JUN], window(ALL, "2025-06"), "2025-H1 - 2025-01/2025-05", 120),
        (
            [level(ALL, f"2025-0{month}", 100 * month) for month in (1, 2, 3)],
            window(ALL, "2025-Q1"),
            "2025-01 + 2025-02 + 2025-03",
            600,
        ),
        (
            [level(ALL, "2025-Q1", 300), level(ALL, "2025-Q2", 330)],
            window(ALL, "2025-H1"),
            "2025-Q1 + 2025-Q2",
            630,
        ),
        (
            [level(ALL, "2025", 1300), JAN_JUN],
            window(ALL, "2025-H2"),
            "2025 - 2025-H1",
            680,
        ),
        (
            [level(ALL, "2024/2025", 2300), level(ALL, "2024", 1000)],
            window(ALL, "2025"),
            "2024/2025 - 2024",
            1300,
        ),
        (
            [fact(ALL, on("2025-05"), rounded(110, 10), mom=percent(10))],
            window(ALL, "2025-04"),
            "2025-05 / (1 + 10 %)",
            100,
        ),
        (
            [
                fact(
                    ALL, on("2025"), rounded(800, 10), change=Change("doubled", percent(100), "P3Y")
                )
            ],
            window(ALL, "2022"),
            "2025 / (1 + 100 %)",
            400,
        ),
        (
            [
                fact(ALL, on("2025-05"), rounded(120, 10), yoy=percent(-40)),
                fact(ALL, on("2024-05"), yoy=percent(100)),
            ],
            window(ALL, "2023-05"),
            "2025-05 / (1 - 40 %) / (1 + 100 %)",
            100,
        ),
        (
            [level(ALL, "2025", 1000), fact(SHARE, on("2025"), percent(30))],
            window(NEV, "2025"),
            "30 % x all",
            300,
        ),
        (
            [level(NEV, "2025", 300), fact(SHARE, on("2025"), percent(30))],
            window(ALL, "2025"),
            "nev / 30 %",
            1000,
        ),
        (
            [level(NEV, "2025", 300), level(ICE, "2025", 500)],
            window(ALL, "2025"),
            "nev + ice",
            800,
        ),
        (
            [level(ALL, "2025", 800), level(NEV, "2025", 300)],
            window(ICE, "2025"),
            "all - nev",
            500,
        ),
        (
            [level(ALL, "2025-H1", 800), level(NEV, "2025-H1", 300), level(ICE, "2025-Q1", 200)],
            window(ICE, "2025-Q2"),
            "all 2025-H1 - nev 2025-H1 - ice 2025-Q1",
            300,
        ),
    ],
)
def test_ways_in_words(facts, target, formula, value):
    answer = answered(facts, target)
    assert answer.formula == formula
    assert answer.value == value
    assert answer.bounds.contains(Fraction(value))
    assert set(map(fact_of, answer.derivations[0].statements)) == {each.id for each in facts}


def test_of_several_ways_the_bounds_are_the_intersection_and_the_narrowest_speaks():
    facts = [
        JAN_MAY,
        JAN_JUN,
        fact(ALL, on("2025-07"), rounded(240, 4), mom=percent(100)),
    ]
    answer = answered(facts, window(ALL, "2025-06"))
    assert answer.formula == "2025-07 / (1 + 100 %)"
    assert len(answer.derivations) == 2
    both = answer.derivations[0].bounds.intersect(answer.derivations[1].bounds)
    assert answer.bounds == both


def test_a_stated_base_makes_growth_a_check_and_no_way():
    facts = [fact(ALL, on("2025"), rounded(1200, 10), yoy=percent(20)), level(ALL, "2024", 500)]
    (family,) = families(facts, EVERY, WORDS)
    assert family.statements == (facts[0].id, facts[1].id)
    assert isinstance(ask(facts, window(ALL, "2024")), Inferred)
    assert isinstance(ask(facts, window(ALL, "2024"), bind_bases=True), Disputed)


def test_a_level_from_its_base_and_growth_assumes_that_nothing_was_restated():
    facts = [level(ALL, "2024-05", 100), fact(ALL, on("2025-05"), yoy=percent(20))]
    assert answered(facts, window(ALL, "2025-05")).value is None
    answer = answered(facts, window(ALL, "2025-05"), bind_bases=True)
    assert answer.formula == "2024-05 x (1 + 20 %)"
    assert answer.value == 120


def test_two_ways_that_exclude_each_other_are_both_shown():
    facts = [JAN_MAY, JAN_JUN, fact(ALL, on("2025-07"), rounded(400, 4), mom=percent(100))]
    answer = ask(facts, window(ALL, "2025-06"))
    assert isinstance(answer, Disputed)
    shown = {way.formula for way in (answer.first, answer.second)}
    assert shown == {"2025-07 / (1 + 100 %)", "2025-H1 - 2025-01/2025-05"}
    assert answer.first.bounds.intersect(answer.second.bounds) is None


def test_a_conflict_elsewhere_does_not_stop_an_answer():
    facts = [JAN_MAY, JAN_JUN, level(ALL, "2023-01", 100, "a"), level(ALL, "2023-01", 300, "b")]
    answer = answered(facts, window(ALL, "2025-06"))
    assert answer.value == 120
    assert set(map(fact_of, answer.statements)) == {JAN_MAY.id, JAN_JUN.id}


def test_where_no_way_leads_round_a_conflict_there_is_no_answer():
    facts = [level(ALL, "2023-01", 100, "a"), level(ALL, "2023-01", 300, "b")]
    assert ask(facts, window(ALL, "2025-06")) is None


def test_growth_from_less_than_nothing_names_what_leads_there():
    # January to May is more than the half year that it lies in: June would be below zero
    facts = [JAN_JUN, level(ALL, "2025-01/2025-05", 700), level(ALL, "2024-06", 100)]
    target = Objective.growth(window(ALL, "2025-06"), window(ALL, "2024-06"))
    answer = ask(facts, target)
    assert isinstance(answer, Negative)
    assert set(answer.statements) == {each.id for each in facts}


@pytest.mark.parametrize(
    ("facts", "target", "bounds"),
    [
        (
            [JAN_JUN, level(ALL, "2025-01/2025-05", 700)],
            window(ALL, "2025-06"),
            (-90, -70),
        ),
        (
            [level(ALL, "2025", 300), level(NEV, "2025", 350)],
            Objective.difference(window(ALL, "2025"), window(NEV, "2025")),
            (-60, -40),
        ),
        (
            [level(ALL, "2025", 300), level(NEV, "2025", 350)],
            window(ICE, "2025"),
            (-60, -40),
        ),
    ],
)
def test_less_than_nothing_is_a_finding(facts, target, bounds):
    answer = ask(facts, target)
    assert isinstance(answer, Negative)
    assert answer.bounds == Bounds(*map(Fraction, bounds))
    assert set(answer.statements) == {each.id for each in facts}


def test_what_nothing_leads_to_has_no_value_and_only_the_bounds_that_hold():
    answer = answered([level(ALL, "2025", 300)], window(ALL, "2025-06"))
    assert (answer.value, answer.formula) == (None, "")
    assert answer.bounds == Bounds(None, Fraction(305))
    answer = answered([level(ALL, "2025", 300)], window(ALL, "2024"))
    assert answer.bounds == Bounds(None, None)


def test_open_ends_stay_open():
    over = fact(ALL, on("2025"), Quantity(Fraction(90), Bounds(Fraction(90), None), "over"))
    answer = answered([over, level(ALL, "2025-H1", 50)], window(ALL, "2025-H2"))
    assert answer.bounds == Bounds(Fraction(35), None)
    nearly = Quantity(Fraction(100), Bounds(None, Fraction(100)), "nearly")
    answer = answered([fact(ALL, on("2025"), rounded(100, 10), yoy=nearly)], window(ALL, "2024"))
    assert answer.bounds == Bounds(Fraction(95, 2), None)


def test_growth_from_a_base_that_may_be_nothing_is_open():
    facts = [level(ALL, "2025", 100), fact(ALL, on("2024"), rounded(0, 10))]
    answer = answered(facts, Objective.growth(window(ALL, "2025"), window(ALL, "2024")))
    assert answer.bounds == Bounds(Fraction(1800), None)


def test_one_publisher_is_never_mixed_with_another():
    other = series("all", publisher="nbs")
    every = EVERY | {other.id: other}
    facts = [JAN_MAY, level(other, "2025-H1", 620)]
    assert len(families(facts, every, WORDS)) == 2
    answer = answered(facts, window(ALL, "2025-06"), every)
    assert answer.value is None


def test_a_part_is_never_more_than_its_whole():
    every = {each.id: each for each in (ALL, NEV, BEV)}
    answer = answered([level(NEV, "2025", 300)], window(BEV, "2025"), every)
    assert answer.bounds == Bounds(None, Fraction(305))
    answer = answered([level(BEV, "2025-06", 300)], window(ALL, "2025"), every)
    assert answer.bounds == Bounds(Fraction(295), None)


def test_stocks_never_add_up_over_time():
    every = {STORES.id: STORES}
    facts = [level(STORES, "2025-04", 50), level(STORES, "2025-05", 70)]
    answer = answered(facts, window(STORES, "2025-04/2025-05"), every)
    assert answer.bounds == Bounds(None, None)
    grown = fact(STORES, on("2025-06"), rounded(90, 10), yoy=percent(50))
    assert answered([grown], window(STORES, "2024-06"), every).value == 60


def test_windows_of_days_stand_alone():
    facts = [level(ALL, "2025-05-01/2025-05-07", 50)]
    answer = answered(facts, window(ALL, "2025-05"))
    assert answer.bounds == Bounds(None, None)
    answer = answered(facts, window(ALL, "2025-05-01/2025-05-07"))
    assert answer.bounds == Bounds(Fraction(45), Fraction(55))


def test_what_stays_out():
    facts = [
        JAN_MAY,
        JAN_JUN._replace(status=Status.FORECAST),
        level(ALL, "2025-06", 1, "d")._replace(rank=Rank.DEPRECATED),
        level(ALL, "undated", 5),
        level(ALL, "2025-03", 5),
        JAN_MAY._replace(id="echo", source="echo"),
    ]
    (family,) = families(facts, EVERY, WORDS, disputed={(ALL.id, on("2025-03"))})
    assert family.statements == (JAN_MAY.id,)
    assert family.repeats == {JAN_MAY.id: ["echo"]}
    (family,) = families(facts, EVERY, WORDS, audited=True)
    assert facts[2].id in family.statements


def test_rivals_are_settled_before_anything_is_derived():
    facts = [
        level(ALL, "2025-05", 100, "a"),
        level(ALL, "2025-05", 200, "b"),
        level(ALL, "2025-06", 100, "a", published="2025-07")._replace(own=True),
        level(ALL, "2025-06", 150, "b", published="2025-08")._replace(own=True),
        level(ALL, "2025-07", 100, "a"),
        level(ALL, "2025-07", 105, "b"),
    ]
    usable, disputed = usable_facts(facts, EVERY)
    assert disputed == {(ALL.id, on("2025-05"))}
    (family,) = families(usable, EVERY, WORDS, disputed=disputed)
    assert set(family.statements) == {facts[3].id, facts[4].id, facts[5].id}


# --- releases ------------------------------------------------------------------------------------

USUAL = {"within": "1%", "later": "5%"}


def released(of, text: str, value: int, release: str, **more):
    return level(of, text, value, release)._replace(origin=release, **more)


def from_releases(facts, target: Objective) -> Any:
    words = WORDS._replace(restatements=(Restatement(ALL.publisher, **USUAL),))
    (family,) = families(facts, EVERY, words, bind_bases=True)
    return Inferences(family).of(target)


def test_a_difference_inside_the_release_of_its_month_carries_no_restatement():
    facts = [
        released(ALL, "2025-H1", 620, "june"),
        released(ALL, "2025-01/2025-05", 500, "june"),
        released(ALL, "2025-01/2025-04", 400, "april"),
    ]
    answer = from_releases(facts, window(ALL, "2025-06"))
    assert answer.bounds == answer.derivations[0].strict == Bounds(Fraction(110), Fraction(130))


def test_a_difference_of_two_releases_allows_for_what_is_usual():
    # five months of the May release: at most 505, one per cent of it is 5.05
    facts = [
        released(ALL, "2025-H1", 620, "june"),
        released(ALL, "2025-01/2025-05", 500, "may"),
    ]
    answer = from_releases(facts, window(ALL, "2025-06"))
    assert answer.derivations[0].strict == Bounds(Fraction(110), Fraction(130))
    assert answer.bounds == Bounds(Fraction("104.95"), Fraction("135.05"))
    assert answer.value == 120


def test_a_release_moves_as_a_whole():
    # the July release makes the half year 615 to 625 of July's making: one per cent is 6.25
    facts = [
        released(ALL, "2025-01/2025-07", 740, "july"),
        released(ALL, "2025-07", 120, "july"),
        released(ALL, "2025-01/2025-05", 500, "may"),
    ]
    answer = from_releases(facts, window(ALL, "2025-H1"))
    assert answer.derivations[0].strict == Bounds(Fraction(610), Fraction(630))
    assert answer.bounds == Bounds(Fraction("603.7"), Fraction("636.3"))


def test_a_base_by_growth_moves_by_what_is_usual_a_year_later():
    # 95 to 105 at +100 % (99.5 to 100.5) is 47.38 to 52.63; five per cent of that is 2.63
    facts = [
        fact(ALL, on("2025-05"), rounded(100, 10), yoy=percent(100), source="new"),
        released(ALL, "2024-05", 7, "old", series=NEV.id),
    ]
    answer = from_releases(facts, window(ALL, "2024-05"))
    assert answer.derivations[0].strict == Bounds(
        Fraction(95) / Fraction("2.005"), Fraction(105) / Fraction("1.995")
    )
    low, high = Fraction(95) / Fraction("2.005"), Fraction(105) / Fraction("1.995")
    moved = high * Fraction("0.05")
    assert answer.bounds == Bounds(low - moved, high + moved)


def test_where_two_releases_exclude_each_other_the_bounds_hold_both():
    facts = [
        released(ALL, "2025-01/2025-05", 500, "may"),
        released(ALL, "2025-06", 100, "june"),
        released(ALL, "2025-01/2025-07", 760, "july"),
        released(ALL, "2025-07", 120, "july"),
    ]
    answer = from_releases(facts, window(ALL, "2025-H1"))
    # May and June come to 590 to 610, July less its month to 630 to 650
    assert [way.formula for way in answer.apart] == ["2025-01/2025-07 - 2025-07"]
    assert answer.bounds.low == Fraction(590) - Fraction("5.05")
    assert answer.bounds.high == Fraction(650) + Fraction("6.5")


def test_what_is_further_apart_than_any_restatement_is_disputed():
    facts = [
        released(ALL, "2025-01/2025-05", 500, "may"),
        released(ALL, "2025-06", 100, "june"),
        released(ALL, "2025-01/2025-07", 960, "july"),
        released(ALL, "2025-07", 120, "july"),
    ]
    assert isinstance(from_releases(facts, window(ALL, "2025-H1")), Disputed)


def test_growth_stated_with_its_base_shows_how_far_bases_of_the_year_were_restated():
    # June: 195 to 205 at +100 % is 97.3 to 102.8, printed were 105 to 115: a gap of 2.1 per cent,
    # more than the one per cent that is usual, so May's base may have moved as far
    def facts():
        return [
            fact(ALL, on("2025-05"), rounded(100, 10), yoy=percent(100), source="may"),
            fact(ALL, on("2025-06"), rounded(200, 10), yoy=percent(100), source="june"),
            released(ALL, "2024-06", 110, "old"),
        ]

    words = WORDS._replace(restatements=(Restatement(ALL.publisher, within="1%", later="1%"),))
    (family,) = families(facts(), EVERY, words, bind_bases=True)
    answer = Inferences(family).of(window(ALL, "2024-05"))
    assert isinstance(answer, Inferred)
    implied = Fraction(205) / Fraction("1.995")
    seen = (Fraction(105) - implied) / 105
    assert answer.bounds.high == Fraction(105) / Fraction("1.995") * (1 + seen)
