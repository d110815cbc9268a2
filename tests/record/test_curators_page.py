"""facts/README.md: what it tells a curator to type works as told, from an empty directory."""

from __future__ import annotations

import csv
import re
import shlex
import textwrap
from pathlib import Path

import pytest

from evcli.commands.app import run
from evcli.model.records import Record

from .conftest import ROOT

PAGE = (ROOT / "facts" / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in found]


def test_every_command_runs_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("figures.csv").write_text(blocks("csv")[0], "utf-8")
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) == 9
    out = ""
    for command in commands:
        words = shlex.split(command)
        if words[0] == "mkdir":
            Path(words[-1]).mkdir()
            continue
        assert words[0] == "evcli"
        if ">" in words:
            out += capsys.readouterr().out
            assert run(words[1:-2]) == 0
            Path(words[-1]).write_text(capsys.readouterr().out, "utf-8")
            continue
        assert run(words[1:]) == 0, capsys.readouterr().err
    out += capsys.readouterr().out
    assert "225,000" in out
    assert "draft-07" in Path("my-facts/facts.schema.json").read_text("utf-8")
    made = Path("my-facts/figures.yaml").read_text("utf-8")
    assert made.count("{period:") == 2  # a fact a row
    assert 'stated: "131,935", yoy: "+325.91%"' in made
    assert "printed:" not in made


def test_a_new_series_is_defined_as_shown(tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(blocks("yaml")[0], "utf-8")
    assert run(["facts", "lint", str(tmp_path), "--strict"]) == 0


def test_the_commands_named_in_the_text_run(capsys: pytest.CaptureFixture[str]) -> None:
    named = re.findall(r"`(evcli (?:find|facts (?:list|path))[^`]*)`", PAGE)
    assert len(named) == 3
    for command in named:
        assert run(shlex.split(command)[1:]) == 0
        assert len(capsys.readouterr().out.splitlines()) > 1


def test_the_acknowledged_entry_is_one(record: Record) -> None:
    named = set(re.findall(r"geely\.overseas-sales\.all\.geely@2025#[a-z0-9-]+", PAGE))
    assert len(named) == 2
    assert any(set(each.facts) == named for each in record.acknowledged)


def test_the_layout_is_the_layout() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")][:10]
    named = {
        name.rstrip("/") for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])
    }
    there = {path.name for path in (ROOT / "facts").iterdir() if path.name != "README.md"}
    assert named == there


def test_the_example_table_is_a_table() -> None:
    rows = list(csv.DictReader(blocks("csv")[0].splitlines()))
    assert [row["value"] for row in rows] == ["131935", "133172"]
