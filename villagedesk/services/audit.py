"""Proving a desk whole: pages, chains, records against their revisions, attachments (DESIGN §5.2, INTERFACE verify)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.errors import VillageDeskError
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, empty, revision, touch
from villagedesk.store import lines, sealed
from villagedesk.store.fold import Written, fold
from villagedesk.store.place import Place
from villagedesk.text import Text, say
from villagedesk.values import Step, no_step


@dataclass(frozen=True)
class Fault:
    """Something that is not as it should be, located to the record where possible."""

    part: str  # pages | chain | records | attachments
    where: str
    text: Text


@dataclass(frozen=True)
class Audit:
    """What was looked at and what was wrong with it."""

    revisions: int
    records: int
    attachments: int
    faults: tuple[Fault, ...]


def audit(place: Place, step: Step = no_step) -> Audit:
    """Look at everything in an open desk or hub. Reads only."""
    with place.store.read() as connection:
        faults = list(_pages(connection))
        written, count, wrong = _chains(connection, step)
        faults += wrong
        records, wrong = _records(connection, written)
        faults += wrong
        attachments, wrong = _attachments(connection, place.folder / "attachments", place.key)
    return Audit(count, records, attachments, (*faults, *wrong))


def _pages(connection: Connection) -> Iterator[Fault]:
    said = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    if said != ["ok"]:
        yield Fault("pages", "", say("The database file is damaged. Restore the latest backup."))


def _chains(connection: Connection, step: Step) -> tuple[dict[str, list[Written]], int, list[Fault]]:
    """Re-hash every line, follow every device's chain, and gather what was written into each record."""
    faults: list[Fault] = []
    known: set[str] = set()
    written: dict[str, list[Written]] = {}
    query = select(revision.c.n, revision.c.hash, revision.c.device, revision.c.seq, revision.c.line).order_by(
        revision.c.n
    )
    count = 0
    for number, stored_hash, device, seq, stored in connection.execute(query):
        count += 1
        where = f"{device}/{seq}"
        try:
            line = lines.unpack(stored)
            parsed = lines.decode(line)
        except VillageDeskError as error:
            faults.append(Fault("chain", where, error.text))
            continue
        hash_ = lines.digest(line).hex()
        if hash_ != stored_hash.hex() or (parsed.device, parsed.seq) != (device, seq):
            faults.append(Fault("chain", where, say("This revision was altered after it was written.")))
        if parsed.prev and parsed.prev not in known:
            faults.append(Fault("chain", where, say("A revision before this one is missing.")))
        known.add(hash_)
        for change in parsed.changes:
            entry = Written(hash_, parsed.hlc, change.parents, change.fields)
            written.setdefault(change.record, []).append(entry)
        step(number, 0)
    return written, count, faults


def _records(connection: Connection, written: dict[str, list[Written]]) -> tuple[int, list[Fault]]:
    """Hold every stored row against the fold of its revisions."""
    faults: list[Fault] = []
    count = 0
    for kind, record in RECORDS.items():
        for row in connection.execute(select(record.table)).mappings():
            count += 1
            folded = fold(written.get(row["id"], []), record.protected)
            said = {**empty(record), "removed": False, "village": "", **folded.values}
            wrong = [name for name, value in said.items() if lines.plain(row[name]) != lines.plain(value)]
            if row["id"] not in written or wrong:
                text = say("The record differs from its history in: {fields}.", fields=", ".join(wrong) or "*")
                faults.append(Fault("records", f"{kind}/{row['id']}", text))
    stored = set(connection.execute(select(touch.c.record)).scalars())
    missing = sorted(set(written) - stored)
    faults += [Fault("records", record_id, say("A record of the history is missing.")) for record_id in missing]
    return count, faults


def _attachments(connection: Connection, folder: Path, key: bytes) -> tuple[int, list[Fault]]:
    faults: list[Fault] = []
    found: dict[str, Any] = load_where(connection, "attachment")
    for attachment in found.values():
        try:
            sealed.unseal(folder, attachment.digest, key)
        except VillageDeskError as error:
            faults.append(Fault("attachments", attachment.id, error.text))
    return len(found), faults
