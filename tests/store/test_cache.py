"""Where stores are kept, and that a cache in trouble costs a note and never the answer."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evcli.model import Pack
from evcli.store import PackChoice, open_store, pack_choice
from evcli.store.cache import pack_places
from evcli.store.opening import cache_directory, ready_store
from hatch_store import compile_builtin

from .conftest import Compiler, titles, write_old


def ask(choice: PackChoice, environ: dict[str, str]) -> tuple[list[str], list[str]]:
    """The titles found, and the notes made."""
    notes: list[str] = []
    return titles(open_store(choice, environ=environ, notify=notes.append)), notes


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"HOME": "/h"}, "linux", "/h/.cache/evcli"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "linux", "/x/evcli"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "relative"}, "linux", "/h/.cache/evcli"),
        ({"HOME": "/h", "EVCLI_CACHE": "/mine"}, "linux", "/mine"),
        ({"HOME": "/h", "EVCLI_CACHE": ""}, "linux", "/h/.cache/evcli"),
        ({"HOME": "/h"}, "darwin", "/h/Library/Caches/evcli"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/evcli"),
        ({}, "win32", None),
        ({}, "linux", None),
        ({"HOME": ""}, "linux", None),
    ],
)
def test_where_stores_are_kept(
    environ: dict[str, str], platform: str, expected: str | None
) -> None:
    found = cache_directory(environ, platform)
    assert (None if found is None else found.as_posix()) == expected


def test_packs_from_the_environment_come_first() -> None:
    environ = {"EVCLI_FACTS": os.pathsep.join(["a", "", "b"])}
    assert pack_choice([Path("c")], False, environ) == PackChoice(
        (Path("a"), Path("b"), Path("c")), True
    )


def test_which_packs_are_loaded(package: Path, pack: Path) -> None:
    facts, seeds = package.parent / "facts", package.parent / "seeds"
    seeds.mkdir()
    again = pack / ".." / pack.name
    builtin = [Pack(facts, builtin=True), Pack(seeds, builtin=True)]
    assert pack_places(PackChoice((pack, again))) == [*builtin, Pack(pack)]
    lent = Pack(facts, builtin=True, definitions_only=True)
    assert pack_places(PackChoice((pack,), False)) == [lent, Pack(pack)]
    assert pack_places(PackChoice((facts, seeds), False)) == [Pack(facts), Pack(seeds)]
    assert pack_places(PackChoice((facts,))) == builtin


@pytest.mark.usefixtures("package")
def test_a_choice_of_packs_has_a_store_of_its_own(
    pack: Path, tmp_path: Path, compiler: Compiler
) -> None:
    environ = {"EVCLI_CACHE": str(tmp_path / "cache")}
    for _ in range(2):
        assert ask(PackChoice(), environ) == (["built-in"], [])
        assert ask(PackChoice((pack,)), environ) == (["built-in", "first"], [])
        assert ask(PackChoice((pack,), False), environ) == (["first"], [])
    assert compiler.stores == 3


@pytest.mark.usefixtures("package")
class TestTrouble:
    """Each with one note, and the answer."""

    def test_no_home(self, pack: Path) -> None:
        found, notes = ask(PackChoice((pack,)), {})
        assert found == ["built-in", "first"]
        assert notes == [
            "the compiled facts were not kept for the next run (no home directory is set);"
            " set EVCLI_CACHE to a directory of your own"
        ]

    def test_a_file_where_the_directory_should_be(self, pack: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        found, notes = ask(PackChoice((pack,)), {"EVCLI_CACHE": str(tmp_path / "file" / "deep")})
        assert found == ["built-in", "first"]
        assert len(notes) == 1
        assert "Not a directory" in notes[0]

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
    )
    def test_a_directory_that_cannot_be_written(self, pack: Path, tmp_path: Path) -> None:
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        found, notes = ask(PackChoice((pack,)), {"EVCLI_CACHE": str(locked)})
        assert (found, len(notes)) == (["built-in", "first"], 1)

    def test_a_directory_that_refuses(
        self, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: Any, **__: Any) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("tempfile.mkstemp", refuse)
        found, notes = ask(PackChoice((pack,)), {"EVCLI_CACHE": str(tmp_path / "cache")})
        assert (found, len(notes)) == (["built-in", "first"], 1)
        assert "Permission denied" in notes[0]

    def test_a_full_disk(self, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from evcli.store import build as building

        real = building.fill

        def fill(connection: sqlite3.Connection, *what: Any) -> None:
            real(connection, *what)
            if connection.execute("PRAGMA database_list").fetchone()[2]:
                raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(building, "fill", fill)
        cache = tmp_path / "cache"
        found, notes = ask(PackChoice((pack,)), {"EVCLI_CACHE": str(cache)})
        assert (found, len(notes)) == (["built-in", "first"], 1)
        assert "disk is full" in notes[0]
        assert list(cache.iterdir()) == []

    def test_a_disk_that_is_really_full(self, pack: Path) -> None:
        if not Path("/dev/full").exists():
            pytest.skip("no /dev/full here")
        found, notes = ask(PackChoice((pack,)), {"EVCLI_CACHE": "/dev/full"})
        assert (found, len(notes)) == (["built-in", "first"], 1)

    def test_an_interrupt_leaves_nothing(
        self, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*_: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("evcli.store.build.entries", interrupt)
        with pytest.raises(KeyboardInterrupt):
            ask(PackChoice((pack,)), {"EVCLI_CACHE": str(tmp_path / "cache")})
        assert list((tmp_path / "cache").iterdir()) == []

    @pytest.mark.parametrize("damage", ["empty", "garbage", "cut", "other tables", "middle"])
    def test_a_damaged_store_is_compiled_again(
        self, damage: str, pack: Path, tmp_path: Path, compiler: Compiler
    ) -> None:
        for n in range(200):
            write_old(pack / f"{n}.yaml", f"title {n} " + "x" * 300)
        environ = {"EVCLI_CACHE": str(tmp_path / "cache")}
        good, _ = ask(PackChoice((pack,)), environ)
        [file] = (tmp_path / "cache").iterdir()
        data = file.read_bytes()
        file.unlink()
        if damage == "other tables":
            connection = sqlite3.connect(file)
            connection.execute("CREATE TABLE meta (key, value)")
            connection.close()
        else:
            page = data.index(b"title 150 xxx") // 4096 * 4096
            file.write_bytes(
                {
                    "empty": b"",
                    "garbage": b"no database at all " * 1000,
                    "cut": data[: len(data) // 2],
                    "middle": data[:page] + b"\xff" * 4096 + data[page + 4096 :],
                }[damage]
            )
        assert ask(PackChoice((pack,)), environ) == (good, [])
        assert compiler.stores == 2
        assert ask(PackChoice((pack,)), environ) == (good, [])
        assert compiler.stores == 2

    def test_odd_names(self, tmp_path: Path, compiler: Compiler) -> None:
        odd = tmp_path / "100% 'odd'? #名"
        odd.mkdir()
        write_old(odd / "a.yaml", "odd")
        for _ in range(2):
            found, notes = ask(PackChoice((odd,), False), {"EVCLI_CACHE": str(odd / "ca?che#")})
            assert (found, notes) == (["odd"], [])
        assert compiler.stores == 1


@pytest.mark.usefixtures("package")
def test_old_stores_are_removed(pack: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    days = {"old.sqlite": 40, "recent.sqlite": 20, "left.tmp": 2, "new.tmp": 0, "notes.txt": 99}
    for name, age in days.items():
        write_old(cache / name, "", hours=age * 24)
    ask(PackChoice((pack,)), {"EVCLI_CACHE": str(cache)})
    left = {path.name for path in cache.iterdir()}
    assert left & set(days) == {"recent.sqlite", "new.tmp", "notes.txt"}


class TestWheel:
    """A wheel brings its store, which is asked as long as it is the right one."""

    @pytest.fixture
    def wheel(self, package: Path, compiler: Compiler) -> Path:
        inside = package / "_builtin"
        (package.parent / "facts").rename(package.parent / "moved")
        inside.mkdir()
        (package.parent / "moved").rename(inside / "facts")
        compile_builtin(inside / "store.sqlite")
        compiler.stores = 0
        return inside

    def test_it_is_trusted(self, wheel: Path, compiler: Compiler) -> None:
        (wheel / "facts" / "one.yaml").write_text("changed, and nobody looks")
        assert ask(PackChoice(), {}) == (["built-in"], [])
        assert compiler.stores == 0

    def test_with_other_packs_all_is_compiled(
        self, wheel: Path, pack: Path, tmp_path: Path, compiler: Compiler
    ) -> None:
        environ = {"EVCLI_CACHE": str(tmp_path / "cache")}
        assert ready_store(PackChoice((), False)) is None
        assert ask(PackChoice((pack,)), environ) == (["built-in", "first"], [])
        assert compiler.stores == 1

    @pytest.mark.parametrize("damage", ["version", "garbage", "none"])
    def test_a_wrong_one_is_not_trusted(
        self, damage: str, wheel: Path, tmp_path: Path, compiler: Compiler
    ) -> None:
        store = wheel / "store.sqlite"
        if damage == "version":
            connection = sqlite3.connect(store)
            with connection:
                connection.execute("UPDATE meta SET value = '0.0' WHERE key = 'evcli'")
            connection.close()
        elif damage == "garbage":
            store.write_bytes(b"garbage")
        else:
            store.unlink()
        environ = {"EVCLI_CACHE": str(tmp_path / "cache")}
        assert ask(PackChoice(), environ) == (["built-in"], [])
        assert compiler.stores == 1

    def test_its_files_are_named_after_no_machine(self, wheel: Path, compiler: Compiler) -> None:
        here = Path.cwd()
        compile_builtin(wheel / "store.sqlite")
        assert compiler.directory == str(wheel)  # the loader names files from there
        assert Path.cwd() == here

    def test_the_same_facts_give_the_same_bytes(self, wheel: Path, tmp_path: Path) -> None:
        compile_builtin(tmp_path / "again.sqlite")
        assert (tmp_path / "again.sqlite").read_bytes() == (wheel / "store.sqlite").read_bytes()


RUN = """
import sys
from evcli.store import PackChoice, open_store
with open_store(PackChoice(), notify=lambda note: sys.exit(note)) as store:
    print(store.digest, len(store.facts(store.all_series_ids())), len(store.search("China")) > 0)
heavy = {"yaml", "json", "rich", "pandas", "evcli.store.build"} & set(sys.modules)
print(*sorted(heavy), file=sys.stderr)
"""


def test_processes_that_compile_at_once(tmp_path: Path, root: Path) -> None:
    """Real ones, with the real loader and the built-in facts."""
    environ = os.environ | {"EVCLI_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(root)}

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", RUN],
            env=environ,
            cwd=tmp_path,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    answers = [process.communicate(timeout=120) for process in [start() for _ in range(4)]]
    assert len({answer for answer, _ in answers}) == 1, answers
    assert answers[0][0].split()[-1] == "True"
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".sqlite"]
    # and from then on nobody compiles, nor imports what only compiling needs
    answer, heavy = start().communicate(timeout=60)
    assert answer == answers[0][0]
    assert heavy.strip() == ""
