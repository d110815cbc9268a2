"""Every command in every format, byte for byte as in ``output/`` and ``transcripts/``.

``output/`` asks the seeds alone, ``transcripts/`` an invented record, so the files change only
when the output does. To write them anew: ``python tests/golden/write.py``; read what changed
before you commit it.
"""

from __future__ import annotations

import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from evcli.render import FORMATS
from tests.golden.cases import (
    COMMANDS,
    FOLDER,
    TRANSCRIPT_FOLDER,
    TRANSCRIPTS,
    WITH_CHARTS,
    arguments,
    golden_file,
    transcript_file,
)
from tests.golden.run import EVERY_COMMAND, ask, transcript

# what answers with no rows, and so in no format
NO_ROWS = {
    "mcp",
    "help",
    "cite",
    "report",
    "facts",
    "facts add",
    "facts import",
    "facts path",
    "facts schema",
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_what_it_was(
    name: str, format_: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    printed = ask(arguments(name, format_))
    assert printed.err == b""
    assert printed.code == 0
    assert printed.out == golden_file(name, format_).read_bytes()


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_transcript_is_what_it_was(name: str) -> None:
    if name in WITH_CHARTS and find_spec("vl_convert") is None:
        pytest.skip("the extra that draws is not installed")
    shown = transcript(TRANSCRIPTS[name])
    # lines, for the sake of what pytest says where they differ
    assert shown.split("\n") == transcript_file(name).read_bytes().decode().split("\n")


def test_no_golden_file_is_left_over() -> None:
    known = {golden_file(name, format_) for name in COMMANDS for format_ in FORMATS}
    assert set(FOLDER.iterdir()) == known
    assert set(TRANSCRIPT_FOLDER.iterdir()) == {transcript_file(name) for name in TRANSCRIPTS}


def asked(command: str) -> list[list[str]]:
    """The lines of all transcripts that ask *command* for an answer, as words."""
    lines = [shlex.split(line) for lines in TRANSCRIPTS.values() for line in lines]
    answers = [words[words.index("evcli") + 1 :] for words in lines]
    name = command.split()
    return [words for words in answers if words[: len(name)] == name and "--help" not in words]


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_every_command_has_a_golden_case(command: str) -> None:
    assert asked(command)


@pytest.mark.parametrize("command", sorted({*EVERY_COMMAND} - NO_ROWS))
def test_every_command_that_answers_with_rows_has_one_in_each_format(command: str) -> None:
    named = {
        words[words.index("--format") + 1] if "--format" in words else "table"
        for words in asked(command)
    }
    assert named >= set(FORMATS)


def test_every_exit_code_that_a_command_line_can_bring_about_is_there() -> None:
    codes = {
        line.removeprefix("exit ")
        for name in TRANSCRIPTS
        for line in transcript_file(name).read_text("utf-8").splitlines()
        if line.startswith("exit ")
    }
    assert codes == {"0", "1", "2", "3", "4", "5"}
