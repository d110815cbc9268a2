"""What every reader of a section works with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evcli.loader.declared import read_fields
from evcli.loader.entry import Document, Entry
from evcli.loader.ids import Ids
from evcli.loader.problems import Report
from evcli.loader.values import Values
from evcli.loader.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Context:
    """The documents being read together, and what is known of their words and ids."""

    documents: Sequence[Document]
    report: Report
    ids: Ids
    words: Words
    values: Values

    def entries(self, section: str) -> Iterator[Entry]:
        """The entries of a section in all documents that are taken whole, their keys checked."""
        for document in self.documents:
            if not document.definitions_only:
                yield from Entry(document.root, document, self.report, "").records(section, section)

    def definitions(self, section: str) -> Iterator[Entry]:
        """The same of all documents."""
        for document in self.documents:
            yield from Entry(document.root, document, self.report, "").records(section, section)

    def fields(self, entry: Entry, record: type[tuple[Any, ...]], *besides: str) -> dict[str, Any]:
        """What an entry says in the plain fields of *record*, without those of *besides*."""
        return read_fields(entry, record, self.ids, self.values, *besides)
