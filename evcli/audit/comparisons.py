"""What is possible and yet implausible: odd paces, and targets whose time is over."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from operator import attrgetter, itemgetter

from evcli.audit.evidence import Finding, Verdict
from evcli.core.resolve import released
from evcli.grouping import grouped
from evcli.model.period import Period
from evcli.model.records import Fact, Rank, Series, Status
from evcli.text.numbers import short_number, short_range

FAST, SLOW = Fraction(4), Fraction(1, 4)


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
        odd: list[tuple[tuple[Fraction, int], Finding]] = []
        for part in (*by_start[span[0]], *by_end[span[1]]):
            rest = levels[span].period.minus(levels[part].period)
            if rest and rest.month_span not in levels:
                odd += filter(None, [_odd_rest(levels[span], levels[part], rest, unit)])
        if odd:
            yield max(odd, key=itemgetter(0))[1]


def _odd_rest(
    whole: Fact, part: Fact, period: Period, unit: str
) -> tuple[tuple[Fraction, int], Finding] | None:
    """What is left of a window beside a part of it, and how odd its pace is, where it is."""
    all_, rest = whole.bounds, whole.bounds.plus(part.bounds.negate())
    months, every, (low, high) = period.months, whole.period.months, rest
    if not months or not every or not all_.low or low is None:
        return None
    if high is not None and high < max(low, Fraction(0)):
        return None  # impossible, and so not merely implausible
    scale = Fraction(every, months)
    pace = low / all_.low * scale
    if pace <= FAST:
        if high is None or not all_.high or high / all_.high * scale >= SLOW:
            return None
        pace = high / all_.high * scale
    known, less = _value_of(whole), _value_of(part)
    size = None if known is None or less is None else known - less
    # a multiple of the whole's monthly mean: at least, or below one at most
    least, most = f"at least {float(pace):.1f} times", f"at most {float(pace) * 100:.0f} % of"
    by = " and ".join(
        f'"{fact.stated}" for {fact.period.label} ({fact.source})' for fact in (part, whole)
    )
    message = (
        f"{period.label} alone would be {short_range(*rest, unit)} "
        f"by {by}: {least if pace > 1 else most} the monthly mean of {whole.period.label}"
    )
    found = Finding.of_facts(Verdict.IMPLAUSIBLE, (part, whole), message, size=size)
    how_odd = 1 / pace if 0 < pace < 1 else pace, -months
    return how_odd, found._replace(periods=(str(period),))


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
