"""Measures, plants, coverage and sources in words: what a reporter reads in 24 lines of 80 columns.

The day is 1 March 2026. Expected figures are those of the regulations and of the pages named.
"""

from __future__ import annotations

import pytest

from evcli.commands.app import run
from evcli.commands.session import taken_by
from evcli.model.answer import Answer
from evcli.render import Options
from evcli.render.table import table_lines

FIRST_OF_MARCH = "1772323200"


def screen(monkeypatch: pytest.MonkeyPatch, *asked: str, width: int = 80) -> list[str]:
    """The lines that a terminal of that width shows."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", FIRST_OF_MARCH)
    taken: list[Answer] = []
    with taken_by(lambda each: taken.append(each.answer)):
        assert run([*asked]) == 0
    return "".join(table_lines(taken[0], Options(width=width))).splitlines()


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        # Regulation (EU) 2024/2754, article 1: SAIC 35.3 %, BYD 17.0 %, over the ordinary 10 %
        ("policy saic", ["35.3 + 10 %  2024-10-30"]),
        ("policy eu byd", ["BYD: BEV from China  17.0 + 10 %  2024-10-30"]),
        (
            "policy eu",
            [
                "SAIC: BEV from China            35.3 + 10 %",
                "Geely: BEV from China           18.8 + 10 %",
                "BYD: BEV from China             17.0 + 10 %",
                "VW Anhui: Cupra Tavascan        0 + 10 %",
            ],
        ),
        # the same duties, by the member states
        ("policy germany byd", ["17.0 + 10 %  2024-10-30"]),
        # Section 301: 100 % from 27 September 2024
        ("policy us", ["EV from China                100 %  2024-09-27"]),
        # the decree of 29 December 2025
        ("policy mexico", ["50 %  2026-01-01"]),
        # surtax of 2024, and the quota that opened on 1 March 2026
        ("policy canada tariff", ["100 + 6.1 %  2024-10-01", "6.1 %        2026-03-01"]),
        ("policy brazil", ["Battery electric cars  25 %  2025-07-01"]),
        ("policy", ["EV from China", "SAIC: BEV from China", "recycling fee"]),
        # Voyah cars from Rennes, the users of Canada's quota
        ("policy --events", ["2026-05-20", "2026-05-06"]),
        # Portfolio of 5 December 2025, Debrecen Sun, HVG, Mandiner of 6 February 2026
        (
            "plants hungary",
            [
                "CATL     Debrecen     delayed    2026-03/04‡",
                "EVE      Debrecen     building   2026‡",
                "Sunwoda  Nyíregyháza  announced  2025‡?",
                "BYD      Szeged       building   2026-Q2‡",
                "EUR 7.3 bn‡",
                "HUF 400 bn‡",
                "EUR 1.43 bn‡",
                "EUR 4 bn‡",
            ],
        ),
        # Report.az of 10 October 2025; Great Wall opened on 15 August 2025
        (
            "plants brazil",
            [
                "BYD         Camaçari      operating  2025-07-02     150,000",
                "Great Wall  Iracemápolis  operating  2025-08-15      50,000",
                "BRL 5.5 bn",
            ],
        ),
        ("plants catl hungary", ["Debrecen  delayed  2026-03/04‡", "100 GWh‡"]),
        ("plants byd", ["Rayong, Thailand", "Camaçari, Brazil", "Mexico", "cancelled"]),
        ("plants europe", ["CATL", "Debrecen, Hungary", "of 22 rows: --all"]),
        ("plants", ["CATL", "100 GWh‡", "of 63 rows: --all"]),
        ("plants byd hungary --history", ["2025-07     BYD    Szeged  delayed   2026‡"]),
        ("find horgos", ["series", "port.horgos.exports.all.horgos-customs"]),
        ("sources just-auto-2026-01", ["https://www.just-auto.com/", "(Just Auto,"]),
    ],
)
def test_the_answer_is_on_the_screen(
    asked: str, rows: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = screen(monkeypatch, *asked.split())
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    for row in rows:
        assert row in text


def test_what_came_before_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """38.1 % in June 2024, 37.6 % in July, 36.3 % in the draft of August."""
    lines = screen(monkeypatch, "policy", "saic")
    assert lines[-1] == "before: 36.3 % draft, 37.6 % provisional, 38.1 % pre-disclosed: --history"
    before = [line[:11] for line in screen(monkeypatch, "policy", "saic", "--history")[4:8]]
    assert before == ["38.1 + 10 %", "37.6 + 10 %", "36.3 + 10 %", "35.3 + 10 %"]


def test_a_start_is_overdue_once_its_day_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    """On 1 March 2026 Sunwoda's end of 2025 has passed, Debrecen's March or April has not."""
    lines = screen(monkeypatch, "plants", "hungary")
    overdue = [line.split()[0] for line in lines if "‡?" in line]
    assert overdue == ["Sunwoda"]
    assert "‡ planned · ? that day has passed, no later word" in "\n".join(lines)


def test_ids_are_whole_and_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = screen(monkeypatch, "coverage", "cn.exports.nev.caam", "cn.exports.passenger.caam")
    for name in ("cn.exports.nev.caam", "cn.exports.passenger.caam"):
        assert sum(name in line for line in lines) == 1
    assert any(line.split()[:2] == ["2025", "dSdSSdSdSdSS"] for line in lines)
    assert lines[-2] == "S stated · d derived · w only within a longer period · . nothing"


def test_the_figure_stands_first_in_an_explanation(monkeypatch: pytest.MonkeyPatch) -> None:
    """CAAM: 2.615 million, which is 2,614,500 to 2,615,500; 1.284 million the year before."""
    lines = screen(monkeypatch, "explain", "cn.exports.nev.caam@2025")
    assert lines[0] == "New-energy vehicles exported from China, counted by CAAM · 2025"
    first = next(line for line in lines if line.startswith("cn.exports"))
    assert first.startswith("cn.exports.nev.caam@2025: 2,615,000 vehicles, ±500; on the year ")
    assert len(lines) <= 40  # five facts and one set aside, of three to eight lines each
    assert sum("The association adds up" in line for line in lines) == 1
