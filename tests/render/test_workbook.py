"""``-o FILE.xlsx``, read back by openpyxl: numbers, texts, links, days, the same bytes."""

from __future__ import annotations

import io
import sys
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from evcli.errors import UsageError
from evcli.model.answer import Answer, Column, Kind, Rounding, Value
from evcli.render import workbook as module
from evcli.render.workbook import workbook
from tests.seeds import SEEDS

NOTHING = Answer((), [])
DAY = "2026-11-30"


def cells(rows: list[list[Value]], *columns: Column) -> list[list[Any]]:
    """The cells of a workbook with these rows, below the names of its columns."""
    names = [each.name for each in columns]
    answer = Answer(columns, [dict(zip(names, row, strict=True)) for row in rows])
    sheet = load_workbook(io.BytesIO(workbook(answer, NOTHING, {}, DAY)))["Answer"]
    head, *found = sheet.iter_rows()
    assert [each.value for each in head] == names
    return [[*row] for row in found]


def test_an_answer_and_its_sources_and_what_columns_mean(tmp_path: Path, evcli_run: Any) -> None:
    asked = ["get", "cn.exports.nev.caam", "--period", "2025-05", *SEEDS]
    path = tmp_path / "may.xlsx"
    done = evcli_run(*asked, "-o", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    book = load_workbook(path)
    assert book.sheetnames == ["Answer", "Sources", "About"]
    head, row = book["Answer"].iter_rows(values_only=True)
    found = dict(zip(head, row, strict=True))
    printed = evcli_run(*asked, "--csv", "-q").stdout.decode().splitlines()
    assert list(head) == printed[0].split(",")
    # "212,000" of CAAM's release of May 2025; growth of "x2.2" is 119.5 to 120.5 %
    assert (found["value"], found["low"], found["high"]) == (212_000, 211_500, 212_500)
    assert (found["yoy_low"], found["conflict"]) == (119.5, False)
    sources = list(book["Sources"].iter_rows())
    assert {each[0].value for each in sources[1:]} == set(str(found["sources"]).split())
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["value:"].startswith("The number")
    assert about["record"].startswith("evcli ")


def test_numbers_are_numbers_with_formats() -> None:
    number, change = Column("n", Kind.NUMBER), Column("c", Kind.CHANGE)
    found = cells(
        [
            [1200, Fraction("64.6")],
            [Fraction("0.25"), Fraction(-1, 3)],
            [None, 0],
            [-5, Fraction("99.123456")],
        ],
        number,
        change,
    )
    assert [[each.value for each in row] for row in found] == [
        [1200, 64.6],
        [0.25, -0.333333333333],
        [None, 0],
        [-5, 99.123456],
    ]
    assert [[each.number_format for each in row] for row in found] == [
        ["#,##0", "+#,##0.0;-#,##0.0;0.0"],
        ["#,##0.00", "+#,##0.0000;-#,##0.0000;0.0000"],
        ["General", "+#,##0;-#,##0;0"],
        ["#,##0", "+#,##0.0000;-#,##0.0000;0.0000"],
    ]


def test_bounds_are_never_rounded_inward() -> None:
    low = Column("low", Kind.NUMBER, Rounding.DOWN)
    high = Column("high", Kind.NUMBER, Rounding.UP)
    for exact in (Fraction(2, 3), Fraction(10**17 + 7), Fraction("1234567890.1234567891")):
        ((down, up),) = cells([[exact, exact]], low, high)
        assert Fraction(down.value) <= exact <= Fraction(up.value)
        assert up.value - down.value <= 1e-11 * float(exact)
        assert Fraction(repr(up.value)) - Fraction(repr(down.value)) > 0


def test_texts_are_texts() -> None:
    texts: list[Value] = [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "{=1}",
        "+49 30",
        "-1",
        "@a",
        "00123",
        "2025-05",
        "http://example.org/page",
        "mailto:x@example.org",
        "internal:Sheet1!A1",
        "a_x0041_b",
        "line\nend\ttab",
        "比亚迪 <&>",
        "x" * 40_000,
        ("a", "b"),
        "lone \ud800",
        "bell \x07",
    ]
    found = cells([[each] for each in texts], Column("text"))
    told = [row[0].value for row in found]
    assert told[:14] == texts[:14]
    assert told[14:] == ["x" * 32_767, "a b", "lone \ufffd", "bell _x0007_"]
    assert all(row[0].data_type == "s" and row[0].hyperlink is None for row in found)


def test_only_pages_become_links() -> None:
    pages = [
        "https://example.org/a b?q=1&r=é",
        "http://example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "internal:A!A1",
        "https://example.org/" + "x" * 3_000,  # longer than a link may be
    ]
    found = [row[0] for row in cells([[each] for each in pages], Column("url"))]
    assert [each.value for each in found] == pages
    assert [bool(each.hyperlink) for each in found] == [True, True, *[False] * 4]


def test_it_says_the_day_of_the_record_and_is_the_same_twice(
    tmp_path: Path, evcli_run: Any
) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for path in (first, second):
        assert evcli_run("find", "Szeged", *SEEDS, "-o", str(path)).returncode == 0
    assert first.read_bytes() == second.read_bytes()
    answer = Answer((Column("a"),), [{"a": "b"}])
    made = workbook(answer, NOTHING, {"title": "T"}, DAY)
    assert made == workbook(answer, NOTHING, {"title": "T"}, DAY)
    properties = load_workbook(io.BytesIO(made)).properties
    assert (properties.created, properties.title) == (datetime(2026, 11, 30), "T")
    assert properties.modified == properties.created


def test_what_a_sheet_has_no_room_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_ROWS", 1)
    answer = Answer((Column("a"),), [{"a": "b"}, {"a": "c"}])
    with pytest.raises(UsageError, match="room for 1 rows"):
        workbook(answer, NOTHING, {}, DAY)


def test_fields_order_and_an_empty_answer(tmp_path: Path, evcli_run: Any) -> None:
    path = tmp_path / "a.XLSX"
    asked = ["exports", *SEEDS, "-o", str(path), "--fields", "high,period"]
    assert evcli_run(*asked, "--year", "2025", "--limit", "2").returncode == 0
    rows = list(load_workbook(path)["Answer"].iter_rows(values_only=True))
    assert (rows[0], len(rows)) == (("high", "period"), 3)
    assert evcli_run(*asked, "--year", "1066", "--fail-empty").returncode == 1
    assert list(load_workbook(path)["Answer"].iter_rows(values_only=True)) == [("high", "period")]


def test_without_the_writer_or_a_file_one_line_says_what_to_do(
    tmp_path: Path, evcli_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = evcli_run("exports", *SEEDS, "-f", "xlsx")
    assert done.stderr == b"evcli: error: a workbook is a file; -o FILE.xlsx\n"
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)  # as where it is not installed
    done = evcli_run("exports", *SEEDS, "-o", str(tmp_path / "a.xlsx"))
    assert (done.returncode, done.stdout) == (2, b"")
    told = b'evcli: error: a workbook needs XlsxWriter; pip install "evcli[xlsx]"\n'
    assert done.stderr == told
    assert [*tmp_path.iterdir()] == []
