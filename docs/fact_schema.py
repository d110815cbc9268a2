"""Writes evcli/schema/facts.schema.json and mapping.schema.json: python docs/fact_schema.py.

By the JSON Schema of fact files editors complete and check while one types.

The schema allows everything that the loader accepts, and says what a schema can: keys, their
meaning, what is needed, closed choices, and how ids, periods and numbers are written. What the
loader knows besides (that a name leads somewhere, what a stated value means) is left to it.

>>> fact_file_schema()["definitions"]["claim"]["required"]
['id', 'says', 'source']
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from evcli.loader.mapping import KEYS, SHAPES
from evcli.model.answer import Kind
from evcli.model.period import Period
from evcli.model.records import Change, Fact, PlantAspect, PlantFact, Series
from evcli.model.vocabulary import VOCABULARY
from evcli.schema.records import KINDS, PATTERNS, SECTIONS, Declared, RecordKind, is_enum, keys

JSON = dict[str, Any]
PAGE = Path(__file__).parents[1] / "evcli" / "schema" / "facts.schema.json"
MAPPING_PAGE = PAGE.with_name("mapping.schema.json")
_WIDTH = 100
_TEXT: JSON = {"type": ["string", "number", "boolean"], "minLength": 1}
_SAYING = ("stated", "yoy", "mom", "change")


def fact_file_schema() -> JSON:
    """The schema, in draft 7, which the YAML language server knows best."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A fact file of evcli",
        "description": "evcli facts lint says what else a fact file must keep to.",
        "type": "object",
        "properties": {
            "vocabulary": {
                "description": "Words that these facts need and no other file has.",
                "type": "object",
                "properties": {name: _list_of(KINDS[name]) for name in VOCABULARY},
                "additionalProperties": False,
            },
            **{name: _list_of(KINDS[name]) for name in SECTIONS},
        },
        "additionalProperties": False,
        "definitions": {_name(kind): _entry(kind) for kind in KINDS.values()},
    }


def fact_file_schema_text() -> str:
    """The file ``facts.schema.json``."""
    return as_lines(fact_file_schema())


def as_lines(schema: JSON) -> str:
    """A schema as JSON, a line for all that has room on one."""
    return _lines(schema, "") + "\n"


def _lines(value: Any, indent: str) -> str:
    """*value* as JSON, a line for all that has room on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or len(indent) + len(flat) < _WIDTH:
        return flat
    deeper = f"{indent}  "
    inside = [f"{deeper}{json.dumps(key)}: {_lines(each, deeper)}" for key, each in value.items()]
    return "{\n" + ",\n".join(inside) + f"\n{indent}}}"


def _list_of(kind: RecordKind, description: str = "") -> JSON:
    return {
        "description": description or kind.description,
        "type": "array",
        "items": {"$ref": f"#/definitions/{_name(kind)}"},
    }


def _name(kind: RecordKind) -> str:
    return kind.singular.replace(" ", "_").replace("-", "_")


def _entry(kind: RecordKind) -> JSON:
    entry = _object(kind.record)
    if kind.record is Series:
        # facts of a series may stand apart from its definition, which is whole or not there
        defining = [key for key in entry["required"] if key != "id"]
        entry["if"] = {"propertyNames": {"enum": ["id", "facts"]}}
        entry["then"], entry["else"] = {"required": ["facts"]}, {"required": defining}
        entry["required"] = ["id"]
        entry["properties"]["facts"] = _list_of(KINDS["facts"])
    if kind.record is Fact:
        entry["oneOf"] = [{"required": ["period"]}, {"required": ["as_of"]}]
        entry["anyOf"] = [{"required": [key]} for key in _SAYING]
    if kind.record is PlantFact:
        entry["oneOf"] = [{"required": [aspect.value]} for aspect in PlantAspect]
    return entry


def _object(record: type[tuple[Any, ...]]) -> JSON:
    known = keys(record)
    properties: JSON = {}
    for name, each in known.items():
        properties[name] = {"description": each.field.description, **_written(each)}
        if isinstance(each.default, str | bool) and each.default:
            properties[name]["default"] = each.default
    found: JSON = {
        "type": "object",
        "properties": properties,
        "required": [name for name, each in known.items() if each.field.needed],
        "additionalProperties": False,
    }
    if "rank" in known:
        deprecated = {"properties": {"rank": {"const": "deprecated"}}, "required": ["rank"]}
        found |= {"if": deprecated, "then": {"required": ["reason"]}}
    return found


def _written(each: Declared) -> JSON:
    """What may be written under a key."""
    field, kind = each.field, each.type
    several = field.type in (Kind.LIST, Kind.TEXTS)
    inside = kind.__args__[0] if several else kind
    for known in KINDS.values():
        if inside is known.record:
            return _list_of(known, field.description)
    if inside is Change:
        return _object(inside)
    if field.type is Kind.NUMBER:
        precision = PATTERNS["precision"]
        return {"type": ["integer", "string"], "minimum": 1, "pattern": f"^({precision})$"}
    if field.type is Kind.FLAG:
        return {"enum": [True, False, "yes", "no"]}
    if field.choices or is_enum(inside):
        return {"enum": list(field.choices or map(str, inside))}
    if inside is Period:
        pattern = field.pattern or PATTERNS["period"]
        return {"type": ["string", "integer"], "pattern": f"^({pattern})$"}
    text = _TEXT | ({"pattern": f"^({field.pattern})$"} if field.pattern else {})
    if not several and field.name != "at":  # a place in a text may always be several
        return text
    more = {"minItems": 1} if field.filled else {}
    return {**text, "type": [*_TEXT["type"], "array"], "items": text, **more}


def mapping_schema_text() -> str:
    """The file ``mapping.schema.json``: what ``mapping.toml`` lets a mapping say."""
    word: JSON = {"type": ["string", "number"]}
    of_facts: JSON = {
        "type": "object",
        "propertyNames": {"enum": [*KEYS, "column"]},
        "additionalProperties": word,
    }
    texts: JSON = {"type": [*word["type"], "array"], "items": word}
    shapes: dict[str, JSON] = {
        "text": word,
        "number": {"type": ["integer", "string"], "pattern": "^[0-9]+$"},
        "texts": texts,
        "map": of_facts,
        "lists": {"type": "object", "additionalProperties": texts},
        "words": {**of_facts, "additionalProperties": {"type": "object"}},
        "records": {"type": "array", "items": {**of_facts, "required": ["column"]}},
    }
    facts = fact_file_schema()
    own = {
        "source": {**facts["definitions"]["source"], "required": ["title", "outlet"]},
        "vocabulary": facts["properties"]["vocabulary"],
    }
    schema = {
        "$schema": facts["$schema"],
        "title": "A mapping of a table for evcli",
        "description": "TABLE.map.yaml beside the table; evcli facts lint says what else it needs.",
        "type": "object",
        "properties": {
            key: {**(own.get(key) or shapes[said["shape"]]), "description": said["description"]}
            for key, said in SHAPES.items()
        },
        "additionalProperties": False,
        "definitions": facts["definitions"],
    }
    return as_lines(schema)


def main() -> int:
    """Write the files anew."""
    PAGE.write_text(fact_file_schema_text(), "utf-8", newline="\n")
    MAPPING_PAGE.write_text(mapping_schema_text(), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
