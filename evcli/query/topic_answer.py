"""What topic commands answer, series by series for one screen, and the card that joins them."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import chain

from evcli.core.comparability import OWN_COUNTS
from evcli.grouping import grouped
from evcli.model import ABROAD, EVERYWHERE, WORLD
from evcli.model.answer import SCREEN_ROWS, Answer, HumanColumn, Row, Value, View, layout_of
from evcli.model.figure import Figure
from evcli.model.period import Period, Window
from evcli.model.quantity import known_number
from evcli.model.records import Series
from evcli.model.vocabulary import OWN_COUNT, UNNAMED, SubjectKind, Vocabulary, name_in
from evcli.query.figures import Figures, SeriesFigures, is_answer
from evcli.query.operands import counts, nothing_hint
from evcli.query.rows import answer_of, figure_views, figures_answer, screenful, with_bounds
from evcli.query.selection import BY_WINDOW, Query, admitted, answering, best_window, windows_for
from evcli.query.titles import period_title, possessive, short_name, topic_title
from evcli.query.topic_table import HOME, TOPICS, Topic
from evcli.text.lists import counted, listed

_LINE, _TITLE = 80, 70  # what fits a screen, and a title beside the unit
_NUMBERS = 29  # cells for a value and its growth on the year before
_LEAST = 12  # cells for a label
WHOLES = ("all", "passenger", "light")  # what a register means by all
_NOT_NAMED = "not named"
_SHARE = HumanColumn(
    "market share", View.SHARE, ("of_market", "of_market_low", "of_market_high"), optional=3
)
# how far down a reader would look for a row
_LEAD, _CHIEF, _NEWEST, _NEWEST_OF_REST, _PLAN, _PART, _PAST, _OTHER = range(8)
_YEARS, _MONTHS = 3, 2  # full years of an open question, and newest months behind them


def topic_answer(source: Figures, topic: Topic, wanted: Query) -> Answer:
    """What a reader expects, in groups that must not be mixed, chosen for one screen.

    One row per series for a year or period that is asked for; else full years and the newest
    months; broken down by windows, one per window. The rows are all that is known of it.
    """
    return _TopicPage(source, topic, wanted).answer()


def plants_instead(source: Figures, topic: Topic, wanted: Query, answer: Answer) -> Answer:
    """The plants of those named where a topic has no figure of them."""
    if answer.rows:
        return answer
    from evcli.query.plants import plants_answer

    plants = plants_answer(source, wanted._replace(where=wanted.where._replace(metrics=())))
    told = f"no {topic.name} recorded; these are the plants and what each costs"
    return plants._replace(caution=told) if plants.rows else answer


class _TopicPage:
    """The figures of one answer in reading order, their groups and labels, and what fits a screen.

    Groups stand in the order of the vocabulary or of the topic; in them places and makers stand by
    size, scopes in the order of the topic, windows by calendar.
    """

    def __init__(self, source: Figures, topic: Topic, wanted: Query) -> None:
        self._source, self._words, self._topic, self._wanted = source, source.words, topic, wanted
        where, when = wanted.where, wanted.when
        # a place, a source, or somebody the topic is not about anyway
        others = set(where.subjects) - set(topic.subjects)
        self._named = bool(where.destinations or where.sources or others)
        rare = set(where.metrics) - set(topic.first)
        self._focused = bool(self._named or where.scopes or rare or when.is_range)
        self._by_counter = topic.group == "publisher"
        self._selected = self._admitted()
        known = source.of_all(self._expected())
        if not any(each.periods for each in known):
            known = source.of_all(self._selected)
        flows = (each for each in known if not source.words.is_stock(each.series.metric))
        observed = [*chain.from_iterable(each.observed_periods for each in flows)]
        self._chief = when.chief_year(observed)  # the period that rows should share
        self._leads = set[str]()  # the series that stand for each maker
        if not self._by_counter:
            metric = topic.first[0]
            for subject in {e.series.subject for e in known if e.series.metric == metric}:
                maker = where._replace(subjects=(subject,), metrics=(metric,))
                self._leads |= {e.id for e in counts(source, wanted._replace(where=maker))[:1]}
        windows = {each.series: self._windows(each) for each in known}
        last_year = Query().when.chief_year(observed) if topic.newest and not self._named else None
        self._known = known
        if last_year and (when.is_open or when.latest):
            ends = {s: [p.end for p in own if p.end] for s, own in windows.items()}
            begin = last_year.sort_key[1]
            self._known = [each for each in known if max(ends[each.series], default=begin) > begin]
        left_out = sum(bool(each.periods) for each in known if each not in self._known)
        self._plans: list[Figure] = []
        shown = ((each.series, period) for each in self._known for period in windows[each.series])
        figures = chain.from_iterable(source.figures_at(*each) for each in shown)
        self._counters = {each: index for index, each in enumerate(self._words.publishers)}
        self._sizes: dict[str, tuple[bool, Fraction]] = {}
        found = admitted(figures, wanted, self._plans)
        for each in found:
            size = self._chief in (None, each.period), known_number(each) or Fraction(0)
            self._sizes[each.series.id] = max(self._sizes.get(each.series.id, size), size)
        groups = grouped(found, lambda each: self._group(each.series)).values()
        ordered = map(self._in_order, sorted(groups, key=self._group_order))
        every = list(chain.from_iterable(ordered))
        self._series = list(dict.fromkeys(each.series for each in every))
        shares = [each for each in every if each.series.metric == "market-share"]
        self._shares = {_share_key(each): each for each in shares}
        # one count under two names is one row, unless a name is asked for
        self._figures: list[Figure] = []
        first: dict[tuple[object, ...], Series] = {}
        notes: dict[str, None] = {}
        for each in every:
            one = each.series
            same = (one.subject, one.metric, one.scope, one.destination, each.period)
            other = first.setdefault((*same, each.value, each.bounds), one)
            if other.publisher == one.publisher or where.publishers:
                self._figures.append(each)
            else:
                counters = " repeats the figure of ".join(map(self._counter, (one, other)))
                notes[f"{counters} ({short_name('scope', one.scope, self._words)})"] = None
        if left_out:
            notes[f"{left_out} series without a figure since {last_year} are left out"] = None
        self._notes = tuple(notes)
        self._stand = self._standing()
        self._labels = self._labelled()
        self._screen = self._chosen()

    def _admitted(self) -> list[Series]:
        """Every series of the topic that the filters admit, whether or not a reader expects it.

        Makers and groups stand with their brands; a country stands for itself alone.
        """
        topic, words, where, by = self._topic, self._words, self._wanted.where, self._wanted.by
        metrics = tuple(each for each in topic.metrics if each in (where.metrics or topic.metrics))
        if not metrics:
            return []
        wholes = [words.subjects[each] for each in where.subjects if each in words.subjects]
        makers = [each.id for each in wholes if each.kind is not SubjectKind.COUNTRY]
        brands = [each for each in words.subjects for one in makers if words.belongs_to(each, one)]
        subjects = (*where.subjects, *brands)
        if not subjects and by != "subject" and not where.sources:
            subjects = topic.subjects
        found = where._replace(metrics=metrics, subjects=subjects).series(self._source.store)
        open_place = by == "destination" and not where.destinations
        return [each for each in found if not (open_place and each.destination == WORLD)]

    def _expected(self) -> list[Series]:
        """Those admitted that a reader expects who did not ask for the others by name.

        Who names a maker, a place or a source wants all that is known of it.
        """
        topic, where, by = self._topic, self._wanted.where, self._wanted.by
        usual = (*topic.first, *(topic.then if self._named else ()))
        metrics = topic.metrics if where.metrics else usual
        chosen = [each for each in self._selected if each.metric in metrics]
        if self._named:
            return chosen
        if topic.places and by != "destination":
            home = [e for e in chosen if HOME in topic.places and e.destination == e.subject]
            chosen = [e for e in chosen if e.destination in topic.places or e in home] or chosen
        if self._source.include_deprecated:
            return chosen
        if topic.scopes and not where.scopes and by != "scope":
            chosen = [each for each in chosen if each.scope in topic.scopes] or chosen
        if not where.publishers and by != "publisher":
            chosen = [each for each in chosen if each.publisher != UNNAMED] or chosen
        return chosen

    def _windows(self, each: SeriesFigures) -> list[Period]:
        """The windows of one series to show, oldest first.

        A year that no source states is derived where the series stands for a maker, or for a place
        or somebody named.
        """
        wanted, when = self._wanted, self._wanted.when
        if wanted.by in BY_WINDOW:
            return windows_for(each, wanted)

        def follows(year: Period) -> bool:
            leads = each.series.id in self._leads or (self._by_counter and self._named)
            return leads and is_answer(self._source.operand(each.series, year))

        best = best_window(each, wanted)
        year = when.year
        if year and best != year and follows(year):
            return [year]
        if year or when.period or when.latest:
            return [best] if best else []
        asked, stated = when.pick(answering(each, wanted)), set(each.observed_periods)
        observed = [period for period in asked if period in stated]
        plans = [period for period in asked if period not in stated]
        years = [period for period in observed if period.window is Window.YEAR]
        if not years:
            return [*([best] if best and best not in plans else []), *plans]
        if not when.is_range:
            years = [each for each in years if (each.year or 0) > (years[-1].year or 0) - _YEARS]
        run = Period(years[0].start, years[-1].end).split_into(12)
        later = [period for period in observed if years[-1].precedes(period)]
        months = [period for period in later if period.window is Window.MONTH]
        return [
            *(year for year in run if year in years or follows(year)),
            *(months[-_MONTHS:] or later[-1:]),
            *plans,
        ]

    def _group(self, series: Series) -> str:
        return str(getattr(series, self._topic.group))

    def _group_order(self, inside: Sequence[Figure]) -> tuple[bool, bool, int, str]:
        """Plans alone last, and counters without a figure for the chief period."""
        group = self._group(inside[0].series)
        planned = all(each.is_plan for each in inside)
        if not self._by_counter:
            return planned, False, self._topic.metrics.index(group), group
        own = self._words.is_own_count(group)
        order = -1 if own else self._counters.get(group, len(self._counters))
        return planned, not any(self._sizes[e.series.id][0] for e in inside), order, group

    def _in_order(self, group: Sequence[Figure]) -> list[Figure]:
        """The rows of a group, places and makers by size where it has several."""
        topic, scopes = self._topic, self._topic.scopes or ("all",)
        sized = len({(each.series.subject, each.series.destination) for each in group}) > 1

        def order(figure: Figure) -> tuple[object, ...]:
            series = figure.series
            chief, size = self._sizes[series.id]
            abroad = series.destination in EVERYWHERE
            return (
                topic.metrics.index(series.metric),
                figure.is_plan,
                bool(self._leads) and abroad and series.id not in self._leads,
                (not abroad, not chief, -size) if sized else (),
                scopes.index(series.scope) if series.scope in scopes else len(scopes),
                len([*self._words.scope_and_wholes(series.scope)]),
                self._counters.get(series.publisher, 0),
                series.id,
                figure.period.sort_key,
            )

        return sorted(group, key=order)

    def _standing(self) -> set[str]:
        """The series that stand for a maker in a place; all where counters are the groups."""
        by_place = self._wanted.by in ("destination", "subject")
        if self._by_counter and not by_place:
            return {each.id for each in self._series}

        def rank(each: Series) -> tuple[object, ...]:
            counter = self._counters.get(each.publisher, 0)
            chief = self._sizes[each.id][0]
            width = -len(self._words.countries_in(each.destination))
            depth = len([*self._words.scope_and_wholes(each.scope)])
            return width, each.id not in self._leads, not chief, depth, counter

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
        beside = share or (region and not self._named) or series.id not in self._stand
        if beside or (not is_answer(figure) and figure.yoy is None):
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
        if not chief.precedes(figure.period):
            return _PART if newest and not has_chief else _PAST
        return _NEWEST if first else _NEWEST_OF_REST if newest else _PAST

    def _chosen(self) -> tuple[int, ...] | None:
        """The rows for one screen: the chief windows first, then the newest, then the past."""
        figures, indexes = self._figures, range(len(self._figures))
        if self._wanted.by in BY_WINDOW:
            lead = [index for index in indexes if figures[index].series == self._series[0]]
            return tuple(lead[-SCREEN_ROWS:]) if len(figures) > SCREEN_ROWS else None
        newest = {each.series: each.id for each in figures if not each.is_plan}.values()
        firsts = {self._group(each): each for each in reversed(self._series)}.values()
        levels = [self._level(e, first=e.series in firsts, newest=e.id in newest) for e in figures]
        last = _PLAN if self._wanted.where.plans else _NEWEST_OF_REST
        if self._focused:
            last = _PART if self._named and not self._wanted.when.is_range else _PAST
        order = sorted(indexes, key=lambda index: (levels[index], index))
        seen = [index for index in order if levels[index] <= last] or order
        # the cells of a line that the other columns leave to labels
        likely = [figures[index] for index in seen[:SCREEN_ROWS]]
        periods = {each.period.label for each in likely}
        columns = [periods, {self._group_name(each.series) for each in likely}]
        if not self._by_counter:
            columns.append({self._counter(each.series) for each in likely})
        if self._shares and len(periods) == 1:  # else the share has no room
            columns.append({_SHARE.head, ""})
        widths = [max(map(len, each)) + 2 for each in columns if len(each) > 1]
        room = max(_LEAST, _LINE - _NUMBERS - sum(widths))
        first = screenful([{"what": self._labels[index]} for index in seen], {"what": room})
        chosen = seen if first is None else [seen[at] for at in first]
        return tuple(sorted(chosen)) if len(chosen) < len(figures) else None

    def _group_name(self, series: Series) -> str:
        if self._by_counter and series.publisher == UNNAMED:
            return _NOT_NAMED
        return short_name(self._topic.group, self._group(series), self._words)

    def _counter(self, series: Series) -> str:
        """Who counted, by the name that tables use."""
        return _NOT_NAMED if series.publisher == UNNAMED else self._words.counter(series.publisher)

    def _labelled(self) -> list[str]:
        """What tells the rows of a group apart and is not in the title."""
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
                    part = several_scopes and each.scope not in WHOLES
                    needed = varies(kind) if self._by_counter else part
                rival = self._by_counter or each.id not in self._stand
                needed |= rival and shared[keys[each.id]] > 1
                if needed and not (kind == "scope" and each.scope == "all" and label):
                    label.append(self._name(kind, each))
        return [", ".join(labels[each.series.id]) for each in self._figures]

    def _name(self, kind: str, series: Series) -> str:
        """What a label says of one dimension; empty where that is clear."""
        id, named = str(getattr(series, kind)), self._wanted.where.subjects
        of_china = id == "CN" and self._wanted.by != "subject"
        if kind == "subject" and (of_china or named == (id,)):
            return ""
        if kind == "destination" and id == series.subject:
            return "at home"
        if kind == "destination" and id in EVERYWHERE:
            same = [each for each in self._series if each.metric == series.metric]
            at_home = any(each.destination == each.subject for each in same)
            return id if id == ABROAD and at_home else ""
        return short_name(kind, id, self._words)

    def answer(self) -> Answer:
        """The answer with its title, its columns and what stands below."""
        answer = figures_answer(self._figures, self._source.store, plans=self._plans)
        rows: list[Row] = []
        for row, figure, label in zip(answer.rows, self._figures, self._labels, strict=True):
            series, key = figure.series, _share_key(figure)
            share = self._shares.get(key) if not series.metric.endswith("-share") else None
            group, counter = self._group_name(series), self._counter(series)
            whole = ABROAD if series.destination == ABROAD else self._name("scope", series)
            told = {"what": label, "part": label or whole, "group": group, "counter": counter}
            rows.append({**row, **with_bounds("of_market", share), **told})
        seen = rows if self._screen is None else [rows[index] for index in self._screen]
        groups = [e for e in dict.fromkeys(str(row["group"]) for row in seen) if e != _NOT_NAMED]
        counters = {str(row["counter"]) for row in rows}
        own = counters == {OWN_COUNT} and len({each.publisher for each in self._series}) > 1
        caution = OWN_COUNTS if own else ""
        if len(groups) > 1:
            caution = self._topic.caution.format(groups=listed(groups))
            if len(caution) > _LINE:
                caution = self._topic.caution.format(groups="these counters")
        views = [*figure_views(_SHARE, without=("what",))]
        if len(counters) > 1 and not self._by_counter:
            views.insert(0, HumanColumn("counted by", fields=("counter",)))
        if any(self._labels):  # then a row without one is about the whole
            views.insert(0, HumanColumn("what", fields=("part",)))
        if len({row["group"] for row in rows}) > 1:
            head = "counted by" if self._by_counter else ""
            views.insert(0, HumanColumn(head, View.GROUP, ("group",)))
        title = " · ".join(self._title(counters))
        if len(title) > _TITLE:
            title = title.replace("counted by ", "").replace("makers' own", "own")
        hint, where = answer.hint, self._wanted.where
        named = [each for each in where.subjects if each != "CN"]
        named += [self._words.place(each).lower() for each in where.destinations]
        # those of whom is named, with what was invested in each
        plants = [f"evcli plants {' '.join(named)}"] if self._topic.plants and named else []
        ways = ", ".join([*self._more(), *plants])
        if not rows:
            metrics = self._topic.first
            hint = hint or nothing_hint(self._source, self._known, self._wanted, metrics)
            hint = "; see ".join([hint, *plants])
        return answer._replace(
            rows=rows,
            views=tuple(views),
            group_by="group",
            title=title,
            notes=(*self._notes, *answer.notes),
            caution=caution,
            screen=self._screen,
            more=(f"also: {ways}" if ways else "") if rows else answer.more,
            hint=hint,
        )

    def _more(self) -> Iterator[str]:
        """The options that show what else there is."""
        topic, where, by = self._topic, self._wanted.where, self._wanted.by
        known = {each.series for each in self._known}
        rest = [each for each in self._selected if each not in known]
        elsewhere = any(each.destination not in topic.places for each in self._selected)
        parts = any(each.scope not in topic.scopes for each in rest)
        ways = {
            "month": topic.newest and not by,
            "destination": topic.places and elsewhere and not where.destinations,
            "scope": topic.scopes and parts and not where.scopes,
        }
        if found := [name for name, way in ways.items() if way and name != by]:
            yield f"--by {'|'.join(found)}"
        left = {each.metric for each in rest} - {each.metric for each in known}
        metrics = [each for each in topic.metrics if each in left]
        if metrics and not where.metrics:
            yield f"--metric {metrics[0]}{' ...' * (len(metrics) > 1)}"
        if self._plans:
            yield "--plans"

    def _title(self, counters: Collection[str]) -> Iterator[str]:
        """What was read: who, where, which part, who counted, when."""
        where, words = self._wanted.where, self._words
        yield topic_title(self._topic.titles, words, self._wanted)
        if where.metrics and where.metrics != self._topic.first[:1]:
            yield listed([short_name("metric", each, words) for each in where.metrics])
        if counters == {OWN_COUNT}:
            first, *others = sorted({each.publisher for each in self._series})
            whose = "makers'" if others else possessive(words.publisher_name(first))
            whose = ("their" if others else "its") if where.subjects else whose
            yield f"{whose} own count{'s' if others else ''}"
        elif len(counters) == 1:
            yield f"counted by {next(iter(counters))}"
        if self._wanted.by in (*BY_WINDOW, "destination"):
            yield f"by {self._wanted.by}"
        periods = {each.period.label for each in self._figures}
        when = period_title(self._wanted.when)
        yield from [when] if when else periods if len(periods) == 1 else ()


def is_region(destination: str, words: Vocabulary) -> bool:
    """Whether a destination is more than one country: it has members, or no country's code."""
    known = words.destinations.get(destination)
    return len(destination) != 2 or bool(known and known.members)


def _share_key(figure: Figure) -> tuple[object, ...]:
    series = figure.series
    return series.subject, series.scope, series.destination, series.publisher, figure.period


# --- the card of a maker, a place or a count ----------------------------------------------------

_BY_SIZE = ("registered", "market share")  # groups of which only the largest stand on the card
_LARGEST = 2
_UNIT = "vehicles"  # of most lines, so that it stands in the title
_OF_TOPIC = 4  # lines of one topic
_ON_CARD = ("sales", "exports", "investment", "network")


def card_answer(source: Figures, wanted: Query, *, people: bool) -> Answer:
    """What is known of who, or which place, is named, for *people* with rank, duties and plants;
    of a count the topic's answer.
    """
    where = wanted.where
    if where.metrics == ("sales",):  # what everybody calls it
        where = where._replace(metrics=())
        return topic_answer(source, TOPICS["sales"], wanted._replace(where=where))
    named = [*where.subjects, *where.destinations]
    if len(named) != 1 or where.metrics or where.scopes or wanted.by or "CN" in named:
        # the topic that has the metric named; else exports, of a maker in a place sales
        usual = TOPICS["sales" if set(where.subjects) - {"CN"} else "exports"]
        having = (each for each in TOPICS.values() if set(where.metrics) & set(each.metrics))
        topic = next(having, usual)
        answer = topic_answer(source, topic, wanted)
        sites = people and where.subjects and where.destinations
        return plants_instead(source, topic, wanted, answer) if sites else answer
    places = [source.words.place(each) for each in where.destinations]
    words = " ".join([*where.subjects, *map(str.casefold, places)])
    year = f" {wanted.when.year}" if wanted.when.year else ""
    rows: list[dict[str, Value]] = []
    answers = {name: topic_answer(source, TOPICS[name], wanted) for name in _ON_CARD}
    for name, answer in answers.items():
        for at, row in enumerate(_chief(answer)):
            parts = [str(row.get(field) or "") for field in ("group", "what")]
            if name == "exports":
                parts = ["exported", parts[1] if row["scope"] != "all" else ""]
            counter = row.get("counter")  # but for the maker itself
            by = "" if counter in (OWN_COUNT, parts[0]) else f" ({counter})"
            period = answer.figures[str(row["id"])].period
            line = f"{', '.join(filter(None, parts))}{by} {period.label}"
            told = {"line": line, "more": f"{name} {words}{year}" if not at else ""}
            rows.append({**row, **told, "shown_unit": "" if row["unit"] == _UNIT else row["unit"]})
    if people:
        rows += _beside(source, wanted, words)
    title = places[0] if places else name_in(source.words.subjects, named[0])
    return answer_of("figure", rows, source.store)._replace(
        views=layout_of("card").views,
        figures=dict(chain.from_iterable(each.figures.items() for each in answers.values())),
        # the plans left out are the topics' affair
        notes=tuple(n for each in answers.values() for n in each.notes if n != each.hint),
        title=f"{title} · what is known{f' · {wanted.when.year}' if year else ''}",
        unit=_UNIT,
        hint="" if rows else next(filter(None, (each.hint for each in answers.values())), ""),
    )


def _chief(answer: Answer) -> list[Row]:
    """Of each group the newest year and the newest month, or the largest; few in all."""
    order = range(len(answer.rows)) if answer.screen is None else answer.screen
    groups = grouped((answer.rows[at] for at in order), lambda row: str(row.get("group", "")))
    chosen: list[Row] = []
    for group, rows in groups.items():
        if group in _BY_SIZE:
            chosen += [row for row in rows if row["scope"] in WHOLES][:_LARGEST]
            continue
        same = [row for row in rows if row.get("what") == rows[0].get("what")]
        years = [row for row in same if row["window"] == Window.YEAR]
        chosen += [*years[-1:], *(row for row in same[-1:] if row not in years)]
    by_name = [row for row in chosen if row["publisher"] != UNNAMED]
    return (by_name or chosen)[:_OF_TOPIC]


def _beside(source: Figures, wanted: Query, words: str) -> Iterator[dict[str, Value]]:
    """Rank, duties and plants: lines of their own, with the command that shows them."""
    from evcli.query.plants import plants_answer
    from evcli.query.policy import measures_answer
    from evcli.query.ranking import top_answer

    where = wanted.where
    kind, all_of_them = ("subject", "makers") if where.subjects else ("destination", "destinations")
    everybody = where._replace(subjects=(), destinations=())
    ranking = top_answer(source, wanted._replace(where=everybody, by=kind))
    placed = [row for row in ranking.rows if row.get("position")]
    for row in placed:
        if row[kind] in where.ids(kind):
            when = ranking.figures[str(row["id"])].period.label
            text = f"no. {row['position']} of {len(placed)} {all_of_them} {when}"
            yield {"line": text, "more": f"top {all_of_them} {when.lower()}"}
    lines: dict[str, None] = {}
    for row in measures_answer(source, Query(where)).rows:
        name, code = str(row["place"]), str(row["jurisdiction"])
        # a code that is not the initials says less than a name
        who = code if code == "".join(part[0] for part in name.split()) else name
        lines[f"{who} {row['what']} {row['terms']}"] = None
    for at, text in enumerate([*lines][:_LARGEST]):
        yield {"line": text, "more": f"policy {words}" if not at else ""}
    if plants := plants_answer(source, Query(where)).rows:
        working = sum(row.get("status") == "operating" for row in plants)
        text = f"{counted(len(plants), 'plant')}, {working} operating"
        yield {"line": text, "more": f"plants {words}"}
