"""What is declared is what is installed."""

from __future__ import annotations

import importlib.metadata
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
    assert "typer>=0.26,<0.29" in declared["project"]["dependencies"]
    release = tuple(int(part) for part in importlib.metadata.version("typer").split(".")[:2])
    assert (0, 26) <= release < (0, 29)


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
