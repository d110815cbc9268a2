"""The titles of answers: what was read, in the words of a newspaper."""

from __future__ import annotations

from collections.abc import Sequence

from evcli.model import ABROAD, WORLD
from evcli.model.period import Window
from evcli.model.vocabulary import SubjectKind, Vocabulary, name_in, short_in
from evcli.query.names import small
from evcli.query.selection import Query, When
from evcli.text.lists import listed

_WITH_THE = (
    *("European ", "United ", "Middle ", "Former ", "Commonwealth ", "EU", "Global "),
    *("Netherlands", "Philippines", "Maldives", "Bahamas", "Gambia"),
)


def capital(text: str) -> str:
    """The same with a capital first letter."""
    return text[:1].upper() + text[1:]


def possessive(name: str) -> str:
    """Whose something is.

    >>> possessive("BYD and SAIC"), possessive("Chinese makers")
    ("BYD and SAIC's", "Chinese makers'")
    """
    return f"{name}'" if name.endswith("ers") and " " in name else f"{name}'s"


def place_name(words: Vocabulary, place: str) -> str:
    """A place behind a preposition.

    >>> from evcli.model.vocabulary import Destination
    >>> known = {"GB": Destination("GB", "United Kingdom"), "am": Destination("am", "The Americas")}
    >>> [place_name(Vocabulary(destinations=known), each) for each in known]
    ['the United Kingdom', 'the Americas']
    """
    known = words.destinations.get(place)
    name = known.name if known else place
    if known is None and len(place) == 2:
        from evcli.model.codes import COUNTRIES  # read from a file

        name = COUNTRIES.get(place, place)
    if name.startswith("The "):
        return small(name)
    return f"the {name}" if name.startswith(_WITH_THE) else name


def period_title(when: When) -> str:
    """The period asked for, in words; empty where none was."""
    named = when.named
    years = [each.start.year for each in named if each.start and each.window is Window.YEAR]
    if len(years) == len(named) > 1 and years == [*range(years[0], years[0] + len(years))]:
        return f"{years[0]}-{years[-1]}"
    if named:
        return listed([each.label for each in named])
    since, until = (each.label if each else "" for each in (when.since, when.until))
    if since and until:
        return since if since == until else f"{since} to {until}"
    return f"since {since}" if since else f"until {until}" if until else ""


def _called_alike(words: Vocabulary, places: Sequence[str]) -> str:
    """The one name that several regions share, as counters draw Europe in several ways."""
    known = [words.destinations.get(each) for each in places]
    names = [{each.name, *each.aliases} if each else set[str]() for each in known]
    return min(filter(str.isascii, set.intersection(*names)), default="") if names[1:] else ""


def topic_title(templates: Sequence[str], words: Vocabulary, wanted: Query) -> str:
    """Who did what where, by the templates of a topic.

    These are for nobody named, somebody, a place, and both. They may have ``{what}``, ``{who}``,
    ``{whose}`` and ``{where}``; what they do not say of the scopes is added.
    """
    where = wanted.where
    named = () if ABROAD in where.destinations else where.destinations
    places = [place_name(words, each) for each in named if each != WORLD]
    names = [small(name_in(words.scopes, each)) for each in where.scopes]
    scopes = listed(names) if where.scopes != ("all",) else "all vehicles"
    subjects = [each for each in where.subjects if each != "CN"] or ["CN"]
    who = listed([short_in(words.subjects, each) for each in subjects])
    kinds = {words.subjects[each].kind for each in subjects if each in words.subjects}
    somebody = bool(kinds - {SubjectKind.COUNTRY})
    template = templates[2 * bool(places) + somebody]
    if "{what}" in template and kinds == {SubjectKind.PORT}:
        template = "{what} through {who}"
    text = template.format(
        what="vehicle exports" if where.scopes in ((), ("all",)) else f"exports of {scopes}",
        who=who,
        whose=possessive(who),
        where=_called_alike(words, where.destinations) or listed(places),
    )
    return capital(text if "{what}" in template or not scopes else f"{text} · {scopes}")
