"""A publisher that is not named, tried as each that it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
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
    year: int | None  # of this reading, where the text can be read in several ways
    facts: tuple[Fact, ...]


def unnamed_publishers(
    evidence: Evidence,
    audited: Mapping[str, tuple[Family, Vintages]],
    wanted: Set[str] | None = None,
) -> Iterator[Finding]:
    """What sources state without a named publisher and no named one allows, or at an odd pace.

    *audited* has, for a series, its family and what stands in it; *wanted* the series asked for.
    """
    for count in _counts(evidence):
        for series in _candidates(count.series, evidence):
            known = audited.get(series.id)
            if known is not None and (wanted is None or wanted & {series.id, count.series.id}):
                yield from _against(count, series, *known, evidence)


def _counts(evidence: Evidence) -> Iterator[_UnnamedCount]:
    found: dict[tuple[str, str, int | None], list[Fact]] = {}
    for fact in evidence.facts.values():
        if evidence.series[fact.series].publisher == UNNAMED and not fact.period.is_undated:
            year = fact.period.year if fact.reading else None
            found.setdefault((fact.source, fact.series, year), []).append(fact)
    for (source, id_, year), facts in found.items():
        yield _UnnamedCount(source, evidence.series[id_], year, tuple(facts))


def _candidates(series: Series, evidence: Evidence) -> Iterator[Series]:
    """The series of named publishers that one without may be."""
    scopes = _MEANT.get(series.scope, (series.scope,))
    key = (series.subject, series.metric, series.destination, series.unit)
    for each in evidence.series.values():
        alike = (each.subject, each.metric, each.destination, each.unit) == key
        if alike and each.publisher != UNNAMED and each.scope in scopes:
            yield each


def _against(
    count: _UnnamedCount, series: Series, known: Family, vintages: Vintages, evidence: Evidence
) -> Iterator[Finding]:
    name = evidence.words.publisher_name(series.publisher)
    read = f"read as {count.year} and " if count.year is not None else ""
    prefix = f"{count.source} {read}counted by {name}: "
    known_facts = set(map(fact_of, known.statements))
    own = [fact for fact in evidence.facts.values() if fact.id in known_facts]
    moved = [fact._replace(series=series.id, rank=Rank.NORMAL) for fact in count.facts]
    ids = {fact.id for fact in moved}
    clash = False
    for family in evidence.families([*own, *moved]):
        new = {each for each in family.statements if fact_of(each) in ids}
        every = (vintages.newest, *vintages.older)
        besides = (parts(family.only(new | each), beside=new) for each in every)
        if new and not any(all(map(can_hold, each)) for each in besides):
            clash = True
            for part in parts(family.only(new | vintages.newest), beside=new):
                explainer = Explainer(evidence, part)
                for conflict, ties in conflicts_of(part, evidence):
                    yield contradiction(conflict, ties, explainer, prefix)
    if clash:
        return
    current = set(map(fact_of, vintages.newest))
    same = [fact for fact in own if fact.id in current and fact.series == series.id]
    for found in odd_paces([*same, *moved], series.unit):
        if ids & found.names and not found.names <= ids:
            both = tuple(dict.fromkeys((count.series.id, series.id)))
            yield found._replace(series=both, message=f"{prefix}{found.message}")
