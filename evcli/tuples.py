"""``NamedTuple`` as :mod:`typing` has it, made sooner: sixty classes would cost a look-up 5 ms.

Nothing is compiled for a class before there is an object of it, and no annotation is looked into.

>>> class Place(NamedTuple):
...     file: str
...     line: int = 1
>>> Place("a.yaml"), Place(line=3, file="b.yaml")._replace(line=4), Place._make(("c.yaml", 2))
(Place(file='a.yaml', line=1), Place(file='b.yaml', line=4), Place(file='c.yaml', line=2))
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from _collections import _tuplegetter

    class _NamedTupleType(type):
        def __new__(cls, name, bases, members):
            if getattr(bases[0], "_fields", ()):  # those of its base
                return super().__new__(cls, name, bases, members)
            made = super().__new__(cls, name, bases, {"__slots__": (), **members})
            fields = made._fields = made.__match_args__ = tuple(made.__annotations__)
            made._field_defaults = {each: members[each] for each in fields if each in members}
            for at, field in enumerate(fields):
                setattr(made, field, _tuplegetter(at, None))
            return made

        @property
        def __signature__(cls):
            from inspect import Parameter, Signature

            defaults = dict.fromkeys(cls._fields, Parameter.empty) | cls._field_defaults
            kind = Parameter.POSITIONAL_OR_KEYWORD
            return Signature([Parameter(e, kind, default=defaults[e]) for e in cls._fields])

    class NamedTuple(tuple, metaclass=_NamedTupleType):
        """A tuple whose items have names."""

        def __new__(cls, *args, **named):
            """The first object of a class; what makes all of them is compiled."""
            owner = next(each for each in cls.__mro__ if "_fields" in vars(each))
            given = ", ".join(owner._fields)
            code = f"lambda cls, {given}: new(cls, ({given},))"
            # as collections.namedtuple does
            make = eval(code, {"new": tuple.__new__})  # noqa: S307 - our own names of fields alone
            make.__defaults__ = tuple(owner._field_defaults.values())
            make.__qualname__ = f"{owner.__qualname__}.__new__"
            owner.__new__ = staticmethod(make)
            return make(cls, *args, **named)

        @classmethod
        def _make(cls, items):
            made = tuple.__new__(cls, items)
            if len(made) != len(cls._fields):
                raise TypeError(f"{cls.__name__} has {len(cls._fields)} fields, not {len(made)}")
            return made

        def _replace(self, **named):
            made = self._make(map(named.pop, self._fields, self))
            if named:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(named)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            items = ", ".join(f"{name}={item!r}" for name, item in self._asdict().items())
            return f"{type(self).__name__}({items})"

        def __getnewargs__(self):
            return tuple(self)
