"""evcli run in this process: the bytes, the messages and the exit code that a process gives.

Starting Python and importing evcli costs more than most answers do. What is about the process
itself (pipes, signals, terminals, encodings, imports) is tested with ``evcli_process`` instead;
tests/cli/test_contract.py holds both to the same answers.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from unittest import mock

from evcli.commands.app import run


def run_here(
    arguments: tuple[str, ...], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """The answer to ``evcli ARGUMENTS`` with this environment, in the current directory.

    Descriptors 1 and 2 lead into files for that time, so nothing that is written is missed and
    nothing is a terminal; environment, streams and directory are put back afterwards.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with (
            _leading_to(out, 1),
            _leading_to(err, 2),
            mock.patch.dict(os.environ, environment, clear=True),
            mock.patch.object(sys, "argv", ["evcli", *arguments]),
            contextlib.chdir("."),
            _streams(),
        ):
            code = run(list(arguments))
        return subprocess.CompletedProcess(["evcli", *arguments], code, _all_of(out), _all_of(err))


@contextlib.contextmanager
def _leading_to(file: IO[bytes], descriptor: int) -> Iterator[None]:
    before = os.dup(descriptor)
    os.dup2(file.fileno(), descriptor)
    try:
        yield
    finally:
        os.dup2(before, descriptor)
        os.close(before)


@contextlib.contextmanager
def _streams() -> Iterator[None]:
    """Standard streams as Python opens them for a process in the locale C.UTF-8."""
    with (
        Path(os.devnull).open(encoding="utf-8") as stdin,
        os.fdopen(1, "wb", closefd=False) as out,
        os.fdopen(2, "wb", closefd=False) as err,
        io.TextIOWrapper(out, "utf-8", "surrogateescape") as stdout,
        io.TextIOWrapper(err, "utf-8", "backslashreplace", line_buffering=True) as stderr,
        mock.patch.multiple(sys, stdin=stdin, stdout=stdout, stderr=stderr),
    ):
        yield


def _all_of(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
