"""Only what the user or root alone can have written is believed; what is damaged is replaced."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evcli.store import PackChoice, open_store
from evcli.store.kept import Kept, check_folder
from hatch_store import compile_builtin

from .conftest import Compiler, titles, write_old

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows has no owners")
is_root = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away"
)
ANOTHER = 4711
Asked = tuple[list[str], list[str]]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def ask(pack: Path, package: Path, compiler: Compiler, cache: Path) -> Callable[[], Asked]:
    def asked() -> Asked:
        notes: list[str] = []
        environ = {"EVCLI_CACHE": str(cache)}
        choice = PackChoice((pack,), False)
        return titles(open_store(choice, environ=environ, notify=notes.append)), notes

    return asked


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def forge(cache: Path) -> Path:
    """The store with another title in it, and not a byte longer."""
    [file] = cache.glob("*.sqlite")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE source SET title = 'forge'")
    connection.close()
    return file


def test_what_is_kept_is_for_the_user_alone(
    tmp_path: Path, ask: Callable[[], Asked], cache: Path
) -> None:
    cache.rmdir()
    assert ask() == (["first"], [])
    kept = Kept(cache / "answers.db")
    kept.keep("family", "name", "text")
    kept.close()
    assert mode(cache) == 0o700
    assert {path.name: mode(path) for path in cache.iterdir()} == dict.fromkeys(
        [path.name for path in cache.iterdir()], 0o600
    )
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("wide", [0o777, 0o770, 0o707, 0o720])
def test_ones_own_folder_is_closed(wide: int, ask: Callable[[], Asked], cache: Path) -> None:
    cache.chmod(wide)
    assert ask() == (["first"], [])
    assert mode(cache) == 0o700
    assert len(list(cache.iterdir())) == 1


def test_a_folder_that_others_may_read_stays(ask: Callable[[], Asked], cache: Path) -> None:
    cache.chmod(0o755)
    assert ask() == (["first"], [])
    assert mode(cache) == 0o755


def test_a_shared_folder_stays_and_is_not_used(ask: Callable[[], Asked], cache: Path) -> None:
    ask()
    forge(cache)
    cache.chmod(0o1777)
    found, [note] = ask()
    assert found == ["first"]
    assert "others may write it" in note
    assert "EVCLI_CACHE" in note
    assert mode(cache) == 0o1777


def test_a_folder_that_others_may_move_is_not_used(
    ask: Callable[[], Asked], cache: Path, tmp_path: Path
) -> None:
    ask()
    forge(cache)
    tmp_path.chmod(0o777)
    found, [note] = ask()
    assert found == ["first"]
    assert str(tmp_path) in note
    tmp_path.chmod(0o1777)  # as /tmp: nobody moves what is another's
    assert ask() == (["forge"], [])


def test_a_link_to_a_folder_is_judged_by_where_it_leads(
    ask: Callable[[], Asked], cache: Path, tmp_path: Path
) -> None:
    ask()
    forge(cache)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o1777)
    cache.rename(tmp_path / "open" / "cache")
    cache.symlink_to(tmp_path / "open" / "cache")
    assert ask() == (["forge"], [])
    (tmp_path / "open").chmod(0o777)
    found, [_] = ask()
    assert found == ["first"]


@is_root
def test_a_folder_of_another_is_not_used(ask: Callable[[], Asked], cache: Path) -> None:
    ask()
    os.utime(forge(cache))
    os.chown(cache, ANOTHER, -1)
    found, [note] = ask()
    assert found == ["first"]
    assert "another user" in note
    with pytest.raises(PermissionError):
        check_folder(cache)


@is_root
def test_a_store_of_another_is_compiled_again(ask: Callable[[], Asked], cache: Path) -> None:
    ask()
    file = forge(cache)
    os.chown(file, ANOTHER, -1)
    found, [note] = ask()
    assert found == ["first"]
    assert str(file) in note
    assert file.stat().st_uid == os.getuid()
    assert ask() == (["first"], [])


@pytest.mark.parametrize("wide", [0o660, 0o602, 0o666])
def test_a_store_that_others_may_write_is_compiled_again(
    wide: int, ask: Callable[[], Asked], cache: Path
) -> None:
    ask()
    file = forge(cache)
    file.chmod(wide)
    found, notes = ask()
    assert (found, len(notes)) == (["first"], 1)
    assert mode(file) == 0o600
    assert ask() == (["first"], [])


def test_a_link_is_no_store(ask: Callable[[], Asked], cache: Path, tmp_path: Path) -> None:
    ask()
    file = forge(cache)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    found, notes = ask()
    assert (found, len(notes)) == (["first"], 1)
    assert not file.is_symlink()


def test_answers_that_others_may_write_are_solved_again(cache: Path) -> None:
    def kept() -> Kept:
        return Kept(cache / "answers.db")

    first = kept()
    first.keep("family", "name", "solved")
    first.close()
    assert kept().of("family") == {"name": "solved"}
    (cache / "answers.db").chmod(0o606)
    assert kept().of("family") == {}
    assert mode(cache / "answers.db") == 0o600


ASK = """
import sys
from evcli.store.kept import Kept
from pathlib import Path
kept = Kept(Path(sys.argv[1], "answers.db"))
kept.keep("family", "name", "text")
print(kept.of("family"))
"""


@pytest.mark.parametrize("thing", ["pipe", "/dev/zero", "folder"])
@pytest.mark.parametrize("name", ["store", "answers.db", "answers.db-journal"])
def test_what_is_no_file_is_not_waited_for(
    name: str, thing: str, cache: Path, root: Path, ask: Callable[[], Asked]
) -> None:
    """In processes of their own, which a test can give up."""
    ask()
    [file] = cache.iterdir()
    environ = os.environ | {"EVCLI_CACHE": str(cache), "PYTHONPATH": str(root)}
    if name != "store":
        file = cache / name
    else:
        file.unlink()
    if thing == "pipe":
        os.mkfifo(file)
    elif thing == "folder":
        file.mkdir()
    else:
        file.symlink_to(thing)
    if name == "store":
        found, notes = ask()
        assert (found, len(notes)) == (["first"], 1 if thing != "folder" else 2)
    else:
        done = subprocess.run(
            [sys.executable, "-c", ASK, str(cache)],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stdout == "{'name': 'text'}\n"


def test_the_fingerprint_is_of_the_rows(ask: Callable[[], Asked], cache: Path, pack: Path) -> None:
    def digest() -> str:
        environ = {"EVCLI_CACHE": str(cache)}
        with open_store(PackChoice((pack,), False), environ=environ) as store:
            return store.digest

    first = digest()
    assert digest() == first
    forge(cache)
    assert digest() != first


class TestDamage:
    """The store of a wheel is damaged, and the facts beside it answer."""

    @pytest.fixture
    def wheel(self, package: Path, compiler: Compiler) -> Path:
        inside = package / "_builtin"
        inside.mkdir()
        (package.parent / "facts").rename(inside / "facts")
        for n in range(200):
            write_old(inside / "facts" / f"{n:03}.yaml", f"title {n} " + "x" * 300)
        compile_builtin(inside / "store.sqlite")
        compiler.stores = 0
        return inside / "store.sqlite"

    def pages(self, data: bytes) -> tuple[int, int]:
        """Where two pages with rows of sources begin."""
        one, other = (data.index(text) // 4096 * 4096 for text in (b"title 30 x", b"title 150 x"))
        assert one != other
        return one, other

    @pytest.mark.parametrize("damage", ["cut", "zeroed", "swapped", "overwritten", "cells", "null"])
    def test_the_facts_beside_it_answer(
        self, damage: str, wheel: Path, cache: Path, compiler: Compiler
    ) -> None:
        data = wheel.read_bytes()
        one, other = self.pages(data)
        match damage:
            case "cut":
                wheel.write_bytes(data[: len(data) // 2])
            case "zeroed":
                wheel.write_bytes(data[:one] + bytes(4096) + data[one + 4096 :])
            case "swapped":  # a page of another kind
                wheel.write_bytes(data[:one] + data[4096 * 2 : 4096 * 3] + data[one + 4096 :])
            case "overwritten":
                wheel.write_bytes(data[:other] + b"\xff" * 4096 + data[other + 4096 :])
            case "null":
                with sqlite3.connect(wheel) as connection:
                    connection.execute("UPDATE source SET outlet = NULL WHERE id LIKE '%150'")
                connection.close()
            case "cells":
                with sqlite3.connect(wheel) as connection:
                    connection.execute("UPDATE source SET published = 'x..y' WHERE id LIKE '%150'")
                connection.close()

        def ask() -> tuple[int, list[str]]:
            notes: list[str] = []
            environ = {"EVCLI_CACHE": str(cache)}
            store = open_store(PackChoice(), environ=environ, notify=notes.append)
            return len(titles(store)), notes

        assert ask() == (201, [])
        assert compiler.stores == 1
        assert ask() == (201, [])  # from the cache
        assert compiler.stores == 1

    def test_the_cache_may_be_damaged_as_well(
        self, wheel: Path, cache: Path, compiler: Compiler
    ) -> None:
        environ: dict[str, Any] = {"environ": {"EVCLI_CACHE": str(cache)}}
        data = wheel.read_bytes()
        wheel.write_bytes(data[: len(data) // 2])
        assert len(titles(open_store(PackChoice(), **environ))) == 201
        [file] = cache.glob("*.sqlite")
        data = file.read_bytes()
        one, _ = self.pages(data)
        file.write_bytes(data[:one] + bytes(4096) + data[one + 4096 :])
        assert len(titles(open_store(PackChoice(), **environ))) == 201
        assert compiler.stores == 2
