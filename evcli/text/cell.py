"""A number in a cell of its own: every word and sign of the cell is understood, or none of it.

What is read is written again in the strict grammar of fact files (:mod:`.stated`).

>>> vehicles = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles", "cars"))
>>> for cell in ("> 443 001 cars", "34 lakh", "1,5 Mio", "443,001-450,000", "12萬", "1.2e6 [3]"):
...     print(read_cell(cell, vehicles))
over 443,001
3.4 million
1.5 million
443,001 to 450,000
12万
1.2 million
>>> read_cell("In 2024: 443,001", vehicles)
Traceback (most recent call last):
evcli.text.stated.StatedError: 'In 2024: 443,001' holds several numbers: 2024, 443,001
>>> stated("2.49 million units, up 7.9 percent", "2490000", "", vehicles, {})
('2.49 million', '', True)
>>> stated("249 wan", "2490000", "", vehicles, {})
('249万', '249 wan', True)
>>> stated("a lot", "2490000", "", vehicles, {})
('2,490,000', 'a lot', False)
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

from evcli.model.quantity import Bounds, Quantity
from evcli.model.vocabulary import Unit, UnitKind, unit_words
from evcli.text.lexicon import CLOSE, STATED_QUALIFIERS, in_english
from evcli.text.mentions import PATTERNS, PLAIN, UNKNOWN, Form, Mention, Style, find_mentions
from evcli.text.numbers import digits as shortened
from evcli.text.numerals import LONGEST
from evcli.text.stated import StatedError, parse_change, parse_stated

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?")
_FOOTNOTES = re.compile(
    r"(?:\s?(?:\[[0-9A-Za-z]{1,2}\]|[*†‡§ᵃᵇᶜᵈ]+|(?<=[0-9]{3})[¹²³⁰⁴-⁹]+|(?<=\D)[¹²³⁰⁴-⁹]+))+$"
)
_WORDS = {3: " thousand", 4: "万", 6: " million", 7: "千万", 8: "亿"}
_WORDS |= {9: " billion", 12: " trillion"}
_BETWEEN = re.compile(r"between\s*$", re.IGNORECASE)
_SAY = "say which with --lang or --decimal, or give the plain number in a column 'value'"
_USUAL = {"low": "over", "high": "less than", "about": "about"}


def read_cell(
    text: str, unit: Unit, words: Mapping[str, str] | None = None, style: Style = UNKNOWN
) -> str:
    """The number of a cell of a series counted in *unit*, as a fact file states it.

    *words* maps what texts write for a unit to unit ids. StatedError where anything is left over,
    where there is no number or more than one, and where it may mean several things.
    """
    words = words or {}
    core = _FOOTNOTES.sub("", text.translate(PLAIN).strip())
    if not re.search("[0-9]", core):  # a third, doubled
        parse_stated(core, unit, words=words)
        return core
    found = find_mentions(core, _other_units(words, unit), style, dates=False)
    rest = _rest(core, found, text)
    sign, rest = _sign(rest)
    if sign > 0:
        raise StatedError(f"{text!r} is a change, not a value", "give it in a column 'yoy'")
    if rest and {**words, **unit_words([unit])}.get(rest.casefold()) != unit.id:
        raise StatedError(f"{text!r}: {rest!r} is not understood", "leave it out")
    stated = " to ".join(map(_written, found))
    if len(found) == 2 and not found[0].is_end:  # 443,000 ± 500
        middle, half = (each.value or 0 for each in found)
        ends = (shortened(Fraction(end)) for end in (middle - half, middle + half))
        stated = " to ".join(f"{Decimal(end):,f}" for end in ends)
    stated = f"-{stated}" if sign < 0 else stated
    parse_stated(stated, unit, words=words)
    return stated


def _other_units(words: Mapping[str, str], unit: Unit) -> dict[str, str]:
    """The words that make a number one of something else than *unit* counts, and its currency."""
    own = "" if unit.kind is UnitKind.MONEY else unit.id
    return {word: id_ for word, id_ in words.items() if id_ != own}


def read_change(text: str, style: Style = UNKNOWN) -> str:
    """Growth in a cell as a fact file writes it, a bare number as percent; StatedError if none."""
    if _PLAIN_NUMBER.fullmatch(text):
        text, style = f"{'' if text.startswith('-') else '+'}{plain_number(text)}%", UNKNOWN
    core = _FOOTNOTES.sub("", text.translate(PLAIN).strip())
    found = find_mentions(core, style=style, dates=False)
    if [each.unit for each in found] == ["percent"] and not found[0].others:
        sign, rest = _sign(_rest(core, found, text))
        if sign and not rest:
            core = f"{'-' if sign < 0 else '+'}{_written(found[0])}"
    parse_change(core)
    return core


def stated(
    printed: str,
    value: str,
    qualifier: str,
    unit: Unit,
    words: Mapping[str, str],
    style: Style = UNKNOWN,
) -> tuple[str, str, bool]:
    """A value as a fact file writes it, as the page does where that is another notation, and
    whether it is read from the page's words: else it is the plain number, which they do not hold.

    *printed* is what the page shows, *value* the plain number; either may be empty. Words beside a
    number have to hold it whole, else it stands alone; words alone have to be understood to the
    last (:func:`read_cell`). StatedError if nothing fits.
    """
    if not value:
        cell = f"{qualifier} {printed}".strip()
        text = read_cell(cell, unit, words, style) if printed else ""
        return text, "" if text in cell else printed, True
    plain = plain_number(value)
    number = Fraction(plain)
    for found in find_mentions(printed, _other_units(words, unit), style):
        is_count = found.form in (Form.NUMBER, Form.DATE) and not found.is_end
        if is_count and found.digits and number in found.values:
            text = f"{'' if found.qualifier else qualifier} {_written(found, number)}".strip()
            with suppress(StatedError):
                parse_stated(text, unit, words=words)
                return text, "" if text in printed else printed, True
    text = as_stated(value, unit, qualifier)
    parse_stated(text, unit, words=words)
    return text, printed, not printed


def as_stated(value: str, unit: Unit, qualifier: str = "", power: int = 0) -> str:
    """A plain number of *unit* in powers of ten as a fact file states it, no digit more or less.

    >>> as_stated("-12.40", Unit("USD", "US dollars", UnitKind.MONEY), "about", 6)
    'about -USD 12.40 million'
    """
    is_count = unit.kind is UnitKind.COUNT
    if is_count and not (power or qualifier) and value.isdecimal() and len(value) < LONGEST:
        return f"{int(value):,}"
    plain = plain_number(value)
    whole, _, decimals = plain.removeprefix("-").partition(".")
    if is_count and not power and not decimals.strip("0"):
        decimals = ""
    text = _in_words(f"{int(whole)}.{decimals}" if decimals else f"{int(whole)}", power)
    if unit.kind is UnitKind.PERCENT:
        text = f"{text.replace(',', '')}%"
    elif unit.kind is UnitKind.MONEY:
        text = f"{unit.id} {text}"
    return f"{qualifier} {'-' if plain.startswith('-') else ''}{text}".strip()


def plain_quantity(text: str, unit: Unit) -> Quantity | None:
    """What :func:`parse_stated` makes of digits alone, in a tenth of the time; None for all else.

    >>> plain_quantity("443,001", Unit("vehicles", "vehicles", UnitKind.COUNT)).bounds
    Bounds(443001, 443001)
    """
    if unit.kind is UnitKind.COUNT:
        digits = text.replace(",", "")
        if not digits.isdecimal() or digits[0] == "0" or digits[-1] == "0":
            return None
        value = Fraction(int(digits))
        return Quantity(value, Bounds._make((value, value)), "", unit.id)
    body = text.removeprefix(f"{unit.id} ") if unit.kind is UnitKind.MONEY else text
    whole, _, decimals = body.replace(",", "").partition(".")
    digits = whole + decimals
    if not (digits.isdecimal() and digits.isascii()) or len(body) > LONGEST or whole[:1] == "0":
        return None
    if unit.kind is UnitKind.PERCENT or not decimals or len(decimals) == 3:
        return None
    half = Fraction(1, 2 * 10 ** len(decimals))
    value = int(digits) * half * 2
    return Quantity(value, Bounds.around(value, half), "", unit.id)


def plain_number(text: str) -> str:
    """A number with a decimal point as all its digits. StatedError where it is none."""
    if not _PLAIN_NUMBER.fullmatch(text):
        raise StatedError(f"the value {text[:40]!r} is not a plain number; write 212000 or 28.2")
    plain = f"{Decimal(text):f}"
    if len(plain) > LONGEST:
        raise StatedError(f"the value {text[:12]}... has more than {LONGEST} digits")
    return plain


def _written(number: Mention, value: Fraction | None = None) -> str:
    """A number that was found in a text, in the grammar of fact files; *value* if it means that."""
    digits, power = number.digits, len(str(number.scale)) - 1
    if value is not None and value != number.value:
        digits, power = shortened(value), 0
    text = _in_words(digits, power)
    word = number.qualifier
    if word not in STATED_QUALIFIERS:
        word = _USUAL.get(number.side, "")
    if number.side == "high" and in_english(number.qualifier) in CLOSE:
        word = "nearly"
    if number.unit == "percent":
        text += "%"
    elif number.unit:
        text = f"{number.unit} {text}"
    return f"{word} {text}".strip()


def _in_words(digits: str, power: int) -> str:
    """Digits times a power of ten as they stand, grouped, with the word for that power."""
    larger = min(each for each in (0, *_WORDS) if each >= power)  # a lakh is 0.1 million
    whole, _, decimals = f"{Decimal(digits).scaleb(power - larger):f}".partition(".")
    if not whole.startswith("0"):
        whole = f"{int(whole):,}"
    return (f"{whole}.{decimals}" if decimals else whole) + _WORDS.get(larger, "")


def _rest(core: str, found: Sequence[Mention], text: str) -> str:
    """What the numbers leave of a cell; StatedError where they are not the one number of it."""
    if not found:
        raise StatedError(f"{text!r} holds no number", "write 212,000 or 2.49 million")
    for each in found:
        if each.form is not Form.NUMBER or each.unit == "points" or not each.digits:
            what = f"{text!r}: {each.text!r} is not a figure of this kind"
            raise StatedError(what, "leave it out")
        if each.in_doubt:
            meant = " or ".join(shortened(value) for value in dict.fromkeys(each.values))
            raise StatedError(f"{text!r}: {each.text!r} may mean {meant}", _SAY)
    first, last = found[0], found[-1]
    between = core[first.end : last.start] if first is not last else ""
    is_range = len(found) == 2 and first.is_end and PATTERNS["joint"].fullmatch(between)
    is_around = len(found) == 2 and last.qualifier == "±" and not between.strip(" ±")
    is_around = is_around and last.unit in ("", first.unit)
    if len(found) > 1 and not is_range and not is_around:
        numbers = ", ".join(each.text for each in found)
        raise StatedError(f"{text!r} holds several numbers: {numbers}", "keep one to a row")
    spans = [(first.start, last.end), *(each.beside for each in found)]
    if core[last.end :] == ".":  # of an abbreviation
        spans.append((last.end, len(core)))
    kept = "".join(sign for at, sign in enumerate(core) if not any(a <= at < b for a, b in spans))
    if is_range and "and" in between:
        kept = _BETWEEN.sub("", kept)
    return " ".join(kept.split())


def _sign(rest: str) -> tuple[int, str]:
    """The sign that is left of a cell, 0 where there is none, and what is left without it."""
    if rest == "()":
        return -1, ""
    bare = rest.removeprefix("(").removesuffix(")")
    for mark, sign in (("-", -1), ("+", 1)):
        if bare.startswith(mark) or bare.endswith(mark):
            return sign, bare.strip(mark).strip()
    return 0, bare
