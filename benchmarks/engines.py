"""The same six functions on every engine, Spark among them, with the same answers.

    pip install polars duckdb pyarrow pyspark     # Spark needs Java 17 or later
    python benchmarks/engines.py [--series 400]

Monthly trade is made up, with gaps, zeros and open ends. Every engine must give the rows that
pandas gives; what an engine cannot do is said. Exit 1 where one differs.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import pandas as pd

from evcli import columns
from evcli.errors import EvcliError

KEY, PERIOD, SAME = ["partner", "hs6"], "month", ["unit"]
BY_PERIOD: dict[str, Any] = {"key": KEY, "period": PERIOD, "same": SAME}
BY_PARTNER = {**BY_PERIOD, "over": "partner"}
QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "growth": lambda table: columns.growth(table, "qty", **BY_PERIOD),
    "difference": lambda table: columns.difference(table, "qty", lag="P1M", **BY_PERIOD),
    "share": lambda table: columns.share(table, "qty", **BY_PARTNER),
    "share of one": lambda table: columns.share(table, "qty", whole="P000", **BY_PARTNER),
    "total": lambda table: columns.total(table, "qty", **BY_PARTNER),
    "rank": lambda table: columns.rank(table, "qty", **BY_PARTNER),
}


def trade(series: int) -> pd.DataFrame:
    """Some months of trade; every eleventh is missing and every seventeenth not known."""
    rows = [
        (f"P{one % 20:03}", f"{870000 + one // 20}", f"{2023 + at // 12}-{at % 12 + 1:02}",
         None if (one * 7 + at) % 17 == 0 else float((one * 7919 + at * 104729) % 1000), "cars")
        for one in range(series)
        for at in range(36)
        if (one + at) % 11
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*KEY, PERIOD, "qty", "unit"])


def rows_of(frame: Any) -> list[tuple[Any, ...]]:
    """The rows of any frame, sorted, with None for what is not known."""
    for method in ("collect", "df", "toPandas", "to_pandas"):
        if hasattr(frame, method) and not isinstance(frame, list):
            frame = getattr(frame, method)()
    if isinstance(frame, list):  # rows of Spark
        frame = pd.DataFrame([each.asDict() for each in frame])
    frame = frame.astype(object).where(frame.notna(), None)
    found = frame[sorted(frame.columns)].itertuples(index=False, name=None)
    return sorted(found, key=lambda row: [str(each) for each in row if isinstance(each, str)])


def agree(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
        if isinstance(a, float) and b is not None
        else a == b
        for a, b in zip(one, other, strict=True)
    )


def engines(table: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    """What makes the frame of each engine."""

    def duckdb() -> Any:
        return importlib.import_module("duckdb").connect().from_df(table)

    def spark() -> Any:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = importlib.import_module("pyspark.sql").SparkSession.builder
        settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "4"}
        session = builder.master("local[2]").config(map=settings).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        plain = table.astype(object).where(table.notna(), None)
        schema = "partner string, hs6 string, month string, qty double, unit string"
        return session.createDataFrame(list(plain.itertuples(index=False, name=None)), schema)

    return {
        "pandas": lambda: table,
        "polars": lambda: importlib.import_module("polars").from_pandas(table),
        "polars, lazy": lambda: importlib.import_module("polars").from_pandas(table).lazy(),
        "Arrow": lambda: importlib.import_module("pyarrow").Table.from_pandas(table),
        "DuckDB": duckdb,
        "PySpark": spark,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="The same answers on every engine.")
    parser.add_argument("--series", type=int, default=400, help="default 400")
    table = trade(parser.parse_args().series)
    print(f"{len(table):,} rows")
    expected: dict[str, list[tuple[Any, ...]]] = {}
    wrong = 0
    for name, made in engines(table).items():
        try:
            frame = columns.bounded(made(), "qty")
        except ImportError as error:
            print(f"{name}: not installed ({error.name})")
            continue
        for question, asked in QUESTIONS.items():
            started = time.perf_counter()
            try:
                rows = rows_of(asked(frame))
            except EvcliError as error:
                print(f"{name}, {question}: {error}")
                continue
            took = time.perf_counter() - started
            wanted = expected.setdefault(question, rows)
            same = len(rows) == len(wanted) and all(map(agree, wanted, rows))
            wrong += not same
            verdict = "the same" if same else "DIFFERENT"
            print(f"{name}, {question}: {len(rows):,} rows, {verdict}, {took:.2f} s")
        try:
            columns.growth(frame, "qty", key=["partner"], period=PERIOD)
        except EvcliError as error:
            print(f"{name}, guard: {error}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
