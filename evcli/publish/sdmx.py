"""Figures as SDMX-CSV 2.0, with the data structure that its readers need as SDMX-ML 3.0.

>>> from evcli.model.period import parse_period
>>> [time_period(parse_period(each)) for each in ("2025-H1", "2025-Q3", "2025-01/2025-05")]
['2025-S1', '2025-Q3', '2025-01-01/P5M']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from evcli.model.answer import Answer, Column, Row
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.records import Status
from evcli.model.vocabulary import SubjectKind, Vocabulary
from evcli.publish.contents import PackageTable
from evcli.render.delimited import csv_lines
from evcli.text.numbers import plain

NAME = "figures.sdmx.csv"
STRUCTURE = "figures.structure.xml"  # also what its template beside this module is called
_COLUMNS = """
STRUCTURE STRUCTURE_ID ACTION SERIES RIVAL REF_AREA COUNTERPART_AREA SUBJECT INDICATOR SCOPE
PUBLISHER METHOD UNIT_MEASURE TIME_PERIOD OBS_VALUE LOW HIGH QUALIFIER BASIS OBS_STATUS SOURCES
COMMENT_OBS
"""
_NOT_APPLICABLE, _UNKNOWN = "_Z", "_U"
_MISSING = "NaN"  # how SDMX-CSV writes a number that is not there
_STATUS = {
    Status.NORMAL: "A",
    Status.ESTIMATED: "E",
    Status.PROVISIONAL: "P",
    Status.FORECAST: "F",
}
_NO_DAY = "1970-01-01"


def sdmx_csv_text(
    figures: Iterable[Figure], table: PackageTable, words: Vocabulary
) -> tuple[str, int]:
    """The file, and how many figures stand in it: undated ones have no place in SDMX.

    *table* holds the rows of *figures*, whose numbers are written as there.
    """
    rounding = {field.name: field.rounding for field in table.fields}
    rows = []
    rivals: Counter[tuple[str, Period]] = Counter()
    for figure, row in zip(figures, table.rows, strict=True):
        if figure.period.is_undated:
            continue
        key = (figure.series.id, figure.period)
        rivals[key] += 1
        cells = {name: plain(row.get(name), rounding[name]) for name in rounding}
        rows.append(_row(figure, cells, rivals[key], words))
    columns = tuple(map(Column, _COLUMNS.split()))
    return "".join(csv_lines(Answer(columns, rows))), len(rows)


def time_period(period: Period) -> str:
    """A dated period in the notation of SDMX; what is no calendar window is a start and a length.

    ValueError for an undated one.
    """
    if period.start is None or period.end is None:
        raise ValueError("an undated period has no notation")
    match period.window:
        case Window.HALF:
            return str(period).replace("H", "S")
        case Window.DAY | Window.MONTH | Window.QUARTER | Window.YEAR:
            return str(period)
    months = period.months
    length = f"P{months}M" if months is not None else f"P{(period.end - period.start).days}D"
    return f"{period.start.isoformat()}/{length}"


def _row(figure: Figure, cells: Mapping[str, str], rival: int, words: Vocabulary) -> Row:
    series = figure.series
    subject = words.subjects.get(series.subject)
    country = subject is not None and subject.kind is SubjectKind.COUNTRY
    row = {
        "STRUCTURE": "datastructure",
        "STRUCTURE_ID": "EVCLI:FIGURES(1.0)",
        "ACTION": "I",
        "SERIES": series.id,
        "RIVAL": str(rival),
        "REF_AREA": series.subject if country else _NOT_APPLICABLE,
        "COUNTERPART_AREA": series.destination,
        "SUBJECT": series.subject,
        "INDICATOR": series.metric,
        "SCOPE": series.scope,
        "PUBLISHER": series.publisher,
        "METHOD": series.method or _UNKNOWN,
        "UNIT_MEASURE": figure.unit,
        "TIME_PERIOD": time_period(figure.period),
        "OBS_VALUE": cells["value"] or _MISSING,
        "LOW": cells["low"],
        "HIGH": cells["high"],
        "QUALIFIER": figure.qualifier,
        "BASIS": cells["basis"],
        "OBS_STATUS": _STATUS[Status(figure.status)],
        "SOURCES": cells["sources"],
        "COMMENT_OBS": cells["note"],
    }
    return {name: " ".join(text.split()) for name, text in row.items()}  # one line a row


def structure_text(prepared: str) -> str:
    """The data structure as SDMX-ML; *prepared* is the day of the newest source, or empty."""
    text = Path(__file__).with_name(STRUCTURE).read_text("utf-8")
    return text.replace(_NO_DAY, prepared or _NO_DAY)
