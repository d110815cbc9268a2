"""Writes a package: every file of it, or none."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Collection
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


FORMATS = ("parquet", "sdmx-csv")  # what a package may hold besides CSV and SQLite


def check_formats(formats: Collection[str]) -> None:
    """UsageError for an unknown format, and for one whose library is not installed."""
    for each in formats:
        if each not in FORMATS:
            raise UsageError.one_of("format of a package", each, FORMATS)
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

        def made(name: str, holds: str, rows: int | None = None, text: str = "") -> PackageFile:
            """The file of that name, once *text* is written to it where there is some."""
            if text:
                (target / name).write_text(text, encoding="utf-8", newline="\n")
            data = (target / name).read_bytes()
            return PackageFile(name, rows, len(data), hashlib.sha256(data).hexdigest(), holds)

        tables = [
            made(
                description.file_name(each),
                each.description,
                len(each.rows),
                writers.csv_text(each),
            )
            for each in contents.tables
        ]
        sizes = {each.name: (each.bytes, each.sha256) for each in tables}
        more: list[PackageFile] = []
        by_name = {table.name: table for table in contents.tables}
        if "parquet" in formats:
            for name in _PARQUET_TABLES:
                table, file = by_name[name], f"{name}.parquet"
                writers.write_parquet(target / file, table)
                more.append(made(file, table.description, len(table.rows)))
        if "sdmx-csv" in formats:
            from evcli.publish import sdmx

            text, count = sdmx.sdmx_csv_text(contents.figures, by_name["figures"], words)
            structure = sdmx.structure_text(contents.newest)
            more.append(made(sdmx.NAME, "The dated figures as SDMX-CSV 2.0.", count, text))
            about = "Their data structure as SDMX-ML 3.0."
            more.append(made(sdmx.STRUCTURE, about, text=structure))
        writers.write_sqlite(target / description.SQLITE, contents.tables)
        readme = description.readme_text(contents, [each.name for each in more])
        columns = description.datapackage_text(contents, sizes)
        metadata = description.metadata_text(contents)
        return [
            made(description.README, "What the package is, and how to cite it.", text=readme),
            made(description.DATAPACKAGE, "What every column of every table means.", text=columns),
            *tables,
            *more,
            made(description.SQLITE, "All tables in one database."),
            made(description.METADATA, "What Datasette says of the database.", text=metadata),
        ]


def package_answer(written: Collection[PackageFile]) -> Answer:
    """The files as rows."""
    return Answer(PACKAGE_COLUMNS, [each._asdict() for each in written], _PACKAGE_VIEWS)
