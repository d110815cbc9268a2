"""Sources, series and facts as tables: what was written, with all that reads it back.

>>> from evcli.text.stated import parse_stated
>>> from evcli.model.unit import Unit, UnitKind
>>> vehicles = Unit("vehicles", "vehicles", UnitKind.COUNT)
>>> meant = parse_stated("300,000", vehicles, precision=Fraction(1000))
>>> precision_of("300,000", meant, vehicles, {})
Fraction(1000, 1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from evcli.model.answer import Rounding, Row
from evcli.model.quantity import Quantity
from evcli.model.records import Fact, Rank, Series, Source, Status
from evcli.model.unit import Unit, UnitKind
from evcli.model.vocabulary import Vocabulary
from evcli.publish.sheet import Field, Sheet, Type, days
from evcli.text.stated import StatedError, parse_stated

PERIOD = Field(
    "period",
    "2025, 2025-H1, 2025-Q3, 2025-05, 2025-05-16, 2025-01/2025-05, undated.",
    required=True,
)
START = Field("start", "The first day of the period.", Type.DAY)
END = Field("end", "Its last day.", Type.DAY)
LOW = Field(
    "low",
    "The lowest number that the wording allows; empty where that end is open.",
    Type.NUMBER,
    Rounding.DOWN,
)
HIGH = Field(
    "high",
    "The highest number that the wording allows; empty where that end is open.",
    Type.NUMBER,
    Rounding.UP,
)
QUALIFIER = Field("qualifier", "The word that the source puts in front.")
AT = Field("at", "Where in the source: paragraphs or other places.", Type.TEXTS)
RANK = Field(
    "rank",
    "How far it is believed; a deprecated figure is known to be wrong.",
    choices=tuple(map(str, Rank)),
)
REASON = Field("reason", "What is wrong with it.")
SOURCE = Field("source", "The document that states it.", required=True, refers_to="sources")
NOTE = Field("note", "What a reader must know.")

SOURCES = Sheet(
    "sources",
    "The documents that state the figures, and those that these repeat.",
    (
        Field("id", "The name that facts use.", required=True),
        Field("title", "Its title.", required=True),
        Field("outlet", "Who printed it.", required=True),
        Field(
            "publisher", "Who counted, where the page is the counter's own.", refers_to="publishers"
        ),
        Field("published", "A day, month or year."),
        Field("url", "Where it stands."),
        Field("origin", "The source that it repeats.", refers_to="sources"),
        Field(
            "read",
            "Whether it was read itself; others are known only through those that repeat.",
            Type.FLAG,
        ),
        Field("file", "The name of the document, where it is a file."),
        Field("sha256", "The checksum of that file."),
        NOTE,
    ),
    ("id",),
)
SOURCE_PROBLEMS = Sheet(
    "source_problems",
    "What cannot be right in a source, or not together with something else.",
    (SOURCE, AT, Field("problem", "What is wrong.", required=True)),
)
LEFT_OUT = Sheet(
    "left_out",
    "Numbers of a source that are no facts on purpose.",
    (
        SOURCE,
        Field("at", "Where in the source."),
        Field("text", "The number.", required=True),
        Field("reason", "Why it is no fact.", required=True),
    ),
)
SERIES = Sheet(
    "series",
    "What is counted the same way.",
    (
        Field("id", "The name that facts and figures use.", required=True),
        Field("title", "What is counted, in words.", required=True),
        Field("subject", "Who.", required=True, refers_to="subjects"),
        Field("metric", "What is counted.", required=True, refers_to="metrics"),
        Field("scope", "Which part.", required=True, refers_to="scopes"),
        Field("destination", "Where to.", required=True, refers_to="destinations"),
        Field("unit", "In what unit.", required=True, refers_to="units"),
        Field("publisher", "Who counted.", required=True, refers_to="publishers"),
        Field("method", "How it is counted.", refers_to="methods"),
        Field("part", "Of a share: the series that is the part.", refers_to="series"),
        Field("whole", "Of a share: the series that is the whole.", refers_to="series"),
        NOTE,
    ),
    ("id",),
)
FACTS = Sheet(
    "facts",
    "What each source states, as it is written.",
    (
        Field("id", "SERIES@PERIOD#SOURCE.", required=True),
        Field("series", "What is counted.", required=True, refers_to="series"),
        PERIOD,
        START,
        END,
        Field(
            "stated", "The value in the words of the source; empty where only a change is stated."
        ),
        Field("printed", "The source's own notation, where it is another."),
        Field("value", "The number that is stated.", Type.NUMBER),
        LOW,
        HIGH,
        Field("unit", "The unit of value, low and high.", refers_to="units"),
        QUALIFIER,
        Field(
            "precision",
            "How finely the number is meant, where that decides the bounds.",
            Type.NUMBER,
        ),
        Field("yoy", "The change on the year before, as written."),
        Field("mom", "The change on the month before, as written."),
        Field("change", "A change over another time, as written."),
        Field("change_over", "That time, as an ISO 8601 duration."),
        SOURCE,
        Field(
            "origin",
            "Where the figure was first stated; the source itself if nowhere else.",
            required=True,
            refers_to="sources",
        ),
        AT,
        RANK,
        REASON,
        Field("status", "forecast: a plan or target.", choices=tuple(map(str, Status))),
        Field("reading", "How it was read, where the source leaves that open."),
        NOTE,
        Field("published", "When the source came out."),
    ),
    ("id",),
)


def source_sheets(sources: Iterable[Source]) -> list[Sheet]:
    """Sources, what is wrong in them, and which of their numbers are no facts."""
    known = list(sources)
    return [
        SOURCES.with_rows(
            {**_row(SOURCES, each), "published": str(each.published or "")} for each in known
        ),
        SOURCE_PROBLEMS.with_rows(
            {"source": each.id, "at": item.at, "problem": item.problem}
            for each in known
            for item in each.problems
        ),
        LEFT_OUT.with_rows(
            {"source": each.id, **item._asdict()} for each in known for item in each.left_out
        ),
    ]


def series_sheet(series: Iterable[Series]) -> Sheet:
    """What is counted."""
    return SERIES.with_rows(_row(SERIES, each) for each in series)


def fact_sheet(facts: Iterable[Fact], series: Mapping[str, Series], words: Vocabulary) -> Sheet:
    """Facts as written, each with the value and bounds that its words mean."""
    lexicon = _lexicon(words)
    return FACTS.with_rows(
        _fact_row(fact, words.units[series[fact.series].unit], lexicon) for fact in facts
    )


def _fact_row(fact: Fact, unit: Unit, lexicon: Mapping[str, str]) -> Row:
    start, end = days(fact.period)
    meant, change = fact.quantity, fact.change
    return {
        **_row(FACTS, fact, leave_out=("start", "end", *_OF_QUANTITY, "precision", *_OF_CHANGE)),
        "period": str(fact.period),
        "start": start,
        "end": end,
        "value": meant.value if meant else None,
        "low": meant.bounds.low if meant else None,
        "high": meant.bounds.high if meant else None,
        "unit": meant.unit if meant else "",
        "qualifier": meant.qualifier if meant else "",
        "precision": precision_of(fact.stated, meant, unit, lexicon) if meant else None,
        "yoy": fact.yoy_stated,
        "mom": fact.mom_stated,
        "change": change.stated if change else "",
        "change_over": change.over if change else "",
        "rank": fact.rank.value,
        "status": fact.status.value,
    }


_OF_QUANTITY = ("value", "low", "high", "unit", "qualifier")
_OF_CHANGE = ("yoy", "mom", "change", "change_over")


def _row(sheet: Sheet, item: object, leave_out: Iterable[str] = ()) -> Row:
    without = frozenset(leave_out)
    return {
        field.name: getattr(item, field.name) for field in sheet.fields if field.name not in without
    }


def precision_of(
    stated: str, meant: Quantity, unit: Unit, lexicon: Mapping[str, str]
) -> Fraction | None:
    """How finely *stated* was meant, told from the bounds; None where only one reading exists.

    A fact may take its precision from its own entry, its series or its publisher. Only what it
    came to is known, and that is all that reads the same bounds back anywhere.
    ValueError where no precision gives *meant*, which no loaded fact can bring about.
    """
    if unit.kind is not UnitKind.COUNT:
        return None
    low, high = meant.bounds
    finest, coarsest = Fraction(1), Fraction(10**14)
    readings = [_read(stated, unit, each, lexicon) for each in (finest, coarsest)]
    if readings[0] == readings[1] == meant:
        return None
    widths = [finest, coarsest]
    if low is not None and high is not None:
        width = high - low
        # "about" and its like are meant twice as widely
        widths = [width / 2 if meant.qualifier else width, width, *widths]
    for width in widths:
        if width > 0 and width.denominator == 1 and _read(stated, unit, width, lexicon) == meant:
            return width
    raise ValueError(f"no precision of {stated!r} gives {meant}")


def _read(
    stated: str, unit: Unit, precision: Fraction, lexicon: Mapping[str, str]
) -> Quantity | None:
    try:
        return parse_stated(stated, unit, precision=precision, words=lexicon)
    except StatedError:
        return None


def _lexicon(words: Vocabulary) -> Mapping[str, str]:
    """What texts write for units, as the loader reads it: unit ids by word."""
    found: dict[str, str] = {}
    for unit in words.units.values():
        for word in (unit.id, unit.name, *unit.words):
            found.setdefault(word, unit.id)
            found.setdefault(word.casefold(), unit.id)
    return found
