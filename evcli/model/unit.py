"""Units of measure as the vocabulary names them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, NamedTuple

from evcli.model.field import Field, WordName


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

    id: Annotated[str, Field("The name that other tables use.", needed=True, filled=True)]
    name: WordName
    kind: Annotated[UnitKind, Field("What kind of thing it is.", needed=True)]
    words: Annotated[tuple[str, ...], Field("What texts write for it.")] = ()


def lexicon(units: Iterable[Unit]) -> Mapping[str, str]:
    """What texts write for units: unit ids by name or word; of two that share one the first.

    >>> lexicon([Unit("USD", "US dollars", UnitKind.MONEY, ("$",))])["$"]
    'USD'
    """
    found: dict[str, str] = {}
    for unit in units:
        for word in (unit.id, unit.name, *unit.words):
            found.setdefault(word, unit.id)
            found.setdefault(word.casefold(), unit.id)
    return found
