"""Values that a desk or hub keeps for itself; they never travel."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from villagedesk.records.schema import setting


def read_setting(connection: Connection, key: str, default: Any = None) -> Any:
    """A local value inside a transaction."""
    found = connection.execute(select(setting.c.value).where(setting.c.key == key)).first()
    return default if found is None else found.value


def write_setting(connection: Connection, key: str, value: Any) -> None:
    """Keep a local value inside a transaction."""
    connection.execute(setting.delete().where(setting.c.key == key))
    connection.execute(setting.insert().values(key=key, value=value))


def drop_setting(connection: Connection, key: str) -> None:
    """Forget a local value inside a transaction."""
    connection.execute(setting.delete().where(setting.c.key == key))
