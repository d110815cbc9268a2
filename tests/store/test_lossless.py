"""A record that was compiled and read back is the same record."""

from __future__ import annotations

import string
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import (
    Acknowledgement,
    Change,
    Claim,
    Event,
    Fact,
    LeftOut,
    Measure,
    Outlet,
    Place,
    Plant,
    PlantFact,
    Record,
    Series,
    Source,
    SourceProblem,
)
from evcli.model.vocabulary import (
    Destination,
    Method,
    Metric,
    Partition,
    Publisher,
    Scope,
    Subject,
    Unit,
    Vocabulary,
)
from evcli.store import Store
from evcli.store.tables import TABLES, pack, unpack
from tests.stores import store_of


def read_back(store: Store, of: Record) -> Record:
    return Record(
        store.vocabulary,
        {source.id: source for source in store.sources()},
        {series.id: series for series in store.series(store.all_series_ids())},
        tuple(store.facts({fact.series for fact in of.facts})),
        tuple(store.every(Event)),
        tuple(store.every(Measure)),
        tuple(store.every(Plant)),
        tuple(store.every(Claim)),
        tuple(store.every(Acknowledgement)),
        {outlet.name: outlet for outlet in store.every(Outlet)},
    )


def same(one: object, other: object) -> bool:
    """Equal in every value and, unlike tuples that are merely equal, of the same classes."""
    return one == other and repr(one) == repr(other)


def test_a_record_by_hand_comes_back_equal(record: Record, store: Store) -> None:
    back = read_back(store, record)
    for part in Record._fields:
        assert getattr(back, part) == getattr(record, part), part


def test_words_keep_their_order(record: Record, store: Store) -> None:
    assert list(store.vocabulary.subjects) == list(record.vocabulary.subjects)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_has_every_field_of_its_class_in_order(table: Any) -> None:
    assert list(table.fields) == list(table.model._fields)
    assert len(set(table.columns)) == len(table.columns)
    assert "place" not in table.fields or list(table.fields)[-1] == "place"


texts = st.text(max_size=12)
ids = st.text(string.ascii_lowercase + string.digits + ".-", min_size=1, max_size=8)
numbers = st.none() | st.fractions()
periods = st.builds(
    lambda start, days: Period(start, start + timedelta(days=days)),
    st.dates(date(1800, 1, 1), date(2190, 1, 1)),
    st.integers(1, 900),
) | st.just(Period(None, None))
tuples = st.lists(texts, max_size=3).map(tuple)


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    low, high = draw(numbers), draw(numbers)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Bounds(low, high)


KNOWN: dict[Any, st.SearchStrategy[Any]] = {
    str: texts,
    Bounds: bounds(),
    Period: periods,
    Period | None: st.none() | periods,
    Place | None: st.none() | st.builds(Place, texts, st.integers(0, 10**6), st.integers(1, 200)),
    tuple[str, ...]: tuples,
}


def some(model: type[Any], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects of *model* with every field drawn, also those that have defaults."""
    drawn = {name: KNOWN.get(kind, ...) for name, kind in get_type_hints(model).items()}
    return st.builds(model, **(drawn | fixed))


def unique(model: type[Any], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    drawn = some(model, **({"id": ids} | fixed))
    return st.lists(drawn, max_size=3, unique_by=lambda item: item.id)


def keyed(model: type[Any], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return unique(model, **fixed).map(lambda items: {item.id: item for item in items})


quantities = some(Quantity, value=numbers)
maybe = st.none() | quantities
dates = periods.filter(lambda period: not period.is_undated).map(str) | st.just("")
vocabularies = some(
    Vocabulary,
    subjects=keyed(Subject),
    metrics=keyed(Metric),
    scopes=keyed(Scope),
    destinations=keyed(Destination),
    units=keyed(Unit),
    methods=keyed(Method),
    publishers=keyed(Publisher, precision=numbers),
    partitions=st.lists(some(Partition), max_size=2).map(tuple),
)
plant_facts = unique(PlantFact, quantity=maybe)


@st.composite
def plants(draw: st.DrawFn) -> tuple[Plant, ...]:
    return tuple(
        plant._replace(facts=tuple(fact._replace(plant=plant.id) for fact in draw(plant_facts)))
        for plant in draw(unique(Plant, facts=st.just(())))
    )


pairs = st.lists(st.tuples(texts, texts), max_size=2).map(tuple)
records = some(
    Record,
    vocabulary=vocabularies,
    sources=keyed(
        Source,
        problems=st.lists(some(SourceProblem), max_size=2).map(tuple),
        left_out=st.lists(some(LeftOut), max_size=2).map(tuple),
    ),
    series=keyed(Series).map(lambda series: dict(sorted(series.items()))),
    facts=unique(
        Fact,
        quantity=maybe,
        yoy=maybe,
        mom=maybe,
        published=dates,
        change=st.none() | some(Change, quantity=quantities),
    ).map(tuple),
    events=unique(Event).map(tuple),
    measures=unique(Measure, rate=maybe, suspended=pairs).map(tuple),
    plants=plants(),
    claims=unique(Claim).map(tuple),
    acknowledged=st.lists(some(Acknowledgement), max_size=2).map(tuple),
    outlets=st.lists(some(Outlet), max_size=2, unique_by=lambda each: each.name).map(
        lambda outlets: {each.name: each for each in outlets}
    ),
)


@given(records)
def test_any_record_comes_back_equal(record: Record) -> None:
    with store_of(record) as store:
        assert same(read_back(store, record), record)


@given(tuples)
def test_any_texts_can_be_packed(items: tuple[str, ...]) -> None:
    assert unpack(pack(items)) == items


def test_exact_numbers_stay_exact() -> None:
    third = Fraction(1, 3)
    quantity = Quantity(third, Bounds(-third, Fraction(10) ** 30), "", "USD")
    fact = Fact("f", "s", Period.of_year(2025), "x", "x", (), quantity=quantity)
    with store_of(Record(facts=(fact,))) as store:
        found = store.one(Fact, "f")
    assert found is not None
    assert found.quantity == quantity


def test_the_digest_is_of_the_content_alone(record: Record) -> None:
    def digest(of: Record) -> str:
        with store_of(of) as store:
            return store.digest

    moved = tuple(fact._replace(place=Place("elsewhere.yaml", 99)) for fact in record.facts)
    backwards = dict(list(record.sources.items())[::-1])
    assert digest(record._replace(facts=moved[::-1], sources=backwards)) == digest(record)
    noted = (*record.facts[:-1], record.facts[-1]._replace(note="changed"))
    assert digest(record._replace(facts=noted)) != digest(record)
    assert digest(record._replace(events=record.events[:1])) != digest(record)
    # a text moved from one field to its neighbour is another content
    one = Source("a", "bc", "")
    other = Source("a", "b", "c")
    assert digest(Record(sources={"a": one})) != digest(Record(sources={"a": other}))
