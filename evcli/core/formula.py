"""Every formula, written once, its bounds at the corners of its facts, and the figures it gives.

A formula is a plain branch-free function of numbers together with the direction in which it
moves with each argument, as long as no argument is negative. The same function runs on exact
fractions for one figure and on dataframe columns for a million.

>>> from fractions import Fraction as F
>>> GROWTH.function(F(15), F(41)), GROWTH.directions
(Fraction(-2600, 41), (1, -1))

Node-by-node interval arithmetic forgets that one fact may enter twice and gives bounds that
are too wide. Here every leaf is set to one of its ends for the whole tree at once. That is
exact for formulas that are monotone in each leaf while the others stand still, which sums,
differences, and quotients of these are.

>>> a, b = Leaf("a", F(10), Bounds(F(9), F(11))), Leaf("b", F(4), Bounds(F(3), F(5)))
>>> rest_share = Node(SHARE, (Node(DIFFERENCE, (a, b)), a))  # a enters twice
>>> [round(float(end), 1) for end in (bounds(rest_share).low, bounds(rest_share).high)]
[44.4, 72.7]
"""

import itertools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from evcli.core.resolve import NO_VALUE, growths_stated, stated_in_words
from evcli.model.figure import BY_BOTH, BY_INFERENCE, BY_PARTS, Derived, Figure, Missing
from evcli.model.note import Note, NoteKind, in_one_line, without_repeats
from evcli.model.period import Period
from evcli.model.quantity import MIDPOINT, Bounds, Quantity, computed, narrowed
from evcli.model.vocabulary import Unit
from evcli.text.numbers import fixed, rounded
from evcli.tuples import NamedTuple

PERCENT = "percent"
_NEAR = 4  # what is nearly a number lacks no more than a quarter of it
NO_BASE = "the base is not above zero: no growth"


class Formula(NamedTuple):
    """A named function of numbers; ``text`` says it in its arguments' names.

    ``directions`` holds +1 where the result rises with an argument and -1 where it falls, the last
    for all that follow. ``denominators`` are the arguments that must be above zero; ``numerator``
    is the argument whose sign decides how the result moves with them.
    """

    name: str
    function: Callable[..., Any]
    directions: tuple[int, ...]
    text: str
    denominators: tuple[int, ...] = ()
    numerator: int | None = None

    def direction(self, position: int) -> int:
        """+1 or -1: how the result moves with the argument at *position*."""
        return self.directions[min(position, len(self.directions) - 1)]


def _proportion(part: Any, rest: Any) -> Any:
    # not share(part, part + rest): each argument stands once, so the bounds stay tight
    return (1 - rest / (part + rest)) * 100


GROWTH = Formula(
    "growth", lambda new, base: (new / base - 1) * 100, (+1, -1), "(new / base - 1) * 100", (1,), 0
)
SHARE = Formula("share", lambda part, of: part / of * 100, (+1, -1), "part / whole * 100", (1,), 0)
PROPORTION = Formula("proportion", _proportion, (+1, -1), "part / (part + rest) * 100", (0,))
RATIO = Formula("ratio", operator.truediv, (+1, -1), "first / second", (1,), 0)
DIFFERENCE = Formula("difference", operator.sub, (+1, -1), "first - second")
TOTAL = Formula("total", lambda first, *more: sum(more, first), (+1,), "sum of parts")

FORMULAS = {f.name: f for f in (GROWTH, SHARE, PROPORTION, RATIO, DIFFERENCE, TOTAL)}
_MOST_MIXED = 12  # leaves that enter in both directions; beyond, 2**n corners cost too much


class Leaf(NamedTuple):
    """A stated number: the same ``id`` is the same unknown wherever it enters."""

    id: str
    value: Fraction | None
    bounds: Bounds


class Node(NamedTuple):
    """A formula applied to leaves or further nodes."""

    formula: Formula
    inputs: "tuple[Leaf | Node, ...]"


def value(tree: Leaf | Node) -> Fraction | None:
    """The result at the stated values; None where one is missing or a denominator is not > 0."""
    return _at(tree, {leaf.id: leaf.value for leaf in leaves(tree)})


def bounds(tree: Leaf | Node) -> Bounds:
    """The tightest interval that holds every result the leaves' bounds allow; ends may be open."""
    if isinstance(tree, Leaf):
        return tree.bounds
    met: dict[str, set[int]] = {}  # the directions in which each leaf enters
    for id, direction in _directions(tree):
        met.setdefault(id, set()).update((direction,) if direction else (-1, +1))
    if sum(len(ways) > 1 for ways in met.values()) > _MOST_MIXED:
        # wider, but still true: from the bounds of its inputs, as if they shared no leaf
        inputs = (Leaf(str(at), None, bounds(each)) for at, each in enumerate(tree.inputs))
        return bounds(Node(tree.formula, tuple(inputs)))
    known = {leaf.id: leaf.bounds for leaf in leaves(tree)}

    def extreme(want: int) -> Fraction | None:
        both = ((id, pair, want in met[id]) for id, pair in known.items())
        ends = {id: pair if len(met[id]) > 1 else (pair[upper],) for id, pair, upper in both}
        results = []
        for corner in itertools.product(*ends.values()):
            if (result := _at(tree, dict(zip(ends, corner, strict=True)))) is None:
                return None
            results.append(result)
        return max(results) if want > 0 else min(results)

    return Bounds(extreme(-1), extreme(+1))


def _at(tree: Leaf | Node, numbers: Mapping[str, Fraction | None]) -> Fraction | None:
    """The result where each leaf is the number under its id; None as ``value`` is."""
    if isinstance(tree, Leaf):
        return numbers[tree.id]
    arguments: list[Fraction] = []
    for each in tree.inputs:
        if (argument := _at(each, numbers)) is None:
            return None
        arguments.append(argument)
    if any(arguments[position] <= 0 for position in tree.formula.denominators):
        return None
    result: Fraction = tree.formula.function(*arguments)
    return result


def leaves(tree: Leaf | Node) -> Iterator[Leaf]:
    """Every leaf, in order, as often as it enters."""
    if isinstance(tree, Leaf):
        yield tree
    else:
        for each in tree.inputs:
            yield from leaves(each)


def _directions(tree: Leaf | Node, sign: int = 1) -> Iterator[tuple[str, int]]:
    """How the whole moves with each occurrence of each leaf; 0 where the sign may change."""
    if isinstance(tree, Leaf):
        yield tree.id, sign
        return
    formula = tree.formula
    for position, each in enumerate(tree.inputs):
        direction = formula.direction(position)
        if position in formula.denominators and formula.numerator is not None:
            numerator = bounds(tree.inputs[formula.numerator])
            sure = numerator.low if numerator.low is not None else numerator.high
            if sure is not None and sure < 0:
                direction = 0
        yield from _directions(each, sign * direction)


def derive(
    formula: Formula,
    inputs: Sequence[Figure],
    *,
    unit: str,
    period: Period | None = None,
    notes: Sequence[Note] = (),
) -> Figure:
    """Apply *formula* to *inputs*, of whose first the series and period are.

    The value is None where an input has none or a denominator is not above zero, which ``missing``
    and the notes say, and where an end of the bounds is open, which the qualifier says.
    """
    tree = Node(formula, tuple(map(tree_of, inputs)))
    result = computed(value(tree), bounds(tree), unit)
    reasons = without_repeats(_reasons(formula, inputs))
    rivals = [each for each in inputs if each.disputed]
    disputes = [note for each in rivals for note in each.notes if note.kind is NoteKind.DISPUTE]
    ids = tuple(each.id for each in inputs)
    if result.bounds == Bounds() and not reasons:
        reasons = (Note(NoteKind.MISSING, "open ends on both sides: nothing is known", ids),)
    series, period = inputs[0].series, period or inputs[0].period
    lineage = Derived(formula.name, tuple(inputs), formula.text)
    level = (result.value, result.bounds, lineage, unit, result.qualifier)
    told = without_repeats((*reasons, *notes, *disputes))
    why = Missing(in_one_line(reasons)) if reasons else None
    id_ = f"{formula.name}:{','.join(ids)}"
    return Figure(id_, series, period, *level, notes=told, disputed=bool(rivals), missing=why)


def tree_of(figure: Figure) -> Leaf | Node:
    """The figure's lineage as something :func:`value` and :func:`bounds` can work on."""
    if isinstance(figure.lineage, Derived) and figure.lineage.formula in FORMULAS:
        inputs = tuple(tree_of(each) for each in figure.lineage.inputs)
        return Node(FORMULAS[figure.lineage.formula], inputs)
    return Leaf(figure.id, figure.value, figure.bounds)


def with_growth(figure: Figure, base: Figure, restated: Fraction = Fraction(0)) -> Figure:
    """*figure* with its closest growth on *base*, the same window a year before.

    That is what is stated or follows from both levels. Where the two exclude each other the stated
    one stays, of several one that the levels allow: whoever counts measures growth on the base as
    it stands by then, and levels of two releases do not show what was restated in between. The
    figure is marked, and a note has both.

    *restated* is the part of a base that its counter usually restates within the year: it is
    allowed for unless one document states both. A base that was inferred has it in its bounds.
    """
    # for every row of a table: the numbers alone, no figure of the growth
    origins = {fact.origin for fact in figure.facts()}
    inferred = isinstance(base.lineage, Derived) and base.lineage.formula == BY_INFERENCE
    if inferred or any(fact.origin in origins for fact in base.facts()):
        restated = Fraction(0)
    tree = Node(GROWTH, (tree_of(figure), tree_of(base)))
    strict = computed(value(tree), bounds(tree), PERCENT)
    levels = strict._replace(bounds=_on_restated(strict.bounds, restated))
    yoy = agreed(figure.yoy, levels) if figure.yoy else levels
    if figure.yoy and yoy and (closest := agreed(figure.yoy, strict)):
        yoy = closest._replace(bounds=yoy.bounds)  # the bounds widen, the number stays
    if levels.bounds == Bounds() or (yoy is not None and yoy == figure.yoy):
        return figure
    changes = growths_stated(figure) if figure.yoy else []
    kind, text = NoteKind.GROWTH, f"growth computed from {base.id}"
    if yoy is None:
        told = stated_in_words(each for each in changes if agreed(each.quantity, levels) is None)
        number = next(each for each in (levels.value, *levels.bounds) if each is not None)
        by_levels = f"{levels.qualifier} {fixed(number, 2, signed=True)} %".lstrip()
        text = f"growth stated as {told} and {by_levels} by the levels exclude each other"
        yoy = next(filter(None, (agreed(each.quantity, levels) for each in changes)), figure.yoy)
        kind = NoteKind.CONFLICT
    elif changes:
        text += f"; stated: {stated_in_words(changes)}"
    note = Note(kind, text, (base.id, *dict.fromkeys(each.source for each in changes)))
    conflict, notes = kind is NoteKind.CONFLICT, (*figure.notes, note)
    basis = "stated" if conflict else BY_BOTH if figure.yoy else "derived"
    return figure._replace(yoy=yoy, yoy_basis=basis, notes=notes, conflict=conflict)


def _on_restated(growth: Bounds, part: Fraction) -> Bounds:
    """The bounds of growth in percent where the base may lie so much higher or lower.

    >>> _on_restated(Bounds(Fraction(20), Fraction(20)), Fraction(1, 5))
    Bounds(0, 50)
    """
    bases = (1 + part, 1 - part)
    low, high = ([] if end is None else [(end + 100) / by - 100 for by in bases] for end in growth)
    return Bounds(min(low, default=None), max(high, default=None))


def agreed(stated: Quantity, levels: Quantity) -> Quantity | None:
    """What a stated growth and one by levels both allow; None where they exclude each other.

    What is nearly a number must come close to it: a fall by a third is not nearly a half.
    """
    bounds = stated.bounds.intersect(levels.bounds)
    if bounds is None:
        return None
    if stated.qualifier and stated.value is not None and stated.bounds.width is None:
        near = Bounds.around(stated.value, abs(stated.value) / _NEAR)
        if levels.bounds.intersect(near) is None:
            from evcli.text.lexicon import CLOSE, in_english  # few growths come to this

            if in_english(stated.qualifier) in CLOSE:
                return None
    return narrowed(bounds, (stated, levels))


def within(stated: Figure, derived: Figure) -> Figure:
    """A stated figure within what follows from other facts, where that is closer.

    Its lineage has both figures. A value that is stated stays where it lies inside, else that of
    the formula does; else it is the middle, with the digits that the bounds support.
    """
    bounds = stated.bounds.intersect(derived.bounds)
    if bounds is None or bounds == stated.bounds:
        return stated
    words = ", ".join(f"{fact.stated} ({fact.source})" for fact in stated.facts() if fact.stated)
    text = f"narrowed by what other facts allow; stated: {words}"
    known = (None if stated.qualifier else stated.value, derived.value)
    value = next((each for each in known if each is not None and bounds.contains(each)), None)
    low, high = bounds
    if value is None and low is not None and high is not None and high <= 2 * low:
        value = rounded((low + high) / 2, bounds).value
    how = [note for note in derived.notes if note.kind is not NoteKind.GROWTH]
    notes = (*stated.notes, Note(NoteKind.DERIVATION, text, stated.sources), *how)
    lineage = Derived(BY_BOTH, (stated, derived))
    closer = stated._replace(value=value, bounds=bounds, qualifier="")
    return closer._replace(lineage=lineage, notes=notes)


def with_parts(figure: Figure, parts: Sequence[Figure]) -> Figure:
    """A figure that nobody states as the sum of *parts*, the windows it is made of."""
    total = derive(TOTAL, parts, unit=figure.unit)
    if total.disputed or total.bounds.width is None:
        return figure
    notes = [note for note in figure.notes if note.kind is not NoteKind.MISSING]
    notes.append(Note(NoteKind.DERIVATION, "added up from the windows inside"))
    lineage = Derived(BY_PARTS, tuple(parts), " + ".join([str(each.period) for each in parts]))
    added = figure._replace(value=total.value, bounds=total.bounds, missing=None)
    return added._replace(lineage=lineage, notes=tuple(notes))


def with_middle(figure: Figure, unit: Unit | None) -> Figure:
    """The figure with the middle of bounds within a factor of two for a value that it lacks, whole
    where *unit* counts whole things. A disputed figure stays without.
    """
    low, high = figure.bounds
    if figure.value is not None or figure.disputed or low is None or high is None:
        return figure
    if low < 0 or high > 2 * low:
        return figure
    middle = (low + high) / 2
    if unit is not None and unit.counted and figure.bounds.contains(Fraction(round(middle))):
        middle = Fraction(round(middle))
    return figure._replace(value=middle, qualifier=MIDPOINT)


def _reasons(formula: Formula, inputs: Sequence[Figure]) -> Iterator[Note]:
    for position, each in enumerate(inputs):
        why = ""
        if each.value is None and each.bounds == Bounds():
            why = f"{each.id}: {each.missing.text if each.missing else NO_VALUE}"
        elif position in formula.denominators and each.value is not None and each.value <= 0:
            why = NO_BASE if formula is GROWTH else f"{each.id} is not above zero"
        if why:
            yield Note(NoteKind.MISSING, why, (each.id,))
