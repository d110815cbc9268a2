"""Tables become fact files: their rows as drafts of facts, and drafts as text, also to fill in."""

import csv
import io
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import chain, count
from operator import attrgetter
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
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
from evcli.model import WORLD, Pack
from evcli.model.codes import COUNTRIES
from evcli.model.period import parse_period
from evcli.model.records import Rank, Series, Status
from evcli.model.vocabulary import UNNAMED, VOCABULARY, MetricKind, Unit, UnitKind, Vocabulary
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
            problems.append(Problem(name, line, 1, what, "name it; quote commas"))
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

# what stands under a key of a fact file
YamlValue = str | Sequence["YamlValue"] | Mapping[str, "YamlValue"]
DraftEntry = Mapping[str, YamlValue]
Definition = Mapping[str, str]  # what a series is, by key


class NotUnderstood(EvcliError):
    """A row that gives no fact, and why."""


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
    reader = _TableReader(store, style)
    problems = [*table.problems]
    for row in table.rows:
        try:
            reader.add(row)
        except EvcliError as error:
            problems.append(Problem(table.name, row.line, 1, str(error), error.hint or ""))
    reader.found.problems += sorted(problems, key=attrgetter("line"))
    return reader.found


class _TableReader:
    """Keeps what rows share: the words of the packs, the sources and series met so far."""

    def __init__(self, store: Store, style: Style) -> None:
        self.found = Drafts()
        self._style = style
        self._store = store
        # ids of sources by themselves, by address, and by another name in this table
        self._ids = {each.url: each.id for each in store.sources() if each.url}
        self._ids |= {each.id: each.id for each in store.sources()}
        units = store.vocabulary.units
        self._lexicon = {word: unit.id for unit in units.values() for word in unit.words}
        self._new_series: dict[tuple[str, ...], str] = {}

    def add(self, row: InputRow) -> None:
        """Take one row in."""
        series, definition = self._series(row)
        unit = self._store.vocabulary.units[definition["unit"]]
        fact = self._fact(row, unit, self._store.vocabulary.metrics[definition["metric"]].kind)
        fact["source"], source = self._source(row)
        fact["note"] = row.get("note")  # long, so it comes last
        if not any(fact[key] for key in ("stated", *_CHANGES)):
            raise NotUnderstood("the row states neither a value nor a change")
        if source is not None:
            self.found.sources[fact["source"]] = source
        if definition.get("id"):
            self.found.series[series] = definition
        self.found.facts.setdefault(series, []).append(DraftFact(fact, row.line))

    def _fact(self, row: InputRow, unit: Unit, kind: MetricKind) -> dict[str, str]:
        when = row.get("period") or row.get("as_of")
        if not when:
            raise NotUnderstood("the row names no period; 'undated' is one")
        yoy, mom = (each and read_change(each, self._style) for each in map(row.get, _CHANGES))
        printed, value, word = (row.get(key) for key in ("stated", "value", "qualifier"))
        text = ""
        if value or not _is_growth(printed, yoy or mom):
            if power := row.get("unit_mult").removeprefix("0"):
                if not value or not re.fullmatch("-?[0-9]{1,2}", power):
                    why = f"the power of ten {power!r} goes with a plain value: 0 to 12"
                    raise NotUnderstood(why)
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
            raise NotUnderstood(f"the status {observed!r} is none of {codes}", "leave the row out")
        for key, valid in (("rank", Rank), ("status", Status)):
            word = row.get(key) or (_STATUS.get(observed, "") if key == "status" else "")
            if word and word not in tuple(valid):
                raise NotUnderstood(f"{key} {word!r} is none of {', '.join(valid)}")
            fact[key] = "" if word == "normal" else word
        if fact["rank"] == Rank.DEPRECATED and not row.get("reason"):
            raise NotUnderstood("a deprecated figure needs a reason")
        return fact | {key: row.get(key) for key in _KEPT}

    def _source(self, row: InputRow) -> tuple[str, DraftEntry | None]:
        """The source of a row, and what is known of it; None where a pack has it."""
        named, url = row.get("source"), row.get("url")
        source = self._ids.get(named) or self._ids.get(url, "")
        if source and source not in self.found.sources:
            return source, None
        outlet, published = row.get("outlet") or _host(url), row.get("published")
        if not named and not outlet:
            raise NotUnderstood("the row names no source: a column 'source' or 'url' is wanted")
        is_id = SOURCE_ID.fullmatch(named)
        if not source:
            base = "-".join(filter(None, (_as_id(outlet), published)))
            base = named if is_id else _as_id(named) if named else base
            source = _unused(base, self._ids.values())
        self._ids[named or url] = source
        self._ids.setdefault(url or source, source)
        title = named if named and not is_id else f"Page of {outlet or named}; title not recorded"
        entry: dict[str, YamlValue] = {"id": source, "title": row.get("source_title") or title}
        entry |= {"outlet": outlet or "not named", "published": published, "url": url}
        before = self.found.sources.get(source, {})
        return source, entry | {key: text for key, text in before.items() if text}

    def _series(self, row: InputRow) -> tuple[str, Definition]:
        """The series a row belongs to, and what defines it; with ``id`` where it is new."""
        named = row.get("series")
        known = self._store.series([named]) if named else []
        if known:
            return known[0].id, _dimensions_of(known[0])
        if not row.get("subject") and not row.get("metric"):
            near = did_you_mean(named, self._store.all_series_ids(), 1)
            new = "for a new one give subject, metric, unit and publisher"
            raise NotUnderstood(f"no series named {named!r}", f"{near} {new}".strip())
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
                raise NotUnderstood(f"the row names no {kind}")
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
            raise NotUnderstood(f"several series fit: {ids}; name one in a column 'series'")
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
        raise NotUnderstood(f"{url!r} is not an address", "write https://example.org/a") from None


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

_PLAIN_SCALAR = re.compile(
    r"[A-Za-z][A-Za-z0-9./-]*|[0-9]{4}(?:-[0-9QH]+)*(?:/[0-9]{4}(?:-[0-9QH]+)*)?"
)
# YAML would read these as something else than the word; the strict loader would not, editors do
_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
_EXAMPLES = {UnitKind.MONEY: "$16 billion", UnitKind.PERCENT: "28.2%", UnitKind.INDEX: "153"}
_AS_OF = "      - as_of: <2025-05>         # the date of the count: a day, month or year"
_PERIOD = "      - period: <2025-05>        # or 2025, 2025-H1, 2025-Q3, 2025-01/2025-05"
_OR_AS_OF = "        # as_of: <2025-05>       # instead of period, for a stock"
_COLUMN = 31  # where comments begin


def as_yaml(drafts: Drafts, origin: str) -> str:
    """The fact file; *origin* names the table it comes from."""
    lines = [
        f"# Facts read from {one_line(origin)}. Read each against its source, then:",
        "# evcli facts lint FILE --strict",
    ]
    if drafts.problems:
        lines += ["#", "# Not understood, and not in here:"]
        for each in drafts.problems:
            line = f"line {each.line}: " if each.line else ""
            hint = f" ({each.hint})" if each.hint else ""
            lines.append(f"#   {one_line(f'{line}{each.message}{hint}')}")
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
        yield from ((f"    - {_flow(each)}", (section, key)) for key, each in words.items())
    if drafts.sources:
        yield "sources:", ("", "")
    yield from ((f"  - {_flow(each)}", ("source", key)) for key, each in drafts.sources.items())
    if drafts.facts:
        yield "series:", ("", "")
    for series, facts in drafts.facts.items():
        definition = drafts.series.get(series, {"id": series})
        for at, (key, text) in enumerate(definition.items()):
            yield f"  {'  ' if at else '- '}{key}: {scalar(text)}", ("series", series)
        if facts:
            yield "    facts:", ("series", series)
        yield from ((f"      - {_flow(fact.entry)}", ("fact", fact)) for fact in facts)


def leave_out_invalid(drafts: Drafts, table: str, packs: Sequence[Pack]) -> None:
    """Leave out what the strict loader refuses beside *packs*, each with its row and the reason.

    What rests on a source, a series or a word that is refused goes with it.
    """
    from evcli.loader.files import display
    from evcli.loader.packs import load

    with TemporaryDirectory() as folder:
        file = Path(folder) / "import.yaml"
        lines: list[tuple[str, Item]] = []
        while drafts.facts:
            before, lines = lines, list(_written(drafts))
            file.write_text("\n".join(text for text, _ in lines), "utf-8")
            try:
                load([*packs, Pack(file)])
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
    drafts.problems.append(why._replace(file=table, line=min(lines, default=0), column=1))


def scalar(text: str) -> str:
    """*text* as a YAML scalar that reads back as the same string.

    >>> scalar("2025-05"), scalar("NO"), scalar('over 67,000')
    ('2025-05', '"NO"', '"over 67,000"')
    """
    if _PLAIN_SCALAR.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    quoted = re.sub(r'(["\\])', r"\\\1", text)
    safe = (sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
    return f'"{"".join(safe)}"'


def _flow(value: YamlValue) -> str:
    """What stands under a key, on one line; keys without anything under them are left out."""
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        pairs = (f"{key}: {_flow(under)}" for key, under in value.items() if under)
        return "{" + ", ".join(pairs) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]"


def one_line(text: str) -> str:
    """*text* without line ends and other signs that cannot be printed."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def template(
    name: str,
    source: str,
    words: Vocabulary,
    series: Series | None = None,
    *,
    source_known: bool = False,
) -> str:
    """YAML for the strict loader, once every ``<placeholder>`` is replaced.

    *name* is the id of a *series*, which is given where it is known, or the title of a new one;
    *source* may be empty.
    """
    metric = words.metrics.get(series.metric) if series else None
    unit = words.units.get(series.unit) if series else None
    facts_for = name
    if series:
        facts_for = f"{series.id}: {series.title}" + (f" ({unit.name})" if unit else "")
    is_id = SERIES_ID.fullmatch(name) is not None
    cited = scalar(source) if source else "<source-id>"
    example = _EXAMPLES.get(unit.kind, "212,000") if unit else "212,000"
    when = _PERIOD if metric else f"{_PERIOD}\n{_OR_AS_OF}"
    text = Path(__file__).with_name("fact_file.txt").read_text("utf-8")
    head, sources, definition, facts = text.split("\n\n")
    parts = [head, *([] if source_known else [sources]), definition]
    if series:
        parts[-1] = "series:\n  - id: $series"
    return Template("\n\n".join(parts) + f"\n{facts}").substitute(
        {section: _choices(section, getattr(words, section)) for section in VOCABULARY},
        facts_for=_comment(f"Facts for {facts_for}"),
        source=cited,
        series=series.id if series else name if is_id else "<subject.metric.scope.publisher>",
        title='"<what is counted, and by whom>"' if is_id else scalar(name),
        when=_AS_OF if series and words.is_stock(series.metric) else when,
        stated=f'        stated: "<{example}>"'.ljust(_COLUMN),
        cited=f"        source: {cited}".ljust(_COLUMN),
    )


def _choices(section: str, known: object) -> str:
    """The words of a section that a new series may use, as a comment before its key."""
    if not known or not isinstance(known, Mapping):
        return ""
    return _comment(f"{section.removesuffix('s')}: {', '.join(known)}", "    ") + "\n"


def _comment(text: str, indent: str = "") -> str:
    return textwrap.fill(
        " ".join(one_line(text).split()),
        78,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}#   ",
        break_on_hyphens=False,
        break_long_words=False,
    )
