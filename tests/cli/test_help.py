"""The help of every command, the topics, and what a bare evcli shows."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from evcli.commands import facts, help
from evcli.commands.app import COMMANDS, run
from tests.seeds import quickly

LINES, COLUMNS = 40, 78
SCREEN_LINES = 24
EVERY_COMMAND = [
    *([name] for name in COMMANDS),
    *(["facts", name] for name in facts.COMMANDS),
]
WELCOME = Path(facts.__file__).with_name("welcome.txt").read_text("utf-8")
QUESTIONS = re.findall(r"^([A-Z].*\?)  +(evcli .*)$", WELCOME, re.MULTILINE)


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    assert run(list(arguments)) == code
    captured = capsys.readouterr()
    return captured.out, captured.err


def commands_in(text: str) -> Iterator[list[str]]:
    """Every example of a text: lines that begin with evcli, continued by a backslash."""
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if line.startswith("  evcli ") and not re.search(r"evcli (help )?[A-Z]{2}", line):
            yield shlex.split(re.split(r"\s{3,}", line.strip())[0])[1:]


@pytest.mark.parametrize("topic", help.TOPICS)
def test_a_topic_fits_on_a_screen(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys, "help", topic)
    lines = out.splitlines()
    assert err == ""
    assert lines[0].startswith(f"{topic.upper().replace('-', ' ')}: ")
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("topic", help.TOPICS)
def test_the_examples_of_a_topic_work(
    topic: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = help.topic_text(topic)
    monkeypatch.chdir(tmp_path)  # some write files
    if topic == "reports":  # and read the one that the text shows
        shown = text[text.index("  title:") : text.index("A command is")]
        (tmp_path / "mine.yaml").write_text(textwrap.dedent(shown), encoding="utf-8")
    examples = list(commands_in(text))
    assert examples
    for arguments in examples:
        told(capsys, *quickly(arguments))


def test_every_text_is_a_topic() -> None:
    files = {path.stem for path in help._TEXTS.glob("*.txt")}
    assert files == set(help.TOPICS)


def test_help_lists_the_topics(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = told(capsys, "help")
    assert [line.split()[0] for line in out.splitlines() if line.startswith("  ")] == list(
        help.TOPICS
    )


def test_an_unknown_topic_is_answered_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out, err = told(capsys, "help", "bonds", code=2)
    assert out == ""
    assert "unknown topic or command 'bonds'; valid: formats, periods, bounds" in err


def test_help_goes_as_deep_as_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    _, err = told(capsys, "help", "facts", "lst", code=2)
    assert "unknown command of facts 'lst'; valid: lint, list, add, import, schema, path" in err
    _, err = told(capsys, "help", "get", "more", code=2)
    assert "get has no commands of its own; evcli help get" in err


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
def test_help_of_a_command_is_its_help(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    by_option, _ = told(capsys, *words, "--help")
    by_command, _ = told(capsys, "help", *words)
    assert by_command == by_option
    assert by_option.startswith("Examples:\n  evcli ")
    assert "\nUsage: evcli " + " ".join(words) in by_option


@pytest.mark.parametrize(
    "words", [word for word in EVERY_COMMAND if word != ["facts"]], ids=" ".join
)
def test_the_first_example_of_a_command_is_of_that_command(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = told(capsys, *words, "--help")
    examples = out.partition("\n\n")[0].splitlines()[1:]
    assert examples
    for place, example in enumerate(examples):
        said = shlex.split(example)
        short = words == ["ask"] and place > 0 and said[1] not in COMMANDS  # ask may be left out
        assert short or said[: len(words) + 1] == ["evcli", *words]


def test_a_bare_evcli_shows_what_one_can_ask(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys)
    assert err == ""
    lines = out.splitlines()
    assert len(lines) <= SCREEN_LINES
    assert max(map(len, lines)) <= 80
    asked = [line for line in lines if re.match(r"[A-Z].*\?  +evcli ", line)]
    assert len(asked) == len(QUESTIONS) == 5
    groups: dict[str, list[str]] = {}
    for name, (_, heading, _) in COMMANDS.items():
        groups.setdefault(heading, []).append(name)
    for heading, names in groups.items():
        (line,) = (each for each in lines if each.startswith(f"{heading}  "))
        assert line.removeprefix(heading).split() == names


def test_the_help_has_a_line_for_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = told(capsys, "--help")
    assert err == ""
    assert len(out.splitlines()) <= 52
    listed = out[out.index("\nLook up:") :].splitlines()
    assert [line.split()[0] for line in listed if line.startswith("  ")] == list(COMMANDS)


@pytest.mark.parametrize(("question", "answer"), QUESTIONS, ids=lambda text: text[:40])
def test_every_question_has_an_answer(
    question: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert question.endswith("?")
    out, _ = told(capsys, *shlex.split(answer)[1:])
    assert len(out.splitlines()) > 1


def test_the_topics_say_what_the_code_does(capsys: pytest.CaptureFixture[str]) -> None:
    from evcli.diagnostics import ExitCode
    from evcli.query.rows import FIGURE_COLUMNS
    from evcli.render import FORMATS

    codes = re.findall(r"^ +(\d+)  ", help.topic_text("exit-codes"), re.MULTILINE)
    assert [int(code) for code in codes] == [code.value for code in ExitCode]
    formats = help.topic_text("formats")
    assert [name for name in FORMATS if not re.search(rf"^  .*\b{name}\b", formats, re.M)] == []
    fields = formats[formats.index("Fields of a figure") :]
    assert [
        each.name for each in FIGURE_COLUMNS if not re.search(rf"\b{each.name}\b", fields)
    ] == []


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        line
        for line in (
            re.findall(
                r"^  (\S.*?)  +(\S.*?)  +(\S.*?)(?:  +exact)?$",
                help.topic_text("bounds"),
                re.MULTILINE,
            )
        )
        if line[0] not in ("written",)
    ],
)
def test_the_bounds_in_the_topic_are_true(written: str, low: str, high: str) -> None:
    from fractions import Fraction

    from evcli.model.vocabulary import Unit, UnitKind
    from evcli.text.stated import parse_change, parse_stated

    kinds = {"$": ("USD", UnitKind.MONEY), "half": ("percent", UnitKind.PERCENT)}
    kind = next((kinds[sign] for sign in kinds if sign in written), ("vehicles", UnitKind.COUNT))
    text, _, counted = written.partition(", counted in ")
    fine = Fraction(1000) if counted or "2.49" in text else None
    if text.endswith("%"):
        bounds = parse_change(text).bounds
    else:
        unit = Unit(kind[0], kind[0], kind[1], (kind[0],))
        bounds = parse_stated(text, unit, precision=fine, words={"vehicles": "vehicles"}).bounds

    def number(end: str) -> Fraction | None:
        if end == "open":
            return None
        scale = 10**9 if end.endswith(" bn") else 1
        return Fraction(re.sub(r"[ ,%]|bn", "", end)) * scale

    assert (bounds.low, bounds.high) == (number(low), number(high))
