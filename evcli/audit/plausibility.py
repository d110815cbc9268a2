"""What is possible but would take an odd pace, and targets whose date has passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from evcli.audit.evidence import Finding, Verdict, imprecision
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Fact, Rank, Series, Source, Status
from evcli.text.phrases import short_period
from evcli.text.rounding import short_number, short_range

FAST, SLOW = Fraction(4), Fraction(1, 4)


class _Rest(NamedTuple):
    whole: Fact
    part: Fact
    period: Period
    bounds: Bounds
    pace: Fraction  # at least, or below one at most, as a multiple of the whole's monthly mean


def odd_paces(facts: Iterable[Fact], unit: str) -> Iterator[Finding]:
    """Windows of one flow whose rest would have to run far off the mean of the window it ends.

    One finding a whole window: the rest that is furthest off.
    """
    levels = _narrowest(facts)
    by_start: dict[int, list[Fact]] = {}
    by_end: dict[int, list[Fact]] = {}
    for (start, end), fact in levels.items():
        by_start.setdefault(start, []).append(fact)
        by_end.setdefault(end, []).append(fact)
    for span, whole in levels.items():
        if span[1] - span[0] < 2:
            continue
        rests = [_rest(whole, part) for part in (*by_start[span[0]], *by_end[span[1]])]
        odd = [rest for rest in rests if rest and rest.period.month_span not in levels]
        if odd:
            yield _finding(max(odd, key=_how_odd), unit)


def _narrowest(facts: Iterable[Fact]) -> dict[tuple[int, int], Fact]:
    found: dict[tuple[int, int], Fact] = {}
    for fact in facts:
        span = fact.period.month_span
        if span is None or fact.quantity is None or fact.status is Status.FORECAST:
            continue
        known = found.get(span)
        if known is None or imprecision(fact) < imprecision(known):
            found[span] = fact
    return dict(sorted(found.items()))


def _rest(whole: Fact, part: Fact) -> _Rest | None:
    """The rest of a window beside a part of it, where its pace is odd."""
    period = whole.period.minus(part.period)
    if period is None or whole.quantity is None or part.quantity is None:
        return None
    all_, some = whole.quantity.bounds, part.quantity.bounds
    months, every = period.months, whole.period.months
    if not months or not every or all_.low is None or not all_.low or some.high is None:
        return None
    low = all_.low - some.high
    high = all_.high - some.low if all_.high is not None and some.low is not None else None
    if high is not None and high < max(low, Fraction(0)):
        return None  # impossible, and so not merely implausible
    scale = Fraction(every, months)
    pace = low / all_.low * scale
    if pace <= FAST:
        if high is None or not all_.high or high / all_.high * scale >= SLOW:
            return None
        pace = high / all_.high * scale
    return _Rest(whole, part, period, Bounds(low, high), pace)


def _how_odd(rest: _Rest) -> tuple[Fraction, int]:
    pace = 1 / rest.pace if 0 < rest.pace < 1 else rest.pace
    return pace, -(rest.period.months or 0)


def _finding(rest: _Rest, unit: str) -> Finding:
    whole, part = rest.whole, rest.part
    assert whole.quantity is not None
    assert part.quantity is not None
    size = None
    if whole.quantity.value is not None and part.quantity.value is not None:
        size = whole.quantity.value - part.quantity.value
    pace = float(rest.pace)
    times = f"at least {pace:.1f} times" if pace > 1 else f"at most {pace * 100:.0f} % of"
    by = " and ".join(
        f'"{fact.stated}" for {short_period(fact.period)} ({fact.source})' for fact in (part, whole)
    )
    message = (
        f"{short_period(rest.period)} alone would be {short_range(*rest.bounds, unit)} "
        f"by {by}: {times} the monthly mean of {short_period(whole.period)}"
    )
    return Finding.of_facts(
        Verdict.IMPLAUSIBLE, (part, whole), message, periods=(rest.period,), size=size
    )


def past_targets(
    facts: Iterable[Fact], series: Mapping[str, Series], sources: Mapping[str, Source], today: date
) -> Iterator[Finding]:
    """Plans and targets for a time that was over when their source was published.

    Where a source has no date, today counts.
    """
    for fact in facts:
        end = fact.period.end
        if fact.status is not Status.FORECAST or end is None or fact.rank is Rank.DEPRECATED:
            continue
        source = sources.get(fact.source)
        published = source.published.start if source and source.published else None
        if end > (published or today):
            continue
        unit = series[fact.series].unit
        size = fact.quantity.value if fact.quantity else None
        what = fact.stated or "a change"
        if size is not None:
            what = f"{short_number(size)} {unit}"
        then = f"by today ({today.isoformat()})"
        if source is not None and published is not None:
            then = f"when {fact.source} was published ({source.published})"
        message = (
            f"{what} are a plan or target for {short_period(fact.period)} ({fact.source}), "
            f"which was over {then}"
        )
        yield Finding.of_facts(Verdict.IMPLAUSIBLE, (fact,), message, size=size)


def all_odd_paces(
    facts: Sequence[Fact], series: Mapping[str, Series], flows: frozenset[str]
) -> Iterator[Finding]:
    """The odd paces of every flow."""
    by_series: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.series in flows:
            by_series.setdefault(fact.series, []).append(fact)
    for id_, own in by_series.items():
        if len(own) > 1:
            yield from odd_paces(own, series[id_].unit)
