"""What every test shares: an environment of its own, and real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None)
# the same examples every time: a submission fails for what it changed
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

ROOT = Path(__file__).parent.parent
LEFT_ALONE = {"EVCLI_TEXTS", "EVCLI_TABLES"}
# anything that changes what is printed or where the store is kept
CHANGES_OUTPUT = {"NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES"}
CHANGES_OUTPUT |= {"SOURCE_DATE_EPOCH", "TERM", "PYTHONWARNINGS"}

Process = subprocess.CompletedProcess[bytes]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests of a run keep compiled stores, away from the user's own."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def environment(cache_home: Path) -> dict[str, str]:
    """The variables of a plain terminal, 80 columns wide, without colour."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in LEFT_ALONE
        or not (name.startswith(("EVCLI_", "_EVCLI_", "LC_")) or name in CHANGES_OUTPUT)
    }
    return kept | {"XDG_CACHE_HOME": str(cache_home), "LANG": "C.UTF-8", "TERM": "dumb"}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in os.environ.keys() - environment.keys() - {"PYTEST_CURRENT_TEST"}:
        if not name.startswith("PYTEST_"):
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def evcli_process(environment: dict[str, str]) -> Callable[..., Process]:
    """Run evcli as a process: ``evcli_process("get", "...", EVCLI_FACTS="dir")``."""

    def run(
        *arguments: str, python: tuple[str, ...] = (), timeout: float = 120, **variables: str
    ) -> Process:
        return subprocess.run(
            [sys.executable, *python, "-m", "evcli", *arguments],
            env=environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=timeout,
        )

    return run
