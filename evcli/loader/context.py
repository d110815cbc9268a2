"""What every reader of a section works with: the documents, the ids they bear, plain fields.

Most fields mean no more than they say: a text, one of a few words, a name of something known,
several of these, a period, a flag. How they are written stands in the declaration of the record
alone, and :meth:`Context.fields` reads them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from evcli.loader.entry import Document, Entry, Values, precision, written_as
from evcli.loader.files import Report
from evcli.loader.yaml_nodes import Node
from evcli.model import records
from evcli.model.field import ID, KINDS
from evcli.model.period import Period
from evcli.model.records import Rank, Source
from evcli.model.vocabulary import UNIT_ID
from evcli.schema.records import Declared, is_enum, written

PLAIN_ID, SERIES_ID, UNIT = (
    re.compile(pattern, re.ASCII) for pattern in (ID, records.SERIES_ID, UNIT_ID)
)
_NO_ID = {  # what is wrong with other ids, and what would be right
    PLAIN_ID: ("cannot be an id", "use A-Z, a-z, 0-9, dots and hyphens"),
    SERIES_ID: ("cannot be an id", "use a-z, 0-9, dots and hyphens"),
    UNIT: ("is no unit: write it as in vehicles/year", ""),
}
_MOST_DRAWN = 8
_EMPTY: dict[Any, Any] = {str: "", tuple[str, ...]: (), tuple[tuple[str, str], ...]: ()}


class Context:
    """The documents that are read together, and what is known of them so far.

    An id counts as known as soon as an entry bears it, however wrong the rest of that entry is,
    so that one mistake is not reported again by every reference to it. ``known`` holds all ids
    by kind, ``first`` the entry that defines one, ``sources`` those sources that have been read;
    ``tops`` is what stands at the top of each document.
    """

    def __init__(self, documents: Sequence[Document], report: Report) -> None:
        self.report = report
        self.values = Values()
        self.known: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.first: dict[tuple[str, str], Entry] = {}
        self.sources: dict[str, Source] = {}
        self.tops = [Entry(each.root, each, report, "fact file") for each in documents]

    def entries(self, section: str, *, definitions: bool = False) -> Iterator[Entry]:
        """The entries of a section in all documents, their keys checked; with *definitions* also
        in those of which nothing else is taken.
        """
        for top in self.tops:
            if definitions or not top.document.definitions_only:
                yield from top.records(section, section)

    def named(self, section: str) -> list[tuple[str, Entry, bool]]:
        """The same, each with its id (``""`` after a problem) and whether it is the first of it."""
        found, kind = [], KINDS[section].singular
        for entry in self.entries(section):
            name = self.id_of(entry)
            found.append((name, entry, not name or self.define(kind, name, entry, once=True)))
        return found

    def fields(self, entry: Entry, record: type[tuple[Any, ...]], *besides: str) -> dict[str, Any]:
        """What an entry says in the plain fields of *record* by attribute, without *besides*.

        What is missing or wrong is reported, and comes back as its default, else empty or None.
        A place in the source is needed where that is a document with paragraphs, a ``file``.
        """
        has = entry.node.entries
        found: dict[str, Any] = {}
        for attribute, key, needed, absent, read in _plain(record):
            if attribute in besides:
                continue
            if needed and key not in has:
                entry.lacks(key)
            found[attribute] = read(entry, self) if key in has else absent
        if found.get("rank") is Rank.DEPRECATED and not entry.has("reason"):
            message = f"a deprecated {entry.what} needs a reason"
            entry.problem(message, "add reason: what is wrong with it", "rank")
        source = self.sources.get(found.get("source", ""))
        if source is not None and source.file and not entry.has("at"):
            entry.lacks("at")
        if "place" in record.__annotations__:
            found["place"] = entry.place
        return found

    # -- ids

    def learn(self, kind: str, name: str) -> None:
        """Make a name known without an entry."""
        self.known[kind][name] = None

    def id_of(self, entry: Entry, pattern: re.Pattern[str] = PLAIN_ID) -> str:
        """The id of an entry, or ``""`` after reporting that it has none."""
        text = entry.required("id")
        if text and not pattern.fullmatch(text):
            self.report.maybe.add(text)
            message, hint = _NO_ID[pattern]
            entry.problem(f"{text!r} {message}", hint, "id")
            return ""
        return text

    def define(
        self, kind: str, name: str, entry: Entry, *, without: str = "", once: bool = False
    ) -> bool:
        """Whether *entry* is the first definition. Unless it is to be there *once*, the same words
        in another file are fine; other words, or the same file saying it again, are a problem.
        """
        first = self.first.setdefault((kind, name), entry)
        self.learn(kind, name)
        where = first.where()
        if first is entry:
            return True
        if once:
            entry.problem(f"the {kind} id {name!r} is used twice", f"first in {where}", "id")
        elif first.document is entry.document:
            entry.problem(f"the {kind} {name!r} is defined twice", f"first in {where}", "id")
        elif first.content(without) != entry.content(without):
            message = f"the {kind} {name!r} is defined otherwise in {where}"
            entry.problem(message, "a pack may add words, never redefine them", "id")
        return False

    def check(self, kind: str, name: str, entry: Entry, at: Node | str, hint: str = "") -> bool:
        """Whether *name* is something known; if not, say what is nearest, else *hint*."""
        known = self.known[kind]
        if name not in known and not self.report.may_exist(name):
            near = self.report.near(name, known)
            entry.problem(f"no {kind} named {name!r}", near or hint, at)
        return name in known

    def refer(self, kind: str, entry: Entry, key: str) -> str:
        """The reference under *key*, ``""`` where it is missing or leads nowhere."""
        name = entry.text(key)
        return name if name and self.check(kind, name, entry, key) else ""

    def refer_all(
        self, kind: str, entry: Entry, key: str, *, some: bool = False
    ) -> tuple[str, ...]:
        """All references under *key* that lead somewhere; with *some* there is one at least."""
        named = [(each.text.strip(), each) for each in entry.scalars(key, some=some)]
        return tuple([name for name, at in named if self.check(kind, name, entry, at)])

    def no_circles(
        self, kind: str, links: Mapping[str, tuple[str, ...]], key: str, hint: str
    ) -> None:
        """Report every circle that the references of a kind under *key* run in."""
        for members in circles(links):
            shown = members if len(members) <= _MOST_DRAWN else [*members[:_MOST_DRAWN], "..."]
            drawn = " -> ".join([*shown, members[0]])
            self.first[kind, members[0]].problem(f"circular {key}: {drawn}", hint, key)

    def published(self, source: str) -> str:
        """When a source was published, as a canonical period, or ``""``."""
        known = self.sources.get(source)
        return self.values.name(known.published) if known and known.published else ""


Read = Callable[[Entry, Context], Any]


@cache
def _plain(record: type[tuple[Any, ...]]) -> list[tuple[str, str, bool, Any, Read]]:
    """Of every plain field attribute, key, whether it is needed, its default and how it is read."""
    found = []
    for key, each in written(record).items():
        read = None if each.field.of or key == "id" else _reader(record, key, each)
        if read is not None:
            default = _EMPTY.get(each.type) if each.default is ... else each.default
            found.append((each.attribute, key, each.field.needed, default, read))
    return found


def _reader(record: type[tuple[Any, ...]], key: str, each: Declared) -> Read | None:
    """How a field is read, None if it is not plain."""
    kind, field = each.type, each.field
    if is_enum(kind):
        members = {member.value: member for member in kind}
        choices = field.choices or tuple(members)
        default = None if each.default is ... else each.default
        return lambda entry, context: members.get(entry.choice(key, choices), default)
    if field.refers_to and kind in _EMPTY:
        what = KINDS[field.refers_to].singular
        refer = Context.refer if kind is str else Context.refer_all
        return lambda entry, context: refer(context, what, entry, key)
    if field.choices and kind is str:
        return lambda entry, context: entry.choice(key, field.choices)
    if field.pattern and kind is str:
        return lambda entry, context: (
            entry.text(key) if written_as(field.pattern, entry, key) else ""
        )
    if key == "at" and kind is str:
        return lambda entry, context: " ".join(entry.texts(key))
    some = key == "at" and "source" in record.__annotations__
    readers: dict[Any, Read] = {
        str: lambda entry, context: entry.text(key),
        tuple[str, ...]: lambda entry, context: entry.texts(key, some=some),
        tuple[tuple[str, str], ...]: lambda entry, context: context.values.spans(entry, key),
        bool: lambda entry, context: entry.flag(key, each.default),
        Period: lambda entry, context: context.values.period(entry, key, field.pattern),
        Fraction: lambda entry, context: precision(entry, None),
    }
    return readers.get(kind)


def circles(links: Mapping[str, tuple[str, ...]]) -> list[list[str]]:
    """Every circle in a graph, by the members it runs through in turn.

    >>> circles({"a": ("b",), "b": ("a",), "c": ("a",)})
    [['a', 'b']]
    """
    found: list[list[str]] = []
    done: set[str] = set()
    for start in links:
        path: dict[str, None] = {}
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            name, leaving = waiting.pop()
            if leaving:
                path.popitem()
                done.add(name)
            elif name in path:
                members = list(path)
                found.append(members[members.index(name) :])
            elif name not in done:
                path[name] = None
                waiting.append((name, True))
                waiting.extend((each, False) for each in reversed(links.get(name, ())))
    return found
