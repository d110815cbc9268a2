"""What cannot hold together in a family, and the least that must be set aside so the rest can.

Sets that cannot hold together and sets whose removal mends them hit each other: every one of the
first shares a statement with every one of the second. A smallest conflict is therefore a smallest
set that hits all corrections, and the lightest correction a lightest set that hits all conflicts;
both are found by asking the exact oracle about candidates until one stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from evcli.inference.family import Family
from evcli.inference.feasibility import Feasibility
from evcli.lp.hitting_sets import TooMuch, greedy_hitting, lightest_hitting, smallest_hitting
from evcli.lp.rows import Multiplier, fact_of

PROVED_UP_TO = 200  # statements a family; beyond, conflicts are irreducible and said so
_MOST_CORRECTIONS = 200
_MOST_ROUNDS = 60
_ONE = Fraction(1)


class Conflict(NamedTuple):
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


class Aside(NamedTuple):
    """The lightest sets of statements without which the rest can hold together, ties too.

    ``complete`` says whether these are all of them and the weight is proved to be the least.
    """

    sets: tuple[frozenset[str], ...]
    weight: Fraction
    complete: bool


def smallest_conflict(family: Family, rounds: int = _MOST_CORRECTIONS) -> Conflict | None:
    """The smallest set of statements that cannot hold together; None where all can.

    After so many *rounds* the search is given up, and what was found is not proved smallest.
    """
    oracle = Feasibility(family)
    if oracle.conflict() is None:
        return None
    return _smallest(oracle, family.statements, rounds)


def conflicts(family: Family) -> Iterator[Conflict]:
    """Conflicts that share no statement, each the smallest of what the ones before left over."""
    oracle = Feasibility(family)
    left = list(family.statements)
    while True:
        oracle.allow(left)
        if oracle.conflict() is None:
            return
        found = _smallest(oracle, left)
        yield found
        left = [each for each in left if each not in found.statements]


def _smallest(
    oracle: Feasibility, among: Collection[str], rounds: int = _MOST_CORRECTIONS
) -> Conflict:
    best, proof = oracle.irreducible(among)
    if len(among) > PROVED_UP_TO:
        return Conflict(best, proof, proved_smallest=len(best) == 1)
    corrections: list[frozenset[str]] = []
    for _ in range(rounds):
        try:
            candidate = smallest_hitting(corrections, most=len(best) - 1)
        except TooMuch:
            break
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
    oracle = Feasibility(family)
    by_fact = weights or {}
    heavy = {each: by_fact.get(fact_of(each), _ONE) for each in family.statements}
    if any(weight <= 0 for weight in heavy.values()):
        raise ValueError("weights must be above zero")
    everything = set(family.statements)
    found: dict[frozenset[str], None] = {}
    standing: set[frozenset[str]] = set()

    def stands(aside: frozenset[str]) -> bool:
        if aside not in standing:
            oracle.allow(everything - aside)
            if oracle.conflict() is not None:
                return False
            standing.add(aside)
        return True

    for _ in range(_MOST_ROUNDS):
        weight, candidates, complete = lightest_hitting(list(found), heavy, most)
        wrong = next((each for each in candidates if not stands(each)), None)
        if wrong is None:
            return Aside(tuple(candidates), weight, complete)
        found.update(dict.fromkeys(_conflicts_without(oracle, wrong)))
    rest = greedy_hitting(list(found), heavy)
    while further := _conflicts_without(oracle, rest):
        found.update(dict.fromkeys(further))
        rest = greedy_hitting(list(found), heavy)
    by_weight = sorted(family.statements, key=lambda each: -heavy[each])
    mended = everything - oracle.grown(everything - rest, by_weight)
    weight = sum((heavy[each] for each in mended), Fraction(0))
    return Aside((frozenset(mended),), weight, complete=False)


def _conflicts_without(oracle: Feasibility, aside: Collection[str]) -> list[frozenset[str]]:
    """Conflicts that remain when *aside* is taken out, no two with a statement in common."""
    left = set(oracle.statements).difference(aside)
    found: list[frozenset[str]] = []
    while True:
        oracle.allow(left)
        if oracle.conflict() is None:
            return found
        found.append(frozenset(oracle.irreducible(left)[0]))
        left -= found[-1]
