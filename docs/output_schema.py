"""Brings docs/output.schema.json up to date with the columns: ``python docs/output_schema.py``.

Names and order follow from the columns, and so does what these say of a field. All else (what
others mean, a closed choice, a pattern) is written by hand and kept; a new field has the type of
its column.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import fact_schema

from evcli.model.answer import Column, Kind, layout_of
from evcli.model.note import NoteKind
from evcli.query.computed import COMPARE_COLUMNS
from evcli.query.ranking import TOP_COLUMNS
from evcli.query.rows import COMPUTED_COLUMNS, FIGURE_COLUMNS

PAGE = Path(__file__).parent / "output.schema.json"
# the kinds of rows, each by the name of its definition
COLUMNS: Mapping[str, Sequence[Column]] = {
    "figure": FIGURE_COLUMNS,
    "computed": COMPUTED_COLUMNS,
    "compared": COMPARE_COLUMNS,
    "ranked": TOP_COLUMNS,
    **{
        name: layout_of(name).columns
        for name in (
            *("fact", "event", "measure", "plant", "hop", "hit", "source", "document"),
            *(
                "fact_file",
                "warning",
                "pack",
                "finding",
                "written",
                "series",
                "months",
                "change",
                "claim",
            ),
        )
    },
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
    schema["anyOf"] = [{"$ref": f"#/$defs/{name}_rows"} for name in COLUMNS]
    for name, columns in COLUMNS.items():
        known = definitions[name]["properties"]
        figures = definitions["figure"]["properties"]  # of which others have fields, too
        definitions[name]["properties"] = {
            each.name: _described(each, known.get(each.name) or figures.get(each.name))
            for each in columns
        }
        definitions[name]["required"] = [each.name for each in columns]
    return fact_schema.as_lines(schema)


def _described(column: Column, known: dict[str, Any] | None) -> dict[str, Any]:
    entry = dict(known or _TYPES[column.kind])
    said = entry.pop("description", "")
    text = column.description or said
    return {"description": text, **entry} if text else entry


def main() -> int:
    """Write the file anew."""
    PAGE.write_text(schema_text(PAGE.read_text("utf-8")), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
