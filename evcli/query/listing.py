"""What lists of measures and plants share: places, titles, and the rows of one screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from evcli.errors import UsageError
from evcli.model import ABROAD, WORLD
from evcli.model.answer import SCREEN_ROWS
from evcli.model.vocabulary import Vocabulary, name_in, short_in
from evcli.query.selection import Where

_BORDERS = {
    "europe": "Europe as the United Nations draw it: with Russia, without Turkey",
    "asia": "Asia as the United Nations draw it: with Turkey, without Russia",
}


def countries_of(
    places: Collection[str], words: Vocabulary
) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """The country codes of all *places*, None for everywhere, and what a reader must know of them.

    Of a region these are its members, of a continent the United Nations' list. A region that nobody
    has listed the countries of says nothing beside others; alone it is a UsageError.

    >>> countries_of(["HU", "europe"], Vocabulary())[1]
    ('Europe as the United Nations draw it: with Russia, without Turkey',)
    >>> countries_of([], Vocabulary())
    (None, ())
    """
    if not places or WORLD in places or ABROAD in places:
        return None, ()
    from evcli.model.codes import CONTINENTS  # read from a file

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
    if not codes:
        with_countries = {each.id for each in words.destinations.values() if each.members}
        raise UsageError(
            f"{', '.join(places)!r} has no list of countries",
            f"name countries, or one of {', '.join(sorted({*CONTINENTS, *with_countries}))}",
        )
    return frozenset(codes), tuple(notes)


def short_place(words: Vocabulary, place: str) -> str:
    """What tables call a place: its abbreviation where it has a usual one, else its name.

    >>> from evcli.model.vocabulary import Destination
    >>> kingdom = Destination("GB", "United Kingdom", aliases=("Britain", "UK"))
    >>> short_place(Vocabulary(destinations={"GB": kingdom}), "GB"), short_place(Vocabulary(), "HU")
    ('UK', 'HU')
    """
    known = words.destinations.get(place)
    if known is None:
        return place
    capitals = [each for each in known.aliases if each.isascii() and each.isupper()]
    if known.members and place.isupper():  # the European Union
        capitals.append(place)
    return min(capitals, key=len, default=known.name)


def title_of(words: Vocabulary, what: str, where: Where) -> str:
    """A title that says what was read: *what* is listed, of which places and of whom.

    Of a continent and the regions that counters draw around it the continent is named.
    """
    asked = where.destinations
    if asked:
        from evcli.model.codes import CONTINENTS

        asked = tuple(each for each in asked if each in CONTINENTS or each.isupper()) or asked
    places = [name_in(words.destinations, each) for each in asked]
    makers = [short_in(words.subjects, each) for each in where.subjects]
    return " · ".join(filter(None, (what, ", ".join(places), ", ".join(makers))))


def screenful(order: Iterable[int], lines: Callable[[int], int]) -> tuple[int, ...] | None:
    """Of the rows in the *order* of their weight those for one screen, None for all of them.

    *lines* says how many lines a row takes.

    >>> screenful(range(20), lambda row: 2), screenful(range(5), lambda row: 2)
    ((0, 1, 2, 3, 4, 5, 6), None)
    """
    chosen: list[int] = []
    room = SCREEN_ROWS
    for row in order:
        room -= lines(row)
        if room < 0:
            return tuple(sorted(chosen))
        chosen.append(row)
    return None


def lines_of(cells: Mapping[str, object], widths: Mapping[str, int]) -> int:
    """How many lines a row takes where its cells have so much room."""
    return max(-(-len(str(cells.get(name) or "")) // width) for name, width in widths.items()) or 1
