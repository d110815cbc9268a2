"""Trade measures."""

from __future__ import annotations

from evcli.loader.context import Context
from evcli.loader.entry import Entry
from evcli.loader.vocabulary import Words
from evcli.model.records import Measure
from evcli.model.unit import Unit, UnitKind

_PERCENT = Unit("percent", "percent", UnitKind.PERCENT, ("%",))


def read_measures(context: Context, words: Words) -> tuple[Measure, ...]:
    """The trade measures of all documents in the order of the files."""
    return tuple(
        _measure(name, entry, context, words)
        for name, entry, first in context.named("measures")
        if first
    )


def _measure(name: str, entry: Entry, context: Context, words: Words) -> Measure:
    values = context.values
    rate = values.rate(entry, "rate", _PERCENT)
    if rate is not None:
        words.unit(rate.unit)
    measure = Measure(
        id=name, rate=rate, rate_unit=rate.unit if rate else "", **context.fields(entry, Measure)
    )
    start, until = measure.start, measure.until
    if start and until and start.start and until.start and start.start >= until.start:
        entry.problem(
            f"the measure ends ({values.name(until)}) before it begins ({values.name(start)})",
            "until is the first day on which it no longer holds",
            "until",
        )
    for key, others in (("replaces", measure.replaces), ("excepts", measure.excepts)):
        if name and name in others:
            entry.problem(f"the measure {name!r} {key} itself", "", key)
    for other in measure.excepts:
        if other in measure.replaces:
            entry.problem(
                f"{other!r} is both replaced and excepted from",
                "what is replaced ends; what is excepted from goes on for the rest",
                "excepts",
            )
    if measure.source and measure.source in measure.confirmed_by:
        entry.problem(
            f"{measure.source!r} confirms itself",
            "confirmed_by: names other sources",
            "confirmed_by",
        )
    return measure
