"""Ways in words: ``2025-H1 - 2025-01/2025-05``, ``2025-01/2025-05 / (1 + 7.9 %)``, ``all - nev``.

Windows of one series go by their period, windows of one period by what they differ in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from evcli.core.closure.rows import Kind
from evcli.core.closure.system import Assertion, Window
from evcli.core.formula import GROWTH, RATIO, SHARE, Formula, Leaf, Node
from evcli.model.records import Series

_FIRST, _FACTOR, _LATER = (
    "first factor",
    "factor",
    "later term",
)  # where a part stands decides about its brackets
_DIMENSIONS = ("subject", "metric", "scope", "destination")


def _divided(level: Fraction, factor: Fraction) -> Fraction:
    return level / factor


def _times(level: Fraction, factor: Fraction) -> Fraction:
    return level * factor


DIVIDED = Formula("divided", _divided, (+1, -1), "level / factor", ("level", "factor"), (1,), 0)
TIMES = Formula("times", _times, (+1, +1), "level * factor", ("level", "factor"))


def signed(signs: Sequence[int]) -> Formula:
    """The sum of numbers, each added (+1) or taken off (-1).

    >>> signed([1, -1]).function(Fraction(5), Fraction(2))
    Fraction(3, 1)
    """
    fixed = tuple(signs)

    def add(*numbers: Fraction) -> Fraction:
        pairs = zip(fixed, numbers, strict=True)
        return sum((sign * number for sign, number in pairs), Fraction(0))

    return Formula("sum", add, fixed, "sum", tuple(f"term{at}" for at in range(len(fixed))))


def worded(
    tree: Leaf | Node,
    said: Mapping[str, Assertion],
    series: Mapping[str, Series],
    asked: Sequence[Window] = (),
) -> str:
    """The formula of *tree* in words; *said* gives the assertion behind each leaf.

    What a name has to tell apart are the windows that enter and those that were *asked* for.
    """
    windows = list(dict.fromkeys((*_windows(tree, said), *asked)))
    ids = list(dict.fromkeys(window.series for window in windows))
    differing = [
        name for name in _DIMENSIONS if len({getattr(series[each], name) for each in ids}) > 1
    ]
    dated = len({window.period for window in windows}) > 1 or not differing

    def label(window: Window) -> str:
        words = [str(getattr(series[window.series], name)) for name in differing]
        return " ".join([*words, *([str(window.period)] if dated else [])])

    def told(part: Leaf | Node, above: str) -> str:
        if isinstance(part, Leaf):
            assertion = said[part.id]
            return label(assertion.window) if assertion.base is None else factor(assertion)
        first, *others = part.inputs
        match part.formula.name:
            case "sum":
                text = told(first, "sum")
                for sign, other in zip(part.formula.directions[1:], others, strict=True):
                    text += f" {'+' if sign > 0 else '-'} {told(other, _LATER)}"
                if part.formula.directions[0] < 0:
                    text = f"-{text}"
            case "divided":
                text = f"{told(first, _FIRST)} / {told(others[0], _FACTOR)}"
            case "times":
                sides = [told(first, _FIRST), told(others[0], _FACTOR)]
                text = " x ".join(reversed(sides) if sides[1].endswith("%") else sides)
            case GROWTH.name:
                return f"({told(first, _FACTOR)} / {told(others[0], _FACTOR)} - 1) x 100"
            case SHARE.name:
                return f"{told(first, _FACTOR)} / {told(others[0], _FACTOR)} x 100"
            case RATIO.name:
                return f"{told(first, _FACTOR)} / {told(others[0], _FACTOR)}"
            case name:
                raise ValueError(name)
        closed = above == _FACTOR or (above in (_FIRST, _LATER) and part.formula.name == "sum")
        return f"({text})" if closed else text

    return told(tree, "")


def factor(said: Assertion) -> str:
    """A stated share or growth as the factor that it is: ``74 %``, ``(1 + 7.9 %)``."""
    growth = said.kind is not Kind.SHARE
    if said.value is not None:
        percent = (said.value - (1 if growth else 0)) * 100
        text = f"{float(abs(percent)):.12g} %"
        return f"(1 {'-' if percent < 0 else '+'} {text})" if growth else text
    ends = [
        "..." if end is None else f"{float(end):.12g}"
        for end in (said.bounds.low, said.bounds.high)
    ]
    return f"({' to '.join(ends)})"


def _windows(tree: Leaf | Node, said: Mapping[str, Assertion]) -> list[Window]:
    if isinstance(tree, Node):
        return [window for part in tree.inputs for window in _windows(part, said)]
    assertion = said[tree.id]
    return [assertion.window] if assertion.base is None else []
