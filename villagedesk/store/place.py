"""A desk or hub on disk: the folder, its key, its database, and which laptop incarnation opens it.

Folder: ``place.json`` (what this is, in clear, no personal data), ``vault.json`` (the wrapped key), ``desk.db``
(encrypted), ``attachments/`` (sealed), ``lock`` (signed while open), ``ballast`` (room kept back while open).
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Connection, Engine, event

from villagedesk.durable import make_folder, sync_folder, sync_tree, write_whole
from villagedesk.errors import Refused, Unavailable, Unreadable, Usage
from villagedesk.store import ballast, lock, server, vault
from villagedesk.store.covers import Covered, cover
from villagedesk.store.disks import demand_folder, demand_own_disk
from villagedesk.store.engine import fold_log, make_engine, prove_key, shut
from villagedesk.store.machine import fingerprint
from villagedesk.store.migrations import SCHEMA, migrate, refuse_newer, take_steps, version
from villagedesk.store.refolding import read_again
from villagedesk.store.release import newer_desk, note_writer, noted
from villagedesk.store.store import Store, read_setting, write_setting
from villagedesk.store.upgrade import upgrade
from villagedesk.store.wraps import STANDARD, Cost
from villagedesk.text import say
from villagedesk.values import Clock, NewId, new_id, system_clock

FORMAT = 1
DESK, HUB = "desk", "hub"
DATABASE = "desk.db"
ROLES = "roles"
"""The setting that says which role each person with a passphrase has."""

READERS = ("cadre", "township")
"""Roles that change nothing."""

SCRATCH = ".scratch-"
"""How folders for passing work begin; what a killed program left of them goes at the next opening."""


@dataclass(frozen=True)
class Place:
    """An open folder: the store in it, its data key (for attachments), who opened it, and how to let go of it."""

    folder: Path
    kind: str
    store: Store
    key: bytes
    user: str
    held: lock.Held

    def close(self) -> None:
        """Fold the log into the database, close it, and let others open the folder. Twice is once."""
        if self.held.released:
            return
        if self.store.shown is not None:
            shut(self.store.shown)
        try:
            fold_log(self.store.engine)
        finally:
            shut(self.store.engine)
            ballast.give_up(self.folder)
            self.held.release()


def create(  # noqa: PLR0913  each is the caller's choice
    folder: Path,
    kind: str,
    passphrase: str,
    author: str,
    *,
    clock: Clock = system_clock,
    ids: NewId = new_id,
    cost: Cost = STANDARD,
    database: str = "",
) -> tuple[Place, str]:
    """Make a new desk or hub in an empty or missing folder; also returns the recovery key, shown once.

    ``database``: the address of a server that keeps the records of a hub in place of a file in its folder.
    """
    demand_folder(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(say("“{folder}” is not empty. Choose a new folder.", folder=folder.name))
    demand_own_disk(folder)
    try:
        make_folder(folder)
    except OSError as error:
        raise Unavailable(say("“{folder}” cannot be written. Choose another place.", folder=folder.name)) from error
    said = {"kind": kind, "format": FORMAT, **({"database": database} if database else {})}
    try:
        write_whole(folder / "place.json", [json.dumps(said).encode()])
        key, recovery = vault.create_vault(folder / vault.VAULT_NAME, passphrase, clock, cost=cost)
        held = _hold(folder, take_over=False)
        return _open(folder, kind, held, (vault.DEFAULT_USER, key), author, clock, ids), recovery
    except (Unavailable, Usage):  # no server, or no address: the folder stays as empty as it was, for another try
        for left in filter(Path.is_file, folder.iterdir()):
            left.unlink()
        raise


def open_place(
    folder: Path,
    passphrase: vault.Passphrase,
    author: str,
    *,
    clock: Clock = system_clock,
    ids: NewId = new_id,
    user: str | None = None,
    take_over: bool = False,
) -> Place:
    """Open a desk or hub, as whoever the passphrase belongs to.

    ``take_over``: see :func:`villagedesk.store.lock.take`. Raises Unreadable (no desk, wrong passphrase, damaged,
    newer) or Unavailable (locked).
    """
    kind = label(folder)
    demand_own_disk(folder)
    entered = vault.enter(folder / vault.VAULT_NAME, passphrase, user=user)
    missing = not (folder / DATABASE).is_file() or not (folder / DATABASE).stat().st_size
    if missing and not server_of(folder):
        raise Unreadable(say("The database file is missing. Restore the latest backup."))
    held = _hold(folder, take_over=take_over)
    return _open(folder, kind, held, entered, author, clock, ids)


def covered(place: Place, what: Covered) -> Place:
    """The same open place for somebody who does not read ``what``."""
    shown = cover(make_engine(place.folder / DATABASE, place.key), what)
    return dataclasses.replace(place, store=dataclasses.replace(place.store, shown=shown))


def _hold(folder: Path, *, take_over: bool) -> lock.Held:
    """One program at a time in a folder with a database file; a server lets several work side by side."""
    if server_of(folder):
        return lock.Held(cast("IO[bytes]", tempfile.TemporaryFile(buffering=0)))
    return lock.take(folder, take_over=take_over)


def _open(
    folder: Path, kind: str, held: lock.Held, entered: vault.Entered, author: str, clock: Clock, ids: NewId
) -> Place:
    try:
        store = _open_store(folder, entered[1], author, clock, ids)
        store = dataclasses.replace(store, reader=store.setting(ROLES, {}).get(entered[0]) in READERS)
        _tidy(folder)
        ballast.lay(folder)
    except BaseException:
        held.release()
        raise
    return Place(folder, kind, store, entered[1], entered[0], held)


def label(folder: Path) -> str:
    """What the folder says it is: desk or hub. Raises Unreadable when it says neither, Usage when it is an address.

    A restore that a power cut stopped between moving the old desk aside and moving the new one in is finished first.
    """
    demand_folder(folder)
    if not folder.exists() and restored(folder).is_dir():
        restored(folder).rename(folder)
    try:
        said: Any = json.loads((folder / "place.json").read_text("utf-8"))
        kind, number = str(said["kind"]), int(said["format"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise Unreadable(
            say("There is no desk in “{folder}”. Choose the desk's folder.", folder=folder.name)
        ) from error
    if number > FORMAT:
        raise newer_desk(noted(folder))
    return kind


def server_of(folder: Path) -> str:
    """The address of the server that keeps the records, "" when they lie in the folder."""
    try:
        return str(json.loads((folder / "place.json").read_text("utf-8")).get("database", ""))
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""


def restored(folder: Path) -> Path:
    """Where a restored desk waits, whole and proved, for its place to become free."""
    return folder.with_name(f".{folder.name}.restored")


def replace(folder: Path, ready: Path, stamp: str) -> Path | None:
    """Put the whole desk that lies at ``ready`` into ``folder``; the one there is kept aside under ``stamp``.

    Raises Unreadable when the folder holds something else, Unavailable when a living program has it open.
    """
    waiting = restored(folder)
    shutil.rmtree(waiting, ignore_errors=True)
    aside = None
    if folder.exists() and any(folder.iterdir()):
        label(folder)
        lock.take(folder).release()
        aside = _free_name(folder, stamp)
    sync_tree(ready)
    ready.rename(waiting)
    sync_folder(folder.parent)
    if aside is not None:
        folder.rename(aside)
    elif folder.exists():
        folder.rmdir()
    waiting.rename(folder)
    sync_folder(folder.parent)
    return aside


def _free_name(folder: Path, stamp: str) -> Path:
    names = (f"{folder.name}-{stamp}{more}" for more in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(path for path in map(folder.with_name, names) if not path.exists())


def _tidy(folder: Path) -> None:
    """Clear what a killed program left: unfinished copies, a restore that never became one."""
    for left in (*folder.glob(f"{SCRATCH}*"), restored(folder)):
        shutil.rmtree(left, ignore_errors=True)


def _open_server(address: str, author: str, clock: Clock, ids: NewId) -> Store:
    engine = server.make_server_engine(address)
    try:
        with engine.begin() as connection:
            found = server.server_version(connection)
            refuse_newer(connection, found)
            if not found:
                server.create_tables(connection, SCHEMA)
                note_writer(connection)
            elif found < SCHEMA:
                take_steps(connection, found)
                server.note_version(connection, SCHEMA)
                note_writer(connection)
            device = _incarnation(connection, server.database_print(connection), ids)
            read_again(connection)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, device, author, clock, ids)


def _open_store(folder: Path, key: bytes, author: str, clock: Clock, ids: NewId) -> Store:
    address = server_of(folder)
    if address:
        return _open_server(address, author, clock, ids)
    file = folder / DATABASE
    engine = make_engine(file, key)
    try:
        prove_key(engine)
        engine.dispose()
        upgrade(file, key)
        with engine.begin() as connection:
            if not version(connection):
                migrate(connection)
            device = _incarnation(connection, fingerprint(file), ids)
            read_again(connection)
    except BaseException:
        engine.dispose()
        raise
    if os.name == "posix":
        with suppress(OSError):
            file.chmod(0o600)
    _give_room_when_full(engine, folder)
    return Store(engine, device, author, clock, ids)


def _give_room_when_full(engine: Engine, folder: Path) -> None:
    """The save that filled the disk is refused and rolled back; the next one finds the room of the ballast."""

    def on_error(context: Any) -> None:
        if "full" in str(context.original_exception):
            ballast.give_up(folder)

    event.listen(engine, "handle_error", on_error)


def _incarnation(connection: Connection, print_now: str, ids: NewId) -> str:
    """The device id of this copy of the store on this machine.

    A copied or restored database file is another file on disk: it gets an id of its own, so that its revisions never
    carry numbers that the original also gives out (DESIGN §5.4).
    """
    known = read_setting(connection, "device")
    if known and known["fingerprint"] == print_now:
        return str(known["id"])
    device = ids()
    earlier = [*known.get("earlier", ()), known["id"]] if known else []
    write_setting(connection, "device", {"id": device, "fingerprint": print_now, "earlier": earlier})
    return device


def renew(connection: Connection) -> None:
    """Let the next opening take a new device id: this store went back behind numbers that it had given out."""
    known = read_setting(connection, "device")
    write_setting(connection, "device", {**known, "fingerprint": ""})
