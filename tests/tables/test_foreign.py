"""docs/foreign.md: its mappings and commands, over small tables of the same shapes.

The tables are made up. What has to come out is read off them by hand.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Process

Run = Callable[..., Process]
PAGE = (Path(__file__).parents[2] / "docs" / "foreign.md").read_text("utf-8")
TABLES = {
    "population": '"Data Source","World Development Indicators",\n\n'
    '"Last Updated Date","2024-05-30",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2022","2023",\n'
    '"Norway","NOR","Population, total","SP.POP.TOTL","5457127","5519594",\n'
    '"Germany","DEU","Population, total","SP.POP.TOTL","83797985","",\n'
    '"World","WLD","Population, total","SP.POP.TOTL","7950946801","8024997028",\n',
    "car-sales": "Entity,Code,Year,Electric cars sold,Non-electric car sales\n"
    "Germany,DEU,2023,700000,2145000\nNorway,NOR,2023,114400,\nWorld,OWID_WRL,2023,14000000,1\n",
    "ev-data": "region,category,parameter,mode,powertrain,year,unit,value\n"
    "Norway,Historical,EV sales,Cars,BEV,2023,Vehicles,104590\n"
    "Norway,Historical,EV stock,Cars,BEV,2023,Vehicles,689169\n"
    "Norway,Historical,EV sales share,Cars,EV,2023,percent,93\n"
    "Norway,Historical,Electricity demand,Cars,EV,2023,GWh,1100.25\n"
    "Norway,Projection-STEPS,EV sales,Cars,BEV,2030,Vehicles,1\n",
    "by-fuel": "Country;Month;BATTERY ELECTRIC;PLUG-IN HYBRID;PETROL\n"
    "Germany;2024-01-31;22474;14394;81811\nNorway;2024-01-31;4717;n/a;100\n",
    "road": "DATAFLOW,LAST UPDATE,freq,unit,mot_nrg,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
    "ESTAT:ROAD_EQR_CARPDA(1.0),01/02/24,A,NR,TOTAL,NO,2022,174329,\n"
    "ESTAT:ROAD_EQR_CARPDA(1.0),01/02/24,A,NR,ELC,NO,2022,138265,p\n"
    "ESTAT:ROAD_EQR_CARPDA(1.0),01/02/24,A,NR,ELC,EU27_2020,2022,1126000,e\n",
}
SHOWN = {
    "no.population": "period,value,unit\n2022,5457127,persons\n2023,5519594,persons\n",
    # a count that ends in zeros is meant to its last digit that is none: half of 1,000, of 100,000
    "de.sales": "scope,value,low,high\nelectric-cars,700000,650000,750000\n"
    "other-cars,2145000,2144500,2145500\n",
    "no.*": "metric,period,value,unit\nev-stock,2023,689169,vehicles\nsales,2023,104590,vehicles\n",
    "de.registrations": "scope,value,sources\nnew-battery-cars,22474,by-fuel\n"
    "new-petrol-cars,81811,by-fuel\nnew-plug-in-cars,14394,by-fuel\n",
}


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables, and the mappings of the page beside them."""
    folder = tmp_path_factory.mktemp("desk") / "foreign"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    mappings = re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, re.DOTALL)
    assert {name for name, _ in mappings} == {f"{name}.map.yaml" for name in TABLES}
    for name, text in mappings:
        (folder / name).write_text(text, "utf-8")
    return folder


def test_the_commands_of_the_page(foreign: Path, evcli_run: Run) -> None:
    commands = [
        line
        for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
        for line in block.splitlines()
    ]
    shown = {}
    for line in commands:
        words = [str(foreign) if word == "foreign" else word for word in shlex.split(line)[1:]]
        done = evcli_run(*words)
        assert done.returncode == 0, done.stderr
        shown[line] = done.stdout.decode()
    for start, wanted in SHOWN.items():
        [found] = [
            text for line, text in shown.items() if f" '{start}" in line or f" {start}" in line
        ]
        assert found == wanted
    # 138,265 of 174,329, both exact: 79.3126 %
    [share] = [text for line, text in shown.items() if "evcli share" in line]
    assert [float(cell) for cell in share.splitlines()[1].split(",")] == pytest.approx(
        [79.3126] * 3, abs=1e-4
    )


def test_explain_names_file_and_row_and_the_terms_are_carried(
    foreign: Path, evcli_run: Run, tmp_path: Path
) -> None:
    series = "no.registrations.cars-elc.eurostat"
    listed = evcli_run("facts", "list", series, "--facts", str(foreign), "--format", "json")
    [said] = json.loads(listed.stdout)
    assert (Path(said["file"]).name, said["line"], said["status"]) == ("road.csv", 3, "provisional")
    told = evcli_run("explain", series, "--facts", str(foreign)).stdout.decode()
    assert re.search(r'fact: "138,265" \(road \S*road.csv:3\)', told), told
    terms = evcli_run(
        *("sources", "--no-builtin", "--facts", str(foreign)),
        *("--format", "csv", "--fields", "id,licence,attribution"),
    )
    assert {"by-fuel,unknown,", "road,CC BY 4.0,"} <= {*terms.stdout.decode().splitlines()}


def test_a_mapping_becomes_a_fact_file_that_says_the_same(
    foreign: Path, evcli_run: Run, tmp_path: Path
) -> None:
    made = tmp_path / "pack" / "x.yaml"
    done = evcli_run("facts", "import", str(foreign / "population.csv"), "-o", str(made))
    assert done.returncode == 0, done.stderr
    assert b"note: read by " in done.stderr
    assert b"1 row left out" in done.stderr  # the world
    assert b"1 blank cell left out" in done.stderr  # Germany in 2023
    fields = ("--format", "csv", "--fields", "id,period,value,low,high,unit,sources")
    one, other = (
        evcli_run("get", "*.population.*", "--facts", str(folder), *fields).stdout
        for folder in (foreign, made.parent)
    )
    assert one == other
    assert one.count(b"\n") == 4
