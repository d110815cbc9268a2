r"""Figures as charts, bars and sparklines in lines of text, for a terminal or a pipe.

A cell of the terminal holds two by four Braille dots, so a line is drawn eight times as finely
as a sign; in plain ASCII a line is one full stop per cell. Column 0 is left, row 0 is on top.

>>> canvas = Canvas(7, 3, ascii=True)
>>> canvas.line((0, 2), (6, 0), "")
>>> canvas.put(0, 2, "A")
>>> canvas.put(6, 0, "a")
>>> print("\n".join(row.rstrip() for row in canvas.rows()))
     .a
  ...
A.

Series differ in shape as well as in colour, so the picture reads the same without colour; the
colours are those of Okabe and Ito, which the colour-blind tell apart. Bounds are whiskers where
they are wider than a row; what is derived is hollow; a line joins only windows that follow each
other, and never two series.

>>> numbers = [Fraction(1), Fraction(4), None, Fraction(8)]
>>> spark(numbers), spark(numbers, ascii=True)
('▁▄·█', '_-?^')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, groupby, pairwise
from math import ceil, floor

from evcli.model.answer import HumanColumn, View
from evcli.model.period import Period, Window
from evcli.model.picture import ChartSeries, Mark, Picture, joined
from evcli.model.quantity import Bounds
from evcli.render.cells import show
from evcli.render.table import hanging, wrapped
from evcli.terminal import RESET, SERIES, THEME, painted
from evcli.text.characters import in_ascii, visible
from evcli.text.numbers import exponent, human, scale_of
from evcli.tuples import NamedTuple

Point = tuple[int | Fraction, int | Fraction]  # column and row; between cells too

_NOUGHT, _HALF = Fraction(0), Fraction(1, 2)
_LEAST_ROWS, _MOST_ROWS = 12, 20
_STEPS = tuple(map(Fraction, ("1", "2", "2.5", "5", "10")))  # times a power of ten
_GAP = 2  # cells between two labels
# every how many windows a label may stand, counted from the beginning of the calendar
_STRIDES = {
    Window.MONTH: (1, (1, 2, 3, 6, 12, 24, 60, 120)),
    Window.QUARTER: (3, (1, 2, 4, 8, 20, 40)),
    Window.HALF: (6, (1, 2, 4, 10, 20)),
    Window.YEAR: (12, (1, 2, 5, 10, 20, 50)),
}
_BRAILLE = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, then by row of the cell


class Canvas:
    """*width* by *height* cells, each of one sign; ``behind`` has what fills rows, behind all."""

    def __init__(self, width: int, height: int, *, ascii: bool = False) -> None:
        self.width = width
        self.height = height
        self.behind: dict[int, str] = {}
        self._fine = (1, 1) if ascii else (2, 4)
        self._dots: dict[tuple[int, int], int] = {}
        self._signs: dict[tuple[int, int], str] = {}
        self._colors: dict[tuple[int, int], str] = {}

    def put(self, column: int, row: int, sign: str, color: str = "") -> None:
        """Put *sign* into a cell, over whatever is there; outside the canvas is a ValueError."""
        if not (0 <= column < self.width and 0 <= row < self.height):
            raise ValueError(f"({column}, {row}) is not on {self.width} by {self.height} cells")
        self._signs[column, row] = sign
        self._colors[column, row] = color

    def sign(self, column: int, row: int) -> str:
        """The sign in a cell; empty where there is none, even if a line passes."""
        return self._signs.get((column, row), "")

    def line(self, start: Point, end: Point, color: str = "") -> None:
        """A straight line from the middle of one place to the middle of another."""
        across, down = self._fine
        (x0, y0), (x1, y1) = (
            ((column + _HALF) * across, (row + _HALF) * down) for column, row in (start, end)
        )
        steps = max(1, abs(floor(x1) - floor(x0)), abs(floor(y1) - floor(y0)))
        for step in range(steps + 1):
            part = Fraction(step, steps)
            x, y = floor(x0 + (x1 - x0) * part), floor(y0 + (y1 - y0) * part)
            cell = x // across, y // down
            self._dots[cell] = self._dots.get(cell, 0) | _DOTS[x % across][y % down]
            if cell not in self._signs:
                self._colors[cell] = color

    def rows(self, *, color: bool = False) -> Iterator[str]:
        """The rows from top to bottom, each *width* cells."""
        for row in range(self.height):
            cells = [(column, row) for column in range(self.width)]
            runs = groupby(cells, key=lambda cell: self._colors.get(cell, "") if color else "")
            yield "".join(_coloured("".join(map(self._shown, run)), style) for style, run in runs)

    def _shown(self, cell: tuple[int, int]) -> str:
        dots = self._dots.get(cell, 0)
        if cell in self._signs or not dots:
            return self._signs.get(cell) or self.behind.get(cell[1], " ")
        return "." if self._fine == (1, 1) else chr(_BRAILLE + dots)


class Axis(NamedTuple):
    """Numbers from ``low`` up to ``high``, both round, on ``height`` rows; row 0 is on top."""

    low: Fraction
    high: Fraction
    step: Fraction
    height: int

    @classmethod
    def over(cls, least: Fraction, greatest: Fraction, height: int) -> Axis:
        """An axis that holds both, of about *height* rows (12 to 20), a whole number a step.

        It begins at zero unless that would waste more than half of it.
        """
        if least > 0 and (2 * least <= greatest or least == greatest):
            least = Fraction(0)
        elif greatest < 0 and (2 * greatest >= least or least == greatest):
            greatest = Fraction(0)
        elif least == greatest:  # nothing but zero
            greatest = Fraction(1)
        about = (greatest - least) / max(3, height // 3)
        power = Fraction(10) ** exponent(about)
        step = next(each * power for each in _STEPS if each * power >= about)
        low, high = floor(least / step) * step, ceil(greatest / step) * step
        count = int((high - low) / step)
        each = min(round(Fraction(height - 1, count)), (_MOST_ROWS - 1) // count)
        each = max(each, -(-(_LEAST_ROWS - 1) // count))
        return cls(low, high, step, count * each + 1)

    @property
    def ticks(self) -> tuple[Fraction, ...]:
        """The round numbers, from the lowest up; each lies on a row of its own."""
        count = int((self.high - self.low) / self.step)
        return tuple(self.low + self.step * index for index in range(count + 1))

    def place(self, value: Fraction) -> Fraction:
        """Where *value* lies, in rows from the top; between rows too."""
        return (self.high - value) / (self.high - self.low) * (self.height - 1)

    def row(self, value: Fraction) -> int:
        """The row nearest to *value*."""
        return floor(self.place(value) + _HALF)


def months_at(period: Period) -> Fraction:
    """The middle of *period* in months since the year 0; undated ones are a ValueError."""
    span = period.month_span
    if span is not None:
        return Fraction(span[0] + span[1], 2)
    if period.start is None or period.end is None:
        raise ValueError("an undated period has no place in time")
    days = Fraction(period.start.toordinal() + period.end.toordinal() - 2, 2)
    return 12 + days / Fraction(146097, 4800)  # since the year 1; the mean days of a month


def columns_of(periods: Iterable[Period], width: int) -> dict[Period, int]:
    """The column of every period on *width* columns: the first left, the last right.

    A single one stands in the middle.
    """
    places = {period: months_at(period) for period in periods}
    first, last = min(places.values(), default=0), max(places.values(), default=0)
    if first == last:
        return dict.fromkeys(places, width // 2)
    room = Fraction(width - 1) / (last - first)
    return {period: floor((at - first) * room + _HALF) for period, at in places.items()}


def labels_under(columns: Mapping[Period, int], width: int) -> list[tuple[int, int, str]]:
    """The labels under the axis, each with its tick and where it starts, in columns.

    As many as there is room for, at even steps of the calendar, whether or not there is a figure;
    where windows are of different kinds, or no step fits, the first and the last.
    """
    periods = sorted(columns, key=lambda period: period.sort_key)
    for chosen in _evenly(periods):
        at = columns_of([*periods, *chosen], width)
        placed = _fitting([(at[period], period.label) for period in chosen], width)
        if len(placed) == len(chosen) and len(placed) > 1:
            return placed
    ends = dict.fromkeys([*periods[:1], *periods[-1:]])
    return _fitting([(columns[period], period.label) for period in ends], width)


def _evenly(periods: Sequence[Period]) -> Iterator[list[Period]]:
    """Every window from the first to the last, then every second, and so on."""
    kinds = {period.window for period in periods}
    if len(kinds) != 1 or not kinds <= _STRIDES.keys():
        return
    size, strides = _STRIDES[kinds.pop()]
    first, last = ((period.month_span or (0, 0))[0] // size for period in (periods[0], periods[-1]))
    for stride in strides:
        steps = range(first + -first % stride, last + 1, stride)
        yield [periods[0].shift((step - first) * size) for step in steps]


def _fitting(chosen: Sequence[tuple[int, str]], width: int) -> list[tuple[int, int, str]]:
    """Each label centred below its column, moved inside; those that touch the one before go."""
    placed: list[tuple[int, int, str]] = []
    free = 0
    for column, text in chosen:
        start = max(0, min(column - len(text) // 2, width - len(text)))
        if start >= free and len(text) <= width:
            placed.append((column, start, text))
            free = start + len(text) + _GAP
    return placed


class Span(NamedTuple):
    """Rows from ``top`` to ``bottom``, both included, counted from the top of the chart.

    ``at`` is the row of the point; None for bounds wide apart with no value between them. A figure
    of which only one end is known stands at that end. An end closer than a row to the point is not
    drawn, or it would look a row away: there the point itself is the top, or the bottom.
    """

    at: int | None
    top: int
    bottom: int

    @classmethod
    def of(cls, axis: Axis, mark: Mark) -> Span:
        """The rows of a *mark* with anything to draw."""
        low, high = mark.bounds
        point = point_of(axis, mark)
        if point is None:
            assert low is not None
            assert high is not None
            return cls(None, axis.row(high), axis.row(low))
        top = bottom = at = floor(point + _HALF)
        if high is not None and point - axis.place(high) >= 1:
            top = axis.row(high)
        if low is not None and axis.place(low) - point >= 1:
            bottom = axis.row(low)
        return cls(at, top, bottom)


def point_of(axis: Axis, mark: Mark) -> Fraction | None:
    """Where a figure stands, in rows from the top, between rows too.

    Its value; without one its only end, or the middle of bounds less than a row apart, which are
    one point at this size. None where bounds lie wider apart.
    """
    if mark.value is not None:
        return axis.place(mark.value)
    low, high = mark.bounds
    if low is None or high is None:
        end = high if low is None else low
        return None if end is None else axis.place(end)
    middle = axis.place((low + high) / 2)
    return middle if axis.place(low) - axis.place(high) < 1 else None


SHAPES = ("●○", "■□", "▲△", "◆◇", "▼▽", "★☆", "♠♤", "♥♡")  # stated, derived
LETTERS = ("Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg", "Hh")
MOST = len(SHAPES)  # series that a picture can tell apart
NARROWEST = 24  # columns
_VALUE = HumanColumn("value", View.BOUNDED, ("value", "low", "high"))
_CHANGE = HumanColumn("yoy", View.CHANGE, ("yoy", "yoy_low", "yoy_high"))


_TOP, _STEM, _BOTTOM = "┬│┴"  # of a whisker
_UP, _DOWN = "↑↓"  # open above, below
_FORECAST, _SEVERAL, _ZERO = "‡✶╌"  # several: marks of several series on one cell
_SIDE, _CORNER = "│┤", "└"  # the axis beside, without a tick and with one
_BAR, _BAR_TO_BOUND = "█▒"  # from where a bar is sure to where it may reach
_SLIVERS = "▏▕"  # under half a cell, to the right and to the left
_BAR_ZERO = "│"
_BAR_OPEN = "→←"  # no end is known to the right, to the left
# all of them, and how they are spelt in ASCII
_DRAWN, _SPELT = f"{''.join(SHAPES)}┬│┴↑↓✶╌┤└─█▒▏▕→←", f"{''.join(LETTERS)}-|-^v#-++-#=::><"
_ASCII = str.maketrans(_DRAWN, _SPELT)


def _in_ascii(text: str) -> str:
    return in_ascii(text.translate(_ASCII))


def chart_lines(
    picture: Picture, *, width: int = 80, color: bool = False, ascii: bool = False
) -> Iterator[str]:
    """The picture as lines without their ends: title, chart, and one line of legend per series.

    *width* is that of the terminal. Raises ValueError for a picture of more series than ``MOST``.
    """
    if len(picture.series) > MOST:
        raise ValueError(f"a chart tells {MOST} series apart, not {len(picture.series)}")
    chart = Chart(picture, max(width, NARROWEST), ascii=ascii)
    spell = _in_ascii if ascii else str
    for kind, text in chart.lines(color=color):
        text = spell(text).rstrip(" ")
        yield painted(text, THEME[kind]) if color and kind else text


class Chart:
    """One picture laid out: axis, columns, and the canvas with everything drawn on it."""

    def __init__(self, picture: Picture, width: int, *, ascii: bool = False) -> None:
        self.picture = picture
        self.width = width
        self._under = "-+" if ascii else "─┴"  # the axis below, where it has a tick
        self._spelt = in_ascii if ascii else str  # before lines are filled: "<=" is wider
        self._used: set[str] = set()
        self.axis = Axis.over(*(picture.extent or (_NOUGHT, _NOUGHT)), height=width // 5)
        size, self._size = scale_of(max(abs(self.axis.low), abs(self.axis.high)))
        self._side = {self.axis.row(tick): human(tick / size) for tick in self.axis.ticks}
        across = width - max(map(len, self._side.values())) - 2
        self.columns = columns_of((mark.period for mark in picture.marks if mark.period), across)
        self.canvas = Canvas(across, self.axis.height, ascii=ascii)
        self._draw()

    def lines(self, *, color: bool = False) -> Iterator[tuple[str, str]]:
        """Each line with its style, a name in ``THEME``; empty for what is plain."""
        yield from self._filled("title", self.picture.title)
        if not self.picture.marks:
            yield from self._filled("", "nothing to draw: no value and no bound is known")
            return
        if unit := f"{self._size} {self.picture.unit}".strip():
            yield from self._filled("", unit)
        legends = (self._legend(at, each, color) for at, each in enumerate(self.picture.series))
        for text in chain(self._plot(color), *legends):
            yield "", text
        for label, meaning in self._meanings():
            for text in hanging(f"{label}  ", meaning, self.width):
                yield "footnote", text
        for note in self._notes():
            yield from self._filled("footnote", note)

    def _filled(self, style: str, text: str) -> Iterator[tuple[str, str]]:
        for line in wrapped(self._spelt(visible(text)), self.width):
            yield style, line

    def column(self, mark: Mark) -> int:
        """The column of a mark."""
        assert mark.period is not None
        return self.columns[mark.period]

    # --- drawing, from the back to the front ---------------------------------------------------

    def _draw(self) -> None:
        if self.axis.low < 0 < self.axis.high:
            self.canvas.behind[self.axis.row(_NOUGHT)] = _ZERO
        every = [(index, _placed(series)) for index, series in enumerate(self.picture.series)]
        for index, marks in every:
            self._join(marks, _color(index))
        for index, marks in every:
            for mark in marks:
                self._whisker(mark, _color(index))
        for index, marks in every:
            for mark in sorted(marks, key=lambda mark: not mark.hollow):
                self._point(mark, index)

    def _join(self, marks: Sequence[Mark], color: str) -> None:
        """The line of a series: between windows that follow each other and are not disputed."""
        for (one, other), follows in zip(pairwise(marks), joined(marks), strict=True):
            start, end = point_of(self.axis, one), point_of(self.axis, other)
            if start is not None and end is not None and follows:
                self.canvas.line((self.column(one), start), (self.column(other), end), color)

    def _whisker(self, mark: Mark, color: str) -> None:
        """From the lower end to the upper, as far as they are a row or more away; see ``Span``."""
        column, span = self.column(mark), Span.of(self.axis, mark)
        low, high = mark.bounds
        for row in range(span.top, span.bottom + 1):
            self._put(column, row, _STEM, color)
        for row, sign, there in (
            (span.top, _TOP, span.at != span.top),
            (span.bottom, _BOTTOM, span.at != span.bottom),
            (span.top - 1, _UP, high is None and low is not None),
            (span.bottom + 1, _DOWN, low is None and high is not None),
        ):
            if there and 0 <= row < self.axis.height:
                self._put(column, row, sign, color)

    def _point(self, mark: Mark, index: int) -> None:
        row, column = Span.of(self.axis, mark).at, self.column(mark)
        if row is None:
            return
        points = {*"".join(SHAPES), _FORECAST, _SEVERAL}
        if self.canvas.sign(column, row) in points - set(SHAPES[index]):
            self._put(column, row, _SEVERAL, "")
        else:
            self._put(column, row, _shape(index, mark), _color(index))

    def _put(self, column: int, row: int, sign: str, color: str) -> None:
        self.canvas.put(column, row, sign, color)
        self._used.add(sign)

    # --- around the drawing --------------------------------------------------------------------

    def _plot(self, color: bool) -> Iterator[str]:
        room = max(map(len, self._side.values()))
        for row, text in enumerate(self.canvas.rows(color=color)):
            yield f"{self._side.get(row, ''):>{room}} {_SIDE[row in self._side]}{text}"
        ticks = labels_under(self.columns, self.canvas.width)
        marks = {column for column, _, _ in ticks}
        line = "".join(self._under[at in marks] for at in range(self.canvas.width))
        yield " " * (room + 1) + _CORNER + line
        under = ""
        for _, start, text in ticks:
            under = under.ljust(start) + text
        yield " " * (room + 2) + under

    def _legend(self, index: int, series: ChartSeries, color: bool) -> list[str]:
        """The shape, the name, who counted, and the latest figure with its change."""
        marks = _placed(series)
        used = {_shape(index, mark) for mark in marks}
        possible = (*SHAPES[index], _FORECAST)
        shapes = "".join(sign for sign in possible if sign in used)
        name = series.name
        if series.publisher and series.publisher not in name:
            name += f", counted by {series.publisher}"
        text = f"{visible(name)}: nothing"
        if marks:
            last = next((mark for mark in reversed(marks) if not mark.forecast), marks[-1])
            row = {"value": last.value, "low": last.bounds.low, "high": last.bounds.high}
            latest = f"{last.label}: {show(_VALUE, row)} {visible(self.picture.unit)}".rstrip()
            low, high = last.change_bounds
            change = show(_CHANGE, {"yoy": last.change, "yoy_low": low, "yoy_high": high})
            text = f"{visible(name)} · {latest}" + (f", {change} yoy" if change else "")
        lines = hanging(f"{shapes or possible[0]} ", self._spelt(text), self.width)
        if color:
            lines[0] = _coloured(shapes, _color(index)) + lines[0][len(shapes) :]
        return lines

    def _meanings(self) -> Iterator[tuple[str, str]]:
        """Every sign that was drawn and does not say by itself what it means."""
        hollow = [shape[1] for shape in SHAPES if shape[1] in self._used]
        for label, drawn, meaning in (
            (" ".join(hollow), hollow, "derived: computed by evcli from other figures"),
            (_FORECAST, _FORECAST, "forecast: a plan or target, not an observation"),
            (_SEVERAL, _SEVERAL, "figures of several series on one spot"),
            (_TOP + _STEM + _BOTTOM, _TOP + _BOTTOM, "bounds, where wider than a row"),
            (_UP, _UP, "at least so much"),
            (_DOWN, _DOWN, "at most so much"),
        ):
            if self._used.intersection(drawn):
                yield label, meaning

    def _notes(self) -> Iterator[str]:
        if self.axis.low > 0 or self.axis.high < 0:
            yield "the axis does not begin at zero"
        if len(set(self.columns.values())) < len(self.columns):
            yield f"some windows share a column: {len(self.columns)} on {self.canvas.width}"
        yield from self.picture.notes


def _coloured(text: str, color: str) -> str:
    return f"{color}{text}{RESET}" if color else text


def _color(index: int) -> str:
    return SERIES[index % len(SERIES)]


def _shape(index: int, mark: Mark) -> str:
    return _FORECAST if mark.forecast else SHAPES[index][mark.derived]


def _placed(series: ChartSeries) -> list[Mark]:
    """The marks that can be drawn, in order of time."""
    marks = [mark for mark in series.marks if mark.drawn and mark.period is not None]
    return sorted(marks, key=lambda mark: mark.period.sort_key if mark.period else ())


def bar_texts(picture: Picture, width: int, *, ascii: bool = False) -> list[str]:
    """A text of *width* cells for every mark of the first series, on one scale that holds zero.

    Blank for what is not known. Where anything is below zero a line stands at zero.
    """
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
        text = ""
        if mark.drawn:
            text = "".join(_bar(mark.value, mark.bounds, per_cell, 0)).ljust(right)[:right]
            if below_zero:
                below = mark.value and -mark.value
                mirrored = _bar(below, mark.bounds.negate(), per_cell, 1)
                under = "".join(mirrored).ljust(left)[:left]
                text = f"{under[::-1]}{_BAR_ZERO}{text}"
        texts.append((_in_ascii(text) if ascii else text).ljust(width))
    return texts


def _bar(value: Fraction | None, bounds: Bounds, per_cell: Fraction, left: int) -> Iterator[str]:
    """What of a bar lies on one side of zero, from there outward."""
    low, high = bounds
    reach = next(end for end in (high, value, low) if end is not None)
    full = _cells(value if bounds == Bounds() else low, per_cell)
    far = max(full, _cells(reach, per_cell))
    yield _BAR * full
    yield _BAR_TO_BOUND * (far - full)
    if not far and reach > 0:
        yield _SLIVERS[left]
    if high is None and low is not None and reach >= 0:
        yield _BAR_OPEN[left]


def _cells(number: Fraction | None, per_cell: Fraction) -> int:
    if number is None or number <= 0 or not per_cell:
        return 0
    return floor(number / per_cell + _HALF)


def spark(numbers: Sequence[Fraction | None], *, ascii: bool = False) -> str:
    """One sign per number, from the least to the greatest; None is a dot.

    Empty where fewer than two numbers are known, which are no trend; where all are equal they
    stand in the middle.
    """
    known = [number for number in numbers if number is not None]
    if len(known) < 2:
        return ""
    levels, unknown = ("_.-=^", "?") if ascii else ("▁▂▃▄▅▆▇█", "·")
    least, width = min(known), max(known) - min(known)
    most = len(levels) - 1

    def level(number: Fraction) -> int:
        return floor((number - least) * most / width + _HALF) if width else (most + 1) // 2

    return "".join(unknown if n is None else levels[level(n)] for n in numbers)
