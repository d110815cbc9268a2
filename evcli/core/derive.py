"""Derived figures: a formula applied to figures, with exact bounds and full lineage."""

from __future__ import annotations

from collections.abc import Sequence

from evcli.core import formula as evaluate
from evcli.core.formula import FORMULAS, GROWTH, TOTAL, Formula
from evcli.core.resolve import NO_VALUE
from evcli.model.figure import BY_PARTS, Derived, Figure, Missing
from evcli.model.note import Note, NoteKind, in_one_line, without_repeats
from evcli.model.period import Period
from evcli.model.quantity import MIDPOINT, Bounds, open_end
from evcli.text.numbers import human

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
    bounds = evaluate.bounds(tree)
    reasons = without_repeats(_reasons(formula, inputs))
    rivals = [each for each in inputs if each.disputed]
    disputes = [note for each in rivals for note in each.notes if note.kind is NoteKind.DISPUTE]
    if bounds == Bounds() and not reasons:
        reasons = (Note(NoteKind.MISSING, OPEN_ENDS, tuple(each.id for each in inputs)),)
    return figure._replace(
        value=evaluate.value(tree) if bounds.width is not None else None,
        bounds=bounds,
        qualifier=open_end(bounds),
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
    """A stated figure within the sum of *parts*, the windows it is made of, if that is closer.

    Where the two exclude each other it stays what is stated, marked, with a note that has both.
    """
    total = evaluate.Node(TOTAL, tuple(map(tree_of, parts)))
    summed = evaluate.bounds(total)
    if summed.width is None or any(each.disputed for each in parts):
        return figure
    windows = " + ".join([str(each.period) for each in parts])
    refs = tuple(each.id for each in parts)
    bounds = summed.intersect(figure.bounds)
    if bounds is None:
        text = f"{windows} add up to {in_range(summed)}, which what is stated excludes"
        note = Note(NoteKind.CONFLICT, text, refs)
        return figure._replace(notes=(*figure.notes, note), conflict=True)
    if bounds == figure.bounds:
        return figure
    value = evaluate.value(total)
    notes = [note for note in figure.notes if note.kind is not NoteKind.MISSING]
    stated = [f"{fact.stated} ({fact.source})" for fact in figure.facts() if fact.stated]
    if stated:  # else only a growth is
        text = f"added up from the windows inside; stated: {', '.join(stated)}"
        notes.append(Note(NoteKind.DERIVATION, text, figure.sources))
    return figure._replace(
        value=value if value is not None and bounds.contains(value) else None,
        bounds=bounds,
        lineage=Derived(BY_PARTS, (figure, *parts) if figure.sources else tuple(parts), windows),
        qualifier="",
        notes=tuple(notes),
        missing=None,
    )


def with_middle(figure: Figure, *, counted: bool) -> Figure:
    """The figure with the middle of its bounds for a value it lacks, if they lie close together.

    The middle is a whole number of what is *counted*. A disputed figure stays without.
    """
    if figure.value is not None or figure.disputed:
        return figure
    middle = figure.bounds.middle(whole=counted)
    return figure if middle is None else figure._replace(value=middle, qualifier=MIDPOINT)


def in_range(bounds: Bounds) -> str:
    """Both ends for people."""
    ends = ["open" if end is None else human(end, 0) for end in dict.fromkeys(bounds)]
    return " to ".join(ends)


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
