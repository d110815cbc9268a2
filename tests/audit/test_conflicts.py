"""Conflicts are irreducible, smallest where said so, and proved; what is set aside is lightest."""

from __future__ import annotations

import itertools
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.audit.contradictions import set_aside, smallest_conflict
from evcli.inference.family import Family, fact_of, families
from evcli.inference.system import FamilyProgram
from tests.depth import examples
from tests.inference.histories import (
    ALL,
    EVERY,
    NEV,
    SHARE,
    WORDS,
    fact,
    growth,
    months,
    obeyed,
    rounded,
)
from tests.proofs import proves_infeasible


@st.composite
def muddles(draw) -> Family:
    """Facts about two series, some of them wrong."""
    chance = Random(draw(st.integers(0, 10**6)))
    nev = [chance.randint(200, 900) for _ in range(16)]
    both = [each + chance.randint(200, 900) for each in nev]
    found = {}
    for at in range(draw(st.integers(4, 9))):
        of, truth = draw(st.sampled_from([(ALL, both), (NEV, nev)]))
        first = draw(st.integers(0, 15))
        period = months(first, draw(st.sampled_from([1, 2, 3])))
        count = period.months or 1
        value = sum(truth[first : first + count])
        if draw(st.integers(0, 3)) == 0:
            value += draw(st.sampled_from([-300, -40, 40, 300]))
        yoy = None
        if first >= 12 and draw(st.booleans()):
            yoy = growth(max(value, 1), sum(truth[first - 12 : first - 12 + count]))
        said = fact(of, period, rounded(max(value, 0), 10), yoy=yoy, source=f"s{at}")
        found[said.id] = said
        if draw(st.integers(0, 4)) == 0:
            percent = draw(st.integers(10, 95))
            said = fact(SHARE, period, rounded(percent, 1, "percent"), source=f"s{at}")
            found[said.id] = said
    (family,) = families(found.values(), EVERY, WORDS, bind_bases=True)
    return family


def holds(oracle: FamilyProgram, statements) -> bool:
    oracle.allow(statements)
    return oracle.conflict() is None


def least_sets(family: Family, weights) -> tuple[Fraction, set[frozenset[str]]]:
    """By trying every subset."""
    oracle = FamilyProgram(family)
    everything = set(family.statements)
    best: dict[frozenset[str], Fraction] = {}
    for size in range(len(everything) + 1):
        for aside in itertools.combinations(sorted(everything), size):
            weight = sum((weights[each] for each in aside), Fraction(0))
            if best and weight > min(best.values()):
                continue
            if holds(oracle, everything - set(aside)):
                best[frozenset(aside)] = weight
        if best and size * min(weights.values()) > min(best.values()):
            break
    least = min(best.values())
    return least, {each for each, weight in best.items() if weight == least}


@given(muddles())
@examples(80)
def test_a_conflict_is_proved_irreducible_and_smallest(family):
    conflict = smallest_conflict(family)
    oracle = FamilyProgram(family)
    if conflict is None:
        assert holds(oracle, family.statements)
        return
    assert proves_infeasible(conflict.proof)
    assert {each.row.label for each in conflict.proof} - {""} == set(conflict.statements)
    for each in conflict.statements:
        assert holds(oracle, set(conflict.statements) - {each})
        assert all(obeyed(row, oracle.point) or row.label for row in oracle.rows)
    assert conflict.proved_smallest
    smaller = itertools.combinations(family.statements, len(conflict.statements) - 1)
    assert all(holds(oracle, few) for few in smaller)


@given(muddles(), st.integers(0, 10**6))
@examples(40)
def test_what_is_set_aside_is_lightest_and_ties_are_listed(family, seed):
    chance = Random(seed)
    facts = {each.split(":")[0] for each in family.statements}
    of_fact = {each: Fraction(chance.randint(1, 3)) for each in sorted(facts)}
    weights = {each: of_fact[each.split(":")[0]] for each in family.statements}
    aside = set_aside(family, weights, most=200)
    least, sets = least_sets(family, weights)
    assert sum(weights[each] for each in aside[0]) == least
    assert set(aside) == sets


@given(muddles())
@examples(30)
def test_conflicts_share_nothing_and_without_them_the_rest_holds(family):
    found = FamilyProgram(family).disjoint_conflicts(family.statements)
    used = [each for conflict in found for each in conflict]
    assert len(used) == len(set(used))
    assert holds(FamilyProgram(family), set(family.statements) - set(used))


def test_a_family_above_the_limit_has_an_irreducible_conflict_and_says_so():
    facts = [fact(ALL, months(at, 1), rounded(100, 1), source="a") for at in range(240)]
    facts.append(fact(ALL, months(0, 3), rounded(400, 1), source="b"))
    (family,) = families(facts, EVERY, WORDS)
    conflict = smallest_conflict(family)
    assert conflict is not None
    assert len(conflict.statements) == 4
    assert not conflict.proved_smallest
    assert proves_infeasible(conflict.proof)


def test_many_conflicts_apart_are_set_aside_one_by_one():
    facts = []
    for at in range(0, 60, 2):
        facts += [
            fact(ALL, months(at, 1), rounded(100, 1), source="a"),
            fact(ALL, months(at, 1), rounded(200, 1), source="b"),
        ]
    (family,) = families(facts, EVERY, WORDS)
    aside = set_aside(family, dict.fromkeys(family.statements, Fraction(1)))
    assert {len(each) for each in aside} == {30}
    assert len(aside) == 16  # of two to the thirtieth ways to do it
    assert len(FamilyProgram(family).disjoint_conflicts(family.statements)) == 30


def test_rival_rates_of_growth_stand_apart_from_their_levels():
    low, high = (rounded(each, 1, "percent") for each in (5, 9))
    facts = [
        fact(ALL, months(12, 1), rounded(100, 1), yoy=low, source="a"),
        fact(ALL, months(12, 1), yoy=high, source="b"),
    ]
    (family,) = families(facts, EVERY, WORDS)
    conflict = smallest_conflict(family)
    assert conflict is not None
    assert len(conflict.statements) == 3  # any one of the three mends it, for the base may be zero
    assert set(map(fact_of, conflict.statements)) == {each.id for each in facts}


def test_weights_must_be_above_zero():
    (family,) = families([fact(ALL, months(0, 1), rounded(5, 1))], EVERY, WORDS)
    with pytest.raises(ValueError, match="above zero"):
        set_aside(family, {family.statements[0]: Fraction(0)})
