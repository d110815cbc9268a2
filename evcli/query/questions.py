"""The question behind a command, asked alike from the command line, Python and everywhere else.

>>> from evcli.store import open_store, pack_choice
>>> source = Figures(open_store(pack_choice((), False, {})))
>>> str(wanted(source, "nev exports caam", year=2025).when.year)
'2025'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from evcli.errors import UsageError, check_one_of
from evcli.model import EVENT_KINDS
from evcli.model.period import Period
from evcli.query.figures import Figures
from evcli.query.selection import BY, BY_WINDOW, DIMENSIONS, Query, When, Where, day_named

if TYPE_CHECKING:
    from evcli.model.answer import Answer

Names = str | Iterable[str]
_FILTERS = ("plans", "metric", "scope", "publisher", "basis")
# what a question cannot honour: an answer that overlooks a filter is wrong
REFUSES: Mapping[str, tuple[str, ...]] = {
    "top": ("plans",),
    "compare": ("plans", "basis", "source"),
    "coverage": ("plans", "by", "basis", "source"),
    "policy": (*_FILTERS, "by"),
    "plants": _FILTERS,
}
# in which ways it can be broken down, where not in all
WAYS = {"top": ("subject", "destination"), "compare": tuple(BY_WINDOW), "plants": ("fact",)}
_TIMES = ("year", "period", "since", "until")


class Narrowing(TypedDict, total=False):
    """Which figures: every window inside a ``year``, exactly one ``period``, or a range of them; by
    one name or several of each kind; with ``plans`` plans, too; broken down.
    """

    year: int | str | None
    period: str | date | Period | None
    since: str | date | Period | None
    until: str | date | Period | None
    subject: Names
    metric: Names
    scope: Names
    destination: Names
    publisher: Names
    source: Names
    basis: str
    by: str
    plans: bool


def named(names: object) -> list[str]:
    """One name, or several, as texts."""
    each = names if isinstance(names, Iterable) and not isinstance(names, str) else [names]
    return [*map(str, each)]


def wanted(
    source: Figures, /, words: Names = (), command: str = "", **options: Unpack[Narrowing]
) -> Query:
    """The question that *words* and *options* put to *command*, with every name resolved.

    UsageError for an option that the command cannot honour, and where a word and an option of one
    kind differ; UnknownName, with the nearest names, for what nobody knows.
    """
    given = {name: value for name, value in options.items() if value not in (None, "", (), [])}
    by = str(given.get("by", ""))
    for name in REFUSES.get(command, ()):
        if given.get(name):
            raise UsageError(f"{command} takes no {name}", "leave it out")
    if by:
        check_one_of("way to break down", by, WAYS.get(command, BY))
    when = When.parse(**{name: str(given.get(name, "")) for name in _TIMES})
    names: dict[str, Any] = {e: named(given.get(e, ())) for e in (*DIMENSIONS, "source")}
    names |= {name: given[name] for name in ("basis", "plans") if name in given}
    question = Query(Where.resolve(source.store, **names), when, by)
    typed = named(words)
    if all(map(_is_id, typed)):
        return question._replace(series=tuple(typed))
    from evcli.query.words import merged, read_words

    return merged(read_words(source.store, typed, command), question, command)


def _is_id(word: str) -> bool:
    """Whether a word can be nothing but the id of a series."""
    parts = word.split(".")
    return len(parts) > 2 and all(len(part) > 1 for part in parts) and " " not in word


def ask(
    source: Figures, /, words: Sequence[str], *, people: bool = False, **options: Unpack[Narrowing]
) -> Answer:
    """What is known of a maker, a place or a count; of plants or measures where a word says so.

    For *people* lines on rank, duties and plants stand beside the figures.
    """
    if not words:
        raise UsageError("ask whom or what?", "evcli ask byd, evcli ask mexico")
    from evcli.query.words import command_named

    command, others = command_named(source.store, words)
    if command == "plants":
        from evcli.query.plants import plants_answer

        return plants_answer(source, wanted(source, others, command, **options))
    if command:
        from evcli.query.policy import instruments_named, measures_answer

        instruments, rest = instruments_named(source.store, words)
        question = wanted(source, [e for e in rest if e in others], command, **options)
        return measures_answer(source, question, instruments=instruments)
    question = wanted(source, words, "ask", **options)
    from evcli.query.topic_answer import card_answer  # a misspelt name comes sooner
    from evcli.query.windows import get_answer

    answer = card_answer(source, question, people=people)
    if answer.rows:
        return answer
    # what no topic shows
    found = get_answer(source, question.where.series(source.store), question)
    return found if found.rows else answer


def policy(
    source: Figures,
    /,
    words: Sequence[str] = (),
    *,
    on: str = "",
    history: bool = False,
    events: bool = False,
    kinds: Sequence[str] = (),
    **options: Unpack[Narrowing],
) -> tuple[Answer, Query, list[str]]:
    """Measures in force, or with *events* or *kinds* what happened; the question, and the words
    that name kinds of measures.
    """
    from evcli.query.policy import events_answer, instruments_named, measures_answer

    for each in kinds:
        check_one_of("kind of event", each, EVENT_KINDS)
    if (events or kinds) and (on or history):
        option = "--on" if on else "--history"
        raise UsageError(f"{option} is for measures, not for events", "leave one out")
    day = day_named(on, "--on") if on else None
    instruments, others = instruments_named(source.store, words)
    question = wanted(source, others, "policy", **options)
    if events or kinds:
        answer = events_answer(source, question, kinds)
    else:
        answer = measures_answer(source, question, on=day, instruments=instruments, history=history)
    return answer, question, [word for word in words if word not in others]
