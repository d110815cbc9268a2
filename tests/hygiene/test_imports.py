"""What a command really imports, seen from a process of its own.

Import contracts (pyproject.toml) are static: they cannot see what is deferred into a function.
Here ``python -X importtime`` lists every module that the process loaded.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Set

import pytest

from evcli.version import __version__

Run = Callable[..., subprocess.CompletedProcess[bytes]]

SERIES = "cn.exports.nev.caam"
NEVER = {"pydantic", "vl_convert", "mcp", "anyio", "jsonschema", "xlsxwriter"}
FRAMES = {"pandas", "numpy", "narwhals", "duckdb", "pyarrow"}
COMPILING = {"yaml"}
DRAWING = {"rich"}

# name: arguments, exit code, what may not be imported besides pydantic
COMMANDS: dict[str, tuple[list[str], int, Set[str]]] = {
    "csv": (["get", SERIES, "--format", "csv"], 0, FRAMES | COMPILING | DRAWING),
    "json": (["get", SERIES, "--format", "json"], 0, FRAMES | COMPILING | DRAWING),
    "jsonl": (["get", SERIES, "--format", "jsonl"], 0, FRAMES | COMPILING | DRAWING),
    "markdown": (["get", SERIES, "--format", "markdown"], 0, FRAMES | COMPILING | DRAWING),
    "topic": (["exports", "--year", "2025", "--format", "csv"], 0, FRAMES | COMPILING | DRAWING),
    "table": (["exports", "--year", "2025"], 0, FRAMES | COMPILING),
    "growth": (
        ["growth", SERIES, "--period", "2025-05", "--format", "csv"],
        0,
        FRAMES | COMPILING | DRAWING,
    ),
    "trend": (["trend", SERIES, "--year", "2025"], 0, FRAMES | COMPILING),
    "explain": (["explain", f"{SERIES}@2025-05"], 0, FRAMES | COMPILING),
    "find": (["find", "port", "--format", "csv"], 0, FRAMES | COMPILING | DRAWING),
    "bare": ([], 0, FRAMES | COMPILING | DRAWING),
    "help": (["--help"], 0, FRAMES | COMPILING | DRAWING),
    "help of a command": (["get", "--help"], 0, FRAMES | COMPILING | DRAWING),
    "help topic": (["help", "periods"], 0, FRAMES | COMPILING | DRAWING),
    "unknown name": (["sales", "chrey"], 3, FRAMES | COMPILING | DRAWING),
    "usage error": (["get", SERIES, "--format", "xls"], 2, FRAMES | COMPILING | DRAWING),
    "refusal": (
        ["growth", f"{SERIES[:-4]}nbs", "--period", "2025", "--base", f"{SERIES}@2024"],
        4,
        FRAMES | COMPILING | DRAWING,
    ),
}


def imported(stderr: bytes) -> set[str]:
    """Every module in the report of ``-X importtime``."""
    lines = stderr.decode().splitlines()
    reports = [line for line in lines if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip() for line in reports}


def packages(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.fixture(scope="module", autouse=True)
def _warm_store(evcli_process: Run) -> None:
    evcli_process("get", SERIES, "--format", "csv")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_imports_only_what_it_needs(name: str, evcli_process: Run) -> None:
    arguments, code, banned = COMMANDS[name]
    process = evcli_process(*arguments, python=("-X", "importtime"))
    found = packages(imported(process.stderr))
    assert "evcli" in found, "the process reported no imports"
    assert process.returncode == code
    assert found & (banned | NEVER) == set()


@pytest.mark.parametrize(
    ("words", "current"), [("evcli ", 1), ("evcli get cn.", 2), ("evcli sales --subject b", 3)]
)
def test_completion_imports_only_what_it_needs(
    words: str, current: int, evcli_process: Run
) -> None:
    process = evcli_process(
        python=("-X", "importtime"),
        _EVCLI_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(current),
    )
    found = packages(imported(process.stderr))
    assert process.stdout.strip(), "nothing was completed"
    assert process.returncode == 0
    assert found & (FRAMES | COMPILING | DRAWING | NEVER) == set()


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_answered_before_typer(option: str, evcli_process: Run) -> None:
    process = evcli_process(option, python=("-X", "importtime"))
    assert process.returncode == 0
    assert process.stdout.startswith(f"evcli {__version__}\n".encode())
    assert packages(imported(process.stderr)) & {"typer", "click", "yaml", "rich"} == set()


def test_one_command_does_not_import_the_others(evcli_process: Run) -> None:
    process = evcli_process("get", SERIES, "--format", "csv", python=("-X", "importtime"))
    modules = imported(process.stderr)
    assert process.returncode == 0
    strangers = {f"evcli.commands.{name}" for name in ("computed", "facts", "trust")}
    strangers |= {f"evcli.query.{name}" for name in ("words", "computed", "topic_answer")}
    assert all(importlib.util.find_spec(name) for name in strangers)
    assert modules & strangers == set()


DRAWN = {f"evcli.{name}" for name in ("model.picture", "query.pictures", "render.termchart")}


def test_a_look_up_pays_nothing_for_pictures(evcli_process: Run) -> None:
    top = ("top", "--metric", "overseas-sales", "--year", "2025", "--bars")
    for words in (("get", SERIES), top):
        process = evcli_process(*words, "--format", "csv", python=("-X", "importtime"))
        assert process.returncode == 0
        assert imported(process.stderr) & DRAWN == set()
    drawn = evcli_process("trend", SERIES, "--year", "2025", python=("-X", "importtime"))
    assert imported(drawn.stderr) >= DRAWN


def test_importing_the_library_is_cheap(environment: dict[str, str]) -> None:
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import evcli; evcli.open"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr.decode()[-500:]
    found = packages(imported(process.stderr))
    assert found & (FRAMES | COMPILING | DRAWING | NEVER | {"typer"}) == set()


ALL_OF = """
import importlib, pkgutil, sys
before = set(sys.modules)
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), name + "."):
        importlib.import_module(module.name)
packages = {module.partition(".")[0] for module in set(sys.modules) - before}
print(*sorted(packages - {"evcli"} - sys.stdlib_module_names))
"""


@pytest.mark.parametrize(
    "names", [["evcli.model"], ["evcli.core"], ["evcli.query"], ["evcli.diagnostics"]], ids=str
)
def test_a_layer_runs_on_the_standard_library(names: list[str]) -> None:
    process = subprocess.run(
        [sys.executable, "-c", ALL_OF, *names], capture_output=True, text=True, check=True
    )
    assert process.stdout.split() == []
