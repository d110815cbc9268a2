"""Puts packs together: reads every file, then each kind of entry in the order they build on.

>>> from pathlib import Path
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as empty:
...     len(load([Pack(Path(empty))]).facts)
0
"""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from evcli.errors import InvalidFacts
from evcli.grouping import grouped, none_collected
from evcli.loader.entry import PLAIN_ID, SERIES_ID, UNIT, Context, Document, Entry, precision
from evcli.loader.files import Report, display, read, walk
from evcli.loader.yaml_nodes import Mapping, content, parse
from evcli.model import WORLD, Pack
from evcli.model.claim import RankClaim, parse_claim
from evcli.model.codes import COUNTRIES, CURRENCIES
from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import (
    SOURCE_KINDS,
    Acknowledgement,
    Change,
    Claim,
    Event,
    Fact,
    Measure,
    Outlet,
    Plant,
    PlantAspect,
    PlantFact,
    Record,
    Series,
    Source,
    origin_of,
)
from evcli.model.vocabulary import (
    MAKER_KINDS,
    PERCENT,
    VOCABULARY,
    Destination,
    Method,
    Metric,
    MetricKind,
    Partition,
    Publisher,
    Restatement,
    Scope,
    Subject,
    Unit,
    UnitKind,
    Vocabulary,
)
from evcli.schema.records import KINDS, SECTIONS, inside, keys, numbering
from evcli.tuples import NamedTuple

_KEYS = frozenset({"vocabulary", *SECTIONS})
_DEFINING = sorted(keys(Series).keys() - {"id", "facts"})  # keys of a series
_DESCRIBING = sorted(keys(Plant).keys() - {"id", "facts"})  # keys of a plant
_SAYING = ("stated", "yoy", "mom", "change")  # keys of a fact
_NEEDED = ("maker", "country")  # of these
_CAPACITY_UNIT = "vehicles/year"
_CAPACITY_KINDS = (UnitKind.COUNT, UnitKind.RATE)
_LONGEST_CLAIM = 500
_Part = TypeVar("_Part", Subject, Scope)
Texts = AnyMapping[Path, str]
_Word = TypeVar("_Word", Subject, Metric, Scope, Destination, Unit, Method, Publisher)


def load(packs: Sequence[Pack], written: Texts = MappingProxyType({})) -> Record:
    """Everything that *packs* hold together, were their files *written* like this.

    Raises InvalidFacts with all problems of all files, UsageError for a path with nothing at it.
    """
    report = Report()
    with none_collected():
        record = _assemble(_documents(packs, report, written), report)
    if report.problems:
        raise InvalidFacts(report.problems)
    return record


def _assemble(documents: Sequence[Document], report: Report) -> Record:
    context = Context(documents, report)
    for top in context.tops:
        top.only(_KEYS)
    words = _Words(context)
    outlets = _outlets(context)
    _sources(context, words, outlets)
    series = _AllSeries(context, words)
    return Record(
        outlets=outlets,
        sources=context.sources,
        series=series.by_id,
        facts=tuple(series.facts),
        events=tuple(
            Event(name, **context.fields(entry, Event))
            for name, entry, _ in context.named("events")
        ),
        measures=tuple(
            _measure(name, entry, context, words)
            for name, entry, first in context.named("measures")
            if first
        ),
        plants=_plants(context, words),
        claims=tuple(_claim(name, entry, context) for name, entry, _ in context.named("claims")),
        acknowledged=_acknowledged(context, series),
        vocabulary=words.finish(),
    )


def _documents(packs: Sequence[Pack], report: Report, written: Texts) -> list[Document]:
    """Every file once, unless only its definitions were taken before and all of it is wanted."""
    parsed: dict[bytes, tuple[str, Mapping | None]] = {}
    taken: dict[bytes, bool] = {}  # whether only its definitions were
    documents: list[Document] = []
    for pack in packs:
        new = [path for path in written if pack.path in (path, *path.parents)]
        for path in dict.fromkeys([*(() if pack.path in new else walk(pack.path, report)), *new]):
            found = (written[path].encode(), written[path]) if path in new else read(path, report)
            if found is None:
                continue
            digest = hashlib.sha256(found[0]).digest()
            if digest not in parsed:
                parsed[digest] = (display(path), parse(found[1], display(path), report))
            name, root = parsed[digest]
            if root is not None and taken.get(digest) not in (False, pack.definitions_only):
                taken[digest] = pack.definitions_only
                documents.append(Document(name, root, pack.definitions_only))
    return documents


class _Words:
    """All vocabulary of the documents; complete only after :meth:`finish`."""

    def __init__(self, context: Context) -> None:
        self.destinations: dict[str, Destination] = {WORLD: Destination(WORLD, "World")}
        self.partitions: dict[Partition, None] = {}
        self.units = context.values.units
        self._used_units: set[str] = set()
        self._context = context
        for code in (*COUNTRIES, WORLD):
            context.learn("destination", code)
        for code in CURRENCIES:
            context.learn("unit", code)
        roots = [top.child("vocabulary", "vocabulary") for top in context.tops]
        self._roots = [root for root in roots if root]
        for root in self._roots:
            root.only(set(VOCABULARY))
        self.subjects = self._parts("subjects", Subject)
        self.metrics = self._new("metrics", Metric)
        self.scopes = self._parts("scopes", Scope)
        self._partitions()
        for name, place in self._new("destinations", Destination).items():
            self.destinations[name] = place
            for member in place.members:
                self.destination(member)
        self._units()
        self.methods = self._new("methods", Method)
        self.publishers = self._new("publishers", Publisher)
        for name in context.known["subject"]:
            context.learn("publisher", name)
        self.restatements: dict[tuple[str, str], Restatement] = {}
        for entry in self._entries("restatements"):
            usual = Restatement(**context.fields(entry, Restatement))
            if self.restatements.setdefault((usual.publisher, usual.metric), usual) != usual:
                message = "this restatement is set otherwise already"
                entry.problem(message, "say it once", "publisher")

    def destination(self, name: str) -> None:
        """A country comes into the vocabulary when something goes there."""
        if name in COUNTRIES and name not in self.destinations:
            self.destinations[name] = Destination(name, COUNTRIES[name])

    def publisher(self, name: str) -> None:
        """A subject becomes a publisher when it counts itself."""
        subject = self.subjects.get(name)
        if subject is not None and name not in self.publishers:
            kind = "maker" if subject.kind in MAKER_KINDS else ""
            self.publishers[name] = Publisher(name, subject.name, kind, aliases=subject.aliases)

    def unit(self, name: str) -> Unit | None:
        """A unit that is counted in; currencies come into the vocabulary like this."""
        if name in self.units:
            self._used_units.add(name)
        return self.units.get(name)

    def finish(self) -> Vocabulary:
        """The vocabulary with what is defined or used, and nothing else."""
        units = {name: unit for name, unit in self.units.items() if name in self._used_units}
        words = {name: getattr(self, name) for name in VOCABULARY}
        words |= {"units": units, "partitions": tuple(self.partitions)}
        return Vocabulary(**{**words, "restatements": tuple(self.restatements.values())})

    def _entries(self, section: str) -> Iterator[Entry]:
        return (each for root in self._roots for each in root.records(section, section))

    def _new(self, section: str, record: type[_Word]) -> dict[str, _Word]:
        """The words of a section by id, each as it is first defined; all ids are known before."""
        kind = KINDS[section].singular
        pattern = UNIT if section == "units" else PLAIN_ID
        first = [
            (name, entry)
            for entry in self._entries(section)
            if (name := self._context.id_of(entry, pattern))
            and self._context.define(kind, name, entry)
        ]
        words = {}
        for name, entry in first:
            said = self._context.fields(entry, record)
            if said.get("kind", "") is not None:
                called = COUNTRIES.get(name, name) if section == "destinations" else name
                said["name"] = said["name"] or called
                words[name] = record(id=name, **said)
        return words

    def _parts(self, section: str, record: type[_Part]) -> dict[str, _Part]:
        """Words that may be part of each other, by id."""
        words = self._new(section, record)
        wholes = {name: each.part_of for name, each in words.items()}
        hint = "a part lies in its whole, not the other way round"
        self._context.no_circles(KINDS[section].singular, wholes, "part_of", hint)
        return words

    def _partitions(self) -> None:
        for entry in self._entries("partitions"):
            partition = Partition(**self._context.fields(entry, Partition))
            written = entry.texts("parts")
            if len(set(written)) != len(written) or partition.whole in written:
                entry.problem("a partition names a scope twice", "", "parts")
            elif len(written) == 1:
                entry.problem("a partition has two parts or more", "", "parts")
            elif written and partition.whole and partition.parts == written:
                self.partitions[partition] = None

    def _units(self) -> None:
        lexicon = self._context.values.words
        for name, unit in self._new("units", Unit).items():
            self.units[name] = unit
            self._used_units.add(name)
            for word in dict.fromkeys((name, unit.name, *unit.words)):
                for form in dict.fromkeys((word, word.casefold())):
                    other = lexicon.setdefault(form, name)
                    if other != name:
                        message = f"the word {form!r} already means the unit {other!r}"
                        self._context.first["unit", name].problem(message)
                        break
        for code in CURRENCIES:
            lexicon.setdefault(code, code)


def _outlets(context: Context) -> dict[str, Outlet]:
    """What the packs say of outlets, by name."""
    every = context.entries("outlets", definitions=True)
    told = ((Outlet(**context.fields(each, Outlet)), each) for each in every)
    return {each.name: each for each, entry in told if context.define("outlet", each.name, entry)}


def _sources(context: Context, words: _Words, outlets: dict[str, Outlet]) -> None:
    """Read all sources into *context*, each with its kind where one is given."""
    fields, sources = context.fields, context.sources
    for name, entry, first in context.named("sources"):
        if not first:
            continue
        said = fields(entry, Source)
        for key, kind in inside(Source).items():
            items = entry.records(key, kind.name)
            said[key] = tuple(kind.record(**fields(each, kind.record)) for each in items)
        source = Source(id=name, **said)
        if outlets and not source.kind:
            outlet = outlets.get(source.outlet)
            of_page = SOURCE_KINDS[0] if source.publisher else outlet.kind if outlet else ""
            source = source._replace(kind=of_page)
        words.publisher(source.publisher)
        if name:
            sources[name] = source
    origins: dict[str, tuple[str, ...]] = {
        name: (source.origin,) for name, source in sources.items() if source.origin
    }
    hint = "name the source that said it first and give that one no origin"
    context.no_circles("source", origins, "origin", hint)


class _Draft(NamedTuple):
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


def _check_share(name: str, entry: Entry, kind: MetricKind, unit: Unit | None) -> None:
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


class _AllSeries:
    """All series by id, and the facts of all of them in the order of the files."""

    def __init__(self, context: Context, words: _Words) -> None:
        self.by_id: dict[str, Series] = {}
        self.facts: list[Fact] = []
        self.unnumbered: set[str] = set()  # series with facts that have no id, for a mistake
        self._context = context
        self._words = words
        self._number = numbering()
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
                drafts[name] = _Draft(name)
                if name:
                    hint = "to define it add title, subject, metric, unit and publisher"
                    context.check("series", name, entry, "id", hint)
            for each in entry.records("facts", "facts"):
                self._read_fact(drafts[name], each)

    def _define(self, name: str, entry: Entry) -> _Draft:
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
        if kind is not None:
            _check_share(name, entry, kind, unit)
        self.by_id[name] = series
        return _Draft(name, unit, kind, series.publisher, fine)

    def _read_fact(self, draft: _Draft, entry: Entry) -> None:
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
        on = (quantity, draft.unit)
        yoy = values.change(entry, "yoy", *on) if said["yoy_stated"] else None
        mom = values.change(entry, "mom", *on) if said["mom_stated"] else None
        change = None
        if (child := entry.child("change", "change")) is not None:
            child.only(keys(Change).keys())
            about = self._context.fields(child, Change)
            grown = values.change(child, "stated")
            change = Change(quantity=grown, **about) if grown and about["over"] else None
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
                kind=known.kind if known else "",
                **said,
            )
        )

    def _period(self, draft: _Draft, entry: Entry) -> Period | None:
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


def _plants(context: Context, words: _Words) -> tuple[Plant, ...]:
    """The plants of all documents, by first mention.

    What one file leaves open, such as the city, another may add, but never contradict.
    """
    number = numbering()
    entries = grouped(context.entries("plants"), context.id_of)
    for name, parts in entries.items():
        if name and any(part.has(key) for part in parts for key in _NEEDED):
            context.learn("plant", name)
    plants = []
    for name, parts in entries.items():
        hint = "to describe it add maker, country, city and product"
        known = name and context.check("plant", name, parts[0], "id", hint)
        plant = _describe(name, parts, context, words) if known else None
        told = [each for part in parts for each in part.records("facts", "plant_facts")]
        facts = [fact for each in told if (fact := _plant_fact(name, each, context, words))]
        if plant is not None:
            facts = [fact._replace(id=number(fact.id)) for fact in facts]
            plants.append(plant._replace(facts=tuple(facts)))
    return tuple(plants)


def _describe(name: str, entries: list[Entry], context: Context, words: _Words) -> Plant:
    """The plant as its *entries* describe it together."""
    says: dict[str, Entry] = {}
    for entry in entries:
        for key in _DESCRIBING:
            if not entry.has(key):
                continue
            first = says.setdefault(key, entry)
            if first is not entry:
                _compare(name, key, first, entry)
    base = next(says[key] for key in _NEEDED if key in says)
    for key in _NEEDED:
        if key not in says and not context.report.may_exist(name):
            base.lacks(key)

    said: dict[str, Any] = {}
    for entry in entries:
        others = (key for key in _DESCRIBING if says.get(key, base) is not entry)
        said |= context.fields(entry, Plant, "maker", *others)
    said["place"] = base.place
    words.destination(said["country"])
    makers = context.refer_all("subject", says.get("maker", base), "maker", some=True)
    return Plant(id=name, maker=makers, **said)


def _compare(plant: str, key: str, first: Entry, other: Entry) -> None:
    """Report where two entries say the same key of one plant in two ways, or one file twice."""
    where = first.where(key)
    said = [content(each.at(key)) for each in (first, other)]  # one name is a list of one
    said = [each if isinstance(each, list) else [each] for each in said]
    if first.document is other.document:
        other.problem(f"the plant {plant!r} has its {key!r} twice", f"first in {where}", key)
    elif said[0] != said[1]:
        message = f"the plant {plant!r} has another {key!r} in {where}"
        other.problem(message, "a pack may add what is missing, never redefine it", key)


def _plant_fact(plant: str, entry: Entry, context: Context, words: _Words) -> PlantFact | None:
    aspects = [aspect for aspect in PlantAspect if entry.has(aspect)]
    said = context.fields(entry, PlantFact, "as_of")
    source = said["source"]
    known = context.sources.get(source)
    as_of = known.published if known is not None else None
    if entry.has("as_of"):
        as_of = context.values.period(entry, "as_of")
    elif known is not None and as_of is None:
        hint = f"the source {source!r} has no date of publication to stand in for it"
        entry.problem("the plant fact lacks 'as_of'", hint)
    if len(aspects) != 1:
        told = " and ".join(aspects) or "none of them"
        message = f"a plant fact tells one of {', '.join(PlantAspect)}, not {told}"
        entry.problem(message, "write one fact for each" if aspects else "")
        return None
    aspect = aspects[0]
    for key in ("unit", "precision"):
        if entry.has(key) and aspect is not PlantAspect.CAPACITY:
            message = f"{key!r} is for a capacity, not a {aspect.value}"
            entry.problem(message, "leave it out", key)
    quantity = _quantity(aspect, entry, context, words)
    text = entry.text(aspect.value)
    if not (plant and source and text) or as_of is None:
        return None
    return PlantFact(
        id=f"{plant}@{context.values.name(as_of)}.{aspect.value}#{source}",
        plant=plant,
        aspect=aspect,
        text=text,
        as_of=as_of,
        quantity=quantity,
        published=context.published(source),
        **said,
    )


def _quantity(
    aspect: PlantAspect, entry: Entry, context: Context, words: _Words
) -> Quantity | None:
    """The number of an aspect that has one, after checking those that have none."""
    values = context.values
    match aspect:
        case PlantAspect.STATUS:
            entry.choice("status", keys(PlantFact)["status"].field.choices)
        case PlantAspect.START:
            values.period(entry, "start")
        case PlantAspect.INVESTMENT:
            if (quantity := values.money(entry, "investment")) is not None:
                words.unit(quantity.unit)
            return quantity
        case PlantAspect.CAPACITY:
            if "unit" in entry.node.entries:
                unit = words.unit(context.refer("unit", entry, "unit"))
            elif entry.has("unit"):
                return None
            else:
                unit = words.unit(_CAPACITY_UNIT)
                hint = "name the unit of the capacity"
                context.check("unit", _CAPACITY_UNIT, entry, "capacity", hint)
            if unit is not None:
                fine = precision(entry, unit, _CAPACITY_KINDS)
                return values.stated(entry, "capacity", unit, fine)
    return None


def _measure(name: str, entry: Entry, context: Context, words: _Words) -> Measure:
    values = context.values
    if (rate := values.rate(entry, "rate", PERCENT)) is not None:
        words.unit(rate.unit)
    measure = Measure(
        id=name, rate=rate, rate_unit=rate.unit if rate else "", **context.fields(entry, Measure)
    )
    start, until = measure.start, measure.until
    if start and until and start.start and until.start and start.start >= until.start:
        message = f"the measure ends ({values.name(until)}) before it begins ({values.name(start)})"
        entry.problem(message, "until is the first day on which it no longer holds", "until")
    for key, others in (("replaces", measure.replaces), ("excepts", measure.excepts)):
        if name and name in others:
            entry.problem(f"the measure {name!r} {key} itself", "", key)
    for other in measure.excepts:
        if other in measure.replaces:
            hint = "what is replaced ends; what is excepted from goes on for the rest"
            entry.problem(f"{other!r} is both replaced and excepted from", hint, "excepts")
    if measure.source and measure.source in measure.confirmed_by:
        message = f"{measure.source!r} confirms itself"
        entry.problem(message, "confirmed_by: names other sources", "confirmed_by")
    return measure


def _claim(name: str, entry: Entry, context: Context) -> Claim:
    said = Claim(id=name, **context.fields(entry, Claim))
    if len(said.says) > _LONGEST_CLAIM:
        entry.problem("the claim is too long", f"at most {_LONGEST_CLAIM} characters", "says")
    if not 0 < len(said.says) <= _LONGEST_CLAIM:
        return said
    try:
        claim = parse_claim(said.says)
    except ValueError as error:  # or a number of thousands of digits
        entry.problem(str(error), "", "says")
        return said
    for series in dict.fromkeys(term.series for term in claim.terms):
        context.check("series", series, entry, "says")
    known, sure = context.known["series"], not (context.report.blind or context.report.maybe)
    if isinstance(claim, RankClaim) and sure and not fnmatch.filter(known, claim.among):
        entry.problem(f"no series matches {claim.among!r}", "* stands for any text", "says")
    return said


def _acknowledged(context: Context, series: _AllSeries) -> tuple[Acknowledgement, ...]:
    """The explained findings of all documents in the order of the files."""
    found = []
    known, report = context.known["fact"] | context.known["claim"], context.report
    for entry in context.entries("acknowledged"):
        if not entry.has("facts"):
            entry.lacks("facts")
        named = entry.scalars("facts", some=True)
        for fact in named:
            name = fact.text.strip()
            of = name.partition("@")[0]
            if name in known or of in series.unnumbered or report.may_exist(of):
                continue
            same_series = tuple(each for each in known if each.startswith(f"{of}@"))
            hint = report.near(name, same_series or known) or "an id is SERIES@PERIOD#SOURCE"
            entry.problem(f"no fact or claim named {name!r}", hint, fact)
        said = context.fields(entry, Acknowledgement, "facts")
        said["facts"] = tuple(each.text.strip() for each in named)
        found.append(Acknowledgement(**said))
    return tuple(found)
