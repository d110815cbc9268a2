"""``evcli ask``, and any question whose first word is no command."""

from __future__ import annotations

from typing import Annotated

from evcli.commands import completion
from evcli.commands.adornments import show_drawn
from evcli.commands.factory import command
from evcli.commands.options import Draw, Output, Packs, Select, argument
from evcli.commands.session import opened, wanted


@command(
    "ask",
    examples=("evcli ask byd 2025", "evcli byd 2025", "evcli mexico", "evcli nev exports 2025"),
)
def ask(
    words: Annotated[
        list[str], argument("WORDS...", "A maker, a place or a count.", completion.subjects)
    ],
    *,
    select: Select,
    packs: Packs,
    output: Output,
    draw: Draw,
) -> None:
    """What is known of a maker, a place or a count, each line with the command for more.

    The word ask may be left out: evcli byd 2025.
    """
    with opened(packs, output) as source:
        question = wanted(source, select, words)
        from evcli.query.card import card_answer

        answer = card_answer(source, question, people=output.format == "table")
        show_drawn(answer, source, output, draw)
