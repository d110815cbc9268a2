"""What a terminal shows: the bytes of the pipe, but for colour and wrapping."""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
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


def on_terminal(
    environment: dict[str, str],
    *arguments: str,
    columns: int = WIDE,
    stream: str = "stdout",
    code: int = 0,
) -> str:
    """What evcli writes to a terminal of *columns*, with LF line ends; the rest goes nowhere."""
    outer, inner = pty.openpty()
    size = (40).to_bytes(2, sys.byteorder) + columns.to_bytes(2, sys.byteorder) + bytes(4)
    fcntl.ioctl(inner, termios.TIOCSWINSZ, size)
    process = subprocess.Popen(
        [sys.executable, "-m", "evcli", *arguments],
        env=environment,
        stdin=inner,
        stdout=inner if stream == "stdout" else subprocess.DEVNULL,
        stderr=inner if stream == "stderr" else subprocess.DEVNULL,
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
    assert process.wait(10) == code
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
        ([], {"TERM": ""}),
        ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
        (["--no-color"], {"FORCE_COLOR": "1"}),
    ],
)
def test_colour_is_easily_done_without(
    options: list[str], variables: dict[str, str], terminal: dict[str, str]
) -> None:
    arguments = ("exports", "--year", "2025", *options)
    assert "\x1b" not in on_terminal(terminal | variables, *arguments)
    assert "\x1b" in on_terminal(terminal, "exports", "--year", "2025")


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_a_table_in_a_pipe_is_coloured_where_that_is_forced(
    variable: str, environment: dict[str, str]
) -> None:
    asked = ("exports", "--year", "2025")
    plain = in_pipe(environment, *asked)
    forced = in_pipe(environment, *asked, **COLOR, **{variable: "1"})
    assert "\x1b[1m" in forced
    assert ESCAPE.sub("", forced) == plain
    assert in_pipe(environment, *asked, TERM="dumb", **{variable: "1"}) == forced
    for unforced in ({}, {variable: "0"}, {variable: ""}, {variable: "1", "NO_COLOR": "1"}):
        assert in_pipe(environment, *asked, **COLOR, **unforced) == plain
    assert in_pipe(environment, *asked, "--no-color", **{variable: "1"}) == plain
    assert in_pipe(environment, *asked, **COLOR, PY_COLORS="1", COLUMNS="40") == plain


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "jsonl", "markdown"])
def test_no_machine_format_is_ever_coloured(format_: str, environment: dict[str, str]) -> None:
    asked = ("exports", "--year", "2025", "--format", format_)
    assert in_pipe(environment, *asked, FORCE_COLOR="1") == in_pipe(environment, *asked)


@pytest.mark.parametrize("columns", [20, 40, 60])
def test_standard_error_wraps_between_words_on_a_terminal(
    columns: int, terminal: dict[str, str], environment: dict[str, str]
) -> None:
    asked = ("trend", NEV, "--by", "month", "--format", "csv")
    piped = subprocess.run(
        [sys.executable, "-m", "evcli", *asked],
        env=environment | {"COLUMNS": str(columns)},
        capture_output=True,
        check=True,
    ).stderr.decode()
    assert max(map(width, piped.splitlines())) > 60  # whole lines for programs
    shown = on_terminal(terminal, *asked, columns=columns, stream="stderr")
    assert "\x1b[2mevcli: note:\x1b[0m " in shown
    plain = ESCAPE.sub("", shown)
    assert plain.split() == piped.split()
    for line in plain.splitlines():
        assert width(line) <= columns or " " not in line.strip()


@pytest.mark.parametrize(
    ("options", "variables", "colored"),
    [
        ([], {}, True),
        (["--no-color"], {"FORCE_COLOR": "1"}, False),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
        ([], {"TERM": ""}, False),
    ],
)
def test_standard_error_is_coloured_by_the_same_rules(
    options: list[str], variables: dict[str, str], colored: bool, terminal: dict[str, str]
) -> None:
    asked = ("trend", NEV, "--format", "csv", *options)
    note = on_terminal(terminal | variables, *asked, stream="stderr")
    error = on_terminal(
        terminal | variables, *("sales", "chrey", *options), stream="stderr", code=3
    )
    assert ("\x1b[2mevcli: note:\x1b[0m" in note) is colored
    assert ("\x1b[1;31mevcli: error:\x1b[0m" in error) is colored
    assert ("\x1b" in note + error) is colored


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
    assert max(map(width, lines)) <= columns


def test_chinese_names_keep_the_columns(environment: dict[str, str]) -> None:
    told = in_pipe(environment, "find", "奇瑞", "--all", "--fields", "title,context,kind")
    heads, rule, *rows = told.split("\n\n")[1].splitlines()  # below the title
    assert any("奇瑞" in row for row in rows)
    at = heads.index("kind")
    for row in rows:
        kind = row.rstrip().rpartition("  ")[2].strip()
        assert width(row.rstrip()) - width(kind) == at
    assert max(map(width, rows)) <= width(rule)


needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


def under_tmux(
    columns: int, question: str, variables: dict[str, str], folder: Path, *, styles: bool = False
) -> str:
    """The screen of a real terminal after *question*; with *styles* what it says of them, too."""
    folder = Path(tempfile.mkdtemp(dir=folder))
    tmux = ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]
    done = folder / "done"
    asked = shlex.join([sys.executable, "-m", "evcli", *shlex.split(question), *SEEDS])
    command = f"{asked}{'' if styles else ' 2>/dev/null'}; touch {done}; sleep 30"
    variables = variables | {"LC_ALL": "C.UTF-8"}
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
        return subprocess.run(
            [*tmux, "capture-pane", "-p", *(["-e"] if styles else [])],
            env=variables,
            check=True,
            capture_output=True,
        ).stdout.decode()
    finally:
        subprocess.run([*tmux, "kill-server"], env=variables, check=False, capture_output=True)


@needs_tmux
@pytest.mark.parametrize(
    ("columns", "question"),
    [
        (40, "sales --year 2025"),
        (80, "sales --year 2025"),
        (80, "plants --destination europe"),
        (200, "plants --destination europe"),
        (80, "policy --events"),
        (40, "trend cn.exports.nev.caam --year 2025"),
        (80, "trend cn.exports.nev.caam cn.exports.all.caam --since 2025"),
        (80, "trend cn.exports.nev.* --year 2025"),
    ],
)
def test_a_real_terminal(
    columns: int, question: str, terminal: dict[str, str], tmp_path: Path
) -> None:
    """Under tmux, which draws what it is sent: no line is broken by the terminal itself."""
    screen = under_tmux(columns, question, terminal, tmp_path)
    shown = ESCAPE.sub("", on_terminal(terminal, *question.split(), *SEEDS, columns=columns))
    expected = [line.rstrip() for line in shown.splitlines()]
    assert len(expected) > 4
    assert max(map(width, expected)) <= columns
    assert screen.splitlines()[: len(expected)] == expected


def styled(screen: str) -> dict[str, set[str]]:
    """Each text on *screen* by the codes that were on when it was drawn: ``{"1": {"value"}}``."""
    texts: dict[str, set[str]] = {}
    on: set[str] = set()
    for part in re.split(r"(\x1b\[[\d;]*m)", screen):
        if not part.startswith("\x1b["):
            texts.setdefault(";".join(sorted(on)), set()).update(map(str.strip, part.splitlines()))
            continue
        for code in (part[2:-1] or "0").split(";"):
            if code == "0":
                on.clear()
            elif code in ("39", "49"):  # no colour any more, of letters or behind them
                on -= {each for each in on if len(each) == 2 and each[0] == code[0]}
            else:
                on.add(code)
    return texts


@needs_tmux
def test_colours_on_a_real_terminal(terminal: dict[str, str], tmp_path: Path) -> None:
    question = "compare saic chery --metric overseas-sales --year 2025"
    shown = styled(under_tmux(120, question, terminal, tmp_path, styles=True))
    assert "350,000" in shown["1"]
    assert "±5,000" in shown["2"]
    assert "each maker decides what it counts" in shown[""]
    total = "total saic chery overseas sales 2025"
    derived = styled(under_tmux(120, total, terminal, tmp_path, styles=True))
    assert "630,000" in derived["1;3"]  # 350,000 + 280,000
    assert "*w" in derived["1;3;33"]  # derived, of pages that nobody answers for
    warned = styled(under_tmux(120, f"{question} --csv", terminal, tmp_path, styles=True))
    assert "evcli: warning:" in warned["33"]
    exports = styled(under_tmux(120, "exports --year 2025", terminal, tmp_path, styles=True))
    assert "+70 %" in exports["32"]
    assert any(set(text) == {"─"} for text in exports["2"])
    misspelt = styled(under_tmux(120, "sales chrey", terminal, tmp_path, styles=True))
    assert "evcli: error:" in misspelt["1;31"]


@needs_tmux
def test_a_real_terminal_without_colour(terminal: dict[str, str], tmp_path: Path) -> None:
    for option, variables in (("--no-color", {}), ("", {"NO_COLOR": "1"})):
        screen = under_tmux(
            80, f"exports --year 2025 {option}", terminal | variables, tmp_path, styles=True
        )
        assert "3,430,000" in screen
        assert "\x1b" not in screen


@pytest.mark.parametrize(("columns", "drawn"), [(60, False), (80, True), (120, True)])
def test_bars_stand_where_the_table_leaves_room(
    columns: int, drawn: bool, terminal: dict[str, str]
) -> None:
    """Numbers come first: bars have sixteen cells, one of them for an arrow, or none."""
    asked = ("top", "--metric", "overseas-sales", "--year", "2025")
    lines = ESCAPE.sub("", on_terminal(terminal, *asked, columns=columns)).splitlines()
    assert max(map(width, lines)) <= columns
    assert max(line.count("█") for line in lines) == 15 * drawn
