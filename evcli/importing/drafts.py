"""Tables become fact files: their rows as drafts of facts, and drafts as text, also to fill in."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import log10
from pathlib import Path
from typing import Any, cast

from evcli.errors import InvalidFacts, Problem, UnknownName, UsageError, check_one_of
from evcli.loader.files import display
from evcli.loader.mapping import KEY_OF, KEYS, TableMap
from evcli.loader.rows import About, Names, Rows, Texts, address
from evcli.loader.tables import table_by
from evcli.loader.writing import DraftEntry, flow, scalar
from evcli.loader.yaml_nodes import content
from evcli.model import Pack
from evcli.model.codes import COUNTRIES
from evcli.model.period import PeriodError, read_period
from evcli.model.records import Series
from evcli.model.vocabulary import Vocabulary, unit_words
from evcli.store.reader import Store
from evcli.tables import LARGEST, Reading, Table, open_table, table_of
from evcli.text.characters import visible
from evcli.text.lexicon import MULTIPLIERS

_ENDINGS = (".map.yaml", ".map.yml")
_NEXT = re.compile(r",(?=[ a-z_]+=)")  # names of columns may have commas
_LIKE_PERIODS = ("year", "date", "month", "quarter", "time")


@dataclass(slots=True, eq=False)
class DraftFact:
    """A fact as it will be written, and the line of the table that it is from."""

    entry: DraftEntry
    line: int


@dataclass(slots=True)
class Drafts:
    """What a table gives: new sources and series, facts by series, and what it did not give."""

    sources: dict[str, DraftEntry] = field(default_factory=dict)
    vocabulary: dict[str, dict[str, DraftEntry]] = field(default_factory=dict)  # by section
    series: dict[str, Texts] = field(default_factory=dict)  # those no pack defines, by id
    facts: dict[str, list[DraftFact]] = field(default_factory=dict)  # by id of the series
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was taken for granted
    known: int = 0  # facts that the packs hold already
    unread: int = 0  # values taken from the plain number, for the page's words could not be read
    rows: int = 0  # of the table


class StoreNames(Names):
    """The words of the packs at hand."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.series = {*store.all_series_ids()}
        self.ids = {address(each.url): each.id for each in store.sources() if each.url}
        self.ids |= {each.id: each.id for each in store.sources()}
        self.multiplied: dict[str, str] = {}  # what units with a multiplier were read as

    def resolve(self, kind: str, text: str) -> str:
        """The id of what *text* names. UnknownName with the nearest where there is none."""
        for each in (text, text.replace("_", "-")):
            if found := self._store.resolve(kind, each):
                return found
        if kind == "destination" and text in COUNTRIES:
            return text
        raise UnknownName.of(kind, text, self._store.known_names(kind))

    def times(self, text: str) -> tuple[int, str]:
        """The power of ten that a unit begins with, as 万辆 does, and the unit."""
        for word, scale in MULTIPLIERS.items():
            if not text.startswith(f"{word} " if word.isascii() else word):
                continue
            unit = self._store.resolve("unit", text.removeprefix(word).strip())
            if unit and log10(scale).is_integer() and not self._store.resolve("unit", text):
                self.multiplied[text] = f"{scale:,} {unit}"
                return round(log10(scale)), unit
        return super().times(text)

    def alike(self, dimensions: Texts) -> list[str]:
        """The series of the packs that are this in every dimension."""
        wanted = {kind: [id] for kind, id in dimensions.items()}
        return [each.id for each in self._store.select_series(**wanted)]

    def called(self, kind: str, id: str, text: str) -> str:
        """The name that the packs have for it."""
        known = getattr(self._store.vocabulary, f"{kind}s").get(id)
        return known.name if known else super().called(kind, id, text)


def mapping_at(path: Path) -> Path | None:
    """The mapping that *path* is or that lies beside the table at *path*."""
    if path.name.casefold().endswith(_ENDINGS):
        return path
    return next((each for each in map(path.with_suffix, _ENDINGS) if each.is_file()), None)


def columns_in(options: Sequence[str]) -> Mapping[str, str]:
    """The columns by key, of ``period=Year,value=Value`` and the like."""
    columns: dict[str, str] = {}
    for each in (each for option in options for each in _NEXT.split(option)):
        key, _, column = each.partition("=")
        check_one_of("key", key.strip(), KEYS)
        if not column:
            raise UsageError(f"--map {each!r} names no column", "write --map period=Year")
        columns[key.strip()] = column
    return columns


def table_at(path: Path, how: TableMap) -> Table:
    """The table in a file or folder, or that comes in from elsewhere (``-``)."""
    reading = Reading(how.header, how.encoding, how.sheet)
    if str(path) != "-":
        return open_table(path, reading)
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UsageError(f"more than {LARGEST:,} bytes came in", "name a file of a part of it")
    return table_of("-", data, reading)


def _as_understood(table: Table, how: TableMap) -> tuple[TableMap, list[str]]:
    """A mapping that has the columns of a table by their usual names, too; notes on the others."""
    notes, columns, wide = list[str](), {**how.columns}, ""
    listed = {*columns.values()}
    for name in table.header:
        key = key_of(name) if name != "notes" or "note" not in table.header else None
        if name and key and (name not in listed or columns.get(key) == name):
            if key in columns and (columns[key] != name or table.header.count(name) > 1):
                twice = f"{columns[key]!r} and {name!r} both mean {key!r}"
                raise UsageError(f"{table.name!r}: {twice}", "keep one of the columns")
            if key not in how.columns:
                columns[key] = name
    wide_names = [name for name in table.header if is_period(name)]
    if not {"period", "as_of"} & columns.keys():
        like = [name for name in table.header if name.casefold() in _LIKE_PERIODS]
        if said := table.says.get("period") or (like[0] if len(like) == 1 else ""):
            columns["period"] = said
            notes.append(f"the column {said!r} is read as the period")
        elif wide_names and "value" not in columns:
            wide = "period"
            shown = " to ".join(dict.fromkeys((wide_names[0], wide_names[-1])))
            notes.append(f"the columns {shown} are read as periods")
        else:
            has = ", ".join(filter(None, table.header))[:200]
            hint = f"--map period=COLUMN; the header has {has}"
            raise UsageError(f"{table.name!r} has no column 'period'", hint)
    read = {*listed, *columns.values(), *(wide_names if wide else ())}
    if unknown := [each for each in table.header if each and each not in read]:
        notes.append(f"columns that mean nothing here: {', '.join(unknown)}")
    return how._replace(columns=columns, wide=wide), notes


def key_of(name: str) -> str | None:
    """What a column of that name means, None where it means nothing here."""
    return KEY_OF.get(name.casefold().replace(" ", "_").replace("-", "_"))


@cache
def is_period(name: str) -> bool:
    """Whether a text names a period as statistical offices do."""
    try:
        return bool(read_period(name))
    except PeriodError:
        return False


def drafts(table: Table, how: TableMap, store: Store) -> Drafts:
    """Read every row that can be read; nothing is guessed, what is not clear is a problem."""
    how, notes = _as_understood(table, how)
    names = StoreNames(store)
    rows, found = Rows(table, how, names), Drafts()
    _add_facts(found, rows, store.vocabulary, lambda name: store.series([name])[0])
    cited = {fact.entry["source"] for facts in found.facts.values() for fact in facts}
    found.series = {key: each for key, each in rows.series.items() if key in found.facts}
    found.sources = {key: each for key, each in names.sources.items() if key in cited}
    for (message, hint), (line, column, count) in rows.problems.items():
        more = f"; {count - 1:,} rows more like it" if count > 1 else ""
        found.problems.append(Problem(table.name, line, column, f"{message}{more}", hint))
    found.unread = rows.unread
    notes += [f"{text!r} is read as {meant}" for text, meant in names.multiplied.items()]
    found.notes = notes + rows.notes()
    return found


def _add_facts(
    found: Drafts, rows: Rows, words: Vocabulary, known: Callable[[str], Series]
) -> None:
    """Add the facts of all rows to what is *found*; *known* has the series that no row defines."""

    @cache
    def about(name: str) -> About:
        series = rows.series.get(name) or known(name)._asdict()
        return About(words.units[series["unit"]], words.metrics[series["metric"]].kind)

    for said in rows.facts(about, unit_words(words.units.values())):
        found.facts.setdefault(said.series, []).append(DraftFact(said.entry, said.line))
    found.rows = rows.count


def mapped_drafts(mapping: Path, packs: Sequence[Pack]) -> Drafts:
    """All that a mapping and its table say beside *packs*; InvalidFacts where that is wrong."""
    from evcli.loader.packs import load

    record, table, found = load([*packs, Pack(mapping)]), table_by(mapping), Drafts()
    said = cast("dict[str, Any]", content(table.definitions))
    found.sources = {each["id"]: each for each in said.get("sources", ())}
    found.series = dict(table.rows.series)
    for section, entries in said.get("vocabulary", {}).items():
        found.vocabulary[section] = {str(at): each for at, each in enumerate(entries)}
    _add_facts(found, table.rows, record.vocabulary, record.series.__getitem__)
    found.notes = [f"read by {display(mapping)}", *table.rows.notes()]
    return found


def as_yaml(drafts: Drafts, origin: str) -> str:
    """The fact file; *origin* names the table it comes from."""
    lines = [f"# Facts read from {visible(origin)}. Read each against its source, then:"]
    lines.append("# evcli facts lint FILE --strict")
    if drafts.problems:
        lines += ["#", "# Not understood, and not in here:"]
        for each in drafts.problems:
            told = each._replace(file=f"line {each.line}", line=0) if each.line else each
            lines.append(f"#   {visible(str(told))}")
    return "\n".join([*lines, *(text for text, _ in _written(drafts)), ""])


# what a line of the fact file writes: a section, and a key or fact of it
Item = tuple[str, str | DraftFact]


def _written(drafts: Drafts) -> Iterator[tuple[str, Item]]:
    """The lines of the fact file, each with what it writes."""
    if any(drafts.vocabulary.values()):
        yield "vocabulary:", ("", "")
    for section, words in drafts.vocabulary.items():
        if words:
            yield f"  {section}:", ("", "")
        yield from ((f"    - {flow(each)}", (section, key)) for key, each in words.items())
    if drafts.sources:
        yield "sources:", ("", "")
    yield from ((f"  - {flow(each)}", ("source", key)) for key, each in drafts.sources.items())
    if drafts.facts:
        yield "series:", ("", "")
    for series, facts in drafts.facts.items():
        definition = drafts.series.get(series, {"id": series})
        for at, (key, text) in enumerate(definition.items()):
            yield f"  {'  ' if at else '- '}{key}: {scalar(text)}", ("series", series)
        if facts:
            yield "    facts:", ("series", series)
        yield from ((f"      - {flow(fact.entry)}", ("fact", fact)) for fact in facts)


def leave_out_invalid(drafts: Drafts, table: str, packs: Sequence[Pack]) -> None:
    """Leave out what the strict loader refuses beside *packs*, and what rests on that."""
    from evcli.loader.packs import load

    file, lines = Path("import.yaml"), list[tuple[str, Item]]()
    while drafts.facts:
        before, lines = lines, list(_written(drafts))
        try:
            load([*packs, Pack(file)], {file: "\n".join(text for text, _ in lines)})
            return
        except InvalidFacts as error:
            ours = [each for each in error.problems if each.file == display(file)]
            if not ours or lines == before:
                raise
        for problem in {lines[each.line - 1][1]: each for each in reversed(ours)}.items():
            _leave_out(drafts, table, *problem)


def _leave_out(drafts: Drafts, table: str, item: Item, why: Problem) -> None:
    """One thing less, with the facts that rest on it, and one problem more."""
    kind, key = item
    lines = []
    for series, facts in [*drafts.facts.items()]:
        gone = [each for each in facts if key in (each, series, each.entry["source"])]
        lines += [each.line for each in gone]
        drafts.facts[series] = [each for each in facts if each not in gone]
        if key == series or (gone and not drafts.facts[series]):
            del drafts.facts[series]
            drafts.series.pop(series, None)
    if isinstance(key, str):
        drafts.vocabulary.get(kind, {}).pop(key, None)
    cited = {fact.entry["source"] for facts in drafts.facts.values() for fact in facts}
    drafts.sources = {key: each for key, each in drafts.sources.items() if key in cited}
    drafts.problems.append(why._replace(file=table, line=min(lines, default=0), column=0))
