"""Registers as data: the columns of a list, their order and headings (``resources/columns/registers``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from villagedesk import resources
from villagedesk.errors import Usage
from villagedesk.exchange import shapes
from villagedesk.exchange.fields import Field, FieldDictionary, load_fields
from villagedesk.text import say

_KEYS = frozenset(("title", "rows", "header_row", "text_only", "source", "columns"))
_COLUMN_KEYS = frozenset(("field", "value", "extra", "heading", "width", "words", "total"))


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """A column of a register.

    It shows a field of the dictionary, an ``extra`` column of a former roster, a ``value`` of the caller's own (text),
    or nothing: the form has the column, this program does not keep it.
    """

    heading: str
    width: int
    shows: Field | None = None
    value: str = ""
    extra: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    total: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """A list to be written. ``rows`` says what a row is: households, members or findings."""

    name: str
    title: str
    rows: str
    header_row: int
    text_only: bool
    columns: tuple[RegisterColumn, ...]


def register_names() -> tuple[str, ...]:
    """The registers there are."""
    return tuple(sorted(file.stem for file in resources.path("columns", "registers").glob("*.toml")))


@lru_cache
def load_register(name: str) -> Register:
    """The register of this name. Raises Usage when there is none."""
    if name not in register_names():
        raise Usage(
            say("There is no table “{name}”. There are: {names}.", name=name, names=", ".join(register_names()))
        )
    return read_register(resources.path("columns", "registers", f"{name}.toml"), load_fields())


def read_register(path: Path, fields: FieldDictionary) -> Register:
    """Read and check a register file. Raises Unreadable naming file, key and reason."""
    raw = shapes.read_toml(path)
    shapes.only_keys(path, "", raw, _KEYS)
    rows = shapes.text_of(path, "register", raw, "rows")
    if rows not in {"households", "members", "findings"}:
        raise shapes.fault(path, "rows", say("a row is households, members or findings"))
    columns = raw.get("columns")
    if not isinstance(columns, list) or not all(isinstance(column, dict) for column in columns):
        raise shapes.fault(path, "columns", say("a list of tables is needed here"))
    return Register(
        name=path.stem,
        title=shapes.text_of(path, "register", raw, "title"),
        rows=rows,
        header_row=shapes.whole_of(path, "register", raw, "header_row") or 1,
        text_only=shapes.flag_of(path, "register", raw, "text_only", default=False),
        columns=tuple(_column(path, f"columns[{place}]", column, fields) for place, column in enumerate(columns)),
    )


def _column(path: Path, where: str, table: shapes.Table, fields: FieldDictionary) -> RegisterColumn:
    shapes.only_keys(path, where, table, _COLUMN_KEYS)
    name = shapes.text_of(path, where, table, "field", "")
    if name and name not in fields.fields:
        raise shapes.fault(path, f"{where}.field", say("there is no field “{name}”", name=name))
    return RegisterColumn(
        heading=shapes.text_of(path, where, table, "heading"),
        width=shapes.whole_of(path, where, table, "width") or 12,
        shows=fields.fields[name] if name else None,
        value=shapes.text_of(path, where, table, "value", ""),
        extra=shapes.text_of(path, where, table, "extra", ""),
        words=MappingProxyType(shapes.words_of(path, where, table, "words")),
        total=shapes.flag_of(path, where, table, "total", default=False),
    )
