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
from evcli.loader.entry import PLAIN_ID, SERIES_ID, UNIT, Context, Entry, precision
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

_KEYS = frozenset({"vocabulary", *SECTIONS})
_DEFINING = sorted(keys(Series).keys() - {"id", "facts"})  # keys of a series
_DESCRIBING = sorted(keys(Plant).keys() - {"id", "facts"})  # keys of a plant
_SAYING = ("stated", "yoy", "mom", "change")  # keys of a fact
_NEEDED = ("maker", "country")  # of these
_CAPACITY_UNIT = "vehicles/year"
_CAPACITY_KINDS = (UnitKind.COUNT, UnitKind.RATE)
_LONGEST_CLAIM = 500
Texts = AnyMapping[Path, str]
_Word = TypeVar("_Word", Subject, Metric, Scope, Destination, Unit, Method, Publisher)


def load(packs: Sequence[Pack], written: Texts = MappingProxyType({})) -> Record:
    """Everything that *packs* hold together, were their files *written* like this.

    Raises InvalidFacts with all problems of all files, UsageError for a path with nothing at it.
    """
    report = Report()
    with none_collected():
        record = _Packs(_files(packs, report, written), report).record()
    if report.problems:
        raise InvalidFacts(report.problems)
    return record


def _files(packs: Sequence[Pack], report: Report, written: Texts) -> list[Entry]:
    """Every file once, unless only its definitions were taken before and all of it is wanted."""
    parsed: dict[bytes, tuple[str, Mapping | None]] = {}
    taken: dict[bytes, bool] = {}  # whether only its definitions were
    tops: list[Entry] = []
    for pack in packs:
        new = [path for path in written if pack.path in (path, *path.parents)]
        for path in dict.fromkeys([*(() if pack.path in new else walk(pack.path, report)), *new]):
            found = (written[path].encode(), written[path]) if path in new else read(path, report)
            if found is None:
                continue
            digest = hashlib.sha256(found[0]).digest()
            if digest not in parsed:
                root = parse(found[1], display(path), report)
                if root is not None and path.name.endswith(".map.yaml"):
                    from evcli.loader.tables import mapped

                    table = mapped(path, root, report)
                    root = table.definitions if table else None
                    if table and not pack.definitions_only:
                        report.tables.append(table)
                parsed[digest] = (display(path), root)
            name, root = parsed[digest]
            if root is not None and taken.get(digest) not in (False, pack.definitions_only):
                taken[digest] = pack.definitions_only
                tops.append(Entry(root, name, report, "fact file", pack.definitions_only))
    return tops


class _Packs(Context):
    """Everything that the files hold, each kind of entry after those that it builds on."""

    def __init__(self, tops: Sequence[Entry], report: Report) -> None:
        super().__init__(tops, report)
        for top in self.tops:
            top.only(_KEYS)
        self._read_vocabulary()
        self.outlets = self._outlets()
        self._read_sources()
        self.series: dict[str, Series] = {}
        self.facts: list[Fact] = []
        self._precisions: dict[str, Fraction | None] = {}  # by series
        self._unnumbered: set[str] = set()  # series with facts that have no id, for a mistake
        self._number = numbering()
        self._read_series()

    def record(self) -> Record:
        """All of it; the vocabulary with what is defined or used, and nothing else."""
        others: dict[str, Any] = {
            "events": tuple(
                Event(name, **self.fields(entry, Event)) for name, entry, _ in self.named("events")
            ),
            "measures": tuple(
                self._measure(name, entry) for name, entry, first in self.named("measures") if first
            ),
            "plants": self._plants(),
            "claims": tuple(self._claim(name, entry) for name, entry, _ in self.named("claims")),
            "acknowledged": self._acknowledged(),
        }
        words = {name: getattr(self, name) for name in VOCABULARY}
        words["units"] = {name: self.units[name] for name in self.units if name in self._used_units}
        words["partitions"] = tuple(self.partitions)
        words["restatements"] = tuple(self.restatements.values())
        return Record(
            Vocabulary(**words),
            self.sources,
            self.series,
            tuple(self.facts),
            outlets=self.outlets,
            **others,
        )

    # -- vocabulary

    def _read_vocabulary(self) -> None:
        self.destinations: dict[str, Destination] = {WORLD: Destination(WORLD, "World")}
        self.partitions: dict[Partition, None] = {}
        self._used_units: set[str] = set()
        for code in (*COUNTRIES, WORLD):
            self.learn("destination", code)
        for code in CURRENCIES:
            self.learn("unit", code)
        roots = [top.child("vocabulary", "vocabulary") for top in self.tops]
        self._roots = [root for root in roots if root]
        for root in self._roots:
            root.only(set(VOCABULARY))
        self.subjects = self._new("subjects", Subject)
        self.metrics = self._new("metrics", Metric)
        self.scopes = self._new("scopes", Scope)
        hint = "a part lies in its whole, not the other way round"
        for kind, known in (("subject", self.subjects), ("scope", self.scopes)):
            wholes = {name: each.part_of for name, each in known.items()}
            self.no_circles(kind, wholes, "part_of", hint)
        for entry in self._defining("partitions"):
            partition = Partition(**self.fields(entry, Partition))
            written = entry.texts("parts")
            if len(set(written)) != len(written) or partition.whole in written:
                entry.problem("a partition names a scope twice", "", "parts")
            elif len(written) == 1:
                entry.problem("a partition has two parts or more", "", "parts")
            elif written and partition.whole and partition.parts == written:
                self.partitions[partition] = None
        for name, place in self._new("destinations", Destination).items():
            self.destinations[name] = place
            for member in place.members:
                self._go_to(member)
        self._read_units()
        self.methods = self._new("methods", Method)
        self.publishers = self._new("publishers", Publisher)
        for name in self.known["subject"]:
            self.learn("publisher", name)
        self.restatements: dict[tuple[str, str], Restatement] = {}
        for entry in self._defining("restatements"):
            usual = Restatement(**self.fields(entry, Restatement))
            if self.restatements.setdefault((usual.publisher, usual.metric), usual) != usual:
                message = "this restatement is set otherwise already"
                entry.problem(message, "say it once", "publisher")

    def _defining(self, section: str) -> Iterator[Entry]:
        """The entries of a section of the vocabulary."""
        return (each for root in self._roots for each in root.records(section, section))

    def _new(self, section: str, record: type[_Word]) -> dict[str, _Word]:
        """The words of a section by id, each as it is first defined; all ids are known before."""
        kind = KINDS[section].singular
        pattern = UNIT if section == "units" else PLAIN_ID
        first = [
            (name, entry)
            for entry in self._defining(section)
            if (name := self.id_of(entry, pattern)) and self.define(kind, name, entry)
        ]
        words = {}
        for name, entry in first:
            said = self.fields(entry, record)
            if said.get("kind", "") is not None:
                called = COUNTRIES.get(name, name) if section == "destinations" else name
                said["name"] = said["name"] or called
                words[name] = record(id=name, **said)
        return words

    def _read_units(self) -> None:
        for name, unit in self._new("units", Unit).items():
            self.units[name] = unit
            self._used_units.add(name)
            for word in dict.fromkeys((name, unit.name, *unit.words)):
                for form in dict.fromkeys((word, word.casefold())):
                    other = self.words.setdefault(form, name)
                    if other != name:
                        message = f"the word {form!r} already means the unit {other!r}"
                        self.first["unit", name].problem(message)
                        break
        for code in CURRENCIES:
            self.words.setdefault(code, code)

    def _go_to(self, name: str) -> None:
        """A country comes into the vocabulary when something goes there."""
        if name in COUNTRIES and name not in self.destinations:
            self.destinations[name] = Destination(name, COUNTRIES[name])

    def _count(self, name: str) -> None:
        """A subject becomes a publisher when it counts itself."""
        subject = self.subjects.get(name)
        if subject is not None and name not in self.publishers:
            kind = "maker" if subject.kind in MAKER_KINDS else ""
            self.publishers[name] = Publisher(name, subject.name, kind, aliases=subject.aliases)

    def _use(self, name: str) -> Unit | None:
        """A unit that is counted in; currencies come into the vocabulary like this."""
        if name in self.units:
            self._used_units.add(name)
        return self.units.get(name)

    # -- sources

    def _outlets(self) -> dict[str, Outlet]:
        """What the packs say of outlets, by name."""
        every = self.entries("outlets", definitions=True)
        told = ((Outlet(**self.fields(each, Outlet)), each) for each in every)
        return {each.name: each for each, entry in told if self.define("outlet", each.name, entry)}

    def _read_sources(self) -> None:
        """All sources, each with its kind where one is given."""
        for name, entry, first in self.named("sources"):
            if not first:
                continue
            said = self.fields(entry, Source)
            for key, kind in inside(Source).items():
                items = entry.records(key, kind.name)
                said[key] = tuple(kind.record(**self.fields(each, kind.record)) for each in items)
            source = Source(id=name, **said)
            if self.outlets and not source.kind:
                outlet = self.outlets.get(source.outlet)
                of_page = SOURCE_KINDS[0] if source.publisher else outlet.kind if outlet else ""
                source = source._replace(kind=of_page)
            self._count(source.publisher)
            if name:
                self.sources[name] = source
        origins: dict[str, tuple[str, ...]] = {
            name: (source.origin,) for name, source in self.sources.items() if source.origin
        }
        hint = "name the source that said it first and give that one no origin"
        self.no_circles("source", origins, "origin", hint)

    # -- series and their facts

    def _read_series(self) -> None:
        """All series by id, and the facts of all of them in the order of the files."""
        definitions: dict[str, Entry] = {}
        additions: list[tuple[str, Entry]] = []
        for entry in self.entries("series", definitions=True):
            name = self.id_of(entry, SERIES_ID)
            if name and any(entry.has(key) for key in _DEFINING):
                if self.define("series", name, entry, without="facts"):
                    definitions[name] = entry
            elif name and not entry.has("facts"):
                hint = "add facts, or title, subject, metric"
                entry.problem(f"the series {name!r} says nothing", hint)
            if not entry.definitions_only and entry.has("facts"):
                additions.append((name, entry))
        for name, entry in definitions.items():
            self._define_series(name, entry)
        for name, entry in additions:
            if name not in self._precisions:
                self._precisions[name] = None
                if name:
                    hint = "to define it add title, subject, metric, unit and publisher"
                    self.check("series", name, entry, "id", hint)
            for each in entry.records("facts", "facts"):
                self._read_fact(name, each)
        for table in self.report.tables:
            for fact in table.facts(self):
                self.facts.append(fact._replace(id=self._number(fact.id)))
                self.learn("fact", self.facts[-1].id)

    def _define_series(self, name: str, entry: Entry) -> None:
        series = Series(id=name, **self.fields(entry, Series))
        if not entry.has("destination"):
            series = series._replace(destination=WORLD)
        if not entry.has("scope"):
            series = series._replace(scope="all")
            if "all" not in self.known["scope"] and not self.report.may_exist("all"):
                entry.problem("the series names no scope", "the vocabulary has none called 'all'")
        self.series[name] = series
        self._go_to(series.destination)
        self._count(series.publisher)
        unit = self._use(series.unit)
        fine = precision(entry, unit)
        counter = self.publishers.get(series.publisher)
        if fine is None and counter is not None and unit and unit.kind is UnitKind.COUNT:
            fine = counter.precision
        self._precisions[name] = fine
        if series.metric not in self.metrics:
            return
        kind = self.metrics[series.metric].kind
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

    def _read_fact(self, name: str, entry: Entry) -> None:
        series = self.series.get(name)
        unit = self.units.get(series.unit) if series else None
        metric = self.metrics.get(series.metric) if series else None
        period = self._period_of(entry, metric and metric.kind)
        said = self.fields(entry, Fact, "period", "origin")
        source = said["source"]
        id = ""
        if period is not None and source and name:
            id = self._number(f"{name}@{period}#{source}")
            self.learn("fact", id)
        else:
            self._unnumbered.add(name)
        fine = precision(entry, unit) or self._precisions[name]
        quantity = None
        if said["stated"] and unit is not None:
            quantity = self.stated(entry, "stated", unit, fine)
            if quantity is not None and metric and metric.kind is MetricKind.SHARE:
                quantity = _of_a_whole(quantity, unit, entry)
        yoy = self.change(entry, "yoy", quantity, unit) if said["yoy_stated"] else None
        mom = self.change(entry, "mom", quantity, unit) if said["mom_stated"] else None
        change = None
        if (child := entry.child("change", "change")) is not None:
            child.only(keys(Change).keys())
            about = self.fields(child, Change)
            grown = self.change(child, "stated")
            change = Change(quantity=grown, **about) if grown and about["over"] else None
        if not any(entry.has(key) for key in _SAYING):
            entry.problem("the fact says nothing", "give stated, yoy, mom or change")
        named = self.refer("source", entry, "origin")
        # a source that repeats another may still state a figure of its own
        origin = source if named == source else origin_of(named or source, self.sources)
        if not id or period is None:
            return
        known = self.sources.get(source)
        self.facts.append(
            Fact(
                id=id,
                series=name,
                period=period,
                origin=origin,
                quantity=quantity,
                yoy=yoy,
                mom=mom,
                change=change,
                published=str(known.published or "") if known else "",
                own=bool(known and series and known.publisher == series.publisher != ""),
                kind=known.kind if known else "",
                **said,
            )
        )

    def _period_of(self, entry: Entry, kind: MetricKind | None) -> Period | None:
        has = entry.node.entries
        if "period" in has and "as_of" in has:
            hint = "as_of dates stocks, period is for everything else"
            entry.problem("a fact has 'period' or 'as_of', not both", hint, "as_of")
            return None
        key, other = ("as_of", "period") if "as_of" in has else ("period", "as_of")
        if key not in has:
            if not entry.has("as_of"):
                entry.lacks("as_of" if kind and kind.is_stock else "period")
            return None
        period = self.period(entry, key)
        if kind and (kind.is_stock if key == "period" else kind is MetricKind.FLOW):
            entry.problem(f"{key!r} does not suit a {kind.value}", f"write {other}:", key)
        return period

    # -- plants

    def _plants(self) -> tuple[Plant, ...]:
        """The plants of all files, by first mention.

        What one file leaves open, such as the city, another may add, but never contradict.
        """
        number = numbering()
        entries = grouped(self.entries("plants"), self.id_of)
        for name, parts in entries.items():
            if name and any(part.has(key) for part in parts for key in _NEEDED):
                self.learn("plant", name)
        plants = []
        for name, parts in entries.items():
            hint = "to describe it add maker, country, city and product"
            known = name and self.check("plant", name, parts[0], "id", hint)
            plant = self._describe(name, parts) if known else None
            told = [each for part in parts for each in part.records("facts", "plant_facts")]
            facts = [fact for each in told if (fact := self._plant_fact(name, each))]
            if plant is not None:
                facts = [fact._replace(id=number(fact.id)) for fact in facts]
                plants.append(plant._replace(facts=tuple(facts)))
        return tuple(plants)

    def _describe(self, name: str, entries: list[Entry]) -> Plant:
        """The plant as its *entries* describe it together."""
        says: dict[str, Entry] = {}
        for entry in entries:
            for key in _DESCRIBING:
                if entry.has(key) and says.setdefault(key, entry) is not entry:
                    _compare(name, key, says[key], entry)
        base = next(says[key] for key in _NEEDED if key in says)
        for key in _NEEDED:
            if key not in says and not self.report.may_exist(name):
                base.lacks(key)
        said: dict[str, Any] = {}
        for entry in entries:
            others = (key for key in _DESCRIBING if says.get(key, base) is not entry)
            said |= self.fields(entry, Plant, "maker", *others)
        said["place"] = base.place
        self._go_to(said["country"])
        makers = self.refer_all("subject", says.get("maker", base), "maker", some=True)
        return Plant(id=name, maker=makers, **said)

    def _plant_fact(self, plant: str, entry: Entry) -> PlantFact | None:
        aspects = [aspect for aspect in PlantAspect if entry.has(aspect)]
        said = self.fields(entry, PlantFact, "as_of")
        source = said["source"]
        known = self.sources.get(source)
        as_of = known.published if known is not None else None
        if entry.has("as_of"):
            as_of = self.period(entry, "as_of")
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
        quantity = self._quantity(aspect, entry)
        text = entry.text(aspect.value)
        if not (plant and source and text) or as_of is None:
            return None
        return PlantFact(
            id=f"{plant}@{as_of}.{aspect.value}#{source}",
            plant=plant,
            aspect=aspect,
            text=text,
            as_of=as_of,
            quantity=quantity,
            published=str(known.published or "") if known else "",
            **said,
        )

    def _quantity(self, aspect: PlantAspect, entry: Entry) -> Quantity | None:
        """The number of an aspect that has one, after checking those that have none."""
        match aspect:
            case PlantAspect.STATUS:
                entry.choice("status", keys(PlantFact)["status"].field.choices)
            case PlantAspect.START:
                self.period(entry, "start")
            case PlantAspect.INVESTMENT:
                if (quantity := self.money(entry, "investment")) is not None:
                    self._use(quantity.unit)
                return quantity
            case PlantAspect.CAPACITY:
                if "unit" in entry.node.entries:
                    unit = self._use(self.refer("unit", entry, "unit"))
                elif entry.has("unit"):
                    return None
                else:
                    unit = self._use(_CAPACITY_UNIT)
                    hint = "name the unit of the capacity"
                    self.check("unit", _CAPACITY_UNIT, entry, "capacity", hint)
                if unit is not None:
                    fine = precision(entry, unit, _CAPACITY_KINDS)
                    return self.stated(entry, "capacity", unit, fine)
        return None

    # -- what else is said

    def _measure(self, name: str, entry: Entry) -> Measure:
        if (rate := self.rate(entry, "rate", PERCENT)) is not None:
            self._use(rate.unit)
        measure = Measure(
            id=name, rate=rate, rate_unit=rate.unit if rate else "", **self.fields(entry, Measure)
        )
        start, until = measure.start, measure.until
        if start and until and start.start and until.start and start.start >= until.start:
            message = f"the measure ends ({until}) before it begins ({start})"
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

    def _claim(self, name: str, entry: Entry) -> Claim:
        said = Claim(id=name, **self.fields(entry, Claim))
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
            self.check("series", series, entry, "says")
        known, sure = self.known["series"], not (self.report.blind or self.report.maybe)
        if isinstance(claim, RankClaim) and sure and not fnmatch.filter(known, claim.among):
            entry.problem(f"no series matches {claim.among!r}", "* stands for any text", "says")
        return said

    def _acknowledged(self) -> tuple[Acknowledgement, ...]:
        """The explained findings of all files in their order."""
        found = []
        known = self.known["fact"] | self.known["claim"]
        for entry in self.entries("acknowledged"):
            if not entry.has("facts"):
                entry.lacks("facts")
            named = entry.scalars("facts", some=True)
            for fact in named:
                name = fact.text.strip()
                of = name.partition("@")[0]
                if name in known or of in self._unnumbered or self.report.may_exist(of):
                    continue
                same_series = tuple(each for each in known if each.startswith(f"{of}@"))
                near = self.report.near(name, same_series or known)
                hint = near or "an id is SERIES@PERIOD#SOURCE"
                entry.problem(f"no fact or claim named {name!r}", hint, fact)
            said = self.fields(entry, Acknowledgement, "facts")
            said["facts"] = tuple(each.text.strip() for each in named)
            found.append(Acknowledgement(**said))
        return tuple(found)


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


def _compare(plant: str, key: str, first: Entry, other: Entry) -> None:
    """Report where two entries say the same key of one plant in two ways, or one file twice."""
    where = first.where(key)
    said = [content(each.at(key)) for each in (first, other)]  # one name is a list of one
    said = [each if isinstance(each, list) else [each] for each in said]
    if first.file == other.file:
        other.problem(f"the plant {plant!r} has its {key!r} twice", f"first in {where}", key)
    elif said[0] != said[1]:
        message = f"the plant {plant!r} has another {key!r} in {where}"
        other.problem(message, "a pack may add what is missing, never redefine it", key)
