"""What a figure amounts to, in words: as its source says it, or rounded so that it is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from evcli.model.answer import Rounding
from evcli.model.figure import Figure, Stated
from evcli.model.quantity import Quantity, intersect_all
from evcli.model.records import Fact
from evcli.model.vocabulary import Vocabulary
from evcli.text import rounding
from evcli.text.numbers import human
from evcli.text.phrases import as_stated, between, growth_as_stated, with_unit


def amount(figure: Figure, words: Vocabulary) -> str:
    """The value with its unit; empty where no level is known.

    A stated figure has its source's own words, a derived one the digits that its bounds support.
    """
    fact = lead_fact(figure)
    if fact is not None:
        return as_stated(fact, figure.unit, words)
    return safe_amount(figure, words)


def lead_fact(figure: Figure) -> Fact | None:
    """The fact whose words stand for a stated figure; None where those of no fact do."""
    if not isinstance(figure.lineage, Stated):
        return None
    for fact in figure.lineage.facts:
        quantity = fact.quantity
        if quantity is None:
            continue
        same = (quantity.value, quantity.qualifier) == (figure.value, figure.qualifier)
        if same and (quantity.value is not None or quantity.bounds == figure.bounds):
            return fact
    return None


def safe_amount(figure: Figure, words: Vocabulary, *, signed: bool = False) -> str:
    """The value and, behind it in brackets, the bounds; "at least" and "at most" for open ends."""
    low, high = figure.bounds
    unit = figure.unit
    if low is not None and high is not None:
        value = low if low == high else figure.value
        if value is None:
            return between(low, high, unit, words)
        said = rounding.rounded(value, figure.bounds)
        number = with_unit(_signed(said.text) if signed else said.text, unit, words)
        if said.low:
            low_end, high_end = (
                _signed(each) if signed else each for each in (said.low, said.high)
            )
            return f"about {number} ({low_end} to {high_end})"
        return number if said.value == value else f"about {number}"
    if low is not None:
        return f"at least {_end(low, Rounding.DOWN, unit, words)}"
    if high is not None:
        return f"at most {_end(high, Rounding.UP, unit, words)}"
    return ""


def _signed(number: str) -> str:
    return number if number.startswith("-") or not number.strip("0.,") else f"+{number}"


def _end(value: Fraction, direction: Rounding, unit: str, words: Vocabulary) -> str:
    return with_unit(rounding.end(value, direction), unit, words)


def stated_growth(figure: Figure) -> str:
    """Growth on the year before as the most precise of the figure's sources states it.

    Empty if none states any, and if they exclude each other.
    """
    stated = list(changes(figure))
    if not stated or intersect_all(change.bounds for _, change in stated) is None:
        return ""
    fact, change = min(stated, key=lambda pair: _width(pair[1]))
    return _said(fact, change)


def growth_used(figure: Figure, expression: str) -> str:
    """The stated growth that stands in the *expression* of a formula, on the year or the month."""
    for fact in figure.lineage.facts if isinstance(figure.lineage, Stated) else ():
        for text, change, before in (
            (fact.yoy_stated, fact.yoy, "year"),
            (fact.mom_stated, fact.mom, "month"),
        ):
            size = human(abs(change.value)) if change and change.value is not None else ""
            if size and re.search(rf"(?<![\d.]){re.escape(size)} ?%", expression):
                assert change is not None
                return growth_as_stated(text, change, before)
    return ""


def disputed_growth(figure: Figure) -> list[tuple[str, Fact]]:
    """What each source says of the growth, where they exclude each other; else nothing."""
    stated = list(changes(figure))
    if intersect_all(change.bounds for _, change in stated) is not None:
        return []
    return [(_said(fact, change), fact) for fact, change in stated]


def changes(figure: Figure) -> Iterator[tuple[Fact, Quantity]]:
    """The facts of a stated figure that state growth on the year before, and that growth."""
    for fact in figure.lineage.facts if isinstance(figure.lineage, Stated) else ():
        if fact.yoy is not None:
            yield fact, fact.yoy
        elif fact.change is not None and fact.change.over in ("P1Y", "P12M"):
            yield fact, fact.change.quantity


def _said(fact: Fact, change: Quantity) -> str:
    text = fact.yoy_stated if fact.yoy is not None or fact.change is None else fact.change.stated
    return growth_as_stated(text, change)


def _width(change: Quantity) -> tuple[bool, Fraction]:
    width = change.bounds.width
    return (width is None, width or Fraction(0))
