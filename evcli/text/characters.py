r"""Which characters may be shown: unsafe ones replaced, our own signs in plain ASCII.

Tables, messages and references do this. Machine formats keep every character.

>>> visible("BYD\x1b[31m \u202eevil"), visible("two\nlines"), visible("Elek\xadtro", "")
('BYD\ufffd[31m \ufffdevil', 'two lines', 'Elektro')

>>> in_ascii("Exports · China ±500 ≥ 67,000 * 854,500–855,500")
'Exports - China +/-500 >= 67,000 * 854,500-855,500'
"""

import re
from collections.abc import Mapping
from functools import partial

_HARMLESS = "\u200c\u200d"  # joiners, which Persian and emoji need
_UNSAFE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def visible(text: str, unseen: str = "\ufffd") -> str:
    """*text* on one line; *unseen* stands for each format character, such as a soft hyphen, and
    U+FFFD for every other one that cannot be seen.
    """
    if text.isprintable():
        return text
    from unicodedata import category  # only odd text needs it

    one_line = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return "".join(
        char
        if (kind := category(char)) not in _UNSAFE or char in _HARMLESS
        else (unseen if kind == "Cf" else "\ufffd")
        for char in one_line
    )


printable = partial(visible, unseen="")  # a place to break a word is no sign in print


def odd_sign(text: str) -> tuple[str, str]:
    r"""The first sign of *text* that cannot be seen or looks like one of ASCII, and what to write.

    >>> odd_sign("2.49\xa0million")
    ('a no-break space (U+00A0)', 'write a plain space')
    """
    from unicodedata import category, name, normalize

    for char in text:
        kind, called = category(char), name(char, "sign").lower().replace("fullwidth", "full-width")
        if not char.isascii() and (kind in (*_UNSAFE, "Zs") or called.startswith("full-width")):
            plain = "a plain space" if kind == "Zs" else normalize("NFKC", char)
            hint = "leave it out" if kind in _UNSAFE else f"write {plain}"
            return f"{'an' if called[0] in 'aeiou' else 'a'} {called} (U+{ord(char):04X})", hint
    return "", ""


_MARKUP = r"[\\|`*<\[\]~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|^(?:[#>]|[-+](?= ))"


def in_markdown(text: str, address: str = "") -> str:
    r"""*text* so that Markdown shows it as it is, in a block of its own and in a cell of a table;
    an *address* in it is a link if it is one that a browser may follow.

    >>> print(in_markdown("a|b *c* &lt; AT&T ~~d~~ e_f _g_"))
    a\|b \*c\* \&lt; AT&T \~\~d\~\~ e_f \_g\_
    >>> print(in_markdown("*C* https://example.org/a b", "https://example.org/a b"))
    \*C\* <https://example.org/a%20b>
    """
    page = address.casefold().startswith(("https://", "http://"))
    before, link, after = text.rpartition(address) if page else ("", "", text)
    before, after = (re.sub(_MARKUP, r"\\\g<0>", each) for each in (before, after))
    link = link.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return f"{before}<{link}>{after}" if link else after


def as_code(text: str) -> str:
    """*text* as Markdown shows a command; its own backticks do not end it."""
    fence, room = "`" * (text.count("`") + 1), " " * ("`" in text)
    return f"{fence}{room}{printable(text)}{room}{fence}"


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
