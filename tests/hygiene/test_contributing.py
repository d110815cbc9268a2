"""CONTRIBUTING.md says where to change what: all that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (?P<change>[^|]+) \| (?P<edit>[^|]+) \| (?P<run>[^|]+) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
# `NAME`, `NAME` in `path` and `path`
PLACE = re.compile(
    r"(?P<names>(?:`\w+`,? (?:and )?)+)in (?P<paths>`[^`]+`(?: (?:or|and) `[^`]+`)?)"
)
PROGRAMS = {"python", "pytest", "lint-imports", "evcli"}


def table() -> dict[str, tuple[str, str]]:
    """What to change: what to edit, and what to run."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Where to change what")[2]
    rows = {row["change"]: (row["edit"], row["run"]) for row in ROW.finditer(text)}
    return {change: row for change, row in rows.items() if change not in ("To change", "---")}


ROWS = table()


def defined(path: Path) -> set[str]:
    """The names that a module gives to what it defines at its top."""
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def test_the_table_has_what_people_change() -> None:
    assert len(ROWS) >= 15
    assert {
        "an output format",
        "a topic command, or what it shows",
        "a shared option",
        "a formula",
    } <= set(ROWS)


@pytest.mark.parametrize("change", ROWS)
def test_what_is_to_be_edited_exists(change: str) -> None:
    edit, _ = ROWS[change]
    paths = [each for each in CODE.findall(edit) if "/" in each or each.endswith(".toml")]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    placed: set[str] = set()
    for place in PLACE.finditer(edit):
        names = set(CODE.findall(place["names"]))
        for path in CODE.findall(place["paths"]):
            assert names <= defined(ROOT / path), path
        placed |= names
    assert {each for each in CODE.findall(edit) if each not in paths} == placed


@pytest.mark.parametrize("change", ROWS)
def test_what_is_to_be_run_exists(change: str) -> None:
    _, run = ROWS[change]
    commands = CODE.findall(run)
    assert commands
    for command in commands:
        program, *arguments = command.split()
        assert program in PROGRAMS
        paths = [each for each in arguments if "/" in each]
        assert [path for path in paths if not (ROOT / path).exists()] == []
