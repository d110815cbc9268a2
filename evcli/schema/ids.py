"""The ids of packs at hand in the JSON Schema of fact files, for editors to complete.

>>> schema = {"definitions": {"source": {"properties": {"publisher": {"type": "string"}}}}}
>>> with_ids(schema, {"publishers": {"caam": "CAAM"}})["definitions"]["known_publishers"]
{'enum': ['caam'], 'enumDescriptions': ['CAAM']}
>>> schema["definitions"]["source"]["properties"]
{'publisher': {'anyOf': [{'$ref': '#/definitions/known_publishers'}]}}
"""

from collections.abc import Mapping
from typing import Any

from evcli.schema.records import KINDS, keys

# what every release brings more of: a new one is no mistake, all else is defined but rarely
OPEN = ("series", "sources", "measures")
_CLOSED = ("subjects", "metrics", "scopes", "destinations", "units", "methods", "publishers")
REFERRED = (*_CLOSED, *OPEN)


def with_ids(schema: dict[str, Any], ids: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The *schema*, changed: where a key names a record, the *ids* with their titles, by kind.

    What is not among these is underlined, unless the kind is one of those that are :data:`OPEN`.
    """
    definitions = schema["definitions"]
    for kind in KINDS.values():
        singular = kind.singular.replace(" ", "_").replace("-", "_")
        written = definitions.get(singular, {"properties": {}})["properties"]
        for name, each in keys(kind.record).items():
            of = "series" if (kind.name, name) == ("series", "id") else each.field.refers_to
            if of in ids and (was := written.get(name)):
                known = {"$ref": f"#/definitions/known_{of}"}
                said = {"description": was.pop("description")} if "description" in was else {}
                several = [{"type": "array", "items": known}] if "items" in was else []
                written[name] = said | {"anyOf": [known, *([was] if of in OPEN else several)]}
    for of, titles in ids.items():
        listed = {"enum": [*titles], "enumDescriptions": [*titles.values()]}
        definitions[f"known_{of}"] = listed
    return schema
