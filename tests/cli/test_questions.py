"""Questions in users' words, each with its figure on one screen: the table of docs/questions.md.

What must be found there was worked out by hand from what the sources state; the last column of
the page says how. Every question is asked as it stands, in a terminal of 80 columns.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs_scripts import script

PAGE = Path(__file__).parents[2] / "docs" / "questions.md"
LINES, COLUMNS = 24, 80
ROW = re.compile(r"\| (?P<question>[^|]+) \| `evcli (?P<command>[^`]+)` \| (?P<answer>[^|]+) \|")
NEVER_CUT = ("explain", "trend", "series", "find", "get", "growth", "coverage")  # all they know


class Question(NamedTuple):
    """What somebody wants to know, what they type, and what must stand on the screen."""

    question: str
    command: str
    answer: str

    def lines(self) -> Iterator[list[str]]:
        """For each line that must be there, what stands in it, from left to right."""
        for line in self.answer.split(" / "):
            yield line.strip().split(" … ")


QUESTIONS = [Question(*match.groups()) for match in ROW.finditer(PAGE.read_text("utf-8"))]


def test_there_are_many_questions_in_two_languages() -> None:
    assert len(QUESTIONS) >= 120
    assert sum(not each.command.isascii() for each in QUESTIONS) >= 8
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if "`evcli" in line]
    assert len(rows) == len(QUESTIONS)  # no row that the table's pattern overlooks


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.command)
def test_the_answer_is_on_one_screen(asked: Question) -> None:
    shown = script("refresh").screen(shlex.split(asked.command)).rstrip("\n").split("\n")
    missing = [parts for parts in asked.lines() if not any(_holds(line, parts) for line in shown)]
    assert not missing, "\n".join(shown)
    assert max(len(line) for line in shown if "https://" not in line) <= COLUMNS
    top = shown[: LINES - 1]  # the prompt takes the last line
    assert all(any(_holds(line, parts) for line in top) for parts in asked.lines())
    if asked.command.split()[0] not in NEVER_CUT:
        assert len(shown) < LINES, "\n".join(shown)


def _holds(line: str, parts: list[str]) -> bool:
    """Whether *parts* stand in *line* in this order, each as a whole: 985 is not in 1,985."""
    pattern = ".*".join(rf"(?<![\w,.]){re.escape(part)}(?![\w]|[,.]\d)" for part in parts)
    return re.search(pattern, line) is not None
