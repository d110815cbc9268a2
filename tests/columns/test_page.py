"""The commands and programs of docs/columns.md run, over a small table of the same shape."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("polars")
ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "columns.md").read_text("utf-8")
MONTHS, PARTNERS, CODES = 60, 200, 2  # as benchmarks/tables.py has them
Run = Callable[..., CompletedProcess[bytes]]


@pytest.fixture
def trade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the table that the page speaks of."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    monkeypatch.chdir(tmp_path)
    import tables

    (tmp_path / "trade").mkdir()
    tables.generate(Path("trade", "trade.parquet"), MONTHS * PARTNERS)
    yield tmp_path
    sys.modules.pop("tables")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_commands_of_the_page(evcli_run: Run, trade: Path) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) == 6
    for command in commands:
        process = evcli_run(*shlex.split(command)[1:])
        assert process.returncode == 0, (command, process.stderr)
        assert process.stdout or "-o" in command
    rows = duckdb.read_parquet("growth.parquet")
    assert rows.count("*").fetchall() == [(MONTHS * PARTNERS,)]
    growth = "count(growth), max(abs(growth - growth_low)) > 0, min(growth_high - growth) >= 0"
    told, lower, upper = rows.aggregate(growth).fetchall()[0]
    assert told > MONTHS * PARTNERS // 2
    assert lower
    assert upper


def test_the_programs_of_the_page(trade: Path) -> None:
    space: dict[str, object] = {}
    here = [block for block in blocks("python") if "pyspark" not in block]
    assert len(here) == 3
    for block in here:
        exec(block, space)
    # by hand in SQL: the shares of a month and code make a hundred
    shares = duckdb.read_parquet("share.parquet")
    sums = shares.aggregate("sum(share) AS s", "month, hs6").aggregate("min(s), max(s)")
    assert sums.fetchall()[0] == pytest.approx((100, 100))
    totals = duckdb.read_parquet("total.parquet").aggregate("sum(qty)").fetchall()
    assert totals == duckdb.read_parquet("trade/*.parquet").aggregate("sum(qty)").fetchall()
    first = duckdb.read_parquet("rank.parquet").filter("position = 1").count("*").fetchall()[0][0]
    assert first >= duckdb.read_parquet("total.parquet").count("*").fetchall()[0][0]
