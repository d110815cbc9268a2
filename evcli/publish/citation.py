"""From ids to sentences with their references: everything ``evcli explain`` takes can be cited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from evcli.core.resolve import missing, resolve
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
    parts = [sentences_on(source, id_, references, accept) for id_ in dict.fromkeys(ids)]
    sentences = tuple(each for found, _ in parts for each in found)
    notes = tuple(dict.fromkeys(note for _, noted in parts for note in noted))
    return Citation(sentences, references.listed(), record_line(source.store), notes)


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
    return Citation((), references.listed(), record_line(source.store))


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
    if not asked.period and not periods:
        return [missing(series, Period(None, None), Missing("nothing is stated of it"))]
    return source.figures_at(series, asked.period or periods[-1], or_why_none=True)


def _other(source: Figures, text: str, references: References) -> list[Sentence]:
    """An event, measure, plant or claim in its own words; a source has no sentence."""
    rows = explain_answer(source, [text]).rows
    named = dict.fromkeys(str(row["source"]) for row in rows if row["source"])
    if rows[0]["kind"] == "source":
        references.mark(text)
        return []
    said, period = str(rows[0]["text"]), str(rows[0]["period"])
    match rows[0]["kind"]:
        case "event":
            said = f"{said}, {in_period(parse_period(period))}"
        case "claim":
            said = f"A source claims that {said}"
        case "fact" | "set aside" as kind:
            aside = " (set aside)" if kind == "set aside" else ""
            said = f"{str(rows[0]['id']).partition('@')[0]}: {said}, as of {period}{aside}"
    return [statement(said, named, references)]
