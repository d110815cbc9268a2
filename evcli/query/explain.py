"""Where a number comes from: the lineage as rows, one per step, down to the paragraph."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fractions import Fraction

from evcli.core.comparability import Operand, guard_ratio, guard_total
from evcli.core.formula import FORMULAS
from evcli.core.resolve import figure_id, remarks_on
from evcli.errors import UnknownName, UsageError
from evcli.model.answer import (
    Answer,
    Column,
    HumanColumn,
    Kind,
    Rounding,
    Value,
    note_columns,
    views_of,
)
from evcli.model.figure import BY_INFERENCE, Derived, Figure
from evcli.model.note import Note, NoteKind, in_one_line
from evcli.model.period import Period
from evcli.model.quantity import Bounds
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
from evcli.model.unit import shown_unit
from evcli.query.computed import computed, growth_of, share_of, total_of
from evcli.query.figures import Figures
from evcli.query.rows import (
    FIGURE_COLUMNS,
    citation,
    formula_text,
    note_fields,
    whole,
    with_bounds,
)
from evcli.query.selection import FigureName, one_series
from evcli.store.reader import Store
from evcli.text.numbers import human, places_for
from evcli.text.phrases import named

EXPLAIN_COLUMNS: tuple[Column, ...] = (
    Column("depth", Kind.NUMBER, description="0 for what was asked."),
    *(Column(name) for name in ("kind", "id", "text", "period")),
    *(
        column._replace(description="", shown=None)
        for column in FIGURE_COLUMNS
        if column.name in ("value", "low", "high", "unit", "yoy", "yoy_low", "yoy_high")
    ),
    Column("formula", shown=HumanColumn("where it comes from", fields=("shown",))),
    Column("source"),
    Column("at", description="Source and paragraphs."),
    Column("url"),
    *note_columns(),
    Column("file"),
    Column("line", Kind.NUMBER),
)
_NUMBERS = (Kind.NUMBER, Kind.CHANGE)
_EMPTY: dict[str, Value] = {
    column.name: None if column.kind in _NUMBERS else "" for column in EXPLAIN_COLUMNS
} | note_fields([])
_YEARS = re.compile(r"P(\d+)Y")
_COMPUTED = re.compile(r"(growth|share|total|ratio|difference):(.+)")
_LABELS = {"way": "one way", "origin": "first stated in"}  # of kinds that people read otherwise
_ONCE = ("definition", "origin")  # said in full the first time alone
Step = dict[str, Value]  # a row of EXPLAIN_COLUMNS; "shown" is its line for people


def explain_answer(source: Figures, ids: Collection[str], accept: Collection[str] = ()) -> Answer:
    """Every step below each of *ids*: figures, computed figures, facts, events, sources ..."""
    steps = [step for each in ids for step in _explain(source, each, accept)]
    said: set[Value] = set()
    for step in steps:
        line = _line(step, again=step["text"] in said)
        step["shown"] = "  " * int(str(step["depth"])) + line
        said |= {step["text"]} if step["kind"] in _ONCE else set()
    title = str(steps[0].get("title", "")) if len(ids) == 1 else ""
    return Answer(EXPLAIN_COLUMNS, steps, views_of(EXPLAIN_COLUMNS), title=title)


def _line(step: Step, *, again: bool) -> str:
    """What people read of a step: what it is, how much, and where that is stated."""
    kind, amount = str(step["kind"]), step.get("amount", "")
    label = _LABELS.get(kind, kind)
    match kind:
        case "figure" if step.get("is_missing"):
            return f"{step['id']}: {step['text']}"
        case "figure" | "derived":
            how = f" = {step['formula']}" if step["formula"] else ": bounds from all facts below"
            growth = f"; on the year before {step['growth']}" if step["growth"] else ""
            how = f"{how if kind == 'derived' else ''}{'' if step['depth'] else growth}"
            return f"{step['id']}: {amount or 'no number is stated'}{how}"
        case "way" | "follows":
            return f"{label}: {step['text']}: {amount}"
        case "definition" | "origin" if again:
            return f"{label}: {step['id']}, as above" if kind == "origin" else f"{label}: as above"
        case "source" if step["depth"]:
            return f"{label}: {step['cited']}"
    return f"{label}: {step['text']}" + (f" ({step['at']})" if step["at"] else "")


def _amount(value: Fraction | None, bounds: Bounds, unit: str, plus: str = "") -> str:
    """A number with its bounds and its unit, *plus* before a gain; empty where nothing is known."""
    low, high = bounds
    places, behind = places_for(low, high), f" {shown_unit(unit)}".rstrip()

    def text(number: Fraction, rounding: Rounding = Rounding.NEAREST) -> str:
        return (plus if number > 0 else "") + human(number, places, rounding)

    if low is None or high is None:
        known = high if low is None else low
        if value is not None and value != known:
            return text(value) + behind
        side = "at least" if high is None else "at most"
        return "" if known is None else f"{side} {text(known)}{behind}"
    ends = f"{text(low, Rounding.DOWN)} to {text(high, Rounding.UP)}"
    if value is None:
        return ends + behind
    half = human(high - value, places_for(Fraction(0), high - value), Rounding.UP)
    exact_to = f", ±{half}" if high - value == value - low else f" ({ends})"
    return text(value) + behind + (exact_to if low != high else "")


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
    name, operands = match[1], [_operand(source, each) for each in match[2].split(",")]
    if name == "total":
        return total_of(source, operands, accept)
    if len(operands) != 2:
        raise UsageError(f"{text!r}: {name} takes two figures")
    (first, period), (second, other) = operands
    if name == "growth":
        return growth_of(source, first, period, base=FigureName(second.id, other), accept=accept)
    if name == "share":
        return share_of(source, first, second, period, accept)
    if name == "ratio":
        notes, unit = guard_ratio(operands[0], operands[1], source.words, accept), "1"
    else:
        notes, unit = guard_total(operands, source.words, accept, "difference"), first.unit
    return computed(source, FORMULAS[name], operands, unit=unit, notes=notes)


def _operand(source: Figures, text: str) -> Operand:
    name, period = FigureName.parse(text)
    series = one_series(source.store, name)
    if period is None:
        raise UsageError(f"{name!r} names no period", f"write {name}@2025")
    return Operand(series, period)


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
        plant = store.plant(text.partition("@")[0])
        facts = {each.id: each for each in plant.facts} if plant else {}
        if text not in facts:
            raise UnknownName.of("fact", text, facts)
        yield from _plant_fact(store, facts[text], 0)
        return
    name, period = FigureName.parse(text)
    for series in store.series([name]):
        yield from _series(source, series, period)
        return
    yield from _other(store, text)


def _step(depth: int, kind: str, id_: str, text: str, **fields: Value) -> Step:
    """A row; what people read of it is worked out when all are known."""
    return _EMPTY | {"depth": depth, "kind": kind, "id": id_, "text": text} | fields


def _number(value: Fraction | None, bounds: Bounds, unit: str) -> dict[str, Value]:
    amount = _amount(value, bounds, unit)
    return {"value": value, "low": bounds.low, "high": bounds.high, "unit": unit, "amount": amount}


def _stated_in(record: Fact | Measure | PlantFact | Event | Claim) -> dict[str, Value]:
    """The source, its paragraphs, and where in the fact files the record is written."""
    place = record.place
    where: dict[str, Value] = {"file": place.file, "line": place.line} if place else {}
    return where | {"source": record.source, "at": " ".join((record.source, *record.at))}


def _remark(record: Source | Measure | Plant | Event | Claim) -> dict[str, Value]:
    """What the curators noted of it."""
    return note_fields([Note(NoteKind.REMARK, record.note, (record.id,))] if record.note else [])


def _source(source: Source, depth: int, kind: str = "source") -> Step:
    """The document that something rests on."""
    text = f"{source.id}: {citation(source)}"
    fields = {"url": source.url, "source": source.id, "cited": citation(source)} | _remark(source)
    return _step(depth, kind, source.id, text, **fields)


def _series(source: Figures, series: Series, period: Period | None) -> Iterator[Step]:
    """The figures of one period, the newest unless one is asked for, and what is set aside."""
    if period is None:
        known = source.of(series)
        periods = known.observed_periods or known.periods
        if not periods:
            yield _step(0, "series", series.id, series.title)
            yield _definition(source, series, 1)
            return
        period = periods[-1]
    shown = source.figures_at(series, period)
    for figure in shown:
        yield from _figure(source, figure, 0)
    if not shown:  # why; where two ways to it exclude each other, both
        absent = source.operand(series, period)
        fields = note_fields([*absent.notes]) | {"period": str(period), "is_missing": True}
        yield _step(0, "figure", absent.id, in_one_line(absent.notes), **fields)
        yield _definition(source, series, 1)
        if not period.is_undated:
            yield from _ways(source, series, period)
    if not source.include_deprecated:  # else they are figures of their own
        for fact in source.facts([series.id]):
            if fact.period == period and fact.rank is Rank.DEPRECATED:
                yield from _fact(source.store, fact, 1, series, kind="set aside")


def _ways(source: Figures, series: Series, period: Period) -> Iterator[Step]:
    """Every way that leads to a figure nobody states, each with the bounds it gives alone.

    One that takes in all of another, and is no narrower, says nothing new.
    """
    answer = source.inferrer.answer([Operand(series, period)])
    ways = getattr(answer, "derivations", ())
    for way in ways:
        needs = set(way.statements)
        if any(
            needs > set(other.statements) and way.bounds.intersect(other.bounds) == other.bounds
            for other in ways
        ):
            continue
        numbers = _number(way.value, way.bounds, series.unit)
        id_ = figure_id(series, period)
        yield _step(1, "way", id_, way.formula, formula=way.formula, **numbers)


def _follows(source: Figures, fact: Fact, series: Series, depth: int) -> Iterator[Step]:
    """What a change over several years leaves for the years before the last."""
    years = _YEARS.fullmatch(fact.change.over) if fact.change is not None else None
    if years is None or int(years[1]) < 2 or fact.period.is_undated:
        return
    last = Operand(series, fact.period.year_before())
    first = Operand(series, fact.period.shift(months=-12 * int(years[1])))
    bounds = getattr(source.inferrer.answer([last, first], "growth"), "bounds", Bounds())
    if bounds != Bounds():
        id_ = f"growth:{figure_id(*last)},{figure_id(*first)}"
        text = f"growth from {first.period} to {last.period}"
        yield _step(depth, "follows", id_, text, **_number(None, bounds, "percent"))


def _figure(source: Figures, figure: Figure, depth: int) -> Iterator[Step]:
    fields = _number(*whole(figure, source.words), figure.unit) | with_bounds("yoy", figure.yoy)
    fields |= {"period": str(figure.period)} | note_fields([*figure.notes])
    growth = figure.yoy
    fields["growth"] = _amount(growth.value, growth.bounds, "percent", "+") if growth else ""
    lineage, dated = figure.lineage, not is_computed(figure.id)
    when = f" · {named(figure.period)}" if dated and not figure.period.is_undated else ""
    fields["title"] = f"{figure.series.title}{when}" if dated else ""
    if isinstance(lineage, Derived):
        fields["formula"] = formula_text(lineage)
        yield _step(depth, "derived", figure.id, lineage.formula, **fields)
        for note in figure.notes:
            yield _step(depth + 1, "note", "", note.text)
        if lineage.formula == BY_INFERENCE:
            yield _definition(source, figure.series, depth + 1)
            if depth == 0:
                yield from _ways(source, figure.series, figure.period)
        for each in lineage.inputs:
            yield from _figure(source, each, depth + 1)
        return
    yield _step(depth, "figure", figure.id, figure.series.title, **fields)
    yield _definition(source, figure.series, depth + 1)
    if not lineage.facts:
        yield _step(depth + 1, "note", "", in_one_line(figure.notes))
    for fact in lineage.facts:
        yield from _fact(source.store, fact, depth + 1, figure.series)
        yield from _follows(source, fact, figure.series, depth + 2)
    for fact in lineage.revised:
        yield from _fact(source.store, fact, depth + 1, figure.series, kind="revised")


def _definition(source: Figures, series: Series, depth: int) -> Step:
    words = source.words
    method, who = words.methods.get(series.method), words.publisher_name(series.publisher)
    text = series.title if who in series.title else f"{series.title}, counted by {who}"
    if method is not None:
        text += f"; {method.name.lower()}: {method.definition}".rstrip(": ")
    return _step(depth, "definition", series.id, text)


def _fact(
    store: Store, fact: Fact, depth: int, series: Series, kind: str = "fact"
) -> Iterator[Step]:
    quantity, change = fact.quantity, fact.change
    stated = (
        (fact.stated, ""),
        (fact.yoy_stated, " on the year before"),
        (fact.mom_stated, " on the month before"),
        (change.stated, f" over {change.over}") if change else ("", ""),
    )
    fields = {"unit": series.unit} | with_bounds("yoy", fact.yoy) | _stated_in(fact)
    if quantity is not None:
        fields |= _number(quantity.value, quantity.bounds, series.unit)
    fields["period"] = str(fact.period)
    reading = [Note(NoteKind.WORDING, fact.reading, (fact.id,))] if fact.reading else []
    fields |= note_fields([*reading, *remarks_on(fact)])
    text = ", ".join(f'"{words}"{over}' for words, over in stated if words)
    yield _step(depth, kind, fact.id, text, **fields)
    status = "" if fact.status is Status.NORMAL else fact.status.value
    remarks = {"status": status, "read as": fact.reading, "reason": fact.reason, "note": fact.note}
    for label, remark in remarks.items():
        if remark:
            yield _step(depth + 1, label, fact.id, remark)
    yield from (_source(each, depth + 1) for each in store.sources([fact.source]))
    if fact.origin != fact.source:
        origins = store.sources([fact.origin])
        yield from (_source(each, depth + 1, "origin") for each in origins)


def _plant_fact(store: Store, fact: PlantFact, depth: int) -> Iterator[Step]:
    fields = _stated_in(fact) | {"period": str(fact.as_of)} | note_fields([*remarks_on(fact)])
    if fact.quantity is not None:
        fields |= _number(fact.quantity.value, fact.quantity.bounds, fact.quantity.unit)
    kind = "set aside" if fact.rank is Rank.DEPRECATED else "fact"
    yield _step(depth, kind, fact.id, f"{fact.aspect.value} {fact.text}", **fields)
    yield from (_source(each, depth + 1) for each in store.sources([fact.source]))


def _other(store: Store, text: str) -> Iterator[Step]:
    """A source, measure, plant, event or claim by its id."""
    for source in store.sources([text]):
        yield _source(source, 0)
        for problem in source.problems:
            at = " ".join(problem.at)
            yield _step(1, "problem", text, problem.problem, at=at, source=text)
        return
    if (measure := store.measure(text)) is not None:
        yield from _measure(store, measure)
    elif (plant := store.plant(text)) is not None:
        title = f"{', '.join(plant.maker)}, {plant.city or plant.country}: {plant.product}"
        yield _step(0, "plant", plant.id, title, **_remark(plant))
        for fact in plant.facts:
            yield from _plant_fact(store, fact, 1)
    elif (record := store.event(text) or store.claim(text)) is not None:
        yield from _event(store, record)
    else:
        known = [name for kind in ("series", "source") for name, _ in store.names(kind)]
        others = (store.plants(), store.events(), store.measures(), store.claims())
        known += [each.id for records in others for each in records]
        raise UnknownName.of("id", text, known)


def _event(store: Store, record: Event | Claim) -> Iterator[Step]:
    fields = _stated_in(record) | _remark(record)
    if isinstance(record, Event):
        yield _step(0, "event", record.id, record.title, period=str(record.date), **fields)
        if record.reason:
            yield _step(1, "deprecated", record.id, record.reason)
    else:
        yield _step(0, "claim", record.id, record.says, **fields)
    if record.note:
        yield _step(1, "note", record.id, record.note)
    yield from (_source(each, 1) for each in store.sources([record.source]))


def _measure(store: Store, measure: Measure) -> Iterator[Step]:
    """A trade measure: what it is, its rate, what it stands beside, and all its sources."""
    rate = f"{measure.rate_stated} on top of {measure.on_top_of}".removesuffix(" on top of ")
    parts = (measure.instrument, measure.stage, measure.target, measure.subject, rate)
    dates = [f"from {measure.start}"] if measure.start else []
    dates += [f"until {measure.until}"] if measure.until else []
    fields = _stated_in(measure) | _remark(measure) | {"period": str(measure.start or "")}
    if measure.rate is not None:
        fields |= _number(measure.rate.value, measure.rate.bounds, measure.rate.unit)
    text = f"{measure.jurisdiction}: {', '.join(filter(None, (*parts, *dates)))}"
    yield _step(0, "measure", measure.id, text, **fields)
    for label, details in (
        ("deprecated", (measure.reason,)),
        ("minimum", (measure.minimum,)),
        ("quota", (measure.quota,)),
        ("suspended", [f"{begin} until {end}" for begin, end in measure.suspended]),
        ("replaces", measure.replaces),
        ("excepted from", measure.excepts),
        ("note", (measure.note,)),
    ):
        for detail in filter(None, details):
            yield _step(1, label, measure.id, detail)
    for source in store.sources((measure.source, *measure.confirmed_by)):
        yield _source(source, 1, "source" if source.id == measure.source else "confirmed by")
