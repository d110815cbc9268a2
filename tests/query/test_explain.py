"""``explain`` takes every id that any command prints, and gives a tree by depth."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.query.conftest import Ask
from tests.query.packs import ALL, HU, MARKET, NEV

MORE = """\
series:
  - id: m.disputed
    title: Disputed
    subject: CN
    metric: exports
    scope: bev
    unit: vehicles
    publisher: bureau
    facts:
      - {period: 2024, stated: "100,000", source: leaflet, at: [p1, p2]}
      - {period: 2024, stated: "200,000", source: other, at: p2, reading: of the year}
  - id: m.revised
    title: Revised
    subject: CN
    metric: exports
    scope: phev
    unit: vehicles
    publisher: bureau
    facts:
      - {period: 2024, stated: "100,000", source: year-book, at: p3}
      - {period: 2024, stated: "120,000", source: half-year, at: p3}
sources:
  - {id: other, title: Other, outlet: O, origin: far-away, published: 2025-03,
     problems: [{at: p2, problem: It adds up wrongly}]}
  - {id: far-away, title: Far away, outlet: F, read: no}
claims: [{id: c.more, says: "m.exports.all@2024 > m.exports.nev@2024", source: other, at: p8}]
events: [{id: ev.one, date: 2024-05, kind: opening, subject: alfa, title: A door, source: other,
          at: p9, note: It was late}]
measures: [{id: me.one, jurisdiction: EU, instrument: tariff, stage: adopted, target: EV,
            from: 2024-05, rate: "10%", source: other, at: p10}]
plants: [{id: alfa.here, maker: [alfa], country: HU, product: vehicles,
          facts: [{status: operating, as_of: 2024, source: other, at: p11}]}]
"""


@pytest.fixture(scope="module")
def more_of_the_market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("more")
    (folder / "facts.yaml").write_text(MARKET, "utf-8")
    (folder / "more.yaml").write_text(MORE, "utf-8")
    return folder


@pytest.fixture
def explain(ask_pack: Ask, more_of_the_market: Path) -> Ask:
    return lambda *arguments: ask_pack(more_of_the_market, "explain", *arguments)


def is_tree(rows: list[dict[str, Any]]) -> bool:
    """Each line is at most one level deeper than the line above."""
    depths = [row["depth"] for row in rows]
    steps = itertools.pairwise(depths)
    return bool(depths) and depths[0] == 0 and all(below <= above + 1 for above, below in steps)


def kinds(rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(row["depth"], row["kind"]) for row in rows]


@pytest.mark.parametrize(
    "id_",
    [
        f"{ALL}@2024",
        f"{ALL}@2024#year-book",
        f"{ALL}@2024-H2",
        ALL,
        f"{ALL}@2026",
        f"{ALL}@2022",
        f"{ALL}@2022#leaflet",
        f"{ALL}@1999",
        "m.disputed@2024",
        "m.disputed@2024#other",
        "m.revised@2024",
        f"growth:{ALL}@2024,{ALL}@2023",
        f"share:{NEV}@2024,{ALL}@2024",
        f"total:{ALL}@2025-05,{ALL}@2025-06",
        f"ratio:{ALL}@2024,{NEV}@2024",
        f"difference:{ALL}@2024,{NEV}@2024",
        f"ratio:{ALL}@2024,{HU}@2024",
        "c.more",
        "ev.one",
        "me.one",
        "alfa.here",
        "alfa.here@2024.status#other",
        "other",
        "year-book",
    ],
)
def test_every_kind_of_id(explain: Ask, id_: str) -> None:
    told = explain(id_)
    assert told.code == 0, told.err
    assert is_tree(told.rows)
    expected = {ALL: f"{ALL}@2025-06", "m.disputed@2024": "m.disputed@2024#other"}
    assert told.rows[0]["id"] == expected.get(id_, id_)


def test_a_figure_down_to_the_paragraph(explain: Ask) -> None:
    rows = explain(f"{ALL}@2024").rows
    assert kinds(rows) == [(0, "figure"), (1, "definition"), (1, "fact"), (2, "source")]
    figure, _, fact, source = rows
    assert (figure["value"], figure["low"], figure["high"]) == (1_200_000, 1_199_500, 1_200_500)
    assert (fact["text"], fact["at"], fact["line"]) == ('"1,200,000"', "year-book p1", 24)
    assert fact["file"].endswith("facts.yaml")
    assert source["text"] == "year-book: Yearbook (Bureau, 2025-02-01) · publisher"


def test_a_computed_figure_shows_formula_and_inputs(explain: Ask) -> None:
    rows = explain(f"difference:{ALL}@2024,{NEV}@2024").rows
    assert kinds(rows) == [
        (0, "derived"),
        (1, "figure"),
        (2, "definition"),
        (2, "fact"),
        (3, "source"),
        (1, "figure"),
        (2, "definition"),
        (2, "fact"),
        (3, "source"),
    ]
    assert (rows[0]["formula"], rows[0]["value"], rows[0]["low"], rows[0]["high"]) == (
        "first - second",
        900_000,
        899_000,
        901_000,
    )


def test_what_disputes_repeats_and_revises(explain: Ask) -> None:
    rows = explain("m.disputed@2024").rows
    assert kinds(rows) == [
        (0, "figure"),
        (1, "definition"),
        (1, "fact"),
        (2, "read as"),
        (2, "source"),
        (2, "origin"),
        (0, "figure"),
        (1, "definition"),
        (1, "fact"),
        (2, "source"),
    ]
    assert rows[0]["note"] == "disputed by leaflet; read as: of the year"
    assert rows[5]["id"] == "far-away"
    assert rows[8]["at"] == "leaflet p1 p2"
    revised = explain("m.revised@2024").rows
    assert [row["kind"] for row in revised if row["depth"] == 1] == [
        "definition",
        "fact",
        "revised",
    ]


def test_what_is_set_aside_and_what_is_only_planned(explain: Ask) -> None:
    rows = explain(f"{ALL}@2022").rows
    assert [row["kind"] for row in rows if row["depth"] == 1] == ["definition", "set aside"]
    assert rows[0]["value"] is None
    assert [row["text"] for row in rows if row["kind"] == "reason"] == ["a digit is missing"]
    shown = explain(f"{ALL}@2022", "--include-deprecated").rows
    assert kinds(shown)[0] == (0, "figure")
    assert "set aside" not in [row["kind"] for row in shown]  # it is the figure now
    plan = explain(f"{ALL}@2026").rows
    assert [row["text"] for row in plan if row["kind"] == "status"] == ["forecast"]


def test_what_was_known_on_a_day(explain: Ask) -> None:
    rows = explain("m.revised@2024", "--as-of", "2025-03").rows
    assert [row["kind"] for row in rows if row["depth"] == 1] == ["definition", "fact"]
    assert rows[0]["value"] == 100_000
    assert "set aside" not in [
        row["kind"] for row in explain(f"{ALL}@2022", "--as-of", "2025-03").rows
    ]


def test_other_things_name_source_and_place(explain: Ask) -> None:
    event, note, source = explain("ev.one").rows
    assert (event["kind"], event["text"], event["at"], event["period"], event["line"]) == (
        "event",
        "A door",
        "other p9",
        "2024-05",
        27,
    )
    assert (note["kind"], note["text"]) == ("note", "It was late")
    assert source["id"] == "other"
    assert kinds(explain("me.one").rows) == [(0, "measure"), (1, "source")]
    assert kinds(explain("c.more").rows) == [(0, "claim"), (1, "source")]
    assert kinds(explain("alfa.here").rows) == [(0, "plant"), (1, "fact"), (2, "source")]
    assert kinds(explain("other").rows) == [(0, "source"), (1, "problem")]


def test_several_ids_in_their_order(explain: Ask) -> None:
    rows = explain("other", f"{ALL}@2024").rows
    assert [row["id"] for row in rows if row["depth"] == 0] == ["other", f"{ALL}@2024"]


@pytest.mark.parametrize(
    ("id_", "code", "told"),
    [
        ("m.exports.al@2024", 3, "did you mean 'm.exports.all'"),
        ("ev.on", 3, "did you mean 'ev.one'"),
        ("nothing-like-it", 3, "nothing is known by the name"),
        (f"{ALL}@2024#nobody", 3, "no fact named"),
        (f"{ALL}@someday", 2, "is not a period"),
        (f"growth:{ALL}@2024", 2, "takes two figures"),
        (f"growth:{ALL},{ALL}", 2, "names no period"),
        (f"total:{ALL}@2024,{NEV}@2024", 4, "not parts of one partition"),
        (f"share:{ALL}@2024,nosuch@2024", 3, "no series named 'nosuch'"),
    ],
)
def test_what_cannot_be_explained(explain: Ask, id_: str, code: int, told: str) -> None:
    answer = explain(id_)
    assert (answer.code, answer.rows) == (code, [])
    assert told in answer.err


def test_every_id_that_is_printed_can_be_explained(ask: Ask) -> None:
    printed = [
        *ask("get", "*", "--include-deprecated").of("id"),
        *ask("growth", "m.exports.*").of("id"),
        *ask("share", NEV, ALL).of("id"),
        *ask("total", f"{ALL}@2025-05", f"{ALL}@2025-06").of("id"),
        *ask("sources").of("id"),
        *ask("facts", "list", "--include-deprecated").of("id"),
    ]
    assert len(printed) > 40
    told = ask("explain", *printed)
    assert told.code == 0, told.err
    assert is_tree(told.rows)
    assert set(printed) <= {row["id"] for row in told.rows}
