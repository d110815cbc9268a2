"""Work shared out to processes that are forked, and so have all that was read before.

Where forking is not safe (Windows, macOS, beside other threads) new processes do what can be
pickled; this one does all else.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from selectors import EVENT_READ, DefaultSelector
from threading import active_count
from typing import IO, TypeVar

R = TypeVar("R")
Work = Callable[[int], R]  # for the item at an index


def spread(work: Work[R], items: Sequence[int]) -> Iterator[tuple[int, R]]:
    """Each of *items* with what *work* makes of it, as they are done.

    Processes take them in turn, so that work for the largest is best given first.

    >>> sorted(spread(lambda number: number * 2, range(3)))
    [(0, 0), (1, 2), (2, 4)]
    """
    processors = min(os.cpu_count() or 1, len(items))
    left = dict.fromkeys(items)
    if processors > 1 and (sys.platform in ("win32", "darwin") or active_count() > 1):
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with suppress(Exception):  # what fails there, or cannot be sent there, is done here
            pickle.dumps(work)  # before any process begins, which runs the asking script anew
            with ProcessPoolExecutor(processors, get_context("spawn")) as pool:
                for item, result in zip(items, pool.map(work, items), strict=True):
                    del left[item]
                    yield item, result
    elif processors > 1:
        with ExitStack() as stack, DefaultSelector() as ready:
            for first in range(processors):
                found = stack.enter_context(_forked(work, items[first::processors]))
                ready.register(found, EVENT_READ, found)
            while ready.get_map():
                for key, _ in ready.select():
                    try:
                        item, result = pickle.load(key.data)  # noqa: S301 - a fork of ours wrote it
                    except (EOFError, pickle.UnpicklingError):  # all, or all of a killed one
                        ready.unregister(key.data)
                    else:
                        del left[item]
                        yield item, result
    yield from ((item, work(item)) for item in left)


@contextmanager
def _forked(work: Work[R], items: Sequence[int]) -> Iterator[IO[bytes]]:
    """What a process of its own makes of *items*, pickled; it ends with the block. No pool of the
    standard library: ending one in the middle may wait for a lock for ever.
    """
    read, write = os.pipe()
    parent, worker = os.getpid(), os.fork()
    if not worker:
        with suppress(BaseException):  # interrupts are for the parent, which alone speaks
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for number in (1, 2):
                os.dup2(os.open(os.devnull, os.O_WRONLY), number)
            os.close(read)
            with os.fdopen(write, "wb") as told:
                for item in items:
                    if os.getppid() == parent:  # else nobody waits for it
                        pickle.dump((item, work(item)), told)
                        told.flush()
        os._exit(0)
    os.close(write)
    try:
        with os.fdopen(read, "rb") as found:
            yield found
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
