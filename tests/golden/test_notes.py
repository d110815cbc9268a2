"""Notes are data: every kind is in the golden files, and no text of a note decides anything."""

from __future__ import annotations

import re
import shlex

import pytest

from evcli.model.figure import Missing
from evcli.model.note import Note, NoteKind
from tests.golden.cases import TRANSCRIPTS, transcript_file
from tests.golden.run import transcript

MARK = "\N{MIDDLE DOT}"
DECIDE = ("get", "growth", "total", "compare", "trend", "explain", "cite")


def changed(text: str, refs: tuple[str, ...]) -> str:
    """Other words: a mark behind every letter, but for the ids that the note speaks of.

    Where a sentence has letters in their place, it knows "and" between them, too.
    """
    ids = {"and", *(part for each in refs for part in (each, each.rpartition("#")[2]))}

    def word(found: re.Match[str]) -> str:
        return found[0] if found[0] in ids else re.sub(r"([^\W\d_])", rf"\1{MARK}", found[0])

    return re.sub(r"[\w.@#/-]*\w", word, text)


def in_other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def note(cls: type[Note], kind: NoteKind, text: str, refs: tuple[str, ...] = ()) -> Note:
        return cls._make((kind, changed(text, refs), refs))

    def missing(
        cls: type[Missing], text: str, refs: tuple[str, ...] = (), *rest: object
    ) -> Missing:
        return cls._make((changed(text, refs), refs, *(rest or (None,))))

    monkeypatch.setattr(Note, "__new__", staticmethod(note))
    monkeypatch.setattr(Missing, "__new__", staticmethod(missing))


def machine_lines(name: str) -> list[str]:
    """The lines of a transcript whose answer does not depend on the width of its texts."""
    lines = [shlex.split(line) for line in TRANSCRIPTS[name]]
    return [
        shlex.join(words)
        for words in lines
        if ">" not in words
        if "cite" in words or {"csv", "json"} & set(words)
    ]


@pytest.mark.parametrize("name", DECIDE)
def test_other_words_change_no_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = machine_lines(name)
    before = transcript(lines)
    in_other_words(monkeypatch)
    after = transcript(lines)
    assert MARK in after
    assert after.replace(MARK, "").split("\n") == before.split("\n")


@pytest.mark.parametrize("kind", NoteKind)
def test_every_kind_of_note_is_in_the_transcripts(kind: NoteKind) -> None:
    texts = [transcript_file(name).read_text("utf-8") for name in TRANSCRIPTS]
    assert any(f'{{"kind":"{kind}","text":' in text for text in texts)
