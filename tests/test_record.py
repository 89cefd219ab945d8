"""A record is a named tuple to everybody who uses it."""

import pickle
from typing import Generic, NamedTuple, TypeVar

import pytest

from flasklint.record import Record

T = TypeVar("T")


class Place(Record):
    path: str
    line: int = 1
    columns: tuple[int, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.path}:{self.line}"


class Same(NamedTuple):
    path: str
    line: int = 1
    columns: tuple[int, ...] = ()


class Held(Record, Generic[T]):
    value: T


def test_values_defaults_and_names() -> None:
    place = Place("a", columns=(2,))
    assert (place.path, place.line, place.columns, place.shown) == ("a", 1, (2,), "a:1")
    assert place == Same("a", columns=(2,))
    assert hash(place) == hash(Same("a", columns=(2,)))
    assert repr(place) == "Place(path='a', line=1, columns=(2,))"
    assert repr(place).replace("Place", "Same") == repr(Same("a", columns=(2,)))
    assert Place._fields == Same._fields
    assert place._asdict() == Same("a", columns=(2,))._asdict()


def test_replace_returns_another() -> None:
    place = Place("a")
    assert place._replace(line=3) == ("a", 3, ())
    assert place.line == 1
    with pytest.raises(ValueError, match="row"):
        place._replace(row=3)


def test_wrong_arguments_are_refused_the_first_time_and_ever_after() -> None:
    class Other(Record):
        path: str

    for _ in range(2):
        with pytest.raises(TypeError):
            Other()
        with pytest.raises(TypeError):
            Other("a", "b")
        assert Other("a").path == "a"


def test_it_is_frozen_and_has_no_dictionary() -> None:
    place = Place("a")
    with pytest.raises(AttributeError):
        place.path = "b"
    assert not hasattr(place, "__dict__")


def test_it_can_be_generic_matched_and_pickled() -> None:
    held: Held[str] = Held("x")
    match held:
        case Held(value=value):
            assert value == "x"
    assert pickle.loads(pickle.dumps(Place("a", 2))) == Place("a", 2)
