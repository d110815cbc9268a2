r"""Tables in files, whatever wrote them, as rows of texts: nothing is understood here.

>>> table = table_of("a.csv", b"From the IMF\n\nYear;Value\n2024;1.50\n")
>>> table.header, list(table.rows()), table.notes
(('Year', 'Value'), [(4, ['2024', '1.50'])], ('the header is in line 3',))
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from evcli.errors import UsageError, reason_of
from evcli.files import contents
from evcli.tuples import NamedTuple

Rows = Iterator[tuple[int, Sequence[str]]]
LARGEST = 256 * 2**20  # bytes of a table, packed or not
DESCRIPTOR = "datapackage.json"


class Table(NamedTuple):
    """The columns of a table and its rows, each with its line, as often as they are asked for;
    ``says`` is what the file itself says of all rows, by key of a mapping (``blank``: one to a
    line), ``notes`` what was taken for granted.
    """

    name: str
    header: tuple[str, ...]
    rows: Callable[[], Rows]
    says: Mapping[str, str] = MappingProxyType({})
    notes: tuple[str, ...] = ()


class Reading(NamedTuple):
    """How a file is to be read: the line of its header, its encoding, which part of several; what
    stands between cells, unless that is to be seen.
    """

    header: int = 0
    encoding: str = ""
    sheet: str = ""
    delimiter: str = ""


_AS_IT_IS = Reading()


def open_table(path: Path, how: Reading = _AS_IT_IS) -> Table:
    """The table in a file, or of a data package in a folder. UsageError where it is none."""
    if path.is_dir():
        path /= DESCRIPTOR
    if path.name == DESCRIPTOR:
        from evcli.tables.described import package_table

        hint = "a folder is a package that evcli wrote, or has a datapackage.json"
        return package_table(path, held(path, hint), how)
    return table_of(str(path), held(path), how)


def held(path: Path, hint: str = "name a table") -> bytes:
    """What a file holds, up to a limit. UsageError where it cannot be read."""
    try:
        return contents(path, LARGEST)
    except OSError as error:
        raise UsageError(f"cannot read {str(path)!r}: {reason_of(error)}", hint) from None


def table_of(name: str, data: bytes, how: Reading = _AS_IT_IS) -> Table:
    """The table in the bytes of a file. UsageError where they are none."""
    from evcli.tables import delimited, described, workbook

    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return workbook.spreadsheet(name, data, how)
    if data.startswith(b"PAR1"):
        return workbook.parquet(name, data)
    text = delimited.decoded(name, data, how.encoding)
    if text.lstrip()[:1] in ("{", "["):
        return described.json_table(name, text)
    return delimited.delimited(name, text, how.header, how.delimiter)


def inside(folder: Path, name: str) -> Path:
    """The file *name* in *folder* or below it; UsageError for one that lies or leads elsewhere."""
    path, named = folder / name, Path(name)
    if not name or named.is_absolute() or ".." in named.parts or ":" in name or "\\" in name:
        raise UsageError(f"{name!r} is no file beside it", "keep the table in the same folder")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{name!r} leads out of its folder", "copy the table there")
    return path


def needs(module: str, extra: str, name: str) -> Any:
    """A library that only this kind of table needs. UsageError, what to install, without it."""
    try:
        return import_module(module)
    except ModuleNotFoundError:
        library = module.partition(".")[0].replace("_", "-")
        raise UsageError(f"{name!r} needs {library}", f'pip install "evcli[{extra}]"') from None


def cell_text(value: Any) -> str:
    """A cell as text: numbers with the digits that Python gives, days without a time.

    >>> cell_text(443001.0), cell_text(0.1), cell_text(None), cell_text(datetime(2024, 1, 31))
    ('443001', '0.1', '', '2024-01-31')
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, list | tuple):
        return " ".join(map(cell_text, value))
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def headed(name: str, rows: Callable[[], Rows], header: int) -> Table:
    """Rows as a table: the header is in line *header*, else in the first that is about as wide as
    any of the first hundred.
    """
    first = [row for row, _ in zip(rows(), range(100), strict=False)]
    filled = [(line, sum(bool(each.strip()) for each in row)) for line, row in first]
    widest = max((count for _, count in filled), default=0)
    found = header or next((line for line, count in filled if count * 4 >= widest * 3), 0)
    names = next((row for line, row in first if line == found), ())
    if header and not names:
        how = "--header, or header: in its mapping, is the line of names"
        raise UsageError(f"{name!r} has no row in line {header}", how)

    def below() -> Rows:
        return (row for row in rows() if row[0] > found)

    above = any(count for line, count in filled if line < found) and not header
    notes = (f"the header is in line {found}",) if above else ()
    return Table(name, tuple(" ".join(each.split()) for each in names), below, notes=notes)
