"""What lists share: places, titles, remarks, and the rows of one screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from evcli.core.resolve import remarks_on
from evcli.errors import UsageError
from evcli.model import ABROAD, WORLD
from evcli.model.answer import SCREEN_ROWS, Row
from evcli.model.note import Note, NoteKind, trimmed
from evcli.model.period import Period
from evcli.model.records import Event, Measure, PlantFact
from evcli.model.vocabulary import Vocabulary, name_in, short_in
from evcli.query.figures import Figures
from evcli.query.selection import Query, Where

_Dated = TypeVar("_Dated", Event, PlantFact)

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


def screenful(
    rows: Sequence[Row],
    room: Mapping[str, int] = MappingProxyType({}),
    weight: Callable[[int], Any] | None = None,
) -> tuple[int, ...] | None:
    """The rows for one screen by their index, the least *weight* first; None for all of them.

    *room* has the cells in a line that fields have; texts that are longer take several lines.

    >>> screenful([{"what": "two words"}] * 20, {"what": 5}), screenful([{}] * 5)
    ((0, 1, 2, 3, 4, 5, 6), None)
    """
    chosen: list[int] = []
    left = SCREEN_ROWS
    for at in sorted(range(len(rows)), key=weight):
        lines = (-(-len(str(rows[at].get(name) or "")) // width) for name, width in room.items())
        left -= max((1, *lines))
        if left < 0:
            return tuple(sorted(chosen))
        chosen.append(at)
    return None


def selected(
    source: Figures, records: Iterable[_Dated], wanted: Query, day: Callable[[_Dated], Period]
) -> list[_Dated]:
    """The *records* of the days and sources asked for, out by then; *day* is that of a record."""
    when, sources = wanted.when, wanted.where.sources
    found = [
        each
        for each in records
        if source.is_out(each.source)
        and (not sources or each.source in sources)
        and when.holds(day(each))
    ]
    if when.latest:
        newest = when.pick(sorted({day(each) for each in found}, key=lambda day: day.sort_key))
        found = [each for each in found if day(each) in newest]
    return found


def remarks_of(record: PlantFact | Event | Measure) -> Iterator[Note]:
    """What the curators say of a record, and that it is known to be wrong where it is."""
    for note in trimmed(remarks_on(record)):
        is_wrong = note.kind is NoteKind.CAUTION
        yield note._replace(text=f"deprecated: {note.text}") if is_wrong else note
