"""Who changed what, when and why, from the revisions; and taking an act back (DESIGN §5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.errors import Refused
from villagedesk.records.schema import RECORDS, revision, touch
from villagedesk.services import undoing
from villagedesk.services.consent import households_touched, voluntary
from villagedesk.services.site import Site
from villagedesk.store import lines
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_CHUNK = 500
_NAMING = frozenset({"household_id", "one_id", "other_id"})


@dataclass(frozen=True)
class HistoryLine:
    """One field of one record, changed once."""

    revision: int
    act: str
    at: str  # ISO time, UTC
    author: str
    device: str
    verb: str
    reason: str
    kind: str
    record_id: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Act:
    """One thing a person did, as the undo list shows it."""

    act: str
    at: str
    author: str
    verb: str
    reason: str


class History:
    """The log of a desk."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def recent(self, limit: int = 50) -> tuple[Act, ...]:
        """The last acts done on this laptop, newest first."""
        query = select(revision).where(revision.c.device == self._site.store.device)
        with self._site.store.read() as connection:
            rows = connection.execute(query.order_by(revision.c.n.desc()).limit(limit * 4)).mappings()
            acts = {row["act"]: Act(row["act"], row["at"], row["author"], row["verb"], row["reason"]) for row in rows}
        return tuple(acts.values())[:limit]

    def act_of(self, record_id: str) -> str:
        """The act that wrote a record last: what to undo. Raises Refused when the record is not in the desk."""
        joined = select(revision.c.act).join_from(touch, revision, touch.c.revision == revision.c.n)
        newest = joined.where(touch.c.record == record_id).order_by(revision.c.n.desc()).limit(1)
        with self._site.store.read() as connection:
            act = connection.execute(newest).scalar()
        if act is None:
            raise Refused(say("This step is not in the history of this desk."))
        return str(act)

    def undo(self, act: str) -> Change:
        """Take an act back as one step: a new revision that writes the old values.

        Raises Refused, naming what stands in the way, when what it wrote has been changed since or something rests on
        it (:mod:`villagedesk.services.undoing`); then nothing is changed.
        """
        with self._site.store.work("undo", f"undo {act}") as work:
            parsed = _lines_of(work.connection, act)
            if not parsed:
                raise Refused(say("This step is not in the history of this desk."))
            undoing.demand_last(work, parsed)
            heads = undoing.heads_of(work, parsed)
            with voluntary(work, self._site.profile, households_touched(work, parsed)):
                for line in reversed(parsed):
                    for change in reversed(line.changes):
                        _take_back(work, change)
            undoing.demand_sound(work, parsed, heads)
        return work.change


def _lines_of(connection: Connection, act: str) -> list[lines.Revision]:
    query = select(revision.c.line).where(revision.c.act == act).order_by(revision.c.n)
    return [lines.decode(lines.unpack(stored)) for stored in connection.execute(query).scalars()]


def _take_back(work: Work, change: lines.RecordChange) -> None:
    record = RECORDS[change.kind]
    row = work.row(change.kind, change.record)
    if row is None:
        raise Refused(say("What this step wrote is not in the desk any more."))
    now = {name: lines.plain(row[name]) for name in change.fields}
    if any(now[name] != lines.plain(lines.column_value(record, name, new)) for name, (_, new) in change.fields.items()):
        raise Refused(say("What this step wrote has been changed since. Undo the later change first."))
    if not change.parents:
        work.remove(change.kind, change.record)
        return
    old = {name: lines.column_value(record, name, before) for name, (before, _) in change.fields.items()}
    work.put(change.kind, row["village"], {"removed": row["removed"], **old}, change.record)


def of_records(connection: Connection, ids: Sequence[str]) -> tuple[HistoryLine, ...]:
    """Every change of these records, newest first."""
    found: list[HistoryLine] = []
    wanted = set(ids)
    for start in range(0, len(ids), _CHUNK):
        numbers = select(touch.c.revision).where(touch.c.record.in_(ids[start : start + _CHUNK])).distinct()
        rows = connection.execute(select(revision.c.n, revision.c.line).where(revision.c.n.in_(numbers)))
        for number, stored in rows:
            found += _history_lines(number, lines.decode(lines.unpack(stored)), wanted)
    return tuple(sorted(set(found), key=lambda line: (-line.revision, line.kind, line.record_id, line.field)))


def _history_lines(number: int, line: lines.Revision, wanted: set[str]) -> list[HistoryLine]:
    said = (number, line.act, line.at, line.author, line.device, line.verb, line.reason)
    return [
        HistoryLine(*said, change.kind, change.record, name, _frozen(old), _frozen(new))
        for change in line.changes
        if change.record in wanted
        for name, (old, new) in change.fields.items()
        if name not in _NAMING or old is not None  # whose a new record is says nothing in the history of that household
    ]


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
