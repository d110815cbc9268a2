"""``evcli policy``."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.making import command
from evcli.commands.options import Output, Packs, Select
from evcli.commands.runtime import opened, show, wanted
from evcli.commands.topic import MakerArgument


@command(
    "policy",
    examples=(
        "evcli policy",
        "evcli policy --on 2026-03-01",
        "evcli policy --jurisdiction EU",
        "evcli policy --events --kind market-entry",
    ),
    refuses=("metric", "scope", "destination", "publisher", "basis", "by"),
)
def policy(
    subjects: MakerArgument = None,
    *,
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DATE",
            help="Only measures in force that day, or today.",
            show_default=False,
        ),
    ] = "",
    jurisdiction: Annotated[
        list[str] | None,
        typer.Option(
            "--jurisdiction",
            metavar="PLACE",
            show_default=False,
            help="Whose measures: a country or EU. May be repeated.",
        ),
    ] = None,
    events: Annotated[bool, typer.Option("--events", help="Dated events instead.")] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            show_default=False,
            help="With --events: policy, investigation, market-entry, agreement, "
            "opening, product or history.",
            autocompletion=complete.choice(
                "policy",
                "investigation",
                "market-entry",
                "agreement",
                "opening",
                "product",
                "history",
            ),
        ),
    ] = None,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """Trade measures by jurisdiction, start and maker; --on DATE those in force that day.

    --events lists dated events of every kind.
    """
    from evcli.errors import UsageError
    from evcli.model.records import EVENT_KINDS
    from evcli.query.policy import events_answer, measures_answer
    from evcli.query.selection import day_named

    for each in kind or ():
        if each not in EVENT_KINDS:
            raise UsageError.one_of("kind of event", each, EVENT_KINDS)
    if (events or kind) and (on or jurisdiction):
        option = "--on" if on else "--jurisdiction"
        raise UsageError(f"{option} is for measures, not for events", "leave one of them out")
    select = select._replace(subject=[*select.subject, *(subjects or ())])
    day = day_named(on, "--on") if on else None
    with opened(packs, output) as source:
        question = wanted(source, select)
        deprecated = packs.include_deprecated
        if events or kind:
            answer = events_answer(source, question, kind or (), include_deprecated=deprecated)
        else:
            answer = measures_answer(
                source,
                question,
                on=day,
                jurisdictions=jurisdiction or (),
                include_deprecated=deprecated,
            )
        show(answer, output)
