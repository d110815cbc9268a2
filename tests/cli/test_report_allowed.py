"""What a report file may ask: one list, so that a stranger's file can do nothing but ask."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evcli.commands import facts
from evcli.commands.app import COMMANDS, build
from evcli.commands.factory import Context, Parameter
from evcli.commands.inside import refusal
from evcli.query import windows
from tests.cli.test_contract import EVERY
from tests.seeds import SEEDS

ALLOWED = tomllib.loads(
    (Path(__file__).parents[2] / "evcli/reports/allowed.toml").read_text("utf-8")
)
NEV = "cn.exports.nev.caam"
# words of a command's own help by which an option names a file, reads a stream or prints a text
NAMES_FILES = ("FILE", "DIR", "FILE.json", "FORMATS", "STYLE", "FORMAT", "FIELDS")


def options_of(name: str) -> Iterator[Parameter]:
    root = Context(build(), info_name="evcli")
    made: Any = root.command
    command = made.get_command(root, name)
    yield from command.get_params(Context(command, root, name))


def test_every_command_and_option_is_listed_or_refused() -> None:
    asked = 0
    for name in COMMANDS:
        listed = ALLOWED["commands"].get(name)
        if listed is None:
            assert refusal([name]) == name
        for option in options_of(name):
            allowed = listed is not None and option.name in {*listed, *ALLOWED["shared"]}
            if allowed:
                assert option.metavar not in NAMES_FILES, (name, option.name)
            for spelt in option.opts if option.param_type_name == "option" else ():
                value = [] if getattr(option, "is_flag", False) else ["x"]
                joined = spelt + "".join(value) if len(spelt) == 2 else "=".join([spelt, *value])
                for line in ([name, spelt, *value], [name, "a word", joined], [name, joined]):
                    assert bool(refusal(line)) is not allowed, line
                asked += 1
    assert asked > 300


def test_the_list_names_nothing_that_is_not_there() -> None:
    assert ALLOWED["commands"].keys() <= COMMANDS.keys()
    everywhere: set[str | None] = set()
    for name, own in ALLOWED["commands"].items():
        names = {each.name for each in options_of(name)}
        assert set(own) <= names, name
        everywhere |= names
    assert set(ALLOWED["shared"]) <= everywhere


REFUSED = [
    "report policy -o notes.md",
    "-- report policy -o notes.md",
    "-- -- report policy -o notes.md",
    "report mine.yaml",
    "evcli report mine.yaml",
    *(f"facts {name} x" for name in facts.COMMANDS),
    "-- facts add nev exports 2025 5 x://y",
    "package written",
    "-- package written cn.exports.nev.caam",
    "verify --texts .",
    "claim --file mine.yaml",
    "cite cn.exports.nev.caam@2025-05",
    "help",
    "--install-completion bash",
    "--show-completion bash",
    "--version",
    "-V",
    "--help",
    "-h",
    "--version get x",
    "get --help",
    "get -h",
    "get -qh x",
    "get x -o written.csv",
    "get x -owritten.csv",
    "get x -qo written.csv",
    "get x --out=written.csv",
    "nev exports -o written.csv",
    "get x --facts .",
    "get x --json",
    "get x -- -o",
    "trend x --chart written.svg",
    "changes --since 2026",
    "sources --style bibtex",
    "sources seed-001 --style=bibtex",
    "evcli",
    "evcli --",
]


@pytest.mark.parametrize("command", REFUSED)
def test_what_is_not_listed_is_refused_with_its_place(
    command: str, tmp_path: Path, evcli_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.md").write_text("precious")
    Path("mine.yaml").write_text(f'title: T\nsections:\n- heading: H\n  command: "{command}"\n')
    done = evcli_run("report", "mine.yaml", *SEEDS, "-o", "page.md", HOME=str(tmp_path))
    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (5, b""), told
    assert told.startswith("mine.yaml:4:12: "), told
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mine.yaml", "notes.md"]
    assert Path("notes.md").read_text() == "precious"


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (f"get {NEV} --ou written.csv", 2, "no such option: --ou"),
        (f"get {NEV} -o", 2, "option '-o' requires an argument"),
        ("get -- ", 5, "-- has no place"),
        (f"get {NEV} --limit none", 2, "'none' is not a valid int"),
        ("explain", 2, "missing argument"),
        ("ask -", 2, "ask whom or what"),
        ("find", 2, "missing argument"),
        ("get no.such.series", 3, "no series named 'no.such.series'"),
        (f"total {NEV}@2025-05 cn.exports.all.caam@2025-05", 4, "scope"),
    ],
)
def test_a_section_that_fails_fails_the_report_with_its_line(
    command: str, code: int, said: str, tmp_path: Path, evcli_run: Any
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f'title: T\nsections:\n- heading: Lost\n  command: "{command}"\n')
    done = evcli_run("report", str(path), *SEEDS)
    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (code, b""), told
    assert "mine.yaml:4:12: " in told
    assert said in told.replace("\n  ", " "), told
    if code != 5:
        assert "mine.yaml:4:12: Lost: " in told


def test_a_figure_that_is_not_known_is_named_with_its_place(tmp_path: Path, evcli_run: Any) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: T\nfigures: [{NEV}@2025-05, no.such.series@2025]\n")
    done = evcli_run("report", str(path), *SEEDS)
    assert done.returncode == 3
    # behind "figures: [", the id, a comma and a space: 10 + 27 + 2, so column 40
    assert "mine.yaml:2:40: no id named" in done.stderr.decode()


def test_every_listed_command_answers_with_rows_and_prints_nothing(
    tmp_path: Path, evcli_run: Any
) -> None:
    sections = []
    for name in ALLOWED["commands"]:
        words = EVERY[name]
        if "--format" in words:
            words = words[: words.index("--format")]
        sections.append(f"- {{heading: {name}, command: {json.dumps(shlex.join([name, *words]))}}}")
    path = tmp_path / "mine.yaml"
    path.write_text("title: T\nsections:\n" + "\n".join(sections) + "\n")
    page = tmp_path / "page.md"
    done = evcli_run("report", str(path), *SEEDS, "-o", str(page))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    told = re.findall(r"^`evcli (\w+) ", page.read_text("utf-8"), re.M)
    assert told[: len(sections)] == list(ALLOWED["commands"])


def test_what_a_file_asks_stays_code_in_markdown(tmp_path: Path, evcli_run: Any) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        """title: T
sections:
- {heading: H, command: "find 'byd `<script>`'"}
- {heading: H, command: "find 'byd \\n\\n<script>'"}
"""
    )
    page = evcli_run("report", str(path), *SEEDS).stdout.decode()
    assert "\n``` evcli find 'byd `<script>`' --facts " in page
    assert "\n`evcli find 'byd   <script>' --facts " in page  # a line end is a space


def test_a_stale_acknowledgement_is_no_matter_of_a_report(tmp_path: Path, evcli_run: Any) -> None:
    fact = f"{NEV}@2025-05#seed-001"
    (tmp_path / "a.yaml").write_text(
        f"acknowledged: [{{facts: ['{fact}'], verdict: revision, reason: of yore}}]\n"
    )
    path = tmp_path / "report" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(f"title: T\nsections: [{{heading: H, command: check {NEV}}}]\n")
    packs = [*SEEDS, "--facts", str(tmp_path / "a.yaml")]
    alone = evcli_run("check", NEV, *packs)
    assert alone.returncode == 1
    assert b"does not occur" in alone.stderr
    done = evcli_run("report", str(path), *packs)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupt_within_a_section_ends_the_report(
    tmp_path: Path, evcli_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(windows, "get_answer", interrupted)
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: T\nsections: [{{heading: H, command: get {NEV}}}]\n")
    done = evcli_run("report", str(path), *SEEDS)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
