"""The numbers of a source's text that nothing in the record accounts for.

A number in a paragraph is accounted for by

- a fact, plant fact or measure located there: its value, changes, and rates; the numbers of its
  ``printed`` snippet; the length and ends of its period, and those of the period that a change is
  measured against; the phase of a plant;
- an event: its date, and the numbers of its title;
- a claim: its periods, its rank, and ``first`` for a claim that something came first;
- a ``left_out`` entry whose text holds it.

Each number of a statement accounts for one number of the paragraph, so that the same number said
of two things needs two. Periods and ordinals account for any number of mentions. A day, month and
year that are the source's own date need no statement. Words of notes account for nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from evcli.model.claim import RankClaim, parse_claim
from evcli.model.period import Period, PeriodError, Window, parse_period
from evcli.model.records import Claim, Event, Fact, Measure, PlantAspect, PlantFact, Source
from evcli.text.lexicon import HAN_DIGITS, MONTHS, ONES, ORDINALS
from evcli.text.mentions import DATES, PLAIN, Form, Mention, find_mentions
from evcli.verify import Statement, Statements, Text, occurrences

_NUMBERS = {**ONES, **ORDINALS, **HAN_DIGITS, **MONTHS, "上": 1, "下": 2}


@dataclass(frozen=True, slots=True)
class DateParts:
    """What of a date is written; ``months`` is how many from January."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None
    months: int | None = None

    def covered_by(self, period: Period) -> bool:
        """Whether *period* accounts for every part that is written.

        A year is accounted for by a period that begins or ends in it, a month by one that begins
        or ends with it (not by a whole year), a day by that day.

        >>> from evcli.model.period import parse_period
        >>> window = parse_period("2025-01/2025-05")
        >>> DateParts(year=2025, month=5).covered_by(window), DateParts(month=4).covered_by(window)
        (True, False)
        """
        if period.start is None or period.last_day is None:
            return False
        ends = (period.start, period.last_day)
        if self.year is not None and all(end.year != self.year for end in ends):
            return False
        window = period.window
        if self.day is not None:
            days = [(end.month, end.day) for end in ends if self.year in (None, end.year)]
            return window in (Window.DAY, Window.DAYS) and (self.month, self.day) in days
        if self.month is not None:
            months = [end.month for end in ends if self.year in (None, end.year)]
            return window not in (Window.YEAR, Window.YEARS) and self.month in months
        if self.quarter is not None:
            return window is Window.QUARTER and (ends[0].month + 2) // 3 == self.quarter
        if self.half is not None:
            return window is Window.HALF and (ends[0].month + 5) // 6 == self.half
        if self.months is not None:
            of_year = period.year is not None and ends[0].month == 1
            return of_year and period.months == self.months
        return True


def dates_in(text: str) -> dict[tuple[int, int], tuple[DateParts, ...]]:
    """What each date may say, by its span: more than one where the order is open."""
    dates: dict[tuple[int, int], tuple[DateParts, ...]] = {}
    plain = text.translate(PLAIN)
    for match in chain.from_iterable(form.finditer(plain) for form in DATES):
        dates.setdefault(match.span(), tuple(_readings(match)))
    return dates


def _number(text: str) -> int:
    """The number that stands in a date, as digits or as a word; 0 for what is none."""
    return int(text) if text.isdigit() else _NUMBERS.get(text) or _NUMBERS.get(text.lower(), 0)


def _readings(match: re.Match[str]) -> Iterator[DateParts]:
    named = {key: _number(said) for key, said in match.groupdict().items() if said}
    year = 2000 + named["short"] if "short" in named else named.get("year")
    if "a" in named:
        orders = ((named["a"], named["b"]), (named["b"], named["a"]))
        yield from (DateParts(year, *order) for order in orders if order[0] <= 12)
    elif "count" in named:
        quarters = match["span"].casefold() == "quarters"
        yield DateParts(year, months=named["count"] * (3 if quarters else 1))
    else:
        parts = {key: named[key] for key in ("month", "day", "quarter", "half") if key in named}
        yield DateParts(year, **parts)


_DURATION = re.compile(r"P(\d+)([YM])")
_CONTEXT = 20
_NOUN = re.compile("[ -]?([A-Za-z]+)")


class Uncovered(NamedTuple):
    """A number that nothing accounts for; ``position`` counts the signs before it from one."""

    source: str
    at: str
    position: int
    text: str
    context: str


@dataclass(slots=True)
class _Accounts:
    """What the statements located in one paragraph account for."""

    amounts: Counter[tuple[Fraction, str]] = field(default_factory=Counter)  # value and unit
    periods: set[Period] = field(default_factory=set)
    spans: list[tuple[int, int]] = field(default_factory=list)
    lengths: set[tuple[Fraction, str]] = field(default_factory=set)  # (5, "month")
    ordinals: set[Fraction] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)


def uncovered(source: Source, text: Text, statements: Statements) -> Iterator[Uncovered]:
    """Every number of the text that nothing accounts for, in reading order."""
    here: defaultdict[str, list[Statement]] = defaultdict(list)
    for statement in statements.by_source[source.id]:
        for at in dict.fromkeys(statement.at):
            here[at].append(statement)
    left_out: defaultdict[str, list[str]] = defaultdict(list)
    for entry in source.left_out:
        for at in entry.at.split():
            left_out[at].append(entry.text)
    for at, paragraph in text.items():
        if not paragraph.mentions:
            continue
        accounts = _accounts(here[at], statements)
        for snippet in dict.fromkeys(left_out[at]):
            accounts.spans += occurrences(snippet, paragraph.text)
        said = dates_in(paragraph.text)
        for mention in paragraph.mentions:
            span = (mention.start, mention.end)
            dates = said.get(span, ()) if mention.form is Form.DATE else ()
            noun = _NOUN.match(paragraph.text, mention.end)
            after = noun[1].casefold().removesuffix("s") if noun else ""
            if not (_accounted_for(mention, dates, after, accounts) or _own_date(dates, source)):
                yield Uncovered(
                    source.id,
                    at,
                    mention.start + 1,
                    mention.text,
                    _around(paragraph.text, mention),
                )


def _accounts(located: Iterable[Statement], statements: Statements) -> _Accounts:
    accounts = _Accounts()
    for statement in located:
        for number in statements.expected(statement):
            accounts.amounts.update((value, number.unit) for value in number.values)
        if isinstance(statement, Fact):
            _add_numbers(accounts, statement.printed, statements, printed=True)
            _add_windows(accounts, statement)
        elif isinstance(statement, PlantFact):
            accounts.labels.add(statement.phase.removeprefix("phase ").strip())
            accounts.periods.add(statement.as_of)
            if statement.aspect is PlantAspect.START:
                with suppress(PeriodError):
                    accounts.periods.add(parse_period(statement.text))
        elif isinstance(statement, Measure):
            dates = (statement.start, statement.until)
            accounts.periods.update(each for each in dates if each is not None)
            accounts.periods.update(map(parse_period, chain.from_iterable(statement.suspended)))
            for words in (statement.on_top_of, statement.minimum, statement.quota):
                _add_numbers(accounts, words, statements)
        elif isinstance(statement, Event):
            accounts.periods.add(statement.date)
            _add_numbers(accounts, statement.title, statements)
        else:
            _add_claim(accounts, statement)
    accounts.lengths.update(chain.from_iterable(map(_lengths, accounts.periods)))
    return accounts


def _add_windows(accounts: _Accounts, fact: Fact) -> None:
    """The window of a fact, and those that its changes are measured against."""
    accounts.periods.add(fact.period)
    back = [12] * (fact.yoy is not None) + [1] * (fact.mom is not None)
    match = _DURATION.fullmatch(fact.change.over) if fact.change is not None else None
    if match is not None:
        length, of_years = int(match[1]), match[2] == "Y"
        accounts.lengths.add((Fraction(length), "year" if of_years else "month"))
        back.append(length * (12 if of_years else 1))
    for months in back:
        with suppress(PeriodError):
            accounts.periods.add(fact.period.shift(months=-months))


def _add_numbers(
    accounts: _Accounts, words: str, statements: Statements, *, printed: bool = False
) -> None:
    """The numbers of a title or snippet; of a snippet only those not stated anyway."""
    for mention in find_mentions(words, statements.money):
        if mention.form is Form.LABEL:
            accounts.labels.add(mention.text)
        if mention.value is None:
            continue
        amount = (mention.value, mention.unit)
        if mention.form is Form.ORDINAL:
            accounts.ordinals.add(mention.value)
        elif printed:
            accounts.amounts[amount] = max(1, accounts.amounts[amount])
        else:
            accounts.amounts[amount] += 1


def _add_claim(accounts: _Accounts, claim: Claim) -> None:
    parsed = parse_claim(claim.says)
    accounts.periods.update(term.period for term in parsed.terms)
    if isinstance(parsed, RankClaim):
        if parsed.limit == 1:
            accounts.ordinals.add(Fraction(1))
        # five claims of one top five speak of one five
        amount = (Fraction(parsed.limit), "")
        accounts.amounts[amount] = max(1, accounts.amounts[amount])
    elif parsed.since:
        accounts.periods.add(parsed.since)
        accounts.ordinals.add(Fraction(1))
    elif any(term.factor != 1 for term in parsed.terms):
        for term in parsed.terms:
            accounts.amounts.update([(term.factor, ""), (term.factor * 100, "percent")])


def _lengths(period: Period) -> Iterator[tuple[Fraction, str]]:
    """How long a period is, in each unit in which a text may say so."""
    if period.start is not None and period.end is not None:
        yield Fraction((period.end - period.start).days), "day"
    if period.months:
        yield Fraction(period.months), "month"
        if period.months % 12 == 0:
            yield Fraction(period.months, 12), "year"


def _accounted_for(
    mention: Mention, dates: Sequence[DateParts], noun: str, accounts: _Accounts
) -> bool:
    """Whether the accounts hold the number; an amount is then used up."""
    if any(start <= mention.start and mention.end <= end for start, end in accounts.spans):
        return True
    if any(date.covered_by(period) for date in dates for period in accounts.periods):
        return True
    if mention.form is Form.LABEL:
        return mention.text in accounts.labels
    if mention.value is None:
        return False
    if (mention.value, noun) in accounts.lengths:
        return True
    if mention.form is Form.ORDINAL:
        return mention.value in accounts.ordinals
    amounts = [(mention.value, mention.unit)]
    if mention.form is Form.FRACTION:
        amounts.append((mention.value * 100, "percent"))
    elif mention.form is Form.FACTOR:
        amounts.append((abs(mention.value * 100 - 100), "percent"))
    for amount in amounts:
        if accounts.amounts[amount] > 0:
            accounts.amounts[amount] -= 1
            return True
    return False


def _own_date(dates: Sequence[DateParts], source: Source) -> bool:
    """Whether it is the day on which the source was published."""
    published = source.published
    return published is not None and any(
        date.day is not None and date.year is not None and date.covered_by(published)
        for date in dates
    )


def _around(paragraph: str, mention: Mention) -> str:
    """A few characters on either side, cut at words where there are blanks between words."""
    before = paragraph[max(0, mention.start - _CONTEXT) : mention.start]
    after = paragraph[mention.end : mention.end + _CONTEXT]
    if mention.start > _CONTEXT and " " in before:
        before = before.partition(" ")[2]
    if len(after) == _CONTEXT and " " in after:
        after = after.rpartition(" ")[0]
    return " ".join(f"{before}{mention.text}{after}".split())
