"""Comparing figures: never refused, but unlike rows are told apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from evcli.core.comparability import (
    Operand,
    differing,
    fields_in_words,
    own_count_warning,
    unlike_in,
)
from evcli.core.derive import PERCENT, derive
from evcli.core.formula import DIFFERENCE, PROPORTION, RATIO, TOTAL
from evcli.errors import UnknownName
from evcli.model import WORLD
from evcli.model.answer import Answer, Column, HumanColumn, Value, View, views_of
from evcli.model.figure import Figure, Missing
from evcli.model.note import Note, NoteKind, trimmed
from evcli.model.period import Period
from evcli.model.records import Series
from evcli.model.vocabulary import SubjectKind, Vocabulary, name_in
from evcli.query.figures import Figures, is_missing
from evcli.query.rows import (
    FIGURE_COLUMNS,
    LINEAGE_COLUMNS,
    computed_number,
    figure_rows,
    figure_views,
    footnotes,
    is_counted,
    note_fields,
    share_columns,
    total_row,
    with_bounds,
)
from evcli.query.selection import FigureName, Query, best_window, known_window, series_named
from evcli.text.phrases import first_few

_COMPARED_COLUMNS: tuple[Column, ...] = (
    *computed_number(
        "ratio", "The first figure divided by this one.", HumanColumn("first ÷ this", View.RATIO)
    ),
    *computed_number(
        "difference",
        "The first figure less this one.",
        HumanColumn("first - this", View.BOUNDED, (), "unit", optional=4),
        unit_from="unit",
    ),
    *share_columns(optional=3),
)
COMPARE_COLUMNS = (*FIGURE_COLUMNS, *_COMPARED_COLUMNS, *LINEAGE_COLUMNS)


def compare_answer(source: Figures, names: Sequence[str], wanted: Query) -> Answer:
    """Series, figures and subjects side by side in the order named, and their total.

    Each row is held against the first that has a figure.
    """
    words = source.words
    chosen, notes = _chosen(source, names, wanted)
    figures = [figure for _, figure in chosen]
    known = [(operand, figure) for operand, figure in chosen if not is_missing(figure)]
    operands = [operand for operand, _ in known]
    unlike = unlike_in(operands, words)
    apart = fields_in_words(unlike)
    why_not = why_no_total(operands, words)
    rows = figure_rows(figures, words, subjects=True)
    for row, figure in zip(rows, figures, strict=True):
        if is_missing(figure):
            continue
        first = known[0][1]
        if figure is not first and figure.unit == first.unit:
            _against_first(row, first, figure, is_counted(first.unit, words))
        if not why_not and not unlike and len(known) > 1:
            rest = [each for _, each in known if each is not figure]
            row.update(with_bounds("share", share_of_total(figure, rest)))
    periods = {operand.period for operand, _ in chosen}
    if len(known) > 1:
        if why_not:
            notes.append(f"no total: {why_not}")
        else:
            rows.append(_total_row([figure for _, figure in known], apart, words))
        if apart:
            notes.append(f"unlike rows, so no shares: {apart}")
        if "method" in unlike:
            notes += _definitions(operands, words)
    one_period = [str(each) for each in periods if len(periods) == 1 and not each.is_undated]
    without = ("yoy",) if len(periods) > 1 else ("yoy", "period")
    return Answer(
        COMPARE_COLUMNS,
        rows,
        figure_views(*views_of(_COMPARED_COLUMNS), without=without),
        footnotes=footnotes(rows, source.store),
        notes=tuple(notes),
        warnings=own_count_warning(operands, words),
        title=" · ".join(["Comparison", *one_period]),
        hint="nothing to compare",
    )


def _chosen(
    source: Figures, names: Sequence[str], wanted: Query
) -> tuple[list[tuple[Operand, Figure]], list[str]]:
    """What each series, figure or subject named stands for, and notes on what was chosen."""
    chosen: list[tuple[Operand, Figure]] = []
    notes: list[str] = []
    for name in names:
        named = FigureName.parse(name)
        if source.store.match_series(named.series):
            found = series_named(source.store, [named.series])
            left_out = [series.id for series in found if not wanted.where.admits(series)]
            if left_out:
                notes.append(f"left out by the filters: {', '.join(left_out)}")
            for series in found:
                if series.id not in left_out:
                    period = named.period or best_window(source.of(series), wanted)
                    operand = Operand(
                        series, period or wanted.when.year_period or Period(None, None)
                    )
                    chosen.append((operand, source.operand(*operand)))
            continue
        subject = source.store.resolve("subject", name)
        if subject is None:
            known = [*source.store.known_names("subject"), *source.store.all_series_ids()]
            raise UnknownName.of("series or subject", name, known)
        operand, figure, note = _of_subject(source, subject, wanted)
        chosen.append((operand, figure))
        notes += [note] if note else []
    return chosen, notes


def _of_subject(source: Figures, subject: str, wanted: Query) -> tuple[Operand, Figure, str]:
    """The figure that a subject stands for, and what else it could, or why it has none."""
    where = wanted.where._replace(subjects=(subject,))
    if not where.metrics:
        where = where._replace(metrics=(_default_metric(subject, source.words),))
    candidates = where.series(source.store)
    if not where.destinations:
        candidates = [each for each in candidates if each.destination == WORLD]
    ordered = _best_first(source, candidates, wanted)
    for series in ordered:
        period = known_window(source, series, wanted)
        if period is not None:
            others = [
                each.series.id
                for each in source.of_all(ordered)
                if each.series.id != series.id and wanted.when.pick(each.periods)
            ]
            note = f"{subject} stands for {series.id}; also {first_few(others)}" if others else ""
            return Operand(series, period), source.operand(series, period), note
    period = wanted.when.period or wanted.when.year_period or Period(None, None)
    metric = where.metrics[0]
    series = ordered[0] if ordered else _nameless(subject, metric, where.scopes)
    name = name_in(source.words.subjects, subject)
    when = "" if period.is_undated else f" in {period}"
    reason = f"{name} has no figure for {name_in(source.words.metrics, metric).lower()}{when}"
    figure = source.operand(series, period)
    if is_missing(figure):
        why = Missing(reason)
        figure = figure._replace(notes=(why.note,), missing=why)
    return Operand(series, period), figure, reason


def _default_metric(subject: str, words: Vocabulary) -> str:
    """What is compared when nothing is said: makers by overseas sales, countries by exports."""
    known = words.subjects.get(subject)
    by_exports = known is not None and known.kind in (SubjectKind.COUNTRY, SubjectKind.PORT)
    return "exports" if by_exports else "overseas-sales"


def _nameless(subject: str, metric: str, scopes: Sequence[str]) -> Series:
    """A stand-in for a series that no pack defines, so that the row can say so."""
    scope = scopes[0] if scopes else "all"
    return Series(
        f"{subject}.{metric}.{scope}".lower(), "", subject, metric, scope, WORLD, "", "", ""
    )


def _best_first(source: Figures, series: Iterable[Series], wanted: Query) -> list[Series]:
    """Those with the window asked for, then the widest scope, then what is counted most often."""
    window = wanted.when.period or wanted.when.year_period

    def order(each: Series) -> tuple[bool, int, int, str]:
        known = source.of(each).observed_periods
        depth = len(list(source.words.scope_and_wholes(each.scope)))
        return window is not None and window not in known, depth, -len(known), each.id

    return sorted(series, key=order)


def _against_first(row: dict[str, Value], first: Figure, figure: Figure, whole: bool) -> None:
    """Ratio and difference, and whether the bounds prove which of the two is larger."""
    difference = derive(DIFFERENCE, (first, figure), unit=first.unit)
    row.update(with_bounds("ratio", derive(RATIO, (first, figure), unit="1")))
    row.update(with_bounds("difference", difference, whole=whole))
    row["formula"] = "ratio = first / this; difference = first - this"
    row["inputs"] = (first.id, figure.id)
    low, high = difference.bounds
    larger, smaller = low is not None and low > 0, high is not None and high < 0
    proved = larger or smaller
    if not proved:
        smaller = difference.value is not None and difference.value < 0
    which = "this one is larger than the first" if smaller else "the first is larger"
    verdict = Note(
        NoteKind.COMPARISON if proved else NoteKind.CAUTION,
        f"the bounds {'prove' if proved else 'do not prove'} that {which}",
        (first.id, figure.id),
    )
    row.update(note_fields([*trimmed(figure.notes), verdict]))


def share_of_total(figure: Figure, rest: Sequence[Figure]) -> Figure:
    """The part that *figure* has in the sum of itself and the *rest*."""
    others = derive(TOTAL, rest, unit=figure.unit) if len(rest) > 1 else rest[0]
    return derive(PROPORTION, (figure, others), unit=PERCENT)


def _total_row(figures: Sequence[Figure], apart: str, words: Vocabulary) -> dict[str, Value]:
    notes = [Note(NoteKind.CAUTION, f"adds unlike rows: {apart}")] if apart else []
    open_ended = tuple(figure.id for figure in figures if figure.bounds.high is None)
    if open_ended:
        text = f"high is open because of {', '.join(open_ended)}"
        notes.append(Note(NoteKind.CAUTION, text, open_ended))
    return total_row(derive(TOTAL, figures, unit=figures[0].unit, notes=notes), figures, words)


def why_no_total(operands: Sequence[Operand], words: Vocabulary) -> str:
    """Why a total makes no sense; empty where unit and window are one and nothing counts twice."""
    values = differing(operands, words)
    for name in ("unit", "window", "period", "metric"):
        if name in values:
            return f"{name} differs ({' / '.join(values[name])})"
    for one, other in itertools.combinations(operands, 2):
        nested = (
            (words.belongs_to, one.series.subject, other.series.subject),
            (words.lies_in, one.series.scope, other.series.scope),
            (words.reaches, one.series.destination, other.series.destination),
        )
        if all(within(first, second) or within(second, first) for within, first, second in nested):
            return f"{one.series.id} and {other.series.id} overlap"
    return ""


def _definitions(operands: Sequence[Operand], words: Vocabulary) -> list[str]:
    """How each of those counts who count otherwise."""
    definitions = []
    for operand in operands:
        method = words.methods.get(operand.series.method)
        if method is not None and method.definition:
            who = words.publisher_name(operand.series.publisher)
            definitions.append(f"{who} ({method.name.lower()}): {method.definition}")
    return list(dict.fromkeys(definitions))
