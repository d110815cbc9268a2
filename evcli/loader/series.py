"""Sources, the documents that state figures; series, what is counted the same way; their facts."""

from fractions import Fraction
from typing import NamedTuple

from evcli.loader.context import SERIES_ID, Context
from evcli.loader.entry import Entry
from evcli.loader.values import precision
from evcli.loader.vocabulary import Words
from evcli.model import WORLD
from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Change, Fact, Series, Source, origin_of
from evcli.model.unit import Unit, UnitKind
from evcli.model.vocabulary import MetricKind
from evcli.schema.records import Numbering, inside, keys

_DEFINING = sorted(keys(Series).keys() - {"id", "facts"})


def read_sources(context: Context, words: Words) -> None:
    """Read all sources into *context*."""
    fields, sources = context.fields, context.sources
    for name, entry, first in context.named("sources"):
        if not first:
            continue
        said = fields(entry, Source)
        for key, kind in inside(Source).items():
            items = entry.records(key, kind.name)
            said[key] = tuple(kind.record(**fields(each, kind.record)) for each in items)
        source = Source(id=name, **said)
        words.publisher(source.publisher)
        if name:
            sources[name] = source
    origins = {name: (source.origin,) for name, source in sources.items() if source.origin}
    hint = "name the source that said it first and give that one no origin"
    context.no_circles("source", origins, "origin", hint)


class Draft(NamedTuple):
    """What the facts of a series need to know of it; None or empty where that is unknown."""

    id: str
    unit: Unit | None = None
    kind: MetricKind | None = None
    publisher: str = ""
    precision: Fraction | None = None


def _of_a_whole(share: Quantity, unit: Unit, entry: Entry) -> Quantity:
    """A share with bounds that end at the whole; one beyond it is reported."""
    whole = Fraction(100 if unit.kind is UnitKind.PERCENT else 1)
    low, high = share.bounds
    if max(share.value or 0, low or 0) > whole:
        hint = "check the page; what it misprints goes into left_out: of its source"
        entry.problem(f"{entry.text('stated')!r}: no part is more than its whole", hint, "stated")
    elif high is not None and high > whole:
        return share._replace(bounds=Bounds(low, whole))
    return share


_SAYING = ("stated", "yoy", "mom", "change")


class AllSeries:
    """All series by id, and the facts of all of them in the order of the files."""

    def __init__(self, context: Context, words: Words) -> None:
        self.by_id: dict[str, Series] = {}
        self.facts: list[Fact] = []
        self.unnumbered: set[str] = set()  # series with facts that have no id, for a mistake
        self._context = context
        self._words = words
        self._number = Numbering()
        definitions: dict[str, Entry] = {}
        additions: list[tuple[str, Entry]] = []
        for entry in context.entries("series", definitions=True):
            name = context.id_of(entry, SERIES_ID)
            if name and any(entry.has(key) for key in _DEFINING):
                if context.define("series", name, entry, without="facts"):
                    definitions[name] = entry
            elif name and not entry.has("facts"):
                hint = "add facts, or title, subject, metric"
                entry.problem(f"the series {name!r} says nothing", hint)
            if not entry.document.definitions_only and entry.has("facts"):
                additions.append((name, entry))
        drafts = {name: self._define(name, entry) for name, entry in definitions.items()}
        for name, entry in additions:
            if name not in drafts:
                drafts[name] = Draft(name)
                if name:
                    hint = "to define it add title, subject, metric, unit and publisher"
                    context.check("series", name, entry, "id", hint)
            for each in entry.records("facts", "facts"):
                self._read_fact(drafts[name], each)

    def _define(self, name: str, entry: Entry) -> Draft:
        context, words = self._context, self._words
        series = Series(id=name, **context.fields(entry, Series))
        if not entry.has("destination"):
            series = series._replace(destination=WORLD)
        if not entry.has("scope"):
            series = series._replace(scope="all")
            if "all" not in context.known["scope"] and not context.report.may_exist("all"):
                entry.problem("the series names no scope", "the vocabulary has none called 'all'")
        words.destination(series.destination)
        words.publisher(series.publisher)
        unit = words.unit(series.unit)
        fine = precision(entry, unit)
        counter = words.publishers.get(series.publisher)
        if fine is None and counter is not None and unit and unit.kind is UnitKind.COUNT:
            fine = counter.precision
        metric = words.metrics.get(series.metric)
        kind = metric.kind if metric else None
        self._check_share(entry, kind, unit, name)
        self.by_id[name] = series
        return Draft(name, unit, kind, series.publisher, fine)

    def _check_share(
        self, entry: Entry, kind: MetricKind | None, unit: Unit | None, name: str
    ) -> None:
        if kind is None:
            return
        is_share, metric = kind is MetricKind.SHARE, entry.text("metric")
        for key in ("part", "whole"):
            if is_share and not entry.has(key):
                entry.lacks(key)
            elif is_share and entry.text(key) == name:
                entry.problem(f"a series is not its own {key}", "", key)
            elif not is_share and entry.has(key):
                message = f"{key!r} is for shares, but {metric!r} is a {kind.value}"
                entry.problem(message, "leave it out", key)
        if is_share and unit and unit.kind not in (UnitKind.PERCENT, UnitKind.RATIO):
            message = f"{metric!r} is a share, but {unit.id!r} is a {unit.kind.value}"
            entry.problem(message, "write unit: percent", "unit")

    def _read_fact(self, draft: Draft, entry: Entry) -> None:
        values = self._context.values
        period = self._period(draft, entry)
        said = self._context.fields(entry, Fact, "period", "origin")
        source = said["source"]
        name = ""
        if period is not None and source and draft.id:
            name = self._number(f"{draft.id}@{values.name(period)}#{source}")
            self._context.learn("fact", name)
        else:
            self.unnumbered.add(draft.id)
        fine = precision(entry, draft.unit) or draft.precision
        quantity = None
        if said["stated"] and draft.unit is not None:
            quantity = values.stated(entry, "stated", draft.unit, fine)
            if quantity is not None and draft.kind is MetricKind.SHARE:
                quantity = _of_a_whole(quantity, draft.unit, entry)
        yoy = values.change(entry, "yoy") if said["yoy_stated"] else None
        mom = values.change(entry, "mom") if said["mom_stated"] else None
        change = self._change(entry)
        if not any(entry.has(key) for key in _SAYING):
            entry.problem("the fact says nothing", "give stated, yoy, mom or change")
        named = self._context.refer("source", entry, "origin")
        # a source that repeats another may still state a figure of its own
        origin = source if named == source else origin_of(named or source, self._context.sources)
        if not name or period is None:
            return
        known = self._context.sources.get(source)
        self.facts.append(
            Fact(
                id=name,
                series=draft.id,
                period=period,
                origin=origin,
                quantity=quantity,
                yoy=yoy,
                mom=mom,
                change=change,
                published=self._context.published(source),
                own=known is not None and known.publisher == draft.publisher != "",
                **said,
            )
        )

    def _period(self, draft: Draft, entry: Entry) -> Period | None:
        has = entry.node.entries
        if "period" in has and "as_of" in has:
            hint = "as_of dates stocks, period is for everything else"
            entry.problem("a fact has 'period' or 'as_of', not both", hint, "as_of")
            return None
        kind = draft.kind
        key, other = ("as_of", "period") if "as_of" in has else ("period", "as_of")
        if key not in has:
            if not entry.has("as_of"):
                entry.lacks("as_of" if kind and kind.is_stock else "period")
            return None
        period = self._context.values.period(entry, key)
        if kind and (kind.is_stock if key == "period" else kind is MetricKind.FLOW):
            entry.problem(f"{key!r} does not suit a {kind.value}", f"write {other}:", key)
        return period

    def _change(self, entry: Entry) -> Change | None:
        child = entry.child("change", "change")
        if child is None:
            return None
        child.only(keys(Change).keys())
        said = self._context.fields(child, Change)
        quantity = self._context.values.change(child, "stated")
        return Change(quantity=quantity, **said) if quantity is not None and said["over"] else None
