"""Plants abroad: one description each, and from any number of files what sources say of them."""

from __future__ import annotations

from evcli.loader.context import Context
from evcli.loader.facts import Numbering, read_rank
from evcli.loader.fields import Entry
from evcli.loader.sources import Sources
from evcli.model.fact import Plant, PlantAspect, PlantFact
from evcli.model.period import Period
from evcli.model.quantity import Quantity

KINDS = ("own", "joint-venture", "contract")
STATUSES = (
    "announced", "under-construction", "trial", "operating", "expanding", "suspended", "delayed",
    "cancelled", "denied",
)  # fmt: skip
_KEYS = frozenset({
    "id", "maker", "partner", "kind", "country", "city", "product", "note", "facts",
})  # fmt: skip
_DEFINING = sorted(_KEYS - {"id", "facts"})
_ASPECTS = tuple(aspect.value for aspect in PlantAspect)
_FACT_KEYS = frozenset({
    *_ASPECTS, "unit", "as_of", "planned", "phase", "source", "at", "rank", "reason", "note",
})  # fmt: skip
_CAPACITY_UNIT = "vehicles/year"


class Plants:
    """Reads plants; descriptions may stand in another file than facts."""

    def __init__(self, context: Context, sources: Sources) -> None:
        self._context = context
        self._report = context.report
        self._ids = context.ids
        self._words = context.words
        self._values = context.values
        self._sources = sources
        self._number = Numbering()

    def read(self) -> list[Plant]:
        """The plants of all documents, by first mention."""
        plants: dict[str, Plant] = {}
        described: set[str] = set()
        entries: list[tuple[str, Entry]] = []
        for entry in self._context.entries("plants", "plant"):
            entry.only(_KEYS)
            name = self._ids.read(entry)
            entries.append((name, entry))
            if not name or not any(entry.has(key) for key in _DEFINING):
                continue
            if self._ids.define("plant", name, entry, without="facts"):
                described.add(name)
                plants[name] = self._describe(name, entry)
        facts: dict[str, list[PlantFact]] = {name: [] for name in plants}
        for name, entry in entries:
            if name and name not in described and name not in facts:
                facts[name] = []
                if not self._report.may_exist(name):
                    entry.problem(
                        f"no plant named {name!r}",
                        self._report.near(name, described)
                        or "to describe it add maker, country, city and product",
                        entry.at("id"),
                    )
            for each in entry.list("facts", "plant fact"):
                fact = self._fact(name, each)
                if fact is not None:
                    facts[name].append(fact)
        return [plant._replace(facts=tuple(facts[name])) for name, plant in plants.items()]

    def _describe(self, name: str, entry: Entry) -> Plant:
        for key in ("maker", "country"):
            if not entry.has(key):
                entry.lacks(key)
        country = self._ids.refer("destination", entry, "country")
        self._words.destination(country)
        return Plant(
            id=name,
            maker=self._ids.refer_all("subject", entry, "maker", some=True),
            country=country,
            city=entry.text("city"),
            product=entry.text("product"),
            partner=entry.texts("partner"),
            kind=entry.choice("kind", KINDS, "own"),
            note=entry.text("note"),
            place=entry.place,
        )

    def _fact(self, plant: str, entry: Entry) -> PlantFact | None:
        entry.only(_FACT_KEYS)
        aspects = [aspect for aspect in _ASPECTS if entry.has(aspect)]
        source, at = self._sources.cite(entry)
        as_of = self._as_of(entry, source)
        rank, reason = read_rank(entry)
        planned = entry.flag("planned", False)
        if len(aspects) != 1:
            entry.problem(
                "a plant fact tells one of status, start, capacity, investment, not "
                + (" and ".join(aspects) if aspects else "none of them"),
                "write one fact for each" if aspects else "",
            )
            return None
        aspect = PlantAspect(aspects[0])
        if entry.has("unit") and aspect is not PlantAspect.CAPACITY:
            entry.problem(
                f"'unit' is for a capacity, not a {aspect.value}", "leave it out", entry.at("unit")
            )
        quantity = self._quantity(aspect, entry)
        text = entry.text(aspect.value)
        if not (plant and source and text) or as_of is None:
            return None
        return PlantFact(
            id=self._number(f"{plant}@{self._values.name(as_of)}.{aspect.value}#{source}"),
            plant=plant,
            aspect=aspect,
            text=text,
            source=source,
            at=at,
            as_of=as_of,
            quantity=quantity,
            planned=planned,
            phase=entry.text("phase"),
            rank=rank,
            reason=reason,
            note=entry.text("note"),
            published=self._sources.published(source),
            place=entry.place,
        )

    def _as_of(self, entry: Entry, source: str) -> Period | None:
        if entry.has("as_of"):
            return self._values.period(entry, "as_of")
        known = self._sources.by_id.get(source)
        if known is not None and known.published is not None:
            return known.published
        if known is not None:
            entry.problem(
                "the plant fact lacks 'as_of'",
                f"the source {source!r} has no date of publication to stand in for it",
            )
        return None

    def _quantity(self, aspect: PlantAspect, entry: Entry) -> Quantity | None:
        """The number of an aspect that has one, after checking those that have none."""
        match aspect:
            case PlantAspect.STATUS:
                entry.choice("status", STATUSES)
            case PlantAspect.START:
                self._values.period(entry, "start")
            case PlantAspect.INVESTMENT:
                quantity = self._values.money(entry, "investment")
                if quantity is not None:
                    self._words.unit(quantity.unit)
                return quantity
            case PlantAspect.CAPACITY:
                if "unit" in entry.node.entries:
                    unit = self._words.unit(self._ids.refer("unit", entry, "unit"))
                elif entry.has("unit"):
                    return None
                else:
                    unit = self._words.unit(_CAPACITY_UNIT)
                    if unit is None and not self._report.may_exist(_CAPACITY_UNIT):
                        entry.problem(
                            f"no unit named {_CAPACITY_UNIT!r}", "name the unit of the capacity",
                            entry.at("capacity"),
                        )  # fmt: skip
                if unit is not None:
                    return self._values.stated(entry, "capacity", unit)
        return None
