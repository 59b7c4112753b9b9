"""Dataclasses written late behave as those of the standard library, and are written once."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import threading
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from villagedesk import late

late.write_methods_late(__name__.partition(".")[0])


def _stands_in(kind: type, name: str) -> bool:
    return kind.__dict__[name].__code__.co_filename == late.__file__


@dataclass(frozen=True, slots=True)
class Point:
    """Two numbers."""

    x: int
    y: int = 0


@dataclass(frozen=True)
class Named(Point):
    """With what is worked out after the start."""

    name: str = ""
    words: list[str] = field(default_factory=list, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name.strip())


@dataclass
class Open:
    """May be changed."""

    number: int = 1


def test_a_method_is_written_by_its_first_call():
    @dataclass(frozen=True)
    class Fresh:
        """Nobody has called anything of it."""

        a: int

    methods = ("__init__", "__eq__", "__hash__", "__setattr__", "__delattr__")
    assert all(_stands_in(Fresh, name) for name in methods)
    assert Fresh(1) == Fresh(a=1)
    assert [name for name in methods if _stands_in(Fresh, name)] == ["__hash__", "__setattr__", "__delattr__"]
    assert Fresh.__init__.__qualname__.endswith("Fresh.__init__")


def test_values_are_equal_hashed_and_shown_as_ever():
    assert (Point(1, y=2), hash(Point(1))) == (Point(1, 2), hash(Point(1, 0)))
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert repr(Named(1, name=" a ")).endswith("Named(x=1, y=0, name='a', words=[])")
    assert Open(2) == Open(2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Open())
    with pytest.raises(TypeError, match="x"):
        Point()  # that is the test


def test_the_frozen_stay_frozen():
    for made in (Point(1), Named(1)):
        with pytest.raises(FrozenInstanceError):
            made.x = 2  # that is the test
        with pytest.raises(FrozenInstanceError):
            del made.x


def test_replace_fields_copies_and_pickles():
    named = dataclasses.replace(Named(1, 2, " b "), x=5)
    assert (named.x, named.name) == (5, "b")
    assert [each.name for each in dataclasses.fields(named)] == ["x", "y", "name", "words"]
    for each in (Point(3), named):
        assert copy.copy(each) == copy.deepcopy(each) == pickle.loads(pickle.dumps(each)) == each


def test_threads_that_call_at_once_get_the_same():
    @dataclass(frozen=True)
    class Shared:
        """Made by several at once."""

        a: int
        b: str = "b"

    begin, made = threading.Barrier(8), []

    def make() -> None:
        begin.wait()
        made.append(Shared(1))

    threads = [threading.Thread(target=make) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert made == [Shared(1)] * 8


def test_those_of_other_packages_are_written_at_once():
    theirs = dataclasses.make_dataclass("Theirs", ["number"])  # of the module types
    assert not _stands_in(theirs, "__init__")
