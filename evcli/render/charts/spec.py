"""A picture as a Vega-Lite specification, a plain mapping that Vega draws without a browser.

Bounds are whiskers, derived points hollow, windows that do not follow each other are not joined.
Colours are those of Okabe and Ito, which people with any colour vision tell apart; shapes differ
as well.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from evcli.model.period import Period
from evcli.model.picture import Mark, Picture, Shape, Strand

Spec = dict[str, Any]
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7f7f7f", "#222222")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
INK, FAINT, PAPER = "#1b1f24", "#d0d7de", "#ffffff"
_FONT = "Inter, Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
WIDTH = 640
_HEIGHT, _BAR = 300, 26
_MOST_LABELS = 60  # bars beyond which a picture cannot be read


def spec_of(picture: Picture) -> Spec:
    """The specification of *picture*, without what stands above and under it.

    >>> from evcli.model.bounds import Bounds
    >>> mark = Mark("BYD", Fraction(5), Bounds(Fraction(4), Fraction(6)))
    >>> spec_of(Picture(Shape.BARS, "Makers", "vehicles", (Strand("", (mark,)),)))["height"]
    26
    """
    body = _bars(picture) if picture.shape is Shape.BARS else _lines(picture)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": PAPER,
        "padding": 6,
        "width": WIDTH,
        "config": _config(),
        **body,
    }


def _config() -> Spec:
    text = {"labelFont": _FONT, "titleFont": _FONT, "labelColor": INK, "titleColor": INK}
    return {
        "font": _FONT,
        "axis": {**text, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
                 "gridColor": FAINT, "domainColor": INK, "tickColor": INK},
        "legend": {**text, "labelFontSize": 12, "labelLimit": WIDTH - 60, "symbolSize": 90,
                   "symbolStrokeWidth": 2},
        "view": {"stroke": None},
    }  # fmt: skip


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


# --- over time --------------------------------------------------------------------------------


def _lines(picture: Picture) -> Spec:
    rows = [row for strand in picture.strands for row in _points(strand)]
    names = [strand.name for strand in picture.strands]
    colour = {
        "field": "strand", "type": "nominal", "title": None,
        "scale": {"domain": names, "range": _cycled(COLOURS, names)},
        "legend": {"orient": "bottom", "direction": "vertical", "symbolType": "circle"}
        if len(names) > 1 else None,
    }  # fmt: skip
    shape = {
        "field": "strand", "type": "nominal", "title": None,
        "scale": {"domain": names, "range": _cycled(_SHAPES, names)},
        "legend": colour["legend"],
    }  # fmt: skip
    x = {"field": "at", "type": "temporal", "title": None, "scale": {"padding": 16},
         "axis": {"grid": False, "labelAngle": 0, "labelOverlap": True,
                  **_dates(picture)}}  # fmt: skip
    y = {"field": "value", "type": "quantitative", "title": picture.unit,
         "scale": {"zero": _from_zero(picture), "nice": True},
         "axis": {"format": _format(picture), "tickCount": 6}}  # fmt: skip
    ends = {**y, "field": "low"}
    return {
        "height": _HEIGHT,
        "data": {"values": rows},
        "encoding": {"x": x, "color": colour},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 1.5, "opacity": 0.75},
             "transform": [{"filter": "datum.value != null"}],
             "encoding": {"y": y, "detail": {"field": "run", "type": "nominal"}}},
            {"mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.8},
             "transform": [{"filter": "datum.low != null && datum.high != null"}],
             "encoding": {"y": ends, "y2": {"field": "high"}}},
            *(_tick(end, ends) for end in ("low", "high")),
            {"mark": {"type": "point", "size": 46, "strokeWidth": 1.8, "opacity": 1},
             "transform": [{"filter": "datum.value != null"}],
             "encoding": {
                 "y": y, "shape": shape,
                 "fill": {"condition": {"test": "datum.hollow", "value": PAPER},
                          **{key: colour[key] for key in ("field", "type", "scale")},
                          "legend": None},
             }},
            *(_open(side, y) for side in ("low", "high")),
        ],
    }  # fmt: skip


def _tick(end: str, ends: Spec) -> Spec:
    return {
        "mark": {"type": "tick", "orient": "horizontal", "size": 7, "thickness": 1.6,
                 "opacity": 0.8},
        "transform": [{"filter": f"datum.{end} != null"}],
        "encoding": {"y": {**ends, "field": end}},
    }  # fmt: skip


def _open(side: str, y: Spec) -> Spec:
    """An arrow away from the only end that is known."""
    shape, other = ("triangle-up", "high") if side == "low" else ("triangle-down", "low")
    return {
        "mark": {"type": "point", "shape": shape, "size": 70, "filled": True, "opacity": 1},
        "transform": [{"filter": f"datum.{side} != null && datum.{other} == null"}],
        "encoding": {"y": {**y, "field": side}},
    }


def _points(strand: Strand) -> list[Spec]:
    rows: list[Spec] = []
    run, before = 0, None
    for mark in strand.marks:
        if not mark.drawn or mark.period is None or mark.period.start is None:
            continue
        if before is not None and not _follows(before, mark.period):
            run += 1
        before = mark.period
        place = {"strand": strand.name, "run": f"{strand.id} {run}", "at": _middle(mark.period)}
        rows.append({**place, **_of(mark)})
        run += mark.value is None  # a line from bounds without a point would be made up
    return rows


def _of(mark: Mark) -> Spec:
    return {
        "label": mark.label, "value": _number(mark.value), "low": _number(mark.bounds.low),
        "high": _number(mark.bounds.high), "hollow": mark.hollow,
    }  # fmt: skip


def _follows(before: Period, after: Period) -> bool:
    return before.end is not None and before.end == after.start


def _middle(period: Period) -> str:
    """The day in the middle of a window: a year stands over its middle, not over its first day."""
    start, end = period.start, period.end
    assert start is not None
    assert end is not None
    return date.fromordinal((start.toordinal() + end.toordinal()) // 2).isoformat()


def _dates(picture: Picture) -> Spec:
    years = all((mark.period.months or 0) >= 12 for mark in picture.marks if mark.period)
    if years:
        return {"format": "%Y", "tickCount": "year"}
    return {"format": "%b %Y", "tickCount": 8}


def _from_zero(picture: Picture) -> bool:
    """Whether the axis starts at zero: not where all numbers are far from it."""
    extent = picture.extent
    return extent is None or extent[0] < extent[1] / 2


def _format(picture: Picture) -> str:
    extent = picture.extent
    large = extent is not None and max(abs(extent[0]), abs(extent[1])) >= 1_000
    return ",d" if large else ",.2~f"


def _cycled(values: Sequence[str], names: Sequence[str]) -> list[str]:
    return [values[at % len(values)] for at in range(len(names))]


# --- bars -------------------------------------------------------------------------------------


def _bars(picture: Picture) -> Spec:
    marks = picture.marks[:_MOST_LABELS]
    rows = [{"order": at, **_of(mark)} for at, mark in enumerate(marks)]
    x = {"field": "value", "type": "quantitative", "title": picture.unit,
         "scale": {"zero": True, "nice": True}, "axis": {"format": _format(picture)}}  # fmt: skip
    y = {"field": "order", "type": "ordinal", "title": None, "sort": "ascending",
         "axis": {"labelExpr": _labels(marks), "labelLimit": WIDTH // 2, "ticks": False,
                  "domain": False, "labelPadding": 8}}  # fmt: skip
    ends = {**x, "field": "low"}
    hollow = {"condition": {"test": "datum.hollow", "value": PAPER}, "value": COLOURS[0]}
    return {
        "height": _BAR * len(marks) or _BAR,
        "data": {"values": rows},
        "encoding": {"y": y},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.62}, "stroke": COLOURS[0],
                      "strokeWidth": 1.4},
             "transform": [{"filter": "datum.value != null"}],
             "encoding": {"x": x, "fill": hollow}},
            {"mark": {"type": "rule", "strokeWidth": 2, "color": INK},
             "transform": [{"filter": "datum.low != null && datum.high != null"}],
             "encoding": {"x": ends, "x2": {"field": "high"}}},
            *(
                {"mark": {"type": "tick", "orient": "vertical", "size": 9, "thickness": 1.6,
                          "color": INK},
                 "transform": [{"filter": f"datum.{end} != null"}],
                 "encoding": {"x": {**ends, "field": end}}}
                for end in ("low", "high")
            ),
        ],
    }  # fmt: skip


def _labels(marks: Sequence[Mark]) -> str:
    """An expression that gives each bar its label: two bars may have the same."""
    return f"{json.dumps([mark.label for mark in marks], ensure_ascii=False)}[datum.value]"
