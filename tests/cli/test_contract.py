"""The output contract with real processes, files, pipes and signals."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evcli.commands import app
from tests.conftest import Process
from tests.seeds import SEEDS

Evcli = Callable[..., Process]
NEV, ALL = "cn.exports.nev.caam", "cn.exports.all.caam"
PRINTING = [
    ["--help"],
    ["--version"],
    ["get", "--help"],
    ["facts", "--help"],
    ["help"],
    [],
    ["help", "bounds"],
    ["exports"],
    ["exports", "--format", "csv"],
    ["facts", "schema"],
    ["facts", "path"],
    ["--show-completion", "bash"],
]
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


# -- a process and the tests' own way to run evcli

# one line of each command, over the five documents
EVERY = {
    "exports": ["--year", "2025"],
    "sales": ["byd"],
    "investment": [],
    "plants": [],
    "policy": ["--events"],
    "network": [],
    "get": ["cn.*", "--include-deprecated", "--format", "json"],
    "find": ["奇瑞", "--format", "tsv"],
    "growth": ["cn.investment.*", "--period", "2024"],
    "share": [NEV, ALL, "--period", "2025-05", "--bars"],
    "total": [f"{ALL}@2025-05", f"{NEV}@2025-05", "--accept", "scope", "--format", "jsonl"],
    "top": ["--metric", "overseas-sales", "--year", "2025", "--bars"],
    "compare": ["byd", "saic", "chery", "--metric", "overseas-sales", "--year", "2025"],
    "trend": [NEV, "--year", "2025"],
    "series": ["nev", "exports"],
    "ask": ["byd", "2025"],
    "explain": [f"share:{NEV}@2025-05,{ALL}@2025-05", "seed-003"],
    "changes": ["--since", "2026"],
    "check": ["--include-deprecated", "--format", "csv"],
    "claim": ["CAAM: China exported 551,000 vehicles in May 2025"],
    "verify": ["--texts", "/no/such/folder"],
    "coverage": ["--format", "markdown"],
    "sources": ["--problems"],
    "cite": [f"{NEV}@2025-05", "--style", "bibtex"],
    "report": ["plants"],
    "package": ["/no/such/folder/new", "--sort", "nothing"],
    "facts": ["list", NEV],
    "mcp": ["--help"],
    "help": ["bounds"],
}


@pytest.mark.parametrize("name", EVERY)
def test_a_process_answers_as_evcli_does_in_the_tests(
    name: str, evcli_process: Evcli, evcli_run: Evcli
) -> None:
    asked = [name, *EVERY[name], *(() if name == "help" else SEEDS)]
    process, here = evcli_process(*asked), evcli_run(*asked)
    assert (process.returncode, process.stdout, process.stderr) == (
        here.returncode,
        here.stdout,
        here.stderr,
    )
    assert process.returncode == {"verify": 2, "package": 2}.get(name, 0)


def test_every_command_is_tried_as_a_process() -> None:
    assert sorted(EVERY) == sorted(app.COMMANDS)


def test_nothing_of_a_run_is_left_behind(evcli_run: Evcli, tmp_path: Path) -> None:
    before = (dict(os.environ), sys.stdout, sys.stderr, sys.stdin, sys.argv, Path.cwd())
    assert evcli_run("facts", "path", EVCLI_FACTS=str(tmp_path)).returncode == 0
    assert evcli_run("no-such-command").returncode == 3
    assert before == (dict(os.environ), sys.stdout, sys.stderr, sys.stdin, sys.argv, Path.cwd())


# -- where output goes


def started(arguments: list[str]) -> list[str]:
    """evcli in a process, from a bash where it looks for the shell that it was started from."""
    python = [sys.executable, "-m", "evcli", *arguments]
    if "--show-completion" in arguments:
        return ["bash", "-c", '"$@"; exit $?', "bash", *python]
    return python


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_full_disk_is_told(arguments: list[str], environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            started(arguments),
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
    assert done.returncode == 6
    assert done.stderr == b"evcli: error: cannot write the answer: No space left on device\n"


@posix
@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_closed_pipe_is_no_error(arguments: list[str], environment: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            started(arguments),
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
def test_head_takes_what_it_wants(environment: dict[str, str]) -> None:
    script = (
        f'{sys.executable} -m evcli get "*" --include-deprecated --format csv | head -1; '
        'echo "${PIPESTATUS[0]}"'
    )
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=True)
    header, code = done.stdout.decode().splitlines()
    assert header.startswith("id,label,subject,metric,")
    assert code == "0"
    assert done.stderr == b""


@posix
@pytest.mark.parametrize(
    ("redirection", "arguments", "code", "out"),
    [
        (">&-", "exports", 6, b""),
        (">&-", "--help", 6, b""),
        (">&-", "sales chrey", 3, b""),
        ("2>&-", "sales chrey", 3, b""),
        ("2>/dev/full", "sales chrey", 3, b""),
        ("2>&-", f"get {NEV} --period 2025-05 --fields value --format csv", 0, b"value\n212000\n"),
        ("2>/dev/full", f"get {NEV} --year 1066 --fields value --format csv", 0, b"value\n"),
        ("<&-", f"get {NEV} --period 2025-05 --fields value --format csv", 0, b"value\n212000\n"),
        ("<&- >&- 2>&-", "exports", 6, b""),
    ],
)
def test_closed_and_full_streams(
    redirection: str, arguments: str, code: int, out: bytes, environment: dict[str, str]
) -> None:
    script = f"{sys.executable} -m evcli {arguments} {redirection}"
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (code, out)


def test_stdout_holds_data_and_stderr_all_else(evcli_run: Evcli) -> None:
    asked = ["compare", "byd", "saic", "chery", "--metric", "overseas-sales", "--year", "2025"]
    loud = evcli_run(*asked, "--format", "csv")
    assert b"evcli:" not in loud.stdout
    lines = loud.stderr.decode().splitlines()
    assert lines
    assert all(line.startswith(("evcli: note: ", "evcli: warning: ")) for line in lines)
    assert "evcli: warning: each maker decides what it counts" in lines
    assert b"each maker decides what it counts" in evcli_run(*asked).stdout  # a table has it
    quiet = evcli_run(*asked, "--format", "csv", "-q")
    assert (quiet.stdout, quiet.stderr) == (loud.stdout, b"")


def test_utf8_whatever_the_locale_says(evcli_process: Evcli) -> None:
    usual = evcli_process("find", "chery")
    assert "奇瑞".encode() in usual.stdout
    locales: list[dict[str, str]] = [
        {"LANG": "C", "LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ]
    for variables in locales:
        assert evcli_process("find", "chery", **variables).stdout == usual.stdout
    chinese = evcli_process("find", "奇瑞", LANG="C", LC_ALL="C")
    assert chinese.stdout == evcli_process("find", "奇瑞").stdout
    unknown = evcli_process("sales", "比亚地", PYTHONIOENCODING="ascii")
    assert unknown.returncode == 3
    assert b"\\u6bd4\\u4e9a\\u5730" in unknown.stderr  # 比亚地 as typed
    assert b"\\u6bd4\\u4e9a\\u8fea" in unknown.stderr  # 比亚迪, which is meant


# -- fact files that do not hold up


def test_invalid_facts_are_all_told_and_nothing_is_kept(tmp_path: Path, evcli_run: Evcli) -> None:
    pack, cache = tmp_path / "pack", tmp_path / "cache"
    pack.mkdir()
    (pack / "a.yaml").write_text(
        f"series: [{{id: {NEV}, facts: [{{period: 2015-13, stated: '1', source: no}}]}}]\n", "utf-8"
    )
    (pack / "b.yaml").write_text("vocabulary: {colours: []}\nsources: [{id: x}]\n", "utf-8")
    done = evcli_run("exports", "--facts", str(pack), EVCLI_CACHE=str(cache))
    assert (done.returncode, done.stdout) == (5, b"")
    lines = done.stderr.decode().splitlines()
    assert lines[-1] == f"evcli: error: {len(lines) - 1} problems in the fact files"
    assert len(lines) >= 5
    assert {line.partition(":")[0] for line in lines[:-1]} == {
        str(pack / "a.yaml"),
        str(pack / "b.yaml"),
    }
    assert list(cache.rglob("*.sqlite")) == []


@pytest.mark.parametrize("command", [["exports"], ["find", "x"], ["facts", "lint"], ["sources"]])
def test_a_pack_that_is_not_there(command: list[str], evcli_run: Evcli) -> None:
    done = evcli_run(*command, "--facts", "/no/such/pack")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"/no/such/pack" in done.stderr
    assert done.stderr.count(b"\n") == 1


# -- interruption and bugs


def interruptible() -> None:
    """For a child: what runs in the background ignores Ctrl-C, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def signals_as_usual() -> None:
    """For a child: what the parent ignores it would ignore, too."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@posix
def test_an_interrupted_compilation_leaves_nothing(
    tmp_path: Path, environment: dict[str, str], root: Path
) -> None:
    out = tmp_path / "big"
    generator = str(root / "benchmarks" / "generate.py")
    made = [sys.executable, generator, str(out), "--facts", "40000"]
    subprocess.run(made, check=True, capture_output=True)
    cache = tmp_path / "cache"
    variables = environment | {"EVCLI_CACHE": str(cache)}
    for writing in (False, True):  # while reading YAML, and while the store is written
        process = subprocess.Popen(
            [sys.executable, "-m", "evcli", "get", "*", "--facts", str(out / "pack")],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=interruptible,
        )
        time.sleep(1)
        until = time.monotonic() + 30
        while writing and not list(cache.glob("*.tmp")) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        printed, told = process.communicate(timeout=60)
        assert (process.returncode, printed, told) == (130, b"", b"")
        left = [path for path in cache.rglob("*") if path.is_file()] if cache.is_dir() else []
        assert [path.name for path in left if not path.name.endswith(".lock")] == []


@posix
def test_a_signal_to_end_leaves_no_half_package(
    tmp_path: Path, environment: dict[str, str], evcli_process: Evcli
) -> None:
    assert evcli_process("exports", "-q").returncode == 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        process = subprocess.Popen(
            [sys.executable, "-m", "evcli", "package", str(tmp_path / "new" / "package"), "-q"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=signals_as_usual,
        )
        until = time.monotonic() + 60
        while not list(tmp_path.glob("new/.*.tmp/*")) and time.monotonic() < until:
            time.sleep(0.005)
        process.send_signal(number)
        process.send_signal(number)  # as "timeout" sends it, once to it and once to its group
        told = process.communicate(timeout=60)
        assert (process.returncode, *told) == (-number, b"", b"")
        assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor checks alone")
@pytest.mark.parametrize("delay", [0, 0.05, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_workers_end_with_the_check_and_say_nothing(
    number: int, delay: float, environment: dict[str, str], evcli_process: Evcli
) -> None:
    assert evcli_process("exports", "-q").returncode == 0
    process, _ = _checking(environment)
    time.sleep(delay)
    process.send_signal(number)
    told = process.communicate(timeout=60)
    assert (process.returncode, *told) == (-number, b"", b"")


@posix
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor checks alone")
def test_what_a_killed_worker_leaves_is_done_all_the_same(
    environment: dict[str, str], evcli_process: Evcli
) -> None:
    whole = evcli_process("check", "-q")
    process, workers = _checking(environment)
    os.kill(workers[0], signal.SIGKILL)
    told = process.communicate(timeout=120)
    assert (process.returncode, *told) == (whole.returncode, whole.stdout, b"")


def _checking(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A check at work, and its workers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "evcli", "check", "-q"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=signals_as_usual,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.kill()
        pytest.skip("this system does not list the children of a process")
    until = time.monotonic() + 60
    while process.poll() is None and not children.read_text() and time.monotonic() < until:
        time.sleep(0.005)
    return process, [int(each) for each in children.read_text().split()]


@posix
def test_what_is_told_to_ignore_a_hangup_goes_on(environment: dict[str, str]) -> None:
    code = "import os, signal; from evcli.__main__ import main; main()"
    line = [sys.executable, "-c", code, "get", NEV, "--period", "2025-05", "--format", "csv"]

    def ignoring() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with subprocess.Popen(
        line, env=environment, stdout=subprocess.PIPE, preexec_fn=ignoring
    ) as process:
        for _ in range(20):
            process.send_signal(signal.SIGHUP)
            time.sleep(0.01)
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"212000" in printed


@posix
def test_completion_says_where_it_cannot_be_printed(environment: dict[str, str]) -> None:
    line = [sys.executable, "-m", "evcli", "--show-completion", "bash"]
    named = environment | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run(
        line, env=named, capture_output=True, check=False, preexec_fn=lambda: os.close(1)
    )
    assert (done.returncode, done.stdout) == (6, b"")
    assert done.stderr == b"evcli: error: cannot write the answer: standard output is closed\n"


def test_a_bug_is_one_line_and_a_traceback_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("seven by nothing")

    monkeypatch.setattr("evcli.query.windows.get_answer", broken)
    assert app.run(["get", NEV]) == 70
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert told.err.startswith("evcli: bug: ZeroDivisionError: seven by nothing; please report it")
    monkeypatch.setenv("EVCLI_DEBUG", "1")
    assert app.run(["get", NEV]) == 70
    told = capsys.readouterr()
    assert told.err.startswith("Traceback (most recent call last):\n")
    assert 'raise ZeroDivisionError("seven by nothing")' in told.err


def test_ctrl_c_inside_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("evcli.query.windows.get_answer", interrupted)
    assert app.run(["get", NEV]) == 130


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version(option: str, evcli_process: Evcli) -> None:
    from evcli.version import __version__

    done = evcli_process(option)
    program, record = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr, program) == (0, b"", f"evcli {__version__}")
    day = r"\d{4}(-\d\d){0,2}"
    told = rf"record [0-9a-f]{{12}} of {day}, newest source {day}, newest figure {day}"
    assert re.fullmatch(told, record)


def test_the_version_names_the_record_it_answers_from(evcli_process: Evcli, tmp_path: Path) -> None:
    pack = tmp_path / "facts.yaml"
    pack.write_text("sources:\n  - {id: one, title: One, outlet: One, published: 2031-02-03}\n")
    alone = evcli_process("--version")
    more = evcli_process("--version", EVCLI_FACTS=str(tmp_path))
    assert b"newest source 2031-02-03" in more.stdout
    assert alone.stdout != more.stdout
    pack.write_text("nonsense")
    broken = evcli_process("--version", EVCLI_FACTS=str(tmp_path))
    assert (broken.returncode, len(broken.stdout.splitlines())) == (0, 1)


def test_the_same_bytes_every_time(evcli_process: Evcli) -> None:
    asked = ("get", "cn.*", "--include-deprecated", "--format", "json")
    outputs = {evcli_process(*asked, PYTHONHASHSEED=seed).stdout for seed in "012"}
    assert len(outputs) == 1
