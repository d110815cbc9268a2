"""Adds to facts/history.csv what changed in the facts: ``python docs/history.py``.

Facts as they stand are compared with those of the last commit that changed the history; lines of
that commit stay as they are. What a line gives as the figure before and after is what evcli answers
with either. The fact itself says why, in its ``reason`` or ``note``; else ``--because`` does.

    python docs/history.py --because "Read again: the page prints 13,982."
    python docs/history.py --release 0.2.0     a line that names a release, for changes --since

``--begin COMMIT --release VERSION`` wrote the first line.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from functools import singledispatch
from pathlib import Path
from typing import Any

from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.figure import Figure
from evcli.model.period import UNDATED
from evcli.model.quantity import Bounds
from evcli.model.records import Event, Fact, Measure, PlantFact, Rank, Record, Status
from evcli.model.vocabulary import short_in
from evcli.query.figures import Figures
from evcli.query.titles import full_name
from evcli.store.build import build
from evcli.store.history import HISTORY, RELEASED, HistoryLine, read_history
from evcli.store.reader import Store
from evcli.text.numbers import rounded, short_number, short_range
from evcli.text.phrases import with_unit

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "facts" / HISTORY
_PACKS = ("facts", "seeds")
_UNNAMED = ("vehicles", "percent")  # units that go without saying, and one with its own sign


def statements(record: Record) -> dict[str, Any]:
    """All that is quoted from a record, by id: facts, also on plants, measures, events."""
    on_plants = (fact for plant in record.plants for fact in plant.facts)
    every: tuple[Any, ...] = (*record.facts, *on_plants, *record.measures, *record.events)
    return {each.id: each for each in every}


def said(statement: Any) -> str:
    """What a statement says, in the words of the fact files; how far it is believed behind it."""
    rank = "" if statement.rank is Rank.NORMAL else statement.rank
    return ", ".join(filter(None, (*_words(statement), rank)))


def told(statement: Any, record: Record) -> tuple[str, str, str, str]:
    """What it is about: its title and period, its source, and the ids of whose it is, and where."""
    words, source = record.vocabulary, statement.source
    match statement:
        case Fact():
            title = full_name(record.series[statement.series], words)
            return title, str(statement.period), source, ""
        case PlantFact():
            plant = next(each for each in record.plants if each.id == statement.plant)
            makers = ", ".join(short_in(words.subjects, each) for each in plant.maker)
            title = f"{makers}, {plant.city or words.place(plant.country)}: {statement.aspect}"
            return title, str(statement.as_of), source, " ".join((*plant.maker, plant.country))
        case Measure():
            place, what = statement.jurisdiction, statement.instrument.replace("-", " ")
            title, start = f"{words.place(place)}: {what}, {statement.target}", statement.start
            return title, str(start or UNDATED), source, f"{place} {statement.subject}".strip()
    return statement.title, str(statement.date), source, statement.subject


@singledispatch
def _words(statement: object) -> Iterator[str]:
    raise TypeError(statement)


@_words.register
def _(fact: Fact) -> Iterator[str]:
    yield fact.stated
    for text, over in ((fact.yoy_stated, "year"), (fact.mom_stated, "month")):
        yield text and f"{text} on the {over} before"
    yield f"{fact.change.stated} over {fact.change.over}" if fact.change else ""
    yield f"read as {fact.reading}" if fact.reading else ""
    yield "" if fact.status is Status.NORMAL else fact.status


@_words.register
def _(fact: PlantFact) -> Iterator[str]:
    yield fact.text
    yield "planned" if fact.planned else ""
    yield fact.phase


@_words.register
def _(measure: Measure) -> Iterator[str]:
    yield f"{measure.rate_stated} on top of {measure.on_top_of}".removesuffix(" on top of ")
    yield measure.minimum
    yield measure.quota
    yield measure.stage
    for word, day in (("from", measure.start), ("until", measure.until)):
        yield f"{word} {day}" if day else ""
    for begin, end in measure.suspended:
        yield f"suspended {begin}/{end}"


@_words.register
def _(event: Event) -> Iterator[str]:
    yield f"{event.date}: {event.title}"


def _shown(statement: Any) -> str:
    """What a statement on a plant, a measure or an event gives readers while it is believed."""
    if statement is None or statement.rank is Rank.DEPRECATED:
        return ""
    return str(statement.date) if isinstance(statement, Event) else said(statement)


def digest(state: Mapping[str, str]) -> str:
    """A fingerprint of all that is said, by id."""
    lines = (f"{id}\t{text}\n" for id, text in sorted(state.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def undone(state: Mapping[str, str], lines: Iterable[HistoryLine]) -> Iterator[tuple[str, str]]:
    """The fingerprint that each line of a release has, and that of *state* with what came after
    it undone, the newest first. ValueError for a line that does not lead to what follows it.
    """
    left = dict(state)
    for line in reversed(list(lines)):
        if line.what == RELEASED:
            yield line.stated_after, digest(left)
            continue
        if left.pop(line.fact, "") != line.stated_after:
            raise ValueError(f"{line.date} {line.fact}: not what the record says")
        if line.stated_before:
            left[line.fact] = line.stated_before


def answers(record: Record, store: Store, facts: Iterable[Fact]) -> dict[str, str]:
    """What evcli answers for the series and period of facts, by their id; for a plan, the plans."""
    source = Figures(store)
    found: dict[str, str] = {}
    for fact in facts:
        if (series := record.series.get(fact.series)) is not None:
            figures = source.figures_at(series, fact.period)
            alike = (e for e in figures if e.is_plan == (fact.status is Status.FORECAST))
            texts = (_answer(each, source) for each in alike)
            found[fact.id] = " or ".join(dict.fromkeys(filter(None, texts)))
    return found


def _answer(figure: Figure, source: Figures) -> str:
    is_exact, growth = figure.basis == "stated", figure.yoy
    text = _number(figure.value, figure.bounds, figure.unit, is_exact)
    if text and figure.qualifier not in ("", "midpoint"):
        text = f"{figure.qualifier} {text}"
    if text and figure.unit not in _UNNAMED:
        text = with_unit(text, figure.unit, source.words)
    if growth is not None and figure.yoy_basis != "derived":
        told = _number(growth.value, growth.bounds, "percent", figure.yoy_basis == "stated")
        told = told if (growth.value or -1) < 0 else f"+{told}"
        text = f"{text}, {told}" if text else f"{told} on the year before"
    marks = [(" (derived)", figure.basis == "derived"), (" (plan)", figure.is_plan)]
    return text and text + "".join(mark for mark, holds in marks if holds)


def _number(value: Fraction | None, bounds: Bounds, unit: str, is_exact: bool) -> str:
    if value is None:
        return "" if bounds == Bounds() else short_range(*bounds, unit)
    if unit == "percent" and (not is_exact or 10**6 % value.denominator):  # of a gain in units
        return f"{rounded(value, bounds).text} %"
    return short_number(value, unit, derived=not is_exact)


def compared(old: Record, new: Record, day: str, because: str) -> list[HistoryLine]:
    """A line for each statement that came, went or changed."""
    before, after = statements(old), statements(new)
    ids = dict.fromkeys((*after, *before))
    now, then = ({id: said(e) for id, e in each.items()} for each in (after, before))
    touched = sorted(id for id in ids if now.get(id) != then.get(id))
    found = (after.get(id, before.get(id)) for id in touched)
    figures = {each.id: each for each in found if isinstance(each, Fact)}
    with _store(old) as old_store, _store(new) as new_store:
        facts = figures.values()
        shown = answers(old, old_store, facts), answers(new, new_store, facts)
        record = new_store.digest[:12]
    lines = []
    for id in touched:
        first, last = then.get(id, ""), now.get(id, "")
        was, is_now = (each.get(id, "") for each in shown)
        if id not in figures:
            was, is_now = (_shown(each.get(id)) for each in (before, after))
        what = _what(before.get(id), after.get(id), (was, is_now))
        reason = getattr(after.get(id), "reason", "")
        if not reason and what in ("corrected", "removed"):
            reason = because or getattr(after.get(id), "note", "")
            if not reason:
                sys.exit(f"{id} was {what}: say why with --because")
        title, period, source, about = told(
            *((after[id], new) if id in after else (before[id], old))
        )
        shown_now = (title, period, was, is_now, reason, source, about)
        lines.append(HistoryLine(day, record, id, what, *shown_now, first, last))
    return lines


def _what(old: Any, new: Any, shown: tuple[str, str]) -> str:
    if new is None:
        return "removed"
    wrong = [each is not None and each.rank is Rank.DEPRECATED for each in (old, new)]
    if wrong == [False, True]:
        return "set aside" if old is None else "deprecated"
    if old is not None:
        return "corrected"
    before, after = shown
    return "added" if not before else "confirmed" if before == after else "changed"


def _store(record: Record) -> Store:
    connection = sqlite3.connect(":memory:")
    build(record, connection)
    return Store(connection)


def recorded(root: Path = ROOT) -> Record:
    """The built-in record as the files below *root* have it."""
    return load([Pack(root / pack) for pack in _PACKS])


def committed(commit: str) -> tuple[Record, list[HistoryLine]]:
    """The record and its history as of a commit."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _git("archive", commit, *_PACKS)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        return recorded(Path(folder)), read_history(Path(folder, "facts", HISTORY))


def _git(*arguments: str) -> bytes:
    done = subprocess.run(("git", *arguments), cwd=ROOT, capture_output=True, check=True)
    return done.stdout


def main() -> None:
    """Write the history anew: what was committed, and what has changed since."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--begin", metavar="COMMIT", default="")
    parser.add_argument("--release", metavar="VERSION", default="")
    parser.add_argument("--because", metavar="WHY", default="")
    given = parser.parse_args()
    day, new = datetime.now(UTC).date().isoformat(), recorded()
    last = given.begin or _git("log", "-1", "--format=%H", "--", str(FILE)).decode().strip()
    old, lines = committed(last)

    def release(record: Record) -> HistoryLine:
        state = {id: said(each) for id, each in statements(record).items()}
        with _store(record) as store:
            mark = store.digest[:12]
        line = HistoryLine(day, mark, given.release, RELEASED, *[""] * 9)
        return line._replace(stated_after=digest(state))

    lines += [release(old)] if given.begin else []
    fresh = compared(old, new, day, given.because)
    lines += fresh
    lines += [release(new)] if given.release and not given.begin else []
    with FILE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((HistoryLine._fields, *lines))
    sys.stdout.write(f"{len(fresh)} new lines in {FILE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
