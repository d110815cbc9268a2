"""Numbers as sources write them, and the bounds those words allow.

The grammar is small and strict, in English and Chinese: what it does not know is an error,
never a guess. Let *fine* be the unit of the last digit written and *coarse* that of the last
digit that is not zero. Plain whole numbers are meant to *coarse*; numbers with decimals and
percentages to *fine*; a whole number before a multiplier word to *fine* up to two digits, else to
*coarse* but never coarser than its second digit. A stated precision is clamped between the two.
The bounds lie half that unit each way, one whole unit for ``about``. A count that is written down
to its last unit, and does not end in 0 there, is exact (``83,659``, also as ``8.3659万``); so is 0.
With a precision of 1 every digit of a count is meant, and with an exact one (0) those of any number
that is written out: in a register ``48,180`` is just that.

What else is decided here:

- A fraction word is meant to a tenth of the whole, ``halved`` too; other factors as their number
  would be: ``doubled`` and ``x2`` are 1.5 to 2.5 times, ``x10`` is a round number.
- A range is meant as written, from its first number to its last. It takes no qualifier; the unit,
  multiplier or currency of one end holds for the other where that end has none.
- A qualifier speaks of the size of a change: ``down over 5%`` is -5 or less, ``down nearly 5%`` and
  ``nearly halved`` leave the low end known and the high end open.
- Levels have no sign unless they are signed (a balance, an index, a rate): no other is below zero,
  so ``about 0`` is 0 to 1; and nothing falls by more than all of it, so ``-100%`` is -100 to -99.5.
  A signed one below zero (``-5``, ``minus 5``, ``USD -12.4 million``) takes no qualifier but about.
- A number has no leading zeros, ASCII digits and at most 30 characters.
- In money and rates ``150.000`` is refused as in counts: nobody can tell which dot it is.

>>> vehicles = Unit("vehicles", "vehicles", UnitKind.COUNT, ("vehicles",))
>>> parse_stated("855,000", vehicles).bounds
Bounds(854500, 855500)
>>> parse_stated("over 67,000", vehicles).bounds
Bounds(67000, None)
>>> parse_stated("6.2万", vehicles).value
Fraction(62000, 1)
>>> parse_change("up 64.6%").bounds
Bounds(1291/20, 1293/20)
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from evcli.errors import EvcliError
from evcli.model.quantity import Bounds, Quantity
from evcli.model.vocabulary import PERCENT, Unit, UnitKind
from evcli.text import lexicon
from evcli.text.lexicon import FACTORS, STATED_MULTIPLIERS, STATED_SHARES, alternatives, side
from evcli.tuples import NamedTuple


class StatedError(EvcliError, ValueError):
    """A stated value outside the grammar; ``hint`` says what would be right."""


_SYMBOLS = {sign: lexicon.SYMBOLS[sign] for sign in ("$", "US$", "€", "£")}
_FACTORS = {f"{stem}ed": FACTORS[stem] for stem in ("doubl", "tripl", "quadrupl", "halv")} | {
    word: FACTORS[word] for word in ("翻番", "翻倍")
}
_DIGITS = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*|0)(?:\.[0-9]+)?")
_DOTTED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_MOST_DIGITS = 30
_ALWAYS_TO_THE_LAST_DIGIT = (UnitKind.PERCENT, UnitKind.RATIO)
_WHERE_DOTS_MISLEAD = (UnitKind.COUNT, UnitKind.MONEY, UnitKind.RATE)
_AMBIGUOUS = ("m", "mil", "mn", "bn", "b", "k", "mio", "tn")
_FACTOR = re.compile(r"x[0-9.,]+")
_SIGNS = ("+", "-", "\N{MINUS SIGN}")
_CURRENCY = rf"(?:[A-Z]{{3}} ?|{alternatives(_SYMBOLS)})?"
_BEFORE = rf"(?P<before>{_CURRENCY})(?P<digits>[0-9.,]+)"
_CAPITALIZED = [word.capitalize() for word in STATED_MULTIPLIERS if word.isascii()]
_CORE = re.compile(
    _BEFORE
    + rf"(?: ?(?P<multiplier>{alternatives([*STATED_MULTIPLIERS, *_CAPITALIZED])})(?![A-Za-z]))?"
    r"(?P<percent> ?%)?"
    r"(?: ?(?P<after>[^0-9].*))?"
)
_BARE = re.compile(_BEFORE)
_SIGN = re.compile(r"(?:-|\N{MINUS SIGN}|[Mm]inus )")
_BELOW_ZERO = re.compile(rf"(?:{_SIGN.pattern}{_CURRENCY}|{_CURRENCY}{_SIGN.pattern})(?=[0-9])")
_RANGE = re.compile(r"(\S.*?)(?: to |\s?–\s?|至)(\S.*)")
_TENTH, _HUNDRED = Fraction(1, 10), Fraction(100)
_NOTHING, ALL_OF_IT = Fraction(0), Fraction(-100)  # below these no level and no change can be
_FORMS = "write 212,000, 2.49 million, $16 billion or 28.2%"
_CHANGES = "write +64.6%, down 5%, x2.7, doubled or +5,000 vehicles"


def parse_stated(
    text: str,
    unit: Unit | None,
    *,
    precision: Fraction | None = None,
    words: Mapping[str, str] | None = None,
    signed: bool = False,
) -> Quantity:
    """Read a stated value of a series counted in *unit*, below zero only if it is *signed*.

    *words* maps what texts write for a unit (``vehicles``, ``baht``) to unit ids; *precision*
    is how finely a publisher counts (0 to the last digit; no percentages). With no *unit* (an
    investment in whatever currency is written) the unit found in the text is returned. StatedError
    outside the grammar.
    """
    reader = _Reader(text, unit, precision, words or {})
    qualifier, core = _opening(text, _FORMS)
    if core.casefold() in STATED_SHARES:
        if unit is None or unit.kind not in (UnitKind.PERCENT, UnitKind.RATIO):
            raise StatedError(f"{text!r} is a share", "give it in a share series, unit percent")
        scale = unit.whole
        # a fraction word is meant to the nearest tenth of the whole
        number = _Number(STATED_SHARES[core.casefold()] * scale, _TENTH * scale, unit.id)
    elif signed and _BELOW_ZERO.match(core):
        if side(qualifier) not in ("", "about"):
            hint = "write about, or leave the word out and say it in a note"
            raise StatedError(f"{text!r}: {qualifier} does not suit a number below zero", hint)
        number = reader.number(_SIGN.sub("", core, count=1))
        return number._replace(value=-number.value).qualified(qualifier)
    elif core.startswith(_SIGNS) or _BELOW_ZERO.match(core):
        hint = "write it as yoy: or change:; levels have no sign, but for metrics of kind: balance"
        raise StatedError(f"{text!r} is a change, not a value", hint)
    elif factor := _factor(core, qualifier, text):
        if unit is None or unit.kind is not UnitKind.RATIO:
            raise StatedError(f"{text!r} is a change, not a value", "write it as yoy: or change:")
        return factor._replace(unit=unit.id)
    elif match := _RANGE.fullmatch(core):
        if qualifier:
            raise StatedError(f"{text!r}: a range takes no qualifier", "write 3 to 12 months")
        return reader.range(match)
    else:
        number = reader.number(core)
    quantity = number.qualified(qualifier)
    if signed:
        return quantity
    return quantity._replace(bounds=quantity.bounds.no_lower_than(_NOTHING))


def parse_change(
    text: str,
    level: Quantity | None = None,
    unit: Unit | None = None,
    words: Mapping[str, str] | None = None,
) -> Quantity:
    """Read a change against an earlier period, as growth in percent.

    ``+64.6%``, ``down 5%``, ``x2.7`` (+170 %), ``nearly doubled``; with the *level* that it led to,
    in *unit*, ``+180,500 vehicles``. StatedError outside the grammar.
    A fall by more than all is read as it is written; the audit and ``lint --strict`` find it.
    """
    qualifier, core = _opening(text, _CHANGES)
    if quantity := _factor(core, qualifier, text):
        bounds = quantity.bounds.scale(_HUNDRED).shift(-_HUNDRED)
        value = None if quantity.value is None else quantity.value * 100 - 100
        quantity = Quantity(value, bounds, quantity.qualifier, "percent")
    else:
        sign, magnitude = _split_direction(core, text)
        inner, magnitude = _split_qualifier(magnitude)
        if inner and (qualifier or _split_qualifier(magnitude)[0]):
            raise StatedError(f"{text!r} has two qualifiers", "keep one")
        in_units = unit is not None and magnitude[-1:].isalpha()
        if not in_units and not magnitude.endswith("%"):
            raise StatedError(f"{text!r} is not a change", _CHANGES)
        reader = _Reader(text, unit if in_units else PERCENT, None, words or {})
        number = reader.number(magnitude)
        number = number._replace(value=sign * number.value)
        quantity = number.qualified(qualifier or inner, falls=sign < 0)
        quantity = _gained(quantity, level, text) if in_units else quantity
    if quantity.value is not None and quantity.value < ALL_OF_IT:
        return quantity
    return quantity._replace(bounds=quantity.bounds.no_lower_than(ALL_OF_IT))


def _gained(gain: Quantity, level: Quantity | None, text: str) -> Quantity:
    """A change in units as growth in percent, so that the base is what the level leaves."""
    if level is None or level.value is None or gain.value is None:
        raise StatedError(f"{text!r}: a change in units needs its level beside it", _CHANGES)
    (low, high), (least, most) = level.bounds, gain.bounds
    if low is None or high is None or least is None or most is None:
        raise StatedError(f"{text!r}: level and change need both bounds", "give it in a note")
    if low <= most:
        raise StatedError(f"{text!r}: that leaves nothing before it", "correct one of the two")
    factors = [end / (end - by) for end in (low, high) for by in (least, most)]
    bounds = Bounds(min(factors), max(factors)).scale(_HUNDRED).shift(-_HUNDRED)
    value = level.value / (level.value - gain.value) * _HUNDRED - _HUNDRED
    return Quantity(value, bounds, gain.qualifier, "percent")


class _Number(NamedTuple):
    """A bare number with the unit it is meant to; step 0 means exact."""

    value: Fraction
    step: Fraction
    unit: str

    def qualified(self, qualifier: str, *, falls: bool = False) -> Quantity:
        """With the bounds that its *qualifier* leaves; what *falls* by nearly that fell less."""
        way = side(qualifier)
        if way in ("low", "high"):
            above = (way == "low") != falls
            bounds = Bounds(self.value, None) if above else Bounds(None, self.value)
        else:
            half = (self.step or Fraction(1)) if way == "about" else self.step / 2
            bounds = Bounds.around(self.value, half)
        return Quantity(self.value, bounds, qualifier, self.unit)


def _opening(text: str, forms: str) -> tuple[str, str]:
    qualifier, core = _split_qualifier(text)
    if not core:
        raise StatedError(f"{text!r} holds no number", forms)
    if qualifier and _split_qualifier(core)[0]:
        raise StatedError(f"{text!r} has two qualifiers", "keep one")
    return qualifier, core


def _split_qualifier(text: str) -> tuple[str, str]:
    stripped = text.strip()
    for word in lexicon.STATED_QUALIFIERS:
        rest = stripped[len(word) :]
        if stripped[: len(word)].lower() == word and (not word.isascii() or rest[:1] in ("", " ")):
            return word, rest.strip()
    return "", stripped


def _split_direction(core: str, text: str) -> tuple[int, str]:
    for word, sign in (("up", 1), ("down", -1), ("增长", 1), ("下降", -1)):
        if core.casefold().startswith(word):
            rest = core[len(word) :].strip()
            if rest.startswith(_SIGNS):
                hint = f"write {word} {rest[1:].strip()} or {rest}"
                raise StatedError(f"{text!r} says the direction twice", hint)
            return sign, rest
    if core.startswith(_SIGNS):
        return (1 if core[0] == "+" else -1), core[1:].strip()
    if not _BARE.match(core):
        raise StatedError(f"{text!r} is not a change", _CHANGES)
    hint = f"write +{core}, -{core}, up {core} or down {core}"
    raise StatedError(f"{text!r} has no direction", hint)


def _factor(core: str, qualifier: str, text: str) -> Quantity | None:
    """How many times as much, None where *core* says no such thing."""
    if value := _FACTORS.get(core.casefold()):
        step = _TENTH if value < 1 else Fraction(1)
        return _Number(value, step, "").qualified(qualifier, falls=value < 1)
    if not _FACTOR.fullmatch(core):
        return None
    value, fine, coarse = _measure(core[1:], text)
    if value == 0:
        raise StatedError(f"{text!r} is not a factor", "write -100%, or x2.7")
    return _Number(value, fine if "." in core else coarse, "").qualified(qualifier)


class _Reader(NamedTuple):
    """What *text* is read by: the unit of its series, how finely it counts, words for units."""

    text: str
    unit: Unit | None
    precision: Fraction | None
    words: Mapping[str, str]

    def range(self, match: re.Match[str]) -> Quantity:
        first, second = match[1], match[2]
        head, tail = _BARE.fullmatch(first), _CORE.fullmatch(second)
        if head is not None and tail is not None:
            # "3 to 12 months", "$2 to $3 billion", "EUR 2 to 3 billion": said once, meant for both
            currency = head["before"] or tail["before"]
            first = currency + head["digits"] + second[tail.end("digits") :]
            if not tail["before"]:
                second = currency + second
        low, high = self.number(first), self.number(second)
        if low.unit != high.unit:
            raise StatedError(f"{self.text!r} names two units: {low.unit}, {high.unit}", "keep one")
        if low.value > high.value:
            hint = "write the smaller number first, and its multiplier where the two differ"
            raise StatedError(f"{self.text!r} runs backwards", hint)
        return Quantity(None, Bounds(low.value, high.value), "", high.unit)

    def number(self, core: str) -> _Number:
        text = self.text
        match = _CORE.fullmatch(core.strip())
        if match is None:
            raise StatedError(f"{text!r} is not a stated value", _FORMS)
        digits, multiplier = match["digits"], match["multiplier"]
        value, fine, coarse = _measure(digits, text)
        unit, kind = self._unit(match)
        factor = 1 if multiplier is None else STATED_MULTIPLIERS[multiplier.lower()]
        counted, whole = kind is UnitKind.COUNT, "a count has no decimals"
        if multiplier is None and _DOTTED.fullmatch(digits) and kind in _WHERE_DOTS_MISLEAD:
            why = whole if counted else "the dot may group thousands or start decimals"
            hint = f"write {digits.replace('.', ',')} if the page groups thousands with dots"
            raise StatedError(f"{text!r}: {why}", hint)
        if counted and fine * factor < 1:
            raise StatedError(f"{text!r}: {whole}", "write a whole number, or 2.49 million")
        if counted and fine * factor == 1 and (value == 0 or value * factor % 10 != 0):
            return _Number(value * factor, Fraction(0), unit)
        step = coarse
        if "." in digits or (multiplier is None and kind is UnitKind.PERCENT):
            step = fine
        elif multiplier is not None:  # not coarser than its second digit
            step = min(coarse, Fraction(10) ** max(len(digits.replace(",", "")) - 2, 0))
        step *= factor
        if self.precision is not None and kind not in _ALWAYS_TO_THE_LAST_DIGIT:
            step = min(max(self.precision, fine * factor), coarse * factor)
            if (self.precision == 0 and multiplier is None) or (counted and step <= 1):
                step = Fraction(0)
        return _Number(value * factor, step, unit)

    def _unit(self, match: re.Match[str]) -> tuple[str, UnitKind]:
        text, unit = self.text, self.unit
        before = match["before"].strip()
        after = (match["after"] or "").strip()
        written = {_SYMBOLS.get(before) or self.words.get(before, before)} if before else set()
        if match["percent"]:
            written.add("percent")
        if after:
            short = after.split()[0]
            if short.casefold() in _AMBIGUOUS:
                hint = "write thousand, million or billion"
                raise StatedError(f"{text!r}: {short!r} is ambiguous", hint)
            folded = after.casefold()
            known = self.words.get(after) or self.words.get(folded)
            if unit and folded in {word.casefold() for word in (unit.id, unit.name, *unit.words)}:
                known = unit.id
            if known is None or after == "%":  # the sign once more
                hint = _FORMS if re.search("[0-9%]", after) else "leave the noun out"
                raise StatedError(f"{text!r}: {after!r} is not a known unit", hint)
            written.add(known)
        if len(written) > 1:
            raise StatedError(f"{text!r} names two units: {', '.join(sorted(written))}", "keep one")
        if unit is None:
            if not written:
                raise StatedError(f"{text!r} names no unit", "write EUR 4 billion")
            only = written.pop()
            return only, UnitKind.PERCENT if only == "percent" else UnitKind.MONEY
        if written and written != {unit.id}:
            message = f"{text!r} is in {written.pop()}, but the series counts {unit.id}"
            raise StatedError(message, "check the series")
        if unit.kind is UnitKind.PERCENT and not written:
            raise StatedError(f"{text!r}: a percentage needs its sign", f"write {match[0]}%")
        return unit.id, unit.kind


def _measure(digits: str, text: str) -> tuple[Fraction, Fraction, Fraction]:
    """The value with its *fine* and *coarse* units."""
    if len(digits) > _MOST_DIGITS:
        raise StatedError(f"{digits[:12]}... has {len(digits)} digits", "write 2.49 million")
    if not _DIGITS.fullmatch(digits):
        commas = "the commas do not group thousands"
        message = commas if "," in digits else f"{digits!r} is not a number"
        raise StatedError(f"{text!r}: {message}", "write 212,000 or 2.49 million")
    whole, _, decimals = digits.replace(",", "").partition(".")
    fine = Fraction(1, 10 ** len(decimals))
    written = int(whole + decimals)
    zeros = len(str(written)) - len(str(written).rstrip("0")) if written else 0
    return written * fine, fine, fine * 10**zeros
