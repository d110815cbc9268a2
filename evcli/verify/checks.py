"""Facts held against the text of their own source.

Quantities are compared, not strings: value, unit (percent, a currency, or a bare number whose noun
is free), the side that the qualifier bounds, and for changes the direction. ``80 percent`` is
``80%``, ``more than`` is ``over``, ``doubled`` is ``+100%``, ``half`` is ``50%``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Claim, Event, Fact, Measure, Place, PlantFact, Source
from evcli.model.unit import Unit, UnitKind
from evcli.text import lexicon as words
from evcli.verify.numbers import Form, Mention, find_mentions
from evcli.verify.texts import Text, occurrences

if TYPE_CHECKING:
    from evcli.store.reader import Store

Statement = Fact | PlantFact | Measure | Event | Claim


@dataclass(slots=True)
class Saying:
    """What one source states, in file order."""

    facts: list[Fact] = field(default_factory=list)
    plant_facts: list[PlantFact] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    def all(self) -> Iterable[Statement]:
        """Every statement."""
        yield from self.facts
        yield from self.plant_facts
        yield from self.measures
        yield from self.events
        yield from self.claims


@dataclass(frozen=True, slots=True)
class Statements:
    """What each source says, with the units it is counted in."""

    said: Mapping[str, Saying]
    series_units: Mapping[str, str]
    units: Mapping[str, Unit]

    @classmethod
    def of(cls, store: Store, sources: Iterable[Source]) -> Statements:
        """Everything in *store* that rests on one of *sources*, deprecated facts too."""
        said = {source.id: Saying() for source in sources}
        for source in said:
            said[source].facts = store.facts_of_source(source)
        for plant in store.plants():
            for fact in plant.facts:
                if fact.source in said:
                    said[fact.source].plant_facts.append(fact)
        for measure in store.measures():
            if measure.source in said:
                said[measure.source].measures.append(measure)
        for event in store.events():
            if event.source in said:
                said[event.source].events.append(event)
        for claim in store.claims():
            if claim.source in said:
                said[claim.source].claims.append(claim)
        names = {fact.series for each in said.values() for fact in each.facts}
        series = store.series(sorted(names))
        return cls(said, {one.id: one.unit for one in series}, store.vocabulary.units)

    def kind(self, fact: Fact) -> UnitKind | None:
        """What a fact's value is counted in."""
        unit = self.units.get(self.series_units.get(fact.series, ""))
        return unit.kind if unit else None

    @property
    def money(self) -> dict[str, str]:
        """The words that the packs have for currencies."""
        return {
            word: unit.id
            for unit in self.units.values()
            if unit.kind is UnitKind.MONEY
            for word in (unit.id, *unit.words)
            if word[:1].isalpha()
        }


def place_of(place: Place | None) -> tuple[str, int | None]:
    """File and line of a statement."""
    return (place.file, int(place.line)) if place is not None else ("", None)


_RANGE = re.compile(r"(?: ?(?:to|and|–|-|—|~|至|到) ?)")
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number that must stand in a text; ``what`` says which part of the fact it is."""

    what: str
    told: str
    unit: str
    value: Fraction | None
    bounds: Bounds
    side: str = ""
    change: bool = False
    ratio: bool = False

    @classmethod
    def level(cls, told: str, quantity: Quantity, kind: UnitKind | None, what: str) -> Wanted:
        """A stated value."""
        unit = ""
        if kind is UnitKind.PERCENT:
            unit = "percent"
        elif kind is UnitKind.MONEY:
            unit = quantity.unit
        return cls(
            what,
            told,
            unit,
            quantity.value,
            quantity.bounds,
            words.side(quantity.qualifier),
            ratio=kind is UnitKind.RATIO,
        )

    @classmethod
    def growth(cls, told: str, quantity: Quantity, what: str) -> Wanted:
        """A stated change, in percent."""
        side = words.side(quantity.qualifier)
        return cls(what, told, "percent", quantity.value, quantity.bounds, side, change=True)


def kind_of(quantity: Quantity, units: dict[str, Unit] | None = None) -> UnitKind | None:
    """The kind of a quantity's unit; a unit nobody defined is a currency."""
    known = (units or {}).get(quantity.unit)
    if known is not None:
        return known.kind
    return UnitKind.PERCENT if quantity.unit == "percent" else UnitKind.MONEY


def values(wanted: Wanted) -> tuple[Fraction, ...]:
    """The numbers that its words hold: one, or the two ends of a range."""
    if wanted.value is not None:
        return (abs(wanted.value) if wanted.change else wanted.value,)
    return tuple(end for end in (wanted.bounds.low, wanted.bounds.high) if end is not None)


def same_amount(wanted: Wanted, mention: Mention, *, ordinal: bool = False) -> bool:
    """Whether the number and its unit are the same, whatever qualifier and direction."""
    return any(_amount(wanted, value, mention, ordinal) for value in values(wanted))


def _amount(wanted: Wanted, value: Fraction, mention: Mention, ordinal: bool) -> bool:
    if mention.value is None or (mention.form is Form.ORDINAL and not ordinal):
        return False
    if wanted.change and mention.form is Form.FACTOR:
        return wanted.value is not None and mention.value * 100 - 100 == wanted.value
    if mention.form is Form.FRACTION and wanted.unit == "percent":
        return mention.value * 100 == value
    if mention.form in (Form.FRACTION, Form.FACTOR) and not wanted.ratio:
        return False
    return mention.unit == wanted.unit and mention.value == value


def agrees(wanted: Wanted, mention: Mention, *, ordinal: bool = False) -> bool:
    """Whether the mention says all of what is wanted."""
    if wanted.value is None or not same_amount(wanted, mention, ordinal=ordinal):
        return False
    return mention.side == wanted.side and _same_way(wanted, mention)


def _same_way(wanted: Wanted, mention: Mention) -> bool:
    if not wanted.change or not wanted.value:
        return True
    return mention.sign == (1 if wanted.value > 0 else -1)


def found_in(
    wanted: Wanted, text: str, mentions: Sequence[Mention], *, ordinal: bool = False
) -> bool:
    """Whether one of the mentions (for a range two, side by side) is what is wanted."""
    if wanted.value is not None:
        return any(agrees(wanted, mention, ordinal=ordinal) for mention in mentions)
    low, high = wanted.bounds.low, wanted.bounds.high
    for first, second in pairwise(mentions):
        if not _RANGE.fullmatch(text[first.end : second.start]):
            continue
        if (first.value, second.value) == (low, high) and {first.unit, second.unit} == {
            wanted.unit
        }:
            return True
    return False


def why_not(wanted: Wanted, mentions: Iterable[Mention]) -> str:
    """What is wrong with the mention that comes nearest."""
    if wanted.value is None:
        return "range not there"
    amount = set(values(wanted))
    reasons = []
    for mention in mentions:
        if mention.value is None or mention.form is Form.DATE:
            continue
        if same_amount(wanted, mention):
            way = _same_way(wanted, mention)
            if way:
                reasons.append((0, "other qualifier"))
            else:
                reasons.append((1, "other direction" if mention.sign else "no direction"))
        elif mention.value in amount:
            ordinal = mention.form is Form.ORDINAL and mention.unit == wanted.unit
            reasons.append((2, "an ordinal" if ordinal else "other unit"))
        elif mention.unit == wanted.unit and any(
            value and _power_of_ten(mention.value / value) for value in amount
        ):
            reasons.append((3, "other multiplier"))
    return min(reasons)[1] if reasons else "number not there"


def _power_of_ten(ratio: Fraction) -> bool:
    if ratio <= 0:
        return False
    big = ratio if ratio >= 1 else 1 / ratio
    text = str(big.numerator)
    return big.denominator == 1 and len(text) <= 16 and text.rstrip("0") == "1" and len(text) > 2


def nearest(wanted: Wanted, mentions: Iterable[Mention]) -> str:
    """The quantities that come nearest, those of the same unit first, in short."""
    amount = values(wanted)

    def distance(mention: Mention) -> tuple[bool, bool, float, int]:
        value = mention.value if mention.value is not None else Fraction(0)
        other = mention.unit != wanted.unit
        if wanted.change and mention.form is Form.FACTOR:
            value, other = abs(value * 100 - 100), False
        if wanted.unit == "percent" and mention.form is Form.FRACTION:
            value, other = value * 100, False
        gap = min((_gap(value, each) for each in amount), default=0.0)
        date = mention.form in (Form.DATE, Form.LABEL, Form.VAGUE)
        return date, other and value not in amount, gap, mention.start

    told = dict.fromkeys(
        mention.told for mention in sorted(mentions, key=distance) if mention.form is not Form.DATE
    )
    return ", ".join(list(told)[:_NEAREST])


def _gap(value: Fraction, wanted: Fraction) -> float:
    if value == wanted:
        return 0.0
    above, below = max(value, wanted), min(value, wanted)
    return 10.0**15 if below <= 0 else float(min(above / below, Fraction(10**15)))


_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something stated that does not stand in the text: what is wanted and what is there."""

    source: str
    id: str
    at: str
    problem: str
    wanted: str
    found: str = ""
    place: Place | None = None


def check_source(source: Source, text: Text, book: Statements) -> Iterator[Finding]:
    """Every finding of one source, in the order of its statements."""
    for statement in book.said[source.id].all():
        known = []
        for at in statement.at:
            index = text.paragraph(at)
            if index is None:
                yield Finding(
                    source.id,
                    statement.id,
                    at,
                    "no such paragraph",
                    at,
                    f"p1 to p{len(text.paragraphs)}",
                    statement.place,
                )
            else:
                known.append(index)
        if known:
            yield from _Check(source, text, statement, known).findings(wanted_of(statement, book))
    for left in source.left_out:
        yield from _left_out(source, text, left.at, left.text)
    for problem in source.problems:
        for at in problem.at:
            if text.paragraph(at) is None:
                yield Finding(
                    source.id,
                    "",
                    at,
                    "no such paragraph",
                    "a problem of the card",
                    f"p1 to p{len(text.paragraphs)}",
                )


def wanted_of(statement: Statement, book: Statements) -> list[Wanted]:
    """The numbers of a statement that must stand in the text, its value first."""
    wanted: list[Wanted] = []
    if isinstance(statement, Fact):
        if statement.quantity is not None:
            kind = book.kind(statement)
            wanted.append(Wanted.level(statement.stated, statement.quantity, kind, "stated"))
        if statement.change is not None:
            change = statement.change
            wanted.append(Wanted.growth(change.stated, change.quantity, "change"))
        if statement.yoy is not None:
            wanted.append(Wanted.growth(statement.yoy_stated, statement.yoy, "yoy"))
        if statement.mom is not None:
            wanted.append(Wanted.growth(statement.mom_stated, statement.mom, "mom"))
    elif isinstance(statement, PlantFact) and statement.quantity is not None:
        known = book.units.get(statement.quantity.unit)
        wanted.append(
            Wanted.level(
                statement.text,
                statement.quantity,
                known.kind if known else None,
                statement.aspect.value,
            )
        )
    elif isinstance(statement, Measure) and statement.rate is not None:
        kind = kind_of(statement.rate, dict(book.units))
        wanted.append(Wanted.level(statement.rate_stated, statement.rate, kind, "rate"))
    return wanted


class _Check:
    """One statement against the paragraphs that it names."""

    def __init__(
        self, source: Source, text: Text, statement: Statement, paragraphs: list[int]
    ) -> None:
        self._source = source
        self._text = text
        self._statement = statement
        self._paragraphs = paragraphs

    def findings(self, wanted: list[Wanted]) -> Iterator[Finding]:
        printed = self._statement.printed if isinstance(self._statement, Fact) else ""
        for position, each in enumerate(wanted):
            if printed and position == 0:
                yield from self._printed(printed, each)
            else:
                yield from self._quantity(each)

    def _quantity(self, wanted: Wanted) -> Iterator[Finding]:
        for index in self._paragraphs:
            if found_in(wanted, self._text.paragraphs[index], self._text.mentions(index)):
                return
        there = [mention for index in self._paragraphs for mention in self._text.mentions(index)]
        yield self._finding(
            why_not(wanted, there),
            f"{wanted.what} {wanted.told}",
            nearest(wanted, there) or "no number",
        )

    def _printed(self, printed: str, wanted: Wanted) -> Iterator[Finding]:
        """The snippet must stand there; where it holds a number, that is the one stated."""
        paragraphs = [self._text.paragraphs[index] for index in self._paragraphs]
        if not any(_stands(printed, paragraph) for paragraph in paragraphs):
            there = [each for index in self._paragraphs for each in self._text.mentions(index)]
            yield self._finding(
                "not printed there", f"printed {printed}", nearest(wanted, there) or "no number"
            )
            return
        mentions = find_mentions(" ".join(printed.split()), self._text.money)
        if not mentions:
            yield from self._quantity(wanted)
        elif not found_in(wanted, printed, mentions, ordinal=True):
            told = ", ".join(mention.told for mention in mentions[:_MOST_SHOWN])
            yield self._finding(
                "printed says something else", f"{wanted.what} {wanted.told}", f"printed {told}"
            )

    def _finding(self, problem: str, wanted: str, found: str) -> Finding:
        statement = self._statement
        return Finding(
            self._source.id,
            statement.id,
            " ".join(statement.at),
            problem,
            wanted,
            found,
            statement.place,
        )


def _stands(snippet: str, paragraph: str) -> bool:
    return next(iter(occurrences(snippet, paragraph)), None) is not None


def _left_out(source: Source, text: Text, at: str, snippet: str) -> Iterator[Finding]:
    """An entry of what was left out must still stand where it says."""
    for each in at.split():
        index = text.paragraph(each)
        if index is None:
            yield Finding(
                source.id,
                "",
                each,
                "no such paragraph",
                f"left_out {snippet}",
                f"p1 to p{len(text.paragraphs)}",
            )
        elif not _stands(snippet, text.paragraphs[index]):
            yield Finding(source.id, "", each, "not printed there", f"left_out {snippet}")
