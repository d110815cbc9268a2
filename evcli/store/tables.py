r"""The tables of the store, one for each kind of record: the type of a field says how it is kept.

Every table has a hidden ``seq`` that counts rows in file order. The fields of a table are those
of its class, in the same order, so that a row and an object can never say different things.

Exact numbers are text (``212000``, ``1291/20``), an open end is NULL, a period is its half-open
run of days (``2025-01-01..2025-06-01``), a tuple of texts is one text with a line an item.

>>> from evcli.model.vocabulary import Partition
>>> TABLES["partitions"].encode(Partition("all", ("nev", "ice")))
['all', 'nev\nice\n']
>>> TABLES["partitions"].decode(("all", "nev\nice\n"))
Partition(whole='all', parts=('nev', 'ice'))
>>> codec_of(Period).decode(("2025-01-01..2025-06-01",), 0)
Period('2025-01/2025-05')
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from operator import itemgetter
from types import UnionType
from typing import Any

from evcli.model import records, vocabulary
from evcli.model.period import UNDATED, Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Change, LeftOut, Place, PlantFact, SourceProblem
from evcli.tuples import NamedTuple

Cell = str | int | None
Row = Sequence[Any]


class Codec(NamedTuple):
    """Turns a field's value into cells and reads it back from a row, starting at a column.

    ``suffixes`` name the columns after the field; ``plain`` values need no decoding. None is kept
    as empty cells, of which nothing else leaves the last one empty.
    """

    encode: Callable[[Any], tuple[Cell, ...]]
    decode: Callable[[Row, int], Any]
    suffixes: tuple[str, ...] = ("",)
    type: str = "TEXT"
    plain: bool = False


def pack(items: Iterable[str]) -> str:
    r"""Texts as one text, a line each; backslashes and line ends inside are escaped.

    >>> pack(("p1", "p3")), unpack(pack(("a\nb", "")))
    ('p1\np3\n', ('a\nb', ''))
    """
    return "".join(item.replace("\\", "\\\\").replace("\n", "\\n") + "\n" for item in items)


def unpack(text: str) -> tuple[str, ...]:
    """What :func:`pack` was given."""
    if not text:
        return ()
    items = text[:-1].split("\n")
    if "\\" in text:
        split = (item.split("\\\\") for item in items)
        items = ["\\".join(part.replace("\\n", "\n") for part in parts) for parts in split]
    return tuple(items)


def number_text(number: Fraction | None) -> str | None:
    """A number as a text."""
    return None if number is None else str(number)


@lru_cache(1024)  # an exact number stands in three columns
def number_of(text: str | None) -> Fraction | None:
    """The number that was written as text, quicker than ``Fraction`` reads it."""
    if text is None:
        return None
    above, slash, below = text.partition("/")
    return Fraction(int(above), int(below)) if slash else Fraction(int(above))


@cache
def period_text(period: Period | None) -> str | None:
    """A period as its first day and the day after its last; sorts by date."""
    if period is None:
        return None
    return UNDATED if period.is_undated else f"{period.start}..{period.end}"


@cache  # few, and many rows have the same
def period_of(text: str | None) -> Period | None:
    """What :func:`period_text` was given."""
    if text is None or text == UNDATED:
        return None if text is None else Period(None, None)
    start, end = text.split("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end))


_QUANTITY_SUFFIXES = (".value", ".low", ".high", ".qualifier", ".unit")


def _quantity_cells(quantity: Quantity) -> tuple[Cell, ...]:
    numbers = (quantity.value, *quantity.bounds)
    return (*map(number_text, numbers), quantity.qualifier, quantity.unit)


def _quantity_at(row: Row, at: int) -> Quantity:
    # checked when they were read from the fact files
    bounds = Bounds._make((number_of(row[at + 1]), number_of(row[at + 2])))
    return Quantity(number_of(row[at]), bounds, row[at + 3], row[at + 4])


def _in_one_column(write: Callable[[Any], Cell], read: Callable[[Any], Any]) -> Codec:
    return Codec(lambda value: (write(value),), lambda row, at: read(row[at]))


def _many(read: Callable[[tuple[str, ...]], Any], write: Callable[[Any], Any] = tuple) -> Codec:
    """Several tuples of texts in one column."""
    return _in_one_column(
        lambda items: pack(pack(write(item)) for item in items),
        lambda text: tuple(read(unpack(item)) for item in unpack(text)),
    )


_CODECS: dict[Any, Codec] = {
    str: Codec(lambda text: (text,), lambda row, at: row[at], plain=True),
    bool: Codec(lambda flag: (int(flag),), lambda row, at: bool(row[at]), type="INTEGER"),
    tuple[str, ...]: _in_one_column(pack, unpack),
    Fraction | None: _in_one_column(number_text, number_of),
    **dict.fromkeys((Period, Period | None), _in_one_column(period_text, period_of)),
    Quantity | None: Codec(_quantity_cells, _quantity_at, _QUANTITY_SUFFIXES),
    Change | None: Codec(
        lambda change: (change.stated, change.over, *_quantity_cells(change.quantity)),
        lambda row, at: Change(row[at], _quantity_at(row, at + 2), row[at + 1]),
        (".stated", ".over", *_QUANTITY_SUFFIXES),
    ),
    # a text, of which what is not Unicode can only be shown, and two whole numbers: without a type,
    # SQLite keeps each as it is
    Place | None: Codec(
        lambda place: (place.file.encode("utf-8", "replace").decode(), place.line, place.column),
        lambda row, at: Place(row[at], row[at + 1], row[at + 2]),
        (".file", ".line", ".column"),
        type="",
    ),
    tuple[SourceProblem, ...]: _many(
        lambda texts: SourceProblem(texts[1:], texts[0]), lambda item: (item.problem, *item.at)
    ),
    tuple[LeftOut, ...]: _many(LeftOut._make),
    tuple[tuple[str, str], ...]: _many(tuple),
    tuple[PlantFact, ...]: Codec(lambda _: (), lambda row, at: (), ()),  # in a table of their own
}


def codec_of(kind: Any) -> Codec:
    """How values of a type are kept; KeyError for one that no field has had before."""
    if kind not in _CODECS and issubclass(kind, StrEnum):
        members: dict[str, StrEnum] = {member.value: member for member in kind}
        _CODECS[kind] = _in_one_column(lambda member: kind(member).value, members.__getitem__)
    return _CODECS[kind]


class Table:
    """Where objects of one class are kept, looked up by the columns *indexed*.

    ``create``, ``insert`` and ``select`` are the statements that make the table, add a row behind
    its ``seq`` and read rows; ``indices`` are to be run when the rows are in.
    """

    def __init__(self, name: str, model: type[tuple[Any, ...]], *indexed: str) -> None:
        self.name = name
        self.model = model
        self.fields = {field: codec_of(kind) for field, kind in model.__annotations__.items()}
        self.columns: list[str] = []
        self._reads, self._optional, self._writes = [], [], []
        typed, firsts, texts = ["seq INTEGER PRIMARY KEY"], list[int](), list[int]()
        for index, (field, codec) in enumerate(self.fields.items()):
            at, columns = len(self.columns), [f"{field}{suffix}" for suffix in codec.suffixes]
            self.columns += columns
            typed += [f'"{column}" {codec.type}' for column in columns]
            firsts.append(at)
            if codec.plain:
                texts.append(at)
            elif isinstance(model.__annotations__[field], UnionType):
                self._optional.append((index, at, len(self.columns) - 1, codec.decode))
            else:
                self._reads.append((index, at, codec.decode))
            self._writes.append((None if codec.plain else codec.encode, (None,) * len(columns)))
        self._end = firsts[-1] if "place" in self.fields else len(self.columns)  # always the last
        self._texts, self._firsts = itemgetter(*texts), itemgetter(*firsts)
        quoted = "".join(f'"{column}", ' for column in self.columns)
        self.create = f"CREATE TABLE {name} ({', '.join(typed)})"
        self.insert = f"INSERT INTO {name} VALUES (?{', ?' * len(self.columns)})"
        self.select = f"SELECT {quoted}seq FROM {name}"
        self.indices = [f"CREATE INDEX {name}_{each} ON {name} ({each})" for each in indexed]

    def encode(self, item: tuple[Any, ...]) -> list[Any]:
        """The cells of an object, in the order of ``columns``."""
        cells: list[Any] = []
        for value, (write, nothing) in zip(item, self._writes, strict=True):
            if write is None:
                cells.append(value)
            else:
                cells += nothing if value is None else write(value)
        return cells

    def decode(self, row: Row) -> Any:
        """The object of a row; columns after its own do not matter."""
        "".join(self._texts(row))  # TypeError where a damaged store has no text
        items = [*self._firsts(row)]
        for index, at, read in self._reads:  # of many the lesser part
            items[index] = read(row, at)
        for index, at, last, read in self._optional:
            if row[last] is not None:
                items[index] = read(row, at)
        return self.model(*items)

    def content(self, row: Row) -> bytes:
        """An object as bytes that no other has, without its place in a file."""
        return f"{(*row[: self._end],)}\n".encode()


# by the attribute of the vocabulary or the record that holds the objects; the order is that in
# which the fingerprint of the content goes through them
TABLES: Mapping[str, Table] = {
    "subjects": Table("subject", vocabulary.Subject),
    "metrics": Table("metric", vocabulary.Metric),
    "scopes": Table("scope", vocabulary.Scope),
    "destinations": Table("destination", vocabulary.Destination),
    "units": Table("unit", vocabulary.Unit),
    "methods": Table("method", vocabulary.Method),
    "publishers": Table("publisher", vocabulary.Publisher),
    "partitions": Table("partition", vocabulary.Partition),
    "restatements": Table("restatement", vocabulary.Restatement),
    "outlets": Table("outlet", records.Outlet, "name"),
    "sources": Table("source", records.Source, "id"),
    "series": Table(
        "series", records.Series, "id", "metric", "subject", "publisher", "scope", "destination"
    ),
    "facts": Table("fact", records.Fact, "id", "series", "source"),
    "events": Table("event", records.Event, "id"),
    "measures": Table("measure", records.Measure, "id"),
    "plants": Table("plant", records.Plant, "id"),
    "plant_facts": Table("plant_fact", records.PlantFact, "id", "plant", "source"),
    "claims": Table("claim", records.Claim, "id"),
    "acknowledged": Table("acknowledgement", records.Acknowledgement),
}
