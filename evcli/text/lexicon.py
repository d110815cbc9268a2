"""The words in which texts, English or Chinese, write numbers, and two small readers of them.

The words stand in ``lexicon.toml``; here are those that follow from others, and patterns.

>>> side("more than"), side("近"), side("")
('low', 'high', '')
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

from evcli.model import period

_WORDS = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text("utf-8"))


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a list with commas between them."""
    return tuple(" ".join(each.split()) for each in text.split(","))


ONES = {word: value for value, word in enumerate(_WORDS["ones"].split())} | {"none": 0, "nil": 0}
TENS = {word: 10 * value for value, word in enumerate(_WORDS["tens"].split(), 2)}
SCALES: Mapping[str, int] = _WORDS["scales"]
ORDINALS: Mapping[str, int] = _WORDS["ordinals"]
PARTS: Mapping[str, int] = _WORDS["parts"]
# by word, and the mark that begins decimals where it is used; "?" of those used everywhere
MULTIPLIERS, MARKS = {**SCALES}, dict.fromkeys(SCALES, ".")
for _mark, _by_power in _WORDS["multipliers"].items():
    for _power, _words in _by_power.items():
        MULTIPLIERS |= dict.fromkeys(phrases(_words), 10 ** int(_power))
        MARKS |= dict.fromkeys(phrases(_words), _mark)
UNSURE: Mapping[str, Mapping[str, int]] = _WORDS["multipliers_by_language"]
SHORT_FOR_MONEY = {sign: UNSURE[sign]["en"] for sign in "kmbt"}
MARK_OF = {each: mark for mark, those in _WORDS["decimals"].items() for each in phrases(those)}
FACTORS = {word: Fraction(value) for word, value in _WORDS["factors"].items()}
HAN_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
IN_ENGLISH: Mapping[str, str] = _WORDS["qualifiers_in_english"]
QUALIFIERS: dict[str, str] = {
    word: which for which, words in _WORDS["qualifiers"].items() for word in phrases(words)
}
QUALIFIERS |= {word: QUALIFIERS[english] for word, english in IN_ENGLISH.items()}
CLOSE = frozenset(phrases(_WORDS["close"]))
AFTER: Mapping[str, str] = _WORDS["qualifiers_behind"]
SYMBOLS: Mapping[str, str] = _WORDS["currency_signs"]
MONEY: Mapping[str, str] = _WORDS["currency_words"]
CODES = frozenset(phrases(_WORDS["currency_codes"]))
FILLERS = frozenset(phrases(_WORDS["fillers"]))
BREAKS = frozenset(phrases(_WORDS["breaks"]))
BEHIND_ONLY = frozenset(phrases(_WORDS["behind_only"]))
# how questions are put: kind of word, what it does, the word
QUESTION_WORDS = tuple(
    (kind, does, word)
    for kind in ("small", "command", "way", "time")
    for does, words in _WORDS[f"{kind}_words"].items()
    for word in phrases(words)
)
MONTHS = {
    name: number for number, full in enumerate(period.MONTHS, 1) for name in (full, full[:3])
} | {"Sept": 9}

# what fact files may write is less than what texts do
STATED_QUALIFIERS = sorted(phrases(_WORDS["stated"]["qualifiers"]), key=len, reverse=True)
STATED_MULTIPLIERS = {word: MULTIPLIERS[word] for word in phrases(_WORDS["stated"]["multipliers"])}
STATED_SHARES = {
    word: Fraction(share)
    for share, words in _WORDS["stated"]["shares"].items()
    for word in phrases(words)
}


def in_english(qualifier: str) -> str:
    """The qualifier as an English text would put it."""
    return IN_ENGLISH.get(qualifier, qualifier)


def side(qualifier: str) -> str:
    """Which bound a qualifier gives: ``low``, ``high``, ``about`` or none."""
    return QUALIFIERS.get(qualifier.strip().casefold(), "")


def alternatives(words: Iterable[str]) -> str:
    """The words as a regular expression, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def han_number(text: str) -> int | None:
    """The value of a Chinese numeral below 10,000, None where it is not one.

    >>> han_number("九"), han_number("二十五"), han_number("三百零二"), han_number("十十")
    (9, 25, 302, None)
    """
    total, digit, last = 0, -1, 10**5
    for sign in text:
        if sign in HAN_DIGITS:
            digit = HAN_DIGITS[sign]
            continue
        unit = HAN_UNITS.get(sign, 0)
        if not 0 < unit < last:
            return None
        total += (1 if digit < 0 else digit) * unit
        digit, last = -1, unit
    return total + max(digit, 0) if text else None


def english_number(text: str) -> int:
    """The value of a number in words.

    >>> english_number("two hundred and fifty"), english_number("a million")
    (250, 1000000)
    """
    total = part = 0
    for word in re.split(r"[\s-]+", text.casefold()):
        if word in ("hundred", "dozen"):
            part = max(part, 1) * SCALES[word]
        elif word in SCALES:
            total, part = total + max(part, 1) * SCALES[word], 0
        else:  # "a" and "and" add nothing
            part += ONES.get(word) or TENS.get(word, 0)
    return total + part
