"""What to derive from where not all that is stated can hold, because releases restate the past.

A way that rests on one release assumes nothing. A way over several releases assumes that nothing
was restated between them. Where two ways exclude each other and one assumes less, that one stands;
where neither does, the figure is disputed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from evcli.core.closure.bounds import Answer, Disputed, Infeasible, Negative, solved
from evcli.core.closure.oracle import Oracle
from evcli.core.closure.system import Family, Window
from evcli.core.closure.target import Target
from evcli.core.closure.ways import Way


def by_fewest_releases(
    family: Family,
    target: Target,
    ways: Sequence[Way],
    releases: Mapping[str, Collection[str]],
) -> Answer:
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
    oracle = Oracle(left, target.windows)
    if oracle.conflict() is not None:  # the way contradicts itself
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
            for each in left for release in releases[each]
        }  # fmt: skip
        left -= max(covered.values(), key=len, default=left)
        count += 1
    return count


def _holds(family: Family) -> bool:
    return Oracle(family).conflict() is None


def around(family: Family, windows: Collection[Window], years: int) -> Family:
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


def _touches(window: Window, first: int, last: int) -> bool:
    span = window.period.month_span
    return span is None or (span[1] > first and span[0] < last)
