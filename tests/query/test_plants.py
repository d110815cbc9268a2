"""Plants: the newest undisputed fact of each aspect, and what is disputed, planned or in phases."""

from __future__ import annotations

from pathlib import Path

import pytest

import evcli
from evcli.query.figures import Figures
from evcli.query.plants import plants_answer
from evcli.query.selection import Query
from tests.query.conftest import Ask

PLANTS = """\
vocabulary:
  subjects: [{id: alfa, name: Alfa Cars, kind: maker}, {id: cargo, name: Cargo, kind: maker}]
sources:
  - {id: early, title: Early, outlet: O, published: 2024-03}
  - {id: late, title: Late, outlet: O, published: 2025-06}
  - {id: other, title: Other, outlet: P, published: 2025-06}
  - {id: dateless, title: Dateless, outlet: P}
plants:
  - id: alfa.town
    maker: [alfa]
    country: HU
    city: Town
    product: vehicles
    facts:
      - {status: announced, as_of: 2024-03, source: early, at: p1}
      - {status: under-construction, as_of: 2025-06, source: late, at: p1}
      - {start: 2026-Q2, as_of: 2025-06, planned: yes, source: late, at: p2}
      - {capacity: "100,000", unit: vehicles/year, as_of: 2024-03, source: early, at: p2}
      - {capacity: "150,000", unit: vehicles/year, as_of: 2025-06, source: late, at: p3}
      - {capacity: "300,000", unit: vehicles/year, as_of: 2025-06, phase: "2", source: late, at: p3}
      - {investment: "EUR 4 billion", as_of: 2025-06, source: late, at: p4}
      - {investment: "USD 5 billion", as_of: 2025-06, source: other, at: p1}
  - id: alfa.disputed
    maker: [alfa]
    country: BR
    product: batteries
    facts:
      - {status: operating, as_of: 2025-06, source: late, at: p5}
      - {status: delayed, as_of: 2025-06, source: other, at: p5}
      - {capacity: "40,000", unit: vehicles/year, as_of: 2025-06, source: late, at: p5}
      - {capacity: "90,000", unit: vehicles/year, as_of: 2025-06, source: other, at: p5}
  - id: cargo.old
    maker: [cargo]
    country: HU
    product: vehicles
    facts:
      - {status: cancelled, as_of: 2023, source: dateless, at: p1}
      - {status: operating, as_of: 2024, rank: deprecated, reason: a mix-up, source: late, at: p6}
"""


@pytest.fixture(scope="module")
def folder(make_pack) -> Path:
    pack: Path = make_pack(PLANTS)
    return pack


@pytest.fixture
def plants(ask_pack: Ask, folder: Path) -> Ask:
    return lambda *arguments: ask_pack(folder, "plants", *arguments)


def test_the_newest_fact_of_each_aspect(plants: Ask) -> None:
    (row,) = plants("--destination", "HU", "--subject", "alfa").rows
    assert row["status"] == "under-construction"
    assert row["as_of"] == "2025-06"
    assert row["start"] == "2026-Q2"
    # 150,000 is 145,000 to 155,000; the second phase and the older figure stay out
    assert (row["capacity"], row["capacity_low"], row["capacity_high"]) == (
        150_000,
        145_000,
        155_000,
    )
    assert row["sources"] == ["late", "other"]
    assert "start planned" in row["note"]


def test_two_currencies_are_not_a_dispute(plants: Ask) -> None:
    (row,) = plants("--destination", "HU", "--subject", "alfa").rows
    assert (row["investment"], row["currency"]) == (4_000_000_000, "EUR")
    assert "investment also USD 5 billion" in row["note"]
    assert "disputed" not in row["note"]


def test_what_is_disputed_is_not_chosen(plants: Ask) -> None:
    (row,) = plants("--destination", "Brazil").rows
    assert row["status"] == ""
    assert row["capacity"] is None
    assert "status disputed: operating (late) / delayed (other)" in row["note"]
    assert "capacity disputed: 40,000 (late) / 90,000 (other)" in row["note"]
    assert row["sources"] == ["late", "other"]


def test_deprecated_facts_stay_out_until_asked_for(plants: Ask) -> None:
    assert plants("cargo").of("status") == ["cancelled"]
    # set aside is set aside: it is told, and does not become the status of the plant
    told = plants("cargo", "--include-deprecated")
    assert told.of("status") == ["cancelled"]
    assert told.rows[0]["note"] == "set aside: status operating (as of 2024): a mix-up"
    assert plants("cargo", "--by", "fact").of("status") == ["cancelled"]
    assert plants("cargo", "--by", "fact", "--include-deprecated").of("status") == [
        "cancelled",
        "operating",
    ]


def test_every_fact(plants: Ask) -> None:
    told = plants("alfa", "--destination", "HU", "--by", "fact")
    assert len(told.rows) == 8
    assert told.of("capacity") == [None, None, None, 100_000, 150_000, 300_000, None, None]
    assert "capacity of phase 2" in told.rows[5]["note"]
    assert told.of("currency")[-2:] == ["EUR", "USD"]


def test_what_was_known_on_a_day(plants: Ask) -> None:
    told = plants("--as-of", "2024-12")
    assert told.of("id", "status", "capacity") == [("alfa.town", "announced", 100_000)]
    assert plants("--as-of", "2024-02").rows == []


def test_periods_are_those_of_the_facts(plants: Ask) -> None:
    assert plants("--year", "2024").of("id", "status") == [("alfa.town", "announced")]
    assert plants("--period", "2024", "alfa").of("status") == ["announced"]
    assert plants("--since", "2025", "--subject", "cargo").rows == []
    assert plants("--until", "2023").of("id") == ["cargo.old"]
    assert len(plants("alfa", "--by", "fact", "--period", "latest").rows) == 10


def test_one_source(plants: Ask) -> None:
    assert plants("--source", "other", "--by", "fact").of("id") == [
        "alfa.disputed@2025-06.status#other",  # Brazil stands before Hungary
        "alfa.disputed@2025-06.capacity#other",
        "alfa.town@2025-06.investment#other",
    ]
    (row,) = plants("--source", "other", "--destination", "BR").rows
    assert (row["status"], row["capacity"]) == ("delayed", 90_000)


def test_every_id_is_explained(plants: Ask, ask_pack: Ask, folder: Path) -> None:
    for id_ in [*plants().of("id"), *plants("--by", "fact", "--include-deprecated").of("id")]:
        told = ask_pack(folder, "explain", id_)
        assert told.code == 0
        assert told.rows[0]["id"] == id_
        assert "source" in told.of("kind")
    fact, source, *_ = ask_pack(folder, "explain", "alfa.town@2025-06.capacity#late").rows
    assert (fact["text"], fact["at"], fact["value"], fact["low"], fact["line"]) == (
        "capacity 150,000",
        "late p3",
        150_000,
        145_000,
        19,
    )
    assert source["depth"] == 1
    told = ask_pack(folder, "explain", "alfa.town@2025-06.capacity#latte")
    assert told.code == 3
    assert "did you mean 'alfa.town@2025-06.capacity#late" in told.err


def test_a_planned_status_does_not_replace_what_is(tmp_path: Path) -> None:
    tmp_path.joinpath("pack.yaml").write_text(
        """\
sources:
  - {id: page, title: T, outlet: O, published: 2026-02-01}
plants:
  - id: byd.somewhere
    maker: [byd]
    country: HU
    product: vehicles
    facts:
      - {status: under-construction, as_of: 2025, source: page, at: p1}
      - {status: trial, as_of: 2026-Q2, planned: yes, source: page, at: p2}
      - {capacity: "100,000", unit: vehicles/year, as_of: 2025, source: page, at: p1}
      - {capacity: "200,000", unit: vehicles/year, as_of: 2026, planned: yes, source: page, at: p2}
""",
        encoding="utf-8",
    )
    with evcli.open(tmp_path, builtin=False) as data:
        (row,) = plants_answer(Figures(data.store), Query()).rows
    assert (row["status"], row["as_of"], row["capacity"]) == ("under-construction", "2025", 100_000)
    assert "status planned: trial (as of 2026-Q2)" in str(row["note"])
    assert "capacity planned: 200,000 vehicles (as of 2026)" in str(row["note"])
