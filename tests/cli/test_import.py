"""``evcli facts import``: a table becomes a fact file that the strict loader takes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from evcli.model.vocabulary import Unit, UnitKind
from evcli.text.cell import read_change, stated
from evcli.text.stated import StatedError
from tests.conftest import Process

Run = Callable[..., Process]
VEHICLES = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles", "units"))
HEADER = [
    "series",
    "metric",
    "subject",
    "scope",
    "period",
    "value",
    "unit",
    "qualifier",
    "yoy_pct",
    "mom_pct",
    "statistic_publisher",
    "page_publisher",
    "page_title",
    "page_date",
    "url",
    "as_stated",
    "notes",
    "colour",
]
ROW = {
    "metric": "exports",
    "subject": "CN",
    "scope": "nev",
    "period": "2025-05",
    "value": "212000",
    "unit": "vehicles",
    "yoy_pct": "120",
    "statistic_publisher": "CAAM",
    "page_publisher": "Paper",
    "page_date": "2025-06-12",
    "url": "https://example.org/a",
    "as_stated": "212,000 units, up 120.0 percent",
    "colour": "red",
}


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A table of rows, each :data:`ROW` but for what is given."""

    def write(*rows: dict[str, str], name: str = "figures.csv", delimiter: str = ",") -> Path:
        text = io.StringIO()
        writer = csv.DictWriter(text, HEADER, delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows([ROW | row for row in rows])
        path = tmp_path / name
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    return write


def test_the_file_lints_and_answers(table, evcli_run: Run, tmp_path: Path):
    made = tmp_path / "pack" / "made.yaml"
    made.parent.mkdir()
    path = table(
        {},
        {
            "scope": "nev dest:BE",
            "statistic_publisher": "gacc",
            "period": "2024",
            "as_stated": "2.49 million",
            "value": "2490000",
            "yoy_pct": "",
        },
    )
    done = evcli_run("facts", "import", str(path), "-o", str(made))
    assert done.returncode == 0, done.stderr
    assert b"columns that mean nothing here: colour" in done.stderr
    assert b"2 of 2 rows are facts" in done.stderr
    assert b"read first" not in done.stderr
    lint = evcli_run("facts", "lint", str(made.parent))
    assert lint.returncode == 0, lint.stderr
    get = evcli_run(
        "get", "cn.exports.nev.*", "--no-builtin", "--facts", str(made.parent), "--format", "json"
    )
    may, belgium = json.loads(get.stdout)
    assert (may["id"], may["value"], may["yoy"]) == ("cn.exports.nev.caam@2025-05", 212_000, 120)
    assert may["sources"] == ["paper-2025-06-12"]
    assert (belgium["destination"], belgium["publisher"]) == ("BE", "gacc")
    # "2.49 million" is meant to the ten thousand, not to the unit: the words were kept
    assert (belgium["low"], belgium["high"]) == (2_485_000, 2_495_000)


def test_what_is_not_understood_is_told_with_its_line_and_left_out(table, evcli_run: Run):
    path = table(
        {},
        {"scope": "nevv"},
        {"period": "2025-13"},
        {"as_stated": "3.7 million", "value": "3700000", "unit": "bananas"},
        {"value": "", "as_stated": "", "yoy_pct": ""},
        {"url": "", "page_publisher": ""},
        {"value": "many"},
    )
    done = evcli_run("facts", "import", str(path))
    assert done.returncode == 1
    told = done.stderr.decode()
    for line, words in (
        (3, "no scope named 'nevv' (did you mean 'nev'"),
        (4, "there is no month 13"),
        (5, "no unit named 'bananas'"),
        (6, "states neither a value nor a change"),
        (7, "names no source"),
        (8, "'many' is not a plain number"),
    ):
        assert re.search(rf"figures\.csv:{line}:(\d+:)? ", told)
        assert words in told, told
    text = done.stdout.decode()
    assert text.count("stated:") == 1
    assert "#   line 3:4: no scope named 'nevv'" in text


def test_semicolons_tabs_and_a_byte_order_mark(table, evcli_run: Run):
    for name, delimiter in (("a.csv", ";"), ("a.tsv", "\t")):
        path = table({}, name=name, delimiter=delimiter)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        done = evcli_run("facts", "import", str(path))
        assert done.returncode == 0, done.stderr
        assert b'stated: "212,000"' in done.stdout


def test_a_file_that_is_there_is_never_replaced(table, evcli_run: Run, tmp_path: Path):
    there = tmp_path / "there.yaml"
    there.write_text("mine")
    done = evcli_run("facts", "import", str(table({})), "-o", str(there))
    assert done.returncode == 2
    assert there.read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "has no column 'period'"),
        (b"\xff\xfe,", "is not UTF-16"),
        (b'period,value\n"2025,1\n', "bad.csv:2: unexpected end of data"),
        (b"", "has no column 'period'"),
    ],
)
def test_what_is_no_table_is_a_usage_error(content, words, evcli_run: Run, tmp_path: Path):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    done = evcli_run("facts", "import", str(path))
    assert done.returncode == 2
    assert done.stdout == b""
    assert words in done.stderr.decode()


def test_a_missing_table(evcli_run: Run, tmp_path: Path):
    done = evcli_run("facts", "import", str(tmp_path / "none.csv"))
    assert done.returncode == 2
    assert b"no such file" in done.stderr


@pytest.mark.parametrize(
    ("printed", "value", "qualifier", "found"),
    [
        ("3.68 million units, up 12.8 percent", "3680000", "", ("3.68 million", "")),
        ("36.8万辆", "368000", "", ("36.8万", "")),
        ("368 wan dai", "3680000", "", ("368万", "368 wan dai")),
        ("", "67000", "over", ("over 67,000", "")),
        ("über 67.000", "67000", "over", ("over 67,000", "über 67.000")),
        ("about 38,000", "", "", ("about 38,000", "")),
    ],
)
def test_the_words_of_the_page_are_kept_where_they_can_be_read(printed, value, qualifier, found):
    assert stated(printed, value, qualifier, VEHICLES, {}) == (*found, True)


def test_what_was_taken_from_the_plain_number_is_to_be_read_first(table, evcli_run: Run):
    done = evcli_run("facts", "import", str(table({"as_stated": "21 wan 2000 dai"})))
    assert done.returncode == 0
    assert b"1 value could not be read on the page: read first what has printed:" in done.stderr


def test_a_page_and_a_value_that_disagree_give_the_value_and_show_the_page():
    # 2.49 million is not 2,940,000: the plain number stands, and the page's words beside it
    assert stated("2.49 million", "2940000", "", VEHICLES, {}) == (
        "2,940,000",
        "2.49 million",
        False,
    )


def test_growth():
    assert read_change("14.5") == "+14.5%"
    assert read_change("-2.3") == "-2.3%"
    assert read_change("x2.2") == "x2.2"
    with pytest.raises(StatedError):
        read_change("a lot")


def imported(evcli_run: Run, tmp_path: Path, text: str, *options: str) -> Process:
    """``facts import`` of a table with that text, into ``pack/made.yaml``."""
    (tmp_path / "pack").mkdir(exist_ok=True)
    (tmp_path / "figures.csv").write_text(text, "utf-8")
    made = tmp_path / "pack" / "made.yaml"
    made.unlink(missing_ok=True)
    return evcli_run("facts", "import", str(tmp_path / "figures.csv"), "-o", str(made), *options)


NEV = "cn.exports.nev.caam"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (f"series,period,stated,source,\n{NEV},2031-05,212,000,demo\n", "header does not name"),
        (f"series,period,value,source\n{NEV},2031-05,212000,demo,7\n", "header does not name"),
        (f"series,period,value,value,source\n{NEV},2031-05,1,2,demo\n", "both mean 'value'"),
        (f"series,period,value,OBS_VALUE,source\n{NEV},2031-05,1,2,demo\n", "both mean 'value'"),
        (f"series,period,value,OBS_STATUS,source\n{NEV},2031-05,1,B,demo\n", "status 'B'"),
        (f"series,period,stated,UNIT_MULT,source\n{NEV},2031-05,1,6,demo\n", "power of ten '6'"),
        (f"series,period,value,url\n{NEV},2031-05,1,http://[abc\n", "is not an address"),
        (f"series,period,value,source\n{NEV},2031-05,{'9' * 5000},demo\n", "more than 30 digits"),
    ],
)
def test_a_column_or_cell_is_used_or_refused(
    evcli_run: Run, tmp_path: Path, table: str, words: str
) -> None:
    done = imported(evcli_run, tmp_path, table)
    assert done.returncode in (1, 2)
    assert words in done.stderr.decode()
    assert not (tmp_path / "pack" / "made.yaml").exists()


@pytest.mark.parametrize(
    ("columns", "cells", "words"),
    [
        ("precision", "banana", "'banana' is not a precision"),
        ("published", "2031-99-99", "2031-99-99"),
        ("origin", "customs release", "no source named 'customs release'"),
        ("note", "a bell \a", "control character U+0007"),
    ],
)
def test_what_lint_would_refuse_is_left_out_with_its_row(
    evcli_run: Run, tmp_path: Path, columns: str, cells: str, words: str
) -> None:
    good = f"{NEV},2031-06,213000,demo{',' * (columns.count(',') + 1)}"
    table = f"series,period,value,source,{columns}\n{NEV},2031-05,212000,paper,{cells}\n{good}\n"
    done = imported(evcli_run, tmp_path, table)
    told = done.stderr.decode()
    assert done.returncode == 1
    assert "figures.csv:2: " in told
    assert words in told
    lint = evcli_run("facts", "lint", str(tmp_path / "pack"))
    assert lint.returncode == 0, lint.stderr
    assert (tmp_path / "pack" / "made.yaml").read_text().count("period:") == 1


def test_names_of_sources_become_ids_and_titles(evcli_run: Run, tmp_path: Path) -> None:
    rows = [("2031-05", "Reuters 2031"), ("2031-06", "新华社"), ("2031-07", "Reuters 2031")]
    cells = "".join(f"{NEV},{period},212345,{name}\n" for period, name in rows)
    done = imported(evcli_run, tmp_path, f"series,period,value,source\n{cells}")
    assert done.returncode == 0, done.stderr
    listed = evcli_run(
        "facts", "list", NEV, "--facts", str(tmp_path / "pack"), "--since", "2031", "-f", "json"
    )
    assert [row["source"] for row in json.loads(listed.stdout)] == [
        "reuters-2031",
        "page",
        "reuters-2031",
    ]


def test_levels_stand_beside_growth_and_codes_of_countries_are_known(
    evcli_run: Run, tmp_path: Path
) -> None:
    table = (
        "subject,metric,scope,destination,unit,publisher,period,stated,yoy,source\n"
        'CN,exports,all,HK,vehicles,caam,2031-05,"212,000",+120%,demo\n'
        'CN,exports,all,HK,vehicles,caam,2031-06,"213,000 units",x2.2,demo\n'
        "CN,exports,all,HK,vehicles,caam,2031-07,up 5% on the year,+5%,demo\n"
        "CN,exports,all,HK,vehicles,caam,2031-08,about twenty,+5%,demo\n"
    )
    done = imported(evcli_run, tmp_path, table)
    assert done.returncode == 1
    assert "figures.csv:5: 'about twenty'" in done.stderr.decode()
    rows = json.loads(
        evcli_run(
            *("facts", "list", "cn.exports.all.to-hk.caam", "--facts", str(tmp_path / "pack")),
            *("--format", "json"),
        ).stdout
    )
    assert [row["stated"] for row in rows] == ["212,000", "213,000", ""]
    assert [row["yoy"] for row in rows] == ["+120%", "x2.2", "+5%"]


def test_a_language_says_what_a_bare_number_means(evcli_run: Run, tmp_path: Path) -> None:
    table = f"series;period;stated;source\n{NEV};2031-05;1.234;demo\n"
    refused = imported(evcli_run, tmp_path, table)
    assert refused.returncode == 1
    assert "'1.234' may mean 1.234 or 1234" in refused.stderr.decode()
    done = imported(evcli_run, tmp_path, table, "--lang", "de")
    assert done.returncode == 0, done.stderr
    assert 'stated: "1,234"' in (tmp_path / "pack" / "made.yaml").read_text()


def test_a_pipe_is_no_table(evcli_run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    done = evcli_run("facts", "import", str(tmp_path / "pipe.csv"))
    assert done.returncode == 2
    assert b"not a regular file" in done.stderr


def test_a_file_is_never_overwritten(table, evcli_run: Run, tmp_path: Path) -> None:
    path, kept = table({}), tmp_path / "kept.yaml"
    kept.write_text("mine", "utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere")
    for name in ("kept.yaml", "link.yaml"):
        done = evcli_run("facts", "import", str(path), "-o", str(tmp_path / name))
        assert (done.returncode, b"exists" in done.stderr) == (2, True)
    done = evcli_run("facts", "import", str(path), "-o", str(kept / "new.yaml"))
    assert (done.returncode, b"is not a folder" in done.stderr) == (2, True)
    made = tmp_path / "not" / "yet" / "new.yaml"
    assert evcli_run("facts", "import", str(path), "-o", str(made)).returncode == 0
    assert made.exists()
    # not even the superuser writes there
    assert evcli_run("facts", "import", str(path), "-o", "/proc/new.yaml").returncode == 6
    assert kept.read_text("utf-8") == "mine"
    assert [each.name for each in made.parent.iterdir()] == ["new.yaml"]
