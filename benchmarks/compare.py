"""evcli beside general tools, asked the same questions of the same facts.

    python benchmarks/compare.py [--facts 100000] [--runs 7]

Run it with the Python of the environment that evcli is installed in; the other tools are taken
from that environment or from PATH. Every answer is compared with the right one: a tool that
errs is listed as such, a tool that is not installed as missing, and neither gets a time.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generate import MONTHS, Series, all_series, generate

SERIES = "gen.m001.exports.all.p1"
YEAR = "2023"
MONTH, YEAR_BEFORE = "2023-05", "2022-05"
SUITS_TOP = {"metric": "exports", "scope": "nev", "publisher": "gen-p2", "period": MONTH}

ONE_YEAR = f"series = '{SERIES}' AND period LIKE '{YEAR}-%'"
LOOK_UP_SQL = f"SELECT period, value FROM facts WHERE {ONE_YEAR} ORDER BY period"
GROWTH_SQL = (
    "SELECT (CAST(new.value AS REAL) / old.value - 1) * 100 AS growth FROM facts new, facts old "
    f"WHERE new.series = '{SERIES}' AND old.series = new.series "
    f"AND new.period = '{MONTH}' AND old.period = '{YEAR_BEFORE}'"
)
TOP_SQL = (
    "SELECT series, value FROM facts WHERE "
    + " AND ".join(f"{name} = '{value}'" for name, value in SUITS_TOP.items())
    + " ORDER BY CAST(value AS INTEGER) DESC LIMIT 10"
)
QUESTIONS = ("look up a year", "growth on a year before", "top 10")
SQL = (LOOK_UP_SQL, GROWTH_SQL, TOP_SQL)


@dataclass(frozen=True)
class Tool:
    """A program and its command line for each question; ``shell`` joins several by pipes."""

    name: str
    needs: str
    commands: Sequence[Sequence[Sequence[str]]]  # a question, a pipe, a word
    prepare: Sequence[str] = ()  # run once, not timed


def evcli_commands(program: str) -> Sequence[Sequence[Sequence[str]]]:
    where = [f"--{name}={value}" for name, value in SUITS_TOP.items()]
    form = ["--format", "csv", "--fields"]
    return (
        [[program, "get", SERIES, "--year", YEAR, *form, "period,value"]],
        [[program, "growth", SERIES, "--period", MONTH, *form, "value"]],
        [[program, "top", *where, "--limit", "10", *form, "id,value"]],
    )


def piped(table: str, program: Sequence[str]) -> Sequence[Sequence[Sequence[str]]]:
    """One SQL program over *table*, each question one process."""
    return [[[*program, sql.replace(" facts", f" {table}")]] for sql in SQL]


def tools(folder: Path) -> list[Tool]:
    """Everything to compare, over the files of *folder*."""
    facts, duck, lite = (str(folder / name) for name in ("facts.csv", "facts.duckdb", "facts.db"))
    loaded = f"CREATE TABLE facts AS SELECT * FROM '{facts}'"
    duckdb = find("duckdb")
    import_duckdb = (
        "import sys, duckdb; duckdb.connect(sys.argv[1]).sql(sys.argv[2]).write_csv('/dev/stdout')"
    )
    python = [sys.executable, "-c", import_duckdb]
    by_duckdb = (
        (
            Tool("DuckDB CLI", "duckdb", piped(f"'{facts}'", [duckdb, "-csv", "-c"])),
            Tool(
                "DuckDB CLI, own file",
                "duckdb",
                piped("facts", [duckdb, duck, "-csv", "-c"]),
                [duckdb, duck, "-c", loaded],
            ),
        )
        if duckdb
        else (
            Tool("DuckDB CLI", "duckdb", ()),
            Tool("DuckDB in Python", "import duckdb", piped(f"'{facts}'", [*python, ":memory:"])),
        )
    )
    utils = find("sqlite-utils")
    return [
        Tool("evcli", "evcli", evcli_commands(find("evcli"))),
        *by_duckdb,
        Tool(
            "sqlite-utils memory",
            "sqlite-utils",
            [[[utils, "memory", facts, sql, "--csv"]] for sql in SQL],
        ),
        Tool(
            "sqlite-utils, own file",
            "sqlite-utils",
            [[[utils, "query", lite, sql, "--csv"]] for sql in SQL],
            [utils, "insert", lite, "facts", facts, "--csv"],
        ),
        Tool("csvkit", "csvgrep", csvkit_commands(facts)),
        Tool("Miller", "mlr", miller_commands(facts)),
    ]


def csvkit_commands(facts: str) -> Sequence[Sequence[Sequence[str]]]:
    grep, cut, sort = find("csvgrep"), find("csvcut"), find("csvsort")
    one = [grep, "-c", "series", "-m", SERIES, facts]
    narrowed = [[grep, "-c", name, "-r", f"^{value}$"] for name, value in SUITS_TOP.items()]
    narrowed[0].append(facts)
    months = [grep, "-c", "period", "-r", f"^({MONTH}|{YEAR_BEFORE})$"]
    growth = GROWTH_SQL.replace("CAST(new.value AS REAL)", "new.value * 1.0")
    return (
        [one, [grep, "-c", "period", "-r", f"^{YEAR}-"], [cut, "-c", "period,value"]],
        [one, months, [find("csvsql"), "-I", "--tables", "facts", "--query", growth]],
        [*narrowed, [sort, "-c", "value", "-r"], [cut, "-c", "series,value"], ["head", "-11"]],
    )


def miller_commands(facts: str) -> Sequence[Sequence[Sequence[str]]]:
    miller = [find("mlr"), "--csv"]
    years = f'$series == "{SERIES}" && ($period == "{MONTH}" || $period == "{YEAR_BEFORE}")'
    growth = "$growth = ($value / $value_shift - 1) * 100"
    top = " && ".join(f'${name} == "{value}"' for name, value in SUITS_TOP.items())
    return (
        [
            [
                *(*miller, "filter", f'$series == "{SERIES}" && $period =~ "^{YEAR}-"'),
                *("then", "cut", "-o", "-f", "period,value", facts),
            ]
        ],
        [
            [
                *(*miller, "filter", years, "then", "step", "-a", "shift", "-f", "value"),
                *("then", "tail", "-n", "1", "then", "put", growth),
                *("then", "cut", "-f", "growth", facts),
            ]
        ],
        [
            [
                *(*miller, "filter", top, "then", "sort", "-nr", "value", "then", "head", "-n"),
                *("10", "then", "cut", "-o", "-f", "series,value", facts),
            ]
        ],
    )


def find(program: str) -> str:
    """Where the program is, this environment first; empty if nowhere."""
    here = sysconfig.get_path("scripts")
    return shutil.which(program, path=here) or shutil.which(program) or ""


def right_answers(series: Sequence[Series]) -> list[Callable[[list[list[str]]], bool]]:
    """One check a question, over the rows a tool printed (without header)."""
    by_id = {one.id: dict(zip(MONTHS, one.values, strict=True)) for one in series}
    months = by_id[SERIES]
    year = [(month, months[month]) for month in MONTHS if month.startswith(YEAR)]
    growth = (months[MONTH] / months[YEAR_BEFORE] - 1) * 100
    rivals = (
        (by_id[one.id][MONTH], one.id)
        for one in series
        if (one.metric, one.scope, one.publisher) == tuple(SUITS_TOP.values())[:3]
    )
    # series that share a value may stand in either order
    largest = sorted(rivals, reverse=True)[:10]

    def is_year(rows: list[list[str]]) -> bool:
        return [(month, float(value)) for month, value in rows] == year

    def is_growth(rows: list[list[str]]) -> bool:
        return len(rows) == 1 and abs(float(rows[0][0]) - growth) < 1e-6

    def is_top(rows: list[list[str]]) -> bool:
        values = [float(value) for _, value in rows]
        named = {name.partition("@")[0] for name, _ in rows}
        return values == [value for value, _ in largest] and named == {name for _, name in largest}

    return [is_year, is_growth, is_top]


def run(pipe: Sequence[Sequence[str]], variables: Mapping[str, str]) -> tuple[float, bytes]:
    """Start every process of the pipe at once, as a shell does; seconds and what came out."""
    started = time.perf_counter()
    running: list[subprocess.Popen[bytes]] = []
    for words in pipe:
        before = running[-1].stdout if running else subprocess.DEVNULL
        running.append(
            subprocess.Popen(
                words,
                env=variables,
                stdin=before,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        )
        if len(running) > 1:
            assert running[-2].stdout is not None
            running[-2].stdout.close()  # so that an early end is felt upstream
    printed, _ = running[-1].communicate()
    for process in running:
        process.wait()
    return time.perf_counter() - started, printed


def rows_of(printed: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(printed.decode())))[1:]


def answered(
    pipe: Sequence[Sequence[str]],
    variables: Mapping[str, str],
    is_right: Callable[[list[list[str]]], bool],
) -> str:
    """Empty where the tool's answer is right, else what to print instead of a time."""
    _, printed = run(pipe, variables)
    try:
        return "" if is_right(rows_of(printed)) else "wrong answer"
    except (ValueError, IndexError):
        return "no answer"


def measure(folder: Path, facts: int, runs: int) -> list[str]:
    """Ask everything of everybody in turns; the lines of a Markdown table."""
    generate(folder / "data", facts)
    series_count = -(-facts // len(MONTHS))
    checks = right_answers([one for one, _ in zip(all_series(), range(series_count), strict=False)])
    plain = {name: value for name, value in os.environ.items() if not name.startswith("EVCLI")}
    cache = str(folder / "cache")
    plain |= {"EVCLI_FACTS": str(folder / "data" / "pack"), "XDG_CACHE_HOME": cache}
    present, lines = [], []
    for tool in tools(folder / "data"):
        if not tool.commands or not all(words[0] for words in tool.commands[0]):
            lines.append(f"| {tool.name} | missing: needs `{tool.needs}` |" + " |" * 2)
            continue
        if tool.prepare:
            subprocess.run(tool.prepare, stdout=subprocess.DEVNULL, check=True)
        present.append(tool)
    table: dict[str, list[str]] = {tool.name: [] for tool in present}
    for question, is_right in enumerate(checks):
        pipes = {tool.name: tool.commands[question] for tool in present}
        failed = {name: answered(pipe, plain, is_right) for name, pipe in pipes.items()}
        times: dict[str, list[float]] = {name: [] for name in pipes if not failed[name]}
        for _ in range(runs):
            for name, spent in times.items():
                spent.append(run(pipes[name], plain)[0])
        medians = {name: statistics.median(spent) for name, spent in times.items()}
        ours = medians.get("evcli")
        for name in pipes:
            if failed[name]:
                table[name].append(failed[name])
                continue
            ratio = f" ({medians[name] / ours:.1f}x)" if ours else ""
            table[name].append(f"{medians[name] * 1000:.0f} ms{ratio}")
    return [f"| {name} | {' | '.join(cells)} |" for name, cells in table.items()] + lines


def main() -> int:
    parser = argparse.ArgumentParser(description="evcli beside general tools.")
    parser.add_argument("--facts", type=int, default=100_000, help="default 100000")
    parser.add_argument("--runs", type=int, default=7, help="runs a tool and question (default 7)")
    options = parser.parse_args()
    if options.facts < 50_000:
        parser.error("--facts: at least 50000, so that there is a top 10")
    print(f"{options.facts:,} facts; medians of {options.runs} runs, whole process; (x evcli)\n")
    print(f"| tool | {' | '.join(QUESTIONS)} |")
    print("|---" * (len(QUESTIONS) + 1) + "|")
    with tempfile.TemporaryDirectory(prefix="evcli-compare-") as folder:
        print("\n".join(measure(Path(folder), options.facts, options.runs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
