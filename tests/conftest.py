"""What every test shares: an environment of its own, and evcli in a process or in this one."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings

from evcli.loader.parts import parts_of
from evcli.store.build import build
from tests.depth import IN_CI, USUAL, shallow
from tests.in_process import run_here

settings.register_profile("quick", deadline=None, max_examples=shallow(USUAL))
# the same examples every time: a submission fails for what it changed
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "quick")

ROOT = Path(__file__).parent.parent
LEFT_ALONE = {"EVCLI_TEXTS", "EVCLI_TABLES"}
# anything that changes what is printed or where the store is kept
CHANGES_OUTPUT = {"NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES"}
CHANGES_OUTPUT |= {"SOURCE_DATE_EPOCH", "TERM", "PYTHONWARNINGS"}

Process = subprocess.CompletedProcess[bytes]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No workers where files or tests are named: starting them takes longer than most files."""
    named = [Path(each.partition("::")[0]) for each in config.option.file_or_dir]
    return 0 if named and all(path.is_file() for path in named) else None


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests of a run keep compiled stores, away from the user's own."""
    home = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # one for all workers: each has its own below it
        home = home.parent
    cache = home / "cache"
    cache.mkdir(exist_ok=True)
    return cache


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


@pytest.fixture(autouse=True, scope="session")
def _definitions_are_read_once() -> Iterator[None]:
    """Hundreds of tests compile a pack of their own beside the built-in definitions.

    Parsing those, and finding the Chinese signs in them, is two thirds of it, and comes to the same
    every time. All else is read as ever, and so are the definitions by every process.
    """
    parse, spaced = parts_of.__globals__["parse"], build.__globals__["spaced"]
    built_in = {path.read_text("utf-8") for path in (ROOT / "facts").rglob("*.yaml")}
    parsed: dict[str, object] = {}

    def parsed_once(text: str, file: str, report: Any) -> object:
        if text not in built_in:
            return parse(text, file, report)
        if text not in parsed:
            problems = len(report.problems)
            root = parse(text, file, report)
            if len(report.problems) > problems:  # to be reported again the next time
                return root
            parsed[text] = root
        return parsed[text]

    with (
        mock.patch.dict(parts_of.__globals__, parse=parsed_once),
        mock.patch.dict(build.__globals__, spaced=functools.lru_cache(10_000)(spaced)),
    ):
        yield


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


@pytest.fixture(scope="session")
def evcli_run(environment: dict[str, str]) -> Callable[..., Process]:
    """Run evcli in this process, with the same result: ``evcli_run("get", "...", TERM="dumb")``."""

    def run(*arguments: str, **variables: str) -> Process:
        return run_here(arguments, environment | variables)

    return run


@pytest.fixture(scope="session")
def topic_page(evcli_run: Callable[..., Process], cache_home: Path) -> Callable[[str], Path]:
    """The HTML report of a topic that comes along, made once: ``topic_page("exports")``."""
    folder = cache_home.with_name("topics")  # one for all workers: a report is written whole
    folder.mkdir(exist_ok=True)

    def page(topic: str) -> Path:
        path = folder / f"{topic}.html"
        if not path.exists():
            done = evcli_run("report", topic, "-o", str(path))
            assert (done.returncode, done.stdout) == (0, b""), done.stderr
        return path

    return page
