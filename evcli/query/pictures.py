"""Pictures of figures: what a chart shows, before anything is drawn."""

from collections.abc import Sequence
from operator import attrgetter

from evcli.model.answer import Answer, View
from evcli.model.figure import Figure
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.model.quantity import Bounds
from evcli.model.records import Rank, Series
from evcli.model.vocabulary import Vocabulary, shown_unit
from evcli.query.figures import Figures, is_missing
from evcli.query.rows import citation
from evcli.query.titles import in_common, names_apart
from evcli.text.lists import listed


def over_time(
    figures: Sequence[Figure], source: Figures, most: int | None = None
) -> tuple[Picture, ...]:
    """One picture per unit, in the order of *figures*, with a chart series for each of the first
    (*most*) series: of what has a date, is not known to be wrong, and has at least one end.
    """
    by_unit: dict[str, dict[str, list[Figure]]] = {}
    for figure in figures:
        if not (is_missing(figure) or figure.period.is_undated or figure.rank == Rank.DEPRECATED):
            by_unit.setdefault(figure.unit, {}).setdefault(figure.series.id, []).append(figure)
    words, in_time, pictures = source.words, attrgetter("period.sort_key"), []
    for unit, in_unit in by_unit.items():
        by_series = [sorted(own, key=in_time) for own in list(in_unit.values())[:most]]
        every = [own[0].series for own in by_series]
        lines = [
            ChartSeries(name, tuple(map(_mark, own)), id=own[0].series.id)
            for name, own in zip(names_apart(every, words), by_series, strict=True)
        ]
        counted = _counted(every, words)
        parts = [part for part in in_common(every, words) if not counted.startswith(part)]
        title = every[0].title if len(every) == 1 else " · ".join(parts) or "Several series"
        ids = {id for own in by_series for one in own for id in one.sources}
        cited = tuple(map(citation, source.store.sources(ids)))
        shown = shown_unit(unit)
        pictures.append(Picture(Shape.TIME, title, shown, tuple(lines), cited, counted=counted))
    return tuple(pictures)


def bars(answer: Answer, field: str = "value", source: Figures | None = None) -> Picture:
    """One chart series with a bar for every row of *answer* that has one, in its order.

    They are of a *field*, ``value`` or ``yoy``, with its bounds, and of the unit of the first.
    Where rows share their name the period stands behind it. *source* knows the sources' names.
    """
    title, (unit, figures) = answer.title, with_bar(answer, field)
    drawn = [(row, each) for row, each in zip(answer.rows, figures, strict=True) if each]
    names = [str(row.get("what") or "") for row, _ in drawn]
    many_periods = len({row["period"] for row, _ in drawn}) > 1
    growth = any(view.view is View.CHANGE and view.fields[0] == "value" for view in answer.views)
    marks = []
    for (_, figure), name in zip(drawn, names, strict=True):
        mark = _mark(figure)
        dated = many_periods and names.count(name) > 1
        label = ", ".join(filter(None, (name, mark.label if dated else ""))) or mark.label
        if field != "value":
            mark = mark._replace(value=mark.change, bounds=mark.change_bounds)
        marks.append(mark._replace(label=label, change=mark.value if growth else mark.change))
    picture = Picture(Shape.BARS, title, unit, (ChartSeries(title, tuple(marks)),))
    if source is None:
        return picture
    counted = answer.caution or _counted([figure.series for _, figure in drawn], source.words)
    cited = tuple(map(citation, source.store.sources(answer.footnotes())))
    return picture._replace(counted="" if counted in title else counted, sources=cited)


def with_bar(answer: Answer, field: str) -> tuple[str, list[Figure | None]]:
    """The unit of what ``bars`` draws, that of the first row, percent for growth; and of each row
    what it draws: no total, which would dwarf its parts, and nothing of another unit.
    """
    found = [None if row.get("is_total") else answer.figure(row) for row in answer.rows]
    if field != "value":
        return "percent", found
    unit = shown_unit(next((str(row["unit"]) for row in answer.rows if row.get("unit")), ""))
    return unit, [each if each and shown_unit(each.unit) == unit else None for each in found]


def _counted(series: Sequence[Series], words: Vocabulary) -> str:
    """Who counted; that counters are not joined where there are several."""
    counters = dict.fromkeys(each.publisher for each in series if each.publisher)
    who = f"counted by {listed(map(words.publisher_name, counters))}" if counters else ""
    if counters and all(map(words.is_own_count, counters)):
        who = "makers' own counts"
    return f"{who}, each in its own way" if len(counters) > 1 else who


def _mark(figure: Figure) -> Mark:
    return Mark(
        figure.period.label,
        figure.value,
        figure.bounds,
        figure.period,
        derived=figure.basis == "derived",
        forecast=figure.is_plan,
        change=figure.yoy.value if figure.yoy else None,
        change_bounds=figure.yoy.bounds if figure.yoy else Bounds(),
    )
