"""Facts carry over, sentences do not: what is quoted of a page is a figure's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evcli.model.records import Record

WORDS, SIGNS = 8, 48  # "1.384 million units, growth of 1.2 times" has seven
QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」')


def quoted_of_pages(record: Record) -> Iterator[tuple[str, str]]:
    """Every text that is a page's own, with the id of what has it."""
    for fact in record.facts:
        for text in (fact.stated, fact.printed, fact.yoy_stated, fact.mom_stated):
            yield fact.id, text
    for source in record.sources.values():
        for left in source.left_out:
            yield source.id, left.text
    for measure in record.measures:
        for text in (measure.rate_stated, measure.on_top_of, measure.minimum, measure.quota):
            yield measure.id, text


def notes(record: Record) -> Iterator[tuple[str, str]]:
    """Every text of the curators'."""
    on_plants = [fact for plant in record.plants for fact in plant.facts]
    dated = (*record.facts, *record.events, *record.measures, *record.claims)
    others: tuple[Any, ...] = (*record.plants, *record.sources.values(), *record.series.values())
    for each in (*others, *dated, *on_plants):
        for name in ("note", "reason", "reading"):
            yield each.id, getattr(each, name, "")
    for source in record.sources.values():
        yield from ((source.id, each.problem) for each in source.problems)
        yield from ((source.id, each.reason) for each in source.left_out)
    for each in record.acknowledged:
        yield each.facts[0], each.reason


def is_long(text: str) -> bool:
    return len(text.split()) > WORDS or len(text) > SIGNS


def test_what_is_quoted_of_a_page_is_no_longer_than_the_words_of_a_figure(record: Record) -> None:
    assert {id: text for id, text in quoted_of_pages(record) if is_long(text)} == {}


def test_no_note_quotes_a_sentence(record: Record) -> None:
    found = {
        id: quoted
        for id, text in notes(record)
        for groups in QUOTED.findall(text)
        for quoted in filter(None, groups)
        if is_long(quoted)
    }
    assert found == {}


def test_a_sentence_would_be_found() -> None:
    sentence = "China exported 212,000 new-energy vehicles in May, up 120 percent from last year."
    assert is_long(sentence)
    assert QUOTED.findall(f'The page: "{sentence}"')[0][0] == sentence
