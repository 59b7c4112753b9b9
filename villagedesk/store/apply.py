"""Taking in revision lines written elsewhere: all of a file or nothing, in the sender's order (DESIGN §5.4, §5.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from villagedesk.errors import Refused, Unreadable
from villagedesk.records.schema import RECORDS, RecordType, conflict, empty, revision, touch
from villagedesk.store import lines
from villagedesk.store.fold import Folded, Written, fold
from villagedesk.store.work import drop_heads, next_number, next_row, write_search
from villagedesk.text import say
from villagedesk.values import Step, no_step

_CHUNK = 500
Allowed = Callable[[str, str], bool]
"""Whether a device may write records of a village."""


class Gap(Refused):
    """The file builds on revisions that have not come here yet; it waits until they have."""

    def __init__(self) -> None:
        super().__init__(
            say("This file continues an earlier one that has not arrived. It is kept until that one comes.")
        )


@dataclass(frozen=True)
class Applied:
    """What taking in a file did: new revisions, those already here, records touched, fields now in conflict."""

    revisions: int
    repeated: int
    records: Mapping[str, tuple[str, ...]]
    conflicts: int
    devices: frozenset[str]  # whose revisions they were


@dataclass
class _Values:
    """Values of one record on their way into its table."""

    kind: str
    values: dict[str, Any]
    n: int  # local number of the last revision


@dataclass
class _Intake:
    """One run of :func:`apply_lines`: what is known so far and what is still to be written."""

    connection: Connection
    allowed: Allowed
    n: int
    tips: dict[str, tuple[int, str]] = field(default_factory=dict)
    fresh: dict[str, _Values] = field(default_factory=dict)  # records that are new here
    edits: dict[str, _Values] = field(default_factory=dict)  # records changed by somebody who had seen all we have
    refold: dict[str, str] = field(default_factory=dict)  # record -> kind: changed by somebody who had not
    heads: dict[str, set[str]] = field(default_factory=dict)
    touched: dict[str, dict[str, None]] = field(default_factory=dict)
    before: dict[tuple[str, int], Mapping[str, Any] | None] = field(default_factory=dict)
    revision_rows: list[dict[str, Any]] = field(default_factory=list)
    touch_rows: list[dict[str, Any]] = field(default_factory=list)
    last_touch: dict[str, dict[str, Any]] = field(default_factory=dict)  # record -> its newest row of touch_rows
    seen: list[str] = field(default_factory=list)  # records whose stored heads are no heads any more
    known: set[bytes] = field(default_factory=set)
    repeated: int = 0
    taken: int = 0


def apply_lines(connection: Connection, source: Iterable[bytes], allowed: Allowed, step: Step = no_step) -> Applied:
    """Take in lines inside the caller's transaction.

    Raises Gap when the file builds on revisions not here, Unreadable when a line is not one or writes what its device
    may not write; the caller's transaction is then rolled back and nothing has changed.
    """
    intake = _Intake(connection, allowed, next_number(connection))
    for count, line in enumerate(source, 1):
        _take(intake, line)
        if len(intake.touch_rows) > 5000:
            _write(intake)
            step(count, 0)
    _write(intake)
    conflicts = sum(_refold(intake, record, kind) for record, kind in intake.refold.items())
    write_search(connection, intake.before)
    touched = {kind: tuple(ids) for kind, ids in intake.touched.items()}
    return Applied(intake.taken, intake.repeated, touched, conflicts, frozenset(intake.tips))


def _take(intake: _Intake, line: bytes) -> None:
    digest = lines.digest(line)
    if digest in intake.known or _has(intake.connection, digest):
        intake.repeated += 1
        return
    parsed = lines.decode(line)
    _follow_chain(intake, parsed, digest.hex())
    _load_heads(intake, [change.record for change in parsed.changes])
    for change in parsed.changes:
        _take_change(intake, parsed, change, digest.hex())
    intake.known.add(digest)
    intake.revision_rows.append(_revision_row(parsed, digest, line, intake.n))
    intake.n += 1
    intake.taken += 1


def _revision_row(parsed: lines.Revision, digest: bytes, line: bytes, n: int) -> dict[str, Any]:
    return {
        "n": n,
        "hash": digest,
        "device": parsed.device,
        "seq": parsed.seq,
        "act": parsed.act,
        "verb": parsed.verb,
        "author": parsed.author,
        "at": parsed.at,
        "hlc": parsed.hlc,
        "reason": parsed.reason,
        "line": lines.pack(line),
    }


def _has(connection: Connection, digest: bytes) -> bool:
    return connection.execute(select(revision.c.n).where(revision.c.hash == digest)).first() is not None


def _follow_chain(intake: _Intake, parsed: lines.Revision, digest: str) -> None:
    """Demand the device's previous revision; a second successor (cloned laptop) is kept like any other."""
    if parsed.seq == 1 and not parsed.prev:
        intake.tips[parsed.device] = (1, digest)
        return
    tip = intake.tips.get(parsed.device)
    if tip == (parsed.seq - 1, parsed.prev):
        intake.tips[parsed.device] = (parsed.seq, digest)
        return
    try:
        previous = bytes.fromhex(parsed.prev)
    except ValueError as error:
        raise Unreadable(say("A change in this file cannot be read. Ask for the file again.")) from error
    if previous not in intake.known and not _has(intake.connection, previous):
        raise Gap
    intake.tips[parsed.device] = (parsed.seq, digest)


def _load_heads(intake: _Intake, records: Sequence[str]) -> None:
    """Read the heads of records not met before, a few hundred at a time."""
    unknown = [record for record in records if record not in intake.heads]
    for start in range(0, len(unknown), _CHUNK):
        chunk = unknown[start : start + _CHUNK]
        intake.heads.update({record: set() for record in chunk})
        joined = select(touch.c.record, revision.c.hash).join_from(touch, revision, touch.c.revision == revision.c.n)
        for record, digest in intake.connection.execute(joined.where(touch.c.record.in_(chunk), touch.c.head)):
            intake.heads[record].add(digest.hex())


def _take_change(intake: _Intake, parsed: lines.Revision, change: lines.RecordChange, digest: str) -> None:
    record = RECORDS.get(change.kind)
    if record is None:
        raise Unreadable(say("This was written by a newer version of the program. Update this one first."))
    heads = intake.heads[change.record]
    if change.parents and not heads:
        raise Gap
    if not intake.allowed(parsed.device, _village(intake, record, change)):
        raise Unreadable(say("This file changes records of a village that its laptop does not belong to."))
    intake.touched.setdefault(change.kind, {})[change.record] = None
    _sort_change(intake, change, {name: new for name, (_, new) in change.fields.items()})
    intake.last_touch[change.record] = {"record": change.record, "revision": intake.n, "head": True}
    intake.touch_rows.append(intake.last_touch[change.record])
    heads.add(digest)


def _sort_change(intake: _Intake, change: lines.RecordChange, values: dict[str, Any]) -> None:
    """Put a change where it belongs: a new record, an edit on top of all we have, or one beside what we have."""
    heads = intake.heads[change.record]
    if not heads:
        intake.fresh[change.record] = _Values(change.kind, values, intake.n)
    elif heads == set(change.parents) and change.record not in intake.refold:
        waiting = intake.fresh.get(change.record) or intake.edits.setdefault(
            change.record, _Values(change.kind, {}, intake.n)
        )
        waiting.values.update(values)
        waiting.n = intake.n
        intake.seen.append(change.record)
        if change.record in intake.last_touch:
            intake.last_touch[change.record]["head"] = False
        heads.clear()
    else:
        intake.refold[change.record] = change.kind


def _village(intake: _Intake, record: RecordType, change: lines.RecordChange) -> str:
    if "village" in change.fields:
        return str(change.fields["village"][1])
    if change.record in intake.fresh:
        return str(intake.fresh[change.record].values["village"])
    column = record.table.c
    found = intake.connection.execute(select(column.village).where(column.id == change.record)).scalar()
    if found is None:
        raise Gap
    return str(found)


def _write(intake: _Intake) -> None:
    """Write what has gathered: revision rows, touches, and the rows of records not seen before."""
    if intake.revision_rows:
        intake.connection.execute(insert(revision), intake.revision_rows)
    drop_heads(intake.connection, intake.seen)
    if intake.touch_rows:
        intake.connection.execute(insert(touch), intake.touch_rows)
    _write_fresh(intake)
    for record_id, edit in intake.edits.items():
        _write_edit(intake, record_id, edit)
    intake.revision_rows, intake.touch_rows, intake.seen = [], [], []
    intake.last_touch, intake.fresh, intake.edits = {}, {}, {}


def _write_fresh(intake: _Intake) -> None:
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for record_id, new in intake.fresh.items():
        by_kind.setdefault(new.kind, []).append(_row(RECORDS[new.kind], record_id, new.values, new.n))
    for kind, rows in by_kind.items():
        first = next_row(intake.connection, RECORDS[kind])
        for offset, row in enumerate(rows):
            row["n"] = first + offset
            intake.before[(kind, row["n"])] = None
        intake.connection.execute(insert(RECORDS[kind].table), rows)


def _write_edit(intake: _Intake, record_id: str, edit: _Values) -> None:
    record = RECORDS[edit.kind]
    current = intake.connection.execute(select(record.table).where(record.table.c.id == record_id)).mappings().one()
    intake.before.setdefault((edit.kind, current["n"]), dict(current))
    values = {**_columns(record, edit.values), "revision": edit.n}
    intake.connection.execute(update(record.table).where(record.table.c.n == current["n"]).values(**values))
    settled = (conflict.c.record == record_id, conflict.c.field.in_(list(edit.values)))
    intake.connection.execute(delete(conflict).where(*settled))


def _row(record: RecordType, record_id: str, values: Mapping[str, Any], n: int) -> dict[str, Any]:
    row = {**empty(record), "removed": False, "village": "", "id": record_id, "revision": n}
    row.update(_columns(record, values))
    return row


def _columns(record: RecordType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a line as columns. Raises Unreadable for a field this version does not know or cannot hold."""
    try:
        return {name: lines.column_value(record, name, value) for name, value in values.items()}
    except (KeyError, ValueError, TypeError) as error:
        raise Unreadable(say("This was written by a newer version of the program. Update this one first.")) from error


def _refold(intake: _Intake, record_id: str, kind: str) -> int:
    """Fold one record again from all its revisions; returns how many of its fields are in conflict."""
    record = RECORDS[kind]
    written = written_of(intake.connection, record_id)
    folded = fold(written, record.protected)
    numbers = {digest.hex(): n for digest, n in intake.connection.execute(_numbers(record_id))}
    latest = max(numbers.values())
    current = intake.connection.execute(select(record.table).where(record.table.c.id == record_id)).mappings().one()
    intake.before.setdefault((kind, current["n"]), dict(current))
    state = {**empty(record), "removed": False, **_columns(record, folded.values), "revision": latest}
    intake.connection.execute(update(record.table).where(record.table.c.n == current["n"]).values(**state))
    drop_heads(intake.connection, [record_id])
    heads = [numbers[head] for head in folded.heads]
    intake.connection.execute(
        update(touch).where(touch.c.record == record_id, touch.c.revision.in_(heads)).values(head=True)
    )
    _keep_conflicts(intake.connection, record, record_id, str(state["village"]), folded)
    return len(folded.conflicts)


def _numbers(record_id: str) -> Any:
    joined = select(revision.c.hash, revision.c.n).join_from(touch, revision, touch.c.revision == revision.c.n)
    return joined.where(touch.c.record == record_id)


def _keep_conflicts(connection: Connection, record: RecordType, record_id: str, village: str, folded: Folded) -> None:
    connection.execute(delete(conflict).where(conflict.c.record == record_id))
    rows = [
        {"record": record_id, "field": name, "kind": record.kind, "village": village, "candidates": hashes}
        for name, hashes in folded.conflicts.items()
    ]
    if rows:
        connection.execute(insert(conflict), rows)


def written_of(connection: Connection, record_id: str) -> Sequence[Written]:
    """Everything written into one record, in order of arrival."""
    joined = select(revision.c.hash, revision.c.line).join_from(touch, revision, touch.c.revision == revision.c.n)
    found = []
    for digest, stored in connection.execute(joined.where(touch.c.record == record_id).order_by(touch.c.revision)):
        parsed = lines.decode(lines.unpack(stored))
        change = next(change for change in parsed.changes if change.record == record_id)
        found.append(Written(digest.hex(), parsed.hlc, change.parents, change.fields))
    return found
