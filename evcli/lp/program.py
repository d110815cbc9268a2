"""A linear program whose labelled rows are switched on and off, answered in exact fractions.

Rows without a label always count. The solver goes on from the point where it stands, so asking
again about nearly the same rows is cheap.

>>> def row(unknown, low, high, label):
...     return Row(((unknown, 1),), Fraction(low), Fraction(high), label)
>>> program = Program(2, [row(0, 0, 4, "a"), row(0, 5, 6, "b"), row(1, 1, 3, "c")], "abc")
>>> program.irreducible()[0]
('a', 'b')
>>> program.allow("bc")
>>> program.conflict(), int(program.greatest({0: Fraction(1)}, {1: Fraction(1)}).value)
(None, 6)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from fractions import Fraction
from typing import Self

from evcli.lp.simplex import Form, Proof, Ray, Row, Simplex, labels_in, minus
from evcli.tuples import NamedTuple

_ONE = Fraction(1)
_SMALLER = 2  # times smaller, and a program of its own is quicker asked


class End(NamedTuple):
    """The greatest or least of a form; ``value`` is None where it is open: nothing proves it."""

    value: Fraction | None
    proof: Proof = ()


OPEN = End(None)


class Program:
    """Rows over *size* unknowns; *labels* are those that can be switched, in their order."""

    def __init__(self, size: int, rows: Sequence[Row], labels: Sequence[str]) -> None:
        self.size = size
        self.rows = rows
        self.labels = tuple(labels)
        self._solver = Simplex(size, rows)
        self._rows_of: dict[str, list[int]] = {each: [] for each in self.labels}
        for at, row in enumerate(rows):
            if row.label:
                self._rows_of[row.label].append(at)
        self._allowed = set(self.labels)

    def only(self, labels: Collection[str]) -> Program:
        """A program of the rows with these labels and of those without one."""
        rows = [row for row in self.rows if not row.label or row.label in labels]
        return Program(self.size, rows, self.in_order(labels))

    def copy(self) -> Self:
        """A program that stands where this one does; so no proof depends on earlier questions."""
        other = copy(self)
        other._solver, other._allowed = self._solver.copy(), set(self._allowed)
        return other

    @property
    def point(self) -> list[Fraction]:
        """The current point: a value for each unknown."""
        return [self._solver.at({unknown: _ONE}) for unknown in range(self.size)]

    def allow(self, labels: Collection[str]) -> None:
        """Let the rows of these labels count and no others."""
        wanted = set(labels)
        for each in self._allowed - wanted:
            self._solver.switch(self._rows_of[each], on=False)
        for each in wanted - self._allowed:
            self._solver.switch(self._rows_of[each], on=True)
        self._allowed = wanted

    def in_order(self, labels: Collection[str]) -> tuple[str, ...]:
        """*labels* in the order of the program."""
        return tuple(each for each in self.labels if each in labels)

    # --- feasibility --------------------------------------------------------------------------

    def conflict(self) -> Proof | None:
        """A proof that no point obeys what is allowed; None, and the point there, if one does."""
        return self._solver.repair()

    def can_hold(self, labels: Collection[str]) -> bool:
        """Whether some point obeys the rows of these labels, which then are those that count."""
        self.allow(labels)
        return self.conflict() is None

    def irreducible(self, among: Collection[str] | None = None) -> tuple[tuple[str, ...], Proof]:
        """Labels *among* (or all) whose rows exclude each other, though all but any one do not.

        ValueError where some point obeys them all.
        """
        self.allow(self.labels if among is None else among)
        proof = self.conflict()
        if proof is None:
            raise ValueError("these rows can hold together")
        needed = labels_in(proof)
        if len(needed) * _SMALLER < len(self.labels):
            few = self.only(needed)
            few._solver.budget = self._solver.budget
            return few.irreducible()
        for each in self.in_order(needed):
            if each not in needed:
                continue
            self.allow(needed - {each})
            without = self.conflict()
            if without is not None:
                needed, proof = labels_in(without), without
        return self.in_order(needed), proof

    def disjoint_conflicts(self, among: Collection[str]) -> list[frozenset[str]]:
        """Irreducible sets of labels, no two with one in common, till the rest can hold."""
        left = set(among)
        found: list[frozenset[str]] = []
        while not self.can_hold(left):
            found.append(frozenset(self.irreducible(left)[0]))
            left -= found[-1]
        return found

    def grown(self, seed: Collection[str], among: Collection[str]) -> set[str]:
        """*seed*, which can hold, with all of *among* that can be added one after the other."""
        if not self.can_hold(seed):
            raise ValueError("the seed cannot hold together")
        kept = set(seed)
        waiting = [each for each in among if each not in kept]
        while waiting:
            # those that the current point obeys, allowed or not
            side = self._solver.side
            kept.update(each for each in waiting if not any(map(side, self._rows_of[each])))
            waiting = [each for each in waiting if each not in kept]
            if not waiting:
                break
            each = waiting.pop(0)
            if self.can_hold(kept | {each}):
                kept.add(each)
            else:
                self.can_hold(kept)  # back to a point where it does
        return kept

    # --- the greatest and the least -----------------------------------------------------------

    def least(self, over: Form, under: Form | None = None) -> End:
        """The least value of ``over``, or of ``over / under``; see :meth:`greatest`."""
        end = self.greatest({at: -value for at, value in over.items()}, under)
        return OPEN if end.value is None else End(-end.value, end.proof)

    def greatest(self, over: Form, under: Form | None = None) -> End:
        """The greatest value of ``over``, or of ``over / under`` where ``under`` is above zero.

        The point must obey all that is allowed (:meth:`conflict`), and ``under`` must
        never be negative there. A quotient is linear-fractional. Instead of the Charnes-Cooper
        transformation, which needs a system of its own, the greatest quotient is the number at
        which ``over - number * under`` can just reach zero; Newton's method on it (Dinkelbach)
        ends after a few climbs from the same point.
        """
        solver = self._solver
        if under is None:
            found = solver.maximise(over)
            return OPEN if isinstance(found, Ray) else End(*found)
        if solver.at(under) <= 0:  # go to where it is above zero, if it ever is
            found = solver.maximise(under)
            if isinstance(found, Ray):
                solver.move(found)
            elif found[0] <= 0:
                return OPEN
        number = solver.at(over) / solver.at(under)
        while True:
            found = solver.maximise(minus(over, under, number))
            if isinstance(found, Ray):
                above, below = (solver.rate(form, found) for form in (over, under))
            elif found[0] <= 0:
                return End(number, found[1])
            else:
                above, below = map(solver.at, (over, under))
            if below <= 0:
                return OPEN
            number = above / below
