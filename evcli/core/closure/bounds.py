"""Derived figures: the tightest true bounds that a family's facts allow, and the ways there.

>>> from evcli.core.closure.rows import Kind
>>> from evcli.core.closure.system import Assertion, Window
>>> from evcli.model.records import Series
>>> from evcli.model.period import parse_period
>>> def said(id_, period, low, high):
...     window, bounds = Window("a", parse_period(period)), Bounds(Fraction(low), Fraction(high))
...     return Assertion(id_, Kind.LEVEL, window, None, bounds, Fraction(low + high, 2))
>>> family = Family(
...     {"a": Series("a", "", "CN", "exports", "all", "world", "vehicles", "caam", "m")},
...     frozenset({"a"}),
...     (said("half", "2025-H1", 590, 610), said("five", "2025-01/2025-05", 480, 500)), ())
>>> june = tight_bounds(family, Target.window(Window("a", parse_period("2025-06"))))
>>> june.formula, june.bounds, int(june.value), june.statements
('2025-H1 - 2025-01/2025-05', Bounds(90, 130), 110, ('half', 'five'))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from evcli.core.closure.oracle import Oracle, stated_in
from evcli.core.closure.rows import Multiplier, fact_of
from evcli.core.closure.solve import End, ends
from evcli.core.closure.system import Family, Window
from evcli.core.closure.target import Target
from evcli.core.closure.ways import Way, find_ways
from evcli.model.quantity import Bounds


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows for a target: bounds as tight as linear programming gives.

    ``value`` is the narrowest way's at the stated points, None where no way leads there or its
    point lies outside the bounds. ``statements`` are those without which the bounds would be
    wider. ``conflict`` is what cannot hold together in the family, which then was answered from the
    ways alone. The two proofs add up rows to ``-over <= -low * under`` and
    ``over <= high * under`` (before scale and shift); their unknowns are those of the system of
    the family with :attr:`low_statements` or :attr:`high_statements` only.
    """

    target: Target
    bounds: Bounds
    value: Fraction | None
    formula: str
    statements: tuple[str, ...]
    ways: tuple[Way, ...]
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

    target: Target
    statements: tuple[str, ...]
    proof: tuple[Multiplier, ...]


class Disputed(NamedTuple):
    """Two ways to the target exclude each other, so nothing is derived."""

    target: Target
    first: Way
    second: Way
    ways: tuple[Way, ...]


class Negative(NamedTuple):
    """The target would be below zero: a finding, not an answer."""

    target: Target
    bounds: Bounds
    statements: tuple[str, ...]
    formula: str


Answer = Derived | Infeasible | Disputed | Negative


def tight_bounds(family: Family, target: Target) -> Answer:
    """The tightest bounds of *target* over all that *family* states.

    Where the family cannot hold together, only what leads to the target is used, as long as that
    holds together itself. KeyError where a window is of a series outside the family.
    """
    oracle = Oracle(family, target.windows)
    proof = oracle.conflict(exactly=True)
    if proof is None:
        return solved(family, target, oracle, find_ways(family, target), ())
    return _despite(family, target, oracle)


class Bounded:
    """Asks one family for the bounds of many targets over the same *windows*."""

    def __init__(self, family: Family, windows: Iterable[Window]) -> None:
        self._family = family
        self._oracle = Oracle(family, windows)
        self._holds = self._oracle.conflict(exactly=True) is None

    def of(self, target: Target) -> tuple[Bounds, tuple[str, ...]] | None:
        """Between which ends the family leaves *target*, and the statements that do.

        None where they cannot all hold. What can be spared of the statements is not looked for.
        KeyError where a window is not among those named, nor between months that are.
        """
        if not self._holds:
            return None
        low, high = ends(self._oracle.solver, self._oracle.system, target)
        return Bounds(low.value, high.value), _supporting(self._family, low, high)


def bounds_of(family: Family, target: Target) -> Bounds | None:
    """Between which ends *family* leaves *target*; None where it cannot all hold."""
    found = Bounded(family, target.windows).of(target)
    return None if found is None else found[0]


def solved(
    family: Family,
    target: Target,
    oracle: Oracle,
    ways: Sequence[Way],
    conflict: Sequence[str] = (),
) -> Derived | Negative:
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
    return Derived(
        target,
        bounds,
        best.value if best else None,
        formula,
        statements,
        tuple(ways),
        tuple(conflict),
        low.proof,
        high.proof,
    )


def _despite(family: Family, target: Target, oracle: Oracle) -> Answer:
    """The answer from a family that cannot hold together."""
    conflict, proof = oracle.irreducible()
    ways = find_ways(family, target)
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


def _fewest(family: Family, target: Target, end: End, side: int) -> End:
    """The same end, proved by statements none of which can be spared."""
    if end.value is None:
        return end

    def end_of(oracle: Oracle) -> End:
        oracle.conflict(exactly=True)
        return ends(oracle.solver, oracle.system, target, least=not side, most=bool(side))[side]

    needed = stated_in(end.proof)
    oracle = Oracle(family.only(needed), target.windows)
    end = end_of(oracle)
    for each in sorted(needed):
        if each not in needed:
            continue
        oracle.allow(needed - {each})
        other = end_of(oracle)
        if other.value == end.value:
            needed = stated_in(other.proof)
            oracle = Oracle(family.only(needed), target.windows)
            end = end_of(oracle)
    return end


def _supporting(family: Family, low: End, high: End) -> tuple[str, ...]:
    used = {each.row.statement for each in (*low.proof, *high.proof)} - {""}
    return tuple(each for each in family.statements if each in used)
