"""Asks evcli itself: what a command line answers, as rows and pictures instead of text.

A report is made of commands, so the figures in it are those that a reader gets who types them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evcli.commands.runtime import taken_by
from evcli.errors import UsageError
from evcli.model.answer import Answer
from evcli.model.picture import Picture


class Asked(NamedTuple):
    """What a command answered: its rows, and what it would draw."""

    answer: Answer
    pictures: tuple[Picture, ...] = ()


def asked(arguments: Sequence[str]) -> Asked:
    """What ``evcli ARGUMENTS`` answers.

    Raises what the command raises, and UsageError where it answers with no rows at all.
    """
    from evcli.commands.app import build

    taken: list[Asked] = []
    with taken_by(lambda answer, pictures: taken.append(Asked(answer, tuple(pictures)))):
        build().main(args=list(arguments), prog_name="evcli", standalone_mode=False)
    if not taken:
        told = " ".join(arguments)
        raise UsageError(f"evcli {told} answers with no table", "ask another command")
    return taken[-1]
