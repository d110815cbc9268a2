"""Puts packs together: reads every file, then each kind of entry in the order they build on;
facts, put away as text, wait until all that was read.

>>> from pathlib import Path
>>> import tempfile
>>> with tempfile.TemporaryDirectory() as empty:
...     len(load([Pack(Path(empty))]).facts)
0
"""

import fnmatch
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any, TypeVar

from evcli.errors import InvalidFacts
from evcli.grouping import grouped, none_collected
from evcli.loader.entry import Context, Entry, compare, of_a_whole, precision
from evcli.loader.files import Report, Seen
from evcli.loader.parts import KnownParts, Part, Texts, parts_of
from evcli.model import WORLD, Pack, records
from evcli.model import vocabulary as terms
from evcli.model.claim import RankClaim, parse_claim
from evcli.model.codes import CONTINENTS, COUNTRIES, CURRENCIES
from evcli.model.period import Period
from evcli.model.quantity import Quantity
from evcli.schema.records import KINDS, SECTIONS, inside, keys, numbering

_KEYS = frozenset({"vocabulary", *SECTIONS})
_DEFINING = sorted(keys(records.Series).keys() - {"id", "facts"})  # keys of a series
_DESCRIBING = sorted(keys(records.Plant).keys() - {"id", "facts"})  # keys of a plant
_SAYING = ("stated", "yoy", "mom", "change")  # keys of a fact
_NEEDED = ("maker", "country")  # of these
_CAPACITY_UNIT = "vehicles/year"
_LONGEST_CLAIM = 500
_text_of = cache(str)  # of periods, which many facts have
_Word = TypeVar("_Word", bound=tuple[Any, ...])


def load(packs: Sequence[Pack], written: Texts = MappingProxyType({})) -> records.Record:
    """Everything that *packs* hold together, were their files *written* like this.

    Raises InvalidFacts with all problems of all files, UsageError for a path with nothing at it.
    """
    with none_collected():
        loading = Loading(packs, written)
        facts = tuple(chain.from_iterable(map(loading.facts, loading.parts)))
        return loading.rest()._replace(facts=facts)


class Loading(Context):
    """Reads all that files hold, each kind of entry after those that it builds on.

    First all words, sources and series; then, when asked, the :meth:`facts` of each of ``parts``
    in turn; at last the :meth:`rest`. ``files`` are those that were read. Of parts that are *known*
    no facts come; *elsewhere* gives the ids of those of a series, ``entangled`` says that they had
    others if all were read now.
    """

    def __init__(
        self,
        packs: Sequence[Pack],
        written: Texts = MappingProxyType({}),
        known: KnownParts = MappingProxyType({}),
        elsewhere: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        self.files: dict[tuple[bytes, bytes], Seen] = {}
        self.parts = list(parts_of(packs, report := Report(), self.files, written, known))
        self._own_first = sorted(self.parts, key=lambda part: part.top.definitions_only)
        super().__init__([part.top for part in self._own_first], report)
        self._lends_all = any(pack.lends_all for pack in packs)
        for top in self.tops:
            top.only(_KEYS)
        self._read_vocabulary()
        self.outlets = self._outlets()
        self._read_sources()
        self._unnumbered: set[str] = set()  # series with facts that have no id, for a mistake
        self._number = numbering(self.known["fact"])
        self._elsewhere = cache(lambda series: frozenset(elsewhere(series) if elsewhere else ()))
        self.entangled = False
        self._read_series()

    def rest(self) -> records.Record:
        """All but the facts; the vocabulary with what is defined or used, and nothing else.

        Raises InvalidFacts with all problems, also those of facts.
        """
        events, measures = self.named("events"), self.named("measures")
        others: dict[str, Any] = {
            "events": tuple(
                records.Event(name, **self.fields(e, records.Event)) for name, e, _ in events
            ),
            "measures": tuple(self._measure(name, e) for name, e, first in measures if first),
            "plants": self._plants(),
            "claims": tuple(self._claim(name, entry) for name, entry, _ in self.named("claims")),
            "acknowledged": self._acknowledged(),
        }
        self._borrow_series()  # those that claims name
        words = {name: getattr(self, name) for name in terms.VOCABULARY}
        words["units"] = {name: self.units[name] for name in self.units if name in self._used_units}
        words["partitions"] = tuple(self.partitions)
        words["restatements"] = tuple(self.restatements.values())
        vocabulary = terms.Vocabulary(**words)
        outlets = self.outlets
        lent = {word for word, entry in self.first.items() if entry.definitions_only}
        if lent and not self._lends_all:
            vocabulary = only_used(vocabulary, lent, self.used)
            unused = {name for kind, name in lent - self.used if kind == "outlet"}
            outlets = {name: each for name, each in outlets.items() if name not in unused}
        if self.report.problems:
            raise InvalidFacts(self.report.problems)
        return records.Record(vocabulary, self.sources, self.series, outlets=outlets, **others)

    # -- vocabulary

    def _read_vocabulary(self) -> None:
        self.destinations: dict[str, terms.Destination] = {WORLD: terms.Destination(WORLD, "World")}
        self.partitions: dict[terms.Partition, None] = {}
        self._used_units: set[str] = set()
        self.known["destination"] |= dict.fromkeys((*COUNTRIES, WORLD))
        self.known["unit"] |= dict.fromkeys(CURRENCIES)
        roots = [top.child("vocabulary", "vocabulary") for top in self.tops]
        self._roots = [root for root in roots if root]
        for root in self._roots:
            root.only(set(terms.VOCABULARY))
        self.subjects = self._new("subjects", terms.Subject)
        self.metrics = self._new("metrics", terms.Metric)
        self.scopes = self._new("scopes", terms.Scope)
        hint = "a part lies in its whole, not the other way round"
        for kind, known in (("subject", self.subjects), ("scope", self.scopes)):
            own = (name for name in known if not self.first[kind, name].definitions_only)
            wholes = {name: known[name].part_of for name in own}
            self.no_circles(kind, wholes, "part_of", hint)
        for entry in self._defining("partitions"):
            partition = terms.Partition(**self.fields(entry, terms.Partition))
            written = entry.texts("parts")
            if len(set(written)) != len(written) or partition.whole in written:
                entry.problem("a partition names a scope twice", "", "parts")
            elif len(written) == 1:
                entry.problem("a partition has two parts or more", "", "parts")
            elif written and partition.whole and partition.parts == written:
                self.partitions[partition] = None
        for name, place in self._new("destinations", terms.Destination).items():
            self.destinations[name] = place
            lent = self.first["destination", name].definitions_only
            for member in () if lent else place.members:
                self._go_to(member)
        self._read_units()
        self.methods = self._new("methods", terms.Method)
        self.publishers = self._new("publishers", terms.Publisher)
        self.known["publisher"] |= self.known["subject"]
        self.restatements: dict[tuple[str, str], terms.Restatement] = {}
        for entry in self._defining("restatements"):
            usual = terms.Restatement(**self.fields(entry, terms.Restatement))
            first = self.restatements.setdefault((usual.publisher, usual.metric), usual)
            if first != usual and not entry.definitions_only:
                message = "this restatement is set otherwise already"
                entry.problem(message, "say it once", "publisher")

    def _defining(self, section: str) -> Iterator[Entry]:
        """The entries of a section of the vocabulary."""
        return (each for root in self._roots for each in root.records(section, section))

    def _new(self, section: str, record: type[_Word]) -> dict[str, _Word]:
        """The words of a section by id, each as it is first defined; all ids are known before."""
        kind = KINDS[section].singular
        pattern = "unit" if section == "units" else "id"
        first = [
            (name, entry)
            for entry in self._defining(section)
            if (name := self.id_of(entry, pattern)) and self.define(kind, name, entry)
        ]
        words = {}
        for name, entry in first:
            said = {"id": name} | self.fields(entry, record)
            said["name"] = said["name"] or (kind == "destination" and COUNTRIES.get(name)) or name
            if said.get("kind", "") is not None:
                words[name] = record(**said)
        return words

    def _read_units(self) -> None:
        for name, unit in self._new("units", terms.Unit).items():
            self.units[name] = unit
            self._used_units.add(name)
            for word in dict.fromkeys((name, unit.name, *unit.words)):
                for form in dict.fromkeys((word, word.casefold())):
                    other = self.words.setdefault(form, name)
                    if other != name and not self.first["unit", name].definitions_only:
                        message = f"the word {form!r} already means the unit {other!r}"
                        self.first["unit", name].problem(message)
                        break
        for code in CURRENCIES:
            self.words.setdefault(code, code)

    def _go_to(self, name: str) -> None:
        """A country comes into the vocabulary when something goes there."""
        self.used.add(("destination", name))
        if name in COUNTRIES and name not in self.destinations:
            self.destinations[name] = terms.Destination(name, COUNTRIES[name])

    def _count(self, name: str) -> None:
        """A subject becomes a publisher when it counts itself."""
        subject = self.subjects.get(name)
        if subject is not None and name not in self.publishers:
            kind = "maker" if subject.kind in terms.MAKER_KINDS else ""
            self.publishers[name] = terms.Publisher(
                name, subject.name, kind, aliases=subject.aliases
            )

    def _use(self, name: str) -> terms.Unit | None:
        """A unit that is counted in; currencies come into the vocabulary like this."""
        self._used_units.add(name)
        return self.units.get(name)

    # -- sources

    def _outlets(self) -> dict[str, records.Outlet]:
        """What the packs say of outlets, by name."""
        every = self.entries("outlets", definitions=True)
        told = ((records.Outlet(**self.fields(each, records.Outlet)), each) for each in every)
        return {each.name: each for each, entry in told if self.define("outlet", each.name, entry)}

    def _read_sources(self) -> None:
        """All sources, each with its kind where one is given."""
        for name, entry, first in self.named("sources"):
            if not first:
                continue
            said = self.fields(entry, records.Source)
            for key, kind in inside(records.Source).items():
                items = entry.records(key, kind.name)
                said[key] = tuple(kind.record(**self.fields(each, kind.record)) for each in items)
            source = records.Source(id=name, **said)
            if self.outlets and not source.kind:
                outlet = self.outlets.get(source.outlet)
                usual = outlet.kind if outlet else ""
                source = source._replace(
                    kind=records.SOURCE_KINDS[0] if source.publisher else usual
                )
            self._count(source.publisher)
            self.used.add(("outlet", source.outlet))
            if name:
                self.sources[name] = source
        origins = {name: (each.origin,) for name, each in self.sources.items() if each.origin}
        hint = "name the source that said it first and give that one no origin"
        self.no_circles("source", origins, "origin", hint)

    # -- series and their facts

    def _read_series(self) -> None:
        """All series by id; who has facts on them waits in the parts."""
        definitions: dict[str, Entry] = {}
        parts = ((part, part.top.records("series", "series")) for part in self._own_first)
        for part, entry in ((part, each) for part, entries in parts for each in entries):
            name = self.id_of(entry, "series")
            if name and any(entry.has(key) for key in _DEFINING):
                if self.define("series", name, entry, without="facts"):
                    definitions[name] = entry
            elif name and not entry.has("facts"):
                hint = "add facts, or title, subject, metric"
                entry.problem(f"the series {name!r} says nothing", hint)
            if not entry.definitions_only and entry.has("facts"):
                part.additions.append((name, entry))
                self.used.add(("series", name))
        for name, entry in definitions.items():
            if not entry.definitions_only:
                self._define_series(name, entry)
        self._lent = {name: e for name, e in definitions.items() if e.definitions_only}
        self._borrow_series()

    def facts(self, part: Part) -> Iterator[records.Fact]:
        """The facts of a part in their order, but those that are reported."""
        for name, entry in part.additions:
            if name not in self.precisions:
                self.precisions[name] = None
                if name:
                    hint = "to define it add title, subject, metric, unit and publisher"
                    self.check("series", name, entry, "id", hint)
            for each in entry.records("facts", "facts"):
                if (fact := self._fact(name, each)) is not None:
                    yield fact
        for fact in part.table.facts(self) if part.table else ():
            id = self._numbered(fact.series, fact.id)
            yield fact if id == fact.id else fact._replace(id=id)

    def _numbered(self, series: str, stem: str) -> str:
        """The id of a fact; others elsewhere may have the same."""
        self.entangled |= stem in self._elsewhere(series)
        return self._number(stem)

    def _borrow_series(self) -> None:
        """Define those series that are lent and used, and what they are shares of."""
        used, all_ = self.used, self._lends_all
        while names := [name for name in self._lent if all_ or ("series", name) in used]:
            for name in names:
                self._define_series(name, replace(self._lent.pop(name), definitions_only=False))

    def _define_series(self, name: str, entry: Entry) -> None:
        series = records.Series(id=name, **self.fields(entry, records.Series))
        if not entry.has("destination"):
            series = series._replace(destination=WORLD)
        if not entry.has("scope"):
            series = series._replace(scope="all")
            self.used.add(("scope", "all"))
            if "all" not in self.known["scope"] and not self.report.may_exist("all"):
                entry.problem("the series names no scope", "the vocabulary has none called 'all'")
        self.series[name] = series
        self._go_to(series.destination)
        self._count(series.publisher)
        unit = self._use(series.unit)
        fine = precision(entry, unit)
        counter = self.publishers.get(series.publisher)
        if fine is None and counter is not None and unit and unit.kind is terms.UnitKind.COUNT:
            fine = counter.precision
        self.precisions[name] = fine
        if series.metric not in self.metrics:
            return
        kind = self.metrics[series.metric].kind
        is_share, metric = kind is terms.MetricKind.SHARE, entry.text("metric")
        for key in ("part", "whole"):
            if is_share and not entry.has(key):
                entry.lacks(key)
            elif is_share and entry.text(key) == name:
                entry.problem(f"a series is not its own {key}", "", key)
            elif not is_share and entry.has(key):
                message = f"{key!r} is for shares, but {metric!r} is a {kind.value}"
                entry.problem(message, "leave it out", key)
        if is_share and unit and unit.kind not in (terms.UnitKind.PERCENT, terms.UnitKind.RATIO):
            message = f"{metric!r} is a share, but {unit.id!r} is a {unit.kind.value}"
            entry.problem(message, "write unit: percent", "unit")

    def _fact(self, name: str, entry: Entry) -> records.Fact | None:
        series = self.series.get(name)
        unit = self.units.get(series.unit) if series else None
        metric = self.metrics.get(series.metric) if series else None
        period = self._period_of(entry, metric and metric.kind)
        said = self.fields(entry, records.Fact, "period", "origin")
        source = said["source"]
        id = ""
        if period is not None and source and name:
            id = self._numbered(name, f"{name}@{_text_of(period)}#{source}")
        else:
            self._unnumbered.add(name)
        fine = precision(entry, unit)
        fine = self.precisions[name] if fine is None else fine
        quantity = None
        if said["stated"] and unit is not None:
            signed = metric is not None and metric.kind.is_signed
            quantity = self.stated(entry, "stated", unit, fine, signed=signed)
            if quantity is not None and metric and metric.kind is terms.MetricKind.SHARE:
                quantity = of_a_whole(quantity, unit, entry)
        for key in ("yoy", "mom"):
            if said[f"{key}_stated"]:
                said[key] = self.change(entry, key, quantity, unit)
        if (child := entry.child("change", "change")) is not None:
            child.only(keys(records.Change).keys())
            about = self.fields(child, records.Change)
            grown = self.change(child, "stated")
            if grown and about["over"]:
                said["change"] = records.Change(quantity=grown, **about)
        if not any(entry.has(key) for key in _SAYING):
            entry.problem("the fact says nothing", "give stated, yoy, mom or change")
        named = self.refer("source", entry, "origin")
        # a source that repeats another may still state a figure of its own
        origin = source if named == source else records.origin_of(named or source, self.sources)
        if not id or period is None:
            return None
        known = self.sources.get(source)
        return records.Fact(
            id=id,
            series=name,
            period=period,
            origin=origin,
            quantity=quantity,
            published=_text_of(known.published or "") if known else "",
            own=bool(known and series and known.publisher == series.publisher != ""),
            kind=known.kind if known else "",
            **said,
        )

    def _period_of(self, entry: Entry, kind: terms.MetricKind | None) -> Period | None:
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
        if kind and (kind.is_stock if key == "period" else kind.is_over_time):
            entry.problem(f"{key!r} does not suit a {kind.value}", f"write {other}:", key)
        return period

    # -- plants

    def _plants(self) -> tuple[records.Plant, ...]:
        """The plants of all files, by first mention.

        What one file leaves open, such as the city, another may add, but never contradict.
        """
        number = numbering()
        entries = grouped(self.entries("plants"), self.id_of)
        for name, parts in entries.items():
            if name and any(part.has(key) for part in parts for key in _NEEDED):
                self.known["plant"][name] = None
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

    def _describe(self, name: str, entries: list[Entry]) -> records.Plant:
        """The plant as its *entries* describe it together."""
        says: dict[str, Entry] = {}
        for entry in entries:
            for key in _DESCRIBING:
                if entry.has(key) and says.setdefault(key, entry) is not entry:
                    compare(name, key, says[key], entry)
        base = next(says[key] for key in _NEEDED if key in says)
        for key in _NEEDED:
            if key not in says and not self.report.may_exist(name):
                base.lacks(key)
        said: dict[str, Any] = {}
        for entry in entries:
            others = (key for key in _DESCRIBING if says.get(key, base) is not entry)
            said |= self.fields(entry, records.Plant, "maker", *others)
        self._go_to(said["country"])
        self.used.update(("subject", each) for each in said.get("partner", ()))
        makers = self.refer_all("subject", says.get("maker", base), "maker", some=True)
        return records.Plant(id=name, maker=makers, **{**said, "place": base.place})

    def _plant_fact(self, plant: str, entry: Entry) -> records.PlantFact | None:
        aspects = [aspect for aspect in records.PlantAspect if entry.has(aspect)]
        said = self.fields(entry, records.PlantFact, "as_of")
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
            message = f"a plant fact tells one of {', '.join(records.PlantAspect)}, not {told}"
            entry.problem(message, "write one fact for each" if aspects else "")
            return None
        aspect = aspects[0]
        for key in ("unit", "precision"):
            if entry.has(key) and aspect is not records.PlantAspect.CAPACITY:
                message = f"{key!r} is for a capacity, not a {aspect.value}"
                entry.problem(message, "leave it out", key)
        said["quantity"] = self._quantity(aspect, entry)
        text = entry.text(aspect.value)
        if not (plant and source and text) or as_of is None:
            return None
        id = f"{plant}@{as_of}.{aspect.value}#{source}"
        said["published"] = str(known.published or "") if known else ""
        return records.PlantFact(id=id, plant=plant, aspect=aspect, text=text, as_of=as_of, **said)

    def _quantity(self, aspect: records.PlantAspect, entry: Entry) -> Quantity | None:
        """The number of an aspect that has one, after checking those that have none."""
        match aspect:
            case records.PlantAspect.STATUS:
                entry.choice("status", keys(records.PlantFact)["status"].field.choices)
            case records.PlantAspect.START:
                self.period(entry, "start")
            case records.PlantAspect.INVESTMENT:
                if (quantity := self.money(entry, "investment")) is not None:
                    self._use(quantity.unit)
                return quantity
            case records.PlantAspect.CAPACITY:
                name = self.refer("unit", entry, "unit") if entry.has("unit") else _CAPACITY_UNIT
                if name == _CAPACITY_UNIT:
                    hint = "name the unit of the capacity"
                    self.check("unit", name, entry, "capacity", hint)
                if (unit := self._use(name)) is not None:
                    return self.stated(entry, "capacity", unit, precision(entry, unit))
        return None

    # -- what else is said

    def _measure(self, name: str, entry: Entry) -> records.Measure:
        if (rate := self.rate(entry, "rate", terms.PERCENT)) is not None:
            self._use(rate.unit)
        said = self.fields(entry, records.Measure)
        unit = rate.unit if rate else ""
        measure = records.Measure(id=name, rate=rate, rate_unit=unit, **said)
        self.used.add(("destination", measure.jurisdiction))
        start, until = measure.start, measure.until
        if start and until and start.start and until.start and start.start >= until.start:
            message = f"the measure ends ({until}) before it begins ({start})"
            entry.problem(message, "until is the first day on which it no longer holds", "until")
        for key, others in (("replaces", measure.replaces), ("excepts", measure.excepts)):
            if name and name in others:
                entry.problem(f"the measure {name!r} {key} itself", "", key)
        for other in {*measure.excepts} & {*measure.replaces}:
            hint = "what is replaced ends; what is excepted from goes on for the rest"
            entry.problem(f"{other!r} is both replaced and excepted from", hint, "excepts")
        if measure.source and measure.source in measure.confirmed_by:
            message = f"{measure.source!r} confirms itself"
            entry.problem(message, "confirmed_by: names other sources", "confirmed_by")
        return measure

    def _claim(self, name: str, entry: Entry) -> records.Claim:
        said = records.Claim(id=name, **self.fields(entry, records.Claim))
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

    def _acknowledged(self) -> tuple[records.Acknowledgement, ...]:
        """The explained findings of all files in their order."""
        found = []
        facts, claims = self.known["fact"], self.known["claim"]
        for entry in self.entries("acknowledged"):
            if not entry.has("facts"):
                entry.lacks("facts")
            named = [(each.text.strip(), each) for each in entry.scalars("facts", some=True)]
            for name, at in named:
                of = name.partition("@")[0]
                every = facts, claims, self._elsewhere(of)
                is_unsure = of in self._unnumbered or self.report.may_exist(of)
                if is_unsure or any(name in known for known in every):
                    continue
                same_series = [each for each in chain(*every) if each.startswith(f"{of}@")]
                near = self.report.near(name, same_series or [*chain(*every)])
                hint = near or "an id is SERIES@PERIOD#SOURCE"
                entry.problem(f"no fact or claim named {name!r}", hint, at)
            said = self.fields(entry, records.Acknowledgement, "facts")
            found.append(records.Acknowledgement(facts=tuple(name for name, _ in named), **said))
        return tuple(found)


Word = tuple[str, str]  # a kind, such as "subject", and an id
_SECTIONS = ("subjects", "metrics", "scopes", "destinations", "methods", "publishers")


def only_used(words: terms.Vocabulary, lent: Set[Word], used: Collection[Word]) -> terms.Vocabulary:
    """*words* without those that are *lent* and not *used*; units stay.

    >>> from evcli.model.vocabulary import Scope, Vocabulary
    >>> scopes = {"all": Scope("all", "All"), "nev": Scope("nev", "NEV", ("all",))}
    >>> scopes["bev"] = Scope("bev", "BEV", ("nev",))
    >>> every = {("scope", each) for each in scopes}
    >>> few = only_used(Vocabulary(scopes=scopes), every, every - {("scope", "nev")})
    >>> {each.id: each.part_of for each in few.scopes.values()}
    {'all': (), 'bev': ('all',)}
    """
    wanted = set(used)
    for kind, id in used:
        if kind == "destination":  # a region is drawn by all that it has in it
            wanted.update((kind, each) for each in words.everything_in(id))
        elif kind == "publisher":
            wanted.add(("subject", id))  # who counts itself
    for id in words.destinations:  # a region is drawn round what lies in it
        inside = words.everything_in(id) | CONTINENTS.get(id, frozenset())
        if any(("destination", each) in used for each in inside):
            wanted.add(("destination", id))

    def is_kept(kind: str, id: str) -> bool:
        return (kind, id) in wanted or (kind, id) not in lent

    kept: dict[str, Any] = {}
    for section in _SECTIONS:
        known, kind = getattr(words, section), section.removesuffix("s")
        own = kept[section] = {id: each for id, each in known.items() if is_kept(kind, id)}
        borrowed = {id for id in own if (kind, id) in lent}
        between = {id: each for id, each in known.items() if id not in own}  # lent, but not used
        for id in borrowed if section in ("subjects", "scopes") else ():
            above = terms.all_reached(id, {**between, id: own[id]}, "part_of")[1:]
            own[id] = own[id]._replace(part_of=tuple(each for each in above if each in borrowed))
    kept["partitions"] = tuple(
        each for each in words.partitions if {each.whole, *each.parts} <= kept["scopes"].keys()
    )
    kept["restatements"] = tuple(
        each
        for each in words.restatements
        if is_kept("publisher", each.publisher) and is_kept("metric", each.metric)
    )
    return words._replace(**kept)
