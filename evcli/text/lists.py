"""Lists and numbers of things as a sentence has them."""

from collections.abc import Iterable, Sequence


def listed(words: Iterable[str], last: str = "and") -> str:
    """A list in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('a, b and c', 'a or b')
    """
    *others, end = words or ("",)
    return f"{', '.join(others)} {last} {end}" if others else end


def first_few(names: Sequence[str], most: int = 8) -> str:
    """The first few of a list, and how many more there are.

    >>> first_few(["a", "b", "c"]), first_few(["a", "b", "c"], most=2)
    ('a, b, c', 'a, b and 1 more')
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def counted(number: int, noun: str, nouns: str = "") -> str:
    """A number of things.

    >>> counted(1, "fact"), counted(1200, "series")
    ('1 fact', '1,200 series')
    """
    return f"{number:,} {noun if number == 1 else nouns or noun.removesuffix('s') + 's'}"
