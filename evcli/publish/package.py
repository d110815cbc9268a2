"""Writes a package: every file of it, or none."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from evcli.errors import UsageError
from evcli.files import whole_folder
from evcli.model.answer import Answer, Column, HumanColumn, Kind, View, views_of
from evcli.publish import description, writers

if TYPE_CHECKING:
    from evcli.model.vocabulary import Vocabulary
    from evcli.publish.contents import Contents

_PARQUET_TABLES = ("figures", "facts", "series", "sources")
PACKAGE_COLUMNS = (
    Column("name", shown=HumanColumn("file")),
    Column("rows", Kind.NUMBER, shown=HumanColumn("rows", View.NUMBER)),
    Column("bytes", Kind.NUMBER, shown=HumanColumn("bytes", View.NUMBER)),
    Column("sha256"),
)
_PACKAGE_VIEWS = (*views_of(PACKAGE_COLUMNS), HumanColumn("holds", fields=("holds",), optional=1))


class PackageFile(NamedTuple):
    """A file of the package; ``rows`` is None where it holds none of its own."""

    name: str
    rows: int | None
    bytes: int
    sha256: str
    holds: str


# rows, and what they are
_File = tuple[int | None, str]


def _parquet(folder: Path, contents: Contents, _words: Vocabulary) -> dict[str, _File]:
    tables = {table.name: table for table in contents.tables}
    found: dict[str, _File] = {}
    for name in _PARQUET_TABLES:
        writers.write_parquet(folder / f"{name}.parquet", tables[name])
        found[f"{name}.parquet"] = (len(tables[name].rows), tables[name].description)
    return found


def _sdmx_csv(folder: Path, contents: Contents, words: Vocabulary) -> dict[str, _File]:
    from evcli.publish import sdmx

    figures = next(table for table in contents.tables if table.name == "figures")
    text, count = sdmx.sdmx_csv_text(contents.figures, figures, words)
    _write(folder / sdmx.NAME, text)
    _write(folder / sdmx.STRUCTURE, sdmx.structure_text(contents.newest))
    return {
        sdmx.NAME: (count, "The dated figures as SDMX-CSV 2.0."),
        sdmx.STRUCTURE: (None, "Their data structure as SDMX-ML 3.0."),
    }


# every format that a package may hold besides CSV and SQLite: what writes its files
FORMATS: Mapping[str, Callable[[Path, Contents, Vocabulary], dict[str, _File]]] = {
    "parquet": _parquet,
    "sdmx-csv": _sdmx_csv,
}


def check_formats(formats: Collection[str]) -> None:
    """UsageError for an unknown format, and for one whose library is not installed."""
    for each in formats:
        if each not in FORMATS:
            raise UsageError.one_of("format of a package", each, tuple(FORMATS))
    if "parquet" in formats and importlib.util.find_spec("pyarrow") is None:
        raise UsageError("Parquet needs pyarrow", 'pip install "evcli[package]"')


def write_package(
    folder: Path, contents: Contents, words: Vocabulary, formats: Collection[str] = ()
) -> list[PackageFile]:
    """Write the package to *folder*, which holds nothing yet, whole or not at all.

    *formats* are those of :data:`FORMATS` that are wanted besides CSV and SQLite.
    Returns its files in order. UsageError where something is there, OutputError where it cannot
    be written.
    """
    with whole_folder(folder) as target:
        tables: dict[str, _File] = {}
        for table in contents.tables:
            name = description.file_name(table)
            _write(target / name, writers.csv_text(table))
            tables[name] = (len(table.rows), table.description)
        sizes = {name: _size(target / name) for name in tables}
        _write(target / description.DATAPACKAGE, description.datapackage_text(contents, sizes))
        writers.write_sqlite(target / description.SQLITE, contents.tables)
        _write(target / description.METADATA, description.metadata_text(contents))
        more: dict[str, _File] = {}
        for each, write in FORMATS.items():
            if each in formats:
                more |= write(target, contents, words)
        _write(target / description.README, description.readme_text(contents, more))
        files: dict[str, _File] = {
            description.README: (None, "What the package is, and how to cite it."),
            description.DATAPACKAGE: (None, "What every column of every table means."),
            **tables,
            **more,
            description.SQLITE: (None, "All tables in one database."),
            description.METADATA: (None, "What Datasette says of the database."),
        }
        return [
            PackageFile(name, rows, *_size(target / name), holds)
            for name, (rows, holds) in files.items()
        ]


def package_answer(written: Collection[PackageFile]) -> Answer:
    """The files as rows."""
    return Answer(PACKAGE_COLUMNS, [each._asdict() for each in written], _PACKAGE_VIEWS)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _size(path: Path) -> tuple[int, str]:
    data = path.read_bytes()
    return len(data), hashlib.sha256(data).hexdigest()
