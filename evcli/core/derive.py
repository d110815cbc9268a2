"""Derived figures: a formula applied to figures, with exact bounds and full lineage."""

from __future__ import annotations

from collections.abc import Sequence

from evcli.core import formula as evaluate
from evcli.core.formula import FORMULAS, GROWTH, Formula
from evcli.core.resolve import NO_VALUE
from evcli.model.figure import Derived, Figure, Missing
from evcli.model.note import Note, NoteKind, in_one_line, without_repeats
from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity

PERCENT = "percent"
NO_BASE = "the base is not above zero: no growth"


def derive(
    formula: Formula,
    inputs: Sequence[Figure],
    *,
    unit: str,
    period: Period | None = None,
    notes: Sequence[Note] = (),
) -> Figure:
    """Apply *formula* to *inputs*.

    The value is None where an input has none or a denominator is not above zero; ``missing``
    and the notes say so. Series and period are those of the first input.
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
    reasons = without_repeats(_reasons(formula, inputs))
    rivals = [each for each in inputs if each.disputed]
    disputes = [note for each in rivals for note in each.notes if note.kind is NoteKind.DISPUTE]
    return figure._replace(
        value=evaluate.value(tree),
        bounds=evaluate.bounds(tree),
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


def with_growth(figure: Figure, base: Figure) -> Figure:
    """*figure* with its growth on *base* in percent and a note; as it is where there is none."""
    # for every row of a table: the numbers alone, no figure of the growth
    tree = evaluate.Node(GROWTH, (tree_of(figure), tree_of(base)))
    value, bounds = evaluate.value(tree), evaluate.bounds(tree)
    if value is None and bounds == Bounds():
        return figure
    growth = Quantity(value, bounds, "", PERCENT)
    note = Note(NoteKind.GROWTH, f"growth computed from {base.id}", (base.id,))
    return figure._replace(yoy=growth, notes=(*figure.notes, note))


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
