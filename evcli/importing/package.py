"""A package that evcli wrote, as drafts of the same facts, but for what the packs at hand hold.

Unlike any other table, it says everything: what would not come out as it went in is a problem.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from operator import itemgetter
from pathlib import Path
from typing import Any

from evcli.errors import Problem, UsageError
from evcli.grouping import grouped
from evcli.importing.drafts import DraftFact, Drafts
from evcli.loader.writing import DraftEntry, YamlValue
from evcli.model import WORLD
from evcli.model.answer import Rounding
from evcli.model.period import parse_period
from evcli.model.quantity import exact
from evcli.model.records import Fact, Series, Source, origin_of
from evcli.model.vocabulary import VOCABULARY, MetricKind, Partition, Unit, UnitKind, unit_words
from evcli.schema.records import KINDS, entry_of, inside, read_cell, record_of, row, written
from evcli.store.reader import Store
from evcli.tables import DESCRIPTOR, held
from evcli.tables.delimited import decoded, rows_in
from evcli.text.numbers import digits
from evcli.text.stated import parse_stated

Cells = Mapping[str, str]
FACTS = "facts.csv"
_MADE_BY = "evcli"
_NUMBER = ("value", "low", "high")
_WORDS = [each for each in VOCABULARY if each not in ("partitions", "restatements")]  # with ids


def package_at(path: Path) -> Path | None:
    """The folder of the package that *path* is, or of which it is the facts; None if neither."""
    folder = path if path.is_dir() else path.parent
    if path != folder and path.name != FACTS:
        return None
    try:
        descriptor = json.loads(held(folder / DESCRIPTOR))
    except (UsageError, ValueError, RecursionError):
        return None
    return folder if isinstance(descriptor, dict) and _MADE_BY in descriptor else None


def package_drafts(folder: Path, store: Store) -> Drafts:
    """The facts of the package in *folder* that the packs of *store* lack, with the series, sources
    and words that these lack. What they hold otherwise is a problem, and facts that would mean
    something else are left out. UsageError where a file of the package is missing or damaged.
    """
    try:
        return _drafts(folder, store)
    except (ValueError, KeyError) as error:  # those of facts are listed line by line
        message = f"{str(folder)!r} does not hold together: {_why(error)}"
        raise UsageError(message, "make it again with evcli package") from None


def _why(error: ValueError | KeyError) -> str:
    return f"nothing is named {error}" if isinstance(error, KeyError) else str(error)


def _drafts(folder: Path, store: Store) -> Drafts:
    found, package = Drafts(), _Package(folder)
    known = {each.id: each for each in store.series(list(package.series))}
    for line, cells in _rows(folder, "facts", "id", "series", *_NUMBER, "change_over"):
        try:
            entry = package.unknown(cells, known, store)
            found.known += entry is None
            if entry is not None:
                found.facts.setdefault(cells["series"], []).append(DraftFact(entry, line))
        except (ValueError, KeyError) as error:
            found.problems.append(Problem(str(folder / FACTS), line, 0, _why(error)))
    for name, cells in package.rows["series"].items():
        if name not in known:
            own = entry_of(Series, cells).items()
            usual = ("destination", WORLD)
            found.series[name] = {key: str(text) for key, text in own if (key, text) != usual}
            found.facts.setdefault(name, [])
    known_sources = {each.id: each for each in store.sources()}
    for name, source in package.sources.items():
        if name not in known_sources:
            said = entry_of(Source, package.rows["sources"][name])
            found.sources[name] = {**said, **package.inside_source(name, entry_of)}
        elif known_sources[name] != source:
            message = f"the source {name!r} is described otherwise here; that stays"
            found.problems.append(Problem(str(folder), 0, 0, message))
    for section in _WORDS:
        words = {WORLD, *getattr(store.vocabulary, section)}
        new = {name: each for name, each in package.rows[section].items() if name not in words}
        kind = KINDS[section].record
        found.vocabulary[section] = {name: entry_of(kind, cells) for name, cells in new.items()}
    found.vocabulary["partitions"] = {
        str(cells): entry_of(Partition, cells)
        for _, cells in _rows(folder, "partitions")
        if record_of(Partition, cells) not in store.vocabulary.partitions
    }
    return found


class _Package:
    """What a package says of series, sources and words: as rows by id, and as records."""

    def __init__(self, folder: Path) -> None:
        self.rows = {
            name: {cells["id"]: cells for _, cells in _rows(folder, name)}
            for name in (*_WORDS, "series", "sources")
        }
        self.series = {key: record_of(Series, each) for key, each in self.rows["series"].items()}
        self._inside = {
            key: (kind.record, grouped((each for _, each in of), itemgetter("source")))
            for key, kind in inside(Source).items()
            for of in [_rows(folder, kind.name, "source")]
        }
        self.sources = {
            name: record_of(Source, cells, **self.inside_source(name, record_of))
            for name, cells in self.rows["sources"].items()
        }
        # what kind a unit is does not matter to its words; facts in it show where that is wrong
        self._lexicon = unit_words(
            record_of(Unit, cells, kind=UnitKind.COUNT) for cells in self.rows["units"].values()
        )

    def inside_source(self, name: str, read: Callable[..., Any]) -> dict[str, tuple[Any, ...]]:
        """What *read* makes of the records inside a source, by the attribute that holds them."""
        return {
            key: tuple(read(record, cells) for cells in by_source.get(name, ()))
            for key, (record, by_source) in self._inside.items()
        }

    def unknown(self, cells: Cells, known: Mapping[str, Series], store: Store) -> DraftEntry | None:
        """A fact as fact files say it, None where *store* has it; ValueError where that differs."""
        series = self.series[cells["series"]]
        if known.get(series.id, series) != series:
            raise ValueError(f"the series {series.id!r} is defined otherwise here")
        kind = MetricKind(self.rows["metrics"][series.metric]["kind"])
        unit = record_of(Unit, self.rows["units"][series.unit])
        self._check_number(cells, unit, signed=kind.is_signed)
        standing = store.one(Fact, cells["id"])
        if standing is not None:
            if not _says_the_same(standing, cells):
                raise ValueError(f"the fact {cells['id']!r} is told otherwise here")
            return None
        period = {"as_of" if kind.is_stock else "period": str(parse_period(cells["period"]))}
        said = {key: each for key, each in entry_of(Fact, cells).items() if key != "period"}
        entry: dict[str, YamlValue] = {**period, **said}
        if cells["origin"] == origin_of(self.sources[cells["source"]].id, self.sources):
            del entry["origin"]
        if cells["change"] or cells["change_over"]:
            entry["change"] = {"stated": cells["change"], "over": cells["change_over"]}
        return entry

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


def _rows(folder: Path, name: str, *besides: str) -> Iterator[tuple[int, Cells]]:
    """The rows of ``NAME.csv``, with what stands in fact files too, and columns *besides*."""
    path, columns = folder / f"{name}.csv", (*written(KINDS[name].record), *besides)
    data = held(path, "a package is read as a whole; make it again with evcli package")
    lines = rows_in(decoded(str(path), data), str(path))
    _, header = next(lines, (1, []))
    if lacking := [each for each in columns if each not in header]:
        lacks = f"{str(path)!r} lacks the column {lacking[0]!r}"
        raise UsageError(lacks, "leave its columns alone")
    for line, cells in lines:
        if under := dict(zip(header, cells, strict=False)):
            yield line, {column: under.get(column, "") for column in columns}


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
