"""Sentences held against the record: what each number is of, and whether the record has it.

A sentence is cut at its numbers and clauses. A number is of what the words behind it name, else
those before it, else those further on; a word that nobody knows, or one that limits, keeps it from
being supported. What the words leave open is not in the record, and never guessed.

The number as written has bounds, and so has the figure. If they exclude each other the number is
contradicted. If all that the figure may be is what the number says, it is supported; the other way
round it is too precise; if each may be what the other is not, they agree within rounding.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from evcli.errors import NotComparable, UsageError
from evcli.model import ABROAD, EVERYWHERE, WORLD
from evcli.model.answer import Answer, Row, layout_of
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.quantity import Bounds
from evcli.model.records import Series
from evcli.model.vocabulary import PERCENT, UnitKind
from evcli.publish.references import References
from evcli.publish.sentences import SentenceWriter
from evcli.query.computed import growth_of, share_of
from evcli.query.figures import Figures, is_missing
from evcli.query.operands import counts
from evcli.query.rows import footnotes
from evcli.query.selection import FigureName, Query, When, Where
from evcli.query.words import Names, Time, names_in, when_of
from evcli.store.names import fold
from evcli.text.lexicon import CLOSE, alternatives, phrases
from evcli.text.lists import counted
from evcli.text.mentions import PATTERNS, PLAIN, Form, Mention, find_mentions
from evcli.text.stated import StatedError, parse_change, parse_stated
from evcli.tuples import NamedTuple

SUPPORTED, CONTRADICTED, ROUNDING = "supported", "contradicted", "within rounding"
TOO_PRECISE, ANOTHERS, PLAN = "too precise", "another counter's", "a plan"
NOT_RECORDED = "not in the record"
MARKS = (SUPPORTED, CONTRADICTED, ROUNDING, TOO_PRECISE, ANOTHERS, PLAN, NOT_RECORDED)

_FILE = tomllib.loads(Path(__file__).with_name("claims.toml").read_text("utf-8"))
_WORDS = {name: {*phrases(words.strip())} for name, words in _FILE.items()}
_SKIPPED = {"", *map(fold, _WORDS["words"])}


def _any_of(*names: str) -> re.Pattern[str]:
    """Any of these words: English ones whole, Chinese ones wherever they stand."""
    words = {word for name in names for word in _WORDS[name]}
    plain = {word for word in words if word.isascii()}
    return re.compile(rf"\b(?:{alternatives(plain)})\b|{alternatives(words - plain)}", re.I)


_ON = {12: _any_of("on_year"), 1: _any_of("on_month")}  # months that a change is over
_LIMITS, _PLANS, _RELATIVE = _any_of("limits"), _any_of("plans"), _any_of("relative")
_TAKEN_OUT = _any_of("phrases", "on_year", "on_month", "plans")
_BREAK = re.compile(r"[,，:：;；()（）“”\"|]|\s[–—-]\s|—|\b(?:while|whereas|but|although)\b")
_AND = re.compile(r"\band\b|[和与及、]")
_SCALES = {
    1: "",
    10**3: " thousand",
    10**4: "万",
    10**6: " million",
    10**8: "亿",
    10**9: " billion",
}
_WORD_FOR = {"low": "over ", "high": "under ", "about": "about ", "": ""}
_NEAR = Fraction(3, 4)  # what is nearly a number comes within a quarter of it
_PARTS = {Fraction(1, 2): "half", Fraction(1, 3): "a third", Fraction(2, 3): "two thirds"}
_PARTS |= {Fraction(1, 4): "a quarter", Fraction(3, 4): "three quarters"}
_KINDS = ("metric", "subject", "scope", "destination", "publisher")
_LASTING = ("publisher", "subject", "destination")  # what the next sentences are of, too


def claims(
    source: Figures, text: str, *, not_from: Collection[str] = (), year: int = 0
) -> list[Row]:
    """Every number of *text* held against the record: rows of ``claim``, paragraph by paragraph.

    Nothing that rests on the sources *not_from* counts, nor on what repeats them or has the same
    origin. Months without a year are of *year*, where it is given.
    """
    if not_from:
        how = {"as_of": source.as_of, "vintage": source.vintage, "left_out": not_from}
        source = Figures(source.store, include_deprecated=source.include_deprecated, **how)
    lines = [line for line in text.splitlines() if line.strip()]
    return [
        {"at": f"p{at}", **row}
        for at, line in enumerate(lines, 1)
        for row in _Paragraph(source, line, year).rows()
    ]


def claim_answer(source: Figures, rows: Sequence[Row]) -> Answer:
    """The rows of :func:`claims`; the title says how many of each mark there are."""
    marks = [row["mark"] for row in rows]
    title = ", ".join(f"{marks.count(mark)} {mark}" for mark in MARKS if mark in marks)
    columns, views = layout_of("claim")
    views = views if len({row["at"] for row in rows}) > 1 else views[1:]
    hint = "no number in it could be held against the record"
    return Answer(columns, rows, views, footnotes(rows, source.store), title=title, hint=hint)


class _Open(Exception):
    """The words leave open what a number is of, or say what cannot be held."""


class _Part(NamedTuple):
    """A number, or the words between two of them: in which clause, what they name, and over how
    many months they say a change is; ``joined`` behind an "and" that leads to another number.
    """

    clause: int
    number: Mention | None = None
    text: str = ""
    names: Names = Names({}, (), ())
    lag: int = 0
    joined: bool = False


class _Paragraph:
    """The numbers of one paragraph; who, where and when hold for the sentences that follow."""

    def __init__(self, source: Figures, text: str, year: int) -> None:
        self._source, self._words, self._year = source, source.words, year
        units = self._words.units.values()
        money = {w: u.id for u in units if u.kind is UnitKind.MONEY for w in (u.id, *u.words)}
        found = find_mentions(text, {word: id for word, id in money.items() if word[:1].isalpha()})
        self._numbers = [each for each in found if _is_held(each)]
        self._text = text.translate(PLAIN)
        self._before: list[_Part] = []
        self._parts: list[_Part] = []

    def rows(self) -> Iterator[Row]:
        """A row for each number, in order."""
        inside = {at for each in self._numbers for at in range(each.start, each.end)}
        ends = (each.end() for each in PATTERNS["end"].finditer(self._text))
        for start, end in pairwise([0, *(e for e in ends if e - 1 not in inside), len(self._text)]):
            numbers = [each for each in self._numbers if start <= each.start < end]
            self._parts = [*self._cut(start, end, numbers)]
            self._plan = bool(_PLANS.search(self._text[start:end]))
            for at, part in enumerate(self._parts):
                if part.number:
                    try:
                        yield self._held(at, part.number)
                    except _Open as why:
                        yield self._row(part.number, NOT_RECORDED, (), str(why))
            self._before = [*reversed(self._parts), *self._before]

    def _cut(self, start: int, end: int, numbers: Sequence[Mention]) -> Iterator[_Part]:
        clause = 0
        for at, number in enumerate((*numbers, None)):
            upto = max(start, min(number.start, number.beside[0]) if number else end)
            for nth, text in enumerate(_BREAK.split(self._text[start:upto])):
                clause += nth > 0
                between = _AND.split(text) if 0 < at < len(numbers) else [text]
                yield from (
                    self._piece(clause, e, n > 0) for n, e in enumerate(between) if e.strip()
                )
            if number:
                yield _Part(clause, number)
                start = max(number.end, number.beside[1])

    def _piece(self, clause: int, text: str, joined: bool) -> _Part:
        lags = [(match.start(), lag) for lag, of in _ON.items() if (match := of.search(text))]
        kept = _TAKEN_OUT.sub(" ", text)
        unread = [each[0] for each in _LIMITS.finditer(kept)]
        if self._year:
            kept = re.sub("(?i)last year|去年", f" {self._year - 1} ", kept)
            kept = re.sub("(?i)this year|今年", f" {self._year} ", kept)
        unread += [each[0] for each in _RELATIVE.finditer(kept)]
        names = names_in(self._source.store, _RELATIVE.sub(" ", _LIMITS.sub(" ", kept)))
        unread += [each for each in names.unread if fold(each).strip(".'") not in _SKIPPED]
        lag = min(lags, default=(0, 0))[1]
        return _Part(clause, None, text, names._replace(unread=(*unread,)), lag, joined)

    # -- what a number is of

    def _near(self, at: int, *, level: bool, all_: bool = False) -> Iterator[_Part]:
        """The pieces that may say what a number is of, the nearest first.

        What stands behind another level is its own, and so is what leads to another number, but for
        what may be said once for *all_*.
        """
        parts = self._parts
        behind = parts[at + 1 : at + 2]
        yield from (e for e in behind if e.clause == parts[at].clause and not e.joined)
        yield from (
            parts[back]
            for back in range(at - 1, -1, -1)
            if all_ or not (level and self._is_owned(back))
        )
        for on in range(at + 1, len(parts)):
            if parts[on].number and not all_:
                return
            leads = any(e.number and e.clause == parts[on].clause for e in parts[on + 1 : on + 2])
            if all_ or not (parts[on].joined or leads):
                yield parts[on]

    def _is_owned(self, at: int) -> bool:
        one, other = self._parts[at], self._parts[at - 1]
        return at > 0 and bool(other.number) and one.clause == other.clause and not one.joined

    def _ids(self, at: int, kind: str, level: bool) -> tuple[str, ...]:
        near = [*self._near(at, level=level, all_=kind == "publisher")]
        near += self._before if kind in _LASTING else []
        ids = next((tuple(e.names.ids[kind]) for e in near if e.names.ids.get(kind)), ())
        if len(ids) > 1 and kind != "destination":
            raise _Open(f"{' or '.join(ids)}: which of these is not said")
        if kind == "destination" and level and not ids:
            owned = (e for n, e in enumerate(self._parts) if n and self._is_owned(n))
            if any(each.names.ids.get(kind) for each in owned):
                raise _Open("where to is said of another number alone")
        return ids

    def _where(self, at: int, level: bool) -> Where:
        where = Where()
        for kind in _KINDS:
            where = where.having(kind, self._ids(at, kind, level))
        if where.destinations == (ABROAD,) and where.metrics in ((), ("sales",)):
            where = where._replace(destinations=(), metrics=("overseas-sales",))
        if not where.metrics:
            raise _Open("what is counted is not said")
        if not where.subjects and not where.metrics[0].startswith("export"):
            raise _Open("who is not said")
        return where

    def _when(self, at: int, level: bool) -> list[Period]:
        """The window that a number is of, and the one that it is compared with, if any."""
        pieces = [*self._near(at, level=level, all_=True), *self._before]
        timed = [[*each.names.times] for each in pieces if each.names.times]
        times = timed[0] if timed else []
        kinds = {each.kind for each in times}
        for other in timed[1:]:
            years = [
                e if e.kind == "year" else Time.of_year(e.whole.year or 0)
                for e in other
                if e.kind == "year" or e.whole
            ]
            if "part" in kinds and "year" not in kinds and years:
                times = [*times, years[-1]]
                break
            if kinds == {"year"} and {each.kind for each in other} == {"part"}:
                times = [*other, *times]
                break
        if "part" in kinds and self._year and not any(each.kind == "year" for each in times):
            times = [*times, Time.of_year(self._year)]
        try:
            when = when_of(times)
        except UsageError as error:
            raise _Open(f"when is not said: {error}") from None
        if not when.named or when.since or when.until or when.latest:
            raise _Open("when is not said")
        return [*when.named]

    # -- how it is held

    def _held(self, at: int, number: Mention) -> Row:
        if number.is_end or number.in_doubt or number.unit == "points" or number.value is None:
            raise _Open("a range, or a number that may be read in several ways")
        beside = [self._parts[n].number for n in (at - 1, at + 1) if 0 <= n < len(self._parts)]
        if any(each and each.unit == number.unit for each in beside):
            raise _Open("which number is whose is said by their order alone")
        behind = self._parts[at + 1 : at + 2]
        of = next((e for e in behind if e.text.lstrip().startswith("of ")), None)
        per_cent = number.unit == "percent" or number.form is Form.FRACTION
        is_share = per_cent and (not number.sign or of is not None)
        is_change = number.form is Form.FACTOR or (per_cent and not is_share)
        level = not is_share and not is_change
        where, periods = self._where(at, level), self._when(at, level)
        if len(periods) > 1 + (number.form is Form.FACTOR):
            raise _Open("more than one period")
        period = periods[0]
        if is_share:
            find = self._shares(where, of, period)
            said = _share(number)
        elif is_change:
            find = self._changes(periods, self._lag(at))
            said = _change(number)
        else:
            find, said = self._levels(period, number.unit), None
        own = self._found(where, period, find)
        others = own[1:]
        if where.publishers:
            others = self._found(where.having("publisher", ()), period, find)

        def fits(figure: Figure) -> str:
            return _fit(said or self._level(number, figure), figure.bounds)

        return self._judged(at, number, own[:1], others, fits, where, period)

    def _lag(self, at: int) -> int:
        """Over how many months a change is: as said before it in Chinese, else behind, else before."""
        here = self._parts[at].clause
        before, behind = self._parts[max(at - 1, 0) : at], self._parts[at + 1 : at + 2]
        han = [each for each in before if not each.text.isascii()]
        lags = [each.lag for each in (*han, *behind, *before) if each.clause == here]
        return next(filter(None, lags), 12)

    def _levels(self, period: Period, unit: str) -> Callable[[Series], list[Figure]]:
        def of(series: Series) -> list[Figure]:
            if not self._is_in(series, unit):
                return []
            found = self._source.figures_at(series, period)
            return [each for each in found if each.is_observed and not is_missing(each)]

        return of

    def _is_in(self, series: Series, unit: str) -> bool:
        """Whether a series is counted in *unit*, or in things where a number names none."""
        known = self._words.units.get(series.unit)
        is_count = known is not None and known.kind not in (UnitKind.PERCENT, UnitKind.MONEY)
        return series.unit == unit if unit else is_count

    def _changes(self, periods: Sequence[Period], lag: int) -> Callable[[Series], list[Figure]]:
        base = FigureName("", periods[1]) if len(periods) > 1 else None

        def of(series: Series) -> list[Figure]:
            try:
                figure = growth_of(self._source, series, periods[0], base=base, lag=lag)
            except (NotComparable, UsageError):
                return []
            return [] if is_missing(figure) else [figure]

        return of

    def _shares(
        self, where: Where, of: _Part | None, period: Period
    ) -> Callable[[Series], list[Figure]]:
        """Shares of what the words behind name, else of all that the part is a part of."""
        named = of.names.ids if of else {}
        whole = where._replace(scopes=("all",), destinations=(WORLD,) if where.destinations else ())
        for kind in _KINDS:
            whole = whole.having(kind, named.get(kind) or whole.ids(kind))

        def of_part(series: Series) -> list[Figure]:
            for each in counts(self._source, Query(whole.having("publisher", [series.publisher]))):
                try:
                    figure = share_of(self._source, series, each, period)
                except (NotComparable, UsageError):
                    continue
                if not is_missing(figure):
                    return [figure]
            return []

        return of_part

    def _found(
        self, where: Where, period: Period, of: Callable[[Series], list[Figure]]
    ) -> list[list[Figure]]:
        """The figures of each counter, those of the one that is meant first."""
        series = counts(self._source, Query(where, When(period=period)))
        return [found for each in self._placed(series, where) if (found := of(each))]

    def _placed(self, series: Sequence[Series], where: Where) -> list[Series]:
        """Without those of one place where none is named."""
        return [e for e in series if where.destinations or e.destination in EVERYWHERE]

    def _judged(self, at, number, own, others, fits, where, period) -> Row:
        near, why = (SUPPORTED, TOO_PRECISE, ROUNDING), ""
        mark, figures = NOT_RECORDED, next(iter(own), [])
        if figures:
            marks = {fits(each) for each in figures}
            mark = marks.pop() if len(marks) == 1 else CONTRADICTED
        if mark in (CONTRADICTED, NOT_RECORDED) and number.side in ("", "about"):
            for rivals in others:
                if {fits(each) for each in rivals} <= {*near}:
                    mark, figures = ANOTHERS, rivals
                    break
        if self._plan or mark == NOT_RECORDED:
            plans = [
                figure
                for series in self._placed(where.series(self._source.store), where)
                if self._is_in(series, number.unit)
                for window in self._source.of(series).periods
                if period.contains(window)
                for figure in self._source.of(series).stated(window)
                if figure.is_plan and not is_missing(figure) and fits(figure) in near
            ]
            mark, figures = (PLAN, plans[:1]) if plans else (NOT_RECORDED, figures)
            why = (
                ""
                if plans
                else "no such plan is recorded"
                if self._plan
                else "nothing is recorded of it"
            )
        here = self._parts[at].clause
        unread = [
            word
            for part in self._parts
            for word in part.names.unread
            if part.clause <= here or _LIMITS.fullmatch(word)
        ]
        if unread and mark != PLAN:
            mark, why = NOT_RECORDED, f"not read: {', '.join(dict.fromkeys(unread))}"
        return self._row(number, mark, figures, why)

    def _row(self, number: Mention, mark: str, figures: Sequence[Figure], why: str) -> Row:
        writer = SentenceWriter(self._source, References(self._source.store))
        sentences = writer.sentences(figures) if figures else []
        wording = " ".join("".join(e for e in each if isinstance(e, str)) for each in sentences)
        row: Row = {"said": number.short, "mark": mark, "wording": wording, "why": why}
        holds = " ".join(filter(None, (f"{why}." if why and wording else why, wording)))
        if not figures:
            return {**row, "holds": holds}
        first = figures[0]
        return {
            **row,
            "id": first.id,
            "period": str(first.period),
            "value": first.value,
            "low": first.bounds.low,
            "high": first.bounds.high,
            "unit": first.unit,
            "publisher": first.series.publisher,
            "sources": first.sources,
            "sourcing": first.sourcing,
            "holds": holds,
        }

    def _level(self, number: Mention, figure: Figure) -> Bounds:
        text = f"{_WORD_FOR[number.side]}{number.digits}{_SCALES.get(number.scale, '?')}"
        if figure.unit == PERCENT.id:
            text += "%"
        return _read(number, lambda: parse_stated(text, self._words.units.get(figure.unit)).bounds)


def _is_held(number: Mention) -> bool:
    """Whether a number is one to hold: no date, label or rank, nor "one of them"."""
    word = number.form is Form.NUMBER and number.text.isascii() and number.text.isalpha()
    held = number.form in (Form.NUMBER, Form.FRACTION, Form.FACTOR)
    return held and not (word and (number.value or 0) < 100)


def _read(number: Mention, read: Callable[[], Bounds]) -> Bounds:
    """What a number says; what comes near another is not below three quarters of it."""
    try:
        low, high = read()
    except (StatedError, KeyError):
        raise _Open("the number is written in a way that cannot be held") from None
    if number.qualifier in CLOSE and low is None and high is not None:
        low = high * _NEAR
    if number.qualifier in CLOSE and high is None and low is not None and low < 0:
        high = low * _NEAR
    return Bounds(low, high)


def _change(number: Mention) -> Bounds:
    word, value = _WORD_FOR[number.side], number.value
    text = f"{'down' if number.sign < 0 else 'up'} {word}{number.digits}%"
    if number.form is Form.FACTOR:
        text = f"{word}halved" if value == Fraction(1, 2) else f"{word}x{float(value or 0):g}"
    return _read(number, lambda: parse_change(text).bounds)


def _share(number: Mention) -> Bounds:
    word = _WORD_FOR[number.side]
    part = number.form is Form.FRACTION
    return _read(
        number,
        lambda: (
            parse_stated(
                f"{word}{_PARTS[number.value or Fraction(0)] if part else f'{number.digits}%'}",
                PERCENT,
            ).bounds
        ),
    )


def _fit(said: Bounds, known: Bounds) -> str:
    """How a number as written stands to what is known; what only touches excludes each other."""
    both = said.intersect(known)
    touching = both is not None and both.width == 0 and 0 not in (said.width, known.width)
    if both is None or touching:
        return CONTRADICTED
    return SUPPORTED if both == known else TOO_PRECISE if both == said else ROUNDING
