"""The topic commands, made from one table: exports, sales, investment and network."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, NamedTuple

import typer

from evcli.commands import completion
from evcli.commands.adornments import show_drawn
from evcli.commands.click_compat import Command
from evcli.commands.factory import command
from evcli.commands.options import BY, Draw, Output, Packs, Select
from evcli.commands.session import opened, wanted

Subjects = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[WHO]...",
        help="A maker, country or port: an id, name or alias, also in Chinese.",
        autocompletion=completion.subjects,
        show_default=False,
    ),
]


class TopicHelp(NamedTuple):
    """What a topic command says of itself."""

    examples: tuple[str, ...]
    description: str


TOPIC_HELP: Mapping[str, TopicHelp] = MappingProxyType(
    {
        "exports": TopicHelp(
            (
                "evcli exports --year 2025",
                "evcli exports --period 2025-05 --scope nev",
                "evcli exports horgos --format csv",
                "evcli exports --year 2025 --by destination",
                "evcli exports --year 2025 --spark",
            ),
            """Exports from China to the world, or those of a maker; one row per series.

            The year asked for, else the longest period from January, else the newest within it.
            Other scopes, destinations and metrics are shown when asked for.
            """,
        ),
        "sales": TopicHelp(
            (
                "evcli sales --year 2025",
                "evcli sales chery",
                "evcli sales 奇瑞 --format csv",
                "evcli sales --destination GB --year 2025",
                "evcli sales --year 2025 --sort -value",
            ),
            """What makers sold overseas by their own count, one row per series.

            Registrations and market shares are shown for a maker or place that is named. The year
            asked for, else the longest period from January, else the newest within it.
            """,
        ),
        "investment": TopicHelp(
            (
                "evcli investment --year 2024",
                "evcli investment --destination HU",
                "evcli investment --metric outbound-fdi --by destination --format csv",
            ),
            """Investment of the Chinese EV supply chain, abroad and at home; then other measures.

            The year asked for, else the longest period from January, else the newest within it.
            Measures that are defined differently are set apart.
            """,
        ),
        "network": TopicHelp(
            (
                "evcli network",
                "evcli network nio",
                "evcli network --by subject --format csv",
            ),
            """Stores, markets, battery swap stations, local teams: the newest count of each.

            Plans and targets have the status forecast.
            """,
        ),
    }
)


def topic_command(name: str) -> Command:
    """The command of a topic."""
    examples, description = TOPIC_HELP[name]

    @command(name, examples, description=description, refuses=("bars", "chart"), by=BY)
    def ask(
        subjects: Subjects = None, *, select: Select, packs: Packs, output: Output, draw: Draw
    ) -> None:
        from evcli.query.topics import TOPICS, topic_answer

        select = select._replace(subject=[*select.subject, *(subjects or ())])
        with opened(packs, output) as source:
            answer = topic_answer(source, TOPICS[name], wanted(source, select))
            show_drawn(answer, source, output, draw)

    return ask
