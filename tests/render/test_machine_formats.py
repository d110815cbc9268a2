"""CSV, TSV, JSON, JSON lines and Markdown: byte for byte, and as other programs read them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import overload

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.errors import UsageError
from evcli.model.answer import Answer, Column, Kind, Rounding, Row, Value
from evcli.render import FORMATS, Options, render

MACHINE = tuple(name for name in FORMATS if name != "table")
COLUMNS = (
    Column("id"),
    Column("value", Kind.NUMBER),
    Column("low", Kind.NUMBER, Rounding.DOWN),
    Column("high", Kind.NUMBER, Rounding.UP),
    Column("planned", Kind.FLAG),
    Column("sources", Kind.LIST),
    Column("note"),
)
ROWS: list[Row] = [
    {
        "id": "byd@2025",
        "value": Fraction(855000),
        "low": Fraction(854500),
        "high": Fraction(855500),
        "planned": False,
        "sources": ("seed-000", "seed-001"),
        "note": None,
    },
    {
        "id": "share:比亚迪",
        "value": Fraction(200, 3),
        "low": Fraction(200, 3),
        "high": Fraction(200, 3),
        "planned": True,
        "sources": (),
        "note": 'a "b", c|d\te\nf\\',
    },
    {
        "id": "=1+1",
        "value": None,
        "low": Fraction(-1, 3),
        "high": None,
        "planned": None,
        "sources": ("seed-002",),
        "note": "\x1b[31m\u202e",
    },
]
ANSWER = Answer(COLUMNS, ROWS)
EXPECTED = {
    "csv": (
        "id,value,low,high,planned,sources,note\n"
        "byd@2025,855000,854500,855500,false,seed-000 seed-001,\n"
        "share:比亚迪,66.6666666667,66.6666666666,66.6666666667,true,,"
        '"a ""b"", c|d\te\nf\\"\n'
        "=1+1,,-0.333333333334,,,seed-002,\x1b[31m\u202e\n"
    ),
    "tsv": (
        "id\tvalue\tlow\thigh\tplanned\tsources\tnote\n"
        "byd@2025\t855000\t854500\t855500\tfalse\tseed-000 seed-001\t\n"
        "share:比亚迪\t66.6666666667\t66.6666666666\t66.6666666667\ttrue\t\t"
        'a "b", c|d e f\\\n'
        "=1+1\t\t-0.333333333334\t\t\tseed-002\t\x1b[31m\u202e\n"
    ),
    "json": (
        "[\n"
        '  {"id":"byd@2025","value":855000,"low":854500,"high":855500,"planned":false,'
        '"sources":["seed-000","seed-001"],"note":null},\n'
        '  {"id":"share:比亚迪","value":66.6666666667,"low":66.6666666666,'
        '"high":66.6666666667,"planned":true,"sources":[],'
        '"note":"a \\"b\\", c|d\\te\\nf\\\\"},\n'
        '  {"id":"=1+1","value":null,"low":-0.333333333334,"high":null,"planned":null,'
        '"sources":["seed-002"],"note":"\\u001b[31m\u202e"}\n'
        "]\n"
    ),
    "jsonl": (
        '{"id":"byd@2025","value":855000,"low":854500,"high":855500,"planned":false,'
        '"sources":["seed-000","seed-001"],"note":null}\n'
        '{"id":"share:比亚迪","value":66.6666666667,"low":66.6666666666,'
        '"high":66.6666666667,"planned":true,"sources":[],'
        '"note":"a \\"b\\", c|d\\te\\nf\\\\"}\n'
        '{"id":"=1+1","value":null,"low":-0.333333333334,"high":null,"planned":null,'
        '"sources":["seed-002"],"note":"\\u001b[31m\u202e"}\n'
    ),
    "markdown": (
        "| id | value | low | high | planned | sources | note |\n"
        "| --- | ---: | ---: | ---: | --- | --- | --- |\n"
        "| byd@2025 | 855000 | 854500 | 855500 | false | seed-000 seed-001 |  |\n"
        "| share:比亚迪 | 66.6666666667 | 66.6666666666 | 66.6666666667 | true |  | "
        'a "b", c\\|d e f\\\\ |\n'
        "| =1+1 |  | -0.333333333334 |  |  | seed-002 | \x1b\\[31m\u202e |\n"
    ),
}


def text_of(answer: Answer, name: str) -> str:
    return "".join(render(answer, Options(format=name)))


@pytest.mark.parametrize("name", MACHINE)
def test_every_byte(name: str) -> None:
    assert text_of(ANSWER, name) == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("csv", "id,value\n"),
        ("tsv", "id\tvalue\n"),
        ("json", "[]\n"),
        ("jsonl", ""),
        ("markdown", "| id | value |\n| --- | ---: |\n"),
    ],
)
def test_no_rows(name: str, text: str) -> None:
    assert text_of(Answer(COLUMNS[:2], []), name) == text


@pytest.mark.parametrize("name", MACHINE)
def test_color_width_and_lists_change_nothing(name: str) -> None:
    loud = Options(format=name, color=True, width=10, verbose=True)
    assert "".join(render(ANSWER, loud)) == EXPECTED[name]


@pytest.mark.parametrize("name", MACHINE)
def test_a_field_that_a_row_lacks_is_null(name: str) -> None:
    columns = COLUMNS[:2]
    assert text_of(Answer(columns, [{"id": "a"}]), name) == text_of(
        Answer(columns, [{"id": "a", "value": None}]), name
    )


@pytest.mark.parametrize("name", ["xls", "", "CSV"])
def test_an_unknown_format_is_refused_at_once(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        render(ANSWER, Options(format=name))
    assert caught.value.hint == "valid: table, csv, tsv, json, jsonl, markdown"


def test_fields_are_picked_in_every_format() -> None:
    picked = ANSWER.picked(("value", "id"))
    assert text_of(picked, "csv").splitlines()[:2] == ["value,id", "855000,byd@2025"]
    assert text_of(picked, "jsonl").splitlines()[0] == '{"value":855000,"id":"byd@2025"}'


def test_a_field_named_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="named twice"):
        ANSWER.picked(("id", "value", "id"))


def test_csv_of_one_column_has_no_blank_lines() -> None:
    answer = Answer((Column("note"),), [{"note": None}, {"note": "a,b"}])
    assert text_of(answer, "csv") == 'note\n""\n"a,b"\n'


# --- read back by other programs ---

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(texts, texts), max_size=5))
def test_csv_reads_back_as_it_was(pairs: list[tuple[str, str]]) -> None:
    columns = (Column("one"), Column("two"))
    answer = Answer(columns, [{"one": one, "two": two} for one, two in pairs])
    read = list(csv.reader(io.StringIO(text_of(answer, "csv"), newline=""), strict=True))
    assert read == [["one", "two"], *map(list, pairs)]


@given(st.lists(st.tuples(st.text(max_size=8), st.fractions()), max_size=5))
def test_json_reads_back_as_it_was(pairs: list[tuple[str, Fraction]]) -> None:
    columns = (Column("one"), Column("two", Kind.NUMBER))
    rows: list[dict[str, Value]] = [{"one": one, "two": two} for one, two in pairs]
    answer = Answer(columns, rows)
    read = json.loads(text_of(answer, "json"), parse_float=Decimal)
    assert [row["one"] for row in read] == [one for one, _ in pairs]
    lines = text_of(answer, "jsonl").split("\n")[:-1]
    assert [json.loads(line, parse_float=Decimal) for line in lines] == read
    for (_, number), row in zip(pairs, read, strict=True):
        assert abs(Fraction(row["two"]) - number) * 10**11 <= abs(number)


def test_json_has_the_digits_of_the_csv() -> None:
    numbers = ("value", "low", "high")
    in_csv = list(csv.DictReader(io.StringIO(EXPECTED["csv"], newline="")))
    in_json = json.loads(EXPECTED["json"], parse_float=str, parse_int=str)
    for one, two in zip(in_csv, in_json, strict=True):
        assert [one[name] or None for name in numbers] == [two[name] for name in numbers]


def test_a_lone_surrogate_is_escaped_in_json() -> None:
    answer = Answer((Column("id"),), [{"id": "a\udc80b"}])
    assert text_of(answer, "jsonl") == '{"id":"a\\udc80b"}\n'


def test_pandas_reads_the_csv() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(io.StringIO(EXPECTED["csv"]))
    assert list(frame["id"]) == ["byd@2025", "share:比亚迪", "=1+1"]
    assert frame["value"].iloc[0] == 855000
    assert frame["value"].isna().tolist() == [False, False, True]
    assert frame["note"].iloc[1] == 'a "b", c|d\te\nf\\'


def test_duckdb_reads_the_csv_and_the_json(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    for name in ("csv", "json", "jsonl"):
        path = tmp_path / f"answer.{name}"
        path.write_bytes(text_of(ANSWER, name).encode())
        reader = "read_csv" if name == "csv" else "read_json"
        rows = duckdb.sql(f"select id, value, note from {reader}('{path}')").fetchall()
        assert [row[0] for row in rows] == ["byd@2025", "share:比亚迪", "=1+1"]
        assert rows[0][1] == 855000
        assert rows[1][2] == 'a "b", c|d\te\nf\\'


def test_csvkit_reads_the_csv() -> None:
    pytest.importorskip("csvkit")
    process = subprocess.run(
        [sys.executable, "-m", "csvkit.utilities.csvjson", "--no-inference"],
        input=EXPECTED["csv"].encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    rows = json.loads(process.stdout)
    assert [row["value"] for row in rows] == ["855000", "66.6666666667", None]
    assert rows[1]["note"] == 'a "b", c|d\te\nf\\'


# --- a million rows ---


class Generated(Sequence[Row]):
    """Rows that exist only while they are looked at."""

    def __init__(self, total: int) -> None:
        self.total = total

    def __len__(self) -> int:
        return self.total

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        raise AssertionError("a machine format reads its rows once, in order")

    def __iter__(self) -> Iterator[Row]:
        for number in range(self.total):
            yield {"id": f"row-{number}", "value": Fraction(number, 7)}


@pytest.mark.parametrize("name", MACHINE)
def test_rows_stream(name: str) -> None:
    """A chunk comes after a few hundred rows, and no chunk grows with the answer."""
    answer = Answer(COLUMNS[:2], Generated(50_000))
    chunks = render(answer, Options(format=name))
    sizes = [len(chunk) for chunk in chunks]
    assert len(sizes) > 50
    assert max(sizes) < 64_000


def test_a_chunk_is_ready_before_the_rows_have_ended() -> None:
    answer = Answer(COLUMNS[:2], Generated(10**12))
    for name in MACHINE:
        assert next(render(answer, Options(format=name))).count("\n") > 100
