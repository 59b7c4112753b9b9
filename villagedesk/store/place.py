"""A desk or hub on disk: the folder, its key, its database, and which laptop incarnation opens it.

Folder: ``place.json`` (what this is, in clear, no personal data), ``vault.json`` (the wrapped key), ``desk.db``
(encrypted), ``attachments/`` (sealed), ``lock`` while open.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.store import lock, vault
from villagedesk.store.engine import make_engine, prove_key
from villagedesk.store.migrations import SCHEMA, migrate, refuse_newer, version
from villagedesk.store.store import Store, read_setting, write_setting
from villagedesk.store.wraps import STANDARD, Cost
from villagedesk.text import say
from villagedesk.values import Clock, NewId, new_id, system_clock

FORMAT = 1
DESK, HUB = "desk", "hub"


@dataclass(frozen=True)
class Place:
    """An open folder: the store in it, its data key (for attachments), and how to let go of it."""

    folder: Path
    kind: str
    store: Store
    key: bytes
    release: Callable[[], None]

    def close(self) -> None:
        """Fold the log into the database, close it, and let others open the folder."""
        try:
            with self.store.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA optimize")
                connection.rollback()
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        finally:
            self.store.engine.dispose()
            self.release()


def create(
    folder: Path,
    kind: str,
    passphrase: str,
    author: str,
    *,
    clock: Clock = system_clock,
    ids: NewId = new_id,
    cost: Cost = STANDARD,
) -> tuple[Place, str]:
    """Make a new desk or hub in an empty or missing folder; also returns the recovery key, shown once."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(say("“{folder}” is not empty. Choose a new folder.", folder=folder.name))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_label(folder, kind)
    except OSError as error:
        raise Unavailable(say("“{folder}” cannot be written. Choose another place.", folder=folder.name)) from error
    _key, recovery = vault.create_vault(folder / "vault.json", passphrase, clock, cost=cost)
    return open_place(folder, passphrase, author, clock=clock, ids=ids), recovery


def open_place(
    folder: Path, passphrase: str, author: str, *, clock: Clock = system_clock, ids: NewId = new_id
) -> Place:
    """Open a desk or hub. Raises Unreadable (no desk, wrong passphrase, damaged, newer) or Unavailable (locked)."""
    kind = label(folder)
    key = vault.open_vault(folder / "vault.json", passphrase)
    lock_file = lock.take(folder)
    try:
        store = _open_store(folder, key, author, clock, ids)
    except BaseException:
        lock_file.unlink(missing_ok=True)
        raise
    return Place(folder, kind, store, key, lambda: lock_file.unlink(missing_ok=True))


def label(folder: Path) -> str:
    """What the folder says it is: desk or hub. Raises Unreadable when it says neither."""
    try:
        said: Any = json.loads((folder / "place.json").read_text("utf-8"))
        kind, number = str(said["kind"]), int(said["format"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(
            say("There is no desk in “{folder}”. Choose the desk's folder.", folder=folder.name)
        ) from error
    if number > FORMAT:
        raise Unreadable(say("This desk was written by a newer version of the program. Update the program first."))
    return kind


def _write_label(folder: Path, kind: str) -> None:
    (folder / "place.json").write_text(json.dumps({"kind": kind, "format": FORMAT}), "utf-8")


def _open_store(folder: Path, key: bytes, author: str, clock: Clock, ids: NewId) -> Store:
    file = folder / "desk.db"
    fresh = not file.exists()
    engine = make_engine(file, key)
    try:
        prove_key(engine)
        with engine.begin() as connection:
            refuse_newer(version(connection))
            if version(connection) < SCHEMA:
                migrate(connection)
            device = _incarnation(connection, file, ids, fresh=fresh)
    except BaseException:
        engine.dispose()
        raise
    if os.name == "posix":
        file.chmod(0o600)
    return Store(engine, device, author, clock, ids)


def _incarnation(connection: Any, file: Path, ids: NewId, *, fresh: bool) -> str:
    """The device id of this copy of the store on this machine.

    A copied or restored database file is another file on disk: it gets an id of its own, so that its revisions never
    carry numbers that the original also gives out (DESIGN §5.4).
    """
    print_now = fingerprint(file)
    known = read_setting(connection, "device")
    if known and not fresh and known["fingerprint"] == print_now:
        return str(known["id"])
    device = ids()
    earlier = [*known.get("earlier", ()), known["id"]] if known else []
    write_setting(connection, "device", {"id": device, "fingerprint": print_now, "earlier": earlier})
    return device


def renew(connection: Connection) -> None:
    """Let the next opening take a new device id: this store went back behind numbers that it had given out."""
    known = read_setting(connection, "device")
    write_setting(connection, "device", {**known, "fingerprint": ""})


def fingerprint(file: Path) -> str:
    """What tells this database file on this machine from a copy of it.

    Machine, file number on its disk (which a disk may give again to a copy put in its place), and the birth of the
    label beside it, which is never written again.
    """
    machine = Path("/etc/machine-id")
    name = machine.read_text("ascii").strip() if machine.is_file() else f"{uuid.getnode():x}"
    born = file.with_name("place.json").stat().st_ctime_ns
    return hashlib.sha256(f"{name}|{file.stat().st_ino}|{born}".encode()).hexdigest()
