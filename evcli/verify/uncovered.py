"""Numbers of a text that no statement accounts for: the text checked against the facts.

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
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from evcli.model.answer import Answer, Row, layout_of
from evcli.model.claim import FirstTime, RankClaim, parse_claim
from evcli.model.period import Period, PeriodError, parse_period
from evcli.model.records import Claim, Event, Fact, Measure, PlantAspect, PlantFact, Source
from evcli.text.lists import counted
from evcli.text.mentions import Form, Mention, find_mentions
from evcli.tuples import NamedTuple
from evcli.verify.checks import BadText, Statement, Statements, Text, occurrences, texts_of

if TYPE_CHECKING:
    from evcli.store.reader import Store

_DURATION = re.compile(r"P(\d+)([YM])")
_CONTEXT = 20


class Uncovered(NamedTuple):
    """A number that nothing accounts for; ``position`` counts characters from one."""

    source: str
    at: str = ""
    position: int | None = None
    text: str = ""
    context: str = ""
    problem: str = "no fact and no left_out entry accounts for it"


@dataclass(slots=True)
class _Accounts:
    """What the statements located in one paragraph account for."""

    amounts: Counter[tuple[Fraction, str]] = field(default_factory=Counter)  # value and unit
    periods: set[Period] = field(default_factory=set)
    spans: list[tuple[int, int]] = field(default_factory=list)
    lengths: set[tuple[Fraction, str]] = field(default_factory=set)  # (5, "month")
    ordinals: set[Fraction] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)


def coverage_answer(store: Store, sources: Sequence[Source], directory: Path | None) -> Answer:
    """One row for every number of the texts that nothing accounts for.

    UnknownName where *directory* has the text of none of *sources*.
    """
    rows: list[Row] = []
    notes: list[str] = []
    read: list[int] = []
    for source, text, statements in texts_of(store, sources, directory, notes):
        if isinstance(text, BadText):
            rows.append(Uncovered(source.id, text=source.file, problem=str(text))._asdict())
            continue
        rows += (each._asdict() for each in uncovered(source, text, statements))
        read.append(sum(len(text.mentions(at)) for at in range(len(text.paragraphs))))
    if not rows:
        numbers = counted(sum(read), "number")
        notes.append(f"{numbers} of {counted(len(read), 'source')} accounted for")
    columns, views = layout_of("uncovered")
    return Answer(columns, rows, views, notes=tuple(notes))


def uncovered(source: Source, text: Text, statements: Statements) -> Iterator[Uncovered]:
    """Every number of the text that nothing accounts for, in reading order."""
    here: defaultdict[int | None, list[Statement]] = defaultdict(list)
    for statement in statements.by_source[source.id]:
        for at in dict.fromkeys(statement.at):
            here[text.paragraph(at)].append(statement)
    left_out: defaultdict[int | None, list[str]] = defaultdict(list)
    for entry in source.left_out:
        for at in entry.at.split():
            left_out[text.paragraph(at)].append(entry.text)
    for index, paragraph in enumerate(text.paragraphs):
        mentions = text.mentions(index)
        if not mentions:
            continue
        accounts = _accounts(here[index], text, statements)
        for snippet in dict.fromkeys(left_out[index]):
            accounts.spans += occurrences(snippet, paragraph)
        for mention in mentions:
            if not (_accounted_for(mention, accounts) or _own_date(mention, source)):
                at, around = f"p{index + 1}", _around(paragraph, mention)
                yield Uncovered(source.id, at, mention.start + 1, mention.text, around)


def _accounts(located: Iterable[Statement], text: Text, statements: Statements) -> _Accounts:
    accounts = _Accounts()
    for statement in located:
        for number in statements.expected(statement):
            accounts.amounts.update((value, number.unit) for value in number.values)
        if isinstance(statement, Fact):
            _add_numbers(accounts, statement.printed, text, printed=True)
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
                _add_numbers(accounts, words, text)
        elif isinstance(statement, Event):
            accounts.periods.add(statement.date)
            _add_numbers(accounts, statement.title, text)
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


def _add_numbers(accounts: _Accounts, words: str, text: Text, *, printed: bool = False) -> None:
    """The numbers of a title or snippet; of a snippet only those not stated anyway."""
    for mention in find_mentions(words, text.money):
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
    if isinstance(parsed, FirstTime):
        accounts.periods.add(parsed.since)
        accounts.ordinals.add(Fraction(1))
    elif isinstance(parsed, RankClaim):
        if parsed.limit == 1:
            accounts.ordinals.add(Fraction(1))
        # five claims of one top five speak of one five
        amount = (Fraction(parsed.limit), "")
        accounts.amounts[amount] = max(1, accounts.amounts[amount])
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


def _accounted_for(mention: Mention, accounts: _Accounts) -> bool:
    """Whether the accounts hold the number; an amount is then used up."""
    if any(start <= mention.start and mention.end <= end for start, end in accounts.spans):
        return True
    if any(date.covered_by(period) for date in mention.dates for period in accounts.periods):
        return True
    if mention.form is Form.LABEL:
        return mention.text in accounts.labels
    if mention.value is None:
        return False
    if (mention.value, mention.noun.removesuffix("s")) in accounts.lengths:
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


def _own_date(mention: Mention, source: Source) -> bool:
    """Whether it is the day on which the source was published."""
    published = source.published
    return published is not None and any(
        date.day is not None and date.year is not None and date.covered_by(published)
        for date in mention.dates
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
