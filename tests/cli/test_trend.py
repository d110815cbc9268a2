"""``evcli trend`` and ``--bars`` over a small market: all told by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Process

Run = Callable[..., Process]
Ask = Callable[..., Process]

MARKET = """\
vocabulary:
  subjects:
    - {id: alfa, name: 阿尔法汽车, kind: maker, aliases: [Alfa]}
    - {id: bravo, name: Bravo Motor, kind: maker}
    - {id: cargo, name: Cargo Works, kind: maker}
  publishers:
    - {id: bureau, name: Bureau, precision: 1000}
    - {id: rival, name: Rival Counters, precision: 1000}
sources:
  - {id: book, title: Yearbook, outlet: Bureau, publisher: bureau, published: 2025-02-01}
series:
  - {id: m.months, title: Vehicles by month, subject: CN, metric: exports, scope: all,
     unit: vehicles, publisher: bureau, facts: [
      {period: 2024-01, stated: "100,000", source: book, at: p1},
      {period: 2024-02, stated: "110,000", source: book, at: p1},
      {period: 2024-03, stated: "120,000", source: book, at: p1},
      {period: 2024-01/2024-04, stated: "460,000", source: book, at: p1},
      {period: 2024-06, stated: "150,000", source: book, at: p1},
      {period: undated, stated: "7,000", source: book, at: p1}]}
  - {id: m.rival, title: Vehicles by a rival, subject: CN, metric: exports, scope: all,
     unit: vehicles, publisher: rival, facts: [
      {period: 2024-02, stated: "90,000", source: book, at: p2},
      {period: 2024-03, stated: "95,000", source: book, at: p2},
      {period: 2024-06, stated: "99,000", source: book, at: p2}]}
  - {id: m.value, title: Value by month, subject: CN, metric: exports, scope: nev,
     unit: USD, publisher: bureau, facts: [
      {period: 2024-02, stated: "$16 billion", source: book, at: p3}]}
  - {id: m.one, title: One year, subject: alfa, metric: overseas-sales, scope: all,
     unit: vehicles, publisher: alfa, facts: [
      {period: 2024, stated: "40,000", source: book, at: p4}]}
  - {id: m.none, title: Undated, subject: CN, metric: exports, scope: bev,
     unit: vehicles, publisher: bureau, facts: [
      {period: undated, stated: "40,000", source: book, at: p5}]}
  - {id: m.open, title: Open, subject: bravo, metric: overseas-sales, scope: all,
     unit: vehicles, publisher: bravo, facts: [
      {period: 2022, stated: "over 50,000", source: book, at: p6},
      {period: 2023, stated: "over 60,000", source: book, at: p6},
      {period: 2024, stated: "nearly 80,000", source: book, at: p6}]}
  - {id: m.fall, title: Falling, subject: cargo, metric: overseas-sales, scope: all,
     unit: vehicles, publisher: cargo, facts: [
      {period: 2022, stated: "30,000", yoy: "+50%", source: book, at: p7},
      {period: 2023, stated: "24,000", yoy: "-20%", source: book, at: p7},
      {period: 2024, stated: "20,000", source: book, at: p7}]}
"""


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("market")
    (folder / "facts.yaml").write_text(MARKET, "utf-8")
    return folder


@pytest.fixture
def ask(evcli_run: Run, market: Path) -> Ask:
    """Ask the small market, without the built-in facts."""

    def asked(*arguments: str, **variables: str) -> Process:
        return evcli_run(*arguments, "--no-builtin", "--facts", str(market), **variables)

    return asked


def rows(done: Process) -> list[dict[str, str]]:
    assert done.returncode == 0, done.stderr.decode()
    return list(csv.DictReader(io.StringIO(done.stdout.decode())))


def chart_and_table(done: Process) -> tuple[str, str]:
    assert done.returncode == 0, done.stderr.decode()
    chart, _, table = done.stdout.decode().partition("\n\n")
    return chart, table


def test_months_are_taken_where_three_are_known(ask: Ask) -> None:
    """April is 460,000 - 100,000 - 110,000 - 120,000; May is not known and says so."""
    found = rows(ask("trend", "m.months", "--format", "csv"))
    assert [row["period"] for row in found] == [f"2024-0{month}" for month in range(1, 7)]
    assert [row["value"] for row in found] == ["100000", "110000", "120000", "130000", "", "150000"]
    april, may = found[3], found[4]
    # each of the four numbers lies within 500 of what is printed
    assert (april["basis"], april["low"], april["high"]) == ("derived", "128000", "132000")
    assert may["note"]


def test_the_notes_say_what_is_shown_and_left_out(ask: Ask) -> None:
    told = ask("trend", "m.months", "--format", "csv").stderr.decode()
    assert "months are shown (--by month, quarter, half, year chooses others)" in told
    assert "2 windows of other kinds are left out (evcli get shows them)" in told
    assert ask("trend", "m.months", "--format", "csv", "-q").stderr == b""
    assert ask("trend", "m.months").stderr == b""  # beside a table they are counted there
    assert (
        told.partition("note: ")[2].splitlines()[0]
        in ask("trend", "m.months", "-n").stdout.decode()
    )


def test_the_chart_marks_derived_points_and_breaks_where_a_window_is_missing(ask: Ask) -> None:
    chart, table = chart_and_table(ask("trend", "m.months"))
    assert chart.splitlines()[0] == "Vehicles by month"
    assert chart.splitlines()[1] == "Thousand vehicles, counted by Bureau"
    assert "● ● 150,000\n" in chart  # June, and its label
    chart = chart.replace("● 150,000", "")
    plot = [line.partition("┤")[2] or line.partition("│")[2] for line in chart.splitlines()]
    assert sum(line.count("●") for line in plot) == 4
    assert sum(line.count("○") for line in plot) == 1
    # nothing is drawn between April, which is hollow, and June, which is last
    april = max(line.find("○") for line in plot)
    june = max(line.rfind("●") for line in plot)
    drawn = [line for line in plot if "●" in line or "○" in line]
    assert 0 < april < june
    assert all(line[april + 1 : june].strip() == "" for line in drawn)
    assert any(
        "2024-04" in line and "130,000 *" in line and "±2,000" in line
        for line in table.splitlines()
    )


def test_two_publishers_have_two_lines_and_a_note(ask: Ask) -> None:
    chart, table = chart_and_table(ask("trend", "m.months", "m.rival"))
    assert "● Bureau 150,000\n" in chart
    assert "■ RIVAL 99,000\n" in chart
    assert "counted by Bureau and RIVAL, each in its own way" in chart
    rival = table.partition("\nRIVAL ")[2]  # said once for its three rows
    assert [number for number in ("90,000", "95,000", "99,000") if number in rival] == [
        "90,000",
        "95,000",
        "99,000",
    ]


def test_units_never_share_an_axis(ask: Ask) -> None:
    done = ask("trend", "m.months", "m.value", "--by", "month")
    first, second, *_ = done.stdout.decode().split("\n\n")
    assert first.splitlines()[1] == "Thousand vehicles, counted by Bureau"
    assert second.splitlines()[1] == "Billion USD, counted by Bureau"


def test_a_series_with_one_window(ask: Ask) -> None:
    done = ask("trend", "m.one", "-n")
    chart, table = chart_and_table(done)
    assert "● 40,000\n" in chart
    assert "makers' own counts" in chart
    assert "2024" in table
    assert "years are shown" in table


def test_a_series_with_no_window_is_an_empty_answer_with_a_hint(ask: Ask) -> None:
    done = ask("trend", "m.none")
    assert done.returncode == 0
    assert "│" not in done.stdout.decode()
    assert "evcli get shows every stated window" in done.stderr.decode()
    assert json.loads(ask("trend", "m.none", "--format", "json").stdout) == []


def test_an_unknown_series_is_exit_3(ask: Ask) -> None:
    done = ask("trend", "m.mnths")
    assert done.returncode == 3
    assert done.stdout == b""
    assert "m.months" in done.stderr.decode()


def test_open_bounds_are_arrows(ask: Ask) -> None:
    chart, _ = chart_and_table(ask("trend", "m.open"))
    assert "↑  at least so much" in chart
    assert "↓  at most so much" in chart
    assert "● ≤ 80,000\n" in chart
    assert not any("\N{BRAILLE PATTERN BLANK}" < sign < "\u2900" for sign in chart)  # no line


def test_falling_growth_keeps_its_sign(ask: Ask) -> None:
    """20,000 on 24,000 is -16.7 %; 15,000 on 24,500 and 25,000 on 23,500 are the bounds."""
    chart, table = chart_and_table(ask("trend", "m.fall"))
    assert "● 20,000\n" in chart
    assert "-20 %" in table


def test_windows_and_times_can_be_chosen(ask: Ask) -> None:
    assert [
        row["period"] for row in rows(ask("trend", "m.fall", "--since", "2023", "--format", "csv"))
    ] == ["2023", "2024"]
    refused = ask("trend", "m.fall", "--by", "scope")
    assert refused.returncode == 2
    assert "month, quarter, half, year" in refused.stderr.decode()


def test_at_most_the_newest_36_windows(evcli_run: Run, tmp_path: Path) -> None:
    facts = "".join(
        f'      {{period: {2020 + at // 12}-{at % 12 + 1:02d}, stated: "{at + 1},000", '
        "source: book, at: p1},\n"
        for at in range(40)
    )
    text = MARKET.partition("series:\n")[0] + (
        "series:\n  - {id: m.long, title: Long, subject: CN, metric: exports, scope: all,\n"
        f"     unit: vehicles, publisher: bureau, facts: [\n{facts.rstrip(',' + chr(10))}]}}\n"
    )
    (tmp_path / "facts.yaml").write_text(text, "utf-8")
    where = ("--no-builtin", "--facts", str(tmp_path), "--format", "csv")
    done = evcli_run("trend", "m.long", *where)
    found = rows(done)
    # forty months from January 2020 end in April 2023; the newest 36 begin in May 2020
    assert (len(found), found[0]["period"], found[-1]["period"]) == (36, "2020-05", "2023-04")
    assert "the newest 36 months; --since shows more" in done.stderr.decode()
    assert len(rows(evcli_run("trend", "m.long", "--since", "2020", *where))) == 40


@pytest.mark.parametrize("variables", [{"LC_ALL": "C"}, {"TERM": "vt100"}])
def test_where_there_is_no_unicode_the_whole_answer_is_ascii(
    ask: Ask, variables: dict[str, str]
) -> None:
    done = ask("trend", "m.months", **variables)
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"A A 150,000" in done.stdout


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "jsonl", "markdown"])
def test_drawing_has_no_effect_on_machine_formats(ask: Ask, format_: str) -> None:
    words = ["top", "--metric", "overseas-sales", "--year", "2024"]
    plain = ask(*words, "--format", format_)
    adorned = ask(*words, "--format", format_, "--bars")
    assert adorned.stdout == plain.stdout
    assert adorned.returncode == 0


def test_bars_end_at_the_bounds_and_name_their_unit(ask: Ask) -> None:
    """The greatest is "nearly 80,000", of which nothing is sure: all cells of it are light."""
    done = ask("top", "m.one", "m.open", "m.fall", "--year", "2024", "--bars")
    lines = done.stdout.decode().splitlines()
    bravo, alfa, cargo = (
        next(line for line in lines if name in line) for name in ("Bravo", "阿尔法汽车", "Cargo")
    )
    # 15 cells are left beside the arrow; 35,000 to 45,000 and 15,000 to 25,000 of 80,000
    assert [line.count("█") for line in (bravo, alfa, cargo)] == [0, 7, 3]
    assert [line.count("▒") for line in (bravo, alfa, cargo)] == [15, 1, 2]


def test_bars_of_falling_growth_lie_left_of_zero(ask: Ask) -> None:
    done = ask("top", "m.fall", "--year", "2023", "--growth", "--bars")
    assert done.returncode == 0, done.stderr.decode()
    assert "█│" in done.stdout.decode()


def test_options_that_a_command_cannot_honour_are_refused(ask: Ask) -> None:
    for words in (
        ["get", "m.fall", "--bars"],
        ["trend", "m.fall", "--bars"],
        ["growth", "m.fall", "--bars"],
    ):
        done = ask(*words)
        assert done.returncode == 2
        assert "no such option" in done.stderr.decode()


def test_an_error_in_the_options_draws_nothing(ask: Ask) -> None:
    done = ask("trend", "m.months", "--fields", "nothing")
    assert done.returncode == 2
    assert done.stdout == b""
