"""Figures as a table: what evcli answers, with bounds, basis and the sources it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from evcli.model.answer import Kind, Row
from evcli.model.field import Field, Type
from evcli.model.figure import Figure
from evcli.model.records import Fact, Series
from evcli.model.vocabulary import Vocabulary
from evcli.publish.sheet import Sheet
from evcli.query.rows import COMPUTED_COLUMNS, figure_row
from evcli.schema.records import columns

# what a figure says in the words of its series and facts, and what it says besides
_SAID = {field.name: field for field in (*columns(Series), *columns(Fact))}
_OWN = {
    "id": "SERIES@PERIOD; with #SOURCE where several stand side by side.",
    "destination": "Where to: world, a country (ISO 3166 alpha-2) or a region.",
    "value": "The number; empty where the words give none, and then note says why.",
    "yoy": "Growth on the year before in percent, as stated, else computed (note says so).",
    "yoy_low": "Its lowest, in percent; empty where that end is open or growth is not known.",
    "yoy_high": "Its highest, in percent, likewise.",
    "basis": "stated by sources, or derived from other figures; empty where nothing is known.",
    "sources": "The ids of all sources it rests on, separated by spaces.",
    "formula": "How it was computed, where one formula says so.",
    "inputs": "The figures it was computed from, separated by spaces.",
}
_TYPES = {Kind.NUMBER: Type.NUMBER, Kind.CHANGE: Type.NUMBER, Kind.LIST: Type.IDS}
_CHOICES = {"basis": ("stated", "derived")}


def _fields() -> Iterator[Field]:
    for column in COMPUTED_COLUMNS:
        name = column.name
        said = _SAID.get(name, Field(""))
        yield Field(
            _OWN.get(name, said.description),
            name,
            type=_TYPES.get(column.kind, Type.TEXT),
            rounding=column.rounding,
            filled=name in ("id", "period"),
            refers_to=said.refers_to,
            choices=_CHOICES.get(name, ()),
        )
        if name == "id":
            yield _SAID["series"]
        elif name == "period":
            yield from (_SAID["start"], _SAID["end"])


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
        Field("The figure.", "figure", filled=True, refers_to="figures"),
        Field("A source it rests on.", "source", filled=True, refers_to="sources"),
    ),
    ("figure", "source"),
)
FIGURE_FACTS = Sheet(
    "figure_facts",
    "Which facts each figure rests on, one a row.",
    (
        Field("The figure.", "figure", filled=True, refers_to="figures"),
        Field("A fact it rests on.", "fact", filled=True, refers_to="facts"),
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
    first, last = figure.period.start, figure.period.last_day
    return {
        **figure_row(figure, words),
        "id": name,
        "series": figure.series.id,
        "start": first.isoformat() if first else "",
        "end": last.isoformat() if last else "",
    }


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
