"""References as CSL-JSON, which Zotero, pandoc and citeproc read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from evcli.model.records import Source
from evcli.publish.citation import Citation
from evcli.publish.reference_list import letters_in, plain_sentence
from evcli.publish.references import (
    Reference,
    date_of,
    origin_note,
    outlet_of,
    supplied_title,
    title_of,
)


def csl_json_lines(citation: Citation) -> Iterator[str]:
    """A JSON array of items, one a reference, in the order of the letters."""
    items = [item(each, citation) for each in citation.references]
    yield json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def item(reference: Reference, citation: Citation) -> dict[str, Any]:
    """One reference: only what is known of it; what is not stands under no key."""
    source = reference.source
    kind = kind_of(source)
    printed = "publisher" if kind == "report" else "container-title"
    fields: dict[str, Any] = {
        "id": source.id,
        "type": kind,
        "title": title_of(source),
        printed: outlet_of(source),
        "issued": _issued(source),
        "URL": source.url,
        "note": note_of(reference),
        "annote": annotation(reference, citation),
    }
    return {name: value for name, value in fields.items() if value}


def kind_of(source: Source) -> str:
    """``webpage`` where it has an address, ``report`` where it is the counter's own, else
    ``article``: a source's card does not say whether a newspaper printed it.
    """
    if source.url:
        return "webpage"
    return "report" if source.publisher else "article"


def note_of(reference: Reference) -> str:
    """What the page is about where its title is not known, and where it has its figures from."""
    supplied = supplied_title(reference.source)
    told = f"No title recorded: {supplied}." if supplied else ""
    return " ".join(part for part in (told, origin_note(reference)) if part)


def annotation(reference: Reference, citation: Citation) -> str:
    """The letter, the record, and the sentences that rest on the source."""
    told = [
        plain_sentence(sentence)
        for sentence in citation.sentences
        if reference.letter in letters_in(sentence)
    ]
    return " ".join([f"Footnote {reference.letter}; {citation.record}.", *told])


def _issued(source: Source) -> dict[str, list[list[int]]] | None:
    text = date_of(source)
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else None
