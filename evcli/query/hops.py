"""The hops of an explanation, each a row: a depth, what it is, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from evcli.model.answer import Column, Kind, Rounding, Value
from evcli.model.records import Source
from evcli.query.rows import bounded, citation

EXPLAIN_COLUMNS: tuple[Column, ...] = (
    Column("depth", Kind.NUMBER),
    *(Column(name) for name in ("kind", "id", "text", "period")),
    Column("value", Kind.NUMBER, Rounding.NEAREST, "unit"),
    Column("low", Kind.NUMBER, Rounding.DOWN, "unit"),
    Column("high", Kind.NUMBER, Rounding.UP, "unit"),
    Column("unit"),
    *bounded("yoy", Kind.CHANGE),
    *(Column(name) for name in ("formula", "source", "at", "url", "note", "file")),
    Column("line", Kind.NUMBER),
)


class Hop(NamedTuple):
    """One line of an explanation."""

    depth: int
    kind: str
    id: str
    text: str
    fields: dict[str, Value]

    def row(self) -> dict[str, Value]:
        """The hop as a row of :data:`EXPLAIN_COLUMNS`."""
        row: dict[str, Value] = {column.name: "" for column in EXPLAIN_COLUMNS}
        for name in ("value", "low", "high", "yoy", "yoy_low", "yoy_high", "line"):
            row[name] = None
        row.update(depth=self.depth, kind=self.kind, id=self.id, text=self.text)
        row.update(self.fields)
        row["told"] = "  " * self.depth + _told(self, row)
        return row


def _told(hop: Hop, row: Mapping[str, Value]) -> str:
    """The hop as one line for people: what it is, and where it stands."""
    if hop.kind == "derived":
        told = f" = {row['formula']}" if row["formula"] else ": what all the facts below allow"
        return hop.id + told
    if hop.kind == "figure":
        return f"{hop.id}: {row['note']}" if hop.text == row["note"] else hop.id
    place = f"{row['file']}:{row['line']}" if row["file"] else ""
    stands = ", ".join(str(part) for part in (row["at"], place) if part)
    line = f"{hop.kind}: {hop.text}"
    return f"{line} ({stands})" if stands else line


def source_hop(source: Source, depth: int, kind: str) -> Hop:
    """The document that something rests on."""
    return Hop(
        depth,
        kind,
        source.id,
        f"{source.id}: {citation(source)}",
        {"url": source.url, "source": source.id, "note": source.note},
    )
