"""What every reader of a section works with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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

    def entries(self, section: str, what: str) -> Iterator[Entry]:
        """The entries of a section in all documents that are taken whole."""
        for document in self.documents:
            if not document.definitions_only:
                yield from Entry(document.root, document, self.report, "").list(section, what)

    def definitions(self, section: str, what: str) -> Iterator[Entry]:
        """The entries of a section in all documents."""
        for document in self.documents:
            yield from Entry(document.root, document, self.report, "").list(section, what)
