"""Look-ups: ``evcli exports`` and the other topics, made from one table, ``get`` and ``ask``;
``series``, ``find``, ``coverage``, ``policy`` and ``plants``, whose rows are no figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from evcli.commands import completion
from evcli.commands.factory import Command, command, no_command
from evcli.commands.options import Draw, Output, Packs, Select, Wide, Words
from evcli.commands.session import Asked, in_ids, opened, show, wanted
from evcli.errors import UnknownName, UsageError, check_one_of, nearest
from evcli.model import EVENT_KINDS
from evcli.query.selection import BY

if TYPE_CHECKING:
    from evcli.model.answer import Answer
    from evcli.query.figures import Figures


def topic_command(name: str) -> Command:
    """The command of a topic."""
    from evcli.query.topic_table import TOPICS  # read from a file

    topic = TOPICS[name]

    @command(description=topic.description, refuses=("bars", "chart"), by=BY)
    def look_up(words: Words = None, *, wide: Wide = False, asked: Asked) -> None:
        with asked.reading(words) as (source, question):
            # a misspelt name comes sooner than this
            from evcli.query.topic_answer import plants_instead, topic_answer

            answer = topic_answer(source, topic, question)
            if topic.plants and asked.output.format == "table" and not asked.output.fields:
                answer = plants_instead(source, topic, question, answer)
            asked.show(answer, source, question, wide=wide)

    return look_up(name)


@command(refuses=("bars", "chart"), by=BY)
def get(words: Words = None, *, wide: Wide = False, asked: Asked) -> None:
    """Any series, by id or in words: every stated period, oldest first."""
    with asked.reading(words) as (source, question):
        from evcli.query.operands import series_wanted

        chosen = series_wanted(source, question)
        from evcli.query.windows import get_answer  # a misspelt name comes sooner

        answer = get_answer(source, chosen, question)
        asked.show(answer, source, question, [each.id for each in chosen], wide=wide)


@command()
def ask(words: Words = None, *, select: Select, packs: Packs, output: Output, draw: Draw) -> None:
    """What is known of a maker, a place or a count, each line with the command for more."""
    if not words:
        raise UsageError("ask whom or what?", "evcli ask byd, evcli ask mexico")
    with opened(packs, output) as source:
        from evcli.query.words import command_named

        command, others = command_named(source.store, words)
        try:
            if command:
                answer = _answer_of(command, source, select, words, others)
            else:
                question = wanted(source, select, words, "ask")
                from evcli.query.topic_answer import card_answer  # a misspelt name comes sooner
                from evcli.query.windows import get_answer

                answer = card_answer(source, question, people=output.format == "table")
                if not answer.rows:  # what no topic shows
                    found = get_answer(source, question.where.series(source.store), question)
                    answer = found if found.rows else answer
        except UnknownName:
            from evcli.commands.app import COMMANDS
            from evcli.store.names import fold

            begun = [fold(" ".join(words[:count])) for count in range(1, 4)]
            if nearest(words[0], COMMANDS) and not source.store.spellings(begun):
                raise UsageError(no_command(words[0], COMMANDS)) from None
            raise
        show(answer, output, draw, source)


def _answer_of(
    command: str, source: Figures, select: Select, words: Sequence[str], others: Sequence[str]
) -> Answer:
    """What ``plants`` or ``policy`` answers; *others* are the words without the one for it."""
    from evcli.query.plants import plants_answer
    from evcli.query.policy import instruments_named, measures_answer

    if command == "plants":
        return plants_answer(source, wanted(source, select, others, command))
    instruments, rest = instruments_named(source.store, words)
    rest = [each for each in rest if each in others]
    return measures_answer(source, wanted(source, select, rest, command), instruments=instruments)


@command(refuses=("as_of", "vintage", "include_deprecated"))
def find(
    words: Annotated[list[str], "find"],
    *,
    packs: Packs,
    output: Output,
) -> None:
    """Search titles, names, aliases, notes and methods, in English and Chinese."""
    from evcli.query.catalogue import find_answer

    with opened(packs, output) as source:
        show(find_answer(source.store, words), output)


@command(refuses=("year", "period", "since", "until", "plans", "by", "basis", "source"))
def series(words: Words = None, *, select: Select, packs: Packs, output: Output) -> None:
    """The series that the record has: id, title, periods and newest figure."""
    from evcli.query.catalogue import series_answer
    from evcli.query.operands import said_of
    from evcli.query.selection import series_named

    with opened(packs, output) as source:
        question = wanted(source, select, words, "series")
        named = question.series and series_named(source.store, question.series)
        where = question.where.with_parts(source.words)
        chosen = [one for one in named or source.store.select_series() if where.admits(one)]
        title = " · ".join(["Series", *said_of(question.where, source.words).values()])
        show(series_answer(source, chosen)._replace(title=title), output)


@command(refuses=("vintage", "plans", "by", "basis", "source"))
def coverage(words: Words = None, *, select: Select, packs: Packs, output: Output) -> None:
    """Which months are stated, derived or missing, and how old the newest figure is."""
    from evcli.model.period import parse_period, today
    from evcli.query.catalogue import coverage_answer, default_series
    from evcli.query.operands import counts, said_of
    from evcli.query.selection import series_named

    with opened(packs, output) as source:
        question = wanted(source, select, words, "coverage")
        if question.series:
            chosen = series_named(source.store, question.series)
        elif question.where == type(question.where)():
            chosen = default_series(source)
        else:
            chosen = counts(source, question) if words else question.where.series(source.store)
        end = parse_period(source.as_of).end if source.as_of else None
        answer = coverage_answer(source, chosen, question, end or today())
        title = " · ".join([answer.title, *said_of(question.where, source.words).values()])
        show(answer._replace(title=title), output)


@command(refuses=("plans", "vintage", "metric", "scope", "publisher", "basis", "by"))
def policy(
    words: Words = None,
    *,
    on: Annotated[str, "on"] = "",
    jurisdiction: Annotated[list[str] | None, "jurisdiction"] = None,
    history: Annotated[bool, "history of measures"] = False,
    events: Annotated[bool, "events"] = False,
    kind: Annotated[list[str] | None, "kind", completion.choice(*EVENT_KINDS)] = None,
    select: Select,
    packs: Packs,
    output: Output,
) -> None:
    """Trade measures in force: whose, on what, at which rate, and since when."""
    from evcli.query.policy import events_answer, instruments_named, measures_answer
    from evcli.query.selection import day_named

    for each in kind or ():
        check_one_of("kind of event", each, EVENT_KINDS)
    if (events or kind) and (on or history):
        option = "--on" if on else "--history"
        raise UsageError(f"{option} is for measures, not for events", "leave one out")
    day = day_named(on, "--on") if on else None
    with opened(packs, output) as source:
        instruments, others = instruments_named(source.store, words or ())
        places = [*select.destination, *(jurisdiction or ())]
        question = wanted(source, select._replace(destination=places), others, "policy")
        if events or kind:
            answer = events_answer(source, question, kind or ())
        else:
            answer = measures_answer(
                source, question, on=day, instruments=instruments, history=history
            )
        kinds = [word for word in words or () if word not in others]
        same = " ".join([in_ids("policy", question), *kinds]) if output.verbose else ""
        show(answer, output, in_ids=same)


@command(
    refuses=("plans", "vintage", "metric", "scope", "publisher", "basis", *Draw._fields),
    by=("fact",),
)
def plants(
    words: Words = None,
    *,
    history: Annotated[bool, "history of plants"] = False,
    asked: Asked,
) -> None:
    """Plants abroad, one row each: newest status, start, capacity and investment."""
    from evcli.query.plants import plants_answer

    every_fact = bool(asked.select.by)
    if history and every_fact:
        raise UsageError("--history and --by exclude each other", "give one of them")
    with asked.reading(words) as (source, question):
        answer = plants_answer(source, question, every_fact=every_fact, history=history)
        asked.show(answer, source, question)
