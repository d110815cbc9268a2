"""Measures in force on a day, and dated events."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.query.conftest import Ask

POLICY = """\
vocabulary:
  subjects: [{id: alfa, name: Alfa Cars, kind: maker}, {id: byd, name: BYD, kind: maker}]
sources:
  - {id: first, title: First, outlet: O, published: 2024-06}
  - {id: second, title: Second, outlet: O, published: 2024-11}
measures:
  - {id: eu.provisional, jurisdiction: EU, instrument: countervailing-duty, stage: provisional,
     target: BEV, subject: alfa, rate: "17.4%", from: 2024-07-04, until: 2024-10-30,
     source: first, at: p1}
  - {id: eu.definitive, jurisdiction: EU, instrument: countervailing-duty, stage: definitive,
     target: BEV, subject: alfa, rate: "17.0%", on_top_of: "10%", from: 2024-10-30,
     until: 2029-10-30, replaces: eu.provisional, suspended: 2026-01-01/2026-03-01,
     source: second, at: p1}
  - {id: us.proposed, jurisdiction: US, instrument: tariff, stage: proposed, target: EV,
     rate: "100%", from: 2024-01-01, source: first, at: p2}
  - {id: us.old, jurisdiction: US, instrument: tariff, stage: adopted, target: EV,
     rate: "25%", from: 2018-07, source: first, at: p3}
  - {id: us.new, jurisdiction: US, instrument: tariff, stage: adopted, target: EV,
     rate: "100%", from: 2024-09-27, replaces: us.old, source: second, at: p3}
  - {id: br.dateless, jurisdiction: BR, instrument: tariff, stage: adopted, target: EV,
     rate: "10% to 35%", source: second, at: p4}
events:
  - {id: ev.start, date: 2023-10-04, kind: investigation, subject: CN, title: It begins,
     source: first, at: p5}
  - {id: ev.entry, date: 2024-02, kind: market-entry, subject: alfa, title: Alfa comes,
     source: first, at: p6}
  - {id: ev.vote, date: 2024-10-04, kind: policy, subject: CN, title: The vote,
     source: second, at: p7}
  - {id: ev.once, date: undated, kind: history, subject: CN, title: Long ago,
     source: second, at: p8}
"""


@pytest.fixture
def policy(ask_pack: Ask, make_pack) -> Ask:
    folder: Path = make_pack(POLICY)
    return lambda *arguments: ask_pack(folder, "policy", *arguments)


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        ("2018-06-30", []),
        ("2018-07-01", ["us.old"]),
        ("2024-07-03", ["us.old"]),
        ("2024-07-04", ["eu.provisional", "us.old"]),
        ("2024-09-26", ["eu.provisional", "us.old"]),
        ("2024-09-27", ["eu.provisional", "us.new"]),
        ("2024-10-29", ["eu.provisional", "us.new"]),
        ("2024-10-30", ["eu.definitive", "us.new"]),  # until is the first day without
        ("2025-12-31", ["eu.definitive", "us.new"]),
        ("2026-01-01", ["us.new"]),  # suspended
        ("2026-03-01", ["eu.definitive", "us.new"]),
        ("2029-10-29", ["eu.definitive", "us.new"]),
        ("2029-10-30", ["us.new"]),
    ],
)
def test_what_is_in_force_on_a_day(policy: Ask, day: str, ids: list[str]) -> None:
    told = policy("--on", day)
    assert sorted(told.of("id")) == ids
    assert set(told.of("state")) <= {"in-force"}


def test_what_is_in_force_today_stands_first(policy: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """1767052800 is 30 December 2025; two days later the definitive duty is suspended."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767052800")
    assert policy().of("id") == ["us.new", "eu.definitive"]  # 100 % before 17 %
    assert policy("--as-of", "2024-10-29").of("id") == ["us.old", "eu.provisional"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert policy().of("id") == ["us.new"]


def test_all_measures_by_jurisdiction_and_start_with_their_rates(policy: Ask) -> None:
    told = policy("--history", "--on", "2026-02-01")
    assert told.of("id") == [
        "br.dateless",
        "eu.provisional",
        "eu.definitive",
        "us.old",
        "us.proposed",
        "us.new",
    ]
    # a law's 17.0 % is 17 % exactly, where a statistic's would be 16.95 to 17.05
    assert told.of("rate", "low", "high")[:3] == [
        (None, 10, 35),
        (17.4, 17.4, 17.4),
        (17, 17, 17),
    ]
    assert told.rows[2]["note"] == "suspended 2026-01-01 to 2026-03-01; replaces eu.provisional"
    assert told.rows[2]["on_top_of"] == "10%"
    # on 1 February 2026 the duty is suspended; the tariff of 25 % was replaced in September 2024
    assert told.of("state") == [
        "undated",
        "replaced",
        "suspended",
        "replaced",
        "proposed",
        "in-force",
    ]
    before = policy("--history", "--on", "2024-09-01").of("id", "state")
    assert dict(before)["eu.definitive"] == "to-come"
    assert (
        dict(policy("--history", "--on", "2030-01-01").of("id", "state"))["eu.definitive"]
        == "ended"
    )


def test_what_has_no_date_at_all_is_left_out_with_a_word(policy: Ask) -> None:
    for question in (("--on", "2025-01-01"), ("--year", "2025")):
        told = policy(*question)
        assert "br.dateless" not in told.of("id")
        assert "left out, as no date is recorded: br.dateless" in told.err
    assert policy("--history").err == ""


@pytest.mark.parametrize("name", ["EU", "eu"])
def test_whose_measures(policy: Ask, name: str) -> None:
    assert policy("--jurisdiction", name, "--history").of("id") == [
        "eu.provisional",
        "eu.definitive",
    ]
    assert policy("--jurisdiction", "Brazil", "--history").of("id") == ["br.dateless"]
    assert policy("--jurisdiction", "JP").rows == []
    assert policy("--jurisdiction", "EV").code == 3


def test_words_name_places_makers_and_kinds_of_measures(policy: Ask) -> None:
    assert policy("hungary", "--on", "2025-01-01").of("id") == ["eu.definitive"]  # a member
    assert policy("eu", "--on", "2025-01-01").of("id") == ["eu.definitive"]
    # no measure of the US names the maker: those on all makers
    assert policy("us", "alfa", "--on", "2025-01-01").of("id") == ["us.new"]
    assert policy("duties", "--on", "2025-01-01").of("id") == ["us.new", "eu.definitive"]
    assert policy("countervailing", "--on", "2025-01-01").of("id") == ["eu.definitive"]
    assert policy("us", "tariff", "--on", "2019-01-01").of("id") == ["us.old"]


def test_an_empty_answer_says_what_there_is(policy: Ask) -> None:
    assert "no measure of Japan is recorded; recorded: Brazil, EU, USA" in policy("japan").err
    assert "no measure of Japan is recorded" in policy("japan", "alfa").err
    assert policy("byd").of("id") == ["us.new"]  # that on all makers; the EU's are on Alfa
    assert "--history has 1 other measure" in policy("br").err


def test_filters_of_measures(policy: Ask) -> None:
    assert policy("alfa", "--history").of("id") == ["eu.provisional", "eu.definitive"]
    assert policy("--year", "2019").of("id") == ["us.old"]  # in force on some day of it
    assert policy("--period", "2024-10", "alfa").of("id") == ["eu.provisional", "eu.definitive"]
    assert policy("--until", "2018").of("id") == ["us.old"]
    assert policy("--source", "second", "--history").of("id") == [
        "br.dateless",
        "eu.definitive",
        "us.new",
    ]
    by_october = ["eu.provisional", "us.old", "us.proposed"]
    assert policy("--as-of", "2024-10", "--history").of("id") == by_october
    # what is not yet known does not replace anything
    assert policy("--as-of", "2024-10", "--on", "2025-01-01").of("id") == ["us.old"]


def test_events(policy: Ask) -> None:
    assert policy("--events").of("id") == ["ev.vote", "ev.entry", "ev.start", "ev.once"]
    assert policy("--kind", "policy", "--kind", "history").of("id") == ["ev.vote", "ev.once"]
    assert policy("--events", "alfa").of("id") == ["ev.entry"]
    assert policy("--events", "--source", "second").of("id") == ["ev.vote", "ev.once"]
    assert policy("--events", "--as-of", "2024-06").of("id") == ["ev.entry", "ev.start"]


def test_a_month_holds_its_days(policy: Ask) -> None:
    assert policy("--events", "--period", "2024-10").of("id") == ["ev.vote"]
    assert policy("--events", "--period", "2024-10-04").of("id") == ["ev.vote"]
    assert policy("--events", "--year", "2024").of("id") == ["ev.vote", "ev.entry"]
    assert policy("--events", "--period", "2024-02-01").rows == []  # the day is not known
    assert policy("--events", "--period", "latest").of("id") == ["ev.vote"]
    assert policy("--events", "--period", "undated").of("id") == ["ev.once"]
    assert policy("--events", "--until", "2023").of("id") == ["ev.start"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--on", "2024"),
        ("--on", "tomorrow"),
        ("--events", "--on", "2024-10-04"),
        ("--events", "--history"),
        ("--kind", "party"),
        ("--period", "latest"),
    ],
)
def test_what_makes_no_sense_is_refused(policy: Ask, arguments: tuple[str, ...]) -> None:
    told = policy(*arguments)
    assert (told.code, told.rows) == (2, [])
    assert told.err.count("\n") == 1
