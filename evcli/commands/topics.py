"""The topic commands, made from one table: exports, sales, investment and network."""

# annotations are real objects here: an argument has the help of its topic
from typing import Annotated

from evcli.commands import completion
from evcli.commands.adornments import show_drawn
from evcli.commands.click_compat import Command
from evcli.commands.factory import command
from evcli.commands.options import Draw, Output, Packs, Select, argument
from evcli.commands.session import opened, wanted
from evcli.query.topic_table import TOPICS


def topic_command(name: str) -> Command:
    """The command of a topic."""
    topic = TOPICS[name]

    @command(
        name, topic.examples, description=topic.description, refuses=topic.refuses, by=topic.by
    )
    def ask(
        subjects: Annotated[
            list[str] | None, argument("[WHO]...", topic.subjects_help, completion.subjects)
        ] = None,
        *,
        select: Select,
        packs: Packs,
        output: Output,
        draw: Draw,
    ) -> None:
        with opened(packs, output) as source:
            question = wanted(source, select, subjects)
            from evcli.query.topics import topic_answer  # a misspelt name comes sooner

            answer = topic_answer(source, topic, question)
            show_drawn(answer, source, output, draw)

    return ask
