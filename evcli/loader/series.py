"""Definitions of series: what is counted the same way. Their facts are read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from evcli.loader.context import Context
from evcli.loader.fields import Entry
from evcli.loader.ids import SERIES_ID
from evcli.loader.values import precision
from evcli.model.records import Series
from evcli.model.unit import Unit, UnitKind
from evcli.model.vocabulary import WORLD, MetricKind

_KEYS = frozenset(
    {
        "id",
        "title",
        "subject",
        "metric",
        "scope",
        "destination",
        "unit",
        "publisher",
        "method",
        "part",
        "whole",
        "precision",
        "note",
        "facts",
    }
)
_DEFINING = sorted(_KEYS - {"id", "facts"})
_NEEDED = ("title", "subject", "metric", "unit", "publisher")


@dataclass(slots=True, eq=False)
class Draft:
    """What the facts of a series need to know of it; None or empty where that is unknown."""

    id: str
    unit: Unit | None = None
    kind: MetricKind | None = None
    publisher: str = ""
    precision: Fraction | None = None


class AllSeries:
    """All series by id, and the entries that bring facts for each, in the order of the files."""

    def __init__(self, context: Context) -> None:
        self.by_id: dict[str, Series] = {}
        self.with_facts: list[tuple[Draft, Entry]] = []
        self._context = context
        self._report = context.report
        self._ids = context.ids
        self._words = context.words

    def read(self) -> None:
        """Take in the definitions of all documents."""
        definitions: dict[str, Entry] = {}
        additions: list[tuple[str, Entry]] = []
        for entry in self._context.definitions("series", "series"):
            entry.only(_KEYS)
            name = self._ids.read(entry, SERIES_ID)
            if name and any(entry.has(key) for key in _DEFINING):
                if self._ids.define("series", name, entry, without="facts"):
                    definitions[name] = entry
            elif name and not entry.has("facts"):
                entry.problem(
                    f"the series {name!r} says nothing", "add facts, or title, subject, metric"
                )
            if not entry.document.definitions_only and entry.has("facts"):
                additions.append((name, entry))
        drafts = {name: self._define(name, entry) for name, entry in definitions.items()}
        undefined: dict[str, Draft] = {}
        for name, entry in additions:
            draft = drafts.get(name)
            if draft is None:
                if name and name not in undefined and not self._report.may_exist(name):
                    known = self._ids.known.get("series", {})
                    near = self._report.near(name, known)
                    entry.problem(
                        f"no series named {name!r}",
                        near or "to define it add title, subject, metric, unit and publisher",
                        entry.at("id"),
                    )
                draft = undefined.setdefault(name, Draft(name))
            self.with_facts.append((draft, entry))

    def _define(self, name: str, entry: Entry) -> Draft:
        for key in _NEEDED:
            if not entry.has(key):
                entry.lacks(key)
        subject = self._ids.refer("subject", entry, "subject")
        metric = self._ids.refer("metric", entry, "metric")
        scope = self._scope(entry)
        destination = (
            self._ids.refer("destination", entry, "destination")
            if entry.has("destination")
            else WORLD
        )
        self._words.destination(destination)
        unit = self._words.unit(self._ids.refer("unit", entry, "unit"))
        publisher = self._ids.refer("publisher", entry, "publisher")
        self._words.publisher(publisher)
        fine = precision(entry, unit)
        counter = self._words.publishers.get(publisher)
        if fine is None and counter is not None and unit and unit.kind is UnitKind.COUNT:
            fine = counter.precision
        known_metric = self._words.metrics.get(metric)
        kind = known_metric.kind if known_metric else None
        part = self._ids.refer("series", entry, "part")
        whole = self._ids.refer("series", entry, "whole")
        self._check_share(entry, kind, unit, name)
        self.by_id[name] = Series(
            id=name,
            title=entry.text("title"),
            subject=subject,
            metric=metric,
            scope=scope,
            destination=destination,
            unit=unit.id if unit else "",
            publisher=publisher,
            method=self._ids.refer("method", entry, "method"),
            part=part,
            whole=whole,
            note=entry.text("note"),
        )
        return Draft(name, unit, kind, publisher, fine)

    def _scope(self, entry: Entry) -> str:
        if entry.has("scope"):
            return self._ids.refer("scope", entry, "scope")
        if "all" not in self._ids.known.get("scope", {}) and not self._report.may_exist("all"):
            entry.problem("the series names no scope", "the vocabulary has none called 'all'")
        return "all"

    def _check_share(
        self, entry: Entry, kind: MetricKind | None, unit: Unit | None, name: str
    ) -> None:
        if kind is None:
            return
        metric = entry.text("metric")
        for key in ("part", "whole"):
            if kind is MetricKind.SHARE:
                if not entry.has(key):
                    entry.lacks(key)
                elif entry.text(key) == name:
                    entry.problem(f"a series is not its own {key}", "", entry.at(key))
            elif entry.has(key):
                entry.problem(
                    f"{key!r} is for shares, but {metric!r} is a {kind.value}",
                    "leave it out",
                    entry.at(key),
                )
        if (
            kind is MetricKind.SHARE
            and unit is not None
            and unit.kind not in (UnitKind.PERCENT, UnitKind.RATIO)
        ):
            entry.problem(
                f"{metric!r} is a share, but {unit.id!r} is a {unit.kind.value}",
                "write unit: percent",
                entry.at("unit"),
            )
