"""Where the process starts: ``evcli`` and ``python -m evcli``."""

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path


def main() -> None:
    """Answer one command line and end the process with its exit code, or by a signal to end: that
    is taken as Ctrl-C is first, so that nothing half-written stays.
    """
    code, process = 130, os.getpid()
    told: list[int] = []

    def end(number: int, _frame: object) -> None:
        if os.getpid() != process:  # forked to help
            os._exit(128 + number)
        if not told:  # once, for what it takes to leave nothing behind
            told.append(number)
            raise KeyboardInterrupt

    named = {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}  # which Windows lacks
    ends = [each for each in named if signal.getsignal(each) is signal.SIG_DFL]
    with suppress(KeyboardInterrupt):  # while importing: the commands handle their own
        for number in ends:
            signal.signal(number, end)
        code = _answer()
        for number in ends:
            signal.signal(number, signal.SIG_DFL)
    for number in told:
        signal.signal(number, signal.SIG_DFL)
        os.kill(process, number)
    # taking the interpreter apart is a fifth of the time of a look-up: answers are flushed and
    # stores closed by now, and only a debugger or profiler waits for an ordinary exit
    if sys.gettrace() is None and sys.getprofile() is None:
        with suppress(OSError, ValueError):
            if sys.stderr is not None:
                sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _answer() -> int:
    """Answer ``--version`` at once, hand everything else to the commands; the exit code."""
    if sys.platform == "win32" and sys.stderr is not None:  # else in the letters of a code page
        sys.stderr.reconfigure(encoding="utf-8")
    if not Path(__file__).is_file():
        way_out = "install it instead: uv tool install FILE.whl, or pipx install FILE.whl"
        sys.stderr.write(f"evcli: error: evcli does not run from within a zip file; {way_out}\n")
        return 2
    if sys.argv[1:] in (["--version"], ["-V"]):
        from evcli.commands.welcome import version_text

        text = version_text().encode()
        # unbuffered; of a closed pipe or a full disk the ordinary way knows what to say
        with suppress(OSError):
            if os.write(1, text) == len(text):
                return 0
    # start-up makes many objects and no garbage: collecting it ten times costs 4 of 90 ms
    gc.set_threshold(100_000, 20, 20)
    from evcli.commands.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    main()
