"""Answers as text: one function for every format, one owner of standard output.

Machine formats print the answer's columns with raw numbers; the table prints what people read.
Each format is imported when it is asked for: a look-up in CSV never pays for the table.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from evcli.errors import OutputError, check_one_of
from evcli.terminal import columns, in_color
from evcli.tuples import NamedTuple

if TYPE_CHECKING:
    from evcli.model.answer import Answer

WORKBOOK = "xlsx"  # a format of files alone
FORMATS = ("table", "csv", "tsv", "json", "jsonl", "markdown")  # the usual one first
ANNOTATIONS = ("github",)  # of commands whose rows are mistakes, each at a line of a file
NESTED = ("json", "jsonl")  # the formats whose cells may hold objects

_BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
_BATCH = 512  # rows in one chunk: few writes, little memory


class Options(NamedTuple):
    """How to print. All but ``format``, ``header`` and ``excel`` is for the table only.

    ``width`` None is the natural width: nothing is wrapped and nothing left out. ``ascii`` spells
    all that evcli itself writes in plain ASCII. ``notes`` and ``sources`` are listed, or counted;
    ``verbose`` shows all bounds and the same command ``in_ids``. ``header`` False leaves out the
    names of the fields, for formats whose first line has them; ``excel`` is for CSV and TSV.
    """

    format: str = "table"
    color: bool = False
    width: int | None = None
    ascii: bool = False
    header: bool = True
    notes: bool = False
    sources: bool = False
    verbose: bool = False
    in_ids: str = ""
    excel: bool = False


def render(answer: Answer, options: Options) -> Iterator[str]:
    """The answer as chunks of text with LF line ends; UsageError for an unknown format, at once."""
    if options.format not in ANNOTATIONS:
        check_one_of("format", options.format, FORMATS)
    module = import_module(f"evcli.render.{'table' if options.format == 'table' else 'machine'}")
    write = getattr(module, f"{options.format}_lines")
    if options.format not in NESTED:
        answer = answer.flat()
    if options.format == "table":
        return _batched(write(answer, options))
    if options.excel:
        answer = module.for_excel(answer)
    lines = islice(write(answer), 0 if options.header else 1, None)
    return _batched(chain([_BYTE_ORDER_MARK] * options.excel, lines))


def _batched(lines: Iterator[str]) -> Iterator[str]:
    """Join many small lines into few chunks without ever holding them all."""
    while batch := "".join(islice(lines, _BATCH)):
        yield batch


class ClosedPipe(BrokenPipeError):
    """The reader has gone, as in ``evcli get ... | head``: no error, stop and exit 0. Standard
    output leads nowhere already, so nothing can go wrong with it, not even at interpreter shutdown.
    """


class Stdout:
    """Standard output, or a stand-in for it; *stream* None is what ``sys.stdout`` is now."""

    def __init__(
        self, stream: TextIO | None = None, environ: Mapping[str, str] | None = None
    ) -> None:
        self._stream: TextIO | None = sys.stdout if stream is None else stream
        self._environ = os.environ if environ is None else environ

    def in_color(self, *, no_color: bool = False) -> bool:
        """Whether the table is coloured; *no_color* is ``--no-color``."""
        return in_color(self._stream, self._environ, no_color=no_color)

    @property
    def width(self) -> int | None:
        """The columns of the terminal; None where it is none."""
        return columns(self._stream, self._environ)

    def write(self, chunks: Iterable[str]) -> None:
        """Write all of *chunks* and flush.

        Raises ClosedPipe when nobody reads any more and OutputError when it cannot be written;
        an error that comes from *chunks* themselves passes through untouched.
        """
        stream = self._stream
        if stream is None:
            raise OutputError("cannot write the answer: standard output is closed")
        for chunk in chain(chunks, [None]):
            try:
                if chunk is None:
                    stream.flush()
                else:
                    _put(stream, chunk)
            except (OSError, ValueError) as error:
                # it leads nowhere now, so that what is left in its buffer does no harm at exit;
                # there may be no descriptor behind it, or a closed one
                with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
                    os.dup2(nowhere.fileno(), stream.fileno())
                # Windows reports a closed pipe as an invalid argument
                invalid = sys.platform == "win32" and getattr(error, "errno", 0) == errno.EINVAL
                if isinstance(error, BrokenPipeError) or invalid:
                    raise ClosedPipe(*error.args) from None
                reason = error.strerror if isinstance(error, OSError) else None
                raise OutputError(f"cannot write the answer: {reason or error}") from error


def _put(stream: TextIO, chunk: str) -> None:
    binary = getattr(stream, "buffer", None)
    if binary is None:  # a stand-in that holds text, such as StringIO
        stream.write(chunk)
        return
    left = memoryview(encoded(chunk))
    while left:  # unbuffered Python (-u) may take a part only
        left = left[binary.write(left) :]


def encoded(text: str) -> bytes:
    """*text* as UTF-8; a lone surrogate, which has no UTF-8, becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
