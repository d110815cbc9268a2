"""Plants: one row each with what counts of every aspect, what was said before, or every fact.

Preferred facts count before others, those on the whole plant before those on a phase, what is
before what is planned; of these the newest. Where they can all be true the most precise is shown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from operator import attrgetter, itemgetter

from evcli.core.resolve import released
from evcli.errors import UsageError
from evcli.grouping import grouped
from evcli.model.answer import Answer, HumanColumn, Kind, Value, layout_of
from evcli.model.note import Note, NoteKind, trimmed, without_repeats
from evcli.model.period import parse_period, today
from evcli.model.records import Plant, PlantAspect, PlantFact, Rank
from evcli.model.vocabulary import name_in, short_in
from evcli.query.figures import Figures
from evcli.query.rows import answer_of, fields, note_fields, remarks_of, screenful, with_bounds
from evcli.query.selection import Query, countries_of, selected
from evcli.query.titles import short_place, title_of
from evcli.store.names import fold
from evcli.text.numbers import human
from evcli.tuples import NamedTuple


class Aspect(NamedTuple):
    """One side of a plant.

    ``facts`` are what counts: they state the same, the one that is shown first, or are ``disputed``
    and cannot all be true; ``beside`` are newer plans, other phases, the same in other units.
    """

    facts: Sequence[PlantFact]
    beside: Sequence[PlantFact]
    disputed: bool = False


def aspects_of(facts: Iterable[PlantFact]) -> Iterator[Aspect]:
    """Each aspect that one of *facts* (none of them deprecated) states, in a fixed order."""
    by_kind = grouped(facts, attrgetter("aspect"))
    return (_aspect(by_kind[kind]) for kind in PlantAspect if kind in by_kind)


def _aspect(facts: Sequence[PlantFact]) -> Aspect:
    best = _best(facts)
    newest = _newest(best)
    phase = newest[0].phase
    newest = [fact for fact in newest if fact.phase == phase]
    by_phase = grouped(facts, attrgetter("phase"))
    # of each other phase the newest, what is before what is planned
    others = [e for at, of in by_phase.items() if at not in ("", phase) for e in _newest(_best(of))]
    if any(not _compatible(*pair) for pair in combinations(newest, 2)):
        return Aspect(newest, others, disputed=True)
    shown = _most_precise(newest, best)
    agreeing = [fact for fact in newest if fact is not shown and _said(fact) == _said(shown)]
    other_units = [fact for fact in newest if _said(fact)[0] != _said(shown)[0]]
    plans = [  # for the same part of the plant, on a later day than what is shown
        fact
        for fact in facts
        if fact.planned
        and not shown.planned
        and fact.phase == shown.phase
        and not fact.as_of.is_undated
        and (_span(fact)[0] >= _span(shown)[1] or _recency(fact) > _recency(shown))
    ]
    newer = _newest(plans) if plans else []
    told = [shown]  # each thing once; of a phase nothing that the whole plant's figure says already
    for fact in (*other_units, *newer, *others):
        known = [each for each in told if each.phase in ("", fact.phase)]
        if _said(fact) not in map(_said, known):
            told.append(fact)
    return Aspect([shown, *agreeing], told[1:])


def _best(facts: Sequence[PlantFact]) -> list[PlantFact]:
    best = [fact for fact in facts if fact.rank is Rank.PREFERRED] or list(facts)
    best = [fact for fact in best if not fact.phase] or best
    return [fact for fact in best if not fact.planned] or best


def _newest(facts: Sequence[PlantFact]) -> list[PlantFact]:
    """The facts that nothing later stands against, all speaking of the same day."""
    latest = max(start for start, _ in map(_span, facts))
    # those that may speak of a day as late as the latest
    open_to = [fact for fact in facts if _span(fact)[0] == latest or _span(fact)[1] > latest]
    newest = max(open_to, key=_recency)
    same = (each for each in open_to if each.as_of == newest.as_of)
    return [each for each in same if not released(each).precedes(released(newest))]


def _span(fact: PlantFact) -> tuple[date, date]:
    """From which day to which it may speak; undated ones of the very first."""
    return fact.as_of.start or date.min, fact.as_of.end or date.min


def _recency(fact: PlantFact) -> tuple[date, date, int]:
    """When its source came out, as December 2025 and 5 December 2025 cannot be told apart, else
    the first day of which it may speak; then the precise one.
    """
    start, end = _span(fact)
    return (max(released(fact).start or start, start), start, -end.toordinal())


def _compatible(fact: PlantFact, other: PlantFact) -> bool:
    """Whether two facts on the same side of a plant can both be true."""
    one, two = fact.quantity, other.quantity
    if one is not None and two is not None:
        return one.unit != two.unit or one.bounds.intersect(two.bounds) is not None
    if fact.aspect is not PlantAspect.START:
        return fact.text == other.text
    first, second = parse_period(fact.text), parse_period(other.text)
    return first.contains(second) or second.contains(first)


def _said(fact: PlantFact) -> tuple[str, object]:
    """The unit and what is said in it, in whatever words."""
    number = fact.quantity
    return (number.unit, number.value or number.bounds) if number else ("", fact.text)


def _most_precise(newest: Sequence[PlantFact], best: Sequence[PlantFact]) -> PlantFact:
    """Of the newest facts, and of those that may be as new and agree with them, the narrowest.

    A day on which production began does not grow old: there an older fact may be the narrower.
    """
    first = newest[0]
    alike = [fact for fact in newest if _said(fact)[0] == _said(first)[0]]
    lasting = first.aspect is PlantAspect.START and not first.planned
    agreeing = [
        fact
        for fact in best
        if fact.phase == first.phase
        and _said(fact)[0] == _said(first)[0]
        and (lasting or fact.as_of.overlaps(first.as_of))
        and all(_compatible(fact, each) for each in alike)
    ]
    return min([*alike, *agreeing], key=_width)


def _width(fact: PlantFact) -> tuple[bool, Fraction]:
    """How much a fact leaves open: of its number, of its start, of the day of a status."""
    if fact.quantity is not None:
        width = fact.quantity.bounds.width
    else:
        start, end = parse_period(fact.text) if fact.aspect is PlantAspect.START else fact.as_of
        width = Fraction((end - start).days) if start and end else None
    return width is None, width or Fraction(0)


_COLUMNS, _VIEWS = layout_of("plant")
_EMPTY: dict[str, Value] = {
    column.name: None if column.kind is Kind.NUMBER else "" for column in _COLUMNS
}
_PLANNED, _OVERDUE = "\N{DOUBLE DAGGER}", "?"
_BEGUN = ("trial", "operating", "expanding")
_OFF = ("cancelled", "denied")
_TIMES = {"month": 12, "day": 365}  # of a capacity: a year
_ROOM = {"where": 24, "capacity_cell": 17, "start_cell": 12}  # cells in a line of 80
_SHORTER = {"under-construction": "building", "trillion": "tn", "billion": "bn", "million": "m"}
_PRODUCTS = {"battery": "batteries"}  # of a scope; vehicles of all others
_KINDS = {"joint-venture": "joint venture with", "contract": "built under contract by"}
_NUMBERED = re.compile("[IVX]+|[0-9]{1,2}")  # a phase by its number; 2029 is the year it is due


def plants_answer(source: Figures, wanted: Query, *, history: bool = False) -> Answer:
    """One row per plant, with *history* per day on which something new was said of it, else where
    it is broken down per fact; by country, city and maker.
    """
    if history and wanted.by:
        raise UsageError("--history and --by exclude each other", "give one of them")
    rows: list[dict[str, Value]] = []
    words = source.words
    countries, notes = countries_of(wanted.where.destinations, words)
    known = source.store.every(Plant, country=countries)
    day = today(source.as_of or "")
    made = {_PRODUCTS.get(scope, "vehicles") for scope in wanted.where.scopes}
    for plant in known:
        about = wanted.where.is_about((*plant.maker, *plant.partner), words)
        if not about or (made and plant.product not in made):
            continue
        facts = selected(source, plant.facts, wanted, attrgetter("as_of"))
        believed = [fact for fact in facts if fact.rank is not Rank.DEPRECATED]
        shown = facts if source.include_deprecated else believed
        if wanted.by:
            for fact in shown:
                row = head_of(source, plant) | fields(fact, "id", "rank")
                row |= {"as_of": str(fact.as_of), "sources": (fact.source,)}
                _fill(row, fact)
                notes_of_it = without_repeats(trimmed([*_marks(fact), *remarks_of(fact)]))
                rows.append(row | note_fields([*notes_of_it]))
        elif history:
            rows += _past_rows(source, plant, believed)
        elif believed:
            rows.append(_plant_row(source, plant, shown, day))
    by = ("country_name", "city", "makers", "plant")
    rows.sort(key=lambda row: [(not row[field], fold(str(row[field]))) for field in by])
    views = list(_VIEWS)
    if len({row["country"] for row in rows}) == 1:
        views[5] = views[5]._replace(optional=0)  # there is room for investment
        for row in rows:
            row["where"] = row["town"] or row["where"]
    for alike in grouped(rows, itemgetter("makers", "where")).values():
        products = {row["plant"]: row["product"] for row in alike}
        for row in alike if len(products) > 1 else ():  # what parts one plant from another
            by_product = row["product"] if [*products.values()].count(row["product"]) == 1 else ""
            row["where"] = f"{row['where']} ({by_product or row['plant']})"
    views = [view for view in views if not rows or any(row.get(view.fields[0]) for row in rows)]
    dated = history or bool(wanted.by)
    if dated:  # in the order of what was said
        views = [HumanColumn("as of", fields=("as_of",)), *(e for e in views if e.head != "as of")]
    return answer_of("plant", rows, source.store)._replace(
        views=tuple(views),
        notes=notes,
        title=title_of(words, "Plants of Chinese makers abroad", wanted.where),
        hint=_hint(source, wanted, known),
        marks={_PLANNED: "planned", _OVERDUE: "that day has passed, no later word"},
        more="" if dated or not rows else "what was said before: --history",
        screen=None if dated else _largest(rows),
    )


def _hint(source: Figures, wanted: Query, there: Sequence[Plant]) -> str:
    """What there is where nothing answers: who else builds in that place, else all places."""
    words = source.words
    what = title_of(words, "", wanted.where) or "that kind"
    if not wanted.when.is_open:
        return f"nothing was said of plants ({what}) in that time; leave the period out"
    names = {short_in(words.subjects, each) for plant in there for each in plant.maker}
    names = names or {short_place(words, plant.country) for plant in source.store.every(Plant)}
    if not names:
        return "no plant is recorded"
    return f"no plant of {what} is recorded; recorded: {', '.join(sorted(names))}"


def _largest(rows: Sequence[dict[str, Value]]) -> tuple[int, ...] | None:
    """The rows for one screen: what stands before what is announced, the largest first."""
    sizes: list[tuple[bool, Fraction]] = []  # the capacity a year, that in GWh a kind of its own
    for row in rows:
        size, (what, _, time) = row["capacity"], str(row["capacity_unit"]).partition("/")
        number = size * _TIMES.get(time, 1) if isinstance(size, Fraction) else Fraction(0)
        sizes.append((what == "GWh", number))
    largest = dict(sorted(sizes))

    def weight(at: int) -> tuple[object, ...]:
        status, (unit, size) = rows[at]["status"], sizes[at]
        return status in _OFF, status == "announced", -size / (largest[unit] or 1)

    return screenful(rows, _ROOM, weight)


def head_of(source: Figures, plant: Plant) -> dict[str, Value]:
    """What a row says of the plant itself; no group of which one of its brands is named."""
    words = source.words
    country = short_place(words, plant.country)
    town = f"{plant.city} ({plant.name})" if plant.city and plant.name else plant.city or plant.name
    makers = [
        short_in(words.subjects, maker)
        for maker in plant.maker
        if not any(words.belongs_to(other, maker) for other in plant.maker if other != maker)
    ]
    row = _EMPTY | fields(plant, "id", "maker", "country", "city", "product") | {"plant": plant.id}
    row |= {"makers": ", ".join(makers), "country_name": country, "town": town}
    return row | {"where": f"{town}, {country}" if town else country}


def _past_rows(
    source: Figures, plant: Plant, facts: Sequence[PlantFact]
) -> Iterator[dict[str, Value]]:
    """A row for each day on which something new was said; people see what is new alone."""
    seen: dict[str, Value] = {}
    for as_of in sorted({fact.as_of for fact in facts}, key=lambda day: day.sort_key):
        row = _plant_row(source, plant, [fact for fact in facts if fact.as_of == as_of])
        cells = {f"{kind.value}_cell": row.get(f"{kind.value}_cell") for kind in PlantAspect}
        new = {name: text for name, text in cells.items() if text and text != seen.get(name)}
        seen |= new
        if new:
            yield row | dict.fromkeys(cells, "") | new | {"as_of": str(as_of)}


def _plant_row(
    source: Figures, plant: Plant, facts: Sequence[PlantFact], day: date | None = None
) -> dict[str, Value]:
    """What counts of each aspect; on a *day* also which start is overdue."""
    row, words = head_of(source, plant), source.words
    sources: list[str] = []
    partners = [name_in(words.subjects, each) for each in plant.partner]
    whom = f"{_KINDS.get(plant.kind, 'with')} {' and '.join(partners)}"
    notes = [Note(NoteKind.REMARK, plant.note, (plant.id,))]
    if not all(partner in plant.note for partner in partners):  # else the note says so
        notes.append(Note(NoteKind.REMARK, whom, plant.partner))
    for aspect in aspects_of(fact for fact in facts if fact.rank is not Rank.DEPRECATED):
        fact = aspect.facts[0]
        if fact.aspect is PlantAspect.STATUS or not row["as_of"]:
            row["as_of"] = str(fact.as_of)
        if aspect.disputed:
            row[f"{fact.aspect.value}_cell"] = "disputed"
        else:
            _fill(row, fact)
            planned = fact.planned and fact.aspect is PlantAspect.START
            due = parse_period(fact.text).end if planned else None
            if due and day and due <= day and row["status"] not in (*_BEGUN, *_OFF):  # overdue
                row["start_cell"] = f"{row['start_cell']}{_OVERDUE}"
                text = f"start planned for {_text(fact)}; no later word"
                notes.append(Note(NoteKind.CAUTION, text, (fact.id,)))
            notes += _marks(fact)
        notes += _remarks(aspect)
        sources += [each.source for each in (*aspect.facts, *aspect.beside)]
    for fact in (fact for fact in facts if fact.rank is Rank.DEPRECATED):
        text = f"set aside: {fact.aspect.value} {_dated(fact)}: {fact.reason}"
        notes.append(Note(NoteKind.CAUTION, text, (fact.id,)))
    row |= note_fields([*without_repeats(trimmed(notes))])
    return row | {"sources": tuple(dict.fromkeys(sources))}


def _remarks(aspect: Aspect) -> Iterator[Note]:
    """What a reader must know of an aspect beyond its figure."""
    kind = aspect.facts[0].aspect.value
    if aspect.disputed:
        values = " / ".join(f"{fact.text} ({fact.source})" for fact in aspect.facts)
        refs = tuple(fact.id for fact in aspect.facts)
        yield Note(NoteKind.DISPUTE, f"{kind} disputed: {values}", refs)
    else:
        of = "" if kind == PlantAspect.STATUS else f"{kind}: "
        for note in remarks_of(aspect.facts[0]):
            yield note._replace(text=f"{of}{note.text}")
    for fact in aspect.beside:
        which = " planned" * fact.planned + f", {_phase(fact)}" * bool(fact.phase)
        text = f"{kind}{f'{which}:' if which else ' also'} {_dated(fact)}"
        yield Note(NoteKind.COMPARISON, text, (fact.id,))


def _fill(row: dict[str, Value], fact: PlantFact) -> None:
    """The machine fields of a fact's aspect, and its cell in the human table."""
    name, quantity = fact.aspect.value, fact.quantity
    if quantity is None:
        row[name] = fact.text
    elif fact.aspect is PlantAspect.CAPACITY:
        row |= with_bounds(name, quantity) | {"capacity_unit": quantity.unit}
    else:
        row |= {name: quantity.value, "currency": quantity.unit}
    text = _text(fact)
    for long, short in _SHORTER.items():
        text = text.replace(long, short)
    phase = f" ({_phase(fact)})" if fact.phase else ""
    row[f"{name}_cell"] = f"{text}{phase}{_PLANNED if fact.planned else ''}"


def _text(fact: PlantFact) -> str:
    """What a fact says: a capacity in figures with its unit, all else as it is written."""
    quantity = fact.quantity
    if fact.aspect is PlantAspect.START:
        first, slash, last = fact.text.partition("/")
        return first + slash + last.removeprefix(first[:5])
    if fact.aspect is not PlantAspect.CAPACITY or quantity is None:
        return fact.text
    if quantity.value is not None:
        figures = f"{quantity.qualifier} {human(quantity.value)}".strip()
    else:
        figures = " to ".join(human(end) for end in quantity.bounds if end is not None)
    return f"{figures} {quantity.unit.removesuffix('/year').replace('/', ' a ')}"


def _phase(fact: PlantFact) -> str:
    return f"phase {fact.phase}" if _NUMBERED.fullmatch(fact.phase) else fact.phase


def _dated(fact: PlantFact) -> str:
    return f"{_text(fact)} ({'' if fact.as_of.is_undated else 'as of '}{fact.as_of})"


def _marks(fact: PlantFact) -> Iterator[Note]:
    """What the cell of the human table shows by itself, in words for the machine formats."""
    aspect, own = fact.aspect.value, (fact.id,)
    if fact.planned:
        yield Note(NoteKind.CAUTION, f"{aspect} planned", own)
    if fact.phase:
        yield Note(NoteKind.DEFINITION, f"{aspect} of {_phase(fact)}", own)
    if fact.quantity is not None and fact.quantity.qualifier:
        yield Note(NoteKind.WORDING, f"{aspect} {fact.text}", own)
