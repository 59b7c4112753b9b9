"""Dataclasses whose methods are written when somebody first calls them.

The standard library writes and compiles ``__init__``, ``__eq__``, ``__repr__`` and up to three more of every dataclass
while it is imported. That took half the time of importing the core, and most of them are never called. Python 3.13
writes the methods of a class in one piece and by other means; there this does nothing and should go.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

_Method = Callable[..., Any]
_MAKER = "_create_fn"
_write: _Method = getattr(dataclasses, _MAKER, dataclasses.dataclass)
_packages: set[str] = set()


def write_methods_late(*packages: str) -> None:
    """From now on a method of a new dataclass of these packages is written by its first call.

    Those of other packages are written as ever.
    """
    _packages.update(packages)
    if hasattr(dataclasses, _MAKER):
        setattr(dataclasses, _MAKER, _make)


def _make(name: str, args: Sequence[str], body: Sequence[str], *, globals: dict[str, Any], **how: Any) -> _Method:  # noqa: A002  its name in dataclasses
    package = str(globals.get("__name__", "")).partition(".")[0]
    make = _later if package in _packages else _write
    return make(name, args, body, globals=globals, **how)


def _later(name: str, args: Sequence[str], body: Sequence[str], **how: Any) -> _Method:
    written: _Method | None = None

    def method(self: object, /, *given: Any, **named: Any) -> Any:
        nonlocal written
        if written is None:
            written = _write(name, args, body, **how)
            written.__qualname__ = method.__qualname__
            _put_in_place(type(self), method, written)
        return written(self, *given, **named)

    method.__name__ = name
    return method


def _put_in_place(kind: type, stand_in: _Method, written: _Method) -> None:
    for owner in kind.__mro__:
        if owner.__dict__.get(written.__name__) is stand_in:
            setattr(owner, written.__name__, written)
