"""What a source's statements say that its text does not: the facts held against the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evcli.model.records import Fact, Measure, Place, PlantFact, Source
from evcli.verify.compare import Wanted, found_in, kind_of, nearest, why_not
from evcli.verify.literal import occurrences
from evcli.verify.quantities import find_mentions
from evcli.verify.statements import Book, Statement
from evcli.verify.texts import Text

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


def check_source(source: Source, text: Text, book: Book) -> Iterator[Finding]:
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


def wanted_of(statement: Statement, book: Book) -> list[Wanted]:
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
