"""What the rows of a table say by a mapping: for packs as they are, and for fact files to write.

What a text means is looked up once, however many rows have it; what is not understood is told once
with its first row and how many there are.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, count
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from evcli.errors import EvcliError, UsageError, did_you_mean
from evcli.loader.entry import fineness
from evcli.loader.mapping import TableMap, as_id
from evcli.model import WORLD
from evcli.model.codes import COUNTRIES
from evcli.model.period import Period, read_period
from evcli.model.quantity import Quantity
from evcli.model.vocabulary import UNNAMED, MetricKind, Unit, UnitKind
from evcli.schema.records import PATTERNS
from evcli.tables import Table
from evcli.text.cell import as_stated, plain_number, plain_quantity, read_change, stated
from evcli.text.lists import counted
from evcli.text.mentions import Form, find_mentions, style
from evcli.text.stated import parse_change, parse_stated
from evcli.tuples import NamedTuple

SOURCE_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
SERIES_ID = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
DIMENSIONS = ("subject", "metric", "scope", "destination", "unit", "publisher", "method")
_OF_SERIES = ("series", "title", "precision", "part", "whole", *DIMENSIONS)
_TERMS = ("licence", "attribution")
_OF_SOURCE = ("source", "url", "source_title", "outlet", "published", *_TERMS)
CHANGES = ("yoy", "mom")
_KEPT = ("at", "origin", "reason", "reading", "precision")
_PLACE = re.compile(r"\b(?:dest|region|to):\s*(\S+)")
_TIMES = re.compile(r"1(0+) (\S.*)")
_STATUS = {"A": "normal", "E": "estimated", "P": "provisional", "F": "forecast"}  # of SDMX

Texts = Mapping[str, str]


T = TypeVar("T")
K = tuple[str, ...]


class Said(NamedTuple):
    """What a row says: a fact under the keys of fact files, of a series and source."""

    line: int
    series: str
    source: str
    period: Period
    entry: dict[str, str]
    quantity: Quantity | None


class About(NamedTuple):
    """What the rows of a series are read by."""

    unit: Unit
    kind: MetricKind
    precision: Fraction | None = None
    publisher: str = ""

    def quantity(self, text: str, words: Texts, fine: Fraction | None = None) -> Quantity:
        """What *text* states, counted as finely as *fine* says or the series."""
        fine = self.precision if fine is None else fine
        is_plain = fine is None or self.unit.kind is UnitKind.COUNT
        if is_plain and (plain := plain_quantity(text, self.unit)) is not None:
            return plain
        signed = self.kind.is_signed
        return parse_stated(text, self.unit, precision=fine, words=words, signed=signed)


class Unclear(UsageError):
    """What a row does not say clearly, and in which column."""

    def __init__(self, message: str, hint: str = "", column: int = 0) -> None:
        super().__init__(message, hint)
        self.column = column


class Names:
    """What names mean: here the ids that they are, which the packs then have to know."""

    def __init__(self, vocabulary: Mapping[str, Any] = MappingProxyType({})) -> None:
        self._called = {
            (section, each["id"]): each.get("name", each["id"])
            for section, entries in vocabulary.items()
            for each in entries
            if isinstance(each, dict) and "id" in each
        }
        self.series: Collection[str] | None = None  # ids defined elsewhere; None: not known yet
        self.ids: dict[str, str] = {}  # of sources, by themselves, by address, and by other names
        self.sources: dict[str, dict[str, str]] = {}  # the new ones, by id

    def resolve(self, kind: str, text: str) -> str:
        """The id of what *text* names. UsageError where there is none."""
        if kind == "unit" or re.fullmatch(PATTERNS["id"], text, re.ASCII):
            return text
        raise UsageError(f"no {kind} named {text!r}", f"say which under words: {kind}: {{...}}")

    def times(self, text: str) -> tuple[int, str]:
        """The power of ten that stands before a unit, as in ``10000 vehicles``, and the unit."""
        times = _TIMES.fullmatch(text)
        return (len(times[1]), times[2]) if times else (0, text)

    def alike(self, _dimensions: Texts) -> list[str]:
        """The ids of series of these dimensions that are defined elsewhere."""
        return []

    def called(self, kind: str, id: str, text: str) -> str:
        """What people call something that the table calls *text*."""
        return self._called.get((f"{kind}s", id)) or COUNTRIES.get(id, text)

    def known_source(self, source: str) -> str:
        """The id of a source that an id or an address names, empty where none is known."""
        return self.ids.get(source) or self.ids.get(address(source), "")

    def source(self, cells: Texts, usual: str = "") -> str:
        """The id of the source that *cells* tell of, new if not known; *usual* without one."""
        named, url, title, outlet, published, *terms = (cells.get(e, "") for e in _OF_SOURCE)
        if " " in named and all(map(self.known_source, named.split())):
            named = named.split()[0]  # of several that state a figure
        known = self.known_source(named) or self.known_source(url)
        if known and known not in self.sources:
            return known
        outlet = outlet or _host(url)
        if not named and not outlet:
            if not usual:
                raise UsageError("the row names no source: a column 'source' or 'url' is wanted")
            return usual
        is_id = SOURCE_ID.fullmatch(named)
        if not known:
            base = named if is_id else as_id(named or f"{outlet} {published}")
            known = unused(base, self.ids.values())
        self.ids[named or address(url)] = known
        self.ids.setdefault(address(url) or known, known)
        if not title:
            title = named if named and not is_id else ""
            title = title or f"Page of {outlet or named}; title not recorded"
        entry = {"id": known, "title": title, "outlet": outlet or "not named"}
        entry |= {"published": published, "url": url, **dict(zip(_TERMS, terms, strict=True))}
        before = self.sources.get(known, {})
        self.sources[known] = entry | {key: text for key, text in before.items() if text}
        return known


class _Measure:
    """One figure of each row: where its keys stand, and what is the same in all rows."""

    def __init__(self, at: Mapping[str, int], constants: Texts) -> None:
        self.at, self.constants = at, constants
        self.value = at.get("value", at.get("stated", 0))
        self.when = at.get("period", at.get("as_of", -1))
        self.of_series = [place for key, place in at.items() if key in _OF_SERIES]
        self.of_source = [place for key, place in at.items() if key in _OF_SOURCE]
        usual = {*_OF_SERIES, *_OF_SOURCE, "period", "as_of"} - {"precision"}
        self.is_plain = {*at} - usual == {"value"} and constants.keys() <= {*usual, "precision"}
        self.series: dict[K, tuple[str, int] | EvcliError] = {}
        self.sources: dict[K, str | EvcliError] = {}

    def cells(self, row: Sequence[str], keys: Collection[str] = ()) -> dict[str, str]:
        """What a row says under *keys*."""
        found = {key: self.constants[key] for key in keys if key in self.constants}
        return found | {key: _clean(row[self.at[key]]) for key in keys if key in self.at}


class Rows:
    """Reads the rows of a table: its new series and sources, facts, and what is not understood."""

    def __init__(self, table: Table, how: TableMap, names: Names) -> None:
        self.series: dict[str, dict[str, str]] = {}  # the new ones, by id
        self.problems: dict[tuple[str, str], list[int]] = {}  # line, column and how many rows
        self.count = self.left_out = self.blank = self.unread = 0
        self._table, self._how, self._names = table, how, names
        self._style = style(how.language, how.decimal or table.says.get("decimal", ""))
        self._blank = {"", *how.blank, *table.says.get("blank", "").split("\n")}
        self._periods: dict[str, tuple[Period, str]] = {}
        self._taken = {*(names.series or ())}
        self._new: dict[tuple[str, ...], str] = {}
        self._joined: list[list[int]] = []
        self._measures = [*self._compiled()]
        self._left_out = {self._column(key): {*of} for key, of in how.left_out.items()}

    # -- columns

    def _column(self, name: str) -> int:
        """Where a column is; several, ``Brand + Model``, are one more behind the others."""
        try:
            return self._table.header.index(name)
        except ValueError:
            parts = name.split(" + ")
            if len(parts) > 1:
                self._joined.append([*map(self._column, parts)])
                return len(self._table.header) + len(self._joined) - 1
            near = did_you_mean(name, self._table.header, 1)
            columns = ", ".join(filter(None, self._table.header))
            hint = near or f"columns: {columns[:200]}"
            raise UsageError(f"{self._table.name!r} has no column {name!r}", hint) from None

    def _compiled(self) -> Iterator[_Measure]:
        how, header = self._how, self._table.header
        at = {key: self._column(name) for key, name in how.columns.items()}
        constants = {key: text for key, text in self._table.says.items() if key in _OF_SOURCE}
        constants |= how.constants
        measures = [*how.measures]
        if how.wide:
            named = [*how.columns.values(), *how.left_out, *(each["column"] for each in measures)]
            other = {*named, *(part for each in named for part in each.split(" + "))}
            names = [each for each in header if each and each not in other]
            if how.wide == "period":
                names = [each for each in names if self._is_period(each)]
            measures += [{"column": each, how.wide: each} for each in names]
        for each in measures or [{}]:
            said = {key: text for key, text in each.items() if key != "column"}
            value = {"value": self._column(each["column"])} if "column" in each else {}
            own = {key: place for key, place in at.items() if key not in said} | value
            yield _Measure(own, {k: t for k, t in (constants | said).items() if k not in own})

    def _is_period(self, text: str) -> bool:
        try:
            return bool(self._period(text))
        except EvcliError:
            return False

    # -- rows

    def define(self) -> None:
        """Learn all series and sources, before any fact is read."""
        for line, row, each in self._figures():
            try:
                self._series(each, row)
                self._source(each, row)
            except EvcliError as error:
                self.problem(line, error)

    def facts(self, about: Callable[[str], About], words: Texts) -> Iterator[Said]:
        """What the rows say; *about* is asked of each series, *words* are those for units."""
        for line, row, each in self._figures():
            try:
                series, power = self._series(each, row)
                known = about(series)
                if each.is_plain and each.when >= 0 and (value := row[each.value].strip()):
                    period, shown = self._period(row[each.when])
                    text = as_stated(value, known.unit, "", power)
                    quantity = known.quantity(text, words)
                    source = self._source(each, row)
                    entry = {"as_of" if known.kind.is_stock else "period": shown, "stated": text}
                    yield Said(line, series, source, period, entry | {"source": source}, quantity)
                else:
                    yield self._fact(line, row, each, known, words)
            except EvcliError as error:
                self.problem(line, error)

    def elsewhere(self) -> list[str]:
        """The ids of series that rows name and do not define."""
        known = (found for each in self._measures for found in each.series.values())
        ids = dict.fromkeys(each[0] for each in known if not isinstance(each, EvcliError))
        return [each for each in ids if each not in self.series]

    def notes(self) -> list[str]:
        """What a reader must know of how the table was read."""
        counts = {"row": self.left_out, "blank cell": self.blank}
        left = [f"{counted(each, what)} left out" for what, each in counts.items() if each]
        return [*self._table.notes, *left]

    def problem(self, line: int, error: EvcliError) -> None:
        """Count what is wrong with a row; it is told once."""
        known = self.problems.setdefault((str(error), error.hint or ""), [line, 0, 0])
        known[1] = known[1] or getattr(error, "column", 0)
        known[2] += 1

    def _figures(self) -> Iterator[tuple[int, Sequence[str], _Measure]]:
        """Every cell with a figure, with its row; nothing of rows that are left out."""
        self.count = self.left_out = self.blank = 0
        width, header = len(self._table.header), self._table.header
        unnamed = [at for at, name in enumerate(header) if not name]
        one = len(self._measures) == 1 and self._blank == {""}
        for line, row in self._table.rows():
            if len(row) != width or unnamed:
                if any(row[width:]) or any(row[at] for at in unnamed if at < len(row)):
                    what = "a cell that the header does not name"
                    self.problem(line, Unclear(what, "name it; quote commas"))
                    self.count += 1
                    continue
                row = [*row[:width], *[""] * (width - len(row))]
            if not any(map(str.strip, row)):
                continue
            self.count += 1
            if self._joined:
                row = [*row, *(" ".join(filter(None, (row[at] for at in e))) for e in self._joined)]
            if self._left_out and any(_clean(row[at]) in of for at, of in self._left_out.items()):
                self.left_out += 1
                continue
            for each in self._measures:
                if not one and row[each.value].strip() in self._blank:
                    self.blank += 1
                else:
                    yield line, row, each

    def _fact(
        self, line: int, row: Sequence[str], each: _Measure, about: About, words: Texts
    ) -> Said:
        series, power = self._series(each, row)
        cells = {key: self._word(key, _clean(row[at])) for key, at in each.at.items()}
        get = {**each.constants, **cells}.get
        unit = about.unit
        period, shown = self._period(get("period") or get("as_of") or "")
        entry = {"as_of" if about.kind.is_stock else "period": shown}
        if get("basis") == "derived":  # as evcli writes figures that no source states
            raise UsageError("the figure is derived: no source states it", "leave it out")
        growth = (get(key) if get(f"{key}_basis", "stated") == "stated" else "" for key in CHANGES)
        yoy, mom = (each and read_change(each, self._style) for each in growth)
        printed, value, word = (get(key) or "" for key in ("stated", "value", "qualifier"))
        quantity, text = None, ""
        if value or not _is_growth(printed, yoy or mom or ""):
            if times := (get("unit_mult") or "").removeprefix("0"):
                if not value or not re.fullmatch("-?[0-9]{1,2}", times):
                    raise UsageError(f"the power of ten {times!r} goes with a plain value: 0 to 12")
                power += int(times)
            if value and not printed:
                text = as_stated(value, unit, word, power)
            elif power:
                raise UsageError(f"{printed!r} is in powers of ten", "give it as a plain value")
            else:
                text, printed, is_read = stated(printed, value, word, unit, words, self._style)
                self.unread += not is_read
            if text:
                own = cells.get("precision", "")
                fine = fineness(own) if own else None
                quantity = about.quantity(text, words, fine)
        ends = [Fraction(plain_number(e)) if (e := get(key)) else None for key in ("low", "high")]
        if quantity and any(ends) and [*quantity.bounds] != ends and None not in ends:
            low, high = (as_stated(get(key) or "", unit) for key in ("low", "high"))
            text, printed = f"{low} to {high}", text
            quantity = about.quantity(text, words)
        said = {"stated": text, "printed": get("printed") or printed, "yoy": yoy, "mom": mom}
        if not any(said[key] for key in ("stated", *CHANGES)):
            raise UsageError("the row states neither a value nor a change")
        observed = get("obs_status")
        if observed and observed not in _STATUS:
            codes = ", ".join(_STATUS)
            raise UsageError(f"the status {observed!r} is none of {codes}", "leave the row out")
        said |= {key: get(key) or "" for key in ("rank", *_KEPT[:4])}
        said["status"] = get("status") or _STATUS.get(observed or "", "")
        said["precision"] = cells.get("precision", "")
        source = self._source(each, row)
        entry |= {key: text for key, text in said.items() if text and text != "normal"}
        entry["source"] = source
        if note := get("note"):  # long, so it comes last
            entry["note"] = note
        return Said(line, series, source, period, entry, quantity)

    def _word(self, key: str, text: str) -> str:
        known = self._how.words.get(key)
        return known.get(text, text) if known else text

    def _period(self, text: str) -> tuple[Period, str]:
        found = self._periods.get(text)
        if found is None:
            said = self._word("period", _clean(text))
            if not said:
                raise UsageError("the row names no period; 'undated' is one")
            period = read_period(said, self._how.window, self._how.fiscal)
            found = self._periods[text] = (period, str(period))
        return found

    # -- series

    def _series(self, each: _Measure, row: Sequence[str]) -> tuple[str, int]:
        """The id of the series of a row, and the power of ten that its unit says."""
        key = tuple([row[at] for at in each.of_series])
        return _kept(each.series, key, lambda: self._new_or_known(each, row))

    def _new_or_known(self, each: _Measure, row: Sequence[str]) -> tuple[str, int]:
        cells = each.cells(row, _OF_SERIES)
        named = cells.get("series", "")
        if named and (self._names.series is None or named in self._names.series):
            return named, 0
        if not cells.get("subject") and not cells.get("metric"):
            near = did_you_mean(named, self._taken, 1)
            new = "for a new one give subject, metric, unit and publisher"
            what = f"no series named {named!r}" if named else "the row names no series"
            raise UsageError(what, f"{near} {new}".strip())
        scope = cells.get("scope") or "all"
        place = _PLACE.search(scope)
        usual = {"destination": place[1] if place else WORLD, "publisher": UNNAMED}
        texts = {kind: cells.get(kind) or usual.get(kind, "") for kind in DIMENSIONS}
        texts["scope"] = _PLACE.sub("", scope).strip() or "all"
        power, ids = 0, {}
        for kind, text in texts.items():
            if not text and kind == "method":
                continue
            if not text:
                raise UsageError(f"the row names no {kind}")
            meant = self._word(kind, text)
            try:
                if kind == "unit":
                    power, meant = self._names.times(meant)
                ids[kind] = self._names.resolve(kind, meant)
            except EvcliError as error:
                raise Unclear(str(error), error.hint or "", each.at.get(kind, -1) + 1) from None
        alike = self._names.alike(ids)
        if len(alike) > 1:
            several = ", ".join(alike)
            raise UsageError(f"several series fit: {several}; name one in a column 'series'")
        return (alike[0] if alike else self._defined(named, ids, texts, cells)), power

    def _defined(self, named: str, ids: Texts, texts: Texts, cells: Texts) -> str:
        key = (*ids.values(), cells.get("precision", ""))
        if key in self._new:
            return self._new[key]
        is_world = ids["destination"] == WORLD
        where = "" if is_world else f".to-{ids['destination']}"
        parts = [ids[kind] for kind in ("subject", "metric", "scope")]
        usual = f"{'.'.join(parts)}{where}.{ids['publisher']}".casefold().replace("_", "-")
        is_free = SERIES_ID.fullmatch(named) and named not in self._taken
        name = named if is_free else unused(usual, self._taken)
        who, what, scope, place, by = (
            self._names.called(kind, ids[kind], texts[kind])
            for kind in ("subject", "metric", "scope", "destination", "publisher")
        )
        to = "" if is_world else f", {place}"
        part = "" if scope == "all" else f": {scope}"
        title = cells.get("title") or f"{what} of {who}{part}{to}, {by}"
        new = {"id": name, "title": title, "method": "not-stated", **ids}
        new |= {key: cells.get(key, "") for key in ("precision", "part", "whole")}
        if is_world:
            new["destination"] = ""
        new = {key: text for key, text in new.items() if text}
        self.series[name], self._new[key] = new, name
        self._taken.add(name)
        return name

    # -- sources

    def _source(self, each: _Measure, row: Sequence[str]) -> str:
        """The id of the source of a row, which becomes a new one where none is known by it."""
        key = tuple([row[at] for at in each.of_source])
        usual = self._how.source.get("id", "")
        return _kept(
            each.sources, key, lambda: self._names.source(each.cells(row, _OF_SOURCE), usual)
        )


def _kept(known: dict[K, T | EvcliError], key: K, read: Callable[[], T]) -> T:
    """What *read* gave, or the error that it raised, the first time."""
    found = known.get(key)
    if found is None:
        try:
            found = read()
        except EvcliError as error:
            found = error
        known[key] = found
    if isinstance(found, EvcliError):
        raise found
    return found


def _is_growth(printed: str, growth: str) -> bool:
    """Whether the words of a page say the *growth* of the row, and so no level of it."""
    if not printed or not growth:
        return bool(growth)
    size = abs(parse_change(growth).value or 0)
    return any(
        each.form is Form.FACTOR or (each.unit == "percent" and each.value == size)
        for each in find_mentions(printed)
    )


def _clean(cell: str) -> str:
    return cell if cell.isalnum() else " ".join(cell.split())


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        raise UsageError(f"{url!r} is not an address", "write https://example.org/a") from None


def address(url: str) -> str:
    """What two spellings of one address share."""
    return url.partition("#")[0].rpartition("://")[2].removeprefix("www.").rstrip("/")


def unused(base: str, taken: Collection[str]) -> str:
    """*base*, with a number behind it where it is taken."""
    names = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)
