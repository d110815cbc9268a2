"""Every way evcli can fail on purpose, one class a cause.

The exit code of each class is decided in :mod:`evcli.diagnostics`; here an error only
knows what is wrong and what would be right.

>>> error = UnknownName.of("subject", "chrey", ["byd", "chery"])
>>> str(error), error.hint
("no subject named 'chrey'", "did you mean 'chery'?")
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from evcli.tuples import NamedTuple


class EvcliError(Exception):
    """Base of all expected failures: a one-line message and, where there is one, the way out."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Copied and pickled as it is, whatever its class is made from."""
        return EvcliError.__new__, (type(self), *self.args), self.__dict__


class UsageError(EvcliError):
    """The command line or a call is not of the form asked for."""

    @classmethod
    def one_of(cls, what: str, given: str, valid: Iterable[str]) -> UsageError:
        """Name the valid choices after an invalid one."""
        return cls(f"unknown {what} {given!r}", f"valid: {', '.join(valid)}")


class UnknownName(EvcliError):
    """Nothing goes by that name."""

    @classmethod
    def of(cls, what: str, given: str, known: Iterable[str]) -> UnknownName:
        """Offer the nearest known names."""
        return cls(f"no {what} named {given!r}", did_you_mean(given, known) or None)


class NotComparable(EvcliError):
    """The guard refused: the figures differ in fields that must be equal."""

    def __init__(self, message: str, fields: Sequence[str], hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.fields = tuple(fields)


class OutputError(EvcliError):
    """The answer exists but could not be written."""


class Problem(NamedTuple):
    """One mistake in a fact file: where it is, what is wrong, what would be right."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join(str(each) for each in self[:3] if each)
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class InvalidFacts(EvcliError):
    """Fact files that do not hold up; carries every problem found, once, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted({*problems}))
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in the fact files")


def check_one_of(what: str, given: str, valid: Collection[str]) -> None:
    """UsageError, naming the choices, where *given* is none of those that are *valid*."""
    if given not in valid:
        raise UsageError.one_of(what, given, valid)


def nearest(given: str, known: Iterable[str], limit: int = 3, *, cutoff: float = 0.6) -> list[str]:
    """The known names closest to *given*, best first, compared without case.

    >>> nearest("chrey", ["byd", "chery", "CN"])
    ['chery']
    """
    import difflib  # only errors need it, and it costs a look-up several milliseconds

    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    matches = difflib.get_close_matches(given.casefold(), list(folded), n=limit, cutoff=cutoff)
    return [folded[match] for match in matches]


def did_you_mean(given: str, known: Iterable[str], limit: int = 3) -> str:
    """``did you mean 'x'?`` for the nearest known names, else nothing."""
    close = nearest(given, known, limit)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else ""


def reason_of(error: Exception) -> str:
    """What the system says is wrong, in small letters, to stand in a sentence.

    >>> reason_of(FileNotFoundError(2, "No such file or directory"))
    'no such file or directory'
    """
    reason = getattr(error, "strerror", None) or str(error)
    return f"{reason[:1].lower()}{reason[1:]}"
