"""Periods, stated amounts and stated growth as a sentence says them."""

import re
from datetime import date

from evcli.model.period import MONTHS, Period, PeriodError, Window, parse_period
from evcli.model.quantity import Quantity
from evcli.model.records import Fact
from evcli.model.vocabulary import UnitKind, Vocabulary
from evcli.text.lexicon import STATED_MULTIPLIERS, alternatives, in_english
from evcli.text.numbers import human

_ORDINALS = ("first", "second", "third", "fourth")
_MULTIPLIERS = re.compile(rf"\b(?:{alternatives(STATED_MULTIPLIERS)}|to)\b", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?P<qualifier>[a-z ]*?) ?(?P<way>up |down |\+|-|−)(?P<inner>[a-z ]*?) ?(?P<size>[0-9.,]+) ?%"
)
_FACTOR = re.compile(r"(?P<qualifier>[a-z ]*?) ?x(?P<size>[0-9.]+)")
_BILLION = 10**9
_NO_NAME = ("", "1", "unstated")  # units that nobody says
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*")
_PERIOD = re.compile(r"(?<![@\w.#/-])[12][0-9]{3}[0-9QH/-]*[0-9](?![\w-])")
_SIGNS = {"-": "minus", "+": "plus", "/": "divided by", "*": "times", "x": "times"}


def in_period(period: Period, *, stock: bool = False) -> str:
    """When something was counted; a *stock* is counted at a time and not in it.

    >>> in_period(parse_period("2025-01/2025-05")), in_period(parse_period("2025-Q3"))
    ('from January to May 2025', 'in the third quarter of 2025')
    >>> in_period(parse_period("2025-06"), stock=True)
    'as of June 2025'
    """
    if period.is_undated:
        return "at a date that is not given"
    name = named(period)
    if period.window in (Window.YEAR_TO_DATE, Window.MONTHS, Window.DAYS, Window.YEARS):
        return f"from {name}"
    if stock:
        return f"as of {name}"
    return f"on {name}" if period.window is Window.DAY else f"in {name}"


def named(period: Period) -> str:
    """The period by name.

    >>> [named(parse_period(each)) for each in ("2025-H1", "2024-11/2025-02", "2014/2025")]
    ['the first half of 2025', 'November 2024 to February 2025', '2014 to 2025']
    """
    first, last = period.start, period.last_day
    if first is None or last is None:
        return "an unknown date"
    match period.window:
        case Window.YEAR | Window.YEARS:
            return str(period).replace("/", " to ")
        case Window.HALF | Window.QUARTER as window:
            nth = _ORDINALS[first.month // window.months]
            return f"the {nth} {window.removesuffix('-year')} of {first.year}"
        case Window.DAY | Window.DAYS:
            days = dict.fromkeys(f"{day.day} {_month(day)}" for day in (first, last))
            return " to ".join(days)
    return period.in_months(MONTHS, " to ")


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def last_month(period: Period) -> str:
    """The last month of a period: what a release of that month is called after."""
    return _month(period.last_day) if period.last_day else "undated"


def with_unit(number: str, unit: str, words: Vocabulary) -> str:
    """The number with the name of its unit behind it."""
    if unit == "percent":
        return f"{number}%"
    known = words.units.get(unit)
    return number if unit in _NO_NAME else f"{number} {known.name if known else unit}"


def as_stated(fact: Fact, unit: str, words: Vocabulary) -> str:
    """The value as the source words it, with its unit; Chinese numerals in digits, too."""
    quantity = fact.quantity
    assert quantity is not None
    if any(char.isalpha() and not char.isascii() for char in fact.stated):
        numbers = quantity.bounds if quantity.value is None else (quantity.value,)
        text = " to ".join(  # all digits, from a thousand million on in billions
            human(each) if abs(each) < _BILLION else f"{human(each / _BILLION)} billion"
            for each in numbers
            if each is not None
        )
        text = f"{in_english(quantity.qualifier)} {with_unit(text, unit, words)}".strip()
        return f'{text} (stated as "{fact.stated}")'
    bare = _MULTIPLIERS.sub("", fact.stated.removeprefix(quantity.qualifier))
    known = words.units.get(unit)
    money = known is not None and known.kind is UnitKind.MONEY
    # words name the unit, or they are such that they need none, as "half" of a share
    if "%" in bare or any(map(str.isalpha, bare)) or (money and re.search(r"[$€£]", bare)):
        return fact.stated
    return with_unit(fact.stated, unit, words)


def growth_as_stated(text: str, growth: Quantity, before: str = "year") -> str:
    """Growth on the year (or month) before as the source words it.

    >>> from evcli.text.stated import parse_change
    >>> for each in ("+120%", "nearly -50%", "up over 600%", "more than x3", "nearly doubled"):
    ...     print(growth_as_stated(each, parse_change(each)))
    up 120% on the year before
    down nearly 50% on the year before
    up over 600% on the year before
    more than 3 times the year before
    nearly doubled from the year before
    """
    if match := _PERCENT.fullmatch(text):
        way = "up" if match["way"] in ("up ", "+") else "down"
        size = f"{match['qualifier'] or match['inner']} {match['size']}%".strip()
        return f"{way} {size} on the {before} before"
    if match := _FACTOR.fullmatch(text):
        return f"{match['qualifier']} {match['size']} times the {before} before".strip()
    if text.isascii() or growth.value is None:
        return f"{text} from the {before} before"
    way = "down" if growth.value < 0 else "up"
    size = f"{in_english(growth.qualifier)} {human(abs(growth.value))}%".strip()
    return f'{way} {size} on the {before} before (stated as "{text}")'


def in_words(formula: str, words: Vocabulary) -> str:
    """A formula of periods and scopes as people say it.

    >>> in_words("2025-H1 - 2025-01/2025-05", Vocabulary())
    'the first half of 2025 minus January to May 2025'
    """

    def said(match: re.Match[str]) -> str:
        if scope := words.scopes.get(match[0]):
            return scope.name[:1].lower() + scope.name[1:]
        return _dated(match)

    text = _TOKEN.sub(said, formula)
    for sign, word in _SIGNS.items():
        text = text.replace(f" {sign} ", f" {word} ")
    return re.sub(r"(?<=\d) %", "%", text)


def dates_in_words(text: str) -> str:
    """A note with its periods by name; ids stay what they are.

    >>> dates_in_words("a@2025-05: not separable from 2025-01/2025-04")
    'a@2025-05: not separable from January to April 2025'
    """
    return _PERIOD.sub(_dated, text)


def _dated(match: re.Match[str]) -> str:
    try:
        return named(parse_period(match[0])) if match[0][:4].isdigit() else match[0]
    except PeriodError:
        return match[0]
