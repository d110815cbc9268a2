"""Growth on the year before: the closest that is stated or follows from both levels.

Where the two exclude each other the stated one stays, of several one that the levels allow:
whoever counts measures growth on the base as it stands by then, and levels of two releases do not
show what was restated in between. The figure is marked, and a note has both.
"""

from __future__ import annotations

from evcli.core import formula as evaluate
from evcli.core.derive import PERCENT, tree_of
from evcli.core.formula import GROWTH
from evcli.core.resolve import growths_stated, stated_in_words
from evcli.model.figure import Figure
from evcli.model.note import Note, NoteKind
from evcli.model.quantity import Bounds, Quantity, computed, narrowed
from evcli.text.numbers import fixed

_NEAR = 4  # what is nearly a number lacks no more than a quarter of it


def with_growth(figure: Figure, base: Figure) -> Figure:
    """*figure* with its closest growth on *base*, the same window a year before."""
    # for every row of a table: the numbers alone, no figure of the growth
    tree = evaluate.Node(GROWTH, (tree_of(figure), tree_of(base)))
    levels = computed(evaluate.value(tree), evaluate.bounds(tree), PERCENT)
    yoy = levels if figure.yoy is None else agreed(figure.yoy, levels)
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
    return figure._replace(yoy=yoy, notes=(*figure.notes, note), conflict=conflict)


def agreed(stated: Quantity, levels: Quantity) -> Quantity | None:
    """What a stated growth and one by levels both allow; None where they exclude each other.

    What is nearly a number must come close to it: a fall by a third is not nearly a half.
    """
    value, meant = stated.value, stated.bounds
    if stated.qualifier and value is not None and meant.width is None:
        from evcli.text.lexicon import CLOSE, in_english  # few growths have an open end

        if in_english(stated.qualifier) in CLOSE:
            meant = Bounds.around(value, abs(value) / _NEAR)
    bounds = stated.bounds.intersect(levels.bounds)
    if bounds is None or levels.bounds.intersect(meant) is None:
        return None
    return narrowed(bounds, (stated, levels))
