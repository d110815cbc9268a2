"""Derived figures: a formula applied to figures, with exact bounds and full lineage."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evcli.core import formula as evaluate
from evcli.core.formula import FORMULAS, GROWTH, TOTAL, Formula
from evcli.core.resolve import NO_VALUE
from evcli.model.figure import BY_PARTS, Derived, Figure, Missing
from evcli.model.note import Note, NoteKind, in_one_line, without_repeats
from evcli.model.period import Period
from evcli.model.quantity import MIDPOINT, Bounds, computed
from evcli.model.unit import Unit

PERCENT = "percent"
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


def with_parts(figure: Figure, parts: Sequence[Figure]) -> Figure:
    """A figure within the sum of *parts*, the windows it is made of, if that is closer."""
    total = derive(TOTAL, parts, unit=figure.unit)
    bounds = total.bounds.intersect(figure.bounds)
    if bounds is None or total.disputed or total.bounds.width is None or bounds == figure.bounds:
        return figure
    stated = [f"{fact.stated} ({fact.source})" for fact in figure.facts() if fact.stated]
    text = f"added up from the windows inside{'; stated: ' if stated else ''}{', '.join(stated)}"
    notes = (note for note in figure.notes if note.kind is not NoteKind.MISSING)
    windows = " + ".join([str(each.period) for each in parts])
    inside = total.value is not None and bounds.contains(total.value)
    return figure._replace(
        value=total.value if inside else None,
        bounds=bounds,
        lineage=Derived(BY_PARTS, (figure, *parts) if figure.sources else tuple(parts), windows),
        qualifier="",
        notes=(*notes, Note(NoteKind.DERIVATION, text, figure.sources)),
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
