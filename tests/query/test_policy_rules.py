"""Rules of trade measures: no first day, exceptions, several sources, deprecated ones, the table.

Canada's quota takes part of the imports out of its surtax from March 2026; the old tariff of the
United States ended in September 2024 and nobody says when it began.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import evcli
from evcli.query.figures import Figures
from evcli.query.policy import measures_answer
from evcli.query.selection import Query, Where
from evcli.render import Options
from evcli.render.table import table_lines
from tests.query.conftest import Ask

POLICY = """\
vocabulary:
  subjects:
    - {id: beta, name: Beta, kind: maker}
    - {id: alfa, name: Alfa Cars, kind: maker}
    - {id: alfa-works, name: Alfa's works, kind: group, part_of: [alfa]}
sources:
  - {id: law, title: The law, outlet: O, published: 2024-09-01}
  - {id: paper, title: A paper, outlet: P, published: 2025-03}
  - {id: late, title: Later, outlet: P, published: 2026-03-01}
  - {id: dateless, title: Dateless, outlet: P}
measures:
  - {id: ca.surtax, jurisdiction: CA, instrument: surtax, stage: adopted, target: EV from CN,
     rate: "100%", on_top_of: "6.1%", from: 2024-10-01, source: dateless, confirmed_by: [law]}
  - {id: ca.quota, jurisdiction: CA, instrument: tariff-rate-quota, stage: adopted,
     target: EV within the quota, rate: "6.1%", quota: "49,000 vehicles", from: 2026-03-01,
     excepts: [ca.surtax], source: late}
  - {id: ca.talk, jurisdiction: CA, instrument: exemption, stage: proposed, target: Vans,
     excepts: [ca.surtax], from: 2025-06-01, source: paper}
  - {id: us.before, jurisdiction: US, instrument: tariff, stage: adopted, target: EV, rate: "25%",
     until: 2024-09-27, source: law}
  - {id: us.now, jurisdiction: US, instrument: tariff, stage: adopted, target: EV, rate: "100%",
     minimum: USD 500 a vehicle, from: 2024-09-27, replaces: [us.before], source: law,
     confirmed_by: [paper, late]}
  - {id: us.month, jurisdiction: US, instrument: fee, stage: adopted, target: EV,
     rate: about USD 300, from: 2025-02, source: paper}
  - {id: us.wrong, jurisdiction: US, instrument: licence, stage: adopted, target: EV,
     from: 2025-09, replaces: [us.now], source: paper, rank: deprecated,
     reason: That was the notice.}
  - {id: eu.set.rest, jurisdiction: EU, instrument: duty, stage: definitive, target: All others,
     rate: "35.3%", from: 2024-10-30, source: law}
  - {id: eu.set.beta, jurisdiction: EU, instrument: duty, stage: definitive, target: BEV,
     subject: beta, rate: "18.8%", from: 2024-10-30, source: law}
  - {id: eu.set.alfa, jurisdiction: EU, instrument: duty, stage: definitive, target: BEV,
     subject: alfa-works, rate: "17.0%", on_top_of: "10%", from: 2024-10-30, source: law}
  - {id: eu.draft.beta, jurisdiction: EU, instrument: duty, stage: draft, target: BEV,
     subject: beta, rate: "19.3%", from: 2024-08-20, until: 2024-10-30, source: law}
events:
  - {id: ev.true, date: 2024-10, kind: policy, subject: CN, title: Talks, source: law}
  - {id: ev.false, date: 2024-11, kind: policy, subject: CN, title: A rumour, source: paper,
     rank: deprecated, reason: It never happened., note: Copied widely.}
"""


@pytest.fixture(scope="module")
def folder(make_pack) -> Path:
    pack: Path = make_pack(POLICY)
    return pack


@pytest.fixture
def policy(ask_pack: Ask, folder: Path) -> Ask:
    return lambda *arguments: ask_pack(folder, "policy", *arguments)


@pytest.fixture
def table(folder: Path):
    """The human table of measures, without footnotes."""

    def lines(width: int, jurisdiction: str) -> list[str]:
        with evcli.open(folder, builtin=False) as data:
            wanted = Query(Where(destinations=(jurisdiction,)))
            answer = measures_answer(Figures(data.store), wanted, history=True)
            return "".join(table_lines(answer, Options(width=width))).splitlines()

    return lines


def test_a_measure_with_an_end_alone_was_in_force_before_it(policy: Ask) -> None:
    assert policy("--on", "2024-09-26", "--jurisdiction", "US").of("id") == ["us.before"]
    assert policy("--on", "2024-09-27", "--jurisdiction", "US").of("id") == ["us.now"]
    (row,) = policy("--on", "2024-08-01").rows
    assert (row["id"], row["from"], row["note"]) == ("us.before", "", "first day not known")
    assert policy("--year", "2023").of("id") == ["us.before"]


def test_an_exception_replaces_nothing(policy: Ask) -> None:
    before = policy("--on", "2026-02-28", "--jurisdiction", "CA")
    assert before.of("id", "note") == [("ca.surtax", "")]
    after = policy("--on", "2026-03-01", "--jurisdiction", "CA")
    assert after.of("id", "note") == [
        ("ca.surtax", "not on EV within the quota from 2026-03-01 (ca.quota)"),
        ("ca.quota", "takes this out of ca.surtax, which goes on for the rest"),
    ]
    # a proposal takes nothing out
    assert "Vans" not in str(policy("--jurisdiction", "CA", "--history").rows[0]["note"])


def test_every_source_of_a_measure_is_named(policy: Ask) -> None:
    told = {row["id"]: row["sources"] for row in policy("--history").rows}
    assert told["us.now"] == ["law", "paper", "late"]
    assert told["ca.surtax"] == ["dateless", "law"]
    assert "us.now" in policy("--source", "late", "--history").of("id")
    # what was out by then, and no source that was not
    by_2025 = policy("--as-of", "2025-06", "--history").rows
    assert {row["id"]: row["sources"] for row in by_2025}["us.now"] == ["law", "paper"]
    # the dateless source is never surely out, the law that confirms it is
    assert {row["id"]: row["sources"] for row in by_2025}["ca.surtax"] == ["law"]


def test_a_deprecated_measure_is_never_in_force(policy: Ask) -> None:
    for question in (("--on", "2025-10-01"), ("--on", "2025-10-01", "--include-deprecated")):
        told = policy("--jurisdiction", "US", *question)
        assert "us.wrong" not in told.of("id")
        assert "us.now" in told.of("id")  # nor does it replace what is
    told = policy("--jurisdiction", "US", "--include-deprecated", "--history")
    (note,) = [row["note"] for row in told.rows if row["id"] == "us.wrong"]
    assert note == "deprecated: That was the notice; replaces us.now"


def test_deprecated_events_are_shown_on_request(policy: Ask) -> None:
    assert policy("--events").of("id") == ["ev.true"]
    told = policy("--events", "--include-deprecated")
    assert told.of("id", "note") == [
        ("ev.false", "deprecated: It never happened; Copied widely"),
        ("ev.true", ""),
    ]


def test_a_month_may_begin_on_any_of_its_days(policy: Ask) -> None:
    notes = {row["id"]: row["note"] for row in policy("--on", "2025-02-03").rows}
    assert notes["us.month"] == "begins some time in 2025-02"
    notes = {row["id"]: row["note"] for row in policy("--on", "2025-03-01").rows}
    assert notes["us.month"] == ""


def test_a_rate_set_by_law_is_exact_unless_it_says_about(policy: Ask) -> None:
    rates = {row["id"]: (row["low"], row["rate"], row["high"]) for row in policy("--history").rows}
    assert rates["eu.set.alfa"] == (17, 17, 17)
    assert rates["us.now"] == (100, 100, 100)  # as a statistic: 99.5 to 100.5
    # about 300 is a whole unit of the last digit that is not zero, each way
    assert rates["us.month"] == (200, 300, 400)


def test_the_sets_stand_one_after_the_other_by_maker(policy: Ask) -> None:
    assert policy("--jurisdiction", "EU", "--history").of("id") == [
        "eu.draft.beta",
        "eu.set.alfa",
        "eu.set.beta",
        "eu.set.rest",
    ]
    assert policy("alfa", "--history").of("id") == ["eu.set.alfa"]  # its works are its own


def test_the_rate_is_shown_with_what_comes_on_top(table) -> None:
    duties = "\n".join(table(200, "EU"))
    assert "17.0 + 10 %" in duties
    assert "+ on top of the ordinary duty" in duties
    assert "Alfa's works: BEV" in duties
    assert "draft, replaced" not in duties  # what was never in force is not replaced
    assert "draft, never in force" in duties
    assert "United States" in table(200, "US")[0]


def test_the_highest_rates_stand_first_and_those_of_makers_before_all_others(policy: Ask) -> None:
    """By the highest rate of each: 100 % in Canada and the United States, 35.3 % in the EU."""
    assert policy("--on", "2025-03-01").of("id") == [
        "ca.surtax",
        "us.now",
        "us.month",
        "eu.set.rest",
        "eu.set.beta",
        "eu.set.alfa",
    ]


@pytest.mark.parametrize("width", [80, 200])
def test_no_column_is_lost_to_a_narrow_terminal(table, width: int) -> None:
    for jurisdiction in ("EU", "CA", "US"):
        lines = table(width, jurisdiction)
        assert max(map(len, lines)) <= width
        for head in ("rate", "since", "state"):
            assert head in lines[2].split()


def test_explain_tells_the_whole_measure(ask_pack: Ask, folder: Path) -> None:
    told = ask_pack(folder, "explain", "us.now")
    assert told.rows[0]["text"] == "US: tariff, adopted, EV, 100%, from 2024-09-27"
    assert (told.rows[0]["value"], told.rows[0]["low"], told.rows[0]["high"]) == (100, 100, 100)
    assert told.of("kind", "id")[1:] == [
        ("minimum", "us.now"),
        ("replaces", "us.now"),
        ("source", "law"),
        ("confirmed by", "paper"),
        ("confirmed by", "late"),
    ]
    told = ask_pack(folder, "explain", "us.wrong", "ca.quota", "ev.false")
    assert ("deprecated", "That was the notice.") in told.of("kind", "text")
    assert ("excepted from", "ca.surtax") in told.of("kind", "text")
    assert ("deprecated", "It never happened.") in told.of("kind", "text")
