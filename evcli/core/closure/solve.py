"""The least and the greatest value of a target over a system, with the rows that prove them.

A quotient is linear-fractional. Instead of the Charnes-Cooper transformation, which needs a
system of its own, the greatest quotient is the number at which ``over - number * under`` can just
reach zero; Newton's method on it (Dinkelbach) ends after a few climbs from the same point.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from evcli.core.closure.rows import Form, Multiplier
from evcli.core.closure.simplex import Ray, Simplex
from evcli.core.closure.system import System
from evcli.core.closure.tableau import Rate
from evcli.core.closure.target import Sum, Target


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
    solver: Simplex, system: System, target: Target, *, least: bool = True, most: bool = True
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
