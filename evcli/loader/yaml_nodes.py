"""YAML read strictly: raw scalars with the place of each, and nothing that YAML does by itself.

Only mappings, sequences and scalars come out. Repeated keys and control characters are problems;
a file with anchors, aliases, tags, keys that are no plain text, a second document or deep nesting
is told of the first of these and not read, as one that is no YAML.

>>> root = parse("a: {b: NO, c: [1.20]}", "x.yaml", Report())
>>> [entry.items[0].text for entry in root.entries["a"].entries.values() if type(entry) is Sequence]
['1.20']
>>> put_away(parse("series: [{id: a, facts: [{at: p1}]}]", "x.yaml", Report()))
'[1, 1, false, {"series": [1, 9, [[1, 10, true, {"id": ["a", 1, 15, true], "facts": [1, 25, []]},\
 {"id": [1, 11], "facts": [1, 18]}]]]}, {"series": [1, 1]}]'
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from evcli.loader.files import Report, ids_in
from evcli.tuples import NamedTuple

DEEPEST = 64
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Scalar(NamedTuple):
    """A text as written. ``plain`` where it has no quotes; line and column count from one."""

    text: str
    line: int
    column: int
    plain: bool


class Sequence(NamedTuple):
    """A list."""

    line: int
    column: int
    items: list[Node]


class Folded(NamedTuple):
    """A list put away as one text, a tenth of its size; the items are made when asked for."""

    line: int
    column: int
    text: str

    @property
    def items(self) -> list[Node]:
        """The same as they were."""
        return [*map(_node, json.loads(self.text))]


class Mapping(NamedTuple):
    """Entries by key, and the place of every key; ``flow`` where it is written with braces."""

    line: int
    column: int
    flow: bool
    entries: dict[str, Node]
    keys: dict[str, tuple[int, int]]


Node = Scalar | Sequence | Folded | Mapping
CALLED = {Scalar: "bare text", Sequence: "list", Folded: "list", Mapping: "mapping"}


def is_empty(node: Node) -> bool:
    """Whether it is a text without a letter, as where nothing stands behind a key."""
    return isinstance(node, Scalar) and not node.text


def content(node: Node) -> object:
    """What a node says, without places: for comparing two definitions."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key: content(value) for key, value in node.entries.items()}
    return [content(item) for item in node.items]


def put_away(root: Mapping) -> str:
    """What a fact file says but for the facts of its series, as a text; these are folded."""
    folded = []
    every = root.entries.get("series")
    for series in every.items if isinstance(every, Sequence) else ():
        facts = series.entries.get("facts") if isinstance(series, Mapping) else None
        if isinstance(facts, Sequence):
            facts = Folded(facts.line, facts.column, json.dumps(facts.items))
        if isinstance(series, Mapping) and isinstance(facts, Folded):
            folded.append((series, facts))
            series.entries["facts"] = Sequence(facts.line, facts.column, [])
    text = json.dumps(root)
    for series, each in folded:
        series.entries["facts"] = each
    return text


def brought_back(text: str) -> Any:
    """The mapping that was put away, without the facts of its series."""
    return _node(json.loads(text))


def _node(written: Any) -> Node:
    """A node by what JSON makes of it."""
    if type(written[0]) is str:
        return tuple.__new__(Scalar, written)  # quicker than to count its fields
    if len(written) == 3:
        line, column, items = written
        return Sequence(line, column, [*map(_node, items)])
    line, column, flow, entries, keys = written
    return Mapping(line, column, flow, {key: _node(e) for key, e in entries.items()}, keys)


def spans(text: str) -> Any:
    """The parser's own nodes of a text that was read before, which know where they end."""
    return yaml.compose(text, Loader=_LOADER)


class _Unread(Exception):
    """Where, why and with what hint a file is not read."""


def parse(text: str, file: str, report: Report) -> Mapping | None:
    """The mapping that a fact file is; None after telling *report* why it is not read."""
    hint = "write sources:, series: or vocabulary:"
    try:
        root = _root(text, file, report)
        if isinstance(root, Mapping):
            return root
        why: tuple[Any, ...] = (1, 1, "the file is empty", hint)
        if root is not None and not is_empty(root):
            message = f"a fact file is a mapping, not a {CALLED[type(root)]}"
            why = (root.line, root.column, message, hint)
    except _Unread as unread:
        why = unread.args
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # the parser in pure Python lets a few bare errors out
        said = error if isinstance(error, yaml.MarkedYAMLError) else yaml.MarkedYAMLError()
        mark = said.problem_mark or said.context_mark
        message = f"not YAML: {said.problem or said.context or error}".replace("\n", " ")
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)  # it counts from zero
        why = (*place, message, _advice(said))
    report.maybe.update(ids_in(text))
    report.add(file, *why)
    return None


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


def _root(text: str, file: str, report: Report) -> Node | None:
    """The node of a text, made with a stack of its own: depth costs no recursion."""
    if match := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        sign = f"the control character U+{ord(match[0]):04X}"
        what = "a NUL byte" if match[0] == "\0" else sign
        raise _Unread(line, column, f"the file contains {what}", "remove it")
    begins = (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)
    ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
    root: Node | None = None
    stack: list[Sequence | Mapping] = []
    parent: Sequence | Mapping | None = None
    key: tuple[str, int, int] | None = None
    for event in iter(_LOADER(text).get_event, None):
        kind = type(event)
        if kind in ends:
            stack.pop()
            parent = stack[-1] if stack else None
            continue
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if kind is yaml.AliasEvent or (
            kind in begins and (event.anchor is not None or event.tag is not None)
        ):
            raise _Unread(line, column, *_refused(event))
        if kind is yaml.ScalarEvent:
            value: str = event.value
            if not value.isprintable() and (match := CONTROL.search(value)):
                what = f"the text contains the control character U+{ord(match[0]):04X}"
                report.add(file, line, column, what, "remove it")
            if key is None and type(parent) is Mapping:
                key = (value, line, column)
                continue
            node: Node = Scalar(value, line, column, event.implicit[0])
        elif kind in begins:
            is_mapping = kind is yaml.MappingStartEvent
            if type(parent) is Mapping and key is None:
                hint = "quote a text that starts with { or ["
                raise _Unread(line, column, "a key is text, not a list or mapping", hint)
            if len(stack) >= DEEPEST:
                raise _Unread(line, column, f"nested deeper than {DEEPEST} levels", "")
            flow = bool(event.flow_style)
            node = Mapping(line, column, flow, {}, {}) if is_mapping else Sequence(line, column, [])
        else:
            if kind is yaml.DocumentStartEvent and root is not None:
                message, hint = "a second document in one file", "put it into a file of its own"
                raise _Unread(line, column, message, hint)
            if kind is yaml.DocumentStartEvent and event.tags:
                raise _Unread(line, column, "%TAG is not allowed", "remove it")
            continue
        if parent is None:
            root = node
        elif isinstance(parent, Sequence):
            parent.items.append(node)
        elif key is not None:
            name = key[0]
            if name in parent.entries:
                hint = f"it stands in line {parent.keys[name][0]} already"
                report.add(file, *key[1:], f"the key {name!r} is repeated", hint)
            else:
                parent.entries[name] = node
                parent.keys[name] = key[1:]
        key = None
        if type(node) is Mapping or type(node) is Sequence:
            stack.append(node)
            parent = node
    return root


def _refused(event: Any) -> tuple[str, str]:
    """What is wrong with an alias, an anchor or a tag, and what would be right."""
    if type(event) is yaml.AliasEvent:
        return f"aliases are not allowed: *{event.anchor}", "write it out"
    if event.anchor is not None:
        return f"anchors are not allowed: &{event.anchor}", "remove it"
    tag = event.tag.replace("tag:yaml.org,2002:", "!!")
    return f"tags are not allowed: {tag!r}", "every value is read as it is written"
