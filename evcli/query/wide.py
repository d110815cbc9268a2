"""Figures over time: a row for each series, a column for each period.

A cell of the machine formats holds a closed value or nothing: what is a plan, has an open end, is
known as a range alone or is disputed stands in the note of its row, so that whoever adds up a
column adds up figures. Bounds, growth and sources of each figure are in the long form.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, Value, View, listed_in
from evcli.model.figure import Figure
from evcli.model.note import Note, NoteKind, trimmed
from evcli.model.period import Period
from evcli.model.records import Rank
from evcli.model.vocabulary import shown_unit
from evcli.query.rows import note_fields
from evcli.text.numbers import between, human

_Cell = tuple[Row, Figure]
_NUMBER, _CHANGE = ("value", "low", "high", "qualifier"), ("yoy", "yoy_low", "yoy_high")
SERIES_COLUMNS = (
    Column("series", description="The id of the series."),
    Column("label", description="What tells the rows apart."),
    *(Column(each) for each in ("subject", "metric", "scope", "destination", "publisher", "unit")),
)


def wide(answer: Answer) -> Answer:
    """The figure rows of *answer* as one row per series, with a column per period, by calendar.

    People see the series of which the answer shows them a row.
    """
    by_series: dict[tuple[str, str], list[_Cell]] = {}
    periods: dict[str, Period] = {}
    seen = set()  # on the screen
    for index, row in enumerate(answer.rows):
        figure = answer.figure(row)
        if figure and not row.get("is_total"):
            periods[str(figure.period)] = figure.period
            key = (figure.series.id, str(row.get("what")))
            by_series.setdefault(key, []).append((row, figure))
            seen |= {key} if index in (answer.screen or ()) else set()
    ordered = sorted(periods.values(), key=lambda each: (each.end or date.max, each.sort_key))
    heads = [view.fields[:1] for view in answer.views]
    at = heads.index(("value",)) if ("value",) in heads else 0
    names = [view for view in answer.views[:at] if view.fields != ("period",)]
    view = answer.views[at].view if answer.views else View.BOUNDED
    units = {cell.unit for cells in by_series.values() for _, cell in cells}
    aged = list(zip(ordered, reversed(range(len(ordered))), strict=True))
    columns = [Column(str(each), Kind.NUMBER, unit_from="unit") for each in ordered]
    note = Column("note", description="What has no plain value, and why; what a reader must know.")
    return answer._replace(
        columns=(*SERIES_COLUMNS, *columns, note),
        rows=[_over_time(cells, periods) for cells in by_series.values()],
        views=(
            *names,
            *(_view(each, view, _NUMBER, age) for each, age in aged),
            *(_view(each, View.CHANGE, _CHANGE, age) for each, age in aged),
            HumanColumn("src", View.SOURCES, ("sources",)),
            HumanColumn("note", View.NOTES, ("note",)),
        ),
        marks={**answer.marks, "*": "derived", "!": "figures disagree"},
        unit=shown_unit(units.pop()) if len(units) == 1 and view is View.BOUNDED else "",
        screen=tuple(at for at, key in enumerate(by_series) if key in seen) or None,
    )


def _view(period: Period, view: View, fields: Sequence[str], age: int) -> HumanColumn:
    """A column of a period; older ones are the first to go, each with its growth."""
    growth = fields is _CHANGE
    head = f"on {period.year_before().label}" if growth and period.start else period.label
    names = tuple(f"{period} {field}" for field in fields)
    unit = "" if growth else "unit"
    return HumanColumn(head, view, names, unit, optional=2 * age + 2 * growth)


def _over_time(cells: Sequence[_Cell], periods: dict[str, Period]) -> Row:
    """One series: the fields of its newest row, and those of each of its cells."""
    newest, figure = cells[-1]
    row: dict[str, Value] = {**newest, "series": figure.series.id}
    row |= dict.fromkeys(("basis", "status", "rank", "conflict"), "")  # each cell has its own
    notes: list[Note] = []
    for name, period in periods.items():
        cell = [each for each in cells if each[1].period == period]
        if not cell:
            continue
        observed = [each for each in cell if not each[1].is_plan]
        one = len(observed) == 1 and observed[0][1].rank != Rank.DEPRECATED
        first: Row = observed[0][0] if one else {}
        row[name] = first.get("value") if one and None not in observed[0][1].bounds else None
        row |= {f"{name} {field}": first.get(field) for field in (*_NUMBER, *_CHANGE)}
        row[f"{name} value mark"] = "*" if first.get("basis") == "derived" else ""
        row[f"{name} yoy mark"] = "!" if first.get("conflict") else ""
        if row[name] is None:
            told = " / ".join(filter(None, (_in_words(each) for _, each in cell)))
            notes += [Note(NoteKind.MISSING, f"{period.label}: {told}")] if told else []
        found = (note for each, _ in cell for note in notes_of(each))
        notes += [each._replace(text=f"{period.label}: {each.text}") for each in found]
    sources = dict.fromkeys(source for each, _ in cells for source in listed_in(each, "sources"))
    return {**row, "sources": tuple(sources), **note_fields(trimmed(notes))}


def notes_of(row: Row) -> list[Note]:
    """The notes of a row, as objects."""
    notes = row.get("notes")
    return notes if isinstance(notes, list) else []


def _in_words(figure: Figure) -> str:
    """What is known where there is no plain value: a plan, an open end, a range."""
    value, (low, high) = figure.value, figure.bounds
    one_end = (low is None) != (high is None)
    known = between(low, high) if value is None or one_end else human(value)
    kind = "plan: " if figure.is_plan else ""
    kind = "known to be wrong: " if figure.rank == Rank.DEPRECATED else kind
    return f"{kind}{known}" if known else ""
