"""Files of every kind as rows: the same small table in each, its cells compared one by one."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import evcli.tables
from evcli.errors import UsageError
from evcli.tables import Reading, inside, needs, open_table, table_of

HEADER = ("Country", "Year", "Value")
ROWS = [["Norway", "2023", "0.1"], ["中国", "2024", "1.50"]]
TEXT = "Country{0}Year{0}Value\nNorway{0}2023{0}0.1\n中国{0}2024{0}1.50\n"


def rows(data: bytes, how: Reading | None = None) -> tuple[tuple[str, ...], list[list[str]]]:
    table = table_of("a", data, how or Reading())
    return table.header, [list(row) for _, row in table.rows()]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark: str) -> None:
    assert rows(TEXT.format(mark).encode()) == (HEADER, ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_marks_of_byte_order_are_read(encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert rows(mark + TEXT.format(",").encode(encoding)) == (HEADER, ROWS)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("国家,年份,数值\n中国,2024,12\n德国,2024,7\n", "gb18030"),
        ("Año;País\n2024;Perú\n", "cp1252"),
    ],
)
def test_an_error_names_the_encoding_that_the_bytes_look_like(text: str, encoding: str) -> None:
    """62-csv-gb18030: refused as it is, and read with --encoding."""
    data = text.encode(encoding)
    with pytest.raises(UsageError) as error:
        rows(data)
    assert f"it looks like {encoding}: --encoding" in str(error.value.hint)
    header, _ = rows(data, Reading(encoding=encoding))
    assert header == tuple(text.splitlines()[0].replace(";", ",").split(","))
    with pytest.raises(UsageError, match="unknown encoding 'gb'"):
        rows(data, Reading(encoding="gb"))


def test_the_header_is_found_below_a_preamble_or_where_it_is_said_to_be() -> None:
    text = "Data Source,World\n\nUpdated,2024-05-30\n" + TEXT.format(",")
    assert rows(text.encode()) == (HEADER, ROWS)
    table = table_of("a", text.encode())
    assert table.notes == ("the header is in line 4",)
    assert [line for line, _ in table.rows()] == [5, 6]
    assert rows(text.encode(), Reading(header=3))[0] == ("Updated", "2024-05-30")
    with pytest.raises(UsageError, match="no row in line 99"):
        rows(text.encode(), Reading(header=99))


def test_spreadsheets_have_dates_as_dates_and_numbers_by_their_digits(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"Country": ["Norway", "中国"], "Day": [date(2024, 1, 31)] * 2, "Value": [443001, 0.1]}
    )
    # what OpenDocument needs is text in a zip file, and no library
    made = tmp_path / "a.ods"
    cells = "".join(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>'
        f"{row.Country}</text:p></table:table-cell>"
        f'<table:table-cell office:value-type="date" office:date-value="{row.Day}"/>'
        f'<table:table-cell office:value-type="float" office:value="{row.Value}"/>'
        "</table:table-row>"
        for row in frame.itertuples()
    )
    head = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in frame.columns
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        book.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}"/>')
        book.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Data"><table:table-row>{head}</table:table-row>{cells}'
            '</table:table><table:table table:name="Empty"/>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    table = open_table(made)
    assert table.header == ("Country", "Day", "Value")
    assert [list(row) for _, row in table.rows()] == [
        ["Norway", "2024-01-31", "443001"],
        ["中国", "2024-01-31", "0.1"],
    ]
    with pytest.raises(UsageError, match="no sheet named 'Other'"):
        open_table(made, Reading(sheet="Other"))


def test_parquet_is_read_with_its_own_types() -> None:
    sink = io.BytesIO()
    pq.write_table(
        pa.table({"Country": ["Norway", None], "Day": [date(2024, 1, 31)] * 2, "Value": [7, 0.1]}),
        sink,
    )
    header, cells = rows(sink.getvalue())
    assert header == ("Country", "Day", "Value")
    assert cells == [["Norway", "2024-01-31", "7"], ["", "2024-01-31", "0.1"]]
    with pytest.raises(UsageError, match="no Parquet file"):
        rows(b"PAR1 and nothing else")


@pytest.mark.parametrize("form", ["list", "lines", "under a key"])
def test_json_records_keep_the_digits_as_they_are_written(form: str) -> None:
    records = ['{"Country": "Norway", "Year": 2023, "Value": 0.1}']
    records += ['{"Country": "中国", "Year": 2024, "Value": 1.50}']
    text = {
        "list": f"[{','.join(records)}]",
        "lines": "\n".join(records),
        "under a key": f'{{"updated": "today", "data": [{",".join(records)}]}}',
    }[form]
    assert rows(text.encode()) == (HEADER, ROWS)


def test_json_stat_is_one_row_for_each_value() -> None:
    """Sizes 2 by 2, row by row: value 2 is that of the second country in the first year."""
    said = {
        "class": "dataset",
        "label": "Cars",
        "source": "Office",
        "id": ["geo", "time"],
        "size": [2, 2],
        "role": {"time": ["time"]},
        "dimension": {
            "geo": {"category": {"index": {"SE": 1, "NO": 0}}},
            "time": {"category": {"index": ["2023", "2024"]}},
        },
        "value": [10, None, 1.5, 40],
        "status": {"3": "p"},
    }
    table = table_of("a", json.dumps(said).encode())
    assert table.header == ("geo", "period", "value", "status")
    assert [list(row) for _, row in table.rows()] == [
        ["NO", "2023", "10", ""],
        ["SE", "2023", "1.5", ""],
        ["SE", "2024", "40", "p"],
    ]
    assert table.says == {"outlet": "Office", "source_title": "Cars"}
    said["size"] = [2, 3]
    with pytest.raises(UsageError, match="sizes do not fit"):
        table_of("a", json.dumps(said).encode())


def test_sdmx_json_is_read_by_its_structure() -> None:
    said = {
        "header": {
            "id": "x",
            "test": False,
            "prepared": "2024-01-01T00:00:00",
            "sender": {"id": "O"},
        },
        "structure": {
            "dimensions": {
                "observation": [
                    {"id": "GEO", "name": "Where", "values": [{"id": "NO", "name": "Norway"}]},
                    {
                        "id": "TIME_PERIOD",
                        "name": "When",
                        "role": "time",
                        "values": [{"id": "2023", "name": "2023"}, {"id": "2024", "name": "2024"}],
                    },
                ]
            },
            "attributes": {
                "observation": [
                    {
                        "id": "OBS_STATUS",
                        "name": "Status",
                        "values": [{"id": "A", "name": "Normal"}, {"id": "E", "name": "Estimate"}],
                    }
                ]
            },
        },
        "dataSets": [
            {"action": "Information", "observations": {"0:0": [10.5, 0], "0:1": [11.5, 1]}}
        ],
    }
    table = table_of("a", json.dumps(said).encode())
    assert table.header == ("GEO", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    assert [list(row) for _, row in table.rows()] == [
        ["NO", "2023", "10.5", "A"],
        ["NO", "2024", "11.5", "E"],
    ]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a": 1}', "[1, 2]", '{"class": "dataset", "id": 3}', "{"]
)
def test_other_json_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError) as error:
        rows(text.encode())
    assert "\n" not in str(error.value)


def test_a_missing_library_is_one_line_that_says_what_to_install() -> None:
    with pytest.raises(UsageError) as error:
        needs("no_such_library", "tables", "a.xlsx")
    assert str(error.value) == "'a.xlsx' needs no-such-library"
    assert error.value.hint == 'pip install "evcli[tables]"'


# --- what files may not do ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../a.csv",
        "b/../../a.csv",
        "https://example.org/a.csv",
        "C:\\a.csv",
        "",
        "link",
    ],
)
def test_a_file_that_is_named_lies_in_the_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    (tmp_path / "a.csv").write_text("a,b\n")
    (folder / "link").symlink_to(tmp_path / "a.csv")
    with pytest.raises(UsageError):
        inside(folder, name)
    (folder / "sub").mkdir()
    assert inside(folder, "sub/a.csv") == folder / "sub" / "a.csv"


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_regular_file_is_refused_and_not_waited_for(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(UsageError, match="cannot read"):
        open_table(path)


def test_a_package_that_names_a_file_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    folder = tmp_path / "package"
    folder.mkdir()
    said = {"name": "x", "resources": [{"name": "d", "path": "../a.csv"}]}
    (folder / "datapackage.json").write_text(json.dumps(said))
    with pytest.raises(UsageError, match="no file beside it"):
        open_table(folder)


def test_a_spreadsheet_is_measured_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    assert len(held.getvalue()) < 10_000
    monkeypatch.setattr(evcli.tables, "LARGEST", 2_000_000)
    with pytest.raises(UsageError, match="unpacks to 3,000,000 bytes"):
        rows(held.getvalue())
    with pytest.raises(UsageError, match="no spreadsheet"):
        rows(b"PK\x03\x04 and nothing else")
