"""Every example in every help text runs, and every help text fits."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from evcli.commands import facts
from evcli.commands.app import COMMANDS, run
from tests.seeds import quickly

WORDS = [[], *([name] for name in COMMANDS), *(["facts", name] for name in facts.COMMANDS)]
WIDEST = 100
WHOLE_AUDIT = {"evcli check"}  # tests/audit/test_built_in.py runs it, once
# these need the sources' texts, files of the reader's own, or a program that asks
NEEDS_FILES = ("evcli mcp", "my-", "draft", "new.yaml", "figures.", "--texts", ".json", " -o ")


def help_of(words: list[str], option: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run([*words, option]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def examples(text: str) -> Iterator[str]:
    for line in text.partition("\n\n")[0].splitlines()[1:]:
        yield line.strip()


def test_each_command_has_its_examples_once_and_nothing_else_has() -> None:
    text = (Path(facts.__file__).parent / "examples.txt").read_text("utf-8")
    heads = [line.removesuffix(":") for line in text.splitlines() if not line.startswith("  ")]
    assert sorted(filter(None, heads)) == sorted(" ".join(["evcli", *words]) for words in WORDS)


@pytest.mark.parametrize("words", WORDS, ids=lambda words: " ".join(words) or "evcli")
def test_help_starts_with_examples_and_fits(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    text = help_of(words, "--help", capsys)
    assert text.startswith("Examples:\n  evcli ")
    assert help_of(words, "-h", capsys) == text
    body = text.partition("\n\n")[2].splitlines()
    assert [line for line in body if len(line) > WIDEST] == []
    usage = body[0]
    assert usage.startswith(" ".join(["Usage: evcli", *words]))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(words, marks=[pytest.mark.whole_record] if words == ["check"] else [])
        for words in WORDS
    ],
    ids=lambda words: " ".join(words) or "evcli",
)
def test_the_examples_of_the_help_run(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    shown = list(examples(help_of(words, "--help", capsys)))
    assert shown
    for example in shown:
        if example in WHOLE_AUDIT or any(sign in example for sign in NEEDS_FILES):
            continue
        program, *arguments = shlex.split(example)
        assert program == "evcli"
        code = run(quickly(arguments))
        told = capsys.readouterr()
        found = (
            (1,) if words in (["check"], ["claim"], ["verify"]) else ()
        )  # findings are an answer, too
        assert code in (0, *found), (example, told.err)
        assert told.out
