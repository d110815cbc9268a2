"""What the shell offers on Tab: names from the store as it is, without loading anything else."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Items = list[tuple[str, str]]


class _Offered(str):
    """A word that is offered although it does not begin as typed."""

    def startswith(self, *_: object) -> bool:
        """Whether Typer lets it through."""
        return True


def choice(*words: str) -> Callable[[str], list[str]]:
    """Complete one of a few fixed words."""
    return lambda incomplete: [word for word in words if word.startswith(incomplete)]


def names(*kinds: str) -> Callable[[Any, str], Items]:
    """Complete a name of some kinds, offered with its label; behind ``SERIES@`` its periods."""

    def complete_names(ctx: Any, incomplete: str) -> Items:
        # a completion that fails must stay silent: the shell would print the error into the line
        try:
            from evcli.store import open_store, pack_choice

            # the words before the one to complete, as bash takes the line apart
            typed = os.environ.get("COMP_WORDS", "").split()
            typed = typed[: int(os.environ.get("COMP_CWORD") or len(typed))]
            if typed[-1:] == ["="]:  # bash takes --scope=nev for three words
                return _of_option(ctx, typed[-2], incomplete)
            id, at, period = incomplete.rpartition("@")
            before = f"{id}{at}"
            if typed[-1:] == ["@"]:  # bash takes SERIES@2025 for three, and replaces two
                id, before = typed[-2], "@"
            elif at and not id and typed:
                id = typed[-1]
            asked = ctx.params
            choice = pack_choice(map(Path, asked.get("facts") or ()), bool(asked.get("no_builtin")))
            with open_store(choice, stale=True) as store:  # Tab compiles nothing
                if id and "series" in kinds:
                    known = [each for each in store.periods_of(id) if each.startswith(period)]
                    return [(_Offered(f"{before}{each}"), "") for each in known]
                found = store.offers(kinds, incomplete, _metrics(ctx, kinds))
        except Exception:
            return []
        return list({_as_typed(text, incomplete): label for text, label in found}.items())

    return complete_names


def _of_option(ctx: Any, name: str, incomplete: str) -> Items:
    os.environ["COMP_WORDS"] = ""  # the option's own completion is not behind a sign
    for param in ctx.command.params:
        if name in param.opts:
            return [(each.value, each.help or "") for each in param.shell_complete(ctx, incomplete)]
    return []


def _metrics(ctx: Any, kinds: Sequence[str]) -> Sequence[str]:
    """What the figures of a topic measure; none, which is all, for any other command."""
    from evcli.query.topic_table import TOPICS

    topic = TOPICS.get(ctx.command.name or "")
    if topic is None:
        return ()
    return topic.metrics if kinds == ("metric",) else (*topic.first, *topic.then)


def _as_typed(text: str, incomplete: str) -> str:
    """One word that begins as typed: names are read in any case, and a hyphen is a space."""
    word = text.replace(" ", "-")
    word = word.casefold() if incomplete.islower() else word
    same = word.casefold().startswith(incomplete.casefold())
    return incomplete + word[len(incomplete) :] if same else word


series = names("series")
sources = names("source")
words = names("subject", "destination", "scope", "metric", "publisher", "series")
periods = names("period")
