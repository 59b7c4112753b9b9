"""Turn a table of a TOML file into a frozen dataclass, naming every fault, not only the first.

The dataclass is the schema: its field names are the keys, its annotations the types, its defaults the optional keys.
A field called ``key`` receives the name of the table it stands in; a trailing underscore is dropped (``from_``).
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from villagedesk.errors import Problem, Unreadable
from villagedesk.grammar import mistake_in
from villagedesk.text import Text, say

T = TypeVar("T")

_SCALARS: Mapping[type, Callable[[], Text]] = {
    str: lambda: say("it must be text in quotation marks"),
    int: lambda: say("it must be a whole number"),
    bool: lambda: say("it must be true or false"),
    date: lambda: say("it must be a date such as 2018-10-14"),
}


class Faults:
    """The faults found in one file, each as one sentence with file, key path and reason."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, path: str, reason: Text) -> None:
        """Note that ``path`` is wrong for ``reason`` (a sentence without a full stop)."""
        text = say("{file}, key {path}: {reason}.", file=self.file, path=path or "-", reason=reason)
        self.problems.append(Problem(text, path, "schema"))


def text_of(file: Path) -> str:
    """What stands in a text file. Raises Unreadable for what is none."""
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(say("“{name}” is no text file that can be read. Choose another.", name=file.name)) from error


def tables(text: str, faults: Faults) -> dict[str, Any]:
    """The tables of a TOML text. Raises Unreadable with the fault of grammar that it notes in ``faults``."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        mistake = mistake_in(text, error)
        faults.add(mistake.key, mistake.told)
        raise Unreadable(faults.problems[-1].text) from error


def parsed(file: Path, faults: Faults) -> dict[str, Any]:
    """The tables of a TOML file. Raises Unreadable naming file and reason."""
    return tables(text_of(file), faults)


def build(kind: type[T], tree: Mapping[str, object], path: str, faults: Faults) -> T | None:
    """``tree`` as a ``kind``; None when it does not fit, with every reason in ``faults``."""
    before = len(faults.problems)
    keys = _schema(kind)  # type: ignore[arg-type]  # every class can be hashed
    for name in tree.keys() - keys.keys():
        faults.add(_join(path, name), say("this key is not known here; allowed are {keys}", keys=", ".join(keys)))
    values: dict[str, Any] = {}
    for name, key in keys.items():
        if name in tree:
            values[key.field] = key.read(tree[name], _join(path, name), faults)
        elif key.required:
            faults.add(_join(path, name), say("this key is missing"))
    return kind(**values) if len(faults.problems) == before else None


_Reader = Callable[[Any, str, Faults], Any]
"""Takes a value of the file, its key path, and notes what is wrong with it."""


class _Key(NamedTuple):
    field: str
    read: _Reader
    required: bool


@cache
def _schema(kind: type[Any]) -> Mapping[str, _Key]:
    """What may stand in the table of a ``kind``; working it out is most of the cost of reading a pack."""
    hints = get_type_hints(kind)
    return {
        field.name.rstrip("_"): _Key(field.name, _reader(hints[field.name]), _required(field))
        for field in dataclasses.fields(kind)
        if field.init
    }


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


@cache
def _reader(hint: Any) -> _Reader:
    """How a value of this type is read."""
    hint = getattr(hint, "__supertype__", hint)
    origin = get_origin(hint)
    if origin in {Union, UnionType}:
        return _reader(next(arg for arg in get_args(hint) if arg is not type(None)))
    if origin is Literal:
        return partial(_choice, get_args(hint))
    if origin is tuple:
        return _list_reader(get_args(hint))
    if origin is not None and issubclass(origin, Mapping):
        return partial(_table, _entry_reader(get_args(hint)[1]))
    if dataclasses.is_dataclass(hint):
        return partial(_record, hint)
    return partial(_scalar, hint)


def _scalar(hint: Any, value: object, path: str, faults: Faults) -> object:
    if type(value) is not hint and hint in _SCALARS:
        faults.add(path, _SCALARS[hint]())
    return value


def _choice(allowed: tuple[object, ...], value: object, path: str, faults: Faults) -> object:
    if value not in allowed:
        faults.add(path, say("it must be one of {values}", values=", ".join(map(str, allowed))))
    return value


def _list_reader(args: tuple[Any, ...]) -> _Reader:
    if args[-1] is Ellipsis:
        return partial(_list, _reader(args[0]))
    return partial(_row, tuple(map(_reader, args)))


def _list(read: _Reader, value: object, path: str, faults: Faults) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        faults.add(path, say("it must be a list in square brackets"))
        return ()
    return tuple([read(item, f"{path}[{at}]", faults) for at, item in enumerate(value)])


def _row(readers: tuple[_Reader, ...], value: object, path: str, faults: Faults) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        faults.add(path, say("it must be a list in square brackets"))
        return ()
    if len(value) != len(readers):
        faults.add(path, say("it must be a list of {count} values", count=len(readers)))
        return ()
    pairs = zip(readers, value, strict=True)
    return tuple([read(item, f"{path}[{at}]", faults) for at, (read, item) in enumerate(pairs)])


def _table(read: Callable[[str, Any, str, Faults], Any], value: object, path: str, faults: Faults) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        faults.add(path, say("it must be a table"))
        return MappingProxyType({})
    return MappingProxyType({name: read(name, item, _join(path, name), faults) for name, item in value.items()})


def _entry_reader(hint: Any) -> Callable[[str, Any, str, Faults], Any]:
    read = _reader(hint)
    keyed = dataclasses.is_dataclass(hint) and any(field.name == "key" for field in dataclasses.fields(hint))

    def entry(name: str, value: Any, path: str, faults: Faults) -> Any:
        return read({"key": name, **value} if keyed and isinstance(value, Mapping) else value, path, faults)

    return entry


def _record(hint: Any, value: object, path: str, faults: Faults) -> Any:
    if not isinstance(value, Mapping):
        faults.add(path, say("it must be a table"))
        return None
    return build(hint, value, path, faults)
