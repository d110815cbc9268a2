"""Inferred figures: the tightest true bounds that the facts of a family allow.

A quotient is linear-fractional. Instead of the Charnes-Cooper transformation, which needs a
system of its own, the greatest quotient is the number at which ``over - number * under`` can just
reach zero; Newton's method on it (Dinkelbach) ends after a few climbs from the same point.

>>> from evcli.lp.rows import ConstraintKind
>>> from evcli.inference.family import Assertion, Cell
>>> from evcli.model.records import Series
>>> from evcli.model.period import parse_period
>>> def said(id_, period, low, high):
...     cell, bounds = Cell("a", parse_period(period)), Bounds(Fraction(low), Fraction(high))
...     middle = Fraction(low + high, 2)
...     return Assertion(id_, ConstraintKind.LEVEL, cell, None, bounds, middle)
>>> family = Family(
...     {"a": Series("a", "", "CN", "exports", "all", "world", "vehicles", "caam", "m")},
...     frozenset({"a"}),
...     (said("half", "2025-H1", 590, 610), said("five", "2025-01/2025-05", 480, 500)), ())
>>> june = tight_bounds(family, Objective.window(Cell("a", parse_period("2025-06"))))
>>> june.formula, june.bounds, int(june.value), june.statements
('2025-H1 - 2025-01/2025-05', Bounds(90, 130), 110, ('half', 'five'))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from evcli.inference.derivations import Derivation, find_derivations
from evcli.inference.family import Cell, Family, System
from evcli.inference.feasibility import Feasibility, stated_in
from evcli.inference.objective import Objective, Sum
from evcli.lp.rows import Form, Multiplier, fact_of
from evcli.lp.simplex import Ray, Simplex
from evcli.lp.tableau import Rate
from evcli.model.quantity import Bounds


class End(NamedTuple):
    """One end of the bounds; ``value`` is None where it is open, and then nothing proves it."""

    value: Fraction | None
    proof: tuple[Multiplier, ...] = ()


_OPEN = End(None)


def greatest(solver: Simplex, over: Form, under: Form | None) -> End:
    """The greatest value of ``over``, or of ``over / under`` where ``under`` is above zero.

    The solver's point must obey all rows, under which ``under`` is never negative.
    """
    if under is None:
        found = solver.maximise(over)
        return _OPEN if isinstance(found, Ray) else End(found.value, found.proof)
    if not _away_from_zero(solver, under):
        return _OPEN
    number = _at(over, solver.point) / _at(under, solver.point)
    while True:
        found = solver.maximise(_less(over, under, number))
        if isinstance(found, Ray):
            below = _along(under, found.direction)
            if below <= 0:
                return _OPEN
            number = _along(over, found.direction) / below
        elif found.value <= 0:
            return End(number, found.proof)
        else:
            below = _at(under, found.point)
            if below <= 0:
                return _OPEN
            number = _at(over, found.point) / below


def ends(
    solver: Simplex, system: System, target: Objective, *, least: bool = True, most: bool = True
) -> tuple[End, End]:
    """Both ends of *target* (or the one asked for), scaled and shifted as it says."""
    over = form_of(system, target.over)
    under = form_of(system, target.under) if target.under else None
    mirrored = {at: -value for at, value in over.items()}
    low = greatest(solver, mirrored, under) if least else _OPEN
    high = greatest(solver, over, under) if most else _OPEN
    scale, shift = target.scale, target.shift
    return (
        _OPEN if low.value is None else End(-low.value * scale + shift, low.proof),
        _OPEN if high.value is None else End(high.value * scale + shift, high.proof),
    )


def form_of(system: System, sum_: Sum) -> dict[int, Fraction]:
    """A sum of windows in the unknowns of *system*."""
    form: dict[int, Fraction] = {}
    for factor, window in sum_:
        for at, value in system.form(window).items():
            form[at] = form.get(at, Fraction(0)) + factor * value
    return {at: value for at, value in form.items() if value}


def _away_from_zero(solver: Simplex, under: Form) -> bool:
    """Move the point to where ``under`` is above zero, if it ever is."""
    if _at(under, solver.point) > 0:
        return True
    found = solver.maximise(under)
    if isinstance(found, Ray):
        solver.move(found.direction)
        return True
    return found.value > 0


def _at(form: Form, point: list[Fraction] | tuple[Fraction, ...]) -> Fraction:
    return sum((value * point[at] for at, value in form.items()), Fraction(0))


def _along(form: Form, direction: Mapping[int, Rate]) -> Fraction:
    return sum((value * direction.get(at, 0) for at, value in form.items()), Fraction(0))


def _less(over: Form, under: Form, number: Fraction) -> dict[int, Fraction]:
    form = dict(over)
    for at, value in under.items():
        form[at] = form.get(at, Fraction(0)) - number * value
    return {at: value for at, value in form.items() if value}


@dataclass(frozen=True, slots=True)
class Inferred:
    """What follows for a target: bounds as tight as linear programming gives.

    ``value`` is the narrowest way's at the stated points, None where no way leads there or its
    point lies outside the bounds; ``in_formula`` are the statements that its formula names.
    ``statements`` are those without which the bounds would be wider. ``conflict`` is what
    cannot hold together in the family, which then was answered from the ways alone. The two
    proofs add up rows to ``-over <= -low * under`` and ``over <= high * under`` (before scale
    and shift); their unknowns are those of the system of the family with :attr:`low_statements`
    or :attr:`high_statements` only.
    """

    target: Objective
    bounds: Bounds
    value: Fraction | None
    formula: str
    in_formula: tuple[str, ...]
    statements: tuple[str, ...]
    ways: tuple[Derivation, ...]
    conflict: tuple[str, ...] = ()
    low_proof: tuple[Multiplier, ...] = ()
    high_proof: tuple[Multiplier, ...] = ()

    @property
    def low_statements(self) -> frozenset[str]:
        """The statements without any of which the low end would be lower."""
        return frozenset(stated_in(self.low_proof))

    @property
    def high_statements(self) -> frozenset[str]:
        """The statements without any of which the high end would be higher."""
        return frozenset(stated_in(self.high_proof))

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts that the bounds rest on."""
        return tuple(dict.fromkeys(map(fact_of, self.statements)))


class Infeasible(NamedTuple):
    """The facts cannot all hold, and none of them leads to the target another way.

    Without any one of ``statements`` the others can hold together.
    """

    target: Objective
    statements: tuple[str, ...]
    proof: tuple[Multiplier, ...]


class Disputed(NamedTuple):
    """Two ways to the target exclude each other, so nothing is derived."""

    target: Objective
    first: Derivation
    second: Derivation
    ways: tuple[Derivation, ...]


class Negative(NamedTuple):
    """The target would be below zero: a finding, not an answer."""

    target: Objective
    bounds: Bounds
    statements: tuple[str, ...]
    formula: str


Inference = Inferred | Infeasible | Disputed | Negative


def tight_bounds(family: Family, target: Objective) -> Inference:
    """The tightest bounds of *target* over all that *family* states.

    Where the family cannot hold together, only what leads to the target is used, as long as that
    holds together itself. KeyError where a window is of a series outside the family.
    """
    oracle = Feasibility(family, target.windows)
    proof = oracle.conflict(exactly=True)
    if proof is None:
        return solved(family, target, oracle, find_derivations(family, target), ())
    return _despite(family, target, oracle)


class Bounded:
    """Asks one family for the bounds of many targets over the same *windows*."""

    def __init__(self, family: Family, windows: Iterable[Cell]) -> None:
        self._family = family
        self._oracle = Feasibility(family, windows)
        self._holds = self._oracle.conflict(exactly=True) is None

    def of(self, target: Objective) -> tuple[Bounds, tuple[str, ...]] | None:
        """Between which ends the family leaves *target*, and the statements that do.

        None where they cannot all hold. What can be spared of the statements is not looked for.
        KeyError where a window is not among those named, nor between months that are.
        """
        if not self._holds:
            return None
        low, high = ends(self._oracle.solver, self._oracle.system, target)
        return Bounds(low.value, high.value), _supporting(self._family, low, high)


def bounds_of(family: Family, target: Objective) -> Bounds | None:
    """Between which ends *family* leaves *target*; None where it cannot all hold."""
    found = Bounded(family, target.windows).of(target)
    return None if found is None else found[0]


def solved(
    family: Family,
    target: Objective,
    oracle: Feasibility,
    ways: Sequence[Derivation],
    conflict: Sequence[str] = (),
) -> Inferred | Negative:
    """The bounds of *target* where the oracle's point obeys all of *family*."""
    low, high = ends(oracle.solver, oracle.system, target)
    low, high = _fewest(family, target, low, 0), _fewest(family, target, high, 1)
    bounds = Bounds(low.value, high.value)
    statements = _supporting(family, low, high)
    inside = (way for way in ways if way.value is not None and bounds.contains(way.value))
    best = next(inside, None)
    lead = best or (ways[0] if ways else None)
    formula = lead.formula if lead else ""
    if not target.under and bounds.high is not None and bounds.high < 0:
        return Negative(target, bounds, statements, formula)
    return Inferred(
        target,
        bounds,
        best.value if best else None,
        formula,
        lead.statements if lead else (),
        statements,
        tuple(ways),
        tuple(conflict),
        low.proof,
        high.proof,
    )


def _despite(family: Family, target: Objective, oracle: Feasibility) -> Inference:
    """The answer from a family that cannot hold together."""
    conflict, proof = oracle.irreducible()
    ways = find_derivations(family, target)
    for at, first in enumerate(ways):
        if not target.under and first.bounds.high is not None and first.bounds.high < 0:
            return Negative(target, first.bounds, first.statements, first.formula)
        for second in ways[at + 1 :]:
            if first.bounds.intersect(second.bounds) is None:
                return Disputed(target, first, second, tuple(ways))
    kept: set[str] = set()
    usable = []
    for way in ways:
        oracle.allow(kept.union(way.statements))
        if oracle.conflict(exactly=True) is None:
            kept.update(way.statements)
            usable.append(way)
    if not usable:
        return Infeasible(target, conflict, proof)
    oracle.allow(kept)
    oracle.conflict(exactly=True)
    return solved(family, target, oracle, usable, conflict)


def _fewest(family: Family, target: Objective, end: End, side: int) -> End:
    """The same end, proved by statements none of which can be spared."""
    if end.value is None:
        return end

    def end_of(oracle: Feasibility) -> End:
        oracle.conflict(exactly=True)
        return ends(oracle.solver, oracle.system, target, least=not side, most=bool(side))[side]

    needed = stated_in(end.proof)
    oracle = Feasibility(family.only(needed), target.windows)
    end = end_of(oracle)
    for each in sorted(needed):
        if each not in needed:
            continue
        oracle.allow(needed - {each})
        other = end_of(oracle)
        if other.value == end.value:
            needed = stated_in(other.proof)
            oracle = Feasibility(family.only(needed), target.windows)
            end = end_of(oracle)
    return end


def _supporting(family: Family, low: End, high: End) -> tuple[str, ...]:
    used = {each.row.statement for each in (*low.proof, *high.proof)} - {""}
    return tuple(each for each in family.statements if each in used)
