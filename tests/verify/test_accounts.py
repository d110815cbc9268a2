"""Every number of a text must be accounted for."""

from __future__ import annotations

import pytest

from .conftest import Bench

EVENT = "kind: history, subject: XX, source: paper, at: p1"
FIRST = "first(x.exports@2024 > x.exports@2023) since 2014"
STATED = "source: paper, at: p1"


def left(bench: Bench, text: str, **said: str) -> list[str]:
    """The numbers that nothing accounts for."""
    card = said.pop("card", "")
    bench.text(text, card=card)
    bench.say(**said)
    return [number.text for number in bench.uncovered()]


@pytest.mark.parametrize(
    "text",
    [
        "60 cars",
        "nine",
        "half",
        "a quarter",
        "doubling",
        "the first time",
        "First, this",
        "second-generation",
        "2007",
        "May",
        "the first half",
        "Q2",
        "the T03",
        "2.0",
        "Phase II",
        "hundreds of cars",
        "5%",
        "$5",
        "九个",
        "2025年",
        "one of them",
        "none",
        "May 16",
    ],
)
def test_every_number_counts(text: str, bench: Bench) -> None:
    assert len(left(bench, text)) == 1


def test_where_it_stands_is_told(bench: Bench) -> None:
    bench.text("Title\n\nThe office counted 60 cars in all.\n")
    context = "The office counted 60 cars in all."
    assert bench.uncovered() == [("paper", "p2", 20, "60", context)]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        (
            "At the end of last year the office counted 60 cars in all, as it said itself.",
            "the office counted 60 cars in all, as it",
        ),
        # without blanks, twenty letters on either side
        (
            "这家统计局在去年年底公布的报告里一共统计了六十辆出口到国外的新能源汽车以及其他各种车辆和零件",
            "家统计局在去年年底公布的报告里一共统计了六十辆出口到国外的新能源汽车以及其他各种车辆",
        ),
    ],
)
def test_a_few_words_around_it_are_shown(text: str, context: str, bench: Bench) -> None:
    bench.text(f"Title\n\n{text}\n")
    [number] = bench.uncovered()
    assert number.context == context


COVERED = {
    "value": ("60 cars", {"stores": f'{{as_of: 2024, stated: "60", {STATED}}}'}),
    "other qualifier": ("over 60", {"stores": f'{{as_of: 2024, stated: "60", {STATED}}}'}),
    "printed ordinal": (
        "the 60th",
        {"stores": f'{{as_of: 2024, stated: "60", printed: the 60th, {STATED}}}'},
    ),
    "growth": ("up 5%", {"exports": f'{{period: 2024, yoy: "+5%", {STATED}}}'}),
    "month": ("down 5%", {"exports": f'{{period: 2024-05, mom: "-5%", {STATED}}}'}),
    "change": (
        "doubled in three years",
        {"exports": f"{{period: 2024, change: {{stated: doubled, over: P3Y}}, {STATED}}}"},
    ),
    "range": (
        "$2 to 3 billion",
        {"money": f'{{period: 2024, stated: "$2 to $3 billion", {STATED}}}'},
    ),
    "half": ("half", {"part": f'{{as_of: 2024, stated: "50%", {STATED}}}'}),
    "year": ("in 2024", {"exports": f'{{period: 2024-05, yoy: "+0%", {STATED}}}'}),
    "base year": ("in 2023", {"exports": f'{{period: 2024, yoy: "+0%", {STATED}}}'}),
    "months": (
        "January to May, the five-month tally",
        {"exports": f'{{period: 2024-01/2024-05, yoy: "+0%", {STATED}}}'},
    ),
    "first months": (
        "the first five months",
        {"exports": f'{{period: 2024-01/2024-05, yoy: "+0%", {STATED}}}'},
    ),
    "half-year": ("the first half", {"exports": f'{{period: 2024-H1, yoy: "+0%", {STATED}}}'}),
    "plant": (
        "Phase I in Q2 2026: 60 for $5",
        {
            "plant": f'{{capacity: "60", unit: vehicles/year, phase: I, as_of: 2024, {STATED}}}\n'
            f"{{start: 2026-Q2, as_of: 2024, {STATED}}}\n"
            f'{{investment: "$5", as_of: 2024, {STATED}}}'
        },
    ),
    "event": ("16 May 2024", {"events": f"{{id: e, date: 2024-05-16, title: T, {EVENT}}}"}),
    "title": (
        "its first two works",
        {"events": f"{{id: e, date: 2024, title: First and second of two works, {EVENT}}}"},
    ),
    "claim": (
        "the first time since 2014",
        {"claims": f'{{id: c, says: "{FIRST}", {STATED}}}'},
    ),
    "rank": (
        "the top five of 2024",
        {"claims": f'{{id: c, says: "rank(x.exports@2024 among x.*) <= 5", {STATED}}}'},
    ),
    "rate": (
        "17% on top of 10% from May 2024",
        {
            "measures": "{id: m, jurisdiction: XX, instrument: t, stage: adopted, target: T, "
            f'rate: "17%", on_top_of: "10%", from: 2024-05, {STATED}}}'
        },
    ),
    "left out": ("2.0", {"card": "    left_out: [{at: p1, text: '2.0', reason: R}]\n"}),
    "left out, around it": (
        "a song of 2007",
        {"card": "    left_out: [{at: p1, text: song of 2007, reason: R}]\n"},
    ),
    "day of publication": ("08/18 2025", {}),
}


@pytest.mark.parametrize("name", COVERED)
def test_what_accounts_for_a_number(name: str, bench: Bench) -> None:
    text, said = COVERED[name]
    assert left(bench, text, **said) == []


UNCOVERED = {
    "other paragraph": (
        "nothing\n60",
        {"stores": f'{{as_of: 2024, stated: "60", {STATED}}}'},
        ["60"],
    ),
    "said of two things": (
        "60 here, 60 there",
        {"stores": f'{{as_of: 2024, stated: "60", {STATED}}}'},
        ["60"],
    ),
    "other unit": ("60%", {"stores": f'{{as_of: 2024, stated: "60", {STATED}}}'}, ["60%"]),
    "a month of a whole year": (
        "in March 2024",
        {"exports": f'{{period: 2024, yoy: "+0%", {STATED}}}'},
        ["March 2024"],
    ),
    "a month inside a window": (
        "in March",
        {"exports": f'{{period: 2024-01/2024-05, yoy: "+0%", {STATED}}}'},
        ["March"],
    ),
    "first, with an event without it": (
        "its first works",
        {"events": f"{{id: e, date: 2024, title: Works, {EVENT}}}"},
        ["first"],
    ),
    "first, with another rank": (
        "the first",
        {"claims": f'{{id: c, says: "rank(x.exports@2024 among x.*) <= 5", {STATED}}}'},
        ["first"],
    ),
    "words of a note": (
        "60",
        {"stores": f'{{as_of: 2024, stated: "61", note: "Of 60 and 62.", {STATED}}}'},
        ["60"],
    ),
    "left out, part of a number": (
        "12.05",
        {"card": "    left_out: [{at: p1, text: '2.0', reason: R}]\n"},
        ["12.05"],
    ),
    "only the month of publication": ("in August 2025", {}, ["August 2025"]),
}


@pytest.mark.parametrize("name", UNCOVERED)
def test_what_does_not_account_for_a_number(name: str, bench: Bench) -> None:
    text, said, numbers = UNCOVERED[name]
    assert left(bench, text, **said) == numbers
