"""``evcli report``: pages of one's own, the built-in topics, mistakes in a report file."""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.seeds import SEEDS

OUTLINE = """\
title: Exports in May
lead: Two counts, never added.
figures: [cn.exports.nev.caam@2025-05, cn.exports.all.caam@2025-06]
sections:
  - heading: Month by month
    command: get cn.exports.nev.caam --year 2025
    text: As the association counts.
  - heading: A share
    command: evcli share cn.exports.nev.caam cn.exports.all.caam --period 2025-05
    chart: yes
"""


@pytest.fixture
def outline(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(OUTLINE, encoding="utf-8")
    return path


def test_markdown_holds_figures_tables_and_sources(outline: Path, evcli_run: Any) -> None:
    done = evcli_run("report", str(outline), *SEEDS)
    assert done.returncode == 0, done.stderr
    page = done.stdout.decode()
    assert page.startswith("# Exports in May\n")
    assert re.search(r"^- New-energy vehicles.* 212,000 .*\[\^a\].*\(`evcli cite ", page, re.M)
    # 212,000 of a counter that counts to the thousand is 211,500 to 212,500
    assert "Bounds: 211,500 to 212,500 vehicles." in page
    # June: 3,083,000 for the half-year less 2,490,000 for January to May, to the ten thousand
    assert "about 590,000 vehicles (572,000 to 614,000)" in page
    heads = re.findall(r"^## (.*)$", page, re.M)
    assert heads[:3] == ["Key figures", "Month by month", "A share"]
    assert heads[-1] == "Sources"
    used = set(re.findall(r"\[\^([a-z]+)\](?!:)", page))
    listed = re.findall(r"^\[\^([a-z]+)\]: ", page, re.M)
    assert used <= set(listed)
    assert listed == sorted(listed)


def test_html_and_markdown_give_the_same_letters(
    outline: Path, tmp_path: Path, evcli_run: Any
) -> None:
    pytest.importorskip("vl_convert", reason="the extra that draws is not installed")
    for ending in ("html", "md"):
        path = tmp_path / f"page.{ending}"
        done = evcli_run("report", str(outline), *SEEDS, "-o", str(path))
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
    page = (tmp_path / "page.html").read_text("utf-8")
    markdown = (tmp_path / "page.md").read_text("utf-8")
    in_page = dict(re.findall(r'<li id="source-([a-z]+)"><b>[a-z]+</b> ([^<.]*)', page))
    in_markdown = dict(re.findall(r"^\[\^([a-z]+)\]: ([^.\n]*)", markdown, re.M))
    assert {key: html.unescape(text).strip() for key, text in in_page.items()} == {
        key: text.strip() for key, text in in_markdown.items()
    }
    assert page.count("<svg") >= 1
    outside = re.findall(r'<(\w+)[^>]*(?:src|href)="https?://', page)
    assert set(outside) <= {"a"}  # links to the sources, nothing that a browser fetches


def test_behind_every_part_stands_the_command_that_gives_it(outline: Path, evcli_run: Any) -> None:
    page = evcli_run("report", str(outline), *SEEDS).stdout.decode()
    commands = [each for each in re.findall(r"^`(evcli .*)`$", page, re.M) if " check " not in each]
    assert len(commands) == 2
    for each in commands:
        done = evcli_run(*shlex.split(each)[1:], "--format", "json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)


def test_every_mistake_is_named_with_its_place(tmp_path: Path, evcli_run: Any) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        "titel: Exports\nsections:\n  - heading: One\n    command: get x --format csv\n"
        "  - heading: Two\n  - {heading: Three, command: 'facts list', chart: maybe}\n"
    )
    done = evcli_run("report", str(path), *SEEDS)
    assert done.returncode == 5
    told = done.stderr.decode()
    for line in (1, 4, 5, 6):
        assert re.search(rf"bad\.yaml:{line}:\d+: ", told), (line, told)
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["exprts"], 2, "unknown topic 'exprts'; valid: exports, makers"),
        (["missing.yaml"], 2, "no such report file"),
        (["policy", "-o", "page.pdf"], 2, "end it in .html or .md"),
        (["policy", "-o", "nowhere/page.md"], 2, "there is no folder"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: list[str], code: int, said: str, evcli_run: Any
) -> None:
    done = evcli_run("report", *arguments)
    assert done.returncode == code
    assert said in done.stderr.decode()
    assert done.stdout == b""


def test_a_command_that_fails_is_named_by_its_heading(tmp_path: Path, evcli_run: Any) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: T\nsections: [{heading: Lost, command: get no.such.series}]\n")
    done = evcli_run("report", str(path), *SEEDS)
    assert done.returncode == 3
    assert "Lost: no series named 'no.such.series'" in done.stderr.decode()


@pytest.mark.parametrize(
    "topic", ["exports", "makers", "destinations", "investment", "plants", "policy"]
)
def test_the_built_in_topics(topic: str, topic_page: Callable[[str], Path]) -> None:
    pytest.importorskip("vl_convert", reason="the extra that draws is not installed")
    page = topic_page(topic).read_text("utf-8")
    assert page.count("<table") >= 2
    assert 'id="source-a"' in page
    assert "Nothing is known" not in page


def test_without_the_extra_one_line_says_what_to_install(
    outline: Path, tmp_path: Path, evcli_process: Any
) -> None:
    (tmp_path / "vl_convert.py").write_text("raise ImportError('not here')\n")
    page = tmp_path / "page.html"
    done = evcli_process("report", str(outline), *SEEDS, "-o", str(page), PYTHONPATH=str(tmp_path))
    assert (done.returncode, page.exists()) == (2, False)
    (line,) = done.stderr.decode().splitlines()
    assert 'pip install "evcli[charts]"' in line
