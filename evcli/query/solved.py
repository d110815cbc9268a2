"""Answers of the inference engine that are kept, so that each is solved once.

The store of the built-in record has them for calendar windows; for all else the engine, imported
no sooner, is asked once and its answer kept for later runs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from evcli.core.resolve import NOTHING_LEADS_THERE, NOTHING_STATED, figure_id, missing, operand
from evcli.model.figure import BY_INFERENCE, Derived, Figure, Missing
from evcli.model.note import Note, NoteKind
from evcli.model.period import CALENDAR, Period, Window
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Series
from evcli.query.figures import Figures, is_loose, nothing_after
from evcli.store.tables import number_of, number_text, pack, period_of, period_text, unpack

if TYPE_CHECKING:
    from evcli.core.comparability import Operand
    from evcli.query.inferred import Inferrer

_CALENDAR = (*CALENDAR.values(), Window.YEAR_TO_DATE)


class Answers:
    """What is inferred from the facts of one store: as it was solved, else by the engine."""

    def __init__(self, source: Figures) -> None:
        self._source = source
        self._solved = cache(source.store.solved)
        self._family = cache(self._fingerprint)
        plain = not (source.as_of or source.include_deprecated or source.vintage or source.left_out)
        self._any = plain and bool(self._solved(""))  # the row that says so

    @cached_property
    def engine(self) -> Inferrer:
        """What solves; imported when first needed."""
        from evcli.query.inferred import Inferrer

        return Inferrer(self._source)

    def figure(self, series: Series, period: Period) -> Figure:
        """What follows for *series* in *period*; a missing figure says why nothing does."""
        if period.is_undated:
            return missing(series, period, NOTHING_STATED)
        found = _read(self._source, series, period, self._answer(series, period))
        late = found.missing and nothing_after([self._source.of(series)], period)
        return missing(series, period, Missing(f"{NOTHING_STATED.text}; {late}")) if late else found

    def follows(self, series: Series, period: Period) -> bool:
        """Whether :meth:`figure` has one, which is soon found out."""
        answer = self._answer(series, period)
        return bool(answer) and not unpack(answer)[-1]

    def _answer(self, series: Series, period: Period) -> str:
        """The answer as it is kept, empty where nothing leads there; solved where it is not."""
        of_calendar = period.year is not None and period.window in _CALENDAR
        if self._any and of_calendar and is_open(self._source, series, period):
            return self._solved(series.id).get(str(period), "")
        id_ = figure_id(series, period)
        return self._kept(series, id_, lambda: written_answer(self.engine, series, period))

    def tightened(self, figure: Figure, formula: str, operands: Sequence[Operand]) -> Figure:
        """A computed figure whose inputs were inferred, with the bounds of the whole system."""
        name = " ".join((formula, *(figure_id(*each) for each in operands)))

        def together() -> str:
            from evcli.inference.bounds import Inferred

            answer = self.engine.answer(operands, formula)
            if not isinstance(answer, Inferred):
                return ""  # all facts together say nothing of it
            level = _packed(Quantity(answer.value, answer.bounds, "", ""))
            return pack((level, answer.formula, pack(answer.in_formula)))

        written = self._kept(operands[0].series, name, together)
        if not written:
            return figure
        level, expression, statements = unpack(written)
        allowed = _quantity(level)
        bounds = allowed.bounds.intersect(figure.bounds) or allowed.bounds
        value = figure.value
        if value is not None and not bounds.contains(value):
            value = allowed.value
        inputs = figure.lineage.inputs if isinstance(figure.lineage, Derived) else ()
        lineage = Derived(formula, inputs, expression or formula, unpack(statements))
        return figure._replace(value=value, bounds=bounds, lineage=lineage)

    def _kept(self, series: Series, name: str, solve: Callable[[], str]) -> str:
        kept, family = self._source.store.kept, self._family(series)
        if name not in kept.of(family):
            kept.keep(family, name, solve())
        return kept.of(family)[name]

    def _fingerprint(self, series: Series) -> str:
        source = self._source
        left_out = f" {' '.join(source.left_out)}".rstrip()
        of = source.store.fingerprint(tied_to(source, series))
        return f"{of} {source.as_of} {source.include_deprecated} {source.vintage}{left_out}"


def is_open(source: Figures, series: Series, period: Period) -> bool:
    """Whether no source states the level closely: what the engine may be asked."""
    stated = source.of(series).stated(period)
    return not any(each.is_observed and not is_loose(each) for each in stated)


def written_answer(engine: Inferrer, series: Series, period: Period) -> str:
    """What the engine answers as one text, empty where nothing leads there."""
    figure = engine.figure(series, period)
    if figure.missing == NOTHING_LEADS_THERE:
        return ""
    lineage = figure.lineage if isinstance(figure.lineage, Derived) else Derived("", ())
    why = figure.missing
    windows = (e for f in lineage.inputs for e in (f.series.id, period_text(f.period) or ""))
    notes = () if why else figure.notes
    return pack(
        (
            _packed(Quantity(figure.value, figure.bounds, figure.qualifier, figure.unit)),
            _packed(figure.yoy) if figure.yoy else "",
            lineage.expression,
            pack(lineage.statements),
            pack(windows),
            pack(pack((each.kind, each.text, *each.refs)) for each in notes),
            pack((why.text, period_text(why.around) or "", *why.refs)) if why else "",
        )
    )


def _read(source: Figures, series: Series, period: Period, written: str) -> Figure:
    """What :func:`written_answer` was given."""
    if not written:
        return missing(series, period, NOTHING_LEADS_THERE)
    level, growth, expression, statements, windows, notes, why = unpack(written)
    if why:
        text, around, *refs = unpack(why)
        return missing(series, period, Missing(text, tuple(refs), period_of(around or None)))
    pairs = zip(unpack(windows)[::2], unpack(windows)[1::2], strict=True)
    stated = [(id_, window) for id_, day in pairs if (window := period_of(day))]
    value, bounds, qualifier, unit = _quantity(level)
    yoy = _quantity(growth) if growth else None
    inputs = stated_inputs(source, stated)
    lineage = Derived(BY_INFERENCE, inputs, expression, unpack(statements))
    of_answer = (value, bounds, lineage, unit, qualifier, yoy, "derived" if yoy else "")
    told = [unpack(each) for each in unpack(notes)]
    read = tuple(Note(NoteKind(kind), text, tuple(refs)) for kind, text, *refs in told)
    return Figure(figure_id(series, period), series, period, *of_answer, notes=read)


def _packed(quantity: Quantity) -> str:
    value, bounds, qualifier, unit = quantity
    return pack((*(number_text(each) or "" for each in (value, *bounds)), qualifier, unit))


def _quantity(text: str) -> Quantity:
    *numbers, qualifier, unit = unpack(text)
    value, low, high = (number_of(each or None) for each in numbers)
    return Quantity(value, Bounds(low, high), qualifier, unit)


def tied_to(source: Figures, series: Series) -> dict[str, Series]:
    """All that may bear on *series*: the same count of other scopes, and shares.

    Whatever was asked before, so that the answer is always the same.
    """
    store = source.store
    near = store.select_series(subject=[series.subject], publisher=[series.publisher])
    tied = {each.id: each for each in near if each.destination == series.destination}
    shares = {id_ for each in tied.values() for id_ in (each.part, each.whole) if id_}
    return tied | {each.id: each for each in store.series(sorted(shares - tied.keys()))}


def stated_inputs(source: Figures, windows: Collection[tuple[str, Period]]) -> tuple[Figure, ...]:
    """What is stated of *windows*, each of the series of an id: what a derived figure rests on."""
    of = {each.id: each for each in source.store.series([id_ for id_, _ in windows])}
    known = [(source.of(of[id_]), window) for id_, window in windows]
    return tuple(operand(each.series, window, each.stated(window)) for each, window in known)
