"""Which files a pack has, and what happens where they cannot be read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evcli.errors import InvalidFacts, UsageError
from evcli.loader.files import pack_files
from evcli.loader.packs import load
from evcli.model import Pack

from .packs import BASE, Write, facts


def messages(*packs: Pack) -> list[str]:
    with pytest.raises(InvalidFacts) as caught:
        load(packs)
    return [str(problem) for problem in caught.value.problems]


def test_files_are_found_recursively_in_a_fixed_order(tmp_path: Path) -> None:
    others = ("c.yml", "d.YAML", "e.Yml", "f.yaml.bak", "yaml", "g.yamll")
    for name in (
        *("b.yaml", "a/z.yaml", "a/b/c.yaml", "a.txt", ".hidden.yaml", ".git/x.yaml", ".i.yml"),
        *others,
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("sources: []\n")
    found = [path.relative_to(tmp_path).as_posix() for path in pack_files(tmp_path)]
    assert found == ["a/b/c.yaml", "a/z.yaml", "b.yaml", "c.yml", "d.YAML", "e.Yml"]


def test_the_facts_of_every_spelling_are_read(write: Write) -> None:
    pack = write(base=BASE)
    for name, period in (("b.yml", "2025-01"), ("c.YAML", "2025-02"), ("d.YML", "2025-03")):
        line = f"{{period: {period}, stated: '1,000', source: paper, at: p1}}"
        (pack / name).write_text(facts(line))
    record = load([Pack(pack)])
    assert [str(fact.period) for fact in record.facts] == ["2025-01", "2025-02", "2025-03"]


def test_half_a_disk_is_no_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at is counted, of whatever kind, never the time that it takes."""
    monkeypatch.setattr("evcli.loader.files._MOST_ENTRIES", 10)
    for n in range(5):
        (tmp_path / f"{n}").mkdir()
        (tmp_path / f"{n}" / "x.txt").write_text("")
    assert pack_files(tmp_path) == []
    (tmp_path / "4" / "y").mkdir()
    with pytest.raises(InvalidFacts) as caught:
        pack_files(tmp_path)
    [problem] = caught.value.problems
    assert problem.message == "more than 10 files and folders to look at"
    assert str(tmp_path) in problem.file


@pytest.mark.skipif(not Path("/proc/self/root").exists(), reason="no /proc here")
def test_all_processes_are_no_pack() -> None:
    """Where links lead from every process to the whole disk."""
    with pytest.raises(InvalidFacts, match="1 problem"):
        pack_files(Path("/proc"))


def test_one_file_is_a_pack(write: Write) -> None:
    directory = write(base=BASE)
    assert pack_files(directory / "base.yaml") == [directory / "base.yaml"]
    assert set(load([Pack(directory / "base.yaml")]).sources) == {"caam-2025-06", "paper", "blog"}


def test_an_empty_directory_is_an_empty_pack(tmp_path: Path) -> None:
    assert pack_files(tmp_path) == []
    assert load([Pack(tmp_path)]).facts == ()


def test_a_path_that_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for call in (pack_files, lambda path: load([Pack(path)])):
        with pytest.raises(UsageError, match="no file or directory named 'gone'"):
            call(Path("gone"))


def test_links_that_lead_back(write: Write) -> None:
    directory = write(base=BASE)
    (directory / "deep" / "er").mkdir(parents=True)
    (directory / "deep" / "er" / "up").symlink_to(directory)
    (directory / "self.yaml").symlink_to(directory / "self.yaml")
    found = messages(Pack(directory))
    assert found[0] == ("deep/er/up: the link leads back to a directory above it (remove it)")
    assert found[1].startswith("self.yaml: cannot be read: too many levels of symbolic links")
    assert len(found) == 2
    assert pack_files(directory) == [directory / "base.yaml"]


def test_two_links_to_one_directory_are_no_loop(write: Write, tmp_path: Path) -> None:
    directory = write(base=BASE)
    (directory / "one").mkdir()
    (directory / "one" / "x.yaml").write_text(
        facts("{period: 2025, stated: '1,000', source: caam-2025-06}")
    )
    (directory / "two").symlink_to(directory / "one")
    assert len(load([Pack(directory)]).facts) == 1


def test_a_link_to_nothing(write: Write) -> None:
    directory = write(base=BASE)
    (directory / "x.yaml").symlink_to(directory / "nothing")
    assert messages(Pack(directory)) == [
        "x.yaml: cannot be read: no such file or directory (remove it or mend the link)"
    ]


def test_a_named_pipe_is_not_waited_for(write: Write) -> None:
    directory = write(base=BASE)
    os.mkfifo(directory / "x.yaml")
    assert messages(Pack(directory)) == [
        "x.yaml: cannot be read: not a regular file (check its permissions, or split it)"
    ]


def test_a_file_that_may_not_be_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write(base=BASE, x=facts("{period: 2025-13, stated: '1', source: secret}"), y="")
    real = Path.open

    def refuse(path: Path, *args: Any) -> Any:
        if path.name == "y.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *args)

    monkeypatch.setattr(Path, "open", refuse)
    # the source may be defined in the file that cannot be read, so it is not called unknown
    assert messages(Pack(directory)) == [
        "x.yaml:4:18: '2025-13': there is no month 13",
        "y.yaml: cannot be read: permission denied (check its permissions, or split it)",
    ]


def test_a_directory_that_may_not_be_listed(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write(base=BASE)
    (directory / "closed").mkdir()
    real = Path.iterdir

    def refuse(path: Path) -> Any:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert messages(Pack(directory)) == [
        "closed: cannot be read: permission denied (check its permissions)"
    ]


def test_paths_outside_the_working_directory_are_named_as_given(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write(base=BASE)
    other = tmp_path_factory.mktemp("other")
    (other / "x.yaml").write_text("nope: 1\n")
    (found,) = messages(Pack(other))
    assert found.startswith(f"{other}/x.yaml:1:1: unknown key 'nope' in a fact file (keys of a")


def test_listing_packs_does_not_import_yaml() -> None:
    code = "import sys, evcli.loader; print('yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
