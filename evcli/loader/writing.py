r"""Entries as YAML, and the place of a new one in a fact file that people keep.

A file is never read and written back: lines go in where the parser says that entries end, and all
others, comments and blank lines among them, stay as they are.

>>> kept = 'series:\n  - id: a\n    facts:\n      - {period: 2024}  # the first\n'
>>> print(with_fact(kept, "a", {"period": "2025", "stated": "over 5"}), end="")
series:
  - id: a
    facts:
      - {period: 2024}  # the first
      - {period: 2025, stated: "over 5"}
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from evcli.loader.yaml_nodes import spans

# what stands under a key of a fact file
YamlValue = str | Sequence["YamlValue"] | Mapping[str, "YamlValue"]
DraftEntry = Mapping[str, YamlValue]

_PLAIN_SCALAR = re.compile(
    r"[A-Za-z][A-Za-z0-9./-]*|[0-9]{4}(?:-[0-9QH]+)*(?:/[0-9]{4}(?:-[0-9QH]+)*)?"
)
# YAML would read these as something else than the word; the strict loader would not, editors do
_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
_LINE = re.compile(r"[^\r\n]*")


def scalar(text: str) -> str:
    """*text* as a YAML scalar that reads back as the same string.

    >>> scalar("2025-05"), scalar("NO"), scalar('over 67,000')
    ('2025-05', '"NO"', '"over 67,000"')
    """
    if _PLAIN_SCALAR.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    quoted = re.sub(r'(["\\])', r"\\\1", text)
    safe = (sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
    return f'"{"".join(safe)}"'


def flow(value: YamlValue) -> str:
    """What stands under a key, on one line; keys without anything under them are left out."""
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        pairs = (f"{key}: {flow(under)}" for key, under in value.items() if under)
        return "{" + ", ".join(pairs) + "}"
    return "[" + ", ".join(map(flow, value)) + "]"


def facts_of(text: str, series: str) -> int:
    """How many facts of *series* a file has, -1 where it does not name the series."""
    entries = [_under(each) for each in _entries(text, series)]
    return sum(len(each["facts"][1].value) for each in entries if "facts" in each) - (not entries)


def with_fact(text: str, series: str, fact: DraftEntry) -> str:
    """The *text* of a fact file with one fact more of *series*, behind those of earlier periods."""
    entries = sorted(_entries(text, series), key=lambda each: "facts" not in _under(each))
    if entries:
        return _with_item(text, entries[0], "facts", fact)
    return with_entry(text, "series", {"id": series, "facts": [fact]})


def with_entry(text: str, section: str, entry: DraftEntry) -> str:
    """The *text* of a fact file with one *entry* more at the end of a *section*."""
    root = spans(text)
    if root is None:
        return f"{text}{_listed(section, entry, '')}\n"
    return _with_item(text, root, section, entry)


def _entries(text: str, series: str) -> list[Any]:
    _, listed = _under(spans(text)).get("series", (None, None)) if series in text else (None, None)
    items = listed.value if listed else ()
    return [each for each in items if _under(each)["id"][1].value == series]


def _under(mapping: Any) -> dict[str, tuple[Any, Any]]:
    """The nodes of key and value by key."""
    return {name.value: (name, value) for name, value in mapping.value}


def _end(node: Any) -> int:
    """Where a node ends; the parser puts the end of a block where the next begins."""
    if node.id == "scalar" or node.flow_style:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if node.id == "mapping" else last)


def _put(text: str, at: int, new: str) -> str:
    """*text* with something *new* in it, its lines ended as all are."""
    return text[:at] + new.replace("\n", "\r\n" if "\r\n" in text else "\n") + text[at:]


def _behind(text: str, node: Any, new: str) -> str:
    """*text* with *new* lines behind that on which a node ends, and its comment with it."""
    line = _LINE.match(text, len(text[: _end(node)].rstrip()))
    return _put(text, line.end() if line else len(text), f"\n{new}")


def _item(entry: DraftEntry, dash: str, *, flat: bool) -> str:
    """An entry as an item of a list: *flat*, or with a line for each key."""
    if flat and "facts" not in entry:
        return f"{dash}{flow(entry)}"
    indent, facts = " " * len(dash), entry.get("facts", ())
    lines = [f"{key}: {flow(value)}" for key, value in entry.items() if value and key != "facts"]
    lines += [_listed("facts", each, indent).strip() for each in facts if isinstance(each, Mapping)]
    return dash + f"\n{indent}".join(lines)


def _listed(key: str, item: DraftEntry, indent: str) -> str:
    """A key with a list of one item under it; only the sections of a file have a line a key."""
    return f"{indent}{key}:\n" + _item(item, f"{indent}  - ", flat=bool(indent))


def _with_item(text: str, mapping: Any, key: str, entry: DraftEntry) -> str:
    """One more *entry* in the list under a key of a mapping, in the order of dates."""
    under = _under(mapping)
    if key not in under and mapping.flow_style:
        at = _end(mapping.value[-1][1]) if under else mapping.start_mark.index + 1
        return _put(text, at, f"{', ' * bool(under)}{key}: [{flow(entry)}]")
    if key not in under:
        indent = " " * mapping.start_mark.column
        new = _listed(key, entry, indent)
        return _behind(text, mapping.value[-1][1], new if indent else f"\n{new}")
    name, listed = under[key]
    when = entry.get("period") or entry.get("as_of")
    dates = [(under.get("period") or under.get("as_of")) for under in map(_under, listed.value)]
    earlier = (
        at for at, each in enumerate(dates, 1) if not (when and each and each[1].value > when)
    )
    last = max(earlier, default=0)
    beside = listed.value[last - 1] if last else name
    if listed.flow_style and last:
        return _put(text, _end(beside), f", {flow(entry)}")
    if listed.flow_style:
        new = f"{flow(entry)}{', ' * bool(listed.value)}"
        return _put(text, listed.start_mark.index + 1, new)
    dash = f"{' ' * listed.start_mark.column}- "
    return _behind(text, beside, _item(entry, dash, flat=listed.value[0].flow_style))
