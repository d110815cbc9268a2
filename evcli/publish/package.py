r"""Writes a package: every file of it, or none, and what the package says of itself.

CSV; Parquet and the dated figures as SDMX-CSV 2.0, with the data structure that its readers need
(SDMX-ML 3.0), where they are asked for. ``datapackage.json`` follows the Data Package
specification, version 1, which its readers know best.

>>> from evcli.publish.contents import PackageTable
>>> cells = (Field("id", "Its name."), Field("at", "Where.", type=Kind.TEXTS))
>>> csv_text(PackageTable("facts", "Facts", cells, rows=({"id": "a", "at": ("p1", "p 2")},)))
'id,at\na,"[""p1"", ""p 2""]"\n'
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from evcli.errors import UsageError, check_one_of
from evcli.files import whole_folder
from evcli.model.answer import Answer, Column, Kind, Row, Value
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.records import Status
from evcli.model.vocabulary import SubjectKind, Vocabulary
from evcli.publish.references import RIGHTS
from evcli.render.machine import csv_lines
from evcli.schema.records import Field
from evcli.text.numbers import double, plain
from evcli.tuples import NamedTuple
from evcli.version import __version__

if TYPE_CHECKING:
    from evcli.publish.contents import Contents, PackageTable

README, DATAPACKAGE = "README.md", "datapackage.json"
CREATOR = "evcli"  # the property by which evcli knows a package of its own
# what ``datapackage.json`` says of every package and of every table
_SAID: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("descriptor.json").read_text("utf-8")
)
LICENCE, _LICENCE_TITLE, _LICENCE_URL = _SAID["package"]["licenses"][0].values()
_PARQUET_TABLES = ("figures", "facts", "series", "sources")


class PackageFile(NamedTuple):
    """A file of the package."""

    name: str
    rows: int | None  # None where it holds none of its own
    bytes: int
    sha256: str
    holds: str


FORMATS = ("parquet", "sdmx-csv")  # what a package may hold besides CSV


def check_formats(formats: Collection[str]) -> None:
    """UsageError for an unknown format, and for one whose library is not installed."""
    for each in formats:
        check_one_of("format of a package", each, FORMATS)
    if "parquet" in formats and importlib.util.find_spec("pyarrow") is None:
        raise UsageError("Parquet needs pyarrow", 'pip install "evcli[package]"')


def write_package(
    folder: Path, contents: Contents, words: Vocabulary, formats: Collection[str] = ()
) -> list[PackageFile]:
    """Write the package to *folder*, which holds nothing yet, whole or not at all: its files.

    UsageError where something is there, OutputError where it cannot be written.
    """
    with whole_folder(folder) as target:

        def made(name: str, holds: str, rows: int | None = None, text: str = "") -> PackageFile:
            """The file of that name, once *text* is written to it where there is some."""
            if text:
                (target / name).write_text(text, encoding="utf-8", newline="\n")
            data = (target / name).read_bytes()
            return PackageFile(name, rows, len(data), hashlib.sha256(data).hexdigest(), holds)

        tables = [
            made(f"{each.name}.csv", each.description, len(each.rows), csv_text(each))
            for each in contents.tables
        ]
        more: list[PackageFile] = []
        by_name = {table.name: table for table in contents.tables}
        for name in _PARQUET_TABLES if "parquet" in formats else ():
            table, file = by_name[name], f"{name}.parquet"
            write_parquet(target / file, table)
            more.append(made(file, table.description, len(table.rows)))
        if "sdmx-csv" in formats:
            text, count = sdmx_csv_text(contents.figures, by_name["figures"], words)
            template = Path(__file__).with_name(SDMX_STRUCTURE).read_text("utf-8")
            structure = template.replace(_NO_DAY, contents.newest or _NO_DAY)
            more.append(made(SDMX_CSV, "The dated figures as SDMX-CSV 2.0.", count, text))
            about = "Their data structure as SDMX-ML 3.0."
            more.append(made(SDMX_STRUCTURE, about, text=structure))
        readme = readme_text(contents, [*tables, *more])
        columns = datapackage_text(contents, tables)
        return [
            made(README, "What the package is, and how to cite it.", text=readme),
            made(DATAPACKAGE, "What every column of every table means.", text=columns),
            *tables,
            *more,
        ]


def title(contents: Contents) -> str:
    """What the package is called."""
    what = "Figures of fact files" if contents.added else "China's electric vehicles abroad"
    return f"{what}, a selection: {contents.selection}" if contents.selection else what


def quotation(contents: Contents) -> str:
    """One line that names all that another needs to find the same figures."""
    as_of = f", as published by {contents.as_of}" if contents.as_of else ""
    made = f"evcli {__version__}, {contents.record}{as_of}"
    if contents.added:
        return f"{title(contents)}. Made with {made}, with packs added to the built-in facts."
    return f"The evcli authors: {title(contents)}. {made}. {LICENCE}."


def readme_text(contents: Contents, files: Iterable[PackageFile]) -> str:
    """What the package is, how to read it and how to cite it; *files* are those of its tables."""
    # evcli cannot speak for packs of others
    terms = f"[{_LICENCE_TITLE}]({_LICENCE_URL}) ({LICENCE})"
    if contents.added:
        terms = f"built-in facts under {terms}, those of added packs under their authors' terms"
    template = Template(Path(__file__).with_name("package_readme.md").read_text("utf-8"))
    return template.substitute(
        title=title(contents),
        selection=f" It is a selection: `{contents.selection}`." if contents.selection else "",
        version=__version__,
        record=contents.record,
        digest=contents.digest,
        newest=contents.newest or "none is dated",
        as_of=f" Only what was published by {contents.as_of}." if contents.as_of else "",
        terms=f"{terms}. {RIGHTS}",
        quotation=quotation(contents),
        files="\n".join(
            f"| [{each.name}]({each.name}) | {plain(each.rows)} | {each.holds} |" for each in files
        ),
    )


# those that are no texts
_SCHEMA_TYPES: Mapping[Kind, str] = {
    Kind.NUMBER: "number",
    Kind.FLAG: "boolean",
    Kind.DAY: "date",
    Kind.TEXTS: "array",
}


def datapackage_text(contents: Contents, files: Sequence[PackageFile]) -> str:
    """The descriptor; *files* are those of the tables, one each.

    It is dated by the newest source and not by the clock: the same record gives the same bytes.
    """
    names = {table.name for table in contents.tables}
    selection, as_of = contents.selection, contents.as_of
    descriptor = _SAID["package"] | {
        "name": "evcli-selection" if selection else "evcli-record",
        "title": title(contents),
        "description": f"{_SAID['package']['description']} {quotation(contents)} {RIGHTS}",
        "version": __version__,
        "sources": [
            {"title": f"{each.title} ({each.outlet})"}
            | ({"path": each.url} if each.url.startswith("http") else {})
            for each in contents.sources
        ],
        CREATOR: {"record": contents.digest, "selection": selection, "as_of": as_of},
        "resources": [_resource(*each, names) for each in zip(contents.tables, files, strict=True)],
    }
    if contents.newest:
        descriptor["created"] = f"{contents.newest}T00:00:00Z"
    if not contents.sources:
        del descriptor["sources"]  # the specification wants one at least
    if contents.added:
        del descriptor["licenses"]
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"


def _resource(table: PackageTable, file: PackageFile, names: Collection[str]) -> dict[str, Any]:
    fields: list[dict[str, Any]] = []
    for each in table.fields:
        type_ = _SCHEMA_TYPES.get(each.type, "string")
        fields.append({"name": each.name, "type": type_, "description": each.description})
        constraints: dict[str, Any] = {"required": True} if each.filled else {}
        constraints |= {"enum": list(each.choices)} if each.choices else {}
        fields[-1] |= {"constraints": constraints} if constraints else {}
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    own = {table.name: ""}  # by the specification a table names itself by the empty text
    foreign = [
        {"fields": [e.name], "reference": {"resource": own.get(to, to), "fields": ["id"]}}
        for e in table.fields
        if (to := e.refers_to) in names
    ]
    schema |= {"foreignKeys": foreign} if foreign else {}
    return _SAID["resource"] | {
        "name": table.name.replace("_", "-"),
        "path": file.name,
        "title": table.name.replace("_", " ").capitalize(),
        "description": table.description,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": schema,
    }


def csv_text(table: PackageTable) -> str:
    """The whole file, its numbers as in every answer: bounds are rounded outward.

    Ids stand in one cell with spaces between them; texts that may hold spaces are a JSON array.
    """

    def cell(field: Field, value: Value) -> Value:
        is_array = field.type is Kind.TEXTS and isinstance(value, tuple) and value
        return json.dumps(value, ensure_ascii=False) if is_array else value

    columns = tuple(Column(each.name, each.type, each.rounding) for each in table.fields)
    rows = [{e.name: cell(e, row.get(e.name)) for e in table.fields} for row in table.rows]
    return "".join(csv_lines(Answer(columns, rows)))


def write_parquet(path: Path, table: PackageTable) -> None:
    """Write *table* to *path*; numbers are doubles that read as in the CSV file, or outward of it.

    Empty cells are null and lists are lists; every column carries its description.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        Kind.NUMBER: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.DAY: pa.date32(),
        Kind.TEXT: pa.string(),
        **dict.fromkeys((Kind.LIST, Kind.TEXTS), pa.list_(pa.string())),
    }
    schema = pa.schema(
        pa.field(each.name, types[each.type], metadata={"description": each.description})
        for each in table.fields
    )
    rows = [{each.name: _parquet_cell(each, row) for each in table.fields} for row in table.rows]
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")


def _parquet_cell(field: Field, row: Row) -> object:
    value = row.get(field.name)
    if value is None or value == "":
        return [] if field.type in (Kind.LIST, Kind.TEXTS) else None
    if field.type is Kind.DAY:
        return date.fromisoformat(str(value))
    if field.type is Kind.NUMBER and isinstance(value, (int, Fraction)):
        return double(value, field.rounding)
    return value


SDMX_CSV = "figures.sdmx.csv"
SDMX_STRUCTURE = "figures.structure.xml"  # also what its template beside this module is called
_COLUMNS = """
STRUCTURE STRUCTURE_ID ACTION SERIES RIVAL REF_AREA COUNTERPART_AREA SUBJECT INDICATOR SCOPE
PUBLISHER METHOD UNIT_MEASURE TIME_PERIOD OBS_VALUE LOW HIGH QUALIFIER BASIS OBS_STATUS SOURCES
COMMENT_OBS
"""
_NOT_APPLICABLE, _UNKNOWN = "_Z", "_U"
_MISSING = "NaN"  # how SDMX-CSV writes a number that is not there
_STATUS = {Status.NORMAL: "A", Status.ESTIMATED: "E", Status.PROVISIONAL: "P", Status.FORECAST: "F"}
_NO_DAY = "1970-01-01"


def sdmx_csv_text(
    figures: Iterable[Figure], table: PackageTable, words: Vocabulary
) -> tuple[str, int]:
    """The file, and how many figures stand in it: undated ones have no place in SDMX.

    *table* holds the rows of *figures*, whose numbers are written as there.
    """
    rounding = {field.name: field.rounding for field in table.fields}
    rows: list[Row] = []
    rivals: Counter[tuple[str, Period]] = Counter()
    for figure, row in zip(figures, table.rows, strict=True):
        series = figure.series
        if figure.period.is_undated:
            continue
        rivals[key := (series.id, figure.period)] += 1
        cells = {name: plain(row.get(name), way) for name, way in rounding.items()}
        subject = words.subjects.get(series.subject)
        country = subject is not None and subject.kind is SubjectKind.COUNTRY
        # many are columns of figures, too
        said = {name: cells.get(name.lower(), "") for name in _COLUMNS.split()} | {
            "STRUCTURE": "datastructure",
            "STRUCTURE_ID": "EVCLI:FIGURES(1.0)",
            "ACTION": "I",
            "RIVAL": str(rivals[key]),
            "REF_AREA": series.subject if country else _NOT_APPLICABLE,
            "COUNTERPART_AREA": series.destination,
            "INDICATOR": series.metric,
            "METHOD": series.method or _UNKNOWN,
            "UNIT_MEASURE": figure.unit,
            "TIME_PERIOD": time_period(figure.period),
            "OBS_VALUE": cells["value"] or _MISSING,
            "OBS_STATUS": _STATUS[Status(figure.status)],
            "COMMENT_OBS": cells["note"],
        }
        rows.append({name: " ".join(text.split()) for name, text in said.items()})  # of one line
    columns = tuple(map(Column, _COLUMNS.split()))
    return "".join(csv_lines(Answer(columns, rows))), len(rows)


def time_period(period: Period) -> str:
    """A dated period in the notation of SDMX, 2025-S1; what is no calendar window is a start and a
    length, 2025-01-01/P5M. ValueError for an undated one.
    """
    if period.start is None or period.end is None:
        raise ValueError("an undated period has no notation")
    if period.window in (Window.DAY, Window.MONTH, Window.QUARTER, Window.HALF, Window.YEAR):
        return str(period).replace("H", "S")
    months = period.months
    length = f"P{months}M" if months is not None else f"P{(period.end - period.start).days}D"
    return f"{period.start.isoformat()}/{length}"
