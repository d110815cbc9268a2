"""What other systems do otherwise, as far as this one can play them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from evcli.errors import OutputError, UsageError
from evcli.files import whole_folder

ROOT = Path(__file__).parents[1]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no folder takes the place of another, and no file that of one that is open."""
    replace = Path.replace

    def ours(self: Path, target: Path) -> Path:
        open_files = [each.resolve() for each in Path("/proc/self/fd").iterdir()]
        if Path(target).is_dir() or Path(target).resolve() in open_files:
            raise PermissionError(13, "Access is denied", str(target))
        return replace(self, target)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "replace", ours)


def test_an_empty_folder_gives_way_on_windows_too(tmp_path: Path, windows: None) -> None:
    target = tmp_path / "package"
    for _ in range(2):
        with whole_folder(target) as folder:
            (folder / "a.csv").write_text("a\n", "utf-8")
        assert [each.name for each in target.iterdir()] == ["a.csv"]
        (target / "a.csv").unlink()
    (target / "b.csv").write_text("b\n", "utf-8")
    with pytest.raises(UsageError, match="not empty"), whole_folder(target):
        pass
    (target / "b.csv").unlink()
    with pytest.raises(OutputError), whole_folder(target):
        (target / "late.csv").write_text("kept\n", "utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["package"]
    assert (target / "late.csv").read_text("utf-8") == "kept\n"


def test_from_within_a_zip_file_the_way_out_is_named(tmp_path: Path) -> None:
    zipped = tmp_path / "evcli.pyz"
    with zipfile.ZipFile(zipped, "w") as archive:
        for name in ("__init__.py", "__main__.py", "version.py"):
            archive.write(ROOT / "evcli" / name, f"evcli/{name}")
        archive.writestr("__main__.py", "from evcli.__main__ import main\nmain()\n")
    done = subprocess.run([sys.executable, zipped, "exports"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "evcli: error: evcli does not run from within a zip file; "
        "install it instead: uv tool install FILE.whl, or pipx install FILE.whl\n"
    )


def test_errors_are_utf_8_in_a_pipe_of_windows(environment: dict[str, str]) -> None:
    program = (
        "import sys, evcli.commands.app; import evcli.__main__ as evcli;"  # as imported here
        "sys.platform = 'win32'; evcli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "exports", "甲乙丙"],
        env=environment
        | {"PYTHONIOENCODING": "cp1252", "LOCALAPPDATA": environment["XDG_CACHE_HOME"]},
        capture_output=True,
    )
    assert done.returncode == 3
    assert "甲乙丙" in done.stderr.decode("utf-8")


def test_a_store_whose_file_times_are_newer_is_refreshed_on_windows(
    tmp_path: Path, windows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os
    import time

    import evcli

    pack = tmp_path / "pack"
    pack.mkdir()
    file = pack / "facts.yaml"
    file.write_text("sources: [{id: s, title: T, outlet: O}]\n", "utf-8")
    monkeypatch.setenv("EVCLI_CACHE", str(tmp_path / "cache"))
    long_ago = time.time() - 3600
    os.utime(file, (long_ago, long_ago))
    with evcli.open(pack, builtin=False):
        pass
    (store,) = (tmp_path / "cache").glob("*.sqlite")
    before = store.read_bytes()
    os.utime(file, (long_ago + 60, long_ago + 60))  # a touch: what it holds is the same
    with evcli.open(pack, builtin=False) as data:
        assert len(data.sources()) == 1
    assert store.read_bytes() != before  # so that the next run need not hash it again
    (store,) = (tmp_path / "cache").glob("*.sqlite")
    refreshed = store.stat().st_ino
    with evcli.open(pack, builtin=False):
        pass
    assert store.stat().st_ino == refreshed
