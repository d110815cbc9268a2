"""A citation as text and as Markdown: the sentences, then the list of references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evcli.publish.citation import Citation
from evcli.publish.references import (
    Marks,
    Reference,
    Sentence,
    date_of,
    origin_note,
    outlet_of,
    supplied_title,
    title_of,
)
from evcli.text.characters import visible

_MARKUP = re.compile(r"[\\`*_\[\]<>|~]")


def text_lines(citation: Citation) -> Iterator[str]:
    """Plain text: letters in square brackets."""
    for sentence in citation.sentences:
        yield f"{plain_sentence(sentence)}\n"
    if citation.sentences and citation.references:
        yield "\n"
    for each in citation.references:
        yield f"[{each.letter}] {reference_text(each)}\n"
    yield "\n"
    yield f"{citation.record}\n"


def markdown_lines(citation: Citation) -> Iterator[str]:
    """Markdown with footnotes; as a list those sources that no sentence mentions, since a footnote
    that nothing points to is not shown.
    """
    mentioned = {letter for sentence in citation.sentences for letter in letters_in(sentence)}
    for sentence in citation.sentences:
        yield f"{_marked_down(sentence)}\n"
        yield "\n"
    for each in citation.references:
        url = visible(each.source.url)
        parts = [
            f"<{_address(part)}>" if url and part == url else _literal(part)
            for part in _parts(each)
        ]
        label = f"[^{each.letter}]:" if each.letter in mentioned else f"- \\[{each.letter}\\]"
        yield f"{label} {' '.join(parts)}\n"
    yield "\n"
    yield f"{_literal(citation.record)}\n"


def reference_text(reference: Reference) -> str:
    """The entry of one source in the list, without its letter."""
    return " ".join(_parts(reference))


def letters_in(sentence: Sentence) -> tuple[str, ...]:
    """Every letter that the sentence has."""
    return tuple(name for part in sentence if isinstance(part, Marks) for name in part.letters)


def plain_sentence(sentence: Sentence) -> str:
    """The sentence with its letters in brackets.

    >>> plain_sentence(("It came to 212,000 vehicles in May 2025", Marks(("a", "b")), "."))
    'It came to 212,000 vehicles in May 2025 [a, b].'
    """
    told = ""
    for part in sentence:
        if isinstance(part, Marks):
            told += f"{_space(told)}[{', '.join(part.letters)}]"
        else:
            told += part
    return told


def _marked_down(sentence: Sentence) -> str:
    told = ""
    for part in sentence:
        if isinstance(part, Marks):
            told += "".join(f"[^{letter}]" for letter in part.letters)
        else:
            told += _literal(part)
    return told


def _space(told: str) -> str:
    return "" if told.endswith((" ", "(")) or not told else " "


def _parts(reference: Reference) -> Iterator[str]:
    """Title, outlet, date, address and origin; in square brackets a title that is not its own."""
    source = reference.source
    where = ", ".join(part for part in (outlet_of(source), date_of(source)) if part)
    title = title_of(source)
    if title:
        yield _sentence(title)
    if where:
        yield _sentence(where)
    if not title:
        yield f"[{supplied_title(source)}]."
    if not date_of(source):
        yield "No date."
    if source.url:
        yield visible(source.url)
    note = origin_note(reference)
    if note:
        yield note


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "。")) else f"{text}."


def _literal(text: str) -> str:
    """*text* so that Markdown shows it as it is."""
    return _MARKUP.sub(r"\\\g<0>", text)


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
