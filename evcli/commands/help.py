"""``evcli help``: short texts on what all commands share, and the help of each command."""

from pathlib import Path
from typing import Annotated

import typer

from evcli.commands.completion import choice
from evcli.commands.factory import Context, LazyGroup, command, print_text
from evcli.errors import UsageError

_TEXTS = Path(__file__).parent / "help_texts"
_INDEX = Path(__file__).with_name("help_topics.txt").read_text("utf-8")
# name: one line
TOPICS = dict(each.split(maxsplit=1) for each in _INDEX.splitlines() if each.startswith(" "))


@command()
def help_command(
    ctx: typer.Context, topic: Annotated[list[str] | None, "topic", choice(*TOPICS)] = None
) -> None:
    """Help on a topic, or on a command."""
    if not topic:
        print_text(_INDEX)
    elif len(topic) == 1 and topic[0] in TOPICS:
        print_text(topic_text(topic[0]))
    else:
        print_text(_help_of(topic, ctx))


def topic_text(topic: str) -> str:
    """The text of one of :data:`TOPICS`."""
    return (_TEXTS / f"{topic}.txt").read_text("utf-8")


def _help_of(words: list[str], ctx: Context) -> str:
    """The help of the command that *words* name, one word a level."""
    here = ctx.find_root()
    for level, word in enumerate(words):
        group = here.command
        if not isinstance(group, LazyGroup):
            name = " ".join(words[:level])
            raise UsageError(f"{name} has no commands of its own", f"evcli help {name}")
        found = group.get_command(here, word)
        if found is None:
            what = f"command of {words[level - 1]}" if level else "topic or command"
            names = group.table if level else [*TOPICS, *group.table]
            raise UsageError.one_of(what, word, names)
        here = found.make_context(word, [], parent=here, resilient_parsing=True)
    return here.get_help() + "\n"
