"""A picture as a Vega-Lite specification, a plain mapping that Vega draws without a browser.

Bounds are whiskers, derived points hollow, windows that do not follow each other are not joined.
Colours are those of Okabe and Ito, which people with any colour vision tell apart; shapes differ
as well.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from evcli.model.period import Period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.render.axis import scale_of

Spec = dict[str, Any]
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7f7f7f", "#222222")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
INK, FAINT, PAPER = "#1b1f24", "#d0d7de", "#ffffff"
FONT = "Inter, Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
WIDTH = 740  # labels of the axis included
_HEIGHT, _BAR = 300, 26
_FORMAT = ",.10~r"
_MOST_DATES = 9
_MOST_LABELS = 60  # bars beyond which a picture cannot be read


def spec_of(picture: Picture) -> Spec:
    """The specification of *picture*, without what stands above and under it.

    >>> from evcli.model.quantity import Bounds
    >>> mark = Mark("BYD", Fraction(5), Bounds(Fraction(4), Fraction(6)))
    >>> spec_of(Picture(Shape.BARS, "Makers", "vehicles", (ChartSeries("", (mark,)),)))["height"]
    26
    """
    body = _bars(picture) if picture.shape is Shape.BARS else _lines(picture)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": PAPER,
        "padding": 6,
        "width": WIDTH,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": _config(),
        **body,
    }


def _config() -> Spec:
    text = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12}
    return {
        "font": FONT,
        "axis": {
            **text,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": FAINT,
            "domainColor": INK,
            "tickColor": INK,
        },
        "legend": {**text, "labelLimit": WIDTH - 60, "symbolSize": 90, "symbolStrokeWidth": 2},
        "view": {"stroke": None},
    }


def _scaled(picture: Picture) -> tuple[int, str]:
    """What numbers are divided by on the axis, and what stands beside it."""
    extent = picture.extent or (Fraction(0), Fraction(0))
    size, name = scale_of(max(map(abs, extent)))
    return size, f"{name} {picture.unit}".strip()


def _ends(channel: str, scale: Spec, look: Spec, size: int) -> list[Spec]:
    """The bounds of every mark along *channel*, x or y: a rule with a tick at each known end."""
    rule = {
        "mark": {"type": "rule", "strokeWidth": 2, **look},
        "transform": [{"filter": "datum.low != null && datum.high != null"}],
        "encoding": {channel: {**scale, "field": "low"}, f"{channel}2": {"field": "high"}},
    }
    orient = "vertical" if channel == "x" else "horizontal"
    tick = {"type": "tick", "orient": orient, "size": size, "thickness": 1.6, **look}
    return [
        rule,
        *(
            {
                "mark": tick,
                "transform": [{"filter": f"datum.{end} != null"}],
                "encoding": {channel: {**scale, "field": end}},
            }
            for end in ("low", "high")
        ),
    ]


def _arrow(channel: str, scale: Spec, shape: str, known: str, **look: str) -> Spec:
    """An arrow away from the only end that is *known*."""
    other = "high" if known == "low" else "low"
    mark = {"type": "point", "shape": shape, "size": 70, "filled": True, "opacity": 1, **look}
    return {
        "mark": mark,
        "transform": [{"filter": f"datum.{known} != null && datum.{other} == null"}],
        "encoding": {channel: {**scale, "field": known}},
    }


# --- over time --------------------------------------------------------------------------------


def _lines(picture: Picture) -> Spec:
    size, unit = _scaled(picture)
    names = [each.name for each in picture.series]
    legend = {"orient": "bottom", "direction": "vertical", "symbolType": "circle"}
    colour, shape = (
        {
            "field": "series",
            "type": "nominal",
            "title": None,
            "scale": {
                "domain": names,
                "range": [kinds[at % len(kinds)] for at in range(len(names))],
            },
            "legend": legend if len(names) > 1 else None,
        }
        for kinds in (COLOURS, _SHAPES)
    )
    x = {
        "field": "at",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": False, "padding": 24},
        "axis": {"grid": False, "labelAngle": 0, **_dates(picture)},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": unit,
        "scale": {"zero": _from_zero(picture), "nice": True},
        "axis": {"format": _FORMAT, "tickCount": 6},
    }
    hollow = {"test": "datum.hollow", "value": PAPER}
    fill = {"condition": hollow, **{key: colour[key] for key in ("field", "type", "scale")}}
    valued = [{"filter": "datum.value != null"}]
    return {
        "height": _HEIGHT,
        "data": {"values": [row for each in picture.series for row in _points(each, size)]},
        "encoding": {"x": x, "color": colour},
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 1.5, "opacity": 0.75},
                "transform": valued,
                "encoding": {"y": y, "detail": {"field": "run", "type": "nominal"}},
            },
            *_ends("y", y, {"opacity": 0.8}, 7),
            {
                "mark": {"type": "point", "size": 46, "strokeWidth": 1.8, "opacity": 1},
                "transform": valued,
                "encoding": {"y": y, "shape": shape, "fill": {**fill, "legend": None}},
            },
            _arrow("y", y, "triangle-up", "low"),
            _arrow("y", y, "triangle-down", "high"),
        ],
    }


def _points(series: ChartSeries, size: int) -> list[Spec]:
    rows: list[Spec] = []
    run, before = 0, None
    for mark in series.marks:
        if not mark.drawn or mark.period is None or mark.period.start is None:
            continue
        if before is not None and not _follows(before, mark.period):
            run += 1
        before = mark.period
        place = {"series": series.name, "run": f"{series.id} {run}", "at": _middle(mark.period)}
        rows.append({**place, **_of(mark, size)})
        run += mark.value is None  # a line from bounds without a point would be made up
    return rows


def _of(mark: Mark, size: int) -> Spec:
    def number(value: Fraction | None) -> float | None:
        return None if value is None else float(value / size)

    return {
        "label": mark.label,
        "value": number(mark.value),
        "low": number(mark.bounds.low),
        "high": number(mark.bounds.high),
        "hollow": mark.hollow,
    }


def _follows(before: Period, after: Period) -> bool:
    return before.end is not None and before.end == after.start


def _middle(period: Period) -> int:
    """The middle of a window, in half days: a year stands over its middle, not its first day."""
    start, end = period.start, period.end
    assert start is not None
    assert end is not None
    return start.toordinal() + end.toordinal()


def _dates(picture: Picture) -> Spec:
    """A label under some of the windows that are drawn, evenly spread."""
    labels = {
        _middle(mark.period): mark.label
        for mark in picture.marks
        if mark.period is not None and mark.period.start is not None
    }
    labels = dict(sorted(labels.items()))
    every = -(-len(labels) // _MOST_DATES) or 1
    shown = dict(list(labels.items())[::every])
    return {"values": list(shown), "labelExpr": f"{json.dumps(shown)}[datum.value]"}


def _from_zero(picture: Picture) -> bool:
    """Whether the axis starts at zero: not where all numbers are far from it."""
    extent = picture.extent
    return extent is None or extent[0] < extent[1] / 2


# --- bars -------------------------------------------------------------------------------------


def _bars(picture: Picture) -> Spec:
    marks = picture.marks[:_MOST_LABELS]
    size, unit = _scaled(picture)
    labels = [mark.label for mark in marks]  # two bars may have the same
    rows = [{"order": at, **_of(mark, size)} for at, mark in enumerate(marks)]
    for row in rows:  # where only ends are known, as far as it surely goes
        row["length"] = row["low"] if row["value"] is None else row["value"]
    x = {
        "field": "length",
        "type": "quantitative",
        "title": unit,
        "scale": {"zero": True, "nice": True},
        "axis": {"format": _FORMAT, "tickCount": 7},
    }
    y = {
        "field": "order",
        "type": "ordinal",
        "title": None,
        "sort": "ascending",
        "axis": {
            "labelExpr": f"{json.dumps(labels, ensure_ascii=False)}[datum.value]",
            "labelLimit": WIDTH // 2,
            "ticks": False,
            "domain": False,
            "labelPadding": 8,
        },
    }
    hollow = {"condition": {"test": "datum.hollow", "value": PAPER}, "value": COLOURS[0]}
    bar = {"type": "bar", "height": {"band": 0.62}, "stroke": COLOURS[0], "strokeWidth": 1.4}
    return {
        "height": _BAR * len(marks) or _BAR,
        "data": {"values": rows},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": bar,
                "transform": [{"filter": "datum.length != null"}],
                "encoding": {"x": x, "fill": hollow},
            },
            *_ends("x", x, {"color": INK}, 9),
            _arrow("x", x, "triangle-right", "low", color=INK),
        ],
    }
