"""Plants abroad: one description each, and from any number of files what sources say of them."""

from __future__ import annotations

from typing import Any

from evcli.grouping import grouped
from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.values import precision
from evcli.loader.vocabulary import Words
from evcli.loader.yaml_nodes import content
from evcli.model.period import Period
from evcli.model.quantity import Quantity
from evcli.model.records import PLANT_STATUSES, Plant, PlantAspect, PlantFact
from evcli.model.unit import UnitKind
from evcli.schema.records import Numbering, keys

_DESCRIBING = sorted(keys(Plant).keys() - {"id", "facts"})
_NEEDED = ("maker", "country")
_CAPACITY_UNIT = "vehicles/year"
_CAPACITY_KINDS = (UnitKind.COUNT, UnitKind.RATE)


def read_plants(context: Context, words: Words) -> tuple[Plant, ...]:
    """The plants of all documents, by first mention.

    What one file leaves open, such as the city, another may add, but never contradict.
    """
    number = Numbering()
    entries = grouped(context.entries("plants"), context.id_of)
    for name, parts in entries.items():
        if name and any(part.has(key) for part in parts for key in _NEEDED):
            context.learn("plant", name)
    plants = []
    for name, parts in entries.items():
        hint = "to describe it add maker, country, city and product"
        known = name and context.check("plant", name, parts[0], "id", hint)
        plant = _describe(name, parts, context, words) if known else None
        told = [each for part in parts for each in part.records("facts", "plant_facts")]
        facts = [fact for each in told if (fact := _fact(name, each, context, words))]
        if plant is not None:
            facts = [fact._replace(id=number(fact.id)) for fact in facts]
            plants.append(plant._replace(facts=tuple(facts)))
    return tuple(plants)


def _describe(name: str, entries: list[Entry], context: Context, words: Words) -> Plant:
    """The plant as its *entries* describe it together."""
    says: dict[str, Entry] = {}
    for entry in entries:
        for key in _DESCRIBING:
            if not entry.has(key):
                continue
            first = says.setdefault(key, entry)
            if first is not entry:
                _compare(name, key, first, entry)
    base = next(says[key] for key in _NEEDED if key in says)
    for key in _NEEDED:
        if key not in says and not context.report.may_exist(name):
            base.lacks(key)

    said: dict[str, Any] = {}
    for entry in entries:
        others = (key for key in _DESCRIBING if says.get(key, base) is not entry)
        said |= context.fields(entry, Plant, "maker", *others)
    said["place"] = base.place
    words.destination(said["country"])
    makers = context.refer_all("subject", says.get("maker", base), "maker", some=True)
    return Plant(id=name, maker=makers, **said)


def _compare(plant: str, key: str, first: Entry, other: Entry) -> None:
    """Report where two entries say the same key of one plant in two ways, or one file twice."""
    where = first.where(key)
    if first.document is other.document:
        other.problem(f"the plant {plant!r} has its {key!r} twice", f"first in {where}", key)
    elif _listed(first, key) != _listed(other, key):
        message = f"the plant {plant!r} has another {key!r} in {where}"
        other.problem(message, "a pack may add what is missing, never redefine it", key)


def _fact(plant: str, entry: Entry, context: Context, words: Words) -> PlantFact | None:
    aspects = [aspect for aspect in PlantAspect if entry.has(aspect)]
    said = context.fields(entry, PlantFact, "as_of")
    source = said["source"]
    as_of = _as_of(entry, source, context)
    if len(aspects) != 1:
        told = " and ".join(aspects) or "none of them"
        message = f"a plant fact tells one of {', '.join(PlantAspect)}, not {told}"
        entry.problem(message, "write one fact for each" if aspects else "")
        return None
    aspect = aspects[0]
    for key in ("unit", "precision"):
        if entry.has(key) and aspect is not PlantAspect.CAPACITY:
            message = f"{key!r} is for a capacity, not a {aspect.value}"
            entry.problem(message, "leave it out", key)
    quantity = _quantity(aspect, entry, context, words)
    text = entry.text(aspect.value)
    if not (plant and source and text) or as_of is None:
        return None
    return PlantFact(
        id=f"{plant}@{context.values.name(as_of)}.{aspect.value}#{source}",
        plant=plant,
        aspect=aspect,
        text=text,
        as_of=as_of,
        quantity=quantity,
        published=context.published(source),
        **said,
    )


def _as_of(entry: Entry, source: str, context: Context) -> Period | None:
    if entry.has("as_of"):
        return context.values.period(entry, "as_of")
    known = context.sources.get(source)
    if known is not None and known.published is None:
        hint = f"the source {source!r} has no date of publication to stand in for it"
        entry.problem("the plant fact lacks 'as_of'", hint)
    return known.published if known is not None else None


def _quantity(aspect: PlantAspect, entry: Entry, context: Context, words: Words) -> Quantity | None:
    """The number of an aspect that has one, after checking those that have none."""
    values = context.values
    match aspect:
        case PlantAspect.STATUS:
            entry.choice("status", PLANT_STATUSES)
        case PlantAspect.START:
            values.period(entry, "start")
        case PlantAspect.INVESTMENT:
            quantity = values.money(entry, "investment")
            if quantity is not None:
                words.unit(quantity.unit)
            return quantity
        case PlantAspect.CAPACITY:
            if "unit" in entry.node.entries:
                unit = words.unit(context.refer("unit", entry, "unit"))
            elif entry.has("unit"):
                return None
            else:
                unit = words.unit(_CAPACITY_UNIT)
                hint = "name the unit of the capacity"
                context.check("unit", _CAPACITY_UNIT, entry, "capacity", hint)
            if unit is not None:
                fine = precision(entry, unit, _CAPACITY_KINDS)
                return values.stated(entry, "capacity", unit, fine)
    return None


def _listed(entry: Entry, key: str) -> object:
    """What *entry* says under *key*; one name is a list of one."""
    said = content(entry.at(key))
    return said if isinstance(said, list) else [said]
