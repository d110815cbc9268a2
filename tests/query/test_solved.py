"""Answers that the store keeps are those that the engine gives, and cost no engine."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from evcli.core.resolve import NOTHING_LEADS_THERE
from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.period import Period, parse_period
from evcli.query.figures import Figures
from evcli.query.solved import Answers
from evcli.store import Store
from evcli.store.build import build
from hatch_store import solve
from tests.query.conftest import MakePack
from tests.query.packs import MARKET

ROOT = Path(__file__).parents[2]
SHARES = """\
sources:
  - {id: may, title: May release, outlet: Bureau, publisher: caam, published: 2024-06-10}
  - {id: june, title: June release, outlet: Bureau, publisher: caam, published: 2024-07-10}
  - {id: july, title: July release, outlet: Bureau, publisher: caam, published: 2025-07-10}
series:
  - id: s.all
    title: All vehicles
    subject: CN
    metric: exports
    scope: all
    unit: vehicles
    publisher: caam
    facts:
      - {period: 2024-H1, stated: "600,000", source: june, at: p1}
      - {period: 2024-01/2024-05, stated: "480,000", source: may, at: p1}
      - {period: 2025-06, stated: "150,000", source: july, at: p1}
      - {period: 2025-03, stated: "over 100,000", source: july, at: p2}
  - id: s.nev
    title: New-energy vehicles
    subject: CN
    metric: exports
    scope: nev
    unit: vehicles
    publisher: caam
    facts:
      - {period: 2024-H1, stated: "300,000", source: june, at: p2}
      - {period: 2025-H1, yoy: "+50%", source: july, at: p3}
  - id: s.share
    title: Share of new-energy vehicles
    subject: CN
    metric: export-share
    scope: nev
    unit: percent
    publisher: caam
    part: s.nev
    whole: s.all
    facts:
      - {period: 2024-Q1, stated: "40%", source: june, at: p3}
"""


@pytest.fixture(scope="module", params=[MARKET, SHARES], ids=["market", "shares"])
def solved(
    request: pytest.FixtureRequest, make_pack: MakePack, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A store with its answers."""
    target: Path = tmp_path_factory.mktemp("solved") / "store.sqlite"
    builtin = Pack(ROOT / "facts", builtin=True, definitions_only=True)
    with closing(sqlite3.connect(target)) as connection:
        build(load([builtin, Pack(make_pack(request.param))]), connection)
    solve(target)
    return target


def windows(store: Store) -> list[tuple[str, Period]]:
    """Every calendar window of the years 2022 to 2026 and some others, of every series, mixed."""
    months = [Period.of_months(2022 + at // 12, at % 12 + 1, 1) for at in range(60)]
    years = {each.year: Period.of_year(each.year or 0) for each in months}
    parts = [
        part for each in years.values() for size in (3, 6, 12) for part in each.split_into(size)
    ]
    other = ["2024-01/2024-05", "2024-02/2024-04", "2025-05/2026-02", "2024-06-10", "2023/2025"]
    every = [*months, *parts, *map(parse_period, other)]
    found = [(series, window) for series in store.all_series_ids() for window in every]
    random.Random(1).shuffle(found)
    return found


def test_what_is_kept_is_what_the_engine_answers(solved: Path) -> None:
    with Store(sqlite3.connect(solved)) as store:
        kept, engine = Answers(Figures(store)), Answers(Figures(store)).engine
        of = {each.id: each for each in store.series(store.all_series_ids())}
        derived = 0
        for id_, window in windows(store):
            figure = kept.figure(of[id_], window)
            solved_anew = engine.figure(of[id_], window)
            if figure.missing and "nothing after" in figure.missing.text:
                assert solved_anew.missing == NOTHING_LEADS_THERE
            else:
                assert figure == solved_anew
            assert kept.follows(of[id_], window) == (solved_anew.basis == "derived")
            derived += figure.basis == "derived"
        assert derived > 5


LOOK_UP = """
import sqlite3, sys
from evcli.model.period import parse_period
from evcli.query.figures import Figures
from evcli.store import Store
with Store(sqlite3.connect(sys.argv[1])) as store:
    source = Figures(store)
    for id in store.all_series_ids():
        series, = store.series([id])
        for text in ("2024-H2", "2024-06", "2023-06", "2035", "2024-01/2024-04"):
            source.figures_at(series, parse_period(text), why_none=True)
            source.inferrer.follows(series, parse_period(text))
    figure, = source.figures_at(store.series(["m.exports.all"])[0], parse_period("2024-H2"))
print(figure.bounds, *(each for each in sys.modules if each.startswith(("evcli.inf", "evcli.lp"))))
"""


@pytest.mark.parametrize("solved", [MARKET], indirect=True, ids=["market"])
def test_a_look_up_reads_no_engine(solved: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK_UP, str(solved)], capture_output=True, text=True, check=True
    )
    # a year of 1,200,000 less a half of 500,000, each rounded to thousands: 500 either way, twice
    assert done.stdout == "Bounds(699000, 701000)\n"


@pytest.mark.parametrize("solved", [MARKET], indirect=True, ids=["market"])
def test_an_earlier_date_is_solved_when_asked(solved: Path) -> None:
    with Store(sqlite3.connect(solved)) as store:
        (series,) = store.series(["m.exports.all"])
        half = parse_period("2024-H2")
        assert Figures(store).figures_at(series, half) != []
        # the yearbook is of February 2025: by the end of 2024 neither year nor half is stated
        assert Figures(store, as_of="2024").figures_at(series, half) == []


def test_an_answer_depends_on_no_earlier_question(solved: Path) -> None:
    with Store(sqlite3.connect(solved)) as store:
        of = {each.id: each for each in store.series(store.all_series_ids())}
        before = Answers(Figures(store)).engine
        for id_, window in windows(store)[::61]:
            alone = Answers(Figures(store)).engine
            assert before.figure(of[id_], window) == alone.figure(of[id_], window)
