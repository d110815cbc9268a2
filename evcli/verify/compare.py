"""Whether a number in a text is the one that a fact states.

Quantities are compared, not strings: value, unit (percent, a currency, or a bare number whose noun
is free), the side that the qualifier bounds, and for changes the direction. ``80 percent`` is
``80%``, ``more than`` is ``over``, ``doubled`` is ``+100%``, ``half`` is ``50%``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from evcli.model.quantity import Bounds, Quantity
from evcli.model.unit import Unit, UnitKind
from evcli.text import lexicon as words
from evcli.verify.quantities import Form, Mention

_RANGE = re.compile(r"(?: ?(?:to|and|–|-|—|~|至|到) ?)")
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number that must stand in a text; ``what`` says which part of the fact it is."""

    what: str
    told: str
    unit: str
    value: Fraction | None
    bounds: Bounds
    side: str = ""
    change: bool = False
    ratio: bool = False

    @classmethod
    def level(cls, told: str, quantity: Quantity, kind: UnitKind | None, what: str) -> Wanted:
        """A stated value."""
        unit = ""
        if kind is UnitKind.PERCENT:
            unit = "percent"
        elif kind is UnitKind.MONEY:
            unit = quantity.unit
        return cls(
            what,
            told,
            unit,
            quantity.value,
            quantity.bounds,
            words.side(quantity.qualifier),
            ratio=kind is UnitKind.RATIO,
        )

    @classmethod
    def growth(cls, told: str, quantity: Quantity, what: str) -> Wanted:
        """A stated change, in percent."""
        side = words.side(quantity.qualifier)
        return cls(what, told, "percent", quantity.value, quantity.bounds, side, change=True)


def kind_of(quantity: Quantity, units: dict[str, Unit] | None = None) -> UnitKind | None:
    """The kind of a quantity's unit; a unit nobody defined is a currency."""
    known = (units or {}).get(quantity.unit)
    if known is not None:
        return known.kind
    return UnitKind.PERCENT if quantity.unit == "percent" else UnitKind.MONEY


def values(wanted: Wanted) -> tuple[Fraction, ...]:
    """The numbers that its words hold: one, or the two ends of a range."""
    if wanted.value is not None:
        return (abs(wanted.value) if wanted.change else wanted.value,)
    return tuple(end for end in (wanted.bounds.low, wanted.bounds.high) if end is not None)


def same_amount(wanted: Wanted, mention: Mention, *, ordinal: bool = False) -> bool:
    """Whether the number and its unit are the same, whatever qualifier and direction."""
    return any(_amount(wanted, value, mention, ordinal) for value in values(wanted))


def _amount(wanted: Wanted, value: Fraction, mention: Mention, ordinal: bool) -> bool:
    if mention.value is None or (mention.form is Form.ORDINAL and not ordinal):
        return False
    if wanted.change and mention.form is Form.FACTOR:
        return wanted.value is not None and mention.value * 100 - 100 == wanted.value
    if mention.form is Form.FRACTION and wanted.unit == "percent":
        return mention.value * 100 == value
    if mention.form in (Form.FRACTION, Form.FACTOR) and not wanted.ratio:
        return False
    return mention.unit == wanted.unit and mention.value == value


def agrees(wanted: Wanted, mention: Mention, *, ordinal: bool = False) -> bool:
    """Whether the mention says all of what is wanted."""
    if wanted.value is None or not same_amount(wanted, mention, ordinal=ordinal):
        return False
    return mention.side == wanted.side and _same_way(wanted, mention)


def _same_way(wanted: Wanted, mention: Mention) -> bool:
    if not wanted.change or not wanted.value:
        return True
    return mention.sign == (1 if wanted.value > 0 else -1)


def found_in(
    wanted: Wanted, text: str, mentions: Sequence[Mention], *, ordinal: bool = False
) -> bool:
    """Whether one of the mentions (for a range two, side by side) is what is wanted."""
    if wanted.value is not None:
        return any(agrees(wanted, mention, ordinal=ordinal) for mention in mentions)
    low, high = wanted.bounds.low, wanted.bounds.high
    for first, second in pairwise(mentions):
        if not _RANGE.fullmatch(text[first.end : second.start]):
            continue
        if (first.value, second.value) == (low, high) and {first.unit, second.unit} == {
            wanted.unit
        }:
            return True
    return False


def why_not(wanted: Wanted, mentions: Iterable[Mention]) -> str:
    """What is wrong with the mention that comes nearest."""
    if wanted.value is None:
        return "range not there"
    amount = set(values(wanted))
    reasons = []
    for mention in mentions:
        if mention.value is None or mention.form is Form.DATE:
            continue
        if same_amount(wanted, mention):
            way = _same_way(wanted, mention)
            if way:
                reasons.append((0, "other qualifier"))
            else:
                reasons.append((1, "other direction" if mention.sign else "no direction"))
        elif mention.value in amount:
            ordinal = mention.form is Form.ORDINAL and mention.unit == wanted.unit
            reasons.append((2, "an ordinal" if ordinal else "other unit"))
        elif mention.unit == wanted.unit and any(
            value and _power_of_ten(mention.value / value) for value in amount
        ):
            reasons.append((3, "other multiplier"))
    return min(reasons)[1] if reasons else "number not there"


def _power_of_ten(ratio: Fraction) -> bool:
    if ratio <= 0:
        return False
    big = ratio if ratio >= 1 else 1 / ratio
    text = str(big.numerator)
    return big.denominator == 1 and len(text) <= 16 and text.rstrip("0") == "1" and len(text) > 2


def nearest(wanted: Wanted, mentions: Iterable[Mention]) -> str:
    """The quantities that come nearest, those of the same unit first, in short."""
    amount = values(wanted)

    def distance(mention: Mention) -> tuple[bool, bool, float, int]:
        value = mention.value if mention.value is not None else Fraction(0)
        other = mention.unit != wanted.unit
        if wanted.change and mention.form is Form.FACTOR:
            value, other = abs(value * 100 - 100), False
        if wanted.unit == "percent" and mention.form is Form.FRACTION:
            value, other = value * 100, False
        gap = min((_gap(value, each) for each in amount), default=0.0)
        date = mention.form in (Form.DATE, Form.LABEL, Form.VAGUE)
        return date, other and value not in amount, gap, mention.start

    told = dict.fromkeys(
        mention.told for mention in sorted(mentions, key=distance) if mention.form is not Form.DATE
    )
    return ", ".join(list(told)[:_NEAREST])


def _gap(value: Fraction, wanted: Fraction) -> float:
    if value == wanted:
        return 0.0
    above, below = max(value, wanted), min(value, wanted)
    return 10.0**15 if below <= 0 else float(min(above / below, Fraction(10**15)))
