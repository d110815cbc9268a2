"""What a topic command shows first, in which order, and what it says it leaves out."""

from __future__ import annotations

import pytest

from tests.query.conftest import Ask
from tests.query.test_ranking import pack

CAAM = "subject=CN metric=exports method=maker-reported publisher=bureau"
RIVAL = "subject=CN metric=exports method=not-stated publisher=rival"
EXPORTS = pack(
    f"a.nev {CAAM} scope=nev | 2025 301 | 2025-05 31",
    f"b.all {CAAM} scope=all | 2025 901 | 2025-05 91 | 2024 801",
    f"c.bev {CAAM} scope=bev | 2025 201",
    f"d.ev {CAAM} scope=ev | 2025 99",
    f"e.all.rival {RIVAL} scope=all | 2025 1,001",
    "f.all.u subject=CN metric=exports method=not-stated publisher=unnamed scope=all | 2025 1,111",
    f"g.old.rival {RIVAL} scope=passenger | 2022 77",
    f"h.no {CAAM} scope=all destination=NO | 2025 44",
    "i.alfa metric=exports method=not-stated publisher=unnamed scope=ev subject=alfa | 2022 5",
)
VALUE = (
    "  - {id: v, title: V, unit: USD, subject: CN, metric: export-value, scope: all, "
    "publisher: bureau, method: maker-reported, "
    'facts: [{period: 2025, stated: "$9 billion", source: page, at: p1}]}\n'
)


@pytest.fixture
def exports(ask_pack: Ask, make_pack) -> Ask:
    folder = make_pack(EXPORTS + VALUE)
    return lambda *arguments: ask_pack(folder, "exports", *arguments)


def test_the_chief_scopes_by_the_chief_counter_first(exports: Ask) -> None:
    # the bureau is declared before the rival
    told = exports("--year", "2025")
    assert told.of("id") == ["b.all@2025", "a.nev@2025", "c.bev@2025", "e.all.rival@2025"]


def test_what_is_left_out_can_be_asked_for(exports: Ask) -> None:
    assert exports("--year", "2025", "--metric", "export-value").of("id") == ["v@2025"]
    assert exports("--year", "2025", "--scope", "ev").of("id") == ["d.ev@2025"]
    assert exports("--year", "2025", "--publisher", "unnamed").of("id") == ["f.all.u@2025"]
    assert "h.no@2025" in exports("--year", "2025", "--by", "destination").of("id")
    assert exports("--year", "2025", "--destination", "NO").of("id") == ["h.no@2025"]


def test_an_open_question_leaves_out_what_nobody_counts_any_more(exports: Ask) -> None:
    told = exports()
    assert "g.old.rival@2022" not in told.of("id")
    assert "1 series without a figure since 2025 are left out" in told.err
    assert "g.old.rival@2022" in exports("--year", "2022").of("id")


def test_who_names_somebody_wants_all_there_is(exports: Ask) -> None:
    # neither a chief scope nor a counter with a name, and three years older than the rest
    assert exports("alfa").of("id") == ["i.alfa@2022"]


def test_a_year_that_follows_stands_before_eleven_months_of_a_place(
    ask_pack: Ask, make_pack
) -> None:
    """1,501 of 2025 are 50 % more than 1,001 (1,501 / 1.505 = 997 to 1,501 / 1.495 = 1,005)."""
    facts = "2025 1,501 +50% | 2024-01/2024-11 901"
    folder = make_pack(pack(f"j.se {CAAM} scope=all destination=SE | {facts}"))
    told = ask_pack(folder, "exports", "sweden", "2024")
    assert told.of("id", "basis") == [("j.se@2024", "derived")]
    [(low, high)] = told.of("low", "high")
    assert 900 < low <= 997
    assert 1_005 <= high < 1_100


def test_a_pack_of_other_scopes_alone_is_shown(ask_pack: Ask, make_pack) -> None:
    folder = make_pack(pack(f"d.ev {CAAM} scope=ev | 2025 99"))
    assert ask_pack(folder, "exports").of("id") == ["d.ev@2025"]


OWN = "method=company-count"
SALES = pack(
    f"a.sold {OWN} metric=overseas-sales scope=all subject=alfa publisher=alfa | 2025 301",
    f"b.sold {OWN} metric=overseas-sales scope=all subject=bravo publisher=bravo | 2025 901",
    f"a.se {OWN} metric=overseas-sales scope=all destination=SE subject=alfa publisher=alfa "
    "| 2025 41",
    "a.reg.se metric=registrations scope=all destination=SE subject=alfa publisher=bureau "
    "method=vehicle-register | 2025-05 7 | 2025 43",
    "b.reg.se metric=registrations scope=all destination=SE subject=bravo publisher=bureau "
    "method=vehicle-register | 2025-05 9",
)


@pytest.fixture
def sales(ask_pack: Ask, make_pack) -> Ask:
    folder = make_pack(SALES)
    return lambda *arguments: ask_pack(folder, "sales", *arguments)


def test_makers_counts_of_all_they_sold_abroad(sales: Ask) -> None:
    # the larger first
    assert sales("--year", "2025").of("id") == ["b.sold@2025", "a.sold@2025"]


def test_registrations_of_a_maker_or_a_place_that_is_named(sales: Ask) -> None:
    # first what the maker counts, the whole before a part; then what the register counts
    assert sales("alfa").of("id") == ["a.sold@2025", "a.se@2025", "a.reg.se@2025"]
    assert sales("--destination", "SE").of("id") == [
        "a.se@2025",
        "a.reg.se@2025",
        "b.reg.se@2025-05",
    ]
    assert sales("--metric", "registrations", "--period", "2025-05").of("id") == [
        "b.reg.se@2025-05",
        "a.reg.se@2025-05",
    ]


FUNDS = pack(
    "a subject=CN metric=investment scope=ev-chain destination=abroad publisher=bureau "
    "method=project-tracking | 2024 16 | 2023 9",
    "b subject=CN metric=investment scope=ev-chain destination=CN publisher=bureau "
    "method=project-tracking | 2024 15",
    "c subject=CN metric=investment scope=ev-chain destination=abroad publisher=rival "
    "method=not-stated | 2024 14",
    "d subject=CN metric=outbound-fdi scope=ev-chain destination=abroad publisher=bureau "
    "method=announced | 2024 13",
    "e subject=CN metric=outbound-fdi scope=ev-chain destination=abroad publisher=bureau "
    "method=completed | 2023 12",
    "f subject=CN metric=outbound-fdi scope=ev-chain destination=HU publisher=bureau "
    "method=completed | 2023 3",
).replace("unit: vehicles", "unit: USD")


def test_measures_of_investment_stand_apart(
    ask_pack: Ask, make_pack, capfd: pytest.CaptureFixture[str]
) -> None:
    text = FUNDS
    for number in (16, 9, 15, 14, 13, 12, 3):
        text = text.replace(f'stated: "{number}"', f'stated: "${number} billion"')
    told = ask_pack(make_pack(text), "investment")
    # publisher by publisher, abroad before at home, year by year
    of_bureau = ["a@2023", "a@2024", "b@2024", "d@2024", "e@2023"]
    assert told.of("id") == [*of_bureau, "c@2024"]
    named = ask_pack(make_pack(text, "again"), "investment", "--destination", "HU")
    assert named.of("id") == ["f@2023"]
