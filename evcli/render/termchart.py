r"""Figures as charts and bars in lines of text, for a terminal or a pipe.

A cell of the terminal holds two by four Braille dots, so a line is drawn eight times as finely
as a sign. Column 0 is left, row 0 is on top.

Series differ in shape as well as in colour, so the picture reads the same without colour. Bounds
are whiskers where they are wider than a row; what is derived is hollow; a line joins only windows
that follow each other, and never two series. It is labelled at its end with the newest figure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from math import floor

from evcli.model.picture import Mark, Picture, joined
from evcli.model.quantity import Bounds
from evcli.render import layout
from evcli.render.layout import MOST, TOGETHER, Axis, newest, placed
from evcli.render.table import hanging, wrapped
from evcli.terminal import SERIES, THEME, painted, width_of
from evcli.text.characters import in_ascii, visible
from evcli.text.numbers import human
from evcli.tuples import NamedTuple

_Label = tuple[int, int, str]  # under the axis: the column of its tick, where it starts, text
Point = tuple[int | Fraction, int | Fraction]  # column and row; between cells too

_NOUGHT, _HALF = Fraction(0), Fraction(1, 2)
_GAP = 2  # cells between two labels
_BRAILLE = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, then by row of the cell


class Canvas:
    """*width* by *height* cells, each of one sign; ``behind`` has what fills rows, behind all."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.behind: dict[int, str] = {}
        self._dots: dict[tuple[int, int], int] = {}
        self.signs: dict[tuple[int, int], str] = {}
        self._colors: dict[tuple[int, int], str] = {}

    def put(self, column: int, row: int, sign: str, color: str = "") -> None:
        """Put *sign* into a cell, over whatever is there."""
        self.signs[column, row] = sign
        self._colors[column, row] = color

    def line(self, start: Point, end: Point, color: str = "") -> None:
        """A straight line from the middle of one place to the middle of another."""
        (x0, y0), (x1, y1) = (
            ((column + _HALF) * 2, (row + _HALF) * 4) for column, row in (start, end)
        )
        steps = max(1, abs(floor(x1) - floor(x0)), abs(floor(y1) - floor(y0)))
        for step in range(steps + 1):
            part = Fraction(step, steps)
            x, y = floor(x0 + (x1 - x0) * part), floor(y0 + (y1 - y0) * part)
            cell = x // 2, y // 4
            self._dots[cell] = self._dots.get(cell, 0) | _DOTS[x % 2][y % 4]
            if cell not in self.signs:
                self._colors[cell] = color

    def rows(self, *, color: bool = False) -> Iterator[str]:
        """The rows from top to bottom, each *width* cells."""
        for row in range(self.height):
            cells = [(column, row) for column in range(self.width)]
            runs = groupby(cells, key=lambda cell: self._colors.get(cell, "") if color else "")
            yield "".join(painted("".join(map(self._shown, run)), style) for style, run in runs)

    def _shown(self, cell: tuple[int, int]) -> str:
        dots = self._dots.get(cell, 0)
        if cell in self.signs or not dots:
            return self.signs.get(cell) or self.behind.get(cell[1], " ")
        return chr(_BRAILLE + dots)


def columns_of(middles: Iterable[int], width: int) -> dict[int, int]:
    """The columns of windows by their middles: the first left, the last right, a single between."""
    places = set(middles)
    first, last = min(places, default=0), max(places, default=0)
    room = Fraction(width - 1, (last - first) or 1)
    return {at: floor((at - first) * room + _HALF) for at in places if first < last} or {
        first: width // 2
    }


def labels_under(picture: Picture, columns: Mapping[int, int], width: int) -> list[_Label]:
    """The labels under the axis, each with its tick and where it starts: as many as fit."""
    for most in range(width // 6, 0, -1):
        placed, free = [], 0
        labels = layout.dates(picture, most)
        places = columns_of([*columns, *labels], width)
        for at, text in labels.items():
            start = max(0, min(places[at] - len(text) // 2, width - len(text)))
            if start < free or len(text) > width:
                break
            placed.append((places[at], start, text))
            free = start + len(text) + _GAP
        else:
            return placed
    return []


class Span(NamedTuple):
    """Where a mark stands, in rows from the top.

    ``point`` lies between rows, too, ``at`` is its row: the value, the only end, or the middle of
    bounds less than a row apart; else None. The whisker goes from ``top`` to ``bottom``: an end
    closer than a row to the point would look a row away.
    """

    point: Fraction | None
    at: int | None
    top: int
    bottom: int

    @classmethod
    def of(cls, axis: Axis, mark: Mark) -> "Span":
        """The rows of a *mark* with anything to draw."""
        ends = [axis.place(end) for end in mark.bounds if end is not None]
        point = ends[0] if mark.is_open else None
        if mark.value is not None:
            point = axis.place(mark.value)
        elif not mark.is_open and ends[0] - ends[1] < 1:
            point = sum(ends) / Fraction(2)
        rows = [floor(end + _HALF) for end in ends]
        if point is None:
            return cls(None, None, rows[1], rows[0])
        at = floor(point + _HALF)
        far = [row for row, end in zip(rows, ends, strict=True) if abs(end - point) >= 1]
        return cls(point, at, min([at, *far]), max([at, *far]))


SHAPES = ("●○", "■□", "▲△", "◆◇", "▼▽")  # stated, derived
NARROWEST = 24  # columns
_ROOMY = 60  # columns from which labels stand beside the lines
_PANEL = 38  # columns of a small one
_LOW, _HIGH = 6, 12  # rows of it, of a large one at least

_TOP, _STEM, _BOTTOM = "┬│┴"  # of a whisker
_UP, _DOWN = "↑↓"  # open above, below
_FORECAST, _SEVERAL, _ZERO = "‡✶╌"  # several: marks of several series on one cell
_SIDE, _CORNER, _UNDER = "│┤", "└", "─┴"  # the axis without a tick and with one
_DERIVED = "derived: computed by evcli from other figures"
_MEANINGS = {  # of the other signs that do not say it by themselves
    _FORECAST: "forecast: a plan or target, not an observation",
    _SEVERAL: "figures of several series on one spot",
    _TOP + _STEM + _BOTTOM: "bounds, where wider than a row",
    _UP: "at least so much",
    _DOWN: "at most so much",
}
_BAR, _BAR_TO_BOUND = "█▒"  # from where a bar is sure to where it may reach
_SLIVERS = "▏▕"  # under half a cell, to the right and to the left
_BAR_ZERO = "│"
_BAR_OPEN = "→←"  # no end is known to the right, to the left
# all of them, and how they are spelt in ASCII
_DRAWN, _SPELT = f"{''.join(SHAPES)}┬│┴↑↓✶╌┤└█▒▏▕→←", "AaBbCcDdEe+|+^v#-++#=::><"
_ASCII = str.maketrans(_DRAWN, _SPELT) | dict.fromkeys(range(_BRAILLE, _BRAILLE + 256), ".")


def spelt(text: str) -> str:
    """A drawing in plain ASCII, but for names."""
    return in_ascii(text.translate(_ASCII))


def chart_lines(picture: Picture, *, width: int = 80, color: bool = False) -> Iterator[str]:
    """The picture as lines without their ends; ValueError for more series than ``MOST``."""
    if len(picture.series) > MOST:
        raise ValueError(f"a picture holds {MOST} series, not {len(picture.series)}")
    width = max(width, NARROWEST)
    for style, text in _lines(picture, width, color):
        yield painted(text.rstrip(" "), THEME[style]) if color and style else text.rstrip(" ")


def _lines(picture: Picture, width: int, color: bool) -> Iterator[tuple[str, str]]:
    """Each line with its style, a name in ``THEME``; empty for what is plain."""
    yield from (("title", line) for line in wrapped(visible(picture.title), width))
    nothing = "nothing to draw: no value and no bound is known"
    below = visible(layout.subtitle(picture)) if picture.marks else nothing
    yield from (("", line) for line in wrapped(below, width))
    if not picture.marks:
        return
    if len(picture.series) <= TOGETHER:
        charts = [Chart(picture, width)]
        yield from (("", line) for line in charts[0].lines(color))
    else:
        beside = min(3, (width + _GAP) // (_PANEL + _GAP)) or 1
        room = (width - _GAP * (beside - 1)) // beside
        parts = [picture._replace(series=(each,)) for each in picture.series]
        charts = [Chart(each, room, picture) for each in parts]
        for at in range(0, len(charts), beside):
            row = [chart.panel(color) for chart in charts[at : at + beside]]
            most = max(map(len, row))  # lines
            blocks = [[" " * room] * (most - len(lines)) + lines for lines in row]
            yield from (("", (" " * _GAP).join(line)) for line in zip(*blocks, strict=True))
    used = {sign for chart in charts for sign in chart.canvas.signs.values()}
    used |= {lines[0][0] for chart in charts for lines in chart.labels}
    hollow = [shape[1] for shape in SHAPES if shape[1] in used]
    for label, meaning in {" ".join(hollow): _DERIVED, **_MEANINGS}.items():
        if used.intersection(label.replace(_STEM, "")):
            yield from (("footnote", line) for line in hanging(f"{label}  ", meaning, width))
    axis, columns, across = charts[0].axis, charts[0].columns, charts[0].canvas.width
    notes = ["the axis does not begin at zero"] * (axis.low > 0 or axis.high < 0)
    if len(set(columns.values())) < len(columns):
        notes.append(f"some windows share a column: {len(columns)} on {across}")
    for note in dict.fromkeys([*notes, *picture.notes]):
        yield from (("footnote", line) for line in wrapped(visible(note), width))


class Chart:
    """One chart laid out on its canvas; a panel has the axis and times of the *whole* picture."""

    def __init__(self, picture: Picture, width: int, whole: Picture | None = None) -> None:
        self.picture = picture
        self.whole = whole or picture
        self.width = width
        ends = self.whole.extent or (_NOUGHT, _NOUGHT)
        self.axis = Axis.over(*ends, height=_LOW if whole else max(_HIGH, width // 5))
        size, _ = layout.scale(self.whole)
        self._side = {self.axis.row(tick): human(tick / size) for tick in self.axis.ticks}
        self._left = max(map(len, self._side.values()))
        self.labels = [self._label(at, wide=width // 4) for at in range(len(picture.series))]
        room = max((width_of(line) for each in self.labels for line in each), default=0)
        rows = sum(map(len, self.labels))
        self._beside = not whole and width >= _ROOMY and rows <= self.axis.height
        across = width - self._left - 2 - (room + 1) * self._beside
        self.columns = columns_of(layout.drawn_dates(self.whole), across)
        self.canvas = Canvas(across, self.axis.height)
        if self.axis.low < 0 < self.axis.high:
            self.canvas.behind[self.axis.row(_NOUGHT)] = _ZERO
        every = [(index, placed(series)) for index, series in enumerate(picture.series)]
        for draw in (self._join, self._whiskers, self._points):  # from the back to the front
            for index, marks in every:
                draw(marks, index)

    def _label(self, index: int, wide: int | None = None) -> list[str]:
        """What stands at the end of a line, behind its shape, at most *wide* cells."""
        series = self.picture.series[index]
        sign = next((_shape(index, mark) for mark in newest(series)), SHAPES[index][0])
        label = visible(layout.end_label(series, self.whole))
        return hanging(f"{sign} ", label, wide or self.width)

    def lines(self, color: bool) -> Iterator[str]:
        """The chart with the labels at the ends of its lines, below where there is no room."""
        beside: dict[int, str] = {}
        if self._beside:
            sizes = list(map(len, self.labels))
            wanted = [self._end(index) - (size - 1) // 2 for index, size in enumerate(sizes)]
            for index, start in enumerate(layout.apart(wanted, sizes, self.axis.height)):
                for at, line in enumerate(self.labels[index]):
                    beside[int(start) + at] = _signed(line, index, color and not at)
        for row, line in enumerate(self._plot(color)):
            yield f"{line} {beside.get(row, '')}"
        for index in range(0 if self._beside else len(self.picture.series)):
            first, *others = self._label(index)
            yield from (_signed(first, index, color), *others)

    def panel(self, color: bool) -> list[str]:
        """A small chart under its label, all lines of one width."""
        first, *others = (line.ljust(self.width) for line in self._label(0))
        return [_signed(first, 0, color), *others, *self._plot(color)]

    def _end(self, index: int) -> int:
        """The row at which a line ends, in the middle where nothing is drawn of it."""
        for mark in newest(self.picture.series[index])[-1:]:
            span = Span.of(self.axis, mark)
            return (span.top + span.bottom) // 2 if span.at is None else span.at
        return self.axis.height // 2

    def column(self, mark: Mark) -> int:
        """The column of a mark."""
        return self.columns[layout.middle(mark.period)]

    def _join(self, marks: Sequence[Mark], index: int) -> None:
        """The line of a series: between windows that follow each other and are not disputed."""
        for (one, other), follows in zip(pairwise(marks), joined(marks), strict=True):
            start, end = Span.of(self.axis, one).point, Span.of(self.axis, other).point
            if start is not None and end is not None and follows:
                places = (self.column(one), start), (self.column(other), end)
                self.canvas.line(*places, SERIES[index])

    def _whiskers(self, marks: Sequence[Mark], index: int) -> None:
        """From the lower end to the upper, as far as they are a row or more away; see ``Span``."""
        for mark in marks:
            column, span, (low, high) = self.column(mark), Span.of(self.axis, mark), mark.bounds
            ends = dict.fromkeys(range(span.top, span.bottom + 1), _STEM)
            ends |= {span.top: _TOP} if span.at != span.top else {}
            ends |= {span.bottom: _BOTTOM} if span.at != span.bottom else {}
            ends |= {span.top - 1: _UP} if high is None and low is not None else {}
            ends |= {span.bottom + 1: _DOWN} if low is None and high is not None else {}
            for row, sign in ends.items():
                if 0 <= row < self.axis.height:
                    self.canvas.put(column, row, sign, SERIES[index])

    def _points(self, marks: Sequence[Mark], index: int) -> None:
        others = {*"".join(SHAPES), _FORECAST, _SEVERAL} - set(SHAPES[index])
        for mark in sorted(marks, key=lambda mark: not mark.hollow):
            row, column = Span.of(self.axis, mark).at, self.column(mark)
            if row is not None:
                several = self.canvas.signs.get((column, row)) in others
                sign = _SEVERAL if several else _shape(index, mark)
                self.canvas.put(column, row, sign, "" if several else SERIES[index])

    def _plot(self, color: bool) -> Iterator[str]:
        """The canvas with both axes, in lines of one width."""
        for row, text in enumerate(self.canvas.rows(color=color)):
            yield f"{self._side.get(row, ''):>{self._left}} {_SIDE[row in self._side]}{text}"
        ticks = labels_under(self.whole, self.columns, self.canvas.width)
        marks = {column for column, _, _ in ticks}
        line = "".join(_UNDER[at in marks] for at in range(self.canvas.width))
        yield " " * (self._left + 1) + _CORNER + line
        under = ""
        for _, start, text in ticks:
            under = under.ljust(start) + text
        yield " " * (self._left + 2) + under.ljust(self.canvas.width)


def _signed(label: str, index: int, color: bool) -> str:
    """A label whose sign has the colour of its line."""
    return painted(label[0], SERIES[index]) + label[1:] if color else label


def _shape(index: int, mark: Mark) -> str:
    return _FORECAST if mark.forecast else SHAPES[index][mark.derived]


def bar_texts(picture: Picture, width: int) -> list[str]:
    """A bar of *width* cells for every mark of the first series, on one scale that holds zero."""
    marks = picture.series[0].marks if picture.series else ()
    least, greatest = picture.extent or (_NOUGHT, _NOUGHT)
    least, greatest = min(least, _NOUGHT), max(greatest, _NOUGHT)
    below_zero = least < 0
    arrows = any(mark.is_open for mark in marks)
    room = max(2, width - below_zero - arrows * (1 + below_zero))
    per_cell = (greatest - least) / room
    left = _cells(-least, per_cell) + (arrows if below_zero else 0)
    right = width - left - below_zero
    texts = []
    for mark in marks:
        over = under = ""
        if mark.drawn:
            negative = mark.value and -mark.value
            over = _bar(mark.value, mark.bounds, per_cell, 0)[:right]
            under = _bar(negative, mark.bounds.negate(), per_cell, 1)[:left]
        zero = _BAR_ZERO if below_zero and mark.drawn else " " * below_zero
        texts.append(f"{under[::-1]:>{left}}{zero}{over:<{right}}")
    return texts


def _bar(value: Fraction | None, bounds: Bounds, per_cell: Fraction, left: int) -> str:
    """What of a bar lies on one side of zero, from there outward."""
    low, high = bounds
    reach = next(end for end in (high, value, low) if end is not None)
    full = _cells(value if bounds == Bounds() else low, per_cell)
    far = max(full, _cells(reach, per_cell))
    sliver = _SLIVERS[left] if not far and reach > 0 else ""
    arrow = _BAR_OPEN[left] if high is None and low is not None and reach >= 0 else ""
    return _BAR * full + _BAR_TO_BOUND * (far - full) + sliver + arrow


def _cells(number: Fraction | None, per_cell: Fraction) -> int:
    if number is None or number <= 0 or not per_cell:
        return 0
    return floor(number / per_cell + _HALF)
