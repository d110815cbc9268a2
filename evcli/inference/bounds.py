"""Inferred figures: the tightest true bounds that the facts of a family allow.

Where not all that is stated can hold, because releases restate the past, derivations are weighed:
one from one release assumes nothing; one over several, that nothing was restated between them.
Where two exclude each other and one assumes less, that one stands; where neither does, the figure
is disputed.

>>> from evcli.inference.family import Cell, Constraint, ConstraintKind
>>> from evcli.model.records import Series
>>> from evcli.model.period import parse_period
>>> def level(id_, period, low, high):
...     cell, bounds = Cell("a", parse_period(period)), Bounds(Fraction(low), Fraction(high))
...     middle = Fraction(low + high, 2)
...     return Constraint(id_, ConstraintKind.LEVEL, cell, None, bounds, middle)
>>> family = Family(
...     {"a": Series("a", "", "CN", "exports", "all", "world", "vehicles", "caam", "m")},
...     frozenset({"a"}),
...     (level("half", "2025-H1", 590, 610), level("five", "2025-01/2025-05", 480, 500)), ())
>>> june = tight_bounds(family, Objective.of(Cell("a", parse_period("2025-06"))))
>>> june.formula, june.bounds, int(june.value), june.statements
('2025-H1 - 2025-01/2025-05', Bounds(90, 130), 110, ('half', 'five'))
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from evcli.grouping import grouped
from evcli.inference.derivations import Derivation, Derivations
from evcli.inference.family import Cell, Family, Objective, fact_of
from evcli.inference.system import FamilyProgram, can_hold
from evcli.lp.program import End
from evcli.lp.rows import Proof, labels_in
from evcli.model.quantity import Bounds


@dataclass(frozen=True, slots=True)
class Inferred:
    """What follows for an objective: bounds as tight as linear programming gives.

    ``value`` is the narrowest derivation's at the stated points, None where no formula leads there
    or its point lies outside the bounds; ``in_formula`` are the statements that its formula names.
    ``statements`` are those without which the bounds would be wider. The two proofs add up rows to
    ``-over <= -low * under`` and ``over <= high * under`` (before scale and shift); their unknowns
    are those of the system of the family with the statements that the proof names.
    """

    bounds: Bounds
    value: Fraction | None
    formula: str
    in_formula: tuple[str, ...]
    statements: tuple[str, ...]
    derivations: tuple[Derivation, ...]
    low_proof: Proof = ()
    high_proof: Proof = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts that the bounds rest on."""
        return tuple(dict.fromkeys(map(fact_of, self.statements)))


class Infeasible(NamedTuple):
    """The facts cannot all hold, and no derivation leads to the objective.

    With ``statements`` one does, but these cannot hold together themselves.
    """

    statements: tuple[str, ...] = ()


class Disputed(NamedTuple):
    """Two derivations exclude each other, so nothing is inferred."""

    first: Derivation
    second: Derivation


class Negative(NamedTuple):
    """The objective would be below zero: a finding, not an answer."""

    bounds: Bounds
    statements: tuple[str, ...]
    formula: str


Inference = Inferred | Infeasible | Disputed | Negative


def tight_bounds(family: Family, objective: Objective) -> Inferred | Negative:
    """The tightest bounds of *objective* over all that *family* states.

    ValueError where the family cannot hold together, KeyError for a cell of a series outside it.
    """
    program = FamilyProgram(family, objective.cells)
    if program.conflict(exactly=True) is not None:
        raise ValueError("these statements cannot all hold")
    return solved(program, objective, Derivations(family).of(objective))


class Bounded:
    """The bounds that one family leaves many objectives, most of them over the same *cells*."""

    def __init__(self, family: Family, cells: Iterable[Cell]) -> None:
        self._family = family
        self._program = FamilyProgram(family, cells)
        self._holds = self._program.conflict(exactly=True) is None
        self.of = cache(self._of)

    def _of(self, objective: Objective) -> tuple[Bounds, tuple[str, ...]] | None:
        """Between which ends the family leaves *objective*, and the statements that do.

        None where they cannot all hold. What can be spared of the statements is not looked for.
        KeyError for a cell of a series outside the family.
        """
        if not self._holds:
            return None
        program = self._program
        try:
            program.system.form_of((*objective.over, *objective.under))
        except KeyError:  # no cell that it was made for
            program = FamilyProgram(self._family, objective.cells)
            program.conflict(exactly=True)  # moves its point to where all holds
        low, high = (program.end(objective, least=least) for least in (True, False))
        return Bounds(low.value, high.value), _supporting(program, low, high)


def bounds_of(family: Family, objective: Objective) -> Bounds | None:
    """Between which ends *family* leaves *objective*; None where it cannot all hold."""
    found = Bounded(family, objective.cells).of(objective)
    return None if found is None else found[0]


def solved(
    program: FamilyProgram, objective: Objective, derivations: Sequence[Derivation]
) -> Inferred | Negative:
    """The bounds of *objective* where the program's point obeys all that is allowed."""
    low, high = (
        _with_fewest(program.family, objective, program.end(objective, least=least), least=least)
        for least in (True, False)
    )
    bounds = Bounds(low.value, high.value)
    statements = _supporting(program, low, high)
    inside = [
        each for each in derivations if each.value is not None and bounds.contains(each.value)
    ]
    best = next(iter(inside), None)
    lead = next(iter((*inside, *derivations)), None)
    formula = lead.formula if lead else ""
    if not objective.under and bounds.high is not None and bounds.high < 0:
        return Negative(bounds, statements, formula)
    return Inferred(
        bounds,
        best.value if best else None,
        formula,
        lead.statements if lead else (),
        statements,
        tuple(derivations),
        low.proof,
        high.proof,
    )


def _with_fewest(family: Family, objective: Objective, end: End, *, least: bool) -> End:
    """The same end, proved by statements none of which can be spared."""
    if end.value is None:
        return end

    def end_of(program: FamilyProgram) -> End:
        program.conflict(exactly=True)
        return program.end(objective, least=least)

    needed = labels_in(end.proof)
    program = FamilyProgram(family.only(needed), objective.cells)
    end = end_of(program)
    for each in sorted(needed):
        if each not in needed:
            continue
        program.allow(needed - {each})
        other = end_of(program)
        if other.value == end.value:
            needed = labels_in(other.proof)
            program = FamilyProgram(family.only(needed), objective.cells)
            end = end_of(program)
    return end


def _supporting(program: FamilyProgram, low: End, high: End) -> tuple[str, ...]:
    return program.in_order(labels_in((*low.proof, *high.proof)))


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
        alike = attrgetter("cell", "kind", "base")
        rivals = grouped(family.constraints, alike)
        return {
            each.statement: frozenset(
                self._origin(other.statement)
                for other in rivals[alike(each)]
                if other.bounds.intersect(each.bounds) is not None
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
