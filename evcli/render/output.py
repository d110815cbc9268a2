r"""The one owner of standard output: everything evcli answers goes through here.

Bytes are UTF-8 with LF line ends whatever the locale says, and they are flushed before
``write`` returns, so that a full disk is an error and not a surprise at exit.

>>> import io
>>> page = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
>>> Stdout(page).write(["比亚迪", "\n"])
>>> page.buffer.getvalue().decode()
'比亚迪\n'
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TextIO

from evcli.errors import OutputError
from evcli.terminal import columns, in_color


class ClosedPipe(BrokenPipeError):
    """The reader has gone, as in ``evcli get ... | head``: no error, stop and exit 0.

    When this is raised standard output already leads nowhere, so nothing more can go wrong
    with it, not even at interpreter shutdown.
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
                _silence(stream)
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


def _silence(stream: TextIO) -> None:
    """Lead the stream to nowhere, so that what is left in its buffer does no harm at exit."""
    # there may be no descriptor behind it, or a closed one
    with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
