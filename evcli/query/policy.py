"""Trade measures, in force or not, and dated events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Rounding, Value, View
from evcli.model.errors import UnknownName, UsageError
from evcli.model.fact import Event, Measure
from evcli.model.period import Period
from evcli.query.figures import FigureSource
from evcli.query.rows import footnotes, subject_name
from evcli.query.selection import Wanted

IN_FORCE_STAGES = ("provisional", "definitive", "adopted")
EVENT_KINDS = (
    "policy", "investigation", "market-entry", "agreement", "opening", "product", "history",
)  # fmt: skip
MEASURE_COLUMNS: tuple[Column, ...] = (
    *(Column(name) for name in ("id", "jurisdiction", "instrument", "stage", "target", "subject")),
    Column("rate", Kind.NUMBER, Rounding.NEAREST, "rate_unit"),
    Column("low", Kind.NUMBER, Rounding.DOWN, "rate_unit"),
    Column("high", Kind.NUMBER, Rounding.UP, "rate_unit"),
    *(Column(name) for name in ("rate_unit", "on_top_of", "minimum", "quota", "from", "until")),
    Column("sources", Kind.LIST),
    Column("note"),
)
EVENT_COLUMNS: tuple[Column, ...] = (
    *(Column(name) for name in ("id", "date", "kind", "subject", "title")),
    Column("sources", Kind.LIST),
    Column("note"),
)
_MEASURE_VIEWS = (
    HumanColumn("where", View.TEXT, ("jurisdiction",)),
    HumanColumn("measure", View.TEXT, ("instrument",)),
    HumanColumn("stage", View.TEXT, ("stage",)),
    HumanColumn("on", View.TEXT, ("target",)),
    HumanColumn("whom", View.TEXT, ("whom",), optional=1),
    HumanColumn("rate", View.BOUNDED, ("rate", "low", "high"), "rate_unit", optional=1),
    HumanColumn("from", View.TEXT, ("from",)),
    HumanColumn("until", View.TEXT, ("until",), optional=1),
    HumanColumn("src", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("note",)),
)
_EVENT_VIEWS = (
    HumanColumn("date", View.TEXT, ("date",)),
    HumanColumn("kind", View.TEXT, ("kind",), optional=1),
    HumanColumn("who", View.TEXT, ("whom",), optional=2),
    HumanColumn("what", View.TEXT, ("title",)),
    HumanColumn("src", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("note",)),
)


def measures_answer(
    source: FigureSource,
    wanted: Wanted,
    *,
    on: date | None = None,
    jurisdictions: Collection[str] = (),
) -> Answer:
    """Measures by start; with *on* only those in force that day."""
    if wanted.when.latest:
        raise UsageError("measures have no latest period", "--on DATE shows those in force")
    everything = [each for each in source.store.measures() if source.is_out(each.source)]
    jurisdictions = _jurisdictions(source, jurisdictions)
    chosen = in_force(everything, on) if on is not None else list(everything)
    chosen = [
        each
        for each in chosen
        if (not jurisdictions or each.jurisdiction in jurisdictions)
        and (not wanted.where.subjects or each.subject in wanted.where.subjects)
        and (not wanted.where.sources or each.source in wanted.where.sources)
        and (wanted.when.is_open or (each.start is not None and _touches(each, wanted)))
    ]
    rows = [_measure_row(source, each) for each in sorted(chosen, key=_by_start)]
    return Answer(
        MEASURE_COLUMNS,
        rows,
        _MEASURE_VIEWS,
        footnotes=footnotes(rows, source.store),
        title="Trade measures" + (f" in force on {on}" if on else ""),
        hint="no measure matches; evcli policy --events lists dated events",
    )


def _jurisdictions(source: FigureSource, names: Collection[str]) -> set[str]:
    """Jurisdictions as the measures name them; UnknownName for one that is none."""
    known = {each.jurisdiction.casefold(): each.jurisdiction for each in source.store.measures()}
    found = set()
    for name in names:
        place = source.store.resolve("destination", name)
        folded = name.casefold() if place is None or name.casefold() in known else place.casefold()
        if folded not in known and place is None:
            raise UnknownName.of("jurisdiction", name, known.values())
        found.add(known.get(folded, name))
    return found


def in_force(measures: Sequence[Measure], on: date) -> list[Measure]:
    """Those that apply on a day: begun, not ended, not suspended, not replaced, not a proposal."""
    begun = [
        each
        for each in measures
        if each.stage in IN_FORCE_STAGES
        and each.start is not None
        and each.start.start is not None
        and each.start.start <= on
    ]
    replaced = {old for each in begun for old in each.replaces}
    return [
        each
        for each in begun
        if not (each.until is not None and each.until.start is not None and on >= each.until.start)
        and each.id not in replaced
        and not any(_suspended(on, begin, end) for begin, end in each.suspended)
    ]


def events_answer(source: FigureSource, wanted: Wanted, kinds: Collection[str] = ()) -> Answer:
    """Dated events, oldest first, undated ones last."""
    events = [
        event
        for event in source.store.events(
            kinds=kinds or None, subjects=wanted.where.subjects or None
        )
        if (not wanted.where.sources or event.source in wanted.where.sources)
        and source.is_out(event.source)
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
        _EVENT_VIEWS,
        footnotes=footnotes(rows, source.store),
        title="Events",
        hint="no event matches",
    )


def _event_row(source: FigureSource, event: Event) -> dict[str, Value]:
    return {
        "id": event.id,
        "date": str(event.date),
        "kind": event.kind,
        "subject": event.subject,
        "title": event.title,
        "sources": (event.source,),
        "note": event.note,
        "whom": subject_name(event.subject, source.words),
    }


def _touches(measure: Measure, wanted: Wanted) -> bool:
    """Whether the measure is in force on some day of the period asked for."""
    when = wanted.when
    asked = when.year_period or when.period
    begin = asked.start if asked else when.since.start if when.since else None
    end = asked.end if asked else when.until.end if when.until else None
    start = measure.start.start if measure.start else None
    stop = measure.until.start if measure.until else None
    return not (
        (end is not None and start is not None and start >= end)
        or (begin is not None and stop is not None and stop <= begin)
    )


def _suspended(on: date, begin: str, end: str) -> bool:
    return begin <= on.isoformat() < (end or "9999")


def _by_start(measure: Measure) -> tuple[bool, date, str]:
    start = measure.start.start if measure.start else None
    return (start is None, start or date.max, measure.id)


def _measure_row(source: FigureSource, measure: Measure) -> dict[str, Value]:
    rate = measure.rate
    notes = [measure.note.rstrip(". ")] if measure.note else []
    notes += [f"suspended {begin} to {end or 'further notice'}" for begin, end in measure.suspended]
    if measure.replaces:
        notes.append(f"replaces {', '.join(measure.replaces)}")
    return {
        "id": measure.id,
        "jurisdiction": measure.jurisdiction,
        "instrument": measure.instrument,
        "stage": measure.stage,
        "target": measure.target,
        "subject": measure.subject,
        "rate": rate.value if rate else None,
        "low": rate.bounds.low if rate else None,
        "high": rate.bounds.high if rate else None,
        "rate_unit": measure.rate_unit,
        "on_top_of": measure.on_top_of,
        "minimum": measure.minimum,
        "quota": measure.quota,
        "from": _shown(measure.start),
        "until": _shown(measure.until),
        "sources": (measure.source,),
        "note": "; ".join(notes),
        "whom": subject_name(measure.subject, source.words) if measure.subject else "",
    }


def _shown(period: Period | None) -> str:
    return "" if period is None else str(period)
