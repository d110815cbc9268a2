"""The Python API: a set of packs, open and ready to be asked, as in ``evcli.open().ask("byd")``."""

import os
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import isfunction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from evcli.answers import AnswerTable
from evcli.core.comparability import check_accept
from evcli.errors import UnknownName, UsageError, check_one_of
from evcli.model.figure import Figure
from evcli.model.period import Period
from evcli.model.records import Source
from evcli.model.vocabulary import Vocabulary
from evcli.query import operands, questions
from evcli.query.catalogue import coverage_answer, sources_out
from evcli.query.computed import growth_of, lag_months, parts_named, share_of, total_of
from evcli.query.figures import Figures
from evcli.query.questions import Names, Narrowing, named, wanted
from evcli.query.rows import COMPUTED_COLUMNS
from evcli.query.selection import Query, When, base_named, date_named, one_series
from evcli.query.windows import get_answer, selected_figures
from evcli.store import Store, open_store, pack_choice
from evcli.store.names import Hit

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | os.PathLike[str]
C = TypeVar("C")


def _in_turn(dataset: type[C]) -> type[C]:
    """What was read and solved before belongs to all threads: each question takes its turn."""

    def asked(ask: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(ask)
        def in_turn(self: "Dataset", *args: Any, **kwargs: Any) -> Any:
            with self.store.asked():
                return ask(self, *args, **kwargs)

        return in_turn

    for name, each in [*vars(dataset).items()]:
        if isfunction(each) and not name.startswith("_") and name != "close":
            setattr(dataset, name, asked(each))
    return dataset


@_in_turn
class Dataset:
    """Figures of the packs it was opened with; made by :func:`evcli.open`, for any thread to ask.

    Every method raises :class:`evcli.errors.EvcliError`: ``UsageError`` for a period or
    field that is none, ``UnknownName`` (with the nearest names) for a series or subject that
    does not exist, ``NotComparable`` where the guard refuses a computation, and ``UsageError``
    once the dataset is closed.
    """

    def __init__(self, source: Figures) -> None:
        self._source = source

    def __enter__(self) -> "Dataset":
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
        with self.store.asked():
            return self._source.words

    def get(self, series: Names, **options: Unpack[Narrowing]) -> list[Figure]:
        """Figures of the series that an id, a glob or words name, oldest first.

        Words are read as by ``evcli get``: who, where, which part, what, who counted, when, in any
        order and in one text. There is one series for each counter, the usual one first.
        The options are those of the command: ``year=2025`` takes every window inside it,
        ``period="2025-05"`` exactly one, ``since`` and ``until`` a range; ``by`` breaks down,
        ``source`` keeps what rests on it, ``plans`` adds plans and targets.
        A figure has ``value`` (a Fraction, or None), ``bounds`` (``low`` and ``high``, None where
        open), ``unit``, ``yoy`` in percent, ``sources`` and its whole ``lineage``.

        >>> [str(f.period) for f in evcli.open().get("cn.exports.all.caam", year=2020)]
        ['2020', '2020-12']
        >>> [figure] = evcli.open().get("nev exports mexico 2025")
        >>> figure.series.publisher, int(figure.value)
        ('gacc', 221027)
        """
        source, question = self._source, wanted(self._source, series, "get", **options)
        return selected_figures(source, operands.series_wanted(source, question), question)

    def table(self, series: Names, **options: Unpack[Narrowing]) -> AnswerTable:
        """The figures that :meth:`get` gives as rows, with ``formula`` and ``inputs``.

        >>> evcli.open().table("nev exports caam may 2025").title
        'New-energy vehicles exported from China, counted by CAAM · May 2025'
        """
        question = wanted(self._source, series, "get", **options)
        answer = get_answer(self._source, operands.series_wanted(self._source, question), question)
        return AnswerTable(answer._replace(columns=COMPUTED_COLUMNS))

    def ask(self, words: Names, **options: Unpack[Narrowing]) -> AnswerTable:
        """What is known of a maker, a place or a count; of plants or measures where words say so.

        >>> evcli.open().ask("byd 2025").title
        'BYD · what is known · 2025'
        """
        return AnswerTable(questions.ask(self._source, _split(words), **options))

    def top(
        self,
        words: Names = (),
        *,
        growth: bool = False,
        limit: int | None = None,
        **options: Unpack[Narrowing],
    ) -> AnswerTable:
        """Makers or places from the largest down, with the positions that the bounds allow.

        >>> [row["what"] for row in evcli.open().top("2 destinations 2025").rows]
        ['Mexico', 'Russia']
        """
        from evcli.query.ranking import top_answer

        question = wanted(self._source, words, "top", **options)
        limit = question.limit if limit is None else limit
        answer = top_answer(self._source, question, by_growth=growth, limit=limit)
        return AnswerTable(answer if limit is None else answer._replace(rows=answer.rows[:limit]))

    def compare(
        self, words: Names, *, index: str = "", **options: Unpack[Narrowing]
    ) -> AnswerTable:
        """Figures side by side over time; *index* is the period that is 100.

        >>> [row["what"] for row in evcli.open().compare("byd chery", year=2025).rows]
        ['BYD', 'Chery']
        """
        from evcli.query.computed import compare_answer

        question = wanted(self._source, words, "compare", **options)
        base = When.parse(period=str(index)).period
        return AnswerTable(compare_answer(self._source, question, base=base))

    def coverage(self, words: Names = (), **options: Unpack[Narrowing]) -> AnswerTable:
        """Which months are stated, derived or missing, a row for each series and year."""
        question = wanted(self._source, words, "coverage", **options)
        return AnswerTable(coverage_answer(self._source, question, said=bool(words)))

    def policy(
        self,
        words: Names = (),
        *,
        on: str = "",
        history: bool = False,
        events: bool = False,
        kind: Names = (),
        **options: Unpack[Narrowing],
    ) -> AnswerTable:
        """Trade measures in force *on* a day, today unless one is named; or dated *events*.

        >>> [row["id"] for row in evcli.open().policy("eu byd", on="2025-06-30").rows]
        ['eu.cvd.definitive.byd']
        """
        said, kinds = _split(words), named(kind)
        answer, _, _ = questions.policy(
            self._source, said, on=on, history=history, events=events, kinds=kinds, **options
        )
        return AnswerTable(answer)

    def plants(
        self, words: Names = (), *, history: bool = False, **options: Unpack[Narrowing]
    ) -> AnswerTable:
        """Plants abroad, one row each; ``by="fact"`` has a row for each fact.

        >>> {row["country"] for row in evcli.open().plants("catl hungary").rows}
        {'HU'}
        """
        from evcli.query.plants import plants_answer

        question = wanted(self._source, words, "plants", **options)
        return AnswerTable(plants_answer(self._source, question, history=history))

    def cite(self, words: Names, *, style: str = "text", accept: Names = ()) -> str:
        """A sentence for each figure, and its references, in a style of ``evcli cite``.

        >>> evcli.open().cite("nev exports caam may 2025").partition(", came")[0]
        'New-energy vehicles exported from China, counted by CAAM'
        """
        from evcli.publish.references import STYLES
        from evcli.publish.sentences import cited

        check_one_of("style", style, STYLES)
        ids = _ids(operands.figures_wanted(self._source, wanted(self._source, words, "cite")))
        return "".join(STYLES[style](cited(self._source, ids, check_accept(named(accept)))))

    def find(self, words: str, limit: int = 50) -> list[Hit]:
        """What titles, names, aliases, notes and methods hold *words*, best first.

        >>> [hit.id for hit in evcli.open().find("奇瑞") if hit.kind == "subject"][0]
        'chery'
        """
        return self.store.search(str(words), limit=limit)

    def growth(
        self, series: str, period: str = "", *, base: str = "", lag: str = "P1Y", accept: Names = ()
    ) -> Figure:
        """Growth in percent on the same window *lag* before, or on *base*.

        *series* is an id, or words, which may name the period, too: ``growth("byd 2025")``.
        *base* is a period (``2022``) or a figure (``cn.exports.nev.caam@2024``).

        >>> grown = evcli.open().growth("cn.investment.ev-chain.to-cn.rhodium", "2024")
        >>> round(float(grown.value), 1), grown.unit, grown.basis
        (-63.4, 'percent', 'derived')
        """
        question = wanted(self._source, series, "growth", period=period)
        (id, *_) = _ids(operands.operands_wanted(self._source, question))
        return growth_of(
            self._source,
            one_series(self.store, id),
            _period(question),
            base=base_named(self.store, str(base)),
            lag=lag_months(str(lag)),
            accept=check_accept(named(accept)),
        )

    def share(self, part: str, whole: str = "", period: str = "", *, accept: Names = ()) -> Figure:
        """*part* in percent of *whole*: two ids, or all in words, as in ``share("phev nev 2025")``.

        >>> round(float(evcli.open().share("nev exports caam may 2025").value), 1)
        38.5
        """
        words = [part, *filter(None, [whole])]
        question = wanted(self._source, words, "share", period=period)
        ids = _ids(operands.operands_wanted(self._source, operands.part_and_whole(question)))
        if len(ids) != 2:
            raise UsageError("a share is of two series", "name the part, then the whole")
        of, total = (one_series(self.store, each) for each in ids)
        return share_of(self._source, of, total, _period(question), check_accept(named(accept)))

    def total(self, figures: Iterable[str], *, accept: Names = ()) -> Figure:
        """The sum of figures that do not overlap: each ``SERIES@PERIOD``, or all in words.

        >>> evcli.open().total("byd saic chery 2025").bounds
        Bounds(3460598, 3461608)
        """
        question = wanted(self._source, names := named(figures), "total")
        ids = _ids(operands.operands_wanted(self._source, question)) if names else ()
        parts = parts_named(self._source, ids, question)
        return total_of(self._source, parts, check_accept(named(accept)))

    def explain(self, id: str) -> AnswerTable:
        """The lineage of a figure, in words or by id, or of a fact, event, plant or source as rows.

        >>> [row["kind"] for row in evcli.open().explain("cn.exports.nev.caam@2025-05").rows][:3]
        ['figure', 'definition', 'fact']
        """
        from evcli.query.explain import explain_answer

        ids = _ids(operands.figures_wanted(self._source, wanted(self._source, id, "explain")))
        return AnswerTable(explain_answer(self._source, ids))

    def check(
        self, series: Names = (), *, tolerance: str | float = 1, acknowledged: bool = False
    ) -> AnswerTable:
        """What cannot hold together, was restated, or is not proved: one row per finding.

        *series* (ids and globs) takes only findings on these. ``fails`` is true in the rows of
        contradictions, and of revisions above the *tolerance* in percent of their window, that
        the packs do not acknowledge; *acknowledged* shows those that they do, too. An
        acknowledgement of what does not occur is a warning of the answer.

        >>> answer = evcli.open().check("cn.investment.*", tolerance=0.5)
        >>> any(row["fails"] for row in answer.rows), answer.warnings
        (False, ())
        """
        from evcli.audit.audit import audit_record, check_answer, parse_tolerance, stale_message

        audit = audit_record(self._source, named(series), tolerance=parse_tolerance(str(tolerance)))
        answer = check_answer(audit, acknowledged=acknowledged)
        return AnswerTable(answer._replace(warnings=tuple(map(stale_message, audit.stale))))

    def sources(self, ids: str | Iterable[str] | None = None) -> list[Source]:
        """The sources named, or all; of those published by ``as_of`` where that was given."""
        names = () if ids is None else named(ids)
        return [] if names == [] else sources_out(self._source, names)

    def frame(self, series: Names, **options: Unpack[Narrowing]) -> "pd.DataFrame":
        """The :meth:`table` of figures as a pandas frame, one row per figure.

        ``value``, ``low``, ``high`` and ``yoy`` are ``Float64``; an open end is ``<NA>``.

        >>> frame = evcli.open().frame("cn.exports.nev.caam", period="2025-05")
        >>> [float(frame[name][0]) for name in ("value", "low", "high")]
        [212000.0, 211500.0, 212500.0]
        """
        return self.table(series, **options).frame()


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
    as_of = None if as_of is None else date_named(str(as_of), "as_of")
    source = Figures(
        open_store(choice), as_of=as_of, include_deprecated=include_deprecated, vintage=vintage
    )
    return Dataset(source)


def _split(words: Names) -> list[str]:
    return [each for text in named(words) for each in text.split()]


def _period(question: Query) -> Period:
    """The one period that a question names."""
    period = question.when.year or question.when.period
    if period is None:
        raise UsageError("the question names no period", "say which, as in 2025 or may 2025")
    return period


def _ids(named: operands.NamedFigures) -> Sequence[str]:
    """The ids of what is named; UnknownName where nothing is recorded of it."""
    if named.missing:
        raise UnknownName(named.missing)
    return named.ids
