"""Findings that a curator has looked at and explains, and explanations that no longer fit.

An entry names a finding where the verdict is the same and every fact and claim of the finding is
among those it lists, or says the same of the same window as one of them: which of the pages that
print a figure is named first must not matter. A revision is named by two of its facts already, say
the figure restated and one of the release: which others show it too depends on all that is known.
An entry is stale unless the findings it names use up its list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from evcli.audit.evidence import Finding, Verdict
from evcli.model.period import Period
from evcli.model.records import Acknowledgement, Fact


def review(
    findings: Iterable[Finding],
    entries: Sequence[Acknowledgement],
    present: Collection[str],
    facts: Mapping[str, Fact],
) -> tuple[list[Finding], list[tuple[Finding, Acknowledgement]], list[Acknowledgement]]:
    """Findings still open, findings with the entry that explains them, and stale entries.

    Only entries whose facts are all *present* can be stale.
    """
    alike = _alike(entries, facts)
    open_: list[Finding] = []
    explained: list[tuple[Finding, Acknowledgement]] = []
    left = [set(entry.facts) for entry in entries]
    for found in findings:
        naming = [at for at, entry in enumerate(entries) if _names(entry, found, alike)]
        for at in naming:
            left[at] = {each for each in left[at] if found.names.isdisjoint(alike[each])}
        if naming:
            explained.append((found, entries[naming[0]]))
        else:
            open_.append(found)
    stale = [
        entry
        for entry, unused in zip(entries, left, strict=True)
        if unused and all(each in present for each in entry.facts)
    ]
    return open_, explained, stale


def _names(entry: Acknowledgement, found: Finding, alike: Mapping[str, Set[str]]) -> bool:
    if entry.verdict != found.verdict:
        return False
    listed = [alike[each] for each in entry.facts]
    if found.names <= frozenset().union(*listed):
        return True
    several = found.verdict is Verdict.REVISION and len(set(entry.facts)) > 1
    return several and not any(map(found.names.isdisjoint, listed))


def _alike(entries: Iterable[Acknowledgement], facts: Mapping[str, Fact]) -> dict[str, set[str]]:
    """For all that *entries* list, itself and the facts that say the same of the same window."""
    windows: dict[tuple[str, Period], list[Fact]] = {}
    for fact in facts.values():
        windows.setdefault((fact.series, fact.period), []).append(fact)
    found = {each: {each} for entry in entries for each in entry.facts}
    for name, same in found.items():
        listed = facts.get(name)
        if listed is not None:
            rivals = windows[listed.series, listed.period]
            same.update(each.id for each in rivals if _agree(listed, each))
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
