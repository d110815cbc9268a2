"""``--chart`` as people type it: files with the figures of the answer, and refusals."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.seeds import SEEDS

NEV, ALL = "cn.exports.nev.caam", "cn.exports.all.caam"
COMMANDS = {
    "trend": ["trend", NEV, ALL, "--by", "month"],
    "top": ["top", "--metric", "overseas-sales", "--year", "2025"],
    "share": ["share", NEV, ALL, "--period", "2025-05"],
    "compare": ["compare", NEV, ALL, "--period", "2025-05"],
    "growth": ["growth", NEV, ALL, "--period", "2025-05"],
}
SVG = "{http://www.w3.org/2000/svg}"

needs_extra = pytest.mark.skipif(
    not __import__("importlib.util").util.find_spec("vl_convert"),
    reason="the extra that draws is not installed",
)


def texts(path: Path) -> list[str]:
    root = ElementTree.parse(path).getroot()
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


@needs_extra
@pytest.mark.parametrize("name", COMMANDS)
def test_a_chart_beside_the_answer(name: str, tmp_path: Path, evcli_run: Any) -> None:
    plain = evcli_run(*COMMANDS[name], *SEEDS, "--format", "csv")
    path = tmp_path / "chart.svg"
    drawn = evcli_run(*COMMANDS[name], *SEEDS, "--format", "csv", "--chart", str(path))
    assert drawn.returncode == 0, drawn.stderr
    assert drawn.stdout == plain.stdout
    root = ElementTree.parse(path).getroot()
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    assert texts(path)


@needs_extra
def test_a_share_is_drawn_in_percent(tmp_path: Path, evcli_run: Any) -> None:
    # 212,000 of 551,000 vehicles are 38.5 %
    path = tmp_path / "share.svg"
    done = evcli_run(*COMMANDS["share"], *SEEDS, "--chart", str(path))
    assert done.returncode == 0, done.stderr
    assert "38.5 %" in texts(path)
    assert "May 2025" in texts(path)
    described = ElementTree.parse(path).getroot().findtext(f"{SVG}desc") or ""
    assert "38.5" in described


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("chart.pdf", "end it in .svg, .png or .html"),
        ("none/chart.svg", "there is no folder"),
    ],
)
def test_what_cannot_be_drawn_to_is_refused(
    name: str, said: str, tmp_path: Path, evcli_run: Any
) -> None:
    done = evcli_run(*COMMANDS["trend"], *SEEDS, "--chart", str(tmp_path / name))
    assert done.returncode == 2
    assert done.stdout == b""
    assert said in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_one_line_says_what_to_install(
    tmp_path: Path, evcli_process: Any
) -> None:
    (tmp_path / "vl_convert.py").write_text("raise ImportError('not here')\n")
    done = evcli_process(
        *COMMANDS["trend"],
        *SEEDS,
        "--chart",
        str(tmp_path / "chart.svg"),
        PYTHONPATH=str(tmp_path),
    )
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert 'pip install "evcli[charts]"' in line


def test_who_cannot_draw_says_so(tmp_path: Path, evcli_run: Any) -> None:
    done = evcli_run("get", NEV, *SEEDS, "--chart", str(tmp_path / "chart.svg"))
    assert done.returncode == 2
    assert re.search("no such option: --chart; see 'evcli get --help'", done.stderr.decode())
