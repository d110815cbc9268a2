"""Facts checked against the text of their own source.

A text is a regular file of at most a million bytes, in UTF-8, without NUL, that the SHA-256 sum on
the card fits: nothing that lies in its directory can do more than be refused. A paragraph is a
line that is not blank; ``p3`` is the third.

Quantities are compared, not strings: value, unit (percent, a currency, or a bare number whose noun
is free), the side that the qualifier bounds, and for changes the direction. ``80 percent`` is
``80%``, ``more than`` is ``over``, ``doubled`` is ``+100%``, ``half`` is ``50%``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, pairwise
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from evcli.errors import UnknownName, UsageError, reason_of
from evcli.files import contents
from evcli.model.answer import Answer, Row, layout_of
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import (
    Claim,
    Event,
    Fact,
    Measure,
    Place,
    Plant,
    PlantFact,
    Series,
    Source,
)
from evcli.model.vocabulary import UnitKind
from evcli.text import lexicon as words
from evcli.text.lists import counted
from evcli.text.mentions import Form, Mention, find_mentions

if TYPE_CHECKING:
    from evcli.store.reader import Store

VARIABLE = "EVCLI_TEXTS"

_TOKEN = re.compile(r"\d+|[^\W\d]+|[^\w\s]")
_GAP = "[ \u00a0\u2009\u202f]"  # between groups of digits
_QUOTES = str.maketrans("‘’“”\u2010\u2011", "''\"\"--")


def occurrences(snippet: str, text: str) -> Iterator[tuple[int, int]]:
    """Where *snippet* stands in *text* as whole words and numbers.

    >>> list(occurrences("of $16 billion", "a total of$16 billion in 2024"))
    [(8, 21)]
    >>> list(occurrences("2.0", "12.0 or 2.05"))
    []
    """
    tokens = _TOKEN.findall(snippet.translate(_QUOTES))
    if not tokens:
        return
    first, last = tokens[0], tokens[-1]
    lead = r"(?<![A-Za-z\d])(?<!\d[.,'])" if first.isascii() and first.isalnum() else ""
    trail = r"(?![A-Za-z\d])" if last.isascii() and last.isalnum() else ""
    if last.isdigit():
        trail += rf"(?![.,']\d)(?!{_GAP}\d{{3}}(?!\d))"
    if first.isdigit() and len(first) == 3:  # not one group of a longer number
        lead += "".join(rf"(?<!(?<!\d){group}{_GAP})" for group in (r"\d", r"\d\d", r"\d\d\d"))
    pattern = re.compile(lead + r"\s*".join(map(re.escape, tokens)) + trail)
    for match in pattern.finditer(text.translate(_QUOTES)):
        yield match.span()


MOST_BYTES = 1_000_000
MOST_NUMBERS = 20_000
_WORDS = {"hal", *words.ONES, *words.TENS, *words.SCALES, *words.ORDINALS, *words.FACTORS}
_NUMBERS = re.compile(  # what may be one, to count them before any is read
    rf"\d+|[半{''.join(words.HAN_DIGITS)}十]|\b(?i:{words.alternatives(_WORDS)})"
    rf"|\b(?:{words.alternatives(words.MONTHS)})\b"
)
_LOCATOR = re.compile(r"p([1-9]\d{0,5})")


@dataclass(slots=True)
class Text:
    """A source's paragraphs, and the numbers of each, found when first asked for."""

    paragraphs: tuple[str, ...]
    money: Mapping[str, str] = field(default_factory=dict)
    _mentions: dict[int, list[Mention]] = field(default_factory=dict)

    def paragraph(self, at: str) -> int | None:
        """The index of the paragraph that a locator such as ``p3`` names, None if there is none."""
        match = _LOCATOR.fullmatch(at)
        return int(match[1]) - 1 if match and int(match[1]) <= len(self.paragraphs) else None

    def mentions(self, index: int) -> list[Mention]:
        """The numbers of a paragraph."""
        if index not in self._mentions:
            self._mentions[index] = find_mentions(self.paragraphs[index], self.money)
        return self._mentions[index]


def read_text(directory: Path, source: Source, money: Mapping[str, str]) -> Text | str | None:
    """The text of *source*, or why it will not do; None where there is no such file."""
    parts = PureWindowsPath(source.file)  # which reads both kinds of slash
    if parts.anchor or ".." in parts.parts or "\0" in source.file:
        return "the card's file name leads out of the directory"
    try:
        data = contents(directory / source.file, MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        return f"the text cannot be read: {reason_of(error)}"
    if hashlib.sha256(data).hexdigest() != source.sha256:
        return "text differs from the card"
    if b"\0" in data:
        return "the text holds NUL bytes"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return f"the text is not UTF-8 (byte {error.start + 1})"
    for count, _ in enumerate(_NUMBERS.finditer(text), 1):
        if count > MOST_NUMBERS:
            return f"the text holds more than {MOST_NUMBERS:,} numbers"
    return Text(tuple(line.rstrip("\r") for line in text.split("\n") if line.strip()), money)


Statement = Fact | PlantFact | Measure | Event | Claim


class Statements:
    """What each of *sources* states in *store*, deprecated too, facts first, with units by id;
    ``money`` has the words that the packs have for currencies.
    """

    def __init__(self, store: Store, sources: Iterable[Source]) -> None:
        self.by_source: dict[str, list[Statement]] = {
            source.id: [*store.every(Fact, source=[source.id])] for source in sources
        }
        plant_facts = (fact for plant in store.every(Plant) for fact in plant.facts)
        others: Iterable[Statement] = chain(
            plant_facts, store.every(Measure), store.every(Event), store.every(Claim)
        )
        for statement in others:
            if statement.source in self.by_source:
                self.by_source[statement.source].append(statement)
        self._unit_of = {each.id: each.unit for each in store.every(Series)}
        self._units = store.vocabulary.units
        self.money = {
            word: unit.id
            for unit in self._units.values()
            if unit.kind is UnitKind.MONEY
            for word in (unit.id, *unit.words)
            if word[:1].isalpha()
        }

    def expected(self, statement: Statement) -> Iterator[ExpectedNumber]:
        """The numbers of a statement that must stand in the text, its value first."""
        if isinstance(statement, Fact):
            if statement.quantity is not None:
                kind = self._kind(self._unit_of.get(statement.series, ""))
                yield ExpectedNumber.of("stated", statement.stated, statement.quantity, kind)
            growths = [
                ("yoy", statement.yoy_stated, statement.yoy),
                ("mom", statement.mom_stated, statement.mom),
            ]
            if statement.change is not None:
                growths.insert(0, ("change", statement.change.stated, statement.change.quantity))
            for what, stated, growth in growths:
                if growth is not None:
                    yield ExpectedNumber.of(what, stated, growth, UnitKind.PERCENT, change=True)
        elif isinstance(statement, PlantFact) and statement.quantity is not None:
            kind = self._kind(statement.quantity.unit)
            yield ExpectedNumber.of(statement.aspect, statement.text, statement.quantity, kind)
        elif isinstance(statement, Measure) and statement.rate is not None:
            unit = statement.rate.unit
            # a unit that nobody defined is a currency
            otherwise = UnitKind.PERCENT if unit == "percent" else UnitKind.MONEY
            kind = self._kind(unit) or otherwise
            yield ExpectedNumber.of("rate", statement.rate_stated, statement.rate, kind)

    def _kind(self, unit: str) -> UnitKind | None:
        return self._units[unit].kind if unit in self._units else None


_RANGE = re.compile(r"(?: ?(?:to|and|–|-|—|~|至|到) ?)")
_MOST_SHOWN = 3
_POWERS_OF_TEN = {Fraction(10) ** power for power in range(-15, 16) if abs(power) > 1}


@dataclass(frozen=True, slots=True)
class ExpectedNumber:
    """A number that must stand in a text, as *stated*; ``what`` says which part of the fact."""

    what: str
    stated: str
    unit: str
    value: Fraction | None
    bounds: Bounds
    side: str = ""
    change: bool = False
    ratio: bool = False

    @classmethod
    def of(
        cls, what: str, text: str, number: Quantity, kind: UnitKind | None, *, change: bool = False
    ) -> ExpectedNumber:
        """A stated value in a unit of that kind, or a *change* in percent."""
        units = {UnitKind.PERCENT: "percent", UnitKind.MONEY: number.unit}
        unit = units.get(kind, "") if kind else ""
        value, bounds, qualifier, _ = number
        ratio = kind is UnitKind.RATIO
        return cls(what, text, unit, value, bounds, words.side(qualifier), change, ratio)

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The numbers that its words hold: one, or the two ends of a range."""
        if self.value is not None:
            return (abs(self.value) if self.change else self.value,)
        return tuple(end for end in self.bounds if end is not None)

    def is_amount_of(self, mention: Mention, *, ordinal: bool = False) -> bool:
        """Whether the number and its unit are the same, whatever qualifier and direction."""
        if mention.value is None or (mention.form is Form.ORDINAL and not ordinal):
            return False
        if mention.is_end and self.value is not None:
            return False
        if self.change and mention.form is Form.FACTOR:
            return mention.value * 100 - 100 == self.value
        if mention.form is Form.FRACTION and self.unit == "percent":
            return mention.value * 100 in self.values
        if mention.form in (Form.FRACTION, Form.FACTOR) and not self.ratio:
            return False
        return mention.unit == self.unit and any(each in self.values for each in mention.values)

    def has_direction_of(self, mention: Mention) -> bool:
        """Whether both go the same way; only a change that is not zero has a direction."""
        return not (self.change and self.value) or mention.sign == (1 if self.value > 0 else -1)

    def is_in(self, text: str, mentions: Sequence[Mention], *, ordinal: bool = False) -> bool:
        """Whether one of the *mentions* in *text* says all of it; for a range two, side by side."""
        if self.value is not None:
            alike = (each for each in mentions if self.is_amount_of(each, ordinal=ordinal))
            return any(each.side == self.side and self.has_direction_of(each) for each in alike)
        return any(
            self.bounds.low in first.values
            and self.bounds.high in second.values
            and first.unit == second.unit == self.unit
            and _RANGE.fullmatch(text[first.end : second.start])
            for first, second in pairwise(mentions)
        )


def why_not(expected: ExpectedNumber, mentions: Iterable[Mention]) -> str:
    """What is wrong with the mention that comes nearest."""
    if expected.value is None:
        return "range not there"
    reasons = []
    for mention in mentions:
        if mention.value is None or mention.form is Form.DATE:
            continue
        if expected.is_amount_of(mention) and expected.has_direction_of(mention):
            reasons.append((0, "other qualifier"))
        elif expected.is_amount_of(mention):
            reasons.append((1, "other direction" if mention.sign else "no direction"))
        elif mention.is_end and mention.value in expected.values:
            reasons.append((2, "an end of a range"))
        elif mention.value in expected.values:
            ordinal = mention.form is Form.ORDINAL and mention.unit == expected.unit
            reasons.append((2, "an ordinal" if ordinal else "other unit"))
        elif mention.unit == expected.unit and any(
            value and mention.value / value in _POWERS_OF_TEN for value in expected.values
        ):
            reasons.append((3, "other multiplier"))
    return min(reasons)[1] if reasons else "number not there"


def nearest_mentions(expected: ExpectedNumber, mentions: Iterable[Mention]) -> str:
    """The quantities that come nearest, those of the same unit first, in short."""

    def distance(mention: Mention) -> tuple[bool, bool, float, int]:
        value = mention.value if mention.value is not None else Fraction(0)
        other = mention.unit != expected.unit
        if expected.change and mention.form is Form.FACTOR:
            value, other = abs(value * 100 - 100), False
        if expected.unit == "percent" and mention.form is Form.FRACTION:
            value, other = value * 100, False
        gap = min((_gap(value, each) for each in expected.values), default=0.0)
        vague = mention.form in (Form.LABEL, Form.VAGUE)
        return vague, other and value not in expected.values, gap, mention.start

    quantities = sorted((each for each in mentions if each.form is not Form.DATE), key=distance)
    shown = dict.fromkeys(mention.short for mention in quantities)
    return ", ".join(list(shown)[:_MOST_SHOWN]) or "no number"


def _gap(value: Fraction, other: Fraction) -> float:
    """How many times as much one is, 0 where they are equal."""
    below, above = min(value, other), max(value, other)
    if below == above:
        return 0.0
    return float(min(above / below, Fraction(10**15))) if below > 0 else 1e15


def check_source(source: Source, text: Text, statements: Statements) -> Iterator[Row]:
    """Everything stated that does not stand in its text, in the order of its statements."""
    for statement in statements.by_source[source.id]:
        for found in _check_statement(statement, text, [*statements.expected(statement)]):
            yield _mismatch(source, *found, id=statement.id, place=statement.place)
    for left in source.left_out:  # what was left out must still stand where it says
        wanted = f"left_out {left.text}"
        for at in left.at.split():
            index = text.paragraph(at)
            if index is None:
                yield _mismatch(source, *_no_paragraph(text, at, wanted))
            elif not any(occurrences(left.text, text.paragraphs[index])):
                yield _mismatch(source, at, "not printed there", wanted)
    for problem in source.problems:
        for at in problem.at:
            if text.paragraph(at) is None:
                yield _mismatch(source, *_no_paragraph(text, at, "a problem of the card"))


def _mismatch(
    source: Source,
    at: str,
    problem: str,
    wanted: str,
    found: str = "",
    id: str = "",
    place: Place | None = None,
) -> Row:
    """What is wanted and what is there; *id* and *place* are those of what is stated."""
    file, line, _ = place or ("", None, 0)
    row = {"source": source.id, "id": id, "at": at, "problem": problem, "wanted": wanted}
    where = f"{file}:{line}" if file else source.id
    return {**row, "found": found, "file": file, "line": line, "where": where}


def _check_statement(
    statement: Statement, text: Text, expected: Sequence[ExpectedNumber]
) -> Iterator[tuple[str, str, str, str]]:
    """One statement against the paragraphs that it names: at, problem, wanted and found.

    The snippet that it prints must stand there; where that holds a number, it is the one stated.
    """
    paragraphs = []
    for at in statement.at:
        index = text.paragraph(at)
        if index is None:
            yield _no_paragraph(text, at, at)
        else:
            paragraphs.append(index)
    if not paragraphs:
        return
    mentions = [mention for index in paragraphs for mention in text.mentions(index)]
    snippet = statement.printed if isinstance(statement, Fact) else ""
    places = " ".join(statement.at)
    for each in expected:
        wanted = f"{each.what} {each.stated}"
        if snippet and each is expected[0]:
            if not any(any(occurrences(snippet, text.paragraphs[at])) for at in paragraphs):
                nearest = nearest_mentions(each, mentions)
                yield places, "not printed there", f"printed {snippet}", nearest
                continue
            printed = find_mentions(" ".join(snippet.split()), text.money)
            if printed:
                if not each.is_in(snippet, printed, ordinal=True):
                    found = ", ".join(mention.short for mention in printed[:_MOST_SHOWN])
                    yield places, "printed says something else", wanted, f"printed {found}"
                continue
        if not any(each.is_in(text.paragraphs[at], text.mentions(at)) for at in paragraphs):
            yield places, why_not(each, mentions), wanted, nearest_mentions(each, mentions)


def _no_paragraph(text: Text, at: str, wanted: str) -> tuple[str, str, str, str]:
    return at, "no such paragraph", wanted, f"p1 to p{len(text.paragraphs)}"


def texts_directory(option: str, environ: Mapping[str, str]) -> Path | None:
    """Where the texts are: what ``--texts`` says, else EVCLI_TEXTS, else None."""
    given, where = (option, "--texts") if option else (environ.get(VARIABLE, ""), VARIABLE)
    if not given:
        return None
    try:
        directory = Path(given)
        if not directory.is_dir():
            why = "not a directory" if directory.exists() else "no such directory"
            raise UsageError(f"{where}: {why}: {given}", "give the texts' directory")
    except (OSError, ValueError) as error:
        raise UsageError(f"{where}: {given!r}: {reason_of(error)}") from None
    return directory


def verify_answer(store: Store, sources: Sequence[Source], directory: Path | None) -> Answer:
    """One row for everything stated that does not stand in its source's text.

    UnknownName where *directory* has the text of none of *sources*.
    """
    rows: list[Row] = []
    notes: list[str] = []
    checked: list[int] = []
    for source, text, statements in _texts_of(store, sources, directory, notes):
        if isinstance(text, str):
            rows.append(_mismatch(source, "", text, source.file))
            continue
        stated = statements.by_source[source.id]
        checked.append(sum(isinstance(each, Fact | PlantFact | Measure) for each in stated))
        rows += check_source(source, text, statements)
    if not rows:
        facts = counted(sum(checked), "fact")
        notes.append(f"{facts} of {counted(len(checked), 'source')} verified")
    columns, views = layout_of("mismatch")
    return Answer(columns, rows, views, notes=tuple(notes))


def _texts_of(
    store: Store, sources: Sequence[Source], directory: Path | None, missing: list[str]
) -> Iterator[tuple[Source, Text | str, Statements]]:
    """The text of every source that has a card for it, or why it will not do.

    Those whose text is not there are added to *missing*; UnknownName where none is there.
    """
    carded = [source for source in sources if source.file and source.sha256]
    if not carded:
        message = "no text for any source: no card names a file and its sha256"
        raise UnknownName(message, "a card has file: and sha256:")
    if directory is not None:
        statements = Statements(store, carded)
        for source in carded:
            text = read_text(directory, source, statements.money)
            if text is None:
                missing.append(f"{source.id}: no text ({source.file} is not in {directory})")
            else:
                yield source, text, statements
    if directory is None or len(missing) == len(carded):
        place = f" in {directory}" if directory is not None else ""
        hint = f"say where the texts are with --texts DIR or {VARIABLE}"
        raise UnknownName(
            f"no text for any source{place}", f"{hint}; the first is {carded[0].file}"
        )
