"""Questions in words: who, where, which part, what, who counted, when, how broken down.

Words stand in any order and case. Names are compared folded, the longest first, over the spellings
of the store, in one query. Order decides among words of one kind alone: whatever is named more
than once gives the operands (``Query.along``), in the order typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from evcli.errors import UnknownName, UsageError, nearest
from evcli.model.period import MONTHS, Period, PeriodError, parse_period_query, today
from evcli.query.selection import DIMENSIONS, Query, When, Where
from evcli.store.names import fold
from evcli.store.reader import Store


class Meaning(NamedTuple):
    """What words mean to one command.

    ``home`` are countries that are who exports and not where to; ``operands`` says that the
    command computes with what is named more than once, so that this must be of one kind; ``ids``
    that it takes ids of facts, sources and other records; ``says`` is the metric whose
    name only repeats the command.
    """

    home: tuple[str, ...] = ("CN",)
    operands: bool = False
    ids: bool = False
    says: str = ""


_USUAL = Meaning()
MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "exports": Meaning(says="exports"),
        "sales": Meaning(says="sales"),
        "investment": Meaning(says="investment"),
        "policy": Meaning(home=()),
        "plants": Meaning(home=(), says="plants"),
        "compare": Meaning(operands=True),
        "total": Meaning(operands=True),
        "share": Meaning(operands=True),
        "explain": Meaning(ids=True),
        "cite": Meaning(ids=True),
    }
)
# what a word is taken for where several kinds have it, the first first
_NAMED = ("subject", "destination", "metric", "scope", "publisher")
_RECORDS = ("source", "event", "measure", "plant", "claim")
_CALLED = {
    "subject": "maker",
    "destination": "place",
    "metric": "measure",
    "publisher": "counter",
    "way": "word",
}
_SIGNS = "*?@#["  # no word has them: ids, globs and SERIES@PERIOD do
_LONGEST = 10  # words in one name
_MOST = 60  # words in one question


class _Token(NamedTuple):
    """One word: as typed, folded, the periods it names, and whether a space stands before it."""

    raw: str
    folded: str
    times: tuple[_Time, ...] = ()
    spaced: bool = True


class _Time(NamedTuple):
    """A part of a period: ``year``, ``part`` (first month, number of months), ``whole``, or a word
    such as ``to``, ``since`` or ``latest``.
    """

    kind: str
    year: int = 0
    part: tuple[int, int] = (0, 0)
    whole: Period | None = None
    text: str = ""


class _Spelling(NamedTuple):
    kind: str
    strength: int
    id: str
    text: str


def read_words(store: Store, words: Sequence[str], command: str = "") -> Query:
    """The question that *words* put to *command*.

    Raises UnknownName, with the nearest names of all kinds, for a word that nobody knows, and
    UsageError where words have several readings, with the words that choose.
    """
    return _Reading(store, command).query(words)


class _Reading:
    """What has been read of one question so far."""

    def __init__(self, store: Store, command: str) -> None:
        self._store = store
        self._means = MEANINGS.get(command, _USUAL)
        self._command = command
        self._ids: dict[str, list[str]] = {}
        self._named: list[str] = []  # the kind of each name
        self._times: list[_Time] = []
        self._by = ""
        self._limit: int | None = None
        self._hint = ""  # the kind that the small word before leads to expect

    def query(self, words: Sequence[str]) -> Query:
        tokens = list(_tokens(words))
        if len(tokens) > _MOST:
            raise UsageError(f"more than {_MOST} words in one question", "ask for less at once")
        spellings = self._spellings(tokens)
        at = 0
        while at < len(tokens):
            at += self._take(tokens, at, spellings)
        where = Where(**{DIMENSIONS[kind]: tuple(self._ids.get(kind, ())) for kind in _NAMED})
        when = when_of(self._times)
        several = [kind for kind in DIMENSIONS if self._named.count(kind) > 1]
        along = along_of(several, where, when, self._means.operands)
        return Query(where, when, self._by, along, tuple(self._ids.get("series", ())), self._limit)

    def _spellings(self, tokens: Sequence[_Token]) -> dict[str, list[_Spelling]]:
        """All that any run of *tokens* is a name of, by the folded name."""
        runs = {
            _joined(tokens[at:end])
            for at in range(len(tokens))
            for end in range(at + 1, min(at + _LONGEST, len(tokens)) + 1)
        }
        found: dict[str, list[_Spelling]] = {}
        for folded, *row in self._store.spellings(runs):
            found.setdefault(folded, []).append(_Spelling(*row))
        return found

    def _take(
        self, tokens: Sequence[_Token], at: int, spellings: Mapping[str, list[_Spelling]]
    ) -> int:
        """Read what begins at a token; how many tokens that takes."""
        token = tokens[at]
        if any(sign in token.raw for sign in _SIGNS):
            self._add("series", token.raw)
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
            self._times += token.times
        elif token.raw.isdigit() and self._command == "top":
            self._limit = int(token.raw)
        elif "." in token.raw.strip("."):
            self._add("series", token.raw)  # an id, though nobody has it
        else:
            raise self._unknown(token.raw)
        self._hint = ""
        return 1

    def _understand(self, raw: str, rows: Sequence[_Spelling]) -> bool:
        """Whether words mean something here, which is then noted."""
        known = {each.kind: each for each in reversed(rows)}
        exact = {each.kind for each in rows if each.text == raw}
        if "series" in exact or (self._means.ids and exact.intersection(_RECORDS)):
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
        if "small" in known:
            self._small(known["small"].id)
        elif "time" in known:
            self._times.append(_time_of(known["time"].id, raw))
        elif "way" in known:
            way = known["way"].id
            if self._by not in ("", way):
                raise UsageError(f"by {self._by} or by {way}?", "break down in one way")
            self._by = way
        elif "metric" in known and known["metric"].id == self._means.says:
            pass
        else:
            kind = self._kind(known, hint)
            if not kind:
                self._hint = hint
                return False
            self._add(kind, *self._meant(kind, raw, [each for each in rows if each.kind == kind]))
        return True

    def _small(self, does: str) -> None:
        if does in ("to", "from"):
            self._times.append(_Time(does))
        self._hint = {"to": "destination", "from": "subject"}.get(does, does)

    def _kind(self, known: Mapping[str, _Spelling], hint: str) -> str:
        """What kind of thing a name is taken for here; empty where it is none."""
        if hint in known and hint in _NAMED:
            return hint
        if "destination" in known and "subject" in known:
            home = known["destination"].id in self._means.home
            return "subject" if home or not _is_place(known["subject"].id, known) else "destination"
        return next((kind for kind in _NAMED if kind in known), "")

    def _meant(self, kind: str, raw: str, rows: Sequence[_Spelling]) -> list[str]:
        """The id that a name means; of regions that share one, as each counter draws it, all."""
        ids = [*dict.fromkeys(each.id for each in rows)]
        if kind == "destination" and not any(map(_is_code, ids)):
            return ids
        best = [*dict.fromkeys(each.id for each in rows if each.strength == rows[0].strength)]
        if len(best) > 1 and raw not in best:
            called = _CALLED.get(kind, kind)
            raise UsageError(
                f"{raw!r} is the name of more than one {called}", f"say {' or '.join(best)}"
            )
        return [raw] if raw in best else best[:1]

    def _add(self, kind: str, *ids: str) -> None:
        known = self._ids.setdefault(kind, [])
        new = [id for id in ids if id not in known]
        known += new
        self._named += [kind] if new else []
        self._hint = ""
        if self._times and self._times[-1].kind in ("to", "from"):
            self._times.pop()  # it led to a name, not to a period

    def _unknown(self, raw: str) -> UnknownName:
        names = self._store.names_of_all_kinds((*_NAMED, "way"))
        found = {names[each]: each for each in reversed(nearest(raw, names))}
        offers = [
            f"the {_CALLED.get(kind, kind)} {text!r}" for (kind, _), text in reversed(found.items())
        ]
        hint = f"did you mean {' or '.join(offers)}?" if offers else None
        return UnknownName(f"nothing is known by the name {raw!r}", hint)


def along_of(several: Sequence[str], where: Where, when: When, operands: bool = False) -> str:
    """The dimension of which *several* values are named; periods count where no other does.

    With *operands*, UsageError where two dimensions have several.
    """
    if operands and len(several) > 1:
        lists = [", ".join(getattr(where, DIMENSIONS[kind])) for kind in several]
        raise UsageError(
            f"compute with {' or with '.join(lists)}?", "name several of one kind, one of all else"
        )
    return several[0] if several else "period" if when.periods else ""


def merged(said: Query, options: Query, command: str = "") -> Query:
    """What words *said* and what options ask for as one question.

    UsageError where both name one kind and differ, as in ``exports nev --scope bev``.
    """
    where = options.where
    for kind, field in DIMENSIONS.items():
        ids = getattr(said.where, field)
        if ids and getattr(where, field) not in ((), ids):
            raise _differing(", ".join(ids), f"--{kind} {','.join(getattr(where, field))}")
        where = where._replace(**{field: ids or getattr(where, field)})
    when = said.when if options.when.is_open else options.when
    if not said.when.is_open and when != said.when:
        raise _differing("the periods in words", "those of --year, --period, --since and --until")
    if said.by and options.by not in ("", said.by):
        raise _differing(f"by {said.by}", f"--by {options.by}")
    several = [
        kind
        for kind, field in DIMENSIONS.items()
        if kind == said.along or (not getattr(said.where, field) and len(getattr(where, field)) > 1)
    ]
    along = along_of(several, where, when, MEANINGS.get(command, _USUAL).operands)
    return said._replace(where=where, when=when, by=said.by or options.by, along=along)


def _differing(words: str, option: str) -> UsageError:
    return UsageError(f"{words} and {option} differ", "say it once")


def _is_code(id: str) -> bool:
    return len(id) == 2 and id.isupper() and id != "EU"


def _is_place(subject: str, known: Mapping[str, _Spelling]) -> bool:
    """Whether a subject is the same place as the destination, and no maker or port."""
    return subject == known["destination"].id or subject == "all-countries"


def _joined(tokens: Sequence[_Token]) -> str:
    return "".join(f" {each.folded}" if each.spaced else each.folded for each in tokens).strip()


# -- words and what they are made of


_CHINESE = re.compile(
    r"(?P<year>\d{4})年度?|(?:(?P<first>\d{1,2})月?[-至到])?(?P<last>\d{1,2})月份?"
    r"|(?P<sign>[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])|\d+|[^\d\u2e80-\u9fff]+"
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−~", "-") | dict.fromkeys(",，、;；", " "))
_YEARS = re.compile(r"(\d{4})(?:-|/|\.\.)(\d{4})")
_SHORT = re.compile(r"([hq])([1-4])|([1-4])([hq])")
_MONTH_RUN = re.compile(r"([a-z]{3,9})-([a-z]{3,9})(?:-?(\d{4}))?")


def _tokens(words: Sequence[str]) -> Iterator[_Token]:
    for word in words:
        if any(sign in word for sign in _SIGNS):
            yield _Token(word.strip(), "")
            continue
        text = word if word.isascii() else unicodedata.normalize("NFKC", word)
        for chunk in text.translate(_DASHES).split():
            plain = chunk.rstrip("?!:") or chunk
            if plain in ("-", ".."):
                yield _Token(plain, "", (_Time("to"),))
            elif any("\u2e80" <= sign <= "\u9fff" for sign in plain):
                yield from _chinese(plain)
            else:
                yield _Token(plain, fold(plain), _times(plain.casefold()))


def _chinese(text: str) -> Iterator[_Token]:
    """Every sign a token, years and months with their signs one."""
    spaced = True
    for found in _CHINESE.finditer(text):
        times: tuple[_Time, ...] = ()
        if found["year"]:
            times = (_year(found["year"]),)
        elif found["last"]:
            first, last = int(found["first"] or found["last"]), int(found["last"])
            times = (_part(first, last - first + 1, found[0]),)
        yield _Token(found[0], fold(found[0]), times or _times(found[0].casefold()), spaced)
        spaced = bool(times)


def _times(text: str) -> tuple[_Time, ...]:
    """The periods that one word without spaces names; none where it is no period."""
    if text.isdigit():
        return (_year(text),) if len(text) == 4 and "1800" <= text < "2200" else ()
    if match := _YEARS.fullmatch(text):
        years = range(int(match[1]), int(match[2]) + 1)
        if not 0 < len(years) <= 200:
            raise UsageError(f"{text!r} runs backwards", "write the earlier year first")
        return tuple(_year(str(year)) for year in years)
    if match := _SHORT.fullmatch(text):
        letter, number = match[1] or match[4], int(match[2] or match[3])
        count = 3 if letter == "q" else 6
        return (_part((number - 1) * count + 1, count, text),) if number * count <= 12 else ()
    if match := _MONTH_RUN.fullmatch(text):
        first, last = _month(match[1]), _month(match[2])
        if first and last:
            part = _part(first, last - first + 1, text)
            return (part, _year(match[3])) if match[3] else (part,)
    if text[0].isdigit() or text[-1].isdigit():
        try:
            return (_Time("whole", whole=parse_period_query(text), text=text),)
        except PeriodError as error:
            if text[:4].isdigit() and text[4:5] in ("-", "/"):
                raise UsageError(str(error)) from None
    return ()


def _month(name: str) -> int:
    """The number of a month by its name or the first letters of it, else 0."""
    months = (number for number, month in enumerate(MONTHS, 1) if month.casefold().startswith(name))
    return next(months, 0)


def _year(text: str) -> _Time:
    return _Time("year", int(text), text=text)


def _part(first: int, count: int, text: str) -> _Time:
    if not (1 <= first <= 12 and 1 <= count <= 13 - first):
        raise UsageError(f"{text!r} are no months of one year", "write jan-oct 2025")
    return _Time("part", part=(first, count), text=text)


def _time_of(does: str, text: str) -> _Time:
    """What a word such as "may", "first half" or "last year" says."""
    first, plus, count = does.partition("+")
    if plus:
        return _part(int(first), int(count), text)
    unit, minus, back = does.partition("-")
    if not minus:
        return _Time(does, text=text)
    now = today()
    if unit == "year":
        return _year(str(now.year - int(back)))
    return _Time("whole", whole=Period.of_months(now.year, now.month, 1).shift(-int(back)))


# -- periods


def period_named(text: str) -> Period:
    """The one period that words such as ``jan-oct 2025`` name; PeriodError where they do not."""
    times = [time for each in _tokens([text]) for time in each.times or _named_time(each)]
    when = when_of(times)
    period = when.year_period or when.period
    if period is None or when.since or when.until:
        raise PeriodError(f"{text!r} is no period")
    return period


def _named_time(token: _Token) -> list[_Time]:
    month = _month(token.folded) if len(token.folded) > 2 else 0
    if not month:
        raise PeriodError(f"{token.raw!r} is no part of a period")
    return [_part(month, 1, token.raw)]


def when_of(times: Sequence[_Time]) -> When:
    """The periods that parts of them, in the order typed, come to."""
    given: dict[str, list[Period]] = {}
    marks = [each for each in times if each.kind in ("since", "until")]
    rest = _with_since(_with_runs(times))
    for mark, group in groupby(_marked(rest), key=lambda pair: pair[0]):
        given.setdefault(mark, []).extend(_periods([time for _, time in group]))
    latest = any(each.kind == "latest" for each in times)
    periods = tuple(dict.fromkeys(given.get("", ())))
    since, until = given.get("since", []), given.get("until", [])
    if len(since) > 1 or len(until) > 1 or (periods and (since or until)) or (latest and periods):
        words = " ".join(each.text or each.kind for each in times)
        raise UsageError(f"{words!r} is more than one period and a range", "give one of them")
    if marks and not (since or until):
        raise UsageError(f"{marks[0].text!r} needs a period behind it", "write since 2023")
    if len(periods) > 1:
        return When(periods=periods)
    if since or until:
        return When(since=next(iter(since), None), until=next(iter(until), None))
    if periods and periods[0] == Period.of_year(periods[0].year or 1):
        return When(year=periods[0].year)
    return When(period=periods[0]) if periods else When(latest=latest)


def _with_runs(times: Sequence[_Time]) -> list[_Time]:
    """Parts with "to" between them as one: jan to oct, 2023 to 2025, may 2024 to april 2025."""
    result: list[_Time] = []
    at = 0
    while at < len(times):
        kinds = "-".join(each.kind for each in times[at : at + 5])
        run = times[at : at + 5]
        if kinds == "part-year-to-part-year":
            ends = [_whole(run[0], run[1].year), _whole(run[3], run[4].year)]
            result.append(_Time("whole", whole=Period(ends[0].start, ends[1].end)))
            at += 5
            continue
        first, mark, last = (*run[:3], *[None] * 3)[:3]
        if first and mark and last and mark.kind == "to" and first.kind == last.kind:
            if result and result[-1].kind == "from":
                result.pop()
            if first.kind == "year":
                result += _times(f"{first.year}-{last.year}")
            elif first.kind == "part":
                count = last.part[0] + last.part[1] - first.part[0]
                result.append(_part(first.part[0], count, f"{first.text} to {last.text}"))
            elif first.whole and last.whole:
                result.append(_Time("whole", whole=Period(first.whole.start, last.whole.end)))
            at += 3
            continue
        if times[at].kind != "to":
            result.append(times[at])
        at += 1
    return result


def _with_since(times: Sequence[_Time]) -> list[_Time]:
    """A "from" that no "to" answered means since, in front of a period."""
    following = [*(each.kind for each in times[1:]), ""]
    return [
        each._replace(kind="since") if each.kind == "from" else each
        for each, after in zip(times, following[: len(times)], strict=True)
        if each.kind != "from" or after in ("year", "part", "whole")
    ]


def _marked(times: Sequence[_Time]) -> Iterator[tuple[str, _Time]]:
    """Each part of a period with ``since`` or ``until`` where that stands before it."""
    mark = ""
    for each in times:
        if each.kind in ("since", "until"):
            mark = each.kind
        elif each.kind != "latest":
            yield mark, each


def _periods(times: Sequence[_Time]) -> Iterator[Period]:
    """Parts and years paired: ``q1 q2 2025`` are two quarters, ``may 2024 2025`` two months."""
    runs = [(kind, list(run)) for kind, run in groupby(times, key=lambda each: each.kind)]
    at = 0
    while at < len(runs):
        kind, run = runs[at]
        following = runs[at + 1] if at + 1 < len(runs) else ("", [])
        if {kind, following[0]} == {"part", "year"}:
            parts, years = (run, following[1]) if kind == "part" else (following[1], run)
            yield from (_whole(part, year.year) for year in years for part in parts)
            at += 2
            continue
        for each in run:
            if kind == "part":
                raise UsageError(f"{each.text} of which year?", f"write {each.text} 2025")
            yield each.whole or Period.of_year(each.year)
        at += 1


def _whole(part: _Time, year: int) -> Period:
    return Period.of_months(year, *part.part)
