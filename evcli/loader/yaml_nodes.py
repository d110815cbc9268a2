"""YAML read strictly: raw scalars with the place of each, and nothing that YAML does by itself.

Only mappings, sequences and scalars come out. Anchors, aliases, tags, repeated keys, keys that
are no plain text, several documents, deep nesting and control characters are problems.

>>> root = parse("a: {b: NO, c: [1.20]}", "x.yaml", Report())
>>> [entry.items[0].text for entry in root.entries["a"].entries.values() if type(entry) is Sequence]
['1.20']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import yaml

from evcli.loader.files import Report, ids_in

DEEPEST = 64
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_DROP = ("", 0, 0)  # in place of a key that is none: what follows it is read and forgotten
_SPLIT_NUMBER = re.compile(r"\d{3}(?:\D.*)?")


@dataclass(slots=True, eq=False)
class Scalar:
    """A text as written. ``plain`` where it has no quotes; line and column count from one."""

    kind: ClassVar = "bare text"  # what it is called in messages
    text: str
    line: int
    column: int
    plain: bool


@final
@dataclass(slots=True, eq=False)
class Sequence:
    """A list."""

    kind: ClassVar = "list"
    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@final
@dataclass(slots=True, eq=False)
class Mapping:
    """Entries by key, and the place of every key.

    ``flow`` where it is written with braces, ``cut`` where the file broke off inside it.
    """

    kind: ClassVar = "mapping"
    line: int
    column: int
    flow: bool
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    cut: bool = False


@dataclass(slots=True, eq=False)
class Broken:
    """What stands where a problem was reported already; nothing more is said of it."""

    kind: ClassVar = ""
    line: int
    column: int


Node = Scalar | Sequence | Mapping | Broken


def is_empty(node: Node) -> bool:
    """Whether it is a text without a letter, as where nothing stands behind a key."""
    return isinstance(node, Scalar) and not node.text


def content(node: Node) -> object:
    """What a node says, without places: for comparing two definitions."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [content(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key: content(value) for key, value in node.entries.items()}
    return None


def spans(text: str) -> Any:
    """The parser's own nodes of a text that was read before, which know where they end."""
    return yaml.compose(text, Loader=_LOADER)


def parse(text: str, file: str, report: Report) -> Mapping | None:
    """The mapping that a fact file is.

    Problems go to *report*; then what could be read completely is returned all the same.
    None where the file holds no mapping at all, or is nested too deeply.
    """
    try:
        return _parsed(text, file, report)
    except _TooDeep as deep:
        report.maybe.update(ids_in(text))
        report.add(file, *_place(deep.args[0]), f"nested deeper than {DEEPEST} levels")
        return None


def _parsed(text: str, file: str, report: Report) -> Mapping | None:
    if match := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        what = "a NUL byte" if match[0] == "\0" else f"the control character U+{ord(match[0]):04X}"
        report.maybe.update(ids_in(text))
        report.add(file, line, column, f"the file contains {what}", "remove it")
        return None
    builder = _Builder(file, report)
    try:
        builder.build(iter(_LOADER(text).get_event, None))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # the parser in pure Python lets a few bare errors out
        said = error if isinstance(error, yaml.MarkedYAMLError) else yaml.MarkedYAMLError()
        mark = said.problem_mark or said.context_mark
        # the parser reads ahead of its events, and libyaml from 0.2.6 has a limit of its own
        with suppress(yaml.YAMLError, _GiveUp):  # the text is cut off
            before = _LOADER(text[: mark.index] if mark else "")
            _Builder("", Report()).build(iter(before.get_event, None))
        builder.broken(text)
        message = f"not YAML: {said.problem or said.context or error}".replace("\n", " ")
        report.add(file, *(_place(mark) if mark else (0, 0)), message, _advice(said))
    except _GiveUp:
        builder.broken(text)
    root = builder.root
    if isinstance(root, Mapping):
        return root
    if not isinstance(root, Broken) and not builder.gave_up:
        hint = "write sources:, series: or vocabulary:"
        if root is not None:
            report.maybe.update(ids_in(text))
        if root is None or is_empty(root):
            report.add(file, 1, 1, "the file is empty", hint)
        else:
            message = f"a fact file is a mapping, not a {root.kind}"
            report.add(file, root.line, root.column, message, hint)
    return None


def _place(mark: Any) -> tuple[int, int]:
    """Line and column, which the parser counts from zero."""
    return mark.line + 1, mark.column + 1


def _advice(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or "")
    if "mapping values" in problem:
        return "quote a text that contains a colon"
    if "cannot start any token" in problem:
        return "indent with spaces, and quote a text that starts with @, %, ` or a tab"
    if "',' or" in problem:
        return f"begun in line {error.context_mark.line + 1}" if error.context_mark else ""
    if "unexpected end of stream" in problem and error.context_mark:
        return f"the quote in line {error.context_mark.line + 1} is never closed"
    if "block" in str(error.context or "") and error.context_mark:
        return f"check the indentation since line {error.context_mark.line + 1}"
    return ""


class _TooDeep(Exception):
    """A collection begins beyond the deepest level, at the mark that is its argument."""


class _GiveUp(Exception):
    """The rest of the file is not worth reading; the problem is reported."""


class _Builder:
    """Makes nodes of parser events with a stack of its own, so that depth costs no recursion."""

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report
        self.root: Node | None = None
        self.gave_up = False
        self._stack: list[Sequence | Mapping] = []
        self._split: Scalar | None = None

    def broken(self, text: str) -> None:
        """The file broke off: forget the item begun, keep what is complete."""
        self.gave_up = True
        self.report.maybe.update(ids_in(text))
        if len(self._stack) == 1 and isinstance(self.root, Mapping) and self.root.entries:
            # "events: a: b" got as far as taking the a for the value of events
            key, value = self.root.entries.popitem()
            if not isinstance(value, Scalar):
                self.root.entries[key] = value
        stack = self._stack
        for level in range(len(stack) - 1, 0, -1):
            above = stack[level - 1]
            if isinstance(above, Sequence) and above.items and above.items[-1] is stack[level]:
                above.items.pop()
                del stack[level:]
                break
        for node in stack:
            if isinstance(node, Mapping):
                node.cut = True

    def build(self, events: Iterator[Any]) -> None:
        """Read all events; YAML errors pass through."""
        scalar_event, end_mapping = yaml.ScalarEvent, yaml.MappingEndEvent
        end_sequence = yaml.SequenceEndEvent
        stack = self._stack
        parent: Sequence | Mapping | None = None
        keys: list[tuple[str, int, int] | None] = []  # what is pending once a collection ends
        key: tuple[str, int, int] | None = None
        for event in events:
            kind = type(event)
            if kind is scalar_event:
                if event.anchor is not None or event.tag is not None:
                    self._refuse(event)
                mark = event.start_mark
                text: str = event.value
                if not text.isprintable() and (match := _CONTROL.search(text)):
                    what = f"the text contains the control character U+{ord(match[0]):04X}"
                    self._problem(mark, what, "remove it")
                if key is None and type(parent) is Mapping:
                    key = (text, mark.line + 1, mark.column + 1)
                    continue
                node: Node = Scalar(text, mark.line + 1, mark.column + 1, event.implicit[0])
            elif kind is end_mapping or kind is end_sequence:
                stack.pop()
                key = keys.pop()
                parent = stack[-1] if stack else None
                continue
            else:
                made = self._open(event)
                if made is None:
                    continue
                node = made
            after = None
            if parent is None:
                self.root = node
            elif type(parent) is Sequence:
                parent.items.append(node)
            elif key is None:
                if not isinstance(node, Broken):
                    hint = "quote a text that starts with { or ["
                    self._problem(event.start_mark, "a key is text, not a list or mapping", hint)
                after = _DROP
            elif key is not _DROP and not self._rejoin(parent, key, node):
                name, line, column = key
                if name in parent.entries:
                    hint = f"it stands in line {parent.keys[name][0]} already"
                    self.report.add(self.file, line, column, f"the key {name!r} is repeated", hint)
                else:
                    parent.entries[name] = node
                    parent.keys[name] = (line, column)
            if type(node) is Mapping or type(node) is Sequence:
                if len(stack) >= DEEPEST:
                    raise _TooDeep(event.start_mark)
                stack.append(node)
                keys.append(after)
                parent = node
                after = None
            key = after

    def _open(self, event: Any) -> Node | None:
        """The node of an event that is no scalar and ends nothing."""
        kind = type(event)
        mark = event.start_mark
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor is not None or event.tag is not None:
                self._refuse(event)
            if kind is yaml.MappingStartEvent:
                return Mapping(*_place(mark), bool(event.flow_style))
            return Sequence(*_place(mark))
        if kind is yaml.AliasEvent:
            self._problem(mark, f"aliases are not allowed: *{event.anchor}", "write it out")
            return Broken(*_place(mark))
        if kind is yaml.DocumentStartEvent:
            if self.root is not None:
                hint = "put it into a file of its own"
                self._problem(mark, "a second document in one file", hint)
                raise _GiveUp
            if event.tags:
                self._problem(mark, "%TAG is not allowed", "remove it")
        return None

    def _problem(self, mark: Any, message: str, hint: str) -> None:
        self.report.add(self.file, *_place(mark), message, hint)

    def _refuse(self, event: Any) -> None:
        mark = event.start_mark
        if event.anchor is not None:
            self._problem(mark, f"anchors are not allowed: &{event.anchor}", "remove it")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            hint = "every value is read as it is written"
            self._problem(mark, f"tags are not allowed: {tag!r}", hint)

    def _rejoin(self, parent: Mapping, key: tuple[str, int, int], node: Node) -> bool:
        """Whether the key is only the rest of an unquoted number, as in ``{stated: 212,000}``."""
        if type(node) is not Scalar or node.text:
            return False
        if not (node.plain and parent.flow and parent.entries and _SPLIT_NUMBER.fullmatch(key[0])):
            return False
        name, value = next(reversed(parent.entries.items()))
        if type(value) is not Scalar or not value.plain or not value.text[-1:].isdigit():
            return False
        before, value.text = value.text, f"{value.text},{key[0]}"
        problems = self.report.problems
        if self._split is value and problems and problems[-1].column == value.column:
            problems.pop()
        self._split = value
        message = f"the comma after {before.split(',')[0]} ends the value"
        hint = f'quote the number: {name}: "{value.text}"'
        self.report.add(self.file, value.line, value.column, message, hint)
        return True
