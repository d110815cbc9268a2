"""Events and trade measures."""

from __future__ import annotations

from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.sources import Sources
from evcli.model.records import Event, Measure
from evcli.model.unit import Unit, UnitKind

_PERCENT = Unit("percent", "percent", UnitKind.PERCENT, ("%",))


def read_events(context: Context, sources: Sources) -> list[Event]:
    """The events of all documents in the order of the files."""
    ids = context.ids
    events = []
    for entry in context.entries("events"):
        name = ids.read(entry)
        first = bool(name) and ids.claim("event", name, entry)
        source, at = sources.cite(entry)
        said = context.fields(entry, Event, "id", "source", "at")
        if first:
            events.append(Event(id=name, source=source, at=at, place=entry.place, **said))
    return events


def read_measures(context: Context, sources: Sources) -> list[Measure]:
    """The trade measures of all documents in the order of the files."""
    entries: list[tuple[str, Entry]] = []
    for entry in context.entries("measures"):
        name = context.ids.read(entry)
        if not name or context.ids.claim("measure", name, entry):
            entries.append((name, entry))
    return [_measure(name, entry, context, sources) for name, entry in entries]


def _measure(name: str, entry: Entry, context: Context, sources: Sources) -> Measure:
    values = context.values
    source, at = sources.cite(entry)
    rate = values.rate(entry, "rate", _PERCENT)
    if rate is not None:
        context.words.unit(rate.unit)
    measure = Measure(
        id=name,
        source=source,
        at=at,
        rate=rate,
        rate_unit=rate.unit if rate else "",
        suspended=values.spans(entry, "suspended"),
        place=entry.place,
        **context.fields(entry, Measure, "id", "source", "at"),
    )
    start, until = measure.start, measure.until
    if start and until and start.start and until.start and start.start >= until.start:
        entry.problem(
            f"the measure ends ({values.name(until)}) before it begins ({values.name(start)})",
            "until is the first day on which it no longer holds",
            entry.at("until"),
        )
    for key, others in (("replaces", measure.replaces), ("excepts", measure.excepts)):
        if name and name in others:
            entry.problem(f"the measure {name!r} {key} itself", "", entry.at(key))
    for other in measure.excepts:
        if other in measure.replaces:
            entry.problem(
                f"{other!r} is both replaced and excepted from",
                "what is replaced ends; what is excepted from goes on for the rest",
                entry.at("excepts"),
            )
    if source and source in measure.confirmed_by:
        entry.problem(
            f"{source!r} confirms itself",
            "confirmed_by: names other sources",
            entry.at("confirmed_by"),
        )
    return measure
