"""Questions in words: who, where, which part, what, who counted, when, how broken down.

Words stand in any order and case; names are compared folded, the longest first. Whatever is named
more than once gives the operands (``Query.along``), in the order typed.

>>> period_named("jan-oct 2025"), period_named("Q3 2025"), period_named("2025年5月")
(Period('2025-01/2025-10'), Period('2025-Q3'), Period('2025-05'))
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, starmap
from operator import attrgetter

from evcli.errors import UnknownName, UsageError, nearest
from evcli.grouping import grouped
from evcli.model import ABROAD
from evcli.model.period import MONTHS, Period, PeriodError, Window, parse_period_query, today
from evcli.query.selection import BY, BY_WINDOW, DIMENSIONS, Query, When, Where
from evcli.store.names import fold
from evcli.store.reader import Store
from evcli.tuples import NamedTuple

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
_PERIODS = ("year", "part", "whole")  # what a Time may be other than a word between such


# what words mean to some commands
_OF_PLACES = ("policy", "plants")  # in which China is a place like any other, not who exports
_COMPUTING = ("compare", "total", "share")  # with what is named more than once, all of one kind
_OF_RECORDS = ("explain", "cite", "changes")  # which take ids of facts, sources and other records
_BY: Mapping[str, Collection[str]] = {  # how they break down, where that is not in all ways
    **dict.fromkeys(("total", "coverage", "series", *_OF_RECORDS), ()),
    **dict.fromkeys(("share", "growth", "trend"), tuple(BY_WINDOW)),
    "top": ("subject", "destination"),
}
# what a word is taken for where several kinds have it, the first first
_NAMED = ("subject", "destination", "metric", "scope", "publisher")
_RECORDS = ("source", "event", "measure", "plant", "claim")
_CALLED = {"destination": "place", "metric": "measure", "publisher": "counter", "way": "word"}
_CODE = 2  # letters of a country's code
_SOLD = ((), ("sales",), ("overseas-sales",))  # metrics of which "abroad" is no place
_LONGEST = 14  # words, or Chinese signs, in one name
_MOST = 60  # words in one question


class _Spelling(NamedTuple):
    folded: str
    kind: str
    strength: int
    id: str
    text: str


def read_words(store: Store, words: Sequence[str], command: str = "") -> Query:
    """The question that *words* put to *command*.

    Raises UnknownName, with the nearest names of all kinds, for a word that nobody knows, and
    UsageError where words have several readings, with the words that choose.
    """
    try:
        return _Reading(store, command).query(words)
    except PeriodError as error:
        raise UsageError(str(error)) from None


class NamesRead(NamedTuple):
    """What a piece of running text names: ids by kind, times, and the words that nobody knows."""

    ids: Mapping[str, Sequence[str]]
    times: tuple[Time, ...]
    unread: tuple[str, ...]


def names_in(store: Store, text: str) -> NamesRead:
    """The names and times in running text; what is no name, or that of several things, is unread.

    Verbs that are counts, too, are names here: "sold" is of sales.
    """
    reading = _Reading(store, "", running=True)
    try:
        tokens = [*tokens_of(text.split())]
        for at in range(0, len(tokens), _MOST):  # the store is asked for so many names at once
            reading.read(tokens[at : at + _MOST])
    except (PeriodError, UsageError):
        reading.unread += text.split()
    return NamesRead(reading.ids, tuple(reading.times), tuple(reading.unread))


def command_named(store: Store, words: Sequence[str]) -> tuple[str, list[str]]:
    """The command that one of *words* asks for without its name, empty where none does; the rest.

    That is ``plants`` for a factory and ``policy`` for a tariff.
    """
    typed = {each: fold(each) for word in words for each in word.split()}
    found = store.spellings({*typed.values()})
    means = {folded: id for folded, kind, _, id, _ in found if kind == "command"}
    named = next((means[each] for each in typed.values() if each in means), "")
    return named, [word for word, each in typed.items() if not named or means.get(each) != named]


class _Reading:
    """What has been read of one question so far."""

    def __init__(self, store: Store, command: str, *, running: bool = False) -> None:
        self._store, self._command, self._running = store, command, running
        self._of_places = command in _OF_PLACES
        self._records = _RECORDS if command in _OF_RECORDS else ()
        self.ids: dict[str, list[str]] = {}
        self.times: list[Time] = []
        self.unread: list[str] = []  # of running text
        self._named: list[str] = []  # the kind of each name
        self._by = ""
        self._limit: int | None = None
        self._hint = ""  # the kind that the small word before leads to expect

    def query(self, words: Sequence[str]) -> Query:
        tokens = list(tokens_of(words))
        if len(tokens) > _MOST:
            raise UsageError(f"more than {_MOST} words in one question", "ask for less at once")
        self.read(tokens)
        where = Where()
        for kind in _NAMED:
            where = where.having(kind, self.ids.get(kind, ()))
        if where.subjects and where.destinations == (ABROAD,) and where.metrics in _SOLD:
            where = where._replace(destinations=(), metrics=("overseas-sales",))  # "byd overseas"
        when = when_of(self.times)
        several = [kind for kind in DIMENSIONS if self._named.count(kind) > 1]
        along = along_of(several, where, when, self._command)
        return Query(where, when, self._by, along, tuple(self.ids.get("series", ())), self._limit)

    def read(self, tokens: Sequence[Token]) -> None:
        """Note what all of *tokens* name."""
        # all that any run of tokens is a name of, by the folded name
        runs = {
            _joined(tokens[at:end])
            for at in range(len(tokens))
            for end in range(at + 1, min(at + _LONGEST, len(tokens)) + 1)
        }
        spellings = grouped(starmap(_Spelling, self._store.spellings(runs)), attrgetter("folded"))
        at = 0
        while at < len(tokens):
            at += self._take(tokens, at, spellings)

    def _take(
        self, tokens: Sequence[Token], at: int, spellings: Mapping[str, list[_Spelling]]
    ) -> int:
        """Read what begins at a token; how many tokens that takes."""
        token = tokens[at]
        if is_id(token.raw):
            self._named_by_id(token.raw)
            return 1
        rows = spellings.get(token.folded, [])
        leads = any(row.kind == "small" and row.id in ("to", "from") for row in rows)
        for end in range(at + 1 if leads else min(at + _LONGEST, len(tokens)), at, -1):
            if end == at + 1 and token.times:
                break
            rows = spellings.get(_joined(tokens[at:end]), [])
            if end > at + 1:  # an id is one word: byd chery are two makers, byd-chery is one
                rows = [row for row in rows if row.strength > 0]
            raw = " ".join(each.raw for each in tokens[at:end])
            if rows and self._understand(raw, rows):
                return end - at
        if token.times:
            self.times += token.times
        elif self._command == "top" and re.fullmatch("[0-9]{1,9}", token.raw):
            self._limit = int(token.raw)
        elif self._running or "." in token.raw.strip("."):
            self._named_by_id(token.raw)  # though nobody has it
        else:
            raise self._unknown(_around(tokens, at, spellings))
        self._hint = ""
        return 1

    def _named_by_id(self, raw: str) -> None:
        if self._running:  # in which nobody means an id
            self.unread.append(raw)
        else:
            self._add("series", raw)

    def _understand(self, raw: str, rows: Sequence[_Spelling]) -> bool:
        """Whether words mean something here, which is then noted."""
        known = {each.kind: each for each in reversed(rows)}
        exact = {each.kind for each in rows if each.text == raw}
        if "series" in exact or exact.intersection(self._records):
            self._add("series", raw)
            return True
        place = known.get("destination")
        if place is not None and _is_code(place.id) and place.strength == 0:
            others = known.keys() - {"destination", *_RECORDS, "series", "method", "unit"}
            others -= {"subject"} if known.get("subject", place).id == place.id else set()
            if others and (raw != place.id or "subject" in others):
                del known["destination"]  # "by" and "in" are small words, "mg" is a brand
            else:
                known = {kind: known[kind] for kind in ("subject", "destination") if kind in known}
                known = {kind: each for kind, each in known.items() if each.id == place.id}
        hint, self._hint = self._hint, ""
        if "command" in known and known["command"].id == self._command:
            pass
        elif "small" in known and not (self._running and "metric" in known):
            does = known["small"].id
            if does in LEADING:
                self.times.append(Time(does))
            elif does == "and" and "between" in [each.kind for each in self.times]:
                self.times.append(Time("to"))
            self._hint = {"to": "destination", "from": "subject"}.get(does, does)
        elif "time" in known:
            self.times.append(Time.of_word(known["time"].id, raw))
        elif self._running and "way" in known and "metric" not in known:
            return False
        elif "way" in known and ("metric" not in known or self._command == "top"):
            way = known["way"].id
            ways = _BY.get(self._command, BY)
            if way not in ways:
                can = f"by {', '.join(ways)}" if ways else "in no way"
                raise UsageError(f"not broken down by {way}", f"{self._command} breaks down {can}")
            if self._by not in ("", way):
                raise UsageError(f"by {self._by} or by {way}?", "break down in one way")
            self._by = way
        elif "metric" in known and known["metric"].id == self._command:
            pass  # its name only repeats the command
        else:
            kind = self._kind(known, hint)
            if not kind:
                self._hint = hint
                return False
            self._add(kind, *self._meant(kind, raw, [each for each in rows if each.kind == kind]))
        return True

    def _kind(self, known: Mapping[str, _Spelling], hint: str) -> str:
        """What kind of thing a name is taken for here; empty where it is none."""
        if hint in known and hint in _NAMED:
            return hint
        if "destination" in known and "subject" in known:
            place, who = known["destination"].id, known["subject"].id
            counted = self._store.select_series
            own = place == "CN" or (counted(subject=[who]) and not counted(destination=[place]))
            same = who in (place, "all-countries")
            return "subject" if (own and not self._of_places) or not same else "destination"
        return next((kind for kind in _NAMED if kind in known), "")

    def _meant(self, kind: str, raw: str, rows: Sequence[_Spelling]) -> list[str]:
        """The id that a name means; of regions that share one, as each counter draws it, all."""
        ids = [*dict.fromkeys(each.id for each in rows)]
        if kind == "destination" and not self._of_places and not any(map(_is_code, ids)):
            return ids
        best = [*dict.fromkeys(each.id for each in rows if each.strength == rows[0].strength)]
        if len(best) > 1 and raw not in best:
            named = dict(self._store.names(kind))
            may_be = " or ".join(named.get(id) or id for id in best)
            raise UsageError(f"{raw!r} may mean {may_be}", f"say {' or '.join(best)}")
        return [raw] if raw in best else best[:1]

    def _add(self, kind: str, *ids: str) -> None:
        known = self.ids.setdefault(kind, [])
        new = [id for id in ids if kind == "series" or id not in known]
        known += new
        self._named += [kind] if new else []
        self._hint = ""
        if self.times and self.times[-1].kind in LEADING:
            self.times.pop()  # it led to a name, not to a period

    def _unknown(self, raw: str) -> UnknownName:
        names = self._store.known_names(*_NAMED, "way", *self._records)
        least = min(len(raw), _CODE + raw.isascii())  # codes of places resemble everything
        names = {
            text: named
            for text, named in reversed(names.items())  # names rather than ids
            if least <= len(text) < 2 * len(raw) + 2 and text.isascii() == raw.isascii()
        }
        found: dict[tuple[str, str], str] = {}
        for each in nearest(raw, names):
            found.setdefault(names[each], each)
        offers = [f"the {_CALLED.get(kind, kind)} {text!r}" for (kind, _), text in found.items()]
        hint = f"did you mean {' or '.join(offers)}?" if offers else None
        return UnknownName(f"nothing is known by the name {raw!r}", hint)


def along_of(several: Sequence[str], where: Where, when: When, command: str) -> str:
    """The dimension of which *several* values are named; periods count where no other does.

    UsageError where two dimensions have several and *command* computes with them.
    """
    if command in _COMPUTING and len(several) > 1:
        lists = [", ".join(where.ids(kind)) for kind in several]
        raise UsageError(
            f"compute with {' or with '.join(lists)}?", "name several of one kind, one of all else"
        )
    return several[0] if several else "period" if when.periods else ""


def merged(said: Query, options: Query, command: str = "") -> Query:
    """What words *said* and what options ask for as one question.

    UsageError where both name one kind and differ, as in ``exports nev --scope bev``.
    """
    where = options.where
    for kind in DIMENSIONS:
        ids, option = said.where.ids(kind), where.ids(kind)
        if ids and option not in ((), ids):
            raise _differing(", ".join(ids), f"--{kind} {','.join(option)}")
        where = where.having(kind, ids or option)
    when = said.when if options.when.is_open else options.when
    if not said.when.is_open and when != said.when:
        raise _differing("the periods in words", "those of --year, --period, --since and --until")
    if said.by and options.by not in ("", said.by):
        raise _differing(f"by {said.by}", f"--by {options.by}")
    several = [
        kind
        for kind in DIMENSIONS
        if kind == said.along or (not said.where.ids(kind) and len(where.ids(kind)) > 1)
    ]
    along = along_of(several, where, when, command)
    return said._replace(where=where, when=when, by=said.by or options.by, along=along)


def _differing(words: str, option: str) -> UsageError:
    return UsageError(f"{words} and {option} differ", "say it once")


def _is_code(id: str) -> bool:
    return len(id) == _CODE and id.isupper() and id != "EU"


def _around(tokens: Sequence[Token], at: int, spellings: Mapping[str, Sequence[_Spelling]]) -> str:
    """The word at a token as typed, with the small words that Chinese writes without a space."""
    small = {each.folded for some in spellings.values() for each in some if each.kind == "small"}
    first, end = at, at + 1
    while not tokens[first].spaced and tokens[first - 1].folded in small:
        first -= 1
    while end < len(tokens) and not (tokens[end].spaced or tokens[end].times):
        end += 1
    return "".join(each.raw for each in tokens[first:end])


def _joined(tokens: Sequence[Token]) -> str:
    texts = (f" {each.folded}" if each.spaced else each.folded or " " for each in tokens)
    return "".join(texts).strip()


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
    return next((at for at, each in enumerate(MONTHS, 1) if each.casefold().startswith(name)), 0)


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
    mark = ""
    for is_time, group in groupby(_with_runs(times), key=lambda each: each.kind in _PERIODS):
        if is_time:
            given[mark] += _paired(group)
        else:  # the last word in front of the periods counts
            mark = next((each.kind for each in reversed([*group]) if each.kind in given), mark)
    marks = [each.text for each in times if each.kind in ("since", "until")]
    latest = any(each.kind == "latest" for each in times)
    periods, since, until = (tuple(dict.fromkeys(each)) for each in given.values())
    if max(len(since), len(until)) > 1 or bool(periods) + bool(since or until) + latest > 1:
        words = " ".join(each.text or each.kind for each in times)
        raise UsageError(f"{words!r} is more than one period and a range", "give one of them")
    if marks and not (since or until):
        raise UsageError(f"{marks[0]!r} needs a period behind it", "write since 2023")
    if since or until:
        return When(since=next(iter(since), None), until=next(iter(until), None))
    if len(periods) != 1:
        return When(periods=periods, latest=latest)
    is_year = periods[0].window is Window.YEAR
    return When(year=periods[0]) if is_year else When(period=periods[0])


def _with_runs(times: Sequence[Time]) -> list[Time]:
    """Parts with "to" between them as one: jan to oct, 2023 to 2025, may 2024 to april 2025.

    A "from" that no "to" answers means since, in front of a period.
    """
    result: list[Time] = []
    for found in re.finditer(_RUNS, "".join(each.kind[0] for each in times)):
        run = times[slice(*found.span())]
        if found["months"]:
            begin, end = _paired(run[:2]), _paired(run[3:])
            result.append(Time("whole", whole=Period(next(begin).start, next(end).end)))
        elif found["run"]:
            first, last = run[0], run[2]
            if first.kind == "year":
                result += _run_of_years(first.year, last.year)
            elif first.whole and last.whole:
                result.append(Time("whole", whole=Period(first.whole.start, last.whole.end)))
            else:
                count, text = sum(last.part) - first.part[0], f"{first.text} to {last.text}"
                result.append(Time.of_part(first.part[0], count, text))
        elif found["open"]:
            result.append(run[0]._replace(kind="since", text="from"))
        elif found["other"]:
            result += run
    return result


def _paired(times: Iterable[Time]) -> Iterator[Period]:
    """Parts and years paired: ``q1 q2 2025`` are two quarters, ``may 2024 2025`` two months."""
    runs = [(kind, list(run)) for kind, run in groupby(times, key=lambda each: each.kind)]
    while runs:
        kind, run = runs.pop(0)
        if runs and {kind, runs[0][0]} == {"part", "year"}:
            other = runs.pop(0)[1]
            parts, years = (run, other) if kind == "part" else (other, run)
            yield from (Period.of_months(y.year, *part.part) for y in years for part in parts)
        elif kind == "part":
            raise UsageError(f"{run[0].text} of which year?", f"write {run[0].text} 2025")
        else:
            yield from (each.whole or Period.of_year(each.year) for each in run)
