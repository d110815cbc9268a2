"""A package that evcli wrote, as drafts of the same facts.

Unlike any other table, it says everything: nothing is looked for in words, and what would
not come out as it went in is a problem. What the packs at hand hold already is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from operator import itemgetter
from pathlib import Path
from typing import Any

from evcli.errors import Problem, UsageError, reason_of
from evcli.files import contents
from evcli.grouping import grouped
from evcli.importing.drafts import DraftFact, Drafts
from evcli.loader.rows import DIMENSIONS
from evcli.loader.writing import YamlValue
from evcli.model import WORLD
from evcli.model.answer import Rounding
from evcli.model.period import parse_period
from evcli.model.quantity import exact
from evcli.model.records import Fact, Series, Source, origin_of
from evcli.model.vocabulary import VOCABULARY, MetricKind, Unit, UnitKind, unit_words
from evcli.schema.records import KINDS, entry_of, inside, read_cell, record_of, row, written
from evcli.store.reader import Store
from evcli.tables import DESCRIPTOR, LARGEST
from evcli.tables.delimited import decoded, rows_in
from evcli.text.numbers import digits
from evcli.text.stated import parse_stated

FACTS = "facts.csv"
_MADE_BY = "evcli"


def package_at(path: Path) -> Path | None:
    """The folder of the package that *path* is, or of which it is the facts; None if neither."""
    folder = path if path.is_dir() else path.parent
    if path != folder and path.name != FACTS:
        return None
    try:
        descriptor = json.loads(contents(folder / DESCRIPTOR, LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    return folder if isinstance(descriptor, dict) and _MADE_BY in descriptor else None


Cells = Mapping[str, str]
_NUMBER = ("value", "low", "high")


def package_drafts(folder: Path, store: Store) -> Drafts:
    """The facts of the package in *folder* that the packs of *store* lack.

    With them come the series, sources and words that these lack. What they hold otherwise is a
    problem, and facts that would mean something else are left out. UsageError where a file of
    the package is missing or damaged.
    """
    try:
        reader = _PackageReader(folder, store)
        reader.read()
    except (ValueError, KeyError) as error:  # those of facts are listed line by line
        message = f"{str(folder)!r} does not hold together: {_why(error)}"
        raise UsageError(message, "make it again with evcli package") from None
    return reader.found


def _why(error: ValueError | KeyError) -> str:
    return f"nothing is named {error}" if isinstance(error, KeyError) else str(error)


class _PackageReader:
    """Keeps what the package and the packs hold of sources, series and words."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.found = Drafts()
        self._folder = folder
        self._store = store
        listed = ("partitions", "restatements")  # without ids
        self._words = {name: self._by_id(name) for name in VOCABULARY if name not in listed}
        self._series_rows = self._by_id("series")
        self._series = {name: record_of(Series, cells) for name, cells in self._series_rows.items()}
        self._source_rows = self._by_id("sources")
        self._inside = {key: self._by_source(kind.name) for key, kind in inside(Source).items()}
        self._sources = {
            name: record_of(Source, row, **self._inside_source(name, record_of))
            for name, row in self._source_rows.items()
        }
        self._known_sources = {each.id: each for each in store.sources()}
        self._known_series = {each.id: each for each in store.series(list(self._series))}
        # what kind a unit is does not matter to its words; facts in it show where that is wrong
        self._lexicon = unit_words(
            record_of(Unit, cells, kind=UnitKind.COUNT) for cells in self._words["units"].values()
        )

    def read(self) -> None:
        """Take in every fact, then what the facts need."""
        facts = str(self._folder / FACTS)
        for line, cells in self._rows("facts", "id", "series", *_NUMBER, "change_over"):
            try:
                self._fact(cells, line)
            except (ValueError, KeyError) as error:
                self.found.problems.append(Problem(facts, line, 0, _why(error)))
        for name, series in self._series.items():
            if name not in self._known_series:
                self._need_series(series)
        for source in self._sources.values():
            self._need_source(source)
        self._partitions()

    # -- facts

    def _fact(self, cells: Cells, line: int) -> None:
        series = self._series[cells["series"]]
        known = self._known_series.get(series.id)
        if known is not None and known != series:
            raise ValueError(f"the series {series.id!r} is defined otherwise here")
        kind = MetricKind(self._words["metrics"][series.metric]["kind"])
        unit = record_of(Unit, self._words["units"][series.unit])
        self._check_number(cells, unit, signed=kind.is_signed)
        standing = self._store.one(Fact, cells["id"])
        if standing is not None:
            if not _says_the_same(standing, cells):
                raise ValueError(f"the fact {cells['id']!r} is told otherwise here")
            self.found.known += 1
            return
        entry: dict[str, YamlValue] = {**entry_of(Fact, cells)}
        entry["period"] = str(parse_period(cells["period"]))
        source = self._sources[cells["source"]].id
        if cells["origin"] == origin_of(source, self._sources):
            del entry["origin"]
        if cells["change"] or cells["change_over"]:
            entry["change"] = {"stated": cells["change"], "over": cells["change_over"]}
        if kind.is_stock:
            entry = {"as_of" if key == "period" else key: text for key, text in entry.items()}
        self.found.facts.setdefault(series.id, []).append(DraftFact(entry, line))

    def _check_number(self, cells: Cells, unit: Unit, *, signed: bool) -> None:
        """The words decide; a number that somebody changed beside them is not taken over."""
        if not cells["stated"]:
            return
        fine = exact(cells["precision"]) if cells["precision"] else None
        words = self._lexicon
        meant = parse_stated(cells["stated"], unit, precision=fine, words=words, signed=signed)
        for name, end in zip(_NUMBER, (meant.value, *meant.bounds), strict=True):
            if not _alike(cells[name], end):
                number = f"{name} {cells[name] or 'open'}"
                raise ValueError(f"{cells['stated']!r} does not mean {number}")

    # -- what facts need

    def _need_series(self, series: Series) -> None:
        entry = entry_of(Series, self._series_rows[series.id])
        if series.destination == WORLD:
            del entry["destination"]
        self.found.series[series.id] = {key: str(text) for key, text in entry.items()}
        self.found.facts.setdefault(series.id, [])
        for key in DIMENSIONS:
            self._need_word(f"{key}s", getattr(series, key))

    def _need_source(self, source: Source) -> None:
        known = self._known_sources.get(source.id)
        if known is None:
            self.found.sources[source.id] = {
                **entry_of(Source, self._source_rows[source.id]),
                **self._inside_source(source.id, entry_of),
            }
            self._need_word("publishers", source.publisher)
        elif known != source:
            message = f"the source {source.id!r} is described otherwise here; that stays"
            self.found.problems.append(Problem(str(self._folder), 0, 0, message))

    def _need_word(self, section: str, name: str) -> None:
        words: Mapping[str, object] = getattr(self._store.vocabulary, section)
        needed = self.found.vocabulary.setdefault(section, {})
        if not name or name in words or name in needed or name == WORLD:
            return
        entry = needed[name] = entry_of(KINDS[section].record, self._words[section][name])
        for key in ("part_of", "members"):
            for other in entry.get(key, ()):
                self._need_word(section, other)

    def _partitions(self) -> None:
        new = self.found.vocabulary.get("scopes", {})
        for _, cells in self._rows("partitions"):
            entry = entry_of(KINDS["partitions"].record, cells)
            scopes = (str(entry["whole"]), *entry["parts"])
            if not new.keys().isdisjoint(scopes):
                for name in scopes:
                    self._need_word("scopes", name)
                self.found.vocabulary.setdefault("partitions", {})[str(scopes)] = entry

    # -- the package as it is

    def _rows(self, name: str, *besides: str) -> Iterator[tuple[int, Cells]]:
        """The rows of ``NAME.csv``, with what stands in fact files too, and columns *besides*.

        UsageError where it cannot be read or lacks a column.
        """
        path, columns = self._folder / f"{name}.csv", (*written(KINDS[name].record), *besides)
        try:
            text = decoded(str(path), contents(path, LARGEST))
        except OSError as error:
            hint = "a package is read as a whole; make it again with evcli package"
            raise UsageError(f"cannot read {str(path)!r}: {reason_of(error)}", hint) from None
        lines = rows_in(text, str(path))
        _, header = next(lines, (1, []))
        for each in columns:
            if each not in header:
                lacks = f"{str(path)!r} lacks the column {each!r}"
                raise UsageError(lacks, "leave its columns alone")
        for line, cells in lines:
            under = dict(zip(header, cells, strict=False))
            if under:
                yield line, {column: under.get(column, "") for column in columns}

    def _by_id(self, name: str) -> dict[str, Cells]:
        return {cells["id"]: cells for _, cells in self._rows(name)}

    def _by_source(self, name: str) -> dict[str, list[Cells]]:
        return grouped((cells for _, cells in self._rows(name, "source")), itemgetter("source"))

    def _inside_source(self, name: str, read: Callable[..., Any]) -> dict[str, tuple[Any, ...]]:
        """What *read* makes of the records inside a source, by the attribute that holds them."""
        return {
            key: tuple(read(kind.record, cells) for cells in self._inside[key].get(name, ()))
            for key, kind in inside(Source).items()
        }


def _says_the_same(fact: Fact, cells: Cells) -> bool:
    """Whether a fact at hand is written like this; its period and source are in its id."""
    at_hand = row(fact, precision=None)
    number = fact.quantity
    meant = (number.value, *number.bounds) if number else (None, None, None)
    return (
        all(
            at_hand[name] == read_cell(each, cells[name])
            for name, each in written(Fact).items()
            if name not in ("period", "precision", "change")
        )
        and all(str(at_hand[name] or "") == cells[name] for name in ("change", "change_over"))
        and all(map(_alike, (cells[name] for name in _NUMBER), meant))
    )


def _alike(written: str, number: Fraction | None) -> bool:
    """Whether *number* was written like this, to the last digit."""
    if not written or number is None:
        return not written and number is None
    return exact(written) in {exact(digits(number, rounding)) for rounding in Rounding}
