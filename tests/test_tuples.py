"""The quick NamedTuple does what the one of typing does."""

import copy
import inspect
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from evcli.tuples import NamedTuple


class Ours(NamedTuple):
    """Two fields and a method."""

    low: int
    high: int = 7

    def wide(self) -> int:
        return self.high - self.low


class Theirs(typing.NamedTuple):
    """Two fields and a method."""

    low: int
    high: int = 7

    def wide(self) -> int:
        return self.high - self.low


class Narrower(Ours):
    __slots__ = ()

    def __new__(cls, low: int) -> "Narrower":
        return super().__new__(cls, low, low + 1)


DO: list[Callable[[Any], Any]] = [
    lambda kind: tuple(kind(1)),
    lambda kind: tuple(kind(high=2, low=1)),
    lambda kind: kind(1).wide(),
    lambda kind: kind(1) == (1, 7) and hash(kind(1)) == hash((1, 7)),
    lambda kind: repr(kind(1)).partition("(")[2],
    lambda kind: kind(1)._asdict(),
    lambda kind: kind._make([3, 4]).high,
    lambda kind: kind(1)._replace(low=2).low,
    lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__, kind.__doc__),
    lambda kind: [*inspect.signature(kind).parameters.values()][1].default,
    lambda kind: pickle.loads(pickle.dumps(kind(1))) == kind(1),
    lambda kind: type(copy.deepcopy(kind(1))) is kind,
    lambda kind: hasattr(kind(1), "__dict__"),
    lambda kind: typing.get_type_hints(kind),
]
WRONG: list[Callable[[Any], Any]] = [
    lambda kind: kind(),
    lambda kind: kind(1, 2, 3),
    lambda kind: kind(1, wide=2),
    lambda kind: kind._make([1]),
    lambda kind: setattr(kind(1), "low", 2),
    lambda kind: setattr(kind(1), "other", 2),
]


@pytest.mark.parametrize("do", DO)
def test_the_same(do: Callable[[Any], Any]) -> None:
    assert do(Ours) == do(Theirs)


@pytest.mark.parametrize("do", WRONG)
def test_the_same_mistakes(do: Callable[[Any], Any]) -> None:
    kinds = []
    for kind in (Theirs, Ours):
        with pytest.raises((TypeError, ValueError, AttributeError)) as error:
            do(kind)
        kinds.append(error.type)
    assert kinds[0] is kinds[1]


def test_a_field_that_is_none_is_no_field_to_replace() -> None:
    with pytest.raises(TypeError, match="Ours has no field hihg"):
        Ours(1)._replace(hihg=2)  # type: ignore[call-arg]


def test_a_subclass_has_the_fields_of_its_base_whichever_is_made_first() -> None:
    assert Narrower(3) == (3, 4)
    assert Ours(3) == (3, 7)
    assert type(Narrower(1)._replace(low=0)) is Narrower
