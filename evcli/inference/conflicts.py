"""What cannot hold together in a family, and the least that must be set aside so the rest can.

Sets that cannot hold together and sets whose removal mends them hit each other: every one of the
first shares a statement with every one of the second. A smallest conflict is therefore a smallest
set that hits all corrections, and the lightest correction a lightest set that hits all conflicts;
both are found by asking the exact program about candidates until one stands.
"""

import functools
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from evcli.inference.family import Family
from evcli.inference.system import FamilyProgram
from evcli.lp.hitting_sets import TooMuch, greedy_hitting, lightest_hitting, smallest_hitting
from evcli.lp.program import Program
from evcli.lp.rows import Proof

PROVED_UP_TO = 200  # statements a family; beyond, conflicts are irreducible and said so
_MOST_CORRECTIONS = 200
_MOST_ROUNDS = 60


class Conflict(NamedTuple):
    """Statements that cannot all hold, though all but any one can; ``proof`` adds up to a
    contradiction in exact fractions. With ``proved_smallest`` no smaller set does it.
    """

    statements: tuple[str, ...]
    proof: Proof
    proved_smallest: bool


def irreducible_conflict(program: Program, among: Collection[str] | None = None) -> Conflict:
    """Statements *among* (or all) that cannot all hold; ValueError where all can.

    None is taken to contradict itself, so that two are the smallest conflict there is.
    """
    statements, proof = program.irreducible(among)
    return Conflict(statements, proof, proved_smallest=len(statements) <= 2)


def smallest_conflict(family: Family, rounds: int = _MOST_CORRECTIONS) -> Conflict | None:
    """The smallest set of statements that cannot hold together; None where all can.

    After so many *rounds* the search is given up, and what was found is not proved smallest.
    """
    program = FamilyProgram(family)
    if program.conflict() is None:
        return None
    best, proof = program.irreducible()
    if len(program.labels) > PROVED_UP_TO:
        return Conflict(best, proof, proved_smallest=len(best) == 1)
    corrections: list[frozenset[str]] = []
    for _ in range(rounds):
        try:
            candidate = smallest_hitting(corrections, most=len(best) - 1)
        except TooMuch:
            break
        if candidate is None:
            return Conflict(best, proof, proved_smallest=True)
        if not program.can_hold(candidate):
            best, proof = program.irreducible(candidate)
            return Conflict(best, proof, proved_smallest=True)
        corrections.append(frozenset(program.labels) - program.grown(candidate, program.labels))
    return Conflict(best, proof, proved_smallest=False)


def set_aside(
    family: Family, weights: Mapping[str, Fraction], *, most: int = 16
) -> tuple[frozenset[str], ...]:
    """The lightest sets of statements without which the rest can hold together, ties too.

    At most *most* of them; one that is light where it takes too many rounds. *weights* gives the
    weight of each statement. ValueError unless all are above zero.
    """
    program = FamilyProgram(family)
    if any(weights[each] <= 0 for each in program.labels):
        raise ValueError("weights must be above zero")
    everything = set(program.labels)
    known: dict[frozenset[str], None] = {}
    mends = functools.cache(lambda aside: program.can_hold(everything - aside))
    for _ in range(_MOST_ROUNDS):
        candidates = lightest_hitting(list(known), weights, most)
        wrong = next((each for each in candidates if not mends(each)), None)
        if wrong is None:
            return tuple(candidates)
        known.update(dict.fromkeys(program.disjoint_conflicts(everything - wrong)))
    return (frozenset(everything - light_remainder(program, weights, known)),)


def light_remainder(
    program: Program, weights: Mapping[str, Fraction], known: Iterable[frozenset[str]] = ()
) -> set[str]:
    """What stays once a set that is light, but perhaps not the lightest, is set aside.

    *known* are conflicts to begin with. Of what stays all can hold together.
    """
    everything, found = set(program.labels), list(known)
    aside = greedy_hitting(found, weights)
    while further := program.disjoint_conflicts(everything - aside):
        found += further
        aside = greedy_hitting(found, weights)
    by_weight = sorted(program.labels, key=lambda each: -weights[each])
    return program.grown(everything - aside, by_weight)
