"""The history of the built-in record, which ``docs/history.py`` writes beside the fact files."""

import csv
from pathlib import Path

from evcli.store import cache
from evcli.store.opening import PACKAGE
from evcli.store.reader import Store
from evcli.tuples import NamedTuple

HISTORY = "history.csv"
RELEASED = "released"  # what became of a release of evcli, in place of a fact


class HistoryLine(NamedTuple):
    """What became of a fact on a day, and the record, by its fingerprint, that has it so.

    ``before`` and ``after`` are what evcli answered for its series and period, ``stated_before``
    and ``stated_after`` what the fact itself said; each is empty where there was nothing. ``about``
    are the ids of whose plant, measure or event it is, and where; a series says that itself.
    """

    date: str
    record: str
    fact: str
    what: str
    title: str
    period: str
    before: str
    after: str
    reason: str
    source: str
    about: str
    stated_before: str
    stated_after: str


def read_history(file: Path) -> list[HistoryLine]:
    """Every line of a file, the oldest first; none where there is no file."""
    if not file.is_file():
        return []
    with file.open(newline="", encoding="utf-8") as opened:
        return [HistoryLine(**row) for row in csv.DictReader(opened)]


def history_of(store: Store) -> list[HistoryLine]:
    """What became of the built-in facts that *store* has, the oldest first."""
    file = cache.builtin_directories(PACKAGE)[0] / HISTORY
    return read_history(file) if store.choice and store.choice.builtin else []


def record_name(store: Store) -> str:
    """What to quote of a record: its fingerprint and, but for packs of one's own, the day of its
    last change, which ``evcli changes --since`` take, and how new its newest source is.
    """
    lines = [] if store.choice is None or store.choice.facts else history_of(store)
    day = f" of {lines[-1].date}" if lines else ""
    newest = f", newest source {store.newest_source}" if store.newest_source else ""
    return f"record {store.digest[:12]}{day}{newest}"
