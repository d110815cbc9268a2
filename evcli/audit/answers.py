"""``check`` as an answer: one row a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evcli.audit.check import Audit
from evcli.audit.finding import Finding
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View

CHECK_COLUMNS = (
    Column("verdict"),
    Column("series", Kind.LIST),
    Column("periods", Kind.LIST),
    Column("facts", Kind.LIST),
    Column("sources", Kind.LIST),
    Column("set_aside", Kind.LIST),
    Column("size", Kind.NUMBER),
    Column("message"),
)
_VIEWS = (
    HumanColumn("verdict", View.TEXT, ("verdict",)),
    HumanColumn("series", View.TEXT, ("about",), optional=1),
    HumanColumn("what", View.TEXT, ("message",)),
    HumanColumn("src", View.SOURCES, ("sources",)),
)


def check_answer(audit: Audit, footnotes: Mapping[str, str], *, everything: bool) -> Answer:
    """The open findings, with *everything* those that are acknowledged, too."""
    rows = [_row(found) for found in audit.sorted.open]
    if everything:
        rows += [
            _row(found, f"{found.message}; acknowledged: {entry.reason}")
            for found, entry in audit.sorted.explained
        ]
    used = {each for row in rows for each in _sources(row)}
    notes = [f"{audit.facts:,} facts held together, {_many(len(audit.proved), 'claim')} proved"]
    hidden = len(audit.sorted.explained)
    if hidden and not everything:
        notes.append(f"{_many(hidden, 'finding')} acknowledged (--acknowledged shows them)")
    return Answer(
        CHECK_COLUMNS,
        rows,
        _VIEWS,
        notes=tuple(notes),
        footnotes={source: line for source, line in footnotes.items() if source in used},
    )


def _row(found: Finding, message: str = "") -> dict[str, Value]:
    return {
        "verdict": found.verdict.value,
        "series": found.series,
        "periods": found.periods,
        "facts": found.facts,
        "sources": found.sources,
        "set_aside": found.set_aside,
        "size": found.size,
        "message": message or found.message,
        "about": _about(found.series),
    }


def _about(series: Sequence[str]) -> str:
    """The series of a finding as a narrow column has room for them.

    >>> _about(["x.nev", "x.all", "x.ice"])
    'x.nev and 2 more'
    """
    if len(series) < 3:
        return " and ".join(series)
    return f"{series[0]} and {len(series) - 1} more"


def _sources(row: Mapping[str, Value]) -> tuple[str, ...]:
    sources = row["sources"]
    return sources if isinstance(sources, tuple) else ()


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
