"""Units of measure as the vocabulary names them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class UnitKind(StrEnum):
    """What is written in a unit decides how precisely a plain number in it is meant."""

    COUNT = "count"  # things one can count: the only kind that may be exact
    MONEY = "money"  # ISO 4217
    PERCENT = "percent"
    RATE = "rate"  # a count or amount per time
    INDEX = "index"
    RATIO = "ratio"


class Unit(NamedTuple):
    """A unit of the vocabulary; ``words`` are what texts write for it (``$``, ``baht``)."""

    id: str
    name: str
    kind: UnitKind
    words: tuple[str, ...] = ()
