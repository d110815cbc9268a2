"""Notes: what a reader must know beside a figure, as data.

What decides anything is the kind, the references or a field of the record, never the text.

>>> july = Note(NoteKind.REMARK, "without July.", ("a@2025#one",))
>>> read = Note(NoteKind.WORDING, "read as: vehicles")
>>> in_one_line([read, july])
'read as: vehicles; without July.'
>>> without_repeats([july, read, july._replace(refs=("a@2025#two",))])[0].refs
('a@2025#one', 'a@2025#two')
"""

from collections.abc import Iterable
from enum import StrEnum

from evcli.tuples import NamedTuple


class NoteKind(StrEnum):
    """What a note is about."""

    MISSING = "missing"  # why there is no value
    DISPUTE = "dispute"  # sources exclude each other
    CONFLICT = "conflict"  # what is stated and what follows from levels exclude each other
    EXCESS = "excess"  # a part larger than its whole, as one counter has them
    CAUTION = "caution"  # what to be careful with: a waiver, an assumption, a value set aside
    DEFINITION = "definition"  # what is counted, by whom, or what a measure applies to
    REVISION = "revision"  # what stood there before
    WORDING = "wording"  # how the words of the source are read, or what they are
    CHANGE = "change"  # a growth that a source states, other than that on the year before
    GROWTH = "growth"  # how the growth on the year before was computed
    DERIVATION = "derivation"  # how the figure itself came about
    COMPARISON = "comparison"  # what other figures say of it
    REMARK = "remark"  # what the curators of the record noted


class Note(NamedTuple):
    """One note; ``refs`` are the ids of what it speaks of: facts, figures, sources, measures."""

    kind: NoteKind
    text: str
    refs: tuple[str, ...] = ()


def in_one_line(notes: Iterable[Note]) -> str:
    """The texts as the ``note`` field has them."""
    return "; ".join([note.text for note in notes])


def trimmed(notes: Iterable[Note]) -> list[Note]:
    """The notes without the full stops at the end of their texts; those without text left out."""
    return [note._replace(text=text) for note in notes if (text := note.text.rstrip(". "))]


def without_repeats(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Each text once, where it first stands, with the references of all that have it."""
    found: dict[str, Note] = {}
    for note in notes:
        first = found.setdefault(note.text, note)
        if first.refs != note.refs:
            refs = tuple(dict.fromkeys((*first.refs, *note.refs)))
            found[note.text] = first._replace(refs=refs)
    return tuple(found.values())
