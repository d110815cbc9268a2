"""One sentence per figure: what, when, how much, who counted, and the letters of its sources.

A stated figure has its source's own words, a derived one the digits that its bounds allow. The
verb is "came to", which suits everything that is counted, one or many. Everything that
``evcli explain`` takes can be cited.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from evcli.core.resolve import missing, resolve
from evcli.model.figure import BY_BOTH, BY_INFERENCE, BY_PARTS, Derived, Figure, Missing, Stated
from evcli.model.note import NoteKind, in_one_line
from evcli.model.period import Period, parse_period
from evcli.model.quantity import Quantity, intersect_all
from evcli.model.records import Fact, Rank, Series, Status
from evcli.model.vocabulary import UNNAMED, Vocabulary
from evcli.publish.references import Citation, Marks, References, Sentence, in_order, outlet_of
from evcli.query.explain import computed_figure, explain_answer, is_computed
from evcli.query.figures import Figures
from evcli.query.selection import FigureName
from evcli.query.titles import capital, names_apart
from evcli.store.history import record_name
from evcli.text import phrases
from evcli.text.characters import printable
from evcli.text.lists import listed
from evcli.text.numbers import between, end, ends, rounded


def amount(figure: Figure, words: Vocabulary) -> str:
    """The value with its unit; empty where no level is known."""
    for fact in _own_facts(figure):
        quantity = fact.quantity
        if quantity is None:
            continue
        same = (quantity.value, quantity.qualifier) == (figure.value, figure.qualifier)
        if same and (quantity.value is not None or quantity.bounds == figure.bounds):
            return phrases.as_stated(fact, figure.unit, words)
    return safe_amount(figure, words)


def _own_facts(figure: Figure) -> tuple[Fact, ...]:
    """The facts that state the figure itself; none of a derived one."""
    return figure.lineage.facts if isinstance(figure.lineage, Stated) else ()


def safe_amount(figure: Figure, words: Vocabulary, *, signed: bool = False) -> str:
    """The value and, behind it in brackets, the bounds; "at least" and "at most" for open ends."""
    (low, high), unit = figure.bounds, figure.unit
    if low is None or high is None:
        return between(low, high, lambda each, way: phrases.with_unit(end(each, way), unit, words))
    value = low if low == high else figure.value
    if value is None:
        first, last = ends(low, high)
        return f"between {first} and {phrases.with_unit(last, unit, words)}"
    short = rounded(value, figure.bounds)
    shown = (short.text, short.low, short.high)
    text, *around = map(_signed, shown) if signed else shown
    number = phrases.with_unit(text, unit, words)
    if short.low:
        return f"about {number} ({' to '.join(around)})"
    return number if short.value == value else f"about {number}"


def _signed(number: str) -> str:
    return number if number.startswith("-") or not number.strip("0.,") else f"+{number}"


def effects(before: Figures, after: Figures, series: Series, period: Period) -> Iterator[str]:
    """A figure before and after, and what follows from it: wider windows, a year earlier."""

    def said(source: Figures, window: Period) -> str:
        figures = source.figures_at(series, window)
        told = ([amount(each, source.words), stated_growth(each)] for each in figures)
        return " or ".join(", ".join(filter(None, each)) for each in told) or "nothing"

    windows = [period]
    if period.year:
        year = Period.of_year(period.year)
        wider = [*year.split_into(3), *year.split_into(6), Period(year.start, period.end), year]
        windows += [*(each for each in wider if each.contains(period)), period.year_before()]
    for each in dict.fromkeys(windows):
        was, now = said(before, each), said(after, each)
        if was != now or each == period:
            yield f"{capital(phrases.named(each))}: was {was}, is {now}"


def stated_growth(figure: Figure) -> str:
    """Growth on the year before as the most precise source states it; empty where they differ."""
    stated = list(_growths(figure))
    if not stated or intersect_all(growth.bounds for _, _, growth in stated) is None:
        return ""
    _, text, growth = min(stated, key=lambda each: each[2].bounds.looseness)
    return phrases.growth_as_stated(text, growth)


def growth_used(figure: Figure, statements: Collection[str]) -> str:
    """The growth on the year or the month that is one of the *statements* of a formula."""
    # read already, where it was inferred
    from evcli.inference.family import ConstraintKind, statement_id

    for fact in _own_facts(figure):
        for kind, text, change, before in (
            (ConstraintKind.YOY, fact.yoy_stated, fact.yoy, "year"),
            (ConstraintKind.MOM, fact.mom_stated, fact.mom, "month"),
        ):
            if change is not None and statement_id(fact.id, kind) in statements:
                return phrases.growth_as_stated(text, change, before)
    return ""


def _growths(figure: Figure) -> Iterator[tuple[Fact, str, Quantity]]:
    """The facts of a stated figure that state growth on the year before, in words and as number."""
    for fact in _own_facts(figure):
        if fact.yoy is not None:
            yield fact, fact.yoy_stated, fact.yoy
        elif fact.change is not None and fact.change.over in ("P1Y", "P12M"):
            yield fact, fact.change.stated, fact.change.quantity


_WORD = re.compile(r"[^\W_]{3,}")
_NAMES_COUNTER = re.compile(r"\bcount(er|ed)?\b|\bgives\b|\bmaker\b")
_SAYS_NOTHING = frozenset({"and", "the", "counted", "china", "chinese", "from", "with"})
_PREDICATE = {Status.ESTIMATED: ", an estimate", Status.PROVISIONAL: ", a provisional figure"}


class SentenceWriter:
    """Writes sentences on figures; the sources it mentions get their letters from *references*."""

    def __init__(self, source: Figures, references: References) -> None:
        self._source = source
        self._words: Vocabulary = source.words
        self._references = references

    def sentences(self, figures: Sequence[Figure]) -> list[Sentence]:
        """A sentence for each of *figures*; one for all that dispute each other."""
        written = []
        rivals = [each for each in figures if each.disputed and isinstance(each.lineage, Stated)]
        if len(rivals) > 1:
            written.append(_whole(self._disputed(rivals)))
            figures = [each for each in figures if each not in rivals]
        return written + [_whole(self._one(each)) for each in figures]

    def _one(self, figure: Figure) -> Iterator[str | Marks]:
        # every letter is given here, in the order in which tables give them
        self._references.marks(figure.facts())
        if figure.rank == Rank.DEPRECATED:
            return self._set_aside(figure)
        if isinstance(figure.lineage, Derived):
            return self._derived(figure, figure.lineage)
        if figure.lineage.of_growth:
            return self._growth_as_stated(figure)
        if not figure.lineage.facts:
            return self._missing(figure)
        return self._stated(figure, figure.lineage)

    # -- what sources state

    def _stated(self, figure: Figure, lineage: Stated) -> Iterator[str | Marks]:
        value, growth = amount(figure, self._words), stated_growth(figure)
        grown = f", {growth}" if growth else ""
        if not value:
            yield f"{self._what(figure)} {self._when(figure)}: no level is stated{grown}"
        elif figure.status == Status.FORECAST:
            yield f"{self._what(figure)} would come to {value} {self._when(figure)}{grown},"
            yield " by a plan or forecast"
        else:
            predicate = _PREDICATE.get(Status(figure.status), "")
            yield f"{self._what(figure)} came to {value} {self._when(figure)}{predicate}{grown}"
        yield self._references.marks(figure.facts())
        for fact in lineage.revised:
            yield f"; an earlier release gave {phrases.as_stated(fact, figure.unit, self._words)}"
            yield self._references.marks([fact])
        growths = list(_growths(figure))
        if intersect_all(stated.bounds for _, _, stated in growths) is None:
            for fact, text, stated in growths:
                outlet = self._outlet(fact.source)
                yield f"; {phrases.growth_as_stated(text, stated)} according to {outlet}"
                yield self._references.marks([fact])

    def _disputed(self, rivals: Sequence[Figure]) -> Iterator[str | Marks]:
        self._references.marks(fact for each in rivals for fact in each.facts())
        first = rivals[0]
        yield f"{self._what(first)} {self._when(first)}: sources exclude each other, "
        for position, figure in enumerate(rivals):
            facts = tuple(figure.facts())
            yield "; " if position else ""
            yield f"{amount(figure, self._words)} according to "
            yield listed(list(dict.fromkeys(self._outlet(fact.source) for fact in facts)))
            yield self._references.marks(facts)

    def _set_aside(self, figure: Figure) -> Iterator[str | Marks]:
        text = amount(figure, self._words) or stated_growth(figure) or "a change"
        yield f"Not to be quoted: {text} for {_quoted(figure.series)} {self._when(figure)}"
        yield self._references.marks(figure.facts())
        reasons = dict.fromkeys(fact.reason for fact in figure.facts() if fact.reason)
        yield f" is set aside. {' '.join(reasons)}".rstrip()

    def _missing(self, figure: Figure) -> Iterator[str | Marks]:
        yield f"{self._what(figure)} {self._when(figure)}: no figure, for "
        wrong = [
            fact
            for fact in self._source.facts([figure.series.id])
            if fact.period == figure.period and fact.rank is Rank.DEPRECATED
        ]
        if wrong:
            yield "what is stated is set aside as wrong"
            yield self._references.marks(wrong)
        else:
            yield from self._with_letters(in_one_line(figure.notes))

    def _growth_as_stated(self, figure: Figure) -> Iterator[str | Marks]:
        stating = [fact for fact, _, _ in _growths(figure)] or list(figure.facts())
        yield f"Growth of {_quoted(figure.series)} {self._when(figure)} is stated as "
        yield stated_growth(figure) or safe_amount(figure, self._words, signed=True)
        yield self._references.marks(stating)

    # -- what follows from them

    def _derived(self, figure: Figure, lineage: Derived) -> Iterator[str | Marks]:
        value = safe_amount(figure, self._words, signed=lineage.formula == "growth")
        subject = self._subject(figure, lineage)
        if not value:
            reason = in_one_line(figure.notes) or "the words of the sources leave both ends open"
            yield f"{subject}: no figure follows, for "
            yield from self._with_letters(reason)
        else:
            yield f"{subject} {value}"
            if _is_of_one_series(figure, lineage):
                yield f" {self._when(figure)}"
        yield ", derived from "
        yield from self._inputs(lineage)
        if lineage.formula == BY_INFERENCE and lineage.expression:
            yield f" ({phrases.in_words(lineage.expression, self._words)})"
        if value:
            for note in figure.notes:
                if note.kind is not NoteKind.GROWTH:
                    yield "; "
                    yield from self._with_letters(note.text)

    def _subject(self, figure: Figure, lineage: Derived) -> str:
        """Everything in front of the number."""
        if _is_of_one_series(figure, lineage):
            return f"{self._what(figure)} came to"
        first, second = lineage.inputs[0], lineage.inputs[-1]
        one, other = _quoted(first.series), _quoted(second.series)
        at, before = self._when(first), self._when(second)
        windows = " to ".join(phrases.named(each.period) for each in (second, first))
        match lineage.formula:
            case "growth" if first.series.id == second.series.id:
                subject = f"Growth of {one} from {windows}"
            case "growth":
                subject = f"Growth from {other} {before} to {one} {at}"
            case "share":
                subject = f"The share of {one} in {other} {at}"
            case "ratio":
                subject = f"The ratio of {one} {at} to {other} {before}"
            case "difference":
                subject = f"{one} {at} less {other} {before}"
            case _:
                subject = f"The sum of {len(lineage.inputs)} figures"
        return f"{subject} comes to"

    def _inputs(self, lineage: Derived) -> Iterator[str | Marks]:
        """Each figure it was computed from, with its letters."""
        many = len({each.series.id for each in lineage.inputs}) > 1
        series = [each.series for each in lineage.inputs]
        names = names_apart(series, self._words) if many else ("",) * len(lineage.inputs)
        last = len(lineage.inputs) - 1
        for position, (each, name) in enumerate(zip(lineage.inputs, names, strict=True)):
            if position:
                yield " and " if position == last else ", "
            value = amount(each, self._words)
            growth = growth_used(each, lineage.statements) if value else stated_growth(each)
            what = f"{value} {self._when(each)}" if value else f"no figure {self._when(each)}"
            yield what + (f" ({name})" if name else "") + (f", {growth}" if growth else "")
            yield self._references.marks(each.facts())

    # -- phrases

    def _what(self, figure: Figure) -> str:
        """The title of the series and, unless it says so, who counted; ready for a verb."""
        series = figure.series
        counter = self._counter(series)
        title = series.title or series.id
        what = f"{title}, {counter}" if counter else title
        return f"{what}," if "," in what else what

    def _counter(self, series: Series) -> str:
        known = self._words.publishers.get(series.publisher)
        tail = series.title.partition(",")[2].casefold()
        if _NAMES_COUNTER.search(tail):
            return ""
        if self._words.is_own_count(series.publisher):
            return "by the company's own count"
        names = (series.publisher, *((known.name, *known.aliases) if known else ()))
        spoken = {word for name in names for word in _WORD.findall(name.casefold())}
        if (spoken - _SAYS_NOTHING) & set(_WORD.findall(tail)):
            return ""
        if series.publisher == UNNAMED:
            return "counter not named"
        return f"counted by {known.name if known else series.publisher}"

    def _when(self, figure: Figure) -> str:
        return phrases.in_period(figure.period, stock=self._words.is_stock(figure.series.metric))

    def _outlet(self, source: str) -> str:
        found = self._source.store.sources([source])
        return (outlet_of(found[0]) if found else "") or "a source that is not named"

    def _with_letters(self, text: str) -> Iterator[str | Marks]:
        """A text with letters where it names sources that have one, those in a row together."""
        letters = self._references.letters
        ids = "|".join(map(re.escape, sorted(letters, key=len, reverse=True)))
        one = rf"(?:\((?:{ids})\)|(?<![\w.#-])(?:{ids})(?![\w-]))"
        pattern = rf"({one}(?:(?:, | and ){one})*)" if ids else r"(\Z)"
        for position, part in enumerate(re.split(pattern, text.rstrip(". "))):
            if position % 2 and part:
                yield in_order(letters[each] for each in re.findall(ids, part))
            elif part:
                yield phrases.dates_in_words(part)


def _is_of_one_series(figure: Figure, lineage: Derived) -> bool:
    """Whether the result is itself a figure of the series: what follows for it, or its sum."""
    if lineage.formula == "total" and not figure.period.is_undated:
        return len({each.series.id for each in lineage.inputs}) == 1
    return lineage.formula in (BY_INFERENCE, BY_PARTS, BY_BOTH)


def _whole(parts: Iterable[str | Marks]) -> Sentence:
    """The parts with the text between letters joined, and a full stop at the end."""
    joined: list[str | Marks] = []
    for part in (printable(each) if isinstance(each, str) else each for each in parts):
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part:
            joined.append(part)
    if not (isinstance(joined[-1], str) and joined[-1].endswith(".")):
        joined.append(".")
    return tuple(joined)


def _quoted(series: Series) -> str:
    return f'"{series.title or series.id}"'


def cited(source: Figures, ids: Sequence[str], accept: Collection[str] = ()) -> Citation:
    """The citation of *ids*; UnknownName for an unknown one, NotComparable where it is refused."""
    references = References(source.store)
    parts = [sentences_on(source, id_, references, accept) for id_ in dict.fromkeys(ids)]
    sentences = tuple(each for found, _ in parts for each in found)
    notes = dict.fromkeys(
        f"{figure.id}: {note.text}"
        for _, figures in parts
        for figure in figures
        if figure.basis == "stated" and any(figure.facts())
        for note in figure.notes
    )
    record = f"evcli {record_name(source.store)}"
    return Citation(sentences, references.listed(), record, tuple(notes))


def sources_cited(source: Figures, ids: Iterable[str]) -> Citation:
    """A reference list of sources, of which no sentence says anything."""
    references = References(source.store)
    for each in ids:
        references.mark(each)
    return Citation((), references.listed(), f"evcli {record_name(source.store)}")


def told(source: Figures, figures: Sequence[Figure]) -> list[str]:
    """A sentence for each of *figures*, without letters: their sources stand beside it."""
    sentences = SentenceWriter(source, References(source.store)).sentences(figures)
    return ["".join(e for e in each if isinstance(e, str)) for each in sentences]


def sentences_on(
    source: Figures, id_: str, references: References, accept: Collection[str] = ()
) -> tuple[list[Sentence], list[Figure]]:
    """The sentences on one id, with the figures they are on; letters come from *references*."""
    figures = _figures_cited(source, id_, accept)
    if figures is None:
        return _other(source, id_, references), []
    return SentenceWriter(source, references).sentences(figures), figures


def _figures_cited(source: Figures, text: str, accept: Collection[str]) -> list[Figure] | None:
    """The figures that *text* stands for; None where it is the id of something else."""
    if is_computed(text):
        return [computed_figure(source, text, accept)]
    if (fact := source.store.one(Fact, text)) is not None:
        series = source.store.series([fact.series])[0]
        # one fact as a figure of its own, deprecated or not
        return list(resolve(series, fact.period, [fact], include_deprecated=True))
    if "#" in text:
        return None
    asked = FigureName.parse(text)
    if not (found := source.store.series([asked.series])):
        return None
    series = found[0]
    known = source.of(series)
    periods = known.observed_periods or known.periods
    if not asked.period and not periods:
        return [missing(series, Period(None, None), Missing("nothing is stated of it"))]
    return source.figures_at(series, asked.period or periods[-1], why_none=True)


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
            said = f"{said}, {phrases.in_period(parse_period(period))}"
        case "claim":
            said = f"A source claims that {said}"
        case "fact" | "set aside" as kind:
            aside = " (set aside)" if kind == "set aside" else ""
            said = f"{str(rows[0]['id']).partition('@')[0]}: {said}, as of {period}{aside}"
    return [_whole((said.rstrip(". "), in_order(map(references.mark, named))))]
