"""Facts checked against the text of their own source.

A text is a regular file of at most a million bytes, in UTF-8, without NUL, that the SHA-256 sum on
the card fits: nothing that lies in its directory can do more than be refused. A paragraph is a
line that is not blank; ``p3`` is the third.

Quantities are compared, not strings: value, unit (percent, a currency, or a bare number whose noun
is free), the side that the qualifier bounds, and for changes the direction. ``80 percent`` is
``80%``, ``more than`` is ``over``, ``doubled`` is ``+100%``, ``half`` is ``50%``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice, pairwise
from pathlib import Path, PureWindowsPath

from evcli.errors import UnknownName, UsageError, reason_of
from evcli.files import contents
from evcli.model.answer import Answer, Row, layout_of
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Claim, Event, Fact, Measure, PlantFact, Source
from evcli.model.vocabulary import UnitKind
from evcli.store.reader import Store
from evcli.text import lexicon as words
from evcli.text.lists import counted
from evcli.text.mentions import Form, Mention, find_mentions, money_words
from evcli.tuples import NamedTuple

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


class Paragraph:
    """A paragraph, and its numbers, found when first asked for."""

    def __init__(self, text: str, money: Mapping[str, str]) -> None:
        self.text = text
        self._money = money

    @cached_property
    def mentions(self) -> list[Mention]:
        """The numbers of the paragraph."""
        return find_mentions(self.text, self._money)


Text = dict[str, Paragraph]  # by their locators, such as p3


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
    if next(islice(_NUMBERS.finditer(text), MOST_NUMBERS, None), None):
        return f"the text holds more than {MOST_NUMBERS:,} numbers"
    lines = [line.rstrip("\r") for line in text.split("\n") if line.strip()]
    return {f"p{at}": Paragraph(line, money) for at, line in enumerate(lines, 1)}


_RANGE = re.compile(r"(?: ?(?:to|and|–|-|—|~|至|到) ?)")
_MOST_SHOWN = 3
_POWERS_OF_TEN = {Fraction(10) ** power for power in range(-15, 16) if abs(power) > 1}


class ExpectedNumber(NamedTuple):
    """A number that must stand in a text, as *stated*."""

    what: str  # which part of the fact
    stated: str
    unit: str  # percent or a currency, else empty
    value: Fraction | None
    bounds: Bounds
    side: str
    change: bool
    ratio: bool

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The numbers that its words hold: one, or the two ends of a range."""
        if self.value is not None:
            return (abs(self.value) if self.change else self.value,)
        return tuple(end for end in self.bounds if end is not None)

    def said_by(self, mention: Mention) -> tuple[list[Fraction], str]:
        """The numbers that a mention may mean, and its unit; doubled and half are per cent, too."""
        if self.change and mention.form is Form.FACTOR:
            return [abs(each * 100 - 100) for each in mention.values], "percent"
        if self.unit == "percent" and mention.form is Form.FRACTION:
            return [each * 100 for each in mention.values], "percent"
        return [*mention.values], mention.unit

    def is_amount_of(self, mention: Mention, *, ordinal: bool = False) -> bool:
        """Whether the number and its unit are the same, whatever qualifier and direction."""
        if mention.form is Form.ORDINAL and not ordinal:
            return False
        if mention.is_end and self.value is not None:
            return False
        values, unit = self.said_by(mention)
        if mention.form in (Form.FRACTION, Form.FACTOR) and not (unit or self.ratio):
            return False
        return unit == self.unit and any(each in self.values for each in values)

    def has_direction_of(self, mention: Mention) -> bool:
        """Whether both go the same way; only a change that is not zero has a direction."""
        return not (self.change and self.value) or mention.sign == (1 if self.value > 0 else -1)

    def is_in(self, paragraph: Paragraph, *, ordinal: bool = False) -> bool:
        """Whether one of the numbers there says all of it; for a range two, side by side."""
        mentions = paragraph.mentions
        if self.value is not None:
            alike = (each for each in mentions if self.is_amount_of(each, ordinal=ordinal))
            return any(each.side == self.side and self.has_direction_of(each) for each in alike)
        return any(
            self.bounds.low in first.values
            and self.bounds.high in second.values
            and first.unit == second.unit == self.unit
            and _RANGE.fullmatch(paragraph.text[first.end : second.start])
            for first, second in pairwise(mentions)
        )


Statement = Fact | PlantFact | Measure | Event | Claim


class Statements:
    """What each of *sources* states in *store*, deprecated too, facts first, with units by id;
    ``money`` has the words that the packs have for currencies.
    """

    def __init__(self, store: Store, sources: Iterable[Source]) -> None:
        self.by_source: dict[str, list[Statement]] = {source.id: [] for source in sources}
        for kind in (Fact, PlantFact, Measure, Event, Claim):
            found: list[Statement] = store.every(kind, source=[*self.by_source])
            for statement in found:
                self.by_source[statement.source].append(statement)
        self._units = store.vocabulary.units
        self.money = money_words(self._units.values())

    def expected(self, statement: Statement) -> Iterator[ExpectedNumber]:
        """The numbers of a statement that must stand in the text, its value first."""
        numbers: list[tuple[str, str, Quantity | None]] = []
        match statement:
            case Fact(stated=stated, quantity=number, change=change):
                numbers = [("stated", stated, number)]
                numbers += [("change", change.stated, change.quantity)] if change else []
                numbers += [("yoy", statement.yoy_stated, statement.yoy)]
                numbers += [("mom", statement.mom_stated, statement.mom)]
            case PlantFact(aspect=aspect, text=stated, quantity=number):
                numbers = [(aspect, stated, number)]
            case Measure(rate_stated=stated, rate=number):
                numbers = [("rate", stated, number)]
        for what, stated, number in numbers:
            if number is not None:
                known = self._units.get(number.unit)
                kind = known.kind if known else UnitKind.MONEY  # a currency that nobody defined
                unit = number.unit if kind in (UnitKind.PERCENT, UnitKind.MONEY) else ""
                side = words.side(number.qualifier)
                is_change, ratio = what in ("change", "yoy", "mom"), kind is UnitKind.RATIO
                said = (what, stated, unit, number.value, number.bounds, side, is_change, ratio)
                yield ExpectedNumber(*said)


def why_not(expected: ExpectedNumber, mentions: Iterable[Mention]) -> str:
    """What is wrong with the mention that comes nearest."""
    if expected.value is None:
        return "range not there"
    reasons = [(4, "number not there")]
    for mention in mentions:
        if mention.value is None or mention.form is Form.DATE:
            continue
        if expected.is_amount_of(mention) and expected.has_direction_of(mention):
            reasons.append((0, "other qualifier"))
        elif expected.is_amount_of(mention):
            reasons.append((1, "other direction" if mention.sign else "no direction"))
        elif mention.value in expected.values:
            ordinal = mention.form is Form.ORDINAL and mention.unit == expected.unit
            other = "an ordinal" if ordinal else "other unit"
            reasons.append((2, "an end of a range" if mention.is_end else other))
        elif mention.unit == expected.unit and any(
            value and mention.value / value in _POWERS_OF_TEN for value in expected.values
        ):
            reasons.append((3, "other multiplier"))
    return min(reasons)[1]


def nearest_mentions(expected: ExpectedNumber, mentions: Iterable[Mention]) -> str:
    """The quantities that come nearest, those of the same unit first, in short."""

    def distance(mention: Mention) -> tuple[bool, bool, Fraction, int]:
        (value, *_), unit = expected.said_by(mention._replace(value=mention.value or Fraction(0)))
        gaps = (abs(value - each) / (max(value, each) or 1) for each in expected.values)
        vague = mention.form in (Form.LABEL, Form.VAGUE)
        apart = unit != expected.unit and value not in expected.values
        return vague, apart, min(gaps, default=Fraction(0)), mention.start

    quantities = sorted((each for each in mentions if each.form is not Form.DATE), key=distance)
    shown = dict.fromkeys(mention.short for mention in quantities)
    return ", ".join(list(shown)[:_MOST_SHOWN]) or "no number"


def check_source(source: Source, text: Text, statements: Statements) -> Iterator[Row]:
    """Everything stated that does not stand in its text, in the order of its statements."""

    def no_paragraph(at: str, wanted: str, stated: Statement | None = None) -> Row:
        return _mismatch(source, at, "no such paragraph", wanted, f"p1 to p{len(text)}", stated)

    for statement in statements.by_source[source.id]:
        yield from (no_paragraph(at, at, statement) for at in statement.at if at not in text)
        if here := [text[at] for at in statement.at if at in text]:
            for problem in _check(statement, here, statements):
                yield _mismatch(source, " ".join(statement.at), *problem, statement)
    for left in source.left_out:  # what was left out must still stand where it says
        wanted = f"left_out {left.text}"
        for at in left.at.split():
            if at not in text:
                yield no_paragraph(at, wanted)
            elif not any(occurrences(left.text, text[at].text)):
                yield _mismatch(source, at, "not printed there", wanted)
    for at in chain.from_iterable(problem.at for problem in source.problems):
        if at not in text:
            yield no_paragraph(at, "a problem of the card")


def _mismatch(
    source: Source, at: str, problem: str, wanted: str, found: str = "", of: Statement | None = None
) -> Row:
    """What is wanted and what is there."""
    id_, place = (of.id, of.place) if of else ("", None)
    file, line, _ = place or ("", None, 0)
    row = {"source": source.id, "id": id_, "at": at, "problem": problem, "wanted": wanted}
    where = f"{file}:{line}" if file else source.id
    return {**row, "found": found, "file": file, "line": line, "where": where}


def _check(
    statement: Statement, here: Sequence[Paragraph], statements: Statements
) -> Iterator[tuple[str, str, str]]:
    """One statement against its paragraphs: problem, wanted and found.

    The snippet that it prints must stand there; where that holds a number, it is the one stated.
    """
    mentions = [mention for paragraph in here for mention in paragraph.mentions]
    snippet = statement.printed if isinstance(statement, Fact) else ""
    for each in statements.expected(statement):
        wanted = f"{each.what} {each.stated}"
        printed, snippet = snippet, ""  # of the first
        if printed and not any(any(occurrences(printed, paragraph.text)) for paragraph in here):
            yield "not printed there", f"printed {printed}", nearest_mentions(each, mentions)
            continue
        inside = Paragraph(" ".join(printed.split()), statements.money)
        if inside.mentions:
            if not each.is_in(inside, ordinal=True):
                shown = ", ".join(mention.short for mention in inside.mentions[:_MOST_SHOWN])
                yield "printed says something else", wanted, f"printed {shown}"
        elif not any(map(each.is_in, here)):
            yield why_not(each, mentions), wanted, nearest_mentions(each, mentions)


def texts_directory(option: str, environ: Mapping[str, str]) -> Path | None:
    """Where the texts are: what ``--texts`` says, else EVCLI_TEXTS, else None."""
    given, where = (option, "--texts") if option else (environ.get(VARIABLE, ""), VARIABLE)
    if not given:
        return None
    with suppress(OSError, ValueError):  # of a name that no directory can have
        if Path(given).is_dir():
            return Path(given)
    raise UsageError(f"{where}: no such directory: {given}", "give the texts' directory")


def verify_answer(store: Store, sources: Sequence[Source], directory: Path | None) -> Answer:
    """One row for everything stated that does not stand in its source's text.

    UnknownName where *directory* has the text of none of *sources*.
    """
    carded = [source for source in sources if source.file and source.sha256]
    if not carded:
        message = "no text for any source: no card names a file and its sha256"
        raise UnknownName(message, "a card has file: and sha256:")
    place = f" in {directory}" if directory is not None else ""
    hint = f"say where the texts are with --texts DIR or {VARIABLE}"
    first = f"{hint}; the first is {carded[0].file}"
    no_text = UnknownName(f"no text for any source{place}", first)
    if directory is None:
        raise no_text
    statements = Statements(store, carded)
    rows: list[Row] = []
    notes: list[str] = []
    checked: list[int] = []
    for source in carded:
        text = read_text(directory, source, statements.money)
        if text is None:
            notes.append(f"{source.id}: no text ({source.file} is not in {directory})")
        elif isinstance(text, str):
            rows.append(_mismatch(source, "", text, source.file))
        else:
            stated = statements.by_source[source.id]
            checked.append(sum(isinstance(each, Fact | PlantFact | Measure) for each in stated))
            rows += check_source(source, text, statements)
    if len(notes) == len(carded):
        raise no_text
    if not rows:
        facts = counted(sum(checked), "fact")
        notes.append(f"{facts} of {counted(len(checked), 'source')} verified")
    columns, views = layout_of("mismatch")
    return Answer(columns, rows, views, notes=tuple(notes))
