"""Words, one by one, and the periods that they name: may 2025, jan-oct 2025, 2025年5月.

>>> period_named("jan-oct 2025"), period_named("Q3 2025"), period_named("2025年5月")
(Period('2025-01/2025-10'), Period('2025-Q3'), Period('2025-05'))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from evcli.errors import UsageError
from evcli.model.period import MONTHS, Period, PeriodError, parse_period_query, today
from evcli.query.selection import When
from evcli.store.names import fold

_NO_WORD = "*@#["  # ids, globs and SERIES@PERIOD have these signs
# patterns, each compiled when a word first needs it
_CHINESE = (
    r"(?P<year>\d{4})年度?|前(?P<count>\d{1,2})个?月|(?:(?P<first>\d{1,2})月?[-至到])?(?P<last>\d{1,2})月份?"
    r"|(?P<sign>[\u2e80-\u9fff\uf900-\ufaff])|\d+|[^\d\u2e80-\u9fff\uf900-\ufaff]+"
)
_SIGNS = str.maketrans(dict.fromkeys("‐‑‒–—―−~", "-") | dict.fromkeys(",，、;；", " "))
_YEARS = r"(\d{4})(?:-|/|\.\.)(\d{4})"
_SHORT = r"([hq])([1-4])|([1-4])([hq])"
_NUMBERS = r"(\d{4})[-/](\d{1,2})|(\d{1,2})[-/](\d{4})"
_MONTHS = r"([a-z]{3,9})-([a-z]{3,9})(?:-?(\d{4}))?"
# in the first letters of kinds of Time: may 2024 to april 2025, 2023 to 2025, from 2023
_RUNS = r"(?P<months>pytpy)|(?P<run>([ypw])t\3)|(?P<open>f(?=[ypw])(?!..?t))|[tfb]|(?P<other>.)"

LEADING = ("to", "from", "between")  # before a period or a name


class Time(NamedTuple):
    """A part of a period: ``year``, ``part`` (first month, number of months), ``whole``, or a word
    such as ``to``, ``since`` or ``latest``.
    """

    kind: str
    year: int = 0
    part: tuple[int, int] = (0, 0)
    whole: Period | None = None
    text: str = ""

    @classmethod
    def of_year(cls, year: int) -> Time:
        """A calendar year."""
        return cls("year", year, text=str(year))

    @classmethod
    def of_part(cls, first: int, count: int, text: str) -> Time:
        """So many months of a year that another word names; UsageError where it has no such."""
        if not (1 <= first <= 12 and 1 <= count <= 13 - first):
            raise UsageError(f"{text!r} are no months of one year", "write jan-oct 2025")
        return cls("part", part=(first, count), text=text)

    @classmethod
    def of_word(cls, does: str, text: str) -> Time:
        """What a word of the lexicon says, such as "may", "first half" or "last year"."""
        first, plus, count = does.partition("+")
        if plus:
            return cls.of_part(int(first), int(count), text)
        unit, minus, back = does.partition("-")
        if not minus:
            return cls(does, text=text)
        now = today()
        if unit == "year":
            return cls.of_year(now.year - int(back))
        return cls("whole", whole=Period.of_months(now.year, now.month, 1).shift(-int(back)))

    @property
    def is_time(self) -> bool:
        """Whether it names a period or a part of one, and is no word between them."""
        return self.kind in ("year", "part", "whole")

    def within(self, year: int) -> Period:
        """The months of a ``part`` in a year."""
        return Period.of_months(year, *self.part)


class Token(NamedTuple):
    """One word: as typed, folded, the periods it names, and whether a space stands before it."""

    raw: str
    folded: str
    times: tuple[Time, ...] = ()
    spaced: bool = True


def is_id(word: str) -> bool:
    """Whether a word can only be an id, a glob or ``SERIES@PERIOD``."""
    return any(sign in word for sign in _NO_WORD) or ("?" in word and "." in word)


def tokens_of(words: Sequence[str]) -> Iterator[Token]:
    """The words as typed, phrases taken apart, every Chinese sign a word of its own."""
    for ids, group in groupby(words, key=is_id):
        if ids:
            yield from (Token(word.strip(), "") for word in group)
            continue
        text = " ".join(group)
        if not text.isascii():
            import unicodedata  # few questions need it

            text = re.sub(r"(?<=\d) +(?=[年月])", "", unicodedata.normalize("NFKC", text))
        for chunk in text.translate(_SIGNS).split():
            plain = chunk.rstrip("?!:") or chunk
            if plain in ("-", ".."):
                yield Token(plain, "", (Time("to"),))
            elif any("\u2e80" <= sign <= "\u9fff" for sign in plain):
                yield from _chinese(plain)
            else:
                low = plain.casefold()
                yield Token(plain, fold(plain), _times(low) or _times(low.replace(".", "")))


def _chinese(text: str) -> Iterator[Token]:
    spaced = True
    for found in re.finditer(_CHINESE, text):
        times: tuple[Time, ...] = ()
        if found["year"]:
            times = (Time.of_year(int(found["year"])),)
        elif found["count"]:
            times = (Time.of_part(1, int(found["count"]), found[0]),)
        elif found["last"]:
            first, last = int(found["first"] or found["last"]), int(found["last"])
            times = (Time.of_part(first, last - first + 1, found[0]),)
        yield Token(found[0], fold(found[0]), times or _times(found[0].casefold()), spaced)
        spaced = bool(times)


def _times(text: str) -> tuple[Time, ...]:
    """The periods that one word without spaces names; none where it is no period."""
    if text.isdigit():
        is_year = len(text) == 4 and "1800" <= text < "2200"
        return (Time.of_year(int(text)),) if is_year else ()
    if text.isalpha():
        return ()
    if match := re.fullmatch(_YEARS, text):
        return _run_of_years(int(match[1]), int(match[2]))
    if match := re.fullmatch(_SHORT, text):
        letter, number = match[1] or match[4], int(match[2] or match[3])
        count = 3 if letter == "q" else 6
        return (Time.of_part((number - 1) * count + 1, count, text),)
    if match := re.fullmatch(_NUMBERS, text):
        text = f"{match[1] or match[4]}-{int(match[2] or match[3]):02d}"
    if match := re.fullmatch(_MONTHS, text):
        first, last = _month(match[1]), _month(match[2])
        if first and last:
            part = Time.of_part(first, last - first + 1, text)
            return (part, Time.of_year(int(match[3]))) if match[3] else (part,)
    if text and (text[0].isdigit() or text[-1].isdigit()):
        try:
            return (Time("whole", whole=parse_period_query(text), text=text),)
        except PeriodError:
            if text[:4].isdigit() and text[4:5] in ("-", "/"):
                raise
    return ()


def _run_of_years(first: int, last: int) -> tuple[Time, ...]:
    if not first <= last < first + 200:
        raise UsageError(f"{first}-{last} runs backwards", "write the earlier year first")
    return tuple(map(Time.of_year, range(first, last + 1)))


def _month(name: str) -> int:
    """The number of a month by its name or the first letters of it, else 0."""
    months = (number for number, month in enumerate(MONTHS, 1) if month.casefold().startswith(name))
    return next(months, 0)


def period_named(text: str) -> Period:
    """The one period that words such as ``jan-oct 2025`` name; PeriodError where they do not."""
    times: list[Time] = []
    for token in tokens_of([text]):
        month = 0 if token.times or len(token.folded) < 3 else _month(token.folded)
        times += (Time.of_part(month, 1, token.raw),) if month else token.times
        if not (month or token.times):
            raise PeriodError(f"{token.raw!r} is not part of a period")
    when = when_of(times)
    period = when.year or when.period
    if period is None:
        raise PeriodError(f"{text!r} is not a period")
    return period


def when_of(times: Sequence[Time]) -> When:
    """The periods that parts of them, in the order typed, come to."""
    given: dict[str, list[Period]] = {"": [], "since": [], "until": []}
    for mark, group in groupby(_marked(_with_runs(times)), key=lambda pair: pair[0]):
        given[mark] += _paired([time for _, time in group])
    marks = [each.text for each in times if each.kind in ("since", "until")]
    latest = any(each.kind == "latest" for each in times)
    periods, since, until = (tuple(dict.fromkeys(each)) for each in given.values())
    if max(len(since), len(until)) > 1 or bool(periods) + bool(since or until) + latest > 1:
        words = " ".join(each.text or each.kind for each in times)
        raise UsageError(f"{words!r} is more than one period and a range", "give one of them")
    if marks and not (since or until):
        raise UsageError(f"{marks[0]!r} needs a period behind it", "write since 2023")
    if len(periods) > 1:
        return When(periods=periods)
    if since or until:
        return When(since=next(iter(since), None), until=next(iter(until), None))
    if periods and periods[0] == Period.of_year(periods[0].year or 1):
        return When(year=periods[0])
    return When(period=periods[0]) if periods else When(latest=latest)


def _with_runs(times: Sequence[Time]) -> list[Time]:
    """Parts with "to" between them as one: jan to oct, 2023 to 2025, may 2024 to april 2025.

    A "from" that no "to" answers means since, in front of a period.
    """
    result: list[Time] = []
    for found in re.finditer(_RUNS, "".join(each.kind[0] for each in times)):
        run = times[slice(*found.span())]
        if found["months"]:
            first, last = (part.within(year.year) for part, year in (run[:2], run[3:]))
            result.append(Time("whole", whole=Period(first.start, last.end)))
        elif found["run"]:
            result += _run(run[0], run[2])
        elif found["open"]:
            result.append(run[0]._replace(kind="since", text="from"))
        elif found["other"]:
            result += run
    return result


def _run(first: Time, last: Time) -> tuple[Time, ...]:
    """From one part of a period to another of its kind."""
    if first.kind == "year":
        return _run_of_years(first.year, last.year)
    if first.whole and last.whole:
        return (Time("whole", whole=Period(first.whole.start, last.whole.end)),)
    count = last.part[0] + last.part[1] - first.part[0]
    return (Time.of_part(first.part[0], count, f"{first.text} to {last.text}"),)


def _marked(times: Sequence[Time]) -> Iterator[tuple[str, Time]]:
    """Each part of a period with ``since`` or ``until`` where that stands before it."""
    mark = ""
    for each in times:
        if each.is_time:
            yield mark, each
        elif each.kind in ("since", "until"):
            mark = each.kind


def _paired(times: Sequence[Time]) -> Iterator[Period]:
    """Parts and years paired: ``q1 q2 2025`` are two quarters, ``may 2024 2025`` two months."""
    runs = [(kind, list(run)) for kind, run in groupby(times, key=lambda each: each.kind)]
    while runs:
        kind, run = runs.pop(0)
        if runs and {kind, runs[0][0]} == {"part", "year"}:
            other = runs.pop(0)[1]
            parts, years = (run, other) if kind == "part" else (other, run)
            yield from (part.within(year.year) for year in years for part in parts)
        elif kind == "part":
            raise UsageError(f"{run[0].text} of which year?", f"write {run[0].text} 2025")
        else:
            yield from (each.whole or Period.of_year(each.year) for each in run)
