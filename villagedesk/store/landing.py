"""Received revisions on their way into the tables: gathered, then written a few thousand at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from villagedesk.errors import Newer
from villagedesk.records.schema import RECORDS, RecordType, conflict, empty, revision, touch
from villagedesk.store import lines, search
from villagedesk.store.arrivals import Arrival, together
from villagedesk.store.bulk import chunks, insert_rows
from villagedesk.store.fold import Folded
from villagedesk.store.fresh import FreshRecords, insert_touches
from villagedesk.store.work import drop_heads, next_number, next_rows

_FULL = 5000
_OWED = 200  # new rows from which on their search keys wait until somebody searches


@dataclass
class Coming:
    """Values of one record on their way into its table; ``n`` is the local number of the last revision."""

    kind: str
    values: dict[str, Any]
    n: int


@dataclass
class Landing:
    """What waits to be written. ``before`` keeps searched rows as they were, for :func:`..work.write_search`."""

    connection: Connection
    fresh: dict[str, Coming] = field(default_factory=dict)  # records that are new here
    edits: dict[str, Coming] = field(default_factory=dict)  # records changed by somebody who had seen all we have
    unread: dict[str, str] = field(default_factory=dict)  # record -> kind, with fields only a newer version knows
    before: dict[tuple[str, int], Mapping[str, Any] | None] = field(default_factory=dict)
    _revisions: list[dict[str, Any]] = field(default_factory=list)
    _arrived: dict[tuple[str, str], list[tuple[Arrival, int]]] = field(default_factory=dict)  # kind, village -> whence
    _heads: list[tuple[str, int]] = field(default_factory=list)  # of records that arrived by the column
    _touches: list[dict[str, Any]] = field(default_factory=list)
    _last_touch: dict[str, dict[str, Any]] = field(default_factory=dict)  # record -> its newest row of _touches
    _next: dict[str, int] = field(default_factory=dict)  # kind -> local number of its next row
    _owed: dict[str, int] = field(default_factory=dict)  # searched kind -> from which row on keys are owed
    _new: dict[str, int] = field(default_factory=dict)  # searched kind -> rows written so far
    _seen: set[str] = field(default_factory=set)  # records whose stored heads are no heads any more

    def __post_init__(self) -> None:
        self.n = next_number(self.connection)  # of the revision being taken

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return len(self._touches) + len(self._heads) > _FULL

    def create(self, record_id: str, kind: str, values: dict[str, Any]) -> None:
        """A record that is not here yet."""
        self.fresh[record_id] = Coming(kind, values, self.n)

    def arrive(self, arrival: Arrival) -> None:
        """Many records that are not here yet, all by the revision being taken."""
        self._arrived.setdefault((arrival.record.kind, arrival.village), []).append((arrival, self.n))
        self._heads += zip(arrival.ids, repeat(self.n))

    def _number(self, record: RecordType, count: int) -> int:
        """The local number of the first of so many new rows."""
        first = self._next[record.kind]
        self._next[record.kind] = first + count
        return first

    def edit(self, record_id: str, kind: str, values: Mapping[str, Any]) -> None:
        """Values on top of all that is here."""
        coming = self.fresh.get(record_id) or self.edits.setdefault(record_id, Coming(kind, {}, self.n))
        coming.values.update(values)
        coming.n = self.n
        self._seen.add(record_id)
        if record_id in self._last_touch:
            self._last_touch[record_id]["head"] = False

    def touch(self, record_id: str) -> None:
        """The revision being taken is a head of this record."""
        self._last_touch[record_id] = {"record": record_id, "revision": self.n, "head": True}
        self._touches.append(self._last_touch[record_id])

    def land(self, parsed: lines.Revision, digest: bytes, kept: bytes) -> None:
        """The revision being taken is whole; ``kept`` is its line as the store keeps it."""
        row = {
            "n": self.n,
            "hash": digest,
            "device": parsed.device,
            "seq": parsed.seq,
            "act": parsed.act,
            "verb": parsed.verb,
            "author": parsed.author,
            "at": parsed.at,
            "hlc": parsed.hlc,
            "reason": parsed.reason,
            "line": kept,
        }
        self._revisions.append(row)
        self.n += 1

    def write(self) -> None:
        """Write what has gathered: revisions, touches, new rows, edited rows."""
        insert_rows(self.connection, revision, self._revisions)
        drop_heads(self.connection, self._seen)
        insert_touches(self.connection, self._touched())
        fresh = _by_kind(self.fresh)
        new_here = {*fresh, *(kind for kind, _ in self._arrived)}.difference(self._next)
        self._next.update(next_rows(self.connection, new_here))
        for (kind, village), arrived in self._arrived.items():
            self._write_arrived(RECORDS[kind], village, arrived)
        for kind, coming in fresh.items():
            self._write_fresh(RECORDS[kind], coming)
        for kind, coming in _by_kind(self.edits).items():
            self._write_edits(RECORDS[kind], coming)
        search.owe(self.connection, self._owed)
        self.fresh, self.edits, self._last_touch, self._seen, self._owed = {}, {}, {}, set(), {}
        self._revisions, self._touches, self._heads, self._arrived = [], [], [], {}

    def _touched(self) -> Iterator[tuple[str, int, bool]]:
        for record_id, n in self._heads:
            yield record_id, n, record_id not in self._seen
        for last in self._touches:
            yield last["record"], last["revision"], last["head"]

    def refold(self, record_id: str, kind: str, folded: Folded, numbers: Mapping[str, int]) -> None:
        """Write what all revisions of a record add up to; ``numbers`` are theirs, by hash."""
        record = RECORDS[kind]
        query = select(record.table).where(record.table.c.id == record_id)
        current = self.connection.execute(query).mappings().one()
        self.before.setdefault((kind, current["n"]), dict(current))
        values = {**empty(record), "removed": False, **columns(record, folded.values)}
        state = {**values, "revision": max(numbers.values())}
        self.connection.execute(update(record.table).where(record.table.c.n == current["n"]).values(**state))
        drop_heads(self.connection, [record_id])
        heads = [numbers[head] for head in folded.heads]
        own = and_(touch.c.record == record_id, touch.c.revision.in_(heads))
        self.connection.execute(update(touch).where(own).values(head=True))
        self._keep_conflicts(record_id, kind, str(state["village"]), folded)

    def _keep_conflicts(self, record_id: str, kind: str, village: str, folded: Folded) -> None:
        self.connection.execute(delete(conflict).where(conflict.c.record == record_id))
        rows = [
            {"record": record_id, "field": name, "kind": kind, "village": village, "candidates": hashes}
            for name, hashes in folded.conflicts.items()
            if name in known_fields(RECORDS[kind])
        ]
        if rows:
            self.connection.execute(insert(conflict), rows)

    def _write_arrived(self, record: RecordType, village: str, arrived: Sequence[tuple[Arrival, int]]) -> None:
        fresh = FreshRecords(record, village, together([arrival for arrival, _ in arrived]))
        revisions = [n for arrival, n in arrived for _ in arrival.ids]
        first = self._number(record, len(revisions))
        fresh.insert(self.connection, first, revisions)
        self._note_new(record, first, len(revisions))

    def _write_fresh(self, record: RecordType, coming: Mapping[str, Coming]) -> None:
        first = self._number(record, len(coming))
        stated = [columns(record, new.values) for new in coming.values()]
        named = {name for values in stated for name in values}
        blank = {name: value for name, value in {**empty(record), "removed": False}.items() if name in named}
        rows = []
        for n, (record_id, new, values) in enumerate(zip(coming, coming.values(), stated, strict=True), first):
            rows.append({**blank, **values, "n": n, "id": record_id, "revision": new.n})
        insert_rows(self.connection, record.table, rows)
        self._note_new(record, first, len(rows))

    def _note_new(self, record: RecordType, first: int, count: int) -> None:
        """Search keys of new rows are written with the file, those of many when somebody searches."""
        if record.kind not in search.SEARCHED:
            return
        earlier = self._new.get(record.kind, 0)
        self._new[record.kind] = earlier + count
        if earlier <= _OWED < earlier + count:
            self._owed[record.kind] = first
        elif earlier <= _OWED:
            self.before.update({(record.kind, n): None for n in range(first, first + count)})

    def _write_edits(self, record: RecordType, coming: Mapping[str, Coming]) -> None:
        self._note_before(record, list(coming))
        by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for record_id, edit in coming.items():
            values = columns(record, edit.values)
            row = {f"{name}_": value for name, value in values.items()}
            by_fields.setdefault(tuple(values), []).append({**row, "revision_": edit.n, "id_": record_id})
        for names, rows in by_fields.items():
            binds: dict[str, Any] = {name: bindparam(f"{name}_") for name in (*names, "revision")}
            change = update(record.table).where(record.table.c.id == bindparam("id_")).values(binds)
            self.connection.execute(change, rows)
        self._settle(coming)

    def _note_before(self, record: RecordType, ids: list[str]) -> None:
        if record.kind not in search.SEARCHED:
            return
        for chunk in chunks(ids):
            found = select(record.table).where(record.table.c.id.in_(chunk))
            for row in self.connection.execute(found).mappings():
                self.before.setdefault((record.kind, row["n"]), dict(row))

    def _settle(self, coming: Mapping[str, Coming]) -> None:
        """Whoever wrote a field after seeing all its candidates has decided it."""
        for chunk in chunks(list(coming)):
            waiting = select(conflict.c.record).where(conflict.c.record.in_(chunk)).distinct()
            decided = [
                and_(conflict.c.record == found, conflict.c.field.in_(list(coming[found].values)))
                for found in self.connection.execute(waiting).scalars()
            ]
            if decided:
                self.connection.execute(delete(conflict).where(or_(*decided)))


def columns(record: RecordType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a line as columns; fields that only a newer version knows stay in the line (:func:`unknown`).

    Raises Unreadable for a value that its column cannot hold.
    """
    readers = known_fields(record)
    try:
        return {name: readers[name](value) for name, value in values.items() if name in readers}
    except (ValueError, TypeError) as error:
        raise Newer from error


def known_fields(record: RecordType) -> Mapping[str, Callable[[Any], Any]]:
    """How each field that this version knows is read."""
    return lines.column_readers(record.table)


def unknown(kind: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of a change that only a newer version knows."""
    known = known_fields(RECORDS[kind]).keys()
    return () if fields.keys() <= known else tuple(sorted(fields.keys() - known))


def _by_kind(coming: Mapping[str, Coming]) -> dict[str, dict[str, Coming]]:
    kinds: dict[str, dict[str, Coming]] = {}
    for record_id, found in coming.items():
        kinds.setdefault(found.kind, {})[record_id] = found
    return kinds
