"""Mappings: what each key does, what is told of mistakes, and the first one that is guessed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcli.loader.files import Report
from evcli.loader.mapping import SHAPES, TableMap, mapping_in
from evcli.loader.rows import About, Names, Rows
from evcli.loader.tables import mapped
from evcli.loader.yaml_nodes import content, parse
from evcli.model.period import PeriodError, read_period
from evcli.model.vocabulary import MetricKind, Unit, UnitKind
from evcli.tables import table_of
from evcli.text.cell import as_stated, plain_quantity
from evcli.text.stated import StatedError, parse_stated
from tests.conftest import Process
from tests.docs_scripts import script

Run = Callable[..., Process]
CARS = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles",))
MONEY = Unit("USD", "US dollars", UnitKind.MONEY)
CONSTANTS = "constants: {subject: NO, metric: sales, unit: vehicles, publisher: iea}\n"
SOURCE = "source: {id: s, title: T, outlet: O}\n"


def said(text: str, mapping: str, unit: Unit = CARS) -> tuple[list[tuple[str, str, str]], Rows]:
    """The series, period and wording of each fact of a table, and its rows."""
    report = Report()
    root = parse(mapping + SOURCE, "m", report)
    assert root is not None
    how = mapping_in(root, Path("m"), report)
    assert not report.problems
    rows = Rows(table_of("t.csv", text.encode()), how, Names())
    found = rows.facts(lambda series: About(unit, MetricKind.FLOW), {})
    return [(each.series, str(each.period), each.entry["stated"]) for each in found], rows


def test_columns_words_and_constants() -> None:
    facts, rows = said(
        "Land;Jahr;Zahl\nNorwegen;2023;7\nNorwegen;2024;8\nSchweden;2024;9\n",
        "columns: {subject: Land, period: Jahr, value: Zahl}\n"
        "constants: {metric: sales, unit: vehicles, publisher: iea}\n"
        "words: {subject: {Norwegen: NO, Schweden: SE}}\n",
    )
    assert facts == [
        ("no.sales.all.iea", "2023", "7"),
        ("no.sales.all.iea", "2024", "8"),
        ("se.sales.all.iea", "2024", "9"),
    ]
    assert rows.series["no.sales.all.iea"]["title"] == "sales of Norway, iea"


def test_an_unknown_word_is_told_once_with_its_first_row_and_how_many_there_are() -> None:
    _, rows = said(
        "Land,Jahr,Zahl\nGroß Britannien,2022,7\nGroß Britannien,2023,7\nNO,2024,x\n",
        "columns: {subject: Land, period: Jahr, value: Zahl}\n"
        "constants: {metric: sales, unit: vehicles, publisher: iea}\n",
    )
    assert [(message, where) for (message, _), where in rows.problems.items()] == [
        ("no subject named 'Groß Britannien'", [2, 1, 2]),  # line, column, rows
        ("the value 'x' is not a plain number; write 212000 or 28.2", [4, 0, 1]),
    ]


def test_units_with_a_power_of_ten_keep_the_digits_of_the_cell() -> None:
    facts, _ = said(
        "年份,产量\n2023,44.30\n2024,50\n",
        "columns: {period: 年份, value: 产量}\n"
        "constants: {subject: NO, metric: sales, unit: 万辆, publisher: iea}\n"
        "words: {unit: {万辆: 10000 vehicles}}\n",
    )
    assert [stated for *_, stated in facts] == ["44.30万", "50万"]
    # to the hundred, since the last digit is that of 0.01 times 10,000
    assert [*parse_stated("44.30万", CARS).bounds] == [442950, 443050]


@pytest.mark.parametrize(
    ("mapping", "header", "periods"),
    [
        ("window: month\n", "1987-05-15", ["1987-05"]),
        ("window: quarter\n", "1987-05-15", ["1987-Q2"]),
        ("fiscal: 4\n", "2011-12", ["2011-04/2012-03"]),
        ("fiscal: 7\n", "FY2012", ["2011-07/2012-06"]),
        ("", "2011-12", ["2011-12"]),
        ("words: {period: {2024 so far: 2024-01/2024-05}}\n", "2024 so far", ["2024-01/2024-05"]),
    ],
)
def test_periods_as_they_are_told(mapping: str, header: str, periods: list[str]) -> None:
    columns = "columns: {period: P, value: V}\n"
    facts, _ = said(f"P,V\n{header},7\n", columns + CONSTANTS + mapping)
    assert [period for _, period, _ in facts] == periods


@pytest.mark.parametrize(
    ("text", "period"),
    [
        *(("2024M01", "2024-01"), ("2024-Q1", "2024-Q1"), ("2024Q1", "2024-Q1")),
        *(("2024-S1", "2024-H1"), ("202401", "2024-01"), ("01/2024", "2024-01")),
        *(("Jan 2024", "2024-01"), ("2024年1月", "2024-01"), ("31.01.2024", "2024-01-31")),
        *(("2024-01-15T00:00:00", "2024-01-15"), ("2015 [YR2015]", "2015"), ("Q3 2024", "2024-Q3")),
        # 1 January 2024 was a Monday, so the fifth week began on 29 January
        ("2024-W05", "2024-01-29/2024-02-04"),
    ],
)
def test_periods_of_offices(text: str, period: str) -> None:
    assert str(read_period(text)) == period


@pytest.mark.parametrize(
    "text", ["2024M13", "2024-W54", "13/2024", "32.01.2024", "201400", "01/02/2024", "2011/12", ""]
)
def test_what_is_no_period_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(PeriodError):
        read_period(text)


def test_the_command_reads_periods_of_offices_too(evcli_run: Run) -> None:
    wanted = evcli_run("get", "cn.exports.nev.caam", "--period", "2025-05", "-f", "csv").stdout
    for text in ("2025M05", "202505", "05/2025", "2025年5月"):
        shown = evcli_run("get", "cn.exports.nev.caam", "--period", text, "-f", "csv").stdout
        assert shown == wanted


def test_a_wide_table_of_another_kind_and_several_columns_as_one() -> None:
    facts, rows = said(
        "Brand,Model,Month,Petrol,Diesel,Note\nA,x,2024-01,1,2,\nA,y,2024-01,..,4,\nB,,2024-01,5,6,\n",
        "columns: {subject: Brand + Model, period: Month, note: Note}\nwide: scope\nblank: ..\n"
        "constants: {metric: sales, unit: vehicles, publisher: iea}\n"
        "words: {subject: {A x: a-x, A y: a-y}, scope: {Petrol: petrol, Diesel: diesel}}\n",
    )
    assert [(series, stated) for series, _, stated in facts] == [
        ("a-x.sales.petrol.iea", "1"),
        ("a-x.sales.diesel.iea", "2"),
        ("a-y.sales.diesel.iea", "4"),
        ("b.sales.petrol.iea", "5"),
        ("b.sales.diesel.iea", "6"),
    ]
    assert (rows.count, rows.blank) == (3, 1)


def test_growth_status_and_sources_come_from_columns() -> None:
    text = (
        "when,figure,growth,flag,page,address\n"
        '2024-01,"2.49 million",+5%,E,Paper of May,https://example.org/a\n'
        "2024-02,7,,,Paper of May,\n"
    )
    mapping = (
        "columns: {period: when, stated: figure, yoy: growth, obs_status: flag, source: page,"
        " url: address}\n"
    )
    report = Report()
    root = parse(mapping + CONSTANTS, "m", report)
    assert root is not None
    names = Names()
    rows = Rows(table_of("t.csv", text.encode()), mapping_in(root, Path("m"), report), names)
    first, second = rows.facts(lambda series: About(CARS, MetricKind.FLOW), {})
    assert first.entry == {
        "period": "2024-01",
        "stated": "2.49 million",
        "yoy": "+5%",
        "status": "estimated",
        "source": "paper-of-may",
    }
    assert (first.source, second.source) == ("paper-of-may", "paper-of-may")
    assert names.sources["paper-of-may"]["title"] == "Paper of May"
    assert names.sources["paper-of-may"]["outlet"] == "example.org"


@given(
    digits=st.from_regex(r"[1-9][0-9]{0,12}(\.[0-9]{1,4})?", fullmatch=True),
    unit=st.sampled_from([CARS, MONEY]),
)
def test_what_is_read_quickly_is_what_the_grammar_says(digits: str, unit: Unit) -> None:
    text = as_stated(digits, unit)
    try:
        slow = parse_stated(text, unit)
    except StatedError:
        assert plain_quantity(text, unit) is None
        return
    assert plain_quantity(text, unit) in (None, slow)
    assert slow.value == Fraction(digits)


# --- as a part of a pack --------------------------------------------------------------------------


def pack(folder: Path, mapping: str, table: str = "Year,Value\n2023,7\n2024,8\n") -> Report:
    """What is told of a mapping beside a table."""
    (folder / "t.csv").write_text(table, "utf-8")
    report = Report()
    root = parse(mapping, "m.map.yaml", report)
    assert root is not None
    mapped(folder / "m.map.yaml", root, report)
    return report


GOOD = "table: t.csv\ncolumns: {period: Year, value: Value}\n" + CONSTANTS + SOURCE


@pytest.mark.parametrize(
    ("mapping", "line", "words"),
    [
        ("tabel: t.csv\n" + GOOD, 1, "unknown key 'tabel' in a mapping (did you mean 'table'?)"),
        (GOOD.replace("period:", "perod:"), 2, "facts have no 'perod' (did you mean 'period'?)"),
        (GOOD.replace("unit: vehicles", 'unit: ""'), 3, "'unit' is empty (fill it in"),
        (GOOD.replace("Year", "Yeer"), 1, "has no column 'Yeer' (did you mean 'Year'?)"),
        (GOOD + "window: fortnight\n", 5, "no window is called 'fortnight'"),
        (GOOD + "fiscal: 13\n", 5, "a fiscal year begins in a month"),
        (GOOD + "header: two\n", 5, "'header' is not of this kind: number"),
        (GOOD + "words: [a]\n", 5, "'words' is not of this kind: words"),
        (GOOD + "measures: [{scope: bev}]\n", 5, "a measure names no column"),
        (GOOD.replace("t.csv", "../t.csv"), 1, "'../t.csv' is no file beside it"),
        (GOOD.replace("t.csv", "/dev/zero"), 1, "'/dev/zero' is no file beside it"),
        (GOOD.replace("t.csv", "https://a.org/t.csv"), 1, "is no file beside it"),
        (GOOD.replace("t.csv", "pipe"), 1, "not a regular file"),
        (GOOD.replace("table: t.csv\n", ""), 1, "is no file beside it"),
        (GOOD.replace(SOURCE, ""), 2, "the row names no source"),
    ],
)
def test_a_mistake_is_told_where_it_stands(
    mapping: str, line: int, words: str, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    told = [str(each) for each in pack(tmp_path, mapping).problems]
    assert len(told) == 1
    assert words in told[0]
    assert f":{line}:" in told[0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("kind: ratio", "kind: ratoi"), ":2: the unit of the series is not known (4 rows)"),
        (("publisher: own", "publisher: owm"), ": no publisher named 'owm'"),
    ],
)
def test_what_is_wrong_with_all_series_is_told_once(
    wrong: tuple[str, str], words: str, evcli_run: Run, tmp_path: Path
) -> None:
    mapping = (
        "table: t.csv\ncolumns: {subject: s, period: y, value: v}\n"
        "constants: {metric: gas, unit: tons, publisher: own, method: not-stated}\n"
        "source: {title: T, outlet: O}\nvocabulary:\n"
        "  metrics: [{id: gas, name: Gas, kind: flow}]\n"
        "  units: [{id: tons, name: tons, kind: ratio}]\n"
        "  publishers: [{id: own, name: Own}]\n"
        "  subjects: [{id: DE, name: D, kind: country}, {id: FR, name: F, kind: country}]\n"
    )
    (tmp_path / "t.map.yaml").write_text(mapping.replace(*wrong), "utf-8")
    (tmp_path / "t.csv").write_text("s,y,v\nDE,2001,7\nDE,2002,8\nFR,2001,9\nFR,2002,9\n")
    told = evcli_run("facts", "lint", str(tmp_path), "--no-builtin").stderr.decode()
    assert told.count(words) == 1, told
    assert "no series named" not in told
    assert len(told.splitlines()) <= 3, told


def test_a_period_that_comes_twice_and_a_cell_that_is_no_figure_fail_the_pack(
    evcli_run: Run, tmp_path: Path
) -> None:
    (tmp_path / "t.map.yaml").write_text(GOOD.replace("subject: NO", "subject: CN"), "utf-8")
    (tmp_path / "t.csv").write_text("Year,Value\n2023,7\n2023,8\n2024,n/a\n2025,n/a\n", "utf-8")
    done = evcli_run("get", "cn.sales.all.iea", "--facts", str(tmp_path))
    told = done.stderr.decode()
    assert done.returncode == 5
    assert "t.csv:3: cn.sales.all.iea has 2023 twice (name the column that tells" in told
    assert "t.csv:4: the value 'n/a' is not a plain number; write 212000 or 28.2 (2 rows)" in told
    told = "blank: n/a\nleft_out: {Value: ['8']}\n"
    with (tmp_path / "t.map.yaml").open("a") as file:
        file.write(told)
    shown = evcli_run(
        *("get", "cn.sales.all.iea", "--facts", str(tmp_path)),
        *("--format", "csv", "--fields", "period,value"),
    )
    assert shown.stdout == b"period,value\n2023,7\n", shown.stderr


def test_the_schema_of_mappings_is_made_from_what_the_loader_reads(evcli_run: Run) -> None:
    made = script("fact_schema")
    assert made.MAPPING_PAGE.read_text("utf-8") == made.mapping_schema_text()
    shown = evcli_run("facts", "schema", "--mapping").stdout.decode()
    assert shown.rstrip("\n") == made.mapping_schema_text().rstrip("\n")
    schema = json.loads(shown)
    assert {*schema["properties"]} == {*SHAPES} == {*TableMap._fields}
    root = parse(GOOD + "header: 1\nblank: [a, b]\nleft_out: {Year: '1'}\n", "m", Report())
    assert root is not None
    jsonschema.validate(content(root), schema)
    wrongs: list[object] = [{"colums": {}}, {"columns": {"perod": "a"}}, {"header": "two"}]
    for wrong in wrongs:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


# --- the first one --------------------------------------------------------------------------------


def test_a_first_mapping_names_all_that_it_assumes_and_is_filled_in(
    evcli_run: Run, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(
        "Country,Code,Year,Cars sold\nNorway,NOR,2023,7\nGermany,DEU,2023,..\n"
        "Norway,NOR,2024,9\nAtlantis,ATL,2024,1\n",
        "utf-8",
    )
    made = tmp_path / "t.map.yaml"
    dry = evcli_run("facts", "import", str(tmp_path / "t.csv"), "--guess")
    done = evcli_run("facts", "import", str(tmp_path / "t.csv"), "--guess", "-o", str(made))
    assert (done.returncode, done.stdout) == (0, b"")
    assert made.read_bytes() == dry.stdout
    told = done.stderr.decode()
    for words in (
        "subject is read from 'Country'",
        "period is read from 'Year'",
        "value is read from 'Cars sold'",
        "columns that are not used: Code",
        "new words in 'Country', of the kind group: Atlantis (1 row)",
        "a cell '..' has no figure",
        "to be filled in: metric, unit, publisher, source",
    ):
        assert words in told, told
    lint = evcli_run("facts", "lint", str(made))
    assert lint.returncode == 5
    assert b"'unit' is empty (fill it in" in lint.stderr
    text = made.read_text("utf-8")
    for key, meant in (("metric", "sales"), ("unit", "vehicles"), ("publisher", "iea")):
        text = text.replace(f'  {key}: ""', f"  {key}: {meant}")
    text = text.replace('outlet: ""', "outlet: IEA").replace('  url: ""\n', "")
    text = "".join(each for each in text.splitlines(keepends=True) if "licence:" not in each)
    made.write_text(text, "utf-8")
    shown = evcli_run(
        *("get", "*.sales.all.iea", "--facts", str(tmp_path), "--no-builtin"),
        *("--format", "csv", "--fields", "subject,period,value"),
    )
    rows = {"NO,2023,7", "NO,2024,9", "atlantis,2024,1"}
    assert {*shown.stdout.decode().splitlines()} == {"subject,period,value", *rows}, shown.stderr


def test_the_line_of_the_header_can_be_told(evcli_run: Run, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("subject,year,n\nwho,period,value\nCN,2024,5\n")
    (tmp_path / "sub").mkdir()
    made = tmp_path / "sub" / "t.map.yaml"
    asked = ["facts", "import", str(table), "--header", "2"]
    guess = evcli_run(*asked, "--guess", "-o", str(made))
    assert b"subject is read from 'who'" in guess.stderr
    assert 'header: "2"\n' in made.read_text()
    told = evcli_run(*asked, "--map", "subject=who")
    assert b"t.csv:3: the row names no metric" in told.stderr
    none = evcli_run(*asked[:-1], "9")
    assert (none.returncode, b"--header, or header: in its mapping" in none.stderr) == (2, True)


def test_columns_are_named_by_the_command(evcli_run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        'Country Name,When,"How many, in all",metric,unit,publisher,url\n'
        "China,2024-01,7,exports,vehicles,gacc,https://example.org/a\n",
        "utf-8",
    )
    done = evcli_run(
        *("facts", "import", str(tmp_path / "t.csv"), "--no-builtin"),
        *("--map", "subject=Country Name,period=When", "--map", "value=How many, in all"),
    )
    assert done.returncode == 0, done.stderr
    assert 'period: 2024-01, stated: "7"' in done.stdout.decode()
    wrong = evcli_run("facts", "import", str(tmp_path / "t.csv"), "--map", "perod=When")
    assert wrong.returncode == 2
    assert b"unknown key 'perod'" in wrong.stderr


def test_a_guess_leaves_out_series_of_names_that_are_new(tmp_path: Path, evcli_run: Run) -> None:
    """Subject and metric define them; by a name alone nobody would know what they are."""
    (tmp_path / "t.csv").write_text(
        "series,subject,metric,unit,publisher,period,value,url\n"
        "x.1,byd,overseas-sales,vehicles,gacc,2030,7,https://example.org/a\n"
        "x.1,byd,overseas-sales,vehicles,gacc,2031,9,https://example.org/a\n"
    )
    made = tmp_path / "t.map.yaml"
    evcli_run("facts", "import", str(tmp_path / "t.csv"), "--guess", "-o", str(made))
    assert "series:" not in made.read_text()
    shown = evcli_run(
        *("get", "byd.overseas-sales.all.gacc", "--facts", str(tmp_path)),
        *("--format", "csv", "--fields", "period,value"),
    )
    assert shown.stdout.decode().splitlines() == ["period,value", "2030,7", "2031,9"], shown.stderr
