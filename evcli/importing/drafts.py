"""Rows of a table as drafts of facts, and drafts as the text of a fact file.

>>> vehicles = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles", "units"))
>>> stated("2.49 million units, up 7.9 percent", "2490000", "", vehicles, {})
('2.49 million', '')
>>> stated("249 wan", "2490000", "", vehicles, {})
('2,490,000', '249 wan')
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, count
from operator import attrgetter
from urllib.parse import urlsplit

from evcli.errors import EvcliError, Problem, UnknownName, did_you_mean
from evcli.importing.input_table import InputRow, InputTable
from evcli.model import WORLD
from evcli.model.period import parse_period
from evcli.model.records import DATE, Rank, Series, Status
from evcli.model.unit import Unit, UnitKind
from evcli.model.vocabulary import UNNAMED, MetricKind
from evcli.store.reader import Store
from evcli.text.numbers import digits
from evcli.text.stated import StatedError, numbers_in, parse_change, parse_stated

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class NotUnderstood(EvcliError):
    """Cells that give no value, and why."""


def stated(
    printed: str, value: str, qualifier: str, unit: Unit, words: Mapping[str, str]
) -> tuple[str, str]:
    """(stated, printed): the words of the page where they can be read, else the plain number.

    The second is empty where the page writes no other notation than the first.

    *printed* is what the page shows, *value* the plain number, *qualifier* the word before it;
    either of the first two may be empty. Where they differ the number stands, and the page's words
    are kept beside it. NotUnderstood or StatedError if nothing fits.
    """
    if value and not _PLAIN_NUMBER.fullmatch(value):
        raise NotUnderstood(f"the value {value!r} is not a plain number; write 212000 or 28.2")
    number = Fraction(value) if value else None
    readings = [f"{qualifier} {text}".strip() for text in numbers_in(printed)]
    why = ""  # the page's own words cannot be read
    for text in [printed, *readings] if printed else ():
        try:
            found = parse_stated(text, unit, words=words)
        except StatedError as error:
            why = why or error.hint or str(error)
            continue
        if number is None or found.value == number:
            return text, "" if text in printed else printed
    if number is None:
        if not printed:
            return "", ""
        raise NotUnderstood(f"{printed!r} is not a value in {unit.name}: {why}")
    written = f"{int(number):,}" if number.denominator == 1 else digits(number)
    if unit.kind is UnitKind.PERCENT:
        written = f"{written.replace(',', '')}%"
    elif unit.kind is UnitKind.MONEY:
        written = f"{unit.id} {written}"
    plain = f"{qualifier} {written}".strip()
    parse_stated(plain, unit, words=words)
    return plain, printed


def change(text: str) -> str:
    """Growth as a fact file writes it: a bare number is percent. StatedError if it is none."""
    if _PLAIN_NUMBER.fullmatch(text):
        text = f"{text}%" if text.startswith("-") else f"+{text}%"
    if text:
        parse_change(text)
    return text


_PLACE = re.compile(r"\b(?:dest|region|to):\s*(\S+)")
SERIES_ID = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
DIMENSIONS = ("subject", "metric", "scope", "destination", "unit", "publisher", "method")
_KEPT = ("at", "origin", "reason", "reading", "precision")

# what stands under a key of a fact file
YamlValue = str | Sequence["YamlValue"] | Mapping[str, "YamlValue"]
DraftEntry = Mapping[str, YamlValue]
Definition = Mapping[str, str]  # what a series is, by key


@dataclass(slots=True)
class Drafts:
    """What a table gives: new sources and series, facts by series, and what it did not give."""

    sources: dict[str, DraftEntry] = field(default_factory=dict)
    vocabulary: dict[str, dict[str, DraftEntry]] = field(default_factory=dict)  # by section
    series: dict[str, Definition] = field(default_factory=dict)  # those no pack defines, by id
    facts: dict[str, list[DraftEntry]] = field(default_factory=dict)  # by id of the series
    problems: list[Problem] = field(default_factory=list)
    known: int = 0  # facts that the packs hold already
    unread: int = 0  # values taken from the plain number, for the page's words could not be read

    @property
    def count(self) -> int:
        """How many facts there are."""
        return sum(map(len, self.facts.values()))


def drafts(table: InputTable, store: Store) -> Drafts:
    """Read every row that can be read; nothing is guessed, what is not clear is a problem."""
    reader = _TableReader(store)
    problems = [
        Problem(table.name, line, 1, "more cells than the header has", "quote commas")
        for line in table.ragged
    ]
    for row in table.rows:
        try:
            reader.add(row)
        except EvcliError as error:
            problems.append(Problem(table.name, row.line, 1, str(error), error.hint or ""))
    reader.found.problems += sorted(problems, key=attrgetter("line"))
    return reader.found


class _TableReader:
    """Keeps what rows share: the words of the packs, the sources and series met so far."""

    def __init__(self, store: Store) -> None:
        self.found = Drafts()
        self._store = store
        self._by_url = {each.url: each.id for each in store.sources() if each.url}
        self._source_ids = {each.id for each in store.sources()}
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
        if not fact.get("stated") and not fact.get("yoy") and not fact.get("mom"):
            raise NotUnderstood("the row states neither a value nor a change")
        if source is not None:
            self.found.sources[fact["source"]] = source
        if definition.get("id"):
            self.found.series[series] = definition
        self.found.facts.setdefault(series, []).append(fact)

    def _fact(self, row: InputRow, unit: Unit, kind: MetricKind) -> dict[str, str]:
        when = row.get("period") or row.get("as_of")
        if not when:
            raise NotUnderstood("the row names no period; 'undated' is one")
        yoy, mom = change(row.get("yoy")), change(row.get("mom"))
        if row.get("value") or not (yoy or mom):
            text, printed = stated(
                row.get("stated"), row.get("value"), row.get("qualifier"), unit, self._lexicon
            )
            self.found.unread += bool(printed)
        else:  # the page may show the change in words of its own
            text, printed = "", row.get("stated")
        fact = {
            "as_of" if kind.is_stock else "period": str(parse_period(when)),
            "stated": text,
            "printed": row.get("printed") or printed,
            "yoy": yoy,
            "mom": mom,
        }
        for key, valid in (("rank", Rank), ("status", Status)):
            word = row.get(key)
            if word and word not in tuple(valid):
                raise NotUnderstood(f"{key} {word!r} is none of {', '.join(valid)}")
            fact[key] = "" if word == "normal" else word
        if fact["rank"] == Rank.DEPRECATED and not row.get("reason"):
            raise NotUnderstood("a deprecated figure needs a reason")
        return fact | {key: row.get(key) for key in _KEPT}

    def _source(self, row: InputRow) -> tuple[str, DraftEntry | None]:
        named, url = row.get("source"), row.get("url")
        known = named if named in self._source_ids else self._by_url.get(url, "")
        if known:
            return known, None
        outlet = row.get("outlet") or (urlsplit(url).hostname or "")
        if not named and not outlet:
            raise NotUnderstood("the row names no source: a column 'source' or 'url' is wanted")
        published = row.get("published")
        if published and not re.fullmatch(DATE, published, re.ASCII):
            raise NotUnderstood(f"{published!r} is not a date of publication; write 2025-06-11")
        title = row.get("source_title") or f"Page of {outlet or named}; title not recorded"
        base = re.sub(r"[^a-z0-9]+", "-", outlet.casefold()).strip("-") or "page"
        source = named or _unused(f"{base}-{published}" if published else base, self._source_ids)
        entry: dict[str, YamlValue] = {"id": source, "title": title}
        entry |= {"outlet": outlet or "not named", "published": published, "url": url}
        if url:
            self._by_url.setdefault(url, source)
        if not named:
            self._source_ids.add(source)
            return source, entry
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
        return self._matching(named, self._dimensions(row), row)

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
            texts[kind] = self._resolved(kind, text)
        return texts

    def _resolved(self, kind: str, text: str) -> str:
        for spelling in (text, text.replace("_", "-")):
            id_ = self._store.resolve(kind, spelling)
            if id_ is not None:
                return id_
        raise UnknownName.of(kind, text, self._store.known_names(kind))

    def _matching(
        self, named: str, dimensions: Definition, row: InputRow
    ) -> tuple[str, Definition]:
        series = self._store.select_series(subject=[dimensions["subject"]])
        alike = [each for each in series if dimensions.items() <= _dimensions_of(each).items()]
        if len(alike) > 1:
            ids = ", ".join(each.id for each in alike)
            raise NotUnderstood(f"several series fit: {ids}; name one in a column 'series'")
        if alike:
            return alike[0].id, _dimensions_of(alike[0])
        key = tuple(dimensions.values())
        id_ = self._new_series.setdefault(key, self._new_series_id(named, dimensions))
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
        place = words.destinations[dimensions["destination"]].name
        to = "" if dimensions["destination"] == WORLD else f", {place}"
        return f"{what} of {who}: {scope}{to}, {words.publishers[dimensions['publisher']].name}"


def _dimensions_of(series: Series) -> Definition:
    """What a known series is; without an ``id``, which marks a new one."""
    return {kind: getattr(series, kind) for kind in DIMENSIONS}


def _unused(base: str, taken: Collection[str]) -> str:
    """*base*, with a number behind it where it is taken."""
    names = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


_PLAIN_SCALAR = re.compile(
    r"[A-Za-z][A-Za-z0-9./-]*|[0-9]{4}(?:-[0-9QH]+)*(?:/[0-9]{4}(?:-[0-9QH]+)*)?"
)
# YAML would read these as something else than the word; the strict loader would not, editors do
_WORDS = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})


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
    vocabulary = {section: words for section, words in drafts.vocabulary.items() if words}
    lines += ["vocabulary:"] if vocabulary else []
    for section, words in vocabulary.items():
        lines += [f"  {section}:", *(f"    - {_flow(each)}" for each in words.values())]
    if drafts.sources:
        lines += ["sources:", *(f"  - {_flow(each)}" for each in drafts.sources.values())]
    if drafts.facts:
        lines.append("series:")
    for series, facts in drafts.facts.items():
        lines.append(f"  - id: {series}")
        definition = drafts.series.get(series, {})
        lines += [f"    {key}: {scalar(text)}" for key, text in definition.items() if key != "id"]
        if facts:
            lines += ["    facts:", *(f"      - {_flow(each)}" for each in facts)]
    return "\n".join([*lines, ""])


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
