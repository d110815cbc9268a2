"""How far publishers usually restate, learned from the record, and whether derived bounds hold.

A restatement shows where two windows that follow on one another, and the whole of both, were
printed by different releases, or where growth puts a base elsewhere than it was printed. How much
is *usual* is the size that all but a few of them keep to, rounding taken off. To *calibrate* is to
leave out all that is stated of a window, derive it from the rest with what is usual learned
without its year, and see whether the bounds hold the figure that was printed.

``python -m tests.audit.calibration [SERIES-OR-GLOB]...`` does so, which takes some minutes for all
series, and lists what the bounds miss.
"""

import math
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from operator import attrgetter
from statistics import median

import evcli
from evcli.audit.audit import Progress
from evcli.core.resolve import figure_id
from evcli.grouping import grouped
from evcli.inference.bounds import YEAR, Disputed, Inference, Inferences, Inferred
from evcli.inference.family import Cell, ConstraintKind, Family, Objective, fact_of
from evcli.model.period import Period
from evcli.model.quantity import Bounds, gap, quotient
from evcli.model.records import Fact, Rank, Series, Status
from evcli.model.vocabulary import Restatement
from evcli.query.figures import Figures
from evcli.query.inferred import Inferrer
from evcli.query.selection import series_named
from evcli.text.lists import counted
from evcli.text.numbers import short_range
from evcli.tuples import NamedTuple

_KEPT_TO = Fraction(97, 100)  # of the restatements seen lie within the usual one
_FEWEST = 8  # of a publisher and metric; where fewer were seen, those of more count, too
_LEAST, _MOST = Fraction(3, 1000), Fraction(5, 100)  # of a window
_WORTH_A_RATE = 6  # windows of one counter


class Moved(NamedTuple):
    """What one window was moved by between two releases, as a part of it; 0 within rounding."""

    publisher: str
    metric: str
    year: int
    within: bool  # a year
    by: Fraction


class Trial(NamedTuple):
    """A stated window, what is printed of it, and what follows from the rest."""

    series: Series
    period: Period
    printed: tuple[Bounds, ...]
    answer: Inference | None

    @property
    def bounds(self) -> Bounds | None:
        """The derived bounds, where some derivation leads there and both ends are known."""
        if not isinstance(self.answer, Inferred) or not self.answer.derivations:
            return None
        return None if self.answer.bounds.width is None else self.answer.bounds

    @property
    def held(self) -> bool | None:
        """Whether a printed figure lies in the derived bounds, rounding allowed for."""
        if self.bounds is None:
            return None
        return any(self.bounds.intersect(each) is not None for each in self.printed)

    @property
    def width(self) -> Fraction | None:
        """How wide the bounds are, as a part of their middle."""
        if self.bounds is None or self.bounds.low is None or self.bounds.high is None:
            return None
        middle = abs(self.bounds.high + self.bounds.low) / 2
        return (self.bounds.high - self.bounds.low) / middle if middle else Fraction(1)


def moved(family: Family) -> Iterator[Moved]:
    """Every restatement, or absence of one, that shows in a family."""
    levels = {each.cell: each for each in family.constraints if each.base is None}
    for each in family.constraints:
        base = levels.get(each.base) if each.base is not None else None
        if each.kind is ConstraintKind.YOY and base is not None and each.cell in levels:
            implied = quotient(levels[each.cell].bounds, each.bounds)
            if implied.width is not None and base.bounds.width is not None:
                series = family.series[each.cell.series]
                year, by = each.cell.period.sort_key[1].year, gap(implied, base.bounds)
                yield Moved(series.publisher, series.metric, year, within=False, by=by)
    for id_, cells in grouped(levels, lambda cell: cell.series).items():
        if id_ not in family.flows:
            continue
        spans = {span: cell for cell in cells if (span := cell.period.month_span) is not None}
        for (begin, end), whole in spans.items():
            first, last = spans.get((begin, end - 1)), spans.get((end - 1, end))
            if first is None or last is None or first == last:
                continue
            three = [levels[each] for each in (whole, first, last)]
            months = [family.months[each.statement] for each in three]
            if len(set(months)) == 1 or max(months) - min(months) >= YEAR:
                continue
            total, one, other = (each.bounds for each in three)
            if total.high is None or not one.high or None in (*total, *one, *other):
                continue
            off = gap(one.plus(other), total) * abs(total.high) / one.high
            series = family.series[id_]
            yield Moved(series.publisher, series.metric, (end - 1) // YEAR, within=True, by=off)


def usual(seen: Collection[Moved], publisher: str, metric: str, but: int = 0) -> Restatement:
    """What is usual of a publisher and a metric, by all that was *seen* in years *but* one."""
    sizes: list[str] = []
    evidence: list[str] = []
    for within in (True, False):
        those = [each for each in seen if each.within is within and each.year != but]
        of_one = [each for each in those if each.publisher == publisher]
        of_both = [each for each in of_one if each.metric == metric]
        among = next((few for few in (of_both, of_one) if len(few) >= _FEWEST), those)
        sizes_seen = sorted(each.by for each in among)
        at = min(len(among) - 1, int(_KEPT_TO * len(among)))
        size = min(max(sizes_seen[at], _LEAST), _MOST) if among else _LEAST
        sizes.append(f"{float(math.ceil(size * 1000) / 10):g}%")
        still = sum(not each.by for each in among)
        when = "within a year" if within else "later"
        whose = "of all counters " if among is those else ""
        evidence.append(f"{when} {still} of {len(among)} {whose}were not moved")
    return Restatement(publisher, metric, sizes[0], sizes[1], "; ".join(evidence))


def trials(
    source: Figures, series: Sequence[str] | None = None, progress: Progress | None = None
) -> list[Trial]:
    """Each stated window of *series* (ids and globs; else of all) left out in turn.

    UnknownName for a series that does not exist.
    """
    wanted = {each.id for each in series_named(source.store, series or ["*"])}
    held = list(families_of(source))
    seen = [each for family, _ in held for each in moved(family)]
    todo = [
        (family, Cell(id_, period), printed)
        for family, facts in held
        for (id_, period), printed in grouped(facts, attrgetter("series", "period")).items()
        if id_ in wanted
    ]
    found = []
    for done, (family, cell, printed) in enumerate(todo):
        series = family.series[cell.series]
        learned = usual(seen, series.publisher, series.metric, but=cell.period.sort_key[1].year)
        ids = {fact.id for fact in printed}
        rest = family.only({each for each in family.statements if fact_of(each) not in ids})
        rest = replace(rest, usual=dict.fromkeys(rest.series, learned))
        try:
            answer = Inferences(rest).of(Objective.of(cell))
        except (KeyError, ValueError):
            answer = None  # nothing comes near
        bounds = tuple(each.quantity.bounds for each in printed if each.quantity)
        found.append(Trial(series, cell.period, bounds, answer))
        if progress is not None:
            progress(done + 1, len(todo))
    return found


def families_of(source: Figures) -> Iterator[tuple[Family, list[Fact]]]:
    """Every family, as figures are derived from it, and the levels that are stated in it."""
    engine = Inferrer(source)
    alike = attrgetter("subject", "publisher", "destination")
    for group in grouped(source.store.match_series("*"), alike).values():
        found, facts = engine.tied(group[0])
        own = {each.id for each in group}
        levels = [  # that a derived one can be held against
            each
            for each in facts.values()
            if each.rank is not Rank.DEPRECATED
            and each.status is not Status.FORECAST
            and each.quantity is not None
            and not each.period.is_undated
        ]
        for each in found:
            inside = own & each.family.series.keys()
            yield each.family, [fact for fact in levels if fact.series in inside]


def report(found: Sequence[Trial]) -> Iterator[str]:
    """A line for all, one for each counter with some windows, and one for each that is missed."""
    yield f"Calibration: {summary(found)}"
    for publisher, own in grouped(found, lambda each: each.series.publisher).items():
        if len(own) >= _WORTH_A_RATE:
            yield f"{publisher}: {summary(own)}"
    for each in found:
        if each.held is False and each.bounds is not None:
            unit = each.series.unit
            printed = " or ".join(dict.fromkeys(short_range(*e, unit) for e in each.printed))
            derived = short_range(*each.bounds, unit)
            window = figure_id(each.series, each.period)
            yield f"{window}: {printed}, not {derived} ({_cause(each)})"


def summary(found: Sequence[Trial]) -> str:
    """``827 windows, 532 derived, 97.4 % held, median width 1.06 %``."""
    derived = [each for each in found if each.held is not None]
    text = f"{counted(len(found), 'window')}, {len(derived)} derived"
    if not derived:
        return text
    held = Fraction(100 * sum(bool(each.held) for each in derived), len(derived))
    width = median(each.width * 100 for each in derived if each.width is not None)
    return f"{text}, {float(held):.1f} % held, median width {float(width):.2f} %"


def _cause(trial: Trial) -> str:
    """Why a printed figure lies outside, as far as the derivations tell."""
    if isinstance(trial.answer, Disputed):
        return "two derivations too far apart"
    if trial.held is not False or not isinstance(trial.answer, Inferred):
        return ""
    others = (way.strict for way in trial.answer.derivations[1:])
    if any(way.intersect(each) is not None for way in others for each in trial.printed):
        return "restated: another derivation has it"
    if any(fact_of(each) != each for each in trial.answer.in_formula):  # growth enters
        return "a base restated, or a suspect fact"
    return "restated by more than usual, or a suspect fact"


if __name__ == "__main__":
    with evcli.open() as record:
        for line in report(trials(record._source, sys.argv[1:])):
            sys.stdout.write(f"{line}\n")
