"""What a text says that no statement accounts for: the text held against the facts.

In its paragraph a number is accounted for by

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
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from evcli.model.claim import ClaimError, Comparison, FirstTime, Ranking, parse_claim
from evcli.model.period import Period, PeriodError, parse_period
from evcli.model.records import Claim, Event, Fact, Measure, PlantAspect, PlantFact, Source
from evcli.verify.checks import Statement, Statements, values, wanted_of
from evcli.verify.numbers import Form, Mention, find_mentions
from evcli.verify.texts import Text, occurrences

_DURATION = re.compile(r"P(\d+)([YM])")
_CONTEXT = 20

Key = tuple[Fraction, str]  # value and unit


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A number that nothing accounts for; ``position`` counts characters from one."""

    source: str
    at: str
    position: int
    text: str
    context: str


@dataclass(slots=True)
class _Accounts:
    """What the statements located in one paragraph account for."""

    amounts: Counter[Key] = field(default_factory=Counter)
    periods: set[Period] = field(default_factory=set)
    spans: list[tuple[int, int]] = field(default_factory=list)
    lengths: set[tuple[int, str]] = field(default_factory=set)  # (5, "month")
    ordinals: set[Fraction] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)


def uncovered(source: Source, text: Text, book: Statements) -> Iterator[Uncovered]:
    """Every number of the text that nothing accounts for, in reading order."""
    here: dict[int, list[Statement]] = {}
    for statement in book.said[source.id].all():
        for at in dict.fromkeys(statement.at):
            index = text.paragraph(at)
            if index is not None:
                here.setdefault(index, []).append(statement)
    left: dict[int, list[str]] = {}
    for entry in source.left_out:
        for at in entry.at.split():
            index = text.paragraph(at)
            if index is not None:
                left.setdefault(index, []).append(entry.text)
    for index, paragraph in enumerate(text.paragraphs):
        mentions = text.mentions(index)
        if not mentions:
            continue
        accounts = _accounts(here.get(index, ()), left.get(index, ()), paragraph, text, book)
        for mention in mentions:
            if not (_told(mention, accounts) or _own_date(mention, source)):
                yield Uncovered(
                    source.id,
                    f"p{index + 1}",
                    mention.start + 1,
                    mention.text,
                    _around(paragraph, mention),
                )


def _accounts(
    statements: Iterable[Statement],
    left_out: Iterable[str],
    paragraph: str,
    text: Text,
    book: Statements,
) -> _Accounts:
    accounts = _Accounts()
    for snippet in dict.fromkeys(left_out):
        accounts.spans += occurrences(snippet, paragraph)
    for statement in statements:
        for period in _periods(statement):
            _add_period(accounts, period)
        for wanted in wanted_of(statement, book):
            for value in values(wanted):
                _add(accounts, value, wanted.unit)
        if isinstance(statement, Fact):
            if statement.printed:
                _add_numbers(accounts, statement.printed, text, printed=True)
            if statement.change is not None and (
                match := _DURATION.fullmatch(statement.change.over)
            ):
                accounts.lengths.add((int(match[1]), "year" if match[2] == "Y" else "month"))
        elif isinstance(statement, PlantFact):
            accounts.labels.add(statement.phase.removeprefix("phase ").strip())
        elif isinstance(statement, Measure):
            for told in (statement.on_top_of, statement.minimum, statement.quota):
                _add_numbers(accounts, told, text)
        elif isinstance(statement, Event):
            _add_numbers(accounts, statement.title, text)
        else:
            _add_claim(accounts, statement)
    return accounts


def _add(accounts: _Accounts, value: Fraction, unit: str) -> None:
    accounts.amounts[value, unit] += 1


def _add_numbers(accounts: _Accounts, told: str, text: Text, *, printed: bool = False) -> None:
    """The numbers of a title or snippet; of a snippet only those not stated anyway."""
    for mention in find_mentions(told, text.money):
        if mention.form is Form.ORDINAL and mention.value is not None:
            accounts.ordinals.add(mention.value)
        elif mention.value is not None and not printed:
            _add(accounts, mention.value, mention.unit)
        elif mention.form is Form.LABEL:
            accounts.labels.add(mention.text)
        elif mention.value is not None and not accounts.amounts[_key(mention)]:
            _add(accounts, mention.value, mention.unit)


def _add_claim(accounts: _Accounts, claim: Claim) -> None:
    try:
        parsed = parse_claim(claim.says)
    except ClaimError:  # the loader has refused it long before
        return
    if isinstance(parsed, FirstTime):
        accounts.ordinals.add(Fraction(1))
    elif isinstance(parsed, Ranking):
        if parsed.limit == 1:
            accounts.ordinals.add(Fraction(1))
        # five claims of one top five tell of one five
        accounts.amounts[Fraction(parsed.limit), ""] = max(
            1, accounts.amounts[Fraction(parsed.limit), ""]
        )
    elif parsed.left.factor != 1 or parsed.right.factor != 1:
        for term in (parsed.left, parsed.right):
            _add(accounts, term.factor, "")
            _add(accounts, term.factor * 100, "percent")


def _periods(statement: Statement) -> Iterator[Period]:
    """Every period that a statement names or is measured against."""
    if isinstance(statement, Fact):
        yield statement.period
        back = [12] if statement.yoy is not None else []
        if statement.mom is not None:
            back.append(1)
        if statement.change is not None and (match := _DURATION.fullmatch(statement.change.over)):
            back.append(int(match[1]) * (12 if match[2] == "Y" else 1))
        for months in back:
            try:
                yield statement.period.shift(months=-months)
            except (PeriodError, ValueError, OverflowError):
                continue
    elif isinstance(statement, PlantFact):
        yield statement.as_of
        if statement.aspect is PlantAspect.START:
            try:
                yield parse_period(statement.text)
            except PeriodError:
                return
    elif isinstance(statement, Measure):
        yield from (each for each in (statement.start, statement.until) if each is not None)
        for begin, end in statement.suspended:
            yield from (parse_period(begin), parse_period(end))
    elif isinstance(statement, Event):
        yield statement.date
    else:
        try:
            parsed = parse_claim(statement.says)
        except ClaimError:
            return
        if isinstance(parsed, Ranking):
            yield parsed.period
            return
        comparison = parsed.comparison if isinstance(parsed, FirstTime) else parsed
        assert isinstance(comparison, Comparison)
        yield from (comparison.left.period, comparison.right.period)
        if isinstance(parsed, FirstTime):
            yield parsed.since


def _add_period(accounts: _Accounts, period: Period) -> None:
    if period in accounts.periods or period.start is None or period.end is None:
        return
    accounts.periods.add(period)
    months, days = period.months, (period.end - period.start).days
    accounts.lengths.add((days, "day"))
    if months:
        accounts.lengths.add((months, "month"))
        if months % 12 == 0:
            accounts.lengths.add((months // 12, "year"))


def _told(mention: Mention, accounts: _Accounts) -> bool:
    """Whether the accounts hold the number; an amount is then used up."""
    if any(start <= mention.start and mention.end <= end for start, end in accounts.spans):
        return True
    if mention.dates and any(
        parts.told_by(period) for parts in mention.dates for period in accounts.periods
    ):
        return True
    if mention.form is Form.LABEL:
        return mention.text in accounts.labels
    if mention.value is None:
        return False
    if mention.form is Form.ORDINAL and mention.value in accounts.ordinals:
        return True
    noun = mention.noun.removesuffix("s")
    if mention.value.denominator == 1 and (int(mention.value), noun) in accounts.lengths:
        return True
    for key in _keys(mention):
        if accounts.amounts[key] > 0:
            accounts.amounts[key] -= 1
            return True
    return False


def _key(mention: Mention) -> Key:
    return mention.value or Fraction(0), mention.unit


def _keys(mention: Mention) -> Iterator[Key]:
    """The amounts that a mention may stand for."""
    value = mention.value or Fraction(0)
    if mention.form is Form.ORDINAL:
        return
    yield value, mention.unit
    if mention.form is Form.FRACTION:
        yield value * 100, "percent"
    elif mention.form is Form.FACTOR:
        yield abs(value * 100 - 100), "percent"


def _own_date(mention: Mention, source: Source) -> bool:
    """Whether it is the day on which the source was published."""
    published = source.published
    return published is not None and any(
        parts.day is not None and parts.year is not None and parts.told_by(published)
        for parts in mention.dates
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
