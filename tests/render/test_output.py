"""Standard output: UTF-8 whatever the locale, and every failure told apart, in real processes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evcli.errors import OutputError
from evcli.render import ClosedPipe, Stdout

WRITER = """
import sys
from evcli.errors import OutputError
from evcli.render import ClosedPipe, Stdout
try:
    Stdout().write(["{text}\\n"] * {lines})
except ClosedPipe:
    sys.exit(0)
except OutputError as error:
    sys.stderr.write(str(error))
    sys.exit(6)
"""
needs_posix = pytest.mark.skipif(os.name != "posix", reason="POSIX devices and descriptors")


def script(lines: int = 1) -> list[str]:
    return ["-c", WRITER.format(text=ascii("比亚迪")[1:-1], lines=lines)]


def test_utf8_and_lf_whatever_the_locale() -> None:
    process = subprocess.run(
        [sys.executable, *script()],
        env=os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert process.stdout == "比亚迪\n".encode()


@needs_posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("lines", [1, 100_000])
@pytest.mark.parametrize("python", [[], ["-u"]])
def test_a_full_disk(lines: int, python: list[str]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        process = subprocess.run(
            [sys.executable, *python, *script(lines=lines)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert process.returncode == 6
    assert process.stderr == b"cannot write the answer: No space left on device"


@needs_posix
@pytest.mark.parametrize("python", [[], ["-u"]])
def test_a_reader_that_leaves(python: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, *python, *script(lines=200_000)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "比亚迪\n".encode()
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(timeout=30) == 0


@needs_posix
def test_a_reader_that_never_came() -> None:
    """The little that is written stays in the buffer until the explicit flush."""
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, *script()], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (process.returncode, process.stderr) == (0, b"")


@needs_posix
def test_standard_output_is_closed() -> None:
    process = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", sys.executable, *script()],
        stderr=subprocess.PIPE,
        check=False,
    )
    assert process.returncode == 6
    assert process.stderr == b"cannot write the answer: standard output is closed"


@needs_posix
def test_standard_output_can_only_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with (tmp_path / "empty").open("rb") as readable:
        process = subprocess.run(
            [sys.executable, *script()], stdout=readable, stderr=subprocess.PIPE, check=False
        )
    assert process.returncode == 6
    assert process.stderr == b"cannot write the answer: Bad file descriptor"


# --- in this process ---


class Choosy(io.RawIOBase):
    """A raw stream that takes three bytes at a time, as an unbuffered pipe may."""

    def __init__(self) -> None:
        self.taken = b""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.taken += bytes(data[:3])
        return min(3, len(data))


class Page:
    """As much of ``sys.stdout`` as Stdout needs."""

    def __init__(self, buffer: io.RawIOBase) -> None:
        self.buffer = buffer

    def flush(self) -> None: ...


def test_a_partial_write_is_continued() -> None:
    raw = Choosy()
    Stdout(Page(raw)).write(["比亚迪 and others\n"])  # type: ignore[arg-type]
    assert raw.taken.decode() == "比亚迪 and others\n"


def test_what_was_printed_before_stays_before() -> None:
    page = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    Stdout(page).write(["one\n"])
    Stdout(page).write(["two\n"])
    assert page.buffer.getvalue() == b"one\ntwo\n"


def test_a_stand_in_without_bytes() -> None:
    page = io.StringIO()
    Stdout(page).write(["比亚迪\n"])
    assert page.getvalue() == "比亚迪\n"


@pytest.mark.parametrize(
    ("text", "data"),
    [("a\udc80b", "a\ufffdb"), ("\ud83d\ude00", "\N{GRINNING FACE}"), ("\0\x1b", "\0\x1b")],
)
def test_a_lone_surrogate_has_no_utf8(text: str, data: str) -> None:
    page = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    Stdout(page).write([text])
    assert page.buffer.getvalue() == data.encode()


def test_a_closed_stream_is_an_output_error() -> None:
    page = io.StringIO()
    page.close()
    with pytest.raises(OutputError, match="closed file"):
        Stdout(page).write(["a"])
    assert Stdout(page).width is None
    assert not Stdout(page, {"TERM": "xterm"}).in_color()


def test_an_error_of_the_rows_is_not_an_output_error() -> None:
    def rows() -> Iterator[str]:
        yield "a\n"
        raise FileNotFoundError("the store has gone")

    with pytest.raises(FileNotFoundError):
        Stdout(io.StringIO()).write(rows())


def test_a_closed_pipe_is_a_broken_pipe() -> None:
    assert issubclass(ClosedPipe, BrokenPipeError)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "width"), [({}, 80), ({"COLUMNS": "132"}, 132), ({"COLUMNS": "wide"}, 80)]
)
def test_width(environ: dict[str, str], width: int) -> None:
    assert Stdout(Terminal(), environ).width == width
    assert Stdout(io.StringIO(), environ).width is None
