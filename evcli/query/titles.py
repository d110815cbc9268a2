"""What people call series, places and periods, in short plain words, and the titles of answers."""

from collections import Counter
from collections.abc import Sequence

from evcli.model import ABROAD, EVERYWHERE, WORLD
from evcli.model.period import Window
from evcli.model.records import Series
from evcli.model.vocabulary import OWN_COUNT, SubjectKind, UnitKind, Vocabulary, name_in, short_in
from evcli.query.selection import DIMENSIONS, Query, When, Where
from evcli.text.lists import listed

_WITH_THE = (
    *("European ", "United ", "Middle ", "Former ", "Commonwealth ", "EU", "Global "),
    *("Netherlands", "Philippines", "Maldives", "Bahamas", "Gambia"),
)
_WHOLES = ("all", "", WORLD)  # said only where nothing else is
VEHICLES = "vehicles"
_IN_SMALL = ("metric", "scope", "method")


def small(name: str) -> str:
    """A name inside a line: its first letter small, unless it is an abbreviation.

    >>> small("Passenger cars"), small("EV supply chain")
    ('passenger cars', 'EV supply chain')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def short_name(kind: str, id: str, words: Vocabulary) -> str:
    """The short name of a value of one dimension, or of a method."""
    if kind == "publisher":
        return words.publisher_name(id)
    known = getattr(words, f"{kind}s").get(id)
    name: str = getattr(known, "short", "") or getattr(known, "name", id)
    return small(name) if kind in _IN_SMALL or id in EVERYWHERE else name


def names_apart(series: Sequence[Series], words: Vocabulary) -> list[str]:
    """Names that tell *series* apart: by the dimensions in which they differ, else by the method.

    What all have in common is for the title (:func:`in_common`); makers' own counts name no
    counter. Where nothing differs all have the name of their part, or of who they are of.
    """
    differ = [kind for kind in DIMENSIONS if len({getattr(each, kind) for each in series}) > 1]
    names = {each: _named(each, differ, words) for each in series}
    shared = Counter(names.values())
    alike = (each for each in names if shared[names[each]] > 1)
    names |= {each: _named(each, [*differ, "method"], words) for each in alike}
    return [names[each] for each in series]


def _named(series: Series, kinds: Sequence[str], words: Vocabulary) -> str:
    ids = {kind: str(getattr(series, kind)) for kind in kinds}
    counter = ids.pop("publisher", "")
    if counter and not ids:
        return OWN_COUNT if counter == series.subject else words.publisher_name(counter)
    if not ids:  # of one's own metrics their name, else the part, else who
        own = series.unit != VEHICLES and series.scope == "all"
        kind = "metric" if own else "subject" if series.scope == "all" else "scope"
        ids = {kind: getattr(series, kind)}
    said = {kind: id for kind, id in ids.items() if id not in _WHOLES} or dict([*ids.items()][:1])
    several = len(ids) > 1  # else all are places
    name = ", ".join(
        _towards(series, words)
        if kind == "destination" and (several or id == series.subject)
        else short_name(kind, id, words)
        for kind, id in said.items()
    )
    other = counter not in ("", series.subject)
    return f"{name} ({words.publisher_name(counter)})" if other else name


def in_common(series: Sequence[Series], words: Vocabulary) -> list[str]:
    """What all of *series* have in common: who, what, where, which part, who counted."""
    met = {kind: {getattr(each, kind) for each in series} for kind in DIMENSIONS}
    common = {kind: min(ids) if len(ids) == 1 else "" for kind, ids in met.items()}
    subject, place, publisher = (common[kind] for kind in ("subject", "destination", "publisher"))
    # all of something else goes without saying
    cars = all(each.unit == VEHICLES for each in series)
    own = series and all(words.is_own_count(each) for each in met["publisher"])
    who = f"counted by {words.publisher_name(publisher)}" if publisher else ""
    parts = (
        name_in(words.subjects, subject) if subject != "CN" else "",
        name_in(words.metrics, common["metric"]),
        name_in(words.destinations, place) if place not in EVERYWHERE else "",
        small(name_in(words.scopes, common["scope"])) if common["scope"] != "all" or cars else "",
        "makers' own counts" if own and not subject else who,
    )
    return [part for part in parts if part]


def full_name(series: Series, words: Vocabulary) -> str:
    """What people call a series wherever it stands; makers' own counts name no publisher.

    >>> full_name(Series("", "", "byd", "exports", "all", WORLD, "", "caam", ""), Vocabulary())
    'Byd, exports (caam)'
    """
    unit, method = words.units.get(series.unit), words.methods.get(series.method)
    parts = [
        short_name("subject", series.subject, words),
        small(name_in(words.metrics, series.metric)),
        short_name("scope", series.scope, words) if series.scope != "all" else "",
        _towards(series, words),
        method.short if method else "",
        series.unit if unit and unit.kind is UnitKind.MONEY else "",
    ]
    text, own = capital(", ".join(filter(None, parts))), series.publisher in ("", series.subject)
    return text if own else f"{text} ({words.publisher_name(series.publisher)})"


def _towards(series: Series, words: Vocabulary) -> str:
    if series.destination in ("", WORLD):
        return ""
    if series.destination == series.subject:
        return "at home"
    name = short_name("destination", series.destination, words)
    to = "to" if "export" in series.metric else "in"
    return name if series.destination == ABROAD else f"{to} {name}"


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
    name = words.place(place)
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


def topic_title(templates: Sequence[str], words: Vocabulary, wanted: Query) -> str:
    """Who did what where, by the templates of a topic.

    These are for nobody named, somebody, a place, and both. They may have ``{what}``, ``{who}``,
    ``{whose}`` and ``{where}``; what they do not say of the scopes is added.
    """
    where = wanted.where
    named = () if ABROAD in where.destinations else where.destinations
    places = [place_name(words, each) for each in _distinct(words, named) if each != WORLD]
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
        where=listed(places),
    )
    return capital(text if "{what}" in template or not scopes else f"{text} · {scopes}")


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
    """A title that says what was read: *what* is listed, of which places and of whom."""
    places = ", ".join([words.place(each) for each in _distinct(words, where.destinations)])
    makers = [short_in(words.subjects, each) for each in where.subjects]
    return " · ".join(filter(None, (what, places, ", ".join(makers))))


def _distinct(words: Vocabulary, places: Sequence[str]) -> list[str]:
    """*places* without other ways to draw one of them: counters draw Europe in several ways."""
    known = words.destinations
    names = {known[each].name for each in places if each in known}
    return [e for e in places if e not in known or names.isdisjoint(known[e].aliases)]
