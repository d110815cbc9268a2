"""Work in processes: what one cannot do is done all the same, or fails here."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from evcli.workers import spread


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without the threads of the test runner."""
    monkeypatch.setattr("evcli.workers.active_count", lambda: 1)


def test_every_item_is_done_once() -> None:
    assert sorted(spread(lambda item: item * item, range(50))) == [(n, n * n) for n in range(50)]


def test_what_a_killed_process_leaves_is_done_here(alone: None) -> None:
    here = os.getpid()

    def work(item: int) -> int:
        if item == 3 and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    assert sorted(spread(work, range(8))) == [(n, n) for n in range(8)]


def test_an_error_in_a_process_is_raised_here() -> None:
    def work(item: int) -> int:
        return 1 // (item - 5)

    with pytest.raises(ZeroDivisionError):
        list(spread(work, range(8)))


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor works alone")
def test_who_stops_listening_ends_the_processes(alone: None) -> None:
    results = spread(lambda _: os.getpid(), range(8))
    _, worker = next(results)
    del results
    gc.collect()
    assert worker != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


@pytest.fixture
def no_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise AssertionError("a process was forked")

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_where_forking_is_not_safe_new_processes_start(
    alone: None, no_forks: None, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr("evcli.workers.sys", SimpleNamespace(platform=platform))
    assert sorted(spread(partial(pow, 2), range(4))) == [(0, 1), (1, 2), (2, 4), (3, 8)]
    assert sorted(spread(lambda item: -item, range(3))) == [(0, 0), (1, -1), (2, -2)]
    with pytest.raises(ZeroDivisionError):
        list(spread(partial(divmod, 1), range(2)))


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor works alone")
def test_a_script_beside_whose_threads_it_works_runs_once(tmp_path: Path) -> None:
    """A new process begins with the script itself, which guards nothing."""
    script = tmp_path / "script.py"
    script.write_text(
        "import threading, time\n"
        "print('begun', flush=True)\n"
        "threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
        "from evcli.workers import spread\n"
        "print(sorted(spread(lambda item: -item, range(3))))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "begun\n[(0, 0), (1, -1), (2, -2)]\n"


def test_beside_other_threads_nothing_is_forked(no_forks: None) -> None:
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: sorted(spread(lambda item: item, range(3))))
        assert asked.result() == [(0, 0), (1, 1), (2, 2)]
