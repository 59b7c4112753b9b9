"""Folding records anew from all their revisions: after a concurrent change, and when a newer program can read more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from villagedesk.records.schema import RECORDS, revision, touch
from villagedesk.store import lines
from villagedesk.store.bulk import chunks
from villagedesk.store.fold import Written, fold
from villagedesk.store.landing import Landing, unknown
from villagedesk.store.settings import read_setting, write_setting
from villagedesk.store.work import write_search

_UNREAD = "unread"  # the setting that names records with fields which only a newer version knows


def refold(landing: Landing, records: Mapping[str, str]) -> int:
    """Fold these records (id → kind) again from all their revisions; returns how many fields are in conflict."""
    conflicts = 0
    for chunk in chunks(list(records)):
        for record_id, written in written_of(landing.connection, chunk).items():
            kind = records[record_id]
            folded = fold([one for _, one in written], RECORDS[kind].protected)
            landing.refold(record_id, kind, folded, {one.hash: n for n, one in written})
            conflicts += len(folded.conflicts)
    return conflicts


def read_again(connection: Connection) -> None:
    """Bring in what an older version of the program had to leave in the lines; to be called when a store opens."""
    waiting: Mapping[str, str] = read_setting(connection, _UNREAD, {})
    if not waiting:
        return
    landing, still = Landing(connection), {}
    for record_id, written in written_of(connection, list(waiting)).items():
        kind = waiting[record_id]
        folded = fold([one for _, one in written], RECORDS[kind].protected)
        landing.refold(record_id, kind, folded, {one.hash: n for n, one in written})
        if any(unknown(kind, one.fields) for _, one in written):
            still[record_id] = kind
    write_search(connection, landing.before)
    write_setting(connection, _UNREAD, still)


@dataclass(frozen=True)
class Unread:
    """A record with facts that this version does not know: which fields, who wrote them when, of which household."""

    kind: str
    record: str
    fields: tuple[str, ...]
    author: str
    at: str
    household_id: str = ""
    household_no: str = ""


def unread(connection: Connection) -> tuple[Unread, ...]:
    """Every record with facts that wait for a newer version of the program."""
    waiting: Mapping[str, str] = read_setting(connection, _UNREAD, {})
    query = select(touch.c.record, revision.c.line).join_from(touch, revision, touch.c.revision == revision.c.n)
    found: dict[str, Unread] = {}
    for record, stored in connection.execute(query.where(touch.c.record.in_(list(waiting))).order_by(revision.c.n)):
        line = lines.decode(lines.unpack(stored))
        for change in line.changes:
            names = unknown(change.kind, change.fields) if change.record == record else ()
            if names:
                home = _home(connection, change.kind, record)
                found[record] = Unread(change.kind, record, names, line.author, line.at, *home)
    return tuple(found.values())


def _home(connection: Connection, kind: str, record: str) -> tuple[str, str]:
    """Id and number of the household that a record belongs to; empty where it belongs to none."""
    table, household = RECORDS[kind].table, RECORDS["household"].table
    if kind == "household" or "household_id" not in table.c:
        where = household.c.id == record
    else:
        where = household.c.id == select(table.c.household_id).where(table.c.id == record).scalar_subquery()
    found = connection.execute(select(household.c.id, household.c.no).where(where)).first()
    return (found[0], found[1]) if found else ("", "")


def keep_unread(connection: Connection, found: Mapping[str, str]) -> None:
    """Remember records (id → kind) with fields that this version cannot read yet."""
    if found:
        write_setting(connection, _UNREAD, {**read_setting(connection, _UNREAD, {}), **found})


def written_of(connection: Connection, records: Sequence[str]) -> dict[str, list[tuple[int, Written]]]:
    """Everything written into each of these records, with the local numbers, in order of arrival."""
    wanted = set(records)
    found: dict[str, list[tuple[int, Written]]] = {record: [] for record in records}
    numbers = select(touch.c.revision).where(touch.c.record.in_(records))
    query = select(revision.c.n, revision.c.hash, revision.c.line).where(revision.c.n.in_(numbers))
    for n, digest, stored in connection.execute(query.order_by(revision.c.n)):
        parsed = lines.decode(lines.unpack(stored))
        for change in parsed.changes:
            if change.record in wanted:
                written = Written(digest.hex(), parsed.hlc, change.parents, change.fields)
                found[change.record].append((n, written))
    return found
