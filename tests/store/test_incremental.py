"""An edit costs what was edited: the next store is the last one with that written again.

Whatever is edited, it holds row for row what a store holds that is compiled from all files.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from evcli.errors import InvalidFacts
from evcli.loader import parts
from evcli.loader.yaml_nodes import parse
from evcli.store import PackChoice, open_store
from evcli.store.build import fill

WORDS = """\
vocabulary:
  subjects: [{id: CN, name: China, kind: country}, {id: byd, name: BYD, kind: maker}]
  metrics: [{id: exports, name: Exports, kind: flow}]
  scopes: [{id: all, name: All vehicles}]
  units: [{id: vehicles, name: vehicles, kind: count}, {id: percent, name: "%", kind: percent}]
sources:
  - {id: a, title: A, outlet: O, published: 2025-06}
  - {id: b, title: B, outlet: O, published: 2025-07}
"""
SERIES = """\
series:
  - {{id: {0}, title: Cars of {0}, subject: byd, metric: exports, unit: vehicles, publisher: byd,
     facts: [{1}]}}
"""
MORE = "series:\n  - {{id: {0}, facts: [{1}]}}\n"
FACT = '{{period: {}, stated: "{}", source: {}}}'


def fact(period: str, stated: str, source: str = "a") -> str:
    return FACT.format(period, stated, source)


# three files with facts behind the words, and one that adds facts to a series of another
FILES = {
    "0words": WORDS,
    "1one": SERIES.format("one", ", ".join((fact("2025-01", "100"), fact("2025-02", "200")))),
    "2two": SERIES.format("two", fact("2025-01", "300")),
    "3more": MORE.format("one", fact("2025-03", "400", "b"))
    + "plants: [{id: p, maker: byd, country: CN}]\n"
    + "acknowledged: [{facts: [one@2025-01#a], verdict: revision, reason: known}]\n",
    "4last": SERIES.format("last", fact("2024", "500", "b")),
}
Files = dict[str, str]


class Packs:
    """A folder of fact files, asked through a cache; what was read and how it was compiled."""

    def __init__(self, folder: Path, package: Path) -> None:
        self.package = package
        self.pack, self.cache = folder / "pack", folder / "cache"
        self.pack.mkdir()
        self.environ = {"EVCLI_CACHE": str(self.cache)}
        self.read: list[str] = []
        self.made: list[str] = []

    def write(self, files: Files) -> None:
        for path in self.pack.iterdir():
            if path.stem not in files:
                path.unlink()
        for name, text in files.items():
            path = self.pack / f"{name}.yaml"
            if not path.exists() or path.read_text() != text:
                path.write_text(text)
                then = time.time_ns() - 3600 * 10**9 + len(self.made) * 10**9
                os.utime(path, ns=(then, then))

    def rows(self, cache: Path | None = None) -> dict[str, list[tuple[object, ...]]]:
        """All that the store of the pack holds, but for when it was made and the row numbers."""
        self.read.clear()
        environ = self.environ | ({"EVCLI_CACHE": str(cache)} if cache else {})
        open_store(PackChoice((self.pack,), False), environ=environ).close()
        [file] = Path(environ["EVCLI_CACHE"]).iterdir()
        with closing(sqlite3.connect(file)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            found = {
                name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names
            }
        found["fact"] = [row[1:] for row in found["fact"]]
        found["part"] = [row[1:] for row in found["part"]]
        return {name: rows for name, rows in found.items() if not name.startswith("search_")}


@pytest.fixture
def packs(tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch) -> Packs:
    packs = Packs(tmp_path, package)
    real = parse

    def parsed(text: str, file: str, *rest: Any) -> object:
        packs.read.append(Path(file).stem)
        return real(text, file, *rest)

    def noting(*arguments: Any) -> bool:
        packs.made.append("part" if any(each.facts is None for each in arguments[1]) else "all")
        return fill(*arguments)

    monkeypatch.setattr(parts, "parse", parsed)
    monkeypatch.setattr("evcli.store.build.fill", noting)
    packs.write(FILES)
    return packs


NEW_SOURCE = "sources: [{id: c, title: C, outlet: O, published: 2025-08}]\n"
EDITS: dict[str, Files] = {
    "another value": {"2two": FILES["2two"].replace("300", "301")},
    "a fact more, in front": {
        "1one": FILES["1one"].replace("[{period", f"[{fact('2024-12', '90')}, {{period", 1)
    },
    "a fact less": {"1one": SERIES.format("one", fact("2025-01", "100"))},
    "facts of a series in two files": {"3more": FILES["3more"].replace("400", "about 401")},
    "no facts any more": {"3more": FILES["3more"].replace(fact("2025-03", "400", "b"), "")},
    "a comment that moves all lines": {"3more": "# new\n" + FILES["3more"]},
    "a source more": {"2two": NEW_SOURCE + FILES["2two"].replace("source: a", "source: c")},
    "a series more": {"4last": FILES["4last"] + SERIES.format("new", fact("2023", "7"))[8:]},
    "a file more, at the end": {"5": MORE.format("two", fact("2025-02", "310"))},
    "a file more, in between": {"2": MORE.format("two", fact("2025-02", "310"))},
    "two files at once": {
        "1one": FILES["1one"].replace("100", "101"),
        "4last": FILES["4last"].replace("500", "501"),
    },
    "another plant": {"3more": FILES["3more"].replace("country: CN", "country: CN, city: X")},
}
FROM_ALL: dict[str, Files] = {
    "another word": {"0words": WORDS.replace("All vehicles", "All cars")},
    "another title": {"2two": FILES["2two"].replace("Cars of", "Autos of")},
    "another source": {"0words": WORDS.replace("2025-06", "2025-05")},
    "a finer count": {"2two": FILES["2two"].replace("unit: v", "precision: 10, unit: v")},
    "the same fact twice": {
        "3more": FILES["3more"].replace(fact("2025-03", "400", "b"), fact("2025-01", "100"))
    },
}


@pytest.mark.parametrize("edit", [*EDITS, *FROM_ALL])
def test_it_is_what_a_full_build_gives(edit: str, packs: Packs, tmp_path: Path) -> None:
    packs.rows()
    new = EDITS.get(edit) or FROM_ALL[edit]
    packs.write(FILES | new)
    found = packs.rows()
    assert (packs.made[1:] == ["part"]) is (edit in EDITS)
    if edit in EDITS:  # and nothing else was read
        assert sorted(packs.read) == sorted(new)
    assert found == packs.rows(tmp_path / "other")
    packs.write(FILES)  # and back
    assert packs.rows() == packs.rows(tmp_path / "third")


def test_what_a_second_of_the_same_is_called_follows_the_first(
    packs: Packs, tmp_path: Path
) -> None:
    """The first goes, in a file of its own: the other, in a file that stays, loses its ``.2``."""
    packs.write(FILES | {"5": MORE.format("one", fact("2025-02", "201"))})
    assert "one@2025-02#a.2" in {row[0] for row in packs.rows()["fact"]}
    packs.write(FILES | {"1one": SERIES.format("one", fact("2025-01", "100"))})
    packs.write(
        FILES
        | {
            "1one": SERIES.format("one", fact("2025-01", "100")),
            "5": MORE.format("one", fact("2025-02", "201")),
        }
    )
    found = packs.rows()
    assert [row[0] for row in found["fact"]].count("one@2025-02#a") == 1
    assert found == packs.rows(tmp_path / "other")


def test_a_file_less(packs: Packs, tmp_path: Path) -> None:
    packs.write(FILES | {"5": MORE.format("two", fact("2025-02", "310"))})
    packs.rows()
    packs.write(FILES)
    found = packs.rows()
    assert packs.made == ["all", "part"]
    assert found == packs.rows(tmp_path / "other")


def test_files_that_come_in_between_again_and_again(packs: Packs, tmp_path: Path) -> None:
    """Row numbers between two parts end: then all get new ones. 2**28 halves ten times or so."""
    packs.rows()
    added: Files = {}
    for n in range(12):
        added[f"2{'a' * (12 - n)}"] = MORE.format("two", fact(f"20{n + 10}", str(n + 1)))
        packs.write(FILES | added)
        found = packs.rows()
    assert {"all", "part"} <= set(packs.made[1:])
    assert found == packs.rows(tmp_path / "other")


def test_mistakes_in_what_is_read_again_have_their_place(packs: Packs) -> None:
    before = packs.rows()
    packs.write(FILES | {"2two": FILES["2two"].replace("source: a", "source: x")})
    with pytest.raises(InvalidFacts) as caught:
        packs.rows()
    assert [(Path(e.file).name, e.line, e.message) for e in caught.value.problems] == [
        ("2two.yaml", 3, "no source named 'x'")
    ]
    packs.write(FILES)
    assert packs.rows()["fact"] == before["fact"]


def test_an_open_store_goes_on_answering(packs: Packs) -> None:
    packs.rows()
    with open_store(PackChoice((packs.pack,), False), environ=packs.environ) as old:
        packs.write(FILES | EDITS["another value"])
        with open_store(PackChoice((packs.pack,), False), environ=packs.environ) as new:
            said = [[each.stated for each in store.facts(["two"])] for store in (old, new)]
    assert said == [["300"], ["301"]]


KILLED = """
import os, signal, sys
from pathlib import Path
from evcli.store import PackChoice, build, cache, open_store, opening
cache.PACKAGE = opening.PACKAGE = Path(sys.argv[2])
def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)
build._put_rest = kill
open_store(PackChoice((Path(sys.argv[1]),), False))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal there")
def test_a_run_that_is_killed_leaves_the_older_store(packs: Packs) -> None:
    before = packs.rows()
    [file] = packs.cache.iterdir()
    held = file.read_bytes()
    packs.write(FILES | EDITS["another value"])
    command = [sys.executable, "-c", KILLED, str(packs.pack), str(packs.package)]
    killed = subprocess.run(command, env=os.environ | packs.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    left = sorted(packs.cache.iterdir(), key=lambda path: path.suffix)
    assert [path.suffix for path in left] == [".sqlite", ".tmp"]
    assert file.read_bytes() == held
    left[1].unlink()  # a day later the next run does
    packs.write(FILES)
    assert packs.rows()["fact"] == before["fact"]
