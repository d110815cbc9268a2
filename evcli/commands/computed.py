"""What is computed: ``evcli growth``, ``share``, ``total``, ``top``, ``compare`` and ``trend``."""

from functools import partial
from typing import Annotated

from evcli.commands.factory import command
from evcli.commands.options import WINDOWS, Accept, Draw, Wide, Words, accepted
from evcli.commands.session import Asked, taker
from evcli.query.questions import REFUSES, WAYS


@command(refuses=("plans", "bars"), by=WINDOWS, tables=True)
def growth(
    words: Words = None,
    *,
    base: Annotated[str, "base"] = "",
    lag: Annotated[str, "lag"] = "P1Y",
    accept: Accept = "",
    wide: Wide = False,
    asked: Asked,
) -> None:
    """Growth in percent on the same period a year before, or on any base."""
    from evcli.query.computed import growth_answer
    from evcli.query.operands import series_wanted

    with asked.reading(words) as (source, question):
        series = question.series or [each.id for each in series_wanted(source, question)]
        answer = growth_answer(source, series, question, base, lag, accepted(accept))
        asked.show(answer, source, question, series, wide=wide)


@command(refuses=("plans",), by=WINDOWS, tables=True)
def share(words: Words = None, *, accept: Accept = "", asked: Asked) -> None:
    """The first as a percentage of the second, for one period or every period that both have."""
    from evcli.query.computed import share_answer
    from evcli.query.operands import operands_wanted, part_and_whole

    with asked.reading(words) as (source, question):
        question = part_and_whole(question)
        named = operands_wanted(source, question)
        answer = share_answer(source, named, question, accepted(accept))
        asked.show(answer, source, question, named.ids)


@command(refuses=("plans", "since", "until", "by", "basis", "source", *Draw._fields), tables=True)
def total(words: Words = None, *, accept: Accept = "", asked: Asked) -> None:
    """The sum of figures that differ in one dimension and do not overlap."""
    from evcli.query.computed import total_answer
    from evcli.query.operands import operands_wanted

    with asked.reading(words) as (source, question):
        named = operands_wanted(source, question)
        answer = total_answer(source, named, question, accepted(accept))
        asked.show(answer, source, question, named.ids)


@command(refuses=REFUSES["top"], by=WAYS["top"], tables=True)
def top(words: Words = None, *, growth: Annotated[bool, "growth"] = False, asked: Asked) -> None:
    """Ranking from the largest down, with the positions that the bounds allow."""
    from evcli.model.answer import SCREEN_ROWS
    from evcli.query.ranking import top_answer

    with asked.reading(words) as (source, question):
        limit = question.limit if asked.output.limit is None else asked.output.limit
        output, draw = asked.output._replace(limit=limit), asked.draw
        more = output.all or output.sort or output.fields or limit is not None
        is_all = output.format != "table" or more or taker.get() or (draw and draw.chart)
        shown = None if is_all else SCREEN_ROWS
        answer = top_answer(source, question, by_growth=growth, limit=limit, shown=shown)
        asked = asked._replace(output=output, draw=draw and draw._replace(bars=True))
        asked.show(answer, source, question, drawn="yoy" if growth else "value")


@command(refuses=REFUSES["compare"], by=WAYS["compare"], tables=True)
def compare(
    words: Words = None, *, index: Annotated[str, "index"] = "", wide: Wide = False, asked: Asked
) -> None:
    """Figures side by side over time: growth, the whole span, ratio of the first two, shares."""
    from evcli.query.computed import compare_answer
    from evcli.query.operands import operands_wanted
    from evcli.query.selection import When

    with asked.reading(words) as (source, question):
        output = asked.output
        table = output.format == "table" and not (output.fields or output.sort or wide)
        base = When.parse(period=index).period
        answer = compare_answer(source, question, base=base, table=table)
        named = operands_wanted(source, question).ids if output.verbose else ()
        asked.show(answer, source, question, named, wide=wide)


@command(refuses=("bars",), by=WINDOWS)
def trend(words: Words = None, *, asked: Asked) -> None:
    """One or several series over time: a chart with bounds, and the figures below it."""
    from evcli.query.operands import series_wanted
    from evcli.query.pictures import over_time
    from evcli.query.windows import trend_answer
    from evcli.render.layout import MOST

    output, table = asked.output, asked.output.format == "table"
    with asked.reading(words) as (source, question):
        named = series_wanted(source, question)
        most = MOST if table else None
        below = table and not (output.fields or output.sort or output.limit)
        answer, figures = trend_answer(source, named, question, most=most, under_chart=below)
        ids = [each.id for each in named]
        charts = partial(over_time, figures, source, most=MOST)
        asked.show(answer, source, question, ids, charts=charts)
