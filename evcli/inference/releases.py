"""Releases: what is stated binds the values as of the release that states it.

Between two releases of a publisher a window may move by its *usual restatement*. A release is
known by its month, the last that it counts. In a derivation the terms of one release stand
together, as they were counted together; what they come to is then brought to the release that is
asked about: a restatement is one more number, within bounds.

>>> from evcli.model.vocabulary import Restatement
>>> usual = Restatement("caam", within="0.2%")
>>> half = Leaf("half", Fraction(620), Bounds(Fraction(615), Fraction(625)))
>>> five = Leaf("five", Fraction(500), Bounds(Fraction(495), Fraction(505)))
>>> june = Node(signed([1, -1]), (half, five))
>>> def bounds_with(months):
...     return evaluate.bounds(as_of(june, months, 24306, usual.between))
>>> bounds_with({"half": 24306, "five": 24306})  # of one release
Bounds(110, 130)
>>> [float(end) for end in bounds_with({"half": 24306, "five": 24305})]  # five may have moved
[108.99, 131.01]
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import count
from operator import itemgetter

from evcli.core import formula as evaluate
from evcli.core.formula import Formula, Leaf, Node
from evcli.grouping import grouped
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Fact, Status

DIVIDED = Formula("divided", operator.truediv, (+1, -1), "level / factor", (1,), 0)
TIMES = Formula("times", operator.mul, (+1, +1), "level * factor")
_ZERO = Fraction(0)

Tree = Leaf | Node
Restated = Callable[[int, int], Fraction]  # from one release to another, as a part of one


def signed(signs: Sequence[int]) -> Formula:
    """The sum of numbers, each added (+1) or taken off (-1).

    >>> signed([1, -1]).function(Fraction(5), Fraction(2))
    Fraction(3, 1)
    """
    fixed = tuple(signs)

    def add(*numbers: Fraction) -> Fraction:
        pairs = zip(fixed, numbers, strict=True)
        return sum((sign * number for sign, number in pairs), _ZERO)

    return Formula("sum", add, fixed, "sum")


def added(terms: Sequence[tuple[int, Tree]]) -> Tree:
    """The sum of trees, each with its sign; one that is only added is that sum itself."""
    signs, trees = zip(*terms, strict=True)
    return trees[0] if signs == (1,) else Node(signed(signs), trees)


def release_months(facts: Iterable[Fact]) -> dict[str, int]:
    """The month of each release, by origin: the last that it counts, whatever it plans."""
    months: dict[str, int] = {}
    for fact in facts:
        counted = 0 if fact.status is Status.FORECAST else last_month(fact.period)
        months[fact.origin] = max(months.get(fact.origin, 0), counted)
    return months


def last_month(period: Period) -> int:
    """The month in which a period ends, counted from the year 0; 0 for one that is undated.

    >>> from evcli.model.period import parse_period
    >>> last_month(parse_period("2025-H1")) == 12 * 2025 + 6
    True
    """
    if period.end is None:
        return 0
    last = period.end - timedelta(days=1)  # the end is the day after
    return last.year * 12 + last.month


def as_of(tree: Tree, months: Mapping[str, int], target: int, restated: Restated) -> Tree:
    """*tree* as the release of the month *target* has it; *months* has the release of each leaf.

    A quotient of two sums has each of them as of that release.
    """
    names = count()

    def brought(part: Tree, to: int) -> Tree:
        terms: list[tuple[int, Tree]] = []
        for release, group in grouped(_terms(part, months, 1, brought), itemgetter(0)).items():
            together = added([(sign, term) for _, sign, term in group])
            terms += [(1, together)]
            if most := restated(release, to):
                low, high = evaluate.bounds(together)
                far = None if low is None or high is None else max(abs(low), abs(high)) * most
                moved = Bounds() if far is None else Bounds(-far, far)
                terms += [(1, Leaf(f"restated {next(names)}", _ZERO, moved))]
        return added(terms)

    if isinstance(tree, Node) and tree.formula.name not in ("sum", DIVIDED.name, TIMES.name):
        return Node(tree.formula, tuple(brought(each, target) for each in tree.inputs))
    return brought(tree, target)


def _terms(
    tree: Tree, months: Mapping[str, int], sign: int, brought: Callable[[Tree, int], Tree]
) -> list[tuple[int, int, Tree]]:
    """The terms of a sum: release, sign and tree of each."""
    if isinstance(tree, Leaf):
        return [(months[tree.id], sign, tree)]
    if tree.formula.name == "sum":
        signs = zip(tree.formula.directions, tree.inputs, strict=True)
        return [each for own, part in signs for each in _terms(part, months, sign * own, brought)]
    level, factor = tree.inputs  # by the release that states the growth or the share
    assert isinstance(factor, Leaf)
    release = months[factor.id]
    return [(release, sign, Node(tree.formula, (brought(level, release), factor)))]
