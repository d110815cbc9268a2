"""``datapackage.json``: what every column of every file means, for machines and people.

It follows the Data Package specification, version 1, which its readers know best.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from evcli.model.field import CellType, Field
from evcli.publish import licence
from evcli.publish.contents import Contents
from evcli.publish.tables import PackageTable
from evcli.version import __version__

NAME = "datapackage.json"
CREATOR = "evcli"  # the property by which evcli knows a package of its own
_TYPES: Mapping[CellType, str] = {
    CellType.TEXT: "string",
    CellType.NUMBER: "number",
    CellType.FLAG: "boolean",
    CellType.DAY: "date",
    CellType.IDS: "string",
    CellType.TEXTS: "array",
}


def datapackage_text(contents: Contents, sizes: Mapping[str, tuple[int, str]]) -> str:
    """The descriptor; *sizes* are bytes and SHA-256 of every CSV file, by its name.

    It is dated by the newest source and not by the clock: the same record gives the same bytes.
    """
    names = {table.name for table in contents.tables}
    descriptor: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "evcli-selection" if contents.selection else "evcli-record",
        "title": licence.title(contents),
        "description": (
            "Every number with its period, unit, definition, source and the bounds that its own "
            f"wording allows. Cite as: {licence.quotation(contents)}"
        ),
        "version": __version__,
        "keywords": ["electric vehicles", "China", "exports", "statistics", "provenance"],
        "licenses": [{"name": licence.NAME, "title": licence.TITLE, "path": licence.URL}],
        "contributors": [{"title": "The evcli authors", "role": "author"}],
        "sources": [_source(each.title, each.outlet, each.url) for each in contents.sources],
        CREATOR: {
            "record": contents.digest,
            "selection": contents.selection,
            "as_of": contents.as_of,
        },
        "resources": [_resource(table, names, sizes) for table in contents.tables],
    }
    if contents.newest:
        descriptor["created"] = f"{contents.newest}T00:00:00Z"
    if not descriptor["sources"]:
        del descriptor["sources"]  # the specification wants one at least
    if contents.added:
        del descriptor["licenses"]
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"


def file_name(table: PackageTable) -> str:
    """The CSV file of a table."""
    return f"{table.name}.csv"


def _source(title: str, outlet: str, url: str) -> dict[str, str]:
    source = {"title": f"{title} ({outlet})"}
    return {**source, "path": url} if url else source


def _resource(
    table: PackageTable, names: Iterable[str], sizes: Mapping[str, tuple[int, str]]
) -> dict[str, Any]:
    path = file_name(table)
    size, sha256 = sizes[path]
    schema: dict[str, Any] = {
        "fields": [_field(field) for field in table.fields],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    references = [
        {
            "fields": [field.name],
            # by the specification a table names itself by the empty text
            "reference": {
                "resource": "" if field.refers_to == table.name else field.refers_to,
                "fields": ["id"],
            },
        }
        for field in table.fields
        if field.refers_to in names
    ]
    if references:
        schema["foreignKeys"] = references
    return {
        "name": table.name.replace("_", "-"),
        "path": path,
        "profile": "tabular-data-resource",
        "title": table.name.replace("_", " ").capitalize(),
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True},
        "schema": schema,
    }


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if field.filled:
        constraints["required"] = True
    if field.choices:
        constraints["enum"] = list(field.choices)
    described: dict[str, Any] = {
        "name": field.name,
        "type": _TYPES[field.type],
        "description": field.description,
    }
    return {**described, "constraints": constraints} if constraints else described
