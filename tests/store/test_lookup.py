"""What can be asked of a store, by hand."""

from __future__ import annotations

import pytest

from evcli.errors import UnknownName
from evcli.model.records import Claim, Event, Fact, Measure, Plant, Record
from evcli.query.figures import Figures
from evcli.store import Store
from tests.stores import store_of

from .conftest import a_fact, a_series, by_id

NEV = "cn.exports.nev.caam"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (NEV, [NEV]),
        ("*", ["byd.overseas", "chery.exports.to-be", NEV]),
        ("*.exports.*", ["chery.exports.to-be", NEV]),
        ("byd.oversea?", ["byd.overseas"]),
        ("[a-b]*", ["byd.overseas"]),
        ("BYD.*", []),
        ("cn.exports.nev", []),
        ("", []),
        ("[", []),
        ("%", []),
        ("_yd.overseas", []),
        ("byd.overseas'; DROP TABLE series", []),
        ("*" * 60_000, []),
        ("\udcff*", []),
        ("a\0*", []),
    ],
)
def test_series_are_matched_by_id_or_glob(store: Store, pattern: str, expected: list[str]) -> None:
    assert [series.id for series in store.match_series(pattern)] == expected


def test_series_come_in_the_order_asked(store: Store) -> None:
    asked = [NEV, "nobody", "byd.overseas", NEV]
    assert [series.id for series in store.series(asked)] == [NEV, "byd.overseas"]
    assert store.series([]) == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["byd.overseas", "chery.exports.to-be", NEV]),
        ({"metric": ["exports"]}, ["chery.exports.to-be", NEV]),
        ({"metric": ["exports"], "subject": {"CN", "byd"}}, [NEV]),
        ({"destination": ["BE", "DE"]}, ["chery.exports.to-be"]),
        ({"scope": ["nev"], "publisher": ["byd"]}, ["byd.overseas"]),
        ({"scope": ["all"]}, ["chery.exports.to-be"]),
        ({"subject": []}, []),
        ({"subject": [f"nobody{n}" for n in range(2000)] + ["byd"]}, ["byd.overseas"]),
    ],
)
def test_series_are_selected_by_facet(
    store: Store, wanted: dict[str, list[str]], expected: list[str]
) -> None:
    assert [series.id for series in store.select_series(**wanted)] == expected


def test_facts_come_in_file_order(record: Record, store: Store) -> None:
    assert store.facts({"byd.overseas", NEV}) == list(record.facts)
    assert store.facts(["byd.overseas"]) == list(record.facts[3:])
    assert store.facts([]) == []
    assert store.every(Fact, source=["seed-001"]) == list(record.facts[2:])
    assert store.one(Fact, record.facts[1].id) == record.facts[1]
    assert store.one(Fact, "none") is None


@pytest.mark.parametrize(
    ("by", "sources"),
    [
        ("2025-06-10", []),
        ("2025-06-11", ["caam-2025-06"]),
        ("2025-05", []),
        ("2025-06", ["caam-2025-06"]),
        ("2025-12-30", ["caam-2025-06"]),
        ("2025-12", ["caam-2025-06", "paper"]),  # "2025" is sure only when the year is over
        ("2025", ["caam-2025-06", "paper"]),
        ("2026-01-01", ["caam-2025-06", "paper"]),
    ],
)
def test_facts_as_of_a_date(store: Store, by: str, sources: list[str]) -> None:
    assert [fact.source for fact in Figures(store, as_of=by).facts([NEV])] == sources


def test_thousands_of_series_at_once() -> None:
    series = [a_series(f"s{n}", "") for n in range(2500)]
    facts = tuple(a_fact(f"s{(n * 7) % 2500}", "2025", f"x{n}") for n in range(2500))
    with store_of(Record(series=by_id(*series), facts=facts)) as store:
        ids = [one.id for one in series]
        assert store.facts(ids) == list(facts)
        assert store.series(ids) == series
        assert len(store.match_series("s?")) == 10


def test_many_odd_names_at_once(store: Store) -> None:
    """More than go into a statement one by one: none is an error, and the real one is found."""
    odd = [f'{at}"\\\n\x01é\udcff' for at in range(1_000)]
    assert [series.id for series in store.series([*odd, NEV])] == [NEV]


def test_sources(record: Record, store: Store) -> None:
    assert store.sources() == list(record.sources.values())
    assert [source.id for source in store.sources({"seed-001", "paper", "x"})] == [
        "paper",
        "seed-001",
    ]
    # paper: a fact, two events, two measures, a fact on a plant, a claim; seed-001 and a blog
    # confirm a measure
    assert store.source_counts() == {"blog": 1, "caam-2025-06": 1, "paper": 7, "seed-001": 5}
    # beside a page of "2025", which may be of any day of it
    assert store.newest_source == "2025-06-11"


def test_no_source_is_the_newest_where_none_is_dated(record: Record) -> None:
    with store_of(record._replace(sources={})) as store:
        assert store.newest_source == ""


def test_events_measures_plants_claims(record: Record, store: Store) -> None:
    assert store.every(Event, kind=["policy"]) == [record.events[0]]
    assert store.every(Event, subject=["byd"], kind=["policy"]) == []
    assert store.every(Measure) == list(record.measures)
    assert store.every(Plant) == list(record.plants)
    assert store.every(Plant, country=["HU"]) == [record.plants[0]]
    assert store.one(Event, "e2") == record.events[1]
    assert store.one(Measure, "us.tariff") == record.measures[1]
    assert store.one(Plant, "byd.szeged") == record.plants[0]
    assert store.one(Claim, "c1") == record.claims[0]
    missing = (
        store.one(Event, "c1"),
        store.one(Measure, ""),
        store.one(Plant, "x"),
        store.one(Claim, "e1"),
    )
    assert missing == (None, None, None, None)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("subject", "byd", "byd"),
        ("subject", "BYD", "byd"),
        ("subject", "比亚迪", "byd"),
        ("subject", "  chery   AUTOMOBILE ", "chery"),
        ("subject", "great wall", "great-wall"),
        ("subject", "prc", "CN"),
        ("subject", "GW", "gw"),  # an id wins over an alias
        ("subject", "chrey", None),
        ("subject", "", None),
        ("subject", "\udcff", None),
        ("destination", "World", "world"),
        ("destination", "europe", "europe2"),
        ("destination", "be", "BE"),
        ("publisher", "BYD", "byd"),  # a maker that counts itself
        ("publisher", "比亚迪", "byd"),
        ("publisher", "中汽协", "caam"),
        ("publisher", "chery", None),
        ("metric", "出口", "exports"),
        ("scope", "new energy vehicles", "nev"),
        ("unit", "辆", "vehicles"),
        ("source", "PAPER", "paper"),
        ("nonsense", "byd", None),
    ],
)
def test_names_are_resolved(store: Store, kind: str, text: str, expected: str | None) -> None:
    assert store.resolve(kind, text) == expected


def test_a_shared_name_is_never_guessed(store: Store) -> None:
    with pytest.raises(UnknownName) as caught:
        store.resolve("subject", "shared")
    assert caught.value.hint == "say citroen or stellantis"


def test_known_names_are_ids_names_and_aliases(store: Store) -> None:
    assert [*store.known_names("metric")] == [
        "exports",
        "overseas-sales",
        "Exports",
        "Overseas sales",
        "出口",
    ]


def test_names_for_completion(store: Store) -> None:
    assert store.names("series") == [
        ("byd.overseas", "BYD sold abroad"),
        ("chery.exports.to-be", "Chery exports to Belgium"),
        (NEV, "New-energy vehicles exported from China"),
    ]
    assert store.names("destination") == [
        ("BE", ""),
        ("europe2", "Europe"),
        ("world", "World"),
    ]
    assert store.names("period") == [
        ("2025-05", "month"),
        ("2025-01/2025-05", "year-to-date"),
        ("2024", "year"),
    ]
    assert store.names("nonsense") == []
