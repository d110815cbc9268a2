"""``--table``: answers from tables of the user's own, checked, bounded in memory, locked in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from evcli.commands import tabled

duckdb = pytest.importorskip("duckdb")

Run = Callable[..., CompletedProcess[bytes]]
TRADE = """partner,hs6,month,qty,unit
MX,0101,2024-05,41,cars
MX,0101,2025-05,15,cars
BR,0101,2024-05,0,cars
BR,0101,2025-05,5,cars
"World, all",0101,2025-05,20,cars
"""
COLUMNS = ["--key", "partner,hs6", "--value", "qty", "--period", "month", "--same", "unit"]


@pytest.fixture
def trade(tmp_path: Path) -> Path:
    file = tmp_path / "trade.csv"
    file.write_text(TRADE)
    return file


def rows(process: CompletedProcess[bytes]) -> list[dict[str, str]]:
    assert process.returncode == 0, process.stderr
    return [*csv.DictReader(io.StringIO(process.stdout.decode()))]


def ask(run: Run, command: str, file: object, *options: str) -> CompletedProcess[bytes]:
    return run(command, "--table", str(file), *COLUMNS, *options)


def test_growth_by_calendar_with_bounds(evcli_run: Run, trade: Path) -> None:
    told = rows(ask(evcli_run, "growth", trade, "--csv"))
    grown = {(row["partner"], row["month"]): row for row in told}
    # 15 on 41 is -63.41 %; 14.5 on 41.5 is -65.06 %, 15.5 on 40.5 is -61.73 %
    mexico = grown["MX", "2025-05"]
    assert [float(mexico[f"growth{end}"]) for end in ("", "_low", "_high")] == pytest.approx(
        [-63.414634, -65.060241, -61.728395]
    )
    assert mexico["hs6"] == "0101"
    # on 0 to 0.5: no growth, at least 4.5 / 0.5
    assert grown["BR", "2025-05"]["growth"] == ""
    assert float(grown["BR", "2025-05"]["growth_low"]) == 800
    assert grown["World, all", "2025-05"]["growth"] == ""


def test_the_other_four(evcli_run: Run, trade: Path) -> None:
    may = ["--over", "partner", "--part", "month=2025-05", "--csv"]
    shares = rows(ask(evcli_run, "share", trade, *may, "--whole", "World, all"))
    assert {row["partner"]: float(row["share"]) for row in shares} == {"MX": 75, "BR": 25}
    both = ["--part", "partner=MX", "--part", "partner=BR"]
    (total,) = rows(ask(evcli_run, "total", trade, *may, *both))
    assert (total["qty"], total["qty_low"], total["qty_high"]) == ("20", "19", "21")
    top = rows(ask(evcli_run, "top", trade, *may))
    assert [(row["partner"], row["position"]) for row in top] == [
        ("World, all", "1"), ("MX", "2"), ("BR", "3"),
    ]  # fmt: skip
    compared = rows(ask(evcli_run, "compare", trade, "--part", "partner=MX", "--csv"))
    assert compared[1]["difference"] == "-26"
    assert float(compared[1]["growth"]) == pytest.approx(-63.414634)


def test_a_mistyped_whole_is_an_unknown_name(evcli_run: Run, trade: Path) -> None:
    process = ask(evcli_run, "share", trade, "--over", "partner", "--whole", "World all")
    assert (process.returncode, process.stdout) == (3, b"")
    told = "no partner named 'World all'; did you mean 'World, all'?"
    assert told in process.stderr.decode()


def test_no_number_is_no_figure(evcli_run: Run, trade: Path) -> None:
    trade.write_text(TRADE.replace(",15,", ",nan,").replace(",5,", ",inf,"))
    table = ["--over", "partner", "--part", "month=2025-05", "--precision", "1", "--csv"]
    (total,) = rows(ask(evcli_run, "total", trade, *table))
    assert (total["qty"], total["qty_low"], total["qty_high"]) == ("", "", "")
    places = {row["partner"]: row["position"] for row in rows(ask(evcli_run, "top", trade, *table))}
    assert places == {"World, all": "1", "MX": "", "BR": ""}


def test_every_format_says_the_same(evcli_run: Run, trade: Path, tmp_path: Path) -> None:
    printed = rows(ask(evcli_run, "growth", trade, "--csv"))
    for name in ("out.csv", "out.parquet", "out.json"):
        process = ask(evcli_run, "growth", trade, "-o", str(tmp_path / name))
        assert (process.returncode, process.stdout) == (0, b"")
        assert len((tmp_path / name).read_bytes()) > 100
    assert not [*tmp_path.glob(".*")]
    with (tmp_path / "out.csv").open(newline="") as stream:
        told = [*csv.DictReader(stream)]
    listed = json.loads((tmp_path / "out.json").read_text())
    kept = duckdb.read_parquet(str(tmp_path / "out.parquet")).order("partner, month").fetchall()
    for row, other, object_, values in zip(printed, told, listed, kept, strict=True):
        assert [*row] == [*other] == [*object_]
        expected = [float(row[name]) if row[name] else None for name in ("growth", "growth_low")]
        assert [object_["growth"], object_["growth_low"]] == expected
        assert [
            float(other[name]) if other[name] else None for name in ("growth", "growth_low")
        ] == expected
        assert [*values[-3:-1]] == expected


def cells(text: str) -> list[list[str | float]]:
    """The cells of CSV, numbers as such: DuckDB writes some with an exponent or a zero more, and
    an empty line where the only cell of a row is empty.
    """

    def read(cell: str) -> str | float:
        try:
            return float(cell)
        except ValueError:
            return cell

    return [[*map(read, row or [""])] for row in csv.reader(io.StringIO(text))]


ODD = [  # texts and numbers that writers of CSV put down in different ways
    ("plain", "1.50"), (" spaced ", "100.0"), ("a,b", "0.00001"), ('say "x"', "1e22"),
    ("#sign", "123456789012345678"), ("two\nlines", "-0.0"), ("'q'", "1e16"), ("NULL", "nan"),
    ("a\tb", "inf"), ("none", ""), ("thirds", "0.3333333333333333"), ("many", "1234567.891"),
    ("below", "-2.5e-7"), ("year", "1000000000000000"),
]  # fmt: skip


def test_csv_in_a_file_says_what_csv_in_a_pipe_says(evcli_run: Run, tmp_path: Path) -> None:
    file, out = tmp_path / "odd.csv", tmp_path / "out.csv"
    with file.open("w", newline="") as stream:
        lines = [(who, year, n) for who, n in ODD for year in ("2024", "2025")]
        csv.writer(stream).writerows([("who", "year", "n"), *lines])
    table = ["compare", "--table", str(file), "--key", "who", "--value", "n", "--period", "year"]
    exact = [*table, "--precision", "0.1"]
    for more in (
        ["--no-header"],
        ["--fields", "growth"],
        ["--sort", "-n", "--fields", "who,n"],
        [],
    ):
        printed = evcli_run(*exact, *more, "--csv")
        written = evcli_run(*exact, *more, "-o", str(out))
        assert (written.returncode, written.stdout) == (0, b"")
        assert cells(out.read_text("utf-8")) == cells(printed.stdout.decode())
    assert b"123456789012345680,123456789012345680,123456789012345680," in printed.stdout
    assert b"10000000000000000000000," in printed.stdout
    assert b",2024,0.00001,0," in printed.stdout


def test_a_file_of_csv_may_have_any_number_of_rows(evcli_run: Run, tmp_path: Path) -> None:
    file, out, every = tmp_path / "long.csv", tmp_path / "out.csv", 100_001
    file.write_text("who,year,n\n" + "".join(f"w{at},2025,{at}\n" for at in range(every)))
    table = ["growth", "--table", str(file), "--key", "who", "--value", "n", "--period", "year"]
    written = evcli_run(*table, "-o", str(out))
    assert (written.returncode, written.stdout) == (0, b"")
    assert f"100,001 rows in {out}" in written.stderr.decode()
    with out.open(newline="") as stream:
        assert {row["n"] for row in csv.DictReader(stream)} == {*map(str, range(every))}
    for other in (["--csv"], ["-o", str(tmp_path / "out.json")]):
        refused = evcli_run(*table, *other)
        assert refused.returncode == 2
        assert "more than 100,000 rows; write them with -o FILE.csv" in refused.stderr.decode()


def test_a_screen_of_a_long_table(evcli_run: Run, tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("who,year,n\n" + "".join(f"w{at:03},2025,{at}\n" for at in range(100)))
    table = ["growth", "--table", str(file), "--key", "who", "--value", "n", "--period", "year"]
    told = evcli_run(*table).stdout.decode()
    assert ("w013" in told, "w014" in told) == (True, False)
    assert "more rows: --all" in told
    assert "w099" in evcli_run(*table, "--all").stdout.decode()
    assert len(rows(evcli_run(*table, "--csv"))) == 100
    assert [
        row["n"] for row in rows(evcli_run(*table, "--sort", "-n", "--limit", "2", "--csv"))
    ] == ["99", "98"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("MX,0101,2025-05,9,cars", "2 rows of partner 'MX', hs6 '0101', month '2025-05'"),
        (
            "MX,0101,2023-05,9,kg",
            "rows of partner 'MX', hs6 '0101' differ in unit: 'cars' and 'kg'",
        ),
    ],
)
def test_the_guard_names_what_is_unlike(
    evcli_run: Run, trade: Path, tmp_path: Path, cells: str, message: str
) -> None:
    trade.write_text(f"{TRADE}{cells}\n")
    process = ask(evcli_run, "growth", trade, "-o", str(tmp_path / "out.parquet"))
    assert process.returncode == 4
    assert message in process.stderr.decode()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["trade.csv"]


REFUSED: dict[str, tuple[list[str], str]] = {
    "words": (["byd"], "--table takes no words, such as 'byd'; quote the pattern"),
    "year": (["--year", "2025"], "--year does not go with growth --table"),
    "over": (["--over", "partner"], "--over does not go with growth --table"),
    "packs": (["--facts", "."], "--facts does not go with growth --table"),
    "bars": (["--wide"], "--wide does not go with growth --table"),
    "excel": (["--excel", "--csv"], "--excel does not go with growth --table"),
    "lag": (["--lag", "1Y"], "'1Y' is not a lag"),
    "precision": (["--precision", "one"], "--precision takes a number such as 0.1, not 'one'"),
    "part": (["--part", "MX"], "--part takes COLUMN=VALUE, not 'MX'"),
    "field": (["--fields", "qyt"], "unknown field 'qyt'; valid: partner"),
    "column": (["--value", "qyt"], "unknown column 'qyt'; valid: partner"),
    "text": (["--value", "unit"], "unit holds no numbers but String"),
    "place": (["-o", "no/out.csv"], "cannot write"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_makes_no_sense_is_refused_by_name(evcli_run: Run, trade: Path, case: str) -> None:
    options, message = REFUSED[case]
    process = ask(evcli_run, "growth", trade, *options)
    assert process.returncode == (6 if case == "place" else 2)
    assert message in process.stderr.decode()


def test_columns_and_files_are_asked_for(evcli_run: Run, trade: Path, tmp_path: Path) -> None:
    for words, message in (
        (["growth", "--table", str(trade)], "--table needs --key"),
        (
            ["total", "--table", str(trade), "--key", "partner", "--value", "qty"],
            "--table needs --over",
        ),
        (["growth", "--key", "partner"], "--key goes with --table"),
        (["growth", "--table", "none/*.csv", *COLUMNS], "'none/*.csv' names no files"),
        (["growth", "--table", "https://example.org/a.csv", *COLUMNS], "names no files"),
    ):
        process = evcli_run(*words)
        assert process.returncode == 2
        assert message in process.stderr.decode()
    (tmp_path / "a.json").write_text("[]")
    process = ask(evcli_run, "growth", tmp_path / "*")
    assert "cannot compute with" in process.stderr.decode()
    trade.rename(tmp_path / "a[1].csv")
    assert (
        "has one of *?[ in its name" in ask(evcli_run, "growth", tmp_path / "*.csv").stderr.decode()
    )


def test_how_exact_decimals_are_has_to_be_said(evcli_run: Run, trade: Path) -> None:
    trade.write_text(TRADE.replace(",15,", ",15.5,"))
    process = ask(evcli_run, "growth", trade)
    assert process.returncode == 2
    assert "qty is not in whole numbers: how exact are they?" in process.stderr.decode()
    told = rows(
        ask(evcli_run, "growth", trade, "--precision", "0.1", "--part", "partner=MX", "--csv")
    )
    assert (float(told[1]["qty_low"]), float(told[1]["qty_high"])) == pytest.approx((15.45, 15.55))


def test_bounds_of_the_table_are_taken(evcli_run: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("who,year,n,n_low,n_high\na,2024,10,8,\na,2025,20,20,20\n")
    told = rows(evcli_run(
        "growth", "--table", str(file), "--key", "who", "--value", "n", "--period", "year", "--csv"
    ))  # fmt: skip
    # 20 on at least 8: at most +150 %, and no lower end
    assert [told[1][f"growth{end}"] for end in ("", "_low", "_high")] == ["100", "", "150"]


def test_names_are_only_names(evcli_run: Run, tmp_path: Path) -> None:
    evil = "x'; DROP VIEW answer; --"
    file = tmp_path / "it's.csv"
    file.write_text(f'"{evil}",year,"select ""n"""\na,2025,1\n')
    out = tmp_path / "o'ut.csv"
    process = evcli_run(
        "growth", "--table", str(file), "--key", evil, "--value", 'select "n"', "--period", "year",
        "-o", str(out), "--part", f"{evil}=a",
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    assert out.read_text().startswith(f'{evil},year,"select ""n""",')


def test_the_engine_reads_and_writes_nothing_else(trade: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    with tabled._engine([str(trade)], tmp_path / "copy.csv") as engine:
        assert engine.read_csv([str(trade)]).count("*").fetchall() == [(5,)]
        engine.execute(f"COPY (SELECT 1) TO '{tmp_path}/copy.csv' (USE_TMP_FILE false)")
        for refused in (
            f"FROM read_csv('{other}')", f"COPY (SELECT 1) TO '{tmp_path}/more.csv'",
            f"ATTACH '{tmp_path}/a.db'", "FROM read_text('/etc/hosts')", "LOAD httpfs",
            "INSTALL httpfs", "FROM read_csv('https://example.org/a.csv')",
            "SET enable_external_access = true", "SET memory_limit = '9GB'",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                engine.execute(refused)
        settings = dict(engine.sql("SELECT name, value FROM duckdb_settings()").fetchall())
    assert settings["memory_limit"] == "488.2 MiB"
    assert (
        settings["autoinstall_known_extensions"] == settings["autoload_known_extensions"] == "false"
    )
    assert not Path(settings["temp_directory"]).exists()


def test_the_record_is_not_opened(
    evcli_run: Run, trade: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVCLI_FACTS", "/nowhere/at/all")
    assert len(rows(ask(evcli_run, "growth", trade, "--csv"))) == 5


def test_nothing_found_can_fail(evcli_run: Run, trade: Path, tmp_path: Path) -> None:
    for out in ([], ["-o", str(tmp_path / "out.csv")]):
        none = ["--part", "partner=XX", "--fail-empty", *out]
        assert ask(evcli_run, "growth", trade, *none).returncode == 1
