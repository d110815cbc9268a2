"""Derivations from stated figures, as formulas that people can follow, and in words.

Windows of one series go by their period, windows of one period by what they differ in.

A way is a tree of stated figures. Its bounds are evaluated at the corners of these, each once.
Ways found: a window from others of its series along the month ends (so a month from two windows
that start the year, a window from its months, the rest of a year); a base from a level and its
growth, and the other way round; a part from its whole and share, and the other way round; a whole
from the parts of a partition, and what the other parts leave of it; all of these in turn.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from evcli.core import formula as evaluate
from evcli.core.formula import GROWTH, RATIO, SHARE, Formula, Leaf, Node
from evcli.inference.family import Assertion, Cell, Family
from evcli.inference.objective import Objective, Sum
from evcli.lp.rows import ConstraintKind, fact_of
from evcli.model.quantity import Bounds
from evcli.model.records import Series

_FIRST, _FACTOR, _LATER = (
    "first factor",
    "factor",
    "later term",
)  # where a part stands decides about its brackets
_DIMENSIONS = ("subject", "metric", "scope", "destination")


def _divided(level: Fraction, factor: Fraction) -> Fraction:
    return level / factor


def _times(level: Fraction, factor: Fraction) -> Fraction:
    return level * factor


DIVIDED = Formula("divided", _divided, (+1, -1), "level / factor", ("level", "factor"), (1,), 0)
TIMES = Formula("times", _times, (+1, +1), "level * factor", ("level", "factor"))


def signed(signs: Sequence[int]) -> Formula:
    """The sum of numbers, each added (+1) or taken off (-1).

    >>> signed([1, -1]).function(Fraction(5), Fraction(2))
    Fraction(3, 1)
    """
    fixed = tuple(signs)

    def add(*numbers: Fraction) -> Fraction:
        pairs = zip(fixed, numbers, strict=True)
        return sum((sign * number for sign, number in pairs), Fraction(0))

    return Formula("sum", add, fixed, "sum", tuple(f"term{at}" for at in range(len(fixed))))


def worded(
    tree: Leaf | Node,
    said: Mapping[str, Assertion],
    series: Mapping[str, Series],
    asked: Sequence[Cell] = (),
) -> str:
    """The formula of *tree* in words; *said* gives the assertion behind each leaf.

    What a name has to tell apart are the windows that enter and those that were *asked* for.
    """
    windows = list(dict.fromkeys((*_windows(tree, said), *asked)))
    ids = list(dict.fromkeys(window.series for window in windows))
    differing = [
        name for name in _DIMENSIONS if len({getattr(series[each], name) for each in ids}) > 1
    ]
    dated = len({window.period for window in windows}) > 1 or not differing

    def label(window: Cell) -> str:
        words = [str(getattr(series[window.series], name)) for name in differing]
        return " ".join([*words, *([str(window.period)] if dated else [])])

    def told(part: Leaf | Node, above: str) -> str:
        if isinstance(part, Leaf):
            assertion = said[part.id]
            return label(assertion.window) if assertion.base is None else factor(assertion)
        first, *others = part.inputs
        match part.formula.name:
            case "sum":
                text = told(first, "sum")
                for sign, other in zip(part.formula.directions[1:], others, strict=True):
                    text += f" {'+' if sign > 0 else '-'} {told(other, _LATER)}"
                if part.formula.directions[0] < 0:
                    text = f"-{text}"
            case "divided":
                text = f"{told(first, _FIRST)} / {told(others[0], _FACTOR)}"
            case "times":
                sides = [told(first, _FIRST), told(others[0], _FACTOR)]
                text = " x ".join(reversed(sides) if sides[1].endswith("%") else sides)
            case GROWTH.name:
                return f"({told(first, _FACTOR)} / {told(others[0], _FACTOR)} - 1) x 100"
            case SHARE.name:
                return f"{told(first, _FACTOR)} / {told(others[0], _FACTOR)} x 100"
            case RATIO.name:
                return f"{told(first, _FACTOR)} / {told(others[0], _FACTOR)}"
            case name:
                raise ValueError(name)
        closed = above == _FACTOR or (above in (_FIRST, _LATER) and part.formula.name == "sum")
        return f"({text})" if closed else text

    return told(tree, "")


def factor(said: Assertion) -> str:
    """A stated share or growth as the factor that it is: ``74 %``, ``(1 + 7.9 %)``."""
    growth = said.kind is not ConstraintKind.SHARE
    if said.value is not None:
        percent = (said.value - (1 if growth else 0)) * 100
        text = f"{float(abs(percent)):.12g} %"
        return f"(1 {'-' if percent < 0 else '+'} {text})" if growth else text
    ends = [
        "..." if end is None else f"{float(end):.12g}"
        for end in (said.bounds.low, said.bounds.high)
    ]
    return f"({' to '.join(ends)})"


def _windows(tree: Leaf | Node, said: Mapping[str, Assertion]) -> list[Cell]:
    if isinstance(tree, Node):
        return [window for part in tree.inputs for window in _windows(part, said)]
    assertion = said[tree.id]
    return [assertion.window] if assertion.base is None else []


_DEEPEST = 3  # derived from derived from derived
_MOST_WAYS = 6

_Edge = tuple[int, int, "Derivation"]  # from month end, to month end, what lies between


class Derivation(NamedTuple):
    """One formula with its point value and bounds."""

    tree: Leaf | Node
    value: Fraction | None
    bounds: Bounds
    statements: tuple[str, ...]
    formula: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts it rests on."""
        return tuple(dict.fromkeys(map(fact_of, self.statements)))

    @property
    def _order(self) -> tuple[int, Fraction, int]:
        open_ends = (self.bounds.low is None) + (self.bounds.high is None)
        return open_ends, self.bounds.width or Fraction(0), len(self.statements)


def find_derivations(family: Family, target: Objective) -> list[Derivation]:
    """The ways to *target*, the one with the narrowest bounds first; empty where there is none."""
    return Derivations(family).to(target)


class Derivations:
    """The ways of one family; what one search finds, the next need not."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._said: dict[str, Assertion] = {}
        self._stated: dict[Cell, Derivation] = {}
        self._ratios: dict[Cell, list[Assertion]] = {}
        self._mentioned: dict[str, dict[Cell, None]] = {}
        self._best: dict[tuple[Cell, int], Derivation | None] = {}
        self._edges_known: dict[tuple[str, int], list[_Edge]] = {}
        for said in family.assertions:
            self._said[said.statement] = said
            self._mentioned.setdefault(said.window.series, {})[said.window] = None
            if said.base is not None:
                self._ratios.setdefault(said.window, []).append(said)
                self._ratios.setdefault(said.base, []).append(said)
                self._mentioned.setdefault(said.base.series, {})[said.base] = None
                continue
            leaf = Leaf(said.statement, said.value, said.bounds)
            way = Derivation(leaf, said.value, said.bounds, (said.statement,))
            rival = self._stated.get(said.window)
            if rival is None or way._order < rival._order:
                self._stated[said.window] = way

    def to(self, target: Objective) -> list[Derivation]:
        """The ways to *target*, the narrowest first, each with its formula in words."""
        choices = [self._several(window) for window in target.windows]
        if not all(choices):
            return []
        best = [ways[0] for ways in choices]
        picks = [best]
        for at, ways in enumerate(choices):
            picks += [[*best[:at], other, *best[at + 1 :]] for other in ways[1:]]
        found: dict[tuple[str, ...], Derivation] = {}
        for pick in picks[: 2 * _MOST_WAYS]:
            by_window = dict(zip(target.windows, pick, strict=True))
            way = _finished(_tree(target, by_window))
            words = worded(way.tree, self._said, self._family.series, target.windows)
            way = Derivation(way.tree, way.value, way.bounds, way.statements, words)
            found.setdefault(tuple(sorted(way.statements)), way)
        return sorted(found.values(), key=lambda way: way._order)[:_MOST_WAYS]

    def _several(self, window: Cell) -> list[Derivation]:
        found: dict[tuple[str, ...], Derivation] = {}
        for way in (*self._direct(window, _DEEPEST), *self._along(window, _DEEPEST, many=True)):
            found.setdefault(tuple(sorted(way.statements)), way)
        return sorted(found.values(), key=lambda way: way._order)[:_MOST_WAYS]

    def _narrowest(self, window: Cell, depth: int) -> Derivation | None:
        if window in self._stated or depth <= 0:
            return self._stated.get(window)
        key = (window, depth)
        if key not in self._best:
            self._best[key] = None  # on the way to itself it is unknown
            every = (*self._direct(window, depth), *self._along(window, depth))
            self._best[key] = min(every, key=lambda way: way._order, default=None)
        return self._best[key]

    def _direct(self, window: Cell, depth: int) -> Iterator[Derivation]:
        if window in self._stated:
            yield self._stated[window]
        if depth <= 0:
            return
        for said in self._ratios.get(window, ()):
            factor = Leaf(said.statement, said.value, said.bounds)
            assert said.base is not None
            if window == said.window:
                known, formula = self._narrowest(said.base, depth - 1), TIMES
            else:
                known, formula = self._narrowest(said.window, depth - 1), DIVIDED
            if known is not None and said.statement not in known.statements:
                yield _finished(Node(formula, (known.tree, factor)))
        for link in self._family.links:
            if not link.exact or window.series not in (link.whole, *link.parts):
                continue
            others = [each for each in (link.whole, *link.parts) if each != window.series]
            ways = [
                self._narrowest(Cell(each, window.period, window.vintage), depth - 1)
                for each in others
            ]
            known_ways = [way for way in ways if way is not None]
            if len(known_ways) == len(others):
                rest = -1 if link.whole != window.series else 1
                signs = [1, *([rest] * (len(others) - 1))]
                yield _finished(Node(signed(signs), tuple(way.tree for way in known_ways)))

    def _along(self, window: Cell, depth: int, *, many: bool = False) -> Iterator[Derivation]:
        """From month end to month end over windows that are known."""
        span = window.period.month_span
        if span is None or window.series not in self._family.flows:
            return
        edges = self._edges(window, depth)
        edges = [edge for edge in edges if edge[:2] != span]
        path = _shortest(edges, *span)
        if path is None:
            return
        yield _sum_of(path)
        if many:
            for left_out in path[:_MOST_WAYS]:
                rest = [edge for edge in edges if edge[2] is not left_out[1]]
                other = _shortest(rest, *span)
                if other is not None:
                    yield _sum_of(other)

    def _edges(self, window: Cell, depth: int) -> list[_Edge]:
        key = (window.series, depth)
        if key not in self._edges_known:
            self._edges_known[key] = []  # on the way to themselves they are unknown
            self._edges_known[key] = list(self._known_edges(window, depth))
        return self._edges_known[key]

    def _known_edges(self, window: Cell, depth: int) -> Iterator[_Edge]:
        for other in self._candidates(window.series):
            span = other.period.month_span
            if span is None or other.vintage != window.vintage:
                continue
            ways = [self._stated[other]] if other in self._stated else []
            if not ways:
                ways = sorted(self._direct(other, depth - 1), key=lambda way: way._order)
            if ways and ways[0].bounds.width is not None:
                yield (*span, ways[0])

    def _candidates(self, series: str) -> Iterable[Cell]:
        """Windows of the series that are stated, or may follow from a ratio or a partition."""
        found = dict(self._mentioned.get(series, {}))
        for link in self._family.links:
            if link.exact and series in (link.whole, *link.parts):
                for other in (link.whole, *link.parts):
                    for window in self._mentioned.get(other, ()):
                        found[Cell(series, window.period, window.vintage)] = None
        return found


def _shortest(edges: Sequence[_Edge], start: int, end: int) -> list[tuple[int, Derivation]] | None:
    """The path of least total width; edges may be walked both ways, against time with a minus."""
    following: dict[int, list[tuple[int, int, Derivation]]] = {}
    for begin, finish, way in edges:
        following.setdefault(begin, []).append((finish, 1, way))
        following.setdefault(finish, []).append((begin, -1, way))
    best: dict[int, tuple[Fraction, int]] = {start: (Fraction(0), 0)}
    came: dict[int, tuple[int, int, Derivation]] = {}
    waiting: list[tuple[Fraction, int, int]] = [(Fraction(0), 0, start)]
    while waiting:
        length, hops, at = heapq.heappop(waiting)
        if at == end:
            break
        if best[at] < (length, hops):
            continue
        for to, sign, way in following.get(at, ()):
            reached = (length + (way.bounds.width or 0), hops + 1)
            if to not in best or reached < best[to]:
                best[to] = reached
                came[to] = (at, sign, way)
                heapq.heappush(waiting, (*reached, to))
    if end not in came:
        return None
    path: list[tuple[int, Derivation]] = []
    while end != start:
        end, sign, way = came[end]
        path.append((sign, way))
    path.reverse()
    path.sort(key=lambda step: -step[0])
    return path


def _sum_of(path: Sequence[tuple[int, Derivation]]) -> Derivation:
    if len(path) == 1 and path[0][0] == 1:
        return path[0][1]
    return _finished(Node(signed([sign for sign, _ in path]), tuple(way.tree for _, way in path)))


def _finished(tree: Leaf | Node) -> Derivation:
    statements = tuple(dict.fromkeys(_leaf_ids(tree)))
    return Derivation(tree, evaluate.value(tree), evaluate.bounds(tree), statements)


def _leaf_ids(tree: Leaf | Node) -> Iterator[str]:
    if isinstance(tree, Leaf):
        yield tree.id
    else:
        for part in tree.inputs:
            yield from _leaf_ids(part)


def _tree(target: Objective, ways: dict[Cell, Derivation]) -> Leaf | Node:
    over = _sum_tree(target.over, ways)
    if not target.under:
        return over
    formula = GROWTH if target.shift else SHARE if target.scale != 1 else RATIO
    return Node(formula, (over, _sum_tree(target.under, ways)))


def _sum_tree(sum_: Sum, ways: dict[Cell, Derivation]) -> Leaf | Node:
    if any(abs(factor) != 1 for factor, _ in sum_):
        raise ValueError("a formula in words adds and subtracts whole windows only")
    if len(sum_) == 1 and sum_[0][0] == 1:
        return ways[sum_[0][1]].tree
    signs = [1 if factor > 0 else -1 for factor, _ in sum_]
    return Node(signed(signs), tuple(ways[window].tree for _, window in sum_))
