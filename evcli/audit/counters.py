"""A counter that is not named, tried as each that it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from evcli.audit.contradictions import conflicts_of, contradiction, holds
from evcli.audit.evidence import Evidence, Finding, parts
from evcli.audit.messages import Narrator
from evcli.audit.plausibility import odd_paces
from evcli.audit.revisions import Standing
from evcli.inference import Family, fact_of
from evcli.model.records import Fact, Rank, Series

UNNAMED = "unnamed"
# what a text may mean that does not say what it counts
_MEANT = {"ev": ("ev", "nev", "bev")}


class Reading(NamedTuple):
    """What one source says of a series whose counter it does not name, in one reading of it."""

    source: str
    series: Series
    year: int | None
    facts: tuple[Fact, ...]

    @property
    def as_read(self) -> str:
        """``read as 2025`` where the text can be read in several ways."""
        return f"read as {self.year} and " if self.year is not None else ""


def readings(book: Evidence) -> Iterator[Reading]:
    """Every source's say on series without a named counter, reading by reading."""
    found: dict[tuple[str, str, int | None], list[Fact]] = {}
    for fact in book.facts.values():
        if book.series[fact.series].publisher == UNNAMED and not fact.period.is_undated:
            year = fact.period.year if fact.reading else None
            found.setdefault((fact.source, fact.series, year), []).append(fact)
    for (source, series, year), facts in found.items():
        yield Reading(source, book.series[series], year, tuple(facts))


def candidates(series: Series, among: Mapping[str, Series]) -> list[Series]:
    """The series of named counters that one without may be."""
    scopes = _MEANT.get(series.scope, (series.scope,))
    alike = (series.subject, series.metric, series.destination, series.unit)
    return [
        each
        for each in among.values()
        if each.publisher != UNNAMED
        and each.scope in scopes
        and (each.subject, each.metric, each.destination, each.unit) == alike
    ]


class Readings:
    """Holds what sources without a named counter say against each counter that may be meant."""

    def __init__(self, book: Evidence, standing: Mapping[str, tuple[Family, Standing]]) -> None:
        self.book = book
        self._standing = standing

    def findings(self, wanted: Set[str] | None = None) -> Iterator[Finding]:
        """What no reading by a named counter allows, or only at an odd pace."""
        for reading in readings(self.book):
            for series in candidates(reading.series, self.book.series):
                known = self._standing.get(series.id)
                if known is not None and (
                    wanted is None or wanted & {series.id, reading.series.id}
                ):
                    yield from self._against(reading, series, *known)

    def _against(
        self, reading: Reading, series: Series, known: Family, standing: Standing
    ) -> Iterator[Finding]:
        name = self.book.words.publisher_name(series.publisher)
        read = f"{reading.source} {reading.as_read}counted by {name}: "
        said = set(map(fact_of, known.statements))
        own = [fact for fact in self.book.facts.values() if fact.id in said]
        moved = [fact._replace(series=series.id, rank=Rank.NORMAL) for fact in reading.facts]
        ids = {fact.id for fact in moved}
        clash = False
        for family in self.book.families([*own, *moved]):
            new = {each for each in family.statements if fact_of(each) in ids}
            if new and not any(_hold(family, new, each) for each in _after(standing)):
                clash = True
                for part in beside(family.only(standing.newest | new), new):
                    teller = Narrator(self.book, part)
                    for conflict, ties in conflicts_of(part, self.book):
                        yield contradiction(conflict, ties, teller, read)
        if not clash:
            current = set(map(fact_of, standing.newest))
            same = [fact for fact in own if fact.id in current]
            yield from self._odd(reading, series, same, moved, read)

    def _odd(
        self,
        reading: Reading,
        series: Series,
        own: Sequence[Fact],
        moved: Sequence[Fact],
        read: str,
    ) -> Iterator[Finding]:
        same = [fact for fact in own if fact.series == series.id]
        ids = {fact.id for fact in moved}
        for found in odd_paces([*same, *moved], series.unit):
            if ids & found.names and not found.names <= ids:
                both = dict.fromkeys((reading.series.id, series.id))
                yield found._replace(series=tuple(both), message=f"{read}{found.message}")


def beside(family: Family, new: Set[str]) -> list[Family]:
    """The parts of a family that *new* statements have a say in."""
    return [part for part in parts(family) if not new.isdisjoint(part.statements)]


def _after(standing: Standing) -> tuple[frozenset[str], ...]:
    return (standing.newest, *standing.older)


def _hold(family: Family, new: Set[str], known: Set[str]) -> bool:
    return all(map(holds, beside(family.only(known | new), new)))
