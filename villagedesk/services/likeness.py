"""Answers on pairs of entries that look like one person: they travel like every record (decision 0074).

“Two different people” holds for the facts that were seen when it was said: another name, birth date or ID number, and
the question comes again. Two sides that answer differently are in conflict; where “two different people” then wins,
what the other side put together is taken apart again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, or_, select

from villagedesk.records.schema import RECORDS, conflict, revision
from villagedesk.store import lines
from villagedesk.store.work import Work

LIKENESS, GROUND = "likeness", "likeness_ground"
APART = "duplicate.apart"
"""The verb that says: two different people."""

_likeness, _ground = RECORDS[LIKENESS].table, RECORDS[GROUND].table
_member = RECORDS["member"].table


@dataclass(frozen=True)
class Pair:
    """Two entries, the lesser id first, and a digest of what they say of themselves."""

    one_id: str
    other_id: str
    facts: str


def facts_of(row: Any) -> str:
    """What tells an entry from another: a digest, for the answer may lie with somebody who has only one of the two."""
    said = "\x1f".join(["villagedesk-likeness-v1", row.name, row.id_number, str(row.birth or "")])
    return hashlib.sha256(said.encode()).hexdigest()


def pairs_of(entries: Iterable[tuple[str, str]]) -> tuple[Pair, ...]:
    """Every two of these entries: member id and what :func:`facts_of` says of it."""
    return tuple(
        Pair(one, other, hashlib.sha256(" ".join(sorted((its_facts, other_facts))).encode()).hexdigest())
        for (one, its_facts), (other, other_facts) in combinations(sorted(entries), 2)
    )


def told_apart(connection: Connection) -> frozenset[Pair]:
    """The pairs that are two different people, with the facts for which this was said."""
    query = (
        select(_likeness.c.one_id, _likeness.c.other_id, _ground.c.facts)
        .join_from(_likeness, _ground, _ground.c.likeness_id == _likeness.c.id)
        .where(_likeness.c.one_person.is_(False), _likeness.c.removed.is_(False), _ground.c.removed.is_(False))
    )
    return frozenset(Pair(*row) for row in connection.execute(query))


def answer(work: Work, area: str, pairs: Iterable[Pair], *, one_person: bool) -> None:
    """Write the answer on these pairs. ``area``: the village of both entries, or the township or county they share."""
    for pair in pairs:
        said = {"one_id": pair.one_id, "other_id": pair.other_id, "one_person": one_person}
        record_id = work.put(LIKENESS, area, said)
        work.decide(LIKENESS, record_id, "one_person", one_person)  # said once more, it stands against what others say
        if not one_person:
            work.put(GROUND, area, {"likeness_id": record_id, "facts": pair.facts})


def take_along(work: Work, village: str, entries: Mapping[str, str]) -> None:
    """People told apart go to another village: ``entries`` says which entry of each follows the old one there."""
    for pair in told_apart(work.connection):
        if {pair.one_id, pair.other_id} <= entries.keys():
            one_id, other_id = sorted((entries[pair.one_id], entries[pair.other_id]))
            answer(work, village, [Pair(one_id, other_id, pair.facts)], one_person=False)


def shared_area(villages: Iterable[str]) -> str:
    """The village of all of these, else the township, county or province that they share, filled up with zeros."""
    found = sorted(set(villages))
    shared = next(size for size in (12, 9, 6, 4, 2, 0) if len({village[:size] for village in found}) == 1)
    return found[0][:shared].ljust(12, "0")


def of_members(connection: Connection, member_ids: Sequence[str]) -> tuple[str, ...]:
    """The answers on these people, for the history of their household."""
    named = or_(_likeness.c.one_id.in_(member_ids), _likeness.c.other_id.in_(member_ids))
    return tuple(connection.execute(select(_likeness.c.id).where(named)).scalars())


def people_of(connection: Connection, record_id: str) -> tuple[Mapping[str, Any], ...]:
    """The two members of an answer, as they stand; one who is not here is left out, who was put away comes last."""
    query = select(_member).join_from(
        _likeness, _member, or_(_member.c.id == _likeness.c.one_id, _member.c.id == _likeness.c.other_id)
    )
    found = connection.execute(query.where(_likeness.c.id == record_id)).mappings()
    return tuple(sorted(map(dict, found), key=lambda row: (row["removed"], row["n"])))


def put_together_by(connection: Connection, record_id: str) -> tuple[lines.RecordChange, ...]:
    """What the sides of a conflict did that said “one person”: whatever else their acts wrote, the last first."""
    sides = select(conflict.c.candidates).where(conflict.c.record == record_id, conflict.c.field == "one_person")
    hashes = [bytes.fromhex(hash_) for found in connection.execute(sides).scalars() for hash_ in found]
    acts = select(revision.c.act).where(revision.c.hash.in_(hashes))
    stored = connection.execute(select(revision.c.line).where(revision.c.act.in_(acts)).order_by(revision.c.n.desc()))
    changes = [change for line in stored.scalars() for change in reversed(lines.decode(lines.unpack(line)).changes)]
    return tuple(change for change in changes if change.kind not in {LIKENESS, GROUND} and change.kind in RECORDS)


def take_apart(work: Work, village: str, changes: Iterable[lines.RecordChange]) -> None:
    """Write back what these changes of a village replaced, wherever nobody has written since."""
    for change in changes:
        record, row = RECORDS[change.kind], work.row(change.kind, change.record)
        if row is None or row["village"] != village:
            continue
        still = {
            name: lines.column_value(record, name, old)
            for name, (old, new) in change.fields.items()
            if lines.plain(row[name]) == lines.plain(lines.column_value(record, name, new))
        }
        if still:
            work.put(change.kind, village, {"removed": row["removed"], **still}, change.record)
