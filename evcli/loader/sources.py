"""Sources: the documents that state figures, and where those that repeat others have it from."""

from __future__ import annotations

from evcli.loader.context import Context, no_circles
from evcli.loader.entry import Entry
from evcli.loader.vocabulary import Words
from evcli.model.records import Source
from evcli.schema.records import inside


class Sources:
    """All sources by id. An id is known even where the rest of its entry is wrong."""

    def __init__(self, context: Context, words: Words) -> None:
        self.by_id = context.sources
        self._context = context
        self._words = words
        self._last: dict[str, str] = {}
        entries: dict[str, Entry] = {}
        for name, entry, first in context.named("sources"):
            if first:
                source = self._source(name, entry)
                if name:
                    entries[name], self.by_id[name] = entry, source
        no_circles(
            entries,
            {name: (source.origin,) for name, source in self.by_id.items() if source.origin},
            "origin",
            "name the source that said it first and give that one no origin",
        )

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
        source = self.by_id.get(name)
        period = source.published if source else None
        return self._context.values.name(period) if period else ""

    def _source(self, name: str, entry: Entry) -> Source:
        fields = self._context.fields
        said = fields(entry, Source)
        for key, kind in inside(Source).items():
            items = entry.records(key, kind.name)
            said[key] = tuple(kind.record(**fields(each, kind.record)) for each in items)
        source = Source(id=name, **said)
        self._words.publisher(source.publisher)
        return source
