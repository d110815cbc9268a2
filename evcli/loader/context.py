"""What every reader of a section works with: the documents, the ids they bear, plain fields.

Most fields mean no more than they say: a text, one of a few words, a name of something known,
several of these, a period, a flag. How they are written stands in the declaration of the record
alone, and :meth:`Context.fields` reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from evcli.loader.entry import Document, Entry
from evcli.loader.problems import Report
from evcli.loader.values import Values, precision, written_as
from evcli.loader.yaml_nodes import Scalar
from evcli.model import records
from evcli.model.field import ID, KINDS
from evcli.model.period import Period
from evcli.model.records import Rank, Source
from evcli.schema.records import Declared, is_enum, written

PLAIN_ID = re.compile(ID, re.ASCII)
SERIES_ID = re.compile(records.SERIES_ID, re.ASCII)
_MOST_DRAWN = 8
_EMPTY: dict[Any, Any] = {str: "", tuple[str, ...]: (), tuple[tuple[str, str], ...]: ()}


class Context:
    """The documents that are read together, and what is known of them so far.

    An id counts as known as soon as an entry bears it, however wrong the rest of that entry is,
    so that one mistake is not reported again by every reference to it. ``known`` holds all ids
    by kind, ``sources`` those sources that have been read.
    """

    def __init__(self, documents: Sequence[Document], report: Report) -> None:
        self.report = report
        self.values = Values()
        self.known: dict[str, dict[str, None]] = {}
        self.sources: dict[str, Source] = {}
        self._first: dict[tuple[str, str], Entry] = {}
        self._tops = [Entry(each.root, each, report, "fact file") for each in documents]

    def tops(self, *, definitions: bool = False) -> Iterator[Entry]:
        """What stands at the top of each document, with *definitions* also of those of which
        nothing else is taken.
        """
        return (top for top in self._tops if definitions or not top.document.definitions_only)

    def entries(self, section: str, *, definitions: bool = False) -> Iterator[Entry]:
        """The entries of a section in all documents, their keys checked."""
        for top in self.tops(definitions=definitions):
            yield from top.records(section, section)

    def named(self, section: str) -> list[tuple[str, Entry, bool]]:
        """The same, each with its id (``""`` after a problem) and whether it is the first of it."""
        found = []
        for entry in self.entries(section):
            name = self.id_of(entry)
            first = not name or self._is_first(KINDS[section].singular, name, entry)
            found.append((name, entry, first))
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
            if key in has:
                found[attribute] = read(entry, self)
                continue
            if needed:
                entry.lacks(key)
            found[attribute] = absent
        if found.get("rank") is Rank.DEPRECATED and not entry.has("reason"):
            entry.problem(
                f"a deprecated {entry.what} needs a reason",
                "add reason: what is wrong with it",
                "rank",
            )
        source = self.sources.get(found.get("source", ""))
        if source is not None and source.file and not entry.has("at"):
            entry.lacks("at")
        if "place" in record.__annotations__:
            found["place"] = entry.place
        return found

    # -- ids

    def learn(self, kind: str, name: str) -> None:
        """Make a name known without an entry."""
        self.known.setdefault(kind, {})[name] = None

    def id_of(self, entry: Entry, pattern: re.Pattern[str] = PLAIN_ID) -> str:
        """The id of an entry, or ``""`` after reporting that it has none."""
        text = entry.required("id")
        if text and not pattern.fullmatch(text):
            self.report.maybe.add(text)
            letters = "a-z" if pattern is SERIES_ID else "A-Z, a-z"
            entry.problem(
                f"{text!r} cannot be an id", f"use {letters}, 0-9, dots and hyphens", "id"
            )
            return ""
        return text

    def _is_first(self, kind: str, name: str, entry: Entry) -> bool:
        """Whether *entry* is the first of that id; a second one is a problem."""
        first = self._first.setdefault((kind, name), entry)
        self.learn(kind, name)
        if first is not entry:
            entry.problem(
                f"the {kind} id {name!r} is used twice", f"first in {first.where()}", "id"
            )
        return first is entry

    def define(self, kind: str, name: str, entry: Entry, without: str = "") -> bool:
        """Whether *entry* is the first definition. The same words in another file are fine;
        other words, or the same file saying it again, are a problem.
        """
        first = self._first.setdefault((kind, name), entry)
        self.learn(kind, name)
        if first is entry:
            return True
        if first.document is entry.document:
            entry.problem(
                f"the {kind} {name!r} is defined twice", f"first in {first.where()}", "id"
            )
        elif first.content(without) != entry.content(without):
            entry.problem(
                f"the {kind} {name!r} is defined otherwise in {first.where()}",
                "a pack may add words, never redefine them",
                "id",
            )
        return False

    def names(self, kind: str) -> Mapping[str, None]:
        """All ids of a kind that are known."""
        return self.known.get(kind, {})

    def check(self, kind: str, found: Scalar, entry: Entry) -> bool:
        """Whether a reference is to something known; if not, say what is nearest."""
        name = found.text.strip()
        known = self.names(kind)
        if name in known:
            return True
        if not self.report.may_exist(name):
            entry.problem(f"no {kind} named {name!r}", self.report.near(name, known), found)
        return False

    def refer(self, kind: str, entry: Entry, key: str) -> str:
        """The reference under *key*, ``""`` where it is missing or leads nowhere."""
        found = entry.scalar(key)
        return found.text.strip() if found and self.check(kind, found, entry) else ""

    def refer_all(
        self, kind: str, entry: Entry, key: str, *, some: bool = False
    ) -> tuple[str, ...]:
        """All references under *key* that lead somewhere; with *some* there is one at least."""
        return tuple(
            [
                found.text.strip()
                for found in entry.scalars(key, some=some)
                if self.check(kind, found, entry)
            ]
        )


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
        if kind is str:
            return lambda entry, context: context.refer(what, entry, key)
        return lambda entry, context: context.refer_all(what, entry, key)
    if field.choices and kind is str:
        return lambda entry, context: entry.choice(key, field.choices)
    if field.pattern and kind is str:
        return lambda entry, context: (
            entry.text(key) if written_as(field.pattern, entry, key) else ""
        )
    if key == "at":
        cited = "source" in record.__annotations__
        if kind is str:
            return lambda entry, context: " ".join(entry.texts(key))
        return lambda entry, context: entry.texts(key, some=cited)
    readers: dict[Any, Read] = {
        str: lambda entry, context: entry.text(key),
        tuple[str, ...]: lambda entry, context: entry.texts(key),
        tuple[tuple[str, str], ...]: lambda entry, context: context.values.spans(entry, key),
        bool: lambda entry, context: entry.flag(key, each.default),
        Period: lambda entry, context: context.values.period(entry, key, field.pattern),
        Fraction: lambda entry, context: precision(entry, None),
    }
    return readers.get(kind)


def no_circles(
    entries: Mapping[str, Entry], links: Mapping[str, tuple[str, ...]], key: str, hint: str
) -> None:
    """Report every circle that the references under *key* run in."""
    for members in circles(links):
        shown = members if len(members) <= _MOST_DRAWN else [*members[:_MOST_DRAWN], "..."]
        drawn = " -> ".join([*shown, members[0]])
        entry = entries[members[0]]
        entry.problem(f"circular {key}: {drawn}", hint, key)


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
