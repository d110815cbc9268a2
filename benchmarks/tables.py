"""The formulas on columns beside hand-written SQL that does the same work, in one DuckDB.

    python benchmarks/tables.py [--rows 10000000] [--rounds 3] [--keep FOLDER]

The table is made up: monthly trade by partner and HS code. Both sides look for keys that stand
twice and for series whose unit or publisher changes, join each month with that a year before, and
write growth with its bounds to a Parquet file. They run in turns, each in a new connection; the
sums of what they wrote must agree. Exit 1 where the median ratio is above 1.1.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from evcli import columns

MOST = 1.1
MONTHS, PARTNERS = 60, 200
KEY = ["partner", "hs6"]
GENERATED = """
COPY (
    SELECT
        'P' || lpad(partner::VARCHAR, 3, '0') AS partner,
        lpad((870000 + hs)::VARCHAR, 6, '0') AS hs6,
        (DATE '2021-01-01' + to_months(month::INTEGER))::DATE AS month,
        (hash(partner * 1000003 + hs * 61 + month) % 100000)::BIGINT AS qty,
        'vehicles' AS unit,
        'customs' AS publisher
    FROM range({partners}) p(partner), range({codes}) h(hs), range({months}) m(month)
    WHERE hash(partner + hs * 7919 + month * 104729) % 50 > 0
    LIMIT {rows}
) TO '{file}' (FORMAT PARQUET)
"""
TWICE = """
SELECT partner, hs6, month, count(*) FROM trade GROUP BY partner, hs6, month HAVING count(*) > 1
    OR partner IS NULL OR hs6 IS NULL OR month IS NULL LIMIT 1
"""
UNLIKE = """
SELECT partner, hs6 FROM trade GROUP BY partner, hs6
HAVING min(coalesce(unit, '')) <> max(coalesce(unit, ''))
    OR min(coalesce(publisher, '')) <> max(coalesce(publisher, '')) LIMIT 1
"""
GROWTH = """
COPY (
    SELECT
        new.*, greatest(new.qty - 0.5::DOUBLE, 0) AS qty_low, new.qty + 0.5::DOUBLE AS qty_high,
        CASE WHEN old.qty > 0 THEN (new.qty / old.qty - 1) * 100 END AS growth,
        CASE WHEN old.qty + 0.5::DOUBLE > 0
            THEN (greatest(new.qty - 0.5::DOUBLE, 0) / (old.qty + 0.5::DOUBLE) - 1) * 100
        END AS growth_low,
        CASE WHEN old.qty - 0.5::DOUBLE > 0
            THEN ((new.qty + 0.5::DOUBLE) / (old.qty - 0.5::DOUBLE) - 1) * 100
        END AS growth_high
    FROM trade new LEFT JOIN trade old
        ON old.partner = new.partner AND old.hs6 = new.hs6
        AND old.month = new.month - INTERVAL 1 YEAR
) TO '{file}' (FORMAT PARQUET)
"""


def generate(file: Path, rows: int) -> None:
    """Monthly trade by partner and HS code, one month in fifty missing."""
    codes = rows // (MONTHS * PARTNERS * 49 // 50) + 1
    sql = GENERATED.format(file=file, rows=rows, months=MONTHS, partners=PARTNERS, codes=codes)
    duckdb.connect().execute(sql)


def by_hand(connection: duckdb.DuckDBPyConnection, trade: Path, out: Path) -> None:
    connection.execute(f"CREATE VIEW trade AS SELECT * FROM '{trade}'")
    assert connection.execute(TWICE).fetchall() == []
    assert connection.execute(UNLIKE).fetchall() == []
    connection.execute(GROWTH.format(file=out))


def by_columns(connection: duckdb.DuckDBPyConnection, trade: Path, out: Path) -> None:
    table = columns.bounded(connection.read_parquet(str(trade)), "qty")
    grown = columns.growth(table, "qty", key=KEY, period="month", same=["unit", "publisher"])
    grown.write_parquet(str(out))


def timed(
    work: Callable[[duckdb.DuckDBPyConnection, Path, Path], None], trade: Path, out: Path
) -> float:
    with duckdb.connect() as connection:
        started = time.process_time()
        work(connection, trade, out)
        return time.process_time() - started


def sums(file: Path) -> list[float]:
    """What tells two answers apart: rows, rows with growth, and the sums of it and its ends."""
    names = ("growth", "growth_low", "growth_high")
    wanted = ", ".join(f"sum({name}), count({name})" for name in names)
    found = duckdb.connect().execute(f"SELECT count(*), {wanted} FROM '{file}'").fetchall()
    return [float(each) for each in found[0]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Columns beside hand-written SQL.")
    parser.add_argument("--rows", type=int, default=10_000_000, help="default 10000000")
    parser.add_argument("--rounds", type=int, default=3, help="pairs (default 3)")
    parser.add_argument("--keep", type=Path, help="a folder to keep the table in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="evcli-tables-") as folder:
        trade = (options.keep or Path(folder)) / "trade.parquet"
        if not trade.exists():
            generate(trade, options.rows)
        print(f"{options.rows:,} rows, {trade.stat().st_size / 2**20:.0f} MiB; cpu seconds")
        ratios = []
        for _ in range(options.rounds):
            outs = [Path(folder) / name for name in ("hand.parquet", "columns.parquet")]
            hand, ours = (
                timed(work, trade, out)
                for work, out in zip((by_hand, by_columns), outs, strict=True)
            )
            first, second = map(sums, outs)
            if any(abs(a - b) > 1e-9 * abs(a) for a, b in zip(first, second, strict=True)):
                print(f"the answers differ: {first} and {second}")
                return 1
            ratios.append(ours / hand)
            print(f"by hand {hand:.2f}  columns {ours:.2f}  ratio {ratios[-1]:.2f}")
    median = statistics.median(ratios)
    print(f"median ratio {median:.2f}, at most {MOST}")
    return 0 if median <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
