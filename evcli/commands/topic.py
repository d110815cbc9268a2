"""What the topic commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from evcli.commands import complete
from evcli.commands.drawing import show_drawn
from evcli.commands.options import Draw, Output, Packs, Select
from evcli.commands.runtime import opened, wanted

SubjectArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[WHO]...",
        help="A maker, country or port: id, name or alias, also Chinese.",
        autocompletion=complete.subjects,
        show_default=False,
    ),
]
MakerArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[MAKER]...",
        help="Whose, or aimed at whom: a maker by id, name or alias, also Chinese.",
        autocompletion=complete.subjects,
        show_default=False,
    ),
]


def answer_topic(
    name: str,
    subjects: list[str] | None,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """Ask one topic and print the answer."""
    from evcli.query.topics import TOPICS, topic_answer

    if subjects:
        select = select._replace(subject=[*select.subject, *subjects])
    with opened(packs, output) as source:
        answer = topic_answer(source, TOPICS[name], wanted(source, select))
        show_drawn(answer, source, output, draw)
