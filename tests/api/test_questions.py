"""What the commands answer, from Python: the same rows, shown and handed on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import evcli
from evcli.answers import AnswerTable
from evcli.commands.app import run
from evcli.errors import UsageError
from tests.query.packs import ALL, MARKET, NEV


@pytest.fixture(scope="module")
def record() -> Iterator[evcli.Dataset]:
    with evcli.open() as data:
        yield data


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "facts.yaml").write_text(MARKET, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "ask"),
    [
        ("ask byd 2025", lambda data: data.ask("byd 2025")),
        ("ask byd plant hungary", lambda data: data.ask("byd plant hungary")),
        ("top 3 destinations 2025", lambda data: data.top("3 destinations 2025")),
        ("top --growth --limit 2", lambda data: data.top(growth=True, limit=2)),
        ("compare byd chery --year 2025", lambda data: data.compare(["byd", "chery"], year=2025)),
        ("coverage nev exports 2025", lambda data: data.coverage("nev exports 2025")),
        (
            "coverage --scope bev --publisher caam",
            lambda data: data.coverage(scope="bev", publisher=["caam"]),
        ),
        ("policy eu byd --on 2025-06-30", lambda data: data.policy("eu byd", on="2025-06-30")),
        ("policy --kind investigation", lambda data: data.policy(kind="investigation")),
        ("plants catl --by fact", lambda data: data.plants("catl", by="fact")),
        ("get nev exports caam 2025", lambda data: data.table("nev exports caam 2025")),
        ("explain nev exports may 2025", lambda data: data.explain("nev exports may 2025")),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_the_rows_are_those_of_the_command(
    record: evcli.Dataset,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    ask: Callable[[evcli.Dataset], AnswerTable],
) -> None:
    assert run([*typed.split(), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    table = ask(record)
    kept = [column.name for column in table.columns if column.name in rows[0]]
    assert kept == list(rows[0])
    texts = ("id", "series", "period", "what", "unit", "title", "text", "note", "state")
    assert [[row[name] for name in texts if name in kept] for row in rows] == [
        [row.get(name, "") for name in texts if name in kept] for row in table.rows
    ]


def test_a_citation_is_that_of_the_command(
    record: evcli.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    for style in ("text", "bibtex"):
        assert run(["cite", "nev", "exports", "may", "2025", "--style", style]) == 0
        assert record.cite("nev exports may 2025", style=style) == capsys.readouterr().out
    with pytest.raises(UsageError, match="style"):
        record.cite("nev exports may 2025", style="chicago")


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda data: data.top("2025", plans=True), "top takes no plans"),
        (lambda data: data.top("2025", by="month"), "way to break down"),
        (lambda data: data.compare("byd chery", by="scope"), "way to break down"),
        (lambda data: data.coverage("nev", by="month"), "coverage takes no by"),
        (lambda data: data.policy("eu", metric="exports"), "policy takes no metric"),
        (lambda data: data.plants("byd", by="month"), "way to break down"),
        (lambda data: data.plants("byd", by="fact", history=True), "exclude each other"),
        (lambda data: data.policy(events=True, on="2025"), "not for events"),
        (lambda data: data.policy(kind="party"), "kind of event"),
        (lambda data: data.ask(""), "whom or what"),
    ],
)
def test_what_a_question_cannot_honour_is_refused(
    record: evcli.Dataset, ask: Callable[[evcli.Dataset], object], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        ask(record)


# -- shown


def test_figures_and_tables_say_in_one_line_what_they_are(pack: Path) -> None:
    with evcli.open(pack, builtin=False) as data:
        (figure,) = data.get(ALL, period="2025-05")
        assert repr(figure) == (
            f"<Figure {ALL}@2025-05: 110,000 (109,500 to 110,500) vehicles, stated>"
        )
        # 10,000 more than 110,000: a gain of an eleventh
        assert ": 9.09091 (" in repr(data.growth(ALL, "2025-06", lag="P1M"))
        assert ": ? (? to ?) percent, derived>" in repr(data.growth(ALL, "2023"))
        # "over 60,000" has no upper end
        assert "60,000 (60,000 to ?) vehicles" in repr(data.get("m.alfa.sales")[1])
        assert repr(data.compare([NEV, ALL], year=2024)).startswith("<AnswerTable of 2 rows: ")
        assert repr(data.check(ALL)) == "<AnswerTable of 0 rows>"


def test_print_shows_what_the_command_shows(
    record: evcli.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    print(record.compare("byd chery 2025"), end="")  # noqa: T201
    ours = capsys.readouterr().out
    assert run(["compare", "byd", "chery", "--period", "2025"]) == 0
    typed = capsys.readouterr().out
    assert "1,046,083" in ours
    assert ours.splitlines()[0] == typed.splitlines()[0]


HOSTILE = """\
sources: [{id: s, title: T, outlet: O}]
series:
  - {id: m.x, title: "<script>alert(1)</script> & more", subject: alfa, metric: sales,
     unit: vehicles, publisher: alfa, facts: [{period: 2024, stated: "10", source: s}]}
"""


def test_a_notebook_shows_a_table_and_runs_nothing(pack: Path) -> None:
    (pack / "more.yaml").write_text(HOSTILE, "utf-8")
    with evcli.open(pack, builtin=False) as data:
        html = data.table("m.x")._repr_html_()
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        html = data.table([ALL, NEV], year=2024)._repr_html_()
    assert html.count("<tr>") == 1 + len(data_rows := html.split("<tr>")[2:])
    assert all('href="#source-a"' in row for row in data_rows)
    assert '<li id="source-a"><b>a</b> year-book</li>' in html
    assert '<th scope="col" class="n" data-number>value (vehicles)</th>' in html  # stand right


# -- handed on


def test_polars_and_duckdb_take_a_table_as_it_is(pack: Path) -> None:
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    with evcli.open(pack, builtin=False) as data:
        sales = data.table("m.alfa.sales")
    # 40,000 is 35,000 to 45,000; over 60,000 has no upper end
    expected = [(35_000.0, 45_000.0), (60_000.0, None)]
    frame = polars.DataFrame(sales)
    assert frame.select("low", "high").rows() == expected
    assert frame.schema["sources"] == polars.List(polars.String)
    assert frame["notes"].to_list()[0] == [
        {"refs": None, **_plain(note)} for note in _notes(sales.rows[0])
    ]
    assert duckdb.sql("SELECT low, high FROM sales").fetchall() == expected
    assert sales.frame()["high"].isna().tolist() == [False, True]


def _notes(row: Any) -> list[Any]:
    return list(row["notes"])


def _plain(note: Any) -> dict[str, Any]:
    refs = {"refs": list(note.refs)} if note.refs else {}
    return {"kind": note.kind.value, "text": note.text, **refs}


def test_an_empty_answer_has_its_columns_all_the_same(pack: Path) -> None:
    polars = pytest.importorskip("polars")
    with evcli.open(pack, builtin=False) as data:
        frame = polars.DataFrame(data.table(ALL, year=1999))
    assert frame.height == 0
    assert frame.schema["value"] == polars.Float64
    assert frame.schema["sources"] == polars.List(polars.String)


def test_without_pyarrow_the_way_out_is_named(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with evcli.open(pack, builtin=False) as data, pytest.raises(UsageError) as caught:
        data.table(ALL).__arrow_c_stream__()
    assert caught.value.hint == 'pip install "evcli[package]"'
