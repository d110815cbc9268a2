"""docs/cli.md says of every command what its own help says."""

from __future__ import annotations

import difflib
import doctest
import re

import pytest

from evcli.commands import facts
from evcli.commands.app import COMMANDS, run

from ..docs_scripts import script

reference = script("reference")
PAGE: str = reference.PAGE.read_text("utf-8")
NAMES = [
    *(f"evcli {name}" for name in COMMANDS),
    *(f"evcli facts {name}" for name in facts.COMMANDS),
]
SECTION = re.compile(r"^###+ (evcli .*)\n((?:(?!^#).*\n)*)", re.MULTILINE)
SECTIONS = dict(SECTION.findall(PAGE))


def test_the_page_is_what_the_commands_make() -> None:
    made = reference.page()
    differences = difflib.unified_diff(PAGE.splitlines(), made.splitlines(), lineterm="")
    assert made == PAGE, "run python docs/reference.py\n" + "\n".join(differences)


def test_the_page_does_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in ("40", "250"):
        monkeypatch.setenv("COLUMNS", columns)
        assert reference.page() == PAGE


def test_every_command_has_a_section_and_a_line_of_the_contents() -> None:
    assert sorted(SECTIONS) == sorted(NAMES)
    assert re.findall(r"^ *- \[(evcli [^]]+)\]", PAGE, re.MULTILINE) == list(SECTIONS)


@pytest.mark.parametrize("name", NAMES)
def test_a_section_has_every_option_of_the_help_and_no_other(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*name.split()[1:], "--help"]) == 0
    help_ = capsys.readouterr().out
    panels = help_[help_.index("\nUsage:") :]
    offered = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", panels, re.MULTILINE))
    assert _taken(SECTIONS[name]) | {"--help"} == offered


def _taken(section: str) -> set[str]:
    """The options that a section gives to its command, read as a person reads it."""
    rows = re.findall(r"^\| `(?:-\w, )?(--[a-z-]+)", section, re.MULTILINE)
    taken = set(rows)
    line = re.search(r"^Shared options: (.*)\.$", section, re.MULTILINE)
    for part in line[1].split("; ") if line else []:
        group = re.search(r"\]\(#([a-z-]+)\)", part)
        assert group
        named = set(re.findall(r"`(--[a-z-]+)`", part))
        everything = _group(group[1])
        assert named <= everything
        taken |= named if part.startswith("of ") else everything - named
    return taken


def _group(anchor: str) -> set[str]:
    head = anchor.replace("-", " ").capitalize()
    text = PAGE.partition(f"\n### {head}\n")[2].partition("\n#")[0]
    return set(re.findall(r"^\| `(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE))


def test_what_ends_with_1_says_so_and_stands_in_the_topic() -> None:
    topic = re.search(r"^ +1  ((?:.*\n)+?) +2  ", PAGE, re.MULTILINE)
    assert topic
    told = " ".join(topic[1].split())
    ends = re.compile(r"Exit codes\]\(#exit-codes\) of its own, as described above: (.*)\.")
    codes = {name: found[1] for name, text in SECTIONS.items() if (found := ends.search(text))}
    with_1 = {name for name, found in codes.items() if "1" in found.split(", ")}
    assert {"evcli check", "evcli verify", "evcli facts lint"} <= with_1
    assert [name for name in with_1 if name.removeprefix("evcli ") not in told] == []


def test_hidden_options_stay_out() -> None:
    # policy knows --metric, to say that it cannot honour it, and its help leaves it out
    assert "--metric" not in _taken(SECTIONS["evcli policy"])
    assert "--metric" in _taken(SECTIONS["evcli exports"])


def test_nothing_is_read_as_markup() -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`|\*\*[^*]*\*\*", "", PAGE, flags=re.DOTALL)
    assert re.findall(r"<\w|(?<!\\)\*", text) == []
    columns = {
        line.replace(r"\|", "").count("|") for line in PAGE.splitlines() if line.startswith("| ")
    }
    assert columns == {3}


def test_the_examples_of_the_script_are_true() -> None:
    assert doctest.testmod(reference).failed == 0
