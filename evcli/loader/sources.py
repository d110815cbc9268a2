"""Sources: the documents that state figures, and where those that repeat others have it from."""

from __future__ import annotations

from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.ids import circles, drawn
from evcli.model.records import LeftOut, Source, SourceProblem

_KEYS = frozenset(
    {
        "id",
        "title",
        "outlet",
        "publisher",
        "published",
        "url",
        "origin",
        "read",
        "file",
        "sha256",
        "problems",
        "left_out",
        "note",
    }
)
_PROBLEM_KEYS = frozenset({"at", "problem"})
_LEFT_OUT_KEYS = frozenset({"at", "text", "reason"})


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
        for entry in self._context.entries("sources", "source"):
            entry.only(_KEYS)
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
        publisher = self._ids.refer("publisher", entry, "publisher")
        self._context.words.publisher(publisher)
        problems = []
        for each in entry.list("problems", "problem"):
            each.only(_PROBLEM_KEYS)
            problems.append(SourceProblem(each.texts("at"), each.required("problem")))
        left_out = []
        for each in entry.list("left_out", "left-out text"):
            each.only(_LEFT_OUT_KEYS)
            if not each.has("at"):
                each.lacks("at")
            left_out.append(
                LeftOut(" ".join(each.texts("at")), each.required("text"), each.required("reason"))
            )
        sha256 = entry.text("sha256")
        if sha256 and not (len(sha256) == 64 and all(c in "0123456789abcdef" for c in sha256)):
            entry.problem(
                f"{sha256!r} is no SHA-256 sum",
                "64 hexadecimal digits in lower case",
                entry.at("sha256"),
            )
        return Source(
            id=name,
            title=entry.required("title"),
            outlet=entry.required("outlet"),
            publisher=publisher,
            published=self._context.values.published(entry, "published"),
            url=entry.text("url"),
            origin=self._ids.refer("source", entry, "origin"),
            read=entry.flag("read", True),
            file=entry.text("file"),
            sha256=sha256,
            problems=tuple(problems),
            left_out=tuple(left_out),
            note=entry.text("note"),
        )

    def _check_origins(self, entries: dict[str, Entry]) -> None:
        links = {name: (source.origin,) for name, source in self.by_id.items() if source.origin}
        for members in circles(links):
            entry = entries[members[0]]
            entry.problem(
                f"circular origin: {drawn(members)}",
                "name the source that said it first and give that one no origin",
                entry.at("origin"),
            )
