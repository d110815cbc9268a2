"""A compiled store is used as long as its files hold what they held, and no longer."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evcli.errors import InvalidFacts, UsageError
from evcli.loader.files import pack_files
from evcli.store import PackChoice, open_store
from evcli.store.reader import Store

from .conftest import Compiler, source, titles, write_old

pytestmark = pytest.mark.usefixtures("package")
Open = Callable[[], Store]


@pytest.fixture
def opened(pack: Path, tmp_path: Path, compiler: Compiler) -> Open:
    def fail(note: str) -> None:
        pytest.fail(note)

    environ = {"EVCLI_CACHE": str(tmp_path / "cache")}
    return lambda: open_store(PackChoice((pack,), False), environ=environ, notify=fail)


def cached(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").iterdir())


def test_compiled_once(opened: Open, compiler: Compiler, tmp_path: Path) -> None:
    assert titles(opened()) == titles(opened()) == titles(opened()) == ["first"]
    assert compiler.stores == 1
    assert [path.suffix for path in cached(tmp_path)] == [".sqlite"]


def test_an_edit_is_seen(opened: Open, compiler: Compiler, pack: Path) -> None:
    titles(opened())
    write_old(pack / "a.yaml", "second edition", hours=0.5)
    assert titles(opened()) == ["second edition"]
    assert compiler.stores == 2


def test_an_edit_of_the_same_size_is_seen(opened: Open, pack: Path) -> None:
    titles(opened())
    write_old(pack / "a.yaml", "FIRST", hours=0.5)
    assert titles(opened()) == ["FIRST"]


def test_an_edit_of_the_same_size_at_the_same_moment_is_seen(opened: Open, pack: Path) -> None:
    file = pack / "a.yaml"
    file.write_text(source(file, "first"))
    now = time.time_ns()
    os.utime(file, ns=(now, now))
    titles(opened())
    file.write_text(source(file, "FIRST"))
    os.utime(file, ns=(now, now))
    assert titles(opened()) == ["FIRST"]


def test_a_touch_costs_no_compilation(
    opened: Open, compiler: Compiler, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles(opened())
    write_old(pack / "a.yaml", "first", hours=0.5)
    assert titles(opened()) == ["first"]
    assert compiler.stores == 1
    # the new time is remembered: nothing is hashed any more
    monkeypatch.setattr("evcli.loader.files.seen", lambda path: pytest.fail("hashed"))
    assert titles(opened()) == ["first"]


def test_a_file_from_the_future_is_hashed_and_not_rewritten(
    opened: Open, compiler: Compiler, pack: Path, tmp_path: Path
) -> None:
    write_old(pack / "a.yaml", "first", hours=-5)
    titles(opened())
    before = [path.stat().st_ino for path in cached(tmp_path)]
    assert titles(opened()) == ["first"]
    assert [path.stat().st_ino for path in cached(tmp_path)] == before
    assert compiler.stores == 1


@pytest.mark.parametrize("seconds", [253_402_300_800, 10_000_000_000, -20_000_000_000])
def test_a_file_of_a_time_that_no_store_can_hold(
    seconds: int, opened: Open, compiler: Compiler, pack: Path
) -> None:
    """Of the year 9999, 2286 or 1336: kept all the same, and an edit is seen."""
    file = pack / "a.yaml"
    try:
        os.utime(file, (seconds, seconds))
    except OSError:
        pytest.skip("no such times here")
    assert titles(opened()) == titles(opened()) == ["first"]
    assert compiler.stores == 1
    file.write_text(source(file, "other"))
    if seconds > 0:
        os.utime(file, (seconds + 100, seconds + 100))
    assert titles(opened()) == ["other"]


def test_added_and_removed_files(opened: Open, compiler: Compiler, pack: Path) -> None:
    titles(opened())
    (pack / "deep").mkdir()
    write_old(pack / "deep" / "b.yaml", "second")
    assert titles(opened()) == ["first", "second"]
    (pack / "a.yaml").unlink()
    assert titles(opened()) == ["second"]
    (pack / "deep" / "b.yaml").rename(pack / "c.yaml")
    assert titles(opened()) == ["second"]
    assert compiler.stores == 4
    write_old(pack / "notes.txt", "no facts")
    write_old(pack / ".hidden.yaml", "no facts")
    assert titles(opened()) == ["second"]
    assert compiler.stores == 4


def test_other_code_or_version_compiles_again(
    opened: Open, compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles(opened())
    monkeypatch.setattr("evcli.store.opening.code_stamp", lambda *_: "another")
    titles(opened())
    assert compiler.stores == 2
    monkeypatch.setattr("evcli.store.cache.__version__", "9.9")
    monkeypatch.setattr("evcli.store.build.__version__", "9.9")
    titles(opened())
    assert compiler.stores == 3
    monkeypatch.setattr("evcli.store.cache.SCHEMA_VERSION", 99)
    titles(opened())
    assert compiler.stores == 4


def test_files_named_from_another_directory_are_another_store(
    opened: Open, compiler: Compiler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles(opened())
    monkeypatch.chdir(tmp_path)  # places are now "pack/a.yaml"
    titles(opened())
    assert compiler.stores == 2


def test_invalid_facts_write_nothing(opened: Open, pack: Path, tmp_path: Path) -> None:
    (pack / "a.yaml").write_text("facts:")
    with pytest.raises(InvalidFacts):
        opened()
    assert cached(tmp_path) == []


def test_a_pack_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no file or directory named '.*nowhere'"):
        open_store(PackChoice((tmp_path / "nowhere",)), environ={})


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_every_file_of_a_pack_is_found(tmp_path: Path) -> None:
    """Through links, whatever its name, however deep; two links are two files."""
    pack = tmp_path / "odd"
    other = tmp_path / "other"
    for path in (
        pack / "b.yaml",
        pack / "a" / "z.yaml",
        pack / "a.yaml",
        pack / "x.yml",
        pack / ".d.yaml",
        pack / ".git" / "c.yaml",
        pack / "dir.yaml" / "in.yaml",
        pack / "UP.YAML",
        other / "linked.yaml",
        pack / "名.yaml",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (pack / "one").symlink_to(other)
    (pack / "two").symlink_to(other)
    (pack / "file.yaml").symlink_to(other / "linked.yaml")
    assert len({*pack_files(pack)}) == 10
    single = pack / "x.yml"
    assert pack_files(single) == [single]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_in_circles_end(pack: Path) -> None:
    (pack / "loop").symlink_to(pack)
    (pack / "gone.yaml").symlink_to(pack / "nowhere")
    assert pack_files(pack) == [pack / "a.yaml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
def test_a_named_pipe_is_not_waited_for(opened: Open, pack: Path) -> None:
    titles(opened())
    os.mkfifo(pack / "pipe.yaml")
    with pytest.raises(InvalidFacts):
        opened()
