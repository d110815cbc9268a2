"""Figures as a table: what evcli answers, with bounds, basis and the sources it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from evcli.model.answer import Kind, Row
from evcli.model.figure import Figure
from evcli.model.vocabulary import Vocabulary
from evcli.publish.sheet import Field, Sheet, Type, days
from evcli.publish.written import END, START
from evcli.query.rows import COMPUTED_COLUMNS, figure_row

_TOLD = {
    "id": "SERIES@PERIOD; with #SOURCE where several stand side by side.",
    "series": "What is counted.",
    "subject": "Who.",
    "metric": "What is counted.",
    "scope": "Which part.",
    "destination": "Where to: world, a country (ISO 3166 alpha-2) or a region.",
    "period": "2025, 2025-H1, 2025-Q3, 2025-05, 2025-05-16, 2025-01/2025-05, undated.",
    "value": "The number; empty where the words give none, and then note says why.",
    "low": "The lowest number that the wording allows; empty where that end is open.",
    "high": "The highest number that the wording allows; empty where that end is open.",
    "unit": "The unit of value, low and high.",
    "yoy": "Growth on the year before in percent, as stated, else computed (note says so).",
    "yoy_low": "Its lowest, in percent; empty where that end is open or growth is not known.",
    "yoy_high": "Its highest, in percent, likewise.",
    "qualifier": "The word that the source puts in front.",
    "basis": "stated by sources, or derived from other figures; empty where nothing is known.",
    "rank": "How far it is believed; a deprecated figure is known to be wrong.",
    "status": "forecast: a plan or target.",
    "publisher": "Who counted.",
    "sources": "The ids of all sources it rests on, separated by spaces.",
    "note": "What a reader must know.",
    "formula": "How it was computed, where one formula says so.",
    "inputs": "The figures it was computed from, separated by spaces.",
}
_REFERS = {
    "series": "series",
    "subject": "subjects",
    "metric": "metrics",
    "scope": "scopes",
    "destination": "destinations",
    "unit": "units",
    "publisher": "publishers",
}
_TYPES = {Kind.NUMBER: Type.NUMBER, Kind.CHANGE: Type.NUMBER, Kind.LIST: Type.IDS}
_COLUMNS = {column.name: column for column in COMPUTED_COLUMNS if column.kind is not Kind.NOTES}


def _field(name: str) -> Field:
    column = _COLUMNS.get(name)
    return Field(
        name,
        _TOLD[name],
        _TYPES.get(column.kind, Type.TEXT) if column else Type.TEXT,
        column.rounding if column else Field._field_defaults["rounding"],
        required=name in ("id", "series", "period"),
        refers_to=_REFERS.get(name, ""),
        choices=("stated", "derived") if name == "basis" else (),
    )


FIGURES = Sheet(
    "figures",
    "What is known of each series and period: a value with bounds.",
    (
        _field("id"),
        _field("series"),
        *map(_field, list(_COLUMNS)[1:6]),
        START,
        END,
        *map(_field, list(_COLUMNS)[6:]),
    ),
    ("id",),
)
FIGURE_SOURCES = Sheet(
    "figure_sources",
    "Which sources each figure rests on, one a row.",
    (
        Field("figure", "The figure.", required=True, refers_to="figures"),
        Field("source", "A source it rests on.", required=True, refers_to="sources"),
    ),
    ("figure", "source"),
)
FIGURE_FACTS = Sheet(
    "figure_facts",
    "Which facts each figure rests on, one a row.",
    (
        Field("figure", "The figure.", required=True, refers_to="figures"),
        Field("fact", "A fact it rests on.", required=True, refers_to="facts"),
    ),
    ("figure", "fact"),
)


def figure_sheets(figures: Sequence[Figure], words: Vocabulary) -> list[Sheet]:
    """Figures, and what each rests on."""
    names = _names(figures)
    named = list(zip(names, figures, strict=True))
    return [
        FIGURES.with_rows(_row(name, figure, words) for name, figure in named),
        FIGURE_SOURCES.with_rows(
            {"figure": name, "source": source}
            for name, figure in named
            for source in figure.sources
        ),
        FIGURE_FACTS.with_rows(
            {"figure": name, "fact": fact.id} for name, figure in named for fact in figure.facts()
        ),
    ]


def _row(name: str, figure: Figure, words: Vocabulary) -> Row:
    start, end = days(figure.period)
    row = figure_row(figure, words)
    return {**row, "id": name, "series": figure.series.id, "start": start, "end": end}


def _names(figures: Sequence[Figure]) -> list[str]:
    """Their ids; the second of the same ends in ``.2``, for a key names one row."""
    taken: set[str] = set()
    names = []
    for figure in figures:
        name = figure.id
        for number in count(2):
            if name not in taken:
                break
            name = f"{figure.id}.{number}"
        taken.add(name)
        names.append(name)
    return names
