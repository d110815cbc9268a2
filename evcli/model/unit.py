"""Units of measure, and the algebra that says which may be combined.

A unit is a product of named base units with whole exponents. Only equal units add up;
quotients and products have the unit the algebra gives, and equal units cancel.

>>> vehicles, year = Dimension.parse("vehicles"), Dimension.parse("year")
>>> str(vehicles / year), str(vehicles / vehicles), str(vehicles / year * year)
('vehicles/year', '1', 'vehicles')
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple

from evcli.model.field import Field, Needed, Texts, WordName, record

_BASE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Dimension:
    """Base units with their exponents, sorted by name, none of them zero."""

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, powers: Iterable[tuple[str, int]]) -> "Dimension":
        """Collect exponents, dropping what cancels."""
        total: dict[str, int] = {}
        for base, power in powers:
            total[base] = total.get(base, 0) + power
        return cls(tuple(sorted((base, power) for base, power in total.items() if power)))

    @classmethod
    def parse(cls, text: str) -> "Dimension":
        """Read ``vehicles``, ``vehicles/year``, ``USD/vehicles/year``, ``1`` or ``1/year``.

        Everything that ``str`` prints is read, products (``GWh*USD``) too. ValueError for the rest.
        """
        first, *under = text.split("/")
        over = [] if first == "1" else first.split("*")
        for base in (*over, *under):
            if not _BASE.fullmatch(base):
                raise ValueError(f"{text!r} is no unit: write it as in vehicles/year")
        return cls.of([*((base, 1) for base in over), *((base, -1) for base in under)])

    def __mul__(self, other: "Dimension") -> "Dimension":
        return Dimension.of((*self.powers, *other.powers))

    def __truediv__(self, other: "Dimension") -> "Dimension":
        return self * other.inverse()

    def inverse(self) -> "Dimension":
        """One over this unit."""
        return Dimension(tuple((base, -power) for base, power in self.powers))

    def __str__(self) -> str:
        over = [base for base, power in self.powers for _ in range(power)]
        under = [base for base, power in self.powers for _ in range(-power)]
        return "*".join(over or ["1"]) + "".join(f"/{base}" for base in under)


class UnitKind(StrEnum):
    """What is written in a unit decides how precisely a plain number in it is meant."""

    COUNT = "count"  # things one can count: the only kind that may be exact
    MONEY = "money"  # ISO 4217
    PERCENT = "percent"
    RATE = "rate"  # a count or amount per time
    INDEX = "index"
    RATIO = "ratio"


@record("units", "unit", "Units of measure; currencies by their ISO 4217 codes.")
class Unit(NamedTuple):
    """A unit of the vocabulary; ``words`` are what texts write for it (``$``, ``baht``)."""

    id: Annotated[str, Needed("The name that other tables use.")]
    name: WordName
    kind: Annotated[UnitKind, Field("What kind of thing it is.", needed=True)]
    words: Annotated[Texts, Field("What texts write for it.")] = ()


_SHOWN = {"percent": "%", "1": ""}  # where the id is not what people read


def shown_unit(unit: str) -> str:
    """The unit as people read it beside a number.

    >>> shown_unit("percent"), shown_unit("1"), shown_unit("USD")
    ('%', '', 'USD')
    """
    return _SHOWN.get(unit, unit)


def unit_words(units: Iterable[Unit]) -> Mapping[str, str]:
    """What texts write for units: unit ids by name or word; of two that share one the first.

    >>> unit_words([Unit("USD", "US dollars", UnitKind.MONEY, ("$",))])["$"]
    'USD'
    """
    found: dict[str, str] = {}
    for unit in units:
        for word in (unit.id, unit.name, *unit.words):
            found.setdefault(word, unit.id)
            found.setdefault(word.casefold(), unit.id)
    return found
