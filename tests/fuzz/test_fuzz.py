"""The fuzzers, with a few examples each; ``python -m tests.fuzz`` runs them for longer.

Each test takes one input, so that a file of the corpus can be given to it as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import chdir
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evcli.errors import InvalidFacts
from evcli.loader.packs import load
from evcli.model import Pack
from evcli.model.vocabulary import Unit, UnitKind
from evcli.text.cell import read_cell, read_change
from evcli.text.mentions import find_mentions
from evcli.text.stated import StatedError, parse_stated
from tests.conftest import Process
from tests.fuzz.inputs import TOKENS, edited
from tests.in_process import run_here
from tests.query.packs import MARKET

CORPUS = Path(__file__).parent / "corpus"
FEW = settings(max_examples=25, deadline=None)
CARS = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles", "cars"))
MARKS = ("Cc", "Cf", "Cs")


@cache
def scratch() -> Path:
    """A folder for all runs of this process, with a cache and a good pack."""
    folder = Path(tempfile.mkdtemp(prefix="evcli-fuzz-"))
    (folder / "pack").mkdir()
    (folder / "pack" / "market.yaml").write_text(MARKET, "utf-8")
    for name in ("home", "work"):
        (folder / name).mkdir()
    return folder


def evcli(*arguments: str) -> Process:
    """``evcli ARGUMENTS`` in a folder of its own; held to what every answer and error keeps to."""
    folder = scratch()
    own = {name: str(folder / "home") for name in ("HOME", "XDG_CACHE_HOME")}
    plain = {"LANG": "C.UTF-8", "TERM": "dumb", "PATH": os.environ["PATH"], "COLUMNS": "100"}
    with chdir(folder / "work"):
        done = run_here(arguments, own | plain)
    told = done.stderr.decode()
    assert done.returncode in range(7), (arguments, told)
    assert "Traceback" not in told
    assert not [sign for sign in told if unicodedata.category(sign) in MARKS and sign != "\n"], told
    if done.returncode > 1:
        assert done.stdout == b"", arguments
        assert told.startswith("evcli: ") or done.returncode == 5
    return done


MARKET_PACK = ("--no-builtin", "--facts", str(scratch() / "pack"))
COMMANDS = [
    ("get", "*", "--by", "year", "--format", "json"),
    ("growth", "*", "--format", "csv"),
    ("check", "--format", "json"),
    ("coverage", "--format", "csv"),
    ("sources", "--format", "json"),
]


def written(name: str, content: str | bytes) -> Path:
    """A file of that name in a folder that nothing else is in."""
    folder = scratch() / "input"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return folder / name


def check_loader(text: str) -> None:
    """A fact file is taken, or each of its problems has a place in it."""
    file = written("facts.yaml", text)
    try:
        load([Pack(file)])
    except InvalidFacts as error:
        lines = sum(map(text.count, "\n\r\x85\u2028\u2029")) + 2  # YAML breaks lines at all
        for problem in error.problems:
            assert 0 <= problem.line <= lines, problem
            assert problem.message
        return
    for command in COMMANDS:
        evcli(*command, "--no-builtin", "--facts", str(file))


def check_numbers(text: str) -> None:
    """Numbers lie where they say, and a cell says the same once more in the grammar of facts."""
    for found in find_mentions(text):
        assert text[found.start : found.end] == found.text
        assert 0 <= found.start < found.end <= len(text)
    for read in (lambda: read_cell(text, CARS), lambda: read_change(text)):
        try:
            said = read()
        except StatedError:
            continue
        if read.__code__.co_names[0] == "read_cell":
            assert parse_stated(said, CARS) == parse_stated(read_cell(said, CARS), CARS)


def check_arguments(arguments: Sequence[str]) -> None:
    """Whatever is typed has an answer or one message."""
    evcli(*arguments)


HEADER = "series,period,stated,value,qualifier,yoy,source,url,outlet,published,status,note"
TABLE = f"""{HEADER}
m.exports.all,2025-07,"131,000",131000,,+5%,press,https://example.org/a,Paper,2025-08-02,,
m.exports.all,2025-08,about 140 thousand,,,,press,,,,provisional,a note
m.exports.nev,2025-08,,61000,over,x2.2,,https://example.org/b,Paper,,,
"""


def check_table(text: str) -> None:
    """Whatever is called a fact passes lint."""
    imported(written("table.csv", text), *MARKET_PACK)


def imported(path: Path, *packs: str) -> None:
    made = scratch() / "made"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    done = evcli("facts", "import", str(path), *packs, "-o", str(made / "made.yaml"))
    assert done.returncode in (0, 1, 2, 5)
    if (made / "made.yaml").exists():
        lint = evcli("facts", "lint", str(made), *packs)
        assert lint.returncode == 0, lint.stderr.decode()


@cache
def package() -> dict[str, str]:
    """The files of a small package that are read again."""
    folder = scratch() / "package"
    assert evcli("package", str(folder), *MARKET_PACK).returncode == 0
    names = (*(each.name for each in folder.glob("*.csv")), "datapackage.json")
    return {name: (folder / name).read_text("utf-8") for name in sorted(names)}


def check_package(name: str, text: str) -> None:
    """A package of which one file is damaged is refused, or what it gives passes lint."""
    folder = written("facts.csv", "").parent
    for each, content in package().items():
        (folder / each).write_text(content, "utf-8")
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    imported(folder, "--no-builtin")


REPORT = """title: A market
lead: Month by month.
figures: [m.exports.all@2025]
sections:
  - heading: All
    command: get m.exports.all --year 2025
    chart: yes
  - heading: Growth
    command: growth m.exports.nev 2025
"""


def check_report(text: str) -> None:
    """A report file asks for figures and does nothing else."""
    file = written("report.yaml", text)
    before = files_below(scratch() / "work", scratch() / "home", scratch() / "pack")
    evcli("report", str(file), *MARKET_PACK)
    after = files_below(scratch() / "work", scratch() / "home", scratch() / "pack")
    assert {each for each in after - before if "/home/evcli/" not in each} == set()


def files_below(*folders: Path) -> set[str]:
    """All files in the folders."""
    return {str(each) for folder in folders for each in folder.rglob("*") if each.is_file()}


WORDS = [
    *("exports", "sales", "get", "growth", "share", "total", "top", "compare", "trend", "explain"),
    *("check", "coverage", "sources", "cite", "series", "find", "plants", "policy", "ask", "facts"),
    *("list", "lint", "path", "help", "report", "byd", "nev", "m.exports.all", "m.*", "2025", "-f"),
    *("m.exports.all@2025", "--year", "--period", "--since", "--until", "--by", "month", "year"),
    *("--format", "csv", "json", "--fields", "id,value", "--sort", "-value", "--limit", "--wide"),
    *("--lag", "--base", "--tolerance", "--as-of", "--vintage", "first", "--basis", "derived"),
    *("--subject", "--metric", "--destination", "--publisher", "--no-header", "--accept", "--all"),
    *(
        "--plans",
        "--include-deprecated",
        "-v",
        "-q",
        "--",
        "--help",
        "--bars",
    ),
]

TRIALS: dict[str, tuple[Callable[..., None], st.SearchStrategy[tuple[object, ...]]]] = {
    "loader": (check_loader, st.tuples(edited(MARKET))),
    "numbers": (
        check_numbers,
        st.tuples(
            st.lists(
                st.sampled_from(TOKENS) | st.text("0123456789.,' -+%()$€万亿mkbn ", max_size=12),
                max_size=5,
            ).map("".join)
        ),
    ),
    "arguments": (
        check_arguments,
        st.tuples(
            st.lists(
                st.sampled_from(WORDS)
                | st.sampled_from([each for each in TOKENS if "\0" not in each]),
                max_size=6,
            ).map(lambda words: [*words, *MARKET_PACK])
        ),
    ),
    "tables": (check_table, st.tuples(edited(TABLE))),
    "packages": (
        check_package,
        st.sampled_from(sorted(package())).flatmap(
            lambda name: st.tuples(st.just(name), edited(package()[name]))
        ),
    ),
    "reports": (check_report, st.tuples(edited(REPORT))),
}


def fuzzer(name: str) -> Callable[[], None]:
    """The test of one kind of input."""
    check, inputs = TRIALS[name]

    @FEW
    @given(inputs)
    def test(arguments: tuple[object, ...]) -> None:
        check(*arguments)

    return test


@pytest.mark.parametrize("name", TRIALS)
def test_what_is_made_up_ends_well(name: str) -> None:
    fuzzer(name)()


def corpus() -> list[Path]:
    return sorted(CORPUS.glob("*/*.json"))


@pytest.mark.parametrize("file", corpus(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_was_found_stays_mended(file: Path) -> None:
    check, _ = TRIALS[file.parent.name]
    check(*json.loads(file.read_text("utf-8")))
