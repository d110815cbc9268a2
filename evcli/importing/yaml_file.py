"""Drafts as the text of a fact file, for the strict loader and for a curator's eyes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from evcli.importing.drafts import Drafts, told

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9./-]*|[0-9]{4}(?:-[0-9QH]+)*(?:/[0-9]{4}(?:-[0-9QH]+)*)?")
# YAML would read these as something else than the word; the strict loader would not, editors do
_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})


def as_yaml(drafts: Drafts, origin: str) -> str:
    """The fact file; *origin* names the table it was made from."""
    lines = [f"# Facts read from {_one_line(origin)}. Read each against its source, then:",
             "# evcli facts lint FILE --strict"]  # fmt: skip
    if drafts.problems:
        lines += ["#", "# Not understood, and not in here:"]
        lines += [f"#   {_one_line(each)}" for each in told(drafts.problems)]
    if drafts.sources:
        lines += ["sources:", *(f"  - {_flow(each)}" for each in drafts.sources.values())]
    if drafts.facts:
        lines.append("series:")
    for series, facts in drafts.facts.items():
        lines.append(f"  - id: {series}")
        definition = drafts.series.get(series, {})
        lines += [f"    {key}: {scalar(text)}" for key, text in definition.items() if key != "id"]
        lines += ["    facts:", *(f"      - {_flow(each)}" for each in facts)]
    return "\n".join([*lines, ""])


def scalar(text: str) -> str:
    """*text* as a YAML scalar that reads back as the same string.

    >>> scalar("2025-05"), scalar("NO"), scalar('over 67,000')
    ('2025-05', '"NO"', '"over 67,000"')
    """
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return '"' + _one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _flow(entry: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {scalar(text)}" for key, text in _said(entry)) + "}"


def _said(entry: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((key, text) for key, text in entry.items() if text)


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
