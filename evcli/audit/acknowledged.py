"""Findings that a curator has looked at and explains, and explanations that no longer fit.

An entry names a finding where the verdict is the same and every fact and claim of the finding is
among those it lists, or says the same of the same window as one of them: which of the pages that
print a figure is named first must not matter. A revision is named by two of its facts already, say
the figure restated and one of the release: which others show it too depends on all that is known.
An entry is stale unless the findings it names use up its list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from evcli.audit.evidence import Finding, Verdict
from evcli.model.period import Period
from evcli.model.records import Acknowledgement, Fact


class Reviewed(NamedTuple):
    """Findings still open, findings with the entry that explains them, and stale entries."""

    open: list[Finding]
    explained: list[tuple[Finding, Acknowledgement]]
    stale: list[Acknowledgement]


def review(
    findings: Iterable[Finding],
    entries: Sequence[Acknowledgement],
    present: Collection[str],
    alike: Mapping[str, Collection[str]],
) -> Reviewed:
    """Match findings with entries; only entries whose facts are all *present* can be stale.

    *alike* has, for the facts listed, those that say the same, themselves included.
    """
    open_: list[Finding] = []
    explained: list[tuple[Finding, Acknowledgement]] = []
    left = [set(entry.facts) for entry in entries]
    listed = [
        {other for each in entry.facts for other in alike.get(each, (each,))} for entry in entries
    ]
    for found in findings:
        named = False
        for at, entry in enumerate(entries):
            if entry.verdict == found.verdict and (
                found.names <= listed[at] or _names_revision(entry, found, alike)
            ):
                left[at] -= {
                    each
                    for each in entry.facts
                    if not found.names.isdisjoint(alike.get(each, (each,)))
                }
                if not named:
                    explained.append((found, entry))
                named = True
        if not named:
            open_.append(found)
    known = set(present)
    stale = [
        entry
        for entry, unused in zip(entries, left, strict=True)
        if unused and known.issuperset(entry.facts)
    ]
    return Reviewed(open_, explained, stale)


def _names_revision(
    entry: Acknowledgement, found: Finding, alike: Mapping[str, Collection[str]]
) -> bool:
    return (
        found.verdict is Verdict.REVISION
        and len(set(entry.facts)) > 1
        and not any(found.names.isdisjoint(alike.get(each, (each,))) for each in entry.facts)
    )


def alike(
    entries: Iterable[Acknowledgement], facts: Mapping[str, Fact]
) -> dict[str, frozenset[str]]:
    """For every fact that *entries* list, the facts that say the same of the same window."""
    windows: dict[tuple[str, Period], list[Fact]] = {}
    for fact in facts.values():
        windows.setdefault((fact.series, fact.period), []).append(fact)
    found = {}
    for name in {each for entry in entries for each in entry.facts}:
        listed = facts.get(name)
        if listed is not None:
            rivals = windows[listed.series, listed.period]
            found[name] = frozenset({name, *(each.id for each in rivals if _agree(listed, each))})
    return found


def _agree(one: Fact, other: Fact) -> bool:
    """Whether two facts state values that can be the same, and changes that can."""
    pairs = ((one.quantity, other.quantity), (one.yoy, other.yoy), (one.mom, other.mom))
    stated = [(a, b) for a, b in pairs if a is not None and b is not None]
    return bool(stated) and all(a.bounds.intersect(b.bounds) is not None for a, b in stated)


def stale_message(entry: Acknowledgement) -> str:
    """What is wrong with a stale entry, and where it stands."""
    place = f"{entry.place.file}:{entry.place.line}: " if entry.place else ""
    return (
        f"{place}the acknowledged {entry.verdict} of {', '.join(entry.facts)} does not occur "
        "(any more)"
    )
