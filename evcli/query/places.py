"""Which countries a place asked for means, where things that stand somewhere are listed."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from evcli.errors import UsageError
from evcli.model.codes import CONTINENTS
from evcli.model.vocabulary import ABROAD, WORLD, Vocabulary

_BORDERS = {
    "europe": "Europe as the United Nations draw it: with Russia, without Turkey",
    "asia": "Asia as the United Nations draw it: with Turkey, without Russia",
}


class Countries(NamedTuple):
    """Country codes, None for everywhere, and what a reader must know of them."""

    codes: frozenset[str] | None = None
    notes: tuple[str, ...] = ()


def countries_of(places: Collection[str], words: Vocabulary) -> Countries:
    """The countries of all *places*: of a region its members, of a continent the UN's list.

    Raises UsageError for a region that nobody has listed the countries of.

    >>> countries_of(["HU", "europe"], Vocabulary()).notes
    ('Europe as the United Nations draw it: with Russia, without Turkey',)
    >>> countries_of([], Vocabulary()).codes is None
    True
    """
    if not places or WORLD in places or ABROAD in places:
        return Countries()
    codes: set[str] = set()
    notes: list[str] = []
    for place in places:
        inside = words.countries_in(place)
        if inside:
            codes |= inside
        elif place in CONTINENTS:
            codes |= CONTINENTS[place]
            notes += [_BORDERS[place]] if place in _BORDERS else []
        elif len(place) == 2 and place.isupper():
            codes.add(place)
        else:
            listed = [each.id for each in words.destinations.values() if each.members]
            raise UsageError(
                f"{place!r} has no list of countries",
                f"name countries, or one of {', '.join(sorted({*CONTINENTS, *listed}))}",
            )
    return Countries(frozenset(codes), tuple(notes))
