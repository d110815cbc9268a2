"""What pictures say beside what they draw, and where it stands, in a terminal and in files."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from evcli.model.answer import HumanColumn, View
from evcli.model.period import Period
from evcli.model.picture import ChartSeries, Mark, Picture, Shape
from evcli.render.cells import show
from evcli.text.numbers import exponent, scale_of
from evcli.tuples import NamedTuple

TOGETHER = 5  # series that share a chart; more have a panel each
MOST = 12  # panels of a picture
_LEAST_ROWS, _MOST_ROWS = 12, 20
_STEPS = tuple(map(Fraction, ("1", "2", "2.5", "5", "10")))  # times a power of ten
_CALENDAR = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)  # months between two labels
_FIELDS = ("value", "low", "high")
_VALUE, _SHARE, _CHANGE = (
    HumanColumn("value", each, _FIELDS) for each in (View.BOUNDED, View.SHARE, View.CHANGE)
)


class Axis(NamedTuple):
    """Numbers from ``low`` up to ``high``, both round, on ``height`` rows; row 0 is on top."""

    low: Fraction
    high: Fraction
    step: Fraction
    height: int

    @classmethod
    def over(cls, least: Fraction, greatest: Fraction, height: int) -> "Axis":
        """An axis that holds both, of about *height* rows; from zero unless that wastes half."""
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
        each = max(each, -(-(min(height, _LEAST_ROWS) - 1) // count))
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
        return floor(self.place(value) + Fraction(1, 2))


def placed(series: ChartSeries) -> list[Mark]:
    """The marks that can be drawn, in order of time."""
    marks = [mark for mark in series.marks if mark.drawn and mark.period and mark.period.start]
    return sorted(marks, key=lambda mark: mark.period.sort_key if mark.period else ())


def newest(series: ChartSeries) -> list[Mark]:
    """The newest figure that is no plan, else the last plan; several where they are rivals."""
    marks = placed(series)
    known = [mark for mark in marks if not mark.forecast] or marks
    return [mark for mark in known if mark.period == known[-1].period]


def said(mark: Mark, unit: str) -> str:
    """How much a mark is, as tables have it."""
    row = {"value": mark.value, "low": mark.bounds.low, "high": mark.bounds.high}
    view = _SHARE if unit in ("percent", "%") else _VALUE
    return show(_CHANGE if mark.value and mark.value is mark.change else view, row, brief=True)


def end_label(series: ChartSeries, picture: Picture) -> str:
    """What ends a line: its name among several, its newest figure, when where others are newer."""
    marks = newest(series)
    if not marks:
        return f"{series.name}: nothing"
    ends = [mark.period.sort_key for each in picture.series for mark in newest(each) if mark.period]
    last = marks[0].period
    older = last is not None and last.sort_key < max(ends)
    name = series.name if len(picture.series) > 1 else ""
    amounts = " or ".join(said(mark, picture.unit) for mark in marks)
    return " ".join(filter(None, (name, f"{marks[0].label}:" if older else "", amounts)))


def scale(picture: Picture) -> tuple[int, str]:
    """What the numbers on the axis are divided by, and its name."""
    return scale_of(max(map(abs, picture.extent or (Fraction(0),))))


def subtitle(picture: Picture) -> str:
    """The unit of the numbers that are drawn, and who counted."""
    name = scale(picture)[1] if picture.shape is Shape.TIME else ""  # bars have numbers in full
    unit = "percent" if picture.unit == "%" else picture.unit
    text = ", ".join(filter(None, (f"{name} {unit}".strip(), picture.counted)))
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def described(picture: Picture) -> str:
    """The picture in words, for who cannot see it: all bars; of a line its ends and extremes."""

    def told(word: str, mark: Mark) -> str:
        return f"{word} {mark.label} {said(mark, picture.unit)}".lstrip()

    sentences = [f"{picture.title} ({picture.unit})."]
    for series in picture.series:
        marks = [mark for mark in series.marks if mark.drawn]
        parts = [told("", mark) for mark in marks]
        if picture.shape is Shape.TIME and len(marks) > 2:
            known = sorted((m for m in marks if m.value is not None), key=lambda m: m.value or 0)
            words = ("first", "last", "least", "greatest")
            parts = list(map(told, words, [marks[0], marks[-1], *known[:1], *known[-1:]]))
            parts += [f"{sum(m.derived for m in marks)} of {len(marks)} derived"]
        who = f"{series.name}: " if len(picture.series) > 1 else ""
        sentences.append(f"{who}{'; '.join(parts) or 'nothing is known'}.")
    return " ".join(sentences)


def middle(period: Period | None) -> int:
    """The middle of a window in half days: a year stands over its middle, not its first day."""
    assert period is not None
    assert period.start is not None
    assert period.end is not None
    return period.start.toordinal() + period.end.toordinal()


def drawn_dates(picture: Picture) -> dict[int, Period]:
    """The windows that are drawn by their middles, in order of time."""
    marks = [mark for each in picture.series for mark in placed(each)]
    return dict(sorted((middle(mark.period), mark.period) for mark in marks if mark.period))


def dates(picture: Picture, most: int) -> dict[int, str]:
    """The labels below the axis by their middles, at most *most*: at even steps of the calendar,
    whether or not there is a figure; where windows are of several kinds, under some of them.
    """
    drawn = drawn_dates(picture)
    periods = [*drawn.values()]
    sizes = {period.window.months for period in periods}
    chosen = periods[:: -(-len(periods) // most) or 1]
    if len(sizes) == 1 and (size := sizes.pop()):
        first, last = ((periods[at].month_span or (0, 0))[0] for at in (0, -1))
        for step in (each for each in _CALENDAR if each % size == 0):
            even = [
                periods[0].shift(at - first) for at in range(first + -first % step, last + 1, step)
            ]
            if len(even) <= most:
                chosen = even if len(even) > 1 else chosen
                break
    return {middle(period): period.label for period in chosen}


def apart(wanted: Sequence[float], sizes: Sequence[float], room: float) -> list[float]:
    """Where blocks of *sizes* begin, near to where they are *wanted*, none over another."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    starts, free = [0.0] * len(wanted), 0.0
    for at in order:
        starts[at] = max(wanted[at], free)
        free = starts[at] + sizes[at]
    for at in reversed(order):
        starts[at] = min(starts[at], room - sizes[at])
        room = starts[at]
    return starts
