"""What pictures and reports show, before anything is drawn or set as a page.

A picture has one unit. Each series has a colour and a shape of its own and is never joined to
another, since who counts differently has another series. Within a series marks are joined where
one window follows the other; a gap breaks the line.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from evcli.model.answer import Answer
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.tuples import NamedTuple


class Shape(StrEnum):
    """How a picture is drawn."""

    TIME = "time"  # points over time, one line per series
    BARS = "bars"  # one bar per mark, in the order given


class Mark(NamedTuple):
    """One figure: how much it is, when (None: it has no place in time), and what is unusual."""

    label: str
    value: Fraction | None
    bounds: Bounds
    period: Period | None = None
    derived: bool = False
    forecast: bool = False
    change: Fraction | None = None  # growth on the year before in percent, never shown without
    change_bounds: Bounds = Bounds()

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw: a value, or at least one end."""
        return self.value is not None or self.bounds != Bounds()

    @property
    def is_open(self) -> bool:
        """Whether one end alone is known."""
        return (self.bounds.low is None) != (self.bounds.high is None)

    @property
    def hollow(self) -> bool:
        """Whether it is marked as not simply stated."""
        return self.derived or self.forecast


def joined(marks: Sequence[Mark]) -> list[bool]:
    """Whether a line leads from each of *marks*, which are in order of time, to the next.

    One window follows the other, none has an open end or rivals, and both are plans or neither.
    """
    times = Counter(mark.period for mark in marks)
    firm = [times[mark.period] == 1 and not mark.is_open for mark in marks]
    return [
        bool(one.period and other.period and one.period.end == other.period.start)
        and (firm[at], firm[at + 1], one.forecast) == (True, True, other.forecast)
        for at, (one, other) in enumerate(pairwise(marks))
    ]


class ChartSeries(NamedTuple):
    """Marks that belong together: a series over time, or the bars of a ranking."""

    name: str  # no longer than sets it apart in the picture
    marks: tuple[Mark, ...]
    id: str = ""


class Picture(NamedTuple):
    """What is drawn and what is said about it, who counted too; ``sources`` are lines below it."""

    shape: Shape
    title: str
    unit: str
    series: tuple[ChartSeries, ...]
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    counted: str = ""

    @property
    def marks(self) -> list[Mark]:
        """All marks that can be drawn."""
        return [mark for each in self.series for mark in each.marks if mark.drawn]

    @property
    def extent(self) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest number to be drawn, bounds included; None without any."""
        ends = [end for mark in self.marks for end in (mark.value, *mark.bounds)]
        numbers = [number for number in ends if number is not None]
        return (min(numbers), max(numbers)) if numbers else None


class RequestedSection(NamedTuple):
    """A section as the report file asks for it, and where in that file its command stands."""

    heading: str
    arguments: tuple[str, ...]
    where: str
    text: str = ""
    chart: bool = False


class ReportOutline(NamedTuple):
    """What a report file asks for; ``figures`` are ids as ``explain`` takes them, with places."""

    title: str
    lead: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    sections: tuple[RequestedSection, ...] = ()


class KeyFigure(NamedTuple):
    """One figure in a sentence, and what its wording allows where the sentence does not say it."""

    sentence: str
    command: str
    sources: tuple[str, ...] = ()
    bounds: str = ""


class ReportSection(NamedTuple):
    """What one command answered."""

    heading: str
    command: str
    answer: Answer
    text: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def notes(self) -> list[str]:
        """Warnings and notes of the answer, each once."""
        return list(dict.fromkeys([*self.answer.warnings, *self.answer.notes]))


class Publication(NamedTuple):
    """A whole report, ready to be set.

    ``references`` is the list of sources by id in the order of their letters: the line on each,
    and its address. ``definitions`` says by name what is counted and how. ``record`` names the
    state of the record.
    """

    title: str
    lead: str = ""
    figures: tuple[KeyFigure, ...] = ()
    sections: tuple[ReportSection, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    findings: ReportSection | None = None
    references: Mapping[str, tuple[str, str]] = MappingProxyType({})
    record: str = ""
