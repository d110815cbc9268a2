"""What ``evcli --version`` prints: the program, and the record that it answers from."""

from __future__ import annotations

from evcli.version import __version__


def version_text() -> str:
    """The version, and a line on the record, so that a quotation can name both.

    The line is left out where the packs cannot be read: other commands say why.
    """
    from evcli.commands.packs import open_packs
    from evcli.diagnostics import Diagnostics
    from evcli.errors import EvcliError

    lines = [f"evcli {__version__}"]
    try:
        with open_packs((), False, Diagnostics(quiet=True)) as store:
            newest = f", newest source {store.newest_source}" if store.newest_source else ""
            lines.append(f"record {store.digest[:12]}{newest}")
    except EvcliError:
        pass
    return "".join(f"{line}\n" for line in lines)
