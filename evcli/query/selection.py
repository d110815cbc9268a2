"""Which series, which periods and which figures a question is about."""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from evcli.errors import UnknownName, UsageError, check_one_of
from evcli.model import ABROAD, WORLD
from evcli.model.period import LATEST, Period, PeriodError, Window, read_period, today
from evcli.query.figures import is_missing, latest
from evcli.tuples import NamedTuple

if TYPE_CHECKING:  # the table below is read to make commands, which should load little
    from evcli.model.figure import Figure
    from evcli.model.records import Event, PlantFact, Series
    from evcli.model.vocabulary import Vocabulary
    from evcli.query.figures import Figures, SeriesFigures
    from evcli.store.reader import Store


BY_WINDOW = MappingProxyType(
    {"month": Window.MONTH, "quarter": Window.QUARTER, "half": Window.HALF, "year": Window.YEAR}
)
BY_DIMENSION = ("scope", "destination", "publisher", "subject")
BY = (*BY_WINDOW, *BY_DIMENSION)  # the ways to break an answer down
BASES = ("stated", "derived")
_YEARS = r"([0-9]{4})(?:(?:-|–|\.\.)([0-9]{4}))?"
_Dated = TypeVar("_Dated", "Event", "PlantFact")
_GLOB_SIGNS = str.maketrans("*?[].", "     ")
_REACH = 10  # years before the first figure that may follow from growth


class When(NamedTuple):
    """The periods asked for: a year, one exact period, the latest, a range, or a list of them.

    A ``year`` asks for every period within it.
    """

    year: Period | None = None
    period: Period | None = None
    latest: bool = False
    since: Period | None = None
    until: Period | None = None
    periods: tuple[Period, ...] = ()

    @classmethod
    def parse(
        cls, year: int | str | None = None, period: str = "", since: str = "", until: str = ""
    ) -> "When":
        """Read the options as typed; UsageError where they are no periods or exclude each other.

        >>> When.parse("2023-2025").periods
        (Period('2023'), Period('2024'), Period('2025'))
        """
        named = year not in (None, "")
        if named + bool(period) + bool(since or until) > 1:
            why = "--year, --period and a range (--since, --until) exclude each other"
            raise UsageError(why, "give one of them")
        years = _years(str(year)) if named else []
        if len(years) > 1:
            return cls(periods=tuple(years))
        if period.strip().casefold() == LATEST:
            return cls(latest=True)
        for option, text in (("--since", since), ("--until", until)):
            if text.strip().casefold() in (LATEST, Window.UNDATED):
                raise UsageError(f"{option} takes a date, not {text!r}", "write 2025 or 2025-06")
        begin, end = _read(since, "--since"), _read(until, "--until")
        if begin and begin.start and end and end.end and begin.start >= end.end:
            raise UsageError("--since is after --until", "write the earlier period first")
        year_asked = years[0] if years else None
        return cls(year_asked, _read(period, "--period"), since=begin, until=end)

    @property
    def is_open(self) -> bool:
        """Whether nothing was asked for."""
        return self == When()

    @property
    def exact(self) -> tuple[Period, ...]:
        """The periods asked for one by one; a year alone is none."""
        return self.periods if self.period is None else (self.period,)

    @property
    def named(self) -> tuple[Period, ...]:
        """The periods asked for one by one, or the year."""
        return self.exact if self.year is None else (self.year,)

    @property
    def run(self) -> tuple[Period, ...]:
        """The periods named; of a range, its years."""
        if self.since and self.since.year and self.until and self.until.end:
            years = map(Period.of_year, range(self.since.year, self.until.end.year + 1))
            return tuple(filter(self.admits, years))
        return self.named

    @property
    def is_range(self) -> bool:
        """Whether several periods are asked for."""
        return bool(self.since or self.until or self.periods)

    def chief_year(self, observed: Iterable[Period]) -> Period | None:
        """The period that rows should share: the one asked for, else the last full year.

        That is the newest year asked for that at least half as many series have as any other; None
        where the question is for something else.
        """
        if self.period or self.latest or self.year:
            return self.period or self.year
        years = Counter(p for p in observed if p.window is Window.YEAR and self.admits(p))
        most = max(years.values(), default=0)
        return max((each for each in years if 2 * years[each] >= most), default=None)

    def admits(self, period: Period) -> bool:
        """Whether *period* is one of those asked for; undated ones only where nothing was."""
        if self.is_open or self.latest:
            return True
        if period.start is None or period.end is None:
            return self.period is not None and self.period.is_undated
        if self.year is not None:
            return self.year.contains(period)
        if self.exact:
            return period in self.exact
        if self.since and self.since.start and period.start < self.since.start:
            return False
        return not (self.until and self.until.end and period.end > self.until.end)

    def holds(self, day: Period) -> bool:
        """Whether what happened on *day* (or in that month or year) is asked for.

        An exact period asks for all that happened in it.
        """
        dated = [each for each in self.exact if not each.is_undated]
        if not dated or day.is_undated:
            return self.admits(day)
        return any(each.contains(day) for each in dated)

    def meets(self, begin: date | None, end: date | None) -> bool:
        """Whether what lasts from *begin* up to *end*, open where None, has a day asked for."""
        whole = (self.since and self.since.start, self.until and self.until.end)
        return any(
            not (begin and stop and begin >= stop) and not (end and start and end <= start)
            for start, stop in self.named or [whole]
        )

    def pick(self, periods: Sequence[Period]) -> list[Period]:
        """Those of *periods* (oldest first) that were asked for."""
        if not self.latest:
            return [period for period in periods if self.admits(period)]
        newest = latest(periods)
        return [newest] if newest else []


def _years(text: str) -> list[Period]:
    """Years as an option has them: 2025, or 2023-2025, 2023..2025, 2024,2025."""
    years: list[Period] = []
    for each in text.replace(",", " ").split() or [text]:
        match = re.fullmatch(_YEARS, each)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if first < 1 or last > 9998:
            raise UsageError(f"{each!r} is not a year", "write --year 2025, 2023-2025 or 2024,2025")
        if first > last:
            raise UsageError(f"{each!r} runs backwards", "write the earlier year first")
        years += map(Period.of_year, range(first, last + 1))
    return list(dict.fromkeys(years))


def _read(text: str, option: str) -> Period | None:
    if not text:
        return None
    try:
        return read_period(text)
    except PeriodError as error:
        from evcli.query.words import period_named  # reads may 2025, jan-oct 2025

        try:
            return period_named(text)
        except (PeriodError, UsageError):
            raise UsageError(f"{option}: {error}") from None


class Where(NamedTuple):
    """Which series are asked for, as ids of the vocabulary; empty means all.

    ``sources``, ``basis`` and ``plans`` (whether those count, too) choose among their figures.
    """

    metrics: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    basis: str = ""
    plans: bool = False

    @classmethod
    def resolve(
        cls, store: "Store", *, basis: str = "", plans: bool = False, **names: Iterable[str]
    ) -> "Where":
        """Turn *names* as typed, by kind, into ids; commas separate them, but for subjects.

        UnknownName with the nearest ones where there is none.
        """
        if basis:
            check_one_of("basis", basis, BASES)
        fields: dict[str, Any] = {"basis": basis, "plans": plans}
        for kind, texts in names.items():
            parts = texts if kind == "subject" else [p for text in texts for p in text.split(",")]
            ids: dict[str, None] = {}
            for part in map(str.strip, parts):
                if (found := store.resolve(kind, part)) is None:
                    raise UnknownName.of(kind, part, store.known_names(kind))
                ids[found] = None
            fields[DIMENSIONS.get(kind, "sources")] = tuple(ids)
        return cls(**fields)

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids asked for in one of the :data:`DIMENSIONS`."""
        ids: tuple[str, ...] = getattr(self, DIMENSIONS[kind])
        return ids

    def having(self, kind: str, ids: Iterable[str]) -> "Where":
        """The same with other ids in one dimension."""
        return Where(**{**self._asdict(), DIMENSIONS[kind]: tuple(ids)})

    def series(self, store: "Store") -> "list[Series]":
        """The series selected, by id."""
        return store.select_series(**{kind: ids for kind in DIMENSIONS if (ids := self.ids(kind))})

    def admits(self, series: "Series") -> bool:
        """Whether a series named by id also meets the filters."""
        return all(
            not (ids := self.ids(kind)) or getattr(series, kind) in ids for kind in DIMENSIONS
        )

    def with_parts(self, words: "Vocabulary") -> "Where":
        """The same with all parts of the scopes asked for."""
        parts = [e for e in words.scopes if any(words.lies_in(e, s) for s in self.scopes)]
        return self._replace(scopes=(*self.scopes, *parts))

    def is_about(self, subjects: Iterable[str], words: "Vocabulary") -> bool:
        """Whether one of *subjects* is, or belongs to, one asked for; or nobody was."""
        pairs = itertools.product(subjects, self.subjects)
        return not self.subjects or any(words.belongs_to(each, whole) for each, whole in pairs)


# the dimensions that words name, and the fields of Where that hold them
DIMENSIONS: Mapping[str, str] = MappingProxyType(
    {kind: f"{kind}s" for kind in ("subject", "scope", "destination", "publisher", "metric")}
)


def series_named(store: "Store", patterns: Sequence[str]) -> "list[Series]":
    """The series that ids or globs name, in order; UnknownName where one names none."""
    found: list[Series] = []
    for pattern in patterns:
        matches = store.match_series(pattern)
        if not matches:
            error = UnknownName.of("series", pattern, store.all_series_ids())
            if error.hint is None:
                words = " ".join(pattern.translate(_GLOB_SIGNS).split()) or "WORDS"
                error.hint = f"evcli find {words} searches titles and names"
            raise error
        found += matches
    return list(dict.fromkeys(found))


def one_series(store: "Store", name: str) -> "Series":
    """The one series that an id or glob names; UsageError where it names several."""
    found = series_named(store, [name])
    if len(found) > 1:
        ids = ", ".join(series.id for series in found[:4])
        raise UsageError(f"{name!r} names {len(found)} series", f"name one of {ids} ...")
    return found[0]


class FigureName(NamedTuple):
    """A figure named as ``SERIES@PERIOD``, or a series alone."""

    series: str
    period: Period | None = None

    @classmethod
    def parse(cls, text: str) -> "FigureName":
        """Read ``SERIES`` or ``SERIES@PERIOD``; UsageError where the period is none."""
        series, _, period = text.partition("@")
        return cls(series, _read(period, text))


def base_named(store: "Store", text: str) -> FigureName | None:
    """What growth is measured against, as typed: a figure, a series, or a period of any series.

    None where nothing is typed; a period has no series; UsageError for what is neither.
    """
    if not text:
        return None
    if "@" in text or store.match_series(text):
        return FigureName.parse(text)
    return FigureName("", _read(text, "--base"))


class Query(NamedTuple):
    """A question in full: where and when, and how to break the answer down.

    ``along`` is the dimension that was named more than once: its values, in the order typed, are
    what a computation is about, and all else holds for each of them. ``series`` are ids, globs
    and ``SERIES@PERIOD`` as typed; ``limit`` is the number in "top 10".
    """

    where: Where = Where()
    when: When = When()
    by: str = ""
    along: str = ""
    series: tuple[str, ...] = ()
    limit: int | None = None


def day_named(text: str, option: str) -> date:
    """One day, or ``today``, as typed behind *option*; UsageError where it is none."""
    if text.casefold() == "today":
        return today()
    period = _read(text, option)
    if period is None or period.start is None or period.window is not Window.DAY:
        raise UsageError(f"{option} takes a day", "write it as 2026-03-01, or today")
    return period.start


def date_named(text: str, option: str) -> str:
    """A date, month or year in its canonical form; UsageError where it is none."""
    period = _read(text, option)
    if period is None or period.end is None:
        raise UsageError(f"{option} takes a date", "write 2025-06-30, 2025-06 or 2025")
    return str(period)


def best_window(each: "SeriesFigures", wanted: Query) -> Period | None:
    """The year asked for, else the longest window from January, else the newest inside it."""
    when = wanted.when
    if when.period is not None:
        return when.period
    periods = answering(each, wanted)
    if when.latest:
        return latest(_observed(each, periods))
    if when.named:
        periods = [p for p in periods if any(whole.contains(p) for whole in when.named)]
    periods = _observed(each, periods if when.named else when.pick(periods))
    newest = newest_of(periods)
    if newest is None or newest.year is None:
        return newest
    year = when.year or Period.of_year(newest.year)
    inside = [period for period in periods if year.contains(period)]
    from_january = [period for period in inside if period.start == year.start]
    return max(from_january or inside, key=lambda period: period.sort_key[2], default=None)


def newest_of(periods: Iterable[Period]) -> Period | None:
    """Of those that end last the longest; None where there are none."""
    return max(periods, key=lambda each: (each.end or date.min, each.months or 0), default=None)


def known_window(source: "Figures", series: "Series", wanted: Query) -> Period | None:
    """The window in which *series* answers the question, if it has a figure there."""
    period = best_window(source.of(series), wanted)
    known = period is not None and is_known(source.operand(series, period), wanted)
    return period if known else None


def is_known(figure: "Figure", wanted: Query) -> bool:
    """Whether anything is known of the value, and the figure meets the filters."""
    return not is_missing(figure) and bool(admitted([figure], wanted))


def answering(each: "SeriesFigures", wanted: Query) -> list[Period]:
    """The periods with a stated figure that rests on the sources asked for, oldest first."""
    if not wanted.where.sources:
        return each.periods
    wanted = wanted._replace(where=wanted.where._replace(plans=True))  # see best_window
    return [period for period in each.periods if admitted(each.figures(period), wanted)]


def windows_for(each: "SeriesFigures", wanted: Query, *, before_any: bool = False) -> list[Period]:
    """The windows to show: those stated, or those asked for, or every month of a run.

    A run goes from the first stated window to the last, as far as it was asked for; with
    *before_any* from the beginning asked for, since what comes before may follow from growth.
    """
    when, window = wanted.when, BY_WINDOW.get(wanted.by)
    if when.exact and window is None:
        return [*when.exact]
    if window is None or when.latest:
        stated = [period for period in each.periods if window in (None, period.window)]
        return when.pick(_observed(each, stated) if when.latest else stated)
    known = known_run(each)
    if known is None:
        return []
    begin, since = known.start, when.since.start if when.since else None
    if since and begin and since < begin:  # what follows from growth, of ten years at most
        begin = max(since, date(max(begin.year - _REACH, 1), 1, 1))
    whole = when.named or (Period(begin, known.end),)
    months, end = window.months, known.sort_key[2]
    parts = dict.fromkeys(part for each in whole for part in each.split_into(months))
    return [
        part
        for part in parts
        if part.sort_key[2] <= end  # one that ends after the newest figure is not over yet
        and (before_any or known.overlaps(part))
        and (when.named or when.admits(part))
    ]


def known_run(each: "SeriesFigures") -> Period | None:
    """From the first window with a figure to the last; None where nothing is dated."""
    dated = [period for period in each.observed_periods if not period.is_undated]
    if not dated:
        return None
    return Period(min(p.start for p in dated if p.start), max(p.end for p in dated if p.end))


def admitted(
    figures: "Iterable[Figure]", wanted: Query, left_out: "list[Figure] | None" = None
) -> "list[Figure]":
    """Those figures that meet the filters on source and basis, and are no plans unless wanted.

    The plans that are not wanted are appended to *left_out*.
    """
    where, found = wanted.where, []
    for each in figures:
        # of one that is stated and narrowed what is stated, or what follows without it
        inputs = getattr(each.lineage, "inputs", ()) if each.basis == "both" else ()
        figure = inputs[BASES.index(where.basis)] if where.basis and inputs else each
        of_sources = not where.sources or set(where.sources) & set(figure.sources)
        if of_sources and where.basis in ("", figure.basis):
            found.append(figure)
    if left_out is not None and not where.plans:
        left_out += [figure for figure in found if figure.is_plan]
    return [figure for figure in found if where.plans or not figure.is_plan]


def _observed(each: "SeriesFigures", periods: list[Period]) -> list[Period]:
    """Those of *periods* that are more than a plan, else all of them."""
    observed = set(each.observed_periods)
    return [period for period in periods if period in observed] or periods


def selected(
    source: "Figures", records: Iterable[_Dated], wanted: Query, day: Callable[[_Dated], Period]
) -> list[_Dated]:
    """The *records* of the days and sources asked for, out by then; *day* is that of a record."""
    when, sources = wanted.when, wanted.where.sources
    out = (each for each in records if source.is_out(each.source))
    found = [e for e in out if (not sources or e.source in sources) and when.holds(day(e))]
    if when.latest:
        newest = when.pick(sorted({day(each) for each in found}, key=lambda day: day.sort_key))
        found = [each for each in found if day(each) in newest]
    return found


def countries_of(
    places: Collection[str], words: "Vocabulary"
) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """The country codes of all *places*, None for everywhere, and what a reader must know of them.

    Of a region these are its members, of a continent the United Nations' list. A region that nobody
    has listed the countries of says nothing beside others; alone it is a UsageError.

    >>> from evcli.model.vocabulary import Vocabulary
    >>> countries_of(["HU", "europe"], Vocabulary())[1]
    ('Europe as the United Nations draw it: with Russia, without Turkey',)
    """
    if not places or WORLD in places or ABROAD in places:
        return None, ()
    from evcli.model.codes import BORDERS, CONTINENTS  # read from a file

    codes: set[str] = set()
    notes: list[str] = []
    for place in places:
        inside = words.countries_in(place)
        if inside:
            codes |= inside
        elif place in CONTINENTS:
            codes |= CONTINENTS[place]
            notes += [BORDERS[place]] if place in BORDERS else []
        elif len(place) == 2 and place.isupper():
            codes.add(place)
    if not codes:
        with_countries = {each.id for each in words.destinations.values() if each.members}
        raise UsageError(
            f"{', '.join(places)!r} has no list of countries",
            f"name countries, or one of {', '.join(sorted({*CONTINENTS, *with_countries}))}",
        )
    return frozenset(codes), tuple(notes)
