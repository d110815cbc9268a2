"""What is declared is what is installed."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from evcli.version import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def declared() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_version_is_written_once() -> None:
    assert importlib.metadata.version("evcli") == __version__


def test_typer_stays_below_the_release_that_imports_pydantic(declared: dict[str, Any]) -> None:
    assert "typer>=0.27,<0.29" in declared["project"]["dependencies"]
    release = tuple(int(part) for part in importlib.metadata.version("typer").split(".")[:2])
    assert (0, 27) <= release < (0, 29)


def test_ci_tests_with_the_lower_bounds_that_are_declared(declared: dict[str, Any]) -> None:
    project, extras = declared["project"], declared["project"]["optional-dependencies"]
    needed = declared["build-system"]["requires"] + project["dependencies"]
    names = ("charts", "package", "xlsx", "tables", "sdmx")
    needed += [each for name in names for each in extras[name]]
    lines = (ROOT / ".ci" / "oldest.txt").read_text("utf-8").splitlines()
    oldest = {line for line in lines if not line.startswith("#")}
    assert lower_bounds(needed) <= oldest <= lower_bounds(needed + extras["test"])
    assert any(line.startswith("pytest==") for line in oldest)


def lower_bounds(requirements: list[str]) -> set[str]:
    """``a>=1.2,<2`` as ``a==1.2``; a reference to an extra of our own has none."""
    bounded = [each for each in requirements if not each.startswith("evcli[")]
    assert all(each.count(">=") == 1 for each in bounded), "each has a lower bound"
    return {each.partition(",")[0].replace(">=", "==") for each in bounded}


def test_a_release_that_is_ruled_out_has_a_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    bounded = [
        number for number, line in enumerate(lines) if re.search(r'^ *"[^"]+(<|!=|~=|==)', line)
    ]
    assert [lines[number].split('"')[1] for number in bounded] == [
        "typer>=0.27,<0.29",
        "rich>=13.8,!=14.3.0,!=14.3.1,!=14.3.2",
        "ruff>=0.17,<0.18",
    ]
    assert all("#" in lines[number] + lines[number - 1] for number in bounded)


def test_what_ci_tests_in_part_exists() -> None:
    continuous = (ROOT / ".ci" / "run").read_text("utf-8")
    parts = re.findall(r"(?<= )tests/[\w./]+", continuous)
    assert len(parts) > 10
    assert [part for part in parts if not (ROOT / part).exists()] == []


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "evcli" / "py.typed").is_file()


def test_the_readme_sets_up_in_two_commands() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    continuous = (ROOT / ".ci" / "run").read_text("utf-8")
    venv = "python3 -m venv .venv && "
    for command in (
        venv + ".venv/bin/pip install . && .venv/bin/evcli exports --year 2025",
        venv + '.venv/bin/pip install -e ".[test]" && .venv/bin/pytest',
    ):
        assert command in readme
        assert command in continuous, "CI runs what the README says"
