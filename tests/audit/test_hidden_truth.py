"""Packs made from a hidden truth: what evcli says of them holds it, and nothing crashes.

A *world* has a maker of its own with the true counts of 36 months of a few series, and releases
and papers that state them as pages do: windows of all kinds, rounded, with words in front, as
growth and as shares. The worlds stand in one pack, which the loader reads once. In every third
later releases restate the past a little, in every other third figures are misprinted at random:
there nothing is held against the truth, for several were told, but nothing may crash. Bounds are
held to exact fractions of the truth, which no part of evcli computes.

``EVCLI_WORLDS=400 EVCLI_WORLDS_SEED=7 pytest tests/audit/test_hidden_truth.py`` tries more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from random import Random
from typing import Any

import pytest

from evcli.model.period import Period, parse_period

WORLDS = int(os.environ.get("EVCLI_WORLDS", "24"))
SEED = int(os.environ.get("EVCLI_WORLDS_SEED", "1"))
YEARS = (2027, 2028, 2029)
LENGTH = 12 * len(YEARS)
WORDS = """\
vocabulary:
  subjects:
{subjects}
  metrics:
    - {{id: w-sales, name: Sales, kind: flow}}
    - {{id: w-share, name: Share, kind: share}}
  publishers: [{{id: w-office, name: Office}}]
  methods: [{{id: w-counted, name: Counted, definition: d}}]
"""
SERIES = """\
  - id: {id}
    title: {id}
    subject: {world}
    metric: w-{metric}
    scope: {scope}
    unit: {unit}
    publisher: w-office
    method: w-counted{more}
    facts:
{facts}
"""
Months = list[int]


@dataclass
class World:
    """One maker: what is true, and what is said of it."""

    name: str
    dice: Random
    kind: int  # 0: all that is said is true; 1: the past is restated; 2: there are misprints
    truth: dict[str, Months] = field(default_factory=dict)
    facts: dict[str, list[str]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def true(self, scope: str, period: Period) -> int | None:
        """How many there were in whole months of the three years; None for other windows."""
        span = period.month_span
        first = YEARS[0] * 12
        if span is None or span[0] < first or span[1] > first + LENGTH:
            return None
        return sum(self.truth[scope][span[0] - first : span[1] - first])

    def share(self, period: Period) -> Fraction | None:
        part, whole = self.true("nev", period), self.true("all", period)
        return Fraction(100 * part, whole) if part is not None and whole else None

    def growth(self, scope: str, period: Period) -> Fraction | None:
        new, base = self.true(scope, period), self.true(scope, period.year_before())
        return None if new is None or not base else Fraction(100 * new, base) - 100


def world(number: int) -> World:
    """A world at random, with all that is said of it."""
    dice = Random(SEED * 100_000 + number)
    made = World(f"w{number}", dice, kind=number % 3)
    parts = {scope: months(dice) for scope in ("nev", "ice")}
    made.truth = parts | {"all": [sum(pair) for pair in zip(*parts.values(), strict=True)]}
    kept = dice.sample(sorted(made.truth), dice.choice([1, 2, 3]))
    for release in range(dice.randint(1, 4)):
        if made.kind == 1 and release:
            for scope in ("nev", "ice"):
                at = dice.randrange(LENGTH)
                made.truth[scope][at] += dice.choice([1, dice.randint(1, 2_000)])
            pairs = zip(made.truth["nev"], made.truth["ice"], strict=True)
            made.truth["all"] = [sum(pair) for pair in pairs]
        day = dice.choice(["2030", "2030-0{}", "2030-0{}-1{}"]).format(release + 1, release)
        name = f"{made.name}-r{release}"
        own = dice.choice([", publisher: w-office", "", ", publisher: w-office"])
        made.sources.append(f"{{id: {name}, title: R, outlet: O, published: {day}{own}}}")
        speak(made, name, kept, dice.randint(2, 12))
        if dice.random() < 0.4:
            origin = dice.choice([f", origin: {name}", ""])
            paper = f"{made.name}-p{release}"
            made.sources.append(f"{{id: {paper}, title: P, outlet: P, published: {day}{origin}}}")
            speak(made, paper, kept, dice.randint(1, 4))
    return made


def months(dice: Random) -> Months:
    """True counts: of a common size, small, with nothing sold at times, or one beside a billion."""
    size = dice.choice([9, 400, 30_000, 2_000_000])
    counts = [dice.randint(size // 2, size) for _ in range(LENGTH)]
    if dice.random() < 0.3:
        for at in range(dice.randrange(LENGTH), LENGTH):
            counts[at] = 0
    if dice.random() < 0.2:
        counts[dice.randrange(LENGTH)] = 1_000_000_000
    return counts


def speak(made: World, source: str, scopes: list[str], count: int) -> None:
    """Let *source* state so many windows."""
    dice = made.dice
    for _ in range(count):
        period, scope = window(dice), dice.choice(scopes)
        if dice.random() < 0.15 and (share := made.share(period)) is not None:
            place, said = "share", f'stated: "{percent(share, dice)}"'
        else:
            place, said = scope, levels_and_growth(made, scope, period)
        key = f"{place} {period} {source} {said}"
        if said and key not in made.told:
            made.told.add(key)
            made.facts.setdefault(place, []).append(
                f"      - {{period: {period}, source: {source}, {said}}}"
            )


def window(dice: Random) -> Period:
    """A month, quarter, half or year, a year to date or any run of months of one year."""
    year = dice.choice(YEARS)
    length = dice.choice([1, 1, 3, 6, 12])
    first = dice.randrange(0, 12, length)
    if dice.random() < 0.35:
        first, length = 0, dice.randint(1, 12)
    elif dice.random() < 0.1:
        length = dice.randint(1, 12 - first)
    return Period.of_months(year, first + 1, length)


def levels_and_growth(made: World, scope: str, period: Period) -> str:
    dice, level = made.dice, made.true(scope, period)
    assert level is not None
    if made.kind == 2 and dice.random() < 0.3:
        level = dice.choice([0, level + 1, 2 * level, 10 * level, 999 * 10**12])
    said = {}
    if dice.random() < 0.8:
        said["stated"] = count_in_words(level, dice)
    growth = made.growth(scope, period)
    if made.kind == 2 and dice.random() < 0.2:
        growth = dice.choice([Fraction(-100), Fraction(0), Fraction(10**6)])
    if growth is not None and dice.random() < 0.5:
        said["yoy"] = change_in_words(growth, dice)
    before = made.true(scope, period.shift(-1))
    if before and period.months == 1 and dice.random() < 0.2:
        said["mom"] = change_in_words(Fraction(100 * level, before) - 100, dice)
    return ", ".join(f'{key}: "{text}"' for key, text in said.items())


def count_in_words(count: int, dice: Random) -> str:
    if count < 10 or dice.random() < 0.25:
        return f"{count:,}"
    step = 10 ** dice.randint(1, len(str(count)) - 1)
    match dice.randrange(6):
        case 0:
            return f"over {max(count // step * step, 1):,}"
        case 1:
            return f"nearly {-(-count // step) * step:,}"
        case 2:
            return f"{count // step * step:,} to {-(-count // step) * step:,}"
        case 3 if count >= 100_000:
            places = dice.randint(1, 3)
            text = decimal(Fraction(count, 10**6), places)
            return f"{text} million" if Fraction(text) else f"{count:,}"
    rounded = nearest(Fraction(count, step)) * step
    word = dice.choice(["about ", "", ""])
    return f"{word}{rounded:,}" if rounded else f"{count:,}"


def change_in_words(percent_: Fraction, dice: Random) -> str:
    """A change as pages write it, true of this one."""
    ratio, size = 1 + percent_ / 100, abs(percent_)
    direction = "up" if percent_ >= 0 else "down"
    match dice.randrange(6):
        case 0 if Fraction(3, 2) <= ratio <= Fraction(5, 2):
            return dice.choice(["doubled", f"{'over' if ratio > 2 else 'nearly'} doubled"])
        case 0 if Fraction(45, 100) <= ratio <= Fraction(55, 100):
            return "halved"
        case 1 if ratio > Fraction(1, 10):
            return f"x{decimal(ratio, 1)}"
        case 2 if floor(size):
            return f"{direction} over {floor(size)}%"
        case 3 if percent_ > 0 or ceil(size) <= 100:
            return f"{direction} nearly {ceil(size) or 1}%"
    places = dice.randint(0, 2)
    return f"{'+' if percent_ >= 0 else '-'}{decimal(size, places)}%"


def percent(share: Fraction, dice: Random) -> str:
    places = dice.randint(0, 2)
    word = dice.choice(["", "", "about "])
    return f"{word}{decimal(share, places)}%"


def nearest(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


def decimal(number: Fraction, places: int) -> str:
    whole = str(nearest(number * 10**places)).rjust(places + 1, "0")
    return f"{whole[:-places]}.{whole[-places:]}" if places else whole


def written(worlds: list[World], pack: Path) -> Path:
    """The pack of all worlds."""
    pack.mkdir()
    names = [f"    - {{id: {each.name}, name: {each.name}, kind: maker}}" for each in worlds]
    sources = [f"  - {source}" for each in worlds for source in each.sources]
    words = WORDS.format(subjects="\n".join(names))
    (pack / "words.yaml").write_text(f"{words}sources:\n" + "\n".join(sources) + "\n", "utf-8")
    for each in worlds:
        blocks = []
        scopes = ["nev", "ice", "all", *(["share"] if "share" in each.facts else [])]
        for scope in scopes:
            is_share = scope == "share"
            block = SERIES.format(
                id=f"{each.name}.{scope}",
                world=each.name,
                metric="share" if is_share else "sales",
                scope="nev" if is_share else scope,
                unit="percent" if is_share else "vehicles",
                more=f"\n    part: {each.name}.nev\n    whole: {each.name}.all" * is_share,
                facts="\n".join(each.facts.get(scope, [])),
            )
            blocks.append(block if scope in each.facts else block.replace("    facts:\n\n", ""))
        (pack / f"{each.name}.yaml").write_text("series:\n" + "".join(blocks), "utf-8")
    return pack


Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    return {made.name: made for made in map(world, range(WORLDS))}


@pytest.fixture(scope="module")
def ask(
    worlds: dict[str, World],
    tmp_path_factory: pytest.TempPathFactory,
    evcli_run: Callable[..., Any],
) -> Ask:
    pack = written(list(worlds.values()), tmp_path_factory.mktemp("worlds") / "pack")

    def asked(*arguments: str, codes: tuple[int, ...] = (0,)) -> list[dict[str, Any]]:
        common = ("--no-builtin", "--facts", str(pack), "--format", "json")
        done = evcli_run(*arguments, *common, EVCLI_DEBUG="1")
        assert done.returncode in codes, done.stderr.decode()[-2000:]
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows

    return asked


def outside(number: Fraction | None, low: Any, high: Any) -> bool:
    """Whether a number is outside bounds as they are printed, which are rounded a little."""
    if number is None:
        return False
    slack = Fraction(1, 10**6) * max(Fraction(1), abs(number))
    below = low is not None and number < Fraction(str(low)) - slack
    return below or (high is not None and number > Fraction(str(high)) + slack)


def wrong(worlds: dict[str, World], row: dict[str, Any]) -> Iterator[str]:
    """What a row of a figure or of growth says that is not so."""
    if row["period"] == "" or row["id"].count("#"):
        return  # of an explanation, what has no bounds or those of one fact alone
    name, _, scope = row["id"].removeprefix("growth:").split("@")[0].partition(".")
    made, period = worlds[name], parse_period(row["period"])
    if made.kind:
        return
    said = (row["id"], row["low"], row["high"], row.get("note"))
    if row["id"].startswith("growth:"):
        true = made.growth(scope, period)
    elif scope == "share":
        true = made.share(period)
    else:
        level = made.true(scope, period)
        true = None if level is None else Fraction(level)
        growth = made.growth(scope, period)
        if outside(growth, row.get("yoy_low"), row.get("yoy_high")):
            yield f"{row['id']}: growth is {float(growth or 0)}, said is {row['yoy']}"
    if outside(true, row["low"], row["high"]):
        yield f"{said}: true is {float(true or 0)}"
    if row.get("conflict"):
        yield f"{said}: a conflict"


def test_no_contradiction_where_nothing_is_restated(worlds: dict[str, World], ask: Ask) -> None:
    rows = ask("check", codes=(0, 1))
    graver = [row for row in rows if row["verdict"] in ("contradiction", "revision")]
    assert [row for row in graver if not worlds[row["series"][0].split(".")[0]].kind] == []


@pytest.mark.parametrize("what", ["get", "growth", "months", "explain"])
def test_the_truth_lies_inside_the_bounds(worlds: dict[str, World], ask: Ask, what: str) -> None:
    names = [f"{each}.{scope}" for each, made in worlds.items() for scope in made.facts]
    dice = Random(SEED)
    flows = [each for each in names if not each.endswith(".share")]
    if what == "get":
        rows = ask("get", "w*")
    elif what == "growth":
        fifty = [flows[at : at + 50] for at in range(0, len(flows), 50)]  # more is refused
        rows = [row for some in fifty for row in ask("growth", *some)]
    elif what == "months":
        rows = ask("get", *dice.sample(flows, 6), "--by", "month", "--all")
    else:
        some = [f"{each}@{window(dice)}" for each in dice.sample(flows, 12)]
        rows = ask("explain", *some, codes=(0, 3))
    assert [told for row in rows for told in wrong(worlds, row)] == []
    assert rows
