"""What the record holds: search hits, series and their months, sources, facts as written."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, count
from operator import attrgetter

from evcli.errors import UnknownName
from evcli.model import WORLD
from evcli.model.answer import Answer, Row, Value
from evcli.model.note import Note, NoteKind, trimmed
from evcli.model.period import Period, Window, parse_period, today
from evcli.model.records import Fact, Rank, Series, Source
from evcli.model.vocabulary import MetricKind
from evcli.query.figures import Figures, SeriesFigures, latest
from evcli.query.operands import counts, said_of
from evcli.query.rows import answer_of, fields, note_fields, screenful, with_bounds
from evcli.query.selection import Query, Where, series_named
from evcli.store.names import fold
from evcli.store.reader import Store
from evcli.text.lists import counted, first_few

_ALL = 1_000_000
_SERIES = 4  # of them stand on one screen beside one of each other kind


def find_answer(store: Store, words: Sequence[str]) -> Answer:
    """Everything that *words* are found in: series first, sources last, some of all on a screen."""
    hits = store.search(" ".join(words), limit=_ALL)
    found = Counter(hit.kind for hit in hits)
    kinds = ["series", *found]  # by their best hits
    hits.sort(key=lambda hit: (hit.kind == "source", kinds.index(hit.kind)))
    rows = [fields(hit, "kind", "id", "title", "context") for hit in hits]
    nth: dict[str, Iterator[int]] = defaultdict(count)
    places = [next(nth[hit.kind]) // (_SERIES if hit.kind == "series" else 1) for hit in hits]
    return answer_of("hit", rows)._replace(
        title=f"Found for {' '.join(words)}",
        hint="nothing is called that; try one word of it",
        more=first_few([counted(number, kind) for kind, number in found.most_common()], 4),
        screen=screenful(rows, {"title": 26}, places.__getitem__),  # the first of every kind ...
    )


def series_answer(source: Figures, series: Sequence[Series]) -> Answer:
    """Series with their periods and the newest figure; plans and empty series are left out.

    They stand as the vocabulary has their words: exports first, China before its makers.
    """
    kinds = ("metric", "subject", "destination", "publisher", "scope")
    places = {e: {id: at for at, id in enumerate(getattr(source.words, f"{e}s"))} for e in kinds}

    def order(one: Series) -> list[int]:
        return [place.get(getattr(one, kind), -1) for kind, place in places.items()]

    rows: list[Row] = []
    for each in source.of_all(sorted(series, key=order)):
        periods = [period for period in each.observed_periods if not period.is_undated]
        newest = each.newest
        if newest is None:
            continue
        figure, last = each.operand(newest), max(periods, key=lambda period: period.sort_key[2])
        row = fields(each.series, "id", "title") | {"first": str(periods[0]), "last": str(last)}
        row |= with_bounds("value", figure, source.words)
        row |= {"windows": len(periods), "newest": str(newest), "unit": figure.unit}
        rows.append(row)
    return answer_of("series", rows)._replace(
        title="Series",
        hint="no series has a figure for that; evcli find WORDS searches everything",
        screen=screenful(rows),
    )


def sources_answer(figures: Figures, sources: Iterable[Source]) -> Answer:
    """Sources with how many facts rest on them and how many problems they have."""
    counts = figures.store.source_counts()
    rows: list[Row] = []
    for source in sources:
        notes = [] if source.read else [Note(NoteKind.CAUTION, "not read itself", (source.id,))]
        notes += [Note(NoteKind.REMARK, source.note, (source.id,))] if source.note else []
        row = source._asdict() | note_fields(notes) | {"published": str(source.published or "")}
        row |= {"problems": len(source.problems), "left_out": len(source.left_out)}
        rows.append(row | {"facts": counts.get(source.id, 0)})
    return answer_of("source", rows)._replace(
        title="Sources",
        hint="no sources in these packs",
        more="all that one of them states: evcli sources ID",
    )


def sources_out(figures: Figures, words: Collection[str]) -> list[Source]:
    """All sources, or those named, that were out by the date asked for; else UnknownName."""
    return [each for each in named_sources(figures.store, words) if figures.is_out(each.id)]


def named_sources(store: Store, words: Collection[str]) -> list[Source]:
    """All sources, or those that *words* name: each by its id, else all in whose title, outlet or
    address the whole text stands. UnknownName where there is none.
    """
    every = {source.id: source for source in store.sources()}
    if every.keys() >= set(words):
        return [every[each] for each in words or every]
    text = " ".join(words)
    wanted = fold(text.partition("://")[2] or text).removeprefix("www.").rstrip("/")
    said = ((each, fold(f"{each.title} {each.outlet} {each.url}")) for each in every.values())
    found = [source for source, told in said if wanted and wanted in told]
    if not found:
        raise UnknownName.of("source", next(each for each in words if each not in every), every)
    return found


def facts_answer(
    source: Figures, series: Sequence[Series], wanted: Query, file_name: Callable[[str], str] = str
) -> Answer:
    """The facts of *series*, series by series and oldest first.

    *file_name* turns the name of a fact's file in the store into the one to print.
    """
    chosen = [each for each in series if wanted.where.admits(each)]
    order = [each.id for each in chosen]
    found = chosen_facts(source, chosen, wanted)
    facts = [fact for fact in found if source.include_deprecated or fact.rank != Rank.DEPRECATED]
    facts.sort(key=lambda fact: (order.index(fact.series), fact.period.sort_key))
    hidden, one = len(found) - len(facts), len(chosen) == 1
    note = f"{counted(hidden, 'deprecated fact')} left out: --include-deprecated"
    answer = answer_of("fact", [_fact_row(fact, file_name) for fact in facts])
    return answer._replace(
        views=tuple(view for view in answer.views if not one or view.head != "series"),
        notes=(note,) if hidden else (),
        hint="no fact matches; leave some of the filters out, or evcli find WORDS",
        group_by="" if one else "series",
        title=f"{chosen[0].title} ({chosen[0].unit})" if one else "",
    )


def chosen_facts(source: Figures, series: Sequence[Series], wanted: Query) -> list[Fact]:
    """The facts of *series* that are asked for, deprecated ones too, in file order."""
    every = source.facts([each.id for each in series if wanted.where.admits(each)])
    sources = wanted.where.sources
    facts = [fact for fact in every if not sources or fact.source in sources]
    periods: dict[str, dict[Period, None]] = defaultdict(dict)  # oldest first
    for fact in sorted(facts, key=attrgetter("period.sort_key")):
        periods[fact.series][fact.period] = None
    picked = {id: wanted.when.pick([*each]) for id, each in periods.items()}
    return [fact for fact in facts if fact.period in picked[fact.series]]


def _fact_row(fact: Fact, file_name: Callable[[str], str]) -> Row:
    """One fact as a row; numbers stay the words of the source."""
    file, line = (file_name(fact.place.file), fact.place.line) if fact.place else ("", None)
    change = f"{fact.change.stated} over {fact.change.over}" if fact.change else ""
    first = f"first stated in {fact.origin}" if fact.origin != fact.source else ""
    notes = [
        Note(NoteKind.WORDING, fact.printed and f"printed as: {fact.printed}", (fact.id,)),
        Note(NoteKind.WORDING, fact.reading and f"read as: {fact.reading}", (fact.id,)),
        Note(NoteKind.CHANGE, change, (fact.id,)),
        Note(NoteKind.DERIVATION, first, (fact.origin,)),
        Note(NoteKind.REMARK, fact.note, (fact.id,)),
    ]
    row = fields(fact, "id", "series", "stated", "source", "at", "rank", "reason", "status")
    row |= {"period": str(fact.period), "yoy": fact.yoy_stated, "mom": fact.mom_stated}
    row |= {"where": f"{file.rpartition('/')[2]}:{line}" if file else ""}
    return row | note_fields(trimmed(notes)) | {"file": file, "line": line}


# --- which months are known ---------------------------------------------------------------------

# How much is known of a month: its letter in the calendar, and the column that lists it.
STATED, DERIVED, WITHIN, MISSING, TO_COME = "S", "d", "w", ".", " "
_LISTS = {STATED: "stated", DERIVED: "derived", WITHIN: "within", MISSING: "missing"}
MARKS = {**_LISTS, WITHIN: "only within a longer period", MISSING: "nothing"}


def coverage_answer(source: Figures, wanted: Query, *, said: bool = False) -> Answer:
    """One row per series and year, oldest first: of those that are named, or that words (*said*)
    mean; else of China's exports and sales by month. Ages count from today, or ``as_of``.
    """
    title = " · ".join(["Months known", *said_of(wanted.where, source.words).values()])
    if wanted.series:
        chosen = series_named(source.store, wanted.series)
    elif wanted.where == Where():
        asked = {"metric": ["exports", "sales"], "subject": ["CN"], "destination": [WORLD]}
        every = source.of_all(source.store.select_series(**asked))
        windows = ([period.window for period in each.observed_periods] for each in every)
        chosen = [e.series for e, of in zip(every, windows, strict=True) if Window.MONTH in of]
    else:
        chosen = counts(source, wanted) if said else wanted.where.series(source.store)
    chosen = [each for each in chosen if wanted.where.admits(each)]
    known, end = source.of_all(chosen), source.as_of and parse_period(source.as_of).end
    found = [list(_years(source, each, wanted, end or today())) for each in known]
    newest, out = latest(e.newest for e in known if e.newest), source.store.newest_source
    rows, silent = [*chain.from_iterable(found)], found.count([])
    quiet = f"{silent} of {len(chosen)} series have no dated figure there"
    return answer_of("months", rows)._replace(
        notes=(quiet,) if silent and len(chosen) > 1 else (),
        title=title,
        marks=MARKS if rows else {},
        more=f"newest figure {newest.label}, newest source {out}" if newest and out else "",
        hint="nothing dated is stated there; evcli get SERIES shows every period",
    )


def _years(source: Figures, figures: SeriesFigures, wanted: Query, today: date) -> Iterator[Row]:
    series, newest = figures.series, figures.newest
    if newest is None:
        return
    metric = source.words.metrics.get(series.metric)
    kind = metric.kind if metric else None
    derivable = kind in (MetricKind.FLOW, MetricKind.SHARE)
    known = [period for period in figures.observed_periods if not period.is_undated]

    def follows(period: Period) -> bool:
        return derivable and source.inferrer.follows(series, period)

    def mark(month: Period) -> str:
        # a stock is known of a month in which it was counted
        if month in known or (kind is MetricKind.STOCK and any(map(month.contains, known))):
            return STATED
        if follows(month):
            return DERIVED
        if month.end is not None and month.end > today:
            return TO_COME
        within = derivable and any(period.contains(month) for period in known)
        return WITHIN if within else MISSING

    first = min(period.start.year for period in known if period.start)
    end, last = newest.end or date.max, newest.last_day or date.max
    for year in range(first - 1, last.year + 1):
        if not wanted.when.meets(date(year, 1, 1), date(year + 1, 1, 1)):
            continue
        whole_year = Period.of_year(year)
        marks = [mark(month) for month in whole_year.split_into(1)]
        whole = "stated" if whole_year in known else "derived" if follows(whole_year) else ""
        if year < first and not whole and DERIVED not in marks:
            continue  # nothing follows for the year before the first
        row: dict[str, Value] = {
            name: tuple(f"{year}-{at:02d}" for at, each in enumerate(marks, 1) if each == letter)
            for letter, name in _LISTS.items()
        }
        age = (today - end).days
        row |= {"series": series.id, "year": year, "shown_year": str(year), "whole_year": whole}
        row |= {"newest": str(newest), "age_days": age, "calendar": "".join(marks)}
        yield row | {"until_now": f"{newest}, {age} days old" if year == last.year else ""}
