"""What cannot hold together in a family, and the least that must be set aside so the rest can.

Sets that cannot hold together and sets whose removal mends them hit each other: every one of the
first shares a statement with every one of the second. A smallest conflict is therefore a smallest
set that hits all corrections, and the lightest correction a lightest set that hits all conflicts;
both are found by asking the exact oracle about candidates until one stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evcli.core.closure.hitting import lightest_hitting, smallest_hitting
from evcli.core.closure.oracle import Oracle
from evcli.core.closure.rows import Multiplier, fact_of
from evcli.core.closure.system import Family

PROVED_UP_TO = 200  # statements a family; beyond, conflicts are irreducible and said so
_MOST_QUESTIONS = 2_000
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that cannot all hold, though all but any one can; ``proof`` adds up to a
    contradiction in exact fractions. With ``proved_smallest`` no smaller set does it.
    """

    statements: tuple[str, ...]
    proof: tuple[Multiplier, ...]
    proved_smallest: bool

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts, each once."""
        return tuple(dict.fromkeys(map(fact_of, self.statements)))


@dataclass(frozen=True, slots=True)
class Aside:
    """The lightest sets of statements without which the rest can hold together, ties too.

    ``complete`` says whether these are all of them and the weight is proved to be the least.
    """

    sets: tuple[frozenset[str], ...]
    weight: Fraction
    complete: bool


def smallest_conflict(family: Family) -> Conflict | None:
    """The smallest set of statements that cannot hold together; None where all can."""
    oracle = Oracle(family)
    if oracle.conflict() is None:
        return None
    return _smallest(oracle, family.statements)


def conflicts(family: Family) -> Iterator[Conflict]:
    """Conflicts that share no statement, each the smallest of what the ones before left over."""
    oracle = Oracle(family)
    left = list(family.statements)
    while True:
        oracle.allow(left)
        if oracle.conflict() is None:
            return
        found = _smallest(oracle, left)
        yield found
        left = [each for each in left if each not in found.statements]


def _smallest(oracle: Oracle, among: Collection[str]) -> Conflict:
    best, proof = oracle.irreducible(among)
    if len(among) > PROVED_UP_TO:
        return Conflict(best, proof, proved_smallest=len(best) == 1)
    corrections: list[frozenset[str]] = []
    for _ in range(_MOST_QUESTIONS):
        candidate = smallest_hitting(corrections, most=len(best) - 1)
        if candidate is None:
            return Conflict(best, proof, proved_smallest=True)
        oracle.allow(candidate)
        if oracle.conflict() is not None:
            best, proof = oracle.irreducible(candidate)
            return Conflict(best, proof, proved_smallest=True)
        corrections.append(frozenset(among) - oracle.grown(candidate, among))
    return Conflict(best, proof, proved_smallest=False)


def set_aside(
    family: Family, weights: Mapping[str, Fraction] | None = None, *, most: int = 16
) -> Aside:
    """The lightest sets of statements to set aside, at most *most* of them.

    *weights* gives the weight of each fact by id; every statement of a fact weighs as much as the
    fact, and a fact that is not named weighs one. Weights must be above zero.
    """
    oracle = Oracle(family)
    by_fact = weights or {}
    heavy = {each: by_fact.get(fact_of(each), _ONE) for each in family.statements}
    if any(weight <= 0 for weight in heavy.values()):
        raise ValueError("weights must be above zero")
    everything = set(family.statements)
    found: dict[frozenset[str], None] = {}
    standing: set[frozenset[str]] = set()
    for _ in range(_MOST_QUESTIONS):
        weight, candidates, complete = lightest_hitting(list(found), heavy, most)
        new = False
        for candidate in candidates:
            if candidate in standing:
                continue
            oracle.allow(everything - candidate)
            if oracle.conflict() is None:
                standing.add(candidate)
                continue
            found[frozenset(oracle.irreducible(everything - candidate)[0])] = None
            new = True
            break
        if not new:
            return Aside(tuple(candidates), weight, complete)
    mended = everything - oracle.grown((), family.statements)
    weight = sum((heavy[each] for each in mended), Fraction(0))
    return Aside((frozenset(mended),), weight, complete=False)
