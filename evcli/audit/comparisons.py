"""Printed figures beside others: odd paces, past targets, rounding, and other definitions."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from itertools import combinations
from operator import attrgetter, itemgetter
from typing import TypeVar

from evcli.audit.evidence import Finding, Verdict
from evcli.core.comparability import is_part
from evcli.core.formula import GROWTH, Leaf, Node, bounds
from evcli.core.resolve import released
from evcli.grouping import grouped
from evcli.inference.family import ConstraintKind, statement_id
from evcli.model.period import Period
from evcli.model.quantity import Bounds, intersect_all
from evcli.model.records import Fact, Rank, Series, Status
from evcli.model.vocabulary import UNNAMED, Vocabulary, name_in
from evcli.text.lists import counted, listed
from evcli.text.numbers import short_number, short_range
from evcli.text.phrases import short_period
from evcli.tuples import NamedTuple

K = TypeVar("K", bound=Hashable)
_looseness = attrgetter("bounds.looseness")  # of a fact: how wide it is
FAST, SLOW = Fraction(4), Fraction(1, 4)


class _Rest(NamedTuple):
    whole: Fact
    part: Fact
    period: Period
    bounds: Bounds
    pace: Fraction  # at least, or below one at most, as a multiple of the whole's monthly mean

    def how_odd(self) -> tuple[Fraction, int]:
        pace = 1 / self.pace if 0 < self.pace < 1 else self.pace
        return pace, -(self.period.months or 0)


def odd_paces(facts: Iterable[Fact], unit: str) -> Iterator[Finding]:
    """Windows of one flow whose rest would have to run far off the mean of the window it ends.

    One finding a whole window: the rest that is furthest off.
    """
    sized = (fact for fact in facts if fact.quantity and fact.status is not Status.FORECAST)
    narrowest = _narrowest(sized, lambda fact: fact.period.month_span)
    levels = {span: fact for span, fact in narrowest.items() if span}
    spans = sorted(levels)
    by_start, by_end = (grouped(spans, itemgetter(at)) for at in (0, 1))
    for span in spans:
        if span[1] - span[0] < 2:
            continue
        whole = levels[span]
        rests = [_rest(whole, levels[each]) for each in (*by_start[span[0]], *by_end[span[1]])]
        odd = [rest for rest in rests if rest and rest.period.month_span not in levels]
        if odd:
            yield _finding(max(odd, key=_Rest.how_odd), unit)


def _narrowest(facts: Iterable[Fact], key: Callable[[Fact], K]) -> dict[K, Fact]:
    """The most precise of the facts with the same key."""
    return {each: min(alike, key=_looseness) for each, alike in grouped(facts, key).items()}


def _rest(whole: Fact, part: Fact) -> _Rest | None:
    """The rest of a window beside a part of it, where its pace is odd."""
    period = whole.period.minus(part.period)
    all_, rest = whole.bounds, whole.bounds.plus(part.bounds.negate())
    months, every, (low, high) = period and period.months, whole.period.months, rest
    if not period or not months or not every or not all_.low or low is None:
        return None
    if high is not None and high < max(low, Fraction(0)):
        return None  # impossible, and so not merely implausible
    scale = Fraction(every, months)
    pace = low / all_.low * scale
    if pace <= FAST:
        if high is None or not all_.high or high / all_.high * scale >= SLOW:
            return None
        pace = high / all_.high * scale
    return _Rest(whole, part, period, rest, pace)


def _finding(rest: _Rest, unit: str) -> Finding:
    whole, part = rest.whole, rest.part
    known, less = _value_of(whole), _value_of(part)
    size = None if known is None or less is None else known - less
    pace = float(rest.pace)
    times = f"at least {pace:.1f} times" if pace > 1 else f"at most {pace * 100:.0f} % of"
    by = " and ".join(
        f'"{fact.stated}" for {short_period(fact.period)} ({fact.source})' for fact in (part, whole)
    )
    message = (
        f"{short_period(rest.period)} alone would be {short_range(*rest.bounds, unit)} "
        f"by {by}: {times} the monthly mean of {short_period(whole.period)}"
    )
    found = Finding.of_facts(Verdict.IMPLAUSIBLE, (part, whole), message, size=size)
    return found._replace(periods=(str(rest.period),))


def past_targets(
    facts: Iterable[Fact], series: Mapping[str, Series], today: date
) -> Iterator[Finding]:
    """Plans and targets for a time that was over when their source was published.

    Where a source has no date, today counts.
    """
    for fact in facts:
        end = fact.period.end
        if fact.status is not Status.FORECAST or end is None or fact.rank is Rank.DEPRECATED:
            continue
        published = released(fact)
        if end > (published.start or today):
            continue
        size = _value_of(fact)
        what = fact.stated or "a change"
        if size is not None:
            what = f"{short_number(size)} {series[fact.series].unit}"
        then = f"by today ({today.isoformat()})"
        if published.start is not None:
            then = f"when {fact.source} was published ({published})"
        plan = f"{what} are a plan or target for {short_period(fact.period)} ({fact.source})"
        message = f"{plan}, which was over {then}"
        yield Finding.of_facts(Verdict.IMPLAUSIBLE, (fact,), message, size=size)


Levels = Mapping[Period, Fact]


def roundings(
    facts: Iterable[Fact], series: Mapping[str, Series], words: Vocabulary, flows: frozenset[str]
) -> Iterator[Finding]:
    """Gaps in sums of windows, in growth and in partitions that rounding explains."""
    dated = [fact for fact in facts if not fact.period.is_undated]
    valued = grouped((fact for fact in dated if _value_of(fact) is not None), attrgetter("series"))
    levels = {id_: _narrowest(own, attrgetter("period")) for id_, own in valued.items()}
    stated = grouped(dated, attrgetter("series"))
    for id_, known in levels.items():
        unit = series[id_].unit
        if id_ in flows:
            yield from _largest(_sums(known, unit))
        yield from _largest(_growths(known, stated[id_]))
    yield from _partitions(levels, series, words)


def _largest(gaps: Iterable[Finding]) -> Iterator[Finding]:
    every = list(gaps)
    if every:
        largest = max(every, key=attrgetter("size"))
        more = f"; {counted(len(every) - 1, 'smaller gap')} of this kind" if len(every) > 1 else ""
        yield largest._replace(message=largest.message + more)


def _gap(
    text: str,
    size: Fraction,
    rounding: Iterable[Bounds],
    unit: str,
    facts: Sequence[Fact],
    statements: Sequence[str] = (),
) -> Finding:
    allowed = sum((each.width or Fraction(0) for each in rounding), Fraction(0)) / 2
    message = f"{text}: a gap of {short_number(size, unit, derived=unit == 'percent')}"
    message += f", rounding together allows {short_number(allowed, unit, derived=True)}"
    return Finding.of_facts(Verdict.ROUNDING, facts, message, statements=statements, size=size)


def _sums(levels: Levels, unit: str) -> Iterator[Finding]:
    by_span = {span: fact for each, fact in levels.items() if (span := each.month_span)}
    by_end = grouped(by_span, itemgetter(1))
    for (middle, end), rest in by_span.items():
        for first in by_end.get(middle, ()):
            whole = by_span.get((first[0], end))
            if whole is not None:
                yield from _sum_gap((by_span[first], rest), whole, unit)


def _sum_gap(
    parts: Sequence[Fact],
    whole: Fact,
    unit: str,
    name: Callable[[Fact], str] = lambda fact: short_period(fact.period),
    where: str = "",
) -> Iterator[Finding]:
    """A gap where the parts, to the last digit, miss what the whole's own rounding allows.

    *name* gives what parts and whole are called, *where* begins the text.
    """
    total = sum((_value(fact) for fact in parts), Fraction(0))
    if whole.bounds.contains(total):
        return
    together = reduce(Bounds.plus, (fact.bounds for fact in parts))
    if together.intersect(whole.bounds) is None:
        return
    facts = (*parts, whole)
    *terms, last = (f"{short_number(_value(fact), unit)} ({fact.source})" for fact in facts)
    names = [f"{name(fact)} {term}" for fact, term in zip(parts, terms, strict=True)]
    text = f"{where}{listed(names)} come to {short_number(total, unit)}, {name(whole)} is {last}"
    yield _gap(text, abs(total - _value(whole)), (fact.bounds for fact in facts), unit, facts)


def _growths(levels: Levels, growing: Iterable[Fact]) -> Iterator[Finding]:
    for fact in growing:
        base, new = levels.get(fact.period.year_before()), levels.get(fact.period)
        if base is None or new is None or not _value(base) or fact.yoy is None:
            continue
        growth, stated = GROWTH.function(_value(new), _value(base)), fact.yoy
        if stated.bounds.contains(growth) or not all(base.bounds) or stated.value is None:
            continue
        between = bounds(Node(GROWTH, tuple(Leaf(x.id, None, x.bounds) for x in (new, base))))
        if between.intersect(stated.bounds) is None:
            continue
        text = (
            f"{short_period(new.period)} {short_number(_value(new))} ({new.source}) "
            f"on {short_period(base.period)} {short_number(_value(base))} ({base.source}) "
            f"is {short_number(growth, 'percent', derived=True)}, "
            f"stated is {fact.yoy_stated} ({fact.source})"
        )
        size, rounding = abs(growth - stated.value), (between, stated.bounds)
        said = (new.id, base.id, statement_id(fact.id, ConstraintKind.YOY))
        yield _gap(text, size, rounding, "percent", (new, base, fact), said)


def _partitions(
    levels: Mapping[str, Levels], series: Mapping[str, Series], words: Vocabulary
) -> Iterator[Finding]:
    alike = attrgetter("subject", "metric", "destination", "unit", "publisher", "method")
    for group in grouped((series[id_] for id_ in levels), alike).values():
        known, unit = {each.scope: levels[each.id] for each in group}, group[0].unit
        for partition in words.partitions:
            if not known.keys() >= {partition.whole, *partition.parts}:
                continue
            parts = [known[scope] for scope in partition.parts]
            gaps = [
                gap
                for period, fact in known[partition.whole].items()
                if all(period in part for part in parts)
                for gap in _sum_gap(
                    [part[period] for part in parts],
                    fact,
                    unit,
                    lambda fact: series[fact.series].scope,
                    f"in {short_period(period)} ",
                )
            ]
            yield from _largest(gaps)


_value = attrgetter("quantity.value")  # of a fact that has one


def _value_of(fact: Fact) -> Fraction | None:
    return fact.quantity.value if fact.quantity else None


_FIELDS = ("scope", "publisher", "method")
_ALIKE = 2  # figures further apart than this factor nobody takes for the same


def definitions(
    facts: Iterable[Fact], series: Mapping[str, Series], words: Vocabulary
) -> Iterator[Finding]:
    """Pairs of series of the same subject, metric and place whose figures exclude each other."""
    sized = (fact for fact in facts if fact.quantity and not fact.period.is_undated)
    by_series = grouped(sized, attrgetter("series"))
    stated = {id_: grouped(own, attrgetter("period")) for id_, own in by_series.items()}
    named = (series[id_] for id_ in stated if series[id_].publisher != UNNAMED)
    alike = attrgetter("subject", "metric", "destination", "unit")
    for group in grouped(named, alike).values():
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
        f"{name} ({_named(first, name, words)} / {_named(second, name, words)})"
        for name in differing
    )
    message = (
        f"{short_period(period)} is {_size(left_fact, left_bounds, first)} ({left_fact.source}) in "
        f"{first.id} and {_size(right_fact, right_bounds, second)} ({right_fact.source}) in "
        f"{second.id}: they differ in {why}, so neither is wrong for it"
    )
    if len(apart) > 1:
        more = len(apart) - 1
        message += f"; {counted(more, 'other window')} differ{'' if more > 1 else 's'}"
    values = _value_of(left_fact), _value_of(right_fact)
    size = None if values[0] is None or values[1] is None else abs(values[0] - values[1])
    yield Finding.of_facts(Verdict.DEFINITION, (left_fact, right_fact), message, size=size)


def _agreed(facts: list[Fact]) -> tuple[Bounds, Fact] | None:
    bounds = intersect_all(fact.bounds for fact in facts)
    return None if bounds is None else (bounds, min(facts, key=_looseness))


def _middle(bounds: Bounds) -> Fraction:
    ends = [end for end in bounds if end is not None]
    return sum(ends, Fraction(0)) / len(ends) if ends else Fraction(0)


def _size(fact: Fact, bounds: Bounds, series: Series) -> str:
    value = _value_of(fact)
    if value is None:
        return short_range(*bounds, series.unit)
    return short_number(value, series.unit)


def _named(series: Series, name: str, words: Vocabulary) -> str:
    if name == "publisher":
        return words.publisher_name(series.publisher)
    if name == "method":
        return name_in(words.methods, series.method).lower()
    return name_in(words.scopes, series.scope)
