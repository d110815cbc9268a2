r"""The tables of the store, one for each kind of record: the type of a field says how it is kept.

Every table has a hidden ``seq`` that counts rows in file order. The fields of a table are those
of its class, in the same order, so that a row and an object can never say different things.

>>> from evcli.model.vocabulary import Partition
>>> PARTITION.encode(Partition("all", ("nev", "ice")))
('all', 'nev\nice\n')
>>> PARTITION.decode(("all", "nev\nice\n"))
Partition(whole='all', parts=('nev', 'ice'))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from evcli.model import vocabulary as words
from evcli.model.field import type_of
from evcli.model.records import (
    Acknowledgement,
    Claim,
    Event,
    Fact,
    Measure,
    Plant,
    PlantFact,
    Series,
    Source,
)
from evcli.model.unit import Unit
from evcli.store.columns import PLACE, Cell, Row, codec_of

T = TypeVar("T")


class Table(Generic[T]):
    """Where objects of one class are kept.

    ``extra`` are columns beside the object's own, only to select by; ``indexed`` are the
    columns looked up.
    """

    def __init__(
        self,
        name: str,
        model: type[T],
        *,
        indexed: tuple[str, ...] = (),
        extra: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.model = model
        self.fields = fields = {
            field: codec_of(type_of(said)) for field, said in model.__annotations__.items()
        }
        self.indexed = indexed
        self.extra = extra
        self.columns = tuple(
            f"{field}{suffix}" for field, codec in fields.items() for suffix in codec.suffixes
        )
        self._placed = "place" in fields  # always the last
        self._steps = []
        self._places: dict[str, int] = {}
        at = 0
        for field, codec in fields.items():
            self._places[field] = at
            self._steps.append((at, None if codec.plain else codec.decode))
            at += len(codec.suffixes)
        self.select = f"SELECT {', '.join(map(_quoted, self.columns))} FROM {name}"

    def encode(self, item: T) -> tuple[Cell, ...]:
        """The cells of an object, in the order of ``columns``."""
        cells: list[Cell] = []
        for field, codec in self.fields.items():
            value = getattr(item, field)
            if codec.plain:
                cells.append(value)
            else:
                cells.extend(codec.encode(value))
        return tuple(cells)

    def decode(self, row: Row) -> T:
        """The object of a row; columns after its own do not matter."""
        make: Any = self.model
        result: T = make(*[row[at] if read is None else read(row, at) for at, read in self._steps])
        return result

    def field(self, row: Row, name: str) -> Any:
        """One field of the object of a row."""
        at, codec = self._places[name], self.fields[name]
        return row[at] if codec.plain else codec.decode(row, at)

    def content(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """Of the cells of an object those that do not say where in a file it was written."""
        return cells[: -len(PLACE.suffixes)] if self._placed else cells

    @property
    def create(self) -> str:
        """The statement that makes the table."""
        columns = [
            f"{_quoted(field + suffix)} {codec.type}"
            for field, codec in self.fields.items()
            for suffix in codec.suffixes
        ]
        columns += [f"{_quoted(name)} TEXT" for name in self.extra]
        return f"CREATE TABLE {self.name} (seq INTEGER PRIMARY KEY, {', '.join(columns)})"

    @property
    def insert(self) -> str:
        """The statement that adds a row; the cells of ``extra`` come last."""
        names = (*self.columns, *self.extra)
        marks = ", ".join("?" * len(names))
        return f"INSERT INTO {self.name} ({', '.join(map(_quoted, names))}) VALUES ({marks})"

    @property
    def indices(self) -> list[str]:
        """The statements that index it, to be run when the rows are in."""
        return [
            f"CREATE INDEX {self.name}_{column} ON {self.name} ({_quoted(column)})"
            for column in self.indexed
        ]


def _quoted(name: str) -> str:
    return f'"{name}"'


SUBJECT = Table("subject", words.Subject)
METRIC = Table("metric", words.Metric)
SCOPE = Table("scope", words.Scope)
PARTITION = Table("partition", words.Partition)
DESTINATION = Table("destination", words.Destination)
UNIT = Table("unit", Unit)
METHOD = Table("method", words.Method)
PUBLISHER = Table("publisher", words.Publisher)
SOURCE = Table("source", Source, indexed=("id",))
SERIES = Table(
    "series",
    Series,
    indexed=("id", "metric", "subject", "publisher", "scope", "destination"),
)
FACT = Table(
    "fact",
    Fact,
    indexed=("id", "series", "source"),
    extra=("out_by",),  # the day by which its source was surely published
)
EVENT = Table("event", Event, indexed=("id",))
MEASURE = Table("measure", Measure, indexed=("id",))
PLANT = Table("plant", Plant, indexed=("id",))
PLANT_FACT = Table("plant_fact", PlantFact, indexed=("id", "plant", "source"))
CLAIM = Table("claim", Claim, indexed=("id",))
ACKNOWLEDGEMENT = Table("acknowledgement", Acknowledgement)

VOCABULARY: Mapping[str, Table[Any]] = {
    "subjects": SUBJECT,
    "metrics": METRIC,
    "scopes": SCOPE,
    "destinations": DESTINATION,
    "units": UNIT,
    "methods": METHOD,
    "publishers": PUBLISHER,
}
TABLES: tuple[Table[Any], ...] = (
    *VOCABULARY.values(),
    PARTITION,
    SOURCE,
    SERIES,
    FACT,
    EVENT,
    MEASURE,
    PLANT,
    PLANT_FACT,
    CLAIM,
    ACKNOWLEDGEMENT,
)

# tables that hold no model objects: what the store knows of itself, and what speeds look-ups
OTHER_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    "CREATE TABLE pack_file (path BLOB, size INTEGER, mtime_ns INTEGER, sha256 TEXT,"
    " checked_ns INTEGER)",
    "CREATE TABLE source_count (source TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID",
    "CREATE TABLE spelling (kind TEXT, folded TEXT, strength INTEGER, id TEXT, text TEXT)",
    "CREATE TABLE label (kind TEXT, id TEXT, text TEXT)",
    "CREATE TABLE entry (seq INTEGER PRIMARY KEY, kind TEXT, id TEXT, title TEXT, context TEXT)",
    "CREATE VIRTUAL TABLE search USING fts5(title, names, notes, content='',"
    " tokenize='unicode61 remove_diacritics 2')",
)
OTHER_INDICES = (
    "CREATE INDEX spelling_folded ON spelling (kind, folded, strength, id)",
    "CREATE INDEX label_kind ON label (kind)",
)
