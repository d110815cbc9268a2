"""Inferred figures: the tightest true bounds that the facts of a family allow.

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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from evcli.inference.derivations import Derivation, Derivations
from evcli.inference.family import Cell, Family, Objective, fact_of
from evcli.inference.system import FamilyProgram
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
    are those of the system of the family with :attr:`low_statements` or :attr:`high_statements`.
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
    def low_statements(self) -> frozenset[str]:
        """The statements without any of which the low end would be lower."""
        return frozenset(labels_in(self.low_proof))

    @property
    def high_statements(self) -> frozenset[str]:
        """The statements without any of which the high end would be higher."""
        return frozenset(labels_in(self.high_proof))

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
    """The bounds that one family leaves many objectives over the same *cells*."""

    def __init__(self, family: Family, cells: Iterable[Cell]) -> None:
        self._program = FamilyProgram(family, cells)
        self._holds = self._program.conflict(exactly=True) is None

    def of(self, objective: Objective) -> tuple[Bounds, tuple[str, ...]] | None:
        """Between which ends the family leaves *objective*, and the statements that do.

        None where they cannot all hold. What can be spared of the statements is not looked for.
        KeyError where a cell is not among those named, nor between months that are.
        """
        if not self._holds:
            return None
        low, high = (self._program.end(objective, least=least) for least in (True, False))
        return Bounds(low.value, high.value), _supporting(self._program, low, high)


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
