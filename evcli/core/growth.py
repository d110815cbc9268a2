"""The closest growth on the year before that follows from what is stated and from both levels.

A stated growth and one computed from levels are intersected where they agree. Where they exclude
each other, the stated one stays: whoever counts measures growth on the base as it stands by then,
and levels of two releases do not show what was restated in between. Only if one release prints
both levels, which then have one base, the computed one is right. The figure is marked either way.
"""

from __future__ import annotations

from typing import NamedTuple

from evcli.core import formula as evaluate
from evcli.core.derive import PERCENT, tree_of
from evcli.core.formula import GROWTH
from evcli.core.resolve import StatedChange, growths_stated, stated_in_words, width_of
from evcli.model.figure import Figure
from evcli.model.note import Note, NoteKind
from evcli.model.quantity import Bounds, Quantity, open_end
from evcli.text.numbers import fixed

_NEAR = 4  # what is nearly a number lacks no more than a quarter of it


class Growth(NamedTuple):
    """A growth, the note on how it came about, and whether what it rests on is in conflict.

    ``computed`` is what the levels give, None where one of them is not known.
    """

    quantity: Quantity | None
    note: Note | None = None
    computed: Quantity | None = None
    conflict: bool = False


def with_growth(figure: Figure, base: Figure) -> Figure:
    """*figure* with its closest growth on *base*, its own window a year before."""
    growth = closest_growth(figure, base)
    if growth.note is None:
        return figure
    notes = (*figure.notes, growth.note)
    conflict = figure.conflict or growth.conflict
    return figure._replace(yoy=growth.quantity, notes=notes, conflict=conflict)


def closest_growth(figure: Figure, base: Figure) -> Growth:
    """Growth in percent: what figure states, closer where its level and that of *base* say more."""
    stated, computed = figure.yoy, _of_levels(figure, base)
    if computed is None:
        return Growth(stated)
    text = f"growth computed from {base.id}"
    if stated is None:
        return Growth(computed, Note(NoteKind.GROWTH, text, (base.id,)), computed)
    both = agreed(stated, computed)
    if both == stated:
        return Growth(stated, None, computed)
    changes = growths_stated(figure)
    refs = (base.id, *dict.fromkeys(each.source for each in changes))
    if both is not None:
        text = f"{text}; stated: {stated_in_words(changes)}"
        return Growth(both, Note(NoteKind.GROWTH, text, refs), computed)
    chosen = _chosen(figure, base, stated, computed, changes)
    told = stated_in_words(each for each in changes if agreed(each.quantity, computed) is None)
    text = f"growth of {in_percent(computed)} by the levels and {told} as stated exclude each other"
    return Growth(chosen, Note(NoteKind.CONFLICT, text, refs), computed, conflict=True)


def agreed(stated: Quantity, computed: Quantity) -> Quantity | None:
    """What both allow; None where they exclude each other.

    What is nearly a number must come close to it: a fall by a third is not nearly a half.
    """
    bounds = stated.bounds.intersect(computed.bounds)
    if bounds is None or computed.bounds.intersect(_meant(stated)) is None:
        return None
    for each in (stated, computed):
        if bounds == each.bounds:
            return each
    narrowest_first = sorted((stated, computed), key=lambda each: width_of(each.bounds))
    return Quantity.of_growth(bounds, *(each.value for each in narrowest_first))


def in_percent(growth: Quantity) -> str:
    """A growth for notes: ``+3.14 %``, or what is known of its ends."""
    numbers = growth.bounds if growth.value is None else (growth.value,)
    known = (f"{fixed(each, 2, signed=True)} %" for each in numbers if each is not None)
    return f"{open_end(growth.bounds)} {' to '.join(known)}".strip()


def _of_levels(figure: Figure, base: Figure) -> Quantity | None:
    # for every row of a table: the numbers alone, no figure of the growth
    tree = evaluate.Node(GROWTH, (tree_of(figure), tree_of(base)))
    bounds = evaluate.bounds(tree)
    value = evaluate.value(tree)
    if bounds == Bounds():
        return None
    if value is None and (figure.disputed or base.disputed):
        return Quantity(None, bounds, open_end(bounds), PERCENT)  # no middle of rivals
    return Quantity.of_growth(bounds, value)


def _meant(stated: Quantity) -> Bounds:
    """The bounds, an open end closed where the word in front says that the number is near."""
    value, (low, high) = stated.value, stated.bounds
    if value is None or not stated.qualifier or stated.bounds.width is not None:
        return stated.bounds
    from evcli.text.lexicon import CLOSE, in_english  # few growths have an open end

    if in_english(stated.qualifier) not in CLOSE:
        return stated.bounds
    lack = abs(value) / _NEAR
    return Bounds(low, value + lack) if high is None else Bounds(value - lack, high)


def _chosen(
    figure: Figure,
    base: Figure,
    stated: Quantity,
    computed: Quantity,
    changes: list[StatedChange],
) -> Quantity:
    """Of what excludes each other: what fits the levels, or the levels if one release has both."""
    fitting = [both for each in changes if (both := agreed(each.quantity, computed)) is not None]
    if fitting:
        return fitting[0]
    origins = ({fact.origin for fact in each.facts() if fact.stated} for each in (figure, base))
    return computed if set.intersection(*origins) else stated
