"""``evcli ask``, and any question whose first word is no command."""

from __future__ import annotations

from evcli.commands.adornments import show_drawn
from evcli.commands.factory import command, no_command
from evcli.commands.options import Draw, Output, Packs, Select, Words
from evcli.commands.session import opened, wanted
from evcli.errors import UnknownName, UsageError, nearest
from evcli.store.names import fold


@command(
    "ask",
    examples=(
        "evcli ask byd",
        "evcli byd 2025",
        "evcli mexico",
        "evcli nev exports 2025",
        "evcli ask 奇瑞 --format csv",
    ),
)
def ask(words: Words = None, *, select: Select, packs: Packs, output: Output, draw: Draw) -> None:
    """What is known of a maker, a place or a count, each line with the command for more.

    The word ask may be left out: evcli byd 2025. Machine formats have the figures of the card.
    """
    if not words:
        raise UsageError("ask whom or what?", "evcli ask byd, evcli ask mexico")
    with opened(packs, output) as source:
        try:
            question = wanted(source, select, words, "ask")
        except UnknownName:
            from evcli.commands.app import COMMANDS

            first = words[0]
            if nearest(first, COMMANDS) and not source.store.spellings([fold(first)]):
                raise UsageError(no_command(first, COMMANDS)) from None
            raise
        from evcli.query.card import card_answer

        answer = card_answer(source, question, people=output.format == "table")
        show_drawn(answer, source, output, draw)
