"""Tables that say what they are: JSON records, JSON-stat, SDMX-JSON, data packages by a schema.

>>> table = json_table("a.json", '[{"Year": 2024, "Value": 1.50}]')
>>> table.header, list(table.rows())
(('Year', 'Value'), [(1, ['2024', '1.50'])])
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from evcli.errors import UsageError, reason_of
from evcli.tables import Reading, Table, cell_text, held, inside, needs, table_of

_TABULAR = "write a list of records, JSON-stat 2, SDMX-JSON or a data package"


def json_table(name: str, text: str) -> Table:
    """Records as a list or one to a line, JSON-stat 2, SDMX-JSON. UsageError for other JSON."""
    try:
        try:
            found = _loaded(text)
        except json.JSONDecodeError:
            found = [_loaded(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else error
        raise UsageError(f"{name!r} is not JSON: {why}", _TABULAR) from None
    if isinstance(found, dict):
        if found.get("class") == "dataset" or {"id", "size", "dimension"} <= found.keys():
            return _json_stat(name, found)
        if "dataSets" in found or "dataSets" in (found.get("data") or ()):
            return _sdmx_json(name, text)
        lists = [each for each in found.values() if _is_records(each)]
        found = lists[0] if len(lists) == 1 else found
    if not _is_records(found):
        raise UsageError(f"{name!r} holds no list of records", _TABULAR)
    header = tuple(dict.fromkeys(key for record in found for key in record))
    rows = [
        (line, [cell_text(record.get(key)) for key in header])
        for line, record in enumerate(found, 1)
    ]
    return Table(name, header, lambda: iter(rows))


def _loaded(text: str) -> Any:
    """JSON with numbers as they are written."""
    return json.loads(text, parse_float=str, parse_int=str)


def _is_records(found: object) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(e, dict) for e in found)


def _json_stat(name: str, found: Mapping[str, Any]) -> Table:
    """A data set of JSON-stat 2: a column a dimension with its codes, the value and its status."""
    try:
        codes = [_codes(found["dimension"][each]["category"]) for each in found["id"]]
        values, status = found["value"], found.get("status") or {}
        times = found.get("role", {}).get("time", [])
        whole = [len(each) for each in codes] == [*map(int, found["size"])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{name!r} is not JSON-stat: {error!r}", _TABULAR) from None
    if not whole:
        raise UsageError(f"{name!r} is not JSON-stat: its sizes do not fit", _TABULAR)
    header = (*("period" if [each] == times else each for each in found["id"]), "value", "status")

    def at(cells: Any, place: int) -> str:
        if isinstance(cells, list):
            return cell_text(cells[place]) if place < len(cells) else ""
        return cell_text(cells.get(str(place)) if isinstance(cells, dict) else cells)

    def rows() -> Iterator[tuple[int, Sequence[str]]]:
        for place, row in enumerate(product(*codes)):
            if value := at(values, place):
                yield place + 1, [*row, value, at(status, place)]

    says = {"outlet": cell_text(found.get("source")), "source_title": cell_text(found.get("label"))}
    return Table(name, header, rows, {key: text for key, text in says.items() if text})


def _codes(category: Mapping[str, Any]) -> list[str]:
    """The codes of a dimension in the order of the values."""
    index = category.get("index")
    if isinstance(index, dict):
        return sorted(index, key=lambda code: int(index[code]))
    return [*(category.get("label", ()) if index is None else index)]


def _sdmx_json(name: str, text: str) -> Table:
    """Observations of SDMX-JSON with their dimensions and attributes, as sdmx1 reads them."""
    sdmx = needs("sdmx", "sdmx", name)
    try:
        message = sdmx.read_sdmx(io.BytesIO(text.encode()), format="json")
        found = [each for part in message.data for each in part.obs]
    except Exception as error:  # of many kinds: the library checks nothing
        raise UsageError(f"{name!r} is no SDMX-JSON that sdmx1 reads: {error}", "") from None
    records = []
    for each in found:
        said = {**each.key.values, "OBS_VALUE": each, **each.attrib}
        records.append({key: under.value for key, under in said.items()})
    return json_table(name, json.dumps(records or [{}], default=str))


def package_table(path: Path, data: bytes, how: Reading) -> Table:
    """The table of a data package by what its descriptor says: dialect, missing values, licence."""
    try:
        said = json.loads(data)
        every = {str(each["name"]): each for each in said["resources"]}
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise UsageError(f"{str(path)!r} is no data package: {reason_of(error)}", "") from None
    chosen = [how.sheet] if how.sheet else [*every]
    if len(chosen) != 1 or chosen[0] not in every:
        hint = f"name one by --sheet, or sheet: in its mapping: {', '.join(every)}"
        raise UsageError(f"{str(path)!r} has {len(every)} tables", hint)
    resource = every[chosen[0]]
    parts = (resource.get(key) for key in ("schema", "dialect"))
    schema, dialect = (each if isinstance(each, dict) else {} for each in parts)
    if "data" in resource:
        table = json_table(f"{path}:{chosen[0]}", json.dumps(resource["data"]))
    else:
        named = resource.get("path")
        file = inside(path.parent, named[0] if isinstance(named, list) else str(named))
        encoding = how.encoding or str(resource.get("encoding") or "")
        mark = str(dialect.get("delimiter") or "")
        table = table_of(str(file), held(file), Reading(how.header, encoding, delimiter=mark))
    fields = [each for each in schema.get("fields") or () if isinstance(each, dict)]
    says = {"source_title": said.get("title") or said.get("name"), **_of_source(said)}
    dated = [e.get("name") for e in fields if e.get("type") in ("year", "yearmonth", "date")]
    says |= {"period": dated[0]} if len(dated) == 1 and dated[0] in table.header else {}
    says["blank"] = "\n".join(map(str, schema.get("missingValues") or ("",)))
    marks = {str(each["decimalChar"]) for each in fields if each.get("decimalChar")}
    says |= {"decimal": marks.pop()} if len(marks) == 1 else {}
    return table._replace(says={key: str(text) for key, text in says.items() if text})


def _of_source(said: Mapping[str, Any]) -> dict[str, Any]:
    """Who published a package, where, and under which licence, where it says that of one."""
    listed = (said.get(key) for key in ("licenses", "sources"))
    single = (each[0] if isinstance(each, list) and len(each) == 1 else None for each in listed)
    licence, source = (each if isinstance(each, dict) else {} for each in single)
    return {
        "licence": licence.get("name") or licence.get("title"),
        "outlet": source.get("title") or source.get("name"),
        "url": source.get("path") or said.get("homepage"),
    }
