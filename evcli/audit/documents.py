"""Documents: all that one states and what becomes of it, and what rests on one weak page alone."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from evcli.audit.audit import record_of
from evcli.audit.claims import Claims
from evcli.audit.evidence import Evidence
from evcli.model.answer import Answer, HumanColumn, Row, View, layout_of, listed_in
from evcli.model.claim import parse_claim
from evcli.model.note import Note, NoteKind
from evcli.model.period import Period, today
from evcli.model.quantity import Quantity
from evcli.model.records import (
    Acknowledgement,
    Claim,
    Event,
    Fact,
    Measure,
    Plant,
    PlantFact,
    Rank,
    Series,
    Source,
)
from evcli.query.explain import in_quotes, in_words
from evcli.query.figures import Figures
from evcli.query.plants import Aspect, aspects_of, head_of
from evcli.query.policy import states_on
from evcli.query.rows import DOT, figures_answer, note_fields, screenful, with_bounds, with_kind
from evcli.query.selection import Query, series_named
from evcli.query.titles import full_name
from evcli.query.topic_answer import topic_answer
from evcli.query.topic_table import TOPICS
from evcli.text.lists import counted, first_few

LEFT_OUT, PROBLEM = "left out", "problem"


def document_answer(source: Figures, pages: Sequence[Source], only: Collection[str] = ()) -> Answer:
    """Every figure, event, plant fact, measure, claim, left-out number and problem of documents, or
    *only* numbers left out, or problems.

    They stand in the order of its paragraphs, each with what becomes of it.
    """
    rows = [row for each in pages for row in _Document(source, each).rows(only)]
    kinds = Counter(str(row["kind"]) for row in rows).items()
    told = [", ".join(counted(n, kind, kind * (kind == LEFT_OUT)) for kind, n in kinds)]
    (columns, views), title = layout_of("document"), "Documents"
    if len(pages) == 1:
        (one,) = pages
        title = f"{one.id}: {with_kind(one)}"
        facts = source.store.every(Fact, origin=[one.id])
        copies = [*dict.fromkeys(each.source for each in facts if each.source != one.id)]
        told += [one.origin and f"repeats {one.origin}", "" if one.read else "not read itself"]
        told += [f"repeated by {first_few(copies, 4)}" if copies else "", one.url]
    else:
        views = (HumanColumn("source", View.GROUP, ("source",)), *views)
    more = DOT.join(filter(None, told))
    return Answer(columns, rows, views, title=title, more=more, hint=f"nothing; {more}")


# what becomes of a statement: a word, the same in words, and the sources that bear it out
Standing = tuple[str, str, tuple[str, ...]]
_STANDS, _ALONE = ("stands", "", ()), ("alone", "no other page", ())


class _Document:
    """What one document states."""

    def __init__(self, source: Figures, document: Source) -> None:
        self._source, self._document = source, document
        self._explained = {
            fact: f"; {entry.verdict}, explained: {entry.reason}"
            for entry in source.store.every(Acknowledgement)
            for fact in entry.facts
        }

    def rows(self, only: Collection[str]) -> list[Row]:
        """A row for each thing, in the order of the paragraphs."""
        own, rows = self._document, list[Row]()
        if not only:
            events = self._own(self._source.store.every(Event))
            rows += [self._row("event", e.at, "", _STANDS, e, e.title, e.date) for e in events]
            rows += [*self._figures(), *self._plants(), *self._measures(), *self._claims()]
        noted = [(LEFT_OUT, e.at.split(), f'"{e.text}"', e.reason) for e in own.left_out]
        noted += [(PROBLEM, [*each.at], "", each.problem) for each in own.problems]
        for kind, at, said, why in noted:
            if not only or kind in only:
                rows.append(self._row(kind, at, said, (kind, f"{kind}: {why}", ())))
        return sorted(rows, key=_paragraph)

    def _own(self, records: Iterable[Any]) -> list[Any]:
        return [each for each in records if each.source == self._document.id]

    def _figures(self) -> Iterator[Row]:
        facts = self._source.store.every(Fact, source=[self._document.id])
        known = {each.id: each for each in self._source.store.series([f.series for f in facts])}
        for fact in facts:
            series, said, number = known[fact.series], in_quotes(fact), fact.quantity
            name, standing = full_name(series, self._source.words), self._of_fact(fact, series)
            yield self._row("figure", fact.at, said, standing, fact, name, fact.period, number)

    def _of_fact(self, fact: Fact, series: Series) -> Standing:
        figures = self._source.of(series).figures(fact.period)
        mine = next((each for each in figures if fact in each.facts()), None)
        rivals = [each for each in figures if each is not mine and each.is_observed]
        against = _sources(fact for each in rivals for fact in each.facts())
        told = [in_words(each.value, each.bounds, each.unit) for each in rivals]
        numbers = f"{' or '.join(told)} ({first_few(against, 4)})"
        if mine is None:
            revised = any(fact in getattr(each.lineage, "revised", ()) for each in rivals)
            word, how = ("revised", "restated:") if revised else ("beside", "set aside for")
            return word, f"{how} {numbers}", against
        if mine.is_plan:
            return "plan", "a plan or target", ()
        if rivals:
            return "disputed", f"disputed: {numbers}", against
        others = _sources(each for each in mine.facts() if each.source != fact.source)
        apart = [f"; {note.text}" for note in mine.notes if note.kind is NoteKind.CONFLICT]
        word, text, _ = _ALONE
        if others:
            agrees = any(each.origin != fact.origin for each in mine.facts())
            word, how = ("agrees", "agrees with") if agrees else (word, "the same release in")
            text = f"{how} {first_few(others, 4)}"
        return word, "".join((text, *apart)), others

    def _plants(self) -> Iterator[Row]:
        for plant in self._source.store.every(Plant):
            out = [each for each in plant.facts if self._source.is_out(each.source)]
            aspects = [*aspects_of([each for each in out if each.rank is not Rank.DEPRECATED])]
            head = head_of(self._source, plant)
            for fact in self._own(out):
                what = f"{head['makers']}, {head['where']}: {fact.aspect.value} {fact.text}"
                standing, number = _of_plant(fact, aspects), fact.quantity
                at, said = fact.at, fact.text
                yield self._row("plant", at, said, standing, fact, what, fact.as_of, number)

    def _measures(self) -> Iterator[Row]:
        own, measures = self._document.id, self._source.store.every(Measure)
        states = states_on(measures, today(self._source.as_of or ""))
        for each in measures:
            if own not in (sources := [each.source, *each.confirmed_by]):
                continue
            sources.remove(own)
            state, rate = states[each.id], each.rate
            text = state.replace("-", " ") + (f"; also {first_few(sources, 4)}" if sources else "")
            standing, said = (state, text, tuple(sources)), each.rate_stated
            what = f"{each.jurisdiction}: {each.instrument}, {each.target}"
            at = each.at if each.source == own else ()
            yield self._row("measure", at, said, standing, each, what, each.start, rate)

    def _claims(self) -> Iterator[Row]:
        if claims := self._own(self._source.store.every(Claim)):
            evidence = Evidence.of(record_of(self._source))
            judges = Claims(evidence, evidence.families())
            for each in claims:
                holds, text, statements = judges.judge(parse_claim(each.says))
                word = "not proved" if holds is None else "proved" if holds else "refuted"
                standing = word, f"{word}: {text}", evidence.sources_of(statements)
                yield self._row("claim", each.at, each.says, standing, each)

    def _row(
        self,
        kind: str,
        at: Sequence[str],
        stated: str,
        standing: Standing,
        record: Any = None,
        what: str = "",
        period: Period | None = None,
        number: Quantity | None = None,
    ) -> Row:
        """A row of the page; *record* is what has an id, and perhaps a rank and a note."""
        id_, rank, remark = (getattr(record, name, "") for name in ("id", "rank", "note"))
        if rank == Rank.DEPRECATED:
            standing = rank, f"{rank}: {record.reason}", ()
        when = period.label if period and not period.is_undated else ""
        about = ", ".join(filter(None, (what, when)))
        return {
            "source": self._document.id,
            "at": tuple(at),
            "kind": kind,
            "id": id_,
            "what": what,
            "period": str(period or ""),
            "stated": stated,
            **with_bounds("value", number),
            "unit": number.unit if number else "",
            "rank": rank,
            "standing": standing[0],
            "others": standing[2],
            "verdict": standing[1] + self._explained.get(id_, ""),
            **note_fields([Note(NoteKind.REMARK, remark, (id_,))] if remark else []),
            "says": ": ".join(filter(None, (about, "" if stated in what else stated))),
        }


def _of_plant(fact: PlantFact, aspects: Iterable[Aspect]) -> Standing:
    same = (each for each in aspects if each.facts[0].aspect is fact.aspect)
    aspect = next(same, Aspect((), ()))  # where all that is said of it is known to be wrong
    others = [each for each in aspect.facts if each.source != fact.source]
    texts, sources = {each.text: None for each in others}, _sources(others)
    told = f"{first_few([*texts], 4)} ({first_few(sources, 4)})"
    if fact in aspect.facts and aspect.disputed:
        return "disputed", f"disputed: {told}", sources
    if fact in aspect.facts or fact.text in texts:
        agrees = "agrees", f"agrees with {first_few(sources, 4)}", sources
        return agrees if others else _ALONE
    if fact in aspect.beside or not others:
        return "beside", "a plan, a phase or a unit of its own", ()
    return "older", f"shown instead: {told}", sources


def _sources(facts: Iterable[Fact | PlantFact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.source for fact in facts))


def _paragraph(row: Row) -> tuple[bool, int, str]:
    """Where a row stands: p2 before p10, and last what stands nowhere."""
    first = next(iter(listed_in(row, "at")), "")
    return not first, len(first), first


def weak_answer(source: Figures, series: Sequence[str] = ()) -> Answer:
    """Figures that one weak page tells alone, copies counted once; those most shown come first."""
    answers = [topic_answer(source, topic, Query()) for topic in TOPICS.values()]
    # the figures on the screens of the topics, then others of their series
    shown = [a.rows[at]["id"] for a in answers for at in a.screen or range(len(a.rows))]
    shown += [str(each).partition("@")[0] for each in shown]
    order = {id: -at for at, id in enumerate(reversed(shown))}
    store = source.store
    every = series_named(store, series) if series else store.select_series()
    found = [
        figure
        for known in source.of_all(every)
        for period in reversed(known.periods)
        for figure in known.figures(period)
        if figure.sourcing == "weak" and len({fact.origin for fact in figure.facts()}) == 1
    ]
    found.sort(key=lambda each: order.get(each.id, order.get(each.series.id, 1)))
    answer = figures_answer(found, store, title="Figures that one weak page tells alone")
    return answer._replace(screen=screenful(answer.rows))
