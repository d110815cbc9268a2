"""Drafts as the text of a fact file, for the strict loader and for a curator's eyes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from evcli.importing.drafts import Drafts, Said, told

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9./-]*|[0-9]{4}(?:-[0-9QH]+)*(?:/[0-9]{4}(?:-[0-9QH]+)*)?")
# YAML would read these as something else than the word; the strict loader would not, editors do
_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})


def as_yaml(drafts: Drafts, origin: str) -> str:
    """The fact file; *origin* names the table it was made from."""
    lines = [
        f"# Facts read from {_one_line(origin)}. Read each against its source, then:",
        "# evcli facts lint FILE --strict",
    ]
    if drafts.problems:
        lines += ["#", "# Not understood, and not in here:"]
        lines += [f"#   {_one_line(each)}" for each in told(drafts.problems)]
    words = {section: found for section, found in drafts.vocabulary.items() if found}
    if words:
        lines.append("vocabulary:")
    for section, found in words.items():
        lines += [f"  {section}:", *(f"    - {_flow(each)}" for each in found.values())]
    if drafts.sources:
        lines += ["sources:", *(f"  - {_flow(each)}" for each in drafts.sources.values())]
    if drafts.facts:
        lines.append("series:")
    for series, facts in drafts.facts.items():
        lines.append(f"  - id: {series}")
        definition = drafts.series.get(series, {})
        lines += [f"    {key}: {scalar(text)}" for key, text in definition.items() if key != "id"]
        if facts:
            lines += ["    facts:", *(f"      - {_flow(each)}" for each in facts)]
    return "\n".join([*lines, ""])


def scalar(text: str) -> str:
    """*text* as a YAML scalar that reads back as the same string.

    >>> scalar("2025-05"), scalar("NO"), scalar('over 67,000')
    ('2025-05', '"NO"', '"over 67,000"')
    """
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _flow(said: Said) -> str:
    """What stands under a key, on one line; keys without anything under them are left out."""
    if isinstance(said, str):
        return scalar(said)
    if isinstance(said, Mapping):
        pairs = (f"{key}: {_flow(text)}" for key, text in said.items() if text)
        return "{" + ", ".join(pairs) + "}"
    return "[" + ", ".join(map(_flow, said)) + "]"


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
