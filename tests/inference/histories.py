"""Small true histories, the facts that report them with rounding, and an LP oracle over them.

The oracle shares nothing with the engine but the facts: its unknowns are all calendar months of
every series, its solver is HiGHS, its quotients are transformed as Charnes and Cooper did.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.optimize import linprog

from evcli.inference.family import Cell, Objective
from evcli.lp.simplex import Form, Multiplier, Row, combine
from evcli.model.period import Period
from evcli.model.quantity import Bounds, Quantity
from evcli.model.records import Change, Fact, Series
from evcli.model.vocabulary import (
    Metric,
    MetricKind,
    Partition,
    Scope,
    Subject,
    SubjectKind,
    Vocabulary,
)

FIRST = 2023 * 12  # the first month of every history

WORDS = Vocabulary(
    subjects={"CN": Subject("CN", "China", SubjectKind.COUNTRY)},
    metrics={
        "exports": Metric("exports", "Exports", MetricKind.FLOW),
        "stores": Metric("stores", "Stores", MetricKind.STOCK),
        "exports-share": Metric("exports-share", "Share of exports", MetricKind.SHARE),
    },
    scopes={
        "all": Scope("all", "All"),
        "nev": Scope("nev", "NEV", ("all",)),
        "ice": Scope("ice", "ICE", ("all",)),
        "bev": Scope("bev", "BEV", ("nev",)),
    },
    partitions=(Partition("all", ("nev", "ice")),),
)


def series(scope: str, metric: str = "exports", publisher: str = "caam", **more: str) -> Series:
    return Series(
        f"cn.{metric}.{scope}.{publisher}",
        scope,
        "CN",
        metric,
        scope,
        "world",
        "percent" if "share" in metric else "vehicles",
        publisher,
        "m",
        **more,
    )


ALL, NEV, ICE, BEV = (series(scope) for scope in ("all", "nev", "ice", "bev"))
SHARE = series("nev", "exports-share", part=NEV.id, whole=ALL.id)
EVERY = {each.id: each for each in (ALL, NEV, ICE, SHARE)}


def months(first: int, count: int) -> Period:
    """*count* months from month *first* of the history, counted from zero."""
    return Period.of_months(*divmod(FIRST + first, 12), count).shift(1)


def fact(
    of: Series,
    period: Period,
    level: Quantity | None = None,
    *,
    yoy: Quantity | None = None,
    mom: Quantity | None = None,
    change: Change | None = None,
    source: str = "s",
    published: str = "",
) -> Fact:
    return Fact(
        f"{of.id}@{period}#{source}",
        of.id,
        period,
        source,
        source,
        ("p1",),
        quantity=level,
        yoy=yoy,
        mom=mom,
        change=change,
        published=published,
    )


def around(value: Fraction | int, half: Fraction | int, unit: str = "vehicles") -> Quantity:
    value = Fraction(value)
    return Quantity(value, Bounds.around(value, Fraction(half)), "", unit)


def rounded(value: Fraction | int, step: Fraction | int, unit: str = "vehicles") -> Quantity:
    """As a source prints it: to the nearest multiple of *step*."""
    step = Fraction(step)
    return around(round(Fraction(value) / step) * step, step / 2, unit)


def growth(new: int, base: int) -> Quantity:
    return rounded((Fraction(new, base) - 1) * 100, Fraction(1, 10), "percent")


def obeyed(row: Row, point: Sequence[Fraction]) -> bool:
    """Whether *point* obeys the row."""
    here = sum(coefficient * point[at] for at, coefficient in row.terms)
    return (row.low is None or row.low <= here) and (row.high is None or here <= row.high)


def proves_bound(proof: Sequence[Multiplier], form: Form, limit: Fraction) -> bool:
    """Whether the rows add up to ``form <= limit`` or better."""
    sum_, found = combine(proof)
    return sum_ == {at: value for at, value in form.items() if value} and found <= limit


@dataclass
class Truth:
    """Monthly histories by series id."""

    months: dict[str, list[int]] = field(default_factory=dict)

    def of(self, series_id: str, period: Period) -> int:
        span = period.month_span
        assert span is not None
        return sum(self.months[series_id][span[0] - FIRST : span[1] - FIRST])

    def target(self, target: Objective) -> Fraction | None:
        over = sum(factor * self.of(w.series, w.period) for factor, w in target.over)
        if not target.under:
            return Fraction(over)
        under = sum(factor * self.of(w.series, w.period) for factor, w in target.under)
        return None if under == 0 else target.scale * over / under + target.shift


class Program:
    """``low <= row <= high`` over months that are not negative, as HiGHS takes it."""

    def __init__(self, ids: Sequence[str], length: int) -> None:
        self.ids, self.length = list(ids), length
        self.above: list[tuple[np.ndarray, float]] = []  # row <= limit

    def form(self, terms: Iterable[tuple[Fraction, Cell]]) -> np.ndarray:
        row = np.zeros(len(self.ids) * self.length)
        for factor, window in terms:
            span = window.period.month_span
            assert span is not None
            at = self.ids.index(window.series) * self.length
            row[at + span[0] - FIRST : at + span[1] - FIRST] += float(factor)
        return row

    def state(self, row: np.ndarray, low: Fraction | None, high: Fraction | None) -> None:
        if low is not None:
            self.above.append((-row, -float(low)))
        if high is not None:
            self.above.append((row, float(high)))

    def add(self, said: Fact) -> None:
        window = Cell(said.series, said.period)
        if said.quantity is not None:
            low, high = said.quantity.bounds.low, said.quantity.bounds.high
            if said.series == SHARE.id:
                sides = Cell(NEV.id, said.period), Cell(ALL.id, said.period)
                self._times(*sides, low, high, 0)
            else:
                self.state(self.form([(Fraction(1), window)]), low, high)
        for quantity, back in ((said.yoy, 12), (said.mom, 1)):
            if quantity is not None:
                base = Cell(said.series, said.period.shift(-back))
                self._times(window, base, quantity.bounds.low, quantity.bounds.high, 1)

    def _times(
        self, window: Cell, base: Cell, low: Fraction | None, high: Fraction | None, plus: int
    ) -> None:
        if low is not None:
            factor = low / 100 + plus
            row = self.form([(Fraction(1), window), (-factor, base)])
            self.state(row, Fraction(0), None)
        if high is not None:
            factor = high / 100 + plus
            self.state(self.form([(Fraction(1), window), (-factor, base)]), None, Fraction(0))

    def whole(self, whole: str, parts: Sequence[str], *, exact: bool) -> None:
        for at in range(self.length):
            month = months(at, 1)
            terms = [(Fraction(1), Cell(whole, month))]
            terms += [(Fraction(-1), Cell(part, month)) for part in parts]
            self.state(self.form(terms), Fraction(0), Fraction(0) if exact else None)

    def ends(self, target: Objective) -> tuple[float | None, float | None] | None:
        """Least and greatest value; None where nothing is feasible."""
        if not self._feasible():
            return None
        result = []
        for sign in (1.0, -1.0):
            value = self._least(target, sign)
            result.append(None if value is None else sign * value)
        low, high = result
        scale, shift = float(target.scale), float(target.shift)
        return (
            None if low is None else low * scale + shift,
            None if high is None else high * scale + shift,
        )

    def _feasible(self) -> bool:
        return bool(self._solve(np.zeros(len(self.ids) * self.length)).status == 0)

    def _least(self, target: Objective, sign: float) -> float | None:
        over = self.form(target.over) * sign
        if not target.under:
            found = self._solve(over)
            return float(found.fun) if found.status == 0 else None
        # z = y * t with under(z) = 1 and t >= 0
        under = self.form(target.under)
        limits = np.array([limit for _, limit in self.above])
        matrix = np.array([row for row, _ in self.above])
        found = linprog(
            np.append(over, 0.0),
            A_ub=np.column_stack([matrix, -limits]),
            b_ub=np.zeros(len(limits)),
            A_eq=np.append(under, 0.0)[None, :],
            b_eq=[1.0],
            method="highs",
            options=_EXACTING,
        )
        return float(found.fun) if found.status == 0 else None

    def _solve(self, cost: np.ndarray) -> Any:
        return linprog(
            cost,
            A_ub=np.array([row for row, _ in self.above]),
            b_ub=np.array([limit for _, limit in self.above]),
            method="highs",
            options=_EXACTING,
        )


_EXACTING = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def close(exact: Fraction | None, floating: float | None, size: float) -> bool:
    """Equal within 1e-9 of the numbers that enter."""
    if exact is None or floating is None:
        return exact is None and floating is None
    return math.isclose(float(exact), floating, rel_tol=1e-9, abs_tol=1e-9 * size)
