"""Where the process starts: ``evcli`` and ``python -m evcli``."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> None:
    """Answer one command line and end the process with its exit code."""
    _leave(_answer())


def _answer() -> int:
    """Answer ``--version`` at once, hand everything else to the commands; the exit code."""
    try:
        if sys.argv[1:] in (["--version"], ["-V"]):
            from evcli.commands.welcome import version_text

            if _wrote(version_text()):
                return 0
        # start-up makes many objects and no garbage: collecting it ten times costs 4 of 90 ms
        gc.set_threshold(100_000, 20, 20)
        from evcli.commands.app import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # while importing: the commands handle their own
        return 130


def _wrote(text: str) -> bool:
    """Whether stdout took *text*; unbuffered, so that nothing is left to fail at exit.

    Where it did not, the ordinary way answers and knows what to say of a closed pipe or a
    full disk.
    """
    try:
        os.write(1, text.encode())
    except OSError:
        return False
    return True


def _leave(code: int) -> NoReturn:
    """End without taking the interpreter apart: that is a fifth of the time of a look-up.

    Answers are flushed and stores closed by then, and nothing of evcli waits for the exit. A
    debugger or profiler does, and gets an ordinary one.
    """
    if sys.gettrace() is None and sys.getprofile() is None:
        with suppress(OSError, ValueError):
            if sys.stderr is not None:
                sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
