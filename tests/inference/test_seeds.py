"""The examples that were worked out by hand, from the seeds alone."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import pytest

from evcli.audit.contradictions import set_aside, smallest_conflict
from evcli.inference.bounds import Inferences, Inferred
from evcli.inference.family import Cell, Family, Objective, families, usable_facts
from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.period import parse_period
from evcli.model.quantity import Bounds
from evcli.model.records import Rank, Record

ALL, NEV = "cn.exports.all.caam", "cn.exports.nev.caam"
HORGOS = "port.horgos.exports.all.horgos-customs"
BATTERY = "cn.investment.battery.to-abroad.rhodium"


@pytest.fixture(scope="module")
def seeds() -> Record:
    root = Path(__file__).parents[2]
    packs = [
        Pack(root / "facts", builtin=True, definitions_only=True),
        Pack(root / "seeds"),
        Pack(root / "facts" / "seeds"),
    ]
    return load(packs)


def family_of(seeds: Record, series: str) -> Family:
    usable, disputed = usable_facts(seeds.facts, seeds.series)
    every = families(usable, seeds.series, seeds.vocabulary, disputed=disputed)
    return next(family for family in every if series in family.series)


def window(series: str, period: str) -> Objective:
    return Objective.of(Cell(series, parse_period(period)))


def rest(period: str) -> Objective:
    return Objective.difference(window(ALL, period), window(NEV, period))


def outward(bounds: Bounds, step: str):
    unit = Fraction(step)
    assert bounds.low is not None
    assert bounds.high is not None
    return bounds.low // unit * unit, -(-bounds.high // unit) * unit


# CAAM's exports are usually restated by 0.6 % within a year (of 2,495,000, the most that the May
# release allows to May: 14,970) and by 0.3 % later (of the base that a release a year on implies)
EXAMPLES = [
    (window(ALL, "2025-06"), 593_000, "500", ("572500", "613500"), "2025-H1 - 2025-01/2025-05"),
    (
        window(ALL, "2024-01/2024-05"),
        2_307_700,
        "100",
        ("2295000", "2320400"),
        "2025-01/2025-05 / (1 + 7.9 %)",
    ),
    (
        Objective.share(window(NEV, "2024-05"), window(ALL, "2024-05")),
        Fraction("20.0"),
        "0.1",
        ("19.7", "20.3"),
        "(nev 2025-05 / (1 + 120 %)) / (all 2025-05 / (1 + 14.5 %)) x 100",
    ),
    (rest("2025-05"), 339_000, "1000", ("338000", "340000"), "all - nev"),
    (
        Objective.growth(rest("2025-05"), rest("2024-05")),
        Fraction("-11.9"),
        "0.1",
        ("-12.2", "-11.7"),
        "((all 2025-05 - nev 2025-05) / (all 2025-05 / (1 + 14.5 %)"
        " - nev 2025-05 / (1 + 120 %)) - 1) x 100",
    ),
    (window(HORGOS, "2023"), 303_800, "100", ("303200", "304300"), "2024 / (1 + 38.6 %)"),
    (
        window(BATTERY, "2024"),
        11_840_000_000,
        "10000000",
        ("11390000000", "12300000000"),
        "74 % x ev-chain",
    ),
]


@pytest.mark.parametrize(("target", "value", "step", "ends", "formula"), EXAMPLES)
def test_by_hand(seeds, target, value, step, ends, formula):
    answer = Inferences(family_of(seeds, target.cells[0].series)).of(target)
    assert isinstance(answer, Inferred)
    assert outward(answer.bounds, step) == (Fraction(ends[0]), Fraction(ends[1]))
    assert answer.value is not None
    shown = {"10000000": "10000000", "0.1": "0.1"}.get(step, "100")
    assert round(answer.value / Fraction(shown)) * Fraction(shown) == value
    assert answer.formula == formula


def test_the_growth_of_all_others_is_exact_at_the_corners_of_four_leaves(seeds):
    """An evaluation of its own: every corner of the two levels and the two rates."""
    levels = [(Fraction(550_500), Fraction(551_500)), (Fraction(211_500), Fraction(212_500))]
    rates = [(Fraction("1.1445"), Fraction("1.1455")), (Fraction("2.195"), Fraction("2.205"))]
    corners: list[Fraction] = [
        ((a - n) / (a / ga - n / gn) - 1) * 100
        for a, n, ga, gn in itertools.product(*levels, *rates)
    ]
    answer = Inferences(family_of(seeds, ALL)).of(
        Objective.growth(rest("2025-05"), rest("2024-05"))
    )
    assert isinstance(answer, Inferred)
    assert answer.bounds == Bounds(min(corners), max(corners))
    assert len(answer.statements) == 4
    assert len(answer.facts) == 2


def test_bounds_of_the_base_are_exact_fractions(seeds):
    answer = Inferences(family_of(seeds, HORGOS)).of(window(HORGOS, "2023"))
    assert isinstance(answer, Inferred)
    low = Fraction(420_500) / Fraction("1.3865")
    assert answer.bounds == Bounds(low, Fraction(421_500) / Fraction("1.3855"))


def test_several_steps(seeds):
    answer = Inferences(family_of(seeds, ALL)).of(window(ALL, "2024-06"))
    assert isinstance(answer, Inferred)
    assert answer.formula == "2025-H1 / (1 + 10.4 %) - 2025-01/2025-05 / (1 + 7.9 %)"
    assert len(answer.statements) == 4


def test_what_nearly_doubling_in_three_years_leaves_for_two(seeds):
    """+70 % in 2025 and less than x2 since 2022: 2022 to 2024 grew at most 18.0 %."""
    nbs = "cn.exports.nev.nbs"
    target = Objective.growth(window(nbs, "2024"), window(nbs, "2022"))
    answer = Inferences(family_of(seeds, nbs)).of(target)
    assert isinstance(answer, Inferred)
    assert answer.bounds.high == (2 / Fraction("1.695") - 1) * 100
    assert answer.bounds.high < 18


def test_seeds_alone_can_all_hold(seeds):
    for family in families(seeds.facts, seeds.series, seeds.vocabulary, bind_bases=True):
        assert smallest_conflict(family) is None


def test_the_november_document_read_as_caam_of_2025(seeds):
    facts = [
        fact._replace(series=NEV, rank=Rank.NORMAL)
        if fact.series == "cn.exports.ev.unnamed" and str(fact.period) == "2025-01/2025-11"
        else fact
        for fact in seeds.facts
        if fact.series != "cn.exports.all.unnamed"
    ]
    every = families(facts, seeds.series, seeds.vocabulary)
    family = next(family for family in every if NEV in family.series)
    conflict = smallest_conflict(family)
    assert conflict is not None
    assert conflict.proved_smallest
    document, release = (
        "cn.exports.ev.unnamed@2025-01/2025-11#seed-000",
        ("cn.exports.nev.caam@2025-01/2025-05#seed-001"),
    )
    assert set(conflict.statements) == {document, f"{document}:yoy", release, f"{release}:yoy"}
    weights = dict.fromkeys(family.statements, Fraction(1))
    weights |= dict.fromkeys((document, f"{document}:yoy"), Fraction(1, 2))
    aside = set_aside(family, weights)
    assert set(aside) == {frozenset({document}), frozenset({f"{document}:yoy"})}
