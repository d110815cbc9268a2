"""docs/curating.md: what it tells a curator to type works as it stands, from an empty folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Process

from .conftest import ROOT

PAGE = (ROOT / "docs" / "curating.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|text)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_every_command_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evcli_run: Callable[..., Process]
) -> None:
    monkeypatch.chdir(tmp_path)
    variables: dict[str, str] = {}
    added, shown = 0, ""
    for language, block in BLOCKS:
        if language == "text":
            assert shown == block
        for line in block.replace("\\\n", "").splitlines() if language == "sh" else ():
            words = shlex.split(line)
            if words[0] == "mkdir":
                Path(words[1]).mkdir()
            elif words[0] == "export":
                variables |= dict([words[1].split("=")])
            else:
                done = evcli_run(*words[1:], **variables)
                assert done.returncode == 0, done.stderr.decode()
                shown = (done.stdout + done.stderr).decode()
                added += words[1:3] == ["facts", "add"] and "--dry-run" not in words
    assert added == 10
    [file] = Path("my-facts").iterdir()
    assert file.read_text("utf-8").count("{period: 2031-") == 10
    assert file.read_text("utf-8").count("url:") == 1
