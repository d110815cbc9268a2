"""The words that packs bring along: each defined once, everything they refer to known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from evcli.loader.context import PLAIN_ID, UNIT, Context
from evcli.loader.entry import Entry
from evcli.model import WORLD
from evcli.model.codes import COUNTRIES, CURRENCIES
from evcli.model.field import KINDS
from evcli.model.vocabulary import (
    MAKER_KINDS,
    VOCABULARY,
    Destination,
    Method,
    Metric,
    Partition,
    Publisher,
    Restatement,
    Scope,
    Subject,
    Unit,
    Vocabulary,
)

_Part = TypeVar("_Part", Subject, Scope)
_Word = TypeVar("_Word", Subject, Metric, Scope, Destination, Unit, Method, Publisher)


class Words:
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
