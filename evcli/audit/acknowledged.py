"""Findings that a curator has looked at and explains, and explanations that no longer fit.

An entry names a finding where the verdict is the same and every fact and claim of the finding is
among those it lists. It is stale unless the findings it names use up its list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from evcli.audit.finding import Finding
from evcli.model.fact import Acknowledgement


class Sorted(NamedTuple):
    """Findings still open, findings with what explains them, and entries that are stale."""

    open: list[Finding]
    explained: list[tuple[Finding, Acknowledgement]]
    stale: list[Acknowledgement]


def sort_out(
    findings: Iterable[Finding], entries: Sequence[Acknowledgement], present: Collection[str]
) -> Sorted:
    """Match findings with entries; only entries whose facts are all *present* can be stale."""
    open_: list[Finding] = []
    explained: list[tuple[Finding, Acknowledgement]] = []
    left = [set(entry.facts) for entry in entries]
    for found in findings:
        named = False
        for at, entry in enumerate(entries):
            if entry.verdict == found.verdict and found.names <= set(entry.facts):
                left[at] -= found.names
                if not named:
                    explained.append((found, entry))
                named = True
        if not named:
            open_.append(found)
    known = set(present)
    stale = [
        entry for entry, unused in zip(entries, left, strict=True)
        if unused and known.issuperset(entry.facts)
    ]  # fmt: skip
    return Sorted(open_, explained, stale)


def told(entry: Acknowledgement) -> str:
    """A stale entry as an error says it."""
    place = f"{entry.place.file}:{entry.place.line}: " if entry.place else ""
    return (
        f"{place}the acknowledged {entry.verdict} of {', '.join(entry.facts)} does not occur "
        "(any more)"
    )
