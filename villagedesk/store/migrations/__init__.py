"""Schema steps, numbered for ever: ``user_version`` of a store is the number of the last step taken.

A new store gets the tables as the drafts declare them today. A store of an earlier release takes one step after the
other; a step says in SQL what changed (SQLite and PostgreSQL read the same), never by today's drafts, which will have
moved on. A small desk of every released schema lies in ``tests/data/desks`` and is opened by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Connection

from villagedesk.records.schema import all_tables
from villagedesk.store.release import newer_desk, note_writer, writer_of

FIRST = 1
"""The schema of version 0.1.0, the first one released."""

STEPS: Mapping[int, Callable[[Connection], None]] = MappingProxyType({})
"""Number of a schema → the step that leads to it from the one before."""

SCHEMA = max(STEPS, default=FIRST)


def version(connection: Connection) -> int:
    """The schema number of an open store (SQLite)."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def refuse_newer(connection: Connection, found: int) -> None:
    """Raise Unreadable when the store, of schema ``found``, was written by a newer program, naming its release."""
    if found > SCHEMA:
        raise newer_desk(writer_of(connection))


def migrate(connection: Connection) -> None:
    """Make the tables of a new store, or take every step that an older one has not had, in the caller's transaction."""
    found = version(connection)
    if found:
        take_steps(connection, found)
    else:
        all_tables().create_all(connection)
    note_writer(connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")


def take_steps(connection: Connection, found: int) -> None:
    """Take the steps after schema ``found``."""
    for number in range(found + 1, SCHEMA + 1):
        STEPS[number](connection)
