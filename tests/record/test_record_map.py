"""docs/record-map.csv: what became of every row of the tables that the record was made from.

The tables themselves are not here. Where EVCLI_TABLES says where they are, what was made of each
row is held against it.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from evcli.model.claim import RankClaim, parse_claim
from evcli.model.period import parse_period
from evcli.model.quantity import Quantity
from evcli.model.records import Claim, Event, Fact, Measure, PlantAspect, PlantFact, Record

from .conftest import ROOT, Mapped
from .corrections import CORRECTIONS

ROWS = {
    "corrections": 21,
    "exports_national": 734,
    "investment": 117,
    "makers_destinations": 1270,
    "plants": 156,
    "policy": 110,
    "update_2026": 314,
    "update_2026_investment": 5,
    "update_2026_plants": 15,
    "update_2026_policy": 21,
}
TABLES = os.environ.get("EVCLI_TABLES", "")
needs_tables = pytest.mark.skipif(
    not TABLES, reason="EVCLI_TABLES does not say where the research tables are"
)

Entry = Fact | Event | Measure | Claim | PlantFact
Row = Mapping[str, str]


@pytest.fixture(scope="module")
def entries(record: Record) -> dict[str, Entry]:
    """Everything in the record that has an id and a source."""
    named: list[Entry] = [*record.facts, *record.events, *record.measures, *record.claims]
    named += [fact for plant in record.plants for fact in plant.facts]
    found = {each.id: each for each in named}
    assert len(found) == len(named)
    return found


def test_every_row_of_every_table_is_there_once_and_in_order(record_map: list[Mapped]) -> None:
    expected = [(table, line) for table in sorted(ROWS) for line in range(2, ROWS[table] + 2)]
    assert [(each.table, each.line) for each in record_map] == expected


def test_every_id_is_in_the_record(record_map: list[Mapped], entries: Mapping[str, Entry]) -> None:
    assert [each for each in record_map if not set(each.ids) <= entries.keys()] == []


def test_a_row_that_became_nothing_says_why(record_map: list[Mapped]) -> None:
    assert [each for each in record_map if not each.ids and not each.reason] == []


def test_two_rows_became_one_only_where_that_is_said(record_map: list[Mapped]) -> None:
    rows = defaultdict(list)
    for each in record_map:
        rows[each.ids].append(each)
    silent = [
        [(each.table, each.line) for each in same]
        for ids, same in rows.items()
        if ids and len([each for each in same if not each.reason]) > 1
    ]
    assert silent == []


def test_the_file_is_as_a_csv_writer_writes_it(record_map: list[Mapped]) -> None:
    lines = (ROOT / "docs" / "record-map.csv").read_text("utf-8").split("\n")
    assert lines[0] == "table,line,id,reason"
    assert lines[-1] == ""
    assert len(lines) == len(record_map) + 2


# --- beside the tables ---------------------------------------------------------------------------


@needs_tables
@pytest.mark.parametrize("table", ROWS)
def test_what_was_made_of_a_row_says_what_the_row_says(
    table: str, record_map: list[Mapped], record: Record, entries: Mapping[str, Entry]
) -> None:
    rows = _rows(table)
    assert len(rows) == ROWS[table]
    found = {
        (each.line, difference)
        for each in record_map
        if each.table == table and each.ids
        for difference in _differences(
            rows[each.line - 2], [entries[name] for name in each.ids], record
        )
    }
    # a correction that corrects nothing is as wrong as a difference that nobody meant
    assert found == CORRECTIONS.get(table, {}).keys()


def _rows(table: str) -> list[Row]:
    with (Path(TABLES) / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _differences(row: Row, made: list[Entry], record: Record) -> Iterator[str]:
    """In what the entries made of a row are not what the row says."""
    if any(record.sources[each.source].url != row["url"] for each in made):
        yield "url"
    facts = [each for each in made if isinstance(each, Fact)]
    plant_facts = [each for each in made if isinstance(each, PlantFact)]
    if "as_of" in row and not plant_facts:  # of a plant that is none
        told = {"date": row["as_of"], "period": row["as_of"], "value": row["capacity"]}
        row = {**row, **told, "yoy_pct": "", "mom_pct": ""}
    if facts:
        yield from _fact_differences(row, facts)
    elif plant_facts and "status" in row:
        countries = {plant.id: plant.country for plant in record.plants}
        if {countries[each.plant] for each in plant_facts} != {row["country"]}:
            yield "country"
        yield from _plant_differences(row, plant_facts)
    elif plant_facts:
        if [each.quantity.value for each in plant_facts if each.quantity] != [_number(row)]:
            yield "value"
    else:
        for each in made:
            yield from _other_differences(row, each)


def _fact_differences(row: Row, facts: list[Fact]) -> Iterator[str]:
    period = _period(row["period"])
    if any(str(fact.period) != period for fact in facts):
        yield "period"
    values = [fact.quantity for fact in facts if fact.quantity]
    if bool(values) != bool(row["value"]) or not all(
        _allows(each, row["value"]) for each in values
    ):
        yield "value"
    growth = {
        "yoy_pct": [fact.yoy for fact in facts if fact.yoy],
        "mom_pct": [fact.mom for fact in facts if fact.mom],
    }
    for column, stated in growth.items():
        if row[column] and not any(_allows(each, row[column]) for each in stated):
            yield "growth"


def _plant_differences(row: Row, facts: list[PlantFact]) -> Iterator[str]:
    told = {aspect: [each for each in facts if each.aspect is aspect] for aspect in PlantAspect}
    if {str(each.as_of) for each in facts} != {row["as_of"] or "undated"}:
        yield "period"
    words = {
        PlantAspect.STATUS: row["status"].replace(" ", "-"),
        PlantAspect.START: row["production_start"],
    }
    for aspect, word in words.items():
        if word and word not in {each.text for each in told[aspect]}:
            yield aspect.value
    for aspect in (PlantAspect.CAPACITY, PlantAspect.INVESTMENT):
        number = row[aspect.value]
        stated = [each.quantity for each in told[aspect] if each.quantity]
        if number and not any(_allows(each, number) for each in stated):
            yield aspect.value


def _other_differences(row: Row, made: Entry) -> Iterator[str]:
    match made:
        case Claim():
            claim = parse_claim(made.says)
            said = str(claim.limit) if isinstance(claim, RankClaim) else str(claim.since or "")
            if said != row["value"]:
                yield "value"
        case Event():
            if str(made.date) != row["date"]:
                yield "period"
        case Measure():
            if str(made.start) != row["date"]:
                yield "period"
            if row["rate_pct"] and not (made.rate and _allows(made.rate, row["rate_pct"])):
                yield "rate"
            if made.jurisdiction != row["jurisdiction"]:
                yield "jurisdiction"


def _number(row: Row) -> Fraction:
    return Fraction(row["value"])


def _allows(stated: Quantity, number: str) -> bool:
    """Whether a number of the table is the value, or lies within the bounds of the words."""
    value = Fraction(number)
    low, high = stated.bounds.low, stated.bounds.high
    return value == stated.value or (
        (low is None or low <= value) and (high is None or value <= high)
    )


def _period(written: str) -> str:
    """The period of a row in its canonical name; the tables also mix years, months and days.

    2011/2025-06 is 2011-01/2025-06, 2025-01/2025-11-07 is 2025-01-01/2025-11-07.
    """
    if not written:
        return "undated"
    start, slash, end = written.partition("/")
    if slash:
        start += "-01" * ((len(end) - len(start)) // len("-01"))
    return str(parse_period(start + slash + end))
