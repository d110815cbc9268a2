"""Full-text search over everything that has a name, in English and Chinese.

Every Chinese character is a word of its own, in the index and in the question, and a run of
them is asked for as a phrase: so two characters are found as well as ten. What people type is
quoted word by word and can therefore never be an error of the search engine's own language.

>>> spaced("BYD比亚迪 sold")
'BYD 比  亚  迪  sold'
>>> questions('奇瑞 "exp')
['"奇  瑞" AND "exp" *', '"奇  瑞" OR "exp" *']
>>> questions("... ** '")
[]
"""

from __future__ import annotations

import re
import sqlite3
from typing import NamedTuple

# Han with its extensions, kana, hangul: written without spaces
_WORD_CHARACTERS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_CHARACTER = re.compile(f"([{_WORD_CHARACTERS}])")
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


class Entry(NamedTuple):
    """What is indexed of one thing, and what is shown of it when it is found."""

    hit: Hit
    names: str
    notes: str


def spaced(text: str) -> str:
    """*text* with every Chinese character apart, in compatibility form (full-width is plain)."""
    import unicodedata

    return _CHARACTER.sub(r" \1 ", unicodedata.normalize("NFKC", text)).strip()


def add(connection: sqlite3.Connection, entries: list[Entry]) -> None:
    """Index *entries*; of equally good hits the earlier entry comes first."""
    connection.executemany(
        "INSERT INTO entry (seq, kind, id, title, context) VALUES (?, ?, ?, ?, ?)",
        ((seq, *entry.hit) for seq, entry in enumerate(entries, 1)),
    )
    connection.executemany(
        "INSERT INTO search (rowid, title, names, notes) VALUES (?, ?, ?, ?)",
        (
            (seq, spaced(entry.hit.title), spaced(entry.names), spaced(entry.notes))
            for seq, entry in enumerate(entries, 1)
        ),
    )


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
