"""The words that packs bring along: each defined once, everything they refer to known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypeVar

from evcli.loader.entry import Document, Entry
from evcli.loader.ids import Ids, circles, drawn
from evcli.loader.problems import Report
from evcli.loader.values import precision
from evcli.model.codes import COUNTRIES, CURRENCIES
from evcli.model.unit import Dimension, Unit, UnitKind
from evcli.model.vocabulary import (
    WORLD,
    Destination,
    Method,
    Metric,
    MetricKind,
    Partition,
    Publisher,
    Scope,
    Subject,
    SubjectKind,
    Vocabulary,
)

_COMMON = frozenset({"id", "name"})
_KEYS = {
    "subjects": _COMMON | {"kind", "aliases", "part_of"},
    "metrics": _COMMON | {"kind", "definition", "aliases"},
    "scopes": _COMMON | {"part_of", "definition", "aliases"},
    "partitions": frozenset({"whole", "parts"}),
    "destinations": _COMMON | {"members", "as_of", "aliases"},
    "units": _COMMON | {"kind", "words"},
    "methods": _COMMON | {"definition"},
    "publishers": _COMMON | {"kind", "precision", "aliases"},
}
SECTIONS = frozenset(_KEYS)
_OWN_KINDS = (SubjectKind.MAKER, SubjectKind.BRAND, SubjectKind.GROUP)
_Kind = TypeVar("_Kind", bound=StrEnum)


class Words:
    """All vocabulary read so far; complete only after :meth:`finish`."""

    def __init__(self, report: Report, ids: Ids) -> None:
        self.subjects: dict[str, Subject] = {}
        self.metrics: dict[str, Metric] = {}
        self.scopes: dict[str, Scope] = {}
        self.destinations: dict[str, Destination] = {WORLD: Destination(WORLD, "World")}
        self.units: dict[str, Unit] = {
            code: Unit(code, code, UnitKind.MONEY) for code in sorted(CURRENCIES)
        }
        self.methods: dict[str, Method] = {}
        self.publishers: dict[str, Publisher] = {}
        self.partitions: dict[Partition, None] = {}
        self.lexicon: dict[str, str] = {}
        self._used_units: set[str] = set()
        self._report = report
        self._ids = ids
        for code in COUNTRIES:
            ids.learn("destination", code)
        ids.learn("destination", WORLD)
        for code in CURRENCIES:
            ids.learn("unit", code)

    def read(self, documents: Sequence[Document]) -> None:
        """Take in the vocabulary of all documents."""
        roots: list[Entry] = []
        for document in documents:
            top = Entry(document.root, document, self._report, "fact file")
            root = top.child("vocabulary", "vocabulary")
            if root is not None:
                root.only(SECTIONS)
                roots.append(root)
        self._subjects(roots)
        self._metrics(roots)
        self._scopes(roots)
        self._destinations(roots)
        self._units(roots)
        for name, entry in self._new(roots, "methods", "method"):
            self.methods[name] = Method(name, entry.text("name") or name, entry.text("definition"))
        for name, entry in self._new(roots, "publishers", "publisher"):
            self.publishers[name] = Publisher(
                name,
                entry.text("name") or name,
                entry.text("kind"),
                precision(entry, None),
                entry.texts("aliases"),
            )
        for name in self._ids.known.get("subject", {}):
            self._ids.learn("publisher", name)

    def destination(self, name: str) -> None:
        """A country comes into the vocabulary when something goes there."""
        if name in COUNTRIES and name not in self.destinations:
            self.destinations[name] = Destination(name, COUNTRIES[name])

    def publisher(self, name: str) -> None:
        """A subject becomes a publisher when it counts itself."""
        subject = self.subjects.get(name)
        if subject is not None and name not in self.publishers:
            kind = "maker" if subject.kind in _OWN_KINDS else ""
            self.publishers[name] = Publisher(name, subject.name, kind, aliases=subject.aliases)

    def unit(self, name: str) -> Unit | None:
        """A unit that is counted in; currencies come into the vocabulary like this."""
        if name in self.units:
            self._used_units.add(name)
        return self.units.get(name)

    def finish(self) -> Vocabulary:
        """The vocabulary with what is defined or used, and nothing else."""
        units = {name: unit for name, unit in self.units.items() if name in self._used_units}
        return Vocabulary(
            self.subjects,
            self.metrics,
            self.scopes,
            self.destinations,
            units,
            self.methods,
            self.publishers,
            tuple(self.partitions),
        )

    def _new(self, roots: list[Entry], section: str, kind: str) -> Iterator[tuple[str, Entry]]:
        """Every entry that is the first of its id. All ids are known before the first is out."""
        first: list[tuple[str, Entry]] = []
        for root in roots:
            for entry in root.list(section, kind):
                entry.only(_KEYS[section])
                name = self._unit_id(entry) if kind == "unit" else self._ids.read(entry)
                if name and self._ids.define(kind, name, entry):
                    first.append((name, entry))
        return iter(first)

    def _unit_id(self, entry: Entry) -> str:
        text = entry.required("id")
        try:
            Dimension.parse(text or "1")
        except ValueError as error:
            self._report.maybe.add(text)
            entry.problem(str(error), "", entry.at("id"))
            return ""
        return text

    def _subjects(self, roots: list[Entry]) -> None:
        entries = dict(self._new(roots, "subjects", "subject"))
        for name, entry in entries.items():
            kind = _kind(entry, SubjectKind)
            part_of = self._ids.refer_all("subject", entry, "part_of")
            if kind is not None:
                self.subjects[name] = Subject(
                    name, entry.text("name") or name, kind, entry.texts("aliases"), part_of
                )
        _no_circles(entries, {name: each.part_of for name, each in self.subjects.items()})

    def _metrics(self, roots: list[Entry]) -> None:
        for name, entry in self._new(roots, "metrics", "metric"):
            kind = _kind(entry, MetricKind)
            if kind is not None:
                self.metrics[name] = Metric(
                    name,
                    entry.text("name") or name,
                    kind,
                    entry.text("definition"),
                    entry.texts("aliases"),
                )

    def _scopes(self, roots: list[Entry]) -> None:
        entries = dict(self._new(roots, "scopes", "scope"))
        for name, entry in entries.items():
            self.scopes[name] = Scope(
                name,
                entry.text("name") or name,
                self._ids.refer_all("scope", entry, "part_of"),
                entry.text("definition"),
                entry.texts("aliases"),
            )
        _no_circles(entries, {name: each.part_of for name, each in self.scopes.items()})
        for root in roots:
            for entry in root.list("partitions", "partition"):
                entry.only(_KEYS["partitions"])
                whole = self._ids.refer("scope", entry, "whole", required=True)
                if not entry.has("parts"):
                    entry.lacks("parts")
                    continue
                written = entry.texts("parts")
                parts = self._ids.refer_all("scope", entry, "parts")
                if len(set(written)) != len(written) or whole in written:
                    entry.problem("a partition names a scope twice", "", entry.at("parts"))
                elif len(written) == 1:
                    entry.problem("a partition has two parts or more", "", entry.at("parts"))
                elif whole and parts == written:
                    self.partitions[Partition(whole, parts)] = None

    def _destinations(self, roots: list[Entry]) -> None:
        for name, entry in self._new(roots, "destinations", "destination"):
            title = entry.text("name") or COUNTRIES.get(name, name)
            members = self._ids.refer_all("destination", entry, "members")
            self.destinations[name] = Destination(
                name, title, members, entry.text("as_of"), entry.texts("aliases")
            )
            for member in members:
                self.destination(member)

    def _units(self, roots: list[Entry]) -> None:
        for name, entry in self._new(roots, "units", "unit"):
            kind = _kind(entry, UnitKind)
            if kind is None:
                continue
            words = entry.texts("words")
            unit = Unit(name, entry.text("name") or name, kind, words)
            self.units[name] = unit
            self._used_units.add(name)
            for word in dict.fromkeys((name, unit.name, *words)):
                for form in dict.fromkeys((word, word.casefold())):
                    other = self.lexicon.setdefault(form, name)
                    if other != name:
                        entry.problem(f"the word {form!r} already means the unit {other!r}")
                        break
        for code in CURRENCIES:
            self.lexicon.setdefault(code, code)


def _kind(entry: Entry, kinds: type[_Kind]) -> _Kind | None:
    if not entry.has("kind"):
        entry.lacks("kind")
        return None
    chosen = entry.choice("kind", [kind.value for kind in kinds])
    return kinds(chosen) if chosen else None


def _no_circles(entries: dict[str, Entry], links: dict[str, tuple[str, ...]]) -> None:
    for members in circles(links):
        entry = entries[members[0]]
        entry.problem(
            f"circular part_of: {drawn(members)}",
            "a part lies in its whole, not the other way round",
            entry.at("part_of"),
        )
