"""The card of a maker, a place or a count: what is known, each line with the command for more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from evcli.grouping import grouped
from evcli.model.answer import Answer, HumanColumn, Row, Value, View
from evcli.model.figure import Figure
from evcli.model.period import Window
from evcli.model.vocabulary import OWN_COUNT, name_in
from evcli.query.figures import Figures
from evcli.query.rows import FIGURE_COLUMNS, footnotes
from evcli.query.selection import Query
from evcli.query.topic_answer import WHOLES, plants_instead, topic_answer
from evcli.query.topic_table import TOPICS
from evcli.text.lists import counted

_BY_SIZE = ("registered", "market share")  # groups of which only the largest stand on the card
_LARGEST = 2
_UNIT = "vehicles"  # of most lines, so that it stands in the title
_VIEWS = (
    HumanColumn("", fields=("line",)),
    HumanColumn("value", View.BOUNDED, ("value", "low", "high"), "shown_unit"),
    HumanColumn("growth", View.CHANGE, ("yoy", "yoy_low", "yoy_high", "yoy_qualifier")),
    HumanColumn("evcli ...", fields=("more",)),
)
_MOST = 4  # lines of one topic
_TOPICS = ("sales", "exports", "investment", "network")


def card_answer(source: Figures, wanted: Query, *, people: bool) -> Answer:
    """What is known of who, or which place, the question names; of a count the topic's answer.

    For *people* lines on rank, duties and plants stand beside the figures.
    """
    where = wanted.where
    if where.metrics == ("sales",):  # what everybody calls it
        wanted = wanted._replace(where=where._replace(metrics=()))
        return topic_answer(source, TOPICS["sales"], wanted)
    named = [*where.subjects, *where.destinations]
    if len(named) != 1 or where.metrics or where.scopes or wanted.by or "CN" in named:
        # the topic that has the metric named; else exports, of a maker in a place sales
        usual = TOPICS["sales" if set(where.subjects) - {"CN"} else "exports"]
        having = (each for each in TOPICS.values() if set(where.metrics) & set(each.metrics))
        topic = next(having, usual)
        answer = topic_answer(source, topic, wanted)
        sites = people and where.subjects and where.destinations
        return plants_instead(source, topic, wanted, answer) if sites else answer
    places = [source.words.place(each) for each in where.destinations]
    words = " ".join([*where.subjects, *map(str.casefold, places)])
    year = f" {wanted.when.year}" if wanted.when.year else ""
    rows: list[dict[str, Value]] = []
    answers = {name: topic_answer(source, TOPICS[name], wanted) for name in _TOPICS}
    for name, answer in answers.items():
        for at, row in enumerate(_chief(answer)):
            more = f"{name} {words}{year}" if not at else ""
            unit = "" if row["unit"] == _UNIT else row["unit"]
            line = _line(name, row, answer.figures[str(row["id"])])
            rows.append({**row, "line": line, "more": more, "shown_unit": unit})
    if people:
        rows += _beside(source, wanted, words)
    title = places[0] if places else name_in(source.words.subjects, named[0])
    return Answer(
        FIGURE_COLUMNS,
        rows,
        _VIEWS,
        footnotes=footnotes(rows, source.store),
        figures=dict(chain.from_iterable(each.figures.items() for each in answers.values())),
        # the plans left out are the topics' affair
        notes=tuple(n for each in answers.values() for n in each.notes if n != each.hint),
        title=f"{title} · what is known{f' · {wanted.when.year}' if year else ''}",
        unit=_UNIT,
        hint="" if rows else next(filter(None, (each.hint for each in answers.values())), ""),
    )


def _chief(answer: Answer) -> list[Row]:
    """Of each group the newest year and the newest month, or the largest; few in all."""
    order = range(len(answer.rows)) if answer.screen is None else answer.screen
    groups = grouped((answer.rows[at] for at in order), lambda row: str(row.get("group", "")))
    chosen: list[Row] = []
    for group, rows in groups.items():
        if group in _BY_SIZE:
            chosen += [row for row in rows if row["scope"] in WHOLES][:_LARGEST]
            continue
        same = [row for row in rows if row.get("what") == rows[0].get("what")]
        years = [row for row in same if row["window"] == Window.YEAR]
        chosen += [*years[-1:], *(row for row in same[-1:] if row not in years)]
    return chosen[:_MOST]


def _line(topic: str, row: Row, figure: Figure) -> str:
    """What a line is about: group, label and, unless it is the maker itself, the counter."""
    parts = [str(row.get("what") or "")]
    if topic == "exports":
        parts = ["exported", *(part for part in parts if row["scope"] != "all")]
    elif row.get("group"):
        parts[:0] = [str(row["group"])]
    counter = row.get("counter")
    by = "" if counter == OWN_COUNT or counter == parts[0] else f" ({counter})"
    return f"{', '.join(filter(None, parts))}{by} {figure.period.label}"


def _short(row: Row) -> str:
    """Who imposes a measure: EU, US; a code that is not the initials says less than a name."""
    name, code = str(row["place"]), str(row["jurisdiction"])
    return code if code == "".join(part[0] for part in name.split()) else name


def _beside(source: Figures, wanted: Query, words: str) -> Iterator[dict[str, Value]]:
    """Rank, duties and plants: lines of their own, with the command that shows them."""
    from evcli.query.plants import plants_answer
    from evcli.query.policy import measures_answer
    from evcli.query.ranking import top_answer

    where = wanted.where
    maker = bool(where.subjects)
    everybody = where._replace(subjects=(), destinations=())
    by = "" if maker else "destination"
    ranking = top_answer(source, wanted._replace(where=everybody, by=by))
    field, named = ("subject", where.subjects) if maker else ("destination", where.destinations)
    placed = [row for row in ranking.rows if row.get("position")]
    for row in placed:
        if row[field] in named:
            all_of_them = "makers" if maker else "destinations"
            when = ranking.figures[str(row["id"])].period.label
            text = f"no. {row['position']} of {len(placed)} {all_of_them} {when}"
            yield {"line": text, "more": f"top {all_of_them} {when.lower()}"}
    measures = measures_answer(source, Query(where)).rows
    lines = dict.fromkeys(f"{_short(row)} {row['what']} {row['terms']}" for row in measures)
    for at, text in enumerate([*lines][:_LARGEST]):
        yield {"line": text, "more": f"policy {words}" if not at else ""}
    plants = plants_answer(source, Query(where)).rows
    if plants:
        working = sum(row.get("status") == "operating" for row in plants)
        text = f"{counted(len(plants), 'plant')}, {working} operating"
        yield {"line": text, "more": f"plants {words}"}
