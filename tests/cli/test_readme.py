"""What the pages of the documentation show is what comes out."""

from __future__ import annotations

import difflib
import doctest
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest import mock

import pytest

from ..docs_scripts import script

ROOT = Path(__file__).parents[2]
SETUP = (
    "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/evcli exports --year 2025",
    'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/pytest',
)


refresh = script("refresh")
PAGES: list[Path] = refresh.pages()


@pytest.fixture(scope="module", autouse=True)
def _a_command_is_run_once() -> Iterator[None]:
    """The same commands stand on several pages, and the tour is looked at in two ways."""
    screen, shown = refresh.screen, {}

    def once(arguments: Sequence[str]) -> str:
        if tuple(arguments) not in shown:
            shown[tuple(arguments)] = screen(arguments)
        return str(shown[tuple(arguments)])

    with mock.patch.object(refresh, "screen", once):
        yield


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_examples_are_true(page: Path) -> None:
    old = page.read_text("utf-8")
    new = refresh.refreshed(old)
    differences = "\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm=""))
    assert not differences, f"run python docs/refresh.py\n{differences}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_to_headings_lead_to_one(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text("utf-8"))
    lost = [
        f"{name}#{anchor}"
        for name, anchor in links
        if anchor not in anchors(page.parent / name if name else page)
    ]
    assert lost == []


def anchors(page: Path) -> list[str]:
    """What the headings of a page are called in links, as GitHub has it."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return [re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads]


def test_every_answer_of_the_tour_is_made_and_none_is_written() -> None:
    tour = (ROOT / "docs" / "tour.md").read_text("utf-8")
    fences = re.findall(r"^```(.*)$", tour, re.MULTILINE)
    assert set(fences[::2]) == {"console"}
    assert set(fences[1::2]) == {""}
    asked = list(refresh.commands(tour))
    assert [command for command in asked if not command.startswith("evcli ")] == []
    assert len(asked) >= fences.count("console")
    # every answer is run again: with all of them taken out, the same page comes back
    emptied = re.sub(r"^(\$ (?:.*\\\n)*.*\n)(?:(?!\$ |```).*\n)*", r"\1", tour, flags=re.MULTILINE)
    assert len(emptied) < len(tour) / 4
    assert refresh.refreshed(emptied) == tour


def test_the_tour_answers_each_question_of_its_contents_in_order() -> None:
    tour = (ROOT / "docs" / "tour.md").read_text("utf-8")
    contents = re.findall(r"^- \[(.*)\]\(#(.*)\)$", tour, re.MULTILINE)
    heads = re.findall(r"^## (.*)$", tour, re.MULTILINE)
    assert [question for question, _ in contents] == heads
    sections = tour.split("\n## ")[1:]
    assert [section.splitlines()[0] for section in sections if "\n$ evcli " not in section] == []


def test_the_python_of_the_readme_runs() -> None:
    pytest.importorskip("pandas")
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    test = doctest.DocTestParser().get_doctest("".join(blocks), {}, "README.md", "README.md", 0)
    assert test.examples
    said: list[str] = []
    doctest.DocTestRunner().run(test, out=said.append)
    assert "".join(said) == ""


def test_the_readme_shows_six_answers() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(list(refresh.commands(readme))) >= 6


@pytest.mark.parametrize("command", SETUP)
def test_the_readme_has_the_set_up_commands(command: str) -> None:
    assert f"\n{command}\n" in (ROOT / "README.md").read_text("utf-8")


def test_the_readme_is_read_in_three_minutes() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    prose = re.sub(r"^```.*?^```$", "", readme, flags=re.MULTILINE | re.DOTALL)
    assert 300 < len(prose.split()) <= 700  # at four words a second


def test_the_page_for_scripts_has_every_exit_code() -> None:
    from evcli.diagnostics import ExitCode

    page = (ROOT / "docs" / "scripts.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) +\| ", page, re.MULTILINE)
    assert [int(row) for row in rows] == [code.value for code in ExitCode]


def test_an_example_that_is_not_true_is_noticed() -> None:
    page = "```console\n$ evcli --help\nnothing\n```\n"
    assert "nothing" not in refresh.refreshed(page)
    other = "```console\n$ cat figures.csv\nnothing\n```\n"
    assert refresh.refreshed(other) == other


FACTS_README = ROOT / "facts" / "README.md"


def test_the_examples_of_the_curators_page_lint_clean(tmp_path: Path) -> None:
    from evcli.commands.app import run

    page = FACTS_README.read_text("utf-8")
    blocks = re.findall(r"^ *```yaml\n(.*?)^ *```$", page, re.M | re.S)
    assert len(blocks) == 3  # a figure; an acknowledged finding; measures and a plant
    for number, block in enumerate(blocks):
        (tmp_path / f"{number}.yaml").write_text(textwrap.dedent(block), "utf-8")
    assert run(["facts", "lint", str(tmp_path), "--strict"]) == 0


@pytest.mark.parametrize(
    ("row", "fact"),
    [
        ("unknown key '000'", "period: 2015, stated: 212,000"),
        ("'150.000'`: a count has no decimals", 'period: 2015, stated: "150.000"'),
        ("'5m'`: 'm' is ambiguous", 'period: 2015, stated: "5m"'),
        ("'64.6%'` has no direction", 'period: 2015, yoy: "64.6%"'),
        ("there is no month 13", 'period: 2015-13, stated: "5"'),
        ("no source named", 'period: 2015, stated: "5", source: other'),
        ("a deprecated fact needs a reason", 'period: 2015, stated: "5", rank: deprecated'),
        ("unknown key", 'period: 2015, stated: "5", prose: x'),
    ],
)
def test_the_checks_say_what_the_curators_page_says(
    row: str, fact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from evcli.commands.app import run

    assert row in FACTS_README.read_text("utf-8")
    source = "" if "source:" in fact else ", source: page"
    (tmp_path / "a.yaml").write_text(
        "sources: [{id: page, title: T, outlet: O}]\n"
        f"series: [{{id: cn.exports.nev.caam, facts: [{{{fact}{source}}}]}}]\n",
        "utf-8",
    )
    assert run(["facts", "lint", str(tmp_path)]) == 5
    assert row.replace("`", "") in capsys.readouterr().err
