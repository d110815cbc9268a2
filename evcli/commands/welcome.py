"""What evcli says of itself: questions and the command that answers each, and its version.

``--version`` is answered before anything of Typer is imported.
"""

from __future__ import annotations

from collections.abc import Mapping

from evcli.grouping import grouped

QUESTIONS: tuple[tuple[str, str], ...] = (
    ("How many new-energy vehicles did China export?", "evcli exports nev 2025"),
    ("Who sells more abroad, BYD or Chery?", "evcli compare byd chery"),
    ("Where do the vehicles go?", "evcli top destinations 2025"),
    ("Which duty does BYD pay in the EU?", "evcli policy eu byd"),
    ("Where does a number come from?", "evcli explain nev exports 2025"),
)

_HEAD = "evcli: figures on China's vehicle exports, each with its source and its bounds.\n\n"
_TAIL = """
-n notes   -s sources   --all all rows   --csv, --json, -o FILE for programs

evcli help words       how a question is read; also periods, bounds, definitions
evcli COMMAND --help   examples and every option; evcli --help has all commands
"""


def welcome_text(commands: Mapping[str, tuple[str, str, str]]) -> str:
    """What a bare ``evcli`` shows: questions, and the names of the commands by their groups."""
    groups = grouped(commands, lambda name: commands[name][1])
    asked = "".join(f"{question:<49}{answer}\n" for question, answer in QUESTIONS)
    names = "".join(f"{heading:<10}{' '.join(each)}\n" for heading, each in groups.items())
    return f"{_HEAD}{asked}\n{names}{_TAIL}"


def version_text() -> str:
    """The version, and a line on the record, so that a quotation can name both.

    The line is left out where the packs cannot be read: other commands say why.
    """
    import os
    from contextlib import suppress

    from evcli.errors import EvcliError
    from evcli.store import open_store, pack_choice
    from evcli.store.history import record_name
    from evcli.version import __version__

    lines = [f"evcli {__version__}"]
    choice = pack_choice((), False, os.environ)
    with suppress(EvcliError), open_store(choice, environ=os.environ) as store:
        newest = f", newest figure {store.newest_figure}" if store.newest_figure else ""
        lines.append(f"{record_name(store)}{newest}")
    return "".join(f"{line}\n" for line in lines)
