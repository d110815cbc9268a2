"""What the shell offers on Tab: names from the store, without loading anything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Items = list[tuple[str, str]]


def choice(*words: str) -> Callable[[str], list[str]]:
    """Complete one of a few fixed words."""

    def complete_choice(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete_choice


def _names(kinds: Sequence[str], incomplete: str) -> Items:
    # a completion that fails must stay silent: the shell would print the error into the line
    try:
        from evcli.store import open_store, pack_choice

        with open_store(pack_choice((), no_builtin=False)) as store:
            found = [pair for kind in kinds for pair in store.names(kind)]
    except Exception:
        return []
    folded = incomplete.casefold()
    return [(name, label) for name, label in found if name.casefold().startswith(folded)]


def series(incomplete: str) -> Items:
    """Series ids."""
    return _names(("series",), incomplete)


def subjects(incomplete: str) -> Items:
    """Subject ids."""
    return _names(("subject",), incomplete)


def series_or_subjects(incomplete: str) -> Items:
    """Series ids and subject ids."""
    return _names(("series", "subject"), incomplete)


def metrics(incomplete: str) -> Items:
    """Metric ids."""
    return _names(("metric",), incomplete)


def scopes(incomplete: str) -> Items:
    """Scope ids."""
    return _names(("scope",), incomplete)


def destinations(incomplete: str) -> Items:
    """Country codes and regions."""
    return _names(("destination",), incomplete)


def publishers(incomplete: str) -> Items:
    """Publisher ids."""
    return _names(("publisher",), incomplete)


def sources(incomplete: str) -> Items:
    """Source ids."""
    return _names(("source",), incomplete)


def periods(incomplete: str) -> Items:
    """Periods for which something is stated."""
    return _names(("period",), incomplete)
