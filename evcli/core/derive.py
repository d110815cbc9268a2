"""Derived figures: a formula applied to figures, with exact bounds and full lineage.

Growth on the year before is the closest that is stated or follows from both levels, with what the
base is usually restated by within the year. Where the two exclude each other the stated one stays,
of several one that the levels allow: whoever counts measures growth on the base as it stands by
then, and levels of two releases do not show what was restated in between. The figure is marked,
and a note has both.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evcli.core import formula as evaluate
from evcli.core.formula import FORMULAS, GROWTH, TOTAL, Formula
from evcli.core.resolve import NO_VALUE, growths_stated, stated_in_words
from evcli.model.figure import BY_BOTH, BY_INFERENCE, BY_PARTS, Derived, Figure, Missing
from evcli.model.note import Note, NoteKind, in_one_line, without_repeats
from evcli.model.period import Period
from evcli.model.quantity import MIDPOINT, Bounds, Quantity, computed, narrowed
from evcli.model.unit import Unit
from evcli.text.numbers import fixed, rounded

PERCENT = "percent"
_NEAR = 4  # what is nearly a number lacks no more than a quarter of it
NO_BASE = "the base is not above zero: no growth"
OPEN_ENDS = "open ends on both sides: nothing is known"


def derive(
    formula: Formula,
    inputs: Sequence[Figure],
    *,
    unit: str,
    period: Period | None = None,
    notes: Sequence[Note] = (),
) -> Figure:
    """Apply *formula* to *inputs*.

    The value is None where an input has none or a denominator is not above zero, which ``missing``
    and the notes say, and where an end of the bounds is open, which the qualifier says.
    Series and period are those of the first input.
    """
    lead = inputs[0]
    figure = Figure(
        f"{formula.name}:{','.join(each.id for each in inputs)}",
        lead.series,
        period or lead.period,
        None,
        lead.bounds,
        Derived(formula.name, tuple(inputs), formula.text),
        unit,
    )
    tree = tree_of(figure)
    result = computed(evaluate.value(tree), evaluate.bounds(tree), unit)
    reasons = without_repeats(_reasons(formula, inputs))
    rivals = [each for each in inputs if each.disputed]
    disputes = [note for each in rivals for note in each.notes if note.kind is NoteKind.DISPUTE]
    if result.bounds == Bounds() and not reasons:
        reasons = (Note(NoteKind.MISSING, OPEN_ENDS, tuple(each.id for each in inputs)),)
    return figure._replace(
        value=result.value,
        bounds=result.bounds,
        qualifier=result.qualifier,
        notes=without_repeats((*reasons, *notes, *disputes)),
        disputed=any(each.disputed for each in inputs),
        missing=Missing(in_one_line(reasons)) if reasons else None,
    )


def tree_of(figure: Figure) -> evaluate.Leaf | evaluate.Node:
    """The figure's lineage as something :mod:`evcli.core.formula` can work on."""
    if isinstance(figure.lineage, Derived) and figure.lineage.formula in FORMULAS:
        inputs = tuple(tree_of(each) for each in figure.lineage.inputs)
        return evaluate.Node(FORMULAS[figure.lineage.formula], inputs)
    return evaluate.Leaf(figure.id, figure.value, figure.bounds)


def with_growth(figure: Figure, base: Figure, restated: Fraction = Fraction(0)) -> Figure:
    """*figure* with its closest growth on *base*, the same window a year before.

    *restated* is the part of a base that its counter usually restates within the year: it is
    allowed for unless one document states both. A base that was inferred has it in its bounds.
    """
    # for every row of a table: the numbers alone, no figure of the growth
    origins = {fact.origin for fact in figure.facts()}
    inferred = isinstance(base.lineage, Derived) and base.lineage.formula == BY_INFERENCE
    if inferred or any(fact.origin in origins for fact in base.facts()):
        restated = Fraction(0)
    tree = evaluate.Node(GROWTH, (tree_of(figure), tree_of(base)))
    strict = computed(evaluate.value(tree), evaluate.bounds(tree), PERCENT)
    levels = strict._replace(bounds=_on_restated(strict.bounds, restated))
    yoy = levels if figure.yoy is None else agreed(figure.yoy, levels)
    if figure.yoy is not None and yoy is not None:  # the bounds widen, the number stays
        closest = agreed(figure.yoy, strict)
        yoy = yoy if closest is None else closest._replace(bounds=yoy.bounds)
    if levels.bounds == Bounds() or (yoy is not None and yoy == figure.yoy):
        return figure
    changes = [] if figure.yoy is None else growths_stated(figure)
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
    conflict = kind is NoteKind.CONFLICT
    basis = "stated" if conflict else BY_BOTH if figure.yoy else "derived"
    notes = (*figure.notes, note)
    return figure._replace(yoy=yoy, yoy_basis=basis, notes=notes, conflict=conflict)


def _on_restated(growth: Bounds, part: Fraction) -> Bounds:
    """The bounds of growth in percent where the base may lie so much higher or lower.

    >>> _on_restated(Bounds(Fraction(20), Fraction(20)), Fraction(1, 5))
    Bounds(0, 50)
    >>> _on_restated(Bounds(Fraction(-200), Fraction(-200)), Fraction(1, 5))  # 100 lost on 100
    Bounds(-225, -550/3)
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
    return stated._replace(
        value=value,
        bounds=bounds,
        lineage=Derived(BY_BOTH, (stated, derived)),
        qualifier="",
        notes=(*stated.notes, Note(NoteKind.DERIVATION, text, stated.sources), *how),
    )


def with_parts(figure: Figure, parts: Sequence[Figure]) -> Figure:
    """A figure that nobody states as the sum of *parts*, the windows it is made of."""
    total = derive(TOTAL, parts, unit=figure.unit)
    if total.disputed or total.bounds.width is None:
        return figure
    notes = (note for note in figure.notes if note.kind is not NoteKind.MISSING)
    windows = " + ".join([str(each.period) for each in parts])
    return figure._replace(
        value=total.value,
        bounds=total.bounds,
        lineage=Derived(BY_PARTS, tuple(parts), windows),
        notes=(*notes, Note(NoteKind.DERIVATION, "added up from the windows inside")),
        missing=None,
    )


def with_middle(figure: Figure, unit: Unit | None) -> Figure:
    """The figure with the middle of bounds within a factor of two for a value that it lacks.

    The middle is whole where *unit* counts whole things. A disputed figure stays without.
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


def _reasons(formula: Formula, inputs: Sequence[Figure]) -> list[Note]:
    reasons: list[Note] = []
    for position, each in enumerate(inputs):
        if each.value is None and each.bounds == Bounds():
            text = f"{each.id}: {each.missing.text if each.missing else NO_VALUE}"
        elif position in formula.denominators and each.value is not None and each.value <= 0:
            text = NO_BASE if formula is GROWTH else f"{each.id} is not above zero"
        else:
            continue
        reasons.append(Note(NoteKind.MISSING, text, (each.id,)))
    return reasons
