"""``evcli coverage``."""

from __future__ import annotations

from evcli.commands.factory import command
from evcli.commands.options import Output, Packs, Select, Words
from evcli.commands.session import opened, show, wanted


@command(
    examples=(
        "evcli coverage byd",
        "evcli coverage",
        "evcli coverage cn.exports.nev.caam --since 2022",
        "evcli coverage 'byd.*' --year 2025",
        "evcli coverage 'saic.*' --format csv",
    ),
    refuses=("plans", "by", "basis", "from_source"),
)
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
