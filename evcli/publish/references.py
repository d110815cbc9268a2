"""The sources that sentences rest on, each with one letter: the same in every style.

>>> from evcli.model.records import Source
>>> page = Source("a-1", "Page on exports (CAAM), up to 2025-05; title not recorded", "SteelOrbis")
>>> title_of(page), supplied_title(page)
('', 'Page on exports (CAAM), up to 2025-05')
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from evcli.model.answer import letter
from evcli.model.records import Fact, Source
from evcli.store.reader import Store
from evcli.text.characters import visible

# what stands in the place of a title that the curators did not have
_NO_TITLE = re.compile(r"; title not recorded$| \(no headline in the text\)$")
_NOT_READ = re.compile(r" \((?:[^()]*, )?not read\)$")
_NO_OUTLET = "not named in the text"


class Marks(NamedTuple):
    """Footnote letters at one place of a sentence."""

    letters: tuple[str, ...]


def in_order(letters: Iterable[str]) -> Marks:
    """Letters in the order of the list, each once.

    >>> in_order(["aa", "b", "b"]).letters
    ('b', 'aa')
    """
    return Marks(tuple(sorted(set(letters), key=lambda name: (len(name), name))))


Sentence = tuple[str | Marks, ...]


class Reference(NamedTuple):
    """A source under its letter; ``origins`` are the documents that its figures were taken from."""

    letter: str
    source: Source
    origins: tuple[Source, ...] = ()


class References:
    """Gives letters to sources in the order in which they are first mentioned.

    ``letters`` has the letter of each source by its id.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.letters: dict[str, str] = {}
        self._origins: dict[str, dict[str, None]] = {}

    def marks(self, facts: Iterable[Fact]) -> Marks:
        """The letters of the sources of *facts*, each once; where they took them from is kept."""
        found = []
        for fact in facts:
            found.append(self.mark(fact.source))
            if fact.origin != fact.source:
                self._origins[fact.source].setdefault(fact.origin)
        return in_order(found)

    def mark(self, source: str) -> str:
        """The letter of one source."""
        self._origins.setdefault(source, {})
        return self.letters.setdefault(source, letter(len(self.letters)))

    def listed(self) -> tuple[Reference, ...]:
        """Every source mentioned, in the order of the letters."""
        named = {id_ for origins in self._origins.values() for id_ in origins}
        known = {each.id: each for each in self._store.sources([*self.letters, *named])}
        missing = {each.origin for each in known.values() if each.origin} - known.keys()
        known.update((each.id, each) for each in self._store.sources(sorted(missing)))
        entries = []
        for id_, name in self.letters.items():
            origins = dict.fromkeys((*self._origins[id_], known[id_].origin))
            documents = tuple(known[each] for each in origins if each in known)
            entries.append(Reference(name, known[id_], documents))
        return tuple(entries)


def record_line(store: Store) -> str:
    """The record that the figures are from, as ``evcli --version`` names it."""
    newest = f" (newest source {store.newest_source})" if store.newest_source else ""
    return f"evcli record {store.digest[:12]}{newest}"


def title_of(source: Source) -> str:
    """The title; empty where it is not known."""
    return "" if _NO_TITLE.search(source.title) else visible(_NOT_READ.sub("", source.title))


def supplied_title(source: Source) -> str:
    """What the page is about, where its own title is not known; else empty."""
    return visible(_NO_TITLE.sub("", source.title)) if _NO_TITLE.search(source.title) else ""


def outlet_of(source: Source) -> str:
    """Who printed it; empty where nobody is named."""
    return "" if source.outlet.startswith(_NO_OUTLET) else visible(source.outlet)


def date_of(source: Source) -> str:
    """ISO date, month or year of publication; empty where none is known."""
    return str(source.published or "")


def where_of(source: Source) -> str:
    """Outlet and date, as far as they are known."""
    return ", ".join(filter(None, (outlet_of(source), date_of(source))))


def origin_note(reference: Reference) -> str:
    """Where its figures were first stated, and whether anybody read it; empty if neither is known.

    >>> release = Source("r", "CAAM monthly figures for May 2025 (not read)", "CAAM", read=False)
    >>> origin_note(Reference("a", Source("b", "Exports rise", "Paper"), (release,)))
    'First stated in CAAM monthly figures for May 2025 (CAAM).'
    """
    documents = []
    for each in reference.origins:
        title, where = title_of(each) or supplied_title(each), where_of(each)
        documents.append(f"{title} ({where})" if where else title)
    notes = [f"First stated in {'; '.join(documents)}."] if documents else []
    if not reference.source.read:
        notes.append("Known through other sources, not read itself.")
    return " ".join(notes)
