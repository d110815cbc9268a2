"""The table that is to be imported, and what is said of it: by a mapping beside it, by options."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evcli.errors import UsageError, check_one_of
from evcli.loader.mapping import KEYS, TableMap
from evcli.tables import LARGEST, Reading, Table, open_table, table_of

_ENDINGS = (".map.yaml", ".map.yml")
_NEXT = re.compile(r",(?=[ a-z_]+=)")  # names of columns may have commas


def mapping_at(path: Path) -> Path | None:
    """The mapping that *path* is or that lies beside the table at *path*."""
    if path.name.casefold().endswith(_ENDINGS):
        return path
    return next((each for each in map(path.with_suffix, _ENDINGS) if each.is_file()), None)


def as_said(options: Sequence[str], said: Mapping[str, Any]) -> TableMap:
    """What options say of a table, ``period=Year,value=Value`` among them."""
    columns: dict[str, str] = {}
    for each in (each for option in options for each in _NEXT.split(option)):
        key, _, column = each.partition("=")
        check_one_of("key", key.strip(), KEYS)
        if not column:
            raise UsageError(f"--map {each!r} names no column", "write --map period=Year")
        columns[key.strip()] = column
    return TableMap(columns=columns, **said)


def table_at(path: Path, how: TableMap) -> Table:
    """The table in a file or folder, or that comes in from elsewhere (``-``)."""
    reading = Reading(how.header, how.encoding, how.sheet)
    if str(path) != "-":
        return open_table(path, reading)
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UsageError(f"more than {LARGEST:,} bytes came in", "name a file of a part of it")
    return table_of("-", data, reading)
