"""``evcli verify``: what a fact says must stand in the paragraph that it names."""

from __future__ import annotations

import pytest

from evcli.render import FORMATS

from .conftest import Bench

TEXT = """\
The office counts

In 2024 Exland sent out 3.43 million cars, up 7.9% year on year; in May it was 83,659 units, a drop
of 2% from April. It has 60 shops, over 67,000 chargers and nine depots.
Some 74 percent went by sea, nearly half of it in spring. Exports doubled in three years.
They spent$16 billion abroad, about 10 billion crowns ($300 million) of it on one works, and 3 to
12 million dollars on each of the others.
"""


@pytest.fixture
def paper(bench: Bench) -> Bench:
    """The text above, a paragraph a sentence: p1 title, p2 to p4."""
    joined = TEXT.replace("drop\nof", "drop of").replace("3 to\n12", "3 to 12")
    bench.text(joined)
    return bench


def fact(stated: str = "", more: str = "", at: str = "p2", when: str = "period: 2024") -> str:
    told = f'stated: "{stated}", ' if stated else ""
    return f"{{{when}, {told}{more + ', ' if more else ''}source: paper, at: {at}}}"


RIGHT = {
    "number": ("exports", fact("3.43 million")),
    "number written out": ("exports", fact("3,430,000")),
    "Chinese multiplier": ("exports", fact("343万")),
    "growth": ("exports", fact("3.43 million", 'yoy: "+7.9%"')),
    "growth in words": ("exports", fact("3.43 million", 'yoy: "up 7.9%"')),
    "fall": ("exports", fact("83,659", 'mom: "-2%"', when="period: 2024-05")),
    "only growth": ("exports", fact("", 'yoy: "+7.9%"')),
    "change": ("exports", fact("", 'change: {stated: "doubled", over: P3Y}', "p3")),
    "change in percent": ("exports", fact("", 'change: {stated: "+100%", over: P3Y}', "p3")),
    "qualifier": ("stores", fact("over 67,000", when="as_of: 2024")),
    "another word for it": ("stores", fact("more than 67,000", when="as_of: 2024")),
    "number word": ("stores", fact("9", when="as_of: 2024")),
    "printed": ("stores", fact("9", "printed: nine depots", when="as_of: 2024")),
    "printed, other blanks": ("money", fact("$16 billion", "printed: 'spent $16  billion'", "p4")),
    "percent": ("part", fact("about 74%", at="p3", when="as_of: 2024")),
    "half": ("part", fact("nearly half", at="p3", when="as_of: 2024")),
    "half as percent": ("part", fact("nearly 50%", at="p3", when="as_of: 2024")),
    "one of two places": ("money", fact("$16 billion", at="[p1, p4]")),
    "currency": ("money", fact("$300 million", at="p4")),
    "currency of the pack": ("crowns", fact("about 10 billion crowns", at="p4")),
    "range": ("money", fact("$3 to $12 million", at="p4")),
    "deprecated": ("exports", fact("83,659", "rank: deprecated, reason: R")),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_stands_there_is_no_finding(name: str, paper: Bench) -> None:
    series, text = RIGHT[name]
    paper.say(**{series: text})
    assert paper.rows() == []


def test_a_clean_run_says_so(paper: Bench) -> None:
    paper.say(exports=fact("3.43 million", 'yoy: "+7.9%"'))
    result = paper.run("--format", "csv")
    assert (result.returncode, result.stdout.count(b"\n")) == (0, 1)
    assert result.stderr == b"evcli: note: 1 fact of 1 source verified\n"
    assert paper.run("-q").stderr == b""


WRONG = {
    "number": ("exports", fact("3.44 million"), "number not there", "3.43 million"),
    "other paragraph": ("exports", fact("3.43 million", at="p3"), "number not there", ""),
    "no paragraph": ("exports", fact("3.43 million", at="p9"), "no such paragraph", "p1 to p4"),
    "no locator": ("exports", fact("3.43 million", at="table 2"), "no such paragraph", "p1 to p4"),
    "multiplier": ("exports", fact("3.43 billion"), "other multiplier", "3.43 million"),
    "unit": ("part", fact("60%", when="as_of: 2024"), "other unit", "60"),
    "currency": ("money", fact("$10 billion", at="p4"), "other unit", "about 10 billion crowns"),
    "qualifier added": ("exports", fact("over 83,659"), "other qualifier", "83,659"),
    "qualifier lost": (
        "stores",
        fact("67,000", when="as_of: 2024"),
        "other qualifier",
        "over 67,000",
    ),
    "qualifier turned": (
        "stores",
        fact("nearly 67,000", when="as_of: 2024"),
        "other qualifier",
        "over 67,000",
    ),
    "growth": ("exports", fact("3.43 million", 'yoy: "+7.8%"'), "number not there", "7.9% (up)"),
    "direction": ("exports", fact("3.43 million", 'yoy: "-7.9%"'), "other direction", "7.9% (up)"),
    "no direction": (
        "exports",
        fact("", 'yoy: "about +74%"', "p3"),
        "no direction",
        "some 74 percent",
    ),
    "month": ("exports", fact("83,659", 'mom: "+2%"'), "other direction", "2% (down)"),
    "change": (
        "exports",
        fact("", 'change: {stated: "tripled", over: P3Y}', "p3"),
        "number not there",
        "doubled (up)",
    ),
    "printed elsewhere": (
        "stores",
        fact("9", "printed: nine shops", when="as_of: 2024"),
        "not printed there",
        "nine",
    ),
    "printed otherwise": (
        "stores",
        fact("8", "printed: nine depots", when="as_of: 2024"),
        "printed says something else",
        "printed nine",
    ),
    "half": ("part", fact("half", at="p3", when="as_of: 2024"), "other qualifier", "nearly half"),
    "range": ("money", fact("$3 to $13 million", at="p4"), "range not there", "12 million"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_stand_there_is_told(name: str, paper: Bench) -> None:
    series, text, problem, found = WRONG[name]
    paper.say(**{series: text})
    [row] = paper.rows()
    assert row["problem"] == problem
    assert found in row["found"]
    assert row["id"].startswith(f"x.{series}@")
    assert (row["source"], row["line"]) == ("paper", 4)
    assert row["file"].endswith("facts.yaml")
    assert len(row["found"]) < 130


def test_numbers_of_plants_are_checked(paper: Bench) -> None:
    paper.say(
        plant="""
{capacity: "60", unit: vehicles/year, as_of: 2024, source: paper, at: p2}
{capacity: "61", unit: vehicles/year, as_of: 2024, source: paper, at: p2}
{investment: "about 10 billion crowns", as_of: 2024, source: paper, at: p4}
{investment: "10 billion crowns", as_of: 2024, source: paper, at: p4}
{status: operating, as_of: 2024, source: paper, at: p1}
{start: 2026-Q2, as_of: 2024, source: paper, at: p7}"""
    )
    told = [(row["wanted"], row["problem"]) for row in paper.rows()]
    assert told == [
        ("capacity 61", "number not there"),
        ("investment 10 billion crowns", "other qualifier"),
        ("p7", "no such paragraph"),
    ]


def test_rates_of_measures_are_checked(paper: Bench) -> None:
    measure = "jurisdiction: XX, instrument: tariff, stage: adopted, target: cars, source: paper"
    paper.say(
        measures=f"""
{{id: m.right, {measure}, rate: "2%", at: p2}}
{{id: m.fee, {measure}, rate: "$300 million", at: p4}}
{{id: m.wrong, {measure}, rate: "3%", at: p2}}"""
    )
    assert [(row["id"], row["wanted"]) for row in paper.rows()] == [("m.wrong", "rate 3%")]


def test_of_events_and_claims_the_paragraph_must_exist(paper: Bench) -> None:
    event = "date: 2024, kind: history, subject: XX, title: Nothing of the kind, source: paper"
    claim = 'says: "x.exports@2024 > x.exports@2023", source: paper'
    paper.say(
        events=f"{{id: ev.a, {event}, at: p4}}\n{{id: ev.b, {event}, at: p5}}",
        claims=f"{{id: c.a, {claim}, at: p1}}\n{{id: c.b, {claim}, at: [p1, p6]}}",
    )
    assert [(row["id"], row["at"]) for row in paper.rows()] == [("ev.b", "p5"), ("c.b", "p6")]


def test_the_card_is_checked_too(bench: Bench) -> None:
    bench.text(
        "One line\n",
        card='    left_out: [{at: p1, text: "Two", reason: R}, {at: p2, text: x, reason: R}]\n'
        "    problems: [{at: [p1, p3], problem: P}]\n",
    )
    told = [(row["at"], row["problem"], row["wanted"]) for row in bench.rows()]
    assert told == [
        ("p1", "not printed there", "left_out Two"),
        ("p2", "no such paragraph", "left_out x"),
        ("p3", "no such paragraph", "a problem of the card"),
    ]


def test_sources_may_be_named(paper: Bench) -> None:
    paper.text("Nothing\n", "other")
    paper.say(exports=fact("1") + "\n" + fact("2").replace("paper", "other"))
    assert {row["source"] for row in paper.rows()} == {"paper", "other"}
    assert {row["source"] for row in paper.rows("other")} == {"other"}
    assert paper.run("papre").returncode == 3


@pytest.mark.parametrize("form", FORMATS)
def test_every_format(form: str, paper: Bench) -> None:
    paper.say(exports=fact("3.44 million"))
    result = paper.run("--format", form)
    assert result.returncode == 1
    assert b"3.43 million" in result.stdout
    assert paper.run("--format", form).stdout == result.stdout


def test_a_format_that_is_none(paper: Bench) -> None:
    assert paper.run("--format", "xls").returncode == 2
