"""Which facts a derivation may use: those that the figures of their own windows rest on.

Rivals that exclude each other dispute their window; a release that a newer one of the same
publisher replaced is out. What remains agrees window by window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from evcli.core.resolve import resolve
from evcli.model.figure import Stated
from evcli.model.period import Period
from evcli.model.records import Fact, Series, Status


class UsableFacts(NamedTuple):
    """Facts that agree window by window, and the windows where they do not."""

    facts: tuple[Fact, ...]
    disputed: frozenset[tuple[str, Period]]


def usable_facts(facts: Iterable[Fact], series: Mapping[str, Series]) -> UsableFacts:
    """Resolve every window; pass the result to :func:`.system.families`."""
    windows: dict[tuple[str, Period], list[Fact]] = {}
    for fact in facts:
        if fact.series in series:
            windows.setdefault((fact.series, fact.period), []).append(fact)
    kept: list[Fact] = []
    disputed = set()
    for (id_, period), rivals in windows.items():
        if len(rivals) == 1:
            kept += rivals
            continue
        figures = [
            figure
            for figure in resolve(series[id_], period, rivals).figures
            if figure.status != Status.FORECAST
        ]
        if len(figures) > 1:
            disputed.add((id_, period))
            kept += rivals
            continue
        for figure in figures:
            if isinstance(figure.lineage, Stated):
                kept += figure.lineage.facts
    return UsableFacts(tuple(kept), frozenset(disputed))
