"""Series that people compare although they count differently: one finding a pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from operator import itemgetter

from evcli.audit.evidence import Finding, Verdict, imprecision
from evcli.audit.unnamed_publishers import UNNAMED
from evcli.core.comparability import is_part
from evcli.model.period import Period
from evcli.model.quantity import Bounds, intersect_all
from evcli.model.records import Fact, Series
from evcli.model.vocabulary import Vocabulary, name_in
from evcli.text.lists import counted, listed
from evcli.text.phrases import short_period
from evcli.text.rounding import short_number, short_range

_FIELDS = ("scope", "publisher", "method")
_ALIKE = 2  # figures further apart than this factor nobody takes for the same


def definitions(
    facts: Iterable[Fact], series: Mapping[str, Series], words: Vocabulary
) -> Iterator[Finding]:
    """Pairs of series of the same subject, metric and place whose figures exclude each other."""
    stated: dict[str, dict[Period, list[Fact]]] = {}
    for fact in facts:
        if fact.quantity is not None and not fact.period.is_undated:
            stated.setdefault(fact.series, {}).setdefault(fact.period, []).append(fact)
    alike: dict[tuple[str, ...], list[Series]] = {}
    for id_ in stated:
        one = series[id_]
        if one.publisher != UNNAMED:
            key = (one.subject, one.metric, one.destination, one.unit)
            alike.setdefault(key, []).append(one)
    for group in alike.values():
        for first, second in combinations(group, 2):
            if _compared(first, second, words):
                yield from _pair(first, second, stated, words)


def _compared(first: Series, second: Series, words: Vocabulary) -> bool:
    if all(getattr(first, name) == getattr(second, name) for name in _FIELDS):
        return False
    if first.scope == second.scope:
        return True
    if first.publisher == second.publisher:
        return is_part(first, second, words) or is_part(second, first, words)
    if "all" in (first.scope, second.scope):
        return False
    return words.lies_in(first.scope, second.scope) or words.lies_in(second.scope, first.scope)


def _pair(
    first: Series,
    second: Series,
    stated: Mapping[str, Mapping[Period, list[Fact]]],
    words: Vocabulary,
) -> Iterator[Finding]:
    one, other = stated[first.id], stated[second.id]
    apart = []
    for period in one.keys() & other.keys():
        left, right = _agreed(one[period]), _agreed(other[period])
        if left is None or right is None or left[0].intersect(right[0]) is not None:
            continue
        sizes = ((_middle(left[0]), first), (_middle(right[0]), second))
        (smaller, part), (larger, whole) = sorted(sizes, key=itemgetter(0))
        if larger <= _ALIKE * smaller and not is_part(part, whole, words):
            apart.append((period, left, right))
    if not apart:
        return
    apart.sort(key=lambda each: (each[0].sort_key[2], each[0].months or 0))
    period, (left_bounds, left_fact), (right_bounds, right_fact) = apart[-1]
    differing = [name for name in _FIELDS if getattr(first, name) != getattr(second, name)]
    why = listed(
        [
            f"{name} ({_named(first, name, words)} / {_named(second, name, words)})"
            for name in differing
        ]
    )
    message = (
        f"{short_period(period)} is {_size(left_fact, left_bounds, first)} ({left_fact.source}) in "
        f"{first.id} and {_size(right_fact, right_bounds, second)} ({right_fact.source}) in "
        f"{second.id}: they differ in {why}, so neither is wrong for it"
    )
    if len(apart) > 1:
        more = len(apart) - 1
        message += f"; {counted(more, 'other window')} differ{'' if more > 1 else 's'}"
    values = [fact.quantity.value for fact in (left_fact, right_fact) if fact.quantity]
    exact = [value for value in values if value is not None]
    size = abs(exact[0] - exact[1]) if len(exact) > 1 else None
    yield Finding.of_facts(Verdict.DEFINITION, (left_fact, right_fact), message, size=size)


def _agreed(facts: list[Fact]) -> tuple[Bounds, Fact] | None:
    bounds = intersect_all(fact.quantity.bounds for fact in facts if fact.quantity)
    return None if bounds is None else (bounds, min(facts, key=imprecision))


def _middle(bounds: Bounds) -> Fraction:
    ends = [end for end in bounds if end is not None]
    return sum(ends, Fraction(0)) / len(ends) if ends else Fraction(0)


def _size(fact: Fact, bounds: Bounds, series: Series) -> str:
    if fact.quantity is not None and fact.quantity.value is not None:
        return short_number(fact.quantity.value, series.unit)
    return short_range(*bounds, series.unit)


def _named(series: Series, name: str, words: Vocabulary) -> str:
    if name == "publisher":
        return words.publisher_name(series.publisher)
    if name == "method":
        return name_in(words.methods, series.method).lower()
    return name_in(words.scopes, series.scope)
