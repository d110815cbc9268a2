"""Linear rows over unknowns, and proofs that add rows up.

A *label* says where a row comes from; rows of one label are switched on and off together. What it
names is the caller's business. A row without a label always counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

_ZERO = Fraction(0)

Form = Mapping[int, Fraction]  # unknown -> coefficient


def minus(form: Form, other: Form, times: Fraction) -> dict[int, Fraction]:
    """*form* less so many times the *other*."""
    result = dict(form)
    for at, value in other.items():
        result[at] = result.get(at, _ZERO) - times * value
    return {at: value for at, value in result.items() if value}


class Row(NamedTuple):
    """``low <= sum of coefficient * unknown <= high``, whole coefficients, either end open."""

    terms: tuple[tuple[int, int], ...]
    low: Fraction | None
    high: Fraction | None
    label: str = ""

    @classmethod
    def of(cls, form: Form, low: Fraction | None, high: Fraction | None, label: str = "") -> Row:
        """Clear the denominators of *form*; the ends are multiplied along.

        >>> Row.of({0: Fraction(1), 1: Fraction(-1, 2)}, Fraction(3), None).terms
        ((0, 2), (1, -1))
        """
        scale = math.lcm(*(value.denominator for value in form.values()))
        terms = tuple(
            (at, value.numerator * (scale // value.denominator))
            for at, value in form.items()
            if value
        )
        if scale != 1:
            low = None if low is None else low * scale
            high = None if high is None else high * scale
        return cls(terms, low, high, label)


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


Proof = tuple[Multiplier, ...]


def labels_in(proof: Iterable[Multiplier]) -> set[str]:
    """The labels of the rows that a proof adds up."""
    return {each.row.label for each in proof} - {""}


def combine(proof: Iterable[Multiplier]) -> tuple[dict[int, Fraction], Fraction]:
    """Add up ``form <= limit`` over a proof, lower ends turned round.

    >>> row = Row(((0, 1),), Fraction(2), Fraction(3))
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
