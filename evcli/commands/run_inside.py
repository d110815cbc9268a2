"""Runs a command line inside the process: its answer as rows and pictures instead of text.

A report is made of commands, so the figures in it are those that a reader gets who types them.
"""

from __future__ import annotations

from collections.abc import Sequence

from evcli.commands.session import taken_by
from evcli.errors import UsageError
from evcli.model.answer import Answer
from evcli.model.picture import Picture


def run_inside(arguments: Sequence[str]) -> tuple[Answer, Sequence[Picture]]:
    """What ``evcli ARGUMENTS`` answers: its rows, and what it would draw.

    Raises what the command raises, and UsageError where it prints no rows at all.
    """
    from evcli.commands.app import build

    taken: list[tuple[Answer, Sequence[Picture]]] = []
    with taken_by(lambda answer, pictures: taken.append((answer, pictures))):
        build().main(args=list(arguments), prog_name="evcli", standalone_mode=False)
    if not taken:
        raise UsageError(
            f"evcli {' '.join(arguments)} prints no table and cannot be used in a report",
            "name another command",
        )
    return taken[-1]
