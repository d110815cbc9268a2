"""Every way to write a name, which id it means, and full-text search over all names.

>>> fold("Great-Wall  Motor"), fold("比亚迪"), fold("Türkiye’s İstanbul")
('great wall motor', '比亚迪', 'turkiye istanbul')

Every Chinese character is a word of its own, in the index and in the question, and a run of
them is asked for as a phrase: so two characters are found as well as ten. What people type is
quoted word by word and can therefore never be an error of the search engine's own language.

>>> spaced("BYD比亚迪 sold")
'BYD 比  亚  迪  sold'
>>> questions("奇瑞 exp")
['"奇  瑞" AND "exp" *', '"奇  瑞" OR "exp" *']
>>> questions("... ** '")
[]
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evcli.model import WORLD
from evcli.tuples import NamedTuple

if TYPE_CHECKING:  # see the reader
    from evcli.model.period import Period
    from evcli.model.records import Record

BY_ID, BY_NAME, BY_ALIAS = 0, 1, 2


class Named(NamedTuple):
    """A word with its names, whatever table it comes from."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    definition: str = ""


# what no name is told apart by: spaces, or nothing; letters that Unicode does not take apart
_SIGNS = str.maketrans(
    dict.fromkeys('-_‐‑‒–—―−·・,;()/"“”«»!', " ")
    | dict.fromkeys("’‘ʼ`´ʹ", "'")
    | {"&": " and ", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l"}
)


def fold(text: str) -> str:
    """*text* as names are compared: without case, accents, width, dashes, apostrophes and 's."""
    if not text.isascii():
        import unicodedata

        apart = unicodedata.normalize("NFKD", text)
        plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
        text = unicodedata.normalize("NFC", plain)
    folded = " ".join(text.casefold().translate(_SIGNS).split())
    if "'" in folded or "." in folded:
        folded = f"{folded} ".replace("'s ", " ").replace("'", "").replace(". ", " ").strip()
    return folded


Words = Mapping[str, Mapping[str, Named]]
_BY_ID_ALONE = ("source", "series", "event", "measure", "plant", "claim")


def named(record: Record) -> Words:
    """All words by kind and id.

    A publisher or destination that only series name is called as the subject of the same id
    (a maker that counts itself, a country); the world is always a destination.
    """
    words, series = record.vocabulary, record.series.values()

    def of(kind: str, used: Iterable[str] = ()) -> dict[str, Named]:
        known = {id: _named(word) for id, word in getattr(words, f"{kind}s").items()}
        for id in filter(None, used):
            subject = words.subjects.get(id)
            default = Named(id, id.capitalize() if id == WORLD else "")
            known.setdefault(id, _named(subject) if subject else default)
        return known

    return {
        "subject": of("subject"),
        "metric": of("metric"),
        "scope": of("scope"),
        "destination": of("destination", (WORLD, *(each.destination for each in series))),
        "publisher": of("publisher", (each.publisher for each in series)),
        "method": of("method"),
        "unit": {unit.id: Named(unit.id, unit.name, unit.words) for unit in words.units.values()},
        "source": {each.id: Named(each.id, each.title) for each in record.sources.values()},
        "series": {each.id: Named(each.id, each.title) for each in series},
        "event": {each.id: Named(each.id, each.title) for each in record.events},
        "measure": {each.id: Named(each.id, each.target) for each in record.measures},
        "plant": {each.id: Named(each.id, each.city) for each in record.plants},
        "claim": {each.id: Named(each.id, each.says) for each in record.claims},
    }


def spellings(words: Words) -> Iterator[tuple[str, str, int, str, str]]:
    """Every way to write each word, as rows of kind, folded, strength, id and text.

    The least strength wins. Things with long titles go by their id alone. Of the words in which
    people ask, the kind is ``small``, ``command``, ``way`` or ``time``; the id says what they do.
    """
    from evcli.text.lexicon import QUESTION_WORDS

    for kind, does, text in QUESTION_WORDS:
        yield kind, fold(text), BY_ALIAS, does, text
    for kind, items in words.items():
        for item in (_every_place(items) if kind == "destination" else items).values():
            name = item.name and kind not in _BY_ID_ALONE
            texts = [(BY_ID, item.id), *([(BY_NAME, item.name)] if name else [])]
            for strength, text in [*texts, *((BY_ALIAS, alias) for alias in item.aliases)]:
                yield kind, fold(text), strength, item.id, text


def labels(words: Words, periods: Iterable[Period]) -> Iterator[tuple[str, str, str]]:
    """What completion offers: kind, id and name, by id; periods with the newest first."""
    for kind, items in words.items():
        for item in sorted(items.values()):
            yield kind, item.id, item.name
    for period in sorted(periods, key=lambda p: p.sort_key, reverse=True):
        if not period.is_undated:
            yield "period", str(period), period.window.value


def _every_place(known: Mapping[str, Named]) -> Mapping[str, Named]:
    """All countries there are, whether or not anything goes there, by all their names."""
    from evcli.model.codes import COUNTRIES, OTHER_NAMES

    places = {**known}
    for code, name in COUNTRIES.items():
        at = places.get(code, Named(code, name))
        others = dict.fromkeys((name, *at.aliases, *OTHER_NAMES[code]))
        places[code] = at._replace(aliases=tuple(each for each in others if each != at.name))
    return places


def _named(word: Any) -> Named:
    """A word of any table of the vocabulary."""
    aliases, short = getattr(word, "aliases", ()), getattr(word, "short", "")
    if short and short not in (word.name, *aliases):
        aliases = (*aliases, short)
    return Named(word.id, word.name, aliases, getattr(word, "definition", ""))


# where runs of Han with its extensions, of kana and hangul begin and end, in turn: they are written
# without spaces (as a regular expression this would cost every look-up 3 ms)
_CHARACTERS = "\u2e80\ua000\uac00\ud7b0\uf900\ufb00\U00020000\U00040000"
_MOST_WORDS = 32

# a hit in the title counts ten times one in a note
FIND = """
    SELECT kind, id, entry.title, context FROM search JOIN entry ON seq = search.rowid
    WHERE search MATCH ? ORDER BY bm25(search, 10.0, 4.0, 1.0), seq LIMIT ?
"""


class Hit(NamedTuple):
    """Something found: what it is, its id, its title and where it belongs."""

    kind: str
    id: str
    title: str
    context: str


def spaced(text: str) -> str:
    """*text* with every Chinese character apart, in compatibility form (full-width is plain)."""
    if text.isascii():
        return text.strip()
    import unicodedata

    plain = unicodedata.normalize("NFKC", text)
    apart = {ord(each): f" {each} " for each in set(plain) if bisect(_CHARACTERS, each) % 2}
    return plain.translate(apart).strip()


def questions(words: str) -> list[str]:
    """What to ask the index, the strictest first: all words, then any of them.

    The last word may be the beginning of one. Empty where *words* has no letter or digit.
    """
    plain = words.replace("\0", " ").encode("utf-8", "replace").decode()
    said = [word for word in plain.split() if any(map(str.isalnum, word))]
    phrases = ['"' + spaced(word).replace('"', '""') + '"' for word in said[:_MOST_WORDS]]
    if not phrases:
        return []
    phrases[-1] += " *"
    return list(dict.fromkeys((" AND ".join(phrases), " OR ".join(phrases))))
