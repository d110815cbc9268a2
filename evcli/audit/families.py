"""Families audited one by one: what contradicts itself, what was restated, and what stands.

Families have nothing in common, so each can be audited by itself. Processes are forked, since
they then share what has been read; where that cannot be, and for little work, one does it all.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from evcli.audit.contradictions import conflicts_of, contradiction
from evcli.audit.evidence import Evidence, Finding, parts, releases
from evcli.audit.messages import Explainer
from evcli.audit.revisions import ReleaseHistory, growth_on_older_base, missed_base
from evcli.inference.family import Family, fact_of
from evcli.inference.system import can_hold

Progress = Callable[[int, int], None]  # how many are done, of how many
_LITTLE = 400  # statements that are audited before another process would have begun


class Vintages(NamedTuple):
    """Statements that hold together: by the newest releases, and as it was after older ones."""

    newest: frozenset[str]
    older: tuple[frozenset[str], ...] = ()


class AuditedFamily(NamedTuple):
    """What was found in one family, and what stands."""

    findings: tuple[Finding, ...]
    vintages: Vintages


class _FamilyAudit:
    """Every contradiction and revision of one family, part by part and release by release."""

    def __init__(self, evidence: Evidence, tolerance: Fraction) -> None:
        self._evidence = evidence
        self._tolerance = tolerance
        self._findings: list[Finding] = []
        self._set_aside: set[str] = set()

    def of(self, family: Family) -> AuditedFamily:
        newest: set[str] = set()
        older: list[frozenset[str]] = []
        for part in parts(family):
            if len(part.constraints) == 1 or can_hold(part):
                newest.update(part.statements)
            else:
                vintages = self._of_part(part)
                newest |= vintages.newest - self._set_aside
                older += vintages.older
        return AuditedFamily(tuple(self._findings), Vintages(frozenset(newest), tuple(older)))

    def _of_part(self, part: Family) -> Vintages:
        """A part that cannot hold together: its releases in turn, then papers by themselves."""
        part = part.only(_in_one_reading(part, self._evidence))
        found = releases(part, self._evidence)
        if len(found) < 2:
            self._add_contradictions(part, part.statements)
            return Vintages(frozenset(part.statements))
        history = ReleaseHistory(part, self._evidence, self._tolerance)
        for year, of_year in groupby(found, key=lambda each: each.newest.year):
            same = list(of_year)
            history.begin(year, frozenset().union(*(each.statements for each in same)))
            for release in same:
                left = release.statements - self._set_aside
                if not history.can_hold(left):
                    self._add_contradictions(part, left)
                self._findings += history.add(release, left - self._set_aside)
        self._set_aside |= history.unsound
        of_releases = frozenset().union(*(release.statements for release in found))
        papers: dict[str, set[str]] = {}  # what papers state by themselves
        for each in part.statements:
            if each not in of_releases:
                source = self._evidence.facts_behind(each)[0].source
                papers.setdefault(source, set()).add(each)
        # less what only repeats an older release
        kept = set[str]().union(*papers.values()).difference(*history.outdated(papers.values()))
        if kept:
            self._add_contradictions(part, history.current | kept)
        return Vintages(frozenset(history.current | kept), tuple(reversed(history.earlier)))

    def _add_contradictions(self, part: Family, among: Collection[str]) -> None:
        explainer = Explainer(self._evidence, part)
        for conflict, ties in conflicts_of(part.only(set(among)), self._evidence):
            ratio = growth_on_older_base(conflict.statements, part, self._evidence)
            self._findings.append(
                contradiction(conflict, ties, explainer)
                if ratio is None
                else missed_base(ratio, conflict, explainer, self._tolerance)
            )
            self._set_aside |= ties[0]


def _in_one_reading(part: Family, evidence: Evidence) -> frozenset[str]:
    """Where a sentence can be read in several ways, only the first of them."""
    chosen: dict[tuple[str, str, str, str, tuple[str, ...]], str] = {}
    kept = []
    for each in part.statements:
        fact = evidence.facts[fact_of(each)]
        if fact.reading:
            key = (fact.series, fact.source, fact.stated, fact.yoy_stated, fact.at)
            if chosen.setdefault(key, fact.reading) != fact.reading:
                continue
        kept.append(each)
    return frozenset(kept)


def audit_families(
    families: Sequence[Family],
    evidence: Evidence,
    tolerance: Fraction,
    progress: Progress | None = None,
) -> list[AuditedFamily]:
    """Every family audited, in the order given; *progress* hears how many are done."""

    def audited(at: int) -> tuple[int, AuditedFamily]:
        return at, _FamilyAudit(evidence, tolerance).of(families[at])

    found: dict[int, AuditedFamily] = {}
    for at, each in _spread(audited, [len(family.statements) for family in families]):
        found[at] = each
        if progress is not None:
            progress(len(found), len(families))
    return [found[at] for at in range(len(families))]


_Audit = Callable[[int], tuple[int, AuditedFamily]]  # of the family at an index
_audited: _Audit  # in a forked process


def _spread(audited: _Audit, sizes: Sequence[int]) -> Iterator[tuple[int, AuditedFamily]]:
    """What is *audited* of families of these sizes, in as many processes as it is worth."""
    processors = os.cpu_count() or 1
    if processors == 1 or not hasattr(os, "fork") or sum(sizes) < _LITTLE:
        yield from map(audited, range(len(sizes)))
        return
    from multiprocessing import get_context

    largest_first = sorted(range(len(sizes)), key=lambda at: -sizes[at])
    with get_context("fork").Pool(processors, _begin, (audited,)) as pool:
        yield from pool.imap_unordered(_forked, largest_first)


def _begin(audited: _Audit) -> None:
    """Take over the work in a forked process, and leave interrupts to the parent."""
    global _audited
    _audited = audited
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _forked(at: int) -> tuple[int, AuditedFamily]:
    return _audited(at)
