"""A picture of figures over time as lines of text, for a terminal and for a pipe.

Strands differ in shape as well as in colour, so the picture reads the same without colour; the
colours are those of Okabe and Ito, which the colour-blind tell apart. Bounds are whiskers where
they are wider than a row; what is derived is hollow; a line joins only windows that follow each
other, and never two strands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from evcli.model.answer import HumanColumn, View
from evcli.model.bounds import Bounds
from evcli.model.period import Period
from evcli.model.picture import Mark, Picture, Strand
from evcli.render.axis import Axis, columns_of, labels_under
from evcli.render.canvas import Canvas
from evcli.render.numbers import human
from evcli.render.plain_letters import in_ascii
from evcli.render.span import Span, point_of
from evcli.render.table import hanging, show, wrapped
from evcli.render.visible import visible
from evcli.terminal import RESET, SERIES, THEME, painted

SHAPES = ("●○", "■□", "▲△", "◆◇", "▼▽", "★☆", "♠♤", "♥♡")  # stated, derived
LETTERS = ("Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg", "Hh")
MOST = len(SHAPES)  # strands that a picture can tell apart
NARROWEST = 24  # columns
_VALUE = HumanColumn("value", View.BOUNDED, ("value", "low", "high"))
_CHANGE = HumanColumn("yoy", View.CHANGE, ("yoy", "yoy_low", "yoy_high"))


class _Signs(NamedTuple):
    """What is drawn besides the shapes of the strands."""

    top: str
    stem: str
    bottom: str
    up: str  # open above
    down: str
    forecast: str
    several: str  # marks of several strands on one cell
    zero: str
    side: tuple[str, str]  # the axis, and where it has a tick
    corner: str
    under: tuple[str, str]


_UNICODE = _Signs("┬", "│", "┴", "↑", "↓", "‡", "✶", "╌", ("│", "┤"), "└", ("─", "┴"))
_ASCII = _Signs("-", "|", "-", "^", "v", "!", "#", "-", ("|", "+"), "+", ("-", "+"))


def chart_lines(
    picture: Picture, *, width: int = 80, color: bool = False, ascii: bool = False
) -> Iterator[str]:
    """The picture as lines without their ends: title, chart, and a legend line a strand.

    *width* is that of the terminal. Raises ValueError for a picture of more strands than ``MOST``.
    """
    if len(picture.strands) > MOST:
        raise ValueError(f"a chart tells {MOST} strands apart, not {len(picture.strands)}")
    chart = Chart(picture, max(width, NARROWEST), ascii=ascii)
    spell = in_ascii if ascii else str
    for kind, text in chart.lines(color=color):
        style = {"title": THEME["title"], "dim": THEME["footnote"]}.get(kind, "")
        text = (text if kind == "drawn" else spell(text)).rstrip(" ")
        yield painted(text, style) if color else text


class Chart:
    """One picture laid out: axis, columns, and the canvas with everything drawn on it."""

    def __init__(self, picture: Picture, width: int, *, ascii: bool = False) -> None:
        self.picture = picture
        self.width = width
        self._ascii = ascii
        self._signs = _ASCII if ascii else _UNICODE
        self._shapes = LETTERS if ascii else SHAPES
        self._used: set[str] = set()
        extent = picture.extent
        self.axis = Axis.over(*extent, height=width // 5) if extent else None
        self.columns: dict[Period, int] = {}
        self.canvas = Canvas(0, 0)
        if self.axis is not None:
            size, _ = self.axis.scale
            self._side = [human(tick / size) for tick in self.axis.ticks]
            across = width - max(map(len, self._side)) - 2
            periods = [mark.period for mark in picture.marks if mark.period is not None]
            self.columns = columns_of(periods, across)
            self.canvas = Canvas(across, self.axis.height, ascii=ascii)
            self._draw(self.axis)

    def lines(self, *, color: bool = False) -> Iterator[tuple[str, str]]:
        """Each line with its kind: title, dim, drawn, or plain."""
        for text in wrapped(visible(self.picture.title), self.width):
            yield "title", text
        if self.axis is None:
            for text in wrapped("nothing to draw: no value and no bound is known", self.width):
                yield "plain", text
            return
        unit = " ".join(filter(None, (self.axis.scale[1], self.picture.unit)))
        for text in wrapped(visible(unit), self.width) if unit else ():
            yield "plain", text
        for text in self._plot(self.axis, color):
            yield "drawn", text
        for index, strand in enumerate(self.picture.strands):
            yield from self._legend(index, strand, color)
        for label, meaning in self._meanings():
            for text in hanging(f"{label}  ", meaning, self.width):
                yield "dim", text
        for note in self._notes():
            for text in wrapped(visible(note), self.width):
                yield "dim", text

    def column(self, mark: Mark) -> int:
        """The column of a mark."""
        assert mark.period is not None
        return self.columns[mark.period]

    # --- drawing, from the back to the front ---------------------------------------------------

    def _draw(self, axis: Axis) -> None:
        if axis.low < 0 < axis.high:
            for column in range(self.canvas.width):
                self.canvas.behind(column, axis.row(Fraction(0)), self._signs.zero)
        for index, strand in enumerate(self.picture.strands):
            self._join(axis, strand, _color(index))
        for index, strand in enumerate(self.picture.strands):
            for mark in _placed(strand):
                self._whisker(axis, mark, _color(index))
        for index, strand in enumerate(self.picture.strands):
            for mark in sorted(_placed(strand), key=lambda mark: not mark.hollow):
                self._point(axis, mark, index)

    def _join(self, axis: Axis, strand: Strand, color: str) -> None:
        """The line of a strand: between windows that follow each other and are not disputed."""
        marks = _placed(strand)
        times = Counter(mark.period for mark in marks)
        for one, other in pairwise(marks):
            if times[one.period] > 1 or times[other.period] > 1:
                continue
            start, end = point_of(axis, one), point_of(axis, other)
            if start is not None and end is not None and _follows(one, other):
                self.canvas.line((self.column(one), start), (self.column(other), end), color)

    def _whisker(self, axis: Axis, mark: Mark, color: str) -> None:
        """From the lower end to the upper, as far as they are a row or more away; see ``Span``."""
        signs, column = self._signs, self.column(mark)
        span = Span.of(axis, mark)
        top, bottom = span.top, span.bottom
        for row in range(span.top, span.bottom + 1):
            self._put(column, row, signs.stem, color)
        if span.capped_above:
            self._put(column, top, signs.top, color)
        if span.capped_below:
            self._put(column, bottom, signs.bottom, color)
        low, high = mark.bounds
        if high is None and low is not None and top > 0:
            self._put(column, top - 1, signs.up, color)
        if low is None and high is not None and bottom < axis.height - 1:
            self._put(column, bottom + 1, signs.down, color)

    def _point(self, axis: Axis, mark: Mark, index: int) -> None:
        row = Span.of(axis, mark).at
        if row is not None:
            self._mark(self.column(mark), row, mark, index)

    def _mark(self, column: int, row: int, mark: Mark, index: int) -> None:
        sign = self._shape(index, mark)
        there = self.canvas.sign(column, row)
        others = {*"".join(self._shapes), self._signs.forecast, self._signs.several}
        mine = {*self._shapes[index]}
        if there in others and there not in mine:
            sign = self._signs.several
        self._put(column, row, sign, "" if sign == self._signs.several else _color(index))

    def _shape(self, index: int, mark: Mark) -> str:
        return self._signs.forecast if mark.forecast else self._shapes[index][mark.derived]

    def _put(self, column: int, row: int, sign: str, color: str) -> None:
        self.canvas.put(column, row, sign, color)
        self._used.add(sign)

    # --- around the drawing --------------------------------------------------------------------

    def _plot(self, axis: Axis, color: bool) -> Iterator[str]:
        room = max(map(len, self._side))
        at = {axis.row(tick): text for tick, text in zip(axis.ticks, self._side, strict=True)}
        for row, text in enumerate(self.canvas.rows(color=color)):
            side = self._signs.side[row in at]
            yield f"{at.get(row, ''):>{room}} {side}{text}"
        ticks = labels_under(self.columns, self.canvas.width)
        plain, marked = self._signs.under
        marks = {column for column, _, _ in ticks}
        line = "".join(marked if at in marks else plain for at in range(self.canvas.width))
        yield " " * (room + 1) + self._signs.corner + line
        under = ""
        for _, start, text in ticks:
            under = under.ljust(start) + text
        yield " " * (room + 2) + under

    def _legend(self, index: int, strand: Strand, color: bool) -> Iterator[tuple[str, str]]:
        """The shape, the name, who counted, and the latest figure with its change."""
        marks = _placed(strand)
        used = {self._shape(index, mark) for mark in marks}
        shapes = "".join(
            sign for sign in (*self._shapes[index], self._signs.forecast) if sign in used
        )
        name = strand.name
        if strand.publisher and strand.publisher not in name:
            name += f", counted by {strand.publisher}"
        told = f"{visible(name)} · {self._latest(marks)}" if marks else f"{visible(name)}: nothing"
        lines = hanging(f"{shapes or self._shapes[index][0]} ", told, self.width)
        if color:
            lines[0] = f"{_color(index)}{lines[0][: len(shapes)]}{RESET}{lines[0][len(shapes) :]}"
        for text in lines:
            yield "plain", text

    def _latest(self, marks: Sequence[Mark]) -> str:
        last = next((mark for mark in reversed(marks) if not mark.forecast), marks[-1])
        row = {"value": last.value, "low": last.bounds.low, "high": last.bounds.high}
        text = f"{last.label}: {show(_VALUE, row)} {visible(self.picture.unit)}".rstrip()
        low, high = last.change_bounds
        change = show(_CHANGE, {"yoy": last.change, "yoy_low": low, "yoy_high": high})
        return f"{text}, {change} yoy" if change else text

    def _meanings(self) -> Iterator[tuple[str, str]]:
        """Every sign that was drawn and does not tell by itself what it means."""
        signs = self._signs
        hollow = [shape[1] for shape in self._shapes if shape[1] in self._used]
        if hollow:
            yield " ".join(hollow), "derived: computed by evcli from other figures"
        if signs.forecast in self._used:
            yield signs.forecast, "forecast: a plan or target, not an observation"
        if signs.several in self._used:
            yield signs.several, "figures of several series on one spot"
        if signs.top in self._used or signs.bottom in self._used:
            yield f"{signs.top}{signs.stem}{signs.bottom}", "bounds, where wider than a row"
        if signs.up in self._used:
            yield signs.up, "at least so much"
        if signs.down in self._used:
            yield signs.down, "at most so much"

    def _notes(self) -> Iterator[str]:
        assert self.axis is not None
        if self.axis.low > 0 or self.axis.high < 0:
            yield "the axis does not begin at zero"
        if len(set(self.columns.values())) < len(self.columns):
            yield f"some windows share a column: {len(self.columns)} on {self.canvas.width}"
        yield from self.picture.notes


def _color(index: int) -> str:
    return SERIES[index % len(SERIES)]


def _placed(strand: Strand) -> list[Mark]:
    """The marks that can be drawn, in order of time."""
    marks = [mark for mark in strand.marks if mark.drawn and mark.period is not None]
    return sorted(marks, key=lambda mark: mark.period.sort_key if mark.period else ())


def _follows(one: Mark, other: Mark) -> bool:
    """Whether the second window begins where the first ends, and neither has an open end."""
    if one.period is None or other.period is None or one.forecast != other.forecast:
        return False
    open_ended = any(mark.bounds != Bounds() and None in mark.bounds for mark in (one, other))
    return one.period.end == other.period.start and not open_ended
