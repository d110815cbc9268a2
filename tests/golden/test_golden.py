"""Every command in every format, byte for byte as in ``output/``.

The seeds alone are asked, so the files change only when the output does. To write them anew:
``python tests/golden/write.py``; read what changed before you commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evcli.commands.app import run
from tests.golden.cases import COMMANDS, FOLDER, FORMATS, arguments, golden_file


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_what_it_was(
    name: str,
    format_: str,
    root: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(root)
    code = run(arguments(name, format_))
    printed = capfdbinary.readouterr()
    assert printed.err == b""
    assert code == 0
    assert printed.out == golden_file(name, format_).read_bytes()


def test_no_golden_file_is_left_over() -> None:
    known = {golden_file(name, format_) for name in COMMANDS for format_ in FORMATS}
    assert set(FOLDER.iterdir()) == known
