"""Everything the packs say on the word of one source, gathered once for all sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evcli.model.records import Claim, Event, Fact, Measure, Place, PlantFact, Source
from evcli.model.unit import Unit, UnitKind

if TYPE_CHECKING:
    from evcli.store.reader import Store

Statement = Fact | PlantFact | Measure | Event | Claim


@dataclass(slots=True)
class Said:
    """What one source states, in file order."""

    facts: list[Fact] = field(default_factory=list)
    plant_facts: list[PlantFact] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    def all(self) -> Iterable[Statement]:
        """Every statement."""
        yield from self.facts
        yield from self.plant_facts
        yield from self.measures
        yield from self.events
        yield from self.claims


@dataclass(frozen=True, slots=True)
class Book:
    """What each source says, with the units it is counted in."""

    said: Mapping[str, Said]
    series_units: Mapping[str, str]
    units: Mapping[str, Unit]

    @classmethod
    def of(cls, store: Store, sources: Iterable[Source]) -> Book:
        """Everything in *store* that rests on one of *sources*, deprecated facts too."""
        said = {source.id: Said() for source in sources}
        for source in said:
            said[source].facts = store.facts_of_source(source)
        for plant in store.plants():
            for fact in plant.facts:
                if fact.source in said:
                    said[fact.source].plant_facts.append(fact)
        for measure in store.measures():
            if measure.source in said:
                said[measure.source].measures.append(measure)
        for event in store.events():
            if event.source in said:
                said[event.source].events.append(event)
        for claim in store.claims():
            if claim.source in said:
                said[claim.source].claims.append(claim)
        names = {fact.series for each in said.values() for fact in each.facts}
        series = store.series(sorted(names))
        return cls(said, {one.id: one.unit for one in series}, store.vocabulary.units)

    def kind(self, fact: Fact) -> UnitKind | None:
        """What a fact's value is counted in."""
        unit = self.units.get(self.series_units.get(fact.series, ""))
        return unit.kind if unit else None

    @property
    def money(self) -> dict[str, str]:
        """The words that the packs have for currencies."""
        return {
            word: unit.id
            for unit in self.units.values()
            if unit.kind is UnitKind.MONEY
            for word in (unit.id, *unit.words)
            if word[:1].isalpha()
        }


def place_of(place: Place | None) -> tuple[str, int | None]:
    """File and line of a statement."""
    return (place.file, int(place.line)) if place is not None else ("", None)
