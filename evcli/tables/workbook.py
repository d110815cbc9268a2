"""Spreadsheets (python-calamine) and Parquet (pyarrow), their cells as texts."""

import io
from collections.abc import Iterator
from zipfile import BadZipFile, ZipFile

import evcli.tables
from evcli.errors import UsageError
from evcli.tables import Reading, Table, cell_text, headed, needs


def spreadsheet(name: str, data: bytes, how: Reading) -> Table:
    """The sheet that is named, else the only one with cells. UsageError where that is not clear."""
    calamine = needs("python_calamine", "tables", name)
    try:
        parts = ZipFile(io.BytesIO(data)).infolist() if data.startswith(b"PK") else ()
        if (size := sum(each.file_size for each in parts)) > evcli.tables.LARGEST:
            most = f"at most {evcli.tables.LARGEST:,} are read"
            raise UsageError(f"{name!r} unpacks to {size:,} bytes", most)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {each: book.get_sheet_by_name(each) for each in book.sheet_names}
    except (BadZipFile, calamine.CalamineError, OSError, ValueError) as error:
        raise UsageError(f"{name!r} is no spreadsheet: {error}", "save it again") from None
    full = {each: sheet for each, sheet in sheets.items() if sheet.height}
    chosen = [how.sheet] if how.sheet else [*full]
    if len(chosen) != 1 or chosen[0] not in full:
        what = f"no sheet named {how.sheet!r}" if how.sheet else f"{len(full)} sheets"
        hint = f"name one by --sheet, or sheet: in its mapping: {', '.join(full)}"
        raise UsageError(f"{name!r} has {what}", hint)
    rows = full[chosen[0]].to_python(skip_empty_area=False)
    texts = [[*map(cell_text, row)] for row in rows]
    return headed(name, lambda: iter([*enumerate(texts, 1)]), how.header)


def parquet(name: str, data: bytes) -> Table:
    """A Parquet file, some rows at a time; the line of a row is its number."""
    pq = needs("pyarrow.parquet", "tables", name)
    try:
        file = pq.ParquetFile(io.BytesIO(data))
    except (OSError, ValueError) as error:
        raise UsageError(f"{name!r} is no Parquet file: {error}", "write it again") from None
    names = tuple(file.schema_arrow.names)

    def rows() -> Iterator[tuple[int, list[str]]]:
        line = 0
        for batch in file.iter_batches():
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                line += 1
                yield line, [*map(cell_text, row)]

    return Table(name, names, rows)
