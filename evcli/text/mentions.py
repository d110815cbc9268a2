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

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any

from evcli.errors import check_one_of
from evcli.model.vocabulary import Unit, UnitKind, unit_words
from evcli.text import lexicon as words
from evcli.text.lexicon import alternatives
from evcli.text.numerals import NUMERAL, readings, scientific
from evcli.tuples import NamedTuple


class _Pattern(Template):
    """A pattern of ``patterns.toml``, in which ``@name`` stands for one of its pieces."""

    delimiter = "@"

    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.substitute(_PIECES).strip(), re.VERBOSE)


# signs that need no space behind them: those of Chinese, Korean, Thai
_SIGNS = {word for word in (*words.MULTIPLIERS, *words.UNSURE) if word[0] > "\u0e00"}
_SPACED = {word for word in words.QUALIFIERS if word.isascii() and word[0].isalpha()}
# tables of the lexicon by their names in small letters: MONTHS are @months
_TABLES = {k.lower(): those for k, those in vars(words).items() if k[0].isupper()}
_TABLES |= {
    "word": {**words.ONES, **words.TENS, **words.SCALES},
    "multipliers": {*words.MULTIPLIERS, *words.UNSURE} - _SIGNS,
    "signs": _SIGNS,
    "spaced": _SPACED,
    "unspaced": {*words.QUALIFIERS} - _SPACED,
}
_PIECES = {k: alternatives(those) for k, those in _TABLES.items() if isinstance(those, dict | Set)}
_PIECES["han"] = "".join([*words.HAN_DIGITS, *words.HAN_UNITS])
_FILE = tomllib.loads((Path(__file__).parent / "patterns.toml").read_text("utf-8"))
for _name, _piece in _FILE["pieces"].items():
    _PIECES[_name] = _Pattern(_piece).substitute(_PIECES)
DATES = [_Pattern(form).compiled() for form in _FILE["dates"]["forms"]]  # longer ones first
PATTERNS = {
    name: _Pattern(pattern).compiled()
    for part in ("changes", "numbers", "beside")
    for name, pattern in _FILE[part].items()
}

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
    """A number in a text: where it stands, and what it says."""

    start: int
    end: int
    text: str
    form: Form
    value: Fraction | None = None
    unit: str = ""  # percent, points (of percent), a currency
    digits: str = ""  # as written, without its multiplier, which is the scale
    scale: int = 1
    others: tuple[Fraction, ...] = ()  # further values that it may mean
    in_doubt: bool = False  # its multiplier has to be confirmed by a language or currency
    is_end: bool = False  # of a range
    beside: tuple[int, int] = (0, 0)  # where its qualifier stands
    qualifier: str = ""
    sign: int = 0  # the direction of a change, 0 where no word says it

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


_REACH = 80
UNSURE = "unsure"


def _signed(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions with the direction of each, 0 where no word says it or it is no change."""
    signed: list[Mention] = []
    left, before = 0, 0  # the end of the one before, and its direction if that may be listed
    for at, mention in enumerate(mentions):
        start, end, sign = mention.start, mention.end, 0
        may_change = mention.form is Form.FRACTION or mention.unit in ("percent", "points")
        if mention.form is Form.FACTOR and mention.value is not None:
            sign = -1 if mention.value < 1 else 1
        elif may_change and (
            written := PATTERNS["written"].search(text[max(0, start - 2) : start])
        ):
            sign = 1 if written[1] else -1
        elif may_change:
            right = mentions[at + 1].start if at + 1 < len(mentions) else len(text)
            behind = text[end : min(right, end + _REACH)]
            sign = _direction(text[max(left, start - _REACH) : start], behind)
            if not sign and PATTERNS["listed"].fullmatch(text[left:start]):
                sign = before
        signed.append(mention._replace(sign=sign))
        left, before = end, sign if may_change else 0
    return signed


def _direction(before: str, after: str) -> int:
    """Which way the words on both sides of a number say that it goes; 0 where they do not."""
    before = PATTERNS["end"].split(before)[-1]
    for pattern, sign in (("han_up", 1), ("han_down", -1)):
        if PATTERNS[pattern].search(before):
            return sign
    seen = _words_of(before)
    near = [word for word in seen if word not in words.FILLERS]
    if near and not PATTERNS["stop"].match(before.rstrip()[-1:]) and (sign := _sign(near[-1])):
        return sign
    for word in _words_of(PATTERNS["stop"].split(after)[0])[:3]:
        if word in words.BREAKS:
            break
        if sign := _sign(word, behind=True):
            return sign
    return next(filter(None, map(_sign, reversed(seen[-9:]))), 0)


def _words_of(text: str) -> list[str]:
    """The words, without those that only look like a change."""
    return re.findall("[a-z]+", PATTERNS["no_change"].sub(" ", text).casefold())


def _sign(word: str, *, behind: bool = False) -> int:
    if word in words.BEHIND_ONLY and not behind:
        return 0
    return 1 if PATTERNS["up"].fullmatch(word) else -bool(PATTERNS["down"].fullmatch(word))


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


class Style(NamedTuple):
    """How a text writes numbers: its language (``de``) and the mark that begins decimals."""

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


def money_words(units: Iterable[Unit]) -> dict[str, str]:
    """The currencies among *units* by what texts write for them."""
    known = unit_words(each for each in units if each.kind is UnitKind.MONEY)
    return {word: id for word, id in known.items() if word[:1].isalpha()}


def find_mentions(
    text: str, money: Mapping[str, str] | None = None, style: Style = UNKNOWN, *, dates: bool = True
) -> list[Mention]:
    """Every number in *text*, in order; *money* maps further words for currencies to unit ids.

    Without *dates* their numbers are numbers as any.
    """
    plain = text.translate(PLAIN)
    finder = _NumberFinder(plain, text, {**words.MONEY, **(money or {})}, style)
    found = sorted(finder.find(dates=dates), key=lambda mention: mention.start)
    return _signed(plain, _ranges(plain, found))


def _ranges(text: str, mentions: list[Mention]) -> list[Mention]:
    """With the unit and multiplier that one end of a range says for both: ``$2 to 3 billion``."""
    for at, (first, second) in enumerate(pairwise(mentions)):
        joint = PATTERNS["joint"].fullmatch(text[first.end : second.start])
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
        ways: dict[re.Pattern[str], Callable[[re.Match[str]], Mention | None]] = {
            **dict.fromkeys(DATES if dates else (), self._date),
            PATTERNS["label"]: lambda match: self._mention(*match.span(), Form.LABEL),
            PATTERNS["phase"]: lambda match: self._mention(*match.span(1), Form.LABEL),
            PATTERNS["fraction"]: self._fraction,
            PATTERNS["factor"]: self._factor,
            NUMERAL: lambda match: self._number(match, match[0]),
            PATTERNS["ordinal"]: self._ordinal,
            PATTERNS["vague"]: lambda match: self._mention(*match.span(), Form.VAGUE),
            PATTERNS["han"]: self._han,
            PATTERNS["words"]: lambda match: self._number(match, words.english_number(match[0])),
        }
        for pattern, way in ways.items():
            for match in pattern.finditer(self._plain):
                if not any(self._taken[slice(*match.span())]) and (mention := way(match)):
                    yield mention

    def _date(self, match: re.Match[str]) -> Mention:
        # nothing but four digits may as well be a count
        digits = match[0] if match[0].isdigit() else ""
        year = Fraction(digits) if digits else None
        return self._mention(*match.span(), Form.DATE, year, digits=digits)

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
        if match := PATTERNS["qualifier"].search(before):
            return match[0].strip(" -").casefold(), (lead + match.start(), start)
        if match := PATTERNS["after"].match(self._plain, end):
            return match[1].casefold(), match.span(1)
        return "", (start, start)

    def _number(self, match: re.Match[str], written: str | int | None) -> Mention | None:
        """A number with what belongs to it on both sides: currency, multiplier, percent."""
        if written is None:
            return None
        plain, unit, form = self._plain, "", Form.NUMBER
        said: dict[str, Any] = {}
        start, end = match.span()
        lead = max(0, start - 5)
        if found := PATTERNS["currency"].search(plain[lead:start]):
            sign = found[0].strip()
            start = lead + found.start()
            unit = words.SYMBOLS.get(sign) or self._money.get(sign.casefold()) or sign
        if found := PATTERNS["more"].match(plain, end):  # 20多万
            said, end = {"qualifier": found[0]}, found.end()
        scales: tuple[int, ...] = (1,)
        mark, usual = self._style.mark, ""
        if found := PATTERNS["multiplier"].match(plain, end):
            scales, usual = self._scales(found[1] or found[3], unit, found.end())
            mark, end = mark or usual, found.end()
            if found[2]:
                form = Form.ORDINAL
        elif not mark and PATTERNS["percent"].match(plain, end):  # nothing changes by 1,234 %
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
            if found := PATTERNS["percent"].match(plain, end):
                unit, end = "points" if found.lastgroup else "percent", found.end()
            elif found := PATTERNS["nth"].match(plain, end):
                form, end = Form.ORDINAL, found.end()
            elif found := PATTERNS["times"].match(plain, end):
                form, end = Form.FACTOR, found.end()
            elif found := self._money_word.match(plain, end):
                word, end = found[1] or "", found.end()
                known = self._money.get(word.casefold(), word.upper())
                unit = words.SYMBOLS[found[2]] if found[2] else known
        values = [Fraction(each) * times for times in scales for each in digits]
        said |= {"digits": digits[0], "scale": scales[0], "others": tuple(values[1:])}
        said["in_doubt"] = usual == UNSURE or len(values) > 1
        return self._mention(start, end, form, values[0], unit=unit, **said)

    def _scales(self, word: str, unit: str, end: int) -> tuple[tuple[int, ...], str]:
        """What a multiplier may stand for, the usual first, and the mark of its language.

        One letter is one only with a currency, or where the language says so.
        """
        folded = word.casefold()
        as_it_is = word == folded or folded in words.UNSURE
        known = words.UNSURE.get(folded if as_it_is else word.capitalize())
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
        while found := PATTERNS["rest"].match(self._plain, end):
            times = words.MULTIPLIERS.get(found[2], 1)
            part = int(found[1] or found[3]) * times
            if any(self._taken[slice(*found.span())]) or part >= scale or total.denominator > 1:
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
        return self._mention(*match.span(), form, value)

    def _factor(self, match: re.Match[str]) -> Mention:
        if match["times"]:
            value = Fraction(match["times"][1:])
        else:
            word = next(filter(None, match.groups())).casefold()
            value = Fraction(words.ONES[word]) if match["fold"] else words.FACTORS[word]
        return self._mention(*match.span(), Form.FACTOR, value)

    def _ordinal(self, match: re.Match[str]) -> Mention:
        tens, _, last = match[0].casefold().rpartition("-")
        number = Fraction(words.ORDINALS[last] + (words.TENS[tens] if tens else 0))
        return self._mention(*match.span(), Form.ORDINAL, number)

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
