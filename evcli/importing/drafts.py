"""Rows of a table as drafts of facts, each with its series and source, or why it is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from evcli.errors import EvcliError, Problem, nearest
from evcli.importing.table import Cells, Table
from evcli.importing.wording import NotUnderstood, change, stated
from evcli.model.period import PeriodError, parse_period
from evcli.model.records import Rank, Series, Status
from evcli.model.unit import Unit
from evcli.model.vocabulary import WORLD, MetricKind
from evcli.store.reader import Store

_PLACE = re.compile(r"\b(?:dest|region|to):\s*(\S+)")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_DIMENSIONS = ("subject", "metric", "scope", "destination", "unit", "publisher", "method")
_KEPT = ("at", "origin", "reason", "reading", "precision")
_DATED = (MetricKind.STOCK, MetricKind.CAPACITY)

Keys = Mapping[str, str]
# what stands under a key of a fact file
Said = str | Sequence["Said"] | Mapping[str, "Said"]
Entry = Mapping[str, Said]


@dataclass(slots=True)
class Drafts:
    """What a table gives: new sources and series, facts by series, and what it did not give."""

    sources: dict[str, Entry] = field(default_factory=dict)
    vocabulary: dict[str, dict[str, Entry]] = field(default_factory=dict)  # words by section
    series: dict[str, Keys] = field(default_factory=dict)  # those no pack defines, by id
    facts: dict[str, list[Entry]] = field(default_factory=dict)  # by id of the series
    problems: list[Problem] = field(default_factory=list)
    known: int = 0  # facts that the packs hold already
    unread: int = 0  # values taken from the plain number, for the page's words could not be read

    @property
    def count(self) -> int:
        """How many facts there are."""
        return sum(map(len, self.facts.values()))


def drafts(table: Table, store: Store) -> Drafts:
    """Read every row that can be read; nothing is guessed, what is not clear is a problem."""
    reader = _Reader(store)
    for row in table.rows:
        try:
            reader.add(row)
        except NotUnderstood as error:
            reader.found.problems.append(Problem(table.name, row.line, 1, str(error)))
        except EvcliError as error:
            reader.found.problems.append(
                Problem(table.name, row.line, 1, str(error), error.hint or "")
            )
    for line in table.ragged:
        problem = Problem(table.name, line, 1, "more cells than the header has", "quote commas")
        reader.found.problems.append(problem)
    reader.found.problems.sort(key=lambda each: each.line)
    return reader.found


class _Reader:
    """Keeps what rows share: the words of the packs, the sources and series met so far."""

    def __init__(self, store: Store) -> None:
        self.found = Drafts()
        self._store = store
        self._by_url = {each.url: each.id for each in store.sources() if each.url}
        self._source_ids = {each.id for each in store.sources()}
        self._titles = {each.id: each.title for each in store.sources()}
        units = store.vocabulary.units
        self._lexicon = {word: unit.id for unit in units.values() for word in unit.words}
        self._new_series: dict[tuple[str, ...], str] = {}

    def add(self, row: Cells) -> None:
        """Take one row in."""
        series, definition = self._series(row)
        unit = self._store.vocabulary.units[definition["unit"]]
        fact = self._fact(row, unit, self._store.vocabulary.metrics[definition["metric"]].kind)
        note = fact.pop("note")
        fact["source"], source = self._source(row)
        fact["note"] = note  # long, so it comes last
        if not fact.get("stated") and not fact.get("yoy") and not fact.get("mom"):
            raise NotUnderstood("the row states neither a value nor a change")
        if source is not None:
            self.found.sources[fact["source"]] = source
        if definition.get("id"):
            self.found.series[series] = definition
        self.found.facts.setdefault(series, []).append(fact)

    # -- the fact

    def _fact(self, row: Cells, unit: Unit, kind: MetricKind) -> dict[str, str]:
        when = row.get("period") or row.get("as_of")
        if not when:
            raise NotUnderstood("the row names no period; 'undated' is one")
        try:
            period = str(parse_period(when))
        except PeriodError as error:
            raise NotUnderstood(str(error)) from None
        yoy, mom = change(row.get("yoy")), change(row.get("mom"))
        if row.get("value") or not (yoy or mom):
            text, printed = stated(
                row.get("stated"), row.get("value"), row.get("qualifier"), unit, self._lexicon
            )
            self.found.unread += bool(printed)
        else:  # the page may show the change in words of its own
            text, printed = "", row.get("stated")
        fact = {
            "as_of" if kind in _DATED else "period": period,
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
        fact.update({key: row.get(key) for key in _KEPT})
        fact["note"] = row.get("note")
        return fact

    # -- its source

    def _source(self, row: Cells) -> tuple[str, Entry | None]:
        named, url = row.get("source"), row.get("url")
        known = named if named in self._source_ids else self._by_url.get(url, "")
        if known:
            return known, None
        outlet = row.get("outlet") or (urlsplit(url).hostname or "")
        if not named and not outlet:
            raise NotUnderstood("the row names no source: a column 'source' or 'url' is wanted")
        published = row.get("published")
        if published and not _DATE.fullmatch(published):
            raise NotUnderstood(f"{published!r} is no date of publication; write 2025-06-11")
        title = row.get("source_title") or f"Page of {outlet or named}; title not recorded"
        source = named or self._new_source_id(outlet, url, published)
        entry: dict[str, Said] = {
            "id": source,
            "title": title,
            "outlet": outlet or "not named",
            "published": published,
            "url": url,
        }
        if url:
            self._by_url.setdefault(url, source)
        before = self.found.sources.get(source)
        if named and before is not None:
            entry = {**before, **{key: text for key, text in entry.items() if not before.get(key)}}
        if not named:
            self._source_ids.add(source)
        return source, entry

    def _new_source_id(self, outlet: str, url: str, published: str) -> str:
        base = re.sub(r"[^a-z0-9]+", "-", (outlet or url).casefold()).strip("-") or "page"
        base = f"{base}-{published}" if published else base
        name, number = base, 2
        while name in self._source_ids:
            name, number = f"{base}-{number}", number + 1
        return name

    # -- its series

    def _series(self, row: Cells) -> tuple[str, Keys]:
        """The series a row belongs to, and what defines it; with ``id`` where it is new."""
        named = row.get("series")
        known = self._store.series([named]) if named else []
        if known:
            return known[0].id, _dimensions_of(known[0])
        if not row.get("subject") and not row.get("metric"):
            close = nearest(named, self._store.all_series_ids(), 1)
            raise NotUnderstood(
                f"no series named {named!r}"
                + (f"; did you mean {close[0]!r}?" if close else "")
                + "; for a new one give subject, metric, unit and publisher"
            )
        wanted = self._dimensions(row)
        return self._matching(named, wanted, row)

    def _dimensions(self, row: Cells) -> dict[str, str]:
        scope = row.get("scope") or "all"
        place = _PLACE.search(scope)
        texts = {each: row.get(each) for each in _DIMENSIONS}
        texts["destination"] = texts["destination"] or (place[1] if place else WORLD)
        texts["scope"] = (_PLACE.sub("", scope) if place else scope).strip() or "all"
        texts["publisher"] = texts["publisher"] or "unnamed"
        found = {}
        for kind, text in texts.items():
            if kind == "method" and not text:
                continue
            if not text:
                raise NotUnderstood(f"the row names no {kind}")
            found[kind] = self._resolved(kind, text)
        return found

    def _resolved(self, kind: str, text: str) -> str:
        for spelling in (text, text.replace("_", "-")):
            id_ = self._store.resolve(kind, spelling)
            if id_ is not None:
                return id_
        close = nearest(text, self._store.known_names(kind))
        raise NotUnderstood(
            f"no {kind} named {text!r}"
            + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")
        )

    def _matching(self, named: str, wanted: Mapping[str, str], row: Cells) -> tuple[str, Keys]:
        alike: list[Series] = [
            each
            for each in self._store.select_series(
                metrics=[wanted["metric"]],
                subjects=[wanted["subject"]],
                scopes=[wanted["scope"]],
                destinations=[wanted["destination"]],
                publishers=[wanted["publisher"]],
            )
            if all(getattr(each, kind) == id_ for kind, id_ in wanted.items())
        ]
        if len(alike) > 1:
            ids = ", ".join(each.id for each in alike)
            raise NotUnderstood(f"several series fit: {ids}; name one in a column 'series'")
        if alike:
            return alike[0].id, _dimensions_of(alike[0])
        key = tuple(wanted.values())
        id_ = self._new_series.setdefault(key, self._new_series_id(named, wanted))
        definition = {"id": id_, "title": row.get("title") or self._title(wanted), **wanted}
        definition.setdefault("method", "not-stated")
        if definition["destination"] == WORLD:
            del definition["destination"]
        return id_, MappingProxyType(definition)

    def _new_series_id(self, named: str, wanted: Mapping[str, str]) -> str:
        where = "" if wanted["destination"] == WORLD else f".to-{wanted['destination']}"
        made = (
            f"{wanted['subject']}.{wanted['metric']}.{wanted['scope']}{where}.{wanted['publisher']}"
        )
        taken = {*self._store.all_series_ids(), *self._new_series.values()}
        proper = re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", named) is not None
        base = named if proper and named not in taken else made.casefold()
        name, number = base, 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        return name

    def _title(self, wanted: Mapping[str, str]) -> str:
        words = self._store.vocabulary
        where = words.destinations[wanted["destination"]].name
        to = "" if wanted["destination"] == WORLD else f", {where}"
        what, who = words.metrics[wanted["metric"]].name, words.subjects[wanted["subject"]].name
        scope, counter = (
            words.scopes[wanted["scope"]].name,
            words.publishers[wanted["publisher"]].name,
        )
        return f"{what} of {who}: {scope}{to}, {counter}"


def _dimensions_of(series: Series) -> Keys:
    """What a known series is; without an ``id``, which marks a new one."""
    return {kind: getattr(series, kind) for kind in _DIMENSIONS}


def told(problems: Iterable[Problem]) -> list[str]:
    """Problems as lines for people and for comments in a file."""
    return [
        (f"line {each.line}: " if each.line else "")
        + each.message
        + (f" ({each.hint})" if each.hint else "")
        for each in problems
    ]
