"""Make a pack of any size, and the same facts as CSV, the same bytes every time.

    python benchmarks/generate.py OUT [--facts 100000]

writes ``OUT/pack/*.yaml`` (for ``evcli --facts OUT/pack``) and ``OUT/facts.csv``. A series is of
ordinary size, a hundred months; half the makers export, half sell overseas, each in several
scopes as counted by several publishers. The vocabulary is the pack's own.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

MONTHS = [f"{year}-{month:02}" for year in range(2016, 2025) for month in range(1, 13)][:100]
SCOPES = ("all", "nev", "bev", "phev")
PUBLISHERS = 5
FILES = 20  # or more, of 10,000 facts
KEYS = ["series", "subject", "metric", "scope", "destination", "unit", "publisher"]
COLUMNS = [*KEYS, "period", "value", "source"]


@dataclass(frozen=True)
class Series:
    """One generated series and its monthly values."""

    subject: str
    metric: str
    scope: str
    publisher: str
    values: tuple[int, ...]

    @property
    def id(self) -> str:
        return f"gen.{self.subject[4:]}.{self.metric}.{self.scope}.{self.publisher[4:]}"


def all_series() -> Iterator[Series]:
    """Series without end: maker by maker, scope by scope, publisher by publisher."""
    chance = random.Random(20250529)
    maker = 0
    while True:
        maker += 1
        metric = "exports" if maker % 2 else "overseas-sales"
        for scope in SCOPES:
            for publisher in range(1, PUBLISHERS + 1):
                level = chance.randrange(2_000, 60_000)
                values = []
                for _ in MONTHS:
                    level = max(100, level + chance.randrange(-level // 10, level // 8))
                    # as printed: whole thousands, hundreds, or every vehicle
                    step = chance.choice((1, 1, 100, 1000)) if level > 5_000 else 1
                    values.append(level // step * step)
                yield Series(f"gen-m{maker:03}", metric, scope, f"gen-p{publisher}", tuple(values))


def source(publisher: str, month: str) -> str:
    """The id of the release that states a publisher's month."""
    return f"{publisher}-{month}"


def write_pack(folder: Path, series: list[Series], months: list[str]) -> None:
    """The vocabulary, the sources and the series, in files of some size each."""
    folder.mkdir(parents=True)
    subjects = sorted({one.subject for one in series})
    publishers = sorted({one.publisher for one in series})
    lines = ["vocabulary:", "  subjects:"]
    lines += [f"    - {{id: {one}, name: Maker {one[4:]}, kind: maker}}" for one in subjects]
    lines += ["  methods:"]
    lines += ["    - {id: gen-count, name: Generated, definition: Made up to measure speed}"]
    lines += ["  publishers:"]
    lines += [f"    - {{id: {one}, name: Counter {one[4:]}}}" for one in publishers]
    lines += ["sources:"]
    lines += [
        f"  - {{id: {source(one, month)}, title: Release {month}, outlet: Counter {one[4:]}, "
        f"publisher: {one}, published: {month}-28}}"
        for one in publishers
        for month in months
    ]
    write(folder / "words.yaml", lines)
    files = max(FILES, len(series) * len(months) // 10_000)
    for number in range(files):
        chosen = series[number::files]
        if chosen:
            lines = ["series:", *(line for one in chosen for line in series_lines(one, months))]
            write(folder / f"series-{number:02}.yaml", lines)


def series_lines(one: Series, months: list[str]) -> Iterator[str]:
    """A series with its facts."""
    yield f"  - id: {one.id}"
    yield f"    title: {one.metric} of {one.subject}, {one.scope}, counted by {one.publisher}"
    for key in ("subject", "metric", "scope", "publisher"):
        yield f"    {key}: {getattr(one, key)}"
    yield "    unit: vehicles"
    yield "    method: gen-count"
    yield "    facts:"
    for month, value in zip(months, one.values, strict=True):
        cited = f"source: {source(one.publisher, month)}, at: p1"
        yield f'      - {{period: {month}, stated: "{value:,}", {cited}}}'


def write_csv(file: Path, series: list[Series], months: list[str]) -> None:
    """The same facts, one a row."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in series:
            head = (one.id, one.subject, one.metric, one.scope, "world", "vehicles", one.publisher)
            for month, value in zip(months, one.values, strict=True):
                writer.writerow((*head, month, value, source(one.publisher, month)))


def write_ranked(folder: Path, rows: int = 1_000) -> None:
    """A pack with as many makers as a ranking may have rows, three years of each."""
    folder.mkdir(parents=True)
    names = [f"gen-r{number:04}" for number in range(rows)]
    lines = ["vocabulary:", "  publishers: [{id: gen-office, name: Office}]", "  subjects:"]
    lines += [f"    - {{id: {one}, name: Maker {one[4:]}, kind: maker}}" for one in names]
    lines += ["sources: [{id: gen-book, title: Yearbook, outlet: Office, published: 2025-01}]"]
    lines += ["series:"]
    chance = random.Random(20250529)
    for one in names:
        level = chance.randrange(1_000, 100_000)
        levels = {2022 + year: level * (90 + 10 * year) // 100 for year in range(3)}
        facts = (f'{{period: {y}, stated: "{n}", source: gen-book}}' for y, n in levels.items())
        lines += [
            f"  - {{id: {one}.overseas-sales, title: Sales of {one}, subject: {one},",
            "     metric: overseas-sales, unit: vehicles, publisher: gen-office,",
            f"     method: not-stated, facts: [{', '.join(facts)}]}}",
        ]
    write(folder / "ranked.yaml", lines)


def write(file: Path, lines: list[str]) -> None:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def generate(out: Path, facts: int) -> None:
    """Write the pack and the CSV below *out*."""
    series = list(islice(all_series(), -(-facts // len(MONTHS))))
    write_pack(out / "pack", series, MONTHS)
    write_csv(out / "facts.csv", series, MONTHS)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make facts to measure with.")
    parser.add_argument("out", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--facts", type=int, default=100_000, help="default 100000")
    options = parser.parse_args()
    generate(options.out, options.facts)
    size = sum(file.stat().st_size for file in (options.out / "pack").iterdir())
    rows = sum(1 for _ in (options.out / "facts.csv").open(encoding="utf-8")) - 1
    print(f"{rows:,} facts in {options.out / 'pack'} ({size / 2**20:.1f} MiB) and facts.csv")


if __name__ == "__main__":
    main()
