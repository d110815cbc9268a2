"""The JSON of every command is what docs/output.schema.json says it is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from evcli.audit.evidence import Verdict
from evcli.commands.app import run
from evcli.model import EVENT_KINDS
from evcli.model.answer import Kind
from evcli.model.note import NoteKind
from evcli.model.quantity import MIDPOINT
from evcli.model.records import Measure, PlantFact, Rank, Status
from evcli.schema.records import KINDS, columns, keys
from evcli.text.lexicon import STATED_QUALIFIERS
from tests.docs_scripts import script
from tests.seeds import SEEDS

output_schema = script("output_schema")
COLUMNS = output_schema.COLUMNS

PATH = Path(__file__).parents[2] / "docs" / "output.schema.json"
SCHEMA: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
NEV, ALL = "cn.exports.nev.caam", "cn.exports.all.caam"

OUTPUTS: list[tuple[str, list[str]]] = [
    ("figure", ["exports", "--year", "2025"]),
    ("figure", ["exports", "--year", "1066"]),
    ("figure", ["sales"]),
    ("figure", ["investment"]),
    ("figure", ["network"]),
    ("figure", ["get", "*", "--include-deprecated"]),
    ("computed", ["growth", NEV, "*.rhodium"]),
    ("computed", ["share", NEV, ALL, "--period", "2025-05"]),
    ("computed", ["total", "cn.investment.ev-chain.to-*.rhodium", "--period", "2024"]),
    (
        "compared",
        [
            "compare",
            "byd",
            "saic",
            "chery",
            "xpeng",
            "leapmotor",
            "--metric",
            "overseas-sales",
            "--year",
            "2025",
        ],
    ),
    ("compared", ["compare", f"{NEV}@2025-05", f"{ALL}@2025-05"]),
    ("ranked", ["top", "--metric", "overseas-sales", "--year", "2025"]),
    ("fact", ["facts", "list", "--include-deprecated"]),
    ("event", ["policy", "--events"]),
    ("measure", ["policy"]),
    ("plant", ["plants"]),
    ("plant", ["plants", "--by", "fact"]),
    ("hop", ["explain", f"share:{NEV}@2025-05,{ALL}@2025-05", "seed-003"]),
    ("hop", ["explain", "cn.exports.ev.unnamed@2023-11", "byd.szeged"]),
    ("hit", ["find", "Brazil"]),
    ("source", ["sources"]),
    ("document", ["sources", "seed-003", "seed-004"]),
    ("document", ["sources", "--problems"]),
    ("document", ["sources", "--left-out"]),
    ("figure", ["check", "--weak"]),
    ("fact_file", ["facts", "lint"]),
    ("pack", ["facts", "path"]),
    ("finding", ["check", *SEEDS]),
    ("claim", ["claim", "CAAM: China exported 551,000 vehicles in May 2025"]),
    ("series", ["series", "nev", "exports"]),
    ("months", ["coverage"]),
    ("change", ["changes"]),
]


def validator(row: str = "") -> Draft202012Validator:
    wanted = {"$ref": f"#/$defs/{row}_rows"} if row else {"anyOf": SCHEMA["anyOf"]}
    return Draft202012Validator({**wanted, "$schema": SCHEMA["$schema"], "$defs": SCHEMA["$defs"]})


def output(arguments: Sequence[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> Any:
    assert run([*arguments, "--format", "json"]) == code, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_the_schema_is_one_and_has_what_the_columns_say() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    kept = PATH.read_text("utf-8")
    assert output_schema.schema_text(kept) == kept, "run python docs/output_schema.py"


@pytest.mark.parametrize(("row", "arguments"), OUTPUTS, ids=lambda part: str(part))
def test_output_is_as_described(
    row: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = output(arguments, capsys)
    errors = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator(row).iter_errors(told)
    ]
    assert errors == []
    # the schema as a whole tries every kind of row on all it is given
    assert validator().is_valid(told[:10])


def test_warnings_are_as_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text(
        "sources:\n  - {id: unused, title: A page, outlet: Nobody}\n", "utf-8"
    )
    told = output(["facts", "lint", str(tmp_path), "--strict"], capsys, code=1)
    assert told
    assert list(validator("warning").iter_errors(told)) == []


def test_files_written_are_as_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = output(["package", str(tmp_path / "new"), NEV], capsys)
    assert told
    assert list(validator("written").iter_errors(told)) == []


def test_every_kind_of_row_is_tested() -> None:
    described = [each["$ref"] for each in SCHEMA["anyOf"]]
    assert described == [f"#/$defs/{row}_rows" for row in COLUMNS]
    assert {row for row, _ in OUTPUTS} | {"warning", "written"} == set(COLUMNS)


@pytest.mark.parametrize("row", COLUMNS)
def test_fields_stand_in_their_order(row: str) -> None:
    described = SCHEMA["$defs"][row]
    names = [column.name for column in COLUMNS[row]]
    assert list(described["properties"]) == names
    assert described["required"] == names


@pytest.mark.parametrize("row", COLUMNS)
def test_descriptions_are_those_of_the_columns(row: str) -> None:
    described = SCHEMA["$defs"][row]["properties"]
    texts = {column.name: column.description for column in COLUMNS[row] if column.description}
    assert {name: described[name].get("description") for name in texts} == texts


def test_enumerations_are_those_of_the_code() -> None:
    rows = {name: row["properties"] for name, row in SCHEMA["$defs"].items() if "properties" in row}
    assert rows["figure"]["rank"]["enum"] == [rank.value for rank in Rank]
    assert rows["figure"]["status"]["enum"] == [status.value for status in Status]
    assert set(rows["figure"]["qualifier"]["enum"]) == {"", MIDPOINT, *STATED_QUALIFIERS}
    assert rows["event"]["kind"]["enum"] == list(EVENT_KINDS)
    assert rows["measure"]["stage"]["enum"] == list(keys(Measure)["stage"].field.choices)
    assert rows["finding"]["verdict"]["enum"] == [verdict.value for verdict in Verdict]
    assert rows["plant"]["status"]["enum"] == ["", *keys(PlantFact)["status"].field.choices]
    kinds = SCHEMA["$defs"]["notes"]["items"]["properties"]["kind"]
    assert kinds["enum"] == [kind.value for kind in NoteKind]
    assert re.findall(r"(?:^|\. )([a-z]+):", kinds["description"]) == kinds["enum"]


RECORDS = {
    "fact": "facts",
    "event": "events",
    "measure": "measures",
    "plant": "plants",
    "source": "sources",
}
# of these the output tells more than the record: ids of repeats, the rate as a number
OTHERWISE = {("fact", "id"), ("measure", "rate")}


@pytest.mark.parametrize("row", RECORDS)
def test_fields_of_records_mean_what_their_declarations_say(row: str) -> None:
    described = SCHEMA["$defs"][row]["properties"]
    declared = {
        field.name: field.description
        for field in columns(KINDS[RECORDS[row]].record)
        if field.name in described
        and field.type is not Kind.NUMBER
        and (row, field.name) not in OTHERWISE
    }
    assert declared
    assert {name: described[name].get("description") for name in declared} == declared


def test_a_wrong_row_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    told = output(["get", NEV], capsys)
    for field, value in (("value", "212000"), ("period", "2025-13"), ("basis", "guessed")):
        assert not validator("figure").is_valid([{**told[0], field: value}])
    assert not validator("figure").is_valid([{**told[0], "extra": 1}])
    assert not validator("figure").is_valid([{"id": "a@2025"}])
