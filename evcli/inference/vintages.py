"""What to derive from where not all that is stated can hold, because releases restate the past.

A way that rests on one release assumes nothing. A way over several releases assumes that nothing
was restated between them. Where two ways exclude each other and one assumes less, that one stands;
where neither does, the figure is disputed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from evcli.inference.bounds import (
    Disputed,
    Infeasible,
    Inference,
    Inferred,
    Negative,
    solved,
    tight_bounds,
)
from evcli.inference.derivations import Derivation, Derivations
from evcli.inference.family import Assertion, Cell, Family
from evcli.inference.feasibility import Feasibility
from evcli.inference.objective import Objective

_MANY = 150  # statements in a family; of more, only what is said of the years around counts
_YEARS = 1


class _Near(NamedTuple):
    """Statements near a window: whether they can hold together, and the ways through them."""

    family: Family
    holds: bool
    ways: Derivations
    releases: Mapping[str, frozenset[str]]  # of a statement: the releases that say so


class Inferences:
    """What follows from one family, whatever is asked; what one answer finds, the next need not.

    *origin* names the release that a statement comes from.
    """

    def __init__(self, family: Family, origin: Callable[[str], str]) -> None:
        self.family = family
        self._origin = origin
        self._known: dict[tuple[str, ...], _Near] = {}

    def to(self, target: Objective) -> Inference:
        """The tightest bounds; where not all can hold, those of the ways that assume the least."""
        near = self._near(target)
        if near.holds:
            return tight_bounds(near.family, target)
        return by_fewest_releases(near.family, target, near.ways.to(target), near.releases)

    def follow(self, target: Objective) -> bool:
        """Whether some way leads to *target*, undisputed."""
        near = self._near(target)
        ways = near.ways.to(target)
        if near.holds or not ways:
            return bool(ways)
        answer = by_fewest_releases(near.family, target, ways, near.releases)
        return isinstance(answer, Inferred)

    def _near(self, target: Objective) -> _Near:
        family = self.family
        if len(family.statements) > _MANY:
            family = around(family, target.windows, _YEARS)
        key = family.statements
        if key not in self._known:
            holds = _holds(family)
            self._known[key] = _Near(family, holds, Derivations(family), self._releases(family))
        return self._known[key]

    def _releases(self, family: Family) -> dict[str, frozenset[str]]:
        """For each statement the releases that say the same of the same window."""
        saying: dict[Cell, list[tuple[Assertion, str]]] = {}
        for each in family.assertions:
            saying.setdefault(each.window, []).append((each, self._origin(each.statement)))
        return {
            each.statement: frozenset(
                origin
                for other, origin in saying[each.window]
                if (other.kind, other.base) == (each.kind, each.base)
                and other.bounds.intersect(each.bounds) is not None
            )
            for each in family.assertions
        }


def by_fewest_releases(
    family: Family,
    target: Objective,
    ways: Sequence[Derivation],
    releases: Mapping[str, Collection[str]],
) -> Inference:
    """The answer from the *ways* to *target* that assume the least.

    *releases* names, for each statement, the releases that say so.
    """
    if not ways:
        return Infeasible(target, (), ())
    assumed = {way: fewest_releases(way.statements, releases) for way in ways}
    first, *others = sorted(ways, key=lambda way: assumed[way])  # else the narrowest first
    if not target.under and first.bounds.high is not None and first.bounds.high < 0:
        return Negative(target, first.bounds, first.statements, first.formula)
    kept, usable = set(first.statements), [first]
    for way in others:
        together = kept.union(way.statements)
        if first.bounds.intersect(way.bounds) is not None and _holds(family.only(together)):
            kept = together
            usable.append(way)
        elif assumed[way] <= assumed[first]:
            return Disputed(target, first, way, tuple(ways))
    left = family.only(kept)
    oracle = Feasibility(left, target.windows)
    if oracle.conflict(exactly=True) is not None:  # the way contradicts itself
        return Infeasible(target, tuple(kept), ())
    return solved(left, target, oracle, usable)


def fewest_releases(statements: Collection[str], releases: Mapping[str, Collection[str]]) -> int:
    """With how few releases all *statements* are covered, each taken where it covers most.

    >>> fewest_releases(["a", "b"], {"a": {"june"}, "b": {"june", "july"}})
    1
    """
    left = set(statements)
    count = 0
    while left:
        covered = {
            release: {each for each in left if release in releases[each]}
            for each in left
            for release in releases[each]
        }
        left -= max(covered.values(), key=len, default=left)
        count += 1
    return count


def _holds(family: Family) -> bool:
    return Feasibility(family).conflict() is None


def around(family: Family, windows: Collection[Cell], years: int) -> Family:
    """What *family* says of the years of *windows* and so many before and after.

    Bounds from fewer statements are never too narrow; what is said of other years hardly ever
    makes them narrower.
    """
    spans = [span for each in windows if (span := each.period.month_span) is not None]
    if not spans:
        return family
    first = min(begin for begin, _ in spans) // 12 * 12 - 12 * years
    last = -(-max(end for _, end in spans) // 12) * 12 + 12 * years
    near = {
        each.statement
        for each in family.assertions
        for window in (each.window, each.base)
        if window is not None and _touches(window, first, last)
    }
    return family.only(near)


def _touches(window: Cell, first: int, last: int) -> bool:
    span = window.period.month_span
    return span is None or (span[1] > first and span[0] < last)
