"""Thirty-five small tables and packs of other people's making, each with what has to come of it.

Expected texts and bounds are read off the cells by hand: 18.50 was written to the cent, so it is
18.495 to 18.505; 12.4 in millions is 12.4 million; 44.3 of 万 is 443,000 give or take 500.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Process

Run = Callable[..., Process]
HEAD = "subject,metric,unit,publisher,period"
CARS, MONEY = "CN,exports,vehicles,gacc", "CN,export-value,USD,gacc"
SHARE = "CN,quality-problems,percent,gacc"
URL = "https://example.org/a"
LEFT_OUT = ""


def stated(series: str, cell: str) -> str:
    return f'{HEAD},stated,url\n{series},2024-01,"{cell}",{URL}\n'


def valued(series: str, period: str, cell: str) -> str:
    return f"{HEAD},value,url\n{series},{period},{cell},{URL}\n"


CASES = {  # table, what the one fact says, else what the message of the row has
    "space_thousands": (stated(CARS, "443 001"), "443,001"),
    "narrow_nbsp": (stated(CARS, "443\N{NARROW NO-BREAK SPACE}001"), "443,001"),
    "apostrophe": (stated(CARS, "1'234'567"), "1,234,567"),
    "usd_bn": (stated(MONEY, "USD 1.5bn"), "USD 1.5 billion"),
    "usd_m": (stated(MONEY, "1.5m USD"), "USD 1.5 million"),
    "mio": (stated(CARS, "1 Mio"), "1 million"),
    "k": (stated(CARS, "5859 k"), "may mean 5859000"),
    "other_currency": (stated(MONEY, "EUR 5 million (USD 5.4 million)"), "several numbers"),
    "less_sign": (stated(CARS, "<443,001"), "less than 443,001"),
    "tilde": (stated(CARS, "~443,000"), "about 443,000"),
    "range_hyphen": (stated(CARS, "443,001-450,000"), "443,001 to 450,000"),
    "year_first": (stated(CARS, "In 2024: 443,001 vehicles"), "several numbers"),
    "other_number_first": (stated(CARS, "17 plants exported 443,001"), "several numbers"),
    "from_to": (stated(SHARE, "up from 12.1% to 14.5%"), "several numbers"),
    "multiplied": (stated(CARS, "2 x 443,001"), "several numbers"),
    "cut_to_12_digits": (
        valued(MONEY, "2024", "23702472100.00225"),
        "USD 23,702,472,100.00225",
    ),
    "trailing_zero": (valued(MONEY, "2024", "18.50"), "USD 18.50"),
    "5000_digits": (valued(CARS, "2024", "9" * 5000), "more than 30 digits"),
    "year_column": (
        f"subject,metric,unit,publisher,Year,Value,url\n{CARS},2023,4910001,{URL}\n",
        "4,910,001",
    ),
    "preamble": (f"Data Source,World\n\n{valued(CARS, '2024-01', '443001')}", "443,001"),
    "wan_unit": (
        f"{HEAD},value,url\n中国,出口,万辆,海关总署,2024-01,44.3,{URL}\n",
        "44.3万",
    ),
    "share": (valued("CN,export-share,percent,gacc", "2024-01", "12.4"), "lacks 'part'"),
    "origin": (
        f"{HEAD},value,origin,url\n{CARS},2024-01,443001,customs release,{URL}\n",
        "no source named 'customs release'",
    ),
    "control": (
        f"{HEAD},value,note,url\n{CARS},2024-01,443001,a\x1bb,{URL}\n",
        "control character U+001B",
    ),
}


CELLS = {name: case for name, case in CASES.items() if case[0].startswith(f"{HEAD},stated,url")}


def is_stated(wanted: str) -> bool:
    return wanted[0].isdigit() or wanted.startswith(("USD", "about", "less"))


def test_cells_with_words(evcli_run: Run, tmp_path: Path) -> None:
    """One table with a row for each, of a year of its own: 2001 is in line 2."""
    rows = [
        text.splitlines()[1].replace("2024-01", str(year))
        for year, (text, _) in enumerate(CELLS.values(), 2001)
    ]
    (tmp_path / "a.csv").write_text("\n".join([f"{HEAD},stated,url", *rows]), "utf-8")
    done = evcli_run("facts", "import", str(tmp_path / "a.csv"), "--no-builtin")
    facts, problems = done.stdout.decode(), done.stderr.decode().splitlines()
    for year, (name, (_, wanted)) in enumerate(CELLS.items(), 2001):
        fact = re.search(rf'period: "?{year}"?, stated: "(.*?)"', facts)
        told = [each for each in problems if f"a.csv:{year - 1999}:" in each]
        if is_stated(wanted):
            assert fact is not None, (name, told)
            assert (fact[1], told) == (wanted, []), name
        else:
            assert fact is None, name
            assert [wanted in each for each in told] == [True], (name, told)


@pytest.mark.parametrize("name", [name for name in CASES if name not in CELLS])
def test_a_table(name: str, evcli_run: Run, tmp_path: Path) -> None:
    text, wanted = CASES[name]
    (tmp_path / "a.csv").write_text(text, "utf-8")
    done = evcli_run("facts", "import", str(tmp_path / "a.csv"), "--no-builtin")
    is_fact = is_stated(wanted)
    assert done.returncode == (0 if is_fact else 1)
    if is_fact:
        assert f'stated: "{wanted}"' in done.stdout.decode()
    else:
        assert wanted in done.stderr.decode()
        assert b"stated:" not in done.stdout


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        # "periods_of_offices": all seven are read
        (
            "".join(
                [f"{HEAD},value,url\n"]
                + [
                    f"{CARS},{period},443001,{URL}\n"
                    for period in ("2024M01", "2024Q1", "2024-S1", "2024-W05", "2024-01-01/P5M")
                ]
                + [f"{CARS},Feb 2024,443001,{URL}\n{CARS},2024年3月,443001,{URL}\n"]
            ),
            [
                ("2024-01", 443001, 443001),
                ("2024-Q1", 443001, 443001),
                ("2024-H1", 443001, 443001),
                ("2024-01-29/2024-02-04", 443001, 443001),  # Monday to Sunday of the fifth week
                ("2024-01/2024-05", 443001, 443001),
                ("2024-02", 443001, 443001),
                ("2024-03", 443001, 443001),
            ],
        ),
        # "wide_years"
        (
            f"subject,metric,unit,publisher,url,2023,2024\n{CARS},{URL},4910001,5859001\n",
            [("2023", 4910001, 4910001), ("2024", 5859001, 5859001)],
        ),
        # "unit_mult" of SDMX, and what a number of that wording is
        (
            "subject,metric,unit,publisher,TIME_PERIOD,OBS_VALUE,UNIT_MULT,OBS_STATUS,url\n"
            f"{MONEY},2024-01,12.4,6,E,{URL}\n",
            [("2024-01", 12350000, 12450000)],
        ),
        # "trailing_zero", "wan_unit", "then_lint_source" with their bounds
        (valued(MONEY, "2024", "18.50"), [("2024", 18.495, 18.505)]),
        (
            f"{HEAD},value,source\n中国,出口,万辆,海关总署,2024-01,44.3,Customs of China (2024)\n",
            [("2024-01", 442500, 443500)],
        ),
    ],
)
def test_what_the_facts_mean(
    table: str, rows: list[tuple[str, float, float]], evcli_run: Run, tmp_path: Path
) -> None:
    """Imported, linted by being loaded, and answered."""
    (tmp_path / "a.csv").write_text(table, "utf-8")
    made = tmp_path / "pack" / "x.yaml"
    done = evcli_run("facts", "import", str(tmp_path / "a.csv"), "--no-builtin", "-o", str(made))
    assert done.returncode == 0, done.stderr
    answer = evcli_run(
        *("get", "cn.*", "--facts", str(made.parent), "--no-builtin", "--basis", "stated"),
        *("--format", "csv", "--fields", "period,low,high"),
    )
    found = [
        (row["period"], float(row["low"]), float(row["high"]))
        for row in csv.DictReader(io.StringIO(answer.stdout.decode()))
    ]
    assert sorted(found) == sorted(rows)
    if "UNIT_MULT" in table:
        assert "status: estimated" in made.read_text("utf-8")
    if "Customs" in table:
        assert 'id: customs-of-china-2024, title: "Customs of China (2024)"' in made.read_text()


def test_a_foreign_package_is_read_by_its_schema(evcli_run: Run, tmp_path: Path) -> None:
    """``package_foreign``: it has a year and a value; the rest of the series is told by options."""
    fields = [{"name": "Year", "type": "year"}, {"name": "Value", "type": "number"}]
    descriptor = {
        "name": "x",
        "licenses": [{"name": "ODC-PDDL-1.0"}],
        "sources": [{"title": "Office", "path": URL}],
        "resources": [
            {"name": "d", "path": "d.csv", "schema": {"fields": fields, "missingValues": ["", "-"]}}
        ],
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (tmp_path / "d.csv").write_text("Year,Value\n2023,17\n2024,-\n", "utf-8")
    bare = evcli_run("facts", "import", str(tmp_path), "--no-builtin")
    assert bare.returncode == 1
    assert b"d.csv:2: the row names no series" in bare.stderr
    guess = evcli_run("facts", "import", str(tmp_path), "--guess")
    assert b"\ntable: datapackage.json\n" in guess.stdout  # which says what a blank is
    (tmp_path / "d.map.yaml").write_text(
        "table: datapackage.json\ncolumns: {period: Year, value: Value}\n"
        "constants: {series: cn.exports.all.gacc}\n",
        "utf-8",
    )
    told = evcli_run("facts", "import", str(tmp_path / "d.map.yaml"), "--no-builtin")
    assert told.returncode == 0, told.stderr
    assert told.stdout.decode().count("stated:") == 1
    assert "period: 2023, stated: " in told.stdout.decode()
    assert "licence: ODC-PDDL-1.0" in told.stdout.decode()


@pytest.mark.parametrize(
    ("stated", "series", "bounds"),
    [
        ("1,234,567,890,123", "x1.exports.all.own", "1234567890123,1234567890123,1234567890123"),
    ],
)
def test_long_numbers(
    stated: str, series: str, bounds: str, evcli_run: Run, tmp_path: Path
) -> None:
    (tmp_path / "p.yaml").write_text(
        "vocabulary:\n"
        "  publishers: [{id: own, name: Own}]\n"
        "  subjects: [{id: x1, name: X one, kind: country}]\n"
        "sources: [{id: s1, title: T, outlet: O, published: 2025-01-01}]\n"
        f"series:\n  - {{id: {series}, title: T, subject: x1, metric: exports, scope: all,\n"
        "     unit: vehicles, publisher: own, method: not-stated,\n"
        f'     facts: [{{period: 2024, stated: "{stated}", source: s1}}]}}\n',
        "utf-8",
    )
    done = evcli_run(
        *("get", series, "--facts", str(tmp_path), "--no-builtin", "--format", "csv"),
        *("--fields", "value,low,high"),
    )
    assert done.stdout.decode().splitlines()[1] == bounds
