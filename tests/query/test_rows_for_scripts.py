"""What a row says to a program: its name, its days, its kind of window, whole things, no plans.

The days of each window are those of the calendar; the counts are worked out beside each.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import evcli
from evcli.model.vocabulary import Vocabulary
from evcli.query.titles import full_name, in_common, names_apart
from tests.query.conftest import Ask, MakePack

# period as written: first day, last day, kind of window
WINDOWS = {
    "2025-05-16": ("2025-05-16", "2025-05-16", "day"),
    "2024-02": ("2024-02-01", "2024-02-29", "month"),  # 2024 has a leap day
    "2025-Q2": ("2025-04-01", "2025-06-30", "quarter"),
    "2025-04/2025-06": ("2025-04-01", "2025-06-30", "quarter"),
    "2025-H1": ("2025-01-01", "2025-06-30", "half"),
    "2025": ("2025-01-01", "2025-12-31", "year"),
    "2025-01/2025-10": ("2025-01-01", "2025-10-31", "ytd"),
    "2023/2025": ("2023-01-01", "2025-12-31", "years"),
    "2025-02/2025-04": ("2025-02-01", "2025-04-30", "months"),
    "2024-11/2025-01": ("2024-11-01", "2025-01-31", "months"),
    "2025-12-01/2025-12-15": ("2025-12-01", "2025-12-15", "days"),
    "undated": ("", "", "undated"),
}
ONE = """\
vocabulary:
  subjects: [{id: alfa, name: Alfa Cars, short: Alfa, kind: maker}]
  publishers: [{id: alfa, name: Alfa Cars, kind: maker, precision: 1}]
sources: [{id: s, title: A page, outlet: Paper, published: 2026-03-01}]
series:
  - id: alfa.abroad
    title: Alfa in Hungary
    subject: alfa
    metric: overseas-sales
    scope: all
    destination: HU
    unit: vehicles
    publisher: alfa
    facts:
"""


def pack(make_pack: MakePack, *facts: str, stores: bool = False) -> Path:
    """Sales of one maker in one country, or its stores there, which have dates and no periods."""
    lines = [f"      - {{{each}, source: s, at: p{n}}}\n" for n, each in enumerate(facts, 1)]
    text = ONE + "".join(lines)
    if stores:
        text = text.replace("overseas-sales", "stores").replace("vehicles", "stores")
        text = text.replace("period:", "as_of:")
    return make_pack(text)


@pytest.mark.parametrize("written", WINDOWS)
def test_every_window_has_its_days_and_its_kind(
    written: str, make_pack: MakePack, ask_pack: Ask
) -> None:
    told = ask_pack(pack(make_pack, f'period: {written}, stated: "12"'), "get", "alfa.abroad")
    assert told.of("start", "end", "window") == [WINDOWS[written]]


def test_days_sum_up_a_year_without_gap_or_overlap(make_pack: MakePack, ask_pack: Ask) -> None:
    """Both ends belong to a period: one month's last day is the day before the next one's first."""
    months = [f'period: 2025-{month:02}, stated: "1"' for month in range(1, 13)]
    told = ask_pack(pack(make_pack, *months), "get", "alfa.abroad")
    ends = told.of("end")
    assert ends[1] == "2025-02-28"
    assert [int(end[8:]) for end in ends] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert [start[8:] for start in told.of("start")] == ["01"] * 12


def test_counted_things_are_whole_and_their_bounds_never_shrink(
    make_pack: MakePack, ask_pack: Ask
) -> None:
    """100 is exact, counted to the last vehicle, and +6 % is 5.5 to 6.5: the year before was
    100 / 1.065 = 93.9 to 100 / 1.055 = 94.8. Printed are 93 and 95, and of 100 / 1.06 = 94.3 the
    whole, 94.
    """
    folder = pack(make_pack, 'period: 2024, stated: "100", yoy: "+6%"')
    told = ask_pack(folder, "get", "alfa.abroad", "--period", "2023")
    assert told.of("value", "low", "high", "basis") == [(94, 93, 95, "derived")]
    with evcli.open(folder, builtin=False) as data:
        (figure,) = data.get("alfa.abroad", period="2023")
        frame = data.frame("alfa.abroad", period="2023")
    assert figure.bounds.low == 100 / Fraction("1.065")
    assert [float(frame[name][0]) for name in ("value", "low", "high")] == [94, 93, 95]


def test_money_keeps_its_fractions(make_pack: MakePack, ask_pack: Ask) -> None:
    money = ONE.replace("overseas-sales", "export-value").replace("vehicles", "USD")
    folder = make_pack(money + '      - {period: 2025, stated: "12.5", source: s, at: p1}\n')
    told = ask_pack(folder, "get", "alfa.abroad")
    assert told.of("value", "low", "high") == [(12.5, 12.45, 12.55)]


# -- labels


def test_a_label_is_the_name_of_one_series_alone() -> None:
    with evcli.open() as data:
        series = data.store.series(data.store.all_series_ids())
        names = [full_name(each, data.vocabulary) for each in series]
    assert len(names) > 600
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if name[0] != name[0].upper() or "  " in name] == []


@pytest.mark.parametrize(
    ("series", "label"),
    [
        ("byd.overseas-sales.all.byd", "BYD, overseas sales"),
        ("cn.exports.nev.to-mx.gacc", "China, exports, new-energy, to Mexico (customs)"),
        ("cn.exports.all.caam", "China, exports (CAAM)"),
        ("saic.overseas-sales.all.saic-retail", "SAIC, overseas sales, retail"),
        ("leapmotor.registrations.bev.to-de.kba", "Leapmotor, registrations, battery electric, "
         "in Germany (KBA)"),
        ("cn.export-value.all.gacc.cny", "China, value of exports, CNY (customs)"),
        ("cn.investment.ev-chain.to-cn.rhodium", "China, investment, EV supply chain, at home, "
         "USD (Rhodium)"),
    ],
)  # fmt: skip
def test_labels(series: str, label: str) -> None:
    with evcli.open() as data:
        (found,) = data.store.series([series])
        assert full_name(found, data.vocabulary) == label


def test_a_label_needs_no_words() -> None:
    with evcli.open() as data:
        (found,) = data.store.series(["cn.exports.nev.to-mx.gacc"])
    assert full_name(found, Vocabulary()) == "CN, exports, nev, to MX (gacc)"


def test_who_has_no_figure_has_a_label_all_the_same(ask: Ask) -> None:
    told = ask("compare", "alfa", "CN", "--metric", "overseas-sales", "--period", "2024")
    assert told.of("label") == ["Alfa Cars, overseas sales", "China, overseas sales"]


def test_what_is_computed_says_so_in_its_label(ask: Ask) -> None:
    series = "m.exports.nev"
    (label,) = ask("get", series, "--period", "2025-H1").of("label")
    for command in (["growth", series], ["share", series, "m.exports.all"]):
        told = ask(*command, "--period", "2025-H1")
        assert told.of("label") == [f"{label}: {command[0]}"]
    total = ask("total", "m.exports.all@2025-05", "m.exports.all@2025-06")
    assert total.of("label", "start", "end", "window") == [
        ("Total", "2025-05-01", "2025-06-30", "months")
    ]


# -- plans


PLANS = (
    'period: 2025-06-30, stated: "90"',
    'period: 2025-12-31, stated: "120"',
    'period: 2025-12-31, stated: "150", status: forecast',
    'period: 2026-12-31, stated: "300", status: forecast',
)
LEFT_OUT = "evcli: note: 2 plans left out: --plans\n"


@pytest.mark.parametrize("command", ["get", "trend"])
def test_plans_are_shown_to_who_asks_for_them(
    command: str, make_pack: MakePack, ask_pack: Ask
) -> None:
    folder = pack(make_pack, *PLANS, stores=True)
    told = ask_pack(folder, command, "alfa.abroad")
    assert told.of("value", "status") == [(90, "normal"), (120, "normal")]
    assert LEFT_OUT in told.err
    told = ask_pack(folder, command, "alfa.abroad", "--plans")
    assert told.of("value") == [90, 120, 150, 300]
    assert told.of("status") == ["normal", "normal", "forecast", "forecast"]
    assert "plan" not in told.err


def test_a_topic_counts_the_plans_of_the_windows_it_shows(
    make_pack: MakePack, ask_pack: Ask
) -> None:
    """Its newest count is of the end of 2025; one plan stands beside it, one is of 2026."""
    folder = pack(make_pack, *PLANS, stores=True)
    told = ask_pack(folder, "network")
    assert told.of("value") == [120]
    assert "2 plans left out: --plans" in told.err
    assert sorted(ask_pack(folder, "network", "--plans").of("value")) == [120, 150, 300]


@pytest.mark.parametrize("command", [["network"], ["get", "alfa.abroad"]])
def test_an_answer_of_plans_alone_is_empty_and_says_why(
    command: list[str], make_pack: MakePack, ask_pack: Ask
) -> None:
    folder = pack(make_pack, PLANS[-1], stores=True)
    told = ask_pack(folder, *command)
    assert (told.code, told.rows) == (0, [])
    assert told.err == "evcli: hint: 1 plan left out: --plans\n"
    assert ask_pack(folder, *command, "--plans").of("value") == [300]
    assert ask_pack(folder, *command, "--source", "s", "-q").rows == []


def test_python_leaves_plans_out_too(make_pack: MakePack) -> None:
    with evcli.open(pack(make_pack, *PLANS, stores=True), builtin=False) as data:
        assert [int(each.value or 0) for each in data.get("alfa.abroad")] == [90, 120]
        assert len(data.get("alfa.abroad", plans=True)) == 4
        assert data.frame("alfa.abroad", plans=True)["status"].tolist()[2:] == ["forecast"] * 2
        assert len(data.frame("alfa.abroad")) == 2


@pytest.mark.parametrize("command", ["top", "compare", "growth", "share", "total"])
def test_nothing_is_computed_with_plans(command: str, make_pack: MakePack, ask_pack: Ask) -> None:
    folder = pack(make_pack, *PLANS, stores=True)
    named = ["alfa.abroad@2025-12-31", "alfa.abroad@2026-12-31"][: 1 + (command != "growth")]
    told = ask_pack(folder, command, *named, "--plans")
    assert told.code == 2
    assert "no such option: --plans" in told.err


# -- names in tables


@pytest.mark.parametrize(
    ("series", "names", "title"),
    [
        # they differ in who counted alone
        (["cn.exports.nev.caam", "cn.exports.nev.gacc"], ["CAAM", "customs"],
         ["Exports", "new-energy vehicles"]),
        # what is whole is said only where nothing else is; another place among parts has its "to"
        (["cn.exports.all.caam", "cn.exports.nev.caam", "cn.exports.all.to-br.caam"],
         ["all vehicles", "new-energy", "to Brazil"], ["Exports", "counted by CAAM"]),
        (["cn.exports.nev.to-mx.gacc", "cn.exports.nev.to-br.gacc"], ["Mexico", "Brazil"],
         ["Exports", "new-energy vehicles", "counted by customs"]),
        (["cn.exports.all.caam", "cn.exports.nev.gacc"],
         ["all vehicles (CAAM)", "new-energy (customs)"], ["Exports"]),
        # whoever counts itself needs no counter
        (["byd.overseas-sales.all.byd", "saic.overseas-sales.all.saic"], ["BYD", "SAIC"],
         ["Overseas sales", "all vehicles", "makers' own counts"]),
        # the method stands only where names would be alike
        (["saic.overseas-sales.all.saic", "saic.overseas-sales.all.saic-retail",
          "saic.overseas-sales.nev.saic"],
         ["the company's own count", "retail", "new-energy"],
         ["SAIC Motor", "Overseas sales", "counted by SAIC"]),
    ],
)  # fmt: skip
def test_names_say_in_what_series_differ_and_the_title_the_rest(
    series: list[str], names: list[str], title: list[str]
) -> None:
    with evcli.open() as data:
        found = [data.store.series([each])[0] for each in series]
        assert names_apart(found, data.vocabulary) == names
        assert in_common(found, data.vocabulary) == title
