"""Hitting sets: sets that share an element with each set of a collection.

>>> sorted(smallest_hitting([frozenset("ab"), frozenset("bc")], most=2) or ())
['b']
>>> one = Fraction(1)
>>> sorted(map(sorted, lightest_hitting([frozenset("ab")], {"a": one, "b": one})))
[['a'], ['b']]
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from evcli.grouping import tied

_MOST_STEPS = 4_000

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
