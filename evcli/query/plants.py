"""Plants: the newest undisputed fact of each aspect, or every fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Rounding, Value, View
from evcli.model.fact import Plant, PlantAspect, PlantFact, Rank
from evcli.query.figures import FigureSource
from evcli.query.rows import destination_name, footnotes, subject_name
from evcli.query.selection import Wanted

PLANT_COLUMNS: tuple[Column, ...] = (
    Column("id"),
    Column("maker", Kind.LIST),
    *(Column(name) for name in ("country", "city", "product", "status", "as_of", "start")),
    Column("capacity", Kind.NUMBER, Rounding.NEAREST, "capacity_unit"),
    Column("capacity_low", Kind.NUMBER, Rounding.DOWN, "capacity_unit"),
    Column("capacity_high", Kind.NUMBER, Rounding.UP, "capacity_unit"),
    Column("capacity_unit"),
    Column("investment", Kind.NUMBER, Rounding.NEAREST, "currency"),
    Column("currency"),
    Column("sources", Kind.LIST),
    Column("note"),
)
_VIEWS = (
    HumanColumn("maker", View.TEXT, ("makers",)),
    HumanColumn("where", View.TEXT, ("where",)),
    HumanColumn("product", View.TEXT, ("product",), optional=3),
    HumanColumn("status", View.TEXT, ("status",)),
    HumanColumn("as of", View.TEXT, ("as_of",)),
    HumanColumn("start", View.TEXT, ("start",), optional=1),
    HumanColumn(
        "capacity", View.BOUNDED, ("capacity", "capacity_low", "capacity_high"), "capacity_unit",
        optional=1,
    ),
    HumanColumn("investment", View.NUMBER, ("investment",), "currency", optional=2),
    HumanColumn("src", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("note",)),
)  # fmt: skip


def plants_answer(
    source: FigureSource,
    wanted: Wanted,
    *,
    every_fact: bool = False,
    include_deprecated: bool = False,
) -> Answer:
    """One row a plant, or one a fact."""
    rows: list[dict[str, Value]] = []
    where = wanted.where
    for plant in source.store.plants(
        makers=where.subjects or None, countries=where.destinations or None
    ):
        facts = [
            fact
            for fact in plant.facts
            if (include_deprecated or fact.rank is not Rank.DEPRECATED)
            and wanted.when.holds(fact.as_of)
            and (not where.sources or fact.source in where.sources)
            and source.is_out(fact.source)
        ]
        if wanted.when.latest:
            asked = wanted.when.pick(sorted({f.as_of for f in facts}, key=lambda p: p.sort_key))
            facts = [fact for fact in facts if fact.as_of in asked]
        if every_fact:
            rows += [_fact_row(source, plant, fact) for fact in facts]
        elif facts:
            rows.append(_plant_row(source, plant, facts))
    return Answer(
        PLANT_COLUMNS,
        rows,
        _VIEWS,
        footnotes=footnotes(rows, source.store),
        title="Plants abroad",
        hint="no plant matches; evcli plants without options lists all",
    )


def _head(source: FigureSource, plant: Plant) -> dict[str, Value]:
    words = source.words
    country = destination_name(plant.country, words)
    return {
        **{column.name: "" for column in PLANT_COLUMNS},
        "id": plant.id,
        "maker": plant.maker,
        "country": plant.country,
        "city": plant.city,
        "product": plant.product,
        "capacity": None,
        "capacity_low": None,
        "capacity_high": None,
        "investment": None,
        "sources": (),
        "makers": ", ".join(subject_name(maker, words) for maker in plant.maker),
        "where": f"{plant.city}, {country}" if plant.city else country,
    }


def _fact_row(source: FigureSource, plant: Plant, fact: PlantFact) -> dict[str, Value]:
    row = _head(source, plant)
    row["id"] = fact.id
    row["as_of"] = str(fact.as_of)
    row["sources"] = (fact.source,)
    _fill(row, fact)
    row["note"] = "; ".join(_told(fact))
    return row


def _plant_row(source: FigureSource, plant: Plant, facts: Sequence[PlantFact]) -> dict[str, Value]:
    row = _head(source, plant)
    sources: dict[str, None] = {}
    notes: list[str] = [plant.note] if plant.note else []
    for aspect in PlantAspect:
        told = [fact for fact in facts if fact.aspect is aspect]
        newest = _newest(told)
        if not newest:
            continue
        if _disputed(newest):
            rivals = " / ".join(f"{fact.text} ({fact.source})" for fact in newest)
            notes.append(f"{aspect.value} disputed: {rivals}")
        else:
            fact = newest[0]
            _fill(row, fact)
            if aspect is PlantAspect.STATUS or not row["as_of"]:
                row["as_of"] = str(fact.as_of)
            notes += _told(fact)
            notes += [f"{aspect.value} also {other.text}" for other in newest[1:]
                      if other.text != fact.text]  # fmt: skip
        later = [fact for fact in told if fact.planned and fact not in newest]
        for plan in later:
            notes.append(f"{aspect.value} planned: {plan.text} (as of {plan.as_of})")
            notes += [plan.note] if plan.note else []
        sources.update(dict.fromkeys(fact.source for fact in (*newest, *later)))
    row["sources"] = tuple(sources)
    row["note"] = "; ".join(dict.fromkeys(note.rstrip(". ") for note in notes))
    return row


def _newest(facts: Sequence[PlantFact]) -> list[PlantFact]:
    """The facts of one aspect that count.

    Preferred ones; what is rather than what is planned; without a phase if possible; the newest.
    """
    best = [fact for fact in facts if fact.rank is Rank.PREFERRED] or list(facts)
    best = [fact for fact in best if not fact.planned] or best
    best = [fact for fact in best if not fact.phase] or best
    if not best:
        return []
    newest = max(_day(fact) for fact in best)
    return [fact for fact in best if _day(fact) == newest]


def _day(fact: PlantFact) -> tuple[date, date]:
    """When a fact speaks; undated ones come first."""
    start, end = fact.as_of.start, fact.as_of.end
    return (start or date.min, end or date.min)


def _disputed(facts: Sequence[PlantFact]) -> bool:
    first = facts[0]
    for other in facts[1:]:
        if other.text == first.text or other.phase != first.phase:
            continue
        if first.quantity is None or other.quantity is None:
            return True
        same_unit = first.quantity.unit == other.quantity.unit
        if same_unit and first.quantity.bounds.intersect(other.quantity.bounds) is None:
            return True
    return False


def _fill(row: dict[str, Value], fact: PlantFact) -> None:
    quantity = fact.quantity
    match fact.aspect:
        case PlantAspect.STATUS:
            row["status"] = fact.text
        case PlantAspect.START:
            row["start"] = fact.text
        case PlantAspect.CAPACITY if quantity is not None:
            row["capacity"] = quantity.value
            row["capacity_low"] = quantity.bounds.low
            row["capacity_high"] = quantity.bounds.high
            row["capacity_unit"] = quantity.unit
        case PlantAspect.INVESTMENT if quantity is not None:
            row["investment"] = quantity.value
            row["currency"] = quantity.unit


def _told(fact: PlantFact) -> Iterable[str]:
    if fact.planned:
        yield f"{fact.aspect.value} planned"
    if fact.phase:
        yield f"{fact.aspect.value} of phase {fact.phase}"
    if fact.quantity is not None and fact.quantity.qualifier:
        yield f"{fact.aspect.value} {fact.text}"
    if fact.reason:
        yield fact.reason
    if fact.note:
        yield fact.note
