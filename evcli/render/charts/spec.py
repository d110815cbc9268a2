"""A picture as a Vega-Lite specification, a plain mapping that Vega draws without a browser.

Bounds are whiskers, derived points hollow, windows that do not follow each other are not joined.
Colours are those of Okabe and Ito, which people with any colour vision tell apart; shapes differ
as well.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from evcli.model.period import Period
from evcli.model.picture import Mark, Picture, Shape, Strand
from evcli.render.axis import scale_of

Spec = dict[str, Any]
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7f7f7f", "#222222")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
INK, FAINT, PAPER = "#1b1f24", "#d0d7de", "#ffffff"
_FONT = "Inter, Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
WIDTH = 740  # labels of the axis included
_HEIGHT, _BAR = 300, 26
_FORMAT = ",.10~r"
_MOST_DATES = 9
_MOST_LABELS = 60  # bars beyond which a picture cannot be read


def spec_of(picture: Picture) -> Spec:
    """The specification of *picture*, without what stands above and under it.

    >>> from evcli.model.quantity import Bounds
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
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": _config(),
        **body,
    }


def _config() -> Spec:
    text = {"labelFont": _FONT, "titleFont": _FONT, "labelColor": INK, "titleColor": INK}
    return {
        "font": _FONT,
        "axis": {
            **text,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": FAINT,
            "domainColor": INK,
            "tickColor": INK,
        },
        "legend": {
            **text,
            "labelFontSize": 12,
            "labelLimit": WIDTH - 60,
            "symbolSize": 90,
            "symbolStrokeWidth": 2,
        },
        "view": {"stroke": None},
    }


def _scaled(picture: Picture) -> tuple[int, str]:
    """What numbers are divided by on the axis, and what stands beside it."""
    extent = picture.extent or (Fraction(0), Fraction(0))
    size, name = scale_of(max(map(abs, extent)))
    return size, f"{name} {picture.unit}".strip()


# --- over time --------------------------------------------------------------------------------


def _lines(picture: Picture) -> Spec:
    size, unit = _scaled(picture)
    rows = [row for strand in picture.strands for row in _points(strand, size)]
    names = [strand.name for strand in picture.strands]
    colour = {
        "field": "strand",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": _cycled(COLOURS, names)},
        "legend": {"orient": "bottom", "direction": "vertical", "symbolType": "circle"}
        if len(names) > 1
        else None,
    }
    shape = {
        "field": "strand",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": _cycled(_SHAPES, names)},
        "legend": colour["legend"],
    }
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
    ends = {**y, "field": "low"}
    return {
        "height": _HEIGHT,
        "data": {"values": rows},
        "encoding": {"x": x, "color": colour},
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 1.5, "opacity": 0.75},
                "transform": [{"filter": "datum.value != null"}],
                "encoding": {"y": y, "detail": {"field": "run", "type": "nominal"}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.8},
                "transform": [{"filter": "datum.low != null && datum.high != null"}],
                "encoding": {"y": ends, "y2": {"field": "high"}},
            },
            *(_tick(end, ends) for end in ("low", "high")),
            {
                "mark": {"type": "point", "size": 46, "strokeWidth": 1.8, "opacity": 1},
                "transform": [{"filter": "datum.value != null"}],
                "encoding": {
                    "y": y,
                    "shape": shape,
                    "fill": {
                        "condition": {"test": "datum.hollow", "value": PAPER},
                        **{key: colour[key] for key in ("field", "type", "scale")},
                        "legend": None,
                    },
                },
            },
            *(_open(side, y) for side in ("low", "high")),
        ],
    }


def _tick(end: str, ends: Spec) -> Spec:
    return {
        "mark": {
            "type": "tick",
            "orient": "horizontal",
            "size": 7,
            "thickness": 1.6,
            "opacity": 0.8,
        },
        "transform": [{"filter": f"datum.{end} != null"}],
        "encoding": {"y": {**ends, "field": end}},
    }


def _open(side: str, y: Spec) -> Spec:
    """An arrow away from the only end that is known."""
    shape, other = ("triangle-up", "high") if side == "low" else ("triangle-down", "low")
    return {
        "mark": {"type": "point", "shape": shape, "size": 70, "filled": True, "opacity": 1},
        "transform": [{"filter": f"datum.{side} != null && datum.{other} == null"}],
        "encoding": {"y": {**y, "field": side}},
    }


def _points(strand: Strand, size: int) -> list[Spec]:
    rows: list[Spec] = []
    run, before = 0, None
    for mark in strand.marks:
        if not mark.drawn or mark.period is None or mark.period.start is None:
            continue
        if before is not None and not _follows(before, mark.period):
            run += 1
        before = mark.period
        place = {"strand": strand.name, "run": f"{strand.id} {run}", "at": _middle(mark.period)}
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


def _cycled(values: Sequence[str], names: Sequence[str]) -> list[str]:
    return [values[at % len(values)] for at in range(len(names))]


# --- bars -------------------------------------------------------------------------------------


def _bars(picture: Picture) -> Spec:
    marks = picture.marks[:_MOST_LABELS]
    size, unit = _scaled(picture)
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
            "labelExpr": _labels(marks),
            "labelLimit": WIDTH // 2,
            "ticks": False,
            "domain": False,
            "labelPadding": 8,
        },
    }
    ends = {**x, "field": "low"}
    hollow = {"condition": {"test": "datum.hollow", "value": PAPER}, "value": COLOURS[0]}
    return {
        "height": _BAR * len(marks) or _BAR,
        "data": {"values": rows},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {
                    "type": "bar",
                    "height": {"band": 0.62},
                    "stroke": COLOURS[0],
                    "strokeWidth": 1.4,
                },
                "transform": [{"filter": "datum.length != null"}],
                "encoding": {"x": x, "fill": hollow},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "transform": [{"filter": "datum.low != null && datum.high != null"}],
                "encoding": {"x": ends, "x2": {"field": "high"}},
            },
            *(
                {
                    "mark": {
                        "type": "tick",
                        "orient": "vertical",
                        "size": 9,
                        "thickness": 1.6,
                        "color": INK,
                    },
                    "transform": [{"filter": f"datum.{end} != null"}],
                    "encoding": {"x": {**ends, "field": end}},
                }
                for end in ("low", "high")
            ),
            {
                "mark": {
                    "type": "point",
                    "shape": "triangle-right",
                    "size": 70,
                    "filled": True,
                    "opacity": 1,
                    "color": INK,
                },
                "transform": [{"filter": "datum.low != null && datum.high == null"}],
                "encoding": {"x": ends},
            },
        ],
    }


def _labels(marks: Sequence[Mark]) -> str:
    """An expression that gives each bar its label: two bars may have the same."""
    return f"{json.dumps([mark.label for mark in marks], ensure_ascii=False)}[datum.value]"
