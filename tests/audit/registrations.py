"""A table of car registrations with a hidden truth: brands by country and month, and totals.

    python -m tests.audit.registrations OUT [--countries 30 --brands 60 --months 60 --gaps 0.05]
        [--years 0.3 --growth 0.3 --planted 10]

Every brand is part of all makers, every second country lies in a union of them and all lie in the
world, so that the totals tie all series to one another. Each country has a release a month; one
more has the totals of the union and of the world. With ``years`` the release of each December has
the year of some series, too; with ``growth`` some months state it, which ties the years. All is
true but for what is planted: a brand that is a few cars above
all makers in its country, or a country above the union. ``planted`` has each such fact with the
one that it cannot hold beside.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from random import Random

WORDS = """\
vocabulary:
  metrics: [{{id: r-registrations, name: Registrations, kind: flow}}]
  publishers: [{{id: r-office, name: Office, precision: 1}}]
  methods: [{{id: r-counted, name: Counted, definition: d}}]
  subjects:
    - {{id: all, name: All makers, kind: industry}}
{brands}
  destinations:
{countries}
    - {{id: union, name: Union, members: [{members}]}}
sources:
{sources}
"""
SERIES = """\
  - id: {id}
    title: {id}
    subject: {brand}
    metric: r-registrations
    destination: {place}
    unit: vehicles
    publisher: r-office
    method: r-counted
    facts:
{facts}
"""
Months = list[int]


class Registrations:
    """The truth, and what is stated of it: by series and window, as ``all-c01`` and ``2020-01``."""

    def __init__(
        self,
        countries: int,
        brands: int,
        months: int,
        *,
        gaps: float = 0.05,
        years: float = 0.0,
        growth: float = 0.0,
        planted: int = 0,
        seed: int = 1,
    ) -> None:
        dice = Random(seed)
        self.countries = [f"c{at:02}" for at in range(countries)]
        self.brands = [f"b{at:02}" for at in range(brands)]
        self.months = [f"{2015 + at // 12}-{at % 12 + 1:02}" for at in range(months)]
        self.truth: dict[str, Months] = {}
        for country in self.countries:
            total = [dice.randint(0, 900) for _ in self.months]  # of brands that are not listed
            for brand in self.brands:
                size = dice.choice([3, 40, 700, 9_000])
                counts = [dice.randint(size // 2, size) for _ in self.months]
                self.truth[f"{brand}-{country}"] = counts
                total = [sum(pair) for pair in zip(total, counts, strict=True)]
            self.truth[f"all-{country}"] = total
        totals = [self.truth[f"all-{country}"] for country in self.countries]
        self.truth["all-union"] = [sum(each) for each in zip(*totals[::2], strict=True)]
        self.truth["all-world"] = [sum(each) + 5_000 for each in zip(*totals, strict=True)]
        self.stated: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for id_, counts in self.truth.items():
            total_of = id_.startswith("all-")
            for month, count in zip(self.months, counts, strict=True):
                if total_of or dice.random() >= gaps:
                    self.stated[id_][month] = count
            for at in range(11, months, 12):
                if dice.random() < years:
                    year = self.months[at][:4]
                    self.stated[id_][year] = sum(counts[at - 11 : at + 1])
        self.growth = {
            (id_, month): f"{float(Fraction(100 * (new - old), old)):+.1f}%"
            for id_, counts in self.truth.items()
            for month, old, new in zip(self.months[12:], counts, counts[12:], strict=False)
            if old and dice.random() < growth and month in self.stated[id_]
        }
        self.planted: dict[str, str] = {}
        for at in range(planted):
            country = self.countries[at % countries]
            month = dice.choice(self.months)
            part, whole = f"{dice.choice(self.brands)}-{country}", f"all-{country}"
            if at % 5 == 4 and at % countries % 2 == 0:
                part, whole = whole, "all-union"
            if self.fact(whole, month) not in {*self.planted, *self.planted.values()}:
                self.stated[part][month] = self.stated[whole][month] + dice.randint(1, 7)
                self.planted[self.fact(part, month)] = self.fact(whole, month)

    def release(self, id_: str, window: str) -> str:
        """The source that states a window of a series."""
        place = id_.partition("-")[2]
        by = place if place in self.countries else "totals"
        return f"{by}-{window if '-' in window else window + '-12'}"

    def fact(self, id_: str, window: str) -> str:
        """The id of a fact."""
        return f"{id_}@{window}#{self.release(id_, window)}"

    def write(self, pack: Path) -> Path:
        """The pack, in a file for each country."""
        pack.mkdir(parents=True)
        sources = {self.release(id_, each) for id_, own in self.stated.items() for each in own}
        words = WORDS.format(
            brands="\n".join(
                f"    - {{id: {each}, name: {each}, kind: brand, part_of: [all]}}"
                for each in self.brands
            ),
            countries="\n".join(f"    - {{id: {each}, name: {each}}}" for each in self.countries),
            members=", ".join(self.countries[::2]),
            sources="\n".join(
                f"  - {{id: {each}, title: T, outlet: O, publisher: r-office, "
                f"published: {each[-7:]}-28}}"
                for each in sorted(sources)
            ),
        )
        (pack / "words.yaml").write_text(words, encoding="utf-8")
        files: defaultdict[str, list[str]] = defaultdict(lambda: ["series:\n"])
        for id_, own in self.stated.items():
            brand, _, place = id_.partition("-")
            facts = "\n".join(
                f'      - {{period: {window}, stated: "{count:,}", '
                f"source: {self.release(id_, window)}{yoy(self.growth.get((id_, window)))}}}"
                for window, count in own.items()
            )
            files[place] += SERIES.format(id=id_, brand=brand, place=place, facts=facts)
        for place, blocks in files.items():
            (pack / f"{place}.yaml").write_text("".join(blocks), encoding="utf-8")
        return pack


def yoy(growth: str | None) -> str:
    return f', yoy: "{growth}"' if growth else ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a table of registrations.")
    parser.add_argument("out", type=Path, help="a folder that does not exist yet")
    for name, number in (("countries", 30), ("brands", 60), ("months", 60), ("planted", 10)):
        parser.add_argument(f"--{name}", type=int, default=number)
    for name, share in (("gaps", 0.05), ("years", 0.0), ("growth", 0.0)):
        parser.add_argument(f"--{name}", type=float, default=share)
    options = vars(parser.parse_args())
    out = options.pop("out")
    made = Registrations(**options)
    made.write(out)
    lines = [f"{sum(map(len, made.stated.values())):,} facts"]
    lines += [f"{fact} above {whole}" for fact, whole in made.planted.items()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
