"""Values do what frozen dataclasses with slots do."""

from __future__ import annotations

import dataclasses

import pytest

from gowatchd.value import field, replace, value


@value
class Place:
    """A place."""

    line: int
    column: int = 1

    def moved(self, by: int) -> Place:
        return replace(self, column=self.column + by)


@dataclasses.dataclass(frozen=True, slots=True)
class Model:
    """The same as a dataclass."""

    line: int
    column: int = 1


@value(order=True)
class Ordered:
    first: int
    second: str = ""


@value(eq=False)
class Thing:
    name: str
    length: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.name))


@value(frozen=False)
class Changing:
    names: list[str] = field(default_factory=list)
    count: int = 0


@value
class Empty:
    """Nothing in it."""


@value
class Own:
    number: int

    def __repr__(self) -> str:
        return "mine"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own)

    def __hash__(self) -> int:
        return 7


def test_shows_and_compares_like_a_dataclass():
    assert repr(Place(3)) == repr(Model(3)).replace("Model", "Place") == "Place(line=3, column=1)"
    assert Place(3) == Place(line=3, column=1)
    assert Place(3) != Place(3, 2)
    assert Place(3) != Model(3)
    assert Place(3) != (3, 1)
    assert len({Place(3), Place(3, 1), Place(3, 2)}) == 2
    assert Place.__doc__ == "A place."
    assert Place.__qualname__ == "Place"
    assert Place.__module__ == __name__


@pytest.mark.parametrize("arguments", [(), (1, 2, 3)])
def test_demands_its_arguments(arguments):
    with pytest.raises(TypeError, match="__init__"):
        Place(*arguments)


def test_is_frozen_and_has_no_other_attributes():
    one = Place(3)
    with pytest.raises(AttributeError, match="its line stays as it is"):
        one.line = 4
    with pytest.raises(AttributeError, match="its line stays as it is"):
        del one.line
    with pytest.raises(AttributeError):
        one.other = 4
    assert not hasattr(one, "__dict__")
    assert one.line == 3


def test_a_copy_with_other_fields():
    one = Place(3, 4)
    assert one.moved(2) == Place(3, 6)
    assert one == Place(3, 4)
    with pytest.raises(TypeError):
        replace(one, nonsense=1)


def test_order():
    ordered = [Ordered(1, "b"), Ordered(2), Ordered(3, "a")]
    assert sorted([Ordered(3, "a"), Ordered(2), Ordered(1, "b")]) == ordered
    assert Ordered(1) < Ordered(2) <= Ordered(2) > Ordered(1) >= Ordered(1)
    with pytest.raises(TypeError):
        _ = Ordered(1) < (2, "")
    with pytest.raises(TypeError):
        _ = Place(1) < Place(2)


def test_identity_where_that_is_asked_for():
    one, other = Thing("ab"), Thing("ab")
    assert one == one
    assert one != other
    assert len({one, other}) == 2
    assert one.length == 2
    assert repr(one) == "Thing(name='ab')"
    with pytest.raises(TypeError):
        Thing("ab", 2)
    assert replace(one, name="abc").length == 3


def test_what_may_change_changes_alone():
    one, other = Changing(), Changing()
    one.names.append("x")
    one.count += 1
    assert other == Changing([], 0) != one
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    with pytest.raises(AttributeError):
        one.other = 1


def test_no_fields():
    assert Empty() == Empty()
    assert repr(Empty()) == "Empty()"
    assert hash(Empty()) == hash(Empty())


def test_methods_of_its_own_stay():
    assert repr(Own(1)) == "mine"
    assert Own(1) == Own(2)
    assert hash(Own(1)) == 7
