"""Linear rows over unknowns, each with the statement it comes from.

A *statement* is one thing that a fact says: its level (named by the fact's id) or one of its
changes (the id with ``:yoy``, ``:mom`` or ``:change`` behind it). A row without a statement is
structural: it holds whatever is stated.

>>> statement_id("a@2024#s", "yoy"), fact_of("a@2024#s:yoy"), fact_of("a@2024#s")
('a@2024#s:yoy', 'a@2024#s', 'a@2024#s')
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

_ZERO = Fraction(0)

Form = Mapping[int, Fraction]  # unknown -> coefficient


class ConstraintKind(StrEnum):
    """What a constraint is made from."""

    LEVEL = "level"
    YOY = "yoy"
    MOM = "mom"
    CHANGE = "change"
    SHARE = "share"
    NOT_NEGATIVE = "not-negative"
    PART_OF = "part-of"
    PARTITION = "partition"


def statement_id(fact: str, kind: str) -> str:
    """The name of what *fact* says in one of its keys; a level or share goes by the fact's id."""
    return (
        f"{fact}:{kind}"
        if kind in (ConstraintKind.YOY, ConstraintKind.MOM, ConstraintKind.CHANGE)
        else fact
    )


def fact_of(statement: str) -> str:
    """The id of the fact that makes *statement*."""
    fact, colon, kind = statement.rpartition(":")
    return (
        fact
        if colon and kind in (ConstraintKind.YOY, ConstraintKind.MOM, ConstraintKind.CHANGE)
        else statement
    )


class Row(NamedTuple):
    """``low <= sum of coefficient * unknown <= high``, whole coefficients, either end open."""

    terms: tuple[tuple[int, int], ...]
    low: Fraction | None
    high: Fraction | None
    kind: ConstraintKind
    statement: str = ""

    @classmethod
    def of(
        cls,
        form: Form,
        low: Fraction | None,
        high: Fraction | None,
        kind: ConstraintKind,
        statement: str = "",
    ) -> Row:
        """Clear the denominators of *form*; the ends are multiplied along.

        >>> form = {0: Fraction(1), 1: Fraction(-1, 2)}
        >>> Row.of(form, Fraction(3), None, ConstraintKind.LEVEL).terms
        ((0, 2), (1, -1))
        """
        if all(coefficient.denominator == 1 for coefficient in form.values()):
            whole = tuple((at, value.numerator) for at, value in form.items() if value)
            return cls(whole, low, high, kind, statement)
        scale = math.lcm(*(coefficient.denominator for coefficient in form.values()))
        terms = tuple((at, int(value * scale)) for at, value in form.items() if value)
        return cls(
            terms,
            None if low is None else low * scale,
            None if high is None else high * scale,
            kind,
            statement,
        )

    def at(self, point: Sequence[Fraction]) -> Fraction:
        """The sum at *point*."""
        total: Fraction | None = None
        for at, coefficient in self.terms:  # most coefficients are 1 or -1
            value = point[at]
            if total is None:
                total = value if coefficient == 1 else coefficient * value
            elif coefficient == 1:
                total += value
            elif coefficient == -1:
                total -= value
            else:
                total += coefficient * value
        return _ZERO if total is None else total

    def holds(self, point: Sequence[Fraction]) -> bool:
        """Whether *point* obeys the row."""
        here = self.at(point)
        return (self.low is None or self.low <= here) and (self.high is None or here <= self.high)


class Multiplier(NamedTuple):
    """How often one end of a row enters a proof; ``upper`` says which end."""

    row: Row
    upper: bool
    factor: Fraction

    @property
    def end(self) -> Fraction:
        """The end used."""
        end = self.row.high if self.upper else self.row.low
        assert end is not None
        return end


def combine(proof: Iterable[Multiplier]) -> tuple[dict[int, Fraction], Fraction]:
    """Add up ``form <= limit`` over a proof, lower ends turned round.

    >>> row = Row(((0, 1),), Fraction(2), Fraction(3), ConstraintKind.LEVEL)
    >>> combine([Multiplier(row, True, Fraction(1)), Multiplier(row, False, Fraction(1))])
    ({}, Fraction(1, 1))
    """
    form: dict[int, Fraction] = {}
    limit = Fraction(0)
    for each in proof:
        if each.factor < 0:
            raise ValueError("a proof adds rows up, it never takes them away")
        signed = each.factor if each.upper else -each.factor
        limit += signed * each.end
        for at, coefficient in each.row.terms:
            form[at] = form.get(at, Fraction(0)) + signed * coefficient
    return {at: value for at, value in form.items() if value}, limit


def proves_infeasible(proof: Sequence[Multiplier]) -> bool:
    """Whether the rows add up to ``0 <= something negative`` (Farkas), checked in fractions."""
    form, limit = combine(proof)
    return not form and limit < 0


def proves_bound(proof: Sequence[Multiplier], form: Form, limit: Fraction) -> bool:
    """Whether the rows add up to ``form <= limit`` or better, checked in fractions."""
    sum_, found = combine(proof)
    return sum_ == {at: value for at, value in form.items() if value} and found <= limit
