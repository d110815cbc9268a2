"""A first point near the truth: every window about where it is stated to be.

Only a start: the solver mends what is wrong with it, and has the less to do the better it is.
Stated windows place the month ends that they join, narrow ones first; then growth, shares and
partitions place what they lead to; what nothing reaches lies on a straight line between.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from evcli.inference.family import Assertion, Cell, History, Link, System
from evcli.model.period import Period

_LITTLE = 1 / 16
_FINE = 64  # parts of one: values with small denominators keep sums over them cheap
_Edge = tuple[float, int, int, float]  # width, from, to, how much lies between


class _Span(NamedTuple):
    """A window as the unknowns at its two ends; the first end of every history has none."""

    begin: int
    to: int


_ORIGIN = -1  # where every history is zero


def near(system: System) -> list[Fraction]:
    """A value for every unknown of *system*."""
    start = _Start(system)
    start.follow()
    start.fill()
    return start.point()


class _Start:
    """Month ends and moments as they get their place."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._edges: dict[int, list[_Edge]] = {}
        self._placed: dict[int, float] = {}
        self._ratios: list[tuple[Assertion, _Span, _Span]] = []
        for said in system.assertions:
            if said.base is not None:
                self._ratios.append((said, self._span(said.window), self._span(said.base)))
            elif (level := _middle(said)) is not None:
                self._join(self._span(said.window), *level)
        self._walk(_ORIGIN, 0.0)

    def follow(self) -> None:
        """Go from what is placed along growth, shares and partitions as far as they lead."""
        waiting = self._ratios
        exact = [
            members
            for link in self._system.links
            if link.exact
            for members in self._side_by_side(link)
        ]
        while True:
            known = len(self._placed)
            waiting = [each for each in waiting if not self._ratio(*each)]
            exact = [members for members in exact if not self._complement(members)]
            if len(self._placed) == known:
                return

    def fill(self) -> None:
        """Give what nothing leads to a place between its neighbours, in the shape of its whole."""
        wholes = {part: link.whole for link in self._system.links for part in link.parts}
        left = {(each.series, each.vintage): each for each in self._system.histories()}

        def fill(history: History) -> None:
            whole = wholes.get(history.series)
            above = left.pop((whole, history.vintage), None) if whole is not None else None
            if above is not None:
                fill(above)
            self._fill(history, self._system.moments(whole) if whole is not None else {})

        while left:
            fill(left.popitem()[1])

    def point(self) -> list[Fraction]:
        """What has been placed, in the order of the unknowns."""
        placed = (self._placed.get(unknown, 0.0) for unknown in range(self._system.size))
        return [Fraction(round(value * _FINE), _FINE) for value in placed]

    def _span(self, window: Cell) -> _Span:
        ends = {int(sign): unknown for unknown, sign in self._system.form(window).items()}
        return _Span(ends.get(-1, _ORIGIN), ends[1])

    def _join(self, span: _Span, size: float, width: float) -> None:
        begin, to = span
        self._edges.setdefault(begin, []).append((width, begin, to, size))
        self._edges.setdefault(to, []).append((width, to, begin, -size))

    def _walk(self, start: int, value: float) -> None:
        waiting = [(0.0, start, value)]
        while waiting:
            width, at, here = heapq.heappop(waiting)
            if at in self._placed:
                continue
            self._placed[at] = here
            for more, _, to, step in self._edges.get(at, ()):
                if to not in self._placed:
                    heapq.heappush(waiting, (width + more, to, here + step))

    def _size(self, span: _Span) -> float | None:
        begin, to = self._placed.get(span.begin), self._placed.get(span.to)
        return None if begin is None or to is None else to - begin

    def _ratio(self, said: Assertion, window: _Span, base: _Span) -> bool:
        """Place a window by its base, or the base by the window; True once nothing is left."""
        factor = _factor(said)
        over, under = self._size(window), self._size(base)
        if factor is None or (over is not None and under is not None):
            return True
        if under is not None:
            self._place(window, under * factor)
        elif over is not None:
            self._place(base, over / factor)
        return False

    def _place(self, span: _Span, size: float) -> None:
        self._join(span, size, 0.0)
        for at in span:
            if at in self._placed:
                value = self._placed.pop(at)
                self._walk(at, value)
                return

    def _side_by_side(self, link: Link) -> Iterator[tuple[int, tuple[int, ...]]]:
        whole = self._system.moments(link.whole)
        parts = [self._system.moments(part) for part in link.parts]
        for at, unknown in whole.items():
            yield unknown, tuple(part[at] for part in parts)

    def _complement(self, members: tuple[int, tuple[int, ...]]) -> bool:
        """Place the one of a whole and its parts that the others leave over."""
        whole, parts = members
        free = [each for each in (whole, *parts) if each not in self._placed]
        if len(free) > 1:
            return False
        if free == [whole]:
            self._walk(whole, sum(self._placed[part] for part in parts))
        elif free:
            rest = sum(self._placed[part] for part in parts if part not in free)
            self._walk(free[0], self._placed[whole] - rest)
        return True

    def _fill(self, history: History, whole: Mapping[tuple[str, int | Period], int]) -> None:
        """Place what is not placed yet where the whole has come to, else on a straight line."""
        shape = [0.0]  # how far the whole (else time) has come at each end
        for end, _ in history.ends:
            above = whole.get((history.vintage, end))
            shape.append(
                float(end - history.start) if above is None else max(shape[-1], self._placed[above])
            )
        before = passed = 0.0
        for index, (_, unknown) in enumerate(history.ends):
            if unknown not in self._placed:
                way = shape[index + 1] - passed
                later = enumerate(history.ends[index:], start=index + 1)
                to = next((each for each in later if each[1][1] in self._placed), None)
                if to is not None and (whole_way := shape[to[0]] - passed):
                    pace = max(0.0, self._placed[to[1][1]] - before) / whole_way
                else:  # on as before, away from the edges of what is possible
                    pace = before / passed if passed and before else _LITTLE
                    pace = min(pace, 0.5) if whole else pace
                self._walk(unknown, before + way * pace)
            before, passed = max(before, self._placed[unknown]), shape[index + 1]


def _middle(said: Assertion) -> tuple[float, float] | None:
    low, high = said.bounds
    if low is None or high is None:
        return None if said.value is None else (float(said.value), float(said.value))
    return float(low + high) / 2, float(high - low)


def _factor(said: Assertion) -> float | None:
    low, high = said.bounds
    factor = said.value if low is None or high is None else (low + high) / 2
    return float(factor) if factor is not None and factor > 0 else None
