"""A first point near the truth: every window about where it is stated to be.

Only a start: the solver mends what is wrong with it, and has the less to do the better it is.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from fractions import Fraction

from evcli.core.closure.system import System

_HALF = Fraction(1, 2)
_Edge = tuple[float, int, int, Fraction]  # width, from, to, how much lies between


def near(system: System) -> list[Fraction]:
    """Walk each history from its first month end along the narrowest stated windows."""
    point = [Fraction(0)] * system.size
    edges: dict[int, list[_Edge]] = {}
    origin = -1  # the first month end of every history has no unknown: it is zero
    for row in system.rows:
        if len(row.terms) > 2 or row.low is None or row.high is None:
            continue
        ends = {coefficient: unknown for unknown, coefficient in row.terms}
        if ends.keys() - {1, -1} or 1 not in ends or len(ends) < len(row.terms):
            continue
        begin, to = ends.get(-1, origin), ends[1]
        middle, width = (row.low + row.high) * _HALF, float(row.high - row.low)
        edges.setdefault(begin, []).append((width, begin, to, middle))
        edges.setdefault(to, []).append((width, to, begin, -middle))
    placed: dict[int, Fraction] = {}
    _walk(origin, Fraction(0), edges, placed)
    for history in system.histories():
        _place_rest(history, edges, placed)
    for unknown, value in placed.items():
        if unknown != origin:
            point[unknown] = value
    return point


def _walk(
    start: int, value: Fraction, edges: Mapping[int, Sequence[_Edge]], placed: dict[int, Fraction]
) -> None:
    waiting = [(0.0, start, value)]
    while waiting:
        width, at, here = heapq.heappop(waiting)
        if at in placed:
            continue
        placed[at] = here
        for more, _, to, step in edges.get(at, ()):
            if to not in placed:
                heapq.heappush(waiting, (width + more, to, here + step))


def _place_rest(
    history: Sequence[int], edges: Mapping[int, Sequence[_Edge]], placed: dict[int, Fraction]
) -> None:
    """What no stated window reaches starts where the month end before it is."""
    before = Fraction(0)
    for unknown in history:
        if unknown not in placed:
            _walk(unknown, before, edges, placed)
        before = max(before, placed[unknown])
