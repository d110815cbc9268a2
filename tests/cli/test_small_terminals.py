"""Every command in a real terminal of 24 lines, 80 and 40 columns wide."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from evcli.commands.app import COMMANDS

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
LINES = 24
PAGES = (
    "cite",
    "report",
    "package",
    "mcp",
    "help",
)  # text of 80 columns, and addresses, which never break
# what each command is asked, and whether the answer is as long as what is known
ASKED: dict[str, tuple[str, bool]] = {
    "exports": ("exports 2025", False),
    "sales": ("sales byd", False),
    "investment": ("investment 2024", False),
    "network": ("network", False),
    "plants": ("plants hungary", False),
    "policy": ("policy eu byd", False),
    "ask": ("byd", False),
    "get": ("get nev exports caam 2025 by year", False),
    "series": ("series chery", True),
    "find": ("find hungary", True),
    "compare": ("compare byd chery 2023-2025", False),
    "top": ("top", False),
    "growth": ("growth byd 2025", False),
    "share": ("share phev nev 2024", False),
    "total": ("total byd saic chery 2025", False),
    "trend": ("trend nev exports --since 2022 --by year", True),
    "explain": ("explain nev exports 2025", True),
    "changes": ("changes --since 0.1.0", False),
    "check": ("check 'cn.exports.nev.*'", True),
    "claim": ("claim 'CAAM: China exported 551,000 vehicles in May 2025'", True),
    "verify": ("verify --texts .", True),
    "coverage": ("coverage cn.exports.nev.caam", False),
    "sources": ("sources seed-001", True),
    "cite": ("cite nev exports 2025", True),
    "report": ("report --help", True),
    "package": ("package --help", True),
    "facts": ("facts path", False),
    "mcp": ("mcp --help", True),
    "help": ("help", False),
}


def test_every_command_is_asked_something() -> None:
    assert ASKED.keys() == COMMANDS.keys()


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("command", ASKED)
def test_an_answer_in_a_small_terminal(
    command: str, columns: int, environment: dict[str, str], tmp_path: Path
) -> None:
    """No line is broken by the terminal, and at 80 columns nothing has left the screen."""
    question, long = ASKED[command]
    screen, everything, joined = _shown(question, columns, environment, tmp_path)
    assert screen[-1] == "$"  # the prompt is back
    if command not in PAGES:
        assert everything == joined  # -J joins what the terminal had to break
    assert "Traceback" not in "\n".join(everything)
    assert len(everything) > 1
    if columns == 80 and not long:
        assert screen == everything


def _shown(
    question: str, columns: int, variables: dict[str, str], folder: Path
) -> tuple[list[str], list[str], list[str]]:
    """What is on the screen, all that was on it, and that with broken lines joined."""
    folder = Path(tempfile.mkdtemp(dir=folder))
    tmux = ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]
    done = folder / "done"
    asked = shlex.join([sys.executable, "-m", "evcli", *shlex.split(question)])
    command = f"{asked}; printf '$'; touch {done}; sleep 30"
    variables = variables | {"LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": "1777593600"}
    size = ["-x", str(columns), "-y", str(LINES)]

    def run(*arguments: str) -> str:
        answered = subprocess.run(
            [*tmux, *arguments], env=variables, check=True, capture_output=True, text=True
        )
        return answered.stdout

    run("new-session", "-d", *size, command)
    try:
        until = time.monotonic() + 60
        while not done.exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.1)
        pages = [run("capture-pane", "-p", *more) for more in ([], ["-S", "-"], ["-S", "-", "-J"])]
    finally:
        subprocess.run([*tmux, "kill-server"], env=variables, check=False, capture_output=True)
    screen, everything, joined = (
        [line.rstrip() for line in page.rstrip("\n").split("\n")] for page in pages
    )
    return screen, everything, joined
