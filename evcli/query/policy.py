"""Trade measures in force on a day, or all on record, and dated events."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain
from operator import attrgetter

from evcli.errors import UsageError
from evcli.grouping import grouped
from evcli.model.answer import Answer, HumanColumn, Row, Value
from evcli.model.note import Note, NoteKind, in_one_line
from evcli.model.period import Period, Window, today
from evcli.model.records import Event, Measure, Rank
from evcli.model.vocabulary import name_in, short_in
from evcli.query.figures import Figures
from evcli.query.rows import answer_of, fields, note_fields, remarks_of, screenful
from evcli.query.selection import Query, countries_of, selected
from evcli.query.titles import short_place, title_of
from evcli.store.reader import Store
from evcli.text.lists import counted

IN_FORCE, _COMING, _NEVER, _UNDATED = "in-force", "to-come", "never-in-force", "undated"
_OVER = ("replaced", "ended", _NEVER)
_FINAL = ("definitive", "adopted")
_LAW = ("provisional", *_FINAL)
_NO_RATE = Fraction(-1)
_DUTIES = frozenset(("duty", "tariff", "surtax", "levy"))
_FREE = frozenset(("free", "waiver"))
_ROOM = {"title": 68, "whom": 26}  # cells that texts have in a line of 80
_LINE = 58  # cells for the rates that came before


def events_answer(source: Figures, wanted: Query, kinds: Collection[str] = ()) -> Answer:
    """Dated events, newest first, undated ones last."""
    where = wanted.where
    found = source.store.every(Event, kind=kinds or None, subject=where.subjects or None)
    events = selected(source, found, wanted, attrgetter("date"))
    events.sort(key=lambda e: (not e.date.is_undated, e.date.sort_key, e.id), reverse=True)
    rows: list[Row] = [
        fields(event, "id", "kind", "subject", "title", "rank")
        | {"date": str(event.date), "sources": (event.source,)}
        | note_fields([*remarks_of(event)])
        for event in events
        if (not where.destinations or event.subject in where.destinations)
        and (source.include_deprecated or event.rank is not Rank.DEPRECATED)
    ]
    return answer_of("event", rows, source.store)._replace(
        title=title_of(source.words, "Events", where),
        hint="no event matches",
        screen=screenful(rows, _ROOM),
    )


def measures_answer(
    source: Figures,
    wanted: Query,
    *,
    on: date | None = None,
    instruments: Collection[str] | None = None,
    history: bool = False,
) -> Answer:
    """Measures in force *on* a day (today unless one is named), the highest rates first.

    Those of a period, and with *history* all on record, stand by jurisdiction and first day, with
    their state on that day. The destinations of *wanted* are the places whose measures are
    asked for, or where they apply; *instruments* limits the answer to these.
    """
    if wanted.when.latest:
        raise UsageError("measures have no latest period", "--on DATE shows those in force")
    every = (each for each in source.store.every(Measure) if _sources(source, each))
    known = [e for e in every if source.include_deprecated or e.rank is not Rank.DEPRECATED]
    words, day, where = source.words, on or today(source.as_of or ""), wanted.where
    states = states_on(known, day)
    codes = countries_of(where.destinations, words)[0] if known else None
    there: list[Measure] = []  # of the kinds, places and sources asked for, whoever is the subject
    for each in known:
        inside = words.countries_in(each.jurisdiction) or {each.jurisdiction}
        is_inside = codes is None or codes <= inside or 2 * len(inside & codes) > len(inside)
        is_named = instruments is None or each.instrument in instruments
        stated_by = {each.source, *each.confirmed_by}
        if is_inside and is_named and not (where.sources and stated_by.isdisjoint(where.sources)):
            there.append(each)
    about = [each for each in there if where.is_about([each.subject], words)]
    on_all = not about and bool(where.subjects)
    if on_all:  # those that name no maker hold for each
        about = [each for each in there if not each.subject]
    now = not history and (on is not None or wanted.when.is_open)
    dateless = [each for each in about if states[each.id] == _UNDATED and not history]
    if now:
        others, on = [each for each in known if states[each.id] == IN_FORCE], day
        chosen = [each for each in about if states[each.id] == IN_FORCE]
        chosen.sort(key=lambda e: (-_percent(e), e.jurisdiction, not e.subject, e.target, e.id))
        chosen = [*chain.from_iterable(grouped(chosen, attrgetter("jurisdiction")).values())]
    else:
        others, on = known, None
        dated = (each for each in about if each not in dateless)
        chosen = [e for e in dated if wanted.when.meets(_day(e.start), _day(e.until))]

        def order(each: Measure) -> tuple[object, ...]:
            # set by set: the measures of one instrument, stage and day by maker
            name = name_in(words.subjects, each.subject) if each.subject else ""
            of_a_set = (each.jurisdiction, _first_day(each), each.instrument, each.stage)
            return *of_a_set, not name, name.casefold(), each.target, each.id

        chosen.sort(key=order)
    rows = [_row(source, each, others, on, states[each.id]) for each in chosen]
    title = title_of(words, f"Trade measures{f' in force on {day}' if now else ''}", where)
    if on_all and rows:
        title += " (on all makers)"
    superfluous = set() if now else {"limit"}
    if not any(row["terms"] for row in rows):
        superfluous.add("rate")
    for head, field in (("whose", "place"), ("measure", "what"), ("on", "target")):
        texts = {str(row[field]) for row in rows}
        alike = len({row["subject"] for row in rows}) == 1 or head != "on"
        if len(texts) == 1 and alike and (head == "whose" or not now):  # the title says it once
            superfluous.add(head)
            title += "".join(f" · {text}" for text in texts if text not in title)
    if now and len(rows) > 1:  # the line is for on what, at which rate and since when
        superfluous.add("until")
        if "whose" not in superfluous:
            superfluous.add("limit")
            for row in rows:
                row["since"] = str(row["from"])[:7]
    answer = answer_of("measure", rows, source.store)
    views = [view for view in answer.views if view.head not in superfluous]
    if not now:
        views.insert(-2, HumanColumn("state", fields=("standing",)))
    names = ", ".join(each.id for each in dateless)

    def weight(at: int) -> tuple[bool, bool, Fraction]:
        """For one screen the highest of each jurisdiction, then those that name a maker."""
        one = chosen[at]
        is_first = not at or chosen[at - 1].jurisdiction != one.jurisdiction
        return not is_first, not one.subject, -_percent(one)

    return answer._replace(
        views=tuple(views),
        notes=(f"left out, as no date is recorded: {names}",) if dateless else (),
        title=title,
        hint=_hint(source, wanted, known, about, day),
        marks={"+": "on top of the ordinary duty"},
        more=_before(chosen, about, states) if now else "",
        screen=screenful(rows, _ROOM, weight) if now else None,
    )


def _hint(
    source: Figures, wanted: Query, known: Sequence[Measure], about: Sequence[Measure], day: date
) -> str:
    """Why nothing is shown, and what there is."""
    if not known:
        return "no measure is recorded"
    if about:
        return f"nothing in force on {day}; --history has {counted(len(about), 'other measure')}"
    words, where = source.words, wanted.where
    who = title_of(words, "", where._replace(subjects=())) or title_of(words, "", where)
    places = sorted({short_place(words, each.jurisdiction) for each in known})
    return f"no measure of {who or 'that kind'} is recorded; recorded: {', '.join(places)}"


def _percent(measure: Measure) -> Fraction:
    rate = measure.rate
    if rate is None or rate.unit != "percent":
        return _NO_RATE
    return rate.bounds.high or _NO_RATE if rate.value is None else rate.value


def _before(shown: Sequence[Measure], about: Sequence[Measure], states: Mapping[str, str]) -> str:
    """What came before and what is to come; the rates themselves where one measure is shown."""
    before = [each for each in about if states[each.id] in _OVER]
    before.sort(key=_first_day, reverse=True)
    told = [f"before: {len(before)} measures"] if before else []
    if before and len(shown) == 1 and all(each.rate_stated for each in before):
        stages = ("" if each.stage in _FINAL else f" {each.stage}" for each in before)
        stated = (each.rate_stated.replace("%", " %") for each in before)
        rates = ", ".join(map("".join, zip(stated, stages, strict=True)))
        told = [f"before: {rates}"] if len(rates) < _LINE else told
    if days := sorted(str(each.start) for each in about if states[each.id] == _COMING):
        told.append(f"to come: {len(days)} from {days[0]} on")
    return f"{' · '.join(told)}: --history" if told else ""


def states_on(measures: Iterable[Measure], on: date) -> dict[str, str]:
    """What each measure is on a day, by id: in force, suspended, replaced, ended ...

    A measure of which only the end is known has begun; a deprecated one never did, and neither it
    nor a proposal replaces anything.
    """
    measures = list(measures)
    begun = [each for each in measures if _takes_force(each) and _first_day(each) <= on]
    replaced = {old for each in begun for old in each.replaces}
    day = on.isoformat()

    def state(measure: Measure) -> str:
        first, until = _first_day(measure), _day(measure.until)
        over = measure.id in replaced or (until is not None and until <= on)
        if measure.rank is Rank.DEPRECATED:
            return "deprecated"
        if not _takes_force(measure):
            return _NEVER if over else measure.stage
        if first == date.max:
            return _UNDATED
        if first > on:
            return _COMING
        if over:
            return "replaced" if measure.id in replaced else "ended"
        suspended = any(begin <= day < (end or "9999") for begin, end in measure.suspended)
        return "suspended" if suspended else IN_FORCE

    return {each.id: state(each) for each in measures}


def _takes_force(measure: Measure) -> bool:
    """Whether it is law at all: past the stage of a proposal, and believed."""
    return measure.stage in _LAW and measure.rank is not Rank.DEPRECATED


def _first_day(measure: Measure) -> date:
    """The first day that may lie in it: the very first where only its end is known, else never."""
    return _day(measure.start) or (date.min if _day(measure.until) else date.max)


def _day(period: Period | None) -> date | None:
    return period.start if period else None


def _sources(source: Figures, measure: Measure) -> list[str]:
    """The sources that state it, of those that were out by the day that the question names."""
    sources = dict.fromkeys((measure.source, *measure.confirmed_by))
    return [each for each in sources if source.is_out(each)]


def instruments_named(
    store: Store, words: Sequence[str]
) -> tuple[frozenset[str] | None, list[str]]:
    """The instruments that some of *words* name, None where none does; and all other words.

    A word names those of which it is a part, in the plural too (``export licences``); any word for
    a duty means all of them.
    """
    every = {each.instrument: {*each.instrument.split("-")} for each in store.every(Measure)}
    found, others = None, []
    for word in words:
        stem = word.casefold().removesuffix("s").replace("dutie", "duty").replace("levie", "levy")
        stems = _DUTIES if stem in _DUTIES else {stem}
        named = {e for e, of in every.items() if stem in of or (stems & of and not _FREE & of)}
        if not named:
            others.append(word)
        else:
            found = frozenset(named & found if found else named)
    return found, others


def _row(
    source: Figures, measure: Measure, others: Sequence[Measure], on: date | None, state: str
) -> dict[str, Value]:
    """A measure; without a day *on* its stage stands beside its *state*."""
    words, rate, target = source.words, measure.rate, measure.target
    remarks = [*_remarks(measure, others, on)]
    replaces = f"replaces {', '.join(measure.replaces)}"
    over = [Note(NoteKind.REVISION, replaces, measure.replaces)] if measure.replaces else []
    limited = (("at least", measure.minimum), ("quota:", measure.quota))
    limits = "; ".join(f"{name} {text}" for name, text in limited if text)
    stage = "" if measure.stage in _FINAL else measure.stage
    of_state = f"{stage}, " if stage and stage != state else ""
    name = short_in(words.subjects, measure.subject) if measure.subject else ""
    # the rate, and the ordinary one that is due as well
    stated, ordinary = (e.replace("%", " %") for e in (measure.rate_stated, measure.on_top_of))
    if stated.endswith(" %") and ordinary.endswith(" %"):
        stated = stated.removesuffix(" %")
    named = ("id", "jurisdiction", "instrument", "stage", "target", "subject", "rank")
    row = fields(measure, *named, "rate_unit", "on_top_of", "minimum", "quota")
    low, high = rate.bounds if rate else (None, None)
    row |= {"rate": rate and rate.value, "low": low, "high": high}
    start, until = (str(each or "") for each in (measure.start, measure.until))
    row |= {"state": state, "from": start, "since": start, "until": until}
    row |= {"sources": tuple(_sources(source, measure)), **note_fields([*remarks, *over])}
    return row | {
        "place": words.place(measure.jurisdiction),
        "whose": short_place(words, measure.jurisdiction),
        "what": f"{stage if on else ''} {measure.instrument.replace('-', ' ')}".lstrip(),
        "standing": of_state + state.replace("-", " "),
        "whom": f"{name}: {target}" if name and name not in target else target,
        "terms": " + ".join(filter(None, (stated, ordinary))),
        "limits": limits,
        "remarks": "; ".join(filter(None, (limits, in_one_line(remarks)))),
    }


def _remarks(measure: Measure, others: Sequence[Measure], on: date | None) -> Iterator[Note]:
    """What a reader must know beyond the rate; not what it replaced, which is over."""
    own, start, until = (measure.id,), measure.start, measure.until
    if start is None and until is not None:
        yield Note(NoteKind.CAUTION, "first day not known", own)
    elif on and start and start.window is not Window.DAY and start.end and on < start.end:
        yield Note(NoteKind.CAUTION, f"begins some time in {start}", own)
    yield from remarks_of(measure)
    for begin, end in measure.suspended:
        yield Note(NoteKind.CAUTION, f"suspended {begin} to {end or 'further notice'}", own)
    for other in others:
        if other.id in measure.excepts:
            text = f"takes this out of {other.id}, which goes on for the rest"
            yield Note(NoteKind.DEFINITION, text, (other.id,))
        if measure.id in other.excepts and _takes_force(other):
            first, last = other.start, other.until
            dates = [f"{'' if last else 'from '}{first}"] if first else []
            dates += [f"until {last}"] if last else []
            text = f"not on {other.target} {' '.join(dates)} ({other.id})"
            yield Note(NoteKind.DEFINITION, text, (other.id,))
