"""Ids: what they look like, that each is used once, and that what is referred to exists."""

from __future__ import annotations

import re
from collections.abc import Mapping

from evcli.loader.entry import Entry
from evcli.loader.problems import Report
from evcli.loader.yaml_nodes import Scalar
from evcli.model import records
from evcli.model.field import ID

PLAIN_ID = re.compile(ID, re.ASCII)
SERIES_ID = re.compile(records.SERIES_ID, re.ASCII)
_MOST_DRAWN = 8


class Ids:
    """All ids by kind. An id counts as known as soon as an entry bears it, however wrong the
    rest of that entry is, so that one mistake is not reported again by every reference to it.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._first: dict[tuple[str, str], Entry] = {}
        self.known: dict[str, dict[str, None]] = {}

    def learn(self, kind: str, name: str) -> None:
        """Make a name known without an entry."""
        self.known.setdefault(kind, {})[name] = None

    def read(self, entry: Entry, pattern: re.Pattern[str] = PLAIN_ID) -> str:
        """The id of an entry, or ``""`` after reporting that it has none."""
        text = entry.required("id")
        if text and not pattern.fullmatch(text):
            self._report.maybe.add(text)
            letters = "a-z" if pattern is SERIES_ID else "A-Z, a-z"
            entry.problem(
                f"{text!r} cannot be an id",
                f"use {letters}, 0-9, dots and hyphens",
                entry.at("id"),
            )
            return ""
        return text

    def claim(self, kind: str, name: str, entry: Entry) -> bool:
        """Whether *entry* is the first of that id; a second one is a problem."""
        first = self._first.setdefault((kind, name), entry)
        self.learn(kind, name)
        if first is entry:
            return True
        entry.problem(
            f"the {kind} id {name!r} is used twice", f"first in {_where(first)}", entry.at("id")
        )
        return False

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
                f"the {kind} {name!r} is defined twice",
                f"first in {_where(first)}",
                entry.at("id"),
            )
        elif first.content(without) != entry.content(without):
            entry.problem(
                f"the {kind} {name!r} is defined otherwise in {_where(first)}",
                "a pack may add words, never redefine them",
                entry.at("id"),
            )
        return False

    def check(self, kind: str, found: Scalar, entry: Entry) -> bool:
        """Whether a reference is to something known; if not, say what is nearest."""
        name = found.text.strip()
        known: Mapping[str, None] = self.known.get(kind, {})
        if name in known:
            return True
        if not self._report.may_exist(name):
            entry.problem(f"no {kind} named {name!r}", self._report.near(name, known), found)
        return False

    def refer(self, kind: str, entry: Entry, key: str, required: bool = False) -> str:
        """The reference under *key*, ``""`` where it is missing or leads nowhere."""
        if key not in entry.node.entries:
            if required:
                entry.lacks(key)
            return ""
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


def drawn(circle: list[str]) -> str:
    """A circle in a message.

    >>> drawn(["a", "b"])
    'a -> b -> a'
    """
    shown = circle if len(circle) <= _MOST_DRAWN else [*circle[:_MOST_DRAWN], "..."]
    return " -> ".join([*shown, circle[0]])


def _where(entry: Entry) -> str:
    return f"{entry.document.file}:{entry.node.line}:{entry.node.column}"
