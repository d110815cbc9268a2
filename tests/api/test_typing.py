"""A program that uses the API is checked by mypy --strict as its author would."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("mypy") is None, reason="mypy is not installed"
)
PROGRAM = """\
from fractions import Fraction
from pathlib import Path
import evcli
from evcli.errors import NotComparable, UnknownName

with evcli.open(["a", Path("b")], builtin=False, as_of="2025", include_deprecated=True) as data:
    figures = data.get("x.*", year=2025)
    first = figures[0]
    value: Fraction | None = first.value
    low: Fraction | None = first.bounds.low
    names: tuple[str, ...] = first.sources
    grown: Fraction | None = data.growth("x", "2025", base="2024", accept="publisher").value
    shared: str = data.share("x", "y", "2025").unit
    whole: str = data.total(["x@2025", "y@2025"]).id
    columns: list[str] = [column.name for column in data.explain("x@2025").columns]
    checked: bool = all(not row["fails"] for row in data.check("x.*", tolerance=0.5).rows)
    titles: list[str] = [source.title for source in data.sources("a")]
    kinds: list[str] = [hit.kind for hit in data.find("x", limit=5)]
    size: int = len(data.frame(["x"], by="month"))
try:
    data.get("x")
except NotComparable as error:
    fields: tuple[str, ...] = error.fields
except UnknownName as unknown:
    hint: str | None = unknown.hint
"""
WRONG = {
    'evcli.open("a").get(5)': "arg-type",
    'evcli.open("a").get("x", yaer=2025)': "call-arg",
    'number: int = evcli.open("a").get("x")[0].value': "assignment",
    "evcli.open(as_of=2025)": "arg-type",
    'evcli.open("a").check(tolerance=None)': "arg-type",
}


def checked(path: Path, root: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file",
            "",
            "--no-error-summary",
            "--ignore-missing-imports",
            "--cache-dir",
            str(cache),
            str(path),
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_right_and_wrong_uses(tmp_path: Path, root: Path, pytestconfig: pytest.Config) -> None:
    path = tmp_path / "program.py"
    # a call on several lines would not say where it is wrong
    path.write_text(PROGRAM + "".join(f"{line}\n" for line in WRONG), "utf-8")
    # what mypy knows of evcli is kept from run to run: it checks anew what has changed
    kept = getattr(pytestconfig, "cache", None)  # none with -p no:cacheprovider
    cache = tmp_path / "cache" if kept is None else kept.mkdir("mypy")
    told = [line for line in checked(path, root, cache).stdout.splitlines() if "program.py" in line]
    first = PROGRAM.count("\n") + 1
    found = {
        int(line.split(":")[1]): line.rpartition("[")[2].rstrip("]")
        for line in told
        if ": error: " in line
    }
    assert found == dict(enumerate(WRONG.values(), first)), "\n".join(told)
