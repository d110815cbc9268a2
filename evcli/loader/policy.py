"""Events and trade measures."""

from __future__ import annotations

from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.series import read_rank
from evcli.loader.sources import Sources
from evcli.model.period import Period
from evcli.model.records import Event, Measure
from evcli.model.unit import Unit, UnitKind

EVENT_KINDS = (
    "policy",
    "investigation",
    "market-entry",
    "agreement",
    "opening",
    "product",
    "history",
)
STAGES = ("proposed", "pre-disclosed", "provisional", "draft", "definitive", "adopted")
RANKS = ("normal", "deprecated")  # nothing competes with an event or measure: none is preferred
_EVENT_KEYS = frozenset(
    {
        "id",
        "date",
        "kind",
        "subject",
        "title",
        "source",
        "at",
        "rank",
        "reason",
        "note",
    }
)
_MEASURE_KEYS = frozenset(
    {
        "id",
        "jurisdiction",
        "instrument",
        "stage",
        "target",
        "subject",
        "rate",
        "on_top_of",
        "minimum",
        "quota",
        "from",
        "until",
        "suspended",
        "replaces",
        "excepts",
        "source",
        "at",
        "confirmed_by",
        "rank",
        "reason",
        "note",
    }
)
_PERCENT = Unit("percent", "percent", UnitKind.PERCENT, ("%",))


def read_events(context: Context, sources: Sources) -> list[Event]:
    """The events of all documents in the order of the files."""
    ids = context.ids
    events = []
    for entry in context.entries("events", "event"):
        entry.only(_EVENT_KEYS)
        name = ids.read(entry)
        first = bool(name) and ids.claim("event", name, entry)
        for key in ("date", "kind"):
            if not entry.has(key):
                entry.lacks(key)
        date = context.values.period(entry, "date")
        source, at = sources.cite(entry)
        rank, reason = read_rank(entry, RANKS)
        event = Event(
            id=name,
            date=date or Period(None, None),
            kind=entry.choice("kind", EVENT_KINDS),
            subject=ids.refer("subject", entry, "subject", required=True),
            title=entry.required("title"),
            source=source,
            at=at,
            rank=rank,
            reason=reason,
            note=entry.text("note"),
            place=entry.place,
        )
        if first:
            events.append(event)
    return events


def read_measures(context: Context, sources: Sources) -> list[Measure]:
    """The trade measures of all documents in the order of the files."""
    entries: list[tuple[str, Entry]] = []
    for entry in context.entries("measures", "measure"):
        entry.only(_MEASURE_KEYS)
        name = context.ids.read(entry)
        if not name or context.ids.claim("measure", name, entry):
            entries.append((name, entry))
    return [_measure(name, entry, context, sources) for name, entry in entries]


def _measure(name: str, entry: Entry, context: Context, sources: Sources) -> Measure:
    ids, values = context.ids, context.values
    if not entry.has("stage"):
        entry.lacks("stage")
    start, until = values.period(entry, "from"), values.period(entry, "until")
    if start and until and start.start and until.start and start.start >= until.start:
        entry.problem(
            f"the measure ends ({values.name(until)}) before it begins ({values.name(start)})",
            "until is the first day on which it no longer holds",
            entry.at("until"),
        )
    rate = values.rate(entry, "rate", _PERCENT)
    if rate is not None:
        context.words.unit(rate.unit)
    source, at = sources.cite(entry)
    replaces = ids.refer_all("measure", entry, "replaces")
    excepts = ids.refer_all("measure", entry, "excepts")
    for key, others in (("replaces", replaces), ("excepts", excepts)):
        if name and name in others:
            entry.problem(f"the measure {name!r} {key} itself", "", entry.at(key))
    for other in excepts:
        if other in replaces:
            entry.problem(
                f"{other!r} is both replaced and excepted from",
                "what is replaced ends; what is excepted from goes on for the rest",
                entry.at("excepts"),
            )
    confirmed_by = ids.refer_all("source", entry, "confirmed_by")
    if source and source in confirmed_by:
        entry.problem(
            f"{source!r} confirms itself",
            "confirmed_by: names other sources",
            entry.at("confirmed_by"),
        )
    rank, reason = read_rank(entry, RANKS)
    return Measure(
        id=name,
        jurisdiction=entry.required("jurisdiction"),
        instrument=entry.required("instrument"),
        stage=entry.choice("stage", STAGES),
        target=entry.required("target"),
        source=source,
        at=at,
        subject=ids.refer("subject", entry, "subject"),
        rate_stated=entry.text("rate"),
        rate=rate,
        rate_unit=rate.unit if rate else "",
        on_top_of=entry.text("on_top_of"),
        minimum=entry.text("minimum"),
        quota=entry.text("quota"),
        start=start,
        until=until,
        suspended=values.spans(entry, "suspended"),
        replaces=replaces,
        excepts=excepts,
        confirmed_by=confirmed_by,
        rank=rank,
        reason=reason,
        note=entry.text("note"),
        place=entry.place,
    )
