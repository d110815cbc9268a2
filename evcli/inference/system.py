"""The rows of a family over unknown true values.

A flow is a history: what had come together by the end of each month. A window is the difference
of two such ends, so windows of any length hang together; no month is below zero. A window that is
not made of whole months, and every stock, price, index or capacity, is an unknown of its own.
Only the month ends that some statement (or the question) names become unknowns: between them
any history that fits can be drawn as a straight line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
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
        # of each series the unknowns by month end, or by period where that is one by itself
        self._moments: dict[str, dict[int | Period, int]] = {}
        self._ends: dict[str, list[int]] = {}  # its month ends; at the first it is zero
        every = [*cells, *(cell for each in family.constraints for cell in each.cells)]
        links = needed(family.links, {each.series for each in every})
        size = self._number(every, links)
        rows = [row for each in family.constraints for row in self._of_constraint(each)]
        rows += [Row(step, _ZERO, None) for each in self._moments for step in self._steps(each)]
        rows += [row for link in links for row in self._of_link(link)]
        super().__init__(size, rows, family.statements)

    def only(self, labels: Collection[str]) -> FamilyProgram:
        """The program of these statements, which has fewer unknowns, too."""
        return FamilyProgram(self.family.only(labels))

    def end(self, objective: Objective, *, least: bool) -> End:
        """The least or greatest value of *objective*, scaled and shifted as it says.

        The point must obey all that is allowed. KeyError where the program lacks a cell.
        """
        over = self.form_of(objective.over)
        under = self.form_of(objective.under) if objective.under else None
        end = self.least(over, under) if least else self.greatest(over, under)
        if end.value is None:
            return end
        return End(end.value * objective.scale + objective.shift, end.proof)

    def form(self, cell: Cell) -> dict[int, Fraction]:
        """The cell as a combination of unknowns; KeyError where the program lacks it."""
        span = cell.period.month_span
        known = self._moments[cell.series]
        if cell.series not in self.family.flows or span is None:
            return {known[cell.period]: _ONE}
        form: dict[int, Fraction] = {}
        for end, sign in ((span[1], _ONE), (span[0], -_ONE)):
            if [end] != self._ends[cell.series][:1]:
                form[known[end]] = sign
        return form

    def form_of(self, sum_: Sum) -> dict[int, Fraction]:
        """A sum of cells, each times a factor, as a combination of unknowns."""
        form: dict[int, Fraction] = {}
        for factor, cell in sum_:
            form = minus(form, self.form(cell), -factor)
        return form

    def _number(self, cells: Sequence[Cell], links: Sequence[Link]) -> int:
        """Number the unknowns and return how many there are."""
        size = 0
        ends: dict[str, set[int]] = {}
        points: dict[str, set[Period]] = {}
        for cell in dict.fromkeys(cells):
            span = cell.period.month_span
            if cell.series in self.family.flows and span is not None:
                ends.setdefault(cell.series, set()).update(span)
            else:
                points.setdefault(cell.series, set()).add(cell.period)
        ties: list[tuple[str, ...]] = [(link.whole, *link.parts) for link in links]
        named = {*ends, *points}.union(*ties)
        for members in components([each for each in self.family.series if each in named], ties):
            shared = sorted({end for each in members for end in ends.get(each, ())})
            alone = {period for each in members for period in points.get(each, ())}
            dated = sorted(alone, key=lambda period: period.sort_key)
            moments: list[int | Period] = [*shared[1:], *dated]
            for series in members:
                self._ends[series] = shared
                self._moments[series] = {at: size + n for n, at in enumerate(moments)}
                size += len(moments)
        return size

    def _of_constraint(self, constraint: Constraint) -> Iterator[Row]:
        low, high = constraint.bounds
        form = self.form(constraint.cell)
        if constraint.base is None:
            yield Row.of(form, low, high, constraint.statement)
            return
        base = self.form(constraint.base)
        if low is not None and low > 0:
            yield Row.of(minus(form, base, low), _ZERO, None, constraint.statement)
        if high is not None:
            yield Row.of(minus(form, base, high), None, _ZERO, constraint.statement)

    def _of_link(self, link: Link) -> Iterator[Row]:
        members = (link.whole, *link.parts)
        if link.exact:  # at each month end, which says the same of every window between two
            moments = (self._moments[each].values() for each in members)
            for whole, *parts in zip(*moments, strict=True):
                terms = ((whole, 1), *((part, -1) for part in parts))
                yield Row(terms, _ZERO, _ZERO)
            return
        for whole_step, *part_steps in zip(*map(self._steps, members), strict=True):
            less = ((unknown, -sign) for step in part_steps for unknown, sign in step)
            yield Row((*whole_step, *less), _ZERO, None)

    def _steps(self, series: str) -> list[tuple[tuple[int, int], ...]]:
        """What cannot be negative, as terms of a row: from month end to month end, else alone."""
        known = self._moments[series]
        ends = [known[end] for end in self._ends[series][1:]]
        alone = [unknown for at, unknown in known.items() if isinstance(at, Period)]
        later = (((to, 1), (begin, -1)) for begin, to in pairwise(ends))
        return [*(((at, 1),) for at in ends[:1]), *later, *(((at, 1),) for at in alone)]


def can_hold(family: Family) -> bool:
    """Whether all that the family states can hold together."""
    return FamilyProgram(family).conflict() is None
