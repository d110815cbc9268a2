"""The words that fact files may use: who, what, which part, where to, in what, counted by whom.

>>> nev = Scope("nev", "New-energy vehicles", part_of=("all",))
>>> words = Vocabulary(scopes={"all": Scope("all", "All vehicles"), "nev": nev})
>>> words.lies_in("nev", "all")
True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from evcli.model.unit import Unit

WORLD = "world"
ABROAD = "abroad"


class SubjectKind(StrEnum):
    """What kind of thing a subject is."""

    COUNTRY = "country"
    MAKER = "maker"
    BRAND = "brand"
    GROUP = "group"
    PORT = "port"
    PROVINCE = "province"
    INDUSTRY = "industry"


class MetricKind(StrEnum):
    """What may be done with a metric: only flows add up over time."""

    FLOW = "flow"
    STOCK = "stock"
    SHARE = "share"
    INDEX = "index"
    PRICE = "price"
    CAPACITY = "capacity"


class Subject(NamedTuple):
    """Who is counted: a country, maker, brand, port."""

    id: str
    name: str
    kind: SubjectKind
    aliases: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()


class Metric(NamedTuple):
    """What is counted."""

    id: str
    name: str
    kind: MetricKind
    definition: str = ""
    aliases: tuple[str, ...] = ()


class Scope(NamedTuple):
    """Which part of the whole is counted."""

    id: str
    name: str
    part_of: tuple[str, ...] = ()
    definition: str = ""
    aliases: tuple[str, ...] = ()


class Partition(NamedTuple):
    """Parts that make up a whole without overlap; only these may be added up or taken off."""

    whole: str
    parts: tuple[str, ...]


class Destination(NamedTuple):
    """Where to: a country (ISO 3166 alpha-2) or a named region with its members at a date."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    as_of: str = ""
    aliases: tuple[str, ...] = ()


class Method(NamedTuple):
    """How something is counted; facets compare ids, never prose."""

    id: str
    name: str
    definition: str = ""


class Publisher(NamedTuple):
    """Who counted. ``precision`` is how finely they publish counts; ``kind: maker`` marks
    makers' own counts, which are one class for comparisons.
    """

    id: str
    name: str
    kind: str = ""
    precision: Fraction | None = None
    aliases: tuple[str, ...] = ()


class Vocabulary(NamedTuple):
    """All words of the packs loaded together, each by id."""

    subjects: Mapping[str, Subject] = MappingProxyType({})
    metrics: Mapping[str, Metric] = MappingProxyType({})
    scopes: Mapping[str, Scope] = MappingProxyType({})
    destinations: Mapping[str, Destination] = MappingProxyType({})
    units: Mapping[str, Unit] = MappingProxyType({})
    methods: Mapping[str, Method] = MappingProxyType({})
    publishers: Mapping[str, Publisher] = MappingProxyType({})
    partitions: tuple[Partition, ...] = ()

    def scope_and_wholes(self, scope: str) -> Iterator[str]:
        """The scope itself and everything it is part of, nearest first."""
        seen: set[str] = set()
        waiting = [scope]
        while waiting:
            current = waiting.pop(0)
            if current not in seen:
                seen.add(current)
                yield current
                known = self.scopes.get(current)
                waiting.extend(known.part_of if known else ())

    def subject_and_groups(self, subject: str) -> Iterator[str]:
        """The subject itself and every group it belongs to."""
        seen: set[str] = set()
        waiting = [subject]
        while waiting:
            current = waiting.pop(0)
            if current not in seen:
                seen.add(current)
                yield current
                known = self.subjects.get(current)
                waiting.extend(known.part_of if known else ())

    def lies_in(self, part: str, whole: str) -> bool:
        """Whether scope *part* is *whole* or a part of it."""
        return whole in self.scope_and_wholes(part)

    def reaches(self, part: str, whole: str) -> bool:
        """Whether destination *part* lies in *whole*; everything lies in the world."""
        if part == whole or whole == WORLD:
            return True
        inside = self._everything_in(whole)
        # a region lies in another where all its countries do, however they are grouped
        countries = self.countries_in(part)
        return part in inside or (bool(countries) and countries <= inside)

    def countries_in(self, region: str) -> frozenset[str]:
        """The countries that a region's members come to; none where it has no members."""
        return frozenset(
            place
            for place in self._everything_in(region)
            if place not in self.destinations or not self.destinations[place].members
        )

    def _everything_in(self, region: str) -> frozenset[str]:
        """The members of a region and theirs in turn."""
        found: set[str] = set()
        waiting = [region]
        while waiting:
            known = self.destinations.get(waiting.pop())
            new = set(known.members if known else ()) - found
            found |= new
            waiting.extend(new)
        return frozenset(found)

    def belongs_to(self, part: str, whole: str) -> bool:
        """Whether subject *part* is *whole* or a member of it."""
        return whole in self.subject_and_groups(part)

    def is_partition(self, whole: str, parts: frozenset[str]) -> bool:
        """Whether *parts* exactly make up *whole*."""
        return any(p.whole == whole and frozenset(p.parts) == parts for p in self.partitions)

    def within_one_partition(self, scopes: frozenset[str]) -> bool:
        """Whether all of *scopes* are parts of one partition, so that none overlaps another."""
        return any(scopes <= frozenset(p.parts) for p in self.partitions)

    def publisher_name(self, publisher: str) -> str:
        """Who counted, by id in capitals where that is an abbreviation of a long name."""
        known = self.publishers.get(publisher)
        if known is None:
            return publisher
        short = publisher.upper()
        return short if len(publisher) <= 5 and len(known.name) > 12 else known.name

    def is_own_count(self, publisher: str) -> bool:
        """Whether the publisher is a maker counting itself."""
        known = self.publishers.get(publisher)
        if known is not None and known.kind:
            return known.kind == "maker"
        subject = self.subjects.get(publisher)
        return subject is not None and subject.kind in (
            SubjectKind.MAKER,
            SubjectKind.BRAND,
            SubjectKind.GROUP,
        )
