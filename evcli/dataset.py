"""The Python API: a set of packs, open and ready to be asked.

>>> import evcli
>>> with evcli.open() as data:
...     figure = data.get("cn.exports.nev.caam", period="2025-05")[0]
>>> int(figure.value), figure.unit, figure.bounds
(212000, 'vehicles', Bounds(211500, 212500))
>>> "seed-001" in figure.sources
True
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypedDict, TypeVar, Unpack

from evcli.core.comparability import check_accept
from evcli.errors import UnknownName, UsageError, check_one_of
from evcli.model.answer import Answer
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.records import Source
from evcli.model.vocabulary import Vocabulary
from evcli.query.catalogue import sources_out
from evcli.query.computed import growth_of, lag_months, parts_named, share_of, total_of
from evcli.query.figures import Figures
from evcli.query.operands import (
    NamedFigures,
    figures_wanted,
    operands_wanted,
    part_and_whole,
    series_wanted,
)
from evcli.query.rows import COMPUTED_COLUMNS, figure_rows
from evcli.query.selection import BY, Query, When, Where, base_named, date_named, one_series
from evcli.query.windows import selected_figures
from evcli.query.words import merged, read_words
from evcli.store import Store, open_store, pack_choice
from evcli.store.names import Hit

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | os.PathLike[str]
_ANYTHING = Query()
P = ParamSpec("P")
T = TypeVar("T")


def _asked(ask: Callable[Concatenate[Dataset, P], T]) -> Callable[Concatenate[Dataset, P], T]:
    """A method that takes its turn: what was read and solved before belongs to all threads."""

    @wraps(ask)
    def in_turn(self: Dataset, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self.store.asked():
            return ask(self, *args, **kwargs)

    return in_turn


class Times(TypedDict, total=False):
    """Which periods: every window inside a ``year``, exactly one ``period``, or a range of them."""

    year: int | str | None
    period: str | date | Period | None
    since: str | date | Period | None
    until: str | date | Period | None


class Dataset:
    """Figures of the packs it was opened with; made by :func:`evcli.open`, for any thread to ask.

    Every method raises :class:`evcli.errors.EvcliError`: ``UsageError`` for a period or
    field that is none, ``UnknownName`` (with the nearest names) for a series or subject that
    does not exist, ``NotComparable`` where the guard refuses a computation, and ``UsageError``
    once the dataset is closed.
    """

    def __init__(self, source: Figures) -> None:
        self._source = source

    def __enter__(self) -> Dataset:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; the dataset cannot be asked afterwards."""
        self.store.close()

    @property
    def store(self) -> Store:
        """The compiled store underneath."""
        return self._source.store

    @property
    @_asked
    def vocabulary(self) -> Vocabulary:
        """Subjects, metrics, scopes, destinations, units, methods, publishers by id."""
        return self._source.words

    @_asked
    def get(
        self,
        series: str | Sequence[str],
        *,
        by: str = "",
        source: str | Iterable[str] = (),
        plans: bool = False,
        **times: Unpack[Times],
    ) -> list[Figure]:
        """Figures of the series that an id, a glob or words name, oldest first.

        Words are read as by ``evcli get``: who, where, which part, what, who counted, when, in any
        order and in one text. There is one series for each counter, the usual one first.
        ``year=2025`` takes every window inside it, ``period="2025-05"`` exactly one, ``since`` and
        ``until`` a range; ``by`` breaks down, ``source`` keeps what rests on it, ``plans`` adds
        plans and targets.
        A figure has ``value`` (a Fraction, or None), ``bounds`` (``low`` and ``high``, None where
        open), ``unit``, ``yoy`` in percent, ``sources`` and its whole ``lineage``.

        >>> import evcli
        >>> [str(f.period) for f in evcli.open().get("cn.exports.all.caam", year=2020)]
        ['2020', '2020-12']
        >>> [figure] = evcli.open().get("nev exports mexico 2025")
        >>> figure.series.publisher, int(figure.value)
        ('gacc', 221027)
        """
        if by:
            check_one_of("way to break down", by, BY)
        where = Where.resolve(self.store, source=_names(source), plans=plans)
        when = When.parse(**{name: _text(value) for name, value in times.items()})
        wanted = self._read(series, "get", Query(where, when, by))
        return selected_figures(self._source, series_wanted(self._source, wanted), wanted)

    def _read(
        self, words: str | Iterable[str], command: str = "", options: Query = _ANYTHING
    ) -> Query:
        """The question that words or ids put, read as *command* reads it."""
        return merged(read_words(self.store, _names(words), command), options, command)

    @_asked
    def find(self, words: str, limit: int = 50) -> list[Hit]:
        """What titles, names, aliases, notes and methods hold *words*, best first.

        >>> import evcli
        >>> [hit.id for hit in evcli.open().find("奇瑞") if hit.kind == "subject"][0]
        'chery'
        """
        return self.store.search(_text(words), limit=limit)

    @_asked
    def growth(
        self,
        series: str,
        period: str = "",
        *,
        base: str = "",
        lag: str = "P1Y",
        accept: str | Collection[str] = (),
    ) -> Figure:
        """Growth in percent on the same window *lag* before, or on *base*.

        *series* is an id, or words, which may name the period, too: ``growth("byd 2025")``.
        *base* is a period (``2022``) or a figure (``cn.exports.nev.caam@2024``).

        >>> import evcli
        >>> grown = evcli.open().growth("cn.investment.ev-chain.to-cn.rhodium", "2024")
        >>> round(float(grown.value), 1), grown.unit, grown.basis
        (-63.4, 'percent', 'derived')
        """
        wanted = self._read(series, "growth", Query(when=When.parse(period=_text(period))))
        (id, *_) = _ids(operands_wanted(self._source, wanted))
        return growth_of(
            self._source,
            one_series(self.store, id),
            _period(wanted),
            base=base_named(self.store, _text(base)),
            lag=lag_months(_text(lag)),
            accept=check_accept(_names(accept)),
        )

    @_asked
    def share(
        self, part: str, whole: str = "", period: str = "", *, accept: str | Collection[str] = ()
    ) -> Figure:
        """*part* in percent of *whole*: two ids, or all in words, as in ``share("phev nev 2025")``.

        >>> import evcli
        >>> share = evcli.open().share("cn.exports.nev.caam", "cn.exports.all.caam", "2025-05")
        >>> round(float(share.value), 1)
        38.5
        >>> round(float(evcli.open().share("nev exports caam may 2025").value), 1)
        38.5
        """
        options = Query(when=When.parse(period=_text(period)))
        wanted = self._read([part, *filter(None, [whole])], "share", options)
        ids = _ids(operands_wanted(self._source, part_and_whole(wanted)))
        if len(ids) != 2:
            raise UsageError("a share is of two series", "name the part, then the whole")
        of, total = (one_series(self.store, each) for each in ids)
        return share_of(self._source, of, total, _period(wanted), check_accept(_names(accept)))

    @_asked
    def total(self, figures: Iterable[str], *, accept: str | Collection[str] = ()) -> Figure:
        """The sum of figures that do not overlap: each ``SERIES@PERIOD``, or all in words.

        >>> import evcli
        >>> data = evcli.open()
        >>> int(data.total(["cn.investment.ev-chain.to-abroad.rhodium@2024",
        ...                 "cn.investment.ev-chain.to-cn.rhodium@2024"]).value)
        31000000000
        >>> data.total("byd saic chery 2025").bounds
        Bounds(3460598, 3461608)
        """
        wanted = self._read(figures, "total")
        ids = _ids(operands_wanted(self._source, wanted)) if _names(figures) else ()
        parts = parts_named(self._source, ids, wanted)
        return total_of(self._source, parts, check_accept(_names(accept)))

    @_asked
    def explain(self, id: str) -> Answer:
        """The lineage of a figure, in words or by id, or of a fact, event, plant or source as rows.

        >>> import evcli
        >>> [row["kind"] for row in evcli.open().explain("cn.exports.nev.caam@2025-05").rows][:3]
        ['figure', 'definition', 'fact']
        """
        from evcli.query.explain import explain_answer

        wanted = self._read(id, "explain")
        return explain_answer(self._source, _ids(figures_wanted(self._source, wanted)))

    @_asked
    def check(
        self,
        series: str | Sequence[str] = (),
        *,
        tolerance: str | float = 1,
        acknowledged: bool = False,
    ) -> Answer:
        """What cannot hold together, was restated, or is not proved: one row per finding.

        *series* (ids and globs) takes only findings on these. ``fails`` is true in the rows of
        contradictions, and of revisions above the *tolerance* in percent of their window, that
        the packs do not acknowledge; *acknowledged* shows those that they do, too. An
        acknowledgement of what does not occur is a warning of the answer.

        >>> import evcli
        >>> answer = evcli.open().check("cn.investment.*", tolerance=0.5)
        >>> any(row["fails"] for row in answer.rows), answer.warnings
        (False, ())
        """
        from evcli.audit.audit import audit_record, check_answer, parse_tolerance, stale_message

        audit = audit_record(
            self._source, _names(series), tolerance=parse_tolerance(str(tolerance))
        )
        answer = check_answer(audit, acknowledged=acknowledged)
        return answer._replace(warnings=tuple(map(stale_message, audit.stale)))

    @_asked
    def sources(self, ids: str | Iterable[str] | None = None) -> list[Source]:
        """The sources named, or all; of those published by ``as_of`` where that was given."""
        names = None if ids is None else _names(ids)
        if names == []:
            return []
        return sources_out(self._source, names or ())

    @_asked
    def frame(
        self,
        series: str | Sequence[str],
        *,
        by: str = "",
        source: str | Iterable[str] = (),
        plans: bool = False,
        **times: Unpack[Times],
    ) -> pd.DataFrame:
        """The figures that :meth:`get` gives as a pandas frame, one row per figure.

        Columns are those of ``evcli get --format json`` and ``formula`` and ``inputs``.
        ``value``, ``low``, ``high`` and ``yoy`` are ``Float64``; an open end is ``<NA>``.

        >>> import evcli
        >>> frame = evcli.open().frame("cn.exports.nev.caam", period="2025-05")
        >>> [float(frame[name][0]) for name in ("value", "low", "high")]
        [212000.0, 211500.0, 212500.0]
        """
        from evcli.frame import frame_of

        figures = self.get(series, by=by, source=source, plans=plans, **times)
        return frame_of(COMPUTED_COLUMNS, figure_rows(figures, self.vocabulary))


def open_dataset(
    packs: Sequence[PathLike] | PathLike = (),
    *,
    builtin: bool = True,
    as_of: str | None = None,
    include_deprecated: bool = False,
    vintage: str = "",
) -> Dataset:
    """Open the built-in facts and any *packs* (directories of YAML fact files) on top.

    ``as_of`` is a date by which a source must have been out; ``vintage`` is ``first`` for figures
    as they were first printed, ``now`` for what stands now.

    Raises UsageError for a pack that does not exist, InvalidFacts (with every problem's file,
    line and column) for one that does not hold up.
    """
    paths = [packs] if isinstance(packs, (str, os.PathLike)) else packs
    try:
        choice = pack_choice([Path(each) for each in paths], not builtin, {})
    except TypeError:
        raise UsageError(f"{packs!r} names no packs", "give a path, or several") from None
    as_of = None if as_of is None else date_named(_text(as_of), "as_of")
    source = Figures(
        open_store(choice), as_of=as_of, include_deprecated=include_deprecated, vintage=vintage
    )
    return Dataset(source)


def _names(names: object) -> list[str]:
    each = names if isinstance(names, Iterable) and not isinstance(names, str) else [names]
    return [*map(str, each)]


def _text(value: object) -> str:
    """A period, date or number as it is written, nothing for None."""
    return "" if value is None else str(value)


def _period(wanted: Query) -> Period:
    """The one period that a question names."""
    period = wanted.when.year or wanted.when.period
    if period is None:
        raise UsageError("the question names no period", "say which, as in 2025 or may 2025")
    return period


def _ids(named: NamedFigures) -> Sequence[str]:
    """The ids of what is named; UnknownName where nothing is recorded of it."""
    if named.missing:
        raise UnknownName(named.missing)
    return named.ids
