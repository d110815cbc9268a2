"""Pictures of figures: what a chart shows, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from evcli.model.answer import Answer, Row
from evcli.model.figure import Figure
from evcli.model.note import in_one_line, trimmed
from evcli.model.period import Period, PeriodError, parse_period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.model.quantity import Bounds
from evcli.model.records import Rank, Series, Status
from evcli.model.unit import shown_unit
from evcli.query.figures import Figures, is_missing
from evcli.query.names import in_common, names_apart
from evcli.query.rows import citation
from evcli.query.selection import BY
from evcli.text.numbers import human

_STEPS = {each.window: each.months for each in BY.values()}  # months to the window before
_RECENT = 12
_MOST_ZEROS = 9
_DECIMALS = 4  # in a description, for numbers that are not whole


def over_time(figures: Sequence[Figure], source: Figures) -> tuple[Picture, ...]:
    """One picture per unit, in the order of *figures*, with one chart series per series.

    Figures of which nothing is known are left out, and so are undated ones and those known to be
    wrong; windows of which only an end is known are kept.
    """
    by_unit: dict[str, dict[str, list[Figure]]] = {}
    for figure in figures:
        if not (is_missing(figure) or figure.period.is_undated or figure.rank == Rank.DEPRECATED):
            by_unit.setdefault(figure.unit, {}).setdefault(figure.series.id, []).append(figure)
    return tuple(
        _over_time(list(series.values()), unit, source) for unit, series in by_unit.items()
    )


def bars(
    answer: Answer,
    *,
    title: str,
    unit: str,
    value: str = "value",
    low: str = "low",
    high: str = "high",
) -> Picture:
    """One chart series with a bar for every row of *answer*, in its order.

    *value*, *low* and *high* name the fields to draw. Rows that add up others are left out, since
    they would dwarf what they add up, and so are values in another unit than *unit*. Where rows
    share their name the period stands behind it.
    """
    rows = [row for row in answer.rows if has_bar(row, unit, value)]
    names = [_text(row, "what") or _text(row, "id") for row in rows]
    many_periods = len({_text(row, "period") for row in rows}) > 1
    marks = []
    for row, name in zip(rows, names, strict=True):
        period = _period(row)
        shared = many_periods and names.count(name) > 1
        marks.append(
            Mark(
                f"{name}, {period.label}" if shared and period is not None else name,
                _number(row, value),
                Bounds(_number(row, low), _number(row, high)),
                period,
                derived=row.get("basis") == "derived",
                forecast=row.get("status") == Status.FORECAST,
                change=_number(row, "yoy"),
                id=_text(row, "id"),
                note=_text(row, "note"),
                change_bounds=Bounds(_number(row, "yoy_low"), _number(row, "yoy_high")),
            )
        )
    shown = shown_unit(unit)
    in_words = "; ".join(f"{mark.label} {_amount(mark, shown)}" for mark in marks if mark.drawn)
    return Picture(
        Shape.BARS,
        title,
        shown,
        (ChartSeries(title, tuple(marks)),),
        sources=tuple(answer.footnotes.values()),
        description=f"{title}: {in_words or 'nothing is known'}.",
    )


def has_bar(row: Row, unit: str, value: str = "value") -> bool:
    """Whether a row is one of the bars of ``bars``: no total, and in the unit of the axis."""
    in_unit = value != "value" or shown_unit(_text(row, "unit")) == shown_unit(unit)
    return in_unit and not row.get("is_total")


def recent(
    source: Figures,
    series: Series,
    period: Period,
    *,
    shown: Mapping[str, Fraction] = MappingProxyType({}),
) -> tuple[Fraction | None, ...]:
    """The figures of *series* for the last 12 windows like *period*, oldest first, that one last.

    Those that sources state, and those *shown* already, by id: to derive a dozen more for every
    row of a table would take seconds. None where neither is; it begins with the first that is
    known, and is empty where *period* itself is not. A window that is no month, quarter, half-year
    or year goes back year by year.
    """
    if period.is_undated:
        return ()
    step = _STEPS.get(period.window, 12)
    figures = source.of(series)
    numbers: list[Fraction | None] = []
    for back in reversed(range(_RECENT)):
        window = period.shift(-step * back)
        number = shown.get(f"{series.id}@{window}")
        if number is None:
            figure = figures.operand(window)
            number = _middle(figure.value, *figure.bounds)
        numbers.append(number)
    if numbers[-1] is None:
        return ()
    first = next(index for index, number in enumerate(numbers) if number is not None)
    return tuple(numbers[first:])


def shown_numbers(rows: Iterable[Row]) -> dict[str, Fraction]:
    """The number of each row by its id: the value, or the middle of its bounds."""
    numbers = {}
    for row in rows:
        middle = _middle(*(_number(row, name) for name in ("value", "low", "high")))
        if middle is not None:
            numbers[_text(row, "id")] = middle
    return numbers


def _middle(value: Fraction | None, low: Fraction | None, high: Fraction | None) -> Fraction | None:
    if value is not None or low is None or high is None:
        return value
    return (low + high) / 2


def _over_time(by_series: Sequence[Sequence[Figure]], unit: str, source: Figures) -> Picture:
    words = source.words
    first = [figures[0] for figures in by_series]
    names = names_apart([each.series for each in first], words)
    series = tuple(
        ChartSeries(
            name,
            tuple(map(_mark, sorted(figures, key=lambda each: each.period.sort_key))),
            id=figures[0].series.id,
            publisher=words.publisher_name(figures[0].series.publisher),
        )
        for name, figures in zip(names, by_series, strict=True)
    )
    shown = shown_unit(unit)
    title = _title(first, source)
    ids = dict.fromkeys(each for figures in by_series for one in figures for each in one.sources)
    sentences = [_described(each, shown, alone=len(series) == 1) for each in series]
    counters = list(dict.fromkeys(each.publisher for each in series if each.publisher))
    apart = f"{', '.join(counters)} each count in their own way: their lines are not joined"
    return Picture(
        Shape.TIME,
        title,
        shown,
        series,
        sources=tuple(citation(each) for each in source.store.sources(list(ids))),
        notes=(apart,) if len(counters) > 1 else (),
        description=" ".join([f"{title}.", *sentences]),
    )


def _mark(figure: Figure) -> Mark:
    return Mark(
        figure.period.label,
        figure.value,
        figure.bounds,
        figure.period,
        derived=figure.basis == "derived",
        forecast=figure.is_plan,
        change=figure.yoy.value if figure.yoy else None,
        id=figure.id,
        note=in_one_line(trimmed(figure.notes)),
        change_bounds=figure.yoy.bounds if figure.yoy else Bounds(),
    )


def _title(first: Sequence[Figure], source: Figures) -> str:
    """The title of the only series, else what all have in common."""
    if len(first) == 1:
        return first[0].series.title
    shared = in_common([each.series for each in first], source.words)
    return " · ".join(shared) or "Several series"


def _described(series: ChartSeries, unit: str, *, alone: bool) -> str:
    """A sentence for who cannot see the picture: how many, first, last, least and greatest."""
    marks = series.marks
    who = "" if alone else f"{series.name}: "
    if len(marks) == 1:
        one = f"{'One' if alone else 'one'} figure"
        return f"{who}{one}, {marks[0].label} {_amount(marks[0], unit)}."
    chosen = [("first", marks[0]), ("last", marks[-1])]
    known = [(mark.value, mark) for mark in marks if mark.value is not None]
    if known:
        chosen.append(("least", min(known, key=lambda pair: pair[0])[1]))
        chosen.append(("greatest", max(known, key=lambda pair: pair[0])[1]))
    parts = [f"{name} {mark.label} {_amount(mark, unit)}" for name, mark in chosen]
    derived = sum(mark.derived for mark in marks)
    if derived:
        parts.append(f"{derived} derived")
    return f"{who}{len(marks)} figures, {', '.join(parts)}."


def _amount(mark: Mark, unit: str) -> str:
    low, high = mark.bounds
    if mark.value is not None:
        text = _digits(mark.value, mark.bounds.width)
    elif low is not None and high is not None:
        text = f"{_digits(low)} to {_digits(high)}"
    elif low is not None:
        text = f"at least {_digits(low)}"
    elif high is not None:
        text = f"at most {_digits(high)}"
    else:
        return "not known"
    return f"{text} {unit}".rstrip()


def _digits(number: Fraction, width: Fraction | None = None) -> str:
    """Separators, and no more digits than the *width* of the bounds warrants.

    >>> _digits(Fraction(384755, 10000), Fraction(4, 10))
    '38.5'
    >>> _digits(Fraction(2307692), Fraction(11500))
    '2,308,000'
    """
    places = _DECIMALS if abs(number) < 1000 else 0
    if width:
        while places > -_MOST_ZEROS and width >= 2 * Fraction(10) ** (1 - places):
            places -= 1
    return human(number, places)


def _number(row: Row, name: str) -> Fraction | None:
    value = row.get(name)
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    return None


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _period(row: Row) -> Period | None:
    try:
        return parse_period(_text(row, "period"), first_year=1)
    except PeriodError:
        return None
