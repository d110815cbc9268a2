"""The words in which texts, English or Chinese, write numbers: tables, and two small readers.

>>> side("more than"), side("近"), side("")
('low', 'high', '')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType

from evcli.model import period

_ONES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES: Mapping[str, int] = MappingProxyType(
    {word: value for value, word in enumerate(_ONES.split())} | {"none": 0, "nil": 0}
)
TENS: Mapping[str, int] = MappingProxyType(
    {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
)
SCALES: Mapping[str, int] = MappingProxyType(
    {
        "hundred": 100,
        "dozen": 12,
        "thousand": 10**3,
        "million": 10**6,
        "billion": 10**9,
        "trillion": 10**12,
    }
)
_IRREGULAR = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
)
ORDINALS: Mapping[str, int] = MappingProxyType(
    {word: value for value, word in enumerate(_IRREGULAR.split())}
    | {f"{word}th": value for word, value in ONES.items() if value >= 13}
    | {f"{word[:-1]}ieth": value for word, value in TENS.items()}
    | {"hundredth": 100, "thousandth": 10**3, "millionth": 10**6, "billionth": 10**9}
)
ADVERBS: Mapping[str, int] = MappingProxyType({"firstly": 1, "secondly": 2, "thirdly": 3})
PARTS: Mapping[str, int] = MappingProxyType(
    {
        "third": 3,
        "quarter": 4,
        "fifth": 5,
        "sixth": 6,
        "seventh": 7,
        "eighth": 8,
        "tenth": 10,
    }
)
MULTIPLIERS: Mapping[str, int] = MappingProxyType(
    dict(SCALES)
    | {
        "mn": 10**6,
        "mln": 10**6,
        "bn": 10**9,
        "bln": 10**9,
        "tn": 10**12,
        "trn": 10**12,
        "万亿": 10**12,
        "千万": 10**7,
        "百万": 10**6,
        "十亿": 10**9,
        "亿": 10**8,
        "万": 10**4,
        "千": 10**3,
    }
)
# short for a multiplier only where a currency stands before the number
SHORT_FOR_MONEY: Mapping[str, int] = MappingProxyType(
    {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
)
FACTORS: Mapping[str, Fraction] = MappingProxyType(
    {
        "doubl": Fraction(2),
        "tripl": Fraction(3),
        "quadrupl": Fraction(4),
        "quintupl": Fraction(5),
        "halv": Fraction(1, 2),
        "twice": Fraction(2),
        "thrice": Fraction(3),
        "翻番": Fraction(2),
        "翻一番": Fraction(2),
        "翻倍": Fraction(2),
    }
)
HAN_DIGITS: Mapping[str, int] = MappingProxyType(
    {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
)
HAN_UNITS: Mapping[str, int] = MappingProxyType({"十": 10, "百": 100, "千": 1000})


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a list with commas between them."""
    return tuple(" ".join(each.split()) for each in text.split(","))


_LOW = phrases(
    """
over, more than, at least, above, no less than, no fewer than, not less than, greater than,
in excess of, upwards of, upward of, beyond, exceed, exceeds, exceeded, exceeding,
surpass, surpasses, surpassed, surpassing, topped, topping, a minimum of
"""
)
_HIGH = phrases(
    """
nearly, almost, near, up to, less than, fewer than, under, below, at most, no more than,
not more than, close to, approaching, as many as, as much as, a maximum of
"""
)
_ABOUT = phrases(
    """
about, approximately, around, roughly, some, an estimated, approx., circa, ca., ~, ≈
"""
)
_ENGLISH_QUALIFIERS = {
    word: which
    for which, words in (("low", _LOW), ("high", _HIGH), ("about", _ABOUT))
    for word in words
}
# what Chinese texts put in front of a number
IN_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "超过": "over",
        "超": "over",
        "逾": "over",
        "突破": "over",
        "至少": "at least",
        "近": "nearly",
        "将近": "nearly",
        "接近": "nearly",
        "不到": "less than",
        "不足": "less than",
        "至多": "at most",
        "大约": "about",
        "约": "about",
    }
)
QUALIFIERS: Mapping[str, str] = MappingProxyType(
    _ENGLISH_QUALIFIERS
    | {word: _ENGLISH_QUALIFIERS[english] for word, english in IN_ENGLISH.items()}
)
AFTER: Mapping[str, str] = MappingProxyType(
    {
        "or more": "low",
        "plus": "low",
        "+": "low",
        "or so": "about",
        "or less": "high",
        "or fewer": "high",
        "余": "low",
        "多": "low",
        "以上": "low",
        "以下": "high",
        "左右": "about",
    }
)

SYMBOLS: Mapping[str, str] = MappingProxyType(
    {
        "US$": "USD",
        "HK$": "HKD",
        "A$": "AUD",
        "C$": "CAD",
        "R$": "BRL",
        "$": "USD",
        "€": "EUR",
        "£": "GBP",
        "₹": "INR",
        "฿": "THB",
        "¥": "CNY",
    }
)
MONEY: Mapping[str, str] = MappingProxyType(
    {
        "dollar": "USD",
        "us dollar": "USD",
        "u.s. dollar": "USD",
        "euro": "EUR",
        "pound": "GBP",
        "yuan": "CNY",
        "renminbi": "CNY",
        "rmb": "CNY",
        "baht": "THB",
        "yen": "JPY",
        "ruble": "RUB",
        "rouble": "RUB",
        "rupee": "INR",
        "peso": "MXN",
        "forint": "HUF",
        "tael": "tael",
        "人民币": "CNY",
        "元": "CNY",
        "美元": "USD",
        "欧元": "EUR",
        "泰铢": "THB",
        "日元": "JPY",
    }
)
CODES = frozenset(
    phrases(
        """
USD, EUR, GBP, CNY, RMB, THB, JPY, HKD, AUD, CAD, INR, RUB, BRL, MXN, HUF, IDR, MYR, KRW, TRY,
PLN, ZAR
"""
    )
)

UP = re.compile(
    r"(?:up|r[io]se[sn]?|rising|increas(?:e|es|ed|ing)|gr(?:ow|ows|own|ew|owth|owing)"
    r"|(?:gain|jump|climb|soar|leap|rocket|skyrocket|expand|boost|spike?|swell|balloon)"
    r"(?:s|ed|t|ing)?|surg(?:e|es|ed|ing)|advance[sd]?|expansion|uptick"
    r"|upturn|higher|more|plus)",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"(?:down|fall(?:s|en|ing)?|fell|(?:drop|dip|slip)(?:s|ped|ping)?|declin(?:e|es|ed|ing)"
    r"|decreas(?:e|es|ed|ing)|(?:slump|plummet|weaken|contract)(?:s|ed|ing)?|contraction"
    r"|plung(?:e|es|ed|ing)|shr(?:ink|inks|ank|unk|inking)|slid(?:e|es|ing)?|tumbl(?:e|es|ed|ing)"
    r"|reduc(?:e|es|ed|ing|tion)|slash(?:es|ed|ing)?|sink(?:s|ing)?|sank|eas(?:ed|ing)|los[st]"
    r"|lower|less|fewer|cut|cuts|minus)",
    re.IGNORECASE,
)
# words that mean a change only behind the number: "5% more", never "a more modest 5%"
BEHIND_ONLY = frozenset({"more", "less", "fewer", "higher", "lower"})
HAN_UP = re.compile(r"(?:增长|上升|增加|提高|上涨|增|涨|升)(?:了|幅为|幅达|约|近|超过|超|逾|达)*$")
HAN_DOWN = re.compile(
    r"(?:下降|减少|下滑|下跌|降低|降|跌|减)(?:了|幅为|幅达|约|近|超过|超|逾|达)*$"
)
FILLERS = frozenset(
    phrases(
        """
by, of, a, an, the, as, to, at, from, its, their, some, about, around, roughly, approximately,
nearly, almost, over, than, another, further
"""
    )
)
BREAKS = frozenset(
    phrases(
        """
of, in, after, from, than, to, for, and, or, while, during, by, with, on, at, but, as, which,
that
"""
    )
)
ON_YEAR = re.compile(
    r"\b(?:year|month|quarter|week)(?:[- ](?:on|over)[- ])(?:year|month|quarter|week)\b"
    r"|\by[-/]?o[-/]?y\b|\bm[-/]?o[-/]?m\b",
    re.IGNORECASE,
)

MONTHS: Mapping[str, int] = MappingProxyType(
    {name: number for number, full in enumerate(period.MONTHS, 1) for name in (full, full[:3])}
    | {"Sept": 9}
)


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


def english_number(text: str) -> int | None:
    """The value of a number in words, None where it is not one.

    >>> english_number("two hundred and fifty"), english_number("a million")
    (250, 1000000)
    """
    total, part, seen = 0, 0, False
    for word in re.split(r"[\s-]+", text.casefold()):
        if word in ("and", ""):
            continue
        if word in ("a", "an"):
            part = 1
        elif word in ONES:
            part += ONES[word]
        elif word in TENS:
            part += TENS[word]
        elif word in ("hundred", "dozen"):
            part = max(part, 1) * SCALES[word]
        elif word in SCALES:
            total += max(part, 1) * SCALES[word]
            part = 0
        else:
            return None
        seen = True
    return total + part if seen else None
