"""Brings docs/output.schema.json up to date with the columns: ``python docs/output_schema.py``.

Names and order follow from the columns, and so does what these and ``figure_fields.toml`` say of a
field. All else (what other fields mean, a closed choice, a pattern) is written by hand and kept; a
new field has the type of its column.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import fact_schema

from evcli.loader.inventory import FILE_COLUMNS, PACK_COLUMNS, WARNING_COLUMNS
from evcli.model.answer import Column, Kind, columns_in
from evcli.model.note import NoteKind
from evcli.publish.contents import FIGURE_FIELDS
from evcli.publish.package import PACKAGE_COLUMNS
from evcli.query.ranking import TOP_COLUMNS
from evcli.query.rows import COMPARE_COLUMNS, COMPUTED_COLUMNS, FIGURE_COLUMNS

PAGE = Path(__file__).parent / "output.schema.json"
# the kinds of rows, each by the name of its definition
COLUMNS: Mapping[str, Sequence[Column]] = {
    "figure": FIGURE_COLUMNS,
    "computed": COMPUTED_COLUMNS,
    "compared": COMPARE_COLUMNS,
    "ranked": TOP_COLUMNS,
    "fact": columns_in("facts"),
    "event": columns_in("events"),
    "measure": columns_in("measures"),
    "plant": columns_in("plants"),
    "hop": columns_in("explain"),
    "hit": columns_in("find"),
    "source": columns_in("sources"),
    "document": columns_in("documents"),
    "fact_file": FILE_COLUMNS,
    "warning": WARNING_COLUMNS,
    "pack": PACK_COLUMNS,
    "finding": columns_in("findings"),
    "written": PACKAGE_COLUMNS,
    "series": columns_in("series"),
    "months": columns_in("coverage"),
    "change": columns_in("changes"),
}
_NUMBER = {"type": ["number", "null"]}
_TYPES: Mapping[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: _NUMBER,
    Kind.CHANGE: _NUMBER,
    Kind.LIST: {"type": "array", "items": {"type": "string", "minLength": 1}},
    Kind.FLAG: {"type": "boolean"},
    Kind.NOTES: {"$ref": "#/$defs/notes"},
}


def schema_text(old: str) -> str:
    """The file, as the columns have it, made of what it says now."""
    schema = json.loads(old)
    definitions = schema["$defs"]
    definitions["notes"]["items"]["properties"]["kind"]["enum"] = [each.value for each in NoteKind]
    for name, columns in COLUMNS.items():
        known = definitions[name]["properties"]
        figures = definitions["figure"]["properties"]  # of which others have fields, too
        definitions[name]["properties"] = {
            each.name: _described(each, known.get(each.name) or figures.get(each.name), name)
            for each in columns
        }
        definitions[name]["required"] = [each.name for each in columns]
    return fact_schema.as_lines(schema)


def _described(column: Column, known: dict[str, Any] | None, row: str) -> dict[str, Any]:
    entry = dict(known or _TYPES[column.kind])
    said = entry.pop("description", "")
    if row in ("figure", "computed"):
        said = FIGURE_FIELDS[column.name]
    text = column.description or said
    return {"description": text, **entry} if text else entry


def main() -> int:
    """Write the file anew."""
    PAGE.write_text(schema_text(PAGE.read_text("utf-8")), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
