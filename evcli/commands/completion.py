"""What the shell offers on Tab: names from the store, without loading anything else."""

from __future__ import annotations

from collections.abc import Callable

Items = list[tuple[str, str]]


def choice(*words: str) -> Callable[[str], list[str]]:
    """Complete one of a few fixed words."""

    def complete_choice(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete_choice


def _names(*kinds: str) -> Callable[[str], Items]:
    """Complete a name of some kinds that the store knows: its id, offered with its label."""

    def complete_names(incomplete: str) -> Items:
        # a completion that fails must stay silent: the shell would print the error into the line
        try:
            from evcli.store import open_store, pack_choice

            with open_store(pack_choice((), no_builtin=False)) as store:
                found = [pair for kind in kinds for pair in store.names(kind)]
        except Exception:
            return []
        folded = incomplete.casefold()
        return [(name, label) for name, label in found if name.casefold().startswith(folded)]

    return complete_names


series = _names("series")
subjects = _names("subject")
series_or_subjects = _names("series", "subject")
metrics = _names("metric")
scopes = _names("scope")
destinations = _names("destination")  # codes of countries, and regions
publishers = _names("publisher")
sources = _names("source")
words = _names("subject", "destination", "scope", "metric", "publisher", "series")
years = _names("year")
periods = _names("period")  # for which something is stated
