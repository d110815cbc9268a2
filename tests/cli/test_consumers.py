"""Our CSV, TSV, JSON and JSON lines as other programs read them: the same cells as in the JSON.

What is asked is the whole record; where a number is known beforehand, the five documents alone.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Process
from tests.seeds import SEEDS

ALL, NEV = "cn.exports.all.caam", "cn.exports.nev.caam"
ASK: dict[str, list[str]] = {
    "get": ["get", "cn.exports.*", "--include-deprecated"],
    "exports": ["exports", "--year", "2025"],
    "compare": [
        "compare",
        "byd",
        "saic",
        "chery",
        "xpeng",
        "leapmotor",
        "--metric",
        "overseas-sales",
        "--year",
        "2025",
    ],
    "growth": ["growth", "cn.*.rhodium"],
    "top": ["top", "--metric", "overseas-sales", "--year", "2025"],
    "explain": ["explain", f"share:{NEV}@2025-05,{ALL}@2025-05", "seed-003"],
    "plants": ["plants"],
    "policy": ["policy"],
    "events": ["policy", "--events"],
    "find": ["find", "奇瑞"],
    "facts": ["facts", "list", "--include-deprecated"],
    "problems": ["sources", "--problems"],
}
FEWER: dict[str, list[str]] = {
    "get": ["get", ALL, "--since", "2024", "--include-deprecated"],
    "facts": ["facts", "list", ALL, "--since", "2024", "--include-deprecated"],
}
Rows = list[dict[str, Any]]
Printed = Callable[[list[str], str], str]


@pytest.fixture(scope="module")
def printed(evcli_run: Callable[..., Process]) -> Printed:
    """What evcli prints in a format: several readers get the same."""
    known: dict[tuple[str, ...], str] = {}

    def ask(arguments: list[str], format_: str) -> str:
        asked = (*arguments, "--format", format_)
        if asked not in known:
            done = evcli_run(*asked)
            assert done.returncode == 0, done.stderr
            known[asked] = done.stdout.decode()
        return known[asked]

    return ask


def as_text(value: Any) -> str:
    """A JSON value as CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(value) if isinstance(value, list) else str(value)


def expected(printed: Printed, ask: list[str]) -> tuple[list[str], list[list[str]]]:
    """The header and cells that a reader must find, from the JSON with its numbers as written."""
    rows: Rows = json.loads(printed(ask, "json"), parse_float=str, parse_int=str)
    for row in rows:
        row.pop("notes", None)  # which only JSON has
    return list(rows[0]), [[as_text(value) for value in row.values()] for row in rows]


def header_of_json(printed: Printed, ask: list[str]) -> list[str]:
    return list(json.loads(printed(ask, "json"))[0])


def program(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def through(arguments: list[str], text: str) -> str:
    return subprocess.run(
        arguments, input=text.encode(), capture_output=True, check=True, timeout=60
    ).stdout.decode()


@pytest.mark.parametrize("name", ASK)
def test_csv_and_tsv_have_the_cells_of_the_json(name: str, printed: Printed) -> None:
    header, cells = expected(printed, ASK[name])
    assert list(csv.reader(io.StringIO(printed(ASK[name], "csv")))) == [header, *cells]
    lines = printed(ASK[name], "tsv").splitlines()
    assert [line.split("\t") for line in lines] == [header, *cells]
    each = [json.loads(line) for line in printed(ASK[name], "jsonl").splitlines()]
    assert each == json.loads(printed(ASK[name], "json"))


@pytest.mark.parametrize("name", ASK)
def test_the_note_is_the_texts_of_the_notes(name: str, printed: Printed) -> None:
    for row in json.loads(printed(ASK[name], "json")):
        assert ("note" in row) == ("notes" in row)
        assert "; ".join(note["text"] for note in row.get("notes", [])) == row.get("note", "")


@pytest.mark.parametrize("name", ASK)
def test_pandas(name: str, printed: Printed) -> None:
    pd = pytest.importorskip("pandas")
    header, cells = expected(printed, ASK[name])
    for format_, separator in (("csv", ","), ("tsv", "\t")):
        text = printed(ASK[name], format_)
        quoting = csv.QUOTE_MINIMAL if format_ == "csv" else csv.QUOTE_NONE
        frame = pd.read_csv(
            io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, quoting=quoting
        )
        assert list(frame.columns) == header
        assert frame.to_numpy().tolist() == cells
    lines = io.StringIO(printed(ASK[name], "jsonl"))
    frame = pd.read_json(lines, lines=True, dtype=False)
    assert list(frame.columns) == header_of_json(printed, ASK[name])
    assert len(frame) == len(cells)


def test_pandas_takes_numbers_for_numbers(printed: Printed) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.read_csv(io.StringIO(printed(["get", ALL, "--year", "2025"], "csv")))
    assert {frame[name].dtype.kind for name in ("value", "low", "high")} == {"i"}
    assert frame["yoy"].dtype.kind == "f"


@pytest.mark.parametrize("name", ASK)
def test_duckdb(name: str, printed: Printed, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    header, cells = expected(printed, ASK[name])
    (tmp_path / "a.csv").write_text(printed(ASK[name], "csv"), "utf-8")
    (tmp_path / "a.jsonl").write_text(printed(ASK[name], "jsonl"), "utf-8")
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT * FROM read_csv(?, all_varchar = true, header = true, delim = ',')",
            [str(tmp_path / "a.csv")],
        )
        assert [column[0] for column in found.description] == header
        rows = found.fetchall()
        assert [[cell or "" for cell in row] for row in rows] == cells
        ids = connection.execute(
            "SELECT * FROM read_json(?, format = 'newline_delimited')", [str(tmp_path / "a.jsonl")]
        )
        assert [column[0] for column in ids.description] == header_of_json(printed, ASK[name])
        assert len(ids.fetchall()) == len(cells)


def test_duckdb_takes_numbers_for_numbers(printed: Printed, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "a.csv"
    path.write_text(printed(["get", ALL, "--year", "2025", *SEEDS], "csv"), "utf-8")
    with duckdb.connect() as connection:
        (total, growth) = connection.execute(
            "SELECT sum(high - low), max(yoy) FROM read_csv(?)", [str(path)]
        ).fetchone()
    # 5,000 each way for 2.49 million, 500 for the two others
    assert (total, growth) == (12_000, 14.5)


@pytest.mark.parametrize("name", ASK)
def test_csvkit(name: str, printed: Printed) -> None:
    command = program("csvjson")
    header, cells = expected(printed, ASK[name])
    text = printed(ASK[name], "csv")
    rows = json.loads(through([command, "-I"], text))
    assert [list(row) for row in rows] == [header] * len(cells)
    assert [[value or "" for value in row.values()] for row in rows] == cells


def test_csvstat_counts_the_rows(printed: Printed) -> None:
    text = printed([*ASK["compare"], *SEEDS], "csv")
    told = through([program("csvstat"), "--count"], text)
    assert int(re.findall(r"\d+", told)[-1]) == 5
    greatest = through([program("csvstat"), "-c", "low", "--max"], text)
    assert float(greatest.replace(",", "")) == 345_000  # SAIC: 350,000 in tens of thousands


@pytest.mark.parametrize("name", ASK)
def test_miller(name: str, printed: Printed) -> None:
    command = program("mlr")
    header, cells = expected(printed, ASK[name])
    text = printed(ASK[name], "csv")
    rows = json.loads(
        through([command, "--icsv", "--ojson", "-S", "cat"], text), parse_int=str, parse_float=str
    )
    assert [list(row) for row in rows] == [header] * len(cells)
    assert [[as_text(value) for value in row.values()] for row in rows] == cells
    tsv = through([command, "--tsv", "cat"], printed(ASK[name], "tsv"))
    assert [line.split("\t") for line in tsv.splitlines()[1:]] == [
        [cell.replace("\\", "\\") for cell in row] for row in cells
    ]


def test_jq(printed: Printed) -> None:
    command = program("jq")
    text = printed(["get", NEV, "--period", "2025-05", *SEEDS], "json")
    assert through(
        [command, "-c", ".[0] | [.value, .low, .yoy, .sources[0], .qualifier]"], text
    ) == ('[212000,211500,120,"seed-001",""]\n')
    for name in ASK:
        lines = printed(ASK[name], "jsonl")
        assert through([command, "-c", "."], lines).count("\n") == lines.count("\n")


# CAAM's exports of all vehicles in the whole record: the months and the years of 2024 and 2025
TIME = ["get", ALL, "--since", "2024", "--until", "2025"]


def test_start_end_and_window_tell_windows_apart(printed: Printed, tmp_path: Path) -> None:
    """No program needs a parser of periods: years by their kind, months by their days.

    5,859,000 vehicles in 2024 and 7,098,000 in 2025, as CAAM printed them.
    """
    pd = pytest.importorskip("pandas")
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "a.csv"
    path.write_text(printed(TIME, "csv"), "utf-8")
    frame = pd.read_csv(path, parse_dates=["start", "end"])
    assert {frame[name].dtype.kind for name in ("start", "end")} == {"M"}
    years = frame[frame["window"] == "year"]
    assert years["value"].tolist() == [5_859_000, 7_098_000]
    days = (frame["end"] - frame["start"]).dt.days + 1  # both ends belong to it
    assert days[frame["window"] == "year"].tolist() == [366, 365]
    assert set(days[frame["window"] == "month"]) <= {29, 30, 31, 28}
    with duckdb.connect() as connection:
        asked = (
            "SELECT typeof(start), sum(value) FROM read_csv(?) WHERE \"window\" = 'year' "
            "AND label = 'China, exports (CAAM)' GROUP BY ALL"
        )
        assert connection.execute(asked, [str(path)]).fetchall() == [("DATE", 12_957_000)]


def test_miller_jq_and_csvkit_choose_by_the_new_columns(printed: Printed) -> None:
    text = printed(TIME, "csv")
    years = ["mlr", "--icsv", "--ojson", "filter", '$window == "year"', "then", "cut", "-f", "end"]
    ends = [{"end": "2024-12-31"}, {"end": "2025-12-31"}]
    assert json.loads(through([program("mlr"), *years[1:]], text)) == ends
    chosen = '[.[] | select(.window == "year") | {"end": ."end"}]'  # a keyword of jq
    assert json.loads(through([program("jq"), chosen], printed(TIME, "json"))) == ends
    found = through([program("csvgrep"), "-c", "window", "-m", "ytd"], text)
    cut = through([program("csvcut"), "-c", "start"], found).split()
    assert set(cut[1:]) == {"2024-01-01", "2025-01-01"}


@pytest.mark.parametrize("name", ASK)
def test_the_table_says_what_the_csv_says(name: str, printed: Printed) -> None:
    """Cell by cell, each field alone: only separators, signs and rounded percentages differ."""
    ask = FEWER.get(name, ASK[name])  # each field is asked for alone
    header, cells = expected(printed, ask)
    for position, field in enumerate(header):
        table = printed([*ask, "--fields", field, "--limit", "12"], "table")
        lines = table.splitlines()
        rule = next(at for at, line in enumerate(lines) if line and set(line) == {"─"})
        shown = [line.strip() for line in lines[rule + 1 :]]
        for line, row in zip(shown, cells[:12], strict=False):
            cell = row[position]
            if "sourcing" in header and row[header.index("sourcing")] == "weak":
                line = line.removesuffix(" w")  # the mark, on what stands first in the row
            if re.fullmatch(r"-?\d+(\.\d+)?", cell) and not _is_text(name, field):
                number = re.sub(r"[, *%+]|[^\d.\-]+$", "", line)
                assert float(number) == pytest.approx(float(cell), abs=1)
            else:
                assert _plain(line) == _plain(cell), field


def _is_text(name: str, field: str) -> bool:
    return field in {
        "period",
        "as_of",
        "start",
        "date",
        "end",
        "from",
        "until",
        "text",
        "published",
        "stated",
        "at",
        "on_top_of",
    }


def _plain(text: str) -> str:
    return re.sub(r"(\s*[*†‡§]| [ep])$", "", " ".join(text.split()))
