"""Bounds equal those of linear programming, contain every truth, and carry their own proof."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.inference.bounds import Bounded, Inferences, Inferred, bounds_of
from evcli.inference.family import Cell, Family, Objective, families, last_month
from evcli.inference.system import FamilyProgram
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Fact
from evcli.model.vocabulary import Restatement
from tests.depth import examples
from tests.proofs import proves_infeasible

from .histories import (
    ALL,
    EVERY,
    FIRST,
    ICE,
    NEV,
    SHARE,
    WORDS,
    Program,
    Truth,
    close,
    fact,
    growth,
    months,
    obeyed,
    proves_bound,
    rounded,
)

LENGTH = 26


@st.composite
def histories(draw, zeros: bool = False) -> Truth:
    low = 0 if zeros else 200
    chance = Random(draw(st.integers(0, 10**6)))
    nev, ice = ([chance.randint(low, 2000) for _ in range(LENGTH)] for _ in range(2))
    both = [a + b for a, b in zip(nev, ice, strict=True)]
    return Truth({NEV.id: nev, ICE.id: ice, ALL.id: both})


@st.composite
def periods(draw, earliest: int = 0):
    first = draw(st.integers(earliest, LENGTH - 1))
    kind = draw(st.sampled_from(["month", "from January", "any"]))
    if kind == "month":
        return months(first, 1)
    if kind == "from January":
        first = first // 12 * 12
        if first < earliest:
            first = earliest
        return months(first, draw(st.integers(1, min(12, LENGTH - first))))
    return months(first, draw(st.integers(1, min(14, LENGTH - first))))


@st.composite
def reports(draw, truth: Truth, ids=(ALL, NEV, ICE), most: int = 14) -> list[Fact]:
    """Facts about the truth, rounded as sources round; no two of one series, period and source."""
    found: dict[str, Fact] = {}
    for at in range(draw(st.integers(2, most))):
        of = draw(st.sampled_from((*ids, SHARE) if NEV in ids and ALL in ids else ids))
        grows = of is not SHARE and draw(st.booleans())
        period = draw(periods(earliest=12 if grows else 0))
        if of is SHARE:
            whole = truth.of(ALL.id, period)
            if whole:
                value = Fraction(truth.of(NEV.id, period) * 100, whole)
                said = fact(of, period, rounded(value, 1, "percent"), source=f"s{at}")
                found[said.id] = said
            continue
        value_now = truth.of(of.id, period)
        level = rounded(value_now, draw(st.sampled_from([1, 10, 100])))
        base = truth.of(of.id, period.shift(-12)) if grows else 0
        yoy = growth(value_now, base) if base else None
        stated = draw(st.booleans()) or yoy is None
        said = fact(of, period, level if stated else None, yoy=yoy, source=f"s{at}")
        found[said.id] = said
    return list(found.values())


def program(facts: list[Fact], ids=(ALL, NEV, ICE)) -> Program:
    result = Program([each.id for each in ids], LENGTH)
    for each in facts:
        result.add(each)
    if len(ids) == 3:
        result.whole(ALL.id, [NEV.id, ICE.id], exact=True)
    elif NEV in ids and ALL in ids:
        result.whole(ALL.id, [NEV.id], exact=False)
    return result


def family_of(facts: list[Fact], bind_bases: bool = True) -> Family:
    (found,) = (
        f for f in families(facts, EVERY, WORDS, bind_bases=bind_bases) if ALL.id in f.series
    )
    return found


@st.composite
def targets(draw) -> Objective:
    def window() -> Objective:
        of = draw(st.sampled_from([ALL, NEV, ICE]))
        return Objective.of(Cell(of.id, draw(periods())))

    match draw(st.sampled_from(["window", "difference", "growth", "share", "part growth"])):
        case "window":
            return window()
        case "difference":
            period = draw(periods())
            sides = (Objective.of(Cell(of.id, period)) for of in (ALL, NEV))
            return Objective.difference(*sides)
        case "growth":
            new = Cell(draw(st.sampled_from([ALL, NEV, ICE])).id, draw(periods(12)))
            base = Cell(new.series, new.period.shift(-12))
            return Objective.growth(Objective.of(new), Objective.of(base))
        case "share":
            period = draw(periods())
            sides = (Objective.of(Cell(of.id, period)) for of in (NEV, ALL))
            return Objective.share(*sides)
        case _:
            period = draw(periods(12))
            rest = [
                Objective.difference(
                    Objective.of(Cell(ALL.id, each)), Objective.of(Cell(NEV.id, each))
                )
                for each in (period, period.shift(-12))
            ]
            return Objective.growth(*rest)


@given(st.data())
@examples(80)
def test_bounds_equal_linear_programming_and_contain_the_truth(data):
    truth = data.draw(histories(zeros=data.draw(st.booleans())))
    facts = data.draw(reports(truth))
    target = data.draw(targets())
    bounds = bounds_of(family_of(facts), target)
    assert bounds is not None
    expected = program(facts).ends(target)
    assert expected is not None
    size = 100.0 if target.under else 1e4
    assert close(bounds.low, expected[0], size), (bounds, expected)
    assert close(bounds.high, expected[1], size), (bounds, expected)
    true = truth.target(target)
    assert true is None or bounds.contains(true)


@given(st.data())
@examples(40)
def test_each_end_is_proved_in_fractions_by_the_statements_named(data):
    truth = data.draw(histories())
    facts = data.draw(reports(truth))
    target = data.draw(targets())
    family = family_of(facts)
    bounded = Bounded(family, target.cells)
    ends, known = bounded.ends(target), bounded.of(target)
    assert ends is not None
    assert known is not None
    system = FamilyProgram(family, target.cells)
    for end, sign in zip(ends, (-1, +1), strict=True):
        over, under = system.form_of(target.over), system.form_of(target.under)
        if end.value is None:
            continue
        plain = (end.value - target.shift) / target.scale
        form = {at: sign * value for at, value in over.items()}
        for at, value in under.items():
            form[at] = form.get(at, Fraction(0)) - sign * plain * value
        limit = Fraction(0) if target.under else sign * plain
        assert proves_bound(end.proof, form, limit)
        assert {each.row.label for each in end.proof} <= {*known[1], ""}
    assert bounds_of(family.only(known[1]), target) == known[0]


@given(st.data())
@examples(50)
def test_the_engine_and_linear_programming_agree_on_what_can_hold(data):
    truth = data.draw(histories())
    facts = data.draw(reports(truth))
    at = data.draw(st.integers(0, len(facts) - 1))
    wrong = facts[at]
    if wrong.quantity is not None and wrong.quantity.value is not None:
        off = data.draw(st.integers(-60, 60)) * 10
        moved = max(wrong.quantity.value + off, Fraction(0))
        if wrong.series == SHARE.id:
            moved = min(moved, Fraction(100))
        half = (wrong.quantity.bounds.width or Fraction(0)) / 2
        facts[at] = fact(
            EVERY[wrong.series],
            wrong.period,
            rounded(moved, 1)._replace(bounds=type(wrong.quantity.bounds).around(moved, half)),
            yoy=wrong.yoy,
            source=wrong.source,
        )
    family = family_of(facts)
    oracle = FamilyProgram(family)
    possible = program(facts).ends(Objective.of(Cell(ALL.id, months(0, 1)))) is not None
    assert (oracle.conflict() is None) == possible
    assert (oracle.conflict() is None) == possible
    if possible:
        assert all(obeyed(row, oracle.point) for row in oracle.rows)


@given(st.data())
@examples(50)
def test_going_on_from_where_the_solver_stands_is_as_good_as_a_new_start(data):
    truth = data.draw(histories())
    facts = [*data.draw(reports(truth)), *data.draw(reports(data.draw(histories())))]
    family = family_of(list({each.id: each for each in facts}.values()))
    target = data.draw(targets())
    warm = FamilyProgram(family, target.cells)
    for _ in range(6):
        some = data.draw(st.sets(st.sampled_from(family.statements)))
        warm.allow(some)
        proof = warm.conflict()
        cold = FamilyProgram(family.only(some))
        assert (proof is None) == (cold.conflict() is None)
        if proof is not None:
            assert proves_infeasible(proof)
            assert {each.row.label for each in proof} <= {*some, ""}
        elif warm.conflict() is None:
            rows = (row for row in warm.rows if not row.label or row.label in some)
            assert all(obeyed(row, warm.point) for row in rows)
            # climbing may leave rows that do not count far behind: they must come back
            low, high = (warm.end(target, least=each) for each in (True, False))
            assert Bounds(low.value, high.value) == bounds_of(family.only(some), target)


@given(st.data())
@examples(60)
def test_what_one_release_states_is_answered_as_tightly_as_by_linear_programming(data):
    truth = data.draw(histories())
    facts = data.draw(reports(truth))
    target = data.draw(targets())
    facts = [each._replace(origin="release") for each in facts]
    answer = Inferences(family_of(facts, bind_bases=True)).of(target)
    assert isinstance(answer, Inferred)
    known = bounds_of(family_of(facts, bind_bases=True), target)
    assert known is not None
    for end, least in zip(answer.bounds, known, strict=True):
        assert end in (least, None)  # one that no statement gives is open
    for way in answer.derivations:
        assert way.bounds == way.strict
        assert answer.bounds.intersect(way.bounds) == answer.bounds
    true = truth.target(target)
    assert true is None or answer.bounds.contains(true)


@given(st.data())
@examples(60)
def test_restatements_no_larger_than_usual_never_leave_the_first_print_out(data):
    """Each release has the true history times a factor of its own: any two are within 1 %."""
    truth = data.draw(histories())
    chance = Random(data.draw(st.integers(0, 10**6)))
    factors = [1 + Fraction(chance.randint(-40, 40), 10_000) for _ in range(40)]

    def factor(period: Period) -> Fraction:
        return factors[last_month(period) - FIRST]

    facts = []
    for said in data.draw(reports(truth)):
        level = said.quantity
        if said.series != SHARE.id and level is not None:
            times = factor(said.period)
            ends = [end if end is None else end * times for end in level.bounds]
            level = level._replace(bounds=Bounds(*ends), value=None)
        name = f"release {last_month(said.period)}"
        facts.append(said._replace(quantity=level, origin=name, yoy=None))
    cell = Cell(data.draw(st.sampled_from([ALL, NEV, ICE])).id, data.draw(periods()))
    words = WORDS._replace(restatements=(Restatement(ALL.publisher, within="1%", later="1%"),))
    found = families(facts, EVERY, words, bind_bases=True)
    (family,) = (each for each in found if cell.series in each.series)
    answer = Inferences(family).of(Objective.of(cell))
    if isinstance(answer, Inferred) and answer.derivations:
        true = truth.target(Objective.of(cell))
        assert true is None or answer.bounds.contains(true * factor(cell.period))


def test_only_one_series_has_no_parts():
    with pytest.raises(KeyError):
        bounds_of(
            family_of([fact(ALL, months(0, 1), rounded(5, 1))]),
            Objective.of(Cell("nothing", months(0, 1))),
        )
