"""Tables as parts of packs: a mapping beside a table, and its rows as facts, one by one."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from evcli.errors import EvcliError, InvalidFacts, UsageError
from evcli.loader import yaml_nodes as nodes
from evcli.loader.entry import Context
from evcli.loader.files import Report, display, read
from evcli.loader.mapping import mapping_in
from evcli.loader.rows import CHANGES, About, Names, Rows, Said, Texts
from evcli.model.quantity import Bounds
from evcli.model.records import Fact, Place, Rank, Status, origin_of
from evcli.model.vocabulary import MetricKind
from evcli.tables import Reading, inside, open_table
from evcli.text.stated import parse_change
from evcli.tuples import NamedTuple

_text = cache(str)
# fields of a fact, and what is made of their texts
_MADE: Mapping[str, Any] = {"at": lambda text: (text,), "rank": Rank, "status": Status}


class MappedTable(NamedTuple):
    """A table with its mapping beside it, as a part of a pack.

    ``definitions`` are what a fact file would say: vocabulary, sources, series without facts;
    ``files`` are what it is made from, the rows in the last of them.
    """

    files: tuple[Path, ...]
    rows: Rows
    definitions: nodes.Mapping

    def facts(self, context: Context) -> Iterator[Fact]:
        """The facts, row by row, once *context* knows words, sources and series.

        The place of each is its row of the table. Problems go to the report of the context.
        """
        file, seen = display(self.files[-1]), set[int]()
        about = cache(lambda series: _about(series, context))
        for said in self.rows.facts(about, context.words):
            key = hash((said.series, said.period[0], said.period[1], said.source))
            try:
                if key in seen:
                    what = f"{said.series} has {said.entry.get('period') or said.period} twice"
                    hint = "name the column that tells the rows apart, or leave one out"
                    raise UsageError(what, hint)
                seen.add(key)
                yield _fact(said, Place(file, said.line), about(said.series), context)
            except (EvcliError, ValueError) as error:
                self.rows.problem(said.line, UsageError(str(error), getattr(error, "hint", "")))
        _tell(self.rows, file, context.report)


def mapped(path: Path, root: nodes.Mapping, report: Report) -> MappedTable | None:
    """The table that a mapping, ``NAME.map.yaml``, names. None after problems, which are reported.

    The table lies in the folder of the mapping or below it.
    """
    before = len(report.problems)
    how = mapping_in(root, path, report)
    if len(report.problems) > before:
        return None
    names, at = Names(how.vocabulary), root.entries.get("table", root)
    try:
        file = inside(path.parent, how.table)
        table = open_table(file, Reading(how.header, how.encoding, how.sheet))
        rows = Rows(table, how, names)
        rows.define()
    except UsageError as error:
        report.add(display(path), at.line, at.column, str(error), error.hint or "")
        return None
    if _tell(rows, display(Path(table.name)), report):
        return None
    sources = [each for each in (how.source, *names.sources.values()) if each]
    added = ({"id": each, "facts": ()} for each in rows.elsewhere())
    definitions = _node({"sources": sources, "series": [*rows.series.values(), *added]}, root)
    if "vocabulary" in root.entries:
        definitions.entries["vocabulary"] = root.entries["vocabulary"]
    held = Path(table.name)  # a data package names the file that holds its rows
    files = dict.fromkeys((path, file, held if held.is_file() else file))
    return MappedTable(tuple(files), rows, definitions)


def table_by(mapping: Path) -> MappedTable:
    """The table that the mapping at a path names; InvalidFacts with all that is wrong."""
    report = Report()
    held = read(mapping, report)
    root = nodes.parse(held[1], display(mapping), report) if held else None
    table = mapped(mapping, root, report) if root else None
    if table is None:
        raise InvalidFacts(report.problems)
    return table


def _tell(rows: Rows, file: str, report: Report) -> bool:
    """Report what was not understood, and whether there was anything."""
    for (message, hint), (line, column, times) in rows.problems.items():
        more = f" ({times:,} rows)" if times > 1 else ""
        report.add(file, line, column, f"{message}{more}", hint)
    return bool(rows.problems)


def _node(value: Any, at: nodes.Node) -> Any:
    """Texts, lists and mappings as if they stood in a fact file at that place; nothing empty."""
    if isinstance(value, str):
        return nodes.Scalar(value, at.line, at.column, False)
    if isinstance(value, Mapping):
        said = {key: _node(each, at) for key, each in value.items() if each or each == ()}
        places = dict.fromkeys(said, (at.line, at.column))
        return nodes.Mapping(at.line, at.column, False, said, places)
    return nodes.Sequence(at.line, at.column, [_node(each, at) for each in value])


def _about(name: str, context: Context) -> About:
    """How the rows of a series are read. UsageError where it is not defined."""
    series = context.series.get(name)
    unit = context.units.get(series.unit) if series else None
    if series is None:
        raise UsageError(f"no series named {name!r}", "define it, or give subject, metric, unit")
    if unit is None:  # all series that are counted in it say the same, which is told once
        raise UsageError("the unit of the series is not known", "define it under vocabulary:")
    metric, fine = context.metrics.get(series.metric), context.precisions[name]
    return About(unit, metric.kind if metric else MetricKind.FLOW, fine, series.publisher)


def _fact(said: Said, place: Place, about: About, context: Context) -> Fact:
    """A fact of a row; EvcliError or ValueError for what a fact file may not say either."""
    entry, quantity, source = said.entry, said.quantity, context.sources.get(said.source)
    if source is None:
        raise UsageError(f"no source named {said.source!r}", "describe it under source:")
    if about.kind is MetricKind.SHARE and quantity is not None:
        whole, (low, high) = Fraction(about.unit.whole), quantity.bounds
        if max(quantity.value or 0, low or 0) > whole:
            raise UsageError(f"{entry['stated']!r}: no part is more than its whole")
        quantity = quantity._replace(bounds=Bounds(low, min(high or whole, whole)))
    if source.file and "at" not in entry:
        raise UsageError("the fact lacks 'at'", "name the column that says where in the source")
    more: dict[str, Any] = {}
    if len(entry) > 3:
        _check_words(entry, context)
        more = {key: entry[key] for key in ("printed", "reason", "reading", "note") if key in entry}
        more |= {key: make(entry[key]) for key, make in _MADE.items() if key in entry}
        for key in CHANGES:
            if text := entry.get(key):
                more[f"{key}_stated"] = text
                more[key] = parse_change(text, quantity, about.unit, context.words)
    named = entry.get("origin", said.source)
    shown = entry.get("period") or entry["as_of"]
    return Fact(
        f"{said.series}@{shown}#{said.source}",
        said.series,
        said.period,
        said.source,
        origin_of(named, context.sources),
        more.pop("at", ()),
        entry.get("stated", ""),
        quantity=quantity,
        published=_text(source.published or ""),
        own=source.publisher == about.publisher != "",
        kind=source.kind,
        place=place,
        **more,
    )


def _check_words(entry: Texts, context: Context) -> None:
    for text in entry.values():
        if odd := nodes.CONTROL.search(text):
            raise UsageError(f"a text has the control character U+{ord(odd[0]):04X}", "remove it")
    if (origin := entry.get("origin")) and origin not in context.sources:
        near = context.report.near(origin, context.sources)
        raise UsageError(f"no source named {origin!r}", near)
    if entry.get("rank") == "deprecated" and "reason" not in entry:
        raise UsageError("a deprecated fact needs a reason", "name the column that gives it")
