"""What a terminal shows: the bytes of the pipe, but for colour and wrapping."""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from tests.in_process import run_here
from tests.seeds import SEEDS

pty = pytest.importorskip("pty")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

NEV = "cn.exports.nev.caam"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOR = {"TERM": "xterm-256color"}
ASK = [
    ["exports", "--year", "2025"],
    ["sales"],
    ["plants", "byd"],
    ["explain", f"{NEV}@2025-05"],
    ["get", "cn.exports.*", "--format", "csv"],
    ["get", NEV, "--format", "json"],
    ["policy", "--events", "--format", "markdown"],
]


WIDE = 10_000  # no line of any answer is as long


def on_terminal(environment: dict[str, str], *arguments: str, columns: int = WIDE) -> str:
    """What evcli writes to a terminal of *columns*, with LF line ends."""
    outer, inner = pty.openpty()
    size = (40).to_bytes(2, sys.byteorder) + columns.to_bytes(2, sys.byteorder) + bytes(4)
    fcntl.ioctl(inner, termios.TIOCSWINSZ, size)
    process = subprocess.Popen(
        [sys.executable, "-m", "evcli", *arguments],
        env=environment,
        stdin=inner,
        stdout=inner,
        stderr=subprocess.DEVNULL,
    )
    os.close(inner)
    chunks: list[bytes] = []
    until = time.monotonic() + 30
    while time.monotonic() < until:
        ready, _, _ = select.select([outer], [], [], 0.1)
        try:
            chunk = os.read(outer, 65536) if ready else b""
        except OSError:  # Linux says so at the end
            break
        if ready and not chunk:
            break
        chunks.append(chunk)
    os.close(outer)
    assert process.wait(10) == 0
    return b"".join(chunks).decode().replace("\r\n", "\n")


def in_pipe(environment: dict[str, str], *arguments: str, **variables: str) -> str:
    done = run_here(arguments, environment | variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@pytest.fixture
def terminal(environment: dict[str, str]) -> dict[str, str]:
    """The variables of a terminal that can show colours."""
    return environment | COLOR


def width(line: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in line
    )


@pytest.mark.parametrize("arguments", ASK, ids=" ".join)
def test_a_terminal_shows_the_bytes_of_the_pipe(
    arguments: list[str], terminal: dict[str, str], environment: dict[str, str]
) -> None:
    shown = on_terminal(terminal, *arguments)
    assert ESCAPE.sub("", shown) == in_pipe(environment, *arguments)
    if "--format" in arguments:
        assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        ([], {"NO_COLOR": "1"}),
        (["--no-color"], {}),
        ([], {"TERM": "dumb"}),
        (["--no-color"], {"FORCE_COLOR": "1"}),
    ],
)
def test_colour_is_easily_done_without(
    options: list[str], variables: dict[str, str], terminal: dict[str, str]
) -> None:
    arguments = ("exports", "--year", "2025", *options)
    assert "\x1b" not in on_terminal(terminal | variables, *arguments)
    assert "\x1b" in on_terminal(terminal, "exports", "--year", "2025")


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS"])
def test_a_pipe_is_never_coloured(variable: str, environment: dict[str, str]) -> None:
    plain = in_pipe(environment, "exports", "--year", "2025")
    assert in_pipe(environment, "exports", "--year", "2025", **COLOR, **{variable: "1"}) == plain
    assert in_pipe(environment, "exports", "--year", "2025", COLUMNS="40") == plain


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("arguments", ASK[:4], ids=" ".join)
def test_tables_fit_the_terminal(
    arguments: list[str], columns: int, terminal: dict[str, str]
) -> None:
    shown = ESCAPE.sub("", on_terminal(terminal, *arguments, columns=columns))
    by_variable = ESCAPE.sub("", on_terminal(terminal | {"COLUMNS": str(columns)}, *arguments))
    assert by_variable == shown
    lines = shown.splitlines()
    rules = [line for line in lines if line and set(line) == {"─"}]
    assert rules
    assert max(map(width, rules)) <= columns
    table = lines[: lines.index("")] if "" in lines else lines
    assert max(map(width, table)) <= columns


def test_chinese_names_keep_the_columns(environment: dict[str, str]) -> None:
    lines = in_pipe(environment, "find", "奇瑞", "--fields", "title,context,kind").splitlines()
    heads, rule, *rows = lines
    assert any("奇瑞" in row for row in rows)
    at = heads.index("kind")
    for row in rows:
        kind = row.rstrip().rpartition("  ")[2].strip()
        assert width(row.rstrip()) - width(kind) == at
    assert max(map(width, rows)) <= width(rule)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
@pytest.mark.parametrize(
    ("columns", "question"),
    [
        (40, "sales --year 2025"),
        (80, "sales --year 2025"),
        (80, "plants --destination europe"),
        (200, "plants --destination europe"),
        (80, "policy --jurisdiction EU"),
        (40, "trend cn.exports.nev.caam --year 2025"),
        (80, "trend cn.exports.nev.caam cn.exports.all.caam --since 2025"),
        (80, "trend cn.exports.nev.caam --year 2025 --ascii"),
    ],
)
def test_a_real_terminal(
    columns: int, question: str, terminal: dict[str, str], tmp_path: Path
) -> None:
    """Under tmux, which draws what it is sent: no line is broken by the terminal itself."""
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", "/dev/null"]
    done = tmp_path / "done"
    asked = shlex.join([sys.executable, "-m", "evcli", *question.split(), *SEEDS])
    command = f"{asked} 2>/dev/null; touch {done}; sleep 30"
    variables = terminal | {"LC_ALL": "C.UTF-8"}
    subprocess.run(
        [*tmux, "new-session", "-d", "-x", str(columns), "-y", "2000", command],
        env=variables,
        check=True,
        capture_output=True,
    )
    try:
        until = time.monotonic() + 20
        while not done.exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.1)
        screen = subprocess.run(
            [*tmux, "capture-pane", "-p"], env=variables, check=True, capture_output=True
        ).stdout.decode()
    finally:
        subprocess.run([*tmux, "kill-server"], env=variables, check=False, capture_output=True)
    expected = ESCAPE.sub("", on_terminal(terminal, *question.split(), *SEEDS, columns=columns))
    table = [line.rstrip() for line in expected.partition("\n\n")[0].splitlines()]
    assert max(map(width, table)) <= columns
    assert screen.splitlines()[: len(table)] == table
