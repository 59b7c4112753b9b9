"""Schema steps, numbered for ever: ``user_version`` of a store is the number of the last step taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Connection

from villagedesk.errors import Unreadable
from villagedesk.records.schema import metadata
from villagedesk.text import say


def _first(connection: Connection) -> None:
    metadata.create_all(connection)


STEPS: Mapping[int, Callable[[Connection], None]] = MappingProxyType({1: _first})
SCHEMA = max(STEPS)


def version(connection: Connection) -> int:
    """The schema number of an open store (SQLite)."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def refuse_newer(found: int) -> None:
    """Raise Unreadable when the store was written by a newer program."""
    if found > SCHEMA:
        raise Unreadable(say("This desk was written by a newer version of the program. Update the program first."))


def migrate(connection: Connection) -> None:
    """Take every step the store has not had, in the caller's transaction."""
    for number in range(version(connection) + 1, SCHEMA + 1):
        STEPS[number](connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")
