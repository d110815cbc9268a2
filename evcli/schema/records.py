"""The kinds of records: keys of fact files and columns of packages, as ``fields.toml`` has them.

>>> from evcli.model.records import Change, Claim
>>> list(keys(Change)), [field.name for field in columns(Claim)]
(['stated', 'over'], ['id', 'says', 'source', 'at', 'note'])
>>> row(Claim("c", "It is so.", "page", ("p1",)))
{'id': 'c', 'says': 'It is so.', 'source': 'page', 'at': ('p1',), 'note': ''}
"""

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar, get_args

from evcli.model import EVENT_KINDS, records, vocabulary
from evcli.model.answer import Kind, Rounding, Row, Value
from evcli.model.period import PERIOD_PATTERN, Period, parse_period
from evcli.model.quantity import exact
from evcli.model.records import Record
from evcli.tuples import NamedTuple

R = TypeVar("R", bound=tuple[Any, ...])
Written = str | tuple[str, ...]  # what stands under a key of a fact file
DECLARED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("fields.toml").read_text("utf-8"))
PATTERNS: Mapping[str, str] = {**DECLARED.pop("patterns"), "period": PERIOD_PATTERN}
# by pattern: what is wrong with a text that is written otherwise, and what would be right
REFUSALS = {PATTERNS[name]: why for name, why in DECLARED.pop("refusals").items()}
_CHOICES = {"source kinds": records.SOURCE_KINDS, "event kinds": EVENT_KINDS}


class Field(NamedTuple):
    """A key of fact files (unless ``key`` is False) and a column of packages (``column``).

    ``of`` names the part of the value that it holds (``bounds.low``); empty for the whole.
    ``needed`` keys may not be left out, ``filled`` columns have no empty cell. ``refers_to`` names
    the table whose ``id`` it names. ``choices`` and ``pattern`` say what may be written.
    """

    name: str
    description: str
    of: str = ""
    type: Kind = Kind.TEXT
    rounding: Rounding = Rounding.NEAREST
    needed: bool = False
    filled: bool = False
    refers_to: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    key: bool = True
    column: bool = True


class RecordKind(NamedTuple):
    """A kind of record: its section of fact files and table of packages, and what one is called.

    ``key`` are the columns that together name one, none where nothing does.
    """

    name: str
    singular: str
    record: type[tuple[Any, ...]]
    description: str
    key: tuple[str, ...]


_CLASSES = vars(vocabulary) | vars(records)
KINDS: Mapping[str, RecordKind] = {  # by name
    said["name"]: RecordKind(
        said["name"],
        said["singular"],
        _CLASSES[name],
        said["description"],
        tuple(said.get("key", ["id"])),
    )
    for name, said in DECLARED.items()
    if "name" in said
}
# sections of a fact file besides the vocabulary; facts stand in those of series and plants
SECTIONS = tuple(name for name in Record._fields if name not in ("vocabulary", "facts"))


def numbering(used: dict[str, None] | None = None) -> Callable[[str], str]:
    """What gives ids to things that share their parts: the second of the same ends in ``.2``.

    Those *used* are taken; what it gives is put with them.

    >>> number = numbering()
    >>> number("a@2025#s"), number("a@2025#s")
    ('a@2025#s', 'a@2025#s.2')
    """
    counts: dict[str, int] = {}
    taken = {} if used is None else used

    def number(stem: str) -> str:
        count, name = counts.get(stem, 1), stem
        # a source called "s.2" may have taken the name already
        while name in taken:
            count += 1
            name = f"{stem}.{count}"
            counts[stem] = count
        taken[name] = None
        return name

    return number


class Declared(NamedTuple):
    """A key or column, and what it stands beside: an attribute, its type but for None, its default.

    ``default`` is Ellipsis where the attribute has none. The field has its name and type.
    """

    attribute: str
    type: Any
    default: Any
    field: Field


def is_enum(kind: Any) -> bool:
    """Whether a type is one of a few words."""
    return isinstance(kind, type) and issubclass(kind, StrEnum)


@cache
def declared(record: type[tuple[Any, ...]]) -> tuple[Declared, ...]:
    """All that ``fields.toml`` names of *record*, in the order of files and packages."""
    defaults: dict[str, Any] = getattr(record, "_field_defaults", {})
    found = []
    for name, said in DECLARED[record.__name__]["fields"].items():
        attribute = said.get("attribute", name)
        kind = record.__annotations__[attribute]
        if type(None) in (either := get_args(kind)):  # X of ``X | None``
            kind = either[0]
        choices, pattern = said.get("choices", ()), said.get("pattern")
        given = {each: value for each, value in said.items() if each != "attribute"} | {
            "type": _cell_type(kind, said),
            "rounding": Rounding(said.get("rounding", "nearest")),
            "choices": _CHOICES[choices] if isinstance(choices, str) else tuple(choices),
            "pattern": PATTERNS[pattern] if pattern else "",
        }
        found.append(Declared(attribute, kind, defaults.get(attribute, ...), Field(name, **given)))
    return tuple(found)


@cache
def keys(record: type[tuple[Any, ...]]) -> Mapping[str, Declared]:
    """The keys of an entry of fact files."""
    return {each.field.name: each for each in declared(record) if each.field.key}


@cache
def columns(record: type[tuple[Any, ...]]) -> tuple[Field, ...]:
    """The columns of a table of packages, each with the type of its cells and their choices."""
    found = []
    for kind, field in ((each.type, each.field) for each in declared(record)):
        single = field.type is Kind.TEXT  # of references, only a single one is a key there
        choices = tuple(map(str, kind)) if single and not field.of and is_enum(kind) else ()
        refers_to = field.refers_to if single else ""
        found += [field._replace(choices=choices, refers_to=refers_to)] if field.column else []
    return tuple(found)


@cache
def inside(record: type[tuple[Any, ...]]) -> dict[str, RecordKind]:
    """The kinds of records that stand inside such a one, by the attribute that holds them.

    >>> {attribute: kind.name for attribute, kind in inside(KINDS["sources"].record).items()}
    {'problems': 'source_problems', 'left_out': 'left_out'}
    """
    kinds = {kind.record: kind for kind in KINDS.values()}
    found = {each.attribute: get_args(each.type)[:1] for each in declared(record)}
    return {name: kinds[one] for name, args in found.items() for one in args if one in kinds}


def row(item: tuple[Any, ...], **given: Value) -> Row:
    """The cells of a record by column; what is *given* takes the place of what it says itself."""
    shown = (each for each in declared(type(item)) if each.field.column)
    return {each.field.name: _cell(item, each) for each in shown} | given


def written(record: type[tuple[Any, ...]]) -> dict[str, Declared]:
    """What stands in packages as it stands in fact files, by its name in both."""
    return {name: each for name, each in keys(record).items() if each.field.column}


def read_cell(each: Declared, cell: str) -> Written:
    """A cell of a CSV file as fact files hold it; ValueError where it is no list but should be."""
    kind = each.field.type
    if kind is Kind.FLAG:
        return "no" if cell == "false" else "yes"
    if kind is Kind.LIST or (kind is Kind.TEXTS and not cell):
        return tuple(cell.split())
    if kind is not Kind.TEXTS:
        return "exact" if (each.field.name, cell) == ("precision", "0") else cell
    try:
        items = json.loads(cell)
    except RecursionError:
        raise ValueError(f"{cell[:40]!r}... is nested too deeply") from None
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(f"{cell!r} is no JSON array of texts")
    return tuple(items)


def entry_of(record: type[tuple[Any, ...]], cells: Mapping[str, str]) -> dict[str, Written]:
    """What fact files say of the record with these cells; what goes without saying is left out."""
    return {
        name: read_cell(each, cells[name])
        for name, each in written(record).items()
        if cells[name] and cells[name] != str(each.default).lower()
    }


def record_of(record: type[R], cells: Mapping[str, str], **given: object) -> R:
    """The record that :func:`row` gave these cells; what no cell says is *given*.

    PeriodError, ValueError for a cell that cannot be read.
    """
    values = {
        each.attribute: _value(each, cells[each.field.name])
        for each in written(record).values()
        if not each.field.of and each.attribute not in given
    }
    return record(**values, **given)


def _value(each: Declared, cell: str) -> object:
    if each.type is Period:
        return parse_period(cell) if cell else None
    if each.type is bool:
        return cell != "false"
    if each.type is Fraction:
        return exact(cell) if cell else None
    if is_enum(each.type):
        return each.type(cell)
    return read_cell(each, cell)


def _cell_type(kind: Any, said: Mapping[str, Any]) -> Kind:
    if "of" in said or "type" in said:
        return Kind(said.get("type", "text"))
    if getattr(kind, "__origin__", None) is tuple:
        return Kind.LIST if "refers_to" in said else Kind.TEXTS
    return {bool: Kind.FLAG, Fraction: Kind.NUMBER}.get(kind, Kind.TEXT)


def _cell(item: tuple[Any, ...], each: Declared) -> Any:
    value = getattr(item, each.attribute)
    if each.field.of and value is not None:
        value = attrgetter(each.field.of)(value)
    if isinstance(value, StrEnum | Period | date):
        return str(value)
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return tuple(map("/".join, value))
    return value
