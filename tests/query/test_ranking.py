"""What a ranking ranks: one count in one window, and what it says it leaves out."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from tests.conftest import Process
from tests.query.conftest import Ask

WORDS = """\
vocabulary:
  subjects:
    - {id: alfa, name: Alfa, kind: maker}
    - {id: bravo, name: Bravo, kind: maker}
    - {id: charlie, name: Charlie, kind: maker}
    - {id: delta-makers, name: Makers of Delta, kind: industry}
  destinations:
    - {id: north, name: The North, members: [SE, FI]}
    - {id: faraway, name: Far away}
  publishers:
    - {id: bureau, name: Bureau, precision: 1}
    - {id: rival, name: Rival, precision: 1}
  methods: [{id: at-the-door, name: At the door, definition: Counted at the door}]
sources: [{id: page, title: Page, outlet: O, published: 2026}]
"""


def pack(*series: str) -> str:
    """A pack: each line is an id, the fields that matter, and ``period value [yoy]`` after bars."""
    rows = []
    for line in series:
        head, *facts = (part.strip() for part in line.split("|"))
        id_, *fields = head.split()
        told = ", ".join(field.replace("=", ": ") for field in fields)
        listed = []
        for fact in facts:
            period, value, *growth = fact.split()
            yoy = f', yoy: "{growth[0]}"' if growth else ""
            listed.append(f'{{period: {period}, stated: "{value}"{yoy}, source: page, at: p1}}')
        rows.append(
            f"  - {{id: {id_}, title: T, unit: vehicles, {told}, facts: [{', '.join(listed)}]}}"
        )
    return dedent(WORDS) + "series:\n" + "\n".join(rows) + "\n"


EXPORTS = "subject=CN metric=exports method=maker-reported"
PLACES = pack(
    f"x.world {EXPORTS} scope=all publisher=bureau | 2025 1,001",
    f"x.se {EXPORTS} scope=all destination=SE publisher=bureau | 2025 101 | 2025-05 11",
    f"x.fi {EXPORTS} scope=all destination=FI publisher=bureau | 2025 151 | 2025-05 12",
    f"x.hu {EXPORTS} scope=all destination=HU publisher=bureau | 2025-05 13",
    f"x.north {EXPORTS} scope=all destination=north publisher=bureau | 2025 252",
    f"x.faraway {EXPORTS} scope=all destination=faraway publisher=bureau | 2025 303",
    f"x.no {EXPORTS} scope=all destination=NO publisher=rival | 2025 909",
    f"y.se {EXPORTS} scope=nev destination=SE publisher=bureau | 2025 51",
    f"y.fi {EXPORTS} scope=nev destination=FI publisher=bureau | 2025 52",
    f"y.no {EXPORTS} scope=nev destination=NO publisher=bureau | 2025 53",
)
RANK_PLACES = ("top", "--metric", "exports", "--by", "destination")


@pytest.fixture
def places(ask_pack: Ask, make_pack) -> Ask:
    folder = make_pack(PLACES)
    return lambda *arguments: ask_pack(folder, *arguments)


def test_countries_are_ranked_by_one_count_of_all_vehicles(places: Ask) -> None:
    # the rival's 909 and the new-energy vehicles are other counts, although the latter have
    # three countries and the former the largest number
    told = places(*RANK_PLACES, "--year", "2025")
    assert told.of("id", "position") == [("x.fi@2025", 1), ("x.se@2025", 2)]
    assert "not ranked here: all vehicles by Rival (1), new-energy by Bureau (3)" in told.err


def test_shares_are_of_the_world_by_the_same_count(places: Ask) -> None:
    told = places(*RANK_PLACES, "--year", "2025")
    assert told.of("share") == [pytest.approx(100 * 151 / 1001), pytest.approx(100 * 101 / 1001)]
    assert "shares are of x.world@2025" in told.err


def test_regions_are_ranked_when_they_are_named(places: Ask) -> None:
    told = places(*RANK_PLACES, "--year", "2025", "--destination", "north,faraway")
    assert told.of("destination") == ["faraway", "north"]


def test_a_count_or_a_scope_that_is_asked_for_is_ranked(places: Ask) -> None:
    told = places(*RANK_PLACES, "--year", "2025", "--scope", "nev")
    assert told.of("destination") == ["NO", "FI", "SE"]
    told = places(*RANK_PLACES, "--year", "2025", "--publisher", "rival")
    assert told.of("destination") == ["NO"]


def test_a_window_that_is_asked_for_is_the_one_ranked(places: Ask) -> None:
    told = places(*RANK_PLACES, "--period", "2025-05")
    assert told.of("id") == ["x.hu@2025-05", "x.fi@2025-05", "x.se@2025-05"]


SALES = "metric=overseas-sales scope=all method=company-count"


def test_where_most_lack_the_year_the_window_that_most_have_is_ranked(
    ask_pack: Ask, make_pack
) -> None:
    # one of three has 2025, all three have the eleven months, two have the half-year
    folder = make_pack(
        pack(
            f"a {SALES} subject=alfa publisher=alfa | 2025 901 | 2025-01/2025-11 801 | 2025-H1 401",
            f"b {SALES} subject=bravo publisher=bravo | 2025-01/2025-11 702 | 2025-H1 402",
            f"c {SALES} subject=charlie publisher=charlie | 2025-01/2025-11 703",
        )
    )
    told = ask_pack(folder, "top", "--metric", "overseas-sales", "--year", "2025")
    assert told.of("id") == ["a@2025-01/2025-11", "c@2025-01/2025-11", "b@2025-01/2025-11"]


def test_half_of_them_are_enough_for_the_year(ask_pack: Ask, make_pack) -> None:
    folder = make_pack(
        pack(
            f"a {SALES} subject=alfa publisher=alfa | 2025 901 | 2025-05 81",
            f"b {SALES} subject=bravo publisher=bravo | 2025-05 71",
        )
    )
    told = ask_pack(folder, "top", "--metric", "overseas-sales", "--year", "2025")
    assert told.of("id") == ["a@2025"]


def test_a_year_that_follows_is_ranked_with_those_that_are_stated(ask_pack: Ask, make_pack) -> None:
    # 2025 stands at twice 2024, so 2024 is half of 402: 201, by a growth that rounds to a percent
    folder = make_pack(
        pack(
            f"a {SALES} subject=alfa publisher=alfa | 2024 301",
            f"b {SALES} subject=bravo publisher=bravo | 2025 402 +100%",
        )
    )
    told = ask_pack(folder, "top", "--metric", "overseas-sales", "--year", "2024")
    assert told.of("id", "basis") == [("a@2024", "stated"), ("b@2024", "derived")]
    assert told.rows[1]["value"] == pytest.approx(201)


def test_places_that_follow_from_a_gain_are_ranked_as_derived(
    ask_pack: Ask, make_pack, evcli_run: Callable[..., Process]
) -> None:
    # 2024: Finland 301; Norway 402 less the 151 gained; Sweden not at all. Two of three are
    # enough for the year, though all three have its first eleven months
    def place(code: str, facts: str) -> str:
        return f"x.{code.lower()} {EXPORTS} scope=all destination={code} publisher=bureau | {facts}"

    text = pack(
        place("FI", "2024 301 | 2024-01/2024-11 281"),
        place("NO", "2025 402 +GAIN | 2024-01/2024-11 231"),
        place("SE", "2024-01/2024-11 101"),
    ).replace("+GAIN", "+151 vehicles")
    folder = make_pack(text)
    told = ask_pack(folder, *RANK_PLACES, "--year", "2024")
    assert told.of("id", "basis") == [("x.fi@2024", "stated"), ("x.no@2024", "derived")]
    assert told.rows[1]["value"] == pytest.approx(251, abs=1e-9)
    table = evcli_run(*RANK_PLACES, "--year", "2024", "--no-builtin", "--facts", str(folder))
    more = "not known for 2024: Sweden"
    assert more in " ".join(table.stdout.decode().split())


def test_of_one_makers_counts_the_usual_one_is_ranked(ask_pack: Ask, make_pack) -> None:
    folder = make_pack(
        pack(
            f"a {SALES} subject=alfa publisher=alfa | 2025 901",
            f"b {SALES} subject=bravo publisher=bravo | 2025 801",
            "b.door metric=overseas-sales scope=all method=at-the-door subject=bravo "
            "publisher=bravo | 2025 909",
        )
    )
    told = ask_pack(folder, "top", "--metric", "overseas-sales", "--year", "2025")
    assert told.of("id") == ["a@2025", "b@2025"]


def test_makers_are_not_ranked_among_countries_and_industries(ask_pack: Ask, make_pack) -> None:
    count = "metric=exports scope=all method=maker-reported publisher=bureau"
    folder = make_pack(
        pack(
            f"cn {count} subject=CN | 2025 9,001",
            f"all {count} subject=delta-makers | 2025 8,001",
            f"a {count} subject=alfa | 2025 901",
            f"b {count} subject=bravo | 2025 801",
        )
    )
    told = ask_pack(folder, "top", "--metric", "exports", "--year", "2025")
    assert told.of("id") == ["a@2025", "b@2025"]
    assert "country by Bureau (1)" in told.err
    assert "industry by Bureau (1)" in told.err


def test_a_counter_without_a_name_comes_last(ask_pack: Ask, make_pack) -> None:
    count = "metric=exports scope=all method=maker-reported"
    folder = make_pack(
        pack(
            f"a.u {count} subject=alfa publisher=unnamed | 2025 91",
            f"b.u {count} subject=bravo publisher=unnamed | 2025 81",
            f"c.u {count} subject=charlie publisher=unnamed | 2025 71",
            f"a.b {count} subject=alfa publisher=bureau | 2025 61",
            f"b.b {count} subject=bravo publisher=bureau | 2025 51",
        )
    )
    told = ask_pack(folder, "top", "--metric", "exports", "--year", "2025")
    assert told.of("id") == ["a.b@2025", "b.b@2025"]


def test_growth_is_computed_where_it_is_not_stated(ask_pack: Ask, make_pack) -> None:
    # 301 on 201 is 49.8 %; bravo says +10 %; charlie has no year before
    folder = make_pack(
        pack(
            f"a {SALES} subject=alfa publisher=alfa | 2025 301 | 2024 201",
            f"b {SALES} subject=bravo publisher=bravo | 2025 402 +10%",
            f"c {SALES} subject=charlie publisher=charlie | 2025 503",
        )
    )
    told = ask_pack(folder, "top", "--metric", "overseas-sales", "--growth", "--year", "2025")
    assert told.of("subject") == ["alfa", "bravo"]
    assert told.rows[0]["yoy"] == pytest.approx(100 * 100 / 201)
    assert "no growth known: Charlie" in told.err


def test_the_growth_of_a_disputed_level_is_that_of_its_hull(ask_pack: Ask, make_pack) -> None:
    # 301 and 351 exclude each other: growth on 200.5 to 201.5 (201 is exact) lies between them
    one = '{period: 2025, stated: "301", source: page, at: p1}'
    text = pack(
        f"a {SALES} subject=alfa publisher=alfa | 2025 301 | 2024 201",
        f"b {SALES} subject=bravo publisher=bravo | 2025 402 +10%",
    ).replace(one, f"{one}, {one.replace('301', '351').replace('page', 'other')}")
    text = text.replace("sources: [", "sources: [{id: other, title: Q, outlet: O}, ")
    told = ask_pack(
        make_pack(text), "top", "--metric", "overseas-sales", "--growth", "--year", "2025"
    )
    first = told.rows[0]
    assert (first["subject"], first["value"]) == ("alfa", None)
    assert first["yoy_low"] == pytest.approx(100 * (301 / 201 - 1))
    assert first["yoy_high"] == pytest.approx(100 * (351 / 201 - 1))


def test_what_is_counted_by_destination_only_needs_one(places: Ask) -> None:
    told = places("top", "--metric", "exports", "--subject", "CN", "--scope", "nev")
    assert told.rows == []
    assert "add --destination, one of FI, NO, SE" in told.err


def test_counts_at_a_date_are_ranked_by_the_newest_of_each(ask_pack: Ask, make_pack) -> None:
    text = (
        pack(
            "a subject=alfa metric=stores scope=all destination=abroad method=company-count "
            "publisher=alfa | 2024 11 | 2025-06 31",
            "b subject=bravo metric=stores scope=all destination=abroad method=company-count "
            "publisher=bravo | 2024 21",
        )
        .replace("unit: vehicles", "unit: stores")
        .replace("{period:", "{as_of:")
    )
    told = ask_pack(make_pack(text), "top", "--metric", "stores")
    assert told.of("id") == ["a@2025-06", "b@2024"]
