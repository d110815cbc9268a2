"""Look-ups: ``evcli exports`` and the other topics, made from one table, ``get`` and ``ask``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evcli.commands.factory import Command, command, no_command
from evcli.commands.options import Draw, Output, Packs, Select, Wide, Words
from evcli.commands.session import Asked, opened, show, wanted
from evcli.errors import UnknownName, UsageError, nearest
from evcli.query.selection import BY

if TYPE_CHECKING:
    from evcli.model.answer import Answer
    from evcli.query.figures import Figures


def topic_command(name: str) -> Command:
    """The command of a topic."""
    from evcli.query.topic_table import TOPICS  # read from a file

    topic = TOPICS[name]

    @command(description=topic.description, refuses=("bars", "chart"), by=BY)
    def look_up(words: Words = None, *, wide: Wide = False, asked: Asked) -> None:
        with asked.reading(words) as (source, question):
            # a misspelt name comes sooner than this
            from evcli.query.topic_answer import plants_instead, topic_answer

            answer = topic_answer(source, topic, question)
            if topic.plants and asked.output.format == "table" and not asked.output.fields:
                answer = plants_instead(source, topic, question, answer)
            asked.show(answer, source, question, wide=wide)

    return look_up(name)


@command(refuses=("bars", "chart"), by=BY)
def get(words: Words = None, *, wide: Wide = False, asked: Asked) -> None:
    """Any series, by id or in words: every stated period, oldest first.

    --year takes every period within the year, --period exactly one.
    """
    with asked.reading(words) as (source, question):
        from evcli.query.operands import series_wanted

        chosen = series_wanted(source, question)
        from evcli.query.windows import get_answer  # a misspelt name comes sooner

        answer = get_answer(source, chosen, question)
        asked.show(answer, source, question, [each.id for each in chosen], wide=wide)


@command()
def ask(words: Words = None, *, select: Select, packs: Packs, output: Output, draw: Draw) -> None:
    """What is known of a maker, a place or a count, each line with the command for more.

    The word ask may be left out: evcli byd 2025. Machine formats have the figures of the card.
    A word such as plant or tariff asks plants or policy: evcli byd plant hungary.
    """
    if not words:
        raise UsageError("ask whom or what?", "evcli ask byd, evcli ask mexico")
    with opened(packs, output) as source:
        from evcli.query.words import command_named

        command, others = command_named(source.store, words)
        try:
            if command:
                answer = _answer_of(command, source, select, words, others)
            else:
                question = wanted(source, select, words, "ask")
                from evcli.query.card import card_answer  # a misspelt name comes sooner

                answer = card_answer(source, question, people=output.format == "table")
        except UnknownName:
            from evcli.commands.app import COMMANDS
            from evcli.store.names import fold

            begun = [fold(" ".join(words[:count])) for count in range(1, 4)]
            if nearest(words[0], COMMANDS) and not source.store.spellings(begun):
                raise UsageError(no_command(words[0], COMMANDS)) from None
            raise
        show(answer, output, draw, source)


def _answer_of(
    command: str, source: Figures, select: Select, words: Sequence[str], others: Sequence[str]
) -> Answer:
    """What ``plants`` or ``policy`` answers; *others* are the words without the one for it."""
    from evcli.query.plants import plants_answer
    from evcli.query.policy import instruments_named, measures_answer

    if command == "plants":
        return plants_answer(source, wanted(source, select, others, command))
    instruments, rest = instruments_named(source.store, words)
    rest = [each for each in rest if each in others]
    return measures_answer(source, wanted(source, select, rest, command), instruments=instruments)
