"""The ids of packs at hand in the JSON Schema of fact files, for editors to complete.

>>> schema = {"definitions": {"source": {"properties": {"publisher": {"type": "string"}}}}}
>>> with_ids(schema, {"publishers": {"caam": "CAAM"}})["definitions"]["known_publishers"]
{'enum': ['caam'], 'enumDescriptions': ['CAAM']}
>>> schema["definitions"]["source"]["properties"]
{'publisher': {'anyOf': [{'$ref': '#/definitions/known_publishers'}]}}
"""

from collections.abc import Iterable, Mapping
from typing import Any

from evcli.schema.records import KINDS, keys

# what every release brings more of: a new one is no mistake, all else is defined but rarely
OPEN = ("series", "sources", "measures")
REFERRED = (
    "subjects",
    "metrics",
    "scopes",
    "destinations",
    "units",
    "methods",
    "publishers",
    *OPEN,
)


def with_ids(schema: dict[str, Any], ids: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The *schema*, changed: where a key names a record, the *ids* with their titles, by kind.

    What is not among these is underlined, unless the kind is one of those that are :data:`OPEN`.
    """
    definitions = schema["definitions"]
    for kind in KINDS.values():
        entry = definitions.get(kind.singular.replace(" ", "_").replace("-", "_"), {})
        written = entry.get("properties", {})
        for name, each in keys(kind.record).items():
            of = each.field.refers_to or (
                kind.name if (kind.name, name) == ("series", "id") else ""
            )
            if of in ids and name in written:
                said = {
                    key: written[name].pop(key) for key in ("description",) if key in written[name]
                }
                known = {"$ref": f"#/definitions/known_{of}"}
                several = [{"type": "array", "items": known}] if "items" in written[name] else []
                more = [written[name]] if of in OPEN else several
                written[name] = said | {"anyOf": [known, *more]}
    for of, titles in ids.items():
        known_ids = {"enum": [*titles], "enumDescriptions": [*titles.values()]}
        definitions[f"known_{of}"] = known_ids
    return schema


def titles(records: Iterable[Any]) -> dict[str, str]:
    """What records are called, by their ids."""
    return {
        e.id: getattr(e, "title", "") or getattr(e, "name", "") or getattr(e, "target", "")
        for e in records
    }
