"""What a mapping says of a table: which column is what, and which word is which."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from unicodedata import combining, normalize

import evcli.schema
from evcli.errors import did_you_mean
from evcli.loader import yaml_nodes as nodes
from evcli.loader.files import Report, display
from evcli.model.period import CALENDAR
from evcli.tuples import NamedTuple

# The keys of a fact, of its series and of its source, each with the names tables have for it.
_NAMES = """
series series_id; title series_title; subject who; metric indicator; scope part_of_all;
destination dest to counterpart_area; unit unit_measure; method;
publisher statistic_publisher counted_by;
period time_period; as_of; stated as_stated; value obs_value; qualifier; low; high; basis;
yoy yoy_pct; mom mom_pct; yoy_basis; mom_basis; precision;
source source_id sources; url; outlet page_publisher; source_title page_title;
published page_date; licence license; attribution; at; printed; origin; rank; reason; status;
reading; unit_mult multiplier; obs_status; note notes comment_obs; part; whole
"""
KEY_OF = {name: names.split()[0] for names in _NAMES.split(";") for name in names.split()}
KEYS = tuple(dict.fromkeys(KEY_OF.values()))
SHAPES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(evcli.schema.__file__).with_name("mapping.toml").read_text("utf-8")
)
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class TableMap(NamedTuple):
    """A mapping, by the keys of ``mapping.toml``."""

    table: str = ""
    sheet: str = ""
    header: int = 0
    encoding: str = ""
    columns: Mapping[str, str] = _NOTHING
    constants: Mapping[str, str] = _NOTHING
    wide: str = ""
    measures: Sequence[Mapping[str, str]] = ()
    words: Mapping[str, Mapping[str, str]] = _NOTHING
    blank: Sequence[str] = ()
    left_out: Mapping[str, Sequence[str]] = _NOTHING
    window: str = ""
    fiscal: int = 0
    language: str = ""
    decimal: str = ""
    source: Mapping[str, Any] = _NOTHING
    vocabulary: Mapping[str, Any] = _NOTHING


Tell = Callable[[Sequence[str | int], str, str], object]


def mapping_in(root: nodes.Mapping, path: Path, report: Report) -> TableMap:
    """The mapping that a file is; *report* is told of each problem, where it stands.

    >>> report = Report()
    >>> found = mapping_in(nodes.parse("columns: {perod: Year}", "", report), Path("a"), report)
    >>> [str(each) for each in report.problems]
    ["a:1:18: facts have no 'perod' (did you mean 'period'?)"]
    """

    def tell(steps: Sequence[str | int], message: str, hint: str) -> None:
        place: nodes.Node = root
        for step in steps:
            if isinstance(place, nodes.Sequence) and isinstance(step, int):
                place = place.items[step]
            elif isinstance(place, nodes.Mapping):
                place = place.entries.get(str(step), place)
        report.add(display(path), place.line, place.column, message, hint)

    read: dict[str, Any] = {}
    for key, value in cast("dict[str, Any]", nodes.content(root)).items():
        if key not in SHAPES:
            near = did_you_mean(key, SHAPES, 1) or f"keys: {', '.join(SHAPES)}"
            tell((key,), f"unknown key {key!r} in a mapping", near)
            continue
        shape = SHAPES[key]["shape"]
        read[key] = [value] if shape == "texts" and isinstance(value, str) else value
        if not _fits(shape, read[key]):
            tell((key,), f"{key!r} is not of this kind: {shape}", SHAPES[key]["description"])
            del read[key]
            continue
        if shape == "number":
            read[key] = int(value)
        if shape in ("map", "words", "records"):
            _check(key, read[key], tell)
    if read.get("window", "year") not in CALENDAR.values():
        hint = f"one of {', '.join(CALENDAR.values())}"
        tell(("window",), f"no window is called {read['window']!r}", hint)
    if read.get("fiscal", 0) > 12:
        tell(("fiscal",), "a fiscal year begins in a month", "from 1 to 12")
    if source := read.get("source"):
        read["source"] = {"id": as_id(path.name.partition(".")[0]), **source}
    return TableMap(**read)


def _fits(shape: str, value: Any) -> bool:
    """Whether a value is of a shape, as far as that is the same for all keys."""
    match shape:
        case "text":
            return isinstance(value, str) and value != ""
        case "number":
            return isinstance(value, str) and value.isdecimal()
        case "texts":
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case "records":
            return isinstance(value, list) and all(
                _fits("map", each) and "column" in each for each in value
            )
        case "entry":
            return isinstance(value, dict)
        case "map":
            return isinstance(value, dict) and all(isinstance(e, str) for e in value.values())
    inner = {"words": "map", "lists": "texts"}[shape]
    return isinstance(value, dict) and all(_fits(inner, each) for each in value.values())


def _check(section: str, value: Any, tell: Tell) -> None:
    """Tell of keys that facts do not have."""
    for at, each in enumerate(value) if isinstance(value, list) else [("", value)]:
        for key, said in each.items():
            if key not in (*KEYS, "column"):
                hint = did_you_mean(key, KEYS, 1) or f"one of {', '.join(KEYS)}"
                tell((section, at, key), f"facts have no {key!r}", hint)
            elif not said:
                tell((section, at, key), f"{key!r} is empty", "fill it in, or leave it out")


def as_id(name: str) -> str:
    """A name as an id, ``page`` where none of its letters can be in one.

    >>> as_id("Škoda Enyaq")
    'skoda-enyaq'
    """
    apart = "".join(letter for letter in normalize("NFKD", name) if not combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", apart.casefold()).strip("-") or "page"
