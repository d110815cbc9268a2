"""A first mapping of a table, made of what its columns hold; every assumption in it is told."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from evcli.errors import UnknownName, UsageError, did_you_mean, nearest
from evcli.importing.drafts import is_period, key_of
from evcli.loader.mapping import TableMap, as_id
from evcli.loader.rows import unused
from evcli.loader.writing import flow, scalar
from evcli.model.codes import ALPHA3, COUNTRIES, OTHER_NAMES
from evcli.store.names import fold
from evcli.store.reader import Store
from evcli.tables import Table
from evcli.text.cell import plain_number
from evcli.text.lists import counted, first_few
from evcli.text.stated import StatedError
from evcli.tuples import NamedTuple

_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_LIKE: dict[str, str] = _WORDS["columns"]
_BLANKS: list[str] = _WORDS["blanks"]
_FILL: dict[str, str] = _WORDS["to_be_filled_in"]
_KINDS = {"subject": "group", "metric": "flow", "unit": "ratio"}  # of words that are new
_DIMENSIONS = ("subject", "metric", "scope", "destination", "unit", "publisher")


class _Column(NamedTuple):
    name: str
    texts: Counter[str]  # without what says that there is none
    blanks: Counter[str]


def guessed(table: Table, how: TableMap, store: Store) -> tuple[str, list[str]]:
    """A mapping of *table* as a YAML text, and what was assumed and what is to be filled in."""
    roles = dict(how.columns)
    columns = _columns(table, roles.values())
    joined = {part for name in roles.values() for part in name.split(" + ")}
    wide = [name for name in table.header if is_period(name)]
    for each in columns:
        taken = (*roles.values(), *wide, *joined)
        if each.name not in taken and (key := _role(each)) and key not in roles:
            roles[key] = each.name
    by_name = {each.name: each for each in columns}
    free = [each for each in columns if each.name not in (*roles.values(), *wide, *joined)]
    numbers = [each.name for each in free if _all(each.texts, _is_number)]
    if "period" not in roles and not wide:
        dated = [e.name for e in free if _all(e.texts, is_period)]
        roles |= {"period": dated[0]} if dated else {}
    numbers = [each for each in numbers if each != roles.get("period")]
    others = [e.name for e in free if e.texts and e.name not in (*numbers, *roles.values())]
    if "subject" not in roles and others:
        roles["subject"] = others[0]
    measures: list[str] = []
    if "value" not in roles and not (wide and "period" not in roles):
        roles |= {"value": numbers[0]} if len(numbers) == 1 else {}
        measures = numbers if len(numbers) > 1 else []
    is_wide = bool(wide) and "period" not in roles
    values = [*wide] if is_wide else measures or [roles[key] for key in ("value",) if key in roles]
    stated = not all(_all(by_name[name].texts, _is_number) for name in values)
    if stated and "value" in roles:
        roles["stated"] = roles.pop("value")
    notes = [
        f"{key} is read from {name!r}" for key, name in roles.items() if key not in how.columns
    ]
    notes += [f"the columns {wide[0]} to {wide[-1]} are read as periods"] if is_wide else []
    unused = [each.name for each in free if each.name not in (*roles.values(), *values)]
    notes += [f"columns that are not used: {', '.join(unused)}"] if unused else []
    codes = _codes(
        table, roles.get("subject", ""), [each for each in columns if each.name in unused]
    )
    words, vocabulary = _words(by_name, roles, store, notes, codes)
    lacking = [key for key in _DIMENSIONS[:2] if key not in roles]
    lacking += [key for key in ("unit", "publisher") if key not in roles]
    lacking.remove("metric") if measures and "metric" in lacking else None
    if lacking or not {"source", "url"} & roles.keys():
        notes.append(f"to be filled in: {', '.join([*lacking, 'source'])}")
    blanks = {text for name in values for text in by_name[name].blanks} - {""}
    notes += [f"a cell {text!r} has no figure" for text in sorted(blanks)]
    lines = ["# yaml-language-server: $schema=mapping.schema.json"]
    lines += [f"table: {scalar(table.name.rpartition('/')[2])}"]
    lines += [
        f"{key}: {scalar(told)}" for key in ("sheet", "encoding") if (told := getattr(how, key))
    ]
    lines += [f"columns: {flow(roles)}"] if roles else []
    lines += ["wide: period"] if is_wide else []
    if measures:
        lines += ["measures:"]
        for name in measures:
            lines += [f"  - {flow({'column': name, 'metric': as_id(name)})}"]
            below = any(text.startswith(("-", "−")) for text in by_name[name].texts)
            kind = "balance" if below else "flow"
            entry = {"id": as_id(name), "name": name, "kind": kind}
            vocabulary.setdefault("metrics", []).append(entry)
            why = "which may be below zero" if below else "which adds up over time"
            notes.append(f"{name!r} is a new metric of the kind {kind}, {why}")
    lines += ["constants:"]
    lines += [f'  {key}: ""  # {_FILL[key]}' for key in lacking]
    lines += ["  scope: all"] if "scope" not in roles else []
    lines += ["  method: not-stated"]
    lines += [f"blank: {flow(sorted(blanks))}"] if blanks else []
    if not {"source", "url"} & roles.keys():
        said = {key: table.says.get(key, "") for key in ("outlet", "url", "licence")}
        title = table.says.get("source_title") or table.name.rpartition("/")[2]
        lines += ["source:", f"  title: {scalar(title)}"]
        lines += [f"  {key}: {scalar(text)}" for key, text in said.items()]
        lines[-1] += "  # leave out what is not known; attribution: as its owner wants it"
    for title, found in (("words", words), ("vocabulary", vocabulary)):
        lines += [f"{title}:"] if found else []
        for key, under in found.items():
            lines.append(f"  {key}:")
            lines += (
                [f"    - {flow(each)}" for each in under]
                if isinstance(under, list)
                else [f"    {scalar(word)}: {scalar(id)}" for word, id in under.items()]
            )
    return "\n".join([*lines, ""]), notes


def _columns(table: Table, told: Iterable[str]) -> list[_Column]:
    """What each column holds, also of columns that are read as one, ``Brand + Model``."""
    places = {name: [at] for at, name in enumerate(table.header) if name}
    for name in told:
        for part in [name] if name in places else name.split(" + "):
            if part not in table.header:
                hint = did_you_mean(part, table.header, 1) or f"columns: {', '.join(table.header)}"
                raise UsageError(f"{table.name!r} has no column {part!r}", hint[:200])
            if part != name:
                places.setdefault(name, []).extend(places[part])
    counts = {name: Counter[str]() for name in places}
    for _, row in table.rows():
        for name, of in places.items():
            said = " ".join(row[at] for at in of if at < len(row) and row[at])
            counts[name][" ".join(said.split())] += 1
    return [
        _Column(
            name,
            Counter({text: n for text, n in count.items() if text not in _BLANKS}),
            Counter({text: n for text, n in count.items() if text in _BLANKS}),
        )
        for name, count in counts.items()
    ]


def _role(column: _Column) -> str:
    """What a column means by its name, empty where its name says nothing."""
    folded = fold(column.name).replace(" ", "_")
    like = next((key for key, names in _LIKE.items() if folded in names.split()), "")
    if key := key_of(column.name) or like:
        checks: dict[str, Callable[[str], bool]] = {"period": is_period, "value": _is_number}
        fits = checks.get(key)
        return key if not like or not fits or _all(column.texts, fits) else ""
    return ""


def _all(texts: Iterable[str], fits: Callable[[str], bool]) -> bool:
    listed = [*texts]
    return bool(listed) and all(map(fits, listed))


@cache
def _is_number(text: str) -> bool:
    try:
        return bool(plain_number(text))
    except StatedError:
        return False


def _words(
    columns: dict[str, _Column],
    roles: dict[str, str],
    store: Store,
    notes: list[str],
    codes: dict[str, str],
) -> tuple[dict[str, dict[str, str]], dict[str, list[dict[str, str]]]]:
    """What the words of a table mean, and the entries that the vocabulary lacks for that."""
    words: dict[str, dict[str, str]] = {}
    new: dict[str, list[dict[str, str]]] = {}
    for kind in (each for each in _DIMENSIONS if each in roles):
        known = getattr(store.vocabulary, f"{kind}s")
        found, unknown, taken = words.setdefault(kind, {}), dict[str, str](), {*known}
        by_code: list[str] = []
        for text, count in columns[roles[kind]].texts.items():
            id = _known(store, kind, text) or _country(kind, codes.get(text, text))
            if id is None:
                like = as_id(text) if as_id(text) != "page" else f"{kind}-{len(unknown) + 1}"
                id = unused(like, taken)
                taken.add(id)
                near = (
                    nearest(text, store.known_names(kind), 1, cutoff=0.8) if len(text) < 99 else []
                )
                close = f", near {near[0]!r}" if near else ""
                unknown[text] = f"{text} ({counted(count, 'row')}{close})"
            if id != text:
                found[text] = id
            if id in COUNTRIES and text.isupper() and len(text) < 4:
                by_code.append(f"{text} {COUNTRIES[id]}")
            if id not in known and not (kind == "destination" and id in COUNTRIES):
                entry = {"id": id, "name": COUNTRIES.get(id, text)}
                is_country = kind == "subject" and id in COUNTRIES
                entry |= (
                    {"kind": "country" if is_country else _KINDS[kind]} if kind in _KINDS else {}
                )
                if entry not in new.setdefault(f"{kind}s", []):
                    new[f"{kind}s"].append(entry)
        if by_code:
            shown = first_few(by_code)
            notes.append(f"codes of {roles[kind]!r} are read as those of ISO: {shown}")
        if unknown:
            of = f" of the kind {_KINDS[kind]}" if kind in _KINDS else ""
            shown = first_few(list(unknown.values()))
            notes.append(f"{counted(len(unknown), 'word')} of {roles[kind]!r} are new{of}: {shown}")
    return {kind: found for kind, found in words.items() if found}, new


def _codes(table: Table, subject: str, unused: list[_Column]) -> dict[str, str]:
    """The codes of countries that stand beside their names in a column of their own."""
    of = [e.name for e in unused if sum(t in ALPHA3 for t in e.texts) * 2 > len(e.texts)]
    if not subject or len(of) != 1:
        return {}
    name, code = map(table.header.index, (subject, of[0]))
    return {row[name].strip(): row[code].strip() for _, row in table.rows() if len(row) > code}


def _known(store: Store, kind: str, text: str) -> str | None:
    try:
        return store.resolve(kind, text)
    except UnknownName:  # the name of several
        return None


@cache
def _countries() -> dict[str, str]:
    names = {fold(name): code for code, name in COUNTRIES.items()}
    names |= {fold(name): code for code, every in OTHER_NAMES.items() for name in every}
    return names


def _country(kind: str, text: str) -> str | None:
    """The ISO code of a country by code or name."""
    if kind not in ("subject", "destination"):
        return None
    return ALPHA3.get(text) or (text if text in COUNTRIES else _countries().get(fold(text)))
