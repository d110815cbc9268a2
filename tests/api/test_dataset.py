"""The Python API over the seeds and over a small pack."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from fractions import Fraction
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import evcli
from evcli.commands.app import run
from evcli.errors import (
    EvcliError,
    InvalidFacts,
    NotComparable,
    OutputError,
    Problem,
    UnknownName,
    UsageError,
)
from evcli.model.note import NoteKind
from evcli.model.period import PeriodError
from evcli.model.quantity import Bounds
from evcli.text.stated import StatedError
from tests.query.packs import ALL, MARKET, NEV

CAAM = "cn.exports.nev.caam"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "facts.yaml").write_text(MARKET, "utf-8")
    return folder


@pytest.fixture
def data(pack: Path) -> Iterator[evcli.Dataset]:
    with evcli.open(pack, builtin=False) as opened:
        yield opened


# -- opening


def test_packs_are_named_in_any_way(pack: Path) -> None:
    for packs in (pack, str(pack), [pack], (str(pack),)):
        with evcli.open(packs, builtin=False) as data:
            assert len(data.get(ALL, year=2024)) == 2
    with evcli.open() as data, pytest.raises(UnknownName):
        data.get(ALL)
    with evcli.open(pack) as data:  # beside the built-in facts
        assert data.get(ALL, period="2024")
        assert data.get(CAAM, period="2025-05")


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="/no/such/pack"):
        evcli.open("/no/such/pack")
    (tmp_path / "a.yaml").write_text("series: [{id: x}]\ncolours: []\n", "utf-8")
    with pytest.raises(InvalidFacts) as caught:
        evcli.open(tmp_path)
    problems = caught.value.problems
    assert len(problems) >= 2
    assert {Path(each.file).name for each in problems} == {"a.yaml"}
    assert [(each.line, each.column) for each in problems if "colours" in each.message] == [(2, 1)]


@pytest.mark.parametrize("as_of", ["someday", "undated", "latest", "", "2025-13"])
def test_a_date_is_one(as_of: str) -> None:
    with pytest.raises(UsageError, match="as_of"):
        evcli.open(as_of=as_of)


def test_what_was_known_on_a_day(pack: Path) -> None:
    for day in ("2025-06-30", "2025-06", "2025-Q2", "may 2025"):
        with evcli.open(pack, builtin=False, as_of=day) as data:
            assert [str(figure.period) for figure in data.get(ALL)] == ["2024-H1", "2024"]
            assert [source.id for source in data.sources()] == ["year-book"]


def test_deprecated_figures_when_asked_for(pack: Path, data: evcli.Dataset) -> None:
    assert "2022" not in [str(figure.period) for figure in data.get(ALL)]
    with evcli.open(pack, builtin=False, include_deprecated=True) as all_data:
        assert [figure.rank for figure in all_data.get(ALL, period="2022")] == ["deprecated"]


# -- asking


def test_get(data: evcli.Dataset) -> None:
    (figure,) = data.get(ALL, period="2025-05")
    assert (figure.value, figure.bounds) == (Fraction(110_000), Bounds(109_500, 110_500))  # type: ignore[arg-type]
    assert (figure.id, figure.unit, figure.basis) == (f"{ALL}@2025-05", "vehicles", "stated")
    assert figure.sources == ("half-year",)
    assert len(data.get("m.exports.*", period="2024")) == 4
    assert [str(f.period) for f in data.get([NEV, ALL], year=2025)] == [
        "2025-H1",
        "2025-H1",
        "2025-05",
        "2025-06",
    ]
    assert [str(f.period) for f in data.get(ALL, since="2025-06", until="2025")] == ["2025-06"]
    assert [str(f.period) for f in data.get(ALL, period="latest")] == ["2025-06"]
    assert {str(f.period) for f in data.get(ALL, by="half", year=2025)} >= {"2025-H1"}
    for source in ("year-book", ["year-book"]):
        assert len(data.get(ALL, source=source)) == 2
    assert data.get(ALL, year=1999) == []


def test_find(data: evcli.Dataset) -> None:
    assert [hit.id for hit in data.find("阿尔法") if hit.kind == "subject"] == ["alfa"]
    assert len(data.find("exports", limit=1)) == 1
    assert data.find("qqqq") == []


def test_growth(data: evcli.Dataset) -> None:
    grown = data.growth(ALL, "2025-H1")
    assert (grown.value, grown.unit, grown.basis) == (Fraction(30), "percent", "derived")
    # 649.5 / 500.5 and 650.5 / 499.5, with 2.4 % for what is usually restated of a base
    low = Fraction("649.5") / (Fraction("500.5") * Fraction("1.024"))
    high = Fraction("650.5") / (Fraction("499.5") * Fraction("0.976"))
    assert grown.bounds == Bounds((low - 1) * 100, (high - 1) * 100)
    assert data.growth(ALL, "2025-06", lag="P1M").value == Fraction(100, 11)
    assert data.growth(ALL, "2025-H1", base="2024H1").value == 30
    assert data.growth(ALL, "2025-H1", base=f"{ALL}@2024-H1").value == 30
    missing = data.growth(ALL, "2023")
    assert (missing.value, missing.bounds) == (None, Bounds(None, None))
    assert missing.missing is not None
    assert missing.missing.text == (
        f"{ALL}@2022: no source states it, and nothing stated leads there"
    )
    assert [note.kind for note in missing.notes] == [NoteKind.MISSING]


def test_share_and_total(data: evcli.Dataset) -> None:
    assert data.share(NEV, ALL, "2024").value == 25
    whole = data.total([f"{ALL}@2025-05", f"{ALL}@2025-06"])
    assert (whole.value, str(whole.period)) == (Fraction(230_000), "2025-05/2025-06")
    assert whole.bounds == Bounds(229_000, 231_000)  # type: ignore[arg-type]


@pytest.mark.parametrize("accept", ["publisher", ["publisher"], ("publisher",)])
def test_leave_is_given_in_any_way(data: evcli.Dataset, accept: str | list[str]) -> None:
    arguments = (f"{NEV}.rival", "2024")
    with pytest.raises(NotComparable) as caught:
        data.growth(*arguments, base=f"{NEV}@2024")
    assert caught.value.fields == ("publisher",)
    grown = data.growth(*arguments, base=f"{NEV}@2024", accept=accept)
    assert grown.value == Fraction(10, 3)
    assert data.total([f"{NEV}@2024", f"{NEV}.rival@2024"], accept=accept).value == 610_000


def test_explain_and_sources(data: evcli.Dataset) -> None:
    rows = data.explain(f"{ALL}@2024").rows
    assert [row["kind"] for row in rows] == ["figure", "definition", "fact", "source"]
    assert [source.id for source in data.sources()] == ["year-book", "half-year", "leaflet"]
    assert [source.id for source in data.sources("leaflet")] == ["leaflet"]
    assert data.sources(["leaflet"])[0].title == "A leaflet without a date"
    assert data.sources([]) == []


# -- the audit

# the yearbook printed 500,000 for the first half of 2024, so 8,000 more are 1.6 % of it
AUDITED = """\
sources:
  - {id: late, title: A later release, outlet: Bureau, publisher: bureau, published: 2025-12-10}
series:
  - id: m.exports.all
    facts:
      - {period: 2024-H1, stated: "508,000", source: late, at: p1}
      - {period: 2024, stated: "1,300,000", source: leaflet, at: p4}
acknowledged:
  - facts: [m.exports.all@2024#leaflet, m.exports.all@2024#year-book]
    verdict: contradiction
    reason: The leaflet has the plan.
  - facts: [m.exports.all@2023#leaflet, m.exports.all@2024#year-book]
    verdict: revision
    reason: It was mended.
"""


@pytest.fixture
def audited(pack: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "audited"
    folder.mkdir()
    (folder / "facts.yaml").write_text((pack / "facts.yaml").read_text("utf-8"), "utf-8")
    (folder / "more.yaml").write_text(AUDITED, "utf-8")
    return folder


def test_check(audited: Path) -> None:
    with evcli.open(audited, builtin=False) as data:
        answer = data.check(ALL)
        (revision,) = answer.rows
        assert (revision["verdict"], revision["size"], revision["fails"]) == (
            "revision",
            8000,
            True,
        )
        assert revision["periods"] == ("2024-H1",)
        assert str(revision["message"]).endswith("1.6 % of the window")
        assert [warning.partition(": ")[2] for warning in answer.warnings] == [
            f"the acknowledged revision of {ALL}@2023#leaflet, {ALL}@2024#year-book does not occur "
            "(any more)"
        ]
        for tolerance, fails in ((1.5, True), ("1.6 %", False), (2, False)):
            assert [row["fails"] for row in data.check([ALL], tolerance=tolerance).rows] == [fails]
        both = data.check("m.exports.*", acknowledged=True).rows
        assert [row["fails"] for row in both if row["verdict"] == "contradiction"] == [False]
        assert str(both[-1]["message"]).endswith("acknowledged: The leaflet has the plan.")
        assert data.check("m.alfa.sales").rows == []
        with pytest.raises(UnknownName, match=r"m\.exports\.al"):
            data.check("m.exports.al")
        with pytest.raises(UsageError, match="tolerance: '-1' is not a percentage"):
            data.check(tolerance=-1)
    with evcli.open(audited, builtin=False, as_of="2025-11") as earlier:
        assert [row["verdict"] for row in earlier.check(ALL).rows] == []


def test_check_has_the_rows_of_the_command(
    audited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--format", "json", "--no-builtin", "--facts", str(audited)]) == 1
    rows = json.loads(capsys.readouterr().out)
    with evcli.open(audited, builtin=False) as data:
        answer = data.check()
    names = [column.name for column in answer.columns]
    assert [[row[name] for name in ("verdict", "message", "size")] for row in rows] == [
        [row[name] for name in ("verdict", "message", "size")] for row in answer.rows
    ]
    assert names == list(rows[0])


# -- errors


@pytest.mark.parametrize(
    ("ask", "error", "told"),
    [
        (lambda data: data.get("m.exports.al"), UnknownName, "m.exports.al"),
        (lambda data: data.get("nothing.*"), UnknownName, "no series named"),
        (lambda data: data.get(ALL, period="soon"), UsageError, "is not a period"),
        (lambda data: data.get(ALL, year=2024, period="2024"), UsageError, "exclude each other"),
        (lambda data: data.get(ALL, since="2025", until="2024"), UsageError, "after"),
        (lambda data: data.get(ALL, by="week"), UsageError, "way to break down"),
        (lambda data: data.get(ALL, source="year-bok"), UnknownName, "no source named"),
        (lambda data: data.frame(ALL, by="week"), UsageError, "way to break down"),
        (lambda data: data.growth(ALL, "soon"), UsageError, "is not a period"),
        (lambda data: data.growth(ALL, "undated"), UsageError, "undated"),
        (lambda data: data.growth("m.*", "2024"), UsageError, "series"),
        (lambda data: data.growth(ALL, "2025-H1", lag="1Y"), UsageError, "is not a lag"),
        (lambda data: data.growth(ALL, "2025-H1", base="2024"), NotComparable, "window"),
        (lambda data: data.growth(ALL, "2024", accept="colour"), UsageError, "field to accept"),
        (lambda data: data.share(ALL, NEV, "2024"), NotComparable, "does not lie in"),
        (lambda data: data.share(NEV, ALL, "2024", accept=["colour"]), UsageError, "to accept"),
        (lambda data: data.total([ALL]), UsageError, "names no period"),
        (lambda data: data.total([]), UsageError, "nothing to add up"),
        (lambda data: data.total([f"{ALL}@2024", f"{ALL}@2024-H1"]), NotComparable, "overlap"),
        (lambda data: data.explain("nothing"), UnknownName, "nothing is known"),
        (lambda data: data.sources(["leaflett"]), UnknownName, "no source named"),
    ],
)
def test_errors(data: evcli.Dataset, ask, error: type[EvcliError], told: str) -> None:
    with pytest.raises(error, match=told) as caught:
        ask(data)
    assert type(caught.value) is error


def test_errors_carry_the_hint(data: evcli.Dataset) -> None:
    with pytest.raises(UnknownName) as caught:
        data.get("m.exports.al")
    assert caught.value.hint is not None
    assert "'m.exports.all'" in caught.value.hint


# -- frames


def test_frame(data: evcli.Dataset) -> None:
    pd = pytest.importorskip("pandas")
    frame = data.frame("m.alfa.sales")
    numbers = ["value", "low", "high", "yoy", "yoy_low", "yoy_high"]
    assert {str(frame[name].dtype) for name in numbers} == {"Float64"}
    assert str(frame["period"].dtype) == "string"
    # 40,000 is 35,000 to 45,000; over 60,000 has no upper end
    assert frame["low"].tolist() == [35_000.0, 60_000.0]
    assert frame["high"].tolist() == [45_000.0, pd.NA]
    assert frame["sources"].tolist() == [("leaflet",), ("leaflet",)]
    empty = data.frame(ALL, year=1999)
    assert len(empty) == 0
    assert list(empty.dtypes) == list(frame.dtypes)
    assert len(data.frame(ALL, source="year-book")) == 2


def test_a_frame_has_the_cells_of_the_command(
    data: evcli.Dataset, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pd = pytest.importorskip("pandas")
    assert run(["get", "m.*", "--format", "json", "--no-builtin", "--facts", str(pack)]) == 0
    rows = json.loads(capsys.readouterr().out)
    frame = data.frame("m.*")
    assert list(frame.columns)[:-2] == list(rows[0])
    assert list(frame.columns)[-2:] == ["formula", "inputs"]
    for row, line in zip(rows, frame.to_dict("records"), strict=True):
        for name, value in row.items():
            cell = line[name]
            if isinstance(value, (int, float)):
                assert cell == pytest.approx(value, rel=1e-11)
            elif isinstance(value, list):
                assert list(cell) == value
            else:
                assert (None if cell is pd.NA else cell) == value


def test_closing_twice_does_no_harm(pack: Path) -> None:
    data = evcli.open(pack, builtin=False)
    data.close()
    data.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda data: data.get(CAAM),
        lambda data: data.find("byd"),
        lambda data: data.growth(CAAM, "2025"),
        lambda data: data.share(CAAM, ALL, "2025"),
        lambda data: data.total([f"{CAAM}@2025"]),
        lambda data: data.explain(CAAM),
        lambda data: data.check(),
        lambda data: data.sources(),
        lambda data: data.sources([]),
        lambda data: data.frame(CAAM),
        lambda data: data.vocabulary,
        lambda data: data.store.digest,
    ],
)
def test_a_closed_dataset_says_so(ask: Callable[[evcli.Dataset], object], pack: Path) -> None:
    data = evcli.open(pack, builtin=False)
    assert data.vocabulary.units
    data.close()
    with pytest.raises(UsageError, match="the dataset is closed") as caught:
        ask(data)
    assert caught.value.hint == "open it again"


# -- threads


@pytest.mark.parametrize("kept", [True, False])
def test_threads_share_a_dataset(
    kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file and from memory, in any order: each gets what one alone would get."""
    monkeypatch.setenv("EVCLI_CACHE", str(tmp_path if kept else tmp_path / "file" / "x"))
    (tmp_path / "file").write_text("")
    names = ["cn.exports.nev.caam", "cn.exports.*.caam", "byd sales 2025", "nev exports mexico"]
    asked = names * 4

    def ask(data: evcli.Dataset, words: str) -> str:
        return repr((data.get(words, by="year"), data.find(words), data.sources()))

    with evcli.open() as data:
        alone = {words: ask(data, words) for words in names}
    with evcli.open() as data, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(partial(ask, data), asked)) == [alone[words] for words in asked]


def test_a_dataset_is_closed_from_another_thread(pack: Path) -> None:
    data = evcli.open(pack, builtin=False)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(data.close).result()
    with pytest.raises(UsageError, match="closed"):
        data.get(NEV)


def test_coroutines_ask_in_threads(pack: Path) -> None:
    with evcli.open(pack, builtin=False) as data:
        with ThreadPoolExecutor(1) as thread:  # a browser of other tests may have a loop in this
            found = thread.submit(lambda: asyncio.run(asyncio.to_thread(data.get, NEV))).result()
        assert found == data.get(NEV)


# -- errors travel


@pytest.mark.parametrize(
    "error",
    [
        EvcliError("wrong"),
        UsageError("wrong", "right"),
        UsageError.one_of("way", "x", ["y"]),
        UnknownName.of("subject", "chrey", ["chery"]),
        NotComparable("unlike", ["window", "unit"], "accept them"),
        OutputError("full"),
        PeriodError("no year 0", "later"),
        StatedError("no number"),
        InvalidFacts([Problem("b.yaml", 2, 1, "wrong", "right"), Problem("a.yaml", 0, 0, "bad")]),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
def test_errors_are_pickled_whole(error: EvcliError, protocol: int) -> None:
    for same in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error)):
        assert type(same) is type(error)
        assert (str(same), same.args, vars(same)) == (str(error), error.args, vars(error))


def _fail(folder: Path) -> object:
    return evcli.open(folder)


def test_errors_come_from_another_process(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: [")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        error = processes.submit(_fail, tmp_path).exception()
    assert isinstance(error, InvalidFacts)
    assert str(error) == "1 problem in the fact files"
    assert len(error.problems) == 1
    assert error.problems[0].line == 2


# -- what is asked wrongly

anyhow: Any = evcli.open  # whatever its types say


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda data: data.growth(NEV, "0001"), "no year 0"),
        (lambda data: data.growth(NEV, "0001-01-01"), "no year 0"),
        (lambda data: data.growth(NEV, "2025", lag="P9999Y"), "no year -7974"),
        (lambda data: data.growth(NEV, "2025", lag="P999999M"), "no year"),
        (lambda data: data.growth(NEV, "2025", lag=12), "'12' is not a lag"),
        (lambda data: data.growth(NEV, "2025", accept=3), "'3'"),
        (lambda data: data.get(5), "'5'"),
        (lambda data: data.get(None), "'None'"),
        (lambda data: data.get([NEV, 5]), "'5'"),
        (lambda data: data.get(b"nev"), "'110'"),
        (lambda data: data.get(NEV, period=5), "'5'"),
        (lambda data: data.get(NEV, source=5), "'5'"),
        (lambda data: data.sources(5), "'5'"),
        (lambda _: anyhow(5), "5 names no packs"),
        (lambda _: anyhow([5]), "names no packs"),
        (lambda _: anyhow("a\0b"), "cannot be read"),
        (lambda _: anyhow(as_of="1066"), "1066 is not between 1800 and 2199"),
        (lambda _: anyhow(as_of=5), "'5'"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    ask: Callable[[evcli.Dataset], object], told: str, data: evcli.Dataset
) -> None:
    with pytest.raises(EvcliError) as caught:
        ask(data)
    assert told in str(caught.value)


def test_periods_are_given_in_any_way(data: evcli.Dataset) -> None:
    may = data.get(ALL, period="2025-05")
    assert may
    assert data.get(ALL, period=may[0].period) == may
    assert data.get(ALL, period=None) == data.get(ALL)
    assert data.get(ALL, period=date(2025, 5, 1)) == []
    assert len(data.find("exports", limit=2**70)) > 0
