"""A first mapping of a table, made of what its columns hold; every assumption in it is told."""

import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from evcli.errors import UnknownName, check_one_of, nearest
from evcli.importing.drafts import is_period, key_of
from evcli.loader.mapping import TableMap, as_id
from evcli.loader.rows import DIMENSIONS, unused
from evcli.loader.writing import flow, scalar
from evcli.model.codes import ALPHA3, COUNTRIES, OTHER_NAMES
from evcli.store.names import fold
from evcli.store.reader import Store
from evcli.tables import Table
from evcli.text.cell import plain_number
from evcli.text.lists import counted, first_few
from evcli.text.stated import StatedError

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_LIKE = {name: key for key, names in _WORDS["columns"].items() for name in names.split()}
_BLANKS = frozenset[str](_WORDS["blanks"])
_FILL: dict[str, str] = _WORDS["to_be_filled_in"]
_KINDS = {"subject": "group", "metric": "flow", "unit": "ratio"}  # of words that are new
_CODES = {fold(name): code for code, name in COUNTRIES.items()}
_CODES |= {fold(name): code for code, every in OTHER_NAMES.items() for name in every}
Texts = Mapping[str, Counter[str]]  # by column


def guessed(table: Table, file: str, how: TableMap, store: Store) -> tuple[str, list[str]]:
    """A mapping of *table*, in *file*, as YAML; what was assumed, what is to be filled in."""
    texts, blanks = _columns(table)
    named = [*how.columns.values()]
    named = [e for name in named for e in ([name] if name in texts else name.split(" + "))]
    for name in named:
        check_one_of("column", name, texts)
    roles, measures, wide = _roles(texts, how)
    new_ids = {*texts.get(roles.get("series", ""), ())}.difference(store.all_series_ids())
    if new_ids and {"subject", "metric"} <= roles.keys():  # which define series by themselves
        del roles["series"]
    values = wide or measures or [roles[key] for key in ("value",) if key in roles]
    if "value" in roles and not _all(texts[roles["value"]], _is_number):
        roles["stated"] = roles.pop("value")
    notes = [f"{key} is read from {of!r}" for key, of in roles.items() if key not in how.columns]
    notes += [f"the columns {wide[0]} to {wide[-1]} are read as periods"] if wide else []
    idle = [each for each in texts if each not in (*named, *roles.values(), *values)]
    notes += [f"columns that are not used: {', '.join(idle)}"] if idle else []
    codes = _codes(table, roles.get("subject", ""), {name: texts[name] for name in idle})
    words, vocabulary = _words(texts, roles, store, notes, codes)
    for name in measures:
        entry = {"id": as_id(name), "name": name, "kind": "flow"}
        vocabulary.setdefault("metrics", []).append(entry)
        notes.append(f"{name!r} is a new metric of the kind flow, which adds up over time")
    needed = ("subject", *(() if measures else ("metric",)), "unit", "publisher")
    lacking = [key for key in needed if key not in roles]
    source = dict[str, str]()
    if not {"source", "url"} & roles.keys():
        source["title"] = table.says.get("source_title") or file
        source |= {key: table.says.get(key, "") for key in ("outlet", "url", "licence")}
    if lacking or source:
        notes.append(f"to be filled in: {', '.join([*lacking, 'source'])}")
    empty = sorted({text for name in values for text in blanks[name]} - {""})
    notes += [f"a cell {text!r} has no figure" for text in empty]
    said = {
        "table": file,
        "sheet": how.sheet,
        "header": f"{how.header or ''}",
        "encoding": how.encoding,
        "columns": roles,
        "wide": "period" if wide else "",
        "measures": [{"column": name, "metric": as_id(name)} for name in measures],
        "constants": dict.fromkeys(lacking, "")
        | ({} if "scope" in roles else {"scope": "all"})
        | {"method": "not-stated"},
        "blank": empty,
        "source": source,
        "words": words,
        "vocabulary": vocabulary,
    }
    lines = ["# yaml-language-server: $schema=mapping.schema.json", *_lines(said)]
    return "\n".join([*lines, ""]), notes


def _lines(said: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """A mapping as YAML; an empty text in a section is to be filled in."""
    for key, under in said.items():
        start = f"{'  ' * depth}{scalar(key)}:"
        if isinstance(under, str) and (under or depth):
            todo = f"  # {_FILL[key]}" if not under and key in _FILL else ""
            yield f"{start} {scalar(under)}{todo}"
        elif isinstance(under, Mapping) and under and key != "columns":
            yield start
            yield from _lines(under, depth + 1)
        elif isinstance(under, list) and under and isinstance(under[0], dict):
            yield start
            yield from (f"{'  ' * (depth + 1)}- {flow(each)}" for each in under)
        elif under:
            yield f"{start} {flow(under)}"


def _columns(table: Table) -> tuple[Texts, Mapping[str, Set[str]]]:
    """The texts of each column with how many rows have them, and those that say it has none."""
    counts = {at: Counter[str]() for at, name in enumerate(table.header) if name}
    for _, row in table.rows():
        for at, count in counts.items():
            count[row[at].strip() if at < len(row) else ""] += 1
    texts = {table.header[at]: count for at, count in counts.items()}
    blanks = {name: _BLANKS & count.keys() for name, count in texts.items()}
    for name, found in blanks.items():
        for text in found:
            del texts[name][text]
    return texts, blanks


def _roles(texts: Texts, how: TableMap) -> tuple[dict[str, str], list[str], list[str]]:
    """Which column says what; those of several measures; those that are periods."""
    roles, wide = dict(how.columns), [name for name in texts if is_period(name)]
    for name in texts:
        if name not in (*roles.values(), *wide) and (key := _role(name, texts[name])):
            roles.setdefault(key, name)
    free = [each for each in texts if each not in (*roles.values(), *wide)]
    if "period" not in roles and not wide:
        dated = [each for each in free if _all(texts[each], is_period)]
        roles |= {"period": dated[0]} if dated else {}
    numbers = [e for e in free if _all(texts[e], _is_number) and e != roles.get("period")]
    others = [e for e in free if texts[e] and e not in (*numbers, *roles.values())]
    if "subject" not in roles and others:
        roles["subject"] = others[0]
    wide = [] if "period" in roles else wide
    if "value" in roles or wide:
        return roles, [], wide
    if len(numbers) == 1:
        roles["value"] = numbers.pop()
    return roles, numbers, []


def _role(name: str, texts: Collection[str]) -> str:
    """What a column means by its name, empty where its name says nothing."""
    if key := key_of(name):
        return key
    like = str(_LIKE.get(fold(name).replace(" ", "_"), ""))
    fits = {"period": is_period, "value": _is_number}.get(like)
    return like if fits is None or _all(texts, fits) else ""


def _all(texts: Collection[str], fits: Callable[[str], bool]) -> bool:
    return bool(texts) and all(map(fits, texts))


@cache
def _is_number(text: str) -> bool:
    try:
        return bool(plain_number(text))
    except StatedError:
        return False


def _words(
    texts: Texts, roles: Mapping[str, str], store: Store, notes: list[str], codes: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], dict[str, list[dict[str, str]]]]:
    """What the words of a table mean, and the entries that the vocabulary lacks for that."""
    words: dict[str, dict[str, str]] = {}
    new: dict[str, dict[str, dict[str, str]]] = {}
    for kind in (e for e in DIMENSIONS if roles.get(e) in texts and e != "method"):
        known, unknown = getattr(store.vocabulary, f"{kind}s"), list[str]()
        for text, count in texts[roles[kind]].items():
            id = _known(store, kind, text, codes.get(text, text))
            if id is None:
                base = as_id(text)  # of A+ and A- each gets one of its own
                id = unused(base if base != "page" else kind, new.get(f"{kind}s", {}))
                names = store.known_names(kind) if len(text) < 99 else ()
                near = [f", near {each!r}" for each in nearest(text, names, 1, cutoff=0.8)]
                unknown.append(f"{text} ({counted(count, 'row')}{''.join(near)})")
            if id != text:
                words.setdefault(kind, {})[text] = id
            if id not in known and not (kind == "destination" and id in COUNTRIES):
                is_country = kind == "subject" and id in COUNTRIES
                of = "country" if is_country else _KINDS.get(kind, "")
                entry = {"id": id, "name": COUNTRIES.get(id, text), "kind": of}
                new.setdefault(f"{kind}s", {}).setdefault(id, entry)
        if unknown:
            of = f", of the kind {_KINDS[kind]}" if kind in _KINDS else ""
            notes.append(f"new words in {roles[kind]!r}{of}: {first_few(unknown)}")
    return words, {section: [*entries.values()] for section, entries in new.items()}


def _codes(table: Table, subject: str, unused: Texts) -> dict[str, str]:
    """The codes of countries that stand beside their names in a column of their own."""
    of = [
        name for name, texts in unused.items() if sum(t in ALPHA3 for t in texts) * 2 > len(texts)
    ]
    if not subject or len(of) != 1:
        return {}
    name, code = map(table.header.index, (subject, of[0]))
    return {row[name].strip(): row[code].strip() for _, row in table.rows() if len(row) > code}


def _known(store: Store, kind: str, text: str, code: str) -> str | None:
    """The id that the packs have for *text*, else of a country its ISO code by *code* or name."""
    with suppress(UnknownName):  # the name of several
        if found := store.resolve(kind, text):
            return found
    if kind not in ("subject", "destination"):
        return None
    return ALPHA3.get(code) or (code if code in COUNTRIES else _CODES.get(fold(code)))
