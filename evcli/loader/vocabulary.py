"""The words that packs bring along: each defined once, everything they refer to known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from evcli.loader.declared import read_fields
from evcli.loader.entry import Document, Entry
from evcli.loader.ids import Ids, circles, drawn
from evcli.loader.problems import Report
from evcli.loader.values import Values
from evcli.model import WORLD
from evcli.model.codes import COUNTRIES, CURRENCIES
from evcli.model.field import KINDS
from evcli.model.unit import Unit, UnitKind, is_unit
from evcli.model.vocabulary import (
    VOCABULARY,
    Destination,
    Method,
    Metric,
    Partition,
    Publisher,
    Scope,
    Subject,
    SubjectKind,
    Vocabulary,
)

_OWN_KINDS = (SubjectKind.MAKER, SubjectKind.BRAND, SubjectKind.GROUP)
_Word = TypeVar("_Word", Subject, Metric, Scope, Destination, Unit, Method, Publisher)


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
        self.values = Values(self.lexicon, self.units)
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
                root.only(frozenset(VOCABULARY))
                roots.append(root)
        self._subjects(roots)
        self.metrics = {word.id: word for _, word in self._new(roots, "metrics", Metric)}
        self._scopes(roots)
        for _, place in self._new(roots, "destinations", Destination):
            self.destinations[place.id] = place
            for member in place.members:
                self.destination(member)
        self._units(roots)
        self.methods = {word.id: word for _, word in self._new(roots, "methods", Method)}
        self.publishers = {word.id: word for _, word in self._new(roots, "publishers", Publisher)}
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

    def _new(
        self, roots: list[Entry], section: str, record: type[_Word]
    ) -> Iterator[tuple[Entry, _Word]]:
        """Every word that is the first of its id. All ids are known before the first is out."""
        kind = KINDS[section].singular
        first: list[tuple[str, Entry]] = []
        for root in roots:
            for entry in root.records(section, section):
                name = self._unit_id(entry) if section == "units" else self._ids.read(entry)
                if name and self._ids.define(kind, name, entry):
                    first.append((name, entry))
        for name, entry in first:
            said = read_fields(entry, record, self._ids, self.values, "id")
            if said.get("kind", "") is not None:
                called = COUNTRIES.get(name, name) if section == "destinations" else name
                said["name"] = said["name"] or called
                yield entry, record(id=name, **said)

    def _unit_id(self, entry: Entry) -> str:
        text = entry.required("id")
        if text and not is_unit(text):
            self._report.maybe.add(text)
            message = f"{text!r} is no unit: write it as in vehicles/year"
            entry.problem(message, "", entry.at("id"))
            return ""
        return text

    def _subjects(self, roots: list[Entry]) -> None:
        entries = {}
        for entry, word in self._new(roots, "subjects", Subject):
            entries[word.id], self.subjects[word.id] = entry, word
        _no_circles(entries, {name: each.part_of for name, each in self.subjects.items()})

    def _scopes(self, roots: list[Entry]) -> None:
        entries = {}
        for entry, word in self._new(roots, "scopes", Scope):
            entries[word.id], self.scopes[word.id] = entry, word
        _no_circles(entries, {name: each.part_of for name, each in self.scopes.items()})
        for root in roots:
            for entry in root.records("partitions", "partitions"):
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

    def _units(self, roots: list[Entry]) -> None:
        for entry, unit in self._new(roots, "units", Unit):
            name = unit.id
            self.units[name] = unit
            self._used_units.add(name)
            for word in dict.fromkeys((name, unit.name, *unit.words)):
                for form in dict.fromkeys((word, word.casefold())):
                    other = self.lexicon.setdefault(form, name)
                    if other != name:
                        entry.problem(f"the word {form!r} already means the unit {other!r}")
                        break
        for code in CURRENCIES:
            self.lexicon.setdefault(code, code)


def _no_circles(entries: dict[str, Entry], links: dict[str, tuple[str, ...]]) -> None:
    for members in circles(links):
        entry = entries[members[0]]
        entry.problem(
            f"circular part_of: {drawn(members)}",
            "a part lies in its whole, not the other way round",
            entry.at("part_of"),
        )
