"""A small valid pack, and a way to say what is wrong with a file laid beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evcli.errors import InvalidFacts
from evcli.loader.packs import load
from evcli.model import Pack

from .packs import BASE, Loaded, Problems, Write


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes files of one directory, text or bytes by name, and returns it; it is the cwd."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str | bytes) -> Path:
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / f"{name}.yaml").write_bytes(data)
        return tmp_path

    return write


@pytest.fixture
def problems(write: Write) -> Problems:
    """What is wrong with ``x.yaml`` beside the valid ``base.yaml``."""

    def problems(text: str) -> list[str]:
        directory = write(base=BASE, x=text)
        try:
            load([Pack(directory)])
        except InvalidFacts as error:
            return [str(problem) for problem in error.problems]
        return []

    return problems


@pytest.fixture
def loaded(write: Write) -> Loaded:
    """The record of ``x.yaml`` beside the valid ``base.yaml``."""
    return lambda text: load([Pack(write(base=BASE, x=text))])
