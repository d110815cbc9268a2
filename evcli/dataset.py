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
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from evcli.core.comparability import Operand, check_accept
from evcli.errors import UsageError
from evcli.model.answer import Answer
from evcli.model.figure import Figure
from evcli.model.period import Period, PeriodError, parse_period_query
from evcli.model.records import Source
from evcli.model.vocabulary import Vocabulary
from evcli.query.catalogue import sources_out
from evcli.query.computed import growth_of, lag_months, share_of, total_of
from evcli.query.figures import Figures
from evcli.query.get import selected_figures
from evcli.query.rows import COMPUTED_COLUMNS, figure_rows
from evcli.query.selection import (
    BY,
    FigureName,
    Query,
    When,
    Where,
    base_named,
    check_by,
    date_named,
    one_series,
    series_named,
)
from evcli.store import Hit, Store, open_store, pack_choice

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | os.PathLike[str]


class Times(TypedDict, total=False):
    """Which periods: every window inside a ``year``, exactly one ``period``, or a range of them."""

    year: int | None
    period: str
    since: str
    until: str


class Dataset:
    """Figures of the packs it was opened with; made by :func:`evcli.open`.

    Every method raises :class:`evcli.errors.EvcliError`: ``UsageError`` for a period or
    field that is none, ``UnknownName`` (with the nearest names) for a series or subject that
    does not exist, ``NotComparable`` where the guard refuses a computation.
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
    def vocabulary(self) -> Vocabulary:
        """Subjects, metrics, scopes, destinations, units, methods, publishers by id."""
        return self._source.words

    def get(
        self,
        series: str | Sequence[str],
        *,
        by: str = "",
        source: str | Iterable[str] = (),
        plans: bool = False,
        **times: Unpack[Times],
    ) -> list[Figure]:
        """Figures of the series that an id or glob names, oldest first.

        ``year=2025`` takes every window inside it, ``period="2025-05"`` exactly one, ``since`` and
        ``until`` a range; ``by`` breaks down, ``source`` keeps what rests on it, ``plans`` adds
        plans and targets.
        A figure has ``value`` (a Fraction, or None), ``bounds`` (``low`` and ``high``, None where
        open), ``unit``, ``yoy`` in percent, ``sources`` and its whole ``lineage``.

        >>> import evcli
        >>> [str(f.period) for f in evcli.open().get("cn.exports.all.caam", year=2020)]
        ['2020', '2020-12']
        """
        check_by(by, BY)
        when = When.parse(**times)
        where = Where.resolve(self.store, source=_names(source), plans=plans)
        chosen = series_named(self.store, _names(series))
        return selected_figures(self._source, chosen, Query(where, when, by))

    def find(self, words: str, limit: int = 50) -> list[Hit]:
        """What titles, names, aliases, notes and methods hold *words*, best first.

        >>> import evcli
        >>> [hit.id for hit in evcli.open().find("奇瑞") if hit.kind == "subject"][0]
        'chery'
        """
        return self.store.search(words, limit=limit)

    def growth(
        self,
        series: str,
        period: str,
        *,
        base: str = "",
        lag: str = "P1Y",
        accept: str | Collection[str] = (),
    ) -> Figure:
        """Growth in percent on the same window *lag* before, or on *base*.

        *base* is a period (``2022``) or a figure (``cn.exports.nev.caam@2024``).

        >>> import evcli
        >>> grown = evcli.open().growth("cn.investment.ev-chain.to-cn.rhodium", "2024")
        >>> round(float(grown.value), 1), grown.unit, grown.basis
        (-63.4, 'percent', 'derived')
        """
        return growth_of(
            self._source,
            one_series(self.store, series),
            _period(period),
            base=base_named(self.store, base),
            lag=lag_months(lag),
            accept=check_accept(_names(accept)),
        )

    def share(
        self, part: str, whole: str, period: str, *, accept: str | Collection[str] = ()
    ) -> Figure:
        """*part* in percent of *whole*, both series ids.

        >>> import evcli
        >>> share = evcli.open().share("cn.exports.nev.caam", "cn.exports.all.caam", "2025-05")
        >>> round(float(share.value), 1)
        38.5
        """
        of, total = (one_series(self.store, each) for each in (part, whole))
        return share_of(self._source, of, total, _period(period), check_accept(_names(accept)))

    def total(self, figures: Iterable[str], *, accept: str | Collection[str] = ()) -> Figure:
        """The sum of figures written ``SERIES@PERIOD`` that do not overlap.

        >>> import evcli
        >>> data = evcli.open()
        >>> int(data.total(["cn.investment.ev-chain.to-abroad.rhodium@2024",
        ...                 "cn.investment.ev-chain.to-cn.rhodium@2024"]).value)
        31000000000
        """
        parts = []
        for text in _names(figures):
            named = FigureName.parse(text)
            if named.period is None:
                raise UsageError(f"{text!r} names no period", f"write {text}@2025")
            parts.append(Operand(one_series(self.store, named.series), named.period))
        if not parts:
            raise UsageError("nothing to add up", "name figures as SERIES@PERIOD")
        return total_of(self._source, parts, check_accept(_names(accept)))

    def explain(self, id: str) -> Answer:
        """The lineage of a figure, computed figure, fact, event, plant or source as rows.

        >>> import evcli
        >>> [row["kind"] for row in evcli.open().explain("cn.exports.nev.caam@2025-05").rows][:3]
        ['figure', 'definition', 'fact']
        """
        from evcli.query.explain import explain_answer

        return explain_answer(self._source, [id])

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
        from evcli.audit.acknowledged import stale_message
        from evcli.audit.audit import audit_record, check_answer, parse_tolerance

        audit = audit_record(
            self._source, _names(series), tolerance=parse_tolerance(str(tolerance))
        )
        answer = check_answer(audit, acknowledged=acknowledged)
        return answer._replace(warnings=tuple(map(stale_message, audit.stale)))

    def sources(self, ids: str | Iterable[str] | None = None) -> list[Source]:
        """The sources named, or all; of those published by ``as_of`` where that was given."""
        names = None if ids is None else _names(ids)
        if names == []:
            return []
        return sources_out(self._source, names or ())

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
) -> Dataset:
    """Open the built-in facts and any *packs* (directories of YAML fact files) on top.

    Raises UsageError for a pack that does not exist, InvalidFacts (with every problem's file,
    line and column) for one that does not hold up.
    """
    paths = [packs] if isinstance(packs, (str, os.PathLike)) else packs
    choice = pack_choice([Path(each) for each in paths], not builtin, {})
    out_by = None if as_of is None else date_named(as_of, "as_of")
    store = open_store(choice)
    return Dataset(Figures(store, as_of=out_by, include_deprecated=include_deprecated))


def _names(names: str | Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _period(text: str) -> Period:
    try:
        return parse_period_query(text)
    except PeriodError as error:
        raise UsageError(str(error)) from None
