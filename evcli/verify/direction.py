"""Which way a change goes, from the words around the number.

The word next to the number decides (``up 5%``, ``an increase of 5%``), else one close behind it
(``a 5% drop``), else the nearest before it in the sentence (``rose by a more modest 5%``). Of
numbers that are only listed (``rose 5% and 6%``) the later take the direction of the first.

>>> signs("fell 5% and 6%; 7% of them", [(5, 7, 0), (12, 14, 0), (16, 18, 0)])
[-1, -1, 0]
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evcli.text import lexicon as words

_REACH = 80
_END = re.compile(r"[.!?;:。！？；](?=\s|$|[^\x00-\x7f])")
_WORD = re.compile(r"[A-Za-z]+")
_NO_CHANGE = re.compile(r"\bm(?:ake|akes|ade|aking) up\b|\bup to\b", re.IGNORECASE)
_LISTED = re.compile(r"(?:\s|,|/|&|、|和|至|-|–|and|or|to)*")
_STOP = re.compile(r"[,.;:()!?，。；：（）、]")


def signs(text: str, spans: Sequence[tuple[int, int, int | None]]) -> list[int]:
    """The direction of each number in order; a span's third is its own sign, 0 to look for one.

    None there says that the number cannot be a change: its sign is 0.
    """
    result: list[int] = []
    for at, (start, end, own) in enumerate(spans):
        if own is None or own:
            result.append(own or 0)
            continue
        left = spans[at - 1][1] if at else 0
        right = spans[at + 1][0] if at + 1 < len(spans) else len(text)
        sign = _written(text, start) or _around(
            text[max(left, start - _REACH) : start], text[end : min(right, end + _REACH)]
        )
        if not sign and at and spans[at - 1][2] == 0 and _LISTED.fullmatch(text[left:start]):
            sign = result[-1]
        result.append(sign)
    return result


def _written(text: str, start: int) -> int:
    """A plus or minus before the number."""
    mark, lead = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    if mark == "+":
        return 1
    return -1 if mark == "-" and (not lead or lead in " (,，（、") else 0


def _around(before: str, after: str) -> int:
    breaks = list(_END.finditer(before))
    before = before[breaks[-1].end() :] if breaks else before
    if words.HAN_UP.search(before):
        return 1
    if words.HAN_DOWN.search(before):
        return -1
    seen = [match[0].casefold() for match in _WORD.finditer(_neutral(before))]
    near = [word for word in seen if word not in words.FILLERS]
    tail = before.rstrip()
    if near and (not tail or not _STOP.match(tail[-1])) and _only_fillers_after(seen, near[-1]):
        sign = _sign(near[-1])
        if sign:
            return sign
    stop = _STOP.search(after)
    behind = _neutral(after[: stop.start()] if stop else after)
    for match in list(_WORD.finditer(behind))[:3]:
        word = match[0].casefold()
        if word in words.BREAKS:
            break
        sign = _sign(word, behind=True)
        if sign:
            return sign
    for word in reversed(seen[-9:]):
        sign = _sign(word)
        if sign:
            return sign
    return 0


def _neutral(text: str) -> str:
    """Without the words that only look like a change."""
    return _NO_CHANGE.sub(" ", words.ON_YEAR.sub(" ", text))


def _only_fillers_after(seen: Sequence[str], word: str) -> bool:
    last = len(seen) - 1 - list(reversed(seen)).index(word)
    return all(each in words.FILLERS for each in seen[last + 1 :])


def _sign(word: str, *, behind: bool = False) -> int:
    if word in words.BEHIND_ONLY and not behind:
        return 0
    if words.UP.fullmatch(word):
        return 1
    return -1 if words.DOWN.fullmatch(word) else 0
