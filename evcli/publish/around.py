"""Plants, trade measures, events and what the audit works with, as tables."""

from __future__ import annotations

from collections.abc import Iterable

from evcli.model.answer import Row
from evcli.model.quantity import Quantity
from evcli.model.records import Acknowledgement, Claim, Event, Measure, Plant, PlantAspect
from evcli.publish.sheet import Field, Sheet, Type, days
from evcli.publish.written import AT, HIGH, LOW, NOTE, QUALIFIER, RANK, REASON, SOURCE
from evcli.store.reader import Store

PLANTS = Sheet(
    "plants",
    "Plants abroad.",
    (
        Field("id", "The name that facts on plants use.", required=True),
        Field("maker", "Who builds there.", Type.IDS, required=True),
        Field("partner", "With whom, as it is written.", Type.TEXTS),
        Field("kind", "own, joint-venture or contract."),
        Field("country", "ISO 3166 alpha-2.", required=True, refers_to="destinations"),
        Field("city", "Where in the country."),
        Field("name", "What tells it from another plant of the maker in that town."),
        Field("product", "What it makes."),
        NOTE,
    ),
    ("id",),
)
PLANT_FACTS = Sheet(
    "plant_facts",
    "What each source says of a plant: one aspect a row.",
    (
        Field("id", "PLANT@DAY.ASPECT#SOURCE.", required=True),
        Field("plant", "The plant.", required=True, refers_to="plants"),
        Field("aspect", "Which side of the plant.", choices=tuple(map(str, PlantAspect))),
        Field("text", "What is said, as it is written.", required=True),
        Field("value", "The number that is said.", Type.NUMBER),
        LOW,
        HIGH,
        Field("unit", "The unit of value, low and high.", refers_to="units"),
        QUALIFIER,
        Field("as_of", "When that was so.", required=True),
        Field("as_of_start", "The first day of that time.", Type.DAY),
        Field("as_of_end", "Its last day.", Type.DAY),
        Field("planned", "Whether it is meant to be.", Type.FLAG),
        Field("phase", "For which stage, brand or product it holds alone."),
        SOURCE,
        AT,
        RANK,
        REASON,
        NOTE,
    ),
    ("id",),
)
MEASURES = Sheet(
    "measures",
    "Trade measures.",
    (
        Field("id", "Its name.", required=True),
        Field("jurisdiction", "Whose measure.", required=True),
        Field("instrument", "countervailing-duty, export-licence ...", required=True),
        Field("stage", "How far it has come."),
        Field("target", "What it applies to.", required=True),
        Field("subject", "Whom it names; empty for all.", refers_to="subjects"),
        Field("rate", "As it is written."),
        Field("value", "The rate.", Type.NUMBER),
        LOW,
        HIGH,
        Field("rate_unit", "percent, or a currency."),
        Field("on_top_of", "The ordinary rate it adds to, as written."),
        Field("minimum", "As written."),
        Field("quota", "As written."),
        Field("from", "The first day, or month or year."),
        Field("until", "The first day on which it no longer holds."),
        Field("suspended", "When it was, as FROM/UNTIL.", Type.TEXTS),
        Field("replaces", "The measures that it ends.", Type.IDS),
        Field("excepts", "The measures of which it takes its own target out.", Type.IDS),
        SOURCE,
        AT,
        Field("confirmed_by", "Sources that state the same.", Type.IDS),
        RANK,
        REASON,
        NOTE,
    ),
    ("id",),
)
EVENTS = Sheet(
    "events",
    "What happened.",
    (
        Field("id", "Its name.", required=True),
        Field("date", "A day, month or year.", required=True),
        Field("kind", "What kind of thing.", required=True),
        Field("subject", "To whom.", required=True, refers_to="subjects"),
        Field("title", "What.", required=True),
        SOURCE,
        AT,
        RANK,
        REASON,
        NOTE,
    ),
    ("id",),
)
CLAIMS = Sheet(
    "claims",
    "Statements about figures that are checked and never computed with.",
    (
        Field("id", "Its name.", required=True),
        Field("says", "What it says.", required=True),
        SOURCE,
        AT,
        NOTE,
    ),
    ("id",),
)
ACKNOWLEDGED = Sheet(
    "acknowledged",
    "Disagreements in the record that are looked at and explained.",
    (
        Field("facts", "The facts or claims that disagree.", Type.IDS, required=True),
        Field("verdict", "What it is.", required=True),
        Field("reason", "Why it stands.", required=True),
    ),
)


def sheets_around(store: Store) -> list[Sheet]:
    """All that the record holds besides figures."""
    plants = store.plants()
    return [
        PLANTS.with_rows(map(_plant, plants)),
        PLANT_FACTS.with_rows(row for plant in plants for row in _plant_facts(plant)),
        MEASURES.with_rows(map(_measure, store.measures())),
        EVENTS.with_rows(map(_event, store.events())),
        CLAIMS.with_rows(map(_claim, store.claims())),
        ACKNOWLEDGED.with_rows(map(_acknowledgement, store.acknowledged())),
    ]


def _plant(plant: Plant) -> Row:
    return plant._asdict()


def _plant_facts(plant: Plant) -> Iterable[Row]:
    for fact in plant.facts:
        start, end = days(fact.as_of)
        yield {
            **fact._asdict(),
            **_number(fact.quantity),
            "aspect": fact.aspect.value,
            "as_of": str(fact.as_of),
            "as_of_start": start,
            "as_of_end": end,
            "rank": fact.rank.value,
        }


def _measure(measure: Measure) -> Row:
    return {
        **measure._asdict(),
        **_number(measure.rate),
        "rate": measure.rate_stated,
        "from": str(measure.start or ""),
        "until": str(measure.until or ""),
        "suspended": tuple(map("/".join, measure.suspended)),
        "rank": measure.rank.value,
    }


def _event(event: Event) -> Row:
    return {**event._asdict(), "date": str(event.date), "rank": event.rank.value}


def _claim(claim: Claim) -> Row:
    return claim._asdict()


def _acknowledgement(acknowledgement: Acknowledgement) -> Row:
    return acknowledgement._asdict()


def _number(quantity: Quantity | None) -> Row:
    if quantity is None:
        return {}
    return {
        "value": quantity.value,
        "low": quantity.bounds.low,
        "high": quantity.bounds.high,
        "unit": quantity.unit,
        "qualifier": quantity.qualifier,
    }
