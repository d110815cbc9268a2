"""``evcli policy`` and ``plants``: rows that are no figures."""

from __future__ import annotations

from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Draw, Output, Packs, Select, Words
from evcli.commands.session import Asked, in_ids, opened, show, wanted
from evcli.errors import UsageError, check_one_of
from evcli.model.records import EVENT_KINDS
from evcli.text.lists import listed


@command(refuses=("plans", "vintage", "metric", "scope", "publisher", "basis", "by"))
def policy(
    words: Words = None,
    *,
    on: Annotated[str, "DATE", "The measures in force on this day instead of today."] = "",
    jurisdiction: Annotated[
        list[str] | None,
        "PLACE",
        "Whose measures: a country, by any of its names, or EU. May be repeated.",
        completion.names("destination"),
    ] = None,
    history: Annotated[bool, None, "All measures on record, with what became of each."] = False,
    events: Annotated[bool, None, "List dated events instead."] = False,
    kind: Annotated[
        list[str] | None,
        "KIND",
        f"With --events: {listed(EVENT_KINDS, 'or')}.",
        completion.choice(*EVENT_KINDS),
    ] = None,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """Trade measures in force: whose, on what, at which rate, and since when.

    Words name places, makers and kinds of measures: eu saic, canada tariff, china export licence.
    A member of the EU has the measures of the EU. --events lists dated events, newest first.
    """
    from evcli.query.policy import events_answer, instruments_named, measures_answer
    from evcli.query.selection import day_named

    for each in kind or ():
        check_one_of("kind of event", each, EVENT_KINDS)
    if (events or kind) and (on or history):
        raise UsageError(
            f"{'--on' if on else '--history'} is for measures, not for events", "leave one out"
        )
    day = day_named(on, "--on") if on else None
    with opened(packs, output) as source:
        instruments, others = instruments_named(source.store, words or ())
        places = [*select.destination, *(jurisdiction or ())]
        question = wanted(source, select._replace(destination=places), others, "policy")
        if events or kind:
            answer = events_answer(source, question, kind or ())
        else:
            answer = measures_answer(
                source, question, on=day, instruments=instruments, history=history
            )
        kinds = [word for word in words or () if word not in others]
        same = " ".join([in_ids("policy", question), *kinds]) if output.verbose else ""
        show(answer, output, in_ids=same)


@command(
    refuses=("plans", "vintage", "metric", "scope", "publisher", "basis", *Draw._fields),
    by=("fact",),
)
def plants(
    words: Words = None,
    *,
    history: Annotated[bool, None, "What was said of each plant before, day by day."] = False,
    asked: Asked,
) -> None:
    """Plants abroad, one row each: newest status, start, capacity and investment.

    Words name makers and places: catl hungary, byd europe. A maker includes its brands and
    partners. Sorted by country, city and maker; --by fact shows every fact.
    """
    from evcli.query.plants import plants_answer

    every_fact = bool(asked.select.by)
    if history and every_fact:
        raise UsageError("--history and --by exclude each other", "give one of them")
    with asked.reading(words) as (source, question):
        answer = plants_answer(source, question, every_fact=every_fact, history=history)
        asked.show(answer, source, question)
