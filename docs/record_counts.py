"""Counts for docs/record.md what became of the rows of the research tables.

``python docs/record_counts.py`` writes the table anew. Rows and what became of them are taken from
docs/record-map.csv, ranks and notes from the record itself.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evcli.model.records import Claim, Event, Fact, Measure, PlantFact, Record

    Entry = Fact | Event | Measure | Claim | PlantFact

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "record.md"
BEGIN, END = "<!-- counted by record_counts.py -->\n", "<!-- counted -->"
TABLES = (
    "exports_national",
    "makers_destinations",
    "investment",
    "plants",
    "policy",
    "corrections",
    "update_2026",
    "update_2026_investment",
    "update_2026_plants",
    "update_2026_policy",
)
COLUMNS = ("rows", "in the record", "same as another row", "deprecated", "with a note", "left out")
_TITLES = {
    "exports_national": "National exports and sales",
    "makers_destinations": "Makers, destinations, markets, ports",
    "investment": "Investment, quality, parts",
    "plants": "Plants abroad",
    "policy": "Trade policy",
    "corrections": "Corrections read later",
    "update_2026": "Figures of 2026, and older ones read with them",
    "update_2026_investment": "Investment, read with them",
    "update_2026_plants": "Plants, read with them",
    "update_2026_policy": "Trade policy, read with them",
}


def counted(record: Record) -> str:
    """The table of rows, and a line on the size of the record."""
    lines = ["| table | " + " | ".join(COLUMNS) + " |", "| --- |" + " ---: |" * len(COLUMNS)]
    entries = {each.id: each for each in _entries(record)}
    total: Counter[str] = Counter()
    seen: set[str] = set()
    for table in TABLES:
        counts = _counts(table, entries, seen)
        total += counts
        lines.append(_line(f"{_TITLES[table]} (`{table}`)", counts))
    lines.append(_line("All", total))
    return "\n".join(lines) + "\n\n" + _size(record) + "\n"


def _entries(record: Record) -> Iterator[Entry]:
    yield from record.facts
    yield from record.events
    yield from record.measures
    yield from record.claims
    for plant in record.plants:
        yield from plant.facts


def _counts(table: str, entries: dict[str, Entry], seen: set[str]) -> Counter[str]:
    """What became of the rows of one table; *seen* are the ids that rows before it have."""
    counts: Counter[str] = Counter()
    with (ROOT / "docs" / "record-map.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["table"] != table:
                continue
            became = [entries[name] for name in row["id"].split()]
            counts["rows"] += 1
            counts["in the record" if became else "left out"] += 1
            # a fact has a rank; a measure, an event and a claim have none
            if any(getattr(each, "rank", "") == "deprecated" for each in became):
                counts["deprecated"] += 1
            if any(each.note for each in became):
                counts["with a note"] += 1
            if row["id"]:
                counts["same as another row"] += row["id"] in seen
                seen.add(row["id"])
    return counts


def _line(title: str, counts: Counter[str]) -> str:
    return "| " + " | ".join([title, *(f"{counts[column]:,}" for column in COLUMNS)]) + " |"


def _size(record: Record) -> str:
    told = sum(len(plant.facts) for plant in record.plants)
    read = sum(source.read for source in record.sources.values())
    deprecated = sum(fact.rank == "deprecated" for fact in record.facts)
    return (
        f"The record holds {len(record.facts):,} facts of {len(record.series):,} series "
        f"({deprecated} facts are deprecated),\n{len(record.plants)} plants with {told} facts, "
        f"{len(record.measures)} trade measures, {len(record.events)} events, "
        f"{len(record.claims)} claims,\n{read:,} documents that were read and "
        f"{len(record.sources) - read} releases and reports that those repeat,\n"
        f"and {len(record.acknowledged)} acknowledged findings of the audit."
    )


def renewed(text: str, record: Record) -> str:
    """*text* of the page with its counts as they are now."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}{counted(record)}{END}{tail}"


def main() -> int:
    """Write the counts into the page."""
    sys.path.insert(0, str(ROOT))
    from evcli.loader.packs import load
    from evcli.model import Pack

    record = load([Pack(ROOT / "facts"), Pack(ROOT / "seeds")])
    page = renewed(PAGE.read_text("utf-8"), record)
    PAGE.write_text(page, "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
