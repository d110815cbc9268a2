"""Look-ups in a compiled store; each costs what it finds, not what the store holds.

>>> from evcli.model.records import Record, Series
>>> from evcli.store.build import build
>>> one = Series("cn.exports.nev", "NEVs", "CN", "exports", "nev", "world", "vehicles", "caam", "")
>>> connection = sqlite3.connect(":memory:")
>>> build(Record(series={one.id: one}), connection)
>>> with Store(connection) as store:
...     [series.id for series in store.match_series("cn.*.nev")]
...     store.resolve("destination", "WORLD")
['cn.exports.nev']
'world'
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from operator import attrgetter
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from evcli.errors import UnknownName, UsageError
from evcli.grouping import grouped, none_collected
from evcli.store.kept import Kept
from evcli.tuples import NamedTuple

if TYPE_CHECKING:  # completion, and whoever misspells a name, wait for no declaration of records
    from evcli.model.period import Period
    from evcli.model.records import Fact, Rank, Series, Source, Status
    from evcli.model.vocabulary import Vocabulary
    from evcli.store.names import Hit
    from evcli.store.opening import PackChoice
    from evcli.store.tables import Row


class UnreadFact(NamedTuple):
    """The fields of a fact by which others are chosen, and what reads the whole of it."""

    series: str
    period: Period
    source: str
    origin: str
    rank: Rank
    status: Status
    read: Callable[[], Fact]


_KEYS = "SELECT series, period, source, origin, rank, status, seq FROM fact"


T = TypeVar("T")
# what reading rows raises that are not as they were written
_BAD = (sqlite3.DatabaseError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_LISTED = "IN (SELECT value FROM json_each(?))"  # some builds of SQLite take 999 parameters
_LONGEST_PATTERN = 500
_FEW = 20  # that are read one by one
# how JSON writes these signs (its module would cost a look-up 3 ms)
_QUOTED = {sign: f"\\u{sign:04x}" for sign in (*range(32), ord('"'), ord("\\"))}


class Store(AbstractContextManager["Store"]):
    """A compiled store, asked by one thread at a time. ``kept`` has what was solved of it before,
    ``choice`` says of which packs it is, where anybody chose.

    Should it prove damaged, the next of *others* answers. Closed, it raises UsageError.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        others: Iterator[sqlite3.Connection] | None = None,
        kept: Kept | None = None,
        choice: PackChoice | None = None,
    ) -> None:
        self.choice = choice
        self.kept = kept or Kept(None)
        self._connection: sqlite3.Connection | None = connection
        self._others = others or iter(())
        self._lock = RLock()

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; whoever asks afterwards gets UsageError."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self.kept.close()

    @contextmanager
    def asked(self) -> Iterator[sqlite3.Connection]:
        """The connection for a while, in which no other thread has it."""
        with self._lock:
            if self._connection is None:
                raise UsageError("the dataset is closed", "open it again")
            yield self._connection

    # -- what the store says of itself

    @property
    def digest(self) -> str:
        """A fingerprint of the content, whatever the order and place of its files."""
        from hashlib import sha256

        from evcli.store.tables import TABLES

        digest = sha256()
        for table in TABLES.values():
            digest.update(f"[{table.name}]\n".encode())
            digest.update(b"".join(sorted(self._rows(table.select, read=table.content))))
        return digest.hexdigest()

    @property
    def newest_source(self) -> str:
        """The date (or month or year) of the newest source, empty if none is dated."""
        from evcli.store.tables import period_of

        # sorted by first day, then last: "2026" may be any day of it
        newest = "SELECT max(published) FROM source WHERE published != 'undated'"
        return str(self._rows(newest, read=lambda row: period_of(row[0]))[0] or "")

    @property
    def newest_figure(self) -> str:
        """The window that ends last of all with something observed, empty if none is dated."""
        from evcli.store.tables import period_of

        newest = "SELECT period FROM fact WHERE status != 'forecast' AND rank != 'deprecated'"
        newest += " AND period != 'undated' ORDER BY substr(period, -10) DESC, period DESC LIMIT 1"
        return "".join(self._rows(newest, read=lambda row: str(period_of(row[0]))))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words of the packs."""
        from evcli.model.vocabulary import Vocabulary

        words: dict[str, Any] = {name: self._where(name) for name in Vocabulary._fields}
        partitions, usual = (tuple(words.pop(each)) for each in ("partitions", "restatements"))
        by_id = {name: {word.id: word for word in all_} for name, all_ in words.items()}
        return Vocabulary(**by_id, partitions=partitions, restatements=usual)

    # -- series

    def series(self, ids: Sequence[str]) -> list[Series]:
        """The series of these ids, in this order; unknown ids are left out."""
        found = {one.id: one for one in self._where("series", {"id": ids})}
        return [found[id] for id in dict.fromkeys(ids) if id in found]

    def all_series_ids(self) -> list[str]:
        """Every series' id, sorted."""
        return [row[0] for row in self._rows("SELECT id FROM series ORDER BY id")]

    def match_series(self, pattern: str) -> list[Series]:
        """The series with this id, or whose ids match a glob of ``*``, ``?``, ``[...]``, by id."""
        if len(pattern) > _LONGEST_PATTERN:
            return []
        operator = "GLOB" if any(sign in pattern for sign in "*?[") else "="
        matching = f"SELECT id FROM series WHERE id {operator} ? ORDER BY id"
        rows = self._rows(matching, [_stored(pattern)])
        return self.series([row[0] for row in rows]) if rows else []

    def select_series(self, **wanted: Collection[str]) -> list[Series]:
        """The series whose every field in *wanted* has one of the values given, by id."""
        return sorted(self._where("series", wanted), key=lambda one: one.id)

    # -- facts

    def facts(self, series: Collection[str]) -> list[Fact]:
        """The facts of these series in file order."""
        return self._where("facts", {"series": series})

    def unread_facts(self, series: Collection[str]) -> list[UnreadFact]:
        """The same facts, each read when first wanted: a few of a period alone, then all of it."""
        from evcli.model.records import Rank, Status
        from evcli.store.tables import TABLES, period_of

        table = TABLES["facts"]
        ranks, statuses = ({each.value: each for each in kind} for kind in (Rank, Status))
        of_period: defaultdict[str, list[int]] = defaultdict(list)
        alone: Counter[str] = Counter()
        read: dict[int, Fact] = {}

        def whole(period: str, seq: int) -> Fact:
            if seq not in read:
                alone[period] += 1
                wanted = [seq] if alone[period] < _FEW else of_period[period]
                statement = f"{table.select} WHERE seq {_LISTED}"
                found = self._rows(statement, [str(wanted)], lambda r: (r[-1], table.decode(r)))
                read.update(found)
            return read[seq]

        def unread(row: Row) -> UnreadFact:
            of, period, source, origin, rank, status, seq = row
            "".join((of, source, origin))  # TypeError, as where rows are decoded
            of_period[period].append(seq)
            kinds, read_it = (ranks[rank], statuses[status]), partial(whole, period, seq)
            return UnreadFact._make((of, period_of(period), source, origin, *kinds, read_it))

        return self._where("facts", {"series": series}, unread, _KEYS)

    def solved(self, series: str) -> dict[str, str]:
        """What the engine answered of a series when the store was built, by period."""
        return dict(self._rows("SELECT period, answer FROM solved WHERE series = ?", (series,)))

    def fingerprint(self, series: Collection[str]) -> str:
        """Of all that is stated of *series* and of all words, in whatever file."""
        digests = self._digests
        # each is of another series, so that they may be added up; hashing them would cost 3 ms
        return f"{sum(int(digests.get(each, '0'), 16) for each in {'', *series}):x}"

    @cached_property
    def _digests(self) -> dict[str, str]:
        return dict(self._rows("SELECT id, digest FROM content"))

    # -- sources

    def sources(self, ids: Collection[str] | None = None) -> list[Source]:
        """The sources of these ids (None: all) in file order."""
        return self._where("sources", {"id": ids})

    def source_counts(self) -> dict[str, int]:
        """How many facts, events, measures, claims and facts on plants each source states."""
        return dict(self._rows("SELECT source, count FROM source_count ORDER BY source"))

    # -- all other records

    def every(self, record: type[T], /, **wanted: Collection[str] | None) -> list[T]:
        """Records of a type, in file order, whose fields have a value *wanted* (None: any)."""
        from evcli.store.tables import TABLES

        name = next(name for name, table in TABLES.items() if table.model is record)
        found = self._where(name, wanted)
        if name != "plants":
            return found
        of_these = {"plant": [plant.id for plant in found]}  # the facts have a table of their own
        facts = grouped(self._where("plant_facts", of_these), attrgetter("plant"))
        return [plant._replace(facts=tuple(facts.get(plant.id, ()))) for plant in found]

    def one(self, record: type[T], id: str) -> T | None:
        """The *record* of that type with this id."""
        return next(iter(self.every(record, id=[id])), None)

    # -- names

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        """Whatever has all of *words* (else any of them) in its names or notes, best first."""
        from evcli.store.names import FIND, Hit, questions

        for question in questions(words):
            if found := self._rows(FIND, (question, min(max(limit, 0), 2**31)), Hit._make):
                return found
        return []

    def names(self, kind: str) -> list[tuple[str, str]]:
        """Ids with their labels, for completion: subjects, series, ... by id, ``period`` too."""
        return self._rows("SELECT id, text FROM label WHERE kind = ? ORDER BY rowid", (kind,))

    def offers(
        self, kinds: Sequence[str], start: str, metrics: Collection[str] = ()
    ) -> list[tuple[str, str]]:
        """Ids and names of these kinds that begin with *start*, with their labels, for completion.

        Aliases only where neither begins so; with *metrics*, only what their series have.
        """
        from evcli.store.names import fold

        if kinds[0] in ("year", "period"):
            return [each for each in self.names("period") if kinds[0] in (each[1], "period")]
        rows: list[tuple[str, str, str, int, str]] = self._rows(
            "SELECT label.kind, label.id, spelling.text, strength, label.text FROM spelling"
            " JOIN label ON label.kind = spelling.kind AND label.id = spelling.id"
            f" WHERE folded >= ? AND folded < ? AND label.kind IN (?{', ?' * (len(kinds) - 1)})"
            " ORDER BY label.kind = 'series', strength, label.id",
            [_stored(fold(start)), _stored(fold(start)) + "\U0010ffff", *kinds],
        )
        had = f"SELECT metric, scope, destination, publisher FROM series WHERE metric {_LISTED}"
        ids = {id for row in self._rows(had, [_listed(metrics)]) for id in row}
        begun = start.casefold().replace(" ", "-")
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for kind, id, text, strength, label in rows:
            offered = found.setdefault((kind, id), [])
            is_word = text.count(" ") < 3 and all(s.isalnum() or s in " .-" for s in text)
            begins = text.casefold().replace(" ", "-").startswith(begun)
            # without a start one name of each: of places, whose ids are codes, that in words
            wanted = strength < 2 or not offered if start else strength == (len(id) == 2)
            of_topic = not metrics or id in ids or kind in ("subject", "series", "source")
            if is_word and begins and wanted and of_topic:
                offered.append((text, label))
        return [pair for offered in found.values() for pair in offered]

    def periods_of(self, series: str) -> list[str]:
        """For which periods something is stated of a series, the newest first."""
        periods = {fact.period for fact in self.unread_facts([series])}
        return [str(each) for each in sorted(periods, key=lambda p: p.sort_key, reverse=True)]

    def resolve(self, kind: str, text: str) -> str | None:
        """The id that *text* means: an id, else a name, else an alias, without case.

        Raises UnknownName, listing the choices, where it is the name of several.
        """
        from evcli.store.names import fold

        rows = [row for row in self.spellings([fold(text)]) if row[1] == kind]
        best = {id for _, _, strength, id, _ in rows if strength == rows[0][2]}
        if len(best) > 1 and text not in best:
            hint = f"say {' or '.join(sorted(best))}"
            raise UnknownName(f"{text!r} is the name of more than one {kind}", hint)
        return text if text in best else next(iter(best), None)

    def spellings(self, folded: Collection[str]) -> list[tuple[str, str, int, str, str]]:
        """Everything that goes by one of these folded names: name, kind, strength, id and text."""
        found = f"SELECT folded, kind, strength, id, text FROM spelling WHERE folded {_LISTED}"
        return self._rows(f"{found} ORDER BY strength, rowid", [_listed(folded)])

    def known_names(self, *kinds: str) -> dict[str, tuple[str, str]]:
        """Every id, name and alias, with its kind (of subjects: maker ...) and id; places first."""
        rows = self._rows(
            "SELECT text, coalesce(subject.kind, spelling.kind), spelling.id FROM spelling"
            " LEFT JOIN subject ON spelling.kind = 'subject' AND subject.id = spelling.id"
            f" WHERE spelling.kind {_LISTED}"
            " ORDER BY spelling.kind != 'destination', strength, spelling.rowid",
            [_listed(kinds)],
        )
        found: dict[str, tuple[str, str]] = {}
        for text, kind, id in rows:
            found.setdefault(text, (kind, id))
        return found

    # -- how rows are read

    def _where(
        self,
        name: str,
        wanted: Mapping[str, Collection[str] | None] = MappingProxyType({}),
        read: Callable[[Any], Any] | None = None,
        select: str = "",
    ) -> list[Any]:
        """The rows, read, whose columns have a value *wanted*, in file order; ``seq`` is last."""
        from evcli.store.tables import TABLES  # which declares every kind of record

        table = TABLES[name]
        asked = {column: _listed(values) for column, values in wanted.items() if values is not None}
        where = " AND ".join(f'"{column}" {_LISTED}' for column in asked)
        statement = f"{select or table.select}{' WHERE ' * bool(asked)}{where} ORDER BY seq"
        with none_collected():
            return self._rows(statement, [*asked.values()], read or table.decode)

    def _rows(
        self,
        statement: str,
        parameters: Sequence[str | int] = (),
        read: Callable[[Any], Any] = lambda row: row,
    ) -> list[Any]:
        """The rows that *statement* finds, read; in the next store where this one is damaged."""
        while True:
            with self.asked() as connection:
                try:
                    return [*map(read, connection.execute(statement, parameters))]
                except _BAD:
                    another = next(self._others, None)
                    if another is None:
                        raise
                    connection.close()
                    self._connection = another


def _listed(texts: Iterable[str]) -> str:
    """Any number of texts as the one parameter that ``_LISTED`` takes."""
    quoted = ['"' + _stored(each).translate(_QUOTED) + '"' for each in texts]
    return f"[{','.join(quoted)}]"


def _stored(text: str) -> str:
    """*text* as it may stand in a store: a command line may hold what is no Unicode."""
    return text.encode("utf-8", "backslashreplace").decode()
