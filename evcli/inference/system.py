"""The rows of a family over unknown true values, and a first point near the truth.

A flow is a history: what had come together by the end of each month. A window is the difference
of two such ends, so windows of any length hang together; no month is below zero. A window that is
not made of whole months, and every stock, price, index or capacity, is an unknown of its own.
Only the month ends that some statement (or the question) names become unknowns: between them
any history that fits can be drawn as a straight line.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from evcli.grouping import components
from evcli.inference.family import Cell, Constraint, Family, Link, Objective, Sum, needed
from evcli.lp.program import End, Program
from evcli.lp.simplex import Row, minus
from evcli.model.period import Period

_ZERO, _ONE = Fraction(0), Fraction(1)


class FamilyProgram(Program):
    """Decides which statements of a family can hold together, and what they leave of its cells.

    *cells* are those that a question needs beside the ones that the statements name.
    """

    def __init__(self, family: Family, cells: Iterable[Cell] = ()) -> None:
        self.family = family
        self.system = System(family, cells)
        start = _FirstPoint(self.system).point
        super().__init__(self.system.size, self.system.rows, family.statements, start)

    def only(self, labels: Collection[str]) -> FamilyProgram:
        """The program of these statements: their system has fewer unknowns, too."""
        return FamilyProgram(self.family.only(labels))

    def end(self, objective: Objective, *, least: bool) -> End:
        """The least or greatest value of *objective*, scaled and shifted as it says.

        The point must obey all that is allowed. KeyError where the system lacks a cell.
        """
        over = self.system.form_of(objective.over)
        under = self.system.form_of(objective.under) if objective.under else None
        end = self.least(over, under) if least else self.greatest(over, under)
        if end.value is None:
            return end
        return End(end.value * objective.scale + objective.shift, end.proof)


def can_hold(family: Family) -> bool:
    """Whether all that the family states can hold together."""
    return FamilyProgram(family).conflict() is None


class System:
    """The rows of a family and the numbering of its unknowns."""

    def __init__(self, family: Family, cells: Iterable[Cell]) -> None:
        self._flows = family.flows
        # of each series the unknowns by month end, or by period where that is one by itself
        self.moments: dict[str, dict[int | Period, int]] = {}
        self.ends: dict[str, list[int]] = {}  # its month ends; at the first it is zero
        self.size = 0
        self.rows: list[Row] = []
        every = [*cells, *(cell for each in family.constraints for cell in each.cells)]
        self.constraints = family.constraints
        self.links = needed(family.links, {each.series for each in every})
        self._number(family, every)
        for each in family.constraints:
            self._add(each)
        self.rows += [Row(step, _ZERO, None) for each in self.moments for step in self._steps(each)]
        for link in self.links:
            self._add_link(link)

    def form(self, cell: Cell) -> dict[int, Fraction]:
        """The cell as a combination of unknowns; KeyError where the system lacks it."""
        span = cell.period.month_span
        known = self.moments[cell.series]
        if cell.series not in self._flows or span is None:
            return {known[cell.period]: _ONE}
        form: dict[int, Fraction] = {}
        for end, sign in ((span[1], _ONE), (span[0], -_ONE)):
            if [end] != self.ends[cell.series][:1]:
                form[known[end]] = sign
        return form

    def form_of(self, sum_: Sum) -> dict[int, Fraction]:
        """A sum of cells, each times a factor, as a combination of unknowns."""
        form: dict[int, Fraction] = {}
        for factor, cell in sum_:
            form = minus(form, self.form(cell), -factor)
        return form

    def _number(self, family: Family, cells: Sequence[Cell]) -> None:
        ends: dict[str, set[int]] = {}
        points: dict[str, set[Period]] = {}
        for cell in dict.fromkeys(cells):
            span = cell.period.month_span
            if cell.series in self._flows and span is not None:
                ends.setdefault(cell.series, set()).update(span)
            else:
                points.setdefault(cell.series, set()).add(cell.period)
        ties: list[tuple[str, ...]] = [(link.whole, *link.parts) for link in self.links]
        named = {*ends, *points}.union(*ties)
        for members in components([each for each in family.series if each in named], ties):
            shared = sorted({end for each in members for end in ends.get(each, ())})
            alone = {period for each in members for period in points.get(each, ())}
            dated = sorted(alone, key=lambda period: period.sort_key)
            moments: list[int | Period] = [*shared[1:], *dated]
            for series in members:
                self.ends[series] = shared
                self.moments[series] = {at: self.size + n for n, at in enumerate(moments)}
                self.size += len(moments)

    def _add(self, constraint: Constraint) -> None:
        low, high = constraint.bounds
        form = self.form(constraint.cell)
        if constraint.base is None:
            self.rows.append(Row.of(form, low, high, constraint.statement))
            return
        base = self.form(constraint.base)
        if low is not None and low > 0:
            self.rows.append(Row.of(minus(form, base, low), _ZERO, None, constraint.statement))
        if high is not None:
            self.rows.append(Row.of(minus(form, base, high), None, _ZERO, constraint.statement))

    def _add_link(self, link: Link) -> None:
        members = (link.whole, *link.parts)
        if link.exact:  # at each month end, which says the same of every window between two
            moments = (self.moments[each].values() for each in members)
            for whole, *parts in zip(*moments, strict=True):
                terms = ((whole, 1), *((part, -1) for part in parts))
                self.rows.append(Row(terms, _ZERO, _ZERO))
            return
        for whole_step, *part_steps in zip(*map(self._steps, members), strict=True):
            less = ((unknown, -sign) for step in part_steps for unknown, sign in step)
            self.rows.append(Row((*whole_step, *less), _ZERO, None))

    def _steps(self, series: str) -> list[tuple[tuple[int, int], ...]]:
        """What cannot be negative, as terms of a row: from month end to month end, else alone."""
        known = self.moments[series]
        ends = [known[end] for end in self.ends[series][1:]]
        alone = [unknown for at, unknown in known.items() if isinstance(at, Period)]
        later = (((to, 1), (begin, -1)) for begin, to in pairwise(ends))
        return [*(((at, 1),) for at in ends[:1]), *later, *(((at, 1),) for at in alone)]


_LITTLE = 1 / 16
_FINE = 64  # parts of one: values with small denominators keep sums over them cheap
_Edge = tuple[float, int, int, float]  # width, from, to, how much lies between
_Span = tuple[int, int]  # a window as the unknowns at its two ends
_ORIGIN = -1  # the first end of every history, where it is zero


class _FirstPoint:
    """A value for every unknown of *system*, with every window about where it is stated to be.

    Only a start: the solver mends what is wrong with it, and has the less to do the better it is.
    Stated windows place the month ends that they join, narrow ones first; then growth, shares and
    partitions place what they lead to; what nothing reaches lies on a straight line between.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._edges: dict[int, list[_Edge]] = {}
        self.placed: dict[int, float] = {}
        self._ratios: list[tuple[Constraint, _Span, _Span]] = []
        for each in system.constraints:
            if each.base is not None:
                self._ratios.append((each, self._span(each.cell), self._span(each.base)))
            elif (level := _middle(each)) is not None:
                width = level if each.bounds.width is None else each.bounds.width
                self._join(self._span(each.cell), float(level), float(width))
        self._walk(_ORIGIN, 0.0)
        self._follow()
        self._fill()
        ends = (self.placed.get(at, 0.0) for at in range(system.size))
        self.point = [Fraction(round(end * _FINE), _FINE) for end in ends]

    def _follow(self) -> None:
        """Go from what is placed along growth, shares and partitions as far as they lead."""
        waiting, moments = self._ratios, self._system.moments
        exact: list[tuple[int, ...]] = []  # a whole and its parts, side by side
        for link in self._system.links:
            if link.exact:
                members = (moments[each].values() for each in (link.whole, *link.parts))
                exact += zip(*members, strict=True)
        while True:
            known = len(self.placed)
            waiting = [each for each in waiting if not self._ratio(*each)]
            exact = [members for members in exact if not self._complement(*members)]
            if len(self.placed) == known:
                return

    def _fill(self) -> None:
        """Give what nothing leads to a place between its neighbours, in the shape of its whole."""
        wholes = {part: link.whole for link in self._system.links for part in link.parts}
        left = dict.fromkeys(self._system.ends)

        def fill(series: str) -> None:
            whole = wholes.get(series, "")
            if whole in left:
                del left[whole]
                fill(whole)
            self._fill_history(series, whole)

        while left:
            fill(left.popitem()[0])

    def _span(self, cell: Cell) -> _Span:
        ends = {int(sign): unknown for unknown, sign in self._system.form(cell).items()}
        return ends.get(-1, _ORIGIN), ends[1]

    def _join(self, span: _Span, size: float, width: float) -> None:
        begin, to = span
        self._edges.setdefault(begin, []).append((width, begin, to, size))
        self._edges.setdefault(to, []).append((width, to, begin, -size))

    def _walk(self, start: int, value: float) -> None:
        waiting = [(0.0, start, value)]
        while waiting:
            width, at, here = heapq.heappop(waiting)
            if at in self.placed:
                continue
            self.placed[at] = here
            for more, _, to, step in self._edges.get(at, ()):
                if to not in self.placed:
                    heapq.heappush(waiting, (width + more, to, here + step))

    def _size(self, span: _Span) -> float | None:
        begin, to = map(self.placed.get, span)
        return None if begin is None or to is None else to - begin

    def _ratio(self, constraint: Constraint, window: _Span, base: _Span) -> bool:
        """Place a window by its base, or the base by the window; True once nothing is left."""
        factor = _middle(constraint)
        over, under = self._size(window), self._size(base)
        if not factor or factor < 0 or (over is not None and under is not None):
            return True
        if under is not None:
            self._place(window, under * float(factor))
        elif over is not None:
            self._place(base, over / float(factor))
        return False

    def _place(self, span: _Span, size: float) -> None:
        self._join(span, size, 0.0)
        for at in span:
            if at in self.placed:
                value = self.placed.pop(at)
                self._walk(at, value)
                return

    def _complement(self, whole: int, *parts: int) -> bool:
        """Place the one of a whole and its parts that the others leave over."""
        free = [each for each in (whole, *parts) if each not in self.placed]
        if len(free) > 1:
            return False
        if free == [whole]:
            self._walk(whole, sum(self.placed[part] for part in parts))
        elif free:
            rest = sum(self.placed[part] for part in parts if part not in free)
            self._walk(free[0], self.placed[whole] - rest)
        return True

    def _fill_history(self, series: str, whole: str) -> None:
        """Place what is not placed yet where the whole has come to, else on a straight line."""
        known, ends = self._system.moments[series], self._system.ends[series]
        unknowns = [known[end] for end in ends[1:]]
        above = self._system.moments.get(whole, {})
        shape = [0.0]  # how far the whole (else time) has come at each end
        for end in ends[1:]:
            time, total = float(end - ends[0]), above.get(end)
            shape.append(time if total is None else max(shape[-1], self.placed[total]))
        before = passed = 0.0
        for index, unknown in enumerate(unknowns):
            if unknown not in self.placed:
                way = shape[index + 1] - passed
                later = range(index, len(unknowns))
                to = next((at for at in later if unknowns[at] in self.placed), None)
                if to is not None and (whole_way := shape[to + 1] - passed):
                    pace = max(0.0, self.placed[unknowns[to]] - before) / whole_way
                else:  # on as before, away from the edges of what is possible
                    pace = before / passed if passed and before else _LITTLE
                    pace = min(pace, 0.5) if above else pace
                self._walk(unknown, before + way * pace)
            before, passed = max(before, self.placed[unknown]), shape[index + 1]


def _middle(constraint: Constraint) -> Fraction | None:
    low, high = constraint.bounds
    return constraint.value if low is None or high is None else (low + high) / 2
