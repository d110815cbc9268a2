"""A report put together: its commands asked, what they rest on listed."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from evcli.commands.asking import asked
from evcli.commands.options import Packs
from evcli.commands.packs import open_packs
from evcli.diagnostics import Diagnostics
from evcli.errors import EvcliError
from evcli.model.answer import Rounding, Row
from evcli.model.figure import Figure
from evcli.model.records import Series
from evcli.model.report import KeyFigure, Outline, Part, Publication, Wish
from evcli.publish.citation import figures_cited, sentences_on
from evcli.publish.references import Marks, References, record_line
from evcli.publish.styles import letters_in, reference_text
from evcli.query.figures import Figures
from evcli.query.rows import metric_name
from evcli.store.reader import Store
from evcli.text.numbers import human, places_for
from evcli.version import __version__

_SET_ASIDE = ("contradiction", "revision")
_FINDINGS = "What does not fit, and what was set aside"


def publication(outline: Outline, packs: Packs) -> Publication:
    """Everything that *outline* asks for, from the packs chosen.

    Raises what its commands raise, with the heading of the part in front.
    """
    more = _pack_arguments(packs)
    parts = [_part(wish, more) for wish in outline.wishes]
    with open_packs(packs.facts, packs.no_builtin, Diagnostics(quiet=True)) as store:
        source = Figures(
            store, as_of=packs.as_of or None, include_deprecated=packs.include_deprecated
        )
        references = References(store)
        figures = tuple(
            figure
            for each in outline.figures
            for figure in _figures(each, source, references, more)
        )
        series = _series_in([part.answer.rows for part in parts], outline.figures, store)
        findings = _findings([each.id for each in series], more)
        everything = [*parts, findings] if findings is not None else parts
        for part in everything:
            for row in part.answer.rows:
                for each in _sources(row):
                    references.mark(each)
        listed = references.listed()
        return Publication(
            outline.title,
            outline.lead,
            figures,
            tuple(parts),
            _definitions(series, source),
            findings,
            {each.source.id: reference_text(each) for each in listed},
            {each.source.id: each.source.url for each in listed if each.source.url},
            f"Made by evcli {__version__} from {record_line(store)}. "
            "The data are CC BY 4.0; every number carries its source.",
        )


def _part(wish: Wish, more: Sequence[str]) -> Part:
    arguments = [*wish.arguments, *more]
    try:
        answer, pictures = asked(arguments)
    except EvcliError as error:
        error.args = (f"{wish.heading}: {error}", *error.args[1:])
        raise
    shown = tuple(each for each in pictures if each.marks) if wish.chart else ()
    return Part(wish.heading, _command(arguments), answer, wish.text, shown)


def _figures(
    id_: str, source: Figures, references: References, more: Sequence[str]
) -> list[KeyFigure]:
    """The sentences on one id, with bounds; their letters go behind them."""
    sentences, _ = sentences_on(source, id_, references)
    figures = figures_cited(source, id_) or []
    alone = len(figures) == len(sentences) == 1
    by_letter = {letter: each for each, letter in references.letters.items()}
    return [
        KeyFigure(
            "".join(part for part in sentence if not isinstance(part, Marks)),
            _command(["cite", id_, *more]),
            tuple(by_letter[letter] for letter in letters_in(sentence)),
            _bounds(figures[0]) if alone else "",
        )
        for sentence in sentences
    ]


def _bounds(figure: Figure) -> str:
    """What the wording of a stated figure allows; a derived one tells it in its sentence."""
    low, high = figure.bounds
    if figure.basis != "stated" or (low is None and high is None):
        return ""
    if low == high:
        return "Exactly that many."
    places = places_for(low, high)
    least = "" if low is None else human(low, places, Rounding.DOWN)
    most = "" if high is None else human(high, places, Rounding.UP)
    unit = "%" if figure.unit == "percent" else figure.unit
    if high is None:
        return f"Bounds: {least} {unit} or more."
    return f"Bounds: {least} to {most} {unit}." if least else f"Bounds: up to {most} {unit}."


def _findings(series: Sequence[str], more: Sequence[str]) -> Part | None:
    """Contradictions and restatements on the series of the report, those acknowledged too."""
    if not series:
        return None
    arguments = ["check", *series, "--acknowledged", *more]
    answer, _ = asked([*arguments, "-q"])
    rows = [row for row in answer.rows if row.get("verdict") in _SET_ASIDE]
    if not rows:
        return None
    text = (
        "Figures that cannot all hold, and figures that their publisher restated. "
        "The tables above show what stands."
    )
    return Part(
        _FINDINGS, _command(arguments), answer._replace(rows=rows, notes=(), title=""), text
    )


def _series_in(tables: Iterable[Sequence[Row]], ids: Iterable[str], store: Store) -> list[Series]:
    """The series that rows and figures are of, each once."""
    names: dict[str, None] = {}
    for id_ in [*(str(row.get("id") or "") for rows in tables for row in rows), *ids]:
        for each in id_.rpartition(":")[2].split(","):
            if "@" in each:
                names.setdefault(each.partition("@")[0])
    known = {each.id: each for name in names for each in store.match_series(name)}
    return list(known.values())


def _definitions(series: Sequence[Series], source: Figures) -> tuple[tuple[str, str], ...]:
    """What is counted and how it is counted, in the order in which it comes up."""
    words = source.words
    found: dict[str, str] = {}
    for each in series:
        metric, method = words.metrics.get(each.metric), words.methods.get(each.method)
        if metric is not None and metric.definition:
            found.setdefault(metric_name(each.metric, words), metric.definition)
        if method is not None and method.definition:
            found.setdefault(method.name, method.definition)
    return tuple(found.items())


def _sources(row: Row) -> tuple[str, ...]:
    found = row.get("sources")
    return found if isinstance(found, tuple) else ()


def _pack_arguments(packs: Packs) -> list[str]:
    """The options that a command needs to read the same packs."""
    arguments = [part for each in packs.facts for part in ("--facts", each)]
    arguments += ["--no-builtin"] if packs.no_builtin else []
    arguments += ["--as-of", packs.as_of] if packs.as_of else []
    return [*arguments, *(["--include-deprecated"] if packs.include_deprecated else [])]


def _command(arguments: Sequence[str]) -> str:
    return f"evcli {shlex.join(arguments)}"
