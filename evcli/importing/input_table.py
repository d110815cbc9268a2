r"""A table of figures as a file holds it: delimited text with a header.

>>> table = read_text("period,value,colour\n2025-05,212000,red\n")
>>> table.rows[0].get("period"), table.rows[0].line, table.unknown
('2025-05', 2, ('colour',))
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from evcli.errors import UsageError, reason_of

# The keys of a fact, of its series and of its source, each with the names tables have for it.
_NAMES = """
series series_id; title series_title; subject who; metric indicator; scope part;
destination dest to; unit; publisher statistic_publisher counted_by; method;
period time_period window; as_of; stated as_stated; value obs_value; qualifier;
yoy yoy_pct; mom mom_pct; precision; source source_id; url; outlet page_publisher;
source_title page_title; published page_date; at; printed; origin; rank; reason; status;
reading; note notes
"""
_KEY_OF = {name: names.split()[0] for names in _NAMES.split(";") for name in names.split()}
_DELIMITERS = ",;\t"


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
    ragged: tuple[int, ...]  # lines with more cells than the header has


def text_of(path: Path, hint: str) -> str:
    """The text of a file; UsageError with *hint* where it cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
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
    first = text.partition("\n")[0]
    lines = rows_in(text, name, max(_DELIMITERS, key=first.count))
    header = [each.strip() for each in next(lines, (1, []))[1]]
    keys = [_KEY_OF.get(each.casefold().replace(" ", "_").replace("-", "_")) for each in header]
    rows, ragged = [], []
    for line, cells in lines:
        if len(cells) > len(keys):
            ragged.append(line)
        elif any(each.strip() for each in cells):
            rows.append(InputRow(line, _by_key(keys, cells)))
    if not {"period", "as_of"} & set(keys):
        hint = f"the header names columns, such as {', '.join(dict.fromkeys(_KEY_OF.values()))}"
        raise UsageError(f"{name!r} has no column 'period'", hint)
    unknown = tuple(name for name, key in zip(header, keys, strict=True) if key is None and name)
    return InputTable(name, tuple(rows), unknown, tuple(ragged))


def _by_key(keys: list[str | None], cells: list[str]) -> dict[str, str]:
    """The cells by key; of two columns with one meaning the first that says something."""
    found: dict[str, str] = {}
    for key, cell in zip(keys, cells, strict=False):
        if key is not None and cell.strip():
            found.setdefault(key, " ".join(cell.split()))
    return found
