"""``evcli package``: what can be asked for, and that nothing is ever half there."""

from __future__ import annotations

import csv
import errno
import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest

from evcli.commands.app import run
from tests.conftest import Process
from tests.seeds import SEEDS

Run = Callable[..., Process]
NEV = "cn.exports.nev.caam"
FILES = ["README.md", "datapackage.json"]


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def holds_together(folder: Path) -> bool:
    return bool(frictionless.validate(str(folder / "datapackage.json")).valid)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of one's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_was_written_is_told(evcli_run: Run, tmp_path: Path) -> None:
    done = evcli_run("package", str(tmp_path / "new" / "record"), "--format", "json", *SEEDS)
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert [list(row) for row in rows] == [["name", "rows", "bytes", "sha256"]] * len(rows)
    found = {path.name: path.stat().st_size for path in (tmp_path / "new" / "record").iterdir()}
    assert {row["name"]: row["bytes"] for row in rows} == found
    assert set(FILES) < found.keys()
    counts = {row["name"]: row["rows"] for row in rows}
    assert counts["README.md"] is None
    assert counts["facts.csv"] == len(rows_of(tmp_path / "new" / "record", "facts"))
    assert f"wrote {len(rows)} files".encode() in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_selection_stands_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["package", "some", "cn.exports.nev.*", "--year", "2025", "-q"]) == 0
    assert capsys.readouterr().err == ""
    folder = here / "some"
    assert holds_together(folder)
    assert {row["series"] for row in rows_of(folder, "figures")} >= {NEV}
    assert all(row["series"].startswith("cn.exports.nev.") for row in rows_of(folder, "figures"))
    assert all(row["start"] >= "2025-01-01" for row in rows_of(folder, "figures"))
    assert not (folder / "plants.csv").exists()
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert descriptor["evcli"]["selection"] == "'cn.exports.nev.*' --year 2025"
    assert descriptor["name"] == "evcli-selection"
    readme = (folder / "README.md").read_text("utf-8")
    assert "'cn.exports.nev.*' --year 2025" in readme
    assert descriptor["evcli"]["record"] in readme


def test_facts_that_a_derived_figure_rests_on_come_along(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """May 2025 to June 2025 by month: June follows from the half-year and the months to May."""
    arguments = [NEV, "--since", "2025-05", "--until", "2025-06", "--by", "month"]
    assert run(["package", "months", *arguments, "-q"]) == 0
    capsys.readouterr()
    folder = here / "months"
    assert holds_together(folder)
    figures = {row["period"]: row for row in rows_of(folder, "figures")}
    assert list(figures) == ["2025-05", "2025-06"]
    facts = {row["id"] for row in rows_of(folder, "facts")}
    rested_on = {row["fact"] for row in rows_of(folder, "figure_facts")}
    assert rested_on <= facts
    sources = {row["id"] for row in rows_of(folder, "sources")}
    for row in figures.values():
        assert set(row["sources"].split()) <= sources


def test_what_was_published_by_a_day(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["package", "then", "--as-of", "2025-06-30", "-q"]) == 0
    capsys.readouterr()
    folder = here / "then"
    assert holds_together(folder)
    published = [row["published"] for row in rows_of(folder, "facts")]
    assert published
    assert max(published) <= "2025-06-30"
    assert min(published) > ""
    assert not (folder / "plants.csv").exists()  # these are not dated by their sources alone
    assert "published by 2025-06-30" in (folder / "README.md").read_text("utf-8")


def test_deprecated_facts_always_come_and_deprecated_figures_when_asked_for(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series = "cn.exports.ev.unnamed"
    assert run(["package", "without", series, "-q", *SEEDS]) == 0
    assert run(["package", "with", series, "-q", "--include-deprecated", *SEEDS]) == 0
    capsys.readouterr()
    ranks = {
        name: [row["rank"] for row in rows_of(here / name, "figures")]
        for name in ("without", "with")
    }
    assert "deprecated" not in ranks["without"]
    assert "deprecated" in ranks["with"]
    for name in ranks:
        assert "deprecated" in {row["rank"] for row in rows_of(here / name, "facts")}


def test_terms_are_claimed_for_the_built_in_facts_alone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "pack").mkdir()
    (here / "pack" / "mine.yaml").write_text(
        "sources: [{id: mine, title: My own count, outlet: Me}]\n"
        f"series: [{{id: {NEV}, facts: [{{period: 2031-01, stated: '5', source: mine}}]}}]\n"
    )
    assert run(["package", "ours", NEV, "-q"]) == 0
    assert run(["package", "mixed", NEV, "-q", "--facts", "pack"]) == 0
    capsys.readouterr()
    told = {
        name: json.loads((here / name / "datapackage.json").read_text("utf-8"))
        for name in ("ours", "mixed")
    }
    assert [each["name"] for each in told["ours"]["licenses"]] == ["CC-BY-4.0"]
    assert "licenses" not in told["mixed"]
    assert "evcli authors" not in told["mixed"]["description"]
    assert "under their authors' terms" in (here / "mixed" / "README.md").read_text("utf-8")
    assert "5" in {row["value"] for row in rows_of(here / "mixed", "figures")}
    assert holds_together(here / "mixed")


def test_an_empty_selection_is_an_empty_package(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["package", "none", NEV, "--year", "1990"]) == 0
    assert "hint: no figure matches" in capsys.readouterr().err
    assert holds_together(here / "none")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["full"], 2, "'full' is not empty; name a new folder, or empty that one"),
        (["file"], 2, "'file' is not a folder"),
        (["file/inside"], 2, "is not a folder"),
        (["new", "--with", "excel"], 2, "valid: parquet, sdmx-csv"),
        (["new", "--fields", "nonsense"], 2, "valid: name, rows, bytes, sha256"),
        (["new", "--sort", "nonsense"], 2, "valid: name, rows, bytes, sha256"),
        (["new", "--format", "xml"], 2, "unknown format"),
        (["new", "--basis", "stated"], 2, "no such option: --basis"),
        (["new", "--by", "scope"], 2, "valid: month, quarter, half, year"),
        (["new", "--year", "2025", "--period", "2025"], 2, "exclude each other"),
        (["new", "no.such.series"], 3, "no series named"),
        (["new", "--subject", "chrey"], 3, "did you mean 'chery'?"),
        (["/proc/new"], 6, "cannot write '/proc/new'"),
    ],
)
def test_what_is_refused_leaves_nothing(
    arguments: list[str], code: int, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "full").mkdir()
    (here / "full" / "mine").write_text("mine")
    (here / "file").touch()
    assert run(["package", *arguments]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert said in told.err
    assert sorted(path.name for path in here.rglob("*")) == ["file", "full", "mine"]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), 6, "no space left on device"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
@pytest.mark.parametrize("before", [True, False], ids=["an empty folder", "no folder"])
def test_whatever_goes_wrong_nothing_is_left(
    error: BaseException,
    code: int,
    said: str,
    before: bool,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written: list[str] = []

    def fail(*_: object) -> str:
        [folder] = here.rglob("facts.csv")
        written.extend(each.name for each in folder.parent.iterdir())
        raise error

    monkeypatch.setattr("evcli.publish.package.readme_text", fail)
    if before:
        (here / "deep" / "record").mkdir(parents=True)
    assert run(["package", "deep/record", NEV]) == code
    assert "facts.csv" in written  # it was halfway
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert told.err.count("\n") == (1 if said else 0)
    assert [path.name for path in here.rglob("*")] == (["deep", "record"] if before else [])


@pytest.mark.parametrize("named", [".", "empty", "深圳"])
def test_an_empty_folder_will_do(
    named: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / named).mkdir(exist_ok=True)
    assert run(["package", named, NEV, "-q"]) == 0
    capsys.readouterr()
    assert {path.name for path in (here / named).resolve().iterdir()} > set(FILES)
    assert not list(here.parent.glob(".*.tmp"))


def test_a_missing_extra_is_one_line(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert run(["package", "new", "--with", "parquet"]) == 2
    told = capsys.readouterr()
    assert told.err == 'evcli: error: Parquet needs pyarrow; pip install "evcli[package]"\n'
    assert list(here.iterdir()) == []
    assert run(["package", "new", NEV, "--with", "sdmx-csv", "-q"]) == 0  # that needs nothing


def test_the_record_needs_no_extra(evcli_process: Run, tmp_path: Path) -> None:
    evcli_process("--version")  # compiles the record, if nobody has yet
    done = evcli_process(
        "package",
        str(tmp_path / "new"),
        NEV,
        "--with",
        "sdmx-csv",
        "--format",
        "csv",
        python=("-X", "importtime"),
    )
    assert done.returncode == 0
    lines = done.stderr.decode().splitlines()
    modules = {
        line.rsplit("|", 1)[1].strip().partition(".")[0]
        for line in lines
        if line.startswith("import time:")
    }
    assert "sqlite3" in modules
    assert not modules & {"pyarrow", "pandas", "numpy", "yaml", "rich", "pydantic", "frictionless"}


def test_the_examples_of_the_help_run(
    here: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first two are the record as test_package.py looks at it; the others hold together."""
    assert run(["package", "--help"]) == 0
    examples = capsys.readouterr().out.partition("\n\n")[0].splitlines()[1:]
    for number, example in enumerate(examples):
        program, command, _, *arguments = example.replace("'", "").split()
        assert (program, command) == ("evcli", "package")
        assert run(["package", f"new-{number}", *arguments, "-q"]) == 0, example
        capsys.readouterr()
    tables, all_files, *selections = (bytes_of(here / f"new-{number}") for number in range(4))
    record = bytes_of(whole)
    assert all_files == record
    of_tables = [name for name in tables if name.endswith(".csv")]
    assert len(of_tables) > 20
    assert {name: tables[name] for name in of_tables} == {name: record[name] for name in of_tables}
    assert len(selections) == 2
    assert holds_together(here / "new-2")
    assert holds_together(here / "new-3")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
