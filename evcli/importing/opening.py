"""The table that is to be imported, and what is said of it: by a mapping beside it, by options."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evcli.errors import InvalidFacts, UsageError, check_one_of
from evcli.loader.files import Report, read
from evcli.loader.mapping import KEYS, TableMap, mapping_in
from evcli.loader.yaml_nodes import parse
from evcli.tables import LARGEST, Reading, Table, inside, open_table, table_of

_ENDINGS = (".map.yaml", ".map.yml")
_NEXT = re.compile(r",(?=[ a-z_]+=)")  # names of columns may have commas


def mapping_of(
    path: Path, options: Sequence[str], said: Mapping[str, Any]
) -> tuple[TableMap, Path]:
    """The mapping of the table at *path*, and where the table is.

    That is a mapping file, or one beside it, with what options say (``period=Year``) besides.
    InvalidFacts for mistakes in the file, UsageError for those in options.
    """
    file = path if path.name.casefold().endswith(_ENDINGS) else path.with_suffix(_ENDINGS[0])
    how, report = TableMap(), Report()
    if file.is_file():
        text = read(file, report)
        root = parse(text[1], str(file), report) if text else None
        how = mapping_in(root, file, report) if root else how
        if report.problems:
            raise InvalidFacts(report.problems)
    pairs = [each.partition("=") for option in options for each in _NEXT.split(option)]
    for key, _, column in pairs:
        check_one_of("key", key.strip(), KEYS)
        if not column:
            raise UsageError(f"--map {key!r} names no column", "write --map period=Year")
    columns = {**how.columns, **{key.strip(): column for key, _, column in pairs}}
    path = inside(file.parent, how.table) if how.table else path
    return how._replace(columns=columns, **said), path


def table_at(path: Path, how: TableMap) -> Table:
    """The table in a file or folder, or that comes in from elsewhere (``-``)."""
    reading = Reading(how.header, how.encoding, how.sheet)
    if str(path) != "-":
        return open_table(path, reading)
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UsageError(f"more than {LARGEST:,} bytes came in", "name a file of a part of it")
    return table_of("-", data, reading)
