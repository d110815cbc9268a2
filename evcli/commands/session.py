"""What every command does around its question: open the packs, print the answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from evcli.commands.options import Draw, Output, Packs, Select
from evcli.diagnostics import Diagnostics, ExitCode
from evcli.errors import UsageError, check_one_of
from evcli.model.period import PeriodError, parse_period
from evcli.query.selection import DIMENSIONS, Query, date_named
from evcli.render import NESTED, WORKBOOK, Options, Stdout, encoded, render
from evcli.tuples import NamedTuple

if TYPE_CHECKING:  # completion reads the signature of a command and never answers
    from evcli.model.answer import Answer, Column, Row
    from evcli.model.picture import Picture
    from evcli.query.figures import Figures
    from evcli.store.reader import Store

_MOST_WARNINGS = 2  # beside a table; the others are notes
_BAR = 16  # cells
_NO_DAY = "1980-01-01"  # of what no history dates: the first that such files know
# the options that a command refuses which prints no rows
NO_ROWS = ("out", "format", "no_header", "excel", "fail_empty", "fields", "sort", "limit")


class Taken(NamedTuple):
    """An answer as it is, what it would draw, and what it was read from."""

    answer: Answer
    pictures: Sequence[Picture]
    source: Figures | None


taker: ContextVar[Callable[[Taken], None] | None] = ContextVar("taker", default=None)
kept_open: ContextVar[dict[str, Figures] | None] = ContextVar("kept_open", default=None)


@contextmanager
def taken_by(taken: Callable[[Taken], None]) -> Iterator[None]:
    """Within it, answers go to *taken* instead of being printed."""
    token = taker.set(taken)
    try:
        yield
    finally:
        taker.reset(token)


@contextmanager
def keeping_open() -> Iterator[None]:
    """Within it, the packs asked last stay open, with all that was read and solved of them."""
    kept: dict[str, Figures] = {}
    token = kept_open.set(kept)
    try:
        yield
    finally:
        kept_open.reset(token)
        for source in kept.values():
            source.store.close()


def diagnostics_for(output: Output) -> Diagnostics:
    """Standard error as the options have it."""
    return Diagnostics(output.quiet, output.no_color)


def open_packs(
    facts: Sequence[str], no_builtin: bool, diagnostics: Diagnostics, *, lends_all: bool = False
) -> Store:
    """The compiled store of the packs asked for."""
    from evcli.store import open_store, pack_choice

    choice = pack_choice([Path(each) for each in facts], no_builtin, os.environ)
    choice = choice._replace(lends_all=lends_all)
    return open_store(choice, environ=os.environ, notify=lambda line: diagnostics.notes([line]))


@contextmanager
def opened(packs: Packs, output: Output, *, lends_all: bool = False) -> Iterator[Figures]:
    """Figures from the packs asked for; with *lends_all* these may use any built-in word."""
    from evcli.query.figures import Figures

    kept, key = kept_open.get(), repr(packs)
    if kept and key in kept:
        yield kept[key]
        return
    as_of = date_named(packs.as_of, "--as-of") if packs.as_of else None
    store = open_packs(packs.facts, packs.no_builtin, diagnostics_for(output), lends_all=lends_all)
    wrong_too, vintage = packs.include_deprecated, packs.vintage
    source = Figures(store, as_of=as_of, include_deprecated=wrong_too, vintage=vintage)
    if kept is None:
        with store:
            yield source
        return
    while kept:
        kept.popitem()[1].store.close()
    kept[key] = source
    yield source


def wanted(
    source: Figures, select: Select, words: Sequence[str] | None = None, command: str = ""
) -> Query:
    """The question that *words* and options put to *command*."""
    from evcli.query import questions

    return questions.wanted(source, words or (), command, **select._asdict())


class Asked(NamedTuple):
    """What most commands take; ``draw`` is None for one that draws nothing, ``command`` a name."""

    select: Select
    packs: Packs
    output: Output
    draw: Draw | None
    command: str

    @contextmanager
    def reading(self, words: Sequence[str] | None) -> Iterator[tuple[Figures, Query]]:
        """Figures from the packs asked for, and the question that *words* and options put."""
        with opened(self.packs, self.output) as source:
            yield source, wanted(source, self.select, words, self.command)

    def show(
        self, answer: Answer, source: Figures, question: Query, ids: Sequence[str] = (), **how: Any
    ) -> None:
        """Print the answer as :func:`show` does, which takes *how*; *ids* are what was read."""
        same = in_ids(self.command, question, ids)
        show(answer, self.output, self.draw, source, in_ids=same, **how)


_QUOTED = " *?[]#&();|<>$"  # what a shell reads as its own


def in_ids(command: str, wanted: Query, ids: Sequence[str] = ()) -> str:
    """The same question to *command* in ids, which mean the same as the record grows."""
    where, when = wanted.where, wanted.when
    exact = tuple(map(str, when.exact))
    parts = ["evcli", command, *ids, *(exact if len(exact) > 1 else ())]
    for kind in DIMENSIONS if wanted.series or not ids else ():  # filters beside typed ids
        if kind == "subject":  # a name may have a comma
            parts += [part for each in where.subjects for part in ("--subject", each)]
        elif where.ids(kind):
            parts += [f"--{kind}", ",".join(where.ids(kind))]
    options = {
        "year": when.year,
        "period": "latest" if when.latest else when.period,
        "since": when.since,
        "until": when.until,
        "source": ",".join(where.sources),
        "basis": where.basis,
        "by": wanted.by,
        "limit": wanted.limit,
    }
    if any("@" in each for each in ids):  # which name their periods
        options["year"] = options["period"] = None
    parts += [part for name, each in options.items() if each for part in (f"--{name}", str(each))]
    parts += ["--plans"] * where.plans
    return " ".join(part if set(part).isdisjoint(_QUOTED) else f"'{part}'" for part in parts)


def check_columns(columns: tuple[Column, ...], output: Output) -> None:
    """Refuse fields that an answer of *columns* will not have, for a command that writes first."""
    from evcli.model.answer import Answer

    _picked(ordered(Answer(columns, []), output), output)


def show(
    answer: Answer,
    output: Output,
    draw: Draw | None = None,
    source: Figures | None = None,
    *,
    wide: bool = False,
    drawn: str = "value",
    charts: Callable[[], Sequence[Picture]] | None = None,
    in_ids: str = "",
) -> None:
    """Print the answer on stdout, *wide* with a column per period, and on stderr what must be known
    about it: beside a table, which counts notes, two lines of warnings.

    *draw* adds bars of the field *drawn* to the table. Its pictures, for a file or a report, are
    its *charts*, which also stand above the table, else its rows as bars. *in_ids* is the same
    command in ids, for ``--verbose``.
    """
    if wide:
        from evcli.query.rows import wide as pivoted

        answer = pivoted(answer)
    answer = ordered(answer, output)

    def pictures() -> Sequence[Picture]:
        from evcli.query.pictures import bars

        return charts() if charts else (bars(answer, drawn, source),)

    if taken := taker.get():
        shown = _picked(answer, output._replace(format="json"))
        taken(Taken(shown, pictures() if draw and answer.rows else (), source))
        return
    if draw and draw.chart:
        from evcli.render.charts.drawing import write_chart

        write_chart(pictures(), Path(draw.chart), answer, in_ids)
    stdout, diagnostics = Stdout(), diagnostics_for(output)
    is_table = output.format == "table"
    verbose = output.verbose or os.environ.get("EVCLI_VERBOSE", "0") not in ("", "0")
    options = Options(
        format=output.format,
        color=not output.out and stdout.in_color(no_color=output.no_color),
        width=None if output.out else stdout.width,
        header=not output.no_header,
        notes=output.notes or verbose,
        sources=output.sources or verbose,
        verbose=verbose,
        in_ids=in_ids,
        excel=output.excel,
    )
    above: Iterable[str] = ()
    if draw and source and is_table and (charts or draw.bars):
        from evcli.render.termchart import chart_lines, spelt
        from evcli.text.characters import wants_ascii

        options = options._replace(ascii=wants_ascii(os.environ))
        spell = spelt if options.ascii else str
        if draw.bars and answer.views and not output.fields:
            answer = _with_bars(answer, drawn, spell)
        if charts:  # "≥" takes a cell more in ASCII
            width, color = (options.width or 80) - 2 * options.ascii, options.color
            drawings = (chart_lines(each, width=width, color=color) for each in charts())
            above = (f"{spell(line)}\n" for each in drawings for line in (*each, ""))
    answer = _picked(answer, output)
    warnings, notes = list(answer.warnings), list(answer.notes)
    if is_table:  # in which the caution stands
        notes += warnings[_MOST_WARNINGS:]
        warnings = warnings[:_MOST_WARNINGS]
    elif answer.caution:
        warnings.append(answer.caution)
    if verbose and in_ids and not is_table:
        notes.append(f"in ids: {in_ids}")
    answer = answer._replace(notes=tuple(notes))
    is_book = output.format == WORKBOOK
    lines = iter(()) if is_book else chain(above, render(answer, options))
    if output.out:
        from evcli.files import write_whole

        made = answer.flat(), source, in_ids, warnings
        data = _as_workbook(*made) if is_book else encoded("".join(lines))
        write_whole(Path(output.out), data)
    else:
        stdout.write(lines)
    diagnostics.warnings(warnings)
    if not is_table:
        diagnostics.notes(notes)
    if not answer.rows:
        diagnostics.hint(answer.hint)
        if output.fail_empty:
            raise typer.Exit(ExitCode.FOUND_PROBLEMS)


def _as_workbook(
    answer: Answer, source: Figures | None, in_ids: str, warnings: Sequence[str]
) -> bytes:
    from evcli.render.workbook import workbook
    from evcli.store.history import history_of, record_name
    from evcli.version import __version__

    about = {"title": answer.title, "unit": answer.unit, "command": in_ids}
    about |= {"cautions": "\n".join(warnings), "notes": "\n".join(answer.notes)}
    lines = history_of(source.store) if source else []
    made = lines[-1].date if lines else _NO_DAY
    if source:
        about["record"] = f"evcli {__version__}, {record_name(source.store)}"
    return workbook(answer, cited(answer, source), about, made)


def cited(answer: Answer, source: Figures | None) -> Answer:
    """The sources that the rows of an answer name: id, title, outlet, kind, date and address."""
    from evcli.model.answer import Answer, listed_in

    if source is None:
        return Answer((), [])
    from evcli.query.catalogue import sources_answer

    named = (e for row in answer.rows for c in ("sources", "source") for e in listed_in(row, c))
    found = source.store.sources(list(dict.fromkeys(named)))
    fields = ("id", "title", "outlet", "publisher", "kind", "published", "url")
    return sources_answer(source, found).picked(fields)


def _with_bars(answer: Answer, field: str, spell: Callable[[str], str]) -> Answer:
    """The answer with bars of a *field* in a column in front of the sources, if there are any."""
    from evcli.model.answer import HumanColumn, View
    from evcli.query.pictures import bars, with_bar
    from evcli.render.termchart import bar_texts

    texts = iter(bar_texts(bars(answer, field), _BAR))
    pairs = zip(answer.rows, with_bar(answer, field)[1], strict=True)
    rows = [{**row, "bar": spell(next(texts)) if each else ""} for row, each in pairs]
    if not any(str(row["bar"]).strip() for row in rows):
        return answer
    views, column = answer.views, HumanColumn("", View.DRAWN, ("bar",))
    at = next((at for at, view in enumerate(views) if view.view is View.SOURCES), len(views))
    return answer._replace(rows=rows, views=(*views[:at], column, *views[at:]))


def _picked(answer: Answer, output: Output) -> Answer:
    """The answer with the columns of ``--fields``; UsageError where the format cannot show one."""
    if not output.fields:
        return answer
    names = [name.strip() for name in output.fields.split(",")]
    if output.format in NESTED:
        return answer.picked(names)
    from evcli.model.answer import Kind

    for column in answer.columns:
        if column.kind is Kind.NOTES and column.name in names:
            what = f"field {column.name!r} is a list of objects, which only json and jsonl can show"
            raise UsageError(what, "note has the same texts")
    return answer.flat().picked(names)


def ordered(answer: Answer, output: Output) -> Answer:
    """The rows as options have them; all are shown to who sorts. Once more changes nothing."""
    rows = answer.rows
    if output.all or output.sort or output.limit is not None:
        answer = answer._replace(screen=None)
    if output.sort:
        name = output.sort.lstrip("-")
        valid = [column.name for column in answer.flat().columns]
        check_one_of("field to sort by", name, valid)
        known = [row for row in rows if row.get(name) not in (None, "", ())]
        unknown = [row for row in rows if row.get(name) in (None, "", ())]
        known.sort(key=lambda row: _sort_key(row, name), reverse=output.sort.startswith("-"))
        answer = answer._replace(rows=[*known, *unknown], group_by="")
    if output.limit is not None and output.limit < len(answer.rows):
        note = f"{output.limit} of {len(answer.rows)} rows shown (--limit)"
        answer = answer._replace(rows=answer.rows[: output.limit], notes=(*answer.notes, note))
    return answer


_PERIODS = frozenset({"period", "date", "as_of", "start", "from", "until", "published"})


def _sort_key(row: Row, name: str) -> tuple[Any, ...]:
    """Numbers by size, periods by calendar and not by spelling; what is neither comes last."""
    value = row.get(name)
    if name in _PERIODS:
        try:
            return parse_period(str(value), first_year=1).sort_key
        except PeriodError:
            return True, date.max, date.max, str(value)
    if value is None or isinstance(value, (str, tuple, list)):
        return True, 0, " ".join(value) if isinstance(value, tuple) else str(value)
    return False, value, ""
