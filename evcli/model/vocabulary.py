"""The words that fact files may use: who, what, which part, where to, in what, counted by whom.

>>> nev = Scope("nev", "New-energy vehicles", part_of=("all",))
>>> words = Vocabulary(scopes={"all": Scope("all", "All vehicles"), "nev": nev})
>>> words.lies_in("nev", "all")
True
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from evcli.grouping import reached
from evcli.model import WORLD
from evcli.tuples import NamedTuple

Texts = tuple[str, ...]
UNNAMED = "unnamed"  # the publisher of figures whose source does not say who counted
OWN_COUNT = "own count"  # of all makers that count themselves


class UnitKind(StrEnum):
    """What is written in a unit decides how precisely a plain number in it is meant."""

    COUNT = "count"  # things one can count: the only kind that may be exact
    MONEY = "money"  # ISO 4217
    PERCENT = "percent"
    RATE = "rate"  # a count or amount per time
    INDEX = "index"
    RATIO = "ratio"


class Unit(NamedTuple):
    """A unit of the vocabulary; ``words`` are what texts write for it (``$``, ``baht``)."""

    id: str
    name: str
    kind: UnitKind
    words: Texts = ()

    @property
    def counted(self) -> bool:
        """Whether it counts things that come whole, so that no fraction of one is printed."""
        return self.kind is UnitKind.COUNT

    @property
    def whole(self) -> int:
        """What all of something is in this unit of shares."""
        return 100 if self.kind is UnitKind.PERCENT else 1


PERCENT = Unit("percent", "percent", UnitKind.PERCENT, ("%",))


def shown_unit(unit: str) -> str:
    """The unit as people read it beside a number."""
    return {"percent": "%", "1": ""}.get(unit, unit)


def unit_words(units: Iterable[Unit]) -> Mapping[str, str]:
    """What texts write for units: unit ids by name or word; of two that share one the first."""
    found: dict[str, str] = {}
    for unit in units:
        for word in (unit.id, unit.name, *unit.words):
            found.setdefault(word, unit.id)
            found.setdefault(word.casefold(), unit.id)
    return found


class SubjectKind(StrEnum):
    """What kind of thing a subject is."""

    COUNTRY = "country"
    MAKER = "maker"
    BRAND = "brand"
    GROUP = "group"
    PORT = "port"
    PROVINCE = "province"
    INDUSTRY = "industry"


MAKER_KINDS = (SubjectKind.MAKER, SubjectKind.BRAND, SubjectKind.GROUP)


class MetricKind(StrEnum):
    """What may be done with a metric: only flows and balances add up over time."""

    FLOW = "flow"
    BALANCE = "balance"  # of flows in and out: trade balance, profit, change of stocks
    STOCK = "stock"
    SHARE = "share"
    INDEX = "index"
    RATE = "rate"  # per head, per vehicle, of unemployment, of interest
    PRICE = "price"
    CAPACITY = "capacity"

    @property
    def is_stock(self) -> bool:
        """Whether it is counted at a time and not over one."""
        return self in (MetricKind.STOCK, MetricKind.CAPACITY)

    @property
    def is_over_time(self) -> bool:
        """Whether it is counted over a time, so that it adds up over several."""
        return self in (MetricKind.FLOW, MetricKind.BALANCE)

    @property
    def is_signed(self) -> bool:
        """Whether it may be below zero."""
        return self in (MetricKind.BALANCE, MetricKind.INDEX, MetricKind.RATE)

    @property
    def adds_up(self) -> bool:
        """Whether those of several places or subjects come to one of all of them."""
        return self not in (MetricKind.INDEX, MetricKind.RATE, MetricKind.PRICE)


class Subject(NamedTuple):
    """Who is counted: a country, maker, brand, port."""

    id: str
    name: str
    kind: SubjectKind
    aliases: Texts = ()
    part_of: Texts = ()
    short: str = ""


class Metric(NamedTuple):
    """What is counted."""

    id: str
    name: str
    kind: MetricKind
    definition: str = ""
    aliases: Texts = ()
    short: str = ""


class Scope(NamedTuple):
    """Which part of the whole is counted."""

    id: str
    name: str
    part_of: Texts = ()
    definition: str = ""
    aliases: Texts = ()
    short: str = ""


class Partition(NamedTuple):
    """Parts that make up a whole without overlap; only these may be added up or taken off."""

    whole: str
    parts: Texts


class Destination(NamedTuple):
    """Where to: a country (ISO 3166 alpha-2) or a named region with its members at a date."""

    id: str
    name: str
    members: Texts = ()
    as_of: str = ""
    aliases: Texts = ()


class Method(NamedTuple):
    """How something is counted; facets compare ids, never prose."""

    id: str
    name: str
    definition: str = ""
    short: str = ""


class Publisher(NamedTuple):
    """Who counted. ``precision`` is how finely they publish counts; ``kind: maker`` marks
    makers' own counts, which are one class for comparisons. Of several counters of one thing the
    one that the vocabulary declares first is taken and shown first.
    """

    id: str
    name: str
    kind: str = ""
    precision: Fraction | None = None
    aliases: Texts = ()
    short: str = ""


class Restatement(NamedTuple):
    """How far a publisher usually restates a window: from one release to the others ``within`` a
    year of it, and to ``later`` ones. ``evidence`` says what that was learned from.
    """

    publisher: str
    metric: str = ""
    within: str = "0.6%"
    later: str = "2.4%"
    evidence: str = ""

    def between(self, release: int, other: int) -> Fraction:
        """By what part of it a window may differ between releases, given by their months.

        >>> Restatement("caam", within="0.2%").between(24306, 24305)
        Fraction(1, 500)
        """
        apart = abs(release - other)
        percent = self.within if apart < 12 else self.later
        return Fraction(percent.rstrip("%")) / 100 if apart else Fraction(0)


def name_in(known: Mapping[str, Subject | Metric | Scope | Destination | Method], id: str) -> str:
    """What people call it: the name of *id* in one part of a vocabulary, else the id."""
    word = known.get(id)
    return word.name if word else id


def short_in(known: Mapping[str, Subject | Metric | Scope | Publisher], id: str) -> str:
    """What tables call it: the short name of *id*, else its name, else the id."""
    word = known.get(id)
    return word.short or word.name if word else id


def all_reached(id: str, known: Mapping[str, Subject | Scope | Destination], by: str) -> list[str]:
    """*id* and all that it leads to *by* a field of those known, nearest first."""
    if not getattr(known.get(id), by, ()):  # most lie in nothing
        return [id]
    return reached([id], lambda each: getattr(known.get(each), by, ()))


class Vocabulary(NamedTuple):
    """All words of the packs loaded together, by id; each kind builds on those before it."""

    subjects: Mapping[str, Subject] = MappingProxyType({})
    metrics: Mapping[str, Metric] = MappingProxyType({})
    scopes: Mapping[str, Scope] = MappingProxyType({})
    partitions: tuple[Partition, ...] = ()
    destinations: Mapping[str, Destination] = MappingProxyType({})
    units: Mapping[str, Unit] = MappingProxyType({})
    methods: Mapping[str, Method] = MappingProxyType({})
    publishers: Mapping[str, Publisher] = MappingProxyType({})
    restatements: tuple[Restatement, ...] = ()

    def usual_restatement(self, publisher: str, metric: str) -> Restatement:
        """How far a publisher usually restates a metric; the same for all that none is set for."""
        known = {(each.publisher, each.metric): each for each in self.restatements}
        of_metric = known.get((publisher, metric), known.get((publisher, "")))
        return of_metric or Restatement(publisher)

    def scope_and_wholes(self, scope: str) -> list[str]:
        """The scope itself and everything it is part of, nearest first."""
        return all_reached(scope, self.scopes, "part_of")

    def subject_and_groups(self, subject: str) -> list[str]:
        """The subject itself and every group it belongs to."""
        return all_reached(subject, self.subjects, "part_of")

    def lies_in(self, part: str, whole: str) -> bool:
        """Whether scope *part* is *whole* or a part of it."""
        return whole in self.scope_and_wholes(part)

    def reaches(self, part: str, whole: str) -> bool:
        """Whether destination *part* lies in *whole*; everything lies in the world."""
        if whole in (part, WORLD):
            return True
        inside = self.everything_in(whole)
        # a region lies in another where all its countries do, however they are grouped
        countries = self.countries_in(part)
        return part in inside or (bool(countries) and countries <= inside)

    def countries_in(self, region: str) -> frozenset[str]:
        """The countries that a region's members come to; none where it has no members."""
        inside, known = self.everything_in(region), self.destinations
        return frozenset(each for each in inside if not (each in known and known[each].members))

    def everything_in(self, region: str) -> frozenset[str]:
        """The members of a region and theirs in turn."""
        return frozenset(all_reached(region, self.destinations, "members")[1:])

    def belongs_to(self, part: str, whole: str) -> bool:
        """Whether subject *part* is *whole* or a member of it."""
        return whole in self.subject_and_groups(part)

    def within_one_partition(self, scopes: frozenset[str]) -> bool:
        """Whether all of *scopes* are parts of one partition, so that none overlaps another."""
        return any(scopes <= frozenset(p.parts) for p in self.partitions)

    def publisher_name(self, publisher: str) -> str:
        """Who counted: the short name, else the id in capitals for an abbreviated long name."""
        known = self.publishers.get(publisher)
        if known is None:
            return publisher
        abbreviated = len(publisher) <= 5 and len(known.name) > 12
        return known.short or (publisher.upper() if abbreviated else known.name)

    def place(self, destination: str) -> str:
        """What people call a place: its name, for a country that no pack names that of ISO 3166."""
        known = self.destinations.get(destination)
        if known is None and len(destination) == 2:
            from evcli.model.codes import COUNTRIES  # read from a file

            return COUNTRIES.get(destination, destination)
        return known.name if known else destination

    def counter(self, publisher: str) -> str:
        """Who counted, where makers that count themselves are one."""
        return OWN_COUNT if self.is_own_count(publisher) else self.publisher_name(publisher)

    def is_stock(self, metric: str) -> bool:
        """Whether it is counted at a date and not over a period."""
        known = self.metrics.get(metric)
        return known is not None and known.kind.is_stock

    def is_own_count(self, publisher: str) -> bool:
        """Whether the publisher is a maker counting itself."""
        known = self.publishers.get(publisher)
        if known is not None and known.kind:
            return known.kind == "maker"
        subject = self.subjects.get(publisher)
        return subject is not None and subject.kind in MAKER_KINDS


VOCABULARY = Vocabulary._fields
