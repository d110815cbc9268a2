"""``evcli find``."""

from __future__ import annotations

from typing import Annotated

from evcli.commands.factory import command
from evcli.commands.options import Output, Packs, argument
from evcli.commands.session import opened, show


@command(
    "find",
    examples=("evcli find horgos", "evcli find 奇瑞", "evcli find battery swap --format json"),
    refuses=("as_of", "include_deprecated"),
)
def find(
    words: Annotated[list[str], argument("WORDS...", "What to look for; all words must be found.")],
    *,
    packs: Packs,
    output: Output,
) -> None:
    """Search titles, names, aliases, notes and methods, in English and Chinese."""
    from evcli.query.catalogue import find_answer

    with opened(packs, output) as source:
        show(find_answer(source.store, words), output)
