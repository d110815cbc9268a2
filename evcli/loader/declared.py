"""Reads what an entry says in the fields of a record that mean no more than they say.

Such a field is a text, one of a few words, a name of something known, several of these, a period,
a flag, a precision. How it is written stands in its declaration alone.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

from evcli.loader.entry import Entry
from evcli.loader.ids import Ids
from evcli.loader.values import Values, precision
from evcli.model.field import KINDS
from evcli.model.period import Period
from evcli.model.records import Rank
from evcli.schema.records import Declared, is_enum, written

_EMPTY: dict[Any, Any] = {str: "", tuple[str, ...]: ()}
Read = Callable[[Entry, Ids, Values], Any]


def read_fields(
    entry: Entry, record: type[tuple[Any, ...]], ids: Ids, values: Values, *besides: str
) -> dict[str, Any]:
    """The values of the plain fields of *record* by attribute, without those of *besides*.

    What is missing or wrong is reported, and comes back as its default, else empty or None.
    """
    has = entry.node.entries
    found: dict[str, Any] = {}
    for attribute, key, needed, absent, read in _plain(record):
        if attribute in besides:
            continue
        if key in has:
            found[attribute] = read(entry, ids, values)
            continue
        if needed:
            entry.lacks(key)
        found[attribute] = absent
    if found.get("rank") is Rank.DEPRECATED and not entry.has("reason"):
        entry.problem(
            f"a deprecated {entry.what} needs a reason",
            "add reason: what is wrong with it",
            entry.at("rank"),
        )
    return found


@cache
def _plain(record: type[tuple[Any, ...]]) -> list[tuple[str, str, bool, Any, Read]]:
    """Of every plain field attribute, key, whether it is needed, its default and how it is read."""
    found = []
    for key, each in written(record).items():
        read = None if each.field.of else _reader(key, each)
        if read is not None:
            default = _EMPTY.get(each.type) if each.default is ... else each.default
            found.append((each.attribute, key, each.field.needed, default, read))
    return found


def _reader(key: str, each: Declared) -> Read | None:
    """How a field is read, None if it is not plain."""
    kind, field = each.type, each.field
    if is_enum(kind):
        members = {member.value: member for member in kind}
        choices = field.choices or tuple(members)
        default = None if each.default is ... else each.default
        return lambda entry, ids, values: members.get(entry.choice(key, choices), default)
    if field.refers_to and kind in _EMPTY:
        what = KINDS[field.refers_to].singular
        if kind is str:
            return lambda entry, ids, values: ids.refer(what, entry, key)
        return lambda entry, ids, values: ids.refer_all(what, entry, key)
    if field.choices and kind is str:
        return lambda entry, ids, values: entry.choice(key, field.choices)
    readers: dict[Any, Read] = {
        str: lambda entry, ids, values: entry.text(key),
        tuple[str, ...]: lambda entry, ids, values: entry.texts(key),
        bool: lambda entry, ids, values: entry.flag(key, each.default),
        Period: lambda entry, ids, values: values.period(entry, key),
        Fraction: lambda entry, ids, values: precision(entry, None),
    }
    return readers.get(kind)
