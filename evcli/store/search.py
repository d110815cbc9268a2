"""Full-text search over everything that has a name, in English and Chinese.

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

import sqlite3
from typing import NamedTuple

# Han with its extensions, kana, hangul: written without spaces
# (as a regular expression this would cost every look-up 3 ms)
_CHARACTERS = (
    ("\u2e80", "\u9fff"),
    ("\uac00", "\ud7af"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)
_MOST_WORDS = 32

# a hit in the title counts ten times one in a note
_FIND = """
    SELECT rowid FROM search WHERE search MATCH ?
    ORDER BY bm25(search, 10.0, 4.0, 1.0), rowid LIMIT ?
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
    return "".join(f" {sign} " if _is_word(sign) else sign for sign in plain).strip()


def _is_word(sign: str) -> bool:
    return sign >= _CHARACTERS[0][0] and any(first <= sign <= last for first, last in _CHARACTERS)


def questions(words: str) -> list[str]:
    """What to ask the index, the strictest first: all words, then any of them.

    The last word may be the beginning of one. Empty where *words* has no letter or digit.
    """
    plain = words.replace("\0", " ").encode("utf-8", "replace").decode()
    phrases = [
        '"' + spaced(word).replace('"', '""') + '"'
        for word in plain.split()
        if any(map(str.isalnum, word))
    ][:_MOST_WORDS]
    if not phrases:
        return []
    phrases[-1] += " *"
    if len(phrases) == 1:
        return phrases
    return [" AND ".join(phrases), " OR ".join(phrases)]


def find(connection: sqlite3.Connection, words: str, limit: int) -> list[Hit]:
    """The best hits for *words*, best first."""
    for question in questions(words):
        rowids = [row[0] for row in connection.execute(_FIND, (question, max(limit, 0)))]
        if rowids:
            return [_hit(connection, rowid) for rowid in rowids]
    return []


def _hit(connection: sqlite3.Connection, rowid: int) -> Hit:
    row = connection.execute(
        "SELECT kind, id, title, context FROM entry WHERE seq = ?", (rowid,)
    ).fetchone()
    return Hit(*row)
