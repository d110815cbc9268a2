"""Dated events."""

from __future__ import annotations

from collections.abc import Collection

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Value, View
from evcli.model.records import Event, Rank
from evcli.query.figures import FigureSource
from evcli.query.rows import footnotes, subject_name
from evcli.query.selection import Wanted

EVENT_KINDS = (
    "policy",
    "investigation",
    "market-entry",
    "agreement",
    "opening",
    "product",
    "history",
)
EVENT_COLUMNS: tuple[Column, ...] = (
    *(Column(name) for name in ("id", "date", "kind", "subject", "title")),
    Column("sources", Kind.LIST),
    Column("note"),
)
_VIEWS = (
    HumanColumn("date", View.TEXT, ("date",)),
    HumanColumn("kind", View.TEXT, ("kind",), optional=1),
    HumanColumn("who", View.TEXT, ("whom",), optional=2),
    HumanColumn("what", View.TEXT, ("title",)),
    HumanColumn("src", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("note",)),
)


def events_answer(
    source: FigureSource,
    wanted: Wanted,
    kinds: Collection[str] = (),
    *,
    include_deprecated: bool = False,
) -> Answer:
    """Dated events, oldest first, undated ones last."""
    events = [
        event
        for event in source.store.events(
            kinds=kinds or None, subjects=wanted.where.subjects or None
        )
        if (not wanted.where.sources or event.source in wanted.where.sources)
        and source.is_out(event.source)
        and (include_deprecated or event.rank is not Rank.DEPRECATED)
        and wanted.when.holds(event.date)
    ]
    events.sort(key=lambda each: (each.date.sort_key, each.id))
    if wanted.when.latest:
        newest = wanted.when.pick([event.date for event in events])
        events = [event for event in events if event.date in newest]
    rows = [_event_row(source, event) for event in events]
    return Answer(
        EVENT_COLUMNS,
        rows,
        _VIEWS,
        footnotes=footnotes(rows, source.store),
        title="Events",
        hint="no event matches",
    )


def _event_row(source: FigureSource, event: Event) -> dict[str, Value]:
    reason = f"deprecated: {event.reason.rstrip('. ')}" if event.reason else ""
    return {
        "id": event.id,
        "date": str(event.date),
        "kind": event.kind,
        "subject": event.subject,
        "title": event.title,
        "sources": (event.source,),
        "note": "; ".join(filter(None, (reason, event.note))),
        "rank": event.rank.value,
        "whom": subject_name(event.subject, source.words),
    }
