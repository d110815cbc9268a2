"""Plants: one row each with what counts of every aspect, or every fact.

Preferred facts before others, facts on the whole plant before those on a phase, what is before
what is planned. Of these the newest: by the day of which a fact speaks, and where two such days
cannot be told apart (December 2025, and 5 December 2025) by the day on which its source came out.
Values that can all be true are not rivals; the most precise of them is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from evcli.core.resolve import remarks_on
from evcli.errors import UsageError
from evcli.model.answer import (
    NOTE_COLUMNS,
    Answer,
    Column,
    HumanColumn,
    Kind,
    Rounding,
    Value,
    View,
)
from evcli.model.codes import CONTINENTS
from evcli.model.note import Note, NoteKind, in_one_line, trimmed, without_repeats
from evcli.model.period import Period, parse_period
from evcli.model.records import Plant, PlantAspect, PlantFact, Rank
from evcli.model.vocabulary import ABROAD, WORLD, Vocabulary
from evcli.query.figures import Figures
from evcli.query.rows import destination_name, footnotes, note_fields, subject_name
from evcli.query.selection import Query

_BORDERS = {
    "europe": "Europe as the United Nations draw it: with Russia, without Turkey",
    "asia": "Asia as the United Nations draw it: with Turkey, without Russia",
}


class Countries(NamedTuple):
    """Country codes, None for everywhere, and what a reader must know of them."""

    codes: frozenset[str] | None = None
    notes: tuple[str, ...] = ()


def countries_of(places: Collection[str], words: Vocabulary) -> Countries:
    """The countries of all *places*: of a region its members, of a continent the UN's list.

    Raises UsageError for a region that nobody has listed the countries of.

    >>> countries_of(["HU", "europe"], Vocabulary()).notes
    ('Europe as the United Nations draw it: with Russia, without Turkey',)
    >>> countries_of([], Vocabulary()).codes is None
    True
    """
    if not places or WORLD in places or ABROAD in places:
        return Countries()
    codes: set[str] = set()
    notes: list[str] = []
    for place in places:
        inside = words.countries_in(place)
        if inside:
            codes |= inside
        elif place in CONTINENTS:
            codes |= CONTINENTS[place]
            notes += [_BORDERS[place]] if place in _BORDERS else []
        elif len(place) == 2 and place.isupper():
            codes.add(place)
        else:
            listed = [each.id for each in words.destinations.values() if each.members]
            raise UsageError(
                f"{place!r} has no list of countries",
                f"name countries, or one of {', '.join(sorted({*CONTINENTS, *listed}))}",
            )
    return Countries(frozenset(codes), tuple(notes))


class Aspect(NamedTuple):
    """One side of a plant.

    ``fact`` is what counts, None where ``rivals`` cannot all be true; ``agreeing`` state the same
    (the fact itself first); ``beside`` are newer plans, other phases, the same in other units.
    """

    kind: PlantAspect
    fact: PlantFact | None
    agreeing: tuple[PlantFact, ...] = ()
    rivals: tuple[PlantFact, ...] = ()
    beside: tuple[PlantFact, ...] = ()

    @property
    def as_of(self) -> Period:
        """The day of which the fact speaks, or its rivals do."""
        return (self.fact or self.rivals[0]).as_of


def aspects_of(facts: Sequence[PlantFact]) -> Iterator[Aspect]:
    """Each aspect that one of *facts* (none of them deprecated) tells, in a fixed order."""
    for kind in PlantAspect:
        told = [fact for fact in facts if fact.aspect is kind]
        if told:
            yield _aspect(kind, told)


def _aspect(kind: PlantAspect, told: Sequence[PlantFact]) -> Aspect:
    best = _best(told)
    newest = _newest(best)
    phase = newest[0].phase
    newest = [fact for fact in newest if fact.phase == phase]
    if any(not compatible(*pair) for pair in combinations(newest, 2)):
        phases = tuple(_other_phases(told, newest[0]))
        return Aspect(kind, None, rivals=tuple(newest), beside=phases)
    shown = _most_precise(newest, best)
    agreeing = [fact for fact in newest if fact is not shown and same(fact, shown)]
    other_units = [fact for fact in newest if not _comparable(fact, shown)]
    beside = [*other_units, *_newer_plans(told, shown), *_other_phases(told, shown)]
    return Aspect(kind, shown, (shown, *agreeing), (), tuple(_distinct(beside, shown)))


def _best(facts: Sequence[PlantFact]) -> list[PlantFact]:
    best = [fact for fact in facts if fact.rank is Rank.PREFERRED] or list(facts)
    best = [fact for fact in best if not fact.phase] or best
    return [fact for fact in best if not fact.planned] or best


def _newest(facts: Sequence[PlantFact]) -> list[PlantFact]:
    """The facts that nothing later stands against, all speaking of the same day."""
    latest = max(_start(fact) for fact in facts)
    # those that may speak of a day as late as the latest
    open_to = [fact for fact in facts if _start(fact) == latest or _end(fact) > latest]
    newest = max(open_to, key=_recency)
    return [
        fact for fact in open_to if fact.as_of == newest.as_of and not _surely_before(fact, newest)
    ]


def _start(fact: PlantFact) -> date:
    return fact.as_of.start or date.min


def _end(fact: PlantFact) -> date:
    return fact.as_of.end or date.min


def _recency(fact: PlantFact) -> tuple[date, date, int]:
    """When its source came out, else the first day of which it may speak; then the precise one."""
    start = _start(fact)
    out = _published(fact)
    published = out.start if out and out.start else start
    return (max(published, start), start, -_end(fact).toordinal())


def _published(fact: PlantFact) -> Period | None:
    return parse_period(fact.published) if fact.published else None


def _surely_before(fact: PlantFact, other: PlantFact) -> bool:
    earlier, later = _published(fact), _published(other)
    if earlier is None or later is None or earlier.end is None or later.start is None:
        return False
    return earlier.end <= later.start


def compatible(fact: PlantFact, other: PlantFact) -> bool:
    """Whether two facts on the same side of a plant can both be true."""
    if fact.aspect is PlantAspect.STATUS:
        return fact.text == other.text
    if fact.aspect is PlantAspect.START:
        first, second = parse_period(fact.text), parse_period(other.text)
        return first == second or first.contains(second) or second.contains(first)
    if fact.quantity is None or other.quantity is None or not _comparable(fact, other):
        return True
    return fact.quantity.bounds.intersect(other.quantity.bounds) is not None


def same(fact: PlantFact, other: PlantFact) -> bool:
    """Whether two facts say the same, in whatever words."""
    if fact.quantity is None or other.quantity is None:
        return fact.text == other.text
    one, two = fact.quantity, other.quantity
    return (one.unit, one.value or one.bounds) == (two.unit, two.value or two.bounds)


def _comparable(fact: PlantFact, other: PlantFact) -> bool:
    if fact.quantity is None or other.quantity is None:
        return True
    return fact.quantity.unit == other.quantity.unit


def _most_precise(newest: Sequence[PlantFact], best: Sequence[PlantFact]) -> PlantFact:
    """Of the newest facts, and of those that may be as new and agree with them, the narrowest.

    A day on which production began does not grow old: there an older fact may be the narrower.
    """
    first = newest[0]
    alike = [fact for fact in newest if _comparable(fact, first)]
    lasting = first.aspect is PlantAspect.START and not first.planned
    agreeing = [
        fact
        for fact in best
        if fact.phase == first.phase
        and (lasting or fact.as_of.overlaps(first.as_of))
        and _comparable(fact, first)
        and all(compatible(fact, each) for each in alike)
    ]
    return min([*alike, *agreeing], key=_width)


def _width(fact: PlantFact) -> tuple[bool, Fraction]:
    """How much a fact leaves open: of its number, of its start, of the day of a status."""
    if fact.quantity is not None:
        low, high = fact.quantity.bounds
        return _extent(low, high)
    period = parse_period(fact.text) if fact.aspect is PlantAspect.START else fact.as_of
    first, last = period.start, period.end
    return _extent(
        None if first is None else Fraction(first.toordinal()),
        None if last is None else Fraction(last.toordinal()),
    )


def _extent(low: Fraction | None, high: Fraction | None) -> tuple[bool, Fraction]:
    if low is None or high is None:
        return (True, Fraction(0))
    return (False, high - low)


def _newer_plans(told: Sequence[PlantFact], shown: PlantFact) -> Iterator[PlantFact]:
    """What is planned for the same part of the plant, on a later day than what is shown."""
    plans = [
        fact
        for fact in told
        if fact.planned
        and not shown.planned
        and fact.phase == shown.phase
        and not fact.as_of.is_undated
        and (_start(fact) >= _end(shown) or _recency(fact) > _recency(shown))
    ]
    if plans:
        yield from _newest(plans)


def _other_phases(told: Sequence[PlantFact], shown: PlantFact) -> Iterator[PlantFact]:
    """Of each other phase the newest fact, what is before what is planned."""
    for phase in dict.fromkeys(fact.phase for fact in told):
        if phase and phase != shown.phase:
            yield from _newest(_best([fact for fact in told if fact.phase == phase]))


def _distinct(facts: Sequence[PlantFact], shown: PlantFact) -> Iterator[PlantFact]:
    """Each thing once; of a phase nothing that the whole plant's figure says already."""
    told = [shown]
    for fact in facts:
        if not any(same(fact, other) and other.phase in ("", fact.phase) for other in told):
            told.append(fact)
            yield fact


PLANT_COLUMNS: tuple[Column, ...] = (
    Column("id"),
    Column("maker", Kind.LIST),
    *(Column(name) for name in ("country", "city", "product", "status", "as_of", "start")),
    Column("capacity", Kind.NUMBER, Rounding.NEAREST, "capacity_unit"),
    Column("capacity_low", Kind.NUMBER, Rounding.DOWN, "capacity_unit"),
    Column("capacity_high", Kind.NUMBER, Rounding.UP, "capacity_unit"),
    Column("capacity_unit"),
    Column("investment", Kind.NUMBER, Rounding.NEAREST, "currency"),
    Column("currency"),
    Column("sources", Kind.LIST),
    *NOTE_COLUMNS,
)
_VIEWS = (
    HumanColumn("maker", View.TEXT, ("makers",)),
    HumanColumn("where", View.TEXT, ("where",)),
    HumanColumn("product", View.TEXT, ("product",), optional=3),
    HumanColumn("status", View.TEXT, ("status_cell",)),
    HumanColumn("as of", View.TEXT, ("as_of",), optional=1),
    HumanColumn("start", View.TEXT, ("start_cell",)),
    HumanColumn("capacity a year", View.AMOUNT, ("capacity_cell",)),
    HumanColumn("investment", View.AMOUNT, ("investment_cell",), optional=2),
    HumanColumn("src", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("told",)),
)
_PLANNED = "\N{DOUBLE DAGGER}"
_A_YEAR = "/year"
_KINDS = {"joint-venture": "joint venture with", "contract": "built under contract by"}
_NUMBERED = re.compile("[IVX]+|[0-9]{1,2}")  # a phase by its number; 2029 is the year it is due


def plants_answer(
    source: Figures,
    wanted: Query,
    *,
    every_fact: bool = False,
    include_deprecated: bool = False,
) -> Answer:
    """One row a plant, or one a fact, by country, city and maker."""
    rows: list[dict[str, Value]] = []
    countries = countries_of(wanted.where.destinations, source.words)
    plants = [
        plant
        for plant in source.store.plants(countries=countries.codes)
        if _is_of(plant, wanted.where.subjects, source)
    ]
    for plant in plants:
        facts = _asked_for(plant, source, wanted)
        believed = [fact for fact in facts if fact.rank is not Rank.DEPRECATED]
        shown = facts if include_deprecated else believed
        if every_fact:
            rows += [_fact_row(source, plant, fact) for fact in shown]
        elif believed:
            set_aside = [fact for fact in shown if fact.rank is Rank.DEPRECATED]
            rows.append(_plant_row(source, plant, believed, set_aside))
    rows.sort(key=_by_place)
    _tell_apart(rows, every_fact=every_fact)
    by_country = len(rows) >= 2 * len({row["country"] for row in rows})
    return Answer(
        PLANT_COLUMNS,
        rows,
        tuple(view for view in _VIEWS if not rows or any(row.get(view.fields[0]) for row in rows)),
        footnotes=footnotes(rows, source.store),
        notes=countries.notes,
        title="Plants abroad",
        hint="no plant matches; evcli plants without options lists all",
        group_by="country" if by_country else "",
        marks={_PLANNED: "a plan, not what is there"},
    )


def _asked_for(plant: Plant, source: Figures, wanted: Query) -> list[PlantFact]:
    """The plant's facts from the times and sources asked for."""
    facts = [
        fact
        for fact in plant.facts
        if wanted.when.holds(fact.as_of)
        and (not wanted.where.sources or fact.source in wanted.where.sources)
        and source.is_out(fact.source)
    ]
    if wanted.when.latest:
        asked = wanted.when.pick(sorted({f.as_of for f in facts}, key=lambda p: p.sort_key))
        facts = [fact for fact in facts if fact.as_of in asked]
    return facts


def _is_of(plant: Plant, subjects: Sequence[str], source: Figures) -> bool:
    """Whether one of *subjects*, or what belongs to it, runs the plant or shares in it."""
    return not subjects or any(
        source.words.belongs_to(each, subject)
        for each in (*plant.maker, *plant.partner)
        for subject in subjects
    )


def _by_place(row: dict[str, Value]) -> tuple[object, ...]:
    city = str(row["city"])
    return (
        _plainly(str(row["country_name"])),
        not city,
        _plainly(city),
        _plainly(str(row["makers"])),
        str(row["plant"]),
    )


def _plainly(text: str) -> str:
    """Without case and accents: Überherrn stands among the U."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _tell_apart(rows: Sequence[dict[str, Value]], *, every_fact: bool) -> None:
    """Add to the places what parts one plant from another of the same maker there."""
    seen = {(row["plant"], row["makers"], row["where"], row["product"]) for row in rows}
    same_town = Counter((makers, where) for _, makers, where, _ in seen)
    same_product = Counter((makers, where, product) for _, makers, where, product in seen)
    for row in rows:
        makers, where, product = row["makers"], row["where"], row["product"]
        if every_fact or same_town[makers, where] == 1:
            continue
        by_product = same_product[makers, where, product] == 1 and product
        row["where"] = f"{where} ({product if by_product else row['plant']})"


def _head(source: Figures, plant: Plant) -> dict[str, Value]:
    words = source.words
    country = destination_name(plant.country, words)
    town = f"{plant.city} ({plant.name})" if plant.city and plant.name else plant.city or plant.name
    return {
        **{column.name: "" for column in PLANT_COLUMNS},
        "id": plant.id,
        "maker": plant.maker,
        "country": plant.country,
        "city": plant.city,
        "product": plant.product,
        "capacity": None,
        "capacity_low": None,
        "capacity_high": None,
        "investment": None,
        "sources": (),
        "plant": plant.id,
        "country_name": country,
        "makers": ", ".join(subject_name(maker, words) for maker in plant.maker),
        "where": f"{town}, {country}" if town else country,
    }


def _fact_row(source: Figures, plant: Plant, fact: PlantFact) -> dict[str, Value]:
    row = _head(source, plant)
    row["id"] = fact.id
    row["as_of"] = str(fact.as_of)
    row["sources"] = (fact.source,)
    row["rank"] = fact.rank.value
    _fill(row, fact)
    remarks = [*_said_of(fact)]
    row.update(note_fields(_once([*_marks(fact), *remarks])))
    row["told"] = in_one_line(_once(remarks))
    return row


def _plant_row(
    source: Figures, plant: Plant, facts: Sequence[PlantFact], set_aside: Sequence[PlantFact]
) -> dict[str, Value]:
    row = _head(source, plant)
    sources: dict[str, None] = {}
    told = [
        Note(NoteKind.REMARK, plant.note, (plant.id,)),
        Note(NoteKind.REMARK, _with_whom(source, plant), plant.partner),
    ]
    notes = [*told]
    for aspect in aspects_of(facts):
        if aspect.kind is PlantAspect.STATUS or not row["as_of"]:
            row["as_of"] = str(aspect.as_of)
        if aspect.fact is not None:
            _fill(row, aspect.fact)
            notes += _marks(aspect.fact)
        else:
            row[f"{aspect.kind.value}_cell"] = "disputed"
        remarks = [*_remarks(aspect)]
        notes += remarks
        told += remarks
        sources.update(dict.fromkeys(fact.source for fact in (*aspect.agreeing, *aspect.rivals)))
        sources.update(dict.fromkeys(fact.source for fact in aspect.beside))
    for fact in set_aside:
        text = f"set aside: {fact.aspect.value} {_dated(fact)}: {fact.reason}"
        remark = Note(NoteKind.CAUTION, text, (fact.id,))
        notes.append(remark)
        told.append(remark)
    row["sources"] = tuple(sources)
    row.update(note_fields(_once(notes)))
    row["told"] = in_one_line(_once(told))
    return row


def _with_whom(source: Figures, plant: Plant) -> str:
    """Who else has a part in the plant, unless its note says so."""
    partners = [subject_name(each, source.words) for each in plant.partner]
    if not partners or all(partner in plant.note for partner in partners):
        return ""
    return f"{_KINDS.get(plant.kind, 'with')} {' and '.join(partners)}"


def _remarks(aspect: Aspect) -> Iterator[Note]:
    """What a reader must know of an aspect beyond its figure."""
    kind = aspect.kind.value
    if aspect.fact is not None:
        of = "" if aspect.kind is PlantAspect.STATUS else f"{kind}: "
        for note in _said_of(aspect.fact):
            yield note._replace(text=f"{of}{note.text}")
    else:
        rivals = " / ".join(f"{fact.text} ({fact.source})" for fact in aspect.rivals)
        refs = tuple(fact.id for fact in aspect.rivals)
        yield Note(NoteKind.DISPUTE, f"{kind} disputed: {rivals}", refs)
    for fact in aspect.beside:
        if fact.phase:
            planned = " planned" if fact.planned else ""
            text = f"{kind}{planned}, {_phase(fact)}: {_dated(fact)}"
        else:
            text = f"{kind} {'planned:' if fact.planned else 'also'} {_dated(fact)}"
        yield Note(NoteKind.COMPARISON, text, (fact.id,))


def _fill(row: dict[str, Value], fact: PlantFact) -> None:
    """The machine fields of a fact's aspect, and its cell in the human table."""
    quantity = fact.quantity
    match fact.aspect:
        case PlantAspect.STATUS:
            row["status"] = fact.text
        case PlantAspect.START:
            row["start"] = fact.text
        case PlantAspect.CAPACITY if quantity is not None:
            row["capacity"] = quantity.value
            row["capacity_low"] = quantity.bounds.low
            row["capacity_high"] = quantity.bounds.high
            row["capacity_unit"] = quantity.unit
        case PlantAspect.INVESTMENT if quantity is not None:
            row["investment"] = quantity.value
            row["currency"] = quantity.unit
    said = _said(fact).replace("-", " ") if fact.aspect is PlantAspect.STATUS else _said(fact)
    phase = f" ({_phase(fact)})" if fact.phase else ""
    row[f"{fact.aspect.value}_cell"] = f"{said}{phase}{_PLANNED if fact.planned else ''}"


def _said(fact: PlantFact) -> str:
    """What a fact says: a capacity in figures with its unit, all else as it is written."""
    quantity = fact.quantity
    if fact.aspect is not PlantAspect.CAPACITY or quantity is None:
        return fact.text.replace("/", " to ") if fact.aspect is PlantAspect.START else fact.text
    if quantity.value is not None:
        figures = f"{quantity.qualifier} {_figures(quantity.value)}".strip()
    else:
        low, high = quantity.bounds
        figures = " to ".join(_figures(end) for end in (low, high) if end is not None)
    return f"{figures} {quantity.unit.removesuffix(_A_YEAR).replace('/', ' a ')}"


def _figures(number: Fraction) -> str:
    return f"{int(number):,}" if number.denominator == 1 else f"{float(number):,g}"


def _phase(fact: PlantFact) -> str:
    return f"phase {fact.phase}" if _NUMBERED.fullmatch(fact.phase) else fact.phase


def _dated(fact: PlantFact) -> str:
    return f"{_said(fact)} ({'' if fact.as_of.is_undated else 'as of '}{fact.as_of})"


def _marks(fact: PlantFact) -> Iterator[Note]:
    """What the cell of the human table shows by itself, in words for the machine formats."""
    aspect, own = fact.aspect.value, (fact.id,)
    if fact.planned:
        yield Note(NoteKind.CAUTION, f"{aspect} planned", own)
    if fact.phase:
        yield Note(NoteKind.DEFINITION, f"{aspect} of {_phase(fact)}", own)
    if fact.quantity is not None and fact.quantity.qualifier:
        yield Note(NoteKind.WORDING, f"{aspect} {fact.text}", own)


def _said_of(fact: PlantFact) -> Iterator[Note]:
    """What the curators say of a fact, and that it is deprecated where it is."""
    for note in remarks_on(fact):
        is_wrong = note.kind is NoteKind.CAUTION
        yield note._replace(text=f"deprecated: {note.text}") if is_wrong else note


def _once(notes: Iterable[Note]) -> list[Note]:
    return [*without_repeats(trimmed(notes))]
