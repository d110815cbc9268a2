r"""Which characters may be shown: unsafe ones replaced, our own signs in plain ASCII.

Only the table does this. Machine formats keep every character.

>>> visible("BYD\x1b[31m \u202eevil"), visible("two\nlines")
('BYD\ufffd[31m \ufffdevil', 'two lines')

>>> in_ascii("Exports · China ±500 ≥ 67,000 * 854,500–855,500")
'Exports - China +/-500 >= 67,000 * 854,500-855,500'
"""

from __future__ import annotations

from collections.abc import Mapping

_HARMLESS = "\u200c\u200d"  # joiners, which Persian and emoji need
_UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def visible(text: str) -> str:
    """*text* on one line and without invisible characters."""
    if text.isprintable():
        return text
    from unicodedata import category  # only odd text needs it

    one_line = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return "".join(
        "\ufffd" if category(char) in _UNSAFE and char not in _HARMLESS else char
        for char in one_line
    )


_PLAIN = ["-", "+/-", "-", "<=", ">=", "/", "-", "+", "!", "...", "x"]
_SIGNS = str.maketrans(dict(zip("·±–≤≥÷─†‡…×", _PLAIN, strict=True)))
_WITHOUT_UNICODE = frozenset({"linux", "vt100", "vt220"})  # or without Braille


def in_ascii(text: str) -> str:
    """*text* with every sign that evcli itself draws spelt in ASCII."""
    return text if text.isascii() else text.translate(_SIGNS)


def wants_ascii(environ: Mapping[str, str]) -> bool:
    """Whether the locale or the terminal says that there is no Unicode.

    Where neither is named Unicode is taken to be there.

    >>> wants_ascii({"LANG": "C.UTF-8"}), wants_ascii({}), wants_ascii({"LC_ALL": "C"})
    (False, False, True)
    """
    names = (environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next((name for name in names if name), "")
    spelt = locale.casefold().replace("-", "")
    return environ.get("TERM") in _WITHOUT_UNICODE or bool(locale and "utf8" not in spelt)
