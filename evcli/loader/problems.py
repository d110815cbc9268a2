"""Collects what is wrong with fact files, so that one run tells everything.

>>> report = Report()
>>> report.add("a.yaml", 3, 7, "no source named 'x'", "did you mean 'y'?")
>>> [str(problem) for problem in report.problems]
["a.yaml:3:7: no source named 'x' (did you mean 'y'?)"]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from evcli.errors import Problem, nearest

_MOST_PER_FILE = 10_000
_MOST_HINTS = 500  # looking for near names is slow, and nobody reads a thousand of them

_LONGEST = 200


class Report:
    """Every problem found so far.

    ``maybe`` holds ids that stand in parts of files which could not be read: a reference to one
    of them is not reported, because its definition may only be hidden by another mistake.
    ``blind`` says that a whole file could not be read, so that no missing name is certain.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.maybe: set[str] = set()
        self.blind = False
        self._per_file: Counter[str] = Counter()
        self._hints: dict[tuple[str, int], str] = {}

    def add(self, file: str, line: int, column: int, message: str, hint: str = "") -> None:
        """Note a problem; after 10,000 in one file only the first that is too many is kept."""
        if self.is_full(file):
            return
        self._per_file[file] += 1
        if self.is_full(file):
            message, hint = f"more than {_MOST_PER_FILE:,} problems: giving up", ""
        self.problems.append(Problem(file, line, column, message, hint))

    def is_full(self, file: str) -> bool:
        """Whether nothing more is kept about *file*."""
        return self._per_file[file] > _MOST_PER_FILE

    def may_exist(self, name: str) -> bool:
        """Whether a name that is not known may stand in something unreadable."""
        return self.blind or name in self.maybe

    def near(self, given: str, known: Collection[str]) -> str:
        """``did you mean 'x'?`` for the nearest known names, else nothing."""
        key = (given, len(known))
        if key not in self._hints:
            if len(self._hints) >= _MOST_HINTS or len(given) > _LONGEST:
                return ""
            # what difflib finds near is often only a short name inside a long one
            far = max(2, len(given) // 3)
            close = [name for name in nearest(given, known) if abs(len(name) - len(given)) <= far]
            self._hints[key] = f"did you mean {' or '.join(map(repr, close))}?" if close else ""
        return self._hints[key]
