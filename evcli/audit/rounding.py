"""Printed numbers that do not come out, by no more than the rounding of them together.

One finding a series and kind: the largest gap, and how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from evcli.audit.evidence import Finding, Verdict, difference, imprecision
from evcli.inference.family import ConstraintKind, statement_id
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Fact, Series
from evcli.model.vocabulary import Vocabulary
from evcli.text.lists import counted, listed
from evcli.text.phrases import short_period
from evcli.text.rounding import short_number

Levels = Mapping[Period, Fact]


class _Gap(NamedTuple):
    size: Fraction
    allowed: Fraction
    statements: tuple[str, ...]
    facts: tuple[Fact, ...]
    text: str


def roundings(
    facts: Iterable[Fact], series: Mapping[str, Series], words: Vocabulary, flows: frozenset[str]
) -> Iterator[Finding]:
    """Gaps in sums of windows, in growth and in partitions that rounding explains."""
    levels: dict[str, dict[Period, Fact]] = {}
    growing: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.period.is_undated:
            continue
        if fact.quantity is not None and fact.quantity.value is not None:
            known = levels.setdefault(fact.series, {})
            rival = known.get(fact.period)
            if rival is None or imprecision(fact) < imprecision(rival):
                known[fact.period] = fact
        if fact.yoy is not None and fact.yoy.value is not None:
            growing.setdefault(fact.series, []).append(fact)
    for id_, known in levels.items():
        unit = series[id_].unit
        if id_ in flows:
            yield from _largest(_sums(known, unit), unit)
        yield from _largest(_growths(known, growing.get(id_, ())), "percent")
    yield from _partitions(levels, series, words)


def _largest(gaps: Iterable[_Gap], unit: str) -> Iterator[Finding]:
    every = list(gaps)
    if not every:
        return
    gap = max(every, key=lambda each: each.size)
    message = f"{gap.text}: a gap of {short_number(gap.size, unit, derived=unit == 'percent')}"
    message += f", rounding together allows {short_number(gap.allowed, unit, derived=True)}"
    if len(every) > 1:
        message += f"; {counted(len(every) - 1, 'smaller gap')} of this kind"
    yield Finding.of_facts(
        Verdict.ROUNDING, gap.facts, message, statements=gap.statements, size=gap.size
    )


def _sums(levels: Levels, unit: str) -> Iterator[_Gap]:
    by_end: dict[int, list[tuple[int, Fact]]] = {}
    by_span: dict[tuple[int, int], Fact] = {}
    for period, fact in levels.items():
        span = period.month_span
        if span is not None:
            by_span[span] = fact
            by_end.setdefault(span[1], []).append((span[0], fact))
    for (middle, end), rest in by_span.items():
        for start, first in by_end.get(middle, ()):
            whole = by_span.get((start, end))
            if whole is not None:
                yield from _sum_gap((first, rest), whole, unit)


def _sum_gap(
    parts: Sequence[Fact],
    whole: Fact,
    unit: str,
    name: Callable[[Fact], str] = lambda fact: short_period(fact.period),
    where: str = "",
) -> Iterator[_Gap]:
    """A gap where the parts, to the last digit, miss what the whole's own rounding allows.

    *name* gives what parts and whole are called, *where* begins the text.
    """
    total = sum((_value(fact) for fact in parts), Fraction(0))
    if _bounds(whole).contains(total):
        return
    together = Bounds.exactly(Fraction(0))
    for fact in parts:
        together = difference(together, _bounds(fact).negate())
    if together.intersect(_bounds(whole)) is None:
        return
    facts = (*parts, whole)
    *terms, last = (f"{short_number(_value(fact), unit)} ({fact.source})" for fact in facts)
    names = [f"{name(fact)} {term}" for fact, term in zip(parts, terms, strict=True)]
    text = f"{where}{listed(names)} come to {short_number(total, unit)}, {name(whole)} is {last}"
    allowed = sum((_bounds(fact).width or Fraction(0) for fact in facts), Fraction(0)) / 2
    yield _Gap(abs(total - _value(whole)), allowed, tuple(fact.id for fact in facts), facts, text)


def _growths(levels: Levels, growing: Iterable[Fact]) -> Iterator[_Gap]:
    for fact in growing:
        base, new = levels.get(fact.period.year_before()), levels.get(fact.period)
        if base is None or new is None or not _value(base) or fact.yoy is None:
            continue
        growth, stated = (_value(new) / _value(base) - 1) * 100, fact.yoy
        low, high = _bounds(base)
        if stated.bounds.contains(growth) or not low or not high or stated.value is None:
            continue
        bottom, top = _bounds(new)
        between = Bounds(
            None if bottom is None else (bottom / high - 1) * 100,
            None if top is None else (top / low - 1) * 100,
        )
        if between.intersect(stated.bounds) is None:
            continue
        text = (
            f"{short_period(new.period)} {short_number(_value(new))} ({new.source}) "
            f"on {short_period(base.period)} {short_number(_value(base))} ({base.source}) "
            f"is {short_number(growth, 'percent', derived=True)}, "
            f"stated is {fact.yoy_stated} ({fact.source})"
        )
        allowed = sum((x.width or Fraction(0) for x in (between, stated.bounds)), Fraction(0)) / 2
        ids = tuple(dict.fromkeys((new.id, base.id, statement_id(fact.id, ConstraintKind.YOY))))
        yield _Gap(abs(growth - stated.value), allowed, ids, (new, base, fact), text)


def _partitions(
    levels: Mapping[str, Levels], series: Mapping[str, Series], words: Vocabulary
) -> Iterator[Finding]:
    places: dict[tuple[str, ...], dict[str, str]] = {}
    for id_ in levels:
        one = series[id_]
        key = (one.subject, one.metric, one.destination, one.unit, one.publisher, one.method)
        places.setdefault(key, {})[one.scope] = id_
    for known in places.values():
        for partition in words.partitions:
            if partition.whole not in known or not known.keys() >= set(partition.parts):
                continue
            whole = levels[known[partition.whole]]
            parts = [levels[known[scope]] for scope in partition.parts]
            unit = series[known[partition.whole]].unit
            gaps = [
                gap
                for period, fact in whole.items()
                if all(period in part for part in parts)
                for gap in _sum_gap(
                    [part[period] for part in parts],
                    fact,
                    unit,
                    lambda fact: series[fact.series].scope,
                    f"in {short_period(period)} ",
                )
            ]
            yield from _largest(gaps, unit)


def _value(fact: Fact) -> Fraction:
    assert fact.quantity is not None
    assert fact.quantity.value is not None
    return fact.quantity.value


def _bounds(fact: Fact) -> Bounds:
    return Bounds() if fact.quantity is None else fact.quantity.bounds
