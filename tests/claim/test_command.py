"""``evcli claim``: texts, what is left out, formats and exit codes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.seeds import SEEDS

Evcli = Callable[..., Any]
RIGHT = "China exported 551,000 vehicles in May 2025, according to CAAM."
PACK = """\
sources:
  - {{id: paper, title: A paper, outlet: Paper, url: "https://paper.example/may", origin: release,
     published: 2025-06-20, file: paper.txt, sha256: {digest}}}
  - {{id: copy, title: The same, outlet: Other paper, origin: release}}
  - {{id: release, title: The release, outlet: Office}}
  - {{id: apart, title: Counted anew, outlet: Third paper}}
series:
  - id: cn.exports.all.caam
    facts:
      - {{period: 2025-05, stated: "551,000", source: paper, at: p1}}
      - {{period: 2025-05, stated: "551,000", source: copy, at: p1}}
      - {{period: 2025-04, stated: "517,000", source: copy, at: p1}}
      - {{period: 2025-04, stated: "517,000", source: release, at: p1}}
      - {{period: 2025-03, stated: "507,000", source: apart, at: p1}}
"""


@pytest.fixture
def pack(tmp_path: Path) -> tuple[str, ...]:
    """Four sources, of which two repeat a third, and the text of the first."""
    text = "CAAM: China exported 551,000 vehicles in May.\n"
    (tmp_path / "paper.txt").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (tmp_path / "pack.yaml").write_text(PACK.format(digest=digest), encoding="utf-8")
    return ("--no-builtin", "--facts", str(tmp_path / "pack.yaml"))


def rows(process: Any) -> list[dict[str, Any]]:
    """The rows of an answer in JSON."""
    found: list[dict[str, Any]] = json.loads(process.stdout)
    return found


def marks(process: Any) -> list[str]:
    """The marks of an answer in JSON."""
    return [row["mark"] for row in rows(process)]


def test_a_sentence_needs_no_quotes_and_exits_1_where_it_is_contradicted(evcli_run: Evcli) -> None:
    right = evcli_run("claim", *RIGHT.split(), *SEEDS, "--json")
    assert (right.returncode, marks(right), right.stderr) == (0, ["supported"], b"")
    wrong = evcli_run("claim", RIGHT.replace("551", "557"), *SEEDS, "--json")
    assert (wrong.returncode, marks(wrong)) == (1, ["contradicted"])


def test_on_a_screen_stand_the_numbers_their_marks_and_what_would_hold(evcli_run: Evcli) -> None:
    process = evcli_run("claim", RIGHT.replace("551", "557"), *SEEDS)
    lines = process.stdout.decode().splitlines()
    assert lines[0] == "1 contradicted"
    assert lines[2].split("  ")[0] == "number"
    text = " ".join(process.stdout.decode().split())
    assert "came to 551,000 vehicles in May 2025" in text
    assert "[550,500 to 551,500; seed-001]" in text
    assert len(lines) <= 24


@pytest.mark.parametrize("format", ["csv", "jsonl", "markdown"])
def test_every_format_has_the_marks(format: str, evcli_run: Evcli) -> None:
    process = evcli_run("claim", RIGHT, *SEEDS, "--format", format)
    assert process.returncode == 0
    assert b"supported" in process.stdout


def test_without_its_source_nothing_supports_a_sentence(evcli_run: Evcli) -> None:
    process = evcli_run("claim", RIGHT, *SEEDS, "--not-from", "seed-001", "--json")
    assert marks(process) == ["not in the record"]
    assert process.stderr == b"evcli: note: left out as its own support: seed-001\n"
    unknown = evcli_run("claim", RIGHT, *SEEDS, "--not-from", "seed-999", "--json")
    assert unknown.returncode == 3


def test_a_text_never_supports_itself_nor_do_copies_of_its_origin(
    pack: tuple[str, ...], tmp_path: Path, evcli_run: Evcli
) -> None:
    by_digest = evcli_run("claim", "--file", str(tmp_path / "paper.txt"), *pack, "--json")
    assert marks(by_digest) == ["not in the record"]  # May rests on the text and a copy
    assert b"left out as its own support: paper" in by_digest.stderr
    draft = tmp_path / "draft.md"
    sentence = "China exported {} vehicles in {} 2025, CAAM said.\n\n"
    said = [("551,000", "May"), ("517,000", "April"), ("507,000", "March")]
    draft.write_text(
        "See https://paper.example/may\n\n" + "".join(sentence.format(*each) for each in said)
    )
    by_address = rows(evcli_run("claim", "--file", str(draft), *pack, "--json"))
    assert [(row["at"], row["mark"], row.get("sources")) for row in by_address] == [
        ("p2", "not in the record", []),  # nothing else has May
        ("p3", "supported", ["release"]),  # the original is no copy
        ("p4", "supported", ["apart"]),
    ]


def test_the_year_of_a_text_that_is_known_is_that_of_its_card(
    pack: tuple[str, ...], tmp_path: Path, evcli_run: Evcli
) -> None:
    named = evcli_run("claim", "--file", str(tmp_path / "paper.txt"), *pack, "--json")
    assert rows(named)[0]["why"] == "nothing is recorded"  # and not: of which year?
    (tmp_path / "other.txt").write_text("CAAM: China exported 507,000 vehicles in March.")
    other = ["claim", "--file", str(tmp_path / "other.txt"), *pack, "--json"]
    assert "which year" in rows(evcli_run(*other))[0]["why"]
    assert marks(evcli_run(*other, "--year", "2025")) == ["supported"]


def test_stdin_is_a_text(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "evcli", "claim", "--file", "-", *SEEDS, "--json"]
    text = f"Draft\n\n{RIGHT}\n".encode()
    process = subprocess.run(
        command, input=text, env=environment, capture_output=True, check=False, timeout=60
    )
    assert [(row["at"], row["mark"]) for row in rows(process)] == [("p2", "supported")]


def test_nothing_to_hold_is_an_empty_answer(evcli_run: Evcli) -> None:
    process = evcli_run("claim", "China exported many vehicles.", *SEEDS, "--csv", "--fail-empty")
    assert process.returncode == 1
    assert b"no number" in process.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), b"a sentence or a file?"),
        (("words", "--file", "x"), b"a sentence or a file?"),
        (("draft.md",), b"--file FILE"),  # else the name of a text would hold, without a number
        (("--file", "/no/such/draft.md"), b"/no/such/draft.md: "),
        (("--file", "/dev/zero"), b"not a regular file"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    arguments: tuple[str, ...], said: bytes, evcli_run: Evcli
) -> None:
    process = evcli_run("claim", *arguments, *SEEDS)
    assert (process.returncode, process.stdout) == (2, b"")
    assert said in process.stderr


def test_a_text_that_is_no_utf_8_says_where(tmp_path: Path, evcli_run: Evcli) -> None:
    (tmp_path / "draft.md").write_bytes(b"5 \xe9")
    process = evcli_run("claim", "--file", str(tmp_path / "draft.md"), *SEEDS)
    assert process.returncode == 2
    assert b"draft.md: " in process.stderr


def test_a_text_that_is_too_large_is_called_that_wherever_it_is_cut(
    environment: dict[str, str], tmp_path: Path, evcli_run: Evcli
) -> None:
    text = ("a" + "数" * 70_000).encode()  # its 200,001st byte is inside a sign
    asked = [sys.executable, "-m", "evcli", "claim", "--file", "-"]
    done = subprocess.run(asked, input=text, capture_output=True, env=environment)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"evcli: error: -: larger than 200,000 bytes; hold it in parts\n"
    (tmp_path / "large.txt").write_bytes(text)
    file = evcli_run("claim", "--file", str(tmp_path / "large.txt"))
    assert file.returncode == 2
    assert b"large.txt: larger than 200,000 bytes; " in file.stderr
