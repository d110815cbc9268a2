"""Tables become fact files: their rows as drafts of facts, and drafts as text, also to fill in."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import chain, count
from operator import attrgetter
from pathlib import Path
from urllib.parse import urlsplit

from evcli.errors import (
    EvcliError,
    InvalidFacts,
    Problem,
    UnknownName,
    UsageError,
    did_you_mean,
    reason_of,
)
from evcli.files import contents
from evcli.grouping import grouped
from evcli.loader.writing import DraftEntry, YamlValue, flow, scalar
from evcli.model import WORLD, Pack
from evcli.model.codes import COUNTRIES
from evcli.model.period import parse_period
from evcli.model.records import Series
from evcli.model.vocabulary import UNNAMED, MetricKind, Unit
from evcli.store.reader import Store
from evcli.text.cell import plain_number, read_change, stated
from evcli.text.mentions import UNKNOWN, Form, Style, find_mentions
from evcli.text.stated import parse_change
from evcli.tuples import NamedTuple

# The keys of a fact, of its series and of its source, each with the names tables have for it.
_NAMES = """
series series_id; title series_title; subject who; metric indicator; scope part;
destination dest to; unit; publisher statistic_publisher counted_by; method;
period time_period window; as_of; stated as_stated; value obs_value; qualifier;
yoy yoy_pct; mom mom_pct; precision; source source_id; url; outlet page_publisher;
source_title page_title; published page_date; at; printed; origin; rank; reason; status;
reading; unit_mult multiplier; obs_status; note notes
"""
_KEY_OF = {name: names.split()[0] for names in _NAMES.split(";") for name in names.split()}
_DELIMITERS = ",;\t"
LARGEST = 256 * 2**20  # bytes of a table


class InputRow(NamedTuple):
    """One row: what stands under each column that is understood, and the line it ends on."""

    line: int
    cells: Mapping[str, str]

    def get(self, key: str) -> str:
        """The text under *key*, empty where the table has none."""
        return self.cells.get(key, "")


class InputTable(NamedTuple):
    """The rows of a table, and its columns that mean nothing here."""

    name: str
    rows: tuple[InputRow, ...]
    unknown: tuple[str, ...]
    problems: tuple[Problem, ...]  # a cell that the header does not name, one for each row


def text_of(path: Path, hint: str) -> str:
    """The text of a file; UsageError with *hint* where it cannot be read as UTF-8."""
    try:
        return contents(path, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{str(path)!r} is not UTF-8 (byte {error.start})", hint) from None
    except OSError as error:
        raise UsageError(f"cannot read {str(path)!r}: {reason_of(error)}", hint) from None


def rows_in(text: str, name: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of delimited text with the lines they end on; UsageError where quotes go wrong."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in lines:
            yield lines.line_num, cells
    except csv.Error as error:
        where = f"{name}:{lines.line_num}"
        raise UsageError(f"{where}: {error}", "quote cells that hold quotes") from None


def read_table(path: Path) -> InputTable:
    """Read a CSV, TSV or semicolon table; UsageError where it is not one."""
    text, name = text_of(path, "save the table as UTF-8"), str(path)
    lines = rows_in(text, name, max(_DELIMITERS, key=partial(_columns, text)))
    header = [each.strip() for each in next(lines, (1, []))[1]]
    keys = list(map(_key, header))
    for key, columns in grouped(header, _key).items():
        if key and len(columns) > 1:
            twice = " and ".join(map(repr, columns))
            raise UsageError(f"{name!r}: {twice} both mean {key!r}", "keep one of the columns")
    rows, problems = [], []
    for line, cells in lines:
        if any(each.strip() for at, each in enumerate(cells) if not "".join(header[at : at + 1])):
            what = "a cell that the header does not name"
            problems.append(Problem(name, line, 0, what, "name it; quote commas"))
        elif any(each.strip() for each in cells):
            said = zip(keys, (" ".join(each.split()) for each in cells), strict=False)
            rows.append(InputRow(line, {key: cell for key, cell in said if key and cell}))
    if not {"period", "as_of"} & set(keys):
        hint = f"the header names columns, such as {', '.join(dict.fromkeys(_KEY_OF.values()))}"
        raise UsageError(f"{name!r} has no column 'period'", hint)
    unknown = tuple(name for name, key in zip(header, keys, strict=True) if key is None and name)
    return InputTable(name, tuple(rows), unknown, tuple(problems))


def _key(name: str) -> str | None:
    """What a column of that name means, None where it means nothing here."""
    return _KEY_OF.get(name.casefold().replace(" ", "_").replace("-", "_"))


def _columns(text: str, delimiter: str) -> tuple[int, int]:
    """How many columns of a header mean something with that delimiter, and how many there are."""
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return 0, 0
    return sum(_key(each.strip()) is not None for each in header), len(header)


# --- drafts -------------------------------------------------------------------------------------

_PLACE = re.compile(r"\b(?:dest|region|to):\s*(\S+)")
SOURCE_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
SERIES_ID = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
DIMENSIONS = ("subject", "metric", "scope", "destination", "unit", "publisher", "method")
_CHANGES = ("yoy", "mom")
_KEPT = ("at", "origin", "reason", "reading", "precision")

_STATUS = {"A": "normal", "E": "estimated", "P": "provisional", "F": "forecast"}  # of SDMX

Definition = Mapping[str, str]  # what a series is, by key


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
    series: dict[str, Definition] = field(default_factory=dict)  # those no pack defines, by id
    facts: dict[str, list[DraftFact]] = field(default_factory=dict)  # by id of the series
    problems: list[Problem] = field(default_factory=list)
    known: int = 0  # facts that the packs hold already
    unread: int = 0  # values taken from the plain number, for the page's words could not be read

    @property
    def count(self) -> int:
        """How many facts there are."""
        return sum(map(len, self.facts.values()))


def drafts(table: InputTable, store: Store, style: Style = UNKNOWN) -> Drafts:
    """Read every row that can be read; nothing is guessed, what is not clear is a problem."""
    reader = TableReader(store, style)
    problems = [*table.problems]
    for row in table.rows:
        try:
            reader.add(row)
        except EvcliError as error:
            problems.append(Problem(table.name, row.line, 0, str(error), error.hint or ""))
    reader.found.problems += sorted(problems, key=attrgetter("line"))
    return reader.found


class TableReader:
    """Keeps what rows share: the words of the packs, the sources and series met so far."""

    def __init__(self, store: Store, style: Style = UNKNOWN) -> None:
        self.found = Drafts()
        self._style = style
        self._store = store
        # ids of sources by themselves, by address, and by another name in this table
        self._ids = {_address(each.url): each.id for each in store.sources() if each.url}
        self._ids |= {each.id: each.id for each in store.sources()}
        units = store.vocabulary.units
        self._lexicon = {word: unit.id for unit in units.values() for word in unit.words}
        self._new_series: dict[tuple[str, ...], str] = {}

    def add(self, row: InputRow) -> None:
        """Take one row in."""
        series, definition = self._series(row)
        unit = self._store.vocabulary.units[definition["unit"]]
        fact = self._fact(row, unit, self._store.vocabulary.metrics[definition["metric"]].kind)
        fact["source"], source = self.source(row)
        fact["note"] = row.get("note")  # long, so it comes last
        if not any(fact[key] for key in ("stated", *_CHANGES)):
            raise UsageError("the row states neither a value nor a change")
        if source is not None:
            self.found.sources[fact["source"]] = source
        if definition.get("id"):
            self.found.series[series] = definition
        self.found.facts.setdefault(series, []).append(DraftFact(fact, row.line))

    def _fact(self, row: InputRow, unit: Unit, kind: MetricKind) -> dict[str, str]:
        when = row.get("period") or row.get("as_of")
        if not when:
            raise UsageError("the row names no period; 'undated' is one")
        yoy, mom = (each and read_change(each, self._style) for each in map(row.get, _CHANGES))
        printed, value, word = (row.get(key) for key in ("stated", "value", "qualifier"))
        text = ""
        if value or not _is_growth(printed, yoy or mom):
            if power := row.get("unit_mult").removeprefix("0"):
                if not value or not re.fullmatch("-?[0-9]{1,2}", power):
                    why = f"the power of ten {power!r} goes with a plain value: 0 to 12"
                    raise UsageError(why)
                value = f"{Decimal(plain_number(value)).scaleb(int(power)):f}"  # all digits kept
            text, printed, is_read = stated(printed, value, word, unit, self._lexicon, self._style)
            self.found.unread += not is_read
        fact = {
            "as_of" if kind.is_stock else "period": str(parse_period(when)),
            "stated": text,
            "printed": row.get("printed") or printed,
            "yoy": yoy,
            "mom": mom,
        }
        observed = row.get("obs_status")
        if observed and observed not in _STATUS:
            codes = ", ".join(_STATUS)
            raise UsageError(f"the status {observed!r} is none of {codes}", "leave the row out")
        for key, word in (("rank", ""), ("status", _STATUS.get(observed, ""))):
            word = row.get(key) or word
            fact[key] = "" if word == "normal" else word
        return fact | {key: row.get(key) for key in _KEPT}

    def source(self, row: InputRow) -> tuple[str, DraftEntry | None]:
        """The source of a row, and what is known of it; None where a pack has it."""
        named, url = row.get("source"), row.get("url")
        source = self.known(named) or self.known(url)
        if source and source not in self.found.sources:
            return source, None
        outlet, published = row.get("outlet") or _host(url), row.get("published")
        if not named and not outlet:
            raise UsageError("the row names no source: a column 'source' or 'url' is wanted")
        is_id = SOURCE_ID.fullmatch(named)
        if not source:
            base = "-".join(filter(None, (_as_id(outlet), published)))
            base = named if is_id else _as_id(named) if named else base
            source = _unused(base, self._ids.values())
        self._ids[named or _address(url)] = source
        self._ids.setdefault(_address(url) or source, source)
        title = named if named and not is_id else f"Page of {outlet or named}; title not recorded"
        entry: dict[str, YamlValue] = {"id": source, "title": row.get("source_title") or title}
        entry |= {"outlet": outlet or "not named", "published": published, "url": url}
        before = self.found.sources.get(source, {})
        return source, entry | {key: text for key, text in before.items() if text}

    def known(self, source: str) -> str:
        """The id of a source that an id or an address names, empty where none is recorded."""
        return self._ids.get(source) or self._ids.get(_address(source), "")

    def _series(self, row: InputRow) -> tuple[str, Definition]:
        """The series a row belongs to, and what defines it; with ``id`` where it is new."""
        named = row.get("series")
        known = self._store.series([named]) if named else []
        if known:
            return known[0].id, _dimensions_of(known[0])
        if not row.get("subject") and not row.get("metric"):
            near = did_you_mean(named, self._store.all_series_ids(), 1)
            new = "for a new one give subject, metric, unit and publisher"
            raise UsageError(f"no series named {named!r}", f"{near} {new}".strip())
        return self._matching(row)

    def _dimensions(self, row: InputRow) -> dict[str, str]:
        scope = row.get("scope") or "all"
        place = _PLACE.search(scope)
        usual = {"destination": place[1] if place else WORLD, "publisher": UNNAMED}
        texts = {each: row.get(each) or usual.get(each, "") for each in DIMENSIONS}
        texts["scope"] = _PLACE.sub("", scope).strip() or "all"
        if not texts["method"]:
            del texts["method"]
        for kind, text in texts.items():
            if not text:
                raise UsageError(f"the row names no {kind}")
            found = map(partial(self._store.resolve, kind), (text, text.replace("_", "-")))
            id_ = next(filter(None, found), None)
            if id_ is None and (kind != "destination" or text not in COUNTRIES):
                raise UnknownName.of(kind, text, self._store.known_names(kind))
            texts[kind] = id_ or text
        return texts

    def _matching(self, row: InputRow) -> tuple[str, Definition]:
        dimensions = self._dimensions(row)
        series = self._store.select_series(subject=[dimensions["subject"]])
        alike = [each for each in series if dimensions.items() <= _dimensions_of(each).items()]
        if len(alike) > 1:
            ids = ", ".join(each.id for each in alike)
            raise UsageError(f"several series fit: {ids}; name one in a column 'series'")
        if alike:
            return alike[0].id, _dimensions_of(alike[0])
        key = tuple(dimensions.values())
        id_ = self._new_series.setdefault(key, self._new_series_id(row.get("series"), dimensions))
        definition = {"id": id_, "title": row.get("title") or self._title(dimensions), **dimensions}
        definition.setdefault("method", "not-stated")
        if definition["destination"] == WORLD:
            del definition["destination"]
        return id_, definition

    def _new_series_id(self, named: str, dimensions: Definition) -> str:
        where = "" if dimensions["destination"] == WORLD else f".to-{dimensions['destination']}"
        parts = [dimensions[kind] for kind in ("subject", "metric", "scope")]
        usual = f"{'.'.join(parts)}{where}.{dimensions['publisher']}".casefold()
        taken = {*self._store.all_series_ids(), *self._new_series.values()}
        proper = SERIES_ID.fullmatch(named) and named not in taken
        return _unused(named if proper else usual, taken)

    def _title(self, dimensions: Definition) -> str:
        words = self._store.vocabulary
        what = words.metrics[dimensions["metric"]].name
        who = words.subjects[dimensions["subject"]].name
        scope = words.scopes[dimensions["scope"]].name
        code = dimensions["destination"]
        place = words.destinations[code].name if code in words.destinations else COUNTRIES[code]
        to = "" if dimensions["destination"] == WORLD else f", {place}"
        return f"{what} of {who}: {scope}{to}, {words.publishers[dimensions['publisher']].name}"


def _is_growth(printed: str, growth: str) -> bool:
    """Whether the words of a page say the *growth* of the row, and so no level of it."""
    if not printed or not growth:
        return bool(growth)
    size = parse_change(growth).value
    found = find_mentions(printed)
    return any(each.unit == "percent" and each.value == abs(size or 0) for each in found) or any(
        each.form is Form.FACTOR for each in found
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        raise UsageError(f"{url!r} is not an address", "write https://example.org/a") from None


def _address(url: str) -> str:
    """What two spellings of one address share."""
    return url.partition("#")[0].rpartition("://")[2].removeprefix("www.").rstrip("/")


def _as_id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "page"


def _dimensions_of(series: Series) -> Definition:
    """What a known series is; without an ``id``, which marks a new one."""
    return {kind: getattr(series, kind) for kind in DIMENSIONS}


def _unused(base: str, taken: Collection[str]) -> str:
    """*base*, with a number behind it where it is taken."""
    names = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


# --- fact files ---------------------------------------------------------------------------------


def as_yaml(drafts: Drafts, origin: str) -> str:
    """The fact file; *origin* names the table it comes from."""
    lines = [
        f"# Facts read from {one_line(origin)}. Read each against its source, then:",
        "# evcli facts lint FILE --strict",
    ]
    if drafts.problems:
        lines += ["#", "# Not understood, and not in here:"]
        for each in drafts.problems:
            told = each._replace(file=f"line {each.line}", line=0) if each.line else each
            lines.append(f"#   {one_line(str(told))}")
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
    """Leave out what the strict loader refuses beside *packs*, each with its row and the reason.

    What rests on a source, a series or a word that is refused goes with it.
    """
    from evcli.loader.files import display
    from evcli.loader.packs import load

    file = Path("import.yaml")
    lines: list[tuple[str, Item]] = []
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


def one_line(text: str) -> str:
    """*text* without line ends and other signs that cannot be printed."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
