"""``evcli policy``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import command
from evcli.commands.options import Makers, Output, Packs, Select, listed, option
from evcli.commands.session import opened, show, wanted
from evcli.errors import UsageError
from evcli.model.records import EVENT_KINDS


@command(
    "policy",
    examples=(
        "evcli policy",
        "evcli policy --on 2026-03-01",
        "evcli policy --jurisdiction EU",
        "evcli policy --events --kind market-entry",
    ),
    refuses=("plans", "metric", "scope", "destination", "publisher", "basis", "by"),
)
def policy(
    subjects: Makers = None,
    *,
    on: Annotated[
        str, option("--on", "DATE", "Only measures in force on this day; 'today' is one, too.")
    ] = "",
    jurisdiction: Annotated[
        list[str] | None,
        option("--jurisdiction", "PLACE", "Whose measures: a country or EU. May be repeated."),
    ] = None,
    events: Annotated[bool, option("--events", None, "List dated events instead.")] = False,
    kind: Annotated[
        list[str] | None,
        option(
            "--kind",
            "KIND",
            f"With --events: {listed(EVENT_KINDS)}.",
            completion.choice(*EVENT_KINDS),
        ),
    ] = None,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """Trade measures by jurisdiction, start and maker; --on DATE shows those in force that day.

    --events lists dated events of every kind.
    """
    from evcli.query.policy import events_answer, measures_answer
    from evcli.query.selection import day_named

    for each in kind or ():
        if each not in EVENT_KINDS:
            raise UsageError.one_of("kind of event", each, EVENT_KINDS)
    if (events or kind) and (on or jurisdiction):
        option = "--on" if on else "--jurisdiction"
        raise UsageError(f"{option} is for measures, not for events", "leave one of them out")
    day = day_named(on, "--on") if on else None
    with opened(packs, output) as source:
        question = wanted(source, select, subjects)
        if events or kind:
            answer = events_answer(source, question, kind or ())
        else:
            places = jurisdiction or ()
            answer = measures_answer(source, question, on=day, jurisdictions=places)
        show(answer, output)
