"""What a mapping says of a table: which column is what, and which word is which."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from unicodedata import normalize

import evcli.schema
from evcli.errors import did_you_mean
from evcli.loader import yaml_nodes as nodes
from evcli.loader.files import Report, display
from evcli.model.period import CALENDAR
from evcli.tuples import NamedTuple

_DECLARED = Path(evcli.schema.__file__)
_NAMES = _DECLARED.with_name("mapping_keys.txt").read_text("utf-8").splitlines()[1:]
KEY_OF = {name: names.split()[0] for names in _NAMES for name in names.split()}
KEYS = tuple(dict.fromkeys(KEY_OF.values()))
SHAPES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    _DECLARED.with_name("mapping.toml").read_text("utf-8")
)
_MADE_OF: Mapping[str, tuple[Any, str]] = {  # shapes: what holds what
    "texts": (list, "cell"),
    "map": (dict, "cell"),
    "lists": (dict, "texts"),
    "words": (dict, "map"),
    "records": (list, "map"),
}
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
    if shape in _MADE_OF:
        kind, inner = _MADE_OF[shape]
        parts = value.values() if isinstance(value, dict) else value
        return isinstance(value, kind) and all(_fits(inner, each) for each in parts)
    if shape == "entry":
        return isinstance(value, dict)
    if not isinstance(value, str):
        return False
    return value.isdecimal() if shape == "number" else bool(value) or shape == "cell"


def _check(section: str, value: Any, tell: Tell) -> None:
    """Tell of keys that facts do not have."""
    for at, each in enumerate(value) if isinstance(value, list) else [("", value)]:
        if section == "measures" and "column" not in each:
            tell((section, at), "a measure names no column", "such as {column: BEV, scope: bev}")
        for key, said in each.items():
            if key not in (*KEYS, "column"):
                hint = did_you_mean(key, KEYS, 1) or f"one of {', '.join(KEYS)}"
                tell((section, at, key), f"facts have no {key!r}", hint)
            elif not said:
                tell((section, at, key), f"{key!r} is empty", "fill it in, or leave it out")


def as_id(name: str) -> str:
    """A name as an id, ``page`` where none of its letters can be in one."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()  # Škoda is skoda
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-") or "page"
