"""A package that evcli wrote, as drafts of the same facts.

Unlike a table of anybody's, it says everything: nothing is looked for in words, and what would
not come out as it went in is a problem. What the packs at hand hold already is left out.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from evcli.errors import Problem, UsageError
from evcli.importing.drafts import Drafts, Entry
from evcli.model.period import PeriodError, parse_period
from evcli.model.records import Fact, LeftOut, Rank, Series, Source, SourceProblem, Status
from evcli.model.unit import Unit, UnitKind
from evcli.model.vocabulary import WORLD, MetricKind
from evcli.store.reader import Store
from evcli.text.stated import StatedError, parse_stated

DESCRIPTOR, FACTS = "datapackage.json", "facts.csv"
_MADE_BY = "evcli"
_LISTS = frozenset({"part_of", "members", "parts"})  # ids with spaces between them
_ARRAYS = frozenset({"aliases", "words", "at"})  # JSON arrays of texts


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One row of one file, and the line it ends on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def list(self, name: str) -> tuple[str, ...]:
        """The items of a cell that holds several; ValueError where it is no list of texts."""
        cell = self.cells[name]
        if name in _LISTS or not cell:
            return tuple(cell.split())
        items = json.loads(cell)
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            raise ValueError(f"{cell!r} is no JSON array of texts")
        return tuple(items)

    def value(self, name: str) -> str | tuple[str, ...]:
        """A cell as fact files hold it: a text or several."""
        return self.list(name) if name in _LISTS | _ARRAYS else self.cells[name]


def package_at(path: Path) -> Path | None:
    """The folder of the package that *path* is, or of which it is the facts; None if neither."""
    folder = path if path.is_dir() else path.parent
    if path != folder and path.name != FACTS:
        return None
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return folder if isinstance(descriptor, dict) and _MADE_BY in descriptor else None


def rows_of(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[PackageRow]:
    """The rows of ``NAME.csv``; UsageError where it cannot be read or lacks one of *columns*."""
    path = folder / f"{name}.csv"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "it is not UTF-8"
        raise UsageError(
            f"cannot read {str(path)!r}: {reason[:1].lower()}{reason[1:]}",
            "a package is read as a whole; make it again with evcli package",
        ) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    lacks = [each for each in columns if each not in (reader.fieldnames or ())]
    if lacks:
        raise UsageError(f"{str(path)!r} lacks the column {lacks[0]!r}", "leave its columns alone")
    try:
        for cells in reader:
            yield PackageRow(reader.line_num, {name: cells[name] or "" for name in columns})
    except csv.Error as error:
        raise UsageError(
            f"{path}:{reader.line_num}: {error}", "quote cells that hold quotes"
        ) from None


_WORDS: Mapping[str, tuple[str, ...]] = {
    "subjects": ("id", "name", "kind", "aliases", "part_of"),
    "metrics": ("id", "name", "kind", "definition", "aliases"),
    "scopes": ("id", "name", "part_of", "definition", "aliases"),
    "destinations": ("id", "name", "members", "as_of", "aliases"),
    "units": ("id", "name", "kind", "words"),
    "methods": ("id", "name", "definition"),
    "publishers": ("id", "name", "kind", "precision", "aliases"),
}
_SERIES = Series._fields
_OF_SERIES = ("subject", "metric", "scope", "destination", "unit", "publisher", "method")
_SOURCES = (
    "id",
    "title",
    "outlet",
    "publisher",
    "published",
    "url",
    "origin",
    "read",
    "file",
    "sha256",
    "note",
)
_FACTS = (
    "id",
    "series",
    "period",
    "stated",
    "printed",
    "value",
    "low",
    "high",
    "precision",
    "yoy",
    "mom",
    "change",
    "change_over",
    "source",
    "origin",
    "at",
    "rank",
    "reason",
    "status",
    "reading",
    "note",
)
_SAME = ("stated", "printed", "source", "origin", "reason", "reading", "note", "rank", "status")
_DATED = (MetricKind.STOCK, MetricKind.CAPACITY)


class _Different(ValueError):
    """What a row says does not go together, or not with the packs at hand; says why."""


def package_drafts(folder: Path, store: Store) -> Drafts:
    """The facts of the package in *folder* that the packs of *store* lack.

    With them come the series, sources and words that these lack. What they hold otherwise is a
    problem, and facts that would mean something else are left out. UsageError where a file of
    the package is missing or damaged.
    """
    try:
        reader = _Reader(folder, store)
        reader.read()
    except (ValueError, KeyError) as error:  # of facts they are told line by line
        what = f"nothing is named {error}" if isinstance(error, KeyError) else str(error)
        raise UsageError(
            f"{str(folder)!r} does not hold together: {what}", "make it again with evcli package"
        ) from None
    return reader.found


class _Reader:
    """Keeps what the package and the packs hold of sources, series and words."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.found = Drafts()
        self._folder = folder
        self._store = store
        self._words = {
            section: {row["id"]: row for row in rows_of(folder, section, columns)}
            for section, columns in _WORDS.items()
        }
        self._series = {row["id"]: _series(row) for row in rows_of(folder, "series", _SERIES)}
        self._sources = self._all_sources()
        self._known_sources = {each.id: each for each in store.sources()}
        self._known_series = {each.id: each for each in store.series(list(self._series))}
        self._lexicon = self._all_units()

    def read(self) -> None:
        """Take in every fact, then what the facts need."""
        facts = str(self._folder / FACTS)
        for row in rows_of(self._folder, "facts", _FACTS):
            try:
                self._fact(row)
            except (_Different, StatedError, PeriodError, ValueError, KeyError) as error:
                missing = isinstance(error, KeyError)
                message = f"nothing named {error} in the package" if missing else str(error)
                self.found.problems.append(Problem(facts, row.line, 1, message))
        for name, series in self._series.items():
            if name not in self._known_series:
                self._need_series(series)
        for source in self._sources.values():
            self._need_source(source)
        self._partitions()

    # -- facts

    def _fact(self, row: PackageRow) -> None:
        series = self._series[row["series"]]
        known = self._known_series.get(series.id)
        if known is not None and known != series:
            raise _Different(f"the series {series.id!r} is defined otherwise here")
        unit = self._unit(series.unit)
        self._check_number(row, unit)
        standing = self._store.fact(row["id"])
        if standing is not None:
            if not _says_the_same(standing, row):
                raise _Different(f"the fact {row['id']!r} is told otherwise here")
            self.found.known += 1
            return
        kind = self._words["metrics"][series.metric]["kind"]
        self.found.facts.setdefault(series.id, []).append(
            {
                "as_of" if kind in _DATED else "period": str(parse_period(row["period"])),
                **{key: row[key] for key in ("stated", "printed", "precision", "yoy", "mom")},
                "change": _given({"stated": row["change"], "over": row["change_over"]}),
                "source": self._sources[row["source"]].id,
                "origin": "" if row["origin"] == self._origin(row["source"]) else row["origin"],
                "at": row.list("at"),
                "rank": "" if row["rank"] == Rank.NORMAL else row["rank"],
                "status": "" if row["status"] == Status.NORMAL else row["status"],
                **{key: row[key] for key in ("reason", "reading", "note")},
            }
        )

    def _check_number(self, row: PackageRow, unit: Unit) -> None:
        """The words decide; a number that somebody changed beside them is not taken over."""
        if not row["stated"]:
            return
        fine = Fraction(row["precision"]) if row["precision"] else None
        meant = parse_stated(row["stated"], unit, precision=fine, words=self._lexicon)
        numbers = (meant.value, *meant.bounds)
        for name, number in zip(("value", "low", "high"), numbers, strict=True):
            written = Fraction(row[name]) if row[name] else None
            if not _alike(written, number):
                raise _Different(f"{row['stated']!r} does not mean {name} {row[name] or 'open'}")

    def _origin(self, name: str) -> str:
        """Where what a source says was first stated, as the loader follows it."""
        seen: set[str] = set()
        while name not in seen and name in self._sources and self._sources[name].origin:
            seen.add(name)
            name = self._sources[name].origin
        return name

    # -- what facts need

    def _need_series(self, series: Series) -> None:
        entry = {key: text for key, text in series._asdict().items() if text}
        if series.destination == WORLD:
            del entry["destination"]
        self.found.series[series.id] = entry
        self.found.facts.setdefault(series.id, [])
        for key in _OF_SERIES:
            self._need_word(f"{key}s", getattr(series, key))

    def _need_source(self, source: Source) -> None:
        known = self._known_sources.get(source.id)
        if known is None:
            self.found.sources[source.id] = _source_entry(source)
            self._need_word("publishers", source.publisher)
        elif known != source:
            self._problem(f"the source {source.id!r} is described otherwise here; that stays")

    def _need_word(self, section: str, name: str) -> None:
        words: Mapping[str, object] = getattr(self._store.vocabulary, section)
        needed = self.found.vocabulary.setdefault(section, {})
        if not name or name in words or name in needed or name == WORLD:
            return
        row = self._words[section][name]
        needed[name] = {key: row.value(key) for key in _WORDS[section]}
        for key in ("part_of", "members"):
            for other in row.list(key) if key in row.cells else ():
                self._need_word(section, other)

    def _partitions(self) -> None:
        """The partitions of scopes that are new."""
        new = self.found.vocabulary.get("scopes", {})
        for row in rows_of(self._folder, "partitions", ("whole", "parts")):
            if row["whole"] in new or not new.keys().isdisjoint(row.list("parts")):
                for name in (row["whole"], *row.list("parts")):
                    self._need_word("scopes", name)
                self.found.vocabulary.setdefault("partitions", {})[str(row.cells)] = {
                    "whole": row["whole"],
                    "parts": row.list("parts"),
                }

    def _problem(self, message: str) -> None:
        self.found.problems.append(Problem(str(self._folder), 0, 0, message))

    # -- the package as it is

    def _all_sources(self) -> dict[str, Source]:
        problems: dict[str, list[SourceProblem]] = {}
        for row in rows_of(self._folder, "source_problems", ("source", "at", "problem")):
            problems.setdefault(row["source"], []).append(
                SourceProblem(row.list("at"), row["problem"])
            )
        left_out: dict[str, list[LeftOut]] = {}
        for row in rows_of(self._folder, "left_out", ("source", "at", "text", "reason")):
            left_out.setdefault(row["source"], []).append(
                LeftOut(row["at"], row["text"], row["reason"])
            )
        return {
            row["id"]: _source(row, problems.get(row["id"], ()), left_out.get(row["id"], ()))
            for row in rows_of(self._folder, "sources", _SOURCES)
        }

    def _all_units(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for name, row in self._words["units"].items():
            for word in (name, row["name"], *row.list("words")):
                found.setdefault(word, name)
                found.setdefault(word.casefold(), name)
        return found

    def _unit(self, name: str) -> Unit:
        row = self._words["units"][name]
        return Unit(name, row["name"], UnitKind(row["kind"]), row.list("words"))


def _series(row: PackageRow) -> Series:
    return Series(**row.cells)


def _source(
    row: PackageRow, problems: Iterable[SourceProblem], left_out: Iterable[LeftOut]
) -> Source:
    cells: dict[str, Any] = dict(row.cells)
    return Source(
        **{
            **cells,
            "published": parse_period(row["published"]) if row["published"] else None,
            "read": row["read"] != "false",
            "problems": tuple(problems),
            "left_out": tuple(left_out),
        }
    )


def _source_entry(source: Source) -> Entry:
    return {
        **{key: getattr(source, key) for key in _SOURCES if key not in ("published", "read")},
        "published": str(source.published or ""),
        "read": "" if source.read else "no",
        "problems": tuple({"at": each.at, "problem": each.problem} for each in source.problems),
        "left_out": tuple(each._asdict() for each in source.left_out),
    }


def _says_the_same(fact: Fact, row: PackageRow) -> bool:
    change = fact.change
    return (
        all(str(getattr(fact, key)) == row[key] for key in _SAME)
        and (fact.yoy_stated, fact.mom_stated) == (row["yoy"], row["mom"])
        and (change.stated if change else "", change.over if change else "")
        == (row["change"], row["change_over"])
        and fact.at == row.list("at")
        and _numbers(fact, row)
    )


def _numbers(fact: Fact, row: PackageRow) -> bool:
    if fact.quantity is None:
        return not (row["value"] or row["low"] or row["high"])
    meant = (fact.quantity.value, *fact.quantity.bounds)
    written = [Fraction(row[name]) if row[name] else None for name in ("value", "low", "high")]
    return all(map(_alike, written, meant))


def _alike(written: Fraction | None, number: Fraction | None) -> bool:
    """Whether *number* was written like this: with twelve digits."""
    if written is None or number is None:
        return written is number
    return abs(written - number) <= abs(number) / 10**11


def _given(entry: Entry) -> Entry | str:
    return entry if any(entry.values()) else ""
