"""The answers of topic commands: the series a reader expects, one row each, and their order."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from evcli.model import ABROAD, WORLD
from evcli.model.answer import SCREEN_ROWS, Answer, HumanColumn, Row, Value, View
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.records import Series
from evcli.model.vocabulary import SubjectKind, Vocabulary, name_in, short_in
from evcli.query.choice import counts, is_answer
from evcli.query.figures import Figures, SeriesFigures
from evcli.query.rows import figure_views, figures_answer, with_bounds
from evcli.query.selection import (
    BY_WINDOW,
    UNNAMED,
    Query,
    When,
    admitted,
    answering,
    best_window,
    nothing_hint,
    windows_for,
)
from evcli.query.titles import joined, period_title, small, topic_title
from evcli.query.topic_table import HOME, Topic
from evcli.text.numbers import human


def topic_series(source: Figures, topic: Topic, wanted: Query) -> list[Series]:
    """Every series of the topic that the filters admit, whether or not a reader expects it."""
    where, words = wanted.where, source.words
    subjects = _with_members(where.subjects, words)
    if not subjects and wanted.by != "subject" and not where.sources:
        subjects = topic.subjects
    asked = where.metrics or topic.metrics
    metrics = tuple(each for each in topic.metrics if each in words.metrics and each in asked)
    if not metrics:
        return []
    selected = where._replace(metrics=metrics, subjects=subjects).series(source.store)
    if wanted.by == "destination" and not where.destinations:
        selected = [series for series in selected if series.destination != WORLD]
    return selected


def expected_series(
    topic: Topic, series: Sequence[Series], wanted: Query, *, every_count: bool = False
) -> list[Series]:
    """Those of *series* that a reader expects who did not ask for the others by name.

    Who names a maker, a place or a source wants all that is known of it; *every_count* keeps all
    scopes and counters.
    """
    where = wanted.where
    named = _names_something(topic, wanted)
    shown = topic.metrics if where.metrics else (*topic.first, *(topic.then if named else ()))
    chosen = [each for each in series if each.metric in shown]
    if named:
        return chosen
    if topic.places and wanted.by != "destination":
        chosen = [
            each
            for each in chosen
            if each.destination in topic.places
            or (HOME in topic.places and each.destination == each.subject)
        ] or chosen
    if every_count:
        return chosen
    if topic.scopes and not where.scopes and wanted.by != "scope":
        chosen = [each for each in chosen if each.scope in topic.scopes] or chosen
    if not where.publishers and wanted.by != "publisher":
        chosen = [each for each in chosen if each.publisher != UNNAMED] or chosen
    return chosen


def _names_something(topic: Topic, wanted: Query) -> bool:
    """Whether the question names a place, a source, or somebody the topic is not about anyway."""
    where = wanted.where
    return bool(where.destinations or where.sources or set(where.subjects) - set(topic.subjects))


def _with_members(subjects: Sequence[str], words: Vocabulary) -> tuple[str, ...]:
    """Makers and groups stand with their brands; a country stands for itself alone."""
    result = list(subjects)
    for subject in subjects:
        known = words.subjects.get(subject)
        if known is not None and known.kind is not SubjectKind.COUNTRY:
            result += [each for each in words.subjects if words.belongs_to(each, subject)]
    return tuple(dict.fromkeys(result))


_LINE = 80  # what fits a screen
_ROOM = 20  # for a label before it takes two lines
_UNNAMED = "not named"
_TITLE = 70  # the unit stands behind it
_YEARS = 3  # full years of an open question
_MONTHS = 2  # newest months behind them
_EVERYWHERE = (WORLD, ABROAD)
_WHOLES = ("all", "passenger", "light")  # what a register means by all
_SHARE = HumanColumn(
    "market share", View.SHARE, ("of_market", "of_market_low", "of_market_high"), optional=3
)


def topic_answer(source: Figures, topic: Topic, wanted: Query) -> Answer:
    """What a reader expects, in groups that must not be mixed, chosen for one screen.

    One row per series for a year or period that is asked for; else full years and the newest
    months; broken down by windows, one per window. The rows are all that is known of it.
    """
    selected = topic_series(source, topic, wanted)
    expected = expected_series(topic, selected, wanted, every_count=source.include_deprecated)
    known = source.of_all(expected, few=wanted.by not in BY_WINDOW)
    if not any(each.periods for each in known):
        known = source.of_all(selected, few=wanted.by not in BY_WINDOW)
    flows = [each.observed_periods for each in known if not is_stock(source, each.series)]
    chief = chief_year(flows, wanted.when)
    leads = _leads(source, topic, known, wanted)
    windows = {each.series.id: _windows(source, each, wanted, leads) for each in known}
    notes: list[str] = []
    now = wanted.when.is_open or wanted.when.latest
    last_year = chief_year(flows, When()) if topic.newest and now else None
    if last_year is not None and not _names_something(topic, wanted):
        old = [each for each in known if not _is_recent(windows[each.series.id], last_year)]
        known = [each for each in known if each not in old]
        left_out = sum(bool(each.periods) for each in old)
        if left_out:
            notes.append(f"{left_out} series without a figure since {last_year} are left out")
    plans: list[Figure] = []
    figures = admitted(
        (
            figure
            for each in known
            for period in windows[each.series.id]
            for figure in source.figures_at(each.series, period)
        ),
        wanted,
        plans,
    )
    page = _Screenful(source, topic, wanted, chief, leads, figures)
    answer = page.answer(source, notes, plans)
    if page.figures:
        shown = {each.series for each in known}
        return answer._replace(more=_more(topic, selected, shown, wanted, source.words, plans))
    plants = [f"; see {each}" for each in _plants(topic, wanted, source.words)]
    hint = answer.hint or nothing_hint(source, known, wanted, topic.first)
    return answer._replace(hint="".join([hint, *plants]))


def chief_year(observed: Iterable[Sequence[Period]], when: When) -> Period | None:
    """The period that rows should share: the one asked for, else the last full year.

    That is the newest year asked for that at least half as many series have as any other; None
    where the question is for something else.
    """
    if when.period is not None or when.latest:
        return when.period
    if when.year_period is not None:
        return when.year_period
    years = Counter(
        period
        for periods in observed
        for period in when.pick(periods)
        if period.window is Window.YEAR
    )
    most = max(years.values(), default=0)
    return max((each for each in years if 2 * years[each] >= most), default=None)


def is_stock(source: Figures, series: Series) -> bool:
    """Whether the series counts at a date and not over a period."""
    metric = source.words.metrics.get(series.metric)
    return metric is not None and metric.kind.is_stock


def _leads(
    source: Figures, topic: Topic, known: Sequence[SeriesFigures], wanted: Query
) -> frozenset[str]:
    """The series that stand for each maker, by the one rule of all commands."""
    if topic.group != "metric":
        return frozenset()
    metric = topic.first[0]
    where = wanted.where
    subjects = dict.fromkeys(e.series.subject for e in known if e.series.metric == metric)
    found = set()
    for subject in subjects:
        only = where._replace(subjects=(subject,), metrics=(metric,))
        found |= {each.id for each in counts(source, wanted._replace(where=only))[:1]}
    return frozenset(found)


def _windows(
    source: Figures, each: SeriesFigures, wanted: Query, leads: Collection[str]
) -> list[Period]:
    """The windows of one series to show, oldest first.

    A year that no source states is derived where the series stands for a maker.
    """
    when = wanted.when
    if wanted.by in BY_WINDOW:
        return windows_for(each, wanted)

    def follows(year: Period) -> bool:
        return each.series.id in leads and is_answer(source.operand(each.series, year))

    best = best_window(each, wanted)
    if when.year_period is not None and best != when.year_period and follows(when.year_period):
        return [when.year_period]
    if when.year is not None or when.period is not None or when.latest:
        return [best] if best else []
    asked = when.pick(answering(each, wanted))
    observed = set(each.observed_periods)
    plans = [period for period in asked if period not in observed]
    years = [period for period in asked if period in observed and period.window is Window.YEAR]
    if not years:
        return [*([best] if best and best not in plans else []), *plans]
    if not _is_range(when):
        years = [year for year in years if (year.year or 0) > (years[-1].year or 0) - _YEARS]
    run = Period(years[0].start, years[-1].end).split_into(12)
    later = [period for period in asked if period in observed and _after(period, years[-1].end)]
    months = [period for period in later if period.window is Window.MONTH]
    return [
        *(year for year in run if year in years or follows(year)),
        *(months[-_MONTHS:] or later[-1:]),
        *plans,
    ]


def _is_range(when: When) -> bool:
    return bool(when.since or when.until or when.periods)


def _after(period: Period, end: date | None) -> bool:
    return end is not None and period.start is not None and period.start >= end


def _is_recent(windows: Sequence[Period], chief: Period) -> bool:
    """Whether one of *windows* ends within or after the last full year."""
    return any(each.end and chief.start and each.end > chief.start for each in windows)


# how far down a reader would look for a row
_LEAD, _CHIEF, _NEWEST, _NEWEST_OF_REST, _PLAN, _PART, _LATER, _REGION, _OTHER, _REPEAT = range(10)


class _Screenful:
    """The figures of one answer in reading order, their groups and labels, and what fits a screen.

    Groups stand in the order of the vocabulary or of the topic; in them places and makers stand
    by size, scopes in the order of the topic, windows by calendar.
    """

    def __init__(
        self,
        source: Figures,
        topic: Topic,
        wanted: Query,
        chief: Period | None,
        leads: Collection[str],
        figures: Sequence[Figure],
    ) -> None:
        self._topic, self._wanted, self._chief = topic, wanted, chief
        self._words = source.words
        self._leads = leads
        self._named = _names_something(topic, wanted)
        when = wanted.when
        self._focused = bool(self._named or wanted.where.scopes or _is_range(when))
        self._counters = {each: index for index, each in enumerate(self._words.publishers)}
        self._sizes: dict[str, tuple[bool, Fraction]] = {}
        for each in figures:
            size = (chief is None or each.period == chief, _known(each) or Fraction(0))
            self._sizes[each.series.id] = max(self._sizes.get(each.series.id, size), size)
        groups: dict[str, list[Figure]] = {}
        for each in figures:
            groups.setdefault(self._group(each), []).append(each)
        self.figures: list[Figure] = []
        for inside in sorted(groups.values(), key=self._group_order):
            self.figures += sorted(inside, key=self._order_in(inside))
        self._shares = {
            _share_key(each): each for each in self.figures if each.series.metric == "market-share"
        }
        self._repeats = self._repeated()
        self._stand = self._standing()
        self.screen = self._chosen()

    def _group(self, figure: Figure) -> str:
        return str(getattr(figure.series, self._topic.group))

    def _group_order(self, inside: Sequence[Figure]) -> tuple[bool, bool, int, str]:
        """Plans alone last, and counters without a figure for the chief period."""
        group = self._group(inside[0])
        planned = all(each.is_plan for each in inside)
        if self._topic.group == "metric":
            return planned, False, self._topic.metrics.index(group), group
        own = self._words.is_own_count(group)
        order = -1 if own else self._counters.get(group, len(self._counters))
        return planned, not any(self._sizes[e.series.id][0] for e in inside), order, group

    def _order_in(self, group: Sequence[Figure]) -> Callable[[Figure], tuple[object, ...]]:
        """Where a row stands among those of its *group*."""
        topic, words = self._topic, self._words
        scopes = topic.scopes or ("all",)
        kinds = ("subject", "destination")
        sized = any(len({getattr(each.series, kind) for each in group}) > 1 for kind in kinds)

        def place(figure: Figure) -> tuple[object, ...]:
            series = figure.series
            chief, size = self._sizes[series.id]
            abroad = series.destination in _EVERYWHERE
            return (
                topic.metrics.index(series.metric),
                figure.is_plan,
                bool(self._leads) and abroad and series.id not in self._leads,
                (not abroad, not chief, -size) if sized else (),
                scopes.index(series.scope) if series.scope in scopes else len(scopes),
                len(list(words.scope_and_wholes(series.scope))),
                self._counters.get(series.publisher, 0),
                series.id,
                figure.period.sort_key,
            )

        return place

    def _repeated(self) -> dict[str, Figure]:
        """Figures that another counter has, too, each with the one that stands for both."""
        first: dict[tuple[object, ...], Figure] = {}
        repeats = {}
        for each in self.figures:
            series = each.series
            same = (series.subject, series.metric, series.scope, series.destination, each.period)
            other = first.setdefault((*same, each.value, each.bounds), each)
            if other.series.publisher != series.publisher:
                repeats[each.id] = other
        return repeats

    def _standing(self) -> set[str]:
        """The series that stand for a maker in a place; all where counters are the groups."""
        by_place = self._wanted.by in ("destination", "subject")
        if self._topic.group != "metric" and not by_place:
            return {each.series.id for each in self.figures}
        standing: dict[tuple[str, ...], tuple[tuple[object, ...], str]] = {}
        for each in self.figures:
            series = each.series
            counted_by = series.publisher if by_place else ""
            key = (series.subject, series.destination, series.metric, counted_by)
            depth = len(list(self._words.scope_and_wholes(series.scope)))
            counter = self._counters.get(series.publisher, 0)
            rank = (series.id not in self._leads, not self._sizes[series.id][0], depth, counter)
            standing[key] = min(standing.get(key, (rank, series.id)), (rank, series.id))
        stand = {id for _, id in standing.values()}
        regions = [
            each.series
            for each in self.figures
            if each.series.id in stand and is_region(each.series.destination, self._words)
        ]
        return stand - {each.id for each in regions if self._lies_in_another(each, regions)}

    def _lies_in_another(self, region: Series, regions: Iterable[Series]) -> bool:
        """Whether the same counter has a wider region, so that the two are not set side by side."""
        return any(
            (each.subject, each.metric, each.publisher)
            == (region.subject, region.metric, region.publisher)
            and each.destination != region.destination
            and self._words.reaches(region.destination, each.destination)
            for each in regions
        )

    def _level(self, figure: Figure, *, lead: bool, first: bool, newest: bool) -> int:
        """How far down a reader would look for a row that is no rival of another.

        *lead* is the first series of all, *first* one of its group, *newest* its last window.
        """
        series, chief = figure.series, self._chief
        lead = lead and self._focused
        if figure.is_plan:
            return _PLAN
        if not is_answer(figure) and figure.yoy is None:
            return _OTHER
        by_place = self._wanted.by == "destination" and not self._named
        if by_place and is_region(series.destination, self._words):
            return _REGION
        if chief is None or figure.period == chief:
            aside = chief is None and not self._focused and series.destination not in _EVERYWHERE
            return _LEAD if lead else _NEWEST if aside and not first else _CHIEF
        if lead:
            return _LEAD
        if not self._topic.newest and not self._sizes[series.id][0]:
            return _CHIEF if first else _NEWEST  # the one window that it has
        if chief.overlaps(figure.period):
            return _PART
        if not _after(figure.period, chief.end):
            return _PART if newest and not self._sizes[series.id][0] else _LATER
        return _NEWEST if first else _NEWEST_OF_REST if newest else _LATER

    def _chosen(self) -> tuple[int, ...] | None:
        """The rows for one screen: the chief windows first, then the newest, then the past."""
        figures = self.figures
        if self._wanted.by in BY_WINDOW:
            ids = list(dict.fromkeys(each.series.id for each in figures))
            lead = [index for index, each in enumerate(figures) if each.series.id == ids[0]]
            return tuple(lead[-SCREEN_ROWS:]) if len(figures) > SCREEN_ROWS else None
        standing, labels = self._stand, self._labels()
        newest = {e.series.id: e.id for e in figures if not e.is_plan}
        levels: list[int] = []
        firsts: dict[str, str] = {}
        keys = {_share_key(e) for e in figures if not e.series.metric.endswith("-share")}
        shown_beside = {each.id for key, each in self._shares.items() if key in keys}
        for each in figures:
            series = each.series
            first = firsts.setdefault(self._group(each), series.id) == series.id
            level = self._level(
                each,
                lead=series.id == figures[0].series.id,
                first=first,
                newest=newest.get(series.id) == each.id,
            )
            if each.id in self._repeats or each.id in shown_beside:
                level = _REPEAT
            if series.metric.endswith("-share") and not self._wanted.where.metrics:
                level = max(level, _OTHER)
            levels.append(level if series.id in standing else max(level, _OTHER))
        last = _PLAN if self._wanted.where.plans else _NEWEST_OF_REST
        if self._focused:
            last = _PART if self._named and not _is_range(self._wanted.when) else _LATER
        seen = [index for index, level in enumerate(levels) if level <= last]
        order = sorted(seen or range(len(levels)), key=lambda i: (levels[i], i))
        lines = itertools.accumulate(1 + len(labels[i]) // _ROOM for i in order)
        chosen = [i for i, line in zip(order, lines, strict=True) if line <= SCREEN_ROWS]
        return tuple(sorted(chosen)) if len(chosen) < len(figures) else None

    def _labels(self) -> list[str]:
        """What tells the rows of a group apart and is not in the title."""
        words, by_counter = self._words, self._topic.group == "publisher"
        series = {each.series.id: each.series for each in self.figures}
        varied = {
            kind
            for kind in ("subject", "metric", "destination", "scope")
            if len({getattr(each, kind) for each in series.values()}) > 1
        } - {self._topic.group}

        at_home = {each.metric for each in series.values() if each.destination == each.subject}

        def name(kind: str, each: Series) -> str:
            if kind == "subject":
                known = self._wanted.where.subjects == (each.subject,) or each.subject == "CN"
                return "" if known else short_in(words.subjects, each.subject)
            if kind == "metric":
                return small(short_in(words.metrics, each.metric))
            if kind == "scope":
                return small(short_in(words.scopes, each.scope))
            if kind == "method":
                method = words.methods.get(each.method)
                return (method.short or small(method.name)) if method else each.method
            place = each.destination
            if place == ABROAD:
                return place if each.metric in at_home else ""
            name = name_in(words.destinations, place)
            return "" if place == WORLD else "at home" if place == each.subject else name

        kinds = [kind for kind in ("subject", "metric", "destination") if kind in varied]
        labels = {
            id: ", ".join(filter(None, [name(kind, each) for kind in kinds]))
            for id, each in series.items()
        }
        for kind in ("scope", "method"):
            keys = {
                id: (getattr(each, self._topic.group), each.publisher, labels[id])
                for id, each in series.items()
            }
            shared = Counter(keys.values())
            for id, each in series.items():
                needed = by_counter and kind in varied
                needed |= shared[keys[id]] > 1 and (id not in self._stand or by_counter)
                if kind == "scope" and not by_counter and len(self._wanted.where.scopes) != 1:
                    needed |= each.scope not in _WHOLES
                if kind == "method":
                    needed |= each.method in self._topic.methods
                if needed and not (kind == "scope" and each.scope == "all" and labels[id]):
                    labels[id] = ", ".join(filter(None, [labels[id], name(kind, each)]))
        return [labels[each.series.id] for each in self.figures]

    def answer(self, source: Figures, notes: Sequence[str], plans: Sequence[Figure]) -> Answer:
        """The answer with its title, its columns and what stands below."""
        words, by_counter = self._words, self._topic.group == "publisher"
        answer = figures_answer(self.figures, source.store, plans=plans)
        rows: list[dict[str, Value]] = []
        for row, figure, label in zip(answer.rows, self.figures, self._labels(), strict=True):
            series = figure.series
            unnamed = series.publisher == UNNAMED
            counter = _UNNAMED if unnamed else words.publisher_name(series.publisher)
            metric = small(short_in(words.metrics, series.metric))
            share = self._shares.get(_share_key(figure))
            rows.append(
                {
                    **row,
                    **with_bounds("of_market", None if share is figure else share),
                    "what": label,
                    "group": counter if by_counter else metric,
                    "counter": "own count" if words.is_own_count(series.publisher) else counter,
                }
            )
        seen = rows if self.screen is None else [rows[index] for index in self.screen]
        seen_groups = list(dict.fromkeys(str(row["group"]) for row in seen))
        groups = {row["group"] for row in rows}
        counters = {str(row["counter"]) for row in rows}
        views = figure_views(_SHARE, without=() if any(r["what"] for r in rows) else ("what",))
        if len(groups) > 1:
            head = "counted by" if by_counter else ""
            views = (HumanColumn(head, View.GROUP, ("group",)), *views)
        if len(counters) > 1 and not by_counter:
            at = [view.head for view in views].index("period")
            views = (*views[:at], HumanColumn("counted by", fields=("counter",)), *views[at:])
        return answer._replace(
            rows=rows,
            views=views,
            group_by="group" if len(seen_groups) > 1 else "",
            title=self._title(counters),
            notes=(*self._notes(rows), *notes, *answer.notes),
            caution=self._caution([name for name in seen_groups if name != _UNNAMED]),
            screen=self.screen,
        )

    def _caution(self, groups: Sequence[str]) -> str:
        text = self._topic.caution.format(groups=joined(groups))
        if len(text) > _LINE:
            text = self._topic.caution.format(groups="these counters")
        if len(groups) > 1:
            return text
        counters = {each.series.publisher for each in self.figures}
        own = len(counters) > 1 and all(map(self._words.is_own_count, counters))
        return "each maker decides what it counts" if own else ""

    def _title(self, counters: Collection[str]) -> str:
        """What was read: who, where, which part, who counted, when."""
        text = " · ".join(self._parts(counters))
        return text if len(text) <= _TITLE else text.replace("counted by ", "")

    def _parts(self, counters: Collection[str]) -> Iterator[str]:
        where, words = self._wanted.where, self._words
        yield topic_title(self._topic.titles, words, self._wanted)
        if where.metrics and where.metrics != self._topic.first[:1]:
            yield joined([small(short_in(words.metrics, each)) for each in where.metrics])
        if counters == {"own count"}:
            one = len({each.series.subject for each in self.figures}) == 1
            yield "its own count" if one else "makers' own counts"
        elif len(counters) == 1:
            yield f"counted by {next(iter(counters))}"
        periods = {each.period for each in self.figures}
        when = period_title(self._wanted.when)
        if self._wanted.by in BY_WINDOW:
            yield f"by {self._wanted.by}"
        if when or len(periods) == 1:
            yield when or next(iter(periods)).label

    def _notes(self, rows: Sequence[Row]) -> Iterator[str]:
        """What is known of a part of the year alone, and what two counters say alike."""
        chosen = range(len(rows)) if self.screen is None else self.screen
        seen = {self.figures[index].id for index in chosen} | {*self._repeats}
        names = {figure.id: row for figure, row in zip(self.figures, rows, strict=True)}
        parts = []
        if self._chief is not None and self._wanted.by not in BY_WINDOW:
            for each in self.figures:
                if each.id not in seen and self._chief.contains(each.period):
                    row, value = names[each.id], _known(each)
                    when = each.period.label.removesuffix(f" {self._chief}")
                    what = " ".join(filter(None, [str(row["group"]), str(row["what"])]))
                    if value is not None and each.period != self._chief:
                        parts.append(f"{what} {human(value)} ({when})")
        if parts and self._wanted.when.year is not None:
            yield f"part of {self._chief}: {', '.join(parts)}"
        for id, other in self._repeats.items():
            repeat, first = names[id], names[other.id]
            what = f" ({repeat['what']})" if repeat["what"] else ""
            yield f"{repeat['counter']} repeats the figure of {first['counter']}{what}"


def _share_key(figure: Figure) -> tuple[object, ...]:
    series = figure.series
    return series.subject, series.scope, series.destination, series.publisher, figure.period


def is_region(destination: str, words: Vocabulary) -> bool:
    """Whether a destination is more than one country: it has members, or no country's code."""
    known = words.destinations.get(destination)
    return len(destination) != 2 or bool(known and known.members)


def _known(figure: Figure) -> Fraction | None:
    """The value, else an end of its bounds that is known."""
    return next((each for each in (figure.value, *figure.bounds) if each is not None), None)


def _more(
    topic: Topic,
    selected: Iterable[Series],
    known: Collection[Series],
    wanted: Query,
    words: Vocabulary,
    plans: Sequence[Figure],
) -> str:
    """What else there is and how to ask for it, in one line."""
    where, ways = wanted.where, []
    rest = [each for each in selected if each not in known]
    if not wanted.by and topic.newest:
        ways.append("month")
    if topic.places and not where.destinations and wanted.by != "destination":
        elsewhere = any(each.destination not in topic.places for each in (*rest, *known))
        ways += ["destination"] if elsewhere else []
    if topic.scopes and not where.scopes and wanted.by != "scope":
        ways += ["scope"] if any(each.scope not in topic.scopes for each in rest) else []
    left = {each.metric for each in rest}
    shown = {each.metric for each in known}
    metrics = [each for each in topic.metrics if each in left - shown and not where.metrics]
    ways = [f"--by {way}" for way in ways]
    ways += [f"--metric {metrics[0]}{' ...' if len(metrics) > 1 else ''}"] if metrics else []
    ways += ["--plans"] if plans else []
    plants = _plants(topic, wanted, words)
    return f"also: {', '.join([*ways, *plants])}" if ways or plants else ""


def _plants(topic: Topic, wanted: Query, words: Vocabulary) -> list[str]:
    """The command that shows the plants of those named, with what was invested in each."""
    where = wanted.where
    named = [each for each in where.subjects if each != "CN"]
    places = [name_in(words.destinations, each).lower() for each in where.destinations]
    return (
        [f"evcli plants {' '.join([*named, *places])}"] if topic.plants and named + places else []
    )
