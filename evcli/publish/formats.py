"""The formats that a package may hold besides CSV and SQLite."""

from __future__ import annotations

PARQUET, SDMX_CSV = "parquet", "sdmx-csv"
FORMATS = (PARQUET, SDMX_CSV)
