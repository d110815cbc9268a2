"""Events, measures, plants, claims and acknowledgements."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.period import parse_period
from evcli.model.quantity import Bounds
from evcli.model.records import Acknowledgement, Place, PlantAspect, Rank

from .packs import BASE, Loaded, Problems, Write, facts

EVENT = "{id: e1, date: 2024-02, kind: policy, subject: CN, title: T, source: blog}"
MEASURE = (
    "{id: m1, jurisdiction: EU, instrument: duty, stage: definitive, target: BEV, source: blog%s}"
)


def test_an_event(loaded: Loaded) -> None:
    (event,) = loaded(f"events:\n  - {EVENT}\n").events
    assert (event.id, event.kind, event.subject, event.title) == ("e1", "policy", "CN", "T")
    assert event.date == parse_period("2024-02")
    assert event.place == Place("x.yaml", 2, 5)


def test_a_measure(loaded: Loaded) -> None:
    more = (
        ', subject: byd, rate: "17.0%%", on_top_of: "10%%", from: 2024-10-30, until: 2029-10-30,'
        " suspended: 2025-01-01/2025-02-01, minimum: EUR 20, quota: none, note: N"
    ).replace("%%", "%")
    record = loaded(
        f"measures:\n  - {MEASURE % more}\n"
        f"  - {MEASURE.replace('m1', 'm2') % ', replaces: m1, rate: 17.0% to 38.1%'}\n"
        f"  - {MEASURE.replace('m1', 'm3') % ', replaces: [m1, m2], rate: EUR 500'}\n"
    )
    first, second, third = record.measures
    assert (first.rate_stated, first.rate_unit) == ("17.0%", "percent")
    assert first.rate is not None
    assert first.rate.bounds == Bounds.exactly(Fraction(17))  # a law does not round
    assert (str(first.start), str(first.until)) == ("2024-10-30", "2029-10-30")
    assert first.suspended == (("2025-01-01", "2025-02-01"),)
    assert second.replaces == ("m1",)
    assert second.rate is not None
    assert second.rate.bounds == Bounds(Fraction(17), Fraction("38.1"))
    assert third.replaces == ("m1", "m2")
    assert third.rate_unit == "EUR"
    assert third.rate is not None
    assert third.rate.bounds == Bounds.exactly(Fraction(500))
    assert "EUR" in record.vocabulary.units


def test_a_plant_with_facts_from_another_entry(loaded: Loaded) -> None:
    record = loaded(
        "plants:\n  - id: byd.szeged\n    facts:\n"
        "      - {status: under-construction, as_of: 2025, source: blog}\n"
        "      - {start: 2026-Q2, as_of: 2026-02, planned: yes, phase: first, source: blog}\n"
        '      - {capacity: "150,000", as_of: 2025-06, source: blog}\n'
        '      - {capacity: "150,000", unit: vehicles, as_of: 2025-06, source: blog}\n'
        "      - {investment: EUR 4 billion, source: caam-2025-06, rank: preferred}\n"
        '      - {investment: "10 billion baht", as_of: 2025, source: blog}\n'
    )
    (plant,) = record.plants
    assert (plant.maker, plant.country, plant.kind) == (("byd",), "HU", "own")
    assert [fact.id for fact in plant.facts] == [
        "byd.szeged@2025.status#blog",
        "byd.szeged@2026-02.start#blog",
        "byd.szeged@2025-06.capacity#blog",
        "byd.szeged@2025-06.capacity#blog.2",
        "byd.szeged@2025-06-11.investment#caam-2025-06",
        "byd.szeged@2025.investment#blog",
    ]
    status, start, capacity, counted, euros, baht = plant.facts
    assert (status.aspect, status.text) == (PlantAspect.STATUS, "under-construction")
    assert (start.text, start.planned, start.phase) == ("2026-Q2", True, "first")
    assert capacity.quantity is not None
    assert capacity.quantity.unit == "vehicles/year"
    assert counted.quantity is not None
    assert counted.quantity.unit == "vehicles"
    assert euros.quantity is not None
    assert euros.quantity.value == 4_000_000_000
    assert euros.quantity.unit == "EUR"
    assert baht.quantity is not None
    assert baht.quantity.unit == "THB"


@pytest.mark.parametrize("first", ["c", "z"])
def test_another_file_may_add_what_a_plant_lacks(write: Write, first: str) -> None:
    """In whatever order the files are read; the same words twice are no contradiction."""
    described = "plants: [{id: byd.x, maker: byd, country: TH, product: vehicles}]\n"
    added = (
        "plants: [{id: byd.x, country: TH, maker: [byd], city: Rayong, name: first works, "
        "partner: [saic], kind: joint-venture, facts: "
        "[{start: 2024, as_of: 2024, source: blog}]}]\n"
    )
    directory = write(base=BASE, m=added, **{first: described})
    (plant,) = [each for each in load([Pack(directory)]).plants if each.id == "byd.x"]
    assert (plant.maker, plant.country, plant.product) == (("byd",), "TH", "vehicles")
    assert (plant.city, plant.name, plant.partner) == ("Rayong", "first works", ("saic",))
    assert plant.kind == "joint-venture"
    assert [fact.text for fact in plant.facts] == ["2024"]


def test_a_capacity_is_as_precise_as_it_says(loaded: Loaded) -> None:
    record = loaded(
        "plants:\n  - id: byd.szeged\n    facts:\n"
        '      - {capacity: "200,000", as_of: 2025, source: blog}\n'
        '      - {capacity: "200,000", precision: 10000, as_of: 2025, source: blog}\n'
        '      - {capacity: "200,000", precision: 1, as_of: 2025, source: blog}\n'
        '      - {capacity: "155,000", precision: "10,000", as_of: 2025, source: blog}\n'
        '      - {capacity: "up to 200,000", precision: 10000, as_of: 2025, source: blog}\n'
    )
    bounds = [fact.quantity.bounds for fact in record.plants[0].facts if fact.quantity]
    assert bounds == [
        Bounds(Fraction(150_000), Fraction(250_000)),  # the last digit that is not zero
        Bounds(Fraction(195_000), Fraction(205_000)),
        Bounds(Fraction(399_999, 2), Fraction(400_001, 2)),  # a rate is never exact
        Bounds(Fraction(154_500), Fraction(155_500)),  # never coarser than its digits
        Bounds(None, Fraction(200_000)),
    ]


def test_a_deprecated_measure_and_what_confirms_another(loaded: Loaded) -> None:
    more = ", rank: deprecated, reason: only the notice, confirmed_by: [paper, caam-2025-06]"
    record = loaded(
        f"measures:\n  - {MEASURE % more}\n  - {MEASURE.replace('m1', 'm2') % ', excepts: [m1]'}\n"
    )
    first, second = record.measures
    assert (first.rank, first.reason) == (Rank.DEPRECATED, "only the notice")
    assert first.confirmed_by == ("paper", "caam-2025-06")
    assert second.excepts == ("m1",)
    assert second.rank is Rank.NORMAL


def test_claims_and_acknowledged_findings(loaded: Loaded) -> None:
    record = loaded(
        facts("{period: 2025, stated: '1,000', source: blog}") + "claims:\n"
        '  - {id: c1, says: "cn.exports.nev@2024 < cn.exports.all@2024", source: blog}\n'
        '  - {id: c2, says: "rank(cn.exports.nev@2024 among cn.*) = 1", source: blog}\n'
        "acknowledged:\n"
        '  - {facts: "cn.exports.nev@2025#blog", verdict: revision, reason: R}\n'
    )
    assert [claim.id for claim in record.claims] == ["c1", "c2"]
    assert record.acknowledged == (
        Acknowledgement(("cn.exports.nev@2025#blog",), "revision", "R", Place("x.yaml", 9, 5)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"events: [{EVENT}, {EVENT}]",
            ["1:91: the event id 'e1' is used twice (first in x.yaml:1:10)"],
        ),
        (
            "events: [{id: e1, kind: opning, subject: CM, title: T, source: blog}]",
            [
                "1:10: the event 'e1' lacks 'date'",
                "1:25: unknown kind 'opning' (did you mean 'opening'? valid: policy, "
                "investigation, market-entry, agreement, opening, product, history)",
                "1:42: no subject named 'CM'",
            ],
        ),
        (
            f"measures: [{MEASURE % ', from: 2025, until: 2025'}]",
            [
                "1:122: the measure ends (2025) before it begins (2025) "
                "(until is the first day on which it no longer holds)"
            ],
        ),
        (
            f"measures: [{MEASURE % ', suspended: 2025-01'}]",
            ["1:114: '2025-01' is not a run of days (write 2024-10-30/2025-03-01)"],
        ),
        (
            f"measures: [{MEASURE % ', suspended: [2025-02-01/2025-01-01]'}]",
            ["1:115: '2025-02-01/2025-01-01' runs backwards (write the earlier day first)"],
        ),
        (
            f"measures: [{MEASURE % ', suspended: 2025-02-30/2026-01-01'}]",
            [
                "1:114: '2025-02-30/2026-01-01': day is out of range for month "
                "(write 2024-10-30/2025-03-01)"
            ],
        ),
        (f"measures: [{MEASURE % ', replaces: m2'}]", ["1:113: no measure named 'm2'"]),
        (f"measures: [{MEASURE % ', replaces: m1'}]", ["1:113: the measure 'm1' replaces itself"]),
        (f"measures: [{MEASURE % ', excepts: m1'}]", ["1:112: the measure 'm1' excepts itself"]),
        (f"measures: [{MEASURE % ', excepts: [m2]'}]", ["1:113: no measure named 'm2'"]),
        (
            f"measures: [{MEASURE % ''}, "
            f"{MEASURE.replace('m1', 'm2') % ', replaces: m1, excepts: m1'}]",
            [
                "1:218: 'm1' is both replaced and excepted from (what is replaced ends; "
                "what is excepted from goes on for the rest)"
            ],
        ),
        (
            f"measures: [{MEASURE % ', confirmed_by: [blog, blgo]'}]",
            [
                "1:117: 'blog' confirms itself (confirmed_by: names other sources)",
                "1:124: no source named 'blgo' (did you mean 'blog'?)",
            ],
        ),
        (
            f"measures: [{MEASURE % ', rank: preferred'}]",
            ["1:109: unknown rank 'preferred' (valid: normal, deprecated)"],
        ),
        (
            f"measures: [{MEASURE % ', rank: deprecated'}]",
            ["1:109: a deprecated measure needs a reason (add reason: what is wrong with it)"],
        ),
        (
            f"events: [{EVENT[:-1]}, rank: deprecated}}]",
            ["1:91: a deprecated event needs a reason (add reason: what is wrong with it)"],
        ),
        (
            f"measures: [{MEASURE % ', rate: high'}]",
            [
                "1:109: 'high' is not a stated value "
                "(write 212,000, 2.49 million, $16 billion or 28.2%)"
            ],
        ),
        (
            f"measures: [{MEASURE % ', rate: 500 cars'}]",
            ["1:109: '500 cars': 'vehicles' is not a currency (write EUR 4 billion)"],
        ),
        (
            "plants: [{id: x, maker: [], country: HX, kind: rented}]",
            [
                "1:25: 'maker' is an empty list (name one at least)",
                "1:38: no destination named 'HX'",
                "1:48: unknown kind 'rented' (valid: own, joint-venture, contract)",
            ],
        ),
        (
            "plants: [{id: byd.szegd, facts: []}]",
            ["1:15: no plant named 'byd.szegd' (did you mean 'byd.szeged'?)"],
        ),
        (
            "plants: [{id: byd.szeged, maker: [byd], country: DE, city: Szeged}]",
            [
                "1:50: the plant 'byd.szeged' has another 'country' in base.yaml:36:43 "
                "(a pack may add what is missing, never redefine it)"
            ],
        ),
        (
            "plants: [{id: x.y, maker: byd, country: DE, city: A}, {id: x.y, city: B}]",
            ["1:71: the plant 'x.y' has its 'city' twice (first in x.yaml:1:51)"],
        ),
        ("plants: [{id: x.y, maker: byd, city: A}]", ["1:10: the plant 'x.y' lacks 'country'"]),
        (
            "plants: [{id: byd.szegd, city: Szeged}]",
            ["1:15: no plant named 'byd.szegd' (did you mean 'byd.szeged'?)"],
        ),
        (
            "plants: [{id: byd.szeged, facts: [{capacity: '200,000', precision: fine, "
            "as_of: 2025, source: blog}, {start: 2025, precision: 10, as_of: 2025, "
            "source: blog}]}]",
            [
                "1:68: 'fine' is not a precision (write exact, or a whole number such as 1000)",
                "1:127: 'precision' is for a capacity, not a start (leave it out)",
            ],
        ),
        (
            "plants: [{id: byd.szeged, facts: [{status: open, as_of: 2025, source: blog}]}]",
            [
                "1:44: unknown status 'open' (did you mean 'operating'? valid: announced, "
                "under-construction, trial, operating, expanding, suspended, "
                "delayed, cancelled, denied)"
            ],
        ),
        (
            "plants: [{id: byd.szeged, facts: [{status: trial, start: 2025, as_of: 2025, "
            "source: blog}]}]",
            [
                "1:35: a plant fact tells one of status, start, capacity, investment, not "
                "status and start (write one fact for each)"
            ],
        ),
        (
            "plants: [{id: byd.szeged, facts: [{status: trial, source: blog}]}]",
            [
                "1:35: the plant fact lacks 'as_of' "
                "(the source 'blog' has no date of publication to stand in for it)"
            ],
        ),
        (
            "plants: [{id: byd.szeged, facts: [{start: soon, unit: THB, as_of: 2025, "
            "source: blog, planned: maybe}]}]",
            [
                "1:43: 'soon' is not a period: write 2025, 2025-H1, 2025-Q3, 2025-05, 2025-05-16, "
                "an interval such as 2025-01/2025-05, or undated",
                "1:55: 'unit' is for a capacity, not a start (leave it out)",
                "1:96: 'planned' is 'maybe' (write yes or no)",
            ],
        ),
        (
            "plants: [{id: byd.szeged, facts: [{investment: 4 billion, as_of: 2025, "
            "source: blog}]}]",
            ["1:48: '4 billion' names no unit (write EUR 4 billion)"],
        ),
        (
            'claims: [{id: c, says: "cn.exports.nve@2024 > 3", source: blog}]',
            ["1:24: '3' is not a figure: write SERIES@PERIOD, or 0.5 * SERIES@PERIOD"],
        ),
        (
            'claims: [{id: c, says: "cn.exports.nev@2024 > cn.exports.al@2024", source: blog}]',
            [
                "1:24: no series named 'cn.exports.al' "
                "(did you mean 'cn.exports.all' or 'cn.exports.nev'?)"
            ],
        ),
        (
            'claims: [{id: c, says: "rank(cn.exports.nev@2024 among us.*) = 1", source: blog}]',
            ["1:24: no series matches 'us.*' (* stands for any text)"],
        ),
        (
            'claims: [{id: c, says: "cn.exports.nev@2024-13 > cn.exports.all@2024", source: blog}]',
            ["1:24: '2024-13': there is no month 13"],
        ),
        (
            'acknowledged: [{facts: ["cn.exports.nev@2025#blgo"], verdict: revison}]',
            [
                "1:16: the acknowledgement lacks 'reason'",
                "1:25: no fact or claim named 'cn.exports.nev@2025#blgo' "
                "(an id is SERIES@PERIOD#SOURCE)",
                "1:63: unknown verdict 'revison' (did you mean 'revision'? valid: contradiction, "
                "revision, unproven, implausible)",
            ],
        ),
    ],
)
def test_mistakes(problems: Problems, text: str, expected: list[str]) -> None:
    assert problems(text + "\n") == [f"x.yaml:{each}" for each in expected]


def test_a_fact_with_a_mistake_is_not_also_unknown(problems: Problems) -> None:
    text = facts("{period: 2025-13, stated: '1,000', source: blog}") + (
        'acknowledged: [{facts: "cn.exports.nev@2025#blog", verdict: revision, reason: R}]\n'
    )
    assert problems(text) == ["x.yaml:4:18: '2025-13': there is no month 13"]
