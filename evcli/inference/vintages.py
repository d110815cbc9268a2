"""What is inferred where not all that is stated can hold, because releases restate the past.

A derivation from one release assumes nothing. One over several releases assumes that nothing was
restated between them. Where two derivations exclude each other and one assumes less, that one
stands; where neither does, the figure is disputed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from evcli.inference.bounds import (
    Disputed,
    Infeasible,
    Inference,
    Inferred,
    Negative,
    solved,
    tight_bounds,
)
from evcli.inference.derivations import Derivation, Derivations
from evcli.inference.family import Cell, Constraint, Family, Objective
from evcli.inference.system import FamilyProgram, can_hold

_MANY = 150  # statements in a family; of more, only what is said of the years around counts


class _Near(NamedTuple):
    """Statements near a cell: whether they can hold together, and what is derived from them."""

    family: Family
    holds: bool
    derivations: Derivations
    releases: Mapping[str, frozenset[str]]  # of a statement: the releases that say so


class Inferences:
    """What follows from one family for many objectives; what one finds, the next need not.

    *origin* names the release that a statement comes from.
    """

    def __init__(self, family: Family, origin: Callable[[str], str]) -> None:
        self.family = family
        self._origin = origin
        self._known: dict[tuple[str, ...], _Near] = {}

    def of(self, objective: Objective) -> Inference:
        """The tightest bounds; where not all can hold, from derivations that assume the least."""
        near = self._near(objective)
        if near.holds:
            return tight_bounds(near.family, objective)
        return _by_fewest_releases(near, objective, near.derivations.of(objective))

    def follows(self, objective: Objective) -> bool:
        """Whether some derivation leads to *objective*, undisputed."""
        near = self._near(objective)
        derivations = near.derivations.of(objective)
        if near.holds or not derivations:
            return bool(derivations)
        return isinstance(_by_fewest_releases(near, objective, derivations), Inferred)

    def _near(self, objective: Objective) -> _Near:
        family = self.family
        if len(family.statements) > _MANY:
            family = _around(family, objective.cells)
        known = self._known.get(family.statements)
        if known is None:
            holds = FamilyProgram(family).conflict(exactly=True) is None
            known = _Near(family, holds, Derivations(family), self._releases(family))
            self._known[family.statements] = known
        return known

    def _releases(self, family: Family) -> dict[str, frozenset[str]]:
        """For each statement the releases that say the same of the same cell."""
        of_cell: dict[Cell, list[tuple[Constraint, str]]] = {}
        for each in family.constraints:
            of_cell.setdefault(each.cell, []).append((each, self._origin(each.statement)))
        return {
            each.statement: frozenset(
                origin
                for other, origin in of_cell[each.cell]
                if (other.kind, other.base) == (each.kind, each.base)
                and other.bounds.intersect(each.bounds) is not None
            )
            for each in family.constraints
        }


def _by_fewest_releases(
    near: _Near, objective: Objective, derivations: Sequence[Derivation]
) -> Inference:
    """The answer from those *derivations* of *objective* that assume the least."""
    if not derivations:
        return Infeasible()
    assumed = {each: _fewest_releases(each.statements, near.releases) for each in derivations}
    first, *others = sorted(derivations, key=lambda each: assumed[each])  # else the narrowest first
    if not objective.under and first.bounds.high is not None and first.bounds.high < 0:
        return Negative(first.bounds, first.statements, first.formula)
    kept, usable = set(first.statements), [first]
    for each in others:
        both = kept.union(each.statements)
        if first.bounds.intersect(each.bounds) is not None and can_hold(near.family.only(both)):
            kept = both
            usable.append(each)
        elif assumed[each] <= assumed[first]:
            return Disputed(first, each)
    program = FamilyProgram(near.family.only(kept), objective.cells)
    if program.conflict(exactly=True) is not None:  # the derivation contradicts itself
        return Infeasible(tuple(kept))
    return solved(program, objective, usable)


def _fewest_releases(statements: Collection[str], releases: Mapping[str, Collection[str]]) -> int:
    """With how few releases all *statements* are covered, each taken where it covers most.

    >>> _fewest_releases(["a", "b"], {"a": {"june"}, "b": {"june", "july"}})
    1
    """
    left = set(statements)
    count = 0
    while left:
        covered = {
            release: {each for each in left if release in releases[each]}
            for each in left
            for release in releases[each]
        }
        left -= max(covered.values(), key=len, default=left)
        count += 1
    return count


def _around(family: Family, cells: Collection[Cell]) -> Family:
    """What *family* states of the years of *cells* and of those next to them.

    Bounds from fewer statements are never too narrow; what is stated of other years hardly ever
    makes them narrower.
    """
    spans = [span for each in cells if (span := each.period.month_span) is not None]
    if not spans:
        return family
    first = min(begin for begin, _ in spans) // 12 * 12 - 12
    last = -(-max(end for _, end in spans) // 12) * 12 + 12
    near = set()
    for each in family.constraints:
        windows = (cell.period.month_span for cell in each.cells)
        if any(span is None or (span[1] > first and span[0] < last) for span in windows):
            near.add(each.statement)
    return family.only(near)
