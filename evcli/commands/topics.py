"""The topic commands, made from one table: exports, sales, investment and network."""

from evcli.commands.adornments import show_drawn
from evcli.commands.click_compat import Command
from evcli.commands.factory import command
from evcli.commands.options import Draw, Output, Packs, Select, Wide, Words
from evcli.commands.session import opened, over_time, wanted
from evcli.query.topic_table import TOPICS


def topic_command(name: str) -> Command:
    """The command of a topic."""
    topic = TOPICS[name]

    @command(
        name, topic.examples, description=topic.description, refuses=topic.refuses, by=topic.by
    )
    def ask(
        words: Words = None,
        *,
        wide: Wide = False,
        select: Select,
        packs: Packs,
        output: Output,
        draw: Draw,
    ) -> None:
        with opened(packs, output) as source:
            question = wanted(source, select, words, name)
            # a misspelt name comes sooner than this
            from evcli.query.topics import plants_instead, topic_answer

            answer = topic_answer(source, topic, question)
            if output.format == "table" and not output.fields:
                answer = plants_instead(source, topic, question, answer)
            same = ""
            if words and output.verbose:
                from evcli.query.operands import in_ids

                same = in_ids(name, question)
            show_drawn(over_time(answer, wide), source, output, draw, in_ids=same)

    return ask
