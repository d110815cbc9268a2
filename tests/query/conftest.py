"""Packs in files, and a way to ask them: the whole command line, read back as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from evcli.commands.app import run
from tests.query.packs import MARKET


class Told(NamedTuple):
    """What one run printed."""

    code: int
    rows: list[dict[str, Any]]
    err: str

    def of(self, *fields: str) -> list[Any]:
        """Some fields of every row; a plain list where it is one field."""
        if len(fields) == 1:
            return [row[fields[0]] for row in self.rows]
        return [tuple(row[field] for field in fields) for row in self.rows]


Ask = Callable[..., Told]
MakePack = Callable[..., Path]


@pytest.fixture(scope="session")
def make_pack(tmp_path_factory: pytest.TempPathFactory) -> MakePack:
    """Write a pack of one file: ``make_pack(text, "name")``.

    The same text is the same folder in every test, so it is compiled once: leave it as it is.
    """
    home = tmp_path_factory.mktemp("packs")

    def make(text: str, name: str = "pack") -> Path:
        folder: Path = home / hashlib.sha256(text.encode()).hexdigest() / name
        if not folder.is_dir():
            folder.mkdir(parents=True)
            (folder / "facts.yaml").write_text(text, "utf-8")
        return folder

    return make


@pytest.fixture(scope="session")
def market(make_pack: MakePack) -> Path:
    return make_pack(MARKET, "market")


@pytest.fixture
def ask_pack(capfd: pytest.CaptureFixture[str]) -> Ask:
    """Ask a pack alone, without the built-in facts: ``ask_pack(folder, "get", "*")``."""

    def ask(folder: Path, *arguments: str) -> Told:
        code = run([*arguments, "--format", "json", "--no-builtin", "--facts", str(folder)])
        told = capfd.readouterr()
        return Told(code, json.loads(told.out) if told.out else [], told.err)

    return ask


@pytest.fixture
def ask(market: Path, ask_pack: Ask) -> Ask:
    """Ask the small market."""

    def of_market(*arguments: str) -> Told:
        return ask_pack(market, *arguments)

    return of_market
