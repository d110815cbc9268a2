"""Rows of figures: every field of the output contract, defined once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evcli.core.formula import FORMULAS
from evcli.model.answer import (
    NOTE_COLUMNS,
    Column,
    HumanColumn,
    Kind,
    Rounding,
    Row,
    Value,
    View,
)
from evcli.model.figure import Derived, Figure, Stated
from evcli.model.note import Note, in_one_line, trimmed
from evcli.model.records import Series, Source
from evcli.model.vocabulary import ABROAD, WORLD, Vocabulary
from evcli.store.reader import Store

_TEXT = Kind.TEXT
_NOT_RECORDED = "; title not recorded"  # behind what a page is about, where nobody noted its title


def bounded(name: str, kind: Kind = Kind.NUMBER, unit_from: str = "") -> tuple[Column, ...]:
    """A number with its bounds: three columns, the bounds rounded outward."""
    return (
        Column(name, kind, Rounding.NEAREST, unit_from),
        Column(f"{name}_low", kind, Rounding.DOWN, unit_from),
        Column(f"{name}_high", kind, Rounding.UP, unit_from),
    )


FIGURE_COLUMNS: tuple[Column, ...] = (
    *(Column(name) for name in ("id", "subject", "metric", "scope", "destination", "period")),
    Column("value", Kind.NUMBER, Rounding.NEAREST, "unit"),
    Column("low", Kind.NUMBER, Rounding.DOWN, "unit"),
    Column("high", Kind.NUMBER, Rounding.UP, "unit"),
    Column("unit"),
    *bounded("yoy", Kind.CHANGE),
    *(Column(name) for name in ("qualifier", "basis", "rank", "status", "publisher")),
    Column("sources", Kind.LIST),
    *NOTE_COLUMNS,
)
COMPUTED_COLUMNS: tuple[Column, ...] = (
    *FIGURE_COLUMNS,
    Column("formula"),
    Column("inputs", Kind.LIST),
)


def figure_row(figure: Figure, words: Vocabulary) -> dict[str, Value]:
    """One figure as a row: the fields of the contract, and the words for the human table."""
    series, yoy = figure.series, figure.yoy
    row: dict[str, Value] = {
        "id": figure.id,
        "subject": series.subject,
        "metric": series.metric,
        "scope": series.scope,
        "destination": series.destination,
        "period": str(figure.period),
        "value": figure.value,
        "low": figure.bounds.low,
        "high": figure.bounds.high,
        "unit": figure.unit,
        "yoy": yoy.value if yoy else None,
        "yoy_low": yoy.bounds.low if yoy else None,
        "yoy_high": yoy.bounds.high if yoy else None,
        "qualifier": figure.qualifier,
        "basis": _basis(figure),
        "rank": figure.rank,
        "status": figure.status,
        "publisher": series.publisher,
        "sources": figure.sources,
        **note_fields(trimmed(figure.notes)),
        "formula": "",
        "inputs": (),
    }
    if isinstance(figure.lineage, Derived):
        row["formula"] = formula_text(figure.lineage)
        row["inputs"] = tuple(each.id for each in figure.lineage.inputs)
    return row


def note_fields(notes: list[Note]) -> dict[str, Value]:
    """The two fields that notes fill: their texts in one line, and the notes themselves."""
    return {"note": in_one_line(notes), "notes": notes}


def _basis(figure: Figure) -> str:
    """How the figure came about; nothing, where there is none."""
    nothing = isinstance(figure.lineage, Stated) and not figure.lineage.facts
    return "" if nothing else figure.basis


def formula_text(lineage: Derived) -> str:
    """The formula in words; bounds that follow from many facts together have no one formula."""
    if lineage.expression or lineage.formula not in FORMULAS:
        return lineage.expression
    return FORMULAS[lineage.formula].text


def figure_rows(
    figures: Sequence[Figure], words: Vocabulary, *, subjects: bool = False
) -> list[dict[str, Value]]:
    """Rows of *figures*; ``what`` names only the dimensions in which they differ, and the scope."""
    rows = [figure_row(figure, words) for figure in figures]
    for row, what in zip(rows, labels(figures, words, subjects=subjects), strict=True):
        row["what"] = what
    return rows


def total_row(total: Figure, parts: Sequence[Figure], words: Vocabulary) -> dict[str, Value]:
    """The row of a sum: a field in which the parts differ is empty, since it has no one value.

    ``is_total`` says that it adds up other rows.
    """
    row = figure_row(total, words)
    row["what"] = "Total"
    row["is_total"] = True
    for name in ("subject", "metric", "scope", "destination", "publisher"):
        if len({getattr(part.series, name) for part in parts}) > 1:
            row[name] = ""
    return row


def labels(figures: Sequence[Figure], words: Vocabulary, *, subjects: bool = False) -> list[str]:
    """Short names that tell the figures apart: subject, metric, scope, destination, publisher.

    What all have in common is left out, but for the scope; makers' own counts name no publisher.
    """
    many_subjects = subjects or len({figure.series.subject for figure in figures}) > 1
    many_metrics = len({figure.series.metric for figure in figures}) > 1
    counted_by = {figure.series.publisher for figure in figures}
    counted_by -= {figure.series.subject for figure in figures}
    result = []
    for figure in figures:
        series = figure.series
        parts = []
        if many_subjects:
            parts.append(subject_name(series.subject, words))
        if many_metrics:
            parts.append(metric_name(series.metric, words).lower())
        if series.scope != "all" or not parts:
            scope = words.scopes.get(series.scope)
            parts.append(scope.name if scope else series.scope)
        text = ", ".join(parts)
        if series.destination != WORLD:
            text += f", {_towards(series, words)}"
        if len(counted_by) > 1 and series.publisher in counted_by:
            text += f" ({publisher_name(series.publisher, words)})"
        result.append(text[:1].upper() + text[1:])
    return _told_apart(result, figures, words)


def _told_apart(names: Sequence[str], figures: Sequence[Figure], words: Vocabulary) -> list[str]:
    """The names, with the method behind those that stand for several series."""
    meant: dict[str, set[str]] = {}
    for name, figure in zip(names, figures, strict=True):
        meant.setdefault(name, set()).add(figure.series.id)
    return [
        name if len(meant[name]) < 2 else f"{name}, {_method_name(figure.series, words)}"
        for name, figure in zip(names, figures, strict=True)
    ]


def _method_name(series: Series, words: Vocabulary) -> str:
    known = words.methods.get(series.method)
    return (known.name if known else series.method).lower()


def _towards(series: Series, words: Vocabulary) -> str:
    if series.destination == series.subject:
        return "at home"
    name = destination_name(series.destination, words)
    return name.lower() if series.destination == ABROAD else f"to {name}"


def subject_name(subject: str, words: Vocabulary) -> str:
    """The subject as people write it."""
    known = words.subjects.get(subject)
    return known.name if known else subject


def metric_name(metric: str, words: Vocabulary) -> str:
    """The metric as people write it."""
    known = words.metrics.get(metric)
    return known.name if known else metric


def destination_name(destination: str, words: Vocabulary) -> str:
    """The destination as people write it."""
    known = words.destinations.get(destination)
    return known.name if known else destination


def publisher_name(publisher: str, words: Vocabulary) -> str:
    """The publisher, by its id in capitals where that is an abbreviation of a long name."""
    known = words.publishers.get(publisher)
    if known is None:
        return publisher
    short = publisher.upper()
    return short if len(publisher) <= 5 and len(known.name) > 12 else known.name


FIGURE_VIEWS: tuple[HumanColumn, ...] = (
    HumanColumn("what", View.TEXT, ("what",)),
    HumanColumn("period", View.TEXT, ("period",)),
    HumanColumn("value", View.BOUNDED, ("value", "low", "high"), "unit"),
    HumanColumn("bounds", View.BOUNDS, ("low", "high", "value"), optional=1),
    HumanColumn("yoy", View.CHANGE, ("yoy", "yoy_low", "yoy_high"), optional=2),
    HumanColumn("src", View.SOURCES, ("sources",)),
    HumanColumn("note", View.NOTES, ("note", "status", "rank")),
)


def footnotes(rows: Iterable[Row], store: Store) -> Mapping[str, str]:
    """The line under the table for every source the rows rest on."""
    ids: dict[str, None] = {}
    for row in rows:
        sources = row.get("sources")
        for each in sources if isinstance(sources, tuple) else ():
            ids.setdefault(each)
    return {source.id: citation(source) for source in store.sources(list(ids))}


def citation(source: Source) -> str:
    """Title, outlet and date of a source in one line; in brackets what stands for a title.

    >>> citation(Source("a", "Page on exports, up to 2025; title not recorded", "Paper"))
    '[Page on exports, up to 2025] (Paper)'
    """
    where = ", ".join(part for part in (source.outlet, str(source.published or "")) if part)
    about = source.title.removesuffix(_NOT_RECORDED)
    title = source.title if about == source.title else f"[{about}]"
    return f"{title} ({where})" if where else title
