"""Writes a package: every file of it, or none."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from evcli.errors import UsageError
from evcli.files import whole_folder
from evcli.model.answer import Answer, Column, HumanColumn, Kind, Row, View
from evcli.model.vocabulary import Vocabulary
from evcli.publish import datapackage, readme, sdmx, writers
from evcli.publish.contents import Contents
from evcli.publish.formats import FORMATS, PARQUET, SDMX_CSV

_PARQUET_TABLES = ("figures", "facts", "series", "sources")
PACKAGE_COLUMNS = (
    Column("name"),
    Column("rows", Kind.NUMBER),
    Column("bytes", Kind.NUMBER),
    Column("sha256"),
)
_PACKAGE_VIEWS = (
    HumanColumn("file", View.TEXT, ("name",)),
    HumanColumn("rows", View.NUMBER, ("rows",)),
    HumanColumn("bytes", View.NUMBER, ("bytes",)),
    HumanColumn("holds", View.TEXT, ("holds",), optional=1),
)


class Written(NamedTuple):
    """A file of the package; ``rows`` is None where it holds none of its own."""

    name: str
    rows: int | None
    bytes: int
    sha256: str
    holds: str


class _File(NamedTuple):
    rows: int | None
    holds: str


def check_formats(formats: Collection[str]) -> None:
    """UsageError for a format that is none, and for one whose library is not installed."""
    for each in formats:
        if each not in FORMATS:
            raise UsageError.one_of("format of a package", each, FORMATS)
    if PARQUET in formats and importlib.util.find_spec("pyarrow") is None:
        raise UsageError("Parquet needs pyarrow", 'pip install "evcli[package]"')


def write_package(
    folder: Path, contents: Contents, words: Vocabulary, formats: Collection[str] = ()
) -> list[Written]:
    """Write the package to *folder*, which holds nothing yet, whole or not at all.

    *formats* are those of :mod:`evcli.publish.formats` that are wanted besides CSV and SQLite.

    Returns its files in order. UsageError where something is there, OutputError where it cannot
    be written.
    """
    with whole_folder(folder) as target:
        tables = _csv_files(target, contents)
        sizes = {name: _size(target / name) for name in tables}
        descriptor = datapackage.datapackage_text(contents, sizes)
        _text(target / datapackage.NAME, descriptor)
        writers.write_sqlite(target / writers.SQLITE, contents.tables)
        _text(target / writers.METADATA, writers.metadata_text(contents))
        more = _more(target, contents, words, formats)
        _text(target / readme.NAME, readme.readme_text(contents, more))
        files = {
            readme.NAME: _File(None, "What the package is, and how to cite it."),
            datapackage.NAME: _File(None, "What every column of every table means."),
            **tables,
            **more,
            writers.SQLITE: _File(None, "All tables in one database."),
            writers.METADATA: _File(None, "What Datasette says of the database."),
        }
        return [
            Written(name, each.rows, *_size(target / name), each.holds)
            for name, each in files.items()
        ]


def package_answer(written: Collection[Written]) -> Answer:
    """The files as rows."""
    rows: list[Row] = [each._asdict() for each in written]
    return Answer(PACKAGE_COLUMNS, rows, _PACKAGE_VIEWS)


def _csv_files(target: Path, contents: Contents) -> dict[str, _File]:
    found: dict[str, _File] = {}
    for table in contents.tables:
        name = datapackage.file_name(table)
        _text(target / name, writers.csv_text(table))
        found[name] = _File(len(table.rows), table.description)
    return found


def _more(
    target: Path, contents: Contents, words: Vocabulary, formats: Collection[str]
) -> dict[str, _File]:
    """The files of the formats asked for besides."""
    tables = {table.name: table for table in contents.tables}
    found: dict[str, _File] = {}
    for each in _PARQUET_TABLES if PARQUET in formats else ():
        name = f"{each}.parquet"
        writers.write_parquet(target / name, tables[each])
        found[name] = _File(len(tables[each].rows), tables[each].description)
    if SDMX_CSV in formats:
        text, count = sdmx.sdmx_csv_text(contents.figures, tables["figures"], words)
        _text(target / sdmx.NAME, text)
        _text(target / sdmx.STRUCTURE, sdmx.structure_text(contents.newest))
        found[sdmx.NAME] = _File(count, "The dated figures as SDMX-CSV 2.0.")
        found[sdmx.STRUCTURE] = _File(None, "Their data structure as SDMX-ML 3.0.")
    return found


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _size(path: Path) -> tuple[int, str]:
    data = path.read_bytes()
    return len(data), hashlib.sha256(data).hexdigest()
