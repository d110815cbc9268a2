"""Rules of plants: which fact is the newest, plans and phases, places, makers, the table."""

from __future__ import annotations

from pathlib import Path

import pytest

import evcli
from evcli.model.codes import CONTINENTS
from evcli.model.period import parse_period
from evcli.model.records import PlantAspect, PlantFact
from evcli.query.figures import Figures
from evcli.query.plants import aspects_of, plants_answer
from evcli.query.selection import Query, Where
from evcli.render import Options
from evcli.render.table import table_lines
from tests.query.conftest import Ask

PLANTS = """\
vocabulary:
  subjects:
    - {id: alfa, name: Alfa, kind: maker}
    - {id: mini, name: Mini, kind: brand, part_of: [alfa]}
    - {id: friend, name: Friend Works, kind: maker}
  destinations:
    - {id: union, name: Union, members: [AT, HU], as_of: 2025}
    - {id: atlantis, name: Atlantis}
sources:
  - {id: old, title: Old, outlet: O, published: 2024-03-05}
  - {id: new, title: New, outlet: O, published: 2025-06-10}
plants:
  - id: alfa.second
    maker: [alfa]
    country: HU
    city: Überstadt
    name: second plant
    product: vehicles
    facts: [{status: operating, as_of: 2025-06-10, source: new}]
  - id: alfa.first
    maker: [alfa]
    country: HU
    city: Überstadt
    product: vehicles
    facts:
      - {status: operating, as_of: 2025-06-10, source: new}
      - {capacity: "200,000", precision: 10000, as_of: 2025-06-10, planned: yes, source: new}
      - {capacity: "50,000", as_of: 2024-03-05, phase: I, source: old}
      - {capacity: "60,000", as_of: 2025-06-10, phase: I, source: new}
      - {capacity: "up to 300,000", as_of: 2024-03-05, planned: yes, phase: 2029, source: old}
      - {capacity: "200,000", precision: 10000, as_of: 2025-06-10, planned: yes, phase: final,
         source: new}
  - id: mini.packs
    maker: [mini]
    partner: [friend]
    kind: contract
    country: RU
    city: Tula
    product: batteries
    facts:
      - {capacity: "40", unit: GWh/year, precision: 1, as_of: 2025-06-10, phase: cells,
         planned: yes, source: new}
      - {start: 2025-03/2025-04, as_of: 2025-06-10, source: new}
  - id: alfa.graz
    maker: [alfa]
    country: AT
    city: Graz
    product: vehicles
    facts:
      - {status: cancelled, as_of: 2025-06-10, source: new, note: No reason was given.}
      - {capacity: "800", unit: vehicles/month, as_of: 2025-06-10, source: new}
  - id: alfa.graz-packs
    maker: [alfa]
    country: AT
    city: Graz
    product: batteries
    facts: [{status: announced, as_of: 2025-06-10, source: new}]
  - id: alfa.manisa
    maker: [alfa]
    country: TR
    city: Manisa
    product: vehicles
    facts: [{status: under-construction, as_of: 2025-06-10, source: new}]
"""


def fact(text: str, as_of: str, published: str = "", **other: object) -> PlantFact:
    """A fact on a start."""
    return PlantFact(
        id=f"{text}@{as_of}",
        plant="x",
        aspect=PlantAspect.START,
        text=text,
        source=published,
        at=(),
        as_of=parse_period(as_of),
        published=published,
    )._replace(**other)  # type: ignore[arg-type]


def status(text: str, as_of: str, published: str = "", **other: object) -> PlantFact:
    return fact(text, as_of, published, aspect=PlantAspect.STATUS, **other)


def counts(*facts: PlantFact) -> str:
    """What the only aspect of *facts* comes to; disputed ones with a stroke between them."""
    (aspect,) = aspects_of(facts)
    return "/".join(each.text for each in aspect.facts[: None if aspect.disputed else 1])


@pytest.fixture
def plants(ask_pack: Ask, make_pack) -> Ask:
    folder: Path = make_pack(PLANTS)
    return lambda *arguments: ask_pack(folder, "plants", *arguments)


@pytest.fixture
def table(make_pack):
    """The human table of all plants, with what stands under it."""
    folder: Path = make_pack(PLANTS, "shown")

    def lines(width: int | None) -> list[str]:
        with evcli.open(folder, builtin=False) as data:
            answer = plants_answer(Figures(data.store), Query(Where()))
            return "".join(table_lines(answer, Options(width=width))).splitlines()

    return lines


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # days that can be told apart: the later one
        ([status("announced", "2025-11"), status("delayed", "2025-12-05")], "delayed"),
        # December, printed in March, may be later than 5 December, printed that day
        (
            [
                status("operating", "2025-12", "2026-03"),
                status("delayed", "2025-12-05", "2025-12-05"),
            ],
            "operating",
        ),
        # December, printed on the first, cannot be later than the fifth
        (
            [
                status("operating", "2025-12", "2025-12-01"),
                status("delayed", "2025-12-05", "2025-12-05"),
            ],
            "delayed",
        ),
        # nobody knows when the year's page came out: the day is the safer word
        (
            [status("announced", "2025"), status("operating", "2025-10-09", "2025-10-10")],
            "operating",
        ),
        # a day is older than the year after it, whatever was printed when
        ([status("announced", "2024-12-31", "2026-01-01"), status("trial", "2025", "")], "trial"),
        # undated ones come last
        ([status("delayed", "undated"), status("operating", "2019")], "operating"),
        # two pages on one day, one of which came out later
        (
            [
                status("announced", "2025-03-26", "2025-03-27"),
                status("denied", "2025-03-26", "2025-04"),
            ],
            "denied",
        ),
        # what is comes before what is planned, even if the plan is newer
        ([status("operating", "2024"), status("expanding", "2025", planned=True)], "operating"),
        # and the whole plant before a phase of it, even if that is newer or no plan
        ([status("operating", "2024"), status("delayed", "2025", phase="Mini")], "operating"),
        (
            [fact("2021-06", "2021-05", planned=True), fact("2024-01-10", "2024-01", phase="Mini")],
            "2021-06",
        ),
        # a start that happened does not grow old: the exact day of an older page stands
        ([fact("2025-07-02", "2025-07-02"), fact("2025", "2025-12", "2026-02")], "2025-07-02"),
        # a plan does: a newer one that is vaguer is vaguer on purpose
        (
            [fact("2026-Q1", "2025-09", planned=True), fact("2026", "2026-02", planned=True)],
            "2026",
        ),
        # plans of what may be the same day: the one that says more
        (
            [
                fact("2026-03/2026-04", "2025-12", planned=True),
                fact("2026", "2025-12-05", "2025-12-05", planned=True),
            ],
            "2026-03/2026-04",
        ),
    ],
)
def test_which_fact_counts(facts: list[PlantFact], expected: str, order: int) -> None:
    assert counts(*facts[::order]) == expected


def test_what_cannot_both_be_true_is_not_chosen_between() -> None:
    same_day = [status("operating", "2025-06", "2025-06"), status("delayed", "2025-06", "2025-06")]
    assert counts(*same_day) == "operating/delayed"
    assert counts(*same_day, status("trial", "2025-07")) == "trial"


def test_plans_and_phases_are_told_once(plants: Ask) -> None:
    (row,) = [row for row in plants("--destination", "HU").rows if row["id"] == "alfa.first"]
    # precision 10,000: 195,000 to 205,000; the digits alone would allow 150,000 to 250,000
    assert (row["capacity_low"], row["capacity"], row["capacity_high"]) == (
        195_000,
        200_000,
        205_000,
    )
    # of phase I the newer figure, of the final stage nothing that is not said already
    assert row["note"] == (
        "capacity planned; capacity, phase I: 60,000 vehicles (as of 2025-06-10); "
        "capacity planned, 2029: up to 300,000 vehicles (as of 2024-03-05)"
    )


def test_a_phase_never_stands_without_its_name(plants: Ask, table) -> None:
    (row,) = plants("mini").rows
    assert (row["capacity"], row["capacity_low"], row["capacity_high"]) == (40, 39.5, 40.5)
    assert row["note"] == (
        "built under contract by Friend Works; capacity planned; capacity of cells"
    )
    assert any("40 GWh (cells)‡" in line for line in table(None))


@pytest.mark.parametrize(
    ("place", "ids"),
    [
        ("HU", ["alfa.first", "alfa.second"]),
        ("union", ["alfa.graz", "alfa.graz-packs", "alfa.first", "alfa.second"]),
        ("Europe", ["alfa.graz", "alfa.graz-packs", "alfa.first", "alfa.second", "mini.packs"]),
        ("asia", ["alfa.manisa"]),
        (
            "world",
            [
                "alfa.graz",
                "alfa.graz-packs",
                "alfa.first",
                "alfa.second",
                "mini.packs",
                "alfa.manisa",
            ],
        ),
    ],
)
def test_regions_and_the_order_of_places(plants: Ask, place: str, ids: list[str]) -> None:
    """By country (Austria, Hungary, Russia, Türkiye), city and maker; Ü is a U."""
    told = plants("--destination", place)
    assert told.of("id") == ids
    assert ("United Nations" in told.err) == (place in ("Europe", "asia"))


def test_a_region_without_countries_is_refused(plants: Ask) -> None:
    told = plants("--destination", "atlantis")
    assert told.code == 2
    assert "'atlantis' has no list of countries" in told.err
    assert "union" in told.err


def test_no_country_is_on_two_continents() -> None:
    """The sizes are those of the UN's list; of ISO 3166 it leaves out Antarctica and Taiwan."""
    sizes = {name: len(codes) for name, codes in CONTINENTS.items()}
    # Europe is 51 there with Sark, which has no code, and Svalbard: 10 + 17 - 1 + 16 + 9 = 51
    assert sizes == {"africa": 60, "americas": 57, "asia": 50, "europe": 51, "oceania": 29}
    assert len(frozenset().union(*CONTINENTS.values())) == sum(sizes.values())


def test_a_maker_finds_its_brands_and_partners_plants(plants: Ask) -> None:
    assert "mini.packs" in plants("alfa").of("id")
    assert plants("mini").of("id") == ["mini.packs"]
    assert plants("Friend Works").of("id") == ["mini.packs"]


def test_two_plants_of_one_town_are_told_apart(table) -> None:
    text = "\n".join(table(None))
    for place in (
        "Überstadt (second plant), Hungary",
        "Überstadt, Hungary",
        "Graz, Austria (vehicles)",
        "Graz, Austria (batteries)",
    ):
        assert place in text


@pytest.mark.parametrize("width", [80, 120, 200])
def test_status_start_and_capacity_survive_any_width(table, width: int) -> None:
    lines = table(width)
    assert max(map(len, lines)) <= width
    for head in ("maker", "where", "status", "start", "capacity"):
        assert head in lines[2]
    words = " ".join(lines).split()
    assert {"2025-03/04", "800", "month", "200,000", "40", "(cells)‡"} <= set(words)
    assert any("‡ planned" in line for line in lines)
    assert ("investment" in lines[2]) is False  # nobody states one


def test_other_tables_have_no_sign_to_explain(make_pack) -> None:
    folder = make_pack(PLANTS)
    with evcli.open(folder, builtin=False) as data:
        where = Where.resolve(data.store, destination=["AT"])
        answer = plants_answer(Figures(data.store), Query(where))
        assert "‡" not in "".join(table_lines(answer, Options()))


def test_a_start_whose_day_has_passed_without_a_word(
    make_pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planned for March 2025: overdue from 1 April, but not where it runs or was called off."""
    facts = """\
sources: [{id: old, title: Old, outlet: O, published: 2024-03-05}]
plants:
  - {id: a.waits, maker: [byd], country: HU, city: A, product: vehicles, facts: [
     {status: announced, as_of: 2024-03-05, source: old},
     {start: 2025-03, as_of: 2024-03-05, planned: yes, source: old}]}
  - {id: a.runs, maker: [byd], country: HU, city: B, product: vehicles, facts: [
     {status: operating, as_of: 2024-03-05, source: old},
     {start: 2025-03, as_of: 2024-03-05, planned: yes, source: old}]}
  - {id: a.over, maker: [byd], country: HU, city: C, product: vehicles, facts: [
     {status: cancelled, as_of: 2024-03-05, source: old},
     {start: 2025-03, as_of: 2024-03-05, planned: yes, source: old}]}
"""
    folder = make_pack(facts, "waiting")
    for epoch, overdue in (("1743379200", False), ("1743465600", True)):  # 31 March, 1 April
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        with evcli.open(folder, builtin=False) as data:
            rows = plants_answer(Figures(data.store), Query()).rows
        said = {
            str(row["id"]): "start planned for 2025-03; no later word" in str(row["note"])
            for row in rows
        }
        assert said == {"a.waits": overdue, "a.runs": False, "a.over": False}


def test_what_was_said_before_day_by_day(plants: Ask) -> None:
    """Of alfa.first: 50,000 of phase I and up to 300,000 in March 2024, 200,000 in June 2025."""
    told = plants("hungary", "--history")
    assert told.of("id", "as_of") == [
        ("alfa.first", "2024-03-05"),
        ("alfa.first", "2025-06-10"),
        ("alfa.second", "2025-06-10"),
    ]


def test_words_name_makers_and_places(plants: Ask) -> None:
    assert plants("hungary").of("id") == ["alfa.first", "alfa.second"]
    assert plants("alfa", "austria").of("id") == ["alfa.graz", "alfa.graz-packs"]
    assert plants("europe", "mini").of("id") == ["mini.packs"]
    assert "no plant of Poland is recorded; recorded: Austria, Hungary, " in plants("poland").err
    assert "no plant of Austria · Mini is recorded; recorded: Alfa" in plants("mini", "austria").err
