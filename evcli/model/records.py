"""What fact files hold once read: sources, series, facts, events, measures, plants, claims.

All are plain frozen records. Numbers are exact fractions, periods canonical, everything a
source wrote stays beside what was read from it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Annotated

from evcli.model import EVENT_KINDS
from evcli.model.answer import Kind, Rounding
from evcli.model.field import ID, After, Field, Needed, RecordId, Texts, record
from evcli.model.period import PERIOD_PATTERN, Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.vocabulary import Vocabulary
from evcli.tuples import NamedTuple

STAGES = ("proposed", "pre-disclosed", "provisional", "draft", "definitive", "adopted")
PLANT_KINDS = ("own", "joint-venture", "contract")
PLANT_STATUSES = (
    "announced",
    "under-construction",
    "trial",
    "operating",
    "expanding",
    "suspended",
    "delayed",
    "cancelled",
    "denied",
)
# the better ones first; the last two are weak
SOURCE_KINDS = ("publisher", "agency", "trade-press", "press", "aggregator", "unknown")
VERDICTS = ("contradiction", "revision", "definition", "rounding", "unproven", "implausible")
UNCONTESTED = ("normal", "deprecated")  # nothing competes with an event or measure
SERIES_ID = r"[a-z0-9.-]+"
DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
DAYS = r"\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}"
DURATION = r"P[1-9]\d{0,3}[YM]"
PRECISION = r"[1-9]\d{0,14}|[1-9]\d{0,2}(,\d{3}){1,4}"
SHA256 = r"[0-9a-f]{64}"


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


CitedSource = Annotated[str, Needed("The document that states it.", refers_to="sources")]
Places = Annotated[Texts, Field("Where in the source: paragraphs or other places.")]
_BELIEVED = "How far it is believed; a deprecated figure is known to be wrong."
Believed = Annotated[Rank, Field(_BELIEVED)]
Uncontested = Annotated[Rank, Field(_BELIEVED, choices=UNCONTESTED)]
Reason = Annotated[str, Field("What is wrong with it.")]
Note = Annotated[str, Field("What a reader must know.")]
OnlyColumn = partial(Field, key=False)  # in packages, but no key of fact files
OnlyKey = partial(Field, column=False)  # the other way round
_END = "The {}est number that the wording allows; empty where that end is open."
LOW = OnlyColumn(_END.format("low"), "low", "bounds.low", Kind.NUMBER, Rounding.DOWN)
HIGH = OnlyColumn(_END.format("high"), "high", "bounds.high", Kind.NUMBER, Rounding.UP)
UNIT = OnlyColumn("The unit of value, low and high.", "unit", "unit", refers_to="units")
QUALIFIER = OnlyColumn("The word that the source puts in front.", "qualifier", "qualifier")


@record("left_out", "left-out text", "Numbers of a source that are no facts on purpose.", key=())
class LeftOut(NamedTuple):
    """A number of a source's text that is no fact on purpose, and why."""

    at: Annotated[str, Field("Where in the source.", needed=True)]
    text: Annotated[str, Needed("The number.")]
    reason: Annotated[str, Needed("Why it is no fact.")]


_AMISS = "What cannot be right in {}, or not together with something else."


@record("source_problems", "problem", _AMISS.format("a source"), key=())
class SourceProblem(NamedTuple):
    """Something in a source that cannot be right, or not together with something else."""

    at: Places
    problem: Annotated[str, Needed("What is wrong.")]


@record("outlets", "outlet", "What kind of pages outlets print, and why.", key=("name",))
class Outlet(NamedTuple):
    """What kind of pages an outlet prints, by the name that sources give it."""

    name: Annotated[str, Needed("Its name, as sources have it.")]
    kind: Annotated[str, Needed("What kind of pages it prints.", choices=SOURCE_KINDS)]
    reason: Annotated[str, Needed("Why.")]


@record("sources", "source", "The documents that state the figures, and those that these repeat.")
class Source(NamedTuple):
    """A document that states figures. ``read: no`` marks one known only through others."""

    id: Annotated[str, Needed("The name that facts use.", pattern=ID)]
    title: Annotated[str, Needed("Its title.")]
    outlet: Annotated[str, Needed("Who printed it.")]
    publisher: Annotated[
        str, Field("Who counted, where the page is the counter's own.", refers_to="publishers")
    ] = ""
    published: Annotated[Period | None, Field("A day, month or year.", pattern=DATE)] = None
    url: Annotated[str, Field("Where it stands.")] = ""
    origin: Annotated[str, Field("The source that it repeats.", refers_to="sources")] = ""
    read: Annotated[
        bool, Field("Whether it was read itself; others are known only through those that repeat.")
    ] = True
    file: Annotated[str, Field("The name of the document, where it is a file.")] = ""
    sha256: Annotated[str, Field("The checksum of that file.", pattern=SHA256)] = ""
    problems: Annotated[tuple[SourceProblem, ...], OnlyKey(_AMISS.format("it"))] = ()
    left_out: Annotated[
        tuple[LeftOut, ...], OnlyKey("Numbers in it that are no facts on purpose.")
    ] = ()
    note: Note = ""
    kind: Annotated[str, Field("What kind of page.", choices=SOURCE_KINDS), After("publisher")] = ""


def origin_of(name: str, sources: Mapping[str, Source]) -> str:
    """Where what a source says was first stated, following who repeats whom, by id."""
    seen: set[str] = set()  # for circles, which the loader reports
    while name not in seen and name in sources and sources[name].origin:
        seen.add(name)
        name = sources[name].origin
    return name


@record("series", "series", "What is counted the same way.")
class Series(NamedTuple):
    """Figures counted the same way. ``part`` and ``whole`` name the series a share relates."""

    id: Annotated[
        str,
        Needed("The name that facts and figures use.", pattern=SERIES_ID),
        OnlyKey("What sources state of it, each in one period.", "facts"),
    ]
    title: Annotated[str, Needed("What is counted, in words.")]
    subject: Annotated[str, Needed("Who.", refers_to="subjects")]
    metric: Annotated[str, Needed("What is counted.", refers_to="metrics")]
    scope: Annotated[str, Field("Which part.", filled=True, refers_to="scopes")]
    destination: Annotated[str, Field("Where to.", filled=True, refers_to="destinations")]
    unit: Annotated[
        str,
        Needed("In what unit.", refers_to="units"),
        OnlyKey(
            "How finely it is counted, where not as its publisher counts.",
            "precision",
            type=Kind.NUMBER,
        ),
    ]
    publisher: Annotated[str, Needed("Who counted.", refers_to="publishers")]
    method: Annotated[str, Field("How it is counted.", refers_to="methods")]
    part: Annotated[str, Field("Of a share: the series that is the part.", refers_to="series")] = ""
    whole: Annotated[
        str, Field("Of a share: the series that is the whole.", refers_to="series")
    ] = ""
    note: Note = ""


_BETWEEN = "The time in between: P3Y is three years, P6M six months."


class Change(NamedTuple):
    """A stated change in percent and the ISO 8601 duration it is measured over."""

    stated: Annotated[str, Field("The change as written.", needed=True)]
    quantity: Quantity
    over: Annotated[str, Field(_BETWEEN, needed=True, pattern=DURATION)]


@record("facts", "fact", "What each source states, as it is written.")
class Fact(NamedTuple):
    """One source stating one value, or one change, of one series for one period.

    ``quantity``, ``yoy`` and ``mom`` are what ``stated`` and the changes mean; growth is in
    percent. ``origin`` is where the figure was first stated (the source itself if nowhere else).
    """

    id: Annotated[str, OnlyColumn("SERIES@PERIOD#SOURCE.", filled=True)]
    series: Annotated[str, OnlyColumn("What is counted.", filled=True, refers_to="series")]
    period: Annotated[
        Period,
        Field(
            "2025, 2025-H1, 2025-Q3, 2025-05, 2025-05-16, 2025-01/2025-05, undated.", filled=True
        ),
        OnlyKey("When that was so: instead of a period, for stocks.", "as_of"),
        OnlyColumn("The first day of the period.", "start", "start", Kind.DAY),
        OnlyColumn("Its last day.", "end", "last_day", Kind.DAY),
    ]
    source: Annotated[CitedSource, After("change")]
    origin: Annotated[
        str,
        Field(
            "Where the figure was first stated; the source itself if nowhere else.",
            filled=True,
            refers_to="sources",
        ),
        After("source"),
    ]
    at: Annotated[Places, After("origin")]
    stated: Annotated[
        str, Field("The value in the words of the source; empty where only a change is stated.")
    ] = ""
    printed: Annotated[str, Field("The source's own notation, where it is another.")] = ""
    quantity: Annotated[
        Quantity | None,
        OnlyColumn("The number that is stated.", "value", "value", Kind.NUMBER),
        LOW,
        HIGH,
        UNIT,
        QUALIFIER,
        Field(
            "How finely the number is meant, where that decides the bounds.",
            "precision",
            type=Kind.NUMBER,
        ),
    ] = None
    yoy_stated: Annotated[str, Field("The change on the year before, as written.", "yoy")] = ""
    yoy: Quantity | None = None
    mom_stated: Annotated[str, Field("The change on the month before, as written.", "mom")] = ""
    mom: Quantity | None = None
    change: Annotated[
        Change | None,
        Field("A change over another time, as written.", of="stated"),
        OnlyColumn("That time, as an ISO 8601 duration.", "change_over", "over"),
    ] = None
    rank: Believed = Rank.NORMAL
    reason: Reason = ""
    status: Annotated[Status, Field("forecast: a plan or target.")] = Status.NORMAL
    reading: Annotated[str, Field("How it was read, where the source leaves that open.")] = ""
    note: Note = ""
    published: Annotated[str, OnlyColumn("When the source came out.")] = ""
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


@record("events", "event", "What happened.")
class Event(NamedTuple):
    """Something that happened, dated as well as the source allows; deprecated if it did not."""

    id: RecordId
    date: Annotated[Period, Needed("A day, month or year.")]
    kind: Annotated[str, Needed("What kind of thing.", choices=tuple(EVENT_KINDS))]
    subject: Annotated[str, Needed("To whom.", refers_to="subjects")]
    title: Annotated[str, Needed("What.")]
    source: CitedSource
    at: Places
    rank: Uncontested = Rank.NORMAL
    reason: Reason = ""
    note: Note = ""
    place: Place | None = None


@record("measures", "measure", "Trade measures.")
class Measure(NamedTuple):
    """A trade measure in force from a day up to, not including, another.

    It takes the place of what it ``replaces``; of what it ``excepts`` it takes its own target
    out, and the rest goes on. ``confirmed_by`` are sources that state the same.
    """

    id: RecordId
    jurisdiction: Annotated[str, Needed("Whose measure.")]
    instrument: Annotated[str, Needed("countervailing-duty, export-licence ...")]
    stage: Annotated[str, Field("How far it has come.", needed=True, choices=STAGES)]
    target: Annotated[str, Needed("What it applies to.")]
    source: Annotated[CitedSource, After("excepts")]
    at: Annotated[Places, After("source")]
    subject: Annotated[str, Field("Whom it names; empty for all.", refers_to="subjects")] = ""
    rate_stated: Annotated[str, Field("As it is written.", "rate")] = ""
    rate: Annotated[
        Quantity | None, OnlyColumn("The rate.", "value", "value", Kind.NUMBER), LOW, HIGH
    ] = None
    rate_unit: Annotated[str, OnlyColumn("percent, or a currency.")] = ""
    on_top_of: Annotated[str, Field("The ordinary rate it adds to, as written.")] = ""
    minimum: Annotated[str, Field("As written.")] = ""
    quota: Annotated[str, Field("As written.")] = ""
    start: Annotated[Period | None, Field("The first day, or month or year.", "from")] = None
    until: Annotated[Period | None, Field("The first day on which it no longer holds.")] = None
    suspended: Annotated[
        tuple[tuple[str, str], ...], Field("When it was, as FROM/UNTIL.", pattern=DAYS)
    ] = ()
    replaces: Annotated[Texts, Field("The measures that it ends.", refers_to="measures")] = ()
    excepts: Annotated[
        Texts, Field("The measures of which it takes its own target out.", refers_to="measures")
    ] = ()
    confirmed_by: Annotated[Texts, Field("Sources that state the same.", refers_to="sources")] = ()
    rank: Uncontested = Rank.NORMAL
    reason: Reason = ""
    note: Note = ""
    place: Place | None = None


class PlantAspect(StrEnum):
    """Which side of a plant a fact tells of."""

    STATUS = "status"
    START = "start"
    CAPACITY = "capacity"
    INVESTMENT = "investment"


@record("plant_facts", "plant fact", "What each source says of a plant: one aspect a row.")
class PlantFact(NamedTuple):
    """One source telling one aspect of one plant: ``text`` as written, numbers where it has any."""

    id: Annotated[str, OnlyColumn("PLANT@DAY.ASPECT#SOURCE.", filled=True)]
    plant: Annotated[str, OnlyColumn("The plant.", filled=True, refers_to="plants")]
    aspect: Annotated[PlantAspect, OnlyColumn("Which side of the plant.")]
    text: Annotated[
        str,
        OnlyColumn("What is said, as it is written.", filled=True),
        OnlyKey("How far the plant has come.", "status", choices=PLANT_STATUSES),
        OnlyKey("When work began, or is to begin.", "start", pattern=PERIOD_PATTERN),
        OnlyKey("How many it can make in a year.", "capacity"),
        OnlyKey("What it costs, with the currency.", "investment"),
    ]
    source: Annotated[CitedSource, After("phase")]
    at: Annotated[Places, After("source")]
    as_of: Annotated[
        Period,
        Field("When that was so.", filled=True),
        OnlyColumn("The first day of that time.", "as_of_start", "start", Kind.DAY),
        OnlyColumn("Its last day.", "as_of_end", "last_day", Kind.DAY),
    ]
    quantity: Annotated[
        Quantity | None,
        OnlyColumn("The number that is said.", "value", "value", Kind.NUMBER),
        LOW,
        HIGH,
        UNIT._replace(key=True),
        QUALIFIER,
        OnlyKey("How finely a capacity is meant.", "precision", type=Kind.NUMBER),
        After("text"),
    ] = None
    planned: Annotated[bool, Field("Whether it is meant to be.")] = False
    phase: Annotated[str, Field("For which stage, brand or product it holds alone.")] = ""
    rank: Believed = Rank.NORMAL
    reason: Reason = ""
    note: Note = ""
    published: str = ""
    place: Place | None = None


@record("plants", "plant", "Plants abroad.")
class Plant(NamedTuple):
    """A plant abroad and everything sources say of it.

    ``name`` tells it apart where a maker has two in one town.
    """

    id: Annotated[str, Needed("The name that facts on plants use.", pattern=ID)]
    maker: Annotated[Texts, Field("Who builds there.", filled=True, refers_to="subjects")]
    country: Annotated[str, Field("ISO 3166 alpha-2.", filled=True, refers_to="destinations")]
    city: Annotated[str, Field("Where in the country.")] = ""
    name: Annotated[str, Field("What tells it from another plant of the maker in that town.")] = ""
    product: Annotated[str, Field("What it makes.")] = ""
    partner: Annotated[Texts, Field("With whom, as it is written."), After("maker")] = ()
    kind: Annotated[
        str, Field("own, joint-venture or contract.", choices=PLANT_KINDS), After("partner")
    ] = "own"
    note: Note = ""
    facts: Annotated[
        tuple[PlantFact, ...], OnlyKey("What sources say of it, one aspect each.")
    ] = ()
    place: Place | None = None


@record("claims", "claim", "Statements about figures that are checked and never computed with.")
class Claim(NamedTuple):
    """A statement about figures that can be checked but is never computed with."""

    id: RecordId
    says: Annotated[str, Needed("What it says.")]
    source: CitedSource
    at: Places
    note: Note = ""
    place: Place | None = None


@record(
    "acknowledged",
    "acknowledgement",
    "Disagreements in the record that are looked at and explained.",
    key=(),
)
class Acknowledgement(NamedTuple):
    """A finding of the audit that a curator has looked at and explains."""

    facts: Annotated[Texts, Needed("The facts or claims that disagree.", refers_to="facts")]
    verdict: Annotated[str, Needed("What it is.", choices=VERDICTS)]
    reason: Annotated[str, Needed("Why it stands.")]
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
        of_plants = chain.from_iterable(plant.facts for plant in self.plants)
        stating: Iterable[Fact | Event | Measure | Claim | PlantFact]
        stating = chain(self.facts, self.events, self.measures, self.claims, of_plants)
        counts = Counter(item.source for item in stating)
        counts.update(source for measure in self.measures for source in measure.confirmed_by)
        return counts
