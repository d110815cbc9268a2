"""The schema with the ids of packs: editors complete them and see a wrong one."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from evcli.commands.app import run

from .test_fact_files import ROOT, CoreLoader

MINE = """\
vocabulary:
  subjects: [{id: alfa, name: Alfa Motors, kind: maker}]
sources: [{id: page-1, title: The first page, outlet: Paper}]
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("mine")
    (folder / "facts.yaml").write_text(MINE, "utf-8")
    file = folder / "schema.json"
    with pytest.MonkeyPatch.context() as patch, file.open("w", encoding="utf-8") as stream:
        patch.setattr("sys.stdout", stream)
        assert run(["facts", "schema", "--packs", "--facts", str(folder)]) == 0
    return file.read_text("utf-8")


@pytest.fixture(scope="module")
def schema(printed: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed)
    Draft7Validator.check_schema(found)
    return found


def problems(schema: dict[str, Any], text: str) -> list[str]:
    found = Draft7Validator(schema).iter_errors(yaml.load(text, CoreLoader))
    return [f"{error.path[-1]}: {error.instance}" for error in found]


def test_ids_have_their_titles_beside_them(schema: dict[str, Any]) -> None:
    for kind, id, title in (
        ("subjects", "byd", "BYD"),
        ("subjects", "alfa", "Alfa Motors"),
        ("sources", "page-1", "The first page"),
    ):
        known = schema["definitions"][f"known_{kind}"]
        assert known["enumDescriptions"][known["enum"].index(id)] == title
    names = schema["definitions"]["fact"]["properties"]["source"]["anyOf"]
    assert names[0] == {"$ref": "#/definitions/known_sources"}


def test_a_name_that_no_pack_defines_is_underlined(schema: dict[str, Any]) -> None:
    series = (
        "series: [{id: a.b, title: T, subject: %s, metric: exports, unit: vehicles,"
        " publisher: %s, facts: []}]"
    )
    assert problems(schema, series % ("alfa", "caam")) == []
    assert problems(schema, series % ("alva", "camm")) == ["subject: alva", "publisher: camm"]
    part = "vocabulary: {scopes: [{id: x, name: X, part_of: %s}]}"
    assert problems(schema, part % "nev") == problems(schema, part % "[nev, bev]") == []
    assert problems(schema, part % "[nev, bevv]") == ["part_of: ['nev', 'bevv']"]


def test_what_every_release_brings_more_of_may_be_new(schema: dict[str, Any]) -> None:
    fact = "series: [{id: %s, facts: [{period: 2025, stated: 1, source: %s}]}]"
    assert problems(schema, fact % ("cn.exports.nev.caam", "page-1")) == []
    assert problems(schema, fact % ("a.b", "page-2")) == []
    assert problems(schema, fact % ("A.B", "page-2")) == ["id: A.B"]


@pytest.mark.parametrize(
    "name", ["vocabulary.yaml", "policy", "plants", "seeds", "outlets", "national/caam-sales.yaml"]
)
def test_the_built_in_files_are_valid(schema: dict[str, Any], name: str) -> None:
    path = ROOT / "facts" / name
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    assert files
    for file in files[:8]:
        assert problems(schema, file.read_text("utf-8")) == [], file.name


def test_without_packs_nothing_is_compiled_for_it(
    printed: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["facts", "schema"]) == 0
    plain = capfd.readouterr().out
    assert "known_" not in plain
    assert len(plain) < len(printed)
