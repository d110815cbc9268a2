"""An answer as a workbook for spreadsheets: its rows, its sources, and what to know of it.

Numbers are numbers with the fifteen digits that spreadsheets have, bounds rounded outward; texts
are texts and never formulas. The same answer gives the same bytes: no clock is asked.
"""

import io
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from evcli.errors import UsageError
from evcli.model.answer import Answer, Column, Kind, Rounding
from evcli.render import encoded
from evcli.text.numbers import digits, plain, scaled

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_MOST_ROWS, _WIDEST = 1_048_575, 400  # below the names; pixels of a column
_LONGEST, _LONGEST_LINK = 32_767, 2_079  # signs in a cell
_DIGITS, _DECIMALS = 15, 4  # that are kept, and shown at most


def workbook(answer: Answer, sources: Answer, about: Mapping[str, str], day: str) -> bytes:
    """The file: a sheet of the *answer*, one of the *sources*, one of what there is to know *about*
    it, with what each column means. *day* (ISO 8601) is when it says that it was made.

    Raises UsageError where XlsxWriter is not installed, and for more rows than a sheet has.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise UsageError("a workbook needs XlsxWriter", 'pip install "evcli[xlsx]"') from None
    if len(answer.rows) > _MOST_ROWS:
        raise UsageError(f"a sheet has room for {_MOST_ROWS:,} rows", "--limit, or write .csv")
    meant = {f"{column.name}:": column.description for column in answer.columns}
    told = [{"about": name, "text": text} for name, text in {**about, **meant}.items() if text]
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.fromisoformat(day), "title": about.get("title")})
        formats: dict[str, Any] = {}
        _write(book, "Answer", answer, formats)
        if sources.rows:
            _write(book, "Sources", sources, formats)
        _write(book, "About", Answer((Column("about"), Column("text")), told), formats)
    return file.getvalue()


def _write(book: "Workbook", name: str, answer: Answer, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(name)
    bold = formats.setdefault("", book.add_format({"bold": True}))
    for at, column in enumerate(answer.columns):
        sheet.write_string(0, at, column.name, bold)
    for number, row in enumerate(answer.rows, 1):
        for at, column in enumerate(answer.columns):
            value = row.get(column.name)
            text = encoded(plain(value)).decode()
            is_page = column.name == "url" and text.startswith(("https://", "http://"))
            is_link = is_page and len(text) <= _LONGEST_LINK
            if isinstance(value, bool):
                sheet.write_boolean(number, at, value)
            elif isinstance(value, (int, Fraction)):
                shown = _shown(value, column)
                if shown not in formats:
                    formats[shown] = book.add_format({"num_format": shown})
                sheet.write_number(number, at, _kept(value, column.rounding), formats[shown])
            elif text and not (is_link and sheet.write_url(number, at, text, string=text) == 0):
                sheet.write_string(number, at, text[:_LONGEST])
    sheet.freeze_panes(1, 0)
    if answer.rows:
        sheet.autofilter(0, 0, len(answer.rows), len(answer.columns) - 1)
    sheet.autofit(_WIDEST)


def _shown(value: int | Fraction, column: Column) -> str:
    """The format of a number: its own decimals, and of a change its sign.

    >>> _shown(1200, Column("a", Kind.NUMBER)), _shown(Fraction("64.6"), Column("a", Kind.CHANGE))
    ('#,##0', '+#,##0.0;-#,##0.0;0.0')
    """
    decimals = min(_DECIMALS, len(digits(value).partition(".")[2]))
    zero = "0." + "0" * decimals if decimals else "0"
    return f"+#,##{zero};-#,##{zero};{zero}" if column.kind is Kind.CHANGE else f"#,##{zero}"


def _kept(value: int | Fraction, rounding: Rounding) -> float:
    """The number with as many digits as a spreadsheet has, a bound rounded outward.

    >>> _kept(12345678901234567, Rounding.DOWN), _kept(Fraction(1, 3), Rounding.UP)
    (1.23456789012345e+16, 0.333333333334)
    """
    exact = Fraction(digits(value, rounding))
    places = _DIGITS - len(str(abs(int(exact))))
    return float(scaled(exact, places, rounding) / Fraction(10) ** places)
