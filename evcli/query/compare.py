"""Comparing figures: never refused, but unlike rows are told apart."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from typing import NamedTuple

from evcli.core.comparability import Operand, differing, own_count_warning, unlike_in
from evcli.core.derive import PERCENT, derive
from evcli.core.formula import DIFFERENCE, PROPORTION, RATIO, TOTAL
from evcli.model.answer import Answer, Column, HumanColumn, Value, View
from evcli.model.figure import Figure, Missing
from evcli.model.note import Note, NoteKind, trimmed
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import Vocabulary
from evcli.query.figures import Figures
from evcli.query.rows import (
    COMPUTED_COLUMNS,
    FIGURE_COLUMNS,
    FIGURE_VIEWS,
    bounded,
    figure_rows,
    footnotes,
    note_fields,
    publisher_name,
    total_row,
)

COMPARE_COLUMNS: tuple[Column, ...] = (
    *FIGURE_COLUMNS,
    *bounded("ratio"),
    *bounded("difference", unit_from="unit"),
    *bounded("share"),
    *COMPUTED_COLUMNS[-2:],
)
_COMPARE_VIEWS = (
    *FIGURE_VIEWS[:4],
    HumanColumn("first ÷ this", View.RATIO, ("ratio", "ratio_low", "ratio_high")),
    HumanColumn(
        "first - this",
        View.BOUNDED,
        ("difference", "difference_low", "difference_high"),
        "unit",
        optional=4,
    ),
    HumanColumn("share", View.SHARE, ("share", "share_low", "share_high"), optional=3),
    *FIGURE_VIEWS[-2:],
)


class Entry(NamedTuple):
    """One thing to compare; ``why_none`` says why it has no figure, if it has none."""

    series: Series
    period: Period
    why_none: str = ""


def compare_answer(
    source: Figures, entries: Sequence[Entry], *, notes: Sequence[str] = ()
) -> Answer:
    """Rows in the order asked for, each against the first that has a figure, and their total."""
    words = source.words
    figures = [_operand(source, entry) for entry in entries]
    known = [
        (entry, figure)
        for entry, figure in zip(entries, figures, strict=True)
        if has_bounds(figure)
    ]
    operands = [Operand(entry.series, entry.period) for entry, _ in known]
    unlike = unlike_in(operands, words)
    apart = why_unlike(operands, unlike, words)
    adds_up, why_not = addable(operands, words)
    rows = figure_rows(figures, words, subjects=True)
    first = known[0][1] if known else None
    share_ok = adds_up and not unlike and len(known) > 1
    for row, figure in zip(rows, figures, strict=True):
        if first is None or not has_bounds(figure):
            continue
        if figure is not first and _same_unit(first, figure):
            _against_first(row, first, figure)
        if share_ok:
            rest = [other for _, other in known if other is not figure]
            put(row, "share", share_of_total(figure, rest))
    periods = {entry.period for entry in entries}
    extra = list(notes)
    if len(known) > 1:
        if adds_up:
            rows.append(_total_row([figure for _, figure in known], words, apart))
        elif why_not:
            extra.append(f"no total: {why_not}")
        if apart:
            extra.append(f"unlike rows, so no shares: {apart}")
        if "method" in unlike:
            extra += _definitions(operands, words)
    return Answer(
        COMPARE_COLUMNS,
        rows,
        _without_period(_COMPARE_VIEWS, periods),
        footnotes=footnotes(rows, source.store),
        notes=tuple(extra),
        warnings=own_count_warning(operands, words),
        title=" · ".join(["Comparison", *_common(periods)]),
        hint="nothing to compare",
    )


def _operand(source: Figures, entry: Entry) -> Figure:
    """The figure of an entry; where there is none, with the reason that the entry gives."""
    figure = source.operand(entry.series, entry.period)
    if not entry.why_none or has_bounds(figure):
        return figure
    why = Missing(entry.why_none)
    return figure._replace(notes=(why.note,), missing=why)


def _common(periods: Collection[Period]) -> list[str]:
    return [str(each) for each in periods if len(periods) == 1 and not each.is_undated]


def _without_period(
    views: tuple[HumanColumn, ...], periods: Collection[Period]
) -> tuple[HumanColumn, ...]:
    """The period stands in the title where all rows have the same."""
    return tuple(view for view in views if len(periods) > 1 or view.head != "period")


def has_bounds(figure: Figure) -> bool:
    """Whether anything at all is known of the value."""
    bounds = figure.bounds
    return figure.value is not None or bounds.low is not None or bounds.high is not None


def _same_unit(first: Figure, second: Figure) -> bool:
    return first.unit == second.unit


def _against_first(row: dict[str, Value], first: Figure, figure: Figure) -> None:
    ratio = derive(RATIO, (first, figure), unit="1")
    difference = derive(DIFFERENCE, (first, figure), unit=first.unit)
    put(row, "ratio", ratio)
    put(row, "difference", difference)
    row["formula"] = "ratio = first / this; difference = first - this"
    row["inputs"] = (first.id, figure.id)
    notes = [*trimmed(figure.notes), _verdict(difference, first, figure)]
    row.update(note_fields(notes))


def _verdict(difference: Figure, first: Figure, figure: Figure) -> Note:
    """Whether the bounds of the difference prove which of the two is larger."""
    low, high = difference.bounds
    larger, smaller = low is not None and low > 0, high is not None and high < 0
    proved = larger or smaller
    if not proved:
        smaller = difference.value is not None and difference.value < 0
    kind = NoteKind.COMPARISON if proved else NoteKind.CAUTION
    verb = "prove" if proved else "do not prove"
    which = "this one is larger than the first" if smaller else "the first is larger"
    return Note(kind, f"the bounds {verb} that {which}", (first.id, figure.id))


def share_of_total(figure: Figure, rest: Sequence[Figure]) -> Figure:
    """The part that *figure* has in the sum of itself and the *rest*."""
    others = derive(TOTAL, rest, unit=figure.unit) if len(rest) > 1 else rest[0]
    return derive(PROPORTION, (figure, others), unit=PERCENT)


def put(row: dict[str, Value], name: str, figure: Figure) -> None:
    """Write a number with its bounds into the three columns called *name*."""
    row[name] = figure.value
    row[f"{name}_low"] = figure.bounds.low
    row[f"{name}_high"] = figure.bounds.high


def _total_row(figures: Sequence[Figure], words: Vocabulary, apart: str) -> dict[str, Value]:
    notes = [Note(NoteKind.CAUTION, f"adds unlike rows: {apart}")] if apart else []
    open_ended = tuple(figure.id for figure in figures if figure.bounds.high is None)
    if open_ended:
        told = f"high is open because of {', '.join(open_ended)}"
        notes.append(Note(NoteKind.CAUTION, told, open_ended))
    total = derive(TOTAL, figures, unit=figures[0].unit, notes=notes)
    return total_row(total, figures, words)


def why_unlike(operands: Sequence[Operand], unlike: Sequence[str], words: Vocabulary) -> str:
    """The fields that differ, each with its values."""
    values = differing(operands, words)
    return "; ".join(f"{name} ({' / '.join(values[name])})" for name in unlike if name in values)


def addable(operands: Sequence[Operand], words: Vocabulary) -> tuple[bool, str]:
    """Whether a total makes sense, and if not why: one unit, one window, nothing twice."""
    if len(operands) < 2:
        return False, ""
    values = differing(operands, words)
    for name in ("unit", "window", "period", "metric"):
        if name in values:
            return False, f"{name} differs ({' / '.join(values[name])})"
    for one, other in itertools.combinations(operands, 2):
        if _overlap(one.series, other.series, words):
            return False, f"{one.series.id} and {other.series.id} overlap"
    return True, ""


def _definitions(operands: Sequence[Operand], words: Vocabulary) -> list[str]:
    """How each of those counts who count otherwise."""
    told = []
    for operand in operands:
        method = words.methods.get(operand.series.method)
        if method is not None and method.definition:
            who = publisher_name(operand.series.publisher, words)
            told.append(f"{who} ({method.name.lower()}): {method.definition}")
    return list(dict.fromkeys(told))


def _overlap(one: Series, other: Series, words: Vocabulary) -> bool:
    def nested(a: str, b: str, within: object) -> bool:
        return bool(callable(within) and (within(a, b) or within(b, a)))

    return (
        nested(one.subject, other.subject, words.belongs_to)
        and nested(one.scope, other.scope, words.lies_in)
        and nested(one.destination, other.destination, words.reaches)
    )
