"""How many examples a property is tried with: all in CI, about a fifth while one works."""

from __future__ import annotations

import os

from hypothesis import settings

IN_CI = bool(os.environ.get("CI"))
USUAL = 100  # what Hypothesis itself takes


def shallow(examples: int) -> int:
    """What is left of that many *examples* outside CI."""
    return min(examples, max(examples // 5, 5))


def examples(number: int) -> settings:
    """A decorator for costly properties: *number* examples in CI, fewer elsewhere."""
    return settings(max_examples=number if IN_CI else shallow(number))
