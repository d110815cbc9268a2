"""Where a number comes from: the lineage as rows, one per step, down to the paragraph."""

import re
from collections.abc import Collection, Iterator
from fractions import Fraction

from evcli.core.comparability import Operand, guard_ratio, guard_total
from evcli.core.formula import FORMULAS
from evcli.core.resolve import figure_id, remarks_on
from evcli.errors import UnknownName, UsageError
from evcli.model.answer import Answer, Kind, Rounding, Value, layout_of
from evcli.model.figure import BY_INFERENCE, Derived, Figure
from evcli.model.note import Note, NoteKind, in_one_line
from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Claim, Event, Fact, Measure, Plant, PlantFact, Rank, Series, Source
from evcli.model.vocabulary import shown_unit
from evcli.query.computed import computed, growth_of, share_of, total_of
from evcli.query.figures import Figures
from evcli.query.later import releases_in_words
from evcli.query.rows import note_fields, whole, with_bounds, with_kind
from evcli.query.selection import FigureName, one_series
from evcli.store.reader import Store
from evcli.text.numbers import between, human, places_for
from evcli.text.phrases import named

EXPLAIN_COLUMNS, _VIEWS = layout_of("hop")
_EMPTY: dict[str, Value] = {
    column.name: None if column.kind in (Kind.NUMBER, Kind.CHANGE) else ""
    for column in EXPLAIN_COLUMNS
} | note_fields([])
_COMPUTED = re.compile(r"(growth|share|total|ratio|difference):.+")
# the fields of a record that stand below it, and what people read for some
_DETAILS = (
    *("status", "reading", "reason", "minimum", "quota"),
    *("suspended", "replaces", "excepts", "note"),
)
_CALLED = {"reading": "read as", "excepts": "excepted from"}
_Recorded = Fact | Measure | PlantFact | Event | Claim
Step = dict[str, Value]  # a row of EXPLAIN_COLUMNS; "shown" is its line for people


def explain_answer(source: Figures, ids: Collection[str], accept: Collection[str] = ()) -> Answer:
    """Every step below each of *ids*: figures, computed figures, facts, events, sources ..."""
    steps = [step for each in ids for step in _explain(source, each, accept)]
    said: set[Value] = set()
    for step in steps:
        line = _line(step, again=step["text"] in said)
        step["shown"] = "  " * int(str(step["depth"])) + line
        said |= {step["text"]} if step["kind"] in ("definition", "origin") else set()
    title = str(steps[0].get("title", "")) if len(ids) == 1 else ""
    return Answer(EXPLAIN_COLUMNS, steps, _VIEWS, title=title)


def _line(step: Step, *, again: bool) -> str:
    """What people read of a step: what it is, how much, and where that is stated."""
    kind, amount = str(step["kind"]), step.get("amount", "")
    label = {"way": "one way", "origin": "first stated in"}.get(kind, kind)
    match kind:
        case "figure" if step.get("is_missing"):
            return f"{step['id']}: {step['text']}"
        case "figure" | "derived":
            how = f" = {step['formula']}" if step["formula"] else ": bounds from all facts below"
            how = how if kind == "derived" else ""
            growth = f"; on the year before {step['growth']}" if step.get("growth") else ""
            return f"{step['id']}: {amount or 'no number is stated'}{how}{growth}"
        case "way":
            return f"{label}: {step['text']}: {amount}"
        case "definition" | "origin" if again:
            return f"{label}: {step['id']}, as above" if kind == "origin" else f"{label}: as above"
        case "source" if step["depth"]:
            return f"{label}: {step['cited']}"
    return f"{label}: {step['text']}" + (f" ({step['at']})" if step["at"] else "")


def in_words(value: Fraction | None, bounds: Bounds, unit: str) -> str:
    """A number with its bounds and its unit; empty where nothing is known.

    >>> in_words(Fraction(100), Bounds(Fraction(99), Fraction(101)), "vehicles")
    '100 vehicles, ±1'
    """
    low, high = bounds
    known, behind = between(low, high), f" {shown_unit(unit)}".rstrip()
    if value is None or (None in bounds and value in bounds):
        return known and known + behind
    # what is exact may have digits that never end
    places = 2 if unit == "percent" and low == high else places_for(low, high)
    number = human(value, places) + behind
    if low is None or high is None or low == high:
        return number
    half = human(high - value, places_for(Fraction(0), high - value), Rounding.UP)
    even = high - value == value - low and human(value, places) == human(value)
    return f"{number}, ±{half}" if even else f"{number} ({known})"


def is_computed(text: str) -> bool:
    """Whether *text* has the form of a computed id."""
    return _COMPUTED.fullmatch(text) is not None


def computed_figure(source: Figures, text: str, accept: Collection[str] = ()) -> Figure:
    """The figure behind a computed id such as ``growth:A@P,B@Q``; UsageError if it has none."""
    name, _, ids = text.partition(":")
    operands: list[Operand] = []
    for id, at in map(FigureName.parse, ids.split(",")):
        series = one_series(source.store, id)
        if at is None:
            raise UsageError(f"{id!r} names no period", f"write {id}@2025")
        operands.append(Operand(series, at))
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


def _explain(source: Figures, text: str, accept: Collection[str]) -> Iterator[Step]:
    store = source.store
    if is_computed(text):
        yield from _figure(source, computed_figure(source, text, accept), 0)
    elif (fact := store.one(Fact, text)) is not None:
        yield from _fact(store, fact, 0, store.series([fact.series])[0].unit)
    elif "#" in text:
        plant = store.one(Plant, text.partition("@")[0])
        facts = {each.id: each for each in plant.facts} if plant else {}
        if text not in facts:
            raise UnknownName.of("fact", text, facts)
        yield from _plant_fact(store, facts[text], 0)
    else:
        name, period = FigureName.parse(text)
        found = store.series([name])
        yield from _series(source, found[0], period) if found else _other(store, text)


def _step(depth: int, kind: str, id_: str, text: str, **fields: Value) -> Step:
    """A row; what people read of it is worked out when all are known."""
    return _EMPTY | {"depth": depth, "kind": kind, "id": id_, "text": text} | fields


def _number(number: Quantity | Figure | None) -> dict[str, Value]:
    """A number with its bounds, for machines and for people."""
    if number is None:
        return {}
    value, (low, high), unit = number.value, number.bounds, number.unit
    amount = in_words(value, number.bounds, unit)
    return {"value": value, "low": low, "high": high, "unit": unit, "amount": amount}


def _recorded(
    store: Store, record: _Recorded, depth: int, kind: str, text: str, **fields: Value
) -> Iterator[Step]:
    """What a source states, and where; below it details, the source, and others that say so."""
    at = [record.source, *record.at]
    if record.place:
        file, line, _ = record.place
        fields |= {"file": file, "line": line}
        if not file.casefold().endswith((".yaml", ".yml")):
            at.append(f"{file}:{line}")  # the row of a table
    fields |= {"source": record.source, "at": " ".join(at)}
    yield _step(depth, kind, record.id, text, **fields)
    for name in _DETAILS:
        label = _CALLED.get(name, name)
        if name == "reason" and isinstance(record, Event | Measure):  # they have no other
            label = "deprecated"
        value = getattr(record, name, "")
        for each in value if isinstance(value, tuple) else (value,):
            detail = " until ".join(each) if isinstance(each, tuple) else str(each)
            if detail not in ("", Rank.NORMAL):  # the usual status, too
                yield _step(depth + 1, label, record.id, detail)
    roles = dict.fromkeys(getattr(record, "confirmed_by", ()), "confirmed by")
    roles |= {getattr(record, "origin", ""): "origin", record.source: "source"}
    for source in sorted(store.sources(roles), key=lambda source: source.id != record.source):
        yield _source(source, depth + 1, roles[source.id])


def _remark(id: str, note: str) -> dict[str, Value]:
    """What the curators noted of a record."""
    return note_fields([Note(NoteKind.REMARK, note, (id,))] if note else [])


def _source(source: Source, depth: int, kind: str = "source") -> Step:
    fields = _remark(source.id, source.note) | {"url": source.url, "source": source.id}
    cited = with_kind(source)
    return _step(depth, kind, source.id, f"{source.id}: {cited}", cited=cited, **fields)


def _series(source: Figures, series: Series, period: Period | None) -> Iterator[Step]:
    """The figures of one period, the newest unless one is asked for, and what is set aside."""
    known = source.of(series)
    period = period or next(reversed(known.observed_periods or known.periods), None)
    if period is None:
        yield from (_step(0, "series", series.id, series.title), _definition(source, series, 1))
        return
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
                yield from _fact(source.store, fact, 1, series.unit, "set aside")


def _ways(source: Figures, series: Series, period: Period) -> Iterator[Step]:
    """Every way that leads to a figure nobody states, each with the bounds it gives alone."""
    answer = source.inferrer.engine.answer([Operand(series, period)])
    for way in getattr(answer, "derivations", ()):
        numbers = _number(Quantity(way.value, way.bounds, unit=series.unit))
        if way.bounds != way.strict:
            strict = between(*way.strict)
            numbers["amount"] = f"{numbers['amount']}; if nothing was restated {strict}"
        text = f"{way.formula}, by {releases_in_words(way.months)}"
        yield _step(1, "way", figure_id(series, period), text, formula=way.formula, **numbers)


def _figure(source: Figures, figure: Figure, depth: int) -> Iterator[Step]:
    fields = _number(whole(figure, source.words)) | with_bounds("yoy", figure.yoy)
    fields |= {"period": str(figure.period)} | note_fields([*figure.notes])
    if (growth := figure.yoy) and not depth:
        sign = "+" if (growth.value or 0) > 0 else ""
        fields["growth"] = sign + in_words(growth.value, growth.bounds, "percent")
    lineage = figure.lineage
    if not is_computed(figure.id):
        when = "" if figure.period.is_undated else f" · {named(figure.period)}"
        fields["title"] = f"{figure.series.title}{when}"
    if isinstance(lineage, Derived):
        fields["formula"] = lineage.expression
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
    for kind, facts in (("fact", lineage.facts), ("revised", lineage.revised)):
        for fact in facts:
            yield from _fact(source.store, fact, depth + 1, figure.series.unit, kind)


def _definition(source: Figures, series: Series, depth: int) -> Step:
    words = source.words
    method, who = words.methods.get(series.method), words.publisher_name(series.publisher)
    text = series.title if who in series.title else f"{series.title}, counted by {who}"
    if method is not None:
        text += f"; {method.name.lower()}: {method.definition}".rstrip(": ")
    return _step(depth, "definition", series.id, text)


def in_quotes(fact: Fact) -> str:
    """The value and the changes that a fact states, in the words of its source."""
    change = fact.change
    stated = (
        (fact.stated, ""),
        (fact.yoy_stated, " on the year before"),
        (fact.mom_stated, " on the month before"),
        (change.stated, f" over {change.over}") if change else ("", ""),
    )
    return ", ".join(f'"{words}"{over}' for words, over in stated if words)


def _fact(store: Store, fact: Fact, depth: int, unit: str, kind: str = "fact") -> Iterator[Step]:
    reading = [Note(NoteKind.WORDING, fact.reading, (fact.id,))] if fact.reading else []
    fields = {"period": str(fact.period), "unit": unit} | _number(fact.quantity)
    fields |= with_bounds("yoy", fact.yoy) | note_fields([*reading, *remarks_on(fact)])
    return _recorded(store, fact, depth, kind, in_quotes(fact), **fields)


def _plant_fact(store: Store, fact: PlantFact, depth: int) -> Iterator[Step]:
    kind = "set aside" if fact.rank is Rank.DEPRECATED else "fact"
    fields = _number(fact.quantity) | note_fields([*remarks_on(fact)])
    fields["period"] = str(fact.as_of)
    return _recorded(store, fact, depth, kind, f"{fact.aspect.value} {fact.text}", **fields)


def _other(store: Store, text: str) -> Iterator[Step]:
    """A source, measure, plant, event or claim by its id."""
    if (source := store.one(Source, text)) is not None:
        yield _source(source, 0)
        for each in source.problems:
            yield _step(1, "problem", text, each.problem, at=" ".join(each.at), source=text)
        return
    if (plant := store.one(Plant, text)) is not None:
        title = f"{', '.join(plant.maker)}, {plant.city or plant.country}: {plant.product}"
        yield _step(0, "plant", plant.id, title, **_remark(plant.id, plant.note))
        for fact in plant.facts:
            yield from _plant_fact(store, fact, 1)
        return
    found = store.one(Measure, text) or store.one(Event, text) or store.one(Claim, text)
    if found is None:
        kinds = ("series", "source", "plant", "event", "measure", "claim")
        raise UnknownName.of("id", text, [name for kind in kinds for name, _ in store.names(kind)])
    fields = _remark(text, found.note)
    match found:
        case Measure():
            rate = f"{found.rate_stated} on top of {found.on_top_of}".removesuffix(" on top of ")
            kind, days = "measure", {"from": found.start, "until": found.until}
            dates = [f"{word} {day}" for word, day in days.items() if day]
            parts = (found.instrument, found.stage, found.target, found.subject, rate, *dates)
            title = f"{found.jurisdiction}: {', '.join(filter(None, parts))}"
            fields |= {"period": str(found.start or "")} | _number(found.rate)
        case Event():
            kind, title, fields = "event", found.title, fields | {"period": str(found.date)}
        case Claim():
            kind, title = "claim", found.says
    yield from _recorded(store, found, 0, kind, title, **fields)
