"""What the record has: ``evcli find``, ``series`` and ``coverage``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands.factory import command
from evcli.commands.options import Output, Packs, Select, Words
from evcli.commands.session import opened, show, wanted


@command(refuses=("as_of", "vintage", "include_deprecated"))
def find(
    words: Annotated[list[str], "WORDS...", "What to look for; all words must be found."],
    *,
    packs: Packs,
    output: Output,
) -> None:
    """Search titles, names, aliases, notes and methods, in English and Chinese."""
    from evcli.query.catalogue import find_answer

    with opened(packs, output) as source:
        show(find_answer(source.store, words), output)


@command(refuses=("year", "period", "since", "until", "plans", "by", "basis", "source"))
def series(words: Words = None, *, select: Select, packs: Packs, output: Output) -> None:
    """The series that the record has: id, title, periods and newest figure.

    Without words, all of them.
    """
    from evcli.query.catalogue import series_answer
    from evcli.query.operands import said_of
    from evcli.query.selection import series_named

    with opened(packs, output) as source:
        question = wanted(source, select, words, "series")
        named = question.series and series_named(source.store, question.series)
        where, known = question.where, source.words
        parts = [part for part in known.scopes if any(known.lies_in(part, s) for s in where.scopes)]
        where = where._replace(scopes=(*where.scopes, *parts))
        chosen = [one for one in named or source.store.select_series() if where.admits(one)]
        title = " · ".join(["Series", *said_of(question.where, known).values()])
        show(series_answer(source, chosen)._replace(title=title), output)


@command(refuses=("vintage", "plans", "by", "basis", "source"))
def coverage(words: Words = None, *, select: Select, packs: Packs, output: Output) -> None:
    """Which months are stated, derived or missing, and how old the newest figure is.

    Without arguments, China's exports and sales. Age is counted from today, or from --as-of.
    """
    from evcli.model.period import parse_period, today
    from evcli.query.catalogue import coverage_answer, default_series
    from evcli.query.operands import counts, said_of
    from evcli.query.selection import series_named

    with opened(packs, output) as source:
        question = wanted(source, select, words, "coverage")
        if question.series:
            chosen = series_named(source.store, question.series)
        elif question.where == type(question.where)():
            chosen = default_series(source)
        else:
            chosen = counts(source, question) if words else question.where.series(source.store)
        end = parse_period(source.as_of).end if source.as_of else None
        answer = coverage_answer(source, chosen, question, end or today())
        title = " · ".join([answer.title, *said_of(question.where, source.words).values()])
        show(answer._replace(title=title), output)
