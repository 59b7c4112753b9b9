"""Schema checks shared by the data files of this package: every complaint names file, key and reason."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from villagedesk.errors import Unreadable
from villagedesk.grammar import mistake_in
from villagedesk.text import Text, say

Table = Mapping[str, Any]


def read_toml(path: Path) -> dict[str, Any]:
    """The TOML file as plain values. Raises Unreadable when it is missing, not UTF-8 or not TOML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Unreadable(say("There is no file “{file}”. Choose it again.", file=path.name)) from error
    except OSError as error:
        raise Unreadable(say("The file “{file}” cannot be opened.", file=path.name)) from error
    except UnicodeDecodeError as error:
        raise Unreadable(say("The file “{file}” is not UTF-8 text. Save it as UTF-8.", file=path.name)) from error
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        mistake = mistake_in(text, error)
        raise fault(path, mistake.key or "-", mistake.told) from error


def fault(path: Path, key: str, reason: Text) -> Unreadable:
    """The complaint about one key of one file."""
    return Unreadable(say("{file}, {key}: {reason}.", file=path.name, key=key, reason=reason))


def only_keys(path: Path, where: str, table: Table, allowed: frozenset[str]) -> None:
    """Refuse keys that nobody reads: a misspelt key would otherwise be lost without a word."""
    for key in table:
        if key not in allowed:
            raise fault(path, f"{where}.{key}".lstrip("."), say("this key is unknown"))


def text_of(path: Path, where: str, table: Table, key: str, default: str | None = None) -> str:
    """A text value, required unless there is a default."""
    value = table.get(key, default)
    if not isinstance(value, str):
        raise fault(path, f"{where}.{key}", say("a text is needed here"))
    return value


def texts_of(path: Path, where: str, table: Table, key: str) -> tuple[str, ...]:
    """A list of texts, empty when absent."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise fault(path, f"{where}.{key}", say("a list of texts is needed here"))
    return tuple(value)


def words_of(path: Path, where: str, table: Table, key: str) -> dict[str, str]:
    """A table of text to text, empty when absent."""
    value = table.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise fault(path, f"{where}.{key}", say("a table of texts is needed here"))
    return dict(value)


def table_of(path: Path, where: str, table: Table, key: str) -> dict[str, Any]:
    """A table, empty when absent."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise fault(path, f"{where}.{key}".lstrip("."), say("a table is needed here"))
    return dict(value)


def flag_of(path: Path, where: str, table: Table, key: str, *, default: bool) -> bool:
    """A true or false."""
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise fault(path, f"{where}.{key}", say("true or false is needed here"))
    return value


def whole_of(path: Path, where: str, table: Table, key: str) -> int | None:
    """A whole number, None when absent."""
    value = table.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise fault(path, f"{where}.{key}", say("a whole number is needed here"))
    return value
