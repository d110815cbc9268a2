"""Whoever adds a field to a fact declares it, and it arrives everywhere."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# file: the line before which another is put, and that
ADDED = {
    ROOT / "evcli" / "model" / "records.py": ('    reading: str = ""', '    weather: str = ""'),
    ROOT / "evcli" / "schema" / "fields.toml": (
        'reading = {description = "How it was read',
        'weather = {description = "How the day was."}',
    ),
}
PACK = """\
sources:
  - {id: page, title: A page, outlet: Paper}
series:
  - id: cn.exports.nev.caam
    facts:
      - {period: 2019-05, stated: "212,000", weather: "sunny, at first", source: page}
      - {period: 2019-06, stated: "213,000", source: page}
"""
NAME = "cn.exports.nev.caam@2019-05#page"
READ = f"""\
from pathlib import Path
from evcli.model.records import Fact
from evcli.store import open_store, pack_choice
print(open_store(pack_choice([Path("pack")], True, {{}})).one(Fact, "{NAME}").weather)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code in which facts have one more field, and a pack that uses it."""
    shutil.copytree(ROOT / "evcli", tmp_path / "evcli", ignore=shutil.ignore_patterns("_*_"))
    for pack in ("facts", "seeds"):
        (tmp_path / pack).symlink_to(ROOT / pack)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "fact_schema.py", tmp_path / "docs")
    for path, (before, added) in ADDED.items():
        text = path.read_text("utf-8")
        assert text.count(before) == 1
        text = text.replace(before, f"{added}\n{before}")
        (tmp_path / path.relative_to(ROOT)).write_text(text, "utf-8")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "may.yaml").write_text(PACK, "utf-8")
    return tmp_path


def python(folder: Path, *arguments: str) -> str:
    """What Python prints that runs with the code in *folder*."""
    variables = {**os.environ, "PYTHONPATH": str(folder), "EVCLI_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_declaration_adds_a_field(copy: Path) -> None:
    alone = ("--no-builtin", "--facts", "pack")
    python(copy, "-m", "evcli", "facts", "lint", "pack")  # the loader knows the key
    assert python(copy, "-c", READ) == "sunny, at first\n"  # the store keeps it

    python(copy, "-m", "evcli", "package", "out", *alone)  # packages have a column for it
    with (copy / "out" / "facts.csv").open(encoding="utf-8", newline="") as file:
        told = {row["id"]: row["weather"] for row in csv.DictReader(file)}
    assert told == {NAME: "sunny, at first", NAME.replace("05", "06"): ""}
    descriptor = json.loads((copy / "out" / "datapackage.json").read_text("utf-8"))
    (facts,) = (each for each in descriptor["resources"] if each["name"] == "facts")
    assert {"name": "weather", "type": "string", "description": "How the day was."} in (
        facts["schema"]["fields"]
    )

    made = copy / "made" / "made.yaml"
    python(copy, "-m", "evcli", "facts", "import", "out", "-o", str(made), "--no-builtin")
    assert made.read_text("utf-8").count("weather") == 1  # and it is read back
    assert python(copy, "-c", READ.replace('"pack"', '"made"')) == "sunny, at first\n"

    python(copy, "docs/fact_schema.py")
    schema = json.loads(python(copy, "-m", "evcli", "facts", "schema"))  # editors know it
    known = schema["definitions"]["fact"]["properties"]["weather"]
    assert known["description"] == "How the day was."


def test_the_code_as_it_is_does_not_know_it(copy: Path) -> None:
    """So that the test above can fail."""
    for path in ADDED:
        shutil.copy(path, copy / path.relative_to(ROOT))
    with pytest.raises(AssertionError, match="unknown key 'weather' in a fact"):
        python(copy, "-m", "evcli", "facts", "lint", "pack")
