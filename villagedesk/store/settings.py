"""Values that a desk or hub keeps for itself; they never travel."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from villagedesk.records.schema import setting

# Statements are made once: a desk asks for its settings all the time.
_READ = select(setting.c.value).where(setting.c.key == bindparam("of"))
_DROP = setting.delete().where(setting.c.key == bindparam("of"))
_WRITE = text(
    "INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
).bindparams(bindparam("value", type_=setting.c.value.type))


def read_setting(connection: Connection, key: str, default: Any = None) -> Any:
    """A local value inside a transaction."""
    found = connection.execute(_READ, {"of": key}).first()
    return default if found is None else found.value


def write_setting(connection: Connection, key: str, value: Any) -> None:
    """Keep a local value inside a transaction."""
    connection.execute(_WRITE, {"key": key, "value": value})


def drop_setting(connection: Connection, key: str) -> None:
    """Forget a local value inside a transaction."""
    connection.execute(_DROP, {"of": key})
