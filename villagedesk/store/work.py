"""One verb's changes as one transaction and one revision (DESIGN §5.1, §5.2).

``Store.work(verb, reason)`` gives a :class:`Work`; what it puts is compared with what is stored, the differences become
the revision line, and rows, line and search keys are committed together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Select, Table, insert, select, update

from villagedesk.errors import Problem, Refused, Stale
from villagedesk.records.schema import RECORDS, RecordType, conflict, empty, natural_id, revision, touch
from villagedesk.store import lines, search
from villagedesk.store.bulk import chunks, insert_rows
from villagedesk.store.fresh import FreshRecords, gathered, insert_touches
from villagedesk.text import say
from villagedesk.values import LARGEST

_BULK = 400
"""Record changes a line holds before a bulk verb begins the next one; keeps a line under a mebibyte."""


@dataclass(frozen=True)
class Change:
    """What a verb did: the act (for undo), the local revision number, and the records touched, by kind."""

    act: str
    revision: int
    records: Mapping[str, tuple[str, ...]]


@dataclass
class Origin:
    """Where the next revision comes from: the device's place in its chain."""

    device: str
    author: str
    at: str
    hlc: int
    seq: int
    prev: str


class Work:
    """Changes under way in one transaction. Made by ``Store.work`` only."""

    def __init__(self, connection: Connection, origin: Origin, verb: str, reason: str, act: str) -> None:
        self.connection = connection
        self.act = act
        self._origin = origin
        self._verb = verb
        self._reason = reason
        self._n = next_number(connection)
        self._pending: dict[str, lines.RecordChange] = {}
        self._change_made: Change | None = None
        self._touched: dict[str, dict[str, None]] = {}
        self._before: dict[tuple[str, int], dict[str, Any] | None] = {}  # searched rows as they were, by kind and n

    @property
    def author(self) -> str:
        """Who does this."""
        return self._origin.author

    def row(self, kind: str, record_id: str) -> dict[str, Any] | None:
        """The stored row of a record, None when there is none; a removed one is still a row."""
        table = RECORDS[kind].table
        found = self.connection.execute(select(table).where(table.c.id == record_id)).mappings().first()
        return dict(found) if found else None

    def rows(self, kind: str, **where: object) -> list[dict[str, Any]]:
        """The rows not removed whose columns equal the given values, in order of creation."""
        table = RECORDS[kind].table
        query = select(table).where(table.c.removed.is_(False), *(table.c[name] == v for name, v in where.items()))
        return [dict(row) for row in self.connection.execute(query.order_by(table.c.n)).mappings()]

    def put(self, kind: str, village: str, values: Mapping[str, Any], record_id: str = "", *, new_id: str = "") -> str:
        """Write the given fields of a record and return its id; only what differs becomes part of the revision.

        With neither ``record_id`` nor a natural key filled in, a new record gets ``new_id``. A removed record comes
        back, unless ``values`` say ``removed`` themselves.
        """
        record = RECORDS[kind]
        record_id = record_id or natural_id(record, village, values) or new_id
        current = self.row(kind, record_id)
        if current is None:
            self._create(record, record_id, village, values)
        else:
            self._edit(record, current, {"removed": False, **values})
        return record_id

    def put_draft(self, kind: str, village: str, draft: Any, *, new_id: str = "", **more: Any) -> str:
        """Write all fields of a draft. Raises Stale when the record was saved elsewhere since the draft was read."""
        record = RECORDS[kind]
        values = {name: getattr(draft, name) for name in record.fields if hasattr(draft, name)}
        record_id = getattr(draft, "id", "")
        if record_id and getattr(draft, "revision", 0):
            self.demand_fresh(kind, record_id, draft.revision)
        return self.put(kind, village, {**values, **more}, record_id, new_id=new_id)

    def demand_fresh(self, kind: str, record_id: str, known: int) -> None:
        """Raise Stale unless the last revision of the record is the one the caller has seen."""
        current = self.row(kind, record_id)
        if current is not None and current["revision"] != known:
            raise Stale

    def remove(self, kind: str, record_id: str) -> None:
        """Set a record's tombstone; its values stay in the history."""
        current = self.row(kind, record_id)
        if current is not None and not current["removed"]:
            self._edit(RECORDS[kind], current, {"removed": True})

    def decide(self, kind: str, record_id: str, field: str, value: Any) -> None:
        """Settle a conflict: write the field even when the stored value is the chosen one already."""
        current = self.row(kind, record_id)
        if current is not None:
            self._edit(RECORDS[kind], current, {field: value}, force=True)

    def insert_many(self, kind: str, village: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add many new records of one kind; each row carries its ``id``. See :meth:`insert_columns`."""
        self.insert_columns(kind, village, gathered(RECORDS[kind], rows))

    def insert_columns(self, kind: str, village: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Add many new records of one kind, by column, ``id`` among them. Long lists become several revision lines.

        Their search keys are owed until somebody searches (:func:`villagedesk.store.search.pay`).
        """
        if not columns or not columns["id"]:
            return
        record = RECORDS[kind]
        first = next_row(self.connection, record)
        if kind in search.SEARCHED:
            search.owe(self.connection, {kind: first})
        if self._pending:
            self._write_line()
        fresh = FreshRecords(record, village, columns)
        changes = list(fresh.changes())
        revisions: list[int] = []
        for start in range(0, len(changes), _BULK):
            batch = changes[start : start + _BULK]
            revisions += [self._n] * len(batch)
            self._write_line(batch)
        fresh.insert(self.connection, first, revisions)
        insert_touches(self.connection, zip(fresh.ids, revisions, repeat(True), strict=False))
        self._touched.setdefault(kind, {}).update(dict.fromkeys(fresh.ids))

    def known(self, kind: str, ids: Sequence[str]) -> set[str]:
        """Those of these ids that have a record already, removed ones too."""
        column = RECORDS[kind].table.c.id
        found: set[str] = set()
        if self.connection.execute(select(column).limit(1)).first() is None:
            return found
        for chunk in chunks(ids):
            found.update(self.connection.execute(select(column).where(column.in_(chunk))).scalars())
        return found

    def finish(self) -> None:
        """Write the last revision line and the search keys. Called by ``Store.work``."""
        if self._pending:
            self._write_line()
        write_search(self.connection, self._before)
        touched = {kind: tuple(ids) for kind, ids in self._touched.items()}
        self._change_made = Change(self.act, self._n - 1, touched)

    @property
    def pending(self) -> tuple[lines.RecordChange, ...]:
        """What the line being written holds so far."""
        return tuple(self._pending.values())

    @property
    def change(self) -> Change:
        """What was done, once the block of ``Store.work`` has ended."""
        if self._change_made is None:
            raise RuntimeError("the work is not finished")
        return self._change_made

    def _create(self, record: RecordType, record_id: str, village: str, values: Mapping[str, Any]) -> None:
        demand_fitting(values)
        blank = empty(record)
        row = {**blank, **values, "id": record_id, "village": village, "removed": False, "revision": self._n}
        row["n"] = next_row(self.connection, record)
        self.connection.execute(insert(record.table), row)
        self._before.setdefault((record.kind, row["n"]), None)
        self._note(record, record_id, (), _new_fields(blank, row, village))

    def _edit(self, record: RecordType, row: dict[str, Any], values: Mapping[str, Any], *, force: bool = False) -> None:
        changed = {name: (row[name], new) for name, new in values.items() if force or row[name] != new}
        if not changed:
            return
        demand_fitting({name: new for name, (_, new) in changed.items()})
        self._before.setdefault((record.kind, row["n"]), row)
        table = record.table
        new_values = {name: new for name, (_, new) in changed.items()}
        self.connection.execute(update(table).where(table.c.n == row["n"]).values(**new_values, revision=self._n))
        self.connection.execute(
            conflict.delete().where(conflict.c.record == row["id"], conflict.c.field.in_(list(changed)))
        )
        pairs = {name: (lines.plain(old), lines.plain(new)) for name, (old, new) in changed.items()}
        self._note(record, row["id"], self._heads(row["id"]), pairs)

    def _heads(self, record_id: str) -> tuple[str, ...]:
        query = (
            select(revision.c.hash)
            .join_from(touch, revision, touch.c.revision == revision.c.n)
            .where(touch.c.record == record_id, touch.c.head)
            .order_by(revision.c.hash)
        )
        return tuple(found.hex() for found in self.connection.execute(query).scalars())

    def _note(
        self, record: RecordType, record_id: str, parents: tuple[str, ...], fields: dict[str, tuple[Any, Any]]
    ) -> None:
        self._touched.setdefault(record.kind, {})[record_id] = None
        earlier = self._pending.get(record_id)
        if earlier is None:
            self._pending[record_id] = lines.RecordChange(record.kind, record_id, parents, fields)
            return
        for name, (old, new) in fields.items():
            first = earlier.fields.get(name, (old, new))[0]
            earlier.fields[name] = (first, new)

    def _write_line(self, fresh: Sequence[bytes] = ()) -> None:
        """Write the next line of the chain: what is pending, or new records whose changes are encoded already."""
        origin = self._origin
        facts: dict[str, Any] = {
            "device": origin.device,
            "seq": origin.seq,
            "at": origin.at,
            "hlc": origin.hlc,
            "author": origin.author,
            "verb": self._verb,
            "reason": self._reason,
            "act": self.act,
        }
        line = lines.encode(lines.Revision(**facts, prev=origin.prev, changes=tuple(self._pending.values())), fresh)
        digest = lines.digest(line)
        self.connection.execute(insert(revision), {**facts, "n": self._n, "hash": digest, "line": lines.pack(line)})
        self._write_touches()
        origin.seq, origin.prev, origin.hlc = origin.seq + 1, digest.hex(), origin.hlc + 1
        self._n += 1
        self._pending = {}

    def _write_touches(self) -> None:
        drop_heads(self.connection, [change.record for change in self._pending.values() if change.parents])
        touches = [{"record": record, "revision": self._n, "head": True} for record in self._pending]
        insert_rows(self.connection, touch, touches)


def _new_fields(blank: Mapping[str, Any], row: Mapping[str, Any], village: str) -> dict[str, tuple[Any, Any]]:
    """The fields of a new record that its draft's defaults do not already say."""
    fields: dict[str, tuple[Any, Any]] = {
        name: (None, lines.plain(row[name])) for name, default in blank.items() if row[name] != default
    }
    fields["village"] = (None, village)
    return fields


def drop_heads(connection: Connection, records: Iterable[str]) -> None:
    """Mark every revision of these records as seen by a later one."""
    waiting = list(records)
    for start in range(0, len(waiting), _BULK):
        chunk = waiting[start : start + _BULK]
        connection.execute(update(touch).where(touch.c.record.in_(chunk), touch.c.head).values(head=False))


def write_search(connection: Connection, before: Mapping[tuple[str, int], Mapping[str, Any] | None]) -> None:
    """Bring the search keys of changed rows up to date; ``before`` holds each row as it was, by kind and ``n``."""
    for kind in search.SEARCHED:
        table = RECORDS[kind].table
        old = {n: row for (of, n), row in before.items() if of == kind}
        numbers = list(old)
        for start in range(0, len(numbers), _BULK):
            found = connection.execute(select(table).where(table.c.n.in_(numbers[start : start + _BULK]))).mappings()
            search.write(connection, kind, [(old[row["n"]], dict(row)) for row in found])


def next_row(connection: Connection, record: RecordType) -> int:
    """The local number of the next new row of a kind; the caller holds the write lock."""
    return (connection.execute(_last(record.table)).scalar() or 0) + 1


def next_rows(connection: Connection, kinds: Iterable[str]) -> dict[str, int]:
    """As :func:`next_row`, of many kinds in one turn of the store."""
    asked = tuple(sorted(kinds))
    found = connection.execute(_last_of_each(asked)).one() if asked else ()
    return {kind: (last or 0) + 1 for kind, last in zip(asked, found, strict=True)}


@lru_cache(maxsize=100)
def _last_of_each(kinds: tuple[str, ...]) -> Select[Any]:
    return select(*(_last(RECORDS[kind].table).scalar_subquery() for kind in kinds))


def next_number(connection: Connection) -> int:
    """The local number of the next revision."""
    return (connection.execute(_last(revision)).scalar() or 0) + 1


@lru_cache(maxsize=100)
def _last(table: Table) -> Select[int]:
    return select(table.c.n).order_by(table.c.n.desc()).limit(1)


def demand_fitting(values: Mapping[str, Any]) -> None:
    """Raise Refused for a number that no record holds: a slipped finger must not end in an error of the database."""
    large = [name for name, value in values.items() if isinstance(value, int) and abs(value) > LARGEST]
    if large:
        raise Refused([Problem(say("This number is too large. Correct it."), name) for name in large])
