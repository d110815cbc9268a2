"""The files of a package that evcli wrote, read as strictly as they were written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evcli.errors import UsageError

DESCRIPTOR, FACTS = "datapackage.json", "facts.csv"
_MADE_BY = "evcli"
_LISTS = frozenset({"part_of", "members", "parts"})  # ids with spaces between them
_ARRAYS = frozenset({"aliases", "words", "at"})  # JSON arrays of texts


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One row of one file, and the line it ends on."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def list(self, name: str) -> tuple[str, ...]:
        """The items of a cell that holds several; ValueError where it is no list of texts."""
        cell = self.cells[name]
        if name in _LISTS or not cell:
            return tuple(cell.split())
        items = json.loads(cell)
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            raise ValueError(f"{cell!r} is no JSON array of texts")
        return tuple(items)

    def value(self, name: str) -> str | tuple[str, ...]:
        """A cell as fact files hold it: a text or several."""
        return self.list(name) if name in _LISTS | _ARRAYS else self.cells[name]


def package_at(path: Path) -> Path | None:
    """The folder of the package that *path* is, or of which it is the facts; None if neither."""
    folder = path if path.is_dir() else path.parent
    if path != folder and path.name != FACTS:
        return None
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return folder if isinstance(descriptor, dict) and _MADE_BY in descriptor else None


def rows_of(folder: Path, name: str, columns: tuple[str, ...]) -> Iterator[PackageRow]:
    """The rows of ``NAME.csv``; UsageError where it cannot be read or lacks one of *columns*."""
    path = folder / f"{name}.csv"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "it is not UTF-8"
        raise UsageError(
            f"cannot read {str(path)!r}: {reason[:1].lower()}{reason[1:]}",
            "a package is read as a whole; make it again with evcli package",
        ) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    lacks = [each for each in columns if each not in (reader.fieldnames or ())]
    if lacks:
        raise UsageError(f"{str(path)!r} lacks the column {lacks[0]!r}", "leave its columns alone")
    try:
        for cells in reader:
            yield PackageRow(reader.line_num, {name: cells[name] or "" for name in columns})
    except csv.Error as error:
        raise UsageError(
            f"{path}:{reader.line_num}: {error}", "quote cells that hold quotes"
        ) from None
