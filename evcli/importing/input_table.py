r"""A table of figures as a file holds it: delimited text with a header.

>>> table = read_text("period,value,colour\n2025-05,212000,red\n")
>>> table.rows[0].get("period"), table.rows[0].line, table.unknown
('2025-05', 2, ('colour',))
"""

import csv
import io
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from evcli.errors import UsageError, reason_of
from evcli.files import contents
from evcli.grouping import grouped

# The keys of a fact, of its series and of its source, each with the names tables have for it.
_NAMES = """
series series_id; title series_title; subject who; metric indicator; scope part;
destination dest to; unit; publisher statistic_publisher counted_by; method;
period time_period window; as_of; stated as_stated; value obs_value; qualifier;
yoy yoy_pct; mom mom_pct; precision; source source_id; url; outlet page_publisher;
source_title page_title; published page_date; at; printed; origin; rank; reason; status;
reading; unit_mult multiplier; obs_status; note notes
"""
_KEY_OF = {name: names.split()[0] for names in _NAMES.split(";") for name in names.split()}
_DELIMITERS = ",;\t"
LARGEST = 256 * 2**20  # bytes of a table


class InputRow(NamedTuple):
    """One row: what stands under each column that is understood, and the line it ends on."""

    line: int
    cells: Mapping[str, str]

    def get(self, key: str) -> str:
        """The text under *key*, empty where the table has none."""
        return self.cells.get(key, "")


class InputTable(NamedTuple):
    """The rows of a table, and its columns that mean nothing here."""

    name: str
    rows: tuple[InputRow, ...]
    unknown: tuple[str, ...]
    ragged: tuple[int, ...]  # lines with cells that the header does not name


def text_of(path: Path, hint: str) -> str:
    """The text of a file; UsageError with *hint* where it cannot be read as UTF-8."""
    try:
        return contents(path, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{str(path)!r} is not UTF-8 (byte {error.start})", hint) from None
    except OSError as error:
        raise UsageError(f"cannot read {str(path)!r}: {reason_of(error)}", hint) from None


def rows_in(text: str, name: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of delimited text with the lines they end on; UsageError where quotes go wrong."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in lines:
            yield lines.line_num, cells
    except csv.Error as error:
        where = f"{name}:{lines.line_num}"
        raise UsageError(f"{where}: {error}", "quote cells that hold quotes") from None


def read_table(path: Path) -> InputTable:
    """Read a CSV, TSV or semicolon table; UsageError where it is not one."""
    return read_text(text_of(path, "save the table as UTF-8"), str(path))


def read_text(text: str, name: str = "table") -> InputTable:
    """Read the text of a table."""
    lines = rows_in(text, name, max(_DELIMITERS, key=partial(_columns, text)))
    header = [each.strip() for each in next(lines, (1, []))[1]]
    keys = list(map(_key, header))
    for key, columns in grouped(header, _key).items():
        if key and len(columns) > 1:
            twice = " and ".join(map(repr, columns))
            raise UsageError(f"{name!r}: {twice} both mean {key!r}", "keep one of the columns")
    rows, ragged = [], []
    for line, cells in lines:
        if any(each.strip() for at, each in enumerate(cells) if not "".join(header[at : at + 1])):
            ragged.append(line)
        elif any(each.strip() for each in cells):
            said = zip(keys, (" ".join(each.split()) for each in cells), strict=False)
            rows.append(InputRow(line, {key: cell for key, cell in said if key and cell}))
    if not {"period", "as_of"} & set(keys):
        hint = f"the header names columns, such as {', '.join(dict.fromkeys(_KEY_OF.values()))}"
        raise UsageError(f"{name!r} has no column 'period'", hint)
    unknown = tuple(name for name, key in zip(header, keys, strict=True) if key is None and name)
    return InputTable(name, tuple(rows), unknown, tuple(ragged))


def _key(name: str) -> str | None:
    """What a column of that name means, None where it means nothing here."""
    return _KEY_OF.get(name.casefold().replace(" ", "_").replace("-", "_"))


def _columns(text: str, delimiter: str) -> tuple[int, int]:
    """How many columns of a header mean something with that delimiter, and how many there are."""
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0, 0
    return sum(_key(each.strip()) is not None for each in header), len(header)
