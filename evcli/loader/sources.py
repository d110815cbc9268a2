"""Sources: the documents that state figures, and where those that repeat others have it from."""

from __future__ import annotations

import re

from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.ids import circles, drawn
from evcli.model.records import SHA256, LeftOut, Source, SourceProblem


class Sources:
    """All sources by id. An id is known even where the rest of its entry is wrong."""

    def __init__(self, context: Context) -> None:
        self.by_id: dict[str, Source] = {}
        self._context = context
        self._ids = context.ids
        self._last: dict[str, str] = {}
        self._published: dict[str, str] = {}

    def read(self) -> None:
        """Take in the sources of all documents."""
        entries: dict[str, Entry] = {}
        nameless: list[Entry] = []
        for entry in self._context.entries("sources"):
            name = self._ids.read(entry)
            if not name:
                nameless.append(entry)
            elif self._ids.claim("source", name, entry):
                entries[name] = entry
        for entry in nameless:
            self._source("", entry)
        for name, entry in entries.items():
            self.by_id[name] = self._source(name, entry)
        self._check_origins(entries)

    def origin(self, name: str) -> str:
        """Where what a source says was first stated, following who repeats whom."""
        known = self._last.get(name)
        if known is not None:
            return known
        seen = {name: None}
        last = name
        while last in self.by_id and (following := self.by_id[last].origin):
            if following in seen:
                break  # a circle, which is reported
            last = self._last.get(following, following)
            seen[last] = None
        self._last[name] = last
        return last

    def published(self, name: str) -> str:
        """When a source was published, as a canonical period, or ``""``."""
        known = self._published.get(name)
        if known is None:
            source = self.by_id.get(name)
            period = source.published if source else None
            known = self._published[name] = str(period) if period else ""
        return known

    def cite(self, entry: Entry) -> tuple[str, tuple[str, ...]]:
        """The source and the places in it that an entry rests on.

        A place is needed where the source is a document with paragraphs, that is a ``file``.
        """
        name = self._ids.refer("source", entry, "source", required=True)
        at = entry.texts("at", some=True)
        if name and not entry.has("at") and name in self.by_id and self.by_id[name].file:
            entry.lacks("at")
        return name, at

    def _source(self, name: str, entry: Entry) -> Source:
        fields = self._context.fields
        left_out = []
        for each in entry.records("left_out", "left_out"):
            if not each.has("at"):
                each.lacks("at")
            at = " ".join(each.texts("at"))
            left_out.append(LeftOut(at=at, **fields(each, LeftOut, "at")))
        source = Source(
            id=name,
            published=self._context.values.published(entry, "published"),
            problems=tuple(
                SourceProblem(**fields(each, SourceProblem))
                for each in entry.records("problems", "source_problems")
            ),
            left_out=tuple(left_out),
            **fields(entry, Source, "id", "published"),
        )
        self._context.words.publisher(source.publisher)
        if source.sha256 and not re.fullmatch(SHA256, source.sha256):
            entry.problem(
                f"{source.sha256!r} is no SHA-256 sum",
                "64 hexadecimal digits in lower case",
                entry.at("sha256"),
            )
        return source

    def _check_origins(self, entries: dict[str, Entry]) -> None:
        links = {name: (source.origin,) for name, source in self.by_id.items() if source.origin}
        for members in circles(links):
            entry = entries[members[0]]
            entry.problem(
                f"circular origin: {drawn(members)}",
                "name the source that said it first and give that one no origin",
                entry.at("origin"),
            )
