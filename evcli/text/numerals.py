"""Numbers in digits, however their thousands are grouped and their decimals are marked.

>>> readings("2 490 000"), readings("12,34,567"), readings("1.234.567,89"), readings("1,5")
(('2490000',), ('1234567',), ('1234567.89',), ('1.5',))

One mark before three digits may group thousands or begin decimals. A comma groups them in English,
of a point nobody can tell; a *mark* of decimals decides, ``?`` says that any may be meant.

>>> readings("1,234"), readings("1.234"), readings("1.234", ","), readings("1,234", "?")
(('1234',), ('1.234', '1234'), ('1234',), ('1234', '1.234'))
"""

import re
from decimal import Decimal

LONGEST = 30  # digits
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER = (
    r"[eE][+-]?[0-9]{1,2}(?![0-9A-Za-z])| ?[x×*] ?10(?:(?:\^|\*\*)-?[0-9]{1,2}|⁻?[⁰¹²³⁴-⁹]{1,2})"
)
# what is one number or none: a part of it is never read by itself
NUMERAL = re.compile(
    r"(?<![0-9])(?<![0-9][.,'_])(?<![\s(][.,])(?<!^[.,])"  # .212 is none: its point may be lost
    r"(?:[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,'_][0-9]+)*)"
    rf"(?:{_POWER})?"
)
_SPLIT = re.compile(rf"([0-9., '_]+?)({_POWER})?")
_MARKS = re.compile("[.,' ]")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([,.' ])[0-9]{3})(?:\1[0-9]{3})*")
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")


def readings(text: str, mark: str = "") -> tuple[str, ...]:
    """What a numeral may mean, as plain digits with every one that is written, the usual first.

    Nothing where it is no number, or longer than 30 digits.
    """
    split = _SPLIT.fullmatch(text)
    if split is None or sum(map(str.isdigit, text)) > LONGEST or abs(_power(split[2])) > LONGEST:
        return ()
    return _plain(split[1], mark)


def scientific(text: str, digits: str) -> tuple[str, int]:
    """*digits* of a numeral with its power of ten taken in, and the scale that keeps them all.

    >>> scientific("4.43e5", "4.43"), scientific("2.1 × 10⁵", "2.1"), scientific("212", "212")
    (('0.443', 1000000), ('0.21', 1000000), ('212', 1))
    """
    split = _SPLIT.fullmatch(text)
    if split is None or not split[2]:
        return digits, 1
    power = _power(split[2])
    finest = power - len(digits.partition(".")[2])
    if finest in (3, 6, 9, 12) and len(digits.replace(".", "")) < 3:  # 1.2e7 is 12 million
        thousands = finest
    else:
        thousands = 3 * (finest // 3 + 1) if 0 < finest < 12 else 0
    return f"{Decimal(digits).scaleb(power - thousands):f}", 10**thousands


def _power(text: str | None) -> int:
    if text is None:
        return 0
    return int(re.split(r"10(?:\^|\*\*)?|[eE]", text.translate(_POWERS), maxsplit=1)[1])


def _plain(text: str, mark: str) -> tuple[str, ...]:
    if text.isdigit():
        return (text,)
    at = max(map(text.rfind, "., '"))
    whole, last, decimals = text[:at], text[at], text[at + 1 :]
    joined = _MARKS.sub("", text)
    is_grouped = bool(_GROUPED.fullmatch(text)) and text[0] != "0"
    if last in "' " or (is_grouped and text.count(last) > 1) or _INDIAN.fullmatch(text):
        return (joined,) if is_grouped or last == "," else ()
    if whole.isdigit():
        parted = f"{whole}.{decimals}"
        if not is_grouped:
            return (parted,) if mark not in (".", ",") or mark == last or len(decimals) != 3 else ()
        if mark in (".", ","):
            return (parted,) if mark == last else (joined,)
        if last == ",":
            return (joined, parted) if mark else (joined,)
        return (parted, joined)
    groups = _GROUPED.fullmatch(whole) or _INDIAN.fullmatch(whole)
    if groups is None or last in whole or text[0] == "0":
        return ()
    return (f"{_MARKS.sub('', whole)}.{decimals}",)
