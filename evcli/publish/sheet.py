"""Tables as they leave evcli: fields that say what they hold, rows, keys and references.

A :class:`Sheet` is written once as CSV, SQLite, Parquet. Those of records follow from how the
records are declared.

>>> pages = Sheet("pages", "Pages", (Field("What it is called.", "id"),), ("id",))
>>> [field.name for field in pages.fields], pages.with_rows([{"id": "a"}]).rows
(['id'], ({'id': 'a'},))
>>> from evcli.model.unit import UnitKind
>>> vehicles = Unit("vehicles", "vehicles", UnitKind.COUNT)
>>> meant = parse_stated("300,000", vehicles, precision=Fraction(1000))
>>> precision_of("300,000", meant, vehicles, {})
Fraction(1000, 1)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from evcli.model.answer import Row
from evcli.model.field import Field
from evcli.model.quantity import Quantity
from evcli.model.records import Fact, Series, Source
from evcli.model.unit import Unit, UnitKind, unit_words
from evcli.model.vocabulary import Vocabulary
from evcli.schema.records import KINDS, VOCABULARY, columns, row
from evcli.store.reader import Store
from evcli.text.stated import StatedError, parse_stated


class Sheet(NamedTuple):
    """A table: ``key`` are the fields that together name a row, none where nothing does."""

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    def with_rows(self, rows: Iterable[Row]) -> Sheet:
        """The same table with other rows."""
        return self._replace(rows=tuple(rows))


def sheet_of(name: str, rows: Iterable[Row], *also: Field) -> Sheet:
    """The table of a kind of records with these rows; *also* are columns before its own."""
    kind = KINDS[name]
    fields = (*also, *columns(kind.record))
    return Sheet(name, kind.description, fields, kind.key, tuple(rows))


def vocabulary_sheets(words: Vocabulary) -> Iterator[Sheet]:
    """The vocabulary, in the order in which its tables build on another."""
    for name in VOCABULARY:
        known = getattr(words, name)
        yield sheet_of(name, map(row, known.values() if isinstance(known, Mapping) else known))


def source_sheets(sources: Iterable[Source]) -> list[Sheet]:
    """Sources, what is wrong in them, and which of their numbers are no facts."""
    known = list(sources)
    (cited,) = (field for field in columns(Fact) if field.name == "source")
    return [
        sheet_of("sources", map(row, known)),
        *(
            sheet_of(
                name,
                (
                    {"source": source.id, **row(each)}
                    for source in known
                    for each in getattr(source, attribute)
                ),
                cited,
            )
            for name, attribute in (("source_problems", "problems"), ("left_out", "left_out"))
        ),
    ]


def series_sheet(series: Iterable[Series]) -> Sheet:
    """What is counted."""
    return sheet_of("series", map(row, series))


def fact_sheet(facts: Iterable[Fact], series: Mapping[str, Series], words: Vocabulary) -> Sheet:
    """Facts as written, each with the value and bounds that its words mean."""
    known_words = unit_words(words.units.values())

    def precision(fact: Fact) -> Fraction | None:
        unit = words.units[series[fact.series].unit]
        meant = fact.quantity
        return precision_of(fact.stated, meant, unit, known_words) if meant else None

    return sheet_of("facts", (row(fact, precision=precision(fact)) for fact in facts))


def other_sheets(store: Store) -> list[Sheet]:
    """All that the record holds besides figures."""
    plants = store.plants()
    items: Mapping[str, Iterable[Any]] = {
        "plants": plants,
        "plant_facts": (fact for plant in plants for fact in plant.facts),
        "measures": store.measures(),
        "events": store.events(),
        "claims": store.claims(),
        "acknowledged": store.acknowledged(),
    }
    return [sheet_of(name, map(row, found)) for name, found in items.items()]


def precision_of(
    stated: str, meant: Quantity, unit: Unit, words: Mapping[str, str]
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
    readings = [_read(stated, unit, each, words) for each in (finest, coarsest)]
    if readings[0] == readings[1] == meant:
        return None
    widths = [finest, coarsest]
    if low is not None and high is not None:
        width = high - low
        # "about" and its like are meant twice as widely
        widths = [width / 2 if meant.qualifier else width, width, *widths]
    for width in widths:
        if width > 0 and width.denominator == 1 and _read(stated, unit, width, words) == meant:
            return width
    raise ValueError(f"no precision of {stated!r} gives {meant}")


def _read(
    stated: str, unit: Unit, precision: Fraction, words: Mapping[str, str]
) -> Quantity | None:
    try:
        return parse_stated(stated, unit, precision=precision, words=words)
    except StatedError:
        return None
