"""Delimited text: commas, semicolons, tabs or bars between cells, in the encoding it says.

>>> decoded("a.csv", "a;b".encode("utf-16"))
'a;b'
"""

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from itertools import islice

from evcli.errors import UsageError
from evcli.tables import Table, headed

_DELIMITERS = ",;\t|"
_MARKS = {BOM_UTF8: "utf-8-sig", BOM_UTF16_LE: "utf-16", BOM_UTF16_BE: "utf-16"}


def decoded(name: str, data: bytes, encoding: str = "") -> str:
    """The text of a file, by its mark of byte order, else as *encoding* says, else UTF-8."""
    said = next((code for mark, code in _MARKS.items() if data.startswith(mark)), "")
    try:
        return data.decode(said or encoding or "utf-8")
    except LookupError:
        hint = "such as utf-8, gb18030, cp1252 or shift_jis"
        raise UsageError(f"unknown encoding {encoding!r}", hint) from None
    except ValueError as error:
        where = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        shown = (said or encoding or "utf-8").upper().removesuffix("-SIG")
        hint = f"it looks like {_looks_like(data)}: --encoding, or encoding: in its mapping"
        raise UsageError(f"{name!r} is not {shown}{where}", hint) from None


def _looks_like(data: bytes) -> str:
    """What bytes that are not UTF-8 are likely to be: Chinese where most that is not ASCII is."""
    try:
        text = data[: 2**20].decode("gb18030", errors="strict" if len(data) < 2**20 else "ignore")
    except UnicodeDecodeError:
        return "cp1252"
    foreign = [sign for sign in text if not sign.isascii()]
    common = sum("一" <= sign <= "龥" for sign in foreign)
    return "gb18030" if common * 10 > len(foreign) * 8 and common > 1 else "cp1252"


def rows_in(text: str, name: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of delimited text with the lines they end on; UsageError where quotes go wrong."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in lines:
            yield lines.line_num, cells
    except csv.Error as error:
        where = f"{name}:{lines.line_num}"
        raise UsageError(f"{where}: {error}", "quote cells that hold quotes") from None


def delimited(name: str, text: str, header: int = 0, delimiter: str = "") -> Table:
    """Text as a table; the delimiter is the one that gives most rows the most columns."""

    def columns(mark: str) -> int:
        try:
            widths = sorted(len(row) for _, row in islice(rows_in(text, name, mark), 30) if row)
        except UsageError:
            return 0
        return widths[len(widths) // 2] if widths else 0

    mark = delimiter or max(_DELIMITERS, key=columns)
    return headed(name, lambda: rows_in(text, name, mark), header)
