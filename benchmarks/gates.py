"""Speed gates: the whole process, as a ratio to a "hello" Typer app in the same environment.

    python benchmarks/gates.py                  the built-in facts
    python benchmarks/gates.py --facts DIR      a pack made by generate.py

Run it with the Python of the environment that evcli is installed in. Clocks differ, so no gate is
on the clock: hello and evcli run in turns, and the median of the ratios of neighbours counts, for
a machine that slows down slows both. Noise only ever adds, so a gate keeps the best of five rounds;
it fails when all five were too slow.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generate import write_ranked

HELLO = [sys.executable, str(Path(__file__).with_name("hello.py")), "hello"]
ROUNDS = 5


@dataclass(frozen=True)
class Gate:
    """A command line, the ratio it may take, and how to know that it did its work."""

    name: str
    limit: float
    arguments: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    code: int = 0
    lines: int = 1  # at least so many on stdout


def completion(words: str) -> dict[str, str]:
    """The variables that a shell sets to ask for completions of the last word."""
    last = words.count(" ")
    return {"_EVCLI_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(last)}


def gates(series: str, table: Sequence[str], year: str) -> list[Gate]:
    """The gates, asked of one series and of what fills a *table* of 40 rows, or few more."""
    begun = series[: series.index(".") + 3]
    return [
        Gate("look-up, csv", 1.4, ["get", series, "--year", year, "--format", "csv"], lines=2),
        Gate("look-up, json", 1.4, ["get", series, "--year", year, "--format", "json"]),
        Gate("look-up, table", 1.9, ["get", series, "--year", year], lines=3),
        Gate("40 rows, csv", 1.5, ["get", *table, "--format", "csv"], lines=41),
        Gate("40 rows, table", 2.1, ["get", *table], lines=40),
        Gate("completion", 1.2, variables=completion(f"evcli get {begun}")),
        Gate("--help", 1.6, ["--help"], lines=10),
        Gate("--help of a command", 1.6, ["get", "--help"], lines=10),
        Gate("an error", 1.3, ["get", "no.such.series"], code=3, lines=0),
    ]


NEV, ALL = "cn.exports.nev.caam", "cn.exports.all.caam"
MONTHS = ["--by", "month", "--since", "2022"]
THREE_YEARS = ["--by", "month", "--since", "2023", "--until", "2025"]
BUILT_IN = [
    *gates(NEV, ["byd.overseas-sales.all.byd"], "2025"),
    # most of these windows nobody states: what follows for them is in the store
    Gate("months, csv", 1.6, ["get", NEV, *MONTHS, "--format", "csv"], lines=40),
    Gate("months, table", 2.4, ["get", NEV, *MONTHS], lines=20),
    Gate("months of a topic", 2.4, ["exports", "--by", "month", "--year", "2025"], lines=10),
    Gate("months, drawn", 2.4, ["trend", NEV, *THREE_YEARS], lines=10),
    Gate("coverage", 3.0, ["coverage"], lines=20),
    Gate("shares", 2.2, ["share", NEV, ALL, "--by", "year"], lines=3),
    Gate("a card", 3.0, ["byd"], lines=10),
    Gate("topic, csv", 1.5, ["exports", "--year", "2025", "--format", "csv"], lines=2),
    Gate("topic, json", 1.5, ["exports", "--year", "2025", "--format", "json"]),
    Gate("topic, table", 1.9, ["exports", "--year", "2025"], lines=3),
    Gate("in words, csv", 1.5, ["exports", "nev", "mexico", "2025", "--format", "csv"], lines=2),
    Gate("get in words, csv", 1.5, ["get", "nev", "exports", "2025", "--format", "csv"], lines=2),
    Gate("in words, table", 1.8, ["exports", "nev", "mexico", "2025"], lines=3),
    Gate("completion of commands", 1.2, variables=completion("evcli e")),
    Gate("a misspelt name", 1.3, ["sales", "chrey"], code=3, lines=0),
    Gate("a misspelt command", 1.3, ["exprots", "2025"], code=2, lines=0),
]
# a generated series has a hundred months, the first of them January 2016
FORTY = ["gen.m002.overseas-sales.nev.p1", "--until", "2019-04"]
GENERATED = gates("gen.m001.exports.all.p1", FORTY, "2023")


@dataclass
class Contest:
    """One gate with the environment it runs in and the best round so far."""

    gate: Gate
    variables: dict[str, str]
    best: tuple[float, float, float] = (float("inf"), 0.0, 0.0)  # ratio, evcli, hello
    rounds: int = 0

    @property
    def passed(self) -> bool:
        return self.best[0] <= self.gate.limit

    @property
    def command(self) -> list[str]:
        return [*evcli(), *self.gate.arguments]

    def check(self) -> str:
        """Why the command did not answer; empty where it did. Also warms the caches."""
        done = subprocess.run(
            self.command,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        lines = done.stdout.count(b"\n")
        if done.returncode == self.gate.code and lines >= self.gate.lines:
            return ""
        tail = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return f"exit {done.returncode}, {lines} lines: {' '.join(tail)}"

    def round(self, runs: int) -> None:
        """Run hello and evcli in turns; keep the better median of their ratios."""
        ours: list[float] = []
        yardstick: list[float] = []
        for turn in range(runs):
            pair = [(HELLO, yardstick), (self.command, ours)]
            for command, times in pair if turn % 2 else reversed(pair):
                times.append(seconds(command, self.variables))
        ratios = [one / other for one, other in zip(ours, yardstick, strict=True)]
        ratio, evcli_median, hello_median = map(statistics.median, (ratios, ours, yardstick))
        self.best = min(self.best, (ratio, evcli_median, hello_median))
        self.rounds += 1


def evcli() -> list[str]:
    """The installed command, else the module."""
    script = Path(sysconfig.get_path("scripts")) / ("evcli.exe" if os.name == "nt" else "evcli")
    return [str(script)] if script.exists() else [sys.executable, "-m", "evcli"]


def seconds(command: Sequence[str], variables: Mapping[str, str]) -> float:
    """How long the process takes, from start to end."""
    started = time.perf_counter()
    subprocess.run(
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - started


def contests(facts: str | None, cache: str) -> list[Contest]:
    """All gates with their environment: a cache of their own, a plain terminal."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("EVCLI", "_EVCLI"))
    }
    plain |= {"XDG_CACHE_HOME": cache, "TERM": "dumb"}
    if facts is not None:
        plain["EVCLI_FACTS"] = str(Path(facts).resolve())
    chosen = BUILT_IN if facts is None else GENERATED
    found = [Contest(gate, plain | dict(gate.variables)) for gate in chosen]
    if facts is None:
        ranked = Path(cache, "ranked")
        write_ranked(ranked)
        asked = ["top", "--year", "2024", "--facts", str(ranked), "--no-builtin"]
        found.append(Contest(Gate("top of 1,000", 3.0, asked, lines=14), plain))
    return found


def main() -> int:
    """Measure, print a table, and say whether every gate held."""
    parser = argparse.ArgumentParser(description="Speed gates of evcli.")
    parser.add_argument("--facts", metavar="DIR", help="ask a pack made by generate.py")
    parser.add_argument("--runs", type=int, default=15, help="pairs a round (default 15)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="evcli-gates-") as cache:
        running = contests(options.facts, cache)
        started = time.perf_counter()
        failures = [running[0].check()]
        print(f"first run, which may compile the store: {time.perf_counter() - started:.2f} s")
        failures += [contest.check() for contest in running[1:]]
        for contest, failure in zip(running, failures, strict=True):
            if failure:
                print(f"evcli {' '.join(contest.gate.arguments) or '(completion)'}: {failure}")
        if any(failures):
            print("speed gates: not measured, because not every command answered")
            return 1
        for _ in range(ROUNDS):
            for contest in running:
                if not contest.passed:
                    contest.round(options.runs)
    report(running)
    return 0 if all(contest.passed for contest in running) else 1


def report(done: Sequence[Contest]) -> None:
    """One line a gate."""
    print(f"{'gate':24} {'hello ms':>9} {'evcli ms':>9} {'ratio':>6} {'limit':>6} {'rounds':>6}")
    for contest in done:
        ratio, ours, hello = contest.best
        verdict = "" if contest.passed else "  TOO SLOW"
        print(
            f"{contest.gate.name:24} {hello * 1000:9.1f} {ours * 1000:9.1f} "
            f"{ratio:6.2f} {contest.gate.limit:6.1f} {contest.rounds:6}{verdict}"
        )
    slow = sum(not contest.passed for contest in done)
    print(f"speed gates: {len(done) - slow} held, {slow} broken")


if __name__ == "__main__":
    sys.exit(main())
