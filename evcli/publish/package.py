"""Writes a package: every file of it, or none, and what the package says of itself.

``datapackage.json`` follows the Data Package specification, version 1, which its readers know
best; ``metadata.json`` is for Datasette.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

from evcli.errors import UsageError, check_one_of
from evcli.files import whole_folder
from evcli.model.answer import Column, HumanColumn, Kind, View, views_of
from evcli.model.field import Field
from evcli.publish import writers
from evcli.version import __version__

if TYPE_CHECKING:
    from evcli.model.vocabulary import Vocabulary
    from evcli.publish.contents import Contents, PackageTable


README, DATAPACKAGE = "README.md", "datapackage.json"
SQLITE, METADATA = "record.sqlite", "metadata.json"
CREATOR = "evcli"  # the property by which evcli knows a package of its own
LICENCE = "CC-BY-4.0"
_LICENCE_TITLE = "Creative Commons Attribution 4.0"
_LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
_PARQUET_TABLES = ("figures", "facts", "series", "sources")
PACKAGE_COLUMNS = (
    Column("name", shown=HumanColumn("file")),
    Column("rows", Kind.NUMBER, shown=HumanColumn("rows", View.NUMBER)),
    Column("bytes", Kind.NUMBER, shown=HumanColumn("bytes", View.NUMBER)),
    Column("sha256"),
)
PACKAGE_VIEWS = (*views_of(PACKAGE_COLUMNS), HumanColumn("holds", fields=("holds",), optional=1))


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
        check_one_of("format of a package", each, FORMATS)
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
            made(file_name(each), each.description, len(each.rows), writers.csv_text(each))
            for each in contents.tables
        ]
        more: list[PackageFile] = []
        by_name = {table.name: table for table in contents.tables}
        for name in _PARQUET_TABLES if "parquet" in formats else ():
            table, file = by_name[name], f"{name}.parquet"
            writers.write_parquet(target / file, table)
            more.append(made(file, table.description, len(table.rows)))
        if "sdmx-csv" in formats:
            text, count = writers.sdmx_csv_text(contents.figures, by_name["figures"], words)
            structure = writers.structure_text(contents.newest)
            more.append(made(writers.SDMX_CSV, "The dated figures as SDMX-CSV 2.0.", count, text))
            about = "Their data structure as SDMX-ML 3.0."
            more.append(made(writers.SDMX_STRUCTURE, about, text=structure))
        writers.write_sqlite(target / SQLITE, contents.tables)
        readme = readme_text(contents, [each.name for each in more])
        columns = datapackage_text(contents, tables)
        metadata = metadata_text(contents)
        return [
            made(README, "What the package is, and how to cite it.", text=readme),
            made(DATAPACKAGE, "What every column of every table means.", text=columns),
            *tables,
            *more,
            made(SQLITE, "All tables in one database."),
            made(METADATA, "What Datasette says of the database.", text=metadata),
        ]


def title(contents: Contents) -> str:
    """What the package is called."""
    what = "Figures of fact files" if contents.added else "China's electric vehicles abroad"
    return f"{what}, a selection: {contents.selection}" if contents.selection else what


def terms(contents: Contents) -> str:
    """Under which terms the package may be used; evcli cannot speak for packs of others."""
    ours = f"[{_LICENCE_TITLE}]({_LICENCE_URL}) ({LICENCE})"
    if not contents.added:
        return ours
    return f"the built-in facts are under {ours}, those of added packs under their authors' terms"


def quotation(contents: Contents) -> str:
    """One line that names all that another needs to find the same figures."""
    newest = f", newest source {contents.newest}" if contents.newest else ""
    as_of = f", as published by {contents.as_of}" if contents.as_of else ""
    made = f"evcli {__version__}, record {contents.digest[:12]}{newest}{as_of}"
    if contents.added:
        return f"{title(contents)}. Made with {made}, with packs added to the built-in facts."
    return f"The evcli authors: {title(contents)}. {made}. {LICENCE}."


def readme_text(contents: Contents, more: Iterable[str]) -> str:
    """What the package is, how to read it and how to cite it; *more* are its other files."""
    template = Template(Path(__file__).with_name("package_readme.md").read_text("utf-8"))
    return template.substitute(
        title=title(contents),
        selection=f" It is a selection: `{contents.selection}`." if contents.selection else "",
        version=__version__,
        digest=contents.digest,
        newest=contents.newest or "none is dated",
        as_of=f" Only what was published by {contents.as_of}." if contents.as_of else "",
        terms=terms(contents),
        quotation=quotation(contents),
        tables="\n".join(
            f"| [{file_name(each)}]({file_name(each)}) | {len(each.rows)} | {each.description} |"
            for each in contents.tables
        ),
        others="\n".join(f"- [{file}]({file})" for file in more),
    )


# those that are no texts
_TYPES: Mapping[Kind, str] = {
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
    descriptor: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "evcli-selection" if selection else "evcli-record",
        "title": title(contents),
        "description": (
            "Every number with its period, unit, definition, source and the bounds that its own "
            f"wording allows. Cite as: {quotation(contents)}"
        ),
        "version": __version__,
        "keywords": ["electric vehicles", "China", "exports", "statistics", "provenance"],
        "licenses": [{"name": LICENCE, "title": _LICENCE_TITLE, "path": _LICENCE_URL}],
        "contributors": [{"title": "The evcli authors", "role": "author"}],
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


def file_name(table: PackageTable) -> str:
    """The CSV file of a table."""
    return f"{table.name}.csv"


def _resource(table: PackageTable, file: PackageFile, names: Collection[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": list(map(_field, table.fields)), "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    own = {table.name: ""}  # by the specification a table names itself by the empty text
    foreign = [
        {"fields": [name], "reference": {"resource": own.get(to, to), "fields": ["id"]}}
        for name, to in ((each.name, each.refers_to) for each in table.fields)
        if to in names
    ]
    schema |= {"foreignKeys": foreign} if foreign else {}
    return {
        "name": table.name.replace("_", "-"),
        "path": file.name,
        "profile": "tabular-data-resource",
        "title": table.name.replace("_", " ").capitalize(),
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True},
        "schema": schema,
    }


def _field(field: Field) -> dict[str, Any]:
    type_ = _TYPES.get(field.type, "string")
    described = {"name": field.name, "type": type_, "description": field.description}
    constraints: dict[str, Any] = {"required": True} if field.filled else {}
    constraints |= {"enum": list(field.choices)} if field.choices else {}
    return described | ({"constraints": constraints} if constraints else {})


def metadata_text(contents: Contents) -> str:
    """``metadata.json`` for Datasette: titles, terms, and what every column means."""
    known = {} if contents.added else {"license": LICENCE, "license_url": _LICENCE_URL}
    tables: dict[str, dict[str, Any]] = {}
    for table in contents.tables:
        columns = {field.name: field.description for field in table.fields}
        about = tables[table.name] = {"description": table.description, "columns": columns}
        if table.key:
            about["sort"] = table.key[0]
        if label := next((name for name in ("title", "name") if name in columns), ""):
            about["label_column"] = label
    metadata = {
        "title": title(contents),
        "description": quotation(contents),
        **known,
        "databases": {Path(SQLITE).stem: {**known, "tables": tables}},
    }
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"
