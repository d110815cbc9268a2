"""Trade measures, all or those in force on a day, and dated events."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from evcli.errors import UnknownName, UsageError
from evcli.model.answer import (
    Answer,
    Column,
    HumanColumn,
    Kind,
    Rounding,
    Value,
    View,
    note_columns,
    views_of,
)
from evcli.model.note import Note, NoteKind, in_one_line
from evcli.model.period import Window
from evcli.model.records import Event, Measure, Rank
from evcli.model.vocabulary import name_in
from evcli.query.figures import Figures
from evcli.query.rows import fields, footnotes, note_fields
from evcli.query.selection import Query

EVENT_COLUMNS: tuple[Column, ...] = (
    Column("id"),
    Column("date", shown=HumanColumn("date")),
    Column("kind", shown=HumanColumn("kind", optional=1)),
    Column("subject", shown=HumanColumn("who", fields=("whom",), optional=2)),
    Column("title", shown=HumanColumn("what")),
    Column("sources", Kind.LIST, shown=HumanColumn("src", View.SOURCES)),
    *note_columns(HumanColumn("note", View.NOTES, ("note",))),
)
IN_FORCE_STAGES = ("provisional", "definitive", "adopted")
MEASURE_COLUMNS: tuple[Column, ...] = (
    Column("id"),
    Column("jurisdiction", shown=HumanColumn("where")),
    Column("instrument", shown=HumanColumn("measure", fields=("what",))),
    Column("stage"),
    Column("target", shown=HumanColumn("on", fields=("whom",))),
    Column("subject"),
    Column(
        "rate",
        Kind.NUMBER,
        Rounding.NEAREST,
        "rate_unit",
        shown=HumanColumn("rate", fields=("terms",)),
    ),
    Column("low", Kind.NUMBER, Rounding.DOWN, "rate_unit"),
    Column("high", Kind.NUMBER, Rounding.UP, "rate_unit"),
    Column("rate_unit"),
    *(Column(name) for name in ("on_top_of", "minimum", "quota")),
    Column("from", shown=HumanColumn("from, until", fields=("dates",))),
    Column("until"),
    Column("sources", Kind.LIST, shown=HumanColumn("src", View.SOURCES)),
    *note_columns(HumanColumn("note", View.NOTES, ("remarks",))),
)


def events_answer(source: Figures, wanted: Query, kinds: Collection[str] = ()) -> Answer:
    """Dated events, oldest first, undated ones last."""
    where = wanted.where
    events = [
        event
        for event in source.store.events(kinds=kinds or None, subjects=where.subjects or None)
        if (not where.sources or event.source in where.sources)
        and source.is_out(event.source)
        and (source.include_deprecated or event.rank is not Rank.DEPRECATED)
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
        views_of(EVENT_COLUMNS),
        footnotes=footnotes(rows, source.store),
        title="Events",
        hint="no event matches",
    )


def _event_row(source: Figures, event: Event) -> dict[str, Value]:
    notes = [*_deprecated(event)]
    if event.note:
        notes.append(Note(NoteKind.REMARK, event.note, (event.id,)))
    return {
        **fields(event, "id", "kind", "subject", "title"),
        "date": str(event.date),
        "sources": (event.source,),
        **note_fields(notes),
        "rank": event.rank.value,
        "whom": name_in(source.words.subjects, event.subject),
    }


def _deprecated(record: Event | Measure) -> Iterator[Note]:
    """Why it is known to be wrong."""
    if record.reason:
        yield Note(NoteKind.CAUTION, f"deprecated: {record.reason.rstrip('. ')}", (record.id,))


def measures_answer(
    source: Figures, wanted: Query, *, on: date | None = None, jurisdictions: Collection[str] = ()
) -> Answer:
    """Measures by jurisdiction, start and maker; with *on* only those in force that day."""
    if wanted.when.latest:
        raise UsageError("measures have no latest period", "--on DATE shows those in force")
    known = [each for each in source.store.measures() if _sources(source, each)]
    believed = [each for each in known if each.rank is not Rank.DEPRECATED]
    jurisdictions = _jurisdictions(source, jurisdictions)
    sources = set(wanted.where.sources)
    chosen = [
        each
        for each in (known if source.include_deprecated else believed)
        if (not jurisdictions or each.jurisdiction in jurisdictions)
        and wanted.where.is_about([each.subject], source.words)
        and (not sources or sources & {each.source, *each.confirmed_by})
    ]
    others, dateless = believed, []
    if on is not None:
        others = in_force(believed, on)
        dateless = [each for each in chosen if _is_dateless(each) and _takes_force(each)]
        chosen = [each for each in chosen if each in others]
    elif not wanted.when.is_open:
        dateless = [each for each in chosen if _is_dateless(each)]
        chosen = [each for each in chosen if each not in dateless and _touches(each, wanted)]
    chosen.sort(key=lambda each: _order(each, source))
    rows = [_row(source, each, others, on) for each in chosen]
    places = sorted({each.jurisdiction for each in chosen})
    title = "Trade measures" + (f" in force on {on}" if on else "")
    # a column that says nothing, or the same in every row, goes; no other gives way to the width
    superfluous = set() if any(row["terms"] for row in rows) else {"rate"}
    if len(places) == 1:
        title += f": {name_in(source.words.destinations, places[0])}"
        superfluous.add("where")
    names = ", ".join(each.id for each in dateless)
    note = f"left out, for nobody says since when or until when: {names}"
    return Answer(
        MEASURE_COLUMNS,
        rows,
        tuple(view for view in views_of(MEASURE_COLUMNS) if view.head not in superfluous),
        footnotes=footnotes(rows, source.store),
        notes=(note,) if dateless else (),
        title=title,
        hint="no measure matches; --jurisdiction EU asks for whose measures, a name for which "
        "maker's; evcli policy --events lists dated events",
        group_by="jurisdiction" if len(places) > 1 else "stage",
    )


def in_force(measures: Sequence[Measure], on: date) -> list[Measure]:
    """Those that apply on a day: begun, not ended, not suspended, not replaced, not a proposal.

    A measure of which only the end is known has begun; a deprecated one never did.
    """
    begun = [each for each in measures if _takes_force(each) and _first_day(each) <= on]
    replaced = {old for each in begun for old in each.replaces}
    day = on.isoformat()
    return [
        each
        for each in begun
        if not (each.until and each.until.start and on >= each.until.start)
        and each.id not in replaced
        and not any(begin <= day < (end or "9999") for begin, end in each.suspended)
    ]


def _takes_force(measure: Measure) -> bool:
    """Whether it is law at all: past the stage of a proposal, and believed."""
    return measure.stage in IN_FORCE_STAGES and measure.rank is not Rank.DEPRECATED


def _is_dateless(measure: Measure) -> bool:
    start, until = measure.start, measure.until
    return (start is None or start.is_undated) and (until is None or until.is_undated)


def _first_day(measure: Measure) -> date:
    """The first day that may lie in it, the very first where only its end is known."""
    start = measure.start.start if measure.start else None
    return start or (date.max if _is_dateless(measure) else date.min)


def _sources(source: Figures, measure: Measure) -> list[str]:
    """The sources that state it, of those that were out by the day that the question names."""
    sources = dict.fromkeys((measure.source, *measure.confirmed_by))
    return [each for each in sources if source.is_out(each)]


def _jurisdictions(source: Figures, names: Collection[str]) -> set[str]:
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


def _touches(measure: Measure, wanted: Query) -> bool:
    """Whether the measure is in force on some day of the period asked for."""
    when = wanted.when
    whole = when.year_period or when.period
    first, last = (whole, whole) if whole else (when.since, when.until)
    begin, end = first.start if first else None, last.end if last else None
    start = measure.start.start if measure.start else None
    stop = measure.until.start if measure.until else None
    return not (
        (end is not None and start is not None and start >= end)
        or (begin is not None and stop is not None and stop <= begin)
    )


def _order(measure: Measure, source: Figures) -> tuple[object, ...]:
    """By jurisdiction, then set by set: the measures of one instrument, stage and day by maker."""
    name = name_in(source.words.subjects, measure.subject) if measure.subject else ""
    of_a_set = (measure.jurisdiction, _first_day(measure), measure.instrument, measure.stage)
    return (*of_a_set, not name, name.casefold(), measure.target, measure.id)


def _row(
    source: Figures, measure: Measure, others: Sequence[Measure], on: date | None
) -> dict[str, Value]:
    rate = measure.rate
    remarks = [*_remarks(measure, others, on)]
    replaces = f"replaces {', '.join(measure.replaces)}"
    over = [Note(NoteKind.REVISION, replaces, measure.replaces)] if measure.replaces else []
    instrument = measure.instrument.replace("-", " ")
    return {
        **fields(measure, "id", "jurisdiction", "instrument", "stage", "target", "subject"),
        **fields(measure, "rate_unit", "on_top_of", "minimum", "quota"),
        "rate": rate.value if rate else None,
        "low": rate.bounds.low if rate else None,
        "high": rate.bounds.high if rate else None,
        "from": str(measure.start or ""),
        "until": str(measure.until or ""),
        "sources": tuple(_sources(source, measure)),
        **note_fields([*remarks, *over]),
        "rank": measure.rank.value,
        "what": instrument if measure.stage == "adopted" else f"{instrument}, {measure.stage}",
        "whom": _whom(source, measure),
        "terms": _terms(measure),
        "dates": _dates(measure),
        "remarks": in_one_line(remarks),
    }


def _remarks(measure: Measure, others: Sequence[Measure], on: date | None) -> Iterator[Note]:
    """What a reader must know beyond the rate; not what it replaced, which is over."""
    own = (measure.id,)
    if measure.rank is Rank.DEPRECATED:
        yield from _deprecated(measure)
    start = measure.start
    if start is None and measure.until is not None:
        yield Note(NoteKind.CAUTION, "first day not known", own)
    elif on and start and start.window is not Window.DAY and start.end and on < start.end:
        yield Note(NoteKind.CAUTION, f"begins some time in {start}", own)
    if measure.note:
        yield Note(NoteKind.REMARK, measure.note.rstrip(". "), own)
    for begin, end in measure.suspended:
        yield Note(NoteKind.CAUTION, f"suspended {begin} to {end or 'further notice'}", own)
    for other in others:
        if other.id in measure.excepts:
            text = f"takes this out of {other.id}, which goes on for the rest"
            yield Note(NoteKind.DEFINITION, text, (other.id,))
        if measure.id in other.excepts and _takes_force(other):
            text = f"not on {other.target} {_dates(other)} ({other.id})"
            yield Note(NoteKind.DEFINITION, text, (other.id,))


def _whom(source: Figures, measure: Measure) -> str:
    name = name_in(source.words.subjects, measure.subject) if measure.subject else ""
    return f"{name}: {measure.target}" if name and name not in measure.target else measure.target


def _terms(measure: Measure) -> str:
    """The rate with what it comes on top of, the least that is due, and the quota."""
    rate = measure.rate_stated.replace("%", " %")
    if measure.on_top_of:
        rate = f"{rate} + {measure.on_top_of.replace('%', ' %')}"
    terms = (("minimum", measure.minimum), ("quota", measure.quota))
    return "; ".join(filter(None, (rate, *(f"{name}: {text}" for name, text in terms if text))))


def _dates(measure: Measure) -> str:
    if measure.until is None:
        return f"from {measure.start}" if measure.start else ""
    until = f"until {measure.until}"
    return f"{measure.start} {until}" if measure.start else until
