"""What scripts rely on beside the rows: files, headers, exit codes, short spellings.

Asked are the five documents: 2,490,000 vehicles of 2023, 212,000 of May 2025 (CAAM).
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evcli.commands.app import run
from tests.seeds import SEEDS

NEV = "cn.exports.nev.caam"
MAY = ["get", NEV, "--period", "2025-05", *SEEDS]
NOTHING = ["get", NEV, "--period", "1950", *SEEDS]
Capture = pytest.CaptureFixture[str]
ENDINGS = {
    "a.csv": "csv",
    "a.TSV": "tsv",
    "a.json": "json",
    "a.b.jsonl": "jsonl",
    "a.md": "markdown",
    "a.txt": "table",
}


def told(capfd: Capture, *arguments: str) -> tuple[int, str, str]:
    code = run(arguments)
    captured = capfd.readouterr()
    return code, captured.out, captured.err


# -- -o FILE


@pytest.mark.parametrize("name", ENDINGS)
def test_a_file_holds_what_stdout_would(name: str, tmp_path: Path, capfd: Capture) -> None:
    path = tmp_path / name
    _, printed, _ = told(capfd, *MAY, "--format", ENDINGS[name])
    assert told(capfd, *MAY, "-o", str(path)) == (0, "", "")
    assert path.read_text("utf-8") == printed
    assert "212" in printed


def test_the_format_that_is_named_comes_before_the_name(tmp_path: Path, capfd: Capture) -> None:
    for name in ("a.json", "a.dat", "a"):
        path = tmp_path / name
        assert told(capfd, *MAY, "--format", "csv", "-o", str(path))[0] == 0
        assert path.read_text("utf-8").startswith("id,label,")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.dat", "no format goes with the name"),
        ("a", "no format goes with the name"),
        ("a.xls", "no format goes with the name"),
        ("a.ods", "no format goes with the name"),
    ],
)
def test_a_name_that_says_no_format_is_refused(
    name: str, reason: str, tmp_path: Path, capfd: Capture
) -> None:
    code, out, err = told(capfd, *MAY, "-o", str(tmp_path / name))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert reason in err
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole_or_left_as_it_was(tmp_path: Path, capfd: Capture) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", "utf-8")
    assert told(capfd, "get", "no.such.series", *SEEDS, "-o", str(path))[0] == 3
    assert path.read_text("utf-8") == "old"
    assert told(capfd, *MAY, "-o", str(path))[0] == 0
    assert path.read_text("utf-8").startswith("id,")
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_that_cannot_be_written_is_exit_6(tmp_path: Path, capfd: Capture) -> None:
    code, out, err = told(capfd, *MAY, "-o", str(tmp_path / "nowhere" / "a.csv"))
    assert (code, out) == (6, "")
    assert err.startswith("evcli: error: cannot write ")


def test_a_chart_in_a_file_has_no_colour_and_no_terminal_width(
    tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    path = tmp_path / "a.txt"
    assert told(capfd, "trend", NEV, *SEEDS, "-o", str(path))[:2] == (0, "")
    assert "\x1b" not in path.read_text("utf-8")
    assert "┤" in path.read_text("utf-8")


# -- --no-header


@pytest.mark.parametrize("format_", ["csv", "tsv"])
def test_the_line_of_names_can_be_left_out(format_: str, capfd: Capture) -> None:
    _, whole, _ = told(capfd, *MAY, "-f", format_)
    code, rows, _ = told(capfd, *MAY, "-f", format_, "--no-header")
    assert (code, rows) == (0, whole.split("\n", 1)[1])
    assert told(capfd, *NOTHING, "-f", format_, "--no-header", "-q") == (0, "", "")
    one = told(capfd, *MAY, "-f", format_, "--fields", "value", "--no-header")
    assert one == (0, "212000\n", "")


@pytest.mark.parametrize("format_", ["json", "jsonl", "markdown", "table"])
def test_only_csv_and_tsv_have_a_line_of_names(format_: str, capfd: Capture) -> None:
    code, out, err = told(capfd, *MAY, "--format", format_, "--no-header")
    assert (code, out) == (2, "")
    assert err == (
        f"evcli: error: {format_} has no line of names to leave out; it is for csv and tsv\n"
    )


# -- --excel

FORMULAS = """\
sources:
  - {id: page, title: T, outlet: O, published: 2025-01-01}
series:
  - id: cn.exports.all.caam
    facts:
      - {period: 2031, stated: "212,000", yoy: "-5%", source: page, note: "=1+1"}
      - {period: 2033, stated: "212,001", source: page, note: "@SUM(A1), b"}
      - {period: 2035, stated: "212,002", source: page, note: "a = 1"}
"""


def formulas(folder: Path, capfd: Capture, *arguments: str) -> tuple[int, str, str]:
    (folder / "p.yaml").write_text(FORMULAS, encoding="utf-8")
    asked = ["get", "cn.exports.all.caam", "--facts", str(folder), "--no-builtin", "-q"]
    return told(capfd, *asked, "--fields", "value,yoy,note", "--since", "2031", *arguments)


def test_texts_are_no_formulas_in_excel_and_numbers_stay_numbers(
    tmp_path: Path, capfd: Capture
) -> None:
    code, out, _ = formulas(tmp_path, capfd, "--csv", "--excel")
    assert code == 0
    assert out == (
        "\ufeffvalue,yoy,note\n212000,-5,'=1+1\n212001,,\"'@SUM(A1), b\"\n212002,,a = 1\n"
    )
    _, raw, _ = formulas(tmp_path, capfd, "--csv")
    assert raw.splitlines()[1:3] == ["212000,-5,=1+1", '212001,,"@SUM(A1), b"']
    _, tsv, _ = formulas(tmp_path, capfd, "-f", "tsv", "--excel", "--no-header")
    assert tsv.splitlines()[0] == "\ufeff212000\t-5\t'=1+1"
    path = tmp_path / "a.csv"
    formulas(tmp_path, capfd, "--excel", "-o", str(path))
    assert path.read_bytes() == out.encode()


@pytest.mark.parametrize("format_", ["json", "jsonl", "markdown", "table"])
def test_only_csv_and_tsv_are_for_excel(format_: str, capfd: Capture) -> None:
    code, out, err = told(capfd, *MAY, "--format", format_, "--excel")
    assert (code, out) == (2, "")
    assert err == "evcli: error: --excel is for csv and tsv; add --csv, or -o FILE.csv\n"


# -- --fail-empty


@pytest.mark.parametrize(
    "arguments", [NOTHING, ["exports", "--year", "1066", *SEEDS], ["find", "nobodyknowsthis"]]
)
def test_an_empty_answer_fails_where_that_is_wanted(
    arguments: list[str], tmp_path: Path, capfd: Capture
) -> None:
    code, out, err = told(capfd, *arguments, "--csv")
    assert code == 0
    assert out.count("\n") == 1
    assert err.startswith("evcli: hint: ")
    assert told(capfd, *arguments, "--csv", "--fail-empty") == (1, out, err)
    path = tmp_path / "a.csv"
    assert told(capfd, *arguments, "-o", str(path), "--fail-empty") == (1, "", err)
    assert path.read_text("utf-8") == out


def test_an_answer_with_rows_does_not_fail(capfd: Capture) -> None:
    assert told(capfd, *MAY, "--fail-empty", "--json")[0] == 0
    assert told(capfd, "get", "no.such.series", *SEEDS, "--fail-empty")[0] == 3  # as always


# -- short spellings


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (["--json"], ["--format", "json"]),
        (["--csv"], ["--format", "csv"]),
        (["-f", "csv"], ["--format", "csv"]),
        (["-fcsv"], ["--format", "csv"]),
        (["--csv", "--to", "world"], ["--format", "csv", "--destination", "world"]),
        (["--csv", "--to=world"], ["--format", "csv", "--destination", "world"]),
        (["--json", "--csv"], ["--format", "csv"]),  # the last one counts, as for every option
    ],
)
def test_short_spellings(short: list[str], long: list[str], capfd: Capture) -> None:
    assert told(capfd, *MAY, *short) == told(capfd, *MAY, *long)


def test_the_help_has_one_spelling_of_each(capfd: Capture) -> None:
    _, out, _ = told(capfd, "get", "--help")
    options = out.partition("Which figures:")[2]
    assert not {"--json", "--csv", "--to"} & set(options.replace(",", " ").split())


def test_a_value_that_looks_like_one_is_a_value(capfd: Capture) -> None:
    assert told(capfd, *MAY, "--csv", "--fields=id") == told(capfd, *MAY, "--csv", "--fields", "id")


# -- what goes together


def test_sources_join_by_id_and_have_the_address(capfd: Capture) -> None:
    """Every source of a figure is a row of ``sources``, and those of the record have a URL."""
    (figure,) = json.loads(told(capfd, *MAY[:4], "--json")[1])
    listed = list(csv.DictReader(told(capfd, "sources", "--csv")[1].splitlines()))
    urls = {each["id"]: each["url"] for each in listed}
    assert len(urls) == len(listed)
    assert figure["sources"]
    assert set(figure["sources"]) <= set(urls)
    assert sum(url.startswith("https://") for url in urls.values()) > len(urls) / 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["exports", "--since", "2024"],
        ["network"],
        ["growth", NEV, "--year", "2025"],
        ["share", NEV, "cn.exports.all.caam", "--period", "2025-05"],
        ["total", f"{NEV}@2025-05", f"{NEV}@2025-06"],
        ["top", "--metric", "overseas-sales", "--year", "2025"],
        ["compare", "byd", "chery", "--metric", "overseas-sales", "--year", "2025"],
        ["trend", NEV, "--since", "2025"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_every_command_of_figures_has_the_same_columns_in_front(
    arguments: list[str], capfd: Capture
) -> None:
    code, out, _ = told(capfd, *arguments, "--csv")
    assert code == 0
    rows = list(csv.DictReader(out.splitlines()))
    assert list(rows[0])[:12] == [
        *("id", "label", "subject", "metric", "scope", "destination"),
        *("period", "start", "end", "window", "value", "low"),
    ]
    assert all(row["label"] and row["window"] for row in rows)
    assert [row for row in rows if row["status"] == "forecast"] == []
    counted = [row for row in rows if row["unit"] in ("vehicles", "stores")]
    cells = [row[name] for row in counted for name in ("value", "low", "high")]
    assert [cell for cell in cells if not cell.lstrip("-").isdigit() and cell] == []


# -- what docs/scripts.md shows other programs do


PAGE = (Path(__file__).parents[2] / "docs" / "scripts.md").read_text("utf-8")


def _block(kind: str) -> str:
    return PAGE.partition(f"```{kind}\n")[2].partition("```")[0]


def test_other_programs_do_what_the_page_shows(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """CAAM counted 212,000 new-energy vehicles exported in May 2025: each program prints it."""
    beside = str(Path(sys.executable).parent)
    path = f"{beside}{os.pathsep}{environment.get('PATH', '')}"
    first, *lines = _block("sh").splitlines()
    for line in [first, *(each for each in lines if "json" not in each)]:
        name = line.split()[0]
        if shutil.which(name, path=path) is None:
            continue  # the shell of DuckDB does not come with Python
        done = subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=environment | {"PATH": path}, capture_output=True
        )
        assert done.returncode == 0, (line, done.stderr)
        assert line == first or "212000" in done.stdout.decode(), line
    (asked,) = [each for each in lines if "jq" in each]
    if shutil.which("jq"):
        done = subprocess.run(
            ["sh", "-c", asked], cwd=tmp_path, env=environment | {"PATH": path}, capture_output=True
        )
        assert "212000" in done.stdout.decode(), done.stderr
    query = next(each for each in lines if each.startswith("duckdb")).split('"', 1)[1]
    monkeypatch.chdir(tmp_path)
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        rows = connection.execute(query.rstrip('"').replace('\\"', '"')).fetchall()
    assert ("China, exports, new-energy (CAAM)", date(2025, 5, 31), 212_000) in rows
    pytest.importorskip("pandas")
    code = _block("python").rstrip().splitlines()
    known: dict[str, Any] = {}
    exec("\n".join([*code[:-1], f"table = {code[-1]}"]), known)
    assert known["table"].loc["2025-05-31", "China, exports, new-energy (CAAM)"] == 212_000
