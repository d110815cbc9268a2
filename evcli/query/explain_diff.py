"""An explanation that was saved, compared with the one that the packs give now.

``evcli explain ID --format json`` prints one row per step. The figures it began with (depth 0) are
explained again; what differs in value, bounds, growth, wording, source or note is listed by step.
Where a fact is written (file and line) is no part of what it says, and does not count.
"""

from __future__ import annotations

import json
import math
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from evcli.errors import EvcliError, UsageError
from evcli.model.answer import Answer, Column, HumanColumn, Row, views_of
from evcli.query.explain import explain_answer
from evcli.query.figures import Figures
from evcli.text.numbers import SIGNIFICANT, digits

CHANGE_COLUMNS = (
    Column("id", shown=HumanColumn("what")),
    *(Column(name, shown=HumanColumn(name)) for name in ("field", "saved", "now")),
)
_LEVEL, _GROWTH = ("value", "low", "high"), ("yoy", "yoy_low", "yoy_high")
_NUMBERS = frozenset((*_LEVEL, *_GROWTH))
_NAMED = ("formula", "source", "at", "url", "note")
_COMPARED = ("text", "period", *_LEVEL, "unit", *_GROWTH, *_NAMED)
_REPEATS = frozenset({"note", "reason", "read as"})  # steps that repeat the note of the one above
_MOST_BYTES = 16_000_000
_LAST_DIGIT = Fraction(1, 10 ** (SIGNIFICANT - 1))  # of a number as printed
_LARGEST = 1000  # as an exponent of ten

SavedRow = Mapping[str, object]
_Step = tuple[str, str, int]  # kind, id, and which of several alike


def read_saved(path: Path) -> list[dict[str, object]]:
    """The rows of a saved explanation; UsageError for what is none."""
    try:
        return _read(path)
    except UnicodeDecodeError:
        reason = "not UTF-8"
    except RecursionError:
        reason = "not JSON: nested too deeply"
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error}"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
    hint = "save one with evcli explain ID --format json, without --fields"
    raise UsageError(f"{path}: {reason}", hint)


def _read(path: Path) -> list[dict[str, object]]:
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise ValueError("not a file")
    if about.st_size > _MOST_BYTES:
        raise ValueError("too large to be an explanation")
    content = path.read_bytes().decode("utf-8-sig")
    rows: Any = json.loads(content, parse_float=_exact, parse_int=_exact, parse_constant=_no_number)
    for problem in _problems(rows):
        raise ValueError(f"no explanation: {problem}")
    return [dict(row) for row in rows]


def changes_answer(
    source: Figures, saved: Sequence[SavedRow], accept: Collection[str] = ()
) -> Answer:
    """What changed since *saved* rows were printed: one row per field, none if nothing did."""
    roots = list(dict.fromkeys(str(row["id"]) for row in saved if row["depth"] == 0))
    changes = [change for root in roots for change in _changes(source, saved, root, accept)]
    # figures may share an input, which changed but once
    rows = list({tuple(change.values()): change for change in changes}.values())
    note = f"{len(roots)} figure{'' if len(roots) == 1 else 's'} recomputed: "
    note += f"{len(rows)} change{'' if len(rows) == 1 else 's'}" if rows else "nothing changed"
    return Answer(CHANGE_COLUMNS, rows, views_of(CHANGE_COLUMNS), notes=(note,))


def _changes(
    source: Figures, saved: Sequence[SavedRow], root: str, accept: Collection[str]
) -> Iterator[Row]:
    before = _by_step(saved, root)
    try:
        explained: Sequence[SavedRow] = explain_answer(source, [root], accept).rows
    except EvcliError as error:  # it cannot be answered any more: that is the change
        yield {"id": root, "field": "figure", "saved": "explained", "now": str(error)}
        return
    after = _by_step(explained, root)
    for step, row in before.items():
        kind, id, _ = step
        if step not in after:
            yield {"id": id, "field": kind, "saved": _summary(row), "now": "gone"}
            continue
        for name in _COMPARED:
            now = after[step].get(name)
            if name in row and not _same(name, row[name], now):
                field = name if kind in ("figure", "derived") else f"{kind} {name}"
                yield {"id": id, "field": field, "saved": _shown(row[name]), "now": _shown(now)}
    for step, row in after.items():
        if step not in before:
            yield {"id": step[1], "field": step[0], "saved": "not there", "now": _summary(row)}


def _by_step(rows: Sequence[SavedRow], root: str) -> dict[_Step, SavedRow]:
    """The steps below *root* by kind and id. An input that several steps share is one."""
    found: dict[_Step, SavedRow] = {}
    inside = False
    for row in rows:
        kind, name = str(row["kind"]), str(row["id"])
        if row["depth"] == 0:
            inside = row["id"] == root
        if not inside or kind in _REPEATS:
            continue
        count = 0
        # rival figures have one id; the same fact, reached twice, says the same
        while (kind, name, count) in found and not all(
            _same(field, found[kind, name, count].get(field), row.get(field)) for field in _COMPARED
        ):
            count += 1
        found.setdefault((kind, name, count), row)
    return found


def _same(name: str, saved: object, now: object) -> bool:
    if name not in _NUMBERS:
        return str(saved or "") == str(now or "")
    if saved is None or now is None:
        return saved is now
    one, other = _fraction(saved), _fraction(now)
    if one is None or other is None:
        return False
    # the last of the digits printed may be off by one
    return abs(one - other) <= max(abs(one), abs(other)) * _LAST_DIGIT


def _fraction(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        return None
    return Fraction(value) if math.isfinite(value) else None


def _summary(row: SavedRow) -> str:
    return _shown(row.get("text") if row.get("value") is None else row["value"])


def _shown(value: object) -> str:
    number = _fraction(value)
    if number is not None:
        return digits(number)
    return "" if value is None else str(value)


def _exact(digits: str) -> Fraction:
    """A number of the file, exactly; ValueError for one that could only be meant to do harm."""
    try:
        number = Decimal(digits)
    except InvalidOperation:
        raise ValueError(f"{digits[:20]!r} is no number") from None
    if abs(number.adjusted()) > _LARGEST or len(digits) > _LARGEST:
        raise ValueError(f"{digits[:20]}... is out of range")
    return Fraction(number)


def _no_number(name: str) -> Fraction:
    raise ValueError(f"{name} is no number")


def _problems(rows: object) -> Iterator[str]:
    """What makes *rows* no explanation."""
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        yield "not a list of rows"
    elif not rows:
        yield "no rows"
    else:
        for number, row in enumerate(rows, 1):
            known = {name: row[name] for name in _COMPARED if row.get(name) is not None}
            known |= {name: row.get(name) for name in ("depth", "kind", "id")}
            for name, value in known.items():
                is_number = name == "depth" or name in _NUMBERS
                if not (isinstance(value, str) if not is_number else _fraction(value) is not None):
                    yield f"{name!r} of row {number} is missing or of another type"
            if row["depth"] == 0 and not row["id"]:
                yield f"row {number} has no id"
        if rows[0]["depth"] != 0:
            yield "the first row is not at depth 0"
