"""What cannot hold together in a family, and the least that must be set aside so the rest can.

Sets that cannot hold together and sets whose removal mends them hit each other: every one of the
first shares a statement with every one of the second. A smallest conflict is therefore a smallest
set that hits all corrections, and the lightest correction a lightest set that hits all conflicts;
both are found by asking the exact program about candidates until one stands.
"""

import functools
import heapq
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from evcli.grouping import tied
from evcli.inference.family import Family
from evcli.inference.system import FamilyProgram
from evcli.lp.program import Program
from evcli.lp.simplex import Proof

PROVED_UP_TO = 200  # statements a family; beyond, conflicts are irreducible and said so
_MOST_CORRECTIONS = 200
_MOST_ROUNDS = 60
_MOST_STEPS = 4_000  # of a search for hitting sets


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


Sets = Sequence[frozenset[str]]
_Branch = tuple[Fraction, int, frozenset[str], frozenset[str]]  # weight, age, chosen, banned


class TooMuch(Exception):
    """A search was given up: it would have cost too many steps."""


def smallest_hitting(sets: Sets, most: int) -> frozenset[str] | None:
    """A hitting set of least size; None where that is more than *most*. TooMuch if hard to say."""
    steps = 0

    def within(sets: Sets, size: int) -> frozenset[str] | None:
        nonlocal steps
        steps += 1
        if steps > _MOST_STEPS:
            raise TooMuch
        if not sets:
            return frozenset()
        if size == 0 or _disjoint(sets) > size:
            return None
        banned: set[str] = set()
        smallest = min(sets, key=len)
        for each in sorted(smallest):
            rest = [other - banned for other in sets if each not in other]
            if all(rest):
                found = within(rest, size - 1)
                if found is not None:
                    return found | {each}
            banned.add(each)
        return None

    found = (within(sets, size) for size in range(_disjoint(sets), most + 1))
    return next((each for each in found if each is not None), None)


def _disjoint(sets: Sets) -> int:
    """How many of *sets* share nothing: each needs an element of its own."""
    seen: set[str] = set()
    count = 0
    for each in sorted(sets, key=len):
        if seen.isdisjoint(each):
            seen |= each
            count += 1
    return count


def lightest_hitting(
    sets: Sets, weights: Mapping[str, Fraction], most: int = 16
) -> list[frozenset[str]]:
    """Up to *most* hitting sets of the least weight; one that is light where that costs too much.

    Sets that share no element are dealt with apart, so many small conflicts cost no more than one.
    """
    choices = itertools.product(*(_lightest(group, weights, most) for group in tied(sets, sorted)))
    return [frozenset().union(*each) for each in itertools.islice(choices, most)]


def _lightest(sets: Sets, weights: Mapping[str, Fraction], most: int) -> list[frozenset[str]]:
    """Uniform-cost search; what an earlier branch has taken, a later one must not take."""
    order = itertools.count()
    waiting: list[_Branch] = [(Fraction(0), next(order), frozenset(), frozenset())]
    found: list[frozenset[str]] = []
    least = Fraction(0)
    for _ in range(_MOST_STEPS):
        if not waiting or len(found) == most or (found and waiting[0][0] > least):
            return found
        weight, _, chosen, banned = heapq.heappop(waiting)
        open_sets = [each - banned for each in sets if chosen.isdisjoint(each)]
        if not open_sets:
            least = weight
            found.append(chosen)
            continue
        smallest = min(open_sets, key=len)
        for each in sorted(smallest):
            step = (weight + weights[each], next(order), chosen | {each}, banned)
            heapq.heappush(waiting, step)
            banned |= {each}
    return found or [greedy_hitting(sets, weights)]


def greedy_hitting(sets: Sets, weights: Mapping[str, Fraction]) -> frozenset[str]:
    """A hitting set that is light but perhaps not the lightest: the best bargain each time."""
    taken: set[str] = set()
    left = list(sets)
    while left:
        hits = Counter(each for one in left for each in sorted(one))
        best = max(sorted(hits), key=lambda each: hits[each] / weights[each])
        taken.add(best)
        left = [one for one in left if best not in one]
    return frozenset(taken)
