"""From ids to sentences with their references: everything ``evcli explain`` takes can be cited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from evcli.core.resolve import missing, resolve
from evcli.model.answer import Row
from evcli.model.figure import Figure, Missing
from evcli.model.period import Period, parse_period
from evcli.publish.references import Reference, References, Sentence, record_line
from evcli.publish.sentences import SentenceWriter, statement
from evcli.query.catalogue import sources_out
from evcli.query.explain import computed_figure, explain_answer, is_computed
from evcli.query.figures import Figures
from evcli.query.selection import FigureName
from evcli.text.phrases import in_period


class Citation(NamedTuple):
    """Sentences, the sources that their letters stand for, and the record they are from.

    ``notes`` say of a figure what its curators noted; they are not part of the sentence.
    """

    sentences: tuple[Sentence, ...]
    references: tuple[Reference, ...]
    record: str
    notes: tuple[str, ...] = ()


def cited(source: Figures, ids: Sequence[str], accept: Collection[str] = ()) -> Citation:
    """The citation of *ids*; UnknownName for an unknown one, NotComparable where it is refused."""
    references = References(source.store)
    sentences: list[Sentence] = []
    notes: list[str] = []
    for text in dict.fromkeys(ids):
        found, noted = sentences_on(source, text, references, accept)
        sentences += found
        notes += noted
    return Citation(
        tuple(sentences),
        tuple(references.listed()),
        record_line(source.store),
        tuple(dict.fromkeys(notes)),
    )


def sentences_on(
    source: Figures, id_: str, references: References, accept: Collection[str] = ()
) -> tuple[list[Sentence], list[str]]:
    """The sentences on one id, and what curators noted of it; letters come from *references*."""
    figures = figures_cited(source, id_, accept)
    if figures is None:
        return _other(source, id_, references), []
    notes = [
        f"{figure.id}: {note.text}"
        for figure in figures
        if figure.basis == "stated" and any(figure.facts())
        for note in figure.notes
    ]
    return SentenceWriter(source, references).sentences(figures), notes


def sources_cited(source: Figures, ids: Sequence[str]) -> Citation:
    """The reference list of the sources named, or of all."""
    references = References(source.store)
    for each in sources_out(source, ids):
        references.mark(each.id)
    return Citation((), tuple(references.listed()), record_line(source.store))


def figures_cited(source: Figures, text: str, accept: Collection[str] = ()) -> list[Figure] | None:
    """The figures that *text* stands for; None where it is the id of something else."""
    if is_computed(text):
        return [computed_figure(source, text, accept)]
    fact = source.store.fact(text)
    if fact is not None:
        series = source.store.series([fact.series])[0]
        # one fact as a figure of its own, deprecated or not
        return list(resolve(series, fact.period, [fact], include_deprecated=True))
    if "#" in text:
        return None
    asked = FigureName.parse(text)
    found = source.store.series([asked.series])
    if not found:
        return None
    series = found[0]
    known = source.of(series)
    periods = known.observed_periods or known.periods
    period = asked.period or (periods[-1] if periods else None)
    if period is None:
        return [missing(series, Period(None, None), Missing("nothing is stated of it"))]
    return source.figures_at(series, period, or_why_none=True)


def _other(source: Figures, text: str, references: References) -> list[Sentence]:
    """An event, measure, plant or claim in its own words; a source has no sentence."""
    rows = explain_answer(source, [text]).rows
    named = dict.fromkeys(str(row["source"]) for row in rows if row["source"])
    if rows[0]["kind"] == "source":
        references.mark(text)
        return []
    return [statement(_text(rows[0]), named, references)]


def _text(row: Row) -> str:
    text, period = str(row["text"]), str(row["period"])
    match row["kind"]:
        case "event":
            return f"{text}, {in_period(parse_period(period))}"
        case "claim":
            return f"A source claims that {text}"
        case "fact" | "set aside":
            aside = " (set aside)" if row["kind"] == "set aside" else ""
            return f"{str(row['id']).partition('@')[0]}: {text}, as of {period}{aside}"
    return text
