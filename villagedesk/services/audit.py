"""Proving a desk whole: pages, chains, records against their revisions, attachments (DESIGN §5.2, INTERFACE verify)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from villagedesk.errors import VillageDeskError
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, RecordType, conflict, empty, revision, touch
from villagedesk.services.looks import torn
from villagedesk.store import lines, sealed
from villagedesk.store.fold import Written, fold
from villagedesk.store.place import Place
from villagedesk.text import Text, say
from villagedesk.values import Step, no_step

_COLUMNS = ("device", "seq", "act", "verb", "author", "at", "hlc", "reason")
"""What the store repeats of a line for its lists."""

_LOOKS = say("The log of who looked at restricted facts was altered before this time.")
_BEFORE_IS_MISSING = say("A revision before this one is missing.")


@dataclass(frozen=True)
class Fault:
    """Something that is not as it should be, located to the record where possible."""

    part: str  # pages | chain | records | looks | attachments
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
    """Look at everything in an open desk or hub. Reads only.

    Where pages are damaged nothing read from them is worth a judgement, so they are the only finding.
    """
    with place.store.whole().read() as connection:
        faults = list(_pages(connection))
        if faults:
            return Audit(0, 0, 0, tuple(faults))
        written, count, faults = _chains(connection, step)
        records, wrong = _records(connection, written)
        faults += wrong
        faults += [Fault("looks", at, _LOOKS) for at in torn(connection)]
        attachments, wrong = _attachments(connection, place.folder / "attachments", place.key)
    return Audit(count, records, attachments, (*faults, *wrong))


def glance(place: Place, last: int = 500) -> tuple[Fault, ...]:
    """Follow the end of the history, ``last`` revisions long: milliseconds, for every opening. Reads only."""
    with place.store.whole().read() as connection:
        newest = select(revision).order_by(revision.c.n.desc()).limit(last)
        rows = list(reversed(connection.execute(newest).mappings().all()))
        hashes = connection.execute(select(revision.c.hash).where(revision.c.n >= (rows[0]["n"] if rows else 0)))
        known = {hash_.hex() for hash_ in hashes.scalars()}
        for row in rows:
            known |= {hash_.hex() for hash_ in _before(connection, row)}
        return tuple(fault for row in rows for fault in _line(row, known)[1])


def _before(connection: Connection, row: Mapping[Any, Any]) -> Sequence[bytes]:
    """The hash of the revision that stands before this one in its device's chain."""
    same = (revision.c.device == row["device"], revision.c.seq == row["seq"] - 1)
    return connection.execute(select(revision.c.hash).where(*same)).scalars().all()


def _pages(connection: Connection) -> Iterator[Fault]:
    if connection.dialect.name != "sqlite":
        return
    try:
        said = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    except DBAPIError:
        said = []
    if said != ["ok"]:
        yield Fault("pages", "", say("The database file is damaged. Restore the latest backup."))


def _chains(connection: Connection, step: Step) -> tuple[dict[str, list[Written]], int, list[Fault]]:
    """Re-hash every line, follow every device's chain, and gather what was written into each record."""
    faults: list[Fault] = []
    known: set[str] = set()
    written: dict[str, list[Written]] = {}
    count = 0
    for row in connection.execute(select(revision).order_by(revision.c.n)).mappings():
        count += 1
        parsed, wrong = _line(row, known)
        faults += wrong
        if parsed is None:
            continue
        hash_ = lines.digest(lines.unpack(row["line"])).hex()
        known.add(hash_)
        for change in parsed.changes:
            entry = Written(hash_, parsed.hlc, change.parents, change.fields)
            written.setdefault(change.record, []).append(entry)
        step(row["n"], 0)
    return written, count, [*faults, *_torn(connection)]


def _line(row: Mapping[Any, Any], known: set[str]) -> tuple[lines.Revision | None, list[Fault]]:
    """One stored revision against its own hash and the one before it, which ``known`` holds."""
    where = f"{row['device']}/{row['seq']}"
    try:
        line = lines.unpack(row["line"])
        parsed = lines.decode(line)
    except VillageDeskError as error:
        return None, [Fault("chain", where, error.text)]
    faults = []
    if lines.digest(line) != row["hash"] or any(getattr(parsed, name) != row[name] for name in _COLUMNS):
        faults.append(Fault("chain", where, say("This revision was altered after it was written.")))
    if parsed.prev and parsed.prev not in known:
        faults.append(Fault("chain", where, _BEFORE_IS_MISSING))
    return parsed, faults


def _torn(connection: Connection) -> Iterator[Fault]:
    """Records touched by a revision that is not there: the end of a chain was cut off."""
    present = select(revision.c.n)
    query = select(touch.c.record).where(touch.c.revision.not_in(present)).distinct().order_by(touch.c.record)
    for record in connection.execute(query).scalars():
        yield Fault("chain", record, say("A revision that changed this record is missing."))


def _records(connection: Connection, written: dict[str, list[Written]]) -> tuple[int, list[Fault]]:
    """Hold every stored row, and its open conflicts, against the fold of its revisions."""
    faults: list[Fault] = []
    stored: set[str] = set()
    open_fields = _open_fields(connection)
    for kind, record in RECORDS.items():
        for row in connection.execute(select(record.table)).mappings():
            stored.add(row["id"])
            wrong = _differences(record, row, written.get(row["id"], []), open_fields.get(row["id"], set()))
            if wrong:
                text = say("The record differs from its history in: {fields}.", fields=", ".join(wrong))
                faults.append(Fault("records", f"{kind}/{row['id']}", text))
    missing = sorted(set(written) - stored)
    faults += [Fault("records", record_id, say("A record of the history is missing.")) for record_id in missing]
    return len(stored), faults


def _differences(record: RecordType, row: Mapping[Any, Any], history: list[Written], waiting: set[str]) -> list[str]:
    if not history:
        return ["*"]
    folded = fold(history, record.protected)
    said = {**empty(record), "removed": False, "village": "", **folded.values}
    wrong = [name for name, value in said.items() if lines.plain(row[name]) != lines.plain(value)]
    return wrong + sorted(waiting ^ set(folded.conflicts))


def _open_fields(connection: Connection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for record_id, field in connection.execute(select(conflict.c.record, conflict.c.field)):
        found.setdefault(record_id, set()).add(field)
    return found


def _attachments(connection: Connection, folder: Path, key: bytes) -> tuple[int, list[Fault]]:
    faults: list[Fault] = []
    found: dict[str, Any] = load_where(connection, "attachment")
    for attachment in found.values():
        try:
            sealed.unseal(folder, attachment.digest, key)
        except VillageDeskError as error:
            faults.append(Fault("attachments", attachment.id, error.text))
    return len(found), faults
