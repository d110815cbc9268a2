"""A picture as a Vega-Lite specification, a plain mapping that Vega draws without a browser.

How pictures look stands in ``templates.json``. Bounds are whiskers, derived points hollow, windows
that do not follow each other are not joined. Colours are those of Okabe and Ito, which people with
any colour vision tell apart; shapes differ as well.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from evcli.model.period import Period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.render.axis import scale_of

Spec = dict[str, Any]
_TEMPLATES = Path(__file__).with_name("templates.json").read_text("utf-8")
COMMON: Spec = json.loads(_TEMPLATES)["common"]
_BAR = 26  # the height of one
_MOST_DATES = 9
_MOST_LABELS = 60  # bars beyond which a picture cannot be read


def spec_of(picture: Picture) -> Spec:
    """The specification of *picture*, without what stands above and under it.

    >>> from evcli.model.quantity import Bounds
    >>> mark = Mark("BYD", Fraction(5), Bounds(Fraction(4), Fraction(6)))
    >>> spec_of(Picture(Shape.BARS, "Makers", "vehicles", (ChartSeries("", (mark,)),)))["height"]
    26
    """
    bars = picture.shape is Shape.BARS
    spec: Spec = COMMON | json.loads(_TEMPLATES)["bars" if bars else "time"]
    extent = picture.extent or (Fraction(0), Fraction(0))
    size, name = scale_of(max(map(abs, extent)))  # what numbers are divided by
    value = spec["layer"][0]["encoding"]["x" if bars else "y"]
    value["title"] = f"{name} {picture.unit}".strip()
    if bars:
        _fill_bars(spec, picture.marks[:_MOST_LABELS], size)
    else:
        # the axis starts at zero, but not where all numbers are far from it
        value["scale"]["zero"] = not picture.extent or extent[0] < extent[1] / 2
        _fill_time(spec, picture, size)
    return spec


def _fill_time(spec: Spec, picture: Picture, size: int) -> None:
    spec["data"] = {"values": [row for each in picture.series for row in _points(each, size)]}
    spec["encoding"]["x"]["axis"] |= _dates(picture)
    names = [each.name for each in picture.series]
    colour = spec["encoding"]["color"]
    points = next(layer["encoding"] for layer in spec["layer"] if "shape" in layer["encoding"])
    for channel in (colour, points["fill"], points["shape"]):
        channel["scale"]["domain"] = names
    if len(names) == 1:
        colour["legend"] = points["shape"]["legend"] = None


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


def _fill_bars(spec: Spec, marks: Sequence[Mark], size: int) -> None:
    rows = [{"order": at, **_of(mark, size)} for at, mark in enumerate(marks)]
    for row in rows:  # where only ends are known, as far as it surely goes
        row["length"] = row["low"] if row["value"] is None else row["value"]
    spec["height"] = _BAR * len(marks) or _BAR
    spec["data"] = {"values": rows}
    labels = json.dumps([mark.label for mark in marks], ensure_ascii=False)  # two may be the same
    spec["encoding"]["y"]["axis"]["labelExpr"] = f"{labels}[datum.value]"
