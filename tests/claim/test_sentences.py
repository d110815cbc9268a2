"""Sentences with marks set by hand, before there was code: sentences.csv says why each is as it is.

never.txt has sentences that are wrong or say something else: nothing in them may be supported.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evcli.publish.claim_marks import MARKS, NOT_RECORDED, claims
from evcli.query.figures import Figures
from evcli.store import open_store, pack_choice

HERE = Path(__file__).parent
with (HERE / "sentences.csv").open(encoding="utf-8", newline="") as _file:
    TABLE = [(row["sentence"], row["marks"].split("; ")) for row in csv.DictReader(_file)]
NEVER = (HERE / "never.txt").read_text("utf-8").splitlines()
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
OPEN = re.compile("(?i)than|nearly|about|doubl|twice|topped|over|超过")
# wrong by a hundredth and a half, by three, by a third, by a digit
WRONG_BY = ("1.015", "0.97", "1.33", "0.1")


@pytest.fixture(scope="module")
def record() -> Iterator[Figures]:
    """Figures of the built-in record."""
    with open_store(pack_choice([], False, {}), environ=os.environ, notify=print) as store:
        yield Figures(store)


def marks(record: Figures, sentence: str) -> list[str]:
    """The marks of a sentence's numbers."""
    return [str(row["mark"]) for row in claims(record, sentence)]


def test_the_table_is_large_and_has_every_mark() -> None:
    assert len(TABLE) >= 60
    assert {mark for _, wanted in TABLE for mark in wanted if mark} == set(MARKS)


def test_nineteen_in_twenty_are_marked_as_by_hand_and_no_wrong_one_is_supported(
    record: Figures,
) -> None:
    found = [(sentence, wanted, marks(record, sentence)) for sentence, wanted in TABLE]
    other = [each for each in found if each[2] != (each[1] if each[1] != [""] else [])]
    assert len(other) * 20 <= len(TABLE), other
    for sentence, wanted, got in found:
        pairs = zip(wanted, got, strict=got != [])
        assert all(mark == "supported" for mark, is_ in pairs if is_ == "supported"), sentence


@pytest.mark.parametrize("sentence", NEVER)
def test_nothing_is_supported_in_a_sentence_that_says_something_else(
    sentence: str, record: Figures
) -> None:
    found = marks(record, sentence)
    assert found
    assert "supported" not in found


def test_a_number_that_is_changed_is_supported_no_longer(record: Figures) -> None:
    tried = 0
    for sentence, wanted in TABLE:
        if wanted[0] != "supported" or OPEN.search(sentence):
            continue
        first = next(
            each
            for each in NUMBER.finditer(sentence)
            if not re.fullmatch(r"(?:19|20)\d\d|\d", each[0]) and sentence[each.end()] not in "年月"
        )
        decimals = len(first[0].partition(".")[2])
        for factor in WRONG_BY:
            size = float(first[0].replace(",", "")) * float(factor)
            text = f"{size:,.{decimals}f}" if "," in first[0] else f"{size:.{decimals}f}"
            if text != first[0]:
                changed = sentence[: first.start()] + text + sentence[first.end() :]
                assert marks(record, changed)[0] != "supported", changed
                tried += 1
    assert tried > 80


def test_a_word_more_in_a_sentence_that_is_right_may_only_take_its_support(
    record: Figures,
) -> None:
    right = "China exported {} NEVs in May 2025, according to CAAM."
    assert marks(record, right.format("212,000")) == ["supported"]
    for word in ("fewer", "electric-bus", "zero-emission", "compact", "Toyota", "another"):
        assert marks(record, right.format(f"212,000 {word}")) == [NOT_RECORDED], word


def test_a_figure_stands_beside_its_mark_with_bounds_sources_and_what_would_hold(
    record: Figures,
) -> None:
    row = claims(record, "China exported 214,000 NEVs in May 2025, according to CAAM.")[0]
    # CAAM prints 212,000 in thousands, so half a thousand each way
    assert (row["id"], row["value"], row["low"], row["high"]) == (
        *("cn.exports.nev.caam@2025-05", 212_000),
        *(211_500, 212_500),
    )
    assert row["sources"]
    assert "came to 212,000 vehicles in May 2025" in str(row["wording"])


def test_years_come_from_the_text_where_it_names_them_and_else_from_who_asks(
    record: Figures,
) -> None:
    named = "In 2025 exports rose. China exported 551,000 vehicles in May, CAAM said."
    bare = "China exported 551,000 vehicles in May, CAAM said."
    assert marks(record, named) == ["supported"]
    assert [row["mark"] for row in claims(record, bare, year=2025)] == ["supported"]
    assert [row["mark"] for row in claims(record, bare, year=2024)] == ["contradicted"]
    assert "which year" in str(claims(record, bare)[0]["why"])


def test_paragraphs_are_numbered_and_know_nothing_of_each_other(record: Figures) -> None:
    text = "CAAM counts exports.\n\nChina exported 551,000 vehicles in May 2025.\n \n3.43 million."
    assert [(row["at"], row["mark"]) for row in claims(record, text)] == [
        ("p2", "supported"),
        ("p3", NOT_RECORDED),
    ]
