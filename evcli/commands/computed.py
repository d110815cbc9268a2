"""``evcli growth``, ``share`` and ``total``: what is computed from figures."""

from __future__ import annotations

from typing import Annotated

from evcli.commands.factory import command
from evcli.commands.options import (
    WINDOWS,
    Accept,
    Draw,
    Output,
    Packs,
    Select,
    Wide,
    Words,
    accepted,
    option,
)
from evcli.commands.session import in_ids, opened, over_time, show, wanted
from evcli.errors import UsageError


@command(
    examples=(
        "evcli growth nev exports 2025",
        "evcli growth cn.investment.ev-chain.to-cn.rhodium --period 2024",
        "evcli growth cn.investment.ev-chain.to-cn.rhodium --period 2024 --base 2022",
        "evcli growth 'cn.exports.*.caam' --year 2025 --format csv",
    ),
    refuses=("plans", "spark", "bars", "ascii"),
    by=WINDOWS,
)
def growth(
    words: Words = None,
    *,
    base: Annotated[
        str,
        option("--base", "PERIOD|SERIES@PERIOD", "Compare with this instead of the year before."),
    ] = "",
    lag: Annotated[
        str, option("--lag", "DURATION", "How far back: P1Y, P1M, P3M ...", show_default=True)
    ] = "P1Y",
    accept: Accept = "",
    wide: Wide = False,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Growth in percent on the same period a year before, or on any base.

    The closest that is known: as stated, by both levels, or what both of these allow.
    """
    from evcli.query.choice import computed_title, not_recorded, series_wanted
    from evcli.query.computed import growth_answer

    with opened(packs, output, draw) as source:
        question = wanted(source, select, words, "growth")
        series = question.series or [each.id for each in series_wanted(source, question)]
        answer = growth_answer(source, series, question, base, lag, accepted(accept))
        against = base or ("the year before" if lag == "P1Y" else f"{lag} before")
        title = computed_title(source, f"Growth on {against}", series, question)
        hint = answer.hint if series else not_recorded(source, question)
        answer = over_time(answer._replace(title=title, hint=hint), wide)
        show(answer, output, draw, source, in_ids=in_ids("growth", question, series))


@command(
    examples=(
        "evcli share phev nev 2025",
        "evcli share cn.exports.nev.caam cn.exports.all.caam --period 2025-05",
        "evcli share cn.exports.nev.caam cn.exports.all.caam --year 2025 --format csv",
        "evcli share cn.exports.nev.caam cn.exports.all.caam --since 2025 --by month --bars",
    ),
    refuses=("plans", "spark"),
    by=WINDOWS,
)
def share(
    words: Words = None,
    *,
    accept: Accept = "",
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """The first as a percentage of the second, for one period or for every period that both have.

    One part alone is set against the whole that the same counter counts. The part must lie within
    the whole in scope, destination or subject, and match it in all else.
    """
    from evcli.query.choice import computed_title, operands_wanted, part_and_whole
    from evcli.query.computed import nothing_computed, share_answer

    with opened(packs, output, draw) as source:
        question = part_and_whole(wanted(source, select, words, "share"))
        ids, others, missing = operands_wanted(source, question)
        if missing:
            show(nothing_computed("share", missing), output)
            return
        if len(ids) != 2:
            raise UsageError("a share is of two series", "name the part, then the whole")
        answer = share_answer(source, *ids, question, accepted(accept))
        title = computed_title(source, "{} as a share of {}", ids, question)
        answer = answer._replace(title=title, more=others)
        show(answer, output, draw, source, in_ids=in_ids("share", question, ids))


@command(
    examples=(
        "evcli total byd saic chery 2025",
        "evcli total cn.investment.ev-chain.to-abroad.rhodium "
        "cn.investment.ev-chain.to-cn.rhodium --period 2024",
        "evcli total chery.overseas-sales.nev.chery@2025 saic.overseas-sales.nev.saic@2025",
    ),
    refuses=("plans", "since", "until", "by", "basis", "from_source"),
)
def total(
    words: Words = None, *, accept: Accept = "", select: Select, packs: Packs, output: Output
) -> None:
    """The sum of figures that differ in one dimension and do not overlap."""
    from evcli.query.choice import computed_title, operands_wanted
    from evcli.query.computed import nothing_computed, total_answer

    with opened(packs, output) as source:
        question = wanted(source, select, words, "total")
        ids, others, missing = operands_wanted(source, question)
        if missing:
            show(nothing_computed("total", missing), output)
            return
        answer = total_answer(source, ids, question, accepted(accept))
        title = computed_title(source, "Total of {all}" if len(ids) > 1 else "Total", ids, question)
        answer = answer._replace(title=title, more=others)
        show(answer, output, in_ids=in_ids("total", question, ids))
