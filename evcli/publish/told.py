"""Figures as a table: what evcli answers, with bounds, basis and the sources it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from evcli.model.answer import Column, Kind, Row
from evcli.model.figure import Figure
from evcli.model.vocabulary import Vocabulary
from evcli.publish.sheet import Field, Sheet, Type, days
from evcli.publish.written import END, START
from evcli.query.rows import COMPUTED_COLUMNS, figure_row

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


def _field(column: Column) -> Field:
    description = column.description
    if column.kind is Kind.LIST:
        description = f"{description.removesuffix('.')}, separated by spaces."
    return Field(
        column.name,
        description,
        _TYPES.get(column.kind, Type.TEXT),
        column.rounding,
        required=column.name in ("id", "series", "period"),
        refers_to=_REFERS.get(column.name, ""),
        choices=("stated", "derived") if column.name == "basis" else (),
    )


def _fields() -> Iterator[Field]:
    """The columns of the output, the series behind its figure, both ends behind its period."""
    for column in COMPUTED_COLUMNS:
        yield _field(column)
        if column.name == "id":
            yield _field(Column("series", description="What is counted."))
        elif column.name == "period":
            yield from (START, END)


FIGURES = Sheet(
    "figures",
    "What is known of each series and period: a value with bounds.",
    tuple(_fields()),
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
