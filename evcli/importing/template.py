"""The fact file that ``evcli facts new`` offers for filling in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from evcli.importing.drafts import one_line, scalar
from evcli.model.records import Series
from evcli.model.unit import UnitKind
from evcli.model.vocabulary import Vocabulary

# the first line of a fact file that has the schema beside it, for the YAML language server
_EDITOR_LINE = "# yaml-language-server: $schema=facts.schema.json"
_SERIES_ID = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Known:
    """What the packs know of the things named: words, the series, and whether the source."""

    words: Vocabulary
    series: Series | None = None
    source: bool = False


def template(name: str, source: str, known: Known) -> str:
    """YAML for the strict loader, once every ``<placeholder>`` is replaced.

    *name* is the id of a series, or the title of a new one; *source* may be empty.
    """
    title = name
    if known.series:
        unit = known.words.units.get(known.series.unit)
        counted = f" ({unit.name})" if unit else ""
        title = f"{known.series.id}: {known.series.title}{counted}"
    comments = (
        f"Facts for {title}",
        "Replace all that stands in <angle brackets>, drop the lines you do not need, "
        "then run: evcli facts lint FILE",
        "Editors check what you type against that schema once it stands beside this file: "
        "evcli facts schema > facts.schema.json",
    )
    lines = [_EDITOR_LINE, *(line for each in comments for line in _comment(each)), ""]
    if not known.source:
        lines += [*_source(source), ""]
    known_series = known.series and [f"  - id: {known.series.id}"]
    lines += ["series:", *(known_series or _definition(name, known.words))]
    return "\n".join([*lines, *_facts(source, known), ""])


def _source(source: str) -> list[str]:
    return [
        "sources:",
        f"  - id: {scalar(source) if source else '<source-id>'}",
        '    title: "<title of the document>"',
        '    outlet: "<who printed it>"',
        _with("    # publisher: <publisher-id>", "only where the page is the counter's own"),
        _with("    published: <2025-06-11>", "a day, month or year; else drop the line"),
        "    url: <https://example.org/page>",
    ]


def _definition(name: str, words: Vocabulary) -> list[str]:
    is_id = _SERIES_ID.fullmatch(name) is not None
    series_id = name if is_id else "<subject.metric.scope.publisher>"
    title = '"<what is counted, and by whom>"' if is_id else scalar(name)
    return [
        f"  - id: {series_id}",
        f"    title: {title}",
        *_choice("subject", words.subjects),
        *_choice("metric", words.metrics),
        *_choice("scope", words.scopes),
        _with("    # destination: <place-id>", "a country code or a region; else world"),
        *_choice("unit", words.units),
        *_choice("publisher", words.publishers),
        *_choice("method", words.methods),
    ]


def _facts(source: str, known: Known) -> list[str]:
    metric = known.words.metrics.get(known.series.metric) if known.series else None
    unit = known.words.units.get(known.series.unit) if known.series else None
    cited = scalar(source) if source else "<source-id>"
    if metric is not None and metric.kind.is_stock:
        when = [_with("      - as_of: <2025-05>", "the date of the count: a day, month or year")]
    else:
        when = [_with("      - period: <2025-05>", "or 2025, 2025-H1, 2025-Q3, 2025-01/2025-05")]
        if metric is None:
            when.append(_with("        # as_of: <2025-05>", "instead of period, for a stock"))
    examples = {UnitKind.MONEY: "$16 billion", UnitKind.PERCENT: "28.2%", UnitKind.INDEX: "153"}
    example = examples.get(unit.kind, "212,000") if unit else "212,000"
    return [
        "    facts:",
        *when,
        _with(f'        stated: "<{example}>"', "as printed, with its over, nearly, about"),
        _with('        # yoy: "<+64.6%>"', "growth on the year before, if printed"),
        _with(f"        source: {cited}", "one source; another one is another fact"),
        _with("        at: <p3>", "the paragraph, or a list: [p1, p3]"),
        _with("        # origin: <source-id>", "where the source has it from, if it says so"),
        '        # note: "<what a reader must know>"',
    ]


def _with(line: str, comment: str) -> str:
    return f"{line.ljust(31)}  # {comment}"


def _choice(word: str, known: Iterable[str]) -> list[str]:
    choices = _comment(f"{word}: {', '.join(known)}", "    ") if known else []
    return [*choices, f"    {word}: <{word}-id>"]


def _comment(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        " ".join(one_line(text).split()),
        78,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}#   ",
        break_on_hyphens=False,
        break_long_words=False,
    )
