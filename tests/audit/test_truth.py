"""Rounded true histories are never called contradictory, and every conflict is a proof."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evcli.audit.audit import audit
from evcli.audit.contradictions import conflicts_of
from evcli.audit.evidence import Evidence, Verdict, parts
from evcli.inference.system import can_hold as holds
from evcli.model.records import Fact, Record, Source
from tests.depth import examples
from tests.inference.histories import ALL, EVERY, ICE, NEV, WORDS, Truth, fact, growth, months
from tests.inference.histories import rounded as round_to
from tests.proofs import proves_infeasible

LENGTH = 24
_SOURCES = (
    Source("s0", "", "", published=None),
    *(Source(f"r{at}", "", "", publisher="caam") for at in range(3)),
)
SOURCES = {each.id: each for each in _SOURCES}


def histories() -> st.SearchStrategy[Truth]:
    month = st.integers(0, 5_000)
    parts_ = st.lists(month, min_size=LENGTH, max_size=LENGTH)

    def made(pair: tuple[list[int], list[int]]) -> Truth:
        nev, ice = pair
        whole = [one + other for one, other in zip(nev, ice, strict=True)]
        return Truth({NEV.id: nev, ICE.id: ice, ALL.id: whole})

    return st.tuples(parts_, parts_).map(made)


windows = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, 12)).filter(
    lambda pair: pair[0] + pair[1] <= LENGTH
)
prints = st.tuples(
    st.sampled_from([ALL, NEV, ICE]),
    windows,
    st.sampled_from([1, 10, 100, 1000]),
    st.booleans(),
    st.sampled_from(["s0", "r0", "r1", "r2"]),
)


def facts_of(truth: Truth, printed: list) -> list[Fact]:
    found: dict[str, Fact] = {}
    for series, (first, count), step, grown, source in printed:
        period = months(first, count)
        value = truth.of(series.id, period)
        base = truth.of(series.id, months(first - 12, count)) if first >= 12 else 0
        yoy = growth(value, base) if grown and base else None
        own = source.startswith("r")
        made = fact(series, period, round_to(value, step), yoy=yoy, source=source)
        made = made._replace(own=own, published=f"2025-0{int(source[1]) + 1}" if own else "")
        found.setdefault(made.id, made)
    return list(found.values())


def record(facts: list[Fact]) -> Record:
    return Record(WORDS, SOURCES, EVERY, tuple(facts))


@given(histories(), st.lists(prints, min_size=1, max_size=25))
@examples(60)
def test_a_rounded_truth_is_no_contradiction_and_no_revision(truth, printed):
    found = audit(record(facts_of(truth, printed)), today=date(2026, 1, 1))
    assert {each.verdict for each in found.open} <= {Verdict.IMPLAUSIBLE}
    assert not found.fails


@given(histories(), st.lists(prints, min_size=2, max_size=14), st.data())
@examples(40)
def test_conflicts_are_proved_and_setting_aside_mends(truth, printed, data):
    facts = facts_of(truth, printed)
    wrong = data.draw(st.integers(0, len(facts) - 1))
    value = facts[wrong].quantity.value + data.draw(st.integers(1, 20_000))
    facts[wrong] = facts[wrong]._replace(quantity=round_to(value, 1))
    evidence = Evidence.of(record(facts))
    for family in evidence.families():
        assert sorted(each for part in parts(family) for each in part.statements) == sorted(
            family.statements
        )
        for part in parts(family):
            gone: set[str] = set()
            for conflict, ties in conflicts_of(part, evidence):
                assert proves_infeasible(conflict.proof)
                assert not holds(part.only(conflict.statements))
                for each in conflict.statements:
                    assert holds(part.only(set(conflict.statements) - {each}))
                weights = {
                    sum((evidence.weight(each) for each in tie), Fraction(0)) for tie in ties
                }
                assert len(weights) == 1
                for tie in ties:
                    assert holds(part.only(set(conflict.statements) - tie))
                gone |= ties[0]
            assert holds(part.only(set(part.statements) - gone))


@given(histories(), st.lists(prints, min_size=1, max_size=20))
@examples(40)
def test_parts_hold_exactly_where_their_family_does(truth, printed):
    facts = facts_of(truth, printed)
    facts = [each._replace(series=NEV.id) if at % 5 == 4 else each for at, each in enumerate(facts)]
    for family in Evidence.of(record(facts)).families():
        assert holds(family) == all(holds(part) for part in parts(family))
