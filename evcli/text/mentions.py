"""Numbers in running text, English or Chinese, what they count and which way they go.

The word next to the number decides (``up 5%``, ``an increase of 5%``), else one close behind it
(``a 5% drop``), else the nearest before it in the sentence (``rose by a more modest 5%``). Of
numbers that are only listed (``rose 5% and 6%``) the later take the direction of the first.

>>> [found.sign for found in find_mentions("fell 5% and 6%; 7% of them")]
[-1, -1, 0]

Every number counts, whatever it is for: numerals, also inside a name (``T03``), number words
(``nine``, ``half``, ``doubling``, also ``one`` as a pronoun), ordinals (``first``, also as an
adverb), dates with their months, and labels such as ``Phase II``. A Chinese numeral counts where a
measure word or a multiplier follows it, 一 alone only after 第: it is part of too many words.

>>> [found.short for found in find_mentions("up 7.9% to over 2.49 million, a total of$16 billion")]
['7.9% (up)', 'over 2.49 million', '$16 billion']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from evcli.errors import check_one_of
from evcli.model.period import Period, Window
from evcli.text import lexicon as words
from evcli.text.lexicon import HAN_DIGITS, MONTHS, ONES, ORDINALS, alternatives
from evcli.text.numerals import NUMERAL, readings, scientific
from evcli.tuples import NamedTuple

_MONTH = rf"(?P<month>{alternatives(MONTHS)})(?![A-Za-z])\.?"
_YEAR = r"(?P<year>(?:1[89]|20|21)\d\d)(?![\d%万亿千萬億만억천]|,\d{3}|\.\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%A-Za-z]|[, ]\d{3}(?!\d)|\.\d)"
_WHICH = "first|second|third|fourth"
_COUNT = rf"\d{{1,2}}|{alternatives(ONES)}"
_OF_YEAR = rf"(?:(?:,? of|,| in)? ?(?P<sign>'?){_YEAR})?"
_FRESH = r"(?<!\d)(?<!\d[.,/-])"
_EDGE = r"(?<![A-Za-z0-9])"
_FORMS = [
    # ISO and numeric
    rf"{_FRESH}{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)(?!\d)",
    rf"{_FRESH}{_YEAR}/(?P<month>0?[1-9]|1[0-2])(?:/(?P<day>[0-3]?\d))?(?!\d)",
    rf"{_FRESH}{_YEAR}-(?P<month>0[1-9]|1[0-2])(?![\d-])",
    rf"{_FRESH}(?P<a>[0-3]?\d)[/.](?P<b>[0-3]?\d)[/. ]{_YEAR}",
    # May 16, 2025; 16 May 2025; May 2025; May
    rf"{_EDGE}{_MONTH} ?{_DAY}(?! ?(?:million|billion|thousand|percent|per cent))"
    rf"(?:,? ?{_YEAR})?",
    rf"{_EDGE}(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? ?{_YEAR})?",
    rf"{_EDGE}{_MONTH}(?:(?:,| of)? ?{_YEAR})?",
    # quarters, halves, the first five months
    rf"{_EDGE}{_YEAR}[- ]?(?:Q(?P<quarter>[1-4])|H(?P<half>[12]))(?!\d)",
    rf"{_EDGE}(?:Q(?P<quarter>[1-4])|H(?P<half>[12]))(?![\dA-Za-z]){_OF_YEAR}",
    rf"{_EDGE}(?:(?P<quarter>[1-4])Q|(?P<half>[12])H)(?![A-Za-z]) ?"
    rf"(?:{_YEAR}|(?P<short>\d\d)(?!\d))?",
    rf"(?i:{_EDGE}(?:(?P<half>{_WHICH})[ -]half|(?P<quarter>{_WHICH})[ -]quarter)"
    rf"(?![A-Za-z])(?:-year)?){_OF_YEAR}",
    rf"(?i:{_EDGE}first (?P<count>{_COUNT}) (?P<span>months|quarters|weeks)){_OF_YEAR}",
    rf"{_YEAR} ?年(?: ?(?P<month>1[0-2]|0?[1-9]) ?月(?: ?(?P<day>[0-3]?\d) ?[日号])?)?",
    r"(?<![\d.])(?P<month>1[0-2]|0?[1-9]) ?月(?: ?(?P<day>[0-3]?\d) ?[日号])?",
    r"(?P<half>[上下])半年",
    r"第?(?P<quarter>[一二三四])季度",
    # years
    rf"(?<![A-Za-z\d$€£¥])(?<!\d\.)(?:FY ?)?{_YEAR}(?![A-Za-z]*\d)",
]
_NUMBERS = {**ONES, **ORDINALS, **HAN_DIGITS, **MONTHS, "上": 1, "下": 2}
_PATTERNS = [re.compile(form) for form in _FORMS]


@dataclass(frozen=True, slots=True)
class DateParts:
    """What of a date is written; ``months`` is how many from January."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None
    months: int | None = None

    def covered_by(self, period: Period) -> bool:
        """Whether *period* accounts for every part that is written.

        A year is accounted for by a period that begins or ends in it, a month by one that begins
        or ends with it (not by a whole year), a day by that day.

        >>> from evcli.model.period import parse_period
        >>> window = parse_period("2025-01/2025-05")
        >>> DateParts(year=2025, month=5).covered_by(window), DateParts(month=4).covered_by(window)
        (True, False)
        """
        if period.start is None or period.last_day is None:
            return False
        ends = (period.start, period.last_day)
        if self.year is not None and all(end.year != self.year for end in ends):
            return False
        window = period.window
        if self.day is not None:
            days = [(end.month, end.day) for end in ends if self.year in (None, end.year)]
            return window in (Window.DAY, Window.DAYS) and (self.month, self.day) in days
        if self.month is not None:
            months = [end.month for end in ends if self.year in (None, end.year)]
            return window not in (Window.YEAR, Window.YEARS) and self.month in months
        if self.quarter is not None:
            return window is Window.QUARTER and (ends[0].month + 2) // 3 == self.quarter
        if self.half is not None:
            return window is Window.HALF and (ends[0].month + 5) // 6 == self.half
        if self.months is not None:
            return period.starts_the_year and period.months == self.months
        return True


def find_dates(text: str) -> Iterator[tuple[re.Match[str], tuple[DateParts, ...]]]:
    """Every date, longer forms first, and what it may say: more where the order is open.

    Spans may overlap, the first then holds.
    """
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if parts := tuple(filter(_possible, _readings(match))):
                yield match, parts


def _readings(match: re.Match[str]) -> Iterator[DateParts]:
    named = {key: _number(text) for key, text in match.groupdict().items() if text}
    year = 2000 + named["short"] if "short" in named else named.get("year")
    if "a" in named:
        yield DateParts(year, named["a"], named["b"])
        yield DateParts(year, named["b"], named["a"])
    elif "count" not in named:
        parts = {key: named[key] for key in ("month", "day", "quarter", "half") if key in named}
        yield DateParts(year, **parts)
    elif match["span"].casefold() != "weeks":
        quarters = match["span"].casefold() == "quarters"
        yield DateParts(year, months=named["count"] * (3 if quarters else 1))


def _number(text: str) -> int:
    """The number that stands in a date, as digits or as a word; 0 for what is none."""
    if text.isdigit():
        return int(text)
    return _NUMBERS.get(text) or _NUMBERS.get(text.casefold(), 0)


def _possible(parts: DateParts) -> bool:
    numbers = ((parts.month, 12), (parts.day, 31), (parts.half, 2))
    return all(number is None or 1 <= number <= most for number, most in numbers)


# --- numbers ------------------------------------------------------------------------------------

_UP, _DOWN = (
    re.compile("".join(words.CHANGES[way].split()), re.IGNORECASE) for way in ("up", "down")
)
_BEHIND_ONLY = frozenset(words.phrases(words.CHANGES["behind_only"]))
_HAN_AFTER = "(?:了|幅为|幅达|约|近|超过|超|逾|达)*$"
_HAN_UP = re.compile(f"(?:增长|上升|增加|提高|上涨|增|涨|升){_HAN_AFTER}")
_HAN_DOWN = re.compile(f"(?:下降|减少|下滑|下跌|降低|降|跌|减){_HAN_AFTER}")
_ON_YEAR = re.compile(
    r"\b(?:year|month|quarter|week)(?:[- ](?:on|over)[- ])(?:year|month|quarter|week)\b"
    r"|\by[-/]?o[-/]?y\b|\bm[-/]?o[-/]?m\b",
    re.IGNORECASE,
)
_REACH = 80
_END = re.compile(r"[.!?;:。！？；](?=\s|$|[^\x00-\x7f])")
UNSURE = "unsure"
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_NO_CHANGE = re.compile(r"\bm(?:ake|akes|ade|aking) up\b|\bup to\b", re.IGNORECASE)
_LISTED = re.compile(r"(?:\s|,|/|&|、|和|至|-|–|and|or|to)*")
_STOP = re.compile(r"[,.;:()!?，。；：（）、]")


def _signed(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions with the direction of each, 0 where no word says it or it is no change."""
    signed: list[Mention] = []
    for at, mention in enumerate(mentions):
        start, end, sign = mention.start, mention.end, _own_sign(mention)
        if sign == 0:
            left = mentions[at - 1].end if at else 0
            right = mentions[at + 1].start if at + 1 < len(mentions) else len(text)
            sign = _written(text, start) or _direction(
                text[max(left, start - _REACH) : start], text[end : min(right, end + _REACH)]
            )
            listed = at and _own_sign(mentions[at - 1]) == 0 and _LISTED.fullmatch(text[left:start])
            if not sign and listed:
                sign = signed[-1].sign
        signed.append(mention._replace(sign=sign or 0))
    return signed


def _written(text: str, start: int) -> int:
    """A plus or minus before the number."""
    mark, lead = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    if mark == "+":
        return 1
    return -1 if mark == "-" and (not lead or lead in " (,，（、") else 0


def _direction(before: str, after: str) -> int:
    before = _END.split(before)[-1]
    if _HAN_UP.search(before):
        return 1
    if _HAN_DOWN.search(before):
        return -1
    seen = [match[0].casefold() for match in _LATIN_WORD.finditer(_neutral(before))]
    near = [word for word in seen if word not in words.FILLERS]
    if near and not _STOP.match(before.rstrip()[-1:]) and (sign := _sign(near[-1])):
        return sign
    stop = _STOP.search(after)
    behind = _neutral(after[: stop.start()] if stop else after)
    for match in list(_LATIN_WORD.finditer(behind))[:3]:
        word = match[0].casefold()
        if word in words.BREAKS:
            break
        if sign := _sign(word, behind=True):
            return sign
    return next(filter(None, map(_sign, reversed(seen[-9:]))), 0)


def _neutral(text: str) -> str:
    """Without the words that only look like a change."""
    return _NO_CHANGE.sub(" ", _ON_YEAR.sub(" ", text))


def _sign(word: str, *, behind: bool = False) -> int:
    if word in _BEHIND_ONLY and not behind:
        return 0
    if _UP.fullmatch(word):
        return 1
    return -1 if _DOWN.fullmatch(word) else 0


_WINDOW = 48  # characters looked at on either side of a number


class Form(StrEnum):
    """What kind of number it is."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    FRACTION = "fraction"
    FACTOR = "factor"  # doubled, 2.7 times
    DATE = "date"
    LABEL = "label"  # part of a name, a clock time: no quantity
    VAGUE = "vague"  # hundreds of


class Mention(NamedTuple):
    """A number in a text: where it stands, and what it says.

    ``unit`` is ``percent``, ``points`` (of percent), a currency or empty; ``sign`` the direction of
    a change, 0 where no word says it; ``noun`` the word that follows; ``digits`` the number as it
    is written without its multiplier, which is ``scale``. ``others`` are further values that it may
    mean; one ``in_doubt`` has a multiplier that its language or a currency has to confirm; one that
    ``is_end`` is an end of a range. ``beside`` is where its qualifier stands.
    """

    start: int
    end: int
    text: str
    form: Form
    value: Fraction | None = None
    unit: str = ""
    noun: str = ""
    digits: str = ""
    scale: int = 1
    others: tuple[Fraction, ...] = ()
    in_doubt: bool = False
    is_end: bool = False
    beside: tuple[int, int] = (0, 0)
    dates: tuple[DateParts, ...] = ()
    qualifier: str = ""
    sign: int = 0

    @property
    def values(self) -> tuple[Fraction, ...]:
        """All that it may mean, the usual first."""
        return () if self.value is None else (self.value, *self.others)

    @property
    def side(self) -> str:
        """Which bound its qualifier gives."""
        return words.AFTER.get(self.qualifier) or words.side(self.qualifier)

    @property
    def short(self) -> str:
        """The number with its qualifier and direction, cut where it is long."""
        direction = {1: " (up)", -1: " (down)"}.get(self.sign, "")
        text = self.text if len(self.text) <= 40 else self.text[:37] + "..."
        if self.qualifier in words.AFTER:
            behind = "" if self.qualifier in text else f" {self.qualifier}"
            return f"{text}{behind}{direction}"
        space = " " if self.qualifier and self.qualifier.isascii() else ""
        return f"{self.qualifier}{space}{text}{direction}"


PLAIN = str.maketrans(
    {
        **{chr(0xFF01 + at): chr(0x21 + at) for at in range(94)},  # full width
        **dict.fromkeys("\u00a0\u2002\u2003\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t", " "),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("\u2010\u2011\N{MINUS SIGN}", "-"),
        "İ": "I",  # Turkish; an i that is looked for finds both
        "ı": "i",
    }
)

_WORD = rf"(?:{words.alternatives((*words.ONES, *words.TENS, *words.SCALES))})"
_SCALE = words.alternatives(words.SCALES)
_ARTICLE = rf"an?[ -](?=(?:{_SCALE})\b)"
_LABEL = re.compile(
    r"(?<![A-Za-z\d])(?!(?:" + "|".join(words.CODES) + r")\d)(?!x\d+(?:\.\d+)?(?![\dA-Za-z]))"
    r"[A-Za-z]+\d[A-Za-z\d]*(?:\.\d+)*"
    r"|(?<![\d.,$€£¥])\d+(?![KMBT]|E[+-]?\d)[A-Z](?![A-Za-z])"
    r"|(?<!\d)\d{1,2}:\d{2}(?!\d)"
)
_PHASE = re.compile(r"(?<![A-Za-z])(?:Phase|phase|Stage|stage|Tier|Part|Chapter) ([IVX]{1,5})\b")
_WORDS = re.compile(
    rf"(?<![A-Za-z])(?:{_ARTICLE})?{_WORD}"
    rf"(?:(?:[ -]| and ){_WORD}){{0,12}}(?![A-Za-z])",
    re.IGNORECASE,
)
_VAGUE = re.compile(rf"(?<![A-Za-z])(?:{_SCALE})s(?![A-Za-z])", re.IGNORECASE)
_ORDINAL = re.compile(
    rf"(?<![A-Za-z])(?:(?:{words.alternatives(words.TENS)})-)?"
    rf"(?:{words.alternatives((*words.ORDINALS, *words.ADVERBS))})(?![A-Za-z])",
    re.IGNORECASE,
)
_PARTS = "|".join(words.PARTS)
_FRACTION = re.compile(
    rf"(?<![A-Za-z])(?:(?P<few>one|two|three|four)[ -](?P<part>{_PARTS})s?"
    rf"|an? (?P<single>{_PARTS})(?= of\b| ?[.,;)]|$)|an? (?P<quarter>quarter)"
    r"|(?:(?:an?|one) )?hal(?:f|ves)(?: an? (?P<scale>million|billion|trillion))?)(?![A-Za-z])",
    re.IGNORECASE,
)
_FACTOR = re.compile(
    r"(?<![A-Za-z])(?:(?P<stem>doubl|tripl|quadrupl|quintupl)(?:e|ed|es|ing)"
    r"|(?P<half>halv)(?:e|ed|es|ing)|(?P<word>twice|thrice)"
    rf"|(?P<fold>{words.alternatives(words.ONES)})-?fold)(?![A-Za-z])"
    r"|(?P<times>(?<![A-Za-z\d])x\d{1,6}(?:\.\d{1,6})?)(?![\dA-Za-z])"
    r"|(?P<han>翻一番|翻番|翻倍)",
    re.IGNORECASE,
)
_HAN = "".join([*words.HAN_DIGITS, *words.HAN_UNITS])
_HAN_MEASURE = "个家座款国年月日号辆台倍成季度部次条项种亿万%"
_HANS = rf"[{_HAN}]{{1,9}}"
_HAN_NUMBER = re.compile(
    rf"(?P<nth>第){_HANS}|百分之(?:{_HANS}|\d{{1,9}}(?:\.\d{{1,9}})?)|{_HANS}分之{_HANS}|一半|近?半数"
    rf"|[{_HAN}]{{2,9}}(?=[{_HAN_MEASURE}])|[二两三四五六七八九十](?=[{_HAN_MEASURE}])"
)
_CURRENCY = re.compile(
    rf"(?:{words.alternatives(words.SYMBOLS)}|(?<![A-Za-z])(?:{'|'.join(sorted(words.CODES))})) ?$"
)
# signs that need no space behind them: those of Chinese, Korean, Thai
_SIGNS = [word for word in (*words.MULTIPLIERS, *words.UNSURE) if word[0] > "\u0e00"]
_NO_MORE = r"(?![A-Za-zÀ-ɏЀ-ӿ])"
_MULTIPLIER = re.compile(
    r"[ -]{0,2}"
    rf"(?:({words.alternatives({*words.MULTIPLIERS, *words.UNSURE} - {*_SIGNS})})(th)?s?{_NO_MORE}"
    rf"(?:\.(?= ?(?:(?:{'|'.join(sorted(words.CODES))})\b|[$€£¥])))?"  # 1,5 Mrd. EUR
    rf"|({words.alternatives(_SIGNS)}))",
    re.IGNORECASE,
)
_REST = re.compile(  # what follows a sign, in Korean behind a space
    rf"(?:(?<=[억만천]) )?([0-9]{{1,9}}) ?({words.alternatives(_SIGNS)})"
    r"|(?:(?<=만) |(?<=[만万萬]))([0-9]{1,4})(?![0-9])"
)
_MORE = re.compile(r"[多余](?=[千百万亿])")
JOINT = re.compile(r" ?(?:(?P<to>to)|–|—|-|~|至|到|(?P<and>and)) ?")
_PERCENT = re.compile(
    r"[ -]?(?:(?P<points>percentage[ -]points?|basis points?|pp\b|个百分点)"
    r"|%|(?:percent|per cent|pct)(?![A-Za-z]))",
    re.IGNORECASE,
)
_POINTS = re.compile(r"[ -]?points?(?![A-Za-z])")
_NTH = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])")
_TIMES = re.compile(r"(?:x|[ -]?times|-?fold)(?![A-Za-z])|倍", re.IGNORECASE)
_NOUN = re.compile(r"[ -]?([A-Za-z]+)")
_SPACED = [word for word in words.QUALIFIERS if word.isascii() and word[0].isalpha()]
_QUALIFIER = re.compile(
    rf"(?:(?<![A-Za-z])(?:{words.alternatives(_SPACED)})[ -]"
    rf"|(?:{words.alternatives(set(words.QUALIFIERS) - set(_SPACED))}) ?)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?:[ -]?[A-Za-z]+(?= or )| ?[辆輛台])? ?-?({words.alternatives(words.AFTER)})", re.IGNORECASE
)


class Style(NamedTuple):
    """How a text writes numbers: its language (``de``) and the mark that begins decimals.

    They decide of words and marks that mean one thing here and another there.
    """

    language: str = ""
    mark: str = ""


UNKNOWN = Style()


def style(language: str, mark: str) -> Style:
    """A style by what is known of it. UsageError for other languages and marks."""
    if language:
        check_one_of("language", language, words.MARK_OF)
    if mark:
        check_one_of("mark of decimals", mark, (".", ","))
    return Style(language, mark or words.MARK_OF.get(language, ""))


def find_mentions(
    text: str,
    money: Mapping[str, str] | None = None,
    style: Style = UNKNOWN,
    *,
    dates: bool = True,
) -> list[Mention]:
    """Every number in *text*, in order.

    *money* maps further words for currencies to unit ids. Without *dates* their numbers are numbers
    as any.
    """
    plain = text.translate(PLAIN)
    finder = _NumberFinder(plain, text, {**words.MONEY, **(money or {})}, style)
    found = sorted(finder.find(dates=dates), key=lambda mention: mention.start)
    return _signed(plain, _ranges(plain, found))


def _ranges(text: str, mentions: list[Mention]) -> list[Mention]:
    """With the unit and multiplier that one end of a range says for both: ``$2 to 3 billion``."""
    for at, (first, second) in enumerate(pairwise(mentions)):
        joint = JOINT.fullmatch(text[first.end : second.start])
        if joint is None or {first.form, second.form} != {Form.NUMBER}:
            continue
        before = text[: first.start].rstrip("$€£¥ ").casefold()
        if joint["and"] and not before.endswith("between"):
            continue
        is_range = joint["and"] or joint["to"] is None or not before.endswith("from")
        alike = first.unit == second.unit or first.unit not in ("percent", "points")
        if is_range and alike:
            first, second = (each._replace(is_end=True) for each in (first, second))
        unit = first.unit or second.unit
        small = first.value if first.value and second.value else None
        if small is not None and first.unit not in ("percent", "points"):
            if first.scale == 1 < second.scale and small < 1000 and second.unit in ("", unit):
                values = [each * second.scale for each in first.values]
                first = first._replace(value=values[0], others=(*values[1:],), scale=second.scale)
                first, second = (each._replace(unit=unit) for each in (first, second))
            elif first.scale == second.scale == 1 and small <= 100:
                first = first._replace(unit=unit)
        mentions[at : at + 2] = first, second
    return mentions


def _own_sign(mention: Mention) -> int | None:
    """The sign a number has by itself; 0 to look for one; None where it cannot be a change."""
    if mention.form is Form.FACTOR and mention.value is not None:
        return -1 if mention.value < 1 else 1
    if mention.form is Form.FRACTION or mention.unit in ("percent", "points"):
        return 0
    return None


class _NumberFinder:
    """Finds the numbers of one text: each way of writing one takes what none before it took."""

    def __init__(self, plain: str, text: str, money: Mapping[str, str], style: Style) -> None:
        self._style = style
        self._plain = plain
        self._text = text
        self._taken = bytearray(len(plain))
        self._money = {word.casefold(): unit for word, unit in money.items()}
        self._money_word = re.compile(
            rf"[ -]?({words.alternatives({*self._money, *words.CODES})})s?(?![A-Za-z])"
            rf"| ?({words.alternatives(words.SYMBOLS)})(?![0-9A-Za-z])",
            re.IGNORECASE,
        )

    def find(self, *, dates: bool) -> Iterator[Mention]:
        for match, parts in find_dates(self._plain) if dates else ():
            if self._free(*match.span()):
                noun = self._noun(match.end())
                # nothing but four digits may as well be a count
                digits = match[0] if match[0].isdigit() else ""
                year = Fraction(digits) if digits else None
                said: dict[str, Any] = {"noun": noun, "dates": parts, "digits": digits}
                yield self._mention(*match.span(), Form.DATE, year, **said)
        ways: dict[re.Pattern[str], Callable[[re.Match[str]], Mention | None]] = {
            _LABEL: lambda match: self._mention(*match.span(), Form.LABEL),
            _PHASE: lambda match: self._mention(*match.span(1), Form.LABEL),
            _FRACTION: self._fraction,
            _FACTOR: self._factor,
            NUMERAL: lambda match: self._number(match, match[0]),
            _ORDINAL: self._ordinal,
            _VAGUE: lambda match: self._mention(*match.span(), Form.VAGUE),
            _HAN_NUMBER: self._han,
            _WORDS: lambda match: self._number(match, words.english_number(match[0])),
        }
        for pattern, way in ways.items():
            for match in pattern.finditer(self._plain):
                if self._free(*match.span()) and (mention := way(match)) is not None:
                    yield mention

    def _free(self, start: int, end: int) -> bool:
        return not any(self._taken[start:end])

    def _mention(
        self, start: int, end: int, form: Form, value: Fraction | None = None, **said: Any
    ) -> Mention:
        """A mention, with what is *said* of it in further fields."""
        self._taken[start:end] = b"\1" * (end - start)
        if form not in (Form.DATE, Form.LABEL, Form.ORDINAL):
            qualifier, beside = self._qualifier(start, end)
            said = {"qualifier": qualifier, "beside": beside, **said}
        return Mention(start, end, self._text[start:end], form, value, **said)

    def _qualifier(self, start: int, end: int) -> tuple[str, tuple[int, int]]:
        """The word that bounds the number, before or behind it, and where it stands."""
        lead = max(0, start - _WINDOW)
        before = self._plain[lead:start]
        if not before.endswith("-"):
            before = before.rstrip("+- ") + " "
        if match := _QUALIFIER.search(before):
            return match[0].strip(" -").casefold(), (lead + match.start(), start)
        if match := _AFTER.match(self._plain, end):
            return match[1].casefold(), match.span(1)
        return "", (start, start)

    def _noun(self, end: int) -> str:
        match = _NOUN.match(self._plain, end)
        return match[1].casefold() if match else ""

    def _number(self, match: re.Match[str], written: str | int | None) -> Mention | None:
        """A number with what belongs to it on both sides: currency, multiplier, percent."""
        if written is None:
            return None
        plain, unit, form = self._plain, "", Form.NUMBER
        said: dict[str, Any] = {}
        start, end = match.span()
        lead = max(0, start - 5)
        if found := _CURRENCY.search(plain[lead:start]):
            sign = found[0].strip()
            start = lead + found.start()
            unit = words.SYMBOLS.get(sign) or self._money.get(sign.casefold()) or sign
        if found := _MORE.match(plain, end):  # 20多万
            said, end = {"qualifier": found[0]}, found.end()
        scales: tuple[int, ...] = (1,)
        mark, usual = self._style.mark, ""
        if found := _MULTIPLIER.match(plain, end):
            scales, usual = self._scales(found[1] or found[3], unit, found.end())
            mark, end = mark or usual, found.end()
            if found[2]:
                form = Form.ORDINAL
        elif not mark and _PERCENT.match(plain, end):  # nothing changes by 1,234 %
            mark = "?" if "," in match[0] else "."
        digits = readings(written, mark) if isinstance(written, str) else (str(written),)
        if not digits:
            return self._mention(*match.span(), Form.LABEL)
        number, power = scientific(match[0], digits[0])
        if (number, power) != (digits[0], 1):
            if scales != (1,):  # 1.2e6 million
                return self._mention(match.start(), end, Form.LABEL)
            scales, digits = (power,), (number,)
        if len(scales) == len(digits) == 1 < scales[0]:
            end, scale, number = self._rest(end, scales[0], digits[0])
            scales, digits = (scale,), (number,)
        if form is Form.NUMBER and not unit:
            if found := _PERCENT.match(plain, end):
                unit = "points" if found["points"] else "percent"
                end = found.end()
                if unit == "percent" and (points := _POINTS.match(plain, end)):
                    unit, end = "points", points.end()
            elif found := _NTH.match(plain, end):
                form, end = Form.ORDINAL, found.end()
            elif found := _TIMES.match(plain, end):
                form, end = Form.FACTOR, found.end()
            elif found := self._money_word.match(plain, end):
                word, end = found[1] or "", found.end()
                known = self._money.get(word.casefold(), word.upper())
                unit = words.SYMBOLS[found[2]] if found[2] else known
        values = [Fraction(each) * times for times in scales for each in digits]
        said |= {"digits": digits[0], "scale": scales[0], "others": tuple(values[1:])}
        said["in_doubt"] = usual == UNSURE or len(values) > 1
        return self._mention(start, end, form, values[0], unit=unit, noun=self._noun(end), **said)

    def _scales(self, word: str, unit: str, end: int) -> tuple[tuple[int, ...], str]:
        """What a multiplier may stand for, the usual first, and the mark of its language.

        One letter is one only with a currency, or where the language says so.
        """
        folded = word.casefold()
        known = words.UNSURE.get(folded) or (
            None if word == folded else words.UNSURE.get(word.capitalize())
        )
        if known is None:
            return (words.MULTIPLIERS[folded],), words.MARKS[folded]
        if self._style.language in known:
            return (known[self._style.language],), ""
        is_money = unit or self._money_word.match(self._plain, end)
        if folded in words.SHORT_FOR_MONEY and is_money:
            return (words.SHORT_FOR_MONEY[folded],), "."
        return tuple(dict.fromkeys(known.values())), UNSURE

    def _rest(self, end: int, scale: int, digits: str) -> tuple[int, int, str]:
        """The end, scale and digits of a number of several parts: 1亿2000万, 12만 3456."""
        total = Fraction(digits) * scale
        while found := _REST.match(self._plain, end):
            times = words.MULTIPLIERS.get(found[2], 1)
            part = int(found[1] or found[3]) * times
            if not self._free(*found.span()) or part >= scale or total.denominator > 1:
                break
            total, scale, end = total + part, times, found.end()
            digits = f"{Decimal(int(total)) / scale:f}"
        return end, scale, digits

    def _fraction(self, match: re.Match[str]) -> Mention:
        part = match["part"] or match["single"] or match["quarter"]
        few = words.ONES[match["few"].casefold()] if match["few"] else 1
        value = Fraction(few, words.PARTS[part.casefold()] if part else 2)
        if match["scale"]:
            value *= words.SCALES[match["scale"].casefold()]
        form = Form.NUMBER if match["scale"] else Form.FRACTION
        return self._mention(*match.span(), form, value, noun=self._noun(match.end()))

    def _factor(self, match: re.Match[str]) -> Mention:
        if match["fold"]:
            value = Fraction(words.ONES[match["fold"].casefold()])
        elif match["times"]:
            value = Fraction(match["times"][1:])
        else:
            stem = match["stem"] or match["half"] or match["word"] or match["han"]
            value = words.FACTORS[stem.casefold()]
        return self._mention(*match.span(), Form.FACTOR, value)

    def _ordinal(self, match: re.Match[str]) -> Mention:
        tens, _, last = match[0].casefold().rpartition("-")
        value = words.ORDINALS.get(last) or words.ADVERBS.get(last, 0)
        number = Fraction(value + (words.TENS[tens] if tens else 0))
        return self._mention(*match.span(), Form.ORDINAL, number, noun=self._noun(match.end()))

    def _han(self, match: re.Match[str]) -> Mention | None:
        """A Chinese number; None where its numerals do not make one."""
        (start, end), text = match.span(), match[0]
        if text in ("一半", "半数", "近半数"):
            start += text == "近半数"
            return self._mention(start, end, Form.FRACTION, Fraction(1, 2))
        if "分之" in text:  # 百分之五 is 5 percent, 三分之一 a third
            below, above = text.split("分之")
            number = Fraction(above) if above[0].isdigit() else words.han_number(above)
            if below == "百" and number is not None:
                return self._mention(start, end, Form.NUMBER, Fraction(number), unit="percent")
            divisor = words.han_number(below)
            if number is None or not divisor:
                return None
            return self._mention(start, end, Form.FRACTION, Fraction(number) / divisor)
        number = words.han_number(text.removeprefix("第"))
        if match["nth"] and number is not None:
            return self._mention(start, end, Form.ORDINAL, Fraction(number))
        return self._number(match, number)
