"""An older database brought to today's schema: a copy is changed, proved, and only then takes the place of the old one.

The copy takes the device id along, for it is the same laptop. A power cut leaves the old file or the new one, whole.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from villagedesk.durable import refusals, sync_folder
from villagedesk.errors import Unavailable
from villagedesk.store.engine import copy_whole, fold_log, make_engine
from villagedesk.store.machine import fingerprint
from villagedesk.store.migrations import SCHEMA, migrate, refuse_newer, version
from villagedesk.store.store import read_setting, write_setting
from villagedesk.text import say

_PASSING = ".next"


def upgrade(file: Path, key: bytes) -> None:
    """Bring the database ``file`` to :data:`SCHEMA`; one that is there already, or is new, is left alone.

    Raises Unreadable for a newer one, Unavailable when there is no room or the changed copy is not whole; then the old
    file stands untouched.
    """
    engine = make_engine(file, key)
    try:
        with engine.connect().execution_options(write=False) as connection:
            found = version(connection)
            refuse_newer(connection, found)
            device = _device(connection)
        if found in {0, SCHEMA}:
            return
        copy = file.with_name(file.name + _PASSING)
        with refusals(file):
            _clear(copy)
        copy_whole(engine, copy, key)
        fold_log(engine)
    finally:
        engine.dispose()
    ours = device is not None and device["fingerprint"] == fingerprint(file)
    _change(copy, key, {**device, "fingerprint": fingerprint(copy)} if device is not None and ours else None)
    with refusals(file):
        _flush(copy)
        copy.replace(file)
        sync_folder(file.parent)


def _device(connection: Connection) -> dict[str, object] | None:
    found: dict[str, object] | None = read_setting(connection, "device") if version(connection) else None
    return found


def _change(copy: Path, key: bytes, device: dict[str, object] | None) -> None:
    engine = make_engine(copy, key)
    try:
        with engine.begin() as connection:
            migrate(connection)
            if device is not None:
                write_setting(connection, "device", device)
        fold_log(engine)
        with engine.connect().execution_options(write=False) as connection:
            wrong = connection.exec_driver_sql("PRAGMA cipher_integrity_check").first()
            torn = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    finally:
        engine.dispose()
    if wrong or torn:
        _clear(copy)
        raise Unavailable(
            say("The desk could not be brought to this version; it stands as it was. Restore the latest backup.")
        )


def _clear(copy: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        copy.with_name(copy.name + ending).unlink(missing_ok=True)


def _flush(copy: Path) -> None:
    with copy.open("rb+") as stream:
        os.fsync(stream.fileno())
    with suppress(OSError):
        copy.with_name(copy.name + "-wal").unlink()
