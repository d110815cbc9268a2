"""Periods as people type them on a command line.

>>> str(parse_period_query("2025h1")), str(parse_period_query("2025-01..05"))
('2025-H1', '2025-01/2025-05')
>>> str(parse_period_query("may-2025")), str(parse_period_query("2025 Q3"))
('2025-05', '2025-Q3')
"""

from __future__ import annotations

import re

from evcli.model.period import UNDATED, Period, PeriodError, parse_period

LATEST = "latest"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NAMED = r"(?:([a-z]+)[ -](\d{4})|(\d{4})[ -]([a-z]+))"
_SHORT = r"(\d{4})[ -]?([hq])([0-9])"
_DOTS = r"(\d{4})-(\d{2})\.\.(?:(\d{4})-)?(\d{2})"
_YEARS = r"(\d{4})\.\.(\d{4})"
_WRITTEN = r"\d{4}[0-9hq/-]*"  # near enough for parse_period to say what is wrong


def parse_period_query(text: str) -> Period:
    """Read a period typed by a person; PeriodError where it is none.

    Everything that fact files may write is understood, and also ``2025H1``, ``2025Q3``,
    ``2025-01..05``, ``2023..2025`` and ``may-2025``, in any case.
    """
    folded = text.strip().casefold()
    try:
        return _lenient(folded if folded == UNDATED else folded.upper())
    except PeriodError as error:
        as_written = error
    if match := re.fullmatch(_NAMED, folded):
        year, name = (match[2], match[1]) if match[1] else (match[3], match[4])
        names = _LONG if name in _LONG else _MONTHS
        if name in names:
            return _lenient(f"{year}-{names.index(name) + 1:02d}")
    if match := re.fullmatch(_SHORT, folded):
        return _lenient(f"{match[1]}-{match[2].upper()}{match[3]}")
    if match := re.fullmatch(_DOTS, folded):
        return _lenient(f"{match[1]}-{match[2]}/{match[3] or match[1]}-{match[4]}")
    if match := re.fullmatch(_YEARS, folded):
        return _lenient(f"{match[1]}/{match[2]}")
    if re.fullmatch(_WRITTEN, folded):
        raise as_written
    raise PeriodError(
        f"{text!r} is no period: try 2025, 2025-H1, 2025-Q3, 2025-05, 2025-01..05 or may-2025"
    )


def _lenient(text: str) -> Period:
    # a person may ask for any year: nothing is known of 1066, which is an answer
    return parse_period(text, first_year=1)
