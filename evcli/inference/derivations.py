"""Derivations from stated figures: formulas that people can follow, and the same in words.

A derivation is a tree of stated figures. Found are: a window from others of its series along the
month ends (so a month from two windows that start the year, a window from its months); a base from
a level and its growth, a part from its whole and share, and the other way round; a whole from the
parts of a partition, and what the other parts leave of it; all of these in turn.
"""

import heapq
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import count
from operator import itemgetter

from evcli.core import formula as evaluate
from evcli.core.formula import GROWTH, RATIO, SHARE, Formula, Leaf, Node, leaves
from evcli.grouping import grouped
from evcli.inference.family import Cell, Constraint, ConstraintKind, Family, Objective
from evcli.model.quantity import Bounds
from evcli.model.records import Series
from evcli.tuples import NamedTuple

DIVIDED = Formula("divided", operator.truediv, (+1, -1), "level / factor", (1,), 0)
TIMES = Formula("times", operator.mul, (+1, +1), "level * factor")
_ZERO = Fraction(0)

Tree = Leaf | Node
Restated = Callable[[int, int], Fraction]  # from one release to another, as a part of one

# where a part stands decides about its brackets
_FIRST, _FACTOR, _LATER = "first factor", "factor", "later term"
_DIMENSIONS = ("subject", "metric", "scope", "destination")


def added(terms: Sequence[tuple[int, Tree]]) -> Tree:
    """The sum of trees, each added (+1) or taken off (-1); of one only added that itself."""
    if [sign for sign, _ in terms] == [1]:
        return terms[0][1]
    signs, trees = zip(*terms, strict=True)

    def add(first: Fraction, *others: Fraction) -> Fraction:
        total = first if signs[0] > 0 else -first
        for sign, number in zip(signs[1:], others, strict=True):
            total = total + number if sign > 0 else total - number
        return total

    return Node(Formula("sum", add, signs, "sum"), trees)


def in_words(
    tree: Tree,
    constraints: Mapping[str, Constraint],
    series: Mapping[str, Series],
    wanted: Sequence[Cell] = (),
) -> str:
    """The formula of *tree* in words; *constraints* has the one behind each leaf.

    What a name has to tell apart are the cells that enter and those that were *wanted*: windows of
    one series go by their period, windows of one period by what they differ in.
    """
    entering = [constraints[leaf.id] for leaf in leaves(tree)]
    levels = [each.cell for each in entering if each.base is None]
    cells = list(dict.fromkeys((*levels, *wanted)))
    ids = list(dict.fromkeys(cell.series for cell in cells))
    apart = [name for name in _DIMENSIONS if len({getattr(series[each], name) for each in ids}) > 1]
    dated = len({cell.period for cell in cells}) > 1 or not apart

    def label(cell: Cell) -> str:
        words = [str(getattr(series[cell.series], name)) for name in apart]
        return " ".join([*words, *([str(cell.period)] if dated else [])])

    def text_of(part: Tree, place: str) -> str:
        if isinstance(part, Leaf):
            constraint = constraints[part.id]
            return label(constraint.cell) if constraint.base is None else _factor(constraint)
        first, *others = part.inputs
        match part.formula.name:
            case "sum":
                text = text_of(first, "sum")
                for sign, other in zip(part.formula.directions[1:], others, strict=True):
                    text += f" {'+' if sign > 0 else '-'} {text_of(other, _LATER)}"
            case "divided":
                text = f"{text_of(first, _FIRST)} / {text_of(others[0], _FACTOR)}"
            case "times":
                sides = [text_of(first, _FIRST), text_of(others[0], _FACTOR)]
                text = " x ".join(reversed(sides) if sides[1].endswith("%") else sides)
            case name:  # a quotient
                text = f"{text_of(first, _FACTOR)} / {text_of(others[0], _FACTOR)}"
                around = {GROWTH.name: f"({text} - 1) x 100", SHARE.name: f"{text} x 100"}
                return around.get(name, text)
        closed = place == _FACTOR or (place in (_FIRST, _LATER) and part.formula.name == "sum")
        return f"({text})" if closed else text

    return text_of(tree, "")


def _factor(constraint: Constraint) -> str:
    """A stated share or growth as the factor that it is: ``74 %``, ``(1 + 7.9 %)``."""
    growth = constraint.kind is not ConstraintKind.SHARE
    if constraint.value is not None:
        percent = (constraint.value - (1 if growth else 0)) * 100
        text = f"{float(abs(percent)):.6g} %"
        return f"(1 {'-' if percent < 0 else '+'} {text})" if growth else text
    ends = ["..." if end is None else f"{float(end):.12g}" for end in constraint.bounds]
    return f"({' to '.join(ends)})"


_DEEPEST = 3  # derived from derived from derived
_MOST = 6  # derivations of one objective

_Span = tuple[int, int]  # from month end to month end
_Ways = dict[int, list[tuple[int, int, int, Tree]]]  # to, sign, width, what lies between


class Derivation(NamedTuple):
    """One formula with its point value and bounds; ``formula`` is it in words.

    ``strict`` are the bounds if nothing was restated between its releases, ``months`` those of
    the releases, in order.
    """

    tree: Tree
    value: Fraction | None
    bounds: Bounds
    statements: tuple[str, ...]
    formula: str = ""
    strict: Bounds = Bounds()
    months: tuple[int, ...] = ()

    def order(self) -> tuple[int, Fraction, int]:
        """A key to sort by: the narrowest first, open ends last."""
        open_ends = (self.bounds.low is None) + (self.bounds.high is None)
        return open_ends, self.bounds.width or Fraction(0), len(self.statements)


class Derivations:
    """The derivations of one family; what one search finds, the next need not."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._constraints = {each.statement: each for each in family.constraints}
        self._stated: dict[Cell, Derivation] = {}
        self._ratios: dict[Cell, list[Constraint]] = {}
        self._mentioned: dict[str, dict[Cell, None]] = {}
        self._best: dict[tuple[Cell, int], Derivation | None] = {}
        self._ways, self._choices = cache(self._all_ways), cache(self._all_choices)
        for each in family.constraints:
            for cell in each.cells:
                self._mentioned.setdefault(cell.series, {})[cell] = None
                if each.base is not None:
                    self._ratios.setdefault(cell, []).append(each)
            if each.base is None:
                stated = _finished(Leaf(each.statement, each.value, each.bounds))
                rival = self._stated.get(each.cell, stated)
                self._stated[each.cell] = min(rival, stated, key=Derivation.order)

    def of(self, objective: Objective) -> list[Derivation]:
        """Derivations of *objective*, the narrowest first, each with its formula in words."""
        choices = [self._choices(cell) for cell in objective.cells]
        if not all(choices):
            return []
        best = [derivations[0] for derivations in choices]
        picks = [best]
        for at, derivations in enumerate(choices):
            picks += [[*best[:at], other, *best[at + 1 :]] for other in derivations[1:]]
        found = [
            _finished(_tree(objective, dict(zip(objective.cells, pick, strict=True))))
            for pick in picks[: 2 * _MOST]
        ]
        series = self._family.series
        return [
            each._replace(formula=in_words(each.tree, self._constraints, series, objective.cells))
            for each in _narrowest_first(found)
        ]

    def _all_choices(self, cell: Cell) -> list[Derivation]:
        along = self._along(cell, _DEEPEST, many=True)
        return _narrowest_first([*self._direct(cell, _DEEPEST), *along])

    def _narrowest(self, cell: Cell, depth: int) -> Derivation | None:
        if cell in self._stated or depth <= 0:
            return self._stated.get(cell)
        key = (cell, depth)
        if key not in self._best:
            self._best[key] = None  # on the way to itself it is unknown
            self._best[key] = _best((*self._direct(cell, depth), *self._along(cell, depth)))
        return self._best[key]

    def _direct(self, cell: Cell, depth: int) -> Iterator[Derivation]:
        """As stated, by growth or share, and by partition."""
        if cell in self._stated:
            yield self._stated[cell]
        if depth <= 0:
            return
        for ratio in self._ratios.get(cell, ()):
            factor = Leaf(ratio.statement, ratio.value, ratio.bounds)
            assert ratio.base is not None
            grows = cell == ratio.cell
            known = self._narrowest(ratio.base if grows else ratio.cell, depth - 1)
            formula = TIMES if grows else DIVIDED
            if known is not None and ratio.statement not in known.statements:
                yield _finished(Node(formula, (known.tree, factor)))
        for link in self._family.links:
            members = (link.whole, *link.parts)
            if not link.exact or cell.series not in members:
                continue
            others = [Cell(each, cell.period) for each in members if each != cell.series]
            found = [self._narrowest(each, depth - 1) for each in others]
            trees = [each.tree for each in found if each is not None]
            if len(trees) == len(others):  # the whole less the other parts, or all parts
                rest = -1 if link.whole != cell.series else 1
                yield _finished(added([(rest if at else 1, each) for at, each in enumerate(trees)]))

    def _along(self, cell: Cell, depth: int, *, many: bool = False) -> Iterator[Derivation]:
        """From month end to month end over windows that are known."""
        span = cell.period.month_span
        if span is None or cell.series not in self._family.flows:
            return
        ways = self._ways(cell.series, depth)
        path = _shortest(ways, *span)
        if path is None:
            return
        yield _finished(added(path))
        if many:
            for _, left_out in path[:_MOST]:
                other = _shortest(ways, *span, without=left_out)
                if other is not None:
                    yield _finished(added(other))

    def _all_ways(self, series: str, depth: int) -> _Ways:
        """Where each month end leads; edges may be walked both ways, against time with a minus."""
        edges: list[tuple[_Span, Fraction, Tree]] = []
        # stated, or may follow from a ratio or a partition
        candidates = dict(self._mentioned.get(series, {}))
        for link in self._family.links:
            members = (link.whole, *link.parts)
            if link.exact and series in members:
                cells = (cell for each in members for cell in self._mentioned.get(each, ()))
                candidates.update((Cell(series, cell.period), None) for cell in cells)
        for cell in candidates:
            span = cell.period.month_span
            if span is not None:
                known = self._stated.get(cell) or _best(self._direct(cell, depth - 1))
                if known is not None and known.bounds.width is not None:
                    edges.append((span, known.bounds.width, known.tree))
        unit = math.lcm(*(width.denominator for _, width, _ in edges))
        ways: _Ways = {}
        for (begin, end), width, tree in edges:
            length = width.numerator * (unit // width.denominator)  # whole numbers add up faster
            ways.setdefault(begin, []).append((end, 1, length, tree))
            ways.setdefault(end, []).append((begin, -1, length, tree))
        return ways


def _best(derivations: Iterable[Derivation]) -> Derivation | None:
    return min(derivations, key=Derivation.order, default=None)


def _narrowest_first(derivations: Iterable[Derivation]) -> list[Derivation]:
    """Those that rest on different statements, at most ``_MOST``."""
    found: dict[tuple[str, ...], Derivation] = {}
    for each in derivations:
        found.setdefault(tuple(sorted(each.statements)), each)
    return sorted(found.values(), key=Derivation.order)[:_MOST]


def _shortest(
    ways: _Ways, start: int, end: int, *, without: Tree | None = None
) -> list[tuple[int, Tree]] | None:
    """The path of least total width that is more than one edge from *start* to *end*."""
    best: dict[int, tuple[int, int]] = {start: (0, 0)}
    came: dict[int, tuple[int, int, Tree]] = {}
    waiting: list[tuple[int, int, int]] = [(0, 0, start)]
    while waiting:
        length, hops, at = heapq.heappop(waiting)
        if at == end:
            break
        if best[at] < (length, hops):
            continue
        for to, sign, width, between in ways.get(at, ()):
            reached = (length + width, hops + 1)
            if to in best and reached >= best[to]:
                continue
            if between is not without and (sign, at, to) != (1, start, end):
                best[to] = reached
                came[to] = (at, sign, between)
                heapq.heappush(waiting, (*reached, to))
    if end not in came:
        return None
    path: list[tuple[int, Tree]] = []
    while end != start:
        end, sign, between = came[end]
        path.insert(0, (sign, between))
    return sorted(path, key=lambda step: -step[0])


def _finished(tree: Tree) -> Derivation:
    statements = tuple(dict.fromkeys(leaf.id for leaf in leaves(tree)))
    bounds = evaluate.bounds(tree)
    return Derivation(tree, evaluate.value(tree), bounds, statements, strict=bounds)


def _tree(objective: Objective, known: Mapping[Cell, Derivation]) -> Tree:
    if any(abs(factor) != 1 for factor, _ in (*objective.over, *objective.under)):
        raise ValueError("a formula in words adds and subtracts whole windows only")
    sums = filter(None, (objective.over, objective.under))
    trees = (added([(int(factor), known[cell].tree) for factor, cell in sum_]) for sum_ in sums)
    over, *under = trees
    formula = GROWTH if objective.shift else SHARE if objective.scale != 1 else RATIO
    return Node(formula, (over, *under)) if under else over


def as_of(tree: Tree, months: Mapping[str, int], target: int, restated: Restated) -> Tree:
    """*tree* as the release of the month *target* has it; *months* has the release of each leaf.

    A quotient of two sums has each of them as of that release.

    >>> from evcli.model.vocabulary import Restatement
    >>> usual = Restatement("caam", within="0.2%")
    >>> half = Leaf("half", Fraction(620), Bounds(Fraction(615), Fraction(625)))
    >>> five = Leaf("five", Fraction(500), Bounds(Fraction(495), Fraction(505)))
    >>> def bounds_with(months):
    ...     june = added([(1, half), (-1, five)])
    ...     return evaluate.bounds(as_of(june, months, 24306, usual.between))
    >>> bounds_with({"half": 24306, "five": 24306})  # of one release
    Bounds(110, 130)
    >>> [float(end) for end in bounds_with({"half": 24306, "five": 24305})]  # five may have moved
    [108.99, 131.01]
    """
    names = count()

    def terms(part: Tree, sign: int) -> list[tuple[int, int, Tree]]:
        """The terms of a sum: release, sign and tree of each."""
        if isinstance(part, Leaf):
            return [(months[part.id], sign, part)]
        if part.formula.name == "sum":
            signs = zip(part.formula.directions, part.inputs, strict=True)
            return [each for own, inner in signs for each in terms(inner, sign * own)]
        level, factor = part.inputs  # by the release that states the growth or the share
        assert isinstance(factor, Leaf)
        release = months[factor.id]
        return [(release, sign, Node(part.formula, (brought(level, release), factor)))]

    def brought(part: Tree, to: int) -> Tree:
        sums: list[tuple[int, Tree]] = []
        for release, group in grouped(terms(part, 1), itemgetter(0)).items():
            together = added([(sign, term) for _, sign, term in group])
            sums += [(1, together)]
            if most := restated(release, to):
                low, high = evaluate.bounds(together)
                far = None if low is None or high is None else max(abs(low), abs(high)) * most
                moved = Bounds() if far is None else Bounds(-far, far)
                sums += [(1, Leaf(f"restated {next(names)}", _ZERO, moved))]
        return added(sums)

    if isinstance(tree, Node) and tree.formula.name not in ("sum", DIVIDED.name, TIMES.name):
        return Node(tree.formula, tuple(brought(each, target) for each in tree.inputs))
    return brought(tree, target)
