"""One table in every kind of frame that a laptop has, and what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

pd = pytest.importorskip("pandas")
duckdb = pytest.importorskip("duckdb")
pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")

Table = Mapping[str, Sequence[Any]]


def _polars(table: Table) -> Any:
    frame = pl.DataFrame(dict(table), strict=False)
    return frame.with_columns(pl.col(pl.Null).cast(pl.Float64))


def _nullable(table: Table) -> Any:
    frame = _polars(table).to_pandas()
    return frame.astype(dict.fromkeys(frame.select_dtypes("float"), "Float64"))


ENGINES: dict[str, Callable[[Table], Any]] = {
    "pandas": lambda table: _polars(table).to_pandas(),
    "pandas, nullable": _nullable,
    "polars": _polars,
    "polars, lazy": lambda table: _polars(table).lazy(),
    "DuckDB": lambda table: duckdb.connect().from_arrow(_polars(table).to_arrow()),
    "Arrow": lambda table: _polars(table).to_arrow(),
}


def rows_of(native: Any, *names: str) -> list[tuple[Any, ...]]:
    """The rows as plain values, null as None, in the order of the columns *names*."""
    if isinstance(native, pl.LazyFrame):
        native = native.collect()
    if isinstance(native, duckdb.DuckDBPyRelation):
        native = native.to_arrow_table()
    if isinstance(native, pd.DataFrame):
        cells = native[list(names)].astype(object)
        return [*cells.where(cells.notna(), None).itertuples(index=False, name=None)]
    if isinstance(native, pa.Table):
        native = pl.from_arrow(native)
    return [*native.select(names).iter_rows()]


def by(rows: Sequence[tuple[Any, ...]], key: int = 1) -> dict[Any, Any]:
    """Rows by their first cells, the one cell that is left bare."""
    return {
        row[0] if key == 1 else row[:key]: row[key] if len(row) == key + 1 else row[key:]
        for row in rows
    }
