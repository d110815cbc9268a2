"""Typed access to the entries of fact files: each mistake is reported once, where it stands.

A value that is missing or wrong comes back empty (``""``, ``()``, None) after it was reported,
so that callers go on and find the next mistake without repeating this one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass
from typing import Final

from evcli.errors import did_you_mean, nearest
from evcli.loader.problems import Report
from evcli.loader.yaml_nodes import Broken, Mapping, Node, Scalar, Sequence, content, is_empty
from evcli.model.field import KINDS
from evcli.model.records import Place
from evcli.schema.records import keys

_YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}
_LONGEST = 100  # what is longer is near nothing


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One fact file as read."""

    file: str
    root: Mapping
    definitions_only: bool = False


@dataclass(slots=True, eq=False)
class Entry:
    """A mapping in a fact file, with what it is called in messages."""

    node: Mapping
    document: Document
    report: Report
    what: str
    _excused: frozenset[str] = frozenset()  # keys probably meant by misspelt ones

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.document.file, self.node.line, self.node.column)

    def problem(self, message: str, hint: str = "", at: Node | str = "") -> None:
        """Report a mistake at *at*, a node or a key, else at the entry's own place."""
        where = self.at(at) if isinstance(at, str) else at
        self.report.add(self.document.file, where.line, where.column, message, hint)

    def at(self, key: str) -> Node:
        """Where the value of *key* stands, else the entry."""
        return self.node.entries.get(key, self.node)

    def has(self, key: str) -> bool:
        """Whether the key is there, or was probably meant by a misspelt one."""
        return key in self.node.entries or key in self._excused

    def only(self, allowed: Set[str]) -> None:
        """Report keys that are not in *allowed*; call it before anything else."""
        if self.node.entries.keys() <= allowed:
            return
        free = sorted(allowed - self.node.entries.keys())
        for key, value in self.node.entries.items():
            if key in allowed:
                continue
            if self.report.is_full(self.document.file):
                break
            hint = f"keys of a {self.what}: {', '.join(sorted(allowed))}"
            for close in nearest(key, free, 1) if len(key) < _LONGEST else ():
                hint = f"did you mean {close!r}?"
                self._excused |= {close}
                if close == "id" and isinstance(value, Scalar):
                    self.report.maybe.add(value.text)
            if self.node.flow and isinstance(value, Scalar) and value.plain and not value.text:
                hint = "inside {} a comma starts a new key: quote the text before it"
            message = f"unknown key {key!r} in a {self.what}"
            self.report.add(self.document.file, *self.node.keys[key], message, hint)

    def lacks(self, key: str) -> None:
        """Report a missing key, unless a misspelt one or a file that broke off is the reason."""
        if not (self.node.cut or key in self._excused):
            name = self.node.entries.get("id")
            called = f" {name.text!r}" if isinstance(name, Scalar) and name.text else ""
            self.problem(f"the {self.what}{called} lacks {key!r}")

    def scalar(self, key: str) -> Scalar | None:
        """The scalar under *key*, not empty; None where there is none or it is reported."""
        node = self.node.entries.get(key)
        return self._scalar(node, key) if node is not None else None

    def _scalar(self, node: Node, key: str) -> Scalar | None:
        if type(node) is Scalar:
            if node.text and not node.text.isspace():
                return node
            self.problem(f"{key!r} is empty", "give a value or leave the key out", node)
        elif not isinstance(node, Broken):
            self.problem(f"{key!r} is one text, not a {node.kind}", "", node)
        return None

    def text(self, key: str) -> str:
        """The text under *key* without surrounding space, else ``""``."""
        found = self.scalar(key)
        return found.text.strip() if found else ""

    def required(self, key: str) -> str:
        """The same, reporting a missing key."""
        if key not in self.node.entries:
            self.lacks(key)
        return self.text(key)

    def scalars(self, key: str, *, some: bool = False) -> list[Scalar]:
        """One scalar or a list of them, each with its place; with *some* the list is not empty."""
        node = self.node.entries.get(key)
        if type(node) is Mapping:
            self.problem(f"{key!r} is a text or a list, not a mapping", "", node)
        elif type(node) is Sequence:
            if some and not node.items:
                self.problem(f"{key!r} is an empty list", "name one at least", node)
            return [item for each in node.items if (item := self._scalar(each, key))]
        elif found := self.scalar(key):
            return [found]
        return []

    def texts(self, key: str, *, some: bool = False) -> tuple[str, ...]:
        """The texts of one scalar or a list; with *some* the list is not empty."""
        return tuple([item.text.strip() for item in self.scalars(key, some=some)])

    def choice(self, key: str, options: Collection[str]) -> str:
        """One of *options*; ``""`` where the key is missing and after a problem."""
        found = self.scalar(key)
        if found is None or found.text in options:
            return found.text if found else ""
        near = did_you_mean(found.text, options, 1) if len(found.text) < _LONGEST else ""
        hint = f"{near} valid: {', '.join(options)}".lstrip()
        self.problem(f"unknown {key} {found.text!r}", hint, found)
        return ""

    def flag(self, key: str, default: bool) -> bool:
        """yes, no, true or false."""
        found = self.scalar(key)
        if found is not None and found.text not in _YES_NO:
            self.problem(f"{key!r} is {found.text!r}", "write yes or no", found)
        return _YES_NO.get(found.text, default) if found is not None else default

    def list(self, key: str, what: str) -> Iterator[Entry]:
        """The mappings in the list under *key*."""
        node = self.node.entries.get(key)
        if node is None or isinstance(node, Broken):
            return
        if is_empty(node):
            self.problem(f"{key!r} is empty", f"write {key}: [] or leave it out", node)
        elif not isinstance(node, Sequence):
            self.problem(f"{key!r} is a list", "start each item with a dash", node)
        else:
            for item in node.items:
                if type(item) is Mapping:
                    yield Entry(item, self.document, self.report, what)
                elif not isinstance(item, Broken):
                    self.problem(f"a {what} is a mapping, not a {item.kind}", "", item)

    def records(self, key: str, kind: str) -> Iterator[Entry]:
        """The entries of a kind of records in the list under *key*, their keys checked."""
        known = keys(KINDS[kind].record).keys()
        for entry in self.list(key, KINDS[kind].singular):
            entry.only(known)
            yield entry

    def child(self, key: str, what: str) -> Entry | None:
        """The mapping under *key*."""
        node = self.node.entries.get(key)
        if isinstance(node, Mapping):
            return Entry(node, self.document, self.report, what)
        if node is not None and not isinstance(node, Broken):
            self.problem(f"{key!r} is {'empty' if is_empty(node) else 'a mapping'}", "", node)
        return None

    def where(self, key: str = "") -> str:
        """Where it, or the value of *key*, stands: ``FILE:LINE:COLUMN``."""
        node = self.at(key)
        return f"{self.document.file}:{node.line}:{node.column}"

    def content(self, without: str = "") -> object:
        """What it says, without places and without the key *without*."""
        return {key: content(node) for key, node in self.node.entries.items() if key != without}
