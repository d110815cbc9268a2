"""The audit of many families, on as many processors as there are.

Families have nothing in common, so each can be audited by itself. Processes are forked, since
they then share what has been read; where that cannot be, and for little work, one does it all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from evcli.audit.finding import Finding
from evcli.audit.together import Standing, Together
from evcli.inference import Family

Progress = Callable[[int, int], None]
_LITTLE = 400  # statements that are audited before another process would have begun


class Audited(NamedTuple):
    """What was found in one family, what had to be set aside, and what stands."""

    findings: tuple[Finding, ...]
    set_aside: frozenset[str]
    standing: Standing


def audited(
    families: Sequence[Family], together: Together, progress: Progress | None = None
) -> list[Audited]:
    """Every family audited, in the order given; *progress* hears how many are done."""
    found: dict[int, Audited] = {}
    for at, each in _all(families, together):
        found[at] = each
        if progress is not None:
            progress(len(found), len(families))
    return [found[at] for at in range(len(families))]


def _all(families: Sequence[Family], together: Together) -> Iterator[tuple[int, Audited]]:
    sizes = [len(family.statements) for family in families]
    processors = os.cpu_count() or 1
    if processors == 1 or not hasattr(os, "fork") or sum(sizes) < _LITTLE:
        for at, family in enumerate(families):
            yield at, _one(family, together)
        return
    from multiprocessing import get_context

    global _families, _together
    _families, _together = families, together
    largest_first = sorted(range(len(families)), key=lambda at: -sizes[at])
    with get_context("fork").Pool(processors, _leave_interrupts_to_the_parent) as pool:
        yield from pool.imap_unordered(_forked, largest_first)


def _one(family: Family, together: Together) -> Audited:
    before = frozenset(together.set_aside)
    findings: list[Finding] = []
    running = together.findings(family)
    while True:
        try:
            findings.append(next(running))
        except StopIteration as end:
            aside = frozenset(together.set_aside) - before
            return Audited(tuple(findings), aside, end.value)


_families: Sequence[Family] = ()  # what forked processes inherit
_together: Together


def _forked(at: int) -> tuple[int, Audited]:
    return at, _one(_families[at], _together)


def _leave_interrupts_to_the_parent() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
