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
    lowest: Fraction  # the pace of the rest as a multiple of the whole's monthly mean
    highest: Fraction | None


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
        odd = [
            rest
            for rest in rests
            if rest is not None and rest.period.month_span not in levels and _is_odd(rest)
        ]
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
    highest = None if high is None or not all_.high else high / all_.high * scale
    return _Rest(whole, part, period, Bounds(low, high), low / all_.low * scale, highest)


def _is_odd(rest: _Rest) -> bool:
    return rest.lowest > FAST or (rest.highest is not None and rest.highest < SLOW)


def _how_odd(rest: _Rest) -> tuple[Fraction, int]:
    fast = rest.lowest if rest.lowest > FAST else Fraction(0)
    slow = 1 / rest.highest if rest.highest and not fast else Fraction(0)
    return max(fast, slow), -(rest.period.months or 0)


def _finding(rest: _Rest, unit: str) -> Finding:
    whole, part = rest.whole, rest.part
    assert whole.quantity is not None
    assert part.quantity is not None
    size = None
    if whole.quantity.value is not None and part.quantity.value is not None:
        size = whole.quantity.value - part.quantity.value
    pace = rest.lowest if rest.lowest > FAST else rest.highest
    assert pace is not None
    times = f"{float(pace):.1f} times" if pace > 1 else f"{float(pace * 100):.0f} % of"
    least = "at least" if pace > 1 else "at most"
    by = " and ".join(
        f'"{fact.stated}" for {short_period(fact.period)} ({fact.source})' for fact in (part, whole)
    )
    message = (
        f"{short_period(rest.period)} alone would be {short_range(*rest.bounds, unit)} "
        f"by {by}: {least} {times} the monthly mean of {short_period(whole.period)}"
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
        when = published or today
        if end > when:
            continue
        unit = series[fact.series].unit
        what = fact.stated or "a change"
        if fact.quantity is not None and fact.quantity.value is not None:
            what = f"{short_number(fact.quantity.value)} {unit}"
        if source is not None and published is not None:
            then = f"when {fact.source} was published ({source.published})"
        else:
            then = f"by today ({when.isoformat()})"
        message = (
            f"{what} are a plan or target for {short_period(fact.period)} ({fact.source}), "
            f"which was over {then}"
        )
        size = fact.quantity.value if fact.quantity else None
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
