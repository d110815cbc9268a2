"""Look-ups: ``evcli exports`` and the other topics, made from one table, ``get`` and ``ask``;
``series``, ``find``, ``coverage``, ``policy`` and ``plants``, whose rows are no figures.
"""

from typing import Annotated

from evcli.commands import completion
from evcli.commands.factory import Command, command, no_command
from evcli.commands.options import Draw, Output, Packs, Select, Wide, Words, as_typed
from evcli.commands.session import Asked, in_ids, opened, show, taker, wanted
from evcli.errors import UnknownName, UsageError, nearest
from evcli.model import EVENT_KINDS
from evcli.query import questions
from evcli.query.questions import REFUSES, WAYS
from evcli.query.selection import BY


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
def ask(
    words: Words = None, *, select: Select, packs: Packs, output: Output, draw: Draw
) -> int | None:
    """What is known of a maker, a place or a count, each line with the command for more."""
    lines = words == ["-"]
    if lines and not taker.get():  # no line and no report reads others
        from evcli.commands.inside import answer_lines

        if (select, output, draw) != (Select(), Output().settled(), Draw()):
            hint = "only options on fact files hold for all lines"
            raise UsageError("ask - answers each line by one JSON object, as it asks", hint)
        return answer_lines(as_typed(packs))
    with opened(packs, output) as source:
        said, people = [] if lines else words or [], output.format == "table"
        try:
            answer = questions.ask(source, said, people=people, **select._asdict())
        except UnknownName:
            from evcli.commands.app import COMMANDS
            from evcli.store.names import fold

            typed = words or [""]
            begun = [fold(" ".join(typed[:count])) for count in range(1, 4)]
            if nearest(typed[0], COMMANDS) and not source.store.spellings(begun):
                raise UsageError(no_command(typed[0], COMMANDS)) from None
            raise
        show(answer, output, draw, source)
    return None


@command(refuses=("as_of", "vintage", "include_deprecated"))
def find(words: Annotated[list[str], "find"], *, packs: Packs, output: Output) -> None:
    """Search titles, names, aliases, notes and methods, in English and Chinese."""
    from evcli.query.catalogue import find_answer

    with opened(packs, output) as source:
        show(find_answer(source.store, words), output, source=source)


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
        show(series_answer(source, chosen)._replace(title=title), output, source=source)


@command(refuses=("vintage", *REFUSES["coverage"]))
def coverage(words: Words = None, *, select: Select, packs: Packs, output: Output) -> None:
    """Which months are stated, derived or missing, and how old the newest figure is."""
    from evcli.query.catalogue import coverage_answer

    with opened(packs, output) as source:
        question = wanted(source, select, words, "coverage")
        show(coverage_answer(source, question, said=bool(words)), output, source=source)


@command(refuses=("vintage", *REFUSES["policy"]))
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
    options = select._asdict() | {"destination": [*select.destination, *(jurisdiction or ())]}
    with opened(packs, output) as source:
        answer, question, kinds = questions.policy(
            source, words or (), on=on, history=history, events=events, kinds=kind or (), **options
        )
        same = " ".join([in_ids("policy", question), *kinds]) if output.verbose else ""
        show(answer, output, source=source, in_ids=same)


@command(refuses=("vintage", *REFUSES["plants"], *Draw._fields), by=WAYS["plants"])
def plants(
    words: Words = None, *, history: Annotated[bool, "history of plants"] = False, asked: Asked
) -> None:
    """Plants abroad, one row each: newest status, start, capacity and investment."""
    with asked.reading(words) as (source, question):
        from evcli.query.plants import plants_answer  # a misspelt name comes sooner

        asked.show(plants_answer(source, question, history=history), source, question)
