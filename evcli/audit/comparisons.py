"""What is possible and yet implausible: odd paces, and targets whose time is over."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from operator import attrgetter, itemgetter

from evcli.audit.evidence import Finding, Verdict
from evcli.core.resolve import released
from evcli.grouping import grouped
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Fact, Rank, Series, Status
from evcli.text.numbers import short_number, short_range
from evcli.tuples import NamedTuple

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
    sized = [fact for fact in facts if fact.quantity and fact.status is not Status.FORECAST]
    narrowest_first = sorted(sized, key=attrgetter("bounds.looseness"))
    levels = {span: each for each in reversed(narrowest_first) if (span := each.period.month_span)}
    spans = sorted(levels)
    by_start, by_end = (grouped(spans, itemgetter(at)) for at in (0, 1))
    for span in spans:
        whole = levels[span]
        rests = [_rest(whole, levels[each]) for each in (*by_start[span[0]], *by_end[span[1]])]
        odd = [rest for rest in rests if rest and rest.period.month_span not in levels]
        if odd:
            yield _finding(max(odd, key=_Rest.how_odd), unit)


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
        f'"{fact.stated}" for {fact.period.label} ({fact.source})' for fact in (part, whole)
    )
    message = (
        f"{rest.period.label} alone would be {short_range(*rest.bounds, unit)} "
        f"by {by}: {times} the monthly mean of {whole.period.label}"
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
        end, published = fact.period.end, released(fact).start
        if fact.status is not Status.FORECAST or end is None or fact.rank is Rank.DEPRECATED:
            continue
        if end > (published or today):
            continue
        size = _value_of(fact)
        what = fact.stated or "a change"
        if size is not None:
            what = f"{short_number(size)} {series[fact.series].unit}"
        then = f"by today ({today.isoformat()})"
        if published is not None:
            then = f"when {fact.source} was published ({fact.published})"
        plan = f"{what} are a plan or target for {fact.period.label} ({fact.source})"
        message = f"{plan}, which was over {then}"
        yield Finding.of_facts(Verdict.IMPLAUSIBLE, (fact,), message, size=size)


def _value_of(fact: Fact) -> Fraction | None:
    return fact.quantity.value if fact.quantity else None
