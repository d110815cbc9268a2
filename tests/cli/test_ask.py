"""``evcli ask -``: each line as if typed after evcli, one JSON object a line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.seeds import SEEDS

MAY = "get cn.exports.nev.caam --period 2025-05"
Ask = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture(scope="module")
def ask(environment: dict[str, str]) -> Ask:
    """Ask lines of a process of its own: its exit code, its objects, what it said on stderr."""

    def run(text: str | bytes, *options: str) -> tuple[int, list[dict[str, Any]], str]:
        done = subprocess.run(
            [sys.executable, "-m", "evcli", "ask", "-", *options],
            input=text.encode() if isinstance(text, str) else text,
            env=environment,
            capture_output=True,
            check=False,
            timeout=120,
        )
        return done.returncode, [*map(json.loads, done.stdout.splitlines())], done.stderr.decode()

    return run


LINES = f"""
{MAY}
# a comment has no answer
evcli exports chrey
total cn.exports.nev.caam@2025-05 cn.exports.all.caam@2025-05
share cn.exports.nev.caam cn.exports.all.caam --period 2025-05 --fields id,value --json
get "cn.exports
get x --no-such-option
比亚迪 2025
"""


def test_each_line_has_an_object_in_order(ask: Ask) -> None:
    code, found, told = ask(LINES, *SEEDS)
    assert (code, told) == (1, "")
    assert [(each["line"], each["exit"]) for each in found] == [
        (2, 0),
        (4, 3),  # nothing goes by that name
        (5, 4),  # not comparable
        (6, 0),
        (7, 2),
        (8, 2),
        (9, 0),
    ]
    may, chrey, total, share, quotes, option, byd = found
    assert may["asked"] == MAY
    # "212,000" of CAAM's release of May 2025
    assert [(row["value"], row["low"], row["high"]) for row in may["rows"]] == [
        (212_000, 211_500, 212_500)
    ]
    assert {each["id"] for each in may["sources"]} == set(may["rows"][0]["sources"])
    assert "Chery" in chrey["hint"]
    assert total["fields"] == ["scope"]
    assert "--accept scope" in total["hint"]
    assert [*share["rows"][0]] == ["id", "value"]
    # 212 of 551 thousand are 38.4754990926 %
    assert share["rows"][0]["value"] == 38.4754990926
    assert quotes["hint"] == "close the quotes"
    assert "no such option: --no-such-option" in option["error"]
    assert byd["rows"]


def test_rows_are_those_of_the_command(ask: Ask, evcli_run: Any) -> None:
    for asked in (MAY, "exports 2025", "plants hungary", "compare byd saic 2024-2025"):
        (_, [answered], _) = ask(asked, *SEEDS)
        alone = evcli_run(*asked.split(), *SEEDS, "--json", "-q")
        assert answered["rows"] == json.loads(alone.stdout), asked


@pytest.mark.parametrize(
    "line",
    [
        "report exports",
        "package written",
        "facts add nev exports 2025 5 x://y",
        "facts import table.csv",
        "verify --texts .",
        "cite cn.exports.nev.caam@2025-05",
        "mcp",
        "help",
        "ask -",
        "--version",
        "get x --help",
        f"{MAY} -o written.csv",
        f"{MAY} -qo written.csv",
        f"{MAY} --facts .",
        "trend cn.exports.nev.caam --chart written.svg",
        f"{MAY} -- -o written.csv",
    ],
)
def test_what_writes_or_is_no_question_is_refused(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evcli_lines: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    code, (answered,) = evcli_lines(line, *SEEDS)
    assert (code, answered["exit"]) == (1, 2)
    assert answered["error"]
    assert "rows" not in answered
    assert [*tmp_path.iterdir()] == []


@pytest.fixture
def evcli_lines(evcli_run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The same in this process."""

    def run(text: str, *options: str) -> tuple[int, list[dict[str, Any]]]:
        file = tmp_path.with_name(f"{tmp_path.name}-lines")
        file.write_text(text)
        monkeypatch.setattr("os.devnull", str(file))  # which stands for standard input here
        done = evcli_run("ask", "-", *options)
        return done.returncode, [*map(json.loads, done.stdout.splitlines())]

    return run


def test_a_finding_is_an_answer_and_shows_in_the_exit_code(
    evcli_lines: Any, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(
        """sources:
- {id: one, title: One, outlet: CAAM, publisher: caam, published: 2015-06-10}
- {id: two, title: Two, outlet: CAAM, publisher: caam, published: 2015-06-10}
series:
- id: cn.exports.nev.caam
  facts:
  - {period: 2015-05, stated: "123,000", source: one, at: p1}
  - {period: 2015-05, stated: "456,000", source: two, at: p1}
"""
    )
    found = "check cn.exports.nev.caam\nget cn.exports.nev.caam --period 2015-05"
    code, (check, get) = evcli_lines(found, *SEEDS, "--facts", str(tmp_path))
    assert (code, check["exit"], get["exit"]) == (1, 1, 0)
    assert [row["verdict"] for row in check["rows"]] == ["contradiction"]
    assert [row["value"] for row in get["rows"]] == [123_000, 456_000]  # rivals


def test_options_that_print_have_no_place_before_the_lines(evcli_run: Any) -> None:
    for option in (["--csv"], ["--year", "2025"], ["--limit", "2"], ["-o", "a.json"]):
        done = evcli_run("ask", "-", *option)
        assert (done.returncode, done.stdout) == (2, b""), option
        assert b"fact files" in done.stderr


def test_wrong_fact_files_are_told_of_every_line(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("facts: [\n")
    code, found, _ = ask(f"{MAY}\n{MAY}\n", "--facts", str(tmp_path))
    assert (code, [each["exit"] for each in found]) == (1, [5, 5])


def test_bytes_that_are_no_text_and_marks_of_windows_are_read(ask: Ask) -> None:
    code, found, _ = ask(b"\xef\xbb\xbf" + MAY.encode() + b"\r\nexports \xff\r\n", *SEEDS)
    assert (code, [each["exit"] for each in found]) == (1, [0, 3])
    assert found[1]["asked"] == "exports �"


def test_an_answer_comes_before_the_next_question(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "evcli", "ask", "-", *SEEDS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdin
        assert process.stdout
        for number in (1, 2):
            process.stdin.write(f"{MAY}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["line"] == number
        process.stdin.close()
        assert process.wait(60) == 0


def test_twenty_questions_cost_little_more_than_one(ask: Ask) -> None:
    def seconds(lines: int) -> float:
        begun = time.perf_counter()
        code, found, _ = ask(f"{MAY}\n" * lines, *SEEDS)
        assert (code, len(found)) == (0, lines)
        return time.perf_counter() - begun

    one = min(seconds(1), seconds(1))
    assert min(seconds(20), seconds(20)) < 4 * one  # twenty processes take twenty times as long
