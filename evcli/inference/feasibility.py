"""Whether some of a family's statements can hold together, answered exactly.

Structural rows always count. Statements are allowed and forbidden one by one; the solver goes on
from the point where it stands, so asking again about nearly the same set is cheap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from evcli.inference.family import Cell, Family
from evcli.inference.warm_start import near
from evcli.lp.rows import Multiplier
from evcli.lp.simplex import Simplex

Proof = tuple[Multiplier, ...]
_SMALLER = 2  # times smaller, and a system of its own is quicker asked


class Feasibility:
    """Decides feasibility for sets of statements of one family."""

    def __init__(self, family: Family, windows: Iterable[Cell] = ()) -> None:
        self.statements = family.statements
        self._family = family
        self.system = family.system(windows)
        self.solver = Simplex(self.system.size, self.system.rows, near(self.system))
        self._rows: dict[str, list[int]] = {each: [] for each in self.statements}
        for at, row in enumerate(self.system.rows):
            if row.statement:
                self._rows[row.statement].append(at)
        self._allowed = set(self.statements)

    def allow(self, statements: Collection[str]) -> None:
        """Let these statements count and no others."""
        wanted = set(statements)
        for each in self._allowed - wanted:
            self.solver.switch(self._rows[each], on=False)
        for each in wanted - self._allowed:
            self.solver.switch(self._rows[each], on=True)
        self._allowed = wanted

    def conflict(self, *, exactly: bool = False) -> Proof | None:
        """A proof that what is allowed cannot hold together; None where it can.

        The proof is exact. Unless *exactly*, what misses by less than floats can tell can hold.
        """
        return self.solver.repair(exactly=exactly)

    def holds_here(self, statement: str) -> bool:
        """Whether the solver's point surely obeys a statement, allowed or not."""
        return all(map(self.solver.obeys, self._rows[statement]))

    def irreducible(self, among: Collection[str] | None = None) -> tuple[tuple[str, ...], Proof]:
        """Statements *among* (or all) that cannot hold together, though all but any one can.

        ValueError where they can hold together.
        """
        self.allow(self.statements if among is None else among)
        proof = self.conflict()
        if proof is None:
            raise ValueError("these statements can hold together")
        needed = stated_in(proof)
        if len(needed) * _SMALLER < len(self.statements):
            return Feasibility(self._family.only(needed)).irreducible()
        for each in self._in_order(needed):
            if each not in needed:
                continue
            self.allow(needed - {each})
            without = self.conflict()
            if without is not None:
                needed, proof = stated_in(without), without
        return self._in_order(needed), proof

    def grown(self, seed: Collection[str], among: Collection[str]) -> set[str]:
        """*seed*, which can hold, with all of *among* that can be added one after the other."""
        self.allow(seed)
        if self.conflict() is not None:
            raise ValueError("the seed cannot hold together")
        kept = set(seed)
        waiting = [each for each in among if each not in kept]
        while waiting:
            kept.update(each for each in waiting if self.holds_here(each))
            waiting = [each for each in waiting if each not in kept]
            if not waiting:
                break
            each = waiting.pop(0)
            self.allow(kept | {each})
            if self.conflict() is None:
                kept.add(each)
            else:
                self.allow(kept)
                self.conflict()
        return kept

    def _in_order(self, statements: Collection[str]) -> tuple[str, ...]:
        return tuple(each for each in self.statements if each in statements)


def stated_in(proof: Proof) -> set[str]:
    """The statements whose rows a proof adds up."""
    return {each.row.statement for each in proof} - {""}
