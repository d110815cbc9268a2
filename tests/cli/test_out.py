"""Where ``-o`` writes to: files whole or not at all, links through, devices as they are."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from evcli.errors import OutputError
from evcli.files import write_whole

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pipes among the files")


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"a,b\n1,2\n")
    reader.join()
    assert read == [b"a,b\n1,2\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert [*tmp_path.iterdir()] == [pipe]


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    file, link = tmp_path / "there" / "a.csv", tmp_path / "link.csv"
    file.write_text("old")
    link.symlink_to(file)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert [*file.parent.iterdir()] == [file]


def test_a_link_that_leads_in_a_circle_is_one_error(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(link)
    with pytest.raises(OutputError):
        write_whole(link / "a.csv", b"new")
    assert [*tmp_path.iterdir()] == [link]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_whole(tmp_path, b"new")
    assert [*tmp_path.iterdir()] == []
