"""Frozen records that are cheap to define.

flasklint has a hundred kinds of record, and each of them is defined at every start. Defining a
frozen data class takes about 1 ms, a `typing.NamedTuple` 0.16 ms, a `Record` 0.02 ms (CPython 3.11): it
is a named tuple whose constructor is only compiled when the first instance is made. Type checkers
see `typing.NamedTuple` itself, so everything known of it holds.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING or sys.version_info >= (3, 14):  # 3.14 evaluates annotations late, and only there
    from typing import NamedTuple as Record
else:
    from _collections import _tuplegetter as _field  # what collections.namedtuple uses, too
    from functools import cache
    from types import FunctionType

    class _Values(tuple):
        """What every record is: a tuple whose items have names."""

        __slots__ = ()

        def __repr__(self):
            values = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({values})"

        def __reduce__(self):
            return type(self), tuple(self)

        def _replace(self, /, **changes):
            values = map(changes.pop, self._fields, self)
            made = tuple.__new__(type(self), values)
            if changes:
                raise ValueError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

    class _RecordType(type):
        """Makes a named tuple of a class body with annotated fields.

        What it makes is of plain `type`: of such a class `isinstance` is told at three quarters of the cost.
        """

        def __new__(meta, name, bases, body):
            if not bases:
                return super().__new__(meta, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = tuple(body.pop(field) for field in fields if field in body)
            getters = {field: _field(index, "") for index, field in enumerate(fields)}
            made = {"_fields": fields, "__slots__": (), "__new__": _constructor(fields, defaults)}
            plain = tuple(_Values if base is Record else base for base in bases)
            return type(name, plain, {**body, **getters, **made})

    @cache
    def _of_length(count):
        """Compile the code of a constructor once for all records of as many fields."""
        listed = ", ".join(f"field{number}" for number in range(count))
        return eval(f"lambda _cls, {listed}: _new(_cls, ({listed},))", {"_new": tuple.__new__})

    def _constructor(fields, defaults):
        """Return a `__new__` that puts one with the fields' names in its own place when it is first called."""

        def first(cls, *args, **kwargs):
            home = next(base for base in cls.__mro__ if "_fields" in base.__dict__)
            general = _of_length(len(fields))
            code = general.__code__.replace(co_varnames=("_cls", *fields))
            new = FunctionType(code, general.__globals__, "__new__", defaults)
            home.__new__ = staticmethod(new)
            return new(cls, *args, **kwargs)

        return first

    class Record(metaclass=_RecordType):
        """The base to name in a `class` statement."""


__all__ = ["Record"]
