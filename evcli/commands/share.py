"""``evcli share``."""

from __future__ import annotations

from evcli.commands.adornments import show_drawn
from evcli.commands.factory import command
from evcli.commands.options import WINDOWS, Accept, Draw, Output, Packs, Select, Words, accepted
from evcli.commands.session import opened, show, wanted
from evcli.errors import UsageError


@command(
    "share",
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
    from evcli.query.computed import nothing_computed, share_answer
    from evcli.query.operands import computed_title, in_ids, operands_wanted, part_and_whole

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
        same = in_ids("share", question, ids)
        show_drawn(answer, source, output, draw, title=title, in_ids=same)
