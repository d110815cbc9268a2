"""What fact files hold once read: sources, series, facts, events, measures, plants, claims.

All are plain frozen records. Numbers are exact fractions, periods canonical, everything a
source wrote stays beside what was read from it.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType

from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.vocabulary import Texts, Vocabulary
from evcli.tuples import NamedTuple

# the better ones first; the last two are weak
SOURCE_KINDS = ("publisher", "agency", "trade-press", "press", "aggregator", "unknown")


class Rank(StrEnum):
    """How far a fact is believed, as in Wikidata."""

    PREFERRED = "preferred"
    NORMAL = "normal"
    DEPRECATED = "deprecated"


class Status(StrEnum):
    """SDMX observation status in words."""

    NORMAL = "normal"
    ESTIMATED = "estimated"
    PROVISIONAL = "provisional"
    FORECAST = "forecast"


class Place(NamedTuple):
    """Where in a fact file something stands; line and column count from one."""

    file: str
    line: int
    column: int = 1


class LeftOut(NamedTuple):
    """A number of a source's text that is no fact on purpose, and why."""

    at: str
    text: str
    reason: str


class SourceProblem(NamedTuple):
    """Something in a source that cannot be right, or not together with something else."""

    at: Texts
    problem: str


class Outlet(NamedTuple):
    """What kind of pages an outlet prints, by the name that sources give it."""

    name: str
    kind: str
    reason: str


class Source(NamedTuple):
    """A document that states figures. ``read: no`` marks one known only through others."""

    id: str
    title: str
    outlet: str
    publisher: str = ""
    published: Period | None = None
    url: str = ""
    origin: str = ""
    read: bool = True
    file: str = ""
    sha256: str = ""
    problems: tuple[SourceProblem, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    note: str = ""
    kind: str = ""
    licence: str = "unknown"
    attribution: str = ""


def origin_of(name: str, sources: Mapping[str, Source]) -> str:
    """Where what a source says was first stated, following who repeats whom, by id."""
    seen: set[str] = set()  # for circles, which the loader reports
    while name not in seen and name in sources and sources[name].origin:
        seen.add(name)
        name = sources[name].origin
    return name


class Series(NamedTuple):
    """Figures counted the same way. ``part`` and ``whole`` name the series a share relates."""

    id: str
    title: str
    subject: str
    metric: str
    scope: str
    destination: str
    unit: str
    publisher: str
    method: str
    part: str = ""
    whole: str = ""
    note: str = ""


class Change(NamedTuple):
    """A stated change in percent and the ISO 8601 duration it is measured over."""

    stated: str
    quantity: Quantity
    over: str


class Fact(NamedTuple):
    """One source stating one value, or one change, of one series for one period.

    ``quantity``, ``yoy`` and ``mom`` are what ``stated`` and the changes mean; growth is in
    percent. ``origin`` is where the figure was first stated (the source itself if nowhere else).
    """

    id: str
    series: str
    period: Period
    source: str
    origin: str
    at: Texts
    stated: str = ""
    printed: str = ""
    quantity: Quantity | None = None
    yoy_stated: str = ""
    yoy: Quantity | None = None
    mom_stated: str = ""
    mom: Quantity | None = None
    change: Change | None = None
    rank: Rank = Rank.NORMAL
    reason: str = ""
    status: Status = Status.NORMAL
    reading: str = ""
    note: str = ""
    published: str = ""
    own: bool = False  # printed by the series' own publisher
    kind: str = ""  # of its source
    place: Place | None = None

    @property
    def is_weak(self) -> bool:
        """Whether its page is an aggregator's, or nobody knows whose."""
        return self.kind in SOURCE_KINDS[-2:]

    @property
    def bounds(self) -> Bounds:
        """What the stated value allows; anything where only a change is stated."""
        return Bounds() if self.quantity is None else self.quantity.bounds


class Event(NamedTuple):
    """Something that happened, dated as well as the source allows; deprecated if it did not."""

    id: str
    date: Period
    kind: str
    subject: str
    title: str
    source: str
    at: Texts
    rank: Rank = Rank.NORMAL
    reason: str = ""
    note: str = ""
    place: Place | None = None


class Measure(NamedTuple):
    """A trade measure in force from a day up to, not including, another.

    It takes the place of what it ``replaces``; of what it ``excepts`` it takes its own target
    out, and the rest goes on. ``confirmed_by`` are sources that state the same.
    """

    id: str
    jurisdiction: str
    instrument: str
    stage: str
    target: str
    source: str
    at: Texts
    subject: str = ""
    rate_stated: str = ""
    rate: Quantity | None = None
    rate_unit: str = ""
    on_top_of: str = ""
    minimum: str = ""
    quota: str = ""
    start: Period | None = None
    until: Period | None = None
    suspended: tuple[tuple[str, str], ...] = ()
    replaces: Texts = ()
    excepts: Texts = ()
    confirmed_by: Texts = ()
    rank: Rank = Rank.NORMAL
    reason: str = ""
    note: str = ""
    place: Place | None = None


class PlantAspect(StrEnum):
    """Which side of a plant a fact tells of."""

    STATUS = "status"
    START = "start"
    CAPACITY = "capacity"
    INVESTMENT = "investment"


class PlantFact(NamedTuple):
    """One source telling one aspect of one plant: ``text`` as written, numbers where it has any."""

    id: str
    plant: str
    aspect: PlantAspect
    text: str
    source: str
    at: Texts
    as_of: Period
    quantity: Quantity | None = None
    planned: bool = False
    phase: str = ""
    rank: Rank = Rank.NORMAL
    reason: str = ""
    note: str = ""
    published: str = ""
    place: Place | None = None


class Plant(NamedTuple):
    """A plant abroad and what sources say of it; its ``name`` if its maker has two in one town."""

    id: str
    maker: Texts
    country: str
    city: str = ""
    name: str = ""
    product: str = ""
    partner: Texts = ()
    kind: str = "own"
    note: str = ""
    facts: tuple[PlantFact, ...] = ()
    place: Place | None = None


class Claim(NamedTuple):
    """A statement about figures that can be checked but is never computed with."""

    id: str
    says: str
    source: str
    at: Texts
    note: str = ""
    place: Place | None = None


class Acknowledgement(NamedTuple):
    """A finding of the audit that a curator has looked at and explains."""

    facts: Texts
    verdict: str
    reason: str
    place: Place | None = None


class Record(NamedTuple):
    """Vocabulary, series and all that is said of them; facts in the order of the files."""

    vocabulary: Vocabulary = Vocabulary()
    sources: Mapping[str, Source] = MappingProxyType({})
    series: Mapping[str, Series] = MappingProxyType({})
    facts: tuple[Fact, ...] = ()
    events: tuple[Event, ...] = ()
    measures: tuple[Measure, ...] = ()
    plants: tuple[Plant, ...] = ()
    claims: tuple[Claim, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
    outlets: Mapping[str, Outlet] = MappingProxyType({})

    def source_counts(self) -> Counter[str]:
        """How many facts, events, measures and claims, also those on plants, each source states."""
        counts = Counter(fact.source for plant in self.plants for fact in plant.facts)
        for stating in (self.facts, self.events, self.measures, self.claims):
            counts.update(map(attrgetter("source"), stating))
        counts.update(source for measure in self.measures for source in measure.confirmed_by)
        return counts
