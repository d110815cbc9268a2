"""What evcli says of itself: questions and the command that answers each, and its version.

``--version`` is answered before anything of Typer is imported.
"""

from collections.abc import Mapping
from pathlib import Path

from evcli.grouping import grouped


def welcome_text(commands: Mapping[str, tuple[str, str, str]]) -> str:
    """What a bare ``evcli`` shows: questions, and the names of the commands by their groups."""
    groups = grouped(commands, lambda name: commands[name][1])
    names = (f"{heading:<10}{' '.join(each)}" for heading, each in groups.items())
    text = Path(__file__).with_name("welcome.txt").read_text("utf-8")
    return text.format(names="\n".join(names))


def version_text() -> str:
    """The version, and a line on the record, left out where the packs cannot be read."""
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
