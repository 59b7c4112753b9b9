"""Fields that two sides changed without knowing of each other: every value, who wrote it, and settling it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from villagedesk.errors import Refused
from villagedesk.records.schema import RECORDS, conflict, revision
from villagedesk.services.likeness import LIKENESS, people_of
from villagedesk.store import lines
from villagedesk.store.fold import REMOVED, fold
from villagedesk.store.refolding import written_of
from villagedesk.store.totals import in_area
from villagedesk.store.work import Work
from villagedesk.text import say

VERB = "conflict.decide"
_LOOKED_BACK = 5000  # changes


@dataclass(frozen=True)
class Candidate:
    """One of the values that stand against each other."""

    hash: str
    value: Any
    author: str
    device: str
    at: str
    reason: str


@dataclass(frozen=True)
class Conflict:
    """A field that two sides changed without knowing of each other. ``member_id``: the person it is about, or ""."""

    village: str
    kind: str
    record_id: str
    household_id: str
    field: str
    candidates: tuple[Candidate, ...]
    member_id: str = ""


@dataclass(frozen=True)
class Decision:
    """A conflict that a person settled: the value that holds, and those that do not; they stay in the history."""

    conflict: Conflict
    chosen: Any
    author: str
    at: str
    reason: str

    @property
    def lost(self) -> tuple[Candidate, ...]:
        """The values that were not chosen, with who had written them."""
        return tuple(one for one in self.conflict.candidates if one.value != self.chosen)


def conflicts_of(connection: Connection, village: str = "") -> tuple[Conflict, ...]:
    """The open conflicts, of one village or all."""
    query = select(conflict).order_by(conflict.c.kind, conflict.c.record, conflict.c.field)
    if village:
        query = query.where(in_area(conflict, village))
    return tuple(_conflict(connection, dict(row)) for row in connection.execute(query).mappings())


def conflict_count(connection: Connection, village: str = "") -> int:
    """How many fields wait for a person."""
    query = select(func.count()).select_from(conflict)
    return int(connection.execute(query.where(in_area(conflict, village)) if village else query).scalar_one())


def decided(connection: Connection, limit: int = 20) -> tuple[Decision, ...]:
    """The latest decisions, newest first, as far as they lie among the last few thousand changes."""
    newest = connection.execute(select(func.max(revision.c.n))).scalar() or 0
    query = select(revision.c.n, revision.c.line).where(revision.c.n > newest - _LOOKED_BACK, revision.c.verb == VERB)
    found: list[Decision] = []
    for number, stored in connection.execute(query.order_by(revision.c.n.desc()).limit(limit)):
        line = lines.decode(lines.unpack(stored))
        found += [_decision(connection, number, line, change) for change in line.changes if change.kind in RECORDS]
    return tuple(one for one in found if one.conflict.candidates)  # what followed from a decision was no conflict


def _decision(connection: Connection, number: int, line: lines.Revision, change: lines.RecordChange) -> Decision:
    field, (_, new) = next(iter(change.fields.items()))
    before = [one for n, one in written_of(connection, [change.record])[change.record] if n < number]
    hashes = fold(before, RECORDS[change.kind].protected).conflicts.get(field, ())
    row = {"kind": change.kind, "record": change.record, "field": field, "candidates": hashes}
    return Decision(_conflict(connection, row), new, line.author, line.at, line.reason)


def decide(work: Work, kind: str, record_id: str, field: str, hash_: str) -> Any:
    """Settle a conflict with the value of one of its candidates, and return it. Raises Refused when it is settled."""
    query = select(conflict).where(conflict.c.record == record_id, conflict.c.field == field, conflict.c.kind == kind)
    found = [_conflict(work.connection, dict(row)) for row in work.connection.execute(query).mappings()]
    chosen = [candidate.value for one in found for candidate in one.candidates if candidate.hash == hash_]
    if not chosen:
        raise Refused(say("This conflict has been settled already."))
    value = lines.column_value(RECORDS[kind], field, chosen[0])
    work.decide(kind, record_id, field, value)
    return value


def _conflict(connection: Connection, row: Mapping[str, Any]) -> Conflict:
    found = [_candidate(connection, hash_, row["record"], row["field"]) for hash_ in row["candidates"]]
    table = RECORDS[row["kind"]].table
    stored = connection.execute(select(table).where(table.c.id == row["record"])).mappings().one()
    household, member = _whose(connection, row["kind"], dict(stored))
    candidates = tuple(sorted(found, key=lambda each: each.at))
    return Conflict(stored["village"], row["kind"], row["record"], household, row["field"], candidates, member)


def _whose(connection: Connection, kind: str, stored: Mapping[str, Any]) -> tuple[str, str]:
    """Household and person that a record is about, "" for none."""
    if kind == LIKENESS:
        people = people_of(connection, stored["id"])
        return (people[0]["household_id"], people[0]["id"]) if people else ("", "")
    if kind == "household":
        return stored["id"], ""
    member = stored["id"] if kind == "member" else stored.get("member_id", "")
    return str(stored.get("household_id", "")), str(member)


def _candidate(connection: Connection, hash_: str, record_id: str, field: str) -> Candidate:
    stored = connection.execute(select(revision.c.line).where(revision.c.hash == bytes.fromhex(hash_))).scalar_one()
    line = lines.decode(lines.unpack(stored))
    change = next(change for change in line.changes if change.record == record_id)
    # who edited a record that another removed says by that: it stays
    value = False if field == REMOVED and field not in change.fields else change.fields[field][1]
    return Candidate(hash_, value, line.author, line.device, line.at, line.reason)
