"""Where a number comes from: the lineage as rows, one per step, down to the paragraph."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from evcli.core.formula import FORMULAS
from evcli.core.resolve import figure_id, remarks_on
from evcli.errors import UnknownName, UsageError
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
from evcli.model.figure import BY_INFERENCE, Derived, Figure
from evcli.model.note import Note, NoteKind, in_one_line
from evcli.model.period import Period
from evcli.model.records import (
    Claim,
    Event,
    Fact,
    Measure,
    Plant,
    PlantFact,
    Rank,
    Series,
    Source,
    Status,
)
from evcli.query.computed import computed, growth_of, one_series, share_of, total_of
from evcli.query.figures import Figures
from evcli.query.rows import bounded, citation, formula_text, note_fields, publisher_name
from evcli.query.selection import Reference
from evcli.store.reader import Store

EXPLAIN_COLUMNS: tuple[Column, ...] = (
    Column("depth", Kind.NUMBER),
    *(Column(name) for name in ("kind", "id", "text", "period")),
    Column("value", Kind.NUMBER, Rounding.NEAREST, "unit"),
    Column("low", Kind.NUMBER, Rounding.DOWN, "unit"),
    Column("high", Kind.NUMBER, Rounding.UP, "unit"),
    Column("unit"),
    *bounded("yoy", Kind.CHANGE),
    *(Column(name) for name in ("formula", "source", "at", "url")),
    *NOTE_COLUMNS,
    Column("file"),
    Column("line", Kind.NUMBER),
)


class Step(NamedTuple):
    """One line of an explanation."""

    depth: int
    kind: str
    id: str
    text: str
    fields: dict[str, Value]
    notes: Sequence[Note] = ()
    missing: bool = False  # no figure is there: the text says why

    def row(self) -> dict[str, Value]:
        """The hop as a row of :data:`EXPLAIN_COLUMNS`."""
        row: dict[str, Value] = {column.name: "" for column in EXPLAIN_COLUMNS}
        for name in ("value", "low", "high", "yoy", "yoy_low", "yoy_high", "line"):
            row[name] = None
        row.update(depth=self.depth, kind=self.kind, id=self.id, text=self.text)
        row.update(note_fields([note for note in self.notes if note.text]))
        row.update(self.fields)
        row["told"] = "  " * self.depth + _told(self, row)
        return row


def _told(hop: Step, row: Mapping[str, Value]) -> str:
    """The hop as one line for people: what it is, and where it stands."""
    if hop.kind == "derived":
        told = f" = {row['formula']}" if row["formula"] else ": what all the facts below allow"
        return hop.id + told
    if hop.kind == "figure":
        return f"{hop.id}: {hop.text}" if hop.missing else hop.id
    place = f"{row['file']}:{row['line']}" if row["file"] else ""
    stands = ", ".join(str(part) for part in (row["at"], place) if part)
    line = f"{hop.kind}: {hop.text}"
    return f"{line} ({stands})" if stands else line


def source_step(source: Source, depth: int, kind: str) -> Step:
    """The document that something rests on."""
    return Step(
        depth,
        kind,
        source.id,
        f"{source.id}: {citation(source)}",
        {"url": source.url, "source": source.id},
        _remark(source),
    )


def _remark(about: Source | Measure | Plant | Event | Claim) -> tuple[Note, ...]:
    """What the curators noted of it."""
    return (Note(NoteKind.REMARK, about.note, (about.id,)),)


def measure_steps(store: Store, measure: Measure) -> Iterator[Step]:
    """A trade measure: what it is, its rate, what it stands beside, and all its sources."""
    rate = f"{measure.rate_stated} on top of {measure.on_top_of}".removesuffix(" on top of ")
    dates = [f"from {measure.start}"] if measure.start else []
    dates += [f"until {measure.until}"] if measure.until else []
    told = (measure.instrument, measure.stage, measure.target, measure.subject, rate, *dates)
    fields: dict[str, Value] = {"at": " ".join((measure.source, *measure.at))}
    fields.update(source=measure.source, period=str(measure.start or ""))
    if measure.rate is not None:
        bounds = measure.rate.bounds
        fields.update(value=measure.rate.value, low=bounds.low, high=bounds.high)
        fields["unit"] = measure.rate.unit
    if measure.place is not None:
        fields.update(file=measure.place.file, line=measure.place.line)
    text = f"{measure.jurisdiction}: {', '.join(filter(None, told))}"
    yield Step(0, "measure", measure.id, text, fields, _remark(measure))
    if measure.reason:
        yield Step(1, "deprecated", measure.id, measure.reason, {})
    for label, others in (
        ("minimum", (measure.minimum,)),
        ("quota", (measure.quota,)),
        ("suspended", [f"{begin} until {end}" for begin, end in measure.suspended]),
        ("replaces", measure.replaces),
        ("excepted from", measure.excepts),
        ("note", (measure.note,)),
    ):
        for each in filter(None, others):
            yield Step(1, label, measure.id, each, {})
    for source in store.sources((measure.source, *measure.confirmed_by)):
        yield source_step(source, 1, "source" if source.id == measure.source else "confirmed by")


_YEARS = re.compile(r"P(\d+)Y")
_COMPUTED = re.compile(r"(growth|share|total|ratio|difference):(.+)")
_VIEWS = (
    HumanColumn("value", View.BOUNDED, ("value", "low", "high"), "unit"),
    HumanColumn("bounds", View.BOUNDS, ("low", "high", "value"), optional=1),
    HumanColumn("how it came about", View.TEXT, ("told",)),
)


def explain_answer(source: Figures, ids: Collection[str], accept: Collection[str] = ()) -> Answer:
    """Every hop below each of *ids*: figures, computed figures, facts, events, sources ..."""
    hops = [hop for each in ids for hop in _explain(source, each, accept)]
    return Answer(EXPLAIN_COLUMNS, [hop.row() for hop in hops], _VIEWS)


def is_computed(text: str) -> bool:
    """Whether *text* has the form of a computed id.

    >>> is_computed("growth:a@2025,a@2024"), is_computed("a@2025")
    (True, False)
    """
    return _COMPUTED.fullmatch(text) is not None


def computed_figure(source: Figures, text: str, accept: Collection[str] = ()) -> Figure:
    """The figure behind a computed id such as ``growth:A@P,B@Q``; UsageError if it is none."""
    match = _COMPUTED.fullmatch(text)
    if match is None:
        raise UsageError(f"{text!r} is no computed id", "write growth:A@2025,A@2024")
    name, references = match[1], [Reference.parse(each) for each in match[2].split(",")]
    pairs = [(one_series(source, each.series), _period(each)) for each in references]
    if name == "total":
        return total_of(source, pairs, accept)
    if len(pairs) != 2:
        raise UsageError(f"{text!r}: {name} takes two figures")
    (first, period), (second, other) = pairs
    if name == "growth":
        return growth_of(source, first, period, base=Reference(second.id, other), accept=accept)
    if name == "share":
        return share_of(source, first, second, period, accept)
    from evcli.core.comparability import Operand, guard_ratio, guard_total

    operands = (Operand(first, period), Operand(second, other))
    if name == "ratio":
        notes = guard_ratio(*operands, source.words, accept)
    else:
        notes = guard_total(operands, source.words, accept, "difference")
    unit = "1" if name == "ratio" else first.unit
    return computed(source, FORMULAS[name], pairs, unit=unit, notes=notes)


def _period(reference: Reference) -> Period:
    if reference.period is None:
        raise UsageError(f"{reference.series!r} names no period", f"write {reference.series}@2025")
    return reference.period


def _explain(source: Figures, text: str, accept: Collection[str]) -> Iterator[Step]:
    store = source.store
    if is_computed(text):
        yield from _figure(source, computed_figure(source, text, accept), 0)
        return
    fact = store.fact(text)
    if fact is not None:
        yield from _fact(store, fact, 0, store.series([fact.series])[0])
        return
    if "#" in text:
        yield from _plant_fact(store, text)
        return
    reference = Reference.parse(text)
    if store.series([reference.series]):
        yield from _series(source, reference)
        return
    yield from _other(store, text)


def _series(source: Figures, reference: Reference) -> Iterator[Step]:
    series = source.store.series([reference.series])[0]
    figures = source.one(series)
    period = reference.period
    if period is None:
        known = figures.observed_periods() or figures.periods()
        if not known:
            yield Step(0, "series", series.id, series.title, {})
            yield _definition(source, series, 1)
            return
        period = known[-1]
    shown = source.figures_at(series, period)
    if not shown:
        yield from _nothing(source, series, period)
    for figure in shown:
        yield from _figure(source, figure, 0)
    yield from _set_aside(source, series, period)


def _nothing(source: Figures, series: Series, period: Period) -> Iterator[Step]:
    """Why there is no figure; where two ways to it exclude each other, both."""
    absent = source.operand(series, period)
    fields: dict[str, Value] = {"period": str(period)}
    why = in_one_line(absent.notes)
    yield Step(0, "figure", absent.id, why, fields, absent.notes, missing=True)
    yield _definition(source, series, 1)
    if not period.is_undated:
        yield from _ways(source, series, period)


def _ways(source: Figures, series: Series, period: Period) -> Iterator[Step]:
    """Every way that leads to a figure nobody states, each with the bounds it gives alone."""
    answer = source.derivation.answer([(series, period)])
    for way in getattr(answer, "ways", ()):
        fields: dict[str, Value] = {
            "value": way.value,
            "low": way.bounds.low,
            "high": way.bounds.high,
            "unit": series.unit,
            "formula": way.formula,
        }
        yield Step(1, "way", figure_id(series, period), way.formula, fields)


def _follows(source: Figures, fact: Fact, series: Series, depth: int) -> Iterator[Step]:
    """What a change over several years leaves for the years before the last."""
    years = _YEARS.fullmatch(fact.change.over) if fact.change is not None else None
    if years is None or int(years[1]) < 2 or fact.period.is_undated:
        return
    last = fact.period.year_before()
    first = fact.period.shift(months=-12 * int(years[1]))
    answer = source.derivation.answer([(series, last), (series, first)], "growth")
    bounds = getattr(answer, "bounds", None)
    if bounds is None or (bounds.low is None and bounds.high is None):
        return
    id_ = f"growth:{figure_id(series, last)},{figure_id(series, first)}"
    fields: dict[str, Value] = {"low": bounds.low, "high": bounds.high, "unit": "percent"}
    yield Step(depth, "follows", id_, f"growth from {first} to {last}", fields)


def _set_aside(source: Figures, series: Series, period: Period) -> Iterator[Step]:
    if source.include_deprecated:
        return  # they are figures of their own
    for fact in source.facts([series.id]):
        if fact.period == period and fact.rank is Rank.DEPRECATED:
            yield from _fact(source.store, fact, 1, series, kind="set aside")


def _figure(source: Figures, figure: Figure, depth: int) -> Iterator[Step]:
    fields: dict[str, Value] = {
        "period": str(figure.period),
        "value": figure.value,
        "low": figure.bounds.low,
        "high": figure.bounds.high,
        "unit": figure.unit,
    }
    if figure.yoy is not None:
        fields.update(
            yoy=figure.yoy.value, yoy_low=figure.yoy.bounds.low, yoy_high=figure.yoy.bounds.high
        )
    if isinstance(figure.lineage, Derived):
        lineage = figure.lineage
        fields["formula"] = formula_text(lineage)
        yield Step(depth, "derived", figure.id, figure.lineage.formula, fields, figure.notes)
        for note in figure.notes:
            yield Step(depth + 1, "note", "", note.text, {})
        if figure.lineage.formula == BY_INFERENCE:
            yield _definition(source, figure.series, depth + 1)
            if depth == 0:
                yield from _ways(source, figure.series, figure.period)
        for each in figure.lineage.inputs:
            yield from _figure(source, each, depth + 1)
        return
    yield Step(depth, "figure", figure.id, figure.series.title, fields, figure.notes)
    yield _definition(source, figure.series, depth + 1)
    if not figure.lineage.facts:
        yield Step(depth + 1, "note", "", in_one_line(figure.notes), {})
    for fact in figure.lineage.facts:
        yield from _fact(source.store, fact, depth + 1, figure.series)
        yield from _follows(source, fact, figure.series, depth + 2)
    for fact in figure.lineage.revised:
        yield from _fact(source.store, fact, depth + 1, figure.series, kind="revised")


def _definition(source: Figures, series: Series, depth: int) -> Step:
    words = source.words
    method = words.methods.get(series.method)
    told = f"{series.title}. Counted by {publisher_name(series.publisher, words)}"
    if method is not None:
        told += f", {method.name.lower()}: {method.definition}".rstrip(": ")
    return Step(depth, "definition", series.id, told, {})


def _fact(
    store: Store, fact: Fact, depth: int, series: Series, kind: str = "fact"
) -> Iterator[Step]:
    quantity, yoy = fact.quantity, fact.yoy
    told = [f'"{fact.stated}"'] if fact.stated else []
    if fact.yoy_stated:
        told.append(f'"{fact.yoy_stated}" on the year before')
    if fact.mom_stated:
        told.append(f'"{fact.mom_stated}" on the month before')
    if fact.change is not None:
        told.append(f'"{fact.change.stated}" over {fact.change.over}')
    fields: dict[str, Value] = {
        "period": str(fact.period),
        "value": quantity.value if quantity else None,
        "low": quantity.bounds.low if quantity else None,
        "high": quantity.bounds.high if quantity else None,
        "unit": series.unit,
        "yoy": yoy.value if yoy else None,
        "yoy_low": yoy.bounds.low if yoy else None,
        "yoy_high": yoy.bounds.high if yoy else None,
        "source": fact.source,
        "at": " ".join((fact.source, *fact.at)),
        "file": fact.place.file if fact.place else "",
        "line": fact.place.line if fact.place else None,
    }
    notes = (Note(NoteKind.WORDING, fact.reading, (fact.id,)), *remarks_on(fact))
    yield Step(depth, kind, fact.id, ", ".join(told), fields, notes)
    status = "" if fact.status is Status.NORMAL else fact.status.value
    for label, text in (
        ("status", status),
        ("read as", fact.reading),
        ("reason", fact.reason),
        ("note", fact.note),
    ):
        if text:
            yield Step(depth + 1, label, fact.id, text, {})
    for each in store.sources([fact.source]):
        yield source_step(each, depth + 1, "source")
    if fact.origin != fact.source:
        for each in store.sources([fact.origin]):
            yield source_step(each, depth + 1, "origin")


def _plant_fact(store: Store, text: str) -> Iterator[Step]:
    plant = store.plant(text.partition("@")[0])
    for fact in plant.facts if plant else ():
        if fact.id == text:
            yield from _told_of_plant(store, fact, 0)
            return
    raise UnknownName.of("fact", text, [fact.id for fact in plant.facts] if plant else [])


def _told_of_plant(store: Store, fact: PlantFact, depth: int) -> Iterator[Step]:
    quantity = fact.quantity
    fields: dict[str, Value] = {
        "period": str(fact.as_of),
        "source": fact.source,
        "at": " ".join((fact.source, *fact.at)),
    }
    if quantity is not None:
        bounds = quantity.bounds
        fields.update(value=quantity.value, low=bounds.low, high=bounds.high, unit=quantity.unit)
    if fact.place is not None:
        fields.update(file=fact.place.file, line=fact.place.line)
    kind = "set aside" if fact.rank is Rank.DEPRECATED else "fact"
    text = f"{fact.aspect.value} {fact.text}"
    yield Step(depth, kind, fact.id, text, fields, tuple(remarks_on(fact)))
    for source in store.sources([fact.source]):
        yield source_step(source, depth + 1, "source")


def _other(store: Store, text: str) -> Iterator[Step]:
    """An event, measure, plant, claim or source by its id."""
    for each in store.sources([text]):
        yield source_step(each, 0, "source")
        for problem in each.problems:
            at = " ".join(problem.at)
            yield Step(1, "problem", each.id, problem.problem, {"at": at, "source": each.id})
        return
    event, measure = store.event(text), store.measure(text)
    plant, claim = store.plant(text), store.claim(text)
    told = event or claim
    if measure is not None:
        yield from measure_steps(store, measure)
        return
    if plant is not None:
        title = f"{', '.join(plant.maker)}, {plant.city or plant.country}: {plant.product}"
        yield Step(0, "plant", plant.id, title, {}, _remark(plant))
        for fact in plant.facts:
            yield from _told_of_plant(store, fact, 1)
        return
    if told is None:
        known = [name for kind in ("series", "source") for name, _ in store.names(kind)]
        known += [plant.id for plant in store.plants()]
        known += [each.id for each in store.events()] + [each.id for each in store.measures()]
        known += [each.id for each in store.claims()]
        raise UnknownName.of("id", text, known)
    title = event.title if event else claim.says if claim else text
    kind = "event" if event else "claim"
    fields: dict[str, Value] = {"at": " ".join((told.source, *told.at)), "source": told.source}
    if told.place is not None:
        fields.update(file=told.place.file, line=told.place.line)
    if event is not None:
        fields["period"] = str(event.date)
    yield Step(0, kind, text, title, fields, _remark(told))
    if event is not None and event.reason:
        yield Step(1, "deprecated", text, event.reason, {})
    if told.note:
        yield Step(1, "note", text, told.note, {})
    for source in store.sources([told.source]):
        yield source_step(source, 1, "source")
