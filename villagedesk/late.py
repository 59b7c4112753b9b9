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


def write_methods_late() -> None:
    """From now on a method of a new dataclass is written by its first call, which puts it into its place."""
    if hasattr(dataclasses, _MAKER):
        setattr(dataclasses, _MAKER, _later)


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
