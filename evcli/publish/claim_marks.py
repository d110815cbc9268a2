"""Sentences held against the record: what each number is of, and whether the record has it.

A sentence is cut at its numbers and clauses. A number is of what the words behind it name, else
those before it, else those further on; a word that nobody knows, or one that limits, keeps it from
being supported. What the words leave open is not in the record, and never guessed.

The number as written has bounds, and so has the figure. If they exclude each other the number is
contradicted. If all that the figure may be is what the number says, it is supported; the other way
round it is too precise; if each may be what the other is not, they agree within rounding.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from evcli.errors import NotComparable, UsageError
from evcli.model import ABROAD, EVERYWHERE, WORLD
from evcli.model.answer import Answer, Row
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Series
from evcli.model.vocabulary import MetricKind, UnitKind
from evcli.publish.sentences import told
from evcli.query.computed import growth_of, share_of
from evcli.query.figures import Figures, is_missing
from evcli.query.operands import counts
from evcli.query.rows import answer_of, figure_row
from evcli.query.selection import DIMENSIONS, FigureName, Query, When, Where
from evcli.query.words import NamesRead, Time, names_in, when_of
from evcli.store.names import fold
from evcli.store.reader import Store
from evcli.text.lexicon import CLOSE, STATED_MULTIPLIERS, STATED_SHARES, alternatives, phrases
from evcli.text.lists import first_few
from evcli.text.mentions import PATTERNS, PLAIN, Form, Mention, find_mentions, money_words
from evcli.text.numbers import short_range
from evcli.text.stated import StatedError, parse_change, parse_stated
from evcli.tuples import NamedTuple

SUPPORTED, CONTRADICTED, ROUNDING = "supported", "contradicted", "within rounding"
TOO_PRECISE, ANOTHERS, PLAN = "too precise", "another counter's", "a plan"
NOT_RECORDED = "not in the record"
MARKS = (SUPPORTED, CONTRADICTED, ROUNDING, TOO_PRECISE, ANOTHERS, PLAN, NOT_RECORDED)
_AGREES = {SUPPORTED, ROUNDING, TOO_PRECISE}


def _any(words: Collection[str]) -> re.Pattern[str]:
    """Any of these words: English ones whole, Chinese ones wherever they stand."""
    plain = {word for word in words if word.isascii()}
    han = alternatives({*words} - plain) or "(?!)"
    return re.compile(rf"(?<![\w-])(?:{alternatives(plain)})(?![\w-])|{han}", re.IGNORECASE)


_FILE = tomllib.loads(Path(__file__).with_name("claim_words.toml").read_text("utf-8"))
_WORDS = {name: phrases(words.strip()) for name, words in _FILE["lists"].items()}
_IS = {name: _any(words) for name, words in _WORDS.items()}
_IS |= {name: re.compile(pattern) for name, pattern in _FILE["patterns"].items()}
_SKIPPED = {"", *map(fold, _WORDS["words"])}
_TAKEN_OUT = [_IS[name] for name in ("alone", "phrases", "on_year", "on_month", "plans")]
_SCALES = {size: word for word, size in STATED_MULTIPLIERS.items()} | {1: ""}
_SIDES = {"low": "over ", "high": "under ", "about": "", "": ""}
_SHARES = {share: word for word, share in STATED_SHARES.items() if word.isascii()}
_NEAR, _NEARLY_TIMES = Fraction(9, 10), Fraction(3, 4)  # of a level, and of a change
_LOOSE, _BEYOND = Fraction(1, 40), Fraction(5, 4)  # how far a number may be off, and "over" it
_CHINAS = ("exports", "investment")  # of whom else is seldom said
_REACH = 40  # pieces back to which the next sentence reaches
_OF_FIGURE = "id period value low high unit publisher sources sourcing wording"
_LASTING = ("publisher", "subject", "destination")  # what the sentences behind are of, too


def claims(
    source: Figures, text: str, *, not_from: Collection[str] = (), year: int = 0
) -> list[Row]:
    """Every number of *text* held against the record: rows of ``claim``, paragraph by paragraph.

    Nothing that rests on the sources *not_from* counts, nor on a copy of the same origin. Months
    without a year are of *year*, where it is given.
    """
    if not_from:
        source = source.without(not_from)
    lines = filter(str.strip, text.splitlines())
    return [
        {"at": f"p{at}", **row}
        for at, line in enumerate(lines, 1)
        for row in _Paragraph(source, line, year).rows()
    ]


def claim_answer(source: Figures, rows: Sequence[Row]) -> Answer:
    """The rows of :func:`claims`; of a text people see those that the record knows something of."""
    marks = [row["mark"] for row in rows]
    title = ", ".join(f"{marks.count(mark)} {mark}" for mark in MARKS if mark in marks)
    known = tuple(at for at, row in enumerate(rows) if row.get("id"))
    hint = "no number in it could be held against the record"
    answer = answer_of("claim", rows, source.store)._replace(title=title, hint=hint)
    if len({row["at"] for row in rows}) < 2:
        return answer._replace(views=answer.views[1:])
    return answer._replace(screen=known if 0 < len(known) < len(rows) else None)


def own_sources(store: Store, data: bytes, text: str) -> tuple[list[str], int]:
    """The sources of these bytes, or whose address is in *text*; the year of the first, else 0."""
    digest, every = sha256(data).hexdigest(), store.sources()
    same = [each for each in every if each.sha256 == digest]
    days = (each.published.start for each in same if each.published)
    ids = [each.id for each in every if each in same or (each.url and each.url in text)]
    return ids, max((day.year for day in days if day), default=0)


class _Open(Exception):
    """The words leave open what a number is of, or say what cannot be held."""


class _Part(NamedTuple):
    """A number, or the words between two of them."""

    clause: int
    number: Mention | None = None
    text: str = ""
    names: NamesRead = NamesRead({}, (), ())
    lag: int = 0  # over how many months they say that a change is
    joined: bool = False  # behind an "and" that leads to another number


class _Paragraph:
    """The numbers of one paragraph; who, where and when hold for the sentences that follow."""

    def __init__(self, source: Figures, text: str, year: int) -> None:
        self._source, self._year, self._words = source, year, source.words
        renamed: dict[str, str] = dict(_FILE["renamed"])
        if _IS["investing"].search(text):
            renamed |= _FILE["investment"]
        text = _any(renamed).sub(lambda e: renamed[e[0].casefold()], text.translate(PLAIN))
        for name, back in (("last_year", 1), ("this_year", 0)) if year else ():
            text = _IS[name].sub(f" {year - back} ", _IS["on_year"].sub(" yoy ", text))
        found = find_mentions(text, money_words(self._words.units.values()))
        self._text, self._numbers = text, [each for each in found if _is_held(each)]
        self._before: list[_Part] = []

    def rows(self) -> Iterator[Row]:
        """A row for each number, in order."""
        inside = {at for each in self._numbers for at in range(each.start, each.end)}
        marks = (m for name in (PATTERNS["end"], _IS["end"]) for m in name.finditer(self._text))
        ends = sorted({m.end() for m in marks if m.start() not in inside and m[0] not in ":："})
        for start, end in pairwise([0, *ends, len(self._text)]):
            numbers = [each for each in self._numbers if start <= each.start < end]
            self._parts = [*self._cut(start, end, numbers)]
            self._plan = bool(_IS["plans"].search(self._text, start, end))
            for at, part in enumerate(self._parts):
                if part.number:
                    try:
                        yield self._held(at, part.number)
                    except _Open as why:
                        yield self._row(part.number, NOT_RECORDED, (), str(why))
            self._before = [*reversed(self._parts), *self._before][:_REACH]

    def _cut(self, start: int, end: int, numbers: Sequence[Mention]) -> Iterator[_Part]:
        clause = 0
        for at, number in enumerate((*numbers, None)):
            upto = max(start, min(number.start, number.beside[0]) if number else end)
            for nth, text in enumerate(_IS["break"].split(self._text[start:upto])):
                clause += nth > 0
                words = _IS["and"].split(text) if 0 < at < len(numbers) else [text]
                yield from (self._piece(clause, e, n > 0) for n, e in enumerate(words) if e.strip())
            if number:
                yield _Part(clause, number)
                start = max(number.end, number.beside[1])

    def _piece(self, clause: int, text: str, joined: bool) -> _Part:
        ways = ((_IS["on_year"].search(text), 12), (_IS["on_month"].search(text), 1))
        lag = min(((match.start(), lag) for match, lag in ways if match), default=(0, 0))[1]
        kept, unread = text, list[str]()
        for pattern in _TAKEN_OUT:
            kept = pattern.sub(" ", kept)
        for name in ("by", "limits", "rates", "relative", "last_year", "this_year"):
            unread += [match[0] for match in _IS[name].finditer(kept)]
            kept = _IS[name].sub(" ", kept) if name != "by" else kept
        read = names_in(self._source.store, kept)
        unread += [each for each in read.unread if fold(each).strip(".'。！？；") not in _SKIPPED]
        return _Part(clause, None, text, read._replace(unread=(*unread,)), lag, joined)

    # -- what a number is of

    def _is_owned(self, at: int) -> bool:
        """Whether a piece stands directly behind a number, in its clause."""
        one, other = self._parts[at], self._parts[at - 1]
        return at > 0 and bool(other.number) and one.clause == other.clause and not one.joined

    def _near(self, at: int, level: bool, *, shared: bool = False) -> list[_Part]:
        """The pieces that may say what a number is of, the nearest first.

        What stands behind another level is its own, and so is what leads to another number, but for
        what is *shared* by all of them.
        """
        parts, last = self._parts, len(self._parts)
        behind = [n for n in range(at + 1, min(at + 2, last)) if self._is_owned(n)]
        before = [n for n in range(at - 1, -1, -1) if not (level and self._is_owned(n)) or shared]
        end = next((n for n in range(at + 1, last) if parts[n].number), last)
        leads = end < last and parts[end - 1].clause == parts[end].clause
        after = range(at + 1, last if shared else end - leads)
        return [
            parts[n]
            for n in (*behind, *before, *after)
            if shared or n < at or n in behind or not parts[n].joined
        ]

    def _ids(self, kind: str, at: int, level: bool, near: Sequence[_Part]) -> tuple[str, ...]:
        near = [*near, *(self._before if kind in _LASTING else ())]
        ids = next((tuple(e.names.ids[kind]) for e in near if e.names.ids.get(kind)), ())
        told = near and _IS["vehicles"].match(near[0].text)
        others = self._before if kind == "scope" and not told else []
        if level and (kind == "destination" or (kind == "scope" and not told)):
            others = [*others, *(self._parts[n] for n in range(1, at) if self._is_owned(n))]
        if not ids and any(each.names.ids.get(kind) for each in others):
            raise _Open(f"the {kind} is said of another number alone")
        if len(ids) > 1 and (kind != "destination" or any(map(str.isupper, ids))):
            raise _Open(f"{' or '.join(ids)}: which of these is not said")
        return ids

    def _where(self, at: int, level: bool, whole: _Part | None) -> Where:
        """What a number counts; of a share the part, whose *whole* is named behind it."""
        where = Where()
        for kind in DIMENSIONS:
            near = self._near(at, level, shared=kind == "publisher")
            if whole and kind in ("scope", "destination"):
                near = [*near[1:], whole]
            where = where.having(kind, self._ids(kind, at, level, near))
        if where.destinations == (ABROAD,) and where.metrics in ((), ("sales",)):
            where = where._replace(destinations=(), metrics=("overseas-sales",))
        if not where.metrics:
            raise _Open("what is counted is not said")
        if not (where.subjects or where.publishers or where.metrics[0] in _CHINAS):
            raise _Open("who is not said")
        return where

    def _when(self, at: int, level: bool) -> tuple[Period, ...]:
        """The window that a number is of, and the one that it is compared with, if any."""
        pieces = [*self._near(at, level, shared=True), *self._before]
        named = {"year", "part", "whole"}
        timed = [e for e in pieces if named & {each.kind for each in e.names.times}] or [_Part(-1)]
        times, *others = [each.names.times for each in timed]
        kinds = {each.kind for each in times}
        if "part" in kinds and "year" not in kinds:
            every = [each for other in others for each in other]
            years = [e.year or (e.whole and e.whole.year) or 0 for e in every]
            year = next(filter(None, years), self._year)
            times = (*times, *([Time.of_year(year)] if year else []))
        elif kinds == {"year"} and others and {each.kind for each in others[0]} == {"part"}:
            times = (*others[0], *times)
        try:
            when = when_of(times)
        except UsageError as error:
            raise _Open(f"when is not said: {error}") from None
        if not when.named or when.since or when.until or when.latest:
            raise _Open("when is not said")
        if _IS["against"].search(timed[0].text) and len(when.named) < 2:
            raise _Open("with what it is compared is not read")
        return when.named

    # -- how it is held

    def _held(self, at: int, number: Mention) -> Row:
        parts, none = self._parts, _Part(-1)
        before, behind = (parts[n] if 0 <= n < len(parts) else none for n in (at - 1, at + 1))
        if any(each.number and each.number.unit == number.unit for each in (before, behind)):
            raise _Open("which number is whose is said by their order alone")
        whole = behind if behind.text.lstrip().startswith("of ") else None
        per_cent = number.unit == "percent" or number.form is Form.FRACTION
        is_change = number.form is Form.FACTOR or (per_cent and number.sign != 0 and not whole)
        level = not per_cent and not is_change
        if _IS["differs"].match(behind.text) if level else before.text.endswith(" to "):
            raise _Open("a difference, or a rate that changed to this")
        small = number.unit == "" and (number.value or 0) < 100  # "the top 5"
        if level and small and not behind.names.ids.get("metric"):
            raise _Open("what is counted is not said behind it")
        where, periods = self._where(at, level, whole if per_cent else None), self._when(at, level)
        lags = (each.lag for each in (behind, before) if each.clause == parts[at].clause)
        lag = next(filter(None, lags), 0)
        times = number.form is Form.FACTOR and not _IS["stem"].match(number.text)
        if not 1 + (times and not lag) <= len(periods) <= 1 + (number.form is Form.FACTOR):
            raise _Open("more than one period, or what it is compared with is not said")
        if number.is_end or number.in_doubt or number.unit == "points":
            raise _Open("a range, or a number that may be read in several ways")
        metric = self._words.metrics.get(where.metrics[0])

        def of(series: Series) -> list[Figure]:
            if is_change:
                return self._change(series, periods, lag or 12)
            if per_cent and not (metric and metric.kind is MetricKind.SHARE):
                return self._share(series, where, whole, periods[0])
            return self._levels(series, periods[0], number.unit)

        wanted = Query(where, When(period=periods[0]))
        own = [found for each in self._counted(wanted) if (found := of(each))]
        others = own[1:]
        if where.publishers:
            wanted = wanted._replace(where=where._replace(publishers=()))
            others = [found for each in self._counted(wanted) if (found := of(each))]

        def fits(figure: Figure) -> str:
            return _fit(number, self._said(number, figure, is_change), figure)

        mark, figures, why = NOT_RECORDED, next(iter(own), []), ""
        if figures:
            marks = {*map(fits, figures)}
            mark = marks.pop() if len(marks) == 1 else CONTRADICTED
        if mark in (CONTRADICTED, NOT_RECORDED) and number.side in ("", "about"):
            rival = next((each for each in others if {*map(fits, each)} <= _AGREES), None)
            mark, figures = (ANOTHERS, rival) if rival else (mark, figures)
        if self._plan or mark == NOT_RECORDED:
            plans = [e for e in self._plans(where, periods[0], number.unit) if fits(e) in _AGREES]
            mark, figures = (PLAN, plans[:1]) if plans else (NOT_RECORDED, figures)
            why = "" if plans else f"{'no such plan' if self._plan else 'nothing'} is recorded"
        if (unread := self._unread(at, where)) and mark != PLAN:
            figures = figures if mark in _AGREES else []
            mark, why = NOT_RECORDED, f"not read: {first_few(unread, 5)}"
        return self._row(number, mark, figures, why)

    def _unread(self, at: int, where: Where) -> list[str]:
        """The words that keep a number from being held, up to the next one; limits anywhere.

        So do parts, places and makers that a later clause names of it.
        """
        parts, here = self._parts, self._parts[at].clause
        end = next((n for n in range(at + 1, len(parts)) if parts[n].number), len(parts))
        unread = [
            word
            for n, part in enumerate(parts)
            for word in part.names.unread
            if part.clause <= here
            or _IS["limits"].fullmatch(word)
            or (n < end and _IS["rates"].fullmatch(word))
        ]
        unread += [
            f"another {kind}"
            for part in parts[at + 1 : end]
            for kind in ("subject", "scope", "destination")
            if part.clause > here and {*part.names.ids.get(kind, ())} - {*where.ids(kind)}
        ]
        return [*dict.fromkeys(unread)]

    def _counted(self, wanted: Query) -> list[Series]:
        """A series of each counter; none of one place where no place is named."""
        named = wanted.where.destinations
        found = counts(self._source, wanted) or wanted.where.series(self._source.store)
        return [each for each in found if named or each.destination in EVERYWHERE]

    def _levels(self, series: Series, period: Period, unit: str) -> list[Figure]:
        found = self._source.figures_at(series, period) if self._is_in(series, unit) else []
        return [each for each in found if each.is_observed and not is_missing(each)]

    def _is_in(self, series: Series, unit: str) -> bool:
        """Whether a series is counted in *unit*, or in things where a number names none."""
        known = self._words.units.get(series.unit)
        is_count = known is not None and known.kind not in (UnitKind.PERCENT, UnitKind.MONEY)
        return series.unit == unit if unit else is_count

    def _change(self, series: Series, periods: Sequence[Period], lag: int) -> list[Figure]:
        base = FigureName("", periods[1]) if len(periods) > 1 else None
        try:
            figure = growth_of(self._source, series, periods[0], base=base, lag=lag)
        except (NotComparable, UsageError):
            return []
        if lag == 1:  # a source's own, which is closer than two levels
            level = self._source.operand(series, periods[0])
            for stated in (each.mom for each in level.facts() if each.mom):
                figure = figure._replace(value=stated.value, bounds=stated.bounds)
        return [] if is_missing(figure) else [figure]

    def _share(
        self, part: Series, where: Where, named: _Part | None, period: Period
    ) -> list[Figure]:
        """A share of what is *named* behind it; of all scopes, or of the world, where it is not."""
        if named is None:
            raise _Open("of what it is a share is not said")
        ids = named.names.ids
        whole = where._replace(publishers=(part.publisher,))
        if where.scopes and where.scopes != tuple(ids.get("scope", ())):
            whole = whole._replace(scopes=())
        else:
            whole = whole._replace(destinations=(WORLD,))
        for kind in DIMENSIONS:
            whole = whole.having(kind, ids.get(kind) or whole.ids(kind))
        for each in self._counted(Query(whole)):
            of = self._source.store.select_series(part=[part.id], whole=[each.id])
            if stated := [e for one in of for e in self._levels(one, period, "percent")]:
                return stated
            try:
                figure = share_of(self._source, part, each, period)
            except (NotComparable, UsageError):
                continue
            if each.id != part.id and not is_missing(figure):
                return [figure]
        return []

    def _plans(self, where: Where, period: Period, unit: str) -> Iterator[Figure]:
        for series in where.series(self._source.store):
            known = self._source.of(series)
            named = where.destinations or series.destination in EVERYWHERE
            for window in known.periods if named and self._is_in(series, unit) else ():
                if period.contains(window):
                    stated = known.stated(window)
                    yield from (e for e in stated if e.is_plan and not is_missing(e))

    def _said(self, number: Mention, figure: Figure, is_change: bool) -> Bounds:
        """What a number says, in the unit of the figure."""
        if number.form is Form.FACTOR:
            more = bool("倍" in number.text and _IS["more"].search(self._text[: number.start]))
            size = f"x{Decimal(number.digits or f'{float(number.value or 0):g}') + more}"
        elif number.form is Form.FRACTION:
            size = _SHARES.get(number.value or Fraction(0), "")
        else:
            way = {1: "+", -1: "-"}[number.sign] if is_change else ""
            per_cent = "%" if number.unit == "percent" else ""
            size = f"{way}{number.digits}{_SCALES.get(number.scale, '?')}{per_cent}"
        text = _SIDES[number.side] + size
        try:
            unit = self._words.units.get(figure.unit)
            read = parse_change(text) if is_change else parse_stated(text, unit)
        except StatedError:
            raise _Open("the number is written in a way that cannot be held") from None
        low, high = read.bounds
        if number.qualifier in CLOSE:  # nearly
            near = _NEARLY_TIMES if is_change else _NEAR
            low = high * near if low is None and high is not None else low
            high = low * near if high is None and low is not None else high
        return Bounds(low, high)

    def _row(self, number: Mention, mark: str, figures: Sequence[Figure], why: str) -> Row:
        row: Row = {"said": number.short, "mark": mark, "why": why, "holds": why}
        names = _OF_FIGURE.split()
        if not figures:
            return {**dict.fromkeys(names, ""), **row, "value": None, "sources": ()}
        first = figures[0]
        known = figure_row(first, self._words)
        texts = told(self._source, figures)
        wording = " ".join(f"{each.partition('; by the ')[0].rstrip('.')}." for each in texts)
        within = short_range(*first.bounds, first.unit)  # a derived one's sentence has its bounds
        where = "; ".join([within] * (first.basis != "derived") + [first_few(first.sources, 2)])
        holds = f"{why}{'. ' * bool(why)}{wording} [{where}]"
        known = {name: known[name] for name in names if name in known}
        return {**row, **known, "wording": wording, "holds": holds}


def _is_held(number: Mention) -> bool:
    """Whether a number is one to hold: no date, label or rank, nor "one of them"."""
    is_word = number.form is Form.NUMBER and number.text.isalpha() and (number.value or 0) < 100
    return number.form in (Form.NUMBER, Form.FRACTION, Form.FACTOR) and not is_word


def _fit(number: Mention, said: Bounds, figure: Figure) -> str:
    """How a number as written stands to a figure; what only touches excludes each other.

    What holds by its words alone, "over 20" of 200 or "3" of 2.6, is not supported by it.
    """
    known, value = figure.bounds, figure.value
    both = said.intersect(known)
    if both is None or (both.width == 0 and 0 not in (said.width, known.width)):
        return CONTRADICTED
    finer = said.width is not None and known.width is not None and known.width <= said.width
    if both != known and not (finer and value is not None and said.contains(value)):
        return TOO_PRECISE if both == said else ROUNDING
    whole = Fraction(100 * (number.form is Form.FACTOR))  # doubled is 200 of a hundred
    (low, high), value = said.shift(whole), (value or known.low or 0) + whole
    if number.qualifier in CLOSE or low is None:
        return SUPPORTED
    is_loose = (
        value > low * _BEYOND if high is None else abs(low + high - 2 * value) > 2 * value * _LOOSE
    )
    return ROUNDING if is_loose else SUPPORTED
