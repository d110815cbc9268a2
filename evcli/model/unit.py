"""Units of measure: how one is written, what kind it is, and what people read for it.

A unit is a product of named base units, over others: only figures of equal units add up.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, NamedTuple

from evcli.model.field import Field, Needed, Texts, WordName, record

_BASE = "[A-Za-z][A-Za-z0-9-]*"
UNIT_ID = rf"(1|{_BASE}(\*{_BASE})*)(/{_BASE})*"  # vehicles, GWh*USD, 1/year


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

    @property
    def counted(self) -> bool:
        """Whether it counts things that come whole, so that no fraction of one is printed."""
        return self.kind is UnitKind.COUNT


PERCENT = Unit("percent", "percent", UnitKind.PERCENT, ("%",))
_SHOWN = {"percent": "%", "1": ""}  # where the id is not what people read


def shown_unit(unit: str) -> str:
    """The unit as people read it beside a number."""
    return _SHOWN.get(unit, unit)


def unit_words(units: Iterable[Unit]) -> Mapping[str, str]:
    """What texts write for units: unit ids by name or word; of two that share one the first."""
    found: dict[str, str] = {}
    for unit in units:
        for word in (unit.id, unit.name, *unit.words):
            found.setdefault(word, unit.id)
            found.setdefault(word.casefold(), unit.id)
    return found
