"""The rows of a topic as people read them: order, labels, and what fits one screen."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from evcli.model import ABROAD, WORLD
from evcli.model.answer import SCREEN_ROWS, Answer, HumanColumn, Row, Value, View
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import Vocabulary
from evcli.query.figures import Figures, is_missing
from evcli.query.names import short_name
from evcli.query.rows import figure_views, figures_answer, with_bounds
from evcli.query.selection import BY_WINDOW, UNNAMED, Query, When
from evcli.query.titles import period_title, possessive, topic_title
from evcli.query.topic_table import Topic
from evcli.text.lists import listed
from evcli.text.numbers import human

EVERYWHERE = (WORLD, ABROAD)
_LINE, _TITLE = 80, 70  # what fits a screen, and a title beside the unit
_NUMBERS = 29  # cells for a value and its growth on the year before
_LEAST = 12  # cells for a label
_WHOLES = ("all", "passenger", "light")  # what a register means by all
_OWN, _UNNAMED = "own count", "not named"
_SHARE = HumanColumn(
    "market share", View.SHARE, ("of_market", "of_market_low", "of_market_high"), optional=3
)
# how far down a reader would look for a row
_LEAD, _CHIEF, _NEWEST, _NEWEST_OF_REST, _PLAN, _PART, _PAST, _OTHER = range(8)


class TopicScreen:
    """The figures of one answer in reading order, their groups and labels, and what fits a screen.

    *chief* is the period that rows should share, *leads* are the series that stand for a maker,
    *named* says whether a maker or place is. Groups stand in the order of the vocabulary or of the
    topic; in them places and makers stand by size, scopes in the order of the topic, windows by
    calendar.
    """

    def __init__(
        self,
        words: Vocabulary,
        topic: Topic,
        wanted: Query,
        figures: Sequence[Figure],
        *,
        chief: Period | None,
        leads: Collection[str],
        named: bool,
    ) -> None:
        self._words, self._topic, self._wanted = words, topic, wanted
        self._chief, self._leads, self._named = chief, leads, named
        where = wanted.where
        other = set(where.metrics) - set(topic.first)
        self._focused = bool(named or where.scopes or other or is_range(wanted.when))
        self._counters = {each: index for index, each in enumerate(words.publishers)}
        self._sizes: dict[str, tuple[bool, Fraction]] = {}
        for each in figures:
            size = (chief is None or each.period == chief, _known(each) or Fraction(0))
            self._sizes[each.series.id] = max(self._sizes.get(each.series.id, size), size)
        groups: dict[str, list[Figure]] = {}
        for each in figures:
            groups.setdefault(self._group(each.series), []).append(each)
        self.figures: list[Figure] = []
        for inside in sorted(groups.values(), key=self._group_order):
            series = {each.series for each in inside}
            sized = len({each.subject for each in series}) > 1
            sized |= len({each.destination for each in series}) > 1
            self.figures += sorted(inside, key=lambda each: self._order(each, sized=sized))
        self._series = list(dict.fromkeys(each.series for each in self.figures))
        self._shares = {
            _share_key(each): each for each in self.figures if each.series.metric == "market-share"
        }
        self._repeats = self._repeated()
        self._stand = self._standing()
        self._labels = self._labelled()
        self.screen = self._chosen()

    def _group(self, series: Series) -> str:
        return str(getattr(series, self._topic.group))

    def _group_order(self, inside: Sequence[Figure]) -> tuple[bool, bool, int, str]:
        """Plans alone last, and counters without a figure for the chief period."""
        group = self._group(inside[0].series)
        planned = all(each.is_plan for each in inside)
        if self._topic.group == "metric":
            return planned, False, self._topic.metrics.index(group), group
        own = self._words.is_own_count(group)
        order = -1 if own else self._counters.get(group, len(self._counters))
        return planned, not any(self._sizes[e.series.id][0] for e in inside), order, group

    def _order(self, figure: Figure, *, sized: bool) -> tuple[object, ...]:
        """Where a row stands in its group, places and makers by size where it has several."""
        series, topic = figure.series, self._topic
        chief, size = self._sizes[series.id]
        abroad = series.destination in EVERYWHERE
        scopes = topic.scopes or ("all",)
        return (
            topic.metrics.index(series.metric),
            figure.is_plan,
            bool(self._leads) and abroad and series.id not in self._leads,
            (not abroad, not chief, -size) if sized else (),
            scopes.index(series.scope) if series.scope in scopes else len(scopes),
            self._depth(series),
            self._counters.get(series.publisher, 0),
            series.id,
            figure.period.sort_key,
        )

    def _depth(self, series: Series) -> int:
        return len(list(self._words.scope_and_wholes(series.scope)))

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
            return {each.id for each in self._series}

        def rank(each: Series) -> tuple[object, ...]:
            counter = self._counters.get(each.publisher, 0)
            chief = self._sizes[each.id][0]
            width = -len(self._words.countries_in(each.destination))
            return width, each.id not in self._leads, not chief, self._depth(each), counter

        def covers(one: Series, other: Series) -> bool:
            if (one.subject, one.metric) != (other.subject, other.metric):
                return False
            same = one.publisher == other.publisher
            if one.destination == other.destination:
                return same or not by_place
            region = is_region(other.destination, self._words) and one.destination not in EVERYWHERE
            return same and region and self._words.reaches(other.destination, one.destination)

        standing: list[Series] = []
        for each in sorted(self._series, key=rank):
            if not any(covers(other, each) for other in standing):
                standing.append(each)
        return {each.id for each in standing}

    def _level(self, figure: Figure, *, first: bool, newest: bool) -> int:
        """How far down a reader would look for a row; the *first* series of its group comes first,
        and the *newest* window of any other.
        """
        series, chief = figure.series, self._chief
        share = series.metric.endswith("-share") and not self._wanted.where.metrics
        region = self._wanted.by == "destination" and is_region(series.destination, self._words)
        if share or (region and not self._named) or figure.id in self._repeats:
            return _OTHER
        if series.id not in self._stand or (not is_close(figure) and figure.yoy is None):
            return _OTHER
        if figure.is_plan:
            return _PLAN
        if self._focused and series == self._series[0]:
            return _LEAD
        if chief is None or figure.period == chief:
            aside = chief is None and not self._focused and series.destination not in EVERYWHERE
            return _NEWEST if aside and not first else _CHIEF
        has_chief = self._sizes[series.id][0]
        if not self._topic.newest and not has_chief:
            return _CHIEF if first else _NEWEST  # the one window that it has
        if chief.overlaps(figure.period):
            return _PART
        if not after(figure.period, chief):
            return _PART if newest and not has_chief else _PAST
        return _NEWEST if first else _NEWEST_OF_REST if newest else _PAST

    def _chosen(self) -> tuple[int, ...] | None:
        """The rows for one screen: the chief windows first, then the newest, then the past."""
        figures, indexes = self.figures, range(len(self.figures))
        if self._wanted.by in BY_WINDOW:
            lead = [index for index in indexes if figures[index].series == self._series[0]]
            return tuple(lead[-SCREEN_ROWS:]) if len(figures) > SCREEN_ROWS else None
        newest = {each.series.id: each.id for each in figures if not each.is_plan}
        firsts = {self._group(each): each for each in reversed(self._series)}.values()
        levels = [
            self._level(
                each, first=each.series in firsts, newest=newest.get(each.series.id) == each.id
            )
            for each in figures
        ]
        last = _PLAN if self._wanted.where.plans else _NEWEST_OF_REST
        if self._focused:
            last = _PART if self._named and not is_range(self._wanted.when) else _PAST
        order = sorted(indexes, key=lambda index: (levels[index], index))
        seen = [index for index in order if levels[index] <= last] or order
        room = self._room([figures[index] for index in seen[:SCREEN_ROWS]])
        lines = itertools.accumulate(_lines(self._labels[index], room) for index in seen)
        chosen = [index for index, line in zip(seen, lines, strict=True) if line <= SCREEN_ROWS]
        return tuple(sorted(chosen)) if len(chosen) < len(figures) else None

    def _room(self, figures: Sequence[Figure]) -> int:
        """The cells of a line that the other columns leave to labels."""
        columns = [
            {self._group_name(each.series) for each in figures},
            {each.period.label for each in figures},
        ]
        if self._topic.group != "publisher":
            columns.append({self._counter(each.series) for each in figures})
        if self._shares and len(columns[1]) == 1:  # else the share has no room
            columns.append({_SHARE.head, ""})
        widths = [max(map(len, each)) + 2 for each in columns if len(each) > 1]
        return max(_LEAST, _LINE - _NUMBERS - sum(widths))

    def _group_name(self, series: Series) -> str:
        if self._topic.group == "publisher":
            return self._counter(series, own="")
        return short_name("metric", series.metric, self._words)

    def _counter(self, series: Series, own: str = _OWN) -> str:
        """Who counted, by the name that tables use; a maker that counts itself is *own*."""
        if own and self._words.is_own_count(series.publisher):
            return own
        unnamed = series.publisher == UNNAMED
        return _UNNAMED if unnamed else self._words.publisher_name(series.publisher)

    def _labelled(self) -> list[str]:
        """What tells the rows of a group apart and is not in the title."""
        by_counter = self._topic.group == "publisher"
        several_scopes = len(self._wanted.where.scopes) != 1

        def varies(kind: str) -> bool:
            met = {getattr(each, kind) for each in self._series}
            return kind != self._topic.group and len(met) > 1

        kinds = [kind for kind in ("subject", "metric", "destination") if varies(kind)]
        labels = {
            each.id: [name for kind in kinds if (name := self._name(kind, each))]
            for each in self._series
        }
        for kind in ("scope", "method"):
            keys = {e.id: (self._group(e), e.publisher, *labels[e.id]) for e in self._series}
            shared = Counter(keys.values())
            for each in self._series:
                label = labels[each.id]
                needed = each.method in self._topic.methods
                if kind == "scope":
                    part = several_scopes and each.scope not in _WHOLES
                    needed = varies(kind) if by_counter else part
                rival = by_counter or each.id not in self._stand
                needed |= rival and shared[keys[each.id]] > 1
                if needed and not (kind == "scope" and each.scope == "all" and label):
                    label.append(self._name(kind, each))
        return [", ".join(labels[each.series.id]) for each in self.figures]

    def _name(self, kind: str, series: Series) -> str:
        """What a label says of one dimension; empty where that is clear."""
        words, id = self._words, str(getattr(series, kind))
        if kind == "subject":
            known = (
                id == "CN" and self._wanted.by != "subject"
            ) or self._wanted.where.subjects == (id,)
            return "" if known else short_name(kind, id, words)
        if kind != "destination":
            return short_name(kind, id, words)
        if id == series.subject:
            return "at home"
        if id not in EVERYWHERE:
            return short_name(kind, id, words)
        others = {e.destination == e.subject for e in self._series if e.metric == series.metric}
        return id if id == ABROAD and True in others else ""

    def answer(self, source: Figures, notes: Sequence[str], plans: Sequence[Figure]) -> Answer:
        """The answer with its title, its columns and what stands below."""
        by_counter = self._topic.group == "publisher"
        answer = figures_answer(self.figures, source.store, plans=plans)
        rows: list[dict[str, Value]] = []
        for row, figure, label in zip(answer.rows, self.figures, self._labels, strict=True):
            series, key = figure.series, _share_key(figure)
            share = self._shares.get(key) if not series.metric.endswith("-share") else None
            group, counter = self._group_name(series), self._counter(series)
            whole = ABROAD if series.destination == ABROAD else self._name("scope", series)
            told = {"what": label, "part": label or whole, "group": group, "counter": counter}
            rows.append({**row, **with_bounds("of_market", share), **told})
        seen = rows if self.screen is None else [rows[index] for index in self.screen]
        groups = list(dict.fromkeys(str(row["group"]) for row in seen))
        counters = {str(row["counter"]) for row in rows}
        views = figure_views(_SHARE, without=("what",))
        if any(self._labels):  # then a row without one is about the whole
            views = (HumanColumn("what", fields=("part",)), *views)
        if len({row["group"] for row in rows}) > 1:
            head = "counted by" if by_counter else ""
            views = (HumanColumn(head, View.GROUP, ("group",)), *views)
        if len(counters) > 1 and not by_counter:
            at = [view.head for view in views].index("period")
            views = (*views[:at], HumanColumn("counted by", fields=("counter",)), *views[at:])
        title = " · ".join(self._title(counters))
        return answer._replace(
            rows=rows,
            views=views,
            group_by="group" if len(groups) > 1 else "",
            title=title if len(title) <= _TITLE else _shorter(title),
            notes=(*self._notes(rows), *notes, *answer.notes),
            caution=self._caution([each for each in groups if each != _UNNAMED], counters),
            screen=self.screen,
        )

    def _caution(self, groups: Sequence[str], counters: Collection[str]) -> str:
        if len(groups) > 1:
            text = self._topic.caution.format(groups=listed(groups))
            brief = self._topic.caution.format(groups="these counters")
            return text if len(text) <= _LINE else brief
        own = counters == {_OWN} and len({each.publisher for each in self._series}) > 1
        return "each maker decides what it counts" if own else ""

    def _title(self, counters: Collection[str]) -> Iterator[str]:
        """What was read: who, where, which part, who counted, when."""
        where, words = self._wanted.where, self._words
        yield topic_title(self._topic.titles, words, self._wanted)
        if where.metrics and where.metrics != self._topic.first[:1]:
            yield listed([short_name("metric", each, words) for each in where.metrics])
        if counters == {_OWN}:
            makers = {each.publisher for each in self._series}
            whose = "their" if len(makers) > 1 else "its"
            if not where.subjects:
                one = possessive(words.publisher_name(min(makers)))
                whose = "makers'" if len(makers) > 1 else one
            yield f"{whose} own count{'s'[: len(makers) > 1]}"
        elif len(counters) == 1:
            yield f"counted by {next(iter(counters))}"
        if self._wanted.by in (*BY_WINDOW, "destination"):
            yield f"by {self._wanted.by}"
        periods = {each.period.label for each in self.figures}
        if when := period_title(self._wanted.when) or "".join(periods if len(periods) == 1 else ()):
            yield when

    def _notes(self, rows: Sequence[Row]) -> Iterator[str]:
        """What is known of a part of the year alone, and what two counters say alike."""
        names = {str(row["id"]): row for row in rows}
        seen = range(len(rows)) if self.screen is None else self.screen
        parts = []
        for index, (row, each) in enumerate(zip(rows, self.figures, strict=True)):
            value, year = _known(each), self._wanted.when.year_period
            part = year is not None and year.contains(each.period) and each.period != year
            hidden = index not in seen and each.id not in self._repeats
            if part and hidden and value is not None and self._wanted.by not in BY_WINDOW:
                when = each.period.label.removesuffix(f" {year}")
                what = " ".join(filter(None, [str(row["group"]), self._labels[index]]))
                parts.append(f"{what} {human(value)} ({when})")
        if parts:
            yield f"part of {self._wanted.when.year}: {', '.join(parts)}"
        for id, other in self._repeats.items():
            repeat, first = names[id], names[other.id]
            what = f" ({repeat['what']})" if repeat["what"] else ""
            yield f"{repeat['counter']} repeats the figure of {first['counter']}{what}"


def is_range(when: When) -> bool:
    """Whether several periods are asked for."""
    return bool(when.since or when.until or when.periods)


def is_region(destination: str, words: Vocabulary) -> bool:
    """Whether a destination is more than one country: it has members, or no country's code."""
    known = words.destinations.get(destination)
    return len(destination) != 2 or bool(known and known.members)


def is_close(figure: Figure) -> bool:
    """Whether a figure is stated, or derived closely enough to be taken."""
    if figure.basis != "derived":
        return not is_missing(figure)
    from evcli.query.choice import is_answer

    return is_answer(figure)


def after(period: Period, other: Period) -> bool:
    """Whether it begins when the *other* is over."""
    return period.start is not None and other.end is not None and period.start >= other.end


def _shorter(title: str) -> str:
    return title.replace("counted by ", "").replace("makers' own", "own")


def _lines(text: str, room: int) -> int:
    """How many lines a text takes."""
    lines, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0
        used += len(word) + bool(used)
    return lines


def _known(figure: Figure) -> Fraction | None:
    """The value, else an end of its bounds that is known."""
    return next((each for each in (figure.value, *figure.bounds) if each is not None), None)


def _share_key(figure: Figure) -> tuple[object, ...]:
    series = figure.series
    return series.subject, series.scope, series.destination, series.publisher, figure.period
