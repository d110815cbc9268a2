"""A publisher that is not named, tried as each that it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from evcli.audit.contradictions import conflicts_of, contradiction
from evcli.audit.evidence import Evidence, Finding, parts
from evcli.audit.families import Vintages
from evcli.audit.messages import Explainer
from evcli.audit.plausibility import odd_paces
from evcli.inference.family import Family, fact_of
from evcli.inference.system import can_hold
from evcli.model.records import Fact, Rank, Series

UNNAMED = "unnamed"
# what a text may mean that does not say what it counts
_MEANT = {"ev": ("ev", "nev", "bev")}


class _UnnamedCount(NamedTuple):
    """What one source states of a series without a named publisher, in one reading of it."""

    source: str
    series: Series
    year: int | None
    facts: tuple[Fact, ...]

    @property
    def as_read(self) -> str:
        """``read as 2025`` where the text can be read in several ways."""
        return f"read as {self.year} and " if self.year is not None else ""


class UnnamedPublishers:
    """Holds what sources state without a named publisher against each that may be meant.

    *audited* has, for a series, its family and what stands in it.
    """

    def __init__(self, evidence: Evidence, audited: Mapping[str, tuple[Family, Vintages]]) -> None:
        self._evidence = evidence
        self._audited = audited

    def findings(self, wanted: Set[str] | None = None) -> Iterator[Finding]:
        """What no named publisher allows, or only at an odd pace."""
        for count in self._counts():
            for series in self._candidates(count.series):
                known = self._audited.get(series.id)
                if known is not None and (wanted is None or wanted & {series.id, count.series.id}):
                    yield from self._against(count, series, *known)

    def _counts(self) -> Iterator[_UnnamedCount]:
        found: dict[tuple[str, str, int | None], list[Fact]] = {}
        series = self._evidence.series
        for fact in self._evidence.facts.values():
            if series[fact.series].publisher == UNNAMED and not fact.period.is_undated:
                year = fact.period.year if fact.reading else None
                found.setdefault((fact.source, fact.series, year), []).append(fact)
        for (source, id_, year), facts in found.items():
            yield _UnnamedCount(source, series[id_], year, tuple(facts))

    def _candidates(self, series: Series) -> Iterator[Series]:
        """The series of named publishers that one without may be."""
        scopes = _MEANT.get(series.scope, (series.scope,))
        key = (series.subject, series.metric, series.destination, series.unit)
        for each in self._evidence.series.values():
            alike = (each.subject, each.metric, each.destination, each.unit) == key
            if alike and each.publisher != UNNAMED and each.scope in scopes:
                yield each

    def _against(
        self, count: _UnnamedCount, series: Series, known: Family, vintages: Vintages
    ) -> Iterator[Finding]:
        evidence = self._evidence
        name = evidence.words.publisher_name(series.publisher)
        prefix = f"{count.source} {count.as_read}counted by {name}: "
        known_facts = set(map(fact_of, known.statements))
        own = [fact for fact in evidence.facts.values() if fact.id in known_facts]
        moved = [fact._replace(series=series.id, rank=Rank.NORMAL) for fact in count.facts]
        ids = {fact.id for fact in moved}
        clash = False
        for family in evidence.families([*own, *moved]):
            new = {each for each in family.statements if fact_of(each) in ids}
            every = (vintages.newest, *vintages.older)
            if new and not any(_can_hold(family, new, each) for each in every):
                clash = True
                for part in _beside(family, new, vintages.newest):
                    explainer = Explainer(evidence, part)
                    for conflict, ties in conflicts_of(part, evidence):
                        yield contradiction(conflict, ties, explainer, prefix)
        if not clash:
            current = set(map(fact_of, vintages.newest))
            same = [fact for fact in own if fact.id in current and fact.series == series.id]
            yield from self._odd(count, series, same, moved, prefix)

    def _odd(
        self,
        count: _UnnamedCount,
        series: Series,
        same: Sequence[Fact],
        moved: Sequence[Fact],
        prefix: str,
    ) -> Iterator[Finding]:
        ids = {fact.id for fact in moved}
        for found in odd_paces([*same, *moved], series.unit):
            if ids & found.names and not found.names <= ids:
                both = dict.fromkeys((count.series.id, series.id))
                yield found._replace(series=tuple(both), message=f"{prefix}{found.message}")


def _beside(family: Family, new: Set[str], known: Set[str]) -> list[Family]:
    """The parts of what is *known* and *new* that the new statements have a say in."""
    among = family.only(known | new)
    return [part for part in parts(among) if not new.isdisjoint(part.statements)]


def _can_hold(family: Family, new: Set[str], known: Set[str]) -> bool:
    return all(map(can_hold, _beside(family, new, known)))
