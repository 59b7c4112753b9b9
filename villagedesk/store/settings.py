"""Values that a desk or hub keeps for itself; they never travel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from villagedesk.records.schema import setting

# Statements are made once: a desk asks for its settings all the time.
_READ = select(setting.c.value).where(setting.c.key == bindparam("of"))
_READ_ALL = select(setting.c.key, setting.c.value).where(setting.c.key.in_(bindparam("these", expanding=True)))
_DROP = setting.delete().where(setting.c.key == bindparam("of"))
_KEEP = text(
    "INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
).bindparams(bindparam("value", type_=setting.c.value.type))
_GATHERED = "settings gathered"


@dataclass
class _Gathered:
    """Values read at once, and those that wait to be written."""

    asked: frozenset[str]
    known: dict[str, Any]
    changed: dict[str, Any] = field(default_factory=dict)


@contextmanager
def gathered(connection: Connection, *keys: str) -> Iterator[None]:
    """Inside the block these settings are read from one answer, and all that is written goes out at its end, together.

    A database server takes a turn for every statement. Only inside one transaction; what a failed block would have
    written is forgotten with it.
    """
    held = _Gathered(frozenset(keys), dict(iter(connection.execute(_READ_ALL, {"these": keys}))))
    info = connection.info  # a connection that breaks inside the block has none to ask for
    info[_GATHERED] = held
    try:
        yield
    finally:
        info.pop(_GATHERED)
    if held.changed:
        connection.execute(_KEEP, [{"key": key, "value": value} for key, value in held.changed.items()])


def read_setting(connection: Connection, key: str, default: Any = None) -> Any:
    """A local value inside a transaction."""
    held: _Gathered | None = connection.info.get(_GATHERED)
    if held is not None and key in held.asked:
        return held.known.get(key, default)
    found = connection.execute(_READ, {"of": key}).first()
    return default if found is None else found.value


def write_setting(connection: Connection, key: str, value: Any) -> None:
    """Keep a local value inside a transaction."""
    held: _Gathered | None = connection.info.get(_GATHERED)
    if held is not None and key in held.asked:
        held.known[key] = held.changed[key] = value
    else:
        connection.execute(_KEEP, {"key": key, "value": value})


def drop_setting(connection: Connection, key: str) -> None:
    """Forget a local value inside a transaction, in none of the blocks of :func:`gathered`."""
    connection.execute(_DROP, {"of": key})
