"""What the declaration of a record says of a field: its names outside the code, and its meaning.

A record is a named tuple whose annotations carry all that is to be known of its fields. The type
says how a value is stored. Each :class:`Field` beside it is a key of fact files and a column of
packages, or one of the two; what has none stays in the store. Annotations are evaluated, since
the store reads them: no ``from __future__ import annotations`` where records are declared.

>>> from typing import Annotated
>>> class Page(NamedTuple):
...     id: Annotated[str, Field("Its name.", needed=True)]
...     line: int = 0
>>> [type_of(annotation) for annotation in Page.__annotations__.values()]
[<class 'str'>, <class 'int'>]
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from evcli.model.answer import Kind, Rounding
from evcli.tuples import NamedTuple

R = TypeVar("R", bound=tuple[Any, ...])
Texts = tuple[str, ...]


class Field(NamedTuple):
    """A key of fact files (unless ``key`` is False) and a column of packages (``column``).

    ``name`` is the name of the field that it stands beside, ``type`` follows from the type of
    that, and it holds the whole value, unless the declaration says otherwise; ``of`` names a part
    of the value (``bounds.low``). ``needed`` keys may not be left out, ``filled`` columns have no
    empty cell. ``refers_to`` names the table whose ``id`` it names. ``choices`` and ``pattern``
    say what may be written.
    """

    description: str
    name: str = ""
    of: str = ""
    type: Kind = Kind.TEXT
    rounding: Rounding = Rounding.NEAREST
    needed: bool = False
    filled: bool = False
    refers_to: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    key: bool = True
    column: bool = True


Needed = partial(Field, needed=True, filled=True)  # a field that may never be empty


class After(NamedTuple):
    """In files and packages the field stands behind another one, not where the tuple has it."""

    field: str


class RecordKind(NamedTuple):
    """A kind of record: its section of fact files and table of packages, and what one is called.

    ``key`` are the columns that together name one, none where nothing does.
    """

    name: str
    singular: str
    record: type[tuple[Any, ...]]
    description: str
    key: tuple[str, ...]


KINDS: dict[str, RecordKind] = {}  # by name


def record(
    name: str, singular: str, description: str, key: tuple[str, ...] = ("id",)
) -> Callable[[type[R]], type[R]]:
    """Declare a class to be a kind of record."""

    def declare(declared: type[R]) -> type[R]:
        KINDS[name] = RecordKind(name, singular, declared, description, key)
        return declared

    return declare


def type_of(annotation: Any) -> Any:
    """The type in an annotation, without what is said beside it."""
    return annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation


# what many records have
ID = r"[A-Za-z0-9][A-Za-z0-9._-]*"
RecordId = Annotated[str, Needed("Its name.", pattern=ID)]
WordName = Annotated[str, Field("What people call it.", filled=True)]
