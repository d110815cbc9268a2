"""Asks evcli in this process, as from a shell; the only module here that imports evcli."""

from __future__ import annotations

import atexit
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from evcli.commands.app import COMMANDS as EVCLI_COMMANDS
from evcli.commands.app import run
from evcli.commands.facts import COMMANDS as FACTS_COMMANDS
from evcli.commands.help import TOPICS as HELP_TOPICS
from evcli.version import __version__

# where evcli looks for the built-in facts: a function from its package to (facts, seeds)
BUILT_IN = "evcli.store.cache.builtin_directories"
DESK = Path(__file__).parent / "desk"
TODAY = "1769904000"  # 2026-02-01, which ages are counted from

EVERY_COMMAND = (*EVCLI_COMMANDS, *(f"facts {each}" for each in FACTS_COMMANDS))
TOPICS = tuple(HELP_TOPICS)


class Printed(NamedTuple):
    """What one command line gave."""

    code: int
    out: bytes
    err: bytes


class _Stream(io.TextIOWrapper):
    """A stream that keeps what is written and is a terminal or not, as asked."""

    def __init__(self, terminal: bool) -> None:
        self.kept = io.BytesIO()
        self._terminal = terminal
        super().__init__(self.kept, encoding="utf-8", newline="\n", write_through=True)

    def isatty(self) -> bool:
        return self._terminal


@cache
def _home() -> Path:
    """A folder for compiled stores and for the desk, for as long as this process runs."""
    folder = tempfile.mkdtemp(prefix="evcli-golden-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder).resolve()


def ask(arguments: Iterable[str], variables: Mapping[str, str] | None = None) -> Printed:
    """Answer one command line; on a terminal where *variables* say how many ``COLUMNS`` it has."""
    given = variables or {}
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(_home()),
        "XDG_CACHE_HOME": str(_home() / "cache"),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "COLUMNS": "80",  # for help, which is wrapped in a pipe, too
        "SOURCE_DATE_EPOCH": TODAY,
        **given,
    }
    out, err = _Stream("COLUMNS" in given), _Stream("COLUMNS" in given)
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
    ):
        code = run(list(arguments))
    return Printed(code, out.kept.getvalue(), err.kept.getvalue())


def transcript(lines: Iterable[str]) -> str:
    """What *lines* print and write one after the other, as a shell at the desk would show it.

    Of each line: itself, its stdout, its stderr behind ``!``, the files that it wrote behind
    ``--``, and its exit code. ``NAME=VALUE`` in front sets a variable, ``> FILE`` behind keeps
    the stdout. A line that sets COLUMNS is typed on a terminal, any other goes into a pipe.
    """
    with _at_the_desk() as desk:
        known: dict[str, str] = {}
        return "\n".join(_shown(line, desk, known) for line in lines)


def _shown(line: str, desk: Path, known: dict[str, str]) -> str:
    """One line of a transcript; *known* are the files that were shown before, by their content."""
    words = shlex.split(line)
    at = words.index("evcli")
    variables = dict(each.split("=", 1) for each in words[:at])
    arguments = words[at + 1 :]
    into = ""
    if arguments[-2:-1] == [">"]:
        into = arguments[-1]
        del arguments[-2:]
    before = _files(desk)
    printed = ask(arguments, variables)
    out = printed.out.decode()
    if into:
        (desk / into).write_text(out, "utf-8")
        before.add(desk / into)
        out = ""
    if arguments[:1] == ["package"]:
        out = _without_sums(out)
    parts = [f"$ {line}\n", _ended(out)]
    parts += [f"! {each}\n" for each in printed.err.decode().splitlines()]
    for file in sorted(_files(desk) - before):
        name, content = file.relative_to(desk).as_posix(), _ended(_content(file))
        first = known.setdefault(content, name)
        if first != name:
            content = f"(as {first})\n"
        parts.append(f"-- {name}\n{content}")
    parts.append(f"exit {printed.code}\n")
    return _without_versions("".join(parts))


@contextmanager
def _at_the_desk() -> Iterator[Path]:
    """Within it the working directory is a fresh copy of ``desk/`` and its record is built in.

    All paths are relative to it, so that no answer holds where the tests run.
    """
    before = Path.cwd()
    desk = _home() / "desk"
    if not desk.exists():  # the same files for all, so that they are compiled once
        shutil.copytree(DESK, desk)
    at_first = _files(desk)
    os.chdir(desk)
    try:
        with mock.patch(BUILT_IN, return_value=(Path("record"), Path("seeds"))):
            yield desk
    finally:
        os.chdir(before)
        for file in _files(desk) - at_first:
            file.unlink()
        for folder in sorted(filter(Path.is_dir, desk.rglob("*")), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()


def _files(desk: Path) -> set[Path]:
    return {path for path in desk.rglob("*") if path.is_file()}


# what has tests of its own and would hide the rest
_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
_WHOLE_SIZE = re.compile(r"(wrote \d+ files, )[\d,]+ bytes")
_STYLE = re.compile(r"<(style|script)>.*?</\1>", re.DOTALL)
_DRAWING = re.compile(r"<figure>.*?</figure>", re.DOTALL)


def _content(file: Path) -> str:
    """A file as text: pages without styles, scripts and drawings."""
    if file.suffix in (".svg", ".png"):
        return "(a picture)\n"
    text = file.read_bytes().decode()
    if file.suffix == ".html":
        text = _STYLE.sub(r"<\1>...</\1>", _DRAWING.sub("<figure>...</figure>", text))
    return text


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n(no line end)\n"


def _without_sums(text: str) -> str:
    return _SHA256.sub("(sha256)", text)


def _without_versions(text: str) -> str:
    text = _WHOLE_SIZE.sub(r"\1# bytes", text)
    return text.replace(__version__, "(version)").replace(str(_home()), "(home)")
