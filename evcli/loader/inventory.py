"""What fact files hold, as tables for curators: how much, what looks doubtful, where it is."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

from evcli.errors import Problem
from evcli.loader.files import display, pack_files
from evcli.model import Pack
from evcli.model.answer import Answer, Row, layout_of
from evcli.model.records import Fact, Place, Rank, Record, Status
from evcli.model.vocabulary import Destination, Subject
from evcli.text.lists import counted
from evcli.text.stated import ALL_OF_IT

KINDS = ("facts", "events", "measures", "plants")


def lint_answer(
    named: Sequence[Pack], packs: Sequence[Pack], *, strict: bool
) -> tuple[Answer, bool]:
    """Checks the packs *named*, beside *packs*, or these alone: one row per file.

    If *strict*, what looks doubtful instead, one row each, and whether there is any. Raises
    InvalidFacts with all mistakes of all files, UsageError for a path with nothing at it.
    """
    from evcli.loader.packs import load

    loaded = {os.path.realpath(pack.path) for pack in packs if not pack.definitions_only}
    record = load([*packs, *(each for each in named if os.path.realpath(each.path) not in loaded)])
    pack_named = named or [pack for pack in packs if not pack.definitions_only]
    files = [path for pack in pack_named for path in pack_files(pack.path)]
    asked = {"", *map(os.path.realpath, files)}
    doubts = review(record) if strict else []
    if named:  # about these, or about no file
        doubts = [one for one in doubts if (one.file and os.path.realpath(one.file)) in asked]
    if doubts:
        note = f"{counted(len(doubts), 'entry', 'entries')} to look at; no rule is broken"
        return problems_answer(doubts, "warning")._replace(notes=(note,)), True
    held = {kind: Counter(e.place.file for e in getattr(record, kind) if e.place) for kind in KINDS}
    roots = [Path(os.path.realpath(pack.path)) for pack in pack_named]
    tables = {file: Path(os.path.realpath(file)) for file in held["facts"]}
    inside = [file for file, path in tables.items() if any(map(path.is_relative_to, roots))]
    names = dict.fromkeys((*map(display, files), *inside))
    facts = counted(sum(held["facts"][name] for name in names), "fact")
    columns, views = layout_of("fact_file")
    rows = [{"file": name} | {kind: held[kind][name] for kind in KINDS} for name in names]
    notes = (f"{facts} in {counted(len(rows), 'file')}: no problems",)
    hint = "no *.yaml or *.yml files: a pack has some"
    return Answer(columns, rows, views, notes=notes, hint=hint), False


def problems_answer(problems: Iterable[Problem], level: str) -> Answer:
    """A row for each, of the *level* ``error`` or ``warning``."""
    rows: list[Row] = []
    for each in problems:
        where = f"{each.file}:{each.line}" if each.line else each.file
        place = {"line": each.line or None, "column": each.column or None}
        rows.append({**each._asdict(), **place, "where": where, "level": level})
    columns, views = layout_of("warning")
    return Answer(columns, rows, views)


def packs_answer(packs: Sequence[Pack], store: Path | None, cache: Path | None) -> Answer:
    """One row per pack; a last one for the compiled *store*, else for the *cache* of stores."""
    rows: list[Row] = []
    for pack in packs:
        files = pack_files(pack.path)
        kind = "built-in" if pack.builtin else "added"
        kind = "definitions" if pack.definitions_only else kind
        rows.append({"kind": kind, "path": os.path.realpath(pack.path), "files": len(files)})
    stores = list(cache.glob("*.sqlite")) if cache is not None and cache.is_dir() else []
    kind, place, number = ("cache", cache, len(stores)) if store is None else ("store", store, 1)
    rows.append({"kind": kind, "path": os.path.realpath(place) if place else "", "files": number})
    columns, views = layout_of("pack")
    return Answer(columns, rows, views)


def file_names(packs: Sequence[Pack]) -> Callable[[str], str]:
    """A function that names the file of a fact the same way from every working directory.

    Built-in files are named from the project's root (``facts/...``), as the store that a wheel
    brings has them, others by the directory that was asked for.
    """
    known: dict[str, str] = {}
    for pack in packs:
        root = Path(pack.path.name) if pack.builtin else pack.path
        for file in pack_files(pack.path):
            known.setdefault(display(file), (root / file.relative_to(pack.path)).as_posix())
    return lambda file: known.get(file, file)


def review(record: Record) -> list[Problem]:
    """What a curator should look at though no rule is broken, in the order of the files.

    Sources that nothing rests on; facts resting on a source that nobody read; the same figure
    written twice from one source; figures older sources cannot have known; names that mean two
    things; partitions whose parts do not lie in the whole. Sources and vocabulary carry no
    place, so their warnings name no line.
    """
    parts = (_unused_sources, _about_sources_of_facts, _repeats, _partitions)
    found = [each for part in parts for each in part(record)]
    found += _shared_names("subject", record.vocabulary.subjects)
    found += _shared_names("destination", record.vocabulary.destinations)
    return sorted(found)


def _warn(place: Place | None, message: str, hint: str) -> Problem:
    return Problem(*(place or ("", 0, 0)), message, hint)


def _unused_sources(record: Record) -> Iterator[Problem]:
    used = {source.origin for source in record.sources.values()}
    used.update(fact.origin for fact in record.facts)
    used.update(record.source_counts())
    for name, source in record.sources.items():
        # a seed's card stands for itself: it lists what was left out
        if name not in used and not source.file:
            yield _warn(None, f"nothing rests on the source {name!r}", "remove it or use it")


def _about_sources_of_facts(record: Record) -> Iterator[Problem]:
    """Facts on the word of sources that nobody read, or that cannot have known them."""
    for fact in record.facts:
        source = record.sources.get(fact.source)
        if source is None:
            continue
        if not source.read:
            message = f"the fact rests on {fact.source!r}, which is marked read: no"
            hint = "cite the source that was read and name this one as origin"
            yield _warn(fact.place, message, hint)
        believed = fact.status is not Status.FORECAST and fact.rank is not Rank.DEPRECATED
        if believed and source.published and source.published.precedes(fact.period):
            message = f"the source is of {source.published}, before {fact.period} began"
            yield _warn(fact.place, message, "write status: forecast, or check the dates")
        for growth in (fact.yoy, fact.mom, fact.change and fact.change.quantity):
            if believed and growth and growth.value is not None and growth.value < ALL_OF_IT:
                hint = "check the sign; what a page misprints goes into left_out: of its source"
                yield _warn(fact.place, "nothing falls by more than all of it", hint)


def _repeats(record: Record) -> Iterator[Problem]:
    said = attrgetter(
        "series", "period", "source", "stated", "yoy_stated", "mom_stated", "change", "status"
    )
    first: dict[object, Fact] = {}
    for fact in record.facts:
        earlier = first.setdefault(said(fact), fact)
        if earlier is not fact:
            message = f"the source says the same in {earlier.id!r}"
            yield _warn(fact.place, message, "write it once, with both places in at: [p1, p3]")


def _shared_names(kind: str, words: Mapping[str, Subject | Destination]) -> Iterator[Problem]:
    names: dict[str, list[str]] = {}
    for name, word in words.items():
        for each in dict.fromkeys(map(str.casefold, (name, word.name, *word.aliases))):
            names.setdefault(each, []).append(name)
    for shared, bearers in names.items():
        # regions, each as its counter draws it, may share a name: it asks for all of them
        if len(bearers) > 1 and (kind == "subject" or any(len(each) == 2 for each in bearers)):
            message = f"{shared!r} means the {kind}s {', '.join(bearers)}"
            yield _warn(None, message, "a look-up by it must name one of them")


def _partitions(record: Record) -> Iterator[Problem]:
    words = record.vocabulary
    for partition in words.partitions:
        for part in partition.parts:
            if not words.lies_in(part, partition.whole):
                message = f"the scope {part!r} is a part of {partition.whole!r} only by partition"
                yield _warn(None, message, f"add part_of: [{partition.whole}] to it")
