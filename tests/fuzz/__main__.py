"""Run fuzzers for a time: ``python -m tests.fuzz [NAME]... --seconds 60 --seed 1``.

The seconds are those of all that are named, or of all there are. A find ends the run with exit 1
and its input, ready for ``corpus/NAME/``. With atheris installed the search is led by coverage.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from typing import Any

from hypothesis import given, settings

from tests.fuzz.test_fuzz import TRIALS

MOST_BYTES = 4_000  # of choices for one input


def main() -> int:
    """Run what the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(TRIALS)}")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true", help="one NAME, led by coverage")
    asked = parser.parse_args()
    names = asked.names or list(TRIALS)
    if unknown := [name for name in names if name not in TRIALS]:
        parser.error(f"no fuzzer named {', '.join(unknown)}")
    if asked.atheris:
        return guided(names[0], asked.seconds, asked.seed)
    for name in names:
        until = time.monotonic() + asked.seconds / len(names)
        chooser = random.Random(asked.seed)
        tried = 0
        one = one_input(name)
        while time.monotonic() < until:
            one(chooser.randbytes(chooser.choice((64, 256, 1024, MOST_BYTES))))
            tried += 1
        sys.stdout.write(f"{name}: {tried:,} inputs, nothing found\n")
    return 0


def one_input(name: str) -> Any:
    """A function that tries the input which some bytes choose; a find is printed and raised."""
    check, inputs = TRIALS[name]

    @settings(deadline=None, database=None)
    @given(inputs)
    def trial(arguments: tuple[object, ...]) -> None:
        try:
            check(*arguments)
        except Exception:
            sys.stdout.write(f"{name}: {json.dumps(arguments)}\n")
            raise

    return getattr(trial, "hypothesis").fuzz_one_input  # noqa: B009  (put there by given)


def guided(name: str, seconds: float, seed: int) -> int:
    """Atheris leads the search."""
    import atheris  # type: ignore[import-untyped]  # installed by hand

    atheris.instrument_all()
    arguments = [sys.argv[0], f"-max_total_time={seconds:.0f}", f"-seed={seed}"]
    atheris.Setup(arguments, one_input(name))
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
