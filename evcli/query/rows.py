"""Rows of figures: every field of the output contract, defined once; and series over time."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain
from math import ceil, floor
from types import MappingProxyType
from typing import Any, TypeVar

from evcli.core.comparability import with_excess
from evcli.core.resolve import remarks_on
from evcli.model.answer import (
    SCREEN_ROWS,
    Answer,
    Column,
    HumanColumn,
    Kind,
    Row,
    Value,
    View,
    layout_of,
    listed_in,
)
from evcli.model.figure import Figure, Stated
from evcli.model.note import Note, NoteKind, in_one_line, trimmed
from evcli.model.period import Period, Window
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Event, Measure, PlantFact, Rank, Source
from evcli.model.vocabulary import Vocabulary, shown_unit
from evcli.query.selection import DIMENSIONS
from evcli.query.titles import full_name, names_apart
from evcli.store.reader import Store
from evcli.text.lists import counted
from evcli.text.numbers import between, human

_NOT_RECORDED = "; title not recorded"  # behind what a page is about, where nobody noted its title
DOT = " · "
OF_SERIES = tuple(DIMENSIONS)  # what a row says of its series
_WINDOWS = {Window.HALF: "half", Window.YEAR_TO_DATE: "ytd"}  # the others go by their names
FIGURE_COLUMNS, FIGURE_VIEWS = layout_of("figure")
LINEAGE_COLUMNS = layout_of("lineage").columns
COMPUTED_COLUMNS = (*FIGURE_COLUMNS, *LINEAGE_COLUMNS)
Number = TypeVar("Number", Figure, Quantity)


def figure_views(*more: HumanColumn, without: Collection[str] = ()) -> tuple[HumanColumn, ...]:
    """The columns of figures but those named in *without*, and *more* in front of the sources."""
    views = [view for view in FIGURE_VIEWS if view.head not in without]
    at = next(index for index, view in enumerate(views) if view.view is View.SOURCES)
    return (*views[:at], *more, *views[at:])


def fields(record: object, *names: str) -> dict[str, Value]:
    """The attributes of a record that stand in its row as they are, by name."""
    return {name: getattr(record, name) for name in names}


def with_bounds(
    name: str, number: Figure | Quantity | None, words: Vocabulary | None = None
) -> dict[str, Value]:
    """A number in the three columns that ``bounded`` makes; empty ones where there is none.

    With *words* what has a unit of things that are counted is whole.
    """
    if number is not None and words is not None:
        number = whole(Quantity(number.value, number.bounds, unit=number.unit), words)
    value, (low, high) = (number.value, number.bounds) if number else (None, Bounds())
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def whole(number: Number, words: Vocabulary) -> Number:
    """The number without fractions where things are counted, its bounds rounded outward.

    >>> from evcli.model.vocabulary import Unit, UnitKind
    >>> words = Vocabulary(units={"plants": Unit("plants", "Plants", UnitKind.COUNT)})
    >>> whole(Quantity(Fraction(7, 2), Bounds(Fraction(5, 2), None), "", "plants"), words)[:2]
    (Fraction(4, 1), Bounds(2, None))
    """
    unit, (low, high) = words.units.get(number.unit), number.bounds
    known = [each for each in (number.value, low, high) if each is not None]
    if unit is None or not unit.counted or all(each.denominator == 1 for each in known):
        return number
    outward = Bounds(low and Fraction(floor(low)), high and Fraction(ceil(high)))
    return number._replace(value=number.value and Fraction(round(number.value)), bounds=outward)


def figure_row(figure: Figure, words: Vocabulary) -> dict[str, Value]:
    """One figure as a row: the fields of the contract, and its lineage."""
    series, period, lineage = figure.series, figure.period, figure.lineage
    last, number = period.last_day, whole(figure, words)
    label = full_name(series, words)
    if figure.unit != series.unit:
        label += f": {'growth' if isinstance(lineage, Stated) else lineage.formula}"
    return {
        **fields(series, *OF_SERIES),
        **fields(figure, "id", "unit", "qualifier", "rank", "status", "sources"),
        "basis": "" if isinstance(lineage, Stated) and not lineage.facts else figure.basis,
        **fields(figure, "sourcing", "yoy_basis", "conflict"),
        "label": label,
        "period": str(period),
        "start": period.start.isoformat() if period.start else "",
        "end": last.isoformat() if last else "",
        "window": _WINDOWS.get(period.window, period.window.value),
        "value": number.value,
        "low": number.bounds.low,
        "high": number.bounds.high,
        **with_bounds("yoy", figure.yoy),
        "yoy_qualifier": figure.yoy.qualifier if figure.yoy else "",
        **with_bounds("now", Quantity(None, figure.now, unit=figure.unit), words),
        **note_fields(trimmed(figure.notes)),
        "formula": "" if isinstance(lineage, Stated) else lineage.expression,
        "inputs": () if isinstance(lineage, Stated) else tuple(e.id for e in lineage.inputs),
    }


def note_fields(notes: list[Note]) -> dict[str, Value]:
    """The two fields that notes fill: their texts in one line, and the notes themselves."""
    return {"note": in_one_line(notes), "notes": notes}


def remarks_of(record: PlantFact | Event | Measure) -> Iterator[Note]:
    """What the curators say of a record, and that it is known to be wrong where it is."""
    for note in trimmed(remarks_on(record)):
        is_wrong = note.kind is NoteKind.CAUTION
        yield note._replace(text=f"deprecated: {note.text}") if is_wrong else note


def screenful(
    rows: Sequence[Row],
    room: Mapping[str, int] = MappingProxyType({}),
    weight: Callable[[int], Any] | None = None,
) -> tuple[int, ...] | None:
    """The rows for one screen by their index, the least *weight* first; None for all of them.

    *room* has the cells in a line that fields have; texts that are longer take several lines.

    >>> screenful([{"what": "two words"}] * 20, {"what": 5}), screenful([{}] * 5)
    ((0, 1, 2, 3, 4, 5, 6), None)
    """
    chosen: list[int] = []
    left = SCREEN_ROWS
    for at in sorted(range(len(rows)), key=weight):
        lines = (-(-len(str(rows[at].get(name) or "")) // width) for name, width in room.items())
        left -= max((1, *lines))
        if left < 0:
            return tuple(sorted(chosen))
        chosen.append(at)
    return None


def figure_rows(
    figures: Sequence[Figure], words: Vocabulary, names: Sequence[str] = ()
) -> list[dict[str, Value]]:
    """Rows of *figures*; ``what`` is their *names*, else what tells their series apart, if any."""
    series = [figure.series for figure in figures]
    several = len({each.id for each in series}) > 1
    names = names or (names_apart(series, words) if several else [""] * len(series))
    found = zip(names, with_excess(figures, words), strict=True)
    return [{**figure_row(figure, words), "what": name} for name, figure in found]


def by_id(figures: Iterable[Figure], words: Vocabulary) -> dict[str, Figure]:
    """The figures by the id of their row, as it shows them."""
    return {each.id: whole(each, words) for each in figures}


def answer_of(kind: str, rows: Sequence[Row], store: Store | None = None) -> Answer:
    """An answer of one *kind* of row; with the *store* it can name the sources of the rows."""
    columns, views = layout_of(kind)
    return Answer(columns, rows, views, footnotes(rows, store) if store else dict)


def figures_answer(
    figures: Sequence[Figure],
    store: Store,
    *,
    rows: Sequence[Row] = (),
    title: str = "",
    notes: Sequence[str] = (),
    hint: str = "",
    group_by: str = "",
    plans: Sequence[Figure] = (),
) -> Answer:
    """An answer of figure rows (*rows* if there are any); says how many *plans* were left out."""
    rows = rows or figure_rows(figures, store.vocabulary)
    left_out = f"{counted(len(plans), 'plan')} left out: --plans" if plans else ""
    now = figures[0].now if len(figures) == 1 else Bounds()
    apart = figures and now.intersect(figures[0].bounds) is None
    later = f"later releases imply {between(*now)}: --vintage now" if apart else ""
    return Answer(
        FIGURE_COLUMNS,
        rows,
        FIGURE_VIEWS,
        footnotes=footnotes(rows, store),
        notes=(*notes, left_out) if figures and plans else tuple(notes),
        hint=left_out or hint,
        group_by=group_by,
        title=title,
        more=left_out or later,
        figures=by_id(figures, store.vocabulary),
    )


def footnotes(rows: Iterable[Row], store: Store) -> Callable[[], Mapping[str, str]]:
    """What gives the line under the table for every source the rows rest on, if it is wanted."""

    def read() -> Mapping[str, str]:
        ids = dict.fromkeys(each for row in rows for each in listed_in(row, "sources"))
        return {source.id: with_kind(source) for source in store.sources(list(ids))}

    return read


def citation(source: Source) -> str:
    """Title, outlet and date of a source in one line; in brackets what stands for a title.

    >>> citation(Source("a", "Page on exports, up to 2025; title not recorded", "Paper"))
    '[Page on exports, up to 2025] (Paper)'
    """
    where = ", ".join(part for part in (source.outlet, str(source.published or "")) if part)
    about = source.title.removesuffix(_NOT_RECORDED)
    title = source.title if about == source.title else f"[{about}]"
    return f"{title} ({where})" if where else title


def with_kind(source: Source) -> str:
    """A source in one line with the kind of its page, where that is known."""
    return DOT.join(filter(None, (citation(source), source.kind.replace("-", " "))))


# --- figures over time ---------------------------------------------------------------------------

_Cell = tuple[Row, Figure]
_NUMBER, _CHANGE = ("value", "low", "high", "qualifier"), ("yoy", "yoy_low", "yoy_high")


def wide(answer: Answer) -> Answer:
    """The figure rows of *answer* as one row per series, with a column per period, by calendar.

    A cell of the machine formats holds a closed value or nothing, so that whoever adds up a column
    adds up figures; the note of the row has the rest: plans, open ends, ranges and disputes. People
    see the series of which the answer shows them a row.
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
    every = chain.from_iterable(by_series.values())
    weak = {"w": "weak sources alone"} if any(f.sourcing == "weak" for _, f in every) else {}
    aged = list(zip(ordered, reversed(range(len(ordered))), strict=True))
    columns = [Column(str(each), Kind.NUMBER, unit_from="unit") for each in ordered]
    layout = layout_of("over_time")
    return answer._replace(
        columns=(*layout.columns, *columns, Column("note")),
        rows=[_over_time(cells, periods) for cells in by_series.values()],
        views=(
            *names,
            *(_view(each, view, _NUMBER, age) for each, age in aged),
            *(_view(each, View.CHANGE, _CHANGE, age) for each, age in aged),
            *layout.views,
        ),
        marks={**answer.marks, "*": "derived", "!": "figures disagree", **weak},
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
    row |= dict.fromkeys(("basis", "status", "rank", "conflict", "sourcing"), "")  # of each cell
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
        derived, weak = first.get("basis") == "derived", first.get("sourcing") == "weak"
        row[f"{name} value mark"] = "*" * derived + "w" * weak
        row[f"{name} yoy mark"] = "!" if first.get("conflict") else ""
        besides = (each for _, each in cell if row[name] is None or each.is_plan)
        if told := " / ".join(filter(None, map(_in_words, besides))):
            notes.append(Note(NoteKind.MISSING, f"{period.label}: {told}"))
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
