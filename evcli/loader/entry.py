"""Typed access to the entries of fact files: each mistake is reported once, where it stands.

A value that is missing or wrong comes back empty (``""``, ``()``, None) after it was reported,
so that callers go on and find the next mistake without repeating this one. Periods and stated
values are read once each, however often they are written. Most fields mean no more than they say:
how they are written stands in the declaration of the record alone, and :meth:`Context.fields`
reads them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Set
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, TypeVar

from evcli.errors import UsageError, did_you_mean, nearest
from evcli.loader.files import Report
from evcli.loader.yaml_nodes import CALLED, Mapping, Node, Scalar, Sequence, content, is_empty
from evcli.model import WORLD
from evcli.model.codes import CURRENCIES
from evcli.model.period import Period, PeriodError, parse_period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Place, Rank, Series, Source
from evcli.model.vocabulary import Metric, Publisher, Unit, UnitKind
from evcli.schema.records import KINDS, PATTERNS, REFUSALS, Declared, is_enum, keys, written
from evcli.text.characters import odd_sign
from evcli.text.stated import StatedError, parse_change, parse_stated

_YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}
_LONGEST = 100  # what is longer is near nothing
T = TypeVar("T")
_LONGEST_VALUE = 200
_MOST_DRAWN = 8
_MOST_KEPT = 100_000  # values that were read
_EMPTY: dict[Any, Any] = {str: "", tuple[str, ...]: (), tuple[tuple[str, str], ...]: ()}


@dataclass(slots=True, eq=False)
class Entry:
    """A mapping in a fact file, with what it is called in messages.

    With ``definitions_only`` nothing but definitions is taken from the file.
    """

    node: Mapping
    file: str
    report: Report
    what: str
    definitions_only: bool = False
    _excused: frozenset[str] = frozenset()  # keys probably meant by misspelt ones

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.file, self.node.line, self.node.column)

    def problem(self, message: str, hint: str = "", at: Node | str = "") -> None:
        """Report a mistake at *at*, a node or a key, else at the entry's own place."""
        where = self.at(at) if isinstance(at, str) else at
        self.report.add(self.file, where.line, where.column, message, hint)

    def at(self, key: str) -> Node:
        """Where the value of *key* stands, else the entry."""
        return self.node.entries.get(key, self.node)

    def has(self, key: str) -> bool:
        """Whether the key is there, or was probably meant by a misspelt one."""
        return key in self.node.entries or key in self._excused

    def only(self, allowed: Set[str]) -> None:
        """Report keys that are not in *allowed*; call it before anything else."""
        if self.node.entries.keys() <= allowed:
            return
        free = sorted(allowed - self.node.entries.keys())
        for key, value in self.node.entries.items():
            if key in allowed:
                continue
            if self.report.is_full(self.file):
                break
            hint = f"keys of a {self.what}: {', '.join(sorted(allowed))}"
            for close in nearest(key, free, 1) if len(key) < _LONGEST else ():
                hint = f"did you mean {close!r}?"
                self._excused |= {close}
                if close == "id" and isinstance(value, Scalar):
                    self.report.maybe.add(value.text)
            if self.node.flow and isinstance(value, Scalar) and value.plain and not value.text:
                hint = "inside {} a comma starts a new key: quote the text before it"
            message = f"unknown key {key!r} in a {self.what}"
            self.report.add(self.file, *self.node.keys[key], message, hint)

    def lacks(self, key: str) -> None:
        """Report a missing key, unless a misspelt one is the reason."""
        if key not in self._excused:
            name = self.node.entries.get("id")
            called = f" {name.text!r}" if isinstance(name, Scalar) and name.text else ""
            self.problem(f"the {self.what}{called} lacks {key!r}")

    def scalar(self, key: str, pattern: str = "") -> Scalar | None:
        """The scalar under *key*, not empty and as *pattern* says; else None, after a report."""
        node = self.node.entries.get(key)
        found = self._scalar(node, key) if node is not None else None
        return found if not pattern or (found and self.fits(found.text, pattern, found)) else None

    def _scalar(self, node: Node, key: str) -> Scalar | None:
        if type(node) is Scalar:
            if node.text and not node.text.isspace():
                return node
            self.problem(f"{key!r} is empty", "give a value or leave the key out", node)
        else:
            self.problem(f"{key!r} is one text, not a {CALLED[type(node)]}", "", node)
        return None

    def fits(self, text: str, pattern: str, at: Node | str) -> bool:
        """Whether a text is written as a pattern of dates, ids ... says; if not, report it."""
        if re.fullmatch(pattern, text, re.ASCII):
            return True
        why, hint = REFUSALS[pattern]
        self.problem(f"{text[:_LONGEST_VALUE]!r} {why}", hint, at)
        return False

    def text(self, key: str, pattern: str = "") -> str:
        """The text under *key* without surrounding space, else ``""``."""
        found = self.scalar(key, pattern)
        return found.text.strip() if found else ""

    def required(self, key: str) -> str:
        """The same, reporting a missing key."""
        if key not in self.node.entries:
            self.lacks(key)
        return self.text(key)

    def scalars(self, key: str, *, some: bool = False) -> list[Scalar]:
        """One scalar or a list of them, each with its place; with *some* the list is not empty."""
        node = self.node.entries.get(key)
        if type(node) is Mapping:
            self.problem(f"{key!r} is a text or a list, not a mapping", "", node)
        elif type(node) is Sequence:
            if some and not node.items:
                self.problem(f"{key!r} is an empty list", "name one at least", node)
            return [item for each in node.items if (item := self._scalar(each, key))]
        elif found := self.scalar(key):
            return [found]
        return []

    def texts(self, key: str, *, some: bool = False) -> tuple[str, ...]:
        """The texts of one scalar or a list; with *some* the list is not empty."""
        return tuple([item.text.strip() for item in self.scalars(key, some=some)])

    def choice(self, key: str, options: Collection[str]) -> str:
        """One of *options*; ``""`` where the key is missing and after a problem."""
        found = self.scalar(key)
        if found is None or found.text in options:
            return found.text if found else ""
        near = did_you_mean(found.text, options, 1) if len(found.text) < _LONGEST else ""
        hint = f"{near} valid: {', '.join(options)}".lstrip()
        self.problem(f"unknown {key} {found.text!r}", hint, found)
        return ""

    def flag(self, key: str, default: bool) -> bool:
        """yes, no, true or false."""
        found = self.scalar(key)
        if found is not None and found.text not in _YES_NO:
            self.problem(f"{key!r} is {found.text!r}", "write yes or no", found)
        return _YES_NO.get(found.text, default) if found is not None else default

    def list(self, key: str, what: str) -> Iterator[Entry]:
        """The mappings in the list under *key*."""
        node = self.node.entries.get(key)
        if node is None:
            return
        if is_empty(node):
            self.problem(f"{key!r} is empty", f"write {key}: [] or leave it out", node)
        elif isinstance(node, Scalar | Mapping):
            self.problem(f"{key!r} is a list", "start each item with a dash", node)
        else:
            for item in node.items:
                if type(item) is Mapping:
                    yield Entry(item, self.file, self.report, what, self.definitions_only)
                else:
                    self.problem(f"a {what} is a mapping, not a {CALLED[type(item)]}", "", item)

    def records(self, key: str, kind: str) -> Iterator[Entry]:
        """The entries of a kind of records in the list under *key*, their keys checked."""
        known = keys(KINDS[kind].record).keys()
        for entry in self.list(key, KINDS[kind].singular):
            entry.only(known)
            yield entry

    def child(self, key: str, what: str) -> Entry | None:
        """The mapping under *key*."""
        node = self.node.entries.get(key)
        if isinstance(node, Mapping):
            return Entry(node, self.file, self.report, what, self.definitions_only)
        if node is not None:
            self.problem(f"{key!r} is {'empty' if is_empty(node) else 'a mapping'}", "", node)
        return None

    def where(self, key: str = "") -> str:
        """Where it, or the value of *key*, stands: ``FILE:LINE:COLUMN``."""
        node = self.at(key)
        return f"{self.file}:{node.line}:{node.column}"

    def content(self, without: str = "") -> dict[str, object]:
        """What it says, without places and without the key *without*."""
        return {key: content(node) for key, node in self.node.entries.items() if key != without}


def compare(plant: str, key: str, first: Entry, other: Entry) -> None:
    """Report where two entries say the same key of one plant in two ways, or one file twice."""
    where = first.where(key)
    said = [content(each.at(key)) for each in (first, other)]  # one name is a list of one
    said = [each if isinstance(each, list) else [each] for each in said]
    if first.file == other.file:
        other.problem(f"the plant {plant!r} has its {key!r} twice", f"first in {where}", key)
    elif said[0] != said[1]:
        message = f"the plant {plant!r} has another {key!r} in {where}"
        other.problem(message, "a pack may add what is missing, never redefine it", key)


def of_a_whole(share: Quantity, unit: Unit, entry: Entry) -> Quantity:
    """A share with bounds that end at the whole; one beyond it is reported."""
    whole = Fraction(unit.whole)
    low, high = share.bounds
    if max(share.value or 0, low or 0) > whole:
        hint = "check the page; what it misprints goes into left_out: of its source"
        entry.problem(f"{entry.text('stated')!r}: no part is more than its whole", hint, "stated")
    elif high is not None and high > whole:
        return share._replace(bounds=Bounds(low, whole))
    return share


def precision(entry: Entry, unit: Unit | None) -> Fraction | None:
    """How finely an entry says that it counts, 0 if to the last digit; no percentages carry one."""
    found = entry.scalar("precision", PATTERNS["precision"])
    if found is None:
        return None
    if unit is not None and unit.kind in (UnitKind.PERCENT, UnitKind.RATIO):
        message = f"a precision is for counts and amounts, but {unit.id!r} is a {unit.kind.value}"
        entry.problem(message, "leave it out", found)
        return None
    return fineness(found.text)


def fineness(text: str) -> Fraction:
    """How finely is counted, 0 if to the last digit. UsageError where *text* does not say it."""
    if not re.fullmatch(PATTERNS["precision"], text, re.ASCII):
        why, hint = REFUSALS[PATTERNS["precision"]]
        raise UsageError(f"{text!r} {why}", hint)
    return Fraction(0 if text == "exact" else int(text.replace(",", "")))


def _spans(entry: Entry, key: str) -> tuple[tuple[str, str], ...]:
    """One or more ``FROM/UNTIL`` of ISO days, each the right way round."""
    spans = []
    for found in entry.scalars(key):
        text = found.text.strip()
        if not entry.fits(text, PATTERNS["days"], found):
            continue
        first, _, second = text.partition("/")
        try:
            if date.fromisoformat(first) >= date.fromisoformat(second):
                entry.problem(f"{text!r} runs backwards", "write the earlier day first", found)
            else:
                spans.append((first, second))
        except ValueError as error:
            entry.problem(f"{text!r}: {error}", REFUSALS[PATTERNS["days"]][1], found)
    return tuple(spans)


class Context:
    """The fact files that are read together, and what is known of them so far.

    An id counts as known as soon as an entry bears it, however wrong the rest of that entry is,
    so that one mistake is not reported again by every reference to it. ``known`` holds all ids
    by kind, ``first`` the entry that defines one, ``sources`` those sources that have been read;
    ``tops`` is what stands at the top of each file. ``units`` holds the units by id, currencies
    from the start; ``words`` maps what texts write for a unit to its id. ``used`` holds what files
    name of which not only definitions are taken, by kind and id.
    """

    def __init__(self, tops: Collection[Entry], report: Report) -> None:
        self.report = report
        self.units = {code: Unit(code, code, UnitKind.MONEY) for code in sorted(CURRENCIES)}
        self.words: dict[str, str] = {}
        self._known: dict[tuple[str, Hashable], Any] = {}  # by text and how it is read
        self.known: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.first: dict[tuple[str, str], Entry] = {}
        self.sources: dict[str, Source] = {}
        self.used = {("destination", WORLD)}
        self.series: dict[str, Series] = {}
        self.precisions: dict[str, Fraction | None] = {}  # by series
        self.metrics: dict[str, Metric] = {}
        self.publishers: dict[str, Publisher] = {}
        self.tops = tops

    def entries(self, section: str, *, definitions: bool = False) -> Iterator[Entry]:
        """The entries of a section, their keys checked; *definitions*: of files that lend, too."""
        for top in self.tops:
            if definitions or not top.definitions_only:
                yield from top.records(section, section)

    def named(self, section: str) -> list[tuple[str, Entry, bool]]:
        """The same, each with its id (``""`` after a problem) and whether it is the first of it."""
        found, kind = [], KINDS[section].singular
        for entry in self.entries(section):
            name = self.id_of(entry)
            found.append((name, entry, not name or self.define(kind, name, entry, once=True)))
        return found

    def fields(self, entry: Entry, record: type[tuple[Any, ...]], *besides: str) -> dict[str, Any]:
        """What an entry says in the plain fields of *record* by attribute, without *besides*.

        What is missing or wrong is reported, and comes back as its default, else empty or None.
        A place in the source is needed where that is a document with paragraphs, a ``file``.
        """
        has = entry.node.entries
        found: dict[str, Any] = {}
        for attribute, key, needed, absent, read in _plain(record):
            if attribute in besides:
                continue
            if needed and key not in has:
                entry.lacks(key)
            found[attribute] = read(entry, self) if key in has else absent
        if found.get("rank") is Rank.DEPRECATED and not entry.has("reason"):
            message = f"a deprecated {entry.what} needs a reason"
            entry.problem(message, "add reason: what is wrong with it", "rank")
        source = self.sources.get(found.get("source", ""))
        if source is not None and source.file and not entry.has("at"):
            entry.lacks("at")
        if "place" in record.__annotations__:
            found["place"] = entry.place
        return found

    # -- ids

    def id_of(self, entry: Entry, pattern: str = "id") -> str:
        """The id of an entry, or ``""`` after reporting that it has none."""
        text = entry.required("id")
        if text and not entry.fits(text, PATTERNS[pattern], "id"):
            self.report.maybe.add(text)
            return ""
        return text

    def define(
        self, kind: str, name: str, entry: Entry, *, without: str = "", once: bool = False
    ) -> bool:
        """Whether *entry* is the first definition. Unless it is to be there *once*, the same words
        in another file are fine; other words, or the same file saying it again, are a problem.
        """
        first = self.first.setdefault((kind, name), entry)
        self.known[kind][name] = None
        where = first.where()
        if first is entry:
            return True
        if entry.definitions_only and not first.definitions_only:
            return False  # a word that is lent gives way
        if once:
            entry.problem(f"the {kind} id {name!r} is used twice", f"first in {where}", "id")
        elif first.file == entry.file and first.node is not entry.node:
            entry.problem(f"the {kind} {name!r} is defined twice", f"first in {where}", "id")
        elif first.content(without) != entry.content(without):
            message = f"the {kind} {name!r} is defined otherwise in {where}"
            entry.problem(message, "a pack may add words, never redefine them", "id")
        return False

    def check(self, kind: str, name: str, entry: Entry, at: Node | str, hint: str = "") -> bool:
        """Whether *name* is something known; if not, say what is nearest, else *hint*."""
        known = self.known[kind]
        if not entry.definitions_only:
            self.used.add((kind, name))
        if name not in known and not self.report.may_exist(name):
            near = self.report.near(name, known)
            entry.problem(f"no {kind} named {name!r}", near or hint, at)
        return name in known

    def refer(self, kind: str, entry: Entry, key: str) -> str:
        """The reference under *key*, ``""`` where it is missing or leads nowhere."""
        name = entry.text(key)
        return name if name and self.check(kind, name, entry, key) else ""

    def refer_all(
        self, kind: str, entry: Entry, key: str, *, some: bool = False
    ) -> tuple[str, ...]:
        """All references under *key* that lead somewhere; with *some* there is one at least."""
        named = [(each.text.strip(), each) for each in entry.scalars(key, some=some)]
        return tuple([name for name, at in named if self.check(kind, name, entry, at)])

    def no_circles(
        self, kind: str, links: AnyMapping[str, tuple[str, ...]], key: str, hint: str
    ) -> None:
        """Report every circle that the references of a kind under *key* run in."""
        for members in circles(links):
            shown = members if len(members) <= _MOST_DRAWN else [*members[:_MOST_DRAWN], "..."]
            drawn = " -> ".join([*shown, members[0]])
            self.first[kind, members[0]].problem(f"circular {key}: {drawn}", hint, key)

    # -- values, each mistake in which is reported

    def period(self, entry: Entry, key: str, pattern: str = "") -> Period | None:
        """The period under *key*, with *pattern* only one that is written like this."""
        return self._parsed(entry, entry.scalar(key, pattern), "period", parse_period)

    def stated(
        self,
        entry: Entry,
        key: str,
        unit: Unit | None,
        fine: Fraction | None = None,
        *,
        signed: bool = False,
    ) -> Quantity | None:
        """A stated value counted in *unit*, without one in the unit that is written with it."""
        parse = partial(parse_stated, unit=unit, precision=fine, words=self.words, signed=signed)
        return self._parsed(entry, entry.scalar(key), (unit, fine, signed), parse)

    def money(self, entry: Entry, key: str) -> Quantity | None:
        """An amount in the currency that is written with it."""
        quantity = self.stated(entry, key, None)
        unit = self.units.get(quantity.unit) if quantity is not None else None
        if quantity is None or (unit is not None and unit.kind is UnitKind.MONEY):
            return quantity
        message = f"{entry.text(key)!r}: {quantity.unit!r} is not a currency"
        entry.problem(message, "write EUR 4 billion", key)
        return None

    def rate(self, entry: Entry, key: str, percent: Unit) -> Quantity | None:
        """A percentage, a range of them, or a fee, as a law sets it: exact, not rounded."""
        written = entry.node.entries.get(key)
        in_percent = isinstance(written, Scalar) and "%" in written.text
        rate = self.stated(entry, key, percent) if in_percent else self.money(entry, key)
        if rate is None or rate.value is None or rate.qualifier:
            return rate
        return rate._replace(bounds=Bounds.exactly(rate.value))

    def change(
        self, entry: Entry, key: str, level: Quantity | None = None, unit: Unit | None = None
    ) -> Quantity | None:
        """A stated change, as growth in percent; in *unit*, with the *level* that it led to."""
        found = entry.scalar(key)
        parse = partial(parse_change, level=level, unit=unit, words=self.words)
        in_units = found is not None and found.text[-1:].isalpha()
        by = ("change", unit and unit.id, level) if in_units else "change"
        return self._parsed(entry, found, by, parse)

    def _parsed(
        self, entry: Entry, found: Scalar | None, by: Hashable, parse: Callable[[str], T]
    ) -> T | None:
        """What *parse* makes of the value *found*; the same *by* gives the same."""
        if found is None:
            return None
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        known: T | None = self._known.get((found.text, by))
        if known is None and len(found.text) > _LONGEST_VALUE:
            hint = f"at most {_LONGEST_VALUE} characters; use note: for prose"
            entry.problem(f"{found.text[:40]!r}... is too long to be a value", hint, found)
        elif known is None:
            try:
                known = self._known[found.text, by] = parse(found.text)
            except (PeriodError, StatedError) as error:
                sign, hint = odd_sign(found.text)
                message = f"{found.text!r}: there is {sign} in it" if sign else str(error)
                entry.problem(message, hint or error.hint or "", found)
            except ValueError as error:  # a number of thousands of digits
                entry.problem(f"{found.text!r}: {error}", "", found)
        return known


Read = Callable[[Entry, Context], Any]


@cache
def _plain(record: type[tuple[Any, ...]]) -> list[tuple[str, str, bool, Any, Read]]:
    """Of every plain field attribute, key, whether it is needed, its default and how it is read."""
    found = []
    for key, each in written(record).items():
        read = None if each.field.of or key == "id" else _reader(record, key, each)
        if read is not None:
            default = _EMPTY.get(each.type) if each.default is ... else each.default
            found.append((each.attribute, key, each.field.needed, default, read))
    return found


def _reader(record: type[tuple[Any, ...]], key: str, each: Declared) -> Read | None:
    """How a field is read, None if it is not plain."""
    kind, field = each.type, each.field
    if is_enum(kind):
        members = {member.value: member for member in kind}
        choices = field.choices or tuple(members)
        default = None if each.default is ... else each.default
        return lambda entry, context: members.get(entry.choice(key, choices), default)
    if field.refers_to and kind in _EMPTY:
        what = KINDS[field.refers_to].singular
        refer = Context.refer if kind is str else Context.refer_all
        return lambda entry, context: refer(context, what, entry, key)
    if field.choices and kind is str:
        return lambda entry, context: entry.choice(key, field.choices)
    if key == "at" and kind is str:
        return lambda entry, context: " ".join(entry.texts(key))
    some = key == "at" and "source" in record.__annotations__
    readers: dict[Any, Read] = {
        str: lambda entry, context: entry.text(key, field.pattern),
        tuple[str, ...]: lambda entry, context: entry.texts(key, some=some),
        tuple[tuple[str, str], ...]: lambda entry, context: _spans(entry, key),
        bool: lambda entry, context: entry.flag(key, each.default),
        Period: lambda entry, context: context.period(entry, key, field.pattern),
        Fraction: lambda entry, context: precision(entry, None),
    }
    return readers.get(kind)


def circles(links: AnyMapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """The circles in a graph that share no member, by those that each runs through in turn.

    >>> [*circles({"a": ("b",), "b": ("a",), "c": ("a",)})]
    [['a', 'b']]
    """
    while True:
        try:
            return TopologicalSorter(links).prepare()
        except CycleError as error:
            members = error.args[1][:0:-1]  # which come the other way round
        start = min(map([*links].index, members))
        start = members.index([*links][start])
        yield [*members[start:], *members[:start]]
        links = {name: to for name, to in links.items() if name not in members}
